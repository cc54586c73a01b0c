import QtQuick
import QtQuick.Layouts
import Roadbook.ViewModels

// Title, the way back, and on every page where the user's work is.
Item {
    id: root

    property string title
    property string subtitle
    property bool canGoBack: false
    property SyncViewModel sync: null
    signal back()
    signal syncChosen()

    implicitHeight: Math.max(Theme.header, texts.implicitHeight + Theme.space2)

    RowLayout {
        x: Math.max(0, Math.round((root.width - Theme.contentWidth) / 2)) + (root.canGoBack ? Theme.space1 : Theme.margin)
        width: Math.min(root.width, Theme.contentWidth) - Theme.margin - (root.canGoBack ? Theme.space1 : Theme.margin)
        height: parent.height
        spacing: Theme.space1

        IconButton {
            objectName: "backButton"
            visible: root.canGoBack
            icon.name: "back"
            text: qsTr("Back")
            onClicked: root.back()
        }
        ColumnLayout {
            id: texts
            Layout.fillWidth: true
            spacing: 0
            AppText {
                objectName: "pageTitle"
                Layout.fillWidth: true
                text: root.title
                strong: true
                font.pixelSize: Theme.title
                fontSizeMode: Text.HorizontalFit // large text beside a long pill
                minimumPixelSize: Theme.label
                elide: Text.ElideRight
                Accessible.role: Accessible.Heading
                Accessible.name: root.title
            }
            AppText {
                Layout.fillWidth: true
                visible: root.subtitle !== ""
                text: root.subtitle
                color: Theme.text2
                font.pixelSize: Theme.caption
                elide: Text.ElideRight
            }
        }
        SyncPill {
            visible: root.sync !== null
            status: root.sync ? root.sync.state : SyncViewModel.Synced
            overdue: root.sync ? root.sync.overdue : false
            text: root.sync ? root.sync.pill : ""
            Layout.maximumWidth: Math.min(root.width, Theme.contentWidth) * 0.55
            onClicked: root.syncChosen()
        }
    }
}
