import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T

// One of a few choices, all in sight.
T.AbstractButton {
    id: root

    property bool tick: true // a grid of figures has no room for it

    checkable: false // the owner decides what is chosen
    implicitHeight: Theme.touch
    implicitWidth: Math.max(Theme.touch, row.implicitWidth + 2 * (tick ? Theme.space3 : Theme.space1))
    Accessible.role: Accessible.RadioButton
    Accessible.name: root.text
    Accessible.checkable: true
    Accessible.checked: root.checked
    Accessible.onPressAction: root.clicked()

    background: Item {
        Rectangle {
            anchors.fill: parent
            anchors.topMargin: 4
            anchors.bottomMargin: 4
            radius: height / 2
            color: root.checked ? Theme.primary : root.pressed ? Theme.surface2 : Theme.surface
            border.width: root.visualFocus ? 2 : 1
            border.color: root.visualFocus ? Theme.text : root.checked ? Theme.primary : Theme.outline
        }
    }
    contentItem: Item {
        Row {
            id: row
            anchors.centerIn: parent
            spacing: Theme.space1
            Icon {
                anchors.verticalCenter: parent.verticalCenter
                visible: root.checked && root.tick
                width: 16
                height: 16
                name: "check"
                color: Theme.primaryText
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                text: root.text
                font.pixelSize: Theme.label
                strong: root.checked
                color: root.checked ? Theme.primaryText : Theme.text
            }
        }
    }
}
