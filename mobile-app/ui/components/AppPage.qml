import QtQuick
import QtQuick.Templates as T

// A page: header, content, and at the bottom what the thumb reaches.
T.Page {
    id: root

    property string farewell // said when it is left; empty: nothing

    implicitWidth: 412
    implicitHeight: 915
    background: Rectangle { color: Theme.bg }
}
