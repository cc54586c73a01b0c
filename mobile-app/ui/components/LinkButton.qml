import QtQuick
import QtQuick.Templates as T

// A quiet action inside a text or at the end of a list.
T.AbstractButton {
    id: root

    implicitHeight: Math.max(Theme.touch, label.implicitHeight + Theme.space3)
    implicitWidth: Math.max(Theme.touch, label.implicitWidth + Theme.space1)
    Accessible.role: Accessible.Button
    Accessible.name: root.text
    Accessible.onPressAction: root.clicked()

    contentItem: AppText {
        id: label
        text: root.text
        color: Theme.primary
        strong: true
        font.pixelSize: Theme.label
        font.underline: root.visualFocus
        verticalAlignment: Text.AlignVCenter
        opacity: root.pressed ? 0.6 : 1
    }
}
