pragma ComponentBehavior: Bound
import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// One kind of records that hang on an account: the newest, and on request all.
Column {
    id: root

    required property Section section
    property string title
    property string nothing // what to say when there is none
    property bool opens: false
    signal chosen(string id)

    spacing: Theme.space2

    SectionHeader {
        x: Theme.margin
        width: parent.width - 2 * x
        title: root.title
        count: root.section.total
    }
    Card {
        width: parent.width
        padding: 1
        spacing: 0
        Repeater {
            id: rows
            model: root.section.rows
            delegate: ListRow {
                required property int index
                required property string recordId
                required title
                required detail
                required trailing
                required chip
                required tone
                required unsent
                required conflict

                objectName: root.objectName + "-" + index
                width: parent ? parent.width : 0
                opens: root.opens
                line: index < rows.count - 1 || root.section.folded
                onClicked: root.chosen(recordId)
            }
        }
        LinkButton {
            objectName: root.objectName + "-all"
            x: Theme.margin
            width: parent.width - 2 * x
            visible: root.section.folded
            text: qsTr("Show all %1").arg(root.section.total)
            onClicked: root.section.unfold()
        }
        AppText {
            x: Theme.margin
            width: parent.width - 2 * x
            visible: root.section.total === 0
            topPadding: Theme.space4
            bottomPadding: Theme.space4
            text: root.nothing
            color: Theme.text2
            wrapMode: Text.Wrap
        }
    }
}
