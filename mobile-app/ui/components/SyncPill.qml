import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T
import Roadbook.ViewModels

// Where the user's work is, in two words. Opens the sync centre.
T.AbstractButton {
    id: root

    property int status: SyncViewModel.Synced
    property bool overdue: false // work waits for days: offline is normal, but not for ever
    readonly property int tone: {
        if (overdue) return Tone.Bad
        switch (status) {
        case SyncViewModel.Synced: return Tone.Good
        case SyncViewModel.ToSend: return Tone.Warning
        case SyncViewModel.Syncing: return Tone.Hint
        case SyncViewModel.ToReview: return Tone.Bad
        default: return Tone.Plain
        }
    }
    readonly property string sign: {
        switch (status) {
        case SyncViewModel.Synced: return "check"
        case SyncViewModel.ToSend: return "up"
        case SyncViewModel.Syncing: return "sync"
        case SyncViewModel.ToReview: return "alert"
        default: return "offline"
        }
    }

    objectName: "syncPill"
    implicitHeight: Theme.touch
    implicitWidth: row.implicitWidth + 2 * Theme.space3
    Accessible.role: Accessible.Button
    Accessible.name: qsTr("Sync: %1").arg(root.text)
    Accessible.onPressAction: root.clicked()

    background: Item {
        Rectangle {
            anchors.centerIn: parent
            width: parent.width
            height: Math.max(32, row.implicitHeight + Theme.space2)
            radius: height / 2
            color: Theme.paper(root.tone)
            border.width: root.visualFocus ? 2 : 0
            border.color: Theme.primary
            opacity: root.pressed ? 0.7 : 1
        }
    }
    contentItem: Item {
        Row {
            id: row
            anchors.centerIn: parent
            spacing: 6
            Icon {
                objectName: "syncSign"
                anchors.verticalCenter: parent.verticalCenter
                width: 16
                height: 16
                name: root.sign
                color: Theme.ink(root.tone)
                RotationAnimation on rotation {
                    running: Theme.motion && root.status === SyncViewModel.Syncing && root.visible
                    from: 0
                    to: 360
                    duration: 1600
                    loops: Animation.Infinite
                }
            }
            AppText {
                anchors.verticalCenter: parent.verticalCenter
                text: root.text
                color: Theme.ink(root.tone)
                font.pixelSize: Theme.caption
                strong: true
            }
        }
    }
}
