import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Roadbook.ViewModels

// A record in a list: what it is, what tells it from others, its state, and marks for what is not settled yet.
T.AbstractButton {
    id: root

    property string title
    property string detail
    property string trailing
    property string chip
    property int tone: Tone.Plain
    property bool unsent: false
    property bool conflict: false
    property bool line: true // a line below, unless it is the last
    property bool opens: true // a tap leads somewhere
    property int padding4: Theme.margin

    function joined(parts) { return parts.filter(part => part !== "").join(", ") }

    implicitWidth: 380
    implicitHeight: Math.max(64, layout.implicitHeight + 2 * Theme.space3)
    enabled: opens
    Accessible.role: opens ? Accessible.Button : Accessible.ListItem
    Accessible.name: joined([title, detail, trailing, chip, unsent ? qsTr("not sent yet") : "", conflict ? qsTr("needs a decision") : ""])
    Accessible.onPressAction: if (root.opens) root.clicked()

    background: Rectangle {
        color: root.pressed ? Theme.surface2 : "transparent"
        radius: Theme.radius - 1
        border.width: root.visualFocus ? 2 : 0
        border.color: Theme.primary
        Rectangle {
            visible: root.line
            x: root.padding4
            width: parent.width - 2 * root.padding4
            height: 1
            anchors.bottom: parent.bottom
            color: Theme.outline
            opacity: 0.6
        }
    }
    contentItem: Item {
        RowLayout {
            id: layout
            x: root.padding4
            width: parent.width - 2 * root.padding4
            anchors.verticalCenter: parent.verticalCenter
            spacing: Theme.space3

            ColumnLayout {
                Layout.fillWidth: true
                spacing: 2
                AppText {
                    objectName: "rowTitle"
                    Layout.fillWidth: true
                    text: root.title
                    strong: true
                    elide: Text.ElideRight
                    maximumLineCount: 2
                    wrapMode: Text.Wrap
                }
                AppText {
                    objectName: "rowDetail"
                    Layout.fillWidth: true
                    visible: text !== ""
                    text: root.detail
                    color: Theme.text2
                    font.pixelSize: Theme.label
                    elide: Text.ElideRight
                    maximumLineCount: 2
                    wrapMode: Text.Wrap
                }
            }
            ColumnLayout {
                visible: root.trailing !== "" || root.chip !== ""
                spacing: Theme.space1
                AppText {
                    objectName: "rowTrailing"
                    Layout.alignment: Qt.AlignRight
                    visible: text !== ""
                    text: root.trailing
                    font.pixelSize: Theme.label
                    strong: root.chip !== ""
                    color: root.chip !== "" ? Theme.text : Theme.text2
                    horizontalAlignment: Text.AlignRight
                }
                Chip {
                    Layout.alignment: Qt.AlignRight
                    visible: root.chip !== ""
                    text: root.chip
                    tone: root.tone
                }
            }
            Mark {
                objectName: "conflictMark"
                visible: root.conflict
                tone: Tone.Bad
            }
            Mark {
                objectName: "unsentMark"
                visible: root.unsent
                tone: Tone.Warning
            }
        }
    }
}
