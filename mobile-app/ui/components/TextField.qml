import QtQuick
import QtQuick.Templates as T

// One line of text. `edited` comes with each change by the user.
FieldFrame {
    id: root

    property alias text: input.text
    property alias placeholder: hint.text
    property alias hints: input.inputMethodHints
    property string inputName: "input"
    signal edited(string text)
    signal accepted()

    T.TextField {
        id: input
        objectName: root.inputName
        width: parent.width
        height: Math.max(Theme.touch + 4, contentHeight + 2 * Theme.space3)
        leftPadding: Theme.margin
        rightPadding: Theme.margin
        verticalAlignment: TextInput.AlignVCenter
        font.family: Theme.family
        font.pixelSize: Theme.body
        color: Theme.text
        selectionColor: Theme.primary
        selectedTextColor: Theme.primaryText
        selectByMouse: true
        Accessible.role: Accessible.EditableText
        Accessible.name: root.label !== "" ? root.label : hint.text
        onTextEdited: root.edited(text)
        onAccepted: root.accepted()

        background: Rectangle {
            radius: Theme.radius
            color: Theme.surface
            border.width: input.activeFocus ? 2 : 1
            border.color: root.problem !== "" ? Theme.err : input.activeFocus ? Theme.primary : Theme.outline
        }
        AppText {
            id: hint
            visible: input.length === 0 && input.preeditText === ""
            x: input.leftPadding
            width: input.width - 2 * x
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.text2
            elide: Text.ElideRight
        }
    }
}
