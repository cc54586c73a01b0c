import QtQuick
import Roadbook.Components // its C++ types
import Roadbook.ViewModels

// A state, in a word with its sign. Not to be tapped: see ChoiceChip.
Rectangle {
    id: root

    property string text
    property int tone: Tone.Plain
    property string sign: Theme.sign(tone)

    implicitWidth: row.implicitWidth + 2 * Theme.space2
    implicitHeight: row.implicitHeight + Theme.space1
    radius: height / 2
    color: Theme.paper(tone)

    Row {
        id: row
        anchors.centerIn: parent
        spacing: Theme.space1
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            visible: root.sign !== ""
            width: 12
            height: 12
            name: root.sign
            color: Theme.ink(root.tone)
        }
        AppText {
            text: root.text
            color: Theme.ink(root.tone)
            font.pixelSize: Theme.caption
            strong: true
        }
    }
}
