import QtQuick
import QtTest
import Roadbook.Tests

ScreenCase {
    name: "FirstRun"

    function fill() {
        samples.showApp("signed_out")
        type("serverInput", "wss://roadbook.example.com")
        type("codeInput", "K7PQ")
    }
    function test_a_new_device_asks_to_be_connected_and_shows_nothing_else() {
        samples.showApp("signed_out")
        verify(has("firstRunPage"))
        verify(!has("navBar"))
        verify(!has("customersPage"))
    }
    function test_missing_words_are_asked_for_before_anything_is_sent() {
        samples.showApp("signed_out")
        tap("enrol")
        compare(samples.enrolments, 0)
        verify(Audit.words(app).includes("Enter the address that you were given."))
        verify(Audit.words(app).includes("Enter the code that you were given."))
    }
    function test_a_mistyped_fingerprint_is_no_reason_to_lose_a_code() {
        fill()
        type("fingerprintInput", "sha256:12")
        tap("enrol")
        compare(samples.enrolments, 0)
    }
    function test_while_it_connects_a_second_tap_uses_no_second_code() {
        fill()
        tap("enrol")
        compare(item("enrol").text, "Connecting")
        mouseClick(item("enrol"))
        compare(samples.enrolments, 1)
    }
    function test_a_refusal_is_said_in_words_and_keeps_what_was_typed() {
        fill()
        tap("enrol")
        samples.answerEnrolment("bad_code")
        compare(item("bannerTitle").text, "This code does not work")
        compare(item("serverInput").text, "wss://roadbook.example.com")
        verify(item("enrol").enabled)
    }
    function test_success_leads_to_the_customers() {
        fill()
        tap("enrol")
        samples.answerEnrolment("")
        verify(has("customersPage"))
        verify(has("navBar"))
    }
    function test_a_replica_that_does_not_open_says_why_and_what_to_do() {
        samples.showApp("failed")
        verify(Audit.words(app).includes("Roadbook is already open"))
    }
}
