import QtQuick
import QtTest
import Roadbook.Components
import Roadbook.Tests
import Roadbook.ViewModels

ScreenCase {
    name: "Sync"

    function test_the_pill_shows_its_five_states_in_words_and_signs_data() {
        return [
            {tag: "synced", words: "Synced 2 min ago", sign: "check", tone: Tone.Good},
            {tag: "to_send", words: "3 to send", sign: "up", tone: Tone.Warning},
            {tag: "syncing", words: "Syncing 4 of 13", sign: "sync", tone: Tone.Hint},
            {tag: "offline", words: "Offline · 3 saved", sign: "offline", tone: Tone.Plain},
            {tag: "to_review", words: "2 to review", sign: "alert", tone: Tone.Bad}
        ]
    }
    function test_the_pill_shows_its_five_states_in_words_and_signs(data) {
        samples.showUnsettled(true)
        samples.showSync(data.tag)
        const pill = item("syncPill")
        compare(pill.text, data.words)
        compare(item("syncSign").name, data.sign)
        compare(pill.tone, data.tone)
        compare(Audit.name_of(pill), "Sync: " + data.words)
    }
    function test_the_pill_opens_the_sync_centre() {
        tap("syncPill")
        compare(app.page.objectName, "syncPage")
        compare(app.place, "sync")
    }
    function test_offline_is_normal_and_disables_nothing() {
        samples.showSync("offline")
        compare(item("syncPill").tone, Tone.Plain)
        openAlfreds()
        verify(item("newVisit").enabled)
    }
    function test_sync_now_asks_once() {
        app.go("sync")
        tap("syncNow")
        compare(samples.syncsAsked, 1)
    }
    function test_while_it_syncs_there_is_progress_and_no_second_button_press() {
        samples.showSync("syncing")
        app.go("sync")
        verify(has("syncProgress"))
        verify(!item("syncNow").enabled)
    }
    function test_the_sync_centre_lists_what_waits_and_what_was_refused() {
        samples.showUnsettled(true)
        samples.showSync("to_send")
        app.go("sync")
        compare(item("syncHeadline").text, "3 edits wait to be sent")
        compare(item("unsent-1").title, "Königlich Essen")
        compare(item("unsent-1").detail, "Account · Phone")
        verify(item("refused-0").detail.includes("Credit limit"))
        samples.showUnsettled(false)
        verify(!has("unsent-0"))
    }
    function test_a_failure_is_said_in_words_with_the_detail_folded() {
        samples.showTrouble("tls_failed")
        app.go("sync")
        compare(item("bannerTitle").text, "This server could not prove who it is")
        verify(!Audit.words(app).some(text => text.includes("pinned")))
        tap("bannerDetails")
        verify(Audit.words(app).some(text => text.includes("pinned")))
    }
    function test_a_conflict_is_settled_with_one_tap() {
        samples.showUnsettled(true)
        samples.showSync("to_review")
        app.go("sync")
        tap("reviewRow")
        compare(app.page.objectName, "reviewPage")
        verify(Audit.words(app).includes("12"))
        verify(Audit.words(app).includes("8"))
        tap("keep-0-1")
        verify(has("nothingToReview"))
        verify(item("snackbarText").text.startsWith("Decided."))
    }
    function test_the_account_in_conflict_leads_to_the_decision() {
        samples.showUnsettled(true)
        openAlfreds()
        tap("bannerAction")
        compare(app.page.objectName, "reviewPage")
    }
}
