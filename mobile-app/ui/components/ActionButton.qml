import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T

// What the primary and the secondary button share.
T.AbstractButton {
    id: root

    property color ink: Theme.primaryText
    property color paper: Theme.primary
    property color line: "transparent"
    readonly property color shownInk: enabled ? ink : Theme.text2 // still readable: it says what is under way

    implicitHeight: Math.max(Theme.touch, row.implicitHeight + 2 * Theme.space3)
    implicitWidth: row.implicitWidth + 2 * Theme.space5
    Accessible.role: Accessible.Button
    Accessible.name: root.text
    Accessible.onPressAction: root.clicked()

    background: Rectangle {
        radius: height / 2
        color: root.enabled ? root.paper : Theme.surface2
        border.width: root.visualFocus ? 3 : 1
        border.color: root.visualFocus ? Theme.text : root.line
        opacity: root.pressed ? 0.8 : 1
    }
    contentItem: Item {
        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.space2
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: name !== ""
                width: 20
                height: 20
                name: root.icon.name
                color: root.shownInk
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                text: root.text
                color: root.shownInk
                strong: true
            }
        }
    }
}
