pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Roadbook.Components
import Roadbook.ViewModels

// One customer, with all that hangs on it.
AppPage {
    id: root

    required property AccountViewModel account
    required property SyncViewModel sync
    signal back()
    signal syncChosen()
    signal reviewChosen()
    signal visitChosen(string id)
    signal newVisitChosen(string accountId)

    function showEnd() { scroll.showEnd() }

    objectName: "accountPage"
    header: Header {
        title: qsTr("Customer")
        canGoBack: true
        sync: root.sync
        onBack: root.back()
        onSyncChosen: root.syncChosen()
    }
    footer: Item {
        visible: root.account.state === AccountViewModel.Ready
        implicitHeight: newVisit.implicitHeight + 2 * Theme.space3
        PrimaryButton {
            id: newVisit
            objectName: "newVisit"
            anchors.centerIn: parent
            width: Math.min(parent.width, Theme.contentWidth) - 2 * Theme.margin
            icon.name: "plus"
            text: qsTr("New visit")
            onClicked: root.newVisitChosen(root.account.accountId)
        }
    }

    ScrollColumn {
        id: scroll
        objectName: "accountScroll"
        anchors.fill: parent
        visible: root.account.state === AccountViewModel.Ready

        Banner {
            objectName: "conflictBanner"
            width: parent.width
            visible: root.account.conflict
            tone: Tone.Bad
            title: qsTr("Something here needs a decision")
            advice: qsTr("Two people wrote different things. Both are kept until one is chosen.")
            action: qsTr("Decide now")
            onActed: root.reviewChosen()
        }
        Card {
            width: parent.width
            RowLayout {
                width: parent.width
                spacing: Theme.space3
                AppText {
                    objectName: "accountName"
                    Layout.fillWidth: true
                    text: root.account.name
                    strong: true
                    font.pixelSize: Theme.title + 2
                    wrapMode: Text.Wrap
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Chip {
                    objectName: "accountUnsent"
                    Layout.alignment: Qt.AlignTop
                    Layout.topMargin: Theme.space1
                    visible: root.account.unsent
                    tone: Tone.Warning
                    text: qsTr("To send")
                }
            }
            Row {
                width: parent.width
                spacing: Theme.space2
                visible: root.account.address !== ""
                Icon {
                    width: 20
                    height: 20
                    name: "pin"
                    color: Theme.text2
                }
                AppText {
                    width: parent.width - 28
                    text: root.account.address
                    color: Theme.text2
                    wrapMode: Text.Wrap
                }
            }
            SecondaryButton {
                objectName: "callAccount"
                width: parent.width
                visible: root.account.phone !== ""
                icon.name: "phone"
                text: root.account.phone
                Accessible.name: qsTr("Call %1").arg(root.account.phone)
                onClicked: Qt.openUrlExternally("tel:" + encodeURIComponent(root.account.phone))
            }
            Grid {
                width: parent.width
                columns: 2
                columnSpacing: Theme.space4
                rowSpacing: Theme.space3
                Repeater {
                    model: root.account.facts
                    Column {
                        id: fact
                        required property string title
                        required property string detail
                        width: (parent.width - Theme.space4) / 2
                        AppText {
                            width: parent.width
                            text: fact.title
                            font.pixelSize: Theme.caption
                            color: Theme.text2
                            elide: Text.ElideRight
                        }
                        AppText {
                            width: parent.width
                            text: fact.detail
                            font.pixelSize: Theme.label
                            wrapMode: Text.Wrap
                        }
                    }
                }
            }
        }
        RecordSection {
            objectName: "visits"
            width: parent.width
            title: qsTr("Visits")
            nothing: qsTr("No visit yet. Plan the first one below.")
            section: root.account.visits
            opens: true
            onChosen: id => root.visitChosen(id)
        }
        RecordSection {
            objectName: "quotes"
            width: parent.width
            title: qsTr("Quotes")
            nothing: qsTr("No quote yet.")
            section: root.account.quotes
        }
        RecordSection {
            objectName: "orders"
            width: parent.width
            title: qsTr("Orders")
            nothing: qsTr("No order yet.")
            section: root.account.orders
        }
        RecordSection {
            objectName: "contacts"
            width: parent.width
            title: qsTr("Contacts")
            nothing: qsTr("Nobody is known there yet.")
            section: root.account.contacts
        }
    }
    EmptyState {
        objectName: "accountGone"
        anchors.centerIn: parent
        visible: root.account.state === AccountViewModel.Gone
        title: qsTr("No longer on this device")
        explanation: qsTr("This customer was handed over or removed. What you saved before has been kept.")
        action: qsTr("Back to the customers")
        onActed: root.back()
    }
    EmptyState {
        objectName: "accountFailed"
        anchors.centerIn: parent
        visible: root.account.state === AccountViewModel.Failed
        sign: "alert"
        title: qsTr("This customer cannot be read")
        explanation: qsTr("What the server has is safe. Close the app and open it again; if it stays, ask your administrator.")
        action: qsTr("Back to the customers")
        onActed: root.back()
    }
}
