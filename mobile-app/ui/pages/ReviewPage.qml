pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Roadbook.Components
import Roadbook.ViewModels

// Fields that people wrote apart. One card a field, one tap settles it; what is not chosen stays in the history.
AppPage {
    id: root

    required property ReviewViewModel review
    required property SyncViewModel sync
    signal back()
    signal syncChosen()
    signal decided()

    Connections {
        target: root.review
        function onSettled() { root.decided() }
    }

    objectName: "reviewPage"
    header: Header {
        title: qsTr("To decide")
        canGoBack: true
        sync: root.sync
        onBack: root.back()
        onSyncChosen: root.syncChosen()
    }

    ScrollColumn {
        objectName: "reviewScroll"
        anchors.fill: parent
        visible: root.review.cards.length > 0

        Banner {
            objectName: "reviewFailed"
            width: parent.width
            visible: root.review.failureTitle !== ""
            tone: Tone.Bad
            title: root.review.failureTitle
            advice: root.review.failureAdvice
        }
        Repeater {
            model: root.review.cards
            Card {
                id: card
                required property ReviewCard modelData
                required property int index
                width: parent ? parent.width : 0
                Column {
                    width: parent.width
                    AppText {
                        width: parent.width
                        text: card.modelData.record
                        font.pixelSize: Theme.label
                        color: Theme.text2
                        wrapMode: Text.Wrap
                    }
                    AppText {
                        width: parent.width
                        text: card.modelData.field
                        strong: true
                        font.pixelSize: Theme.title
                        wrapMode: Text.Wrap
                        Accessible.role: Accessible.Heading
                        Accessible.name: text
                    }
                }
                Repeater {
                    model: card.modelData.values
                    Rectangle {
                        id: value
                        required property int index
                        required property string title
                        required property string detail
                        required property string trailing
                        width: parent ? parent.width : 0
                        height: line.implicitHeight + 2 * Theme.space3
                        radius: Theme.radius
                        color: Theme.bg
                        border.width: 1
                        border.color: Theme.outline
                        RowLayout {
                            id: line
                            x: Theme.space3
                            y: Theme.space3
                            width: parent.width - 2 * x
                            spacing: Theme.space3
                            ColumnLayout {
                                Layout.fillWidth: true
                                spacing: 2
                                AppText {
                                    Layout.fillWidth: true
                                    text: value.title
                                    strong: true
                                    wrapMode: Text.Wrap
                                }
                                AppText {
                                    Layout.fillWidth: true
                                    text: value.trailing === "" ? value.detail : value.detail + " · " + value.trailing
                                    font.pixelSize: Theme.label
                                    color: Theme.text2
                                    wrapMode: Text.Wrap
                                }
                                AppText {
                                    Layout.fillWidth: true
                                    visible: value.index === 0
                                    text: qsTr("Shown until you decide")
                                    font.pixelSize: Theme.caption
                                    color: Theme.info
                                    wrapMode: Text.Wrap
                                }
                            }
                            SecondaryButton {
                                objectName: "keep-" + card.index + "-" + value.index
                                text: qsTr("Keep")
                                Accessible.name: qsTr("Keep %1 by %2").arg(value.title).arg(value.detail)
                                onClicked: root.review.keep(card.modelData, value.index)
                            }
                        }
                    }
                }
            }
        }
    }
    EmptyState {
        objectName: "nothingToReview"
        anchors.centerIn: parent
        visible: root.review.cards.length === 0
        sign: "check"
        title: qsTr("All is decided")
        explanation: qsTr("When people write different things into one field, it is listed here.")
        action: qsTr("Back")
        onActed: root.back()
    }
}
