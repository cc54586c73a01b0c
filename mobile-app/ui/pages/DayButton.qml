import QtQuick
import QtQuick.Templates as T
import Roadbook.Components

// One day of the strip: weekday, number, month.
T.AbstractButton {
    id: root

    property string title
    property string detail
    property string trailing

    implicitWidth: Math.max(56, column.implicitWidth + 2 * Theme.space2)
    Accessible.role: Accessible.RadioButton
    Accessible.name: title + " " + detail + " " + trailing
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: clicked()

    background: Rectangle {
        radius: Theme.radius
        color: root.checked ? Theme.primary : Theme.surface
        border.width: 1
        border.color: root.checked ? Theme.primary : Theme.outline
    }
    contentItem: Item {
        Column {
            id: column
            anchors.centerIn: parent
            AppText {
                anchors.horizontalCenter: parent.horizontalCenter
                text: root.title
                font.pixelSize: Theme.caption
                color: root.checked ? Theme.primaryText : Theme.text2
            }
            AppText {
                anchors.horizontalCenter: parent.horizontalCenter
                text: root.detail
                strong: true
                color: root.checked ? Theme.primaryText : Theme.text
            }
            AppText {
                anchors.horizontalCenter: parent.horizontalCenter
                text: root.trailing
                font.pixelSize: Theme.caption
                color: root.checked ? Theme.primaryText : Theme.text2
            }
        }
    }
}
