import QtQuick
import Roadbook.Components // its C++ types
import Roadbook.ViewModels

// A sign in a small circle: ↑ not sent yet, ! needs a decision. Its row says the same in words.
Rectangle {
    id: root

    property int tone: Tone.Warning

    implicitWidth: 24
    implicitHeight: 24
    radius: 12
    color: Theme.paper(tone)

    Icon {
        anchors.centerIn: parent
        width: 14
        height: 14
        name: Theme.sign(root.tone)
        color: Theme.ink(root.tone)
    }
}
