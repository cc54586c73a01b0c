import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// Every component, once in each of its states.
Rectangle {
    id: root

    property bool second: false
    readonly property list<string> signs: ["alert", "back", "calendar", "check", "clock", "close", "info", "key",
                                           "offline", "people", "person", "phone", "pin", "plus", "road", "search", "settings", "sync", "up"]

    color: Theme.bg

    ScrollColumn {
        anchors.fill: parent
        topMargin4: Theme.space4
        visible: !root.second
        Flow {
            width: parent.width
            spacing: Theme.space2
            SyncPill { status: SyncViewModel.Synced; text: qsTr("Synced %1").arg("09:18") }
            SyncPill { status: SyncViewModel.ToSend; text: "3" }
            SyncPill { status: SyncViewModel.Syncing; text: "4/13" }
            SyncPill { status: SyncViewModel.Offline; text: "3" }
            SyncPill { status: SyncViewModel.ToReview; text: "2" }
            SyncPill { status: SyncViewModel.Offline; overdue: true; text: "12" }
        }
        Flow {
            width: parent.width
            spacing: Theme.space2
            Chip { text: "Plain" }
            Chip { text: "Good"; tone: Tone.Good }
            Chip { text: "Warning"; tone: Tone.Warning }
            Chip { text: "Bad"; tone: Tone.Bad }
            Chip { text: "Hint"; tone: Tone.Hint }
            Mark { tone: Tone.Warning }
            Mark { tone: Tone.Bad }
        }
        PrimaryButton { objectName: "primary"; width: parent.width; text: "Primary"; icon.name: "check" }
        PrimaryButton { objectName: "disabled"; width: parent.width; text: "Disabled"; enabled: false }
        SecondaryButton { objectName: "secondary"; width: parent.width; text: "Secondary"; icon.name: "phone" }
        Flow {
            width: parent.width
            spacing: Theme.space2
            ChoiceChip { objectName: "chosen"; text: "Chosen"; checked: true }
            ChoiceChip { objectName: "other"; text: "Other" }
            LinkButton { objectName: "link"; text: "Link" }
            IconButton { objectName: "iconButton"; text: "Close"; icon.name: "close" }
        }
        SearchField { objectName: "search"; width: parent.width; placeholder: "Search" }
        TextField { objectName: "field"; width: parent.width; label: "Field"; text: "Text" }
        TextField { objectName: "problemField"; width: parent.width; label: "Field"; placeholder: "Empty"; problem: "What is wrong" }
        NoteField { objectName: "note"; width: parent.width; label: "Note"; text: "First line\nSecond line" }
    }
    ScrollColumn {
        anchors.fill: parent
        topMargin4: Theme.space4
        visible: root.second
        Banner { width: parent.width; tone: Tone.Plain; title: "Plain"; advice: "Offline is normal." }
        Banner { width: parent.width; tone: Tone.Bad; title: "Bad"; advice: "What to do."; detail: "technical"; action: "Act" }
        Banner { width: parent.width; tone: Tone.Hint; title: "Hint" }
        SectionHeader { x: Theme.margin; title: "Section"; count: 3 }
        Card {
            width: parent.width
            padding: 1
            spacing: 0
            ListRow { objectName: "row1"; width: parent.width; title: "Title"; detail: "Detail"; trailing: "1,280.00 EUR"; chip: "Sent"; tone: Tone.Hint }
            ListRow { objectName: "row2"; width: parent.width; title: "A title that is far too long for one line of a phone"; unsent: true; conflict: true }
            ListRow { objectName: "row3"; width: parent.width; title: "杭州华泰机电有限公司"; detail: "杭州 · 0571-8765 4321"; line: false }
        }
        EmptyState {
            anchors.horizontalCenter: parent.horizontalCenter
            title: "Nothing here"
            explanation: "What would stand here, and why it does not."
            action: "Do something"
        }
        Flow {
            width: parent.width
            spacing: Theme.space3
            Repeater {
                model: root.signs
                Icon {
                    required property string modelData
                    name: modelData
                    color: Theme.text
                }
            }
        }
    }
}
