pragma ComponentBehavior: Bound
import QtQuick
import Roadbook.Components // its C++ types
import QtQuick.Templates as T

// The places of the app, at the bottom where the thumb is.
Rectangle {
    id: root

    property list<QtObject> places // Place
    property string current
    signal chosen(string place)

    implicitWidth: 412
    implicitHeight: Math.max(Theme.bar, 40 + 2 * Theme.caption)
    color: Theme.surface

    Rectangle {
        width: parent.width
        height: 1
        color: Theme.outline
    }
    Row {
        anchors.horizontalCenter: parent.horizontalCenter
        height: parent.height
        Repeater {
            model: root.places
            T.AbstractButton {
                id: tab
                required property Place modelData
                readonly property bool isCurrent: modelData.place === root.current

                objectName: "nav-" + modelData.place
                width: Math.min(root.width, Theme.contentWidth) / root.places.length
                height: root.height
                text: modelData.text
                Accessible.role: Accessible.PageTab
                Accessible.name: modelData.badge > 0 ? tab.text + ", " + modelData.badge : tab.text
                Accessible.selected: isCurrent
                Accessible.onPressAction: tab.clicked()
                onClicked: root.chosen(modelData.place)

                contentItem: Item {
                    Column {
                        anchors.centerIn: parent
                        spacing: 2
                        Rectangle {
                            anchors.horizontalCenter: parent.horizontalCenter
                            width: 60
                            height: 32
                            radius: 16
                            color: tab.isCurrent ? Theme.primaryBg : tab.pressed ? Theme.surface2 : "transparent"
                            border.width: tab.visualFocus ? 2 : 0
                            border.color: Theme.primary
                            Icon {
                                anchors.centerIn: parent
                                name: tab.modelData.sign
                                color: tab.isCurrent ? Theme.primary : Theme.text2
                            }
                            Rectangle {
                                visible: tab.modelData.badge > 0
                                x: 34
                                width: Math.max(18, badge.implicitWidth + 8)
                                height: 18
                                radius: 9
                                color: Theme.err
                                AppText {
                                    id: badge
                                    anchors.centerIn: parent
                                    text: tab.modelData.badge > 99 ? "99+" : tab.modelData.badge
                                    font.pixelSize: 11
                                    strong: true
                                    color: Theme.dark ? Theme.bg : "#FFFFFF"
                                }
                            }
                        }
                        AppText {
                            anchors.horizontalCenter: parent.horizontalCenter
                            text: tab.text
                            font.pixelSize: Theme.caption
                            strong: tab.isCurrent
                            color: tab.isCurrent ? Theme.primary : Theme.text2
                        }
                    }
                }
            }
        }
    }
}
