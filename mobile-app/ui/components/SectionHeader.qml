import QtQuick
import QtQuick.Layouts

RowLayout {
    id: root

    property string title
    property int count: -1 // negative: not said

    spacing: Theme.space2
    AppText {
        text: root.title
        strong: true
        font.pixelSize: Theme.label
        color: Theme.text2
        Accessible.role: Accessible.Heading
        Accessible.name: root.title
    }
    AppText {
        visible: root.count >= 0
        text: root.count
        font.pixelSize: Theme.label
        color: Theme.text2
    }
    Item { Layout.fillWidth: true }
}
