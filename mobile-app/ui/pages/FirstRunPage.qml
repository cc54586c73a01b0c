pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Roadbook.Components
import Roadbook.ViewModels

// Makes this installation a device of its user, once.
AppPage {
    id: root

    required property EnrolmentViewModel enrolment
    required property Preferences preferences
    readonly property bool busy: enrolment.state === EnrolmentViewModel.Enrolling

    objectName: "firstRunPage"

    ScrollColumn {
        anchors.fill: parent
        topMargin4: Theme.space5
        spacing: Theme.space4

        RowLayout {
            width: parent.width
            spacing: Theme.space3
            Rectangle {
                implicitWidth: 56
                implicitHeight: 56
                radius: 16
                color: Theme.primary
                Icon {
                    anchors.centerIn: parent
                    width: 34
                    height: 34
                    name: "road"
                    color: Theme.primaryText
                }
            }
            AppText {
                Layout.fillWidth: true
                text: "Roadbook"
                strong: true
                font.pixelSize: Theme.display
            }
        }
        Flow {
            width: parent.width
            spacing: Theme.space2
            ChoiceChip {
                objectName: "english"
                text: "English"
                checked: root.preferences.language === Preferences.English
                onClicked: root.preferences.language = Preferences.English
            }
            ChoiceChip {
                objectName: "chinese"
                text: "中文"
                checked: root.preferences.language === Preferences.Chinese
                onClicked: root.preferences.language = Preferences.Chinese
            }
        }
        Column {
            width: parent.width
            spacing: Theme.space1
            AppText {
                width: parent.width
                text: qsTr("Connect this device")
                strong: true
                font.pixelSize: Theme.title
                wrapMode: Text.Wrap
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            AppText {
                width: parent.width
                text: qsTr("Your administrator gives you an address and a code. You need a network once; then you can work anywhere.")
                color: Theme.text2
                wrapMode: Text.Wrap
            }
        }
        Banner {
            objectName: "enrolFailed"
            width: parent.width
            visible: root.enrolment.failureTitle !== ""
            tone: Tone.Bad
            title: root.enrolment.failureTitle
            advice: root.enrolment.failureAdvice
            detail: root.enrolment.failureDetail
        }
        Card {
            width: parent.width
            spacing: Theme.space4
            TextField {
                objectName: "server"
                inputName: "serverInput"
                width: parent.width
                enabled: !root.busy
                label: qsTr("Server address")
                placeholder: "wss://roadbook.example.com"
                hints: Qt.ImhUrlCharactersOnly | Qt.ImhNoAutoUppercase
                text: root.enrolment.server
                problem: root.enrolment.serverProblem
                onEdited: text => root.enrolment.server = text
            }
            TextField {
                objectName: "code"
                inputName: "codeInput"
                width: parent.width
                enabled: !root.busy
                label: qsTr("One-time code")
                hints: Qt.ImhNoPredictiveText | Qt.ImhSensitiveData
                text: root.enrolment.code
                problem: root.enrolment.codeProblem
                onEdited: text => root.enrolment.code = text
            }
            TextField {
                objectName: "fingerprint"
                inputName: "fingerprintInput"
                width: parent.width
                enabled: !root.busy
                label: qsTr("Server fingerprint, if you were given one")
                placeholder: "sha256:…"
                hints: Qt.ImhNoPredictiveText | Qt.ImhNoAutoUppercase
                text: root.enrolment.fingerprint
                problem: root.enrolment.fingerprintProblem
                onEdited: text => root.enrolment.fingerprint = text
                onAccepted: root.enrolment.enrol()
            }
            PrimaryButton {
                objectName: "enrol"
                width: parent.width
                enabled: !root.busy
                icon.name: root.busy ? "sync" : "key"
                text: root.busy ? qsTr("Connecting") : qsTr("Connect")
                onClicked: root.enrolment.enrol()
            }
        }
    }
}
