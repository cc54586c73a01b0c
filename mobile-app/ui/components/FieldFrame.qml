import QtQuick
import Roadbook.Components // its C++ types

// Label above, what is wrong below: what all fields of a form share.
Column {
    id: root

    property string label
    property string problem
    default property alias field: holder.data

    spacing: Theme.space1
    AppText {
        width: parent.width
        visible: text !== ""
        text: root.label
        font.pixelSize: Theme.label
        color: Theme.text2
        wrapMode: Text.Wrap
    }
    Item {
        id: holder
        width: parent.width
        implicitHeight: childrenRect.height
    }
    Row {
        visible: root.problem !== ""
        spacing: Theme.space1
        Icon {
            anchors.verticalCenter: parent.verticalCenter
            width: 14
            height: 14
            name: "alert"
            color: Theme.err
        }
        AppText {
            objectName: "problem"
            width: root.width - 18
            text: root.problem
            font.pixelSize: Theme.label
            color: Theme.err
            wrapMode: Text.Wrap
            Accessible.role: Accessible.AlertMessage
            Accessible.name: root.problem
        }
    }
}
