import QtQuick
import Roadbook.Components
import Roadbook.ViewModels

// Shows one page of the gallery at a time. main calls `clear`, `show`, and `settle` when the layout is done.
Rectangle {
    id: root

    readonly property list<string> pages: ["components", "components-more", ...Object.keys(scenes.all)]

    width: 412
    height: 915
    color: Theme.bg

    function clear() { loader.sourceComponent = undefined }
    function show(page, chinese, dark, percent) {
        Theme.motion = false
        const isBoard = page.startsWith("components")
        loader.sourceComponent = isBoard ? board : scene
        if (isBoard) {
            Theme.dark = dark
            Theme.scale = percent / 100
            loader.item.second = page === "components-more"
            return
        }
        const described = scenes.all[page]
        const shown = loader.item
        const preferences = shown.samples.app.preferences
        preferences.language = chinese ? Preferences.Chinese : Preferences.English
        preferences.look = dark ? Preferences.Dark : Preferences.Light
        preferences.textPercent = percent
        if (described.prepare) described.prepare(shown.samples)
        if (described.open) described.open(shown.root, shown.samples)
    }
    function settle(page) {
        const described = scenes.all[page]
        if (described && described.settle) described.settle((loader.item as Scene).root)
    }

    Scenes { id: scenes }
    Component { id: scene; Scene {} }
    Component { id: board; ComponentsBoard {} }
    Loader {
        id: loader
        anchors.fill: parent
    }
}
