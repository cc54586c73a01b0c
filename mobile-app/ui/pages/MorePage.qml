pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Layouts
import Roadbook.Components
import Roadbook.ViewModels

// Who is signed in, and how the app looks and speaks.
AppPage {
    id: root

    required property AppViewModel app
    readonly property Preferences preferences: app.preferences
    signal syncChosen()

    objectName: "morePage"
    header: Header {
        title: qsTr("More")
        sync: root.app.sync
        onSyncChosen: root.syncChosen()
    }

    ScrollColumn {
        anchors.fill: parent

        Card {
            width: parent.width
            RowLayout {
                width: parent.width
                spacing: Theme.space3
                Rectangle {
                    implicitWidth: 56
                    implicitHeight: 56
                    radius: 28
                    color: Theme.primaryBg
                    Icon {
                        anchors.centerIn: parent
                        width: 28
                        height: 28
                        name: "person"
                        color: Theme.primary
                    }
                }
                ColumnLayout {
                    Layout.fillWidth: true
                    spacing: 2
                    AppText {
                        objectName: "personName"
                        Layout.fillWidth: true
                        text: root.app.personName
                        strong: true
                        wrapMode: Text.Wrap
                    }
                    AppText {
                        Layout.fillWidth: true
                        text: root.app.personRole
                        font.pixelSize: Theme.label
                        color: Theme.text2
                        wrapMode: Text.Wrap
                    }
                    AppText {
                        Layout.fillWidth: true
                        text: root.app.server
                        font.pixelSize: Theme.label
                        color: Theme.text2
                        wrapMode: Text.Wrap
                    }
                }
            }
        }
        Card {
            width: parent.width
            FieldFrame {
                width: parent.width
                label: qsTr("Language")
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
            }
            FieldFrame {
                width: parent.width
                label: qsTr("Appearance")
                Flow {
                    width: parent.width
                    spacing: Theme.space2
                    ChoiceChip {
                        objectName: "light"
                        text: qsTr("Light")
                        checked: root.preferences.look === Preferences.Light
                        onClicked: root.preferences.look = Preferences.Light
                    }
                    ChoiceChip {
                        objectName: "dark"
                        text: qsTr("Dark")
                        checked: root.preferences.look === Preferences.Dark
                        onClicked: root.preferences.look = Preferences.Dark
                    }
                }
            }
            FieldFrame {
                width: parent.width
                label: qsTr("Text size")
                Flow {
                    width: parent.width
                    spacing: Theme.space2
                    Repeater {
                        model: [100, 125, 150]
                        ChoiceChip {
                            required property int modelData
                            objectName: "text-" + modelData
                            text: modelData + " %"
                            checked: root.preferences.textPercent === modelData
                            onClicked: root.preferences.textPercent = modelData
                        }
                    }
                }
            }
        }
        Card {
            width: parent.width
            spacing: Theme.space1
            AppText {
                width: parent.width
                text: qsTr("Roadbook %1").arg(Qt.application.version)
                strong: true
            }
            AppText {
                objectName: "recordCount"
                width: parent.width
                text: qsTr("%n record(s) on this device, usable without a network", "", root.app.records)
                font.pixelSize: Theme.label
                color: Theme.text2
                wrapMode: Text.Wrap
            }
        }
    }
}
