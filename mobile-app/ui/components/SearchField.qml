import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T

// Search as you type. `typed` follows displayText, so that it sees what an input method has not committed yet: Chinese is found
// while its letters are still being typed.
Item {
    id: root

    property alias placeholder: hint.text
    readonly property string typed: input.displayText
    function clear() { input.clear() }
    function type(text) { input.text = text }

    implicitWidth: 380
    implicitHeight: Math.max(52, input.contentHeight + 2 * Theme.space3)

    T.TextField {
        id: input
        objectName: "searchInput"
        anchors.fill: parent
        leftPadding: 48
        rightPadding: clearButton.visible ? 52 : Theme.margin
        verticalAlignment: TextInput.AlignVCenter
        font.family: Theme.family
        font.pixelSize: Theme.body
        color: Theme.text
        selectionColor: Theme.primary
        selectedTextColor: Theme.primaryText
        selectByMouse: true
        inputMethodHints: Qt.ImhNoAutoUppercase
        Accessible.role: Accessible.EditableText
        Accessible.name: hint.text
        Accessible.searchEdit: true

        background: Rectangle {
            radius: Theme.fieldRadius
            color: Theme.surface
            border.width: input.activeFocus ? 2 : 1
            border.color: input.activeFocus ? Theme.primary : Theme.outline
            Icon {
                x: Theme.margin
                anchors.verticalCenter: parent.verticalCenter
                width: 22
                height: 22
                name: "search"
                color: Theme.text2
            }
        }
        AppText {
            id: hint
            visible: input.displayText === ""
            x: input.leftPadding
            width: input.width - input.leftPadding - Theme.margin
            anchors.verticalCenter: parent.verticalCenter
            color: Theme.text2
            elide: Text.ElideRight
        }
    }
    IconButton {
        id: clearButton
        objectName: "clearSearch"
        anchors.right: parent.right
        anchors.rightMargin: 2
        anchors.verticalCenter: parent.verticalCenter
        visible: root.typed !== ""
        icon.name: "close"
        text: qsTr("Clear search")
        onClicked: {
            root.clear()
            input.forceActiveFocus()
        }
    }
}
