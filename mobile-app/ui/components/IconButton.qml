import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T

// A button of one sign; its text is for those who hear the screen.
T.AbstractButton {
    id: root

    implicitWidth: Theme.touch
    implicitHeight: Theme.touch
    Accessible.role: Accessible.Button
    Accessible.name: root.text
    Accessible.onPressAction: root.clicked()

    background: Rectangle {
        radius: height / 2
        color: root.pressed ? Theme.surface2 : "transparent"
        border.width: root.visualFocus ? 2 : 0
        border.color: Theme.primary
    }
    contentItem: Item {
        Icon {
            anchors.centerIn: parent
            name: root.icon.name
            color: Theme.text
        }
    }
}
