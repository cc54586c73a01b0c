import QtQuick

// Says that something was done, and goes by itself.
Rectangle {
    id: root

    readonly property alias shown: timer.running
    function show(message) {
        text.text = message
        timer.restart()
    }

    implicitWidth: 380
    implicitHeight: text.implicitHeight + 2 * Theme.space3
    radius: Theme.radius
    color: Theme.dark ? Theme.text : "#2B323B"
    opacity: timer.running ? 1 : 0
    visible: opacity > 0
    Accessible.role: Accessible.StatusBar
    Accessible.name: text.text
    Accessible.ignored: !visible

    Behavior on opacity { NumberAnimation { duration: Theme.calm } }

    AppText {
        id: text
        objectName: "snackbarText"
        x: Theme.margin
        y: Theme.space3
        width: parent.width - 2 * x
        color: Theme.dark ? Theme.bg : "#FFFFFF"
        wrapMode: Text.Wrap
    }
    Timer {
        id: timer
        interval: 4000 // enough to read two lines
    }
}
