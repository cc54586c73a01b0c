import QtQuick
import QtTest
import Roadbook.Components
import Roadbook.Gallery
import Roadbook.Tests

// A case over the whole app, made anew for each test. Any warning of QML fails it.
TestCase {
    id: root

    property Scene scene: null
    readonly property var app: scene ? scene.root : null
    readonly property Samples samples: scene ? scene.samples : null

    when: windowShown
    width: 412
    height: 915
    visible: true

    Component { id: sceneComponent; Scene { width: 412; height: 915 } }

    function init() {
        failOnWarning(/.?/)
        Theme.motion = false
        scene = createTemporaryObject(sceneComponent, root)
        verify(scene)
        Audit.draw(scene)
    }
    function cleanup() { scene = null }

    // The visible item of this objectName; fails if there is none.
    function item(name) {
        const found = search(name)
        verify(found, "no visible " + name)
        return found
    }
    function has(name) { return search(name) !== null }
    function search(name) {
        Audit.draw(app) // rows of a list come with its layout
        return visibleChild(app, name)
    }
    function visibleChild(parent, name) {
        if (!parent.visible) return null
        if (parent.objectName === name) return parent
        for (let i = 0; i < parent.children.length; ++i) { // for-of over this list is a type error in Qt 6.4
            const found = visibleChild(parent.children[i], name)
            if (found) return found
        }
        return null
    }
    // Scrolls to it first, as a person would.
    function tap(name) {
        const target = item(name)
        reveal(target)
        mouseClick(target)
    }
    function reveal(target) {
        for (let parent = target.parent; parent; parent = parent.parent) {
            if (parent.contentY === undefined || parent.contentItem === undefined || parent.contentHeight === undefined) continue
            Audit.draw(parent)
            const y = target.mapToItem(parent.contentItem, 0, 0).y
            if (y < parent.contentY || y + target.height > parent.contentY + parent.height)
                parent.contentY = Math.max(0, Math.min(y - 20, parent.contentHeight - parent.height))
        }
    }
    function type(name, text) {
        tap(name)
        for (const letter of text) keyClick(letter)
    }
    function openAlfreds() { app.openAccount(samples.id("alfreds")); compare(app.page.objectName, "accountPage") }
    function openVisit() { openAlfreds(); app.openVisit(samples.id("visit-demo")); compare(app.page.objectName, "visitPage") }
}
