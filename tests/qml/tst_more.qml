import QtQuick
import QtTest
import Roadbook.Components
import Roadbook.Tests
import Roadbook.ViewModels

ScreenCase {
    name: "More"

    function test_the_language_changes_all_visible_words_at_once() {
        app.go("more")
        compare(item("pageTitle").text, "More")
        compare(item("nav-customers").text, "Customers")
        tap("chinese")
        compare(item("pageTitle").text, "更多")
        compare(item("nav-customers").text, "客户")
        compare(item("syncPill").text, "2 分钟前已同步")
        verify(!Audit.words(app).some(word => /^[A-Z][a-z]+ [a-z]/.test(word) && word !== "Nancy Davolio"), Audit.words(app).join("|"))
        tap("english")
        compare(item("pageTitle").text, "More")
    }
    function test_labels_of_the_schema_follow_the_language_in_an_open_form() {
        openVisit()
        compare(item("status-done").text, "Done")
        app.app.preferences.language = Preferences.Chinese
        compare(item("status-done").text, "已完成")
        compare(item("subject").label, "主题")
        compare(item("plannedAt").text, "今天 10:30")
    }
    function test_the_look_changes_and_every_text_keeps_its_contrast() {
        app.go("more")
        tap("dark")
        verify(Theme.dark)
        const pairs = [[Theme.text, Theme.bg], [Theme.text2, Theme.surface2], [Theme.primaryText, Theme.primary], [Theme.ok, Theme.okBg],
                       [Theme.warn, Theme.warnBg], [Theme.err, Theme.errBg], [Theme.info, Theme.infoBg]]
        for (const [ink, paper] of pairs) verify(contrast(ink, paper) >= 5.4, ink + " on " + paper + ": " + contrast(ink, paper))
        tap("light")
        for (const [ink, paper] of [[Theme.text2, Theme.surface2], [Theme.primaryText, Theme.primary], [Theme.warn, Theme.warnBg]])
            verify(contrast(ink, paper) >= 5.4)
    }
    function test_text_grows_on_request() {
        app.go("more")
        const before = item("personName").font.pixelSize
        tap("text-150")
        compare(item("personName").font.pixelSize, before * 1.5)
        tap("text-100")
    }
    function test_only_places_that_exist_are_offered() {
        for (const place of ["customers", "sync", "more"]) {
            tap("nav-" + place)
            compare(app.place, place)
            compare(app.depth, 1)
        }
    }
    function luminance(colour) {
        const part = c => c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4)
        return 0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b)
    }
    function contrast(ink, paper) {
        const [low, high] = [luminance(ink), luminance(paper)].sort((a, b) => a - b)
        return (high + 0.05) / (low + 0.05)
    }
}
