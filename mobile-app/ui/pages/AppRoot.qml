pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Roadbook.Components
import Roadbook.ViewModels

// All of the app below its window: which page is shown, and how one leads to another.
Rectangle {
    id: root

    required property AppViewModel app
    property bool motion: true // off in tests and pictures
    property string place: "customers"
    readonly property alias depth: stack.depth
    readonly property Item page: stack.currentItem

    color: Theme.bg
    focus: true
    Keys.onPressed: event => {
        if (event.key === Qt.Key_Back || event.key === Qt.Key_Escape) event.accepted = root.back()
    }

    Retranslation { preferences: root.app.preferences }
    Binding { target: Theme; property: "dark"; value: root.app.preferences.look === Preferences.Dark }
    Binding { target: Theme; property: "motion"; value: root.motion }
    Binding { target: Theme; property: "scale"; value: root.app.preferences.textPercent / 100 }

    function go(chosen) {
        place = chosen
        stack.clear()
        stack.push(chosen === "sync" ? syncPage : chosen === "more" ? morePage : customersPage)
    }
    function openAccount(id) { stack.push(accountPage, {account: app.account(id)}) }
    function openVisit(id) { stack.push(visitPage, {visit: app.visit(id)}) }
    function openNewVisit(accountId) { stack.push(visitPage, {visit: app.newVisit(accountId)}) }
    function openReview() { stack.push(reviewPage, {review: app.review()}) }
    // False: there is nothing to go back to.
    function back() {
        if (stack.depth < 2) return false
        if (page.farewell !== "") snackbar.show(page.farewell)
        stack.pop()
        return true
    }

    FirstRunPage {
        anchors.fill: parent
        visible: root.app.state === AppViewModel.SignedOut
        enrolment: root.app.enrolment
        preferences: root.app.preferences
    }
    Icon {
        objectName: "opening"
        anchors.centerIn: parent
        visible: root.app.state === AppViewModel.Opening
        width: 72
        height: 72
        name: "road"
        color: Theme.primary
    }
    EmptyState {
        objectName: "appFailed"
        anchors.centerIn: parent
        visible: root.app.state === AppViewModel.Failed
        sign: "alert"
        title: root.app.failureTitle
        explanation: root.app.failureAdvice + "\n\n" + root.app.failureDetail
    }
    T.StackView {
        id: stack
        anchors.fill: parent
        anchors.bottomMargin: bar.visible ? bar.height : 0
        visible: root.app.state === AppViewModel.Ready
        initialItem: customersPage

        pushEnter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
        pushExit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }
        popEnter: Transition { NumberAnimation { property: "opacity"; from: 0; to: 1; duration: Theme.quick } }
        popExit: Transition { NumberAnimation { property: "opacity"; from: 1; to: 0; duration: Theme.quick } }
    }
    NavBar {
        id: bar
        objectName: "navBar"
        width: parent.width
        anchors.bottom: parent.bottom
        visible: stack.visible && stack.depth === 1
        current: root.place
        onChosen: place => root.go(place)
        places: [
            Place { place: "customers"; text: qsTr("Customers"); sign: "people" },
            Place { place: "sync"; text: qsTr("Sync"); sign: "sync"; badge: root.app.sync.conflicts },
            Place { place: "more"; text: qsTr("More"); sign: "settings" }
        ]
    }

    Snackbar {
        id: snackbar
        objectName: "snackbar"
        anchors.horizontalCenter: parent.horizontalCenter
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.bar + Theme.space4
        width: Math.min(parent.width, Theme.contentWidth) - 2 * Theme.margin
    }

    Component {
        id: customersPage
        CustomersPage {
            customers: root.app.customers
            sync: root.app.sync
            onCustomerChosen: id => root.openAccount(id)
            onSyncChosen: root.go("sync")
        }
    }
    Component {
        id: syncPage
        SyncPage {
            sync: root.app.sync
            onReviewChosen: root.openReview()
        }
    }
    Component {
        id: morePage
        MorePage {
            app: root.app
            onSyncChosen: root.go("sync")
        }
    }
    Component {
        id: accountPage
        AccountPage {
            sync: root.app.sync
            onBack: root.back()
            onSyncChosen: root.go("sync")
            onReviewChosen: root.openReview()
            onVisitChosen: id => root.openVisit(id)
            onNewVisitChosen: accountId => root.openNewVisit(accountId)
        }
    }
    Component {
        id: visitPage
        VisitPage {
            sync: root.app.sync
            onBack: root.back()
            onSyncChosen: root.go("sync")
        }
    }
    Component {
        id: reviewPage
        ReviewPage {
            sync: root.app.sync
            onDecided: snackbar.show(qsTr("Decided. What was not chosen stays in the history."))
            onBack: root.back()
            onSyncChosen: root.go("sync")
        }
    }
}
