import QtQuick

// Content that is longer than the screen, in one column of readable width.
Flickable {
    id: root

    default property alias content: column.data
    property alias spacing: column.spacing
    property int topMargin4: Theme.space1

    function showEnd() { contentY = Math.max(0, contentHeight - height) }

    clip: true
    contentWidth: width
    contentHeight: column.y + column.height + Theme.space5
    boundsBehavior: Flickable.StopAtBounds

    Column {
        id: column
        x: Math.round((root.width - width) / 2)
        y: root.topMargin4
        width: Math.min(root.width, Theme.contentWidth) - 2 * Theme.margin
        spacing: Theme.space4
    }
}
