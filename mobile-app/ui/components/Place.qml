import QtQuick

// One destination of the NavBar.
QtObject {
    property string place
    property string text
    property string sign
    property int badge: 0
}
