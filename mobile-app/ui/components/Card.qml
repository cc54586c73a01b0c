import QtQuick

// A border instead of a shadow: it looks the same on every renderer.
Rectangle {
    id: root

    default property alias content: column.data
    property int padding: Theme.margin
    property alias spacing: column.spacing

    implicitWidth: 380
    implicitHeight: column.implicitHeight + 2 * padding
    radius: Theme.radius
    color: Theme.surface
    border.width: 1
    border.color: Theme.outline

    Column {
        id: column
        x: root.padding
        y: root.padding
        width: root.width - 2 * root.padding
        spacing: Theme.space3
    }
}
