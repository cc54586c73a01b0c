pragma ComponentBehavior: Bound
import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// The form of a visit. One tap saves it on this device; sending is not the user's work.
AppPage {
    id: root

    required property VisitViewModel visit
    required property SyncViewModel sync
    signal back()
    signal syncChosen()

    function chooseTime() { sheet.open() }

    objectName: "visitPage"
    farewell: visit.dirty ? qsTr("Draft kept. It is here when you come back.") : ""
    header: Header {
        title: root.visit.isNew ? qsTr("New visit") : qsTr("Visit")
        subtitle: root.visit.accountName
        canGoBack: true
        sync: root.sync
        onBack: root.back()
        onSyncChosen: root.syncChosen()
    }
    footer: Rectangle {
        visible: root.visit.state !== VisitViewModel.Gone
        implicitHeight: bottom.implicitHeight + 2 * Theme.space3
        color: Theme.surface
        Rectangle {
            width: parent.width
            height: 1
            color: Theme.outline
        }
        Column {
            id: bottom
            anchors.horizontalCenter: parent.horizontalCenter
            y: Theme.space3
            width: Math.min(parent.width, Theme.contentWidth) - 2 * Theme.margin
            spacing: Theme.space2
            Row {
                objectName: "savedLine"
                visible: root.visit.state === VisitViewModel.Saved
                anchors.horizontalCenter: parent.horizontalCenter
                spacing: Theme.space2
                Mark {
                    anchors.verticalCenter: parent.verticalCenter
                    tone: root.visit.unsent ? Tone.Warning : Tone.Good
                }
                AppText {
                    objectName: "savedText"
                    anchors.verticalCenter: parent.verticalCenter
                    text: root.visit.unsent ? qsTr("Saved on this device") : qsTr("Saved, and on the server")
                    font.pixelSize: Theme.label
                    color: root.visit.unsent ? Theme.warn : Theme.ok
                    strong: true
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
            PrimaryButton {
                objectName: "saveVisit"
                width: parent.width
                enabled: root.visit.dirty && root.visit.state !== VisitViewModel.Saving
                icon.name: "check"
                text: root.visit.state === VisitViewModel.Saving ? qsTr("Saving") : qsTr("Save visit")
                onClicked: root.visit.save()
            }
        }
    }

    ScrollColumn {
        objectName: "visitScroll"
        anchors.fill: parent
        visible: root.visit.state !== VisitViewModel.Gone

        Banner {
            objectName: "restoredBanner"
            width: parent.width
            visible: root.visit.restored && root.visit.dirty
            tone: Tone.Hint
            title: qsTr("Your draft is back")
            advice: qsTr("You left this form without saving. Nothing of it was lost.")
        }
        Banner {
            objectName: "saveFailed"
            width: parent.width
            visible: root.visit.failureTitle !== ""
            tone: Tone.Bad
            title: root.visit.failureTitle
            advice: root.visit.failureAdvice
            detail: root.visit.failureDetail
        }
        TextField {
            objectName: "subject"
            inputName: "subjectInput"
            width: parent.width
            label: root.visit.labels.subject
            text: root.visit.subject
            placeholder: qsTr("What is it about?")
            problem: root.visit.subjectProblem
            onEdited: text => root.visit.subject = text
        }
        FieldFrame {
            width: parent.width
            label: root.visit.labels.planned_at
            SecondaryButton {
                objectName: "plannedAt"
                width: parent.width
                icon.name: "calendar"
                text: root.visit.planned === "" ? qsTr("Choose a time") : root.visit.planned
                Accessible.name: root.visit.labels.planned_at + ": " + text
                onClicked: root.chooseTime()
            }
        }
        FieldFrame {
            width: parent.width
            label: root.visit.labels.status
            Flow {
                width: parent.width
                spacing: Theme.space2
                Repeater {
                    model: root.visit.statuses
                    ChoiceChip {
                        required property string recordId
                        required property string title
                        objectName: "status-" + recordId
                        text: title
                        checked: root.visit.status === recordId
                        onClicked: root.visit.status = recordId
                    }
                }
            }
        }
        TextField {
            objectName: "outcome"
            inputName: "outcomeInput"
            width: parent.width
            label: root.visit.labels.outcome
            text: root.visit.outcome
            onEdited: text => root.visit.outcome = text
        }
        TextField {
            objectName: "nextStep"
            inputName: "nextStepInput"
            width: parent.width
            label: root.visit.labels.next_step
            text: root.visit.nextStep
            onEdited: text => root.visit.nextStep = text
        }
        NoteField {
            objectName: "notes"
            inputName: "notesInput"
            width: parent.width
            label: root.visit.labels.notes
            text: root.visit.notes
            onEdited: text => root.visit.notes = text
        }
    }
    EmptyState {
        objectName: "visitGone"
        anchors.centerIn: parent
        visible: root.visit.state === VisitViewModel.Gone
        sign: "calendar"
        title: qsTr("No longer on this device")
        explanation: qsTr("This visit was handed over or removed. What you saved before has been kept.")
        action: qsTr("Back")
        onActed: root.back()
    }
    WhenSheet {
        id: sheet
        objectName: "whenSheet"
        visit: root.visit
    }
}
