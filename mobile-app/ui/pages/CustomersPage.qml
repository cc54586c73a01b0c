pragma ComponentBehavior: Bound
import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// All customers of this device, found while typing.
AppPage {
    id: root

    required property CustomersViewModel customers
    required property SyncViewModel sync
    signal customerChosen(string id)
    signal syncChosen()

    objectName: "customersPage"
    header: Header {
        title: qsTr("Customers")
        sync: root.sync
        onSyncChosen: root.syncChosen()
    }

    SearchField {
        id: search
        objectName: "customerSearch"
        x: Math.round((parent.width - width) / 2)
        width: Math.min(parent.width, Theme.contentWidth) - 2 * Theme.margin
        placeholder: qsTr("Name, city, phone or code")
        Component.onCompleted: type(root.customers.query)
        onTypedChanged: root.customers.query = typed
    }
    SectionHeader {
        id: heading
        anchors.top: search.bottom
        anchors.topMargin: Theme.space4
        anchors.left: search.left
        anchors.leftMargin: Theme.margin
        anchors.right: search.right
        visible: root.customers.state === CustomersViewModel.Ready
        title: search.typed === "" ? qsTr("All customers") : qsTr("Found")
        count: search.typed === "" ? root.customers.total : list.count
    }
    Rectangle {
        anchors.top: heading.bottom
        anchors.topMargin: Theme.space2
        anchors.left: search.left
        anchors.right: search.right
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space2
        visible: root.customers.state === CustomersViewModel.Ready
        radius: Theme.radius
        color: Theme.surface
        border.width: 1
        border.color: Theme.outline

        ListView {
            id: list
            objectName: "customerList"
            anchors.fill: parent
            anchors.margins: 1
            clip: true
            boundsBehavior: Flickable.StopAtBounds
            reuseItems: true
            cacheBuffer: 0 // rows made ahead make Qt 6.4 warn when a key removes them; ours are quick to make
            model: root.customers.rows
            delegate: ListRow {
                required property int index
                required property string recordId
                required title
                required detail
                required unsent
                required conflict

                objectName: "customer-" + index
                width: ListView.view.width
                line: index < ListView.view.count - 1
                onClicked: root.customerChosen(recordId)
            }
        }
    }
    EmptyState {
        objectName: "noCustomers"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: search.bottom
        anchors.topMargin: 96
        visible: root.customers.state === CustomersViewModel.NothingHere
        title: qsTr("No customers here yet")
        explanation: qsTr("The customers of your territories come with the first sync.")
        action: qsTr("Open sync")
        onActed: root.syncChosen()
    }
    EmptyState {
        objectName: "noMatch"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: search.bottom
        anchors.topMargin: 96
        visible: root.customers.state === CustomersViewModel.NoMatch
        sign: "search"
        title: qsTr("Nothing found")
        explanation: qsTr("No customer on this device matches \"%1\".").arg(search.typed)
        action: qsTr("Clear search")
        onActed: search.clear()
    }
    EmptyState {
        objectName: "customersFailed"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.top: search.bottom
        anchors.topMargin: 96
        visible: root.customers.state === CustomersViewModel.Failed
        sign: "alert"
        title: qsTr("The customers cannot be read")
        explanation: qsTr("What the server has is safe. Close the app and open it again; if it stays, ask your administrator.")
    }
}
