import QtQuick
import QtTest
import Roadbook.Tests
import Roadbook.ViewModels

ScreenCase {
    name: "Visit"

    function test_one_tap_saves_exactly_the_fields_that_changed() {
        openVisit()
        verify(!item("saveVisit").enabled, "nothing to save yet")
        type("outcomeInput", "Order")
        tap("status-done")
        tap("saveVisit")
        compare(samples.saves, 1)
        compare(samples.lastFields(), "outcome, status")
    }
    function test_after_saving_it_says_where_the_visit_is() {
        openVisit()
        type("outcomeInput", "Order")
        tap("saveVisit")
        compare(item("savedText").text, "Saved on this device")
        verify(!item("saveVisit").enabled)
    }
    function test_two_quick_taps_save_once() {
        openVisit()
        samples.holdSaves = true
        type("outcomeInput", "Order")
        tap("saveVisit")
        mouseClick(item("saveVisit"))
        app.page.visit.save()
        compare(samples.saves, 1)
        samples.answerSaves()
        verify(has("savedLine"))
    }
    function test_what_is_typed_while_it_saves_is_still_to_be_saved() {
        openVisit()
        samples.holdSaves = true
        type("outcomeInput", "Order")
        tap("saveVisit")
        type("nextStepInput", "!")
        samples.answerSaves()
        verify(item("saveVisit").enabled)
        samples.holdSaves = false
        tap("saveVisit")
        compare(samples.lastFields(), "next_step")
    }
    function test_a_colleagues_edit_does_not_touch_what_is_being_typed() {
        openVisit()
        type("outcomeInput", "Mine")
        samples.arrive("visit-demo", "outcome", "Theirs")
        compare(item("outcomeInput").text, "Mine")
        samples.arrive("visit-demo", "next_step", "Call on Friday")
        compare(item("nextStepInput").text, "Call on Friday")
    }
    function test_a_visit_without_a_subject_is_not_saved() {
        openVisit()
        tap("subjectInput")
        item("subjectInput").selectAll()
        keyClick(Qt.Key_Delete)
        tap("saveVisit")
        compare(samples.saves, 0)
        verify(Audit.words(app).includes("A visit needs a subject."))
    }
    function test_a_refusal_keeps_what_was_typed_and_says_what_is_safe() {
        samples.refuseSaves("storage_full")
        openVisit()
        type("outcomeInput", "Order")
        tap("saveVisit")
        compare(item("bannerTitle").text, "This device is full")
        compare(item("outcomeInput").text, "Order")
        samples.refuseSaves("")
        tap("saveVisit")
        verify(has("savedLine"))
    }
    function test_a_new_visit_begins_at_the_next_quarter_and_saves_with_its_customer() {
        openAlfreds()
        tap("newVisit")
        compare(item("plannedAt").text, "Today 09:30")
        type("subjectInput", "Tasting")
        tap("saveVisit")
        compare(samples.saves, 1)
        compare(samples.lastFields(), "account, owner, planned_at, status, subject")
        verify(has("savedLine"))
    }
    function test_leaving_without_saving_keeps_a_draft() {
        openVisit()
        type("outcomeInput", "Half a sen")
        tap("backButton")
        verify(item("snackbarText").text.startsWith("Draft kept."))
        tap("visits-0")
        compare(item("outcomeInput").text, "Half a sen")
        verify(has("restoredBanner"))
        tap("saveVisit")
        verify(!has("restoredBanner"))
        tap("backButton")
        tap("visits-0")
        verify(!has("restoredBanner"), "what is saved is no draft")
    }
    function test_a_time_is_chosen_with_three_taps() {
        openVisit()
        tap("plannedAt")
        const sheet = findChild(app.page, "whenSheet")
        tryVerify(() => sheet.opened)
        const inSheet = name => { const found = findChild(sheet.contentItem, name); verify(found, name); return found }
        mouseClick(inSheet("day-2026-11-25"))
        mouseClick(inSheet("hour-14"))
        mouseClick(inSheet("minute-45"))
        mouseClick(inSheet("whenDone"))
        compare(item("plannedAt").text, "Wed 25 Nov 14:45")
        tap("saveVisit")
        compare(samples.lastFields(), "planned_at")
    }
    function test_a_visit_handed_over_while_open_is_said_to_be_gone() {
        openVisit()
        samples.takeAway("visit-demo")
        verify(has("visitGone"))
        verify(!has("saveVisit"))
    }
}
