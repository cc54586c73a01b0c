pragma ComponentBehavior: Bound
import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// Day, hour and quarter of a visit, each with one tap.
BottomSheet {
    id: root

    required property VisitViewModel visit
    readonly property int firstHour: 7
    readonly property int lastHour: 20

    title: visit.planned === "" ? qsTr("Choose a time") : visit.planned
    onAboutToShow: days.positionViewAtIndex(visit.plannedRow, ListView.Center)

    ListView {
        id: days
        objectName: "days"
        width: parent.width
        height: 76 * Math.max(1, Theme.scale)
        orientation: ListView.Horizontal
        spacing: Theme.space2
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.visit.days
        delegate: DayButton {
            required property string recordId
            required title
            required detail
            required trailing
            objectName: "day-" + recordId
            height: ListView.view.height
            checked: recordId === root.visit.plannedDay
            onClicked: root.visit.planDay(recordId)
        }
    }
    Grid {
        id: hours
        readonly property real cell: (width - (columns - 1) * spacing) / columns
        width: parent.width
        columns: Theme.scale > 1.2 ? 5 : 7
        spacing: Theme.space1
        Repeater {
            model: root.lastHour - root.firstHour + 1
            ChoiceChip {
                required property int index
                readonly property int hour: root.firstHour + index
                objectName: "hour-" + hour
                width: hours.cell
                tick: false
                text: hour
                checked: hour === root.visit.plannedHour
                Accessible.name: qsTr("%1 o'clock").arg(hour)
                onClicked: root.visit.planHour(hour)
            }
        }
    }
    Grid {
        width: parent.width
        columns: 4
        spacing: Theme.space1
        Repeater {
            model: [0, 15, 30, 45]
            ChoiceChip {
                required property int modelData
                objectName: "minute-" + modelData
                width: (parent.width - 3 * Theme.space1) / 4
                tick: false
                text: ":" + String(modelData).padStart(2, "0")
                checked: modelData === root.visit.plannedMinute
                Accessible.name: qsTr("%1 minutes").arg(modelData)
                onClicked: root.visit.planMinute(modelData)
            }
        }
    }
    PrimaryButton {
        objectName: "whenDone"
        width: parent.width
        text: qsTr("Done")
        onClicked: root.close()
    }
}
