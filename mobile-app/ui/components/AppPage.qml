import QtQuick
import QtQuick.Templates as T

// A page: header, content, and at the bottom what the thumb reaches.
T.Page {
    id: root

    implicitWidth: 412
    implicitHeight: 915
    contentWidth: Math.min(root.width, Theme.contentWidth)
    background: Rectangle { color: Theme.bg }
}
