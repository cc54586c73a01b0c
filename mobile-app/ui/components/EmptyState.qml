import QtQuick
import Roadbook.Components // its C++ types

// What would stand here, why nothing does, and one thing to do about it.
Column {
    id: root

    property string sign: "people"
    property string title
    property string explanation
    property string action
    signal acted()

    spacing: Theme.space3
    width: 320

    Rectangle {
        anchors.horizontalCenter: parent.horizontalCenter
        width: 72
        height: 72
        radius: 36
        color: Theme.surface2
        Icon {
            anchors.centerIn: parent
            width: 32
            height: 32
            name: root.sign
            color: Theme.text2
        }
    }
    AppText {
        objectName: "emptyTitle"
        width: parent.width
        text: root.title
        strong: true
        font.pixelSize: Theme.title
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
    }
    AppText {
        width: parent.width
        visible: text !== ""
        text: root.explanation
        color: Theme.text2
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
    }
    SecondaryButton {
        objectName: "emptyAction"
        anchors.horizontalCenter: parent.horizontalCenter
        visible: root.action !== ""
        text: root.action
        onClicked: root.acted()
    }
}
