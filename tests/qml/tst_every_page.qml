import QtQuick
import QtQuick.Templates as T
import QtTest
import Roadbook.Gallery
import Roadbook.Tests

// Every page of the gallery, in both languages and at both sizes of text.
TestCase {
    id: root

    name: "EveryPage"
    when: windowShown
    width: 412
    height: 915
    visible: true

    Gallery { id: gallery; anchors.fill: parent }
    Component { id: poorButton; T.AbstractButton { width: 47; height: 20 } }

    function init_data() {
        const rows = []
        for (const page of gallery.pages)
            for (const chinese of [false, true])
                for (const percent of [100, 150]) rows.push({tag: page + (chinese ? " zh " : " en ") + percent, page, chinese, percent})
        return rows
    }
    function test_has_a_name_and_a_fingers_size_for_each_control(data) {
        failOnWarning(/.?/)
        gallery.clear()
        wait(0) // what was cleared goes
        gallery.show(data.page, data.chinese, false, data.percent)
        Audit.draw(gallery)
        gallery.settle(data.page)
        compare(Audit.problems(gallery).join("\n"), "")
        if (data.page !== "failed" && data.page !== "opening") verify(Audit.controls(gallery) > 0)

        const poor = createTemporaryObject(poorButton, root)
        compare(Audit.problems(poor).length, 3, "the audit itself sees what is wrong")
    }
}
