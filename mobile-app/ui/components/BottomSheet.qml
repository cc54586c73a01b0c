import QtQuick
import QtQuick.Templates as T

// Comes from below, where the thumb is; a tap beside it closes it.
T.Popup {
    id: root

    property string title
    default property alias content: column.data

    parent: T.Overlay.overlay
    x: parent ? Math.round((parent.width - width) / 2) : 0
    y: parent ? parent.height - height : 0
    width: parent ? Math.min(parent.width, Theme.contentWidth) : 412
    implicitHeight: column.implicitHeight + topPadding + bottomPadding
    leftPadding: Theme.margin
    rightPadding: Theme.margin
    topPadding: Theme.space5
    bottomPadding: Theme.space5
    modal: true
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    T.Overlay.modal: Rectangle { color: Theme.scrim }
    enter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
    exit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }

    background: Rectangle {
        radius: 20
        color: Theme.surface
        Rectangle { // only the upper corners are round
            width: parent.width
            height: 20
            anchors.bottom: parent.bottom
            color: parent.color
        }
    }
    contentItem: Column {
        id: column
        spacing: Theme.space4
        AppText {
            width: parent.width
            text: root.title
            strong: true
            font.pixelSize: Theme.title
            wrapMode: Text.Wrap
            Accessible.role: Accessible.Heading
            Accessible.name: root.title
        }
    }
}
