import QtQuick
import QtQuick.Templates as T

// Text of several lines. It grows with what is written; the page scrolls, not the field.
FieldFrame {
    id: root

    property alias text: input.text
    property alias placeholder: hint.text
    property string inputName: "input"
    signal edited(string text)

    T.TextArea {
        id: input
        objectName: root.inputName
        width: parent.width
        height: Math.max(3 * Theme.touch, contentHeight + 2 * Theme.space3)
        padding: Theme.margin
        topPadding: Theme.space3
        bottomPadding: Theme.space3
        wrapMode: TextEdit.Wrap
        textFormat: TextEdit.PlainText
        font.family: Theme.family
        font.pixelSize: Theme.body
        color: Theme.text
        selectionColor: Theme.primary
        selectedTextColor: Theme.primaryText
        selectByMouse: true
        Accessible.role: Accessible.EditableText
        Accessible.multiLine: true
        Accessible.name: root.label !== "" ? root.label : hint.text
        onTextChanged: if (activeFocus) root.edited(text)

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
            y: input.topPadding
            width: input.width - 2 * x
            color: Theme.text2
            wrapMode: Text.Wrap
        }
    }
}
