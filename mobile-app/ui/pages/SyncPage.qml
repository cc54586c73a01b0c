pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Roadbook.Components
import Roadbook.ViewModels

// The sync centre: what is sent, what waits, what needs a decision, what was refused.
AppPage {
    id: root

    required property SyncViewModel sync
    signal reviewChosen()

    readonly property int tone: sync.state === SyncViewModel.Synced ? Tone.Good
                              : sync.state === SyncViewModel.ToSend ? Tone.Warning
                              : sync.state === SyncViewModel.Syncing ? Tone.Hint
                              : sync.state === SyncViewModel.ToReview ? Tone.Bad : Tone.Plain

    objectName: "syncPage"
    header: Header { title: qsTr("Sync") }

    ScrollColumn {
        objectName: "syncScroll"
        anchors.fill: parent

        Card {
            width: parent.width
            RowLayout {
                width: parent.width
                spacing: Theme.space3
                Rectangle {
                    implicitWidth: 56
                    implicitHeight: 56
                    radius: 28
                    color: Theme.paper(root.tone)
                    Icon {
                        objectName: "syncPageSign"
                        anchors.centerIn: parent
                        width: 28
                        height: 28
                        name: ["check", "up", "sync", "offline", "alert"][root.sync.state]
                        color: Theme.ink(root.tone)
                    }
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2
                    AppText {
                        objectName: "syncHeadline"
                        Layout.fillWidth: true
                        text: root.sync.headline
                        strong: true
                        wrapMode: Text.Wrap
                        Accessible.role: Accessible.Heading
                        Accessible.name: text
                    }
                    AppText {
                        objectName: "lastSuccess"
                        Layout.fillWidth: true
                        text: root.sync.lastSuccess
                        font.pixelSize: Theme.label
                        color: Theme.text2
                        wrapMode: Text.Wrap
                    }
                }
            }
            Rectangle {
                objectName: "syncProgress"
                width: parent.width
                height: 6
                radius: 3
                visible: root.sync.progress >= 0
                color: Theme.surface2
                Accessible.role: Accessible.ProgressBar
                Accessible.name: root.sync.pill
                Rectangle {
                    width: parent.width * Math.max(0, root.sync.progress)
                    height: parent.height
                    radius: 3
                    color: Theme.primary
                }
            }
            AppText {
                width: parent.width
                text: root.sync.assurance
                color: Theme.text2
                wrapMode: Text.Wrap
            }
            PrimaryButton {
                objectName: "syncNow"
                width: parent.width
                enabled: root.sync.state !== SyncViewModel.Syncing
                icon.name: "sync"
                text: qsTr("Sync now")
                onClicked: root.sync.syncNow()
            }
        }
        Banner {
            objectName: "overdueBanner"
            width: parent.width
            visible: root.sync.overdue
            tone: Tone.Bad
            title: qsTr("Edits have waited for more than three days")
            advice: qsTr("They are safe as long as this device is. Find a network soon.")
        }
        Banner {
            objectName: "troubleBanner"
            width: parent.width
            visible: root.sync.troubleTitle !== ""
            tone: Tone.Warning
            title: root.sync.troubleTitle
            advice: root.sync.troubleAdvice
            detail: root.sync.troubleDetail
        }
        Card {
            width: parent.width
            padding: 1
            visible: root.sync.conflicts > 0
            ListRow {
                objectName: "reviewRow"
                width: parent.width
                title: qsTr("%n field(s) need a decision", "", root.sync.conflicts)
                detail: qsTr("Several people wrote different things. Choose which holds.")
                conflict: true
                line: false
                onClicked: root.reviewChosen()
            }
        }
        SectionHeader {
            x: Theme.margin
            visible: root.sync.unsentTotal > 0
            title: qsTr("Waiting to be sent")
            count: root.sync.unsentTotal
        }
        Card {
            width: parent.width
            padding: 1
            spacing: 0
            visible: root.sync.unsentTotal > 0
            Repeater {
                id: unsentRows
                model: root.sync.unsent
                delegate: ListRow {
                    required property int index
                    required title
                    required detail
                    required trailing
                    required unsent
                    objectName: "unsent-" + index
                    width: parent ? parent.width : 0
                    opens: false
                    line: index < unsentRows.count - 1
                }
            }
        }
        SectionHeader {
            x: Theme.margin
            visible: refusedRows.count > 0
            title: qsTr("Refused by the server, kept here and there")
            count: refusedRows.count
        }
        Card {
            width: parent.width
            padding: 1
            spacing: 0
            visible: refusedRows.count > 0
            Repeater {
                id: refusedRows
                model: root.sync.refused
                delegate: ListRow {
                    required property int index
                    required title
                    required detail
                    required trailing
                    required conflict
                    objectName: "refused-" + index
                    width: parent ? parent.width : 0
                    opens: false
                    line: index < refusedRows.count - 1
                }
            }
        }
    }
}
