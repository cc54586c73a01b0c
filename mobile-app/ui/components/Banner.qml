import QtQuick
import Roadbook.Components // its C++ types
import Roadbook.ViewModels

// A message that stays until its cause is gone: what happened, what to do, and the technical detail for who asks.
Rectangle {
    id: root

    property int tone: Tone.Hint
    property string title
    property string advice
    property string detail
    property string action
    signal acted()

    property bool unfolded: false

    implicitWidth: 380
    implicitHeight: column.implicitHeight + 2 * Theme.space3
    radius: Theme.radius
    color: Theme.paper(tone)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: advice === "" ? title : title + " " + advice

    Icon {
        id: sign
        x: Theme.space3
        y: Theme.space3 + 2
        width: 20
        height: 20
        name: root.tone === Tone.Plain ? "offline" : root.tone === Tone.Hint ? "info" : "alert"
        color: Theme.ink(root.tone)
    }
    Column {
        id: column
        x: sign.x + sign.width + Theme.space3
        y: Theme.space3
        width: root.width - x - Theme.space3
        spacing: Theme.space1
        AppText {
            objectName: "bannerTitle"
            width: parent.width
            text: root.title
            strong: true
            color: Theme.ink(root.tone)
            wrapMode: Text.Wrap
        }
        AppText {
            width: parent.width
            visible: text !== ""
            text: root.advice
            font.pixelSize: Theme.label
            color: Theme.text
            wrapMode: Text.Wrap
        }
        AppText {
            width: parent.width
            visible: root.unfolded
            text: root.detail
            font.pixelSize: Theme.caption
            color: Theme.text2
            wrapMode: Text.Wrap
        }
        Flow {
            width: parent.width
            spacing: Theme.space5
            LinkButton {
                objectName: "bannerAction"
                visible: root.action !== ""
                text: root.action
                onClicked: root.acted()
            }
            LinkButton {
                objectName: "bannerDetails"
                visible: root.detail !== "" && !root.unfolded
                text: qsTr("Show details")
                onClicked: root.unfolded = true
            }
        }
    }
}
