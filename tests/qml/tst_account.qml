import QtQuick
import QtTest
import Roadbook.Tests

ScreenCase {
    name: "Account"

    function test_it_shows_the_facts_under_the_labels_of_the_schema() {
        openAlfreds()
        const words = Audit.words(app)
        for (const word of ["Alfreds Futterkiste", "Obere Str. 57, 12209 Berlin, Germany", "Credit limit", "15,000.00 EUR", "Central Europe"])
            verify(words.includes(word), word)
    }
    function test_quotes_and_orders_come_with_their_exact_totals() {
        openAlfreds()
        compare(item("quotes-0").title, "Q-1042")
        compare(item("quotes-0").trailing.replace(/\u00a0/g, " "), "1,385.10 EUR")
        compare(item("quotes-0").detail, "3 lines · valid until Tue 15 Dec")
        compare(item("orders-0").title, "10643")
        compare(item("orders-0").trailing.replace(/\u00a0/g, " "), "1,091.46 EUR")
    }
    function test_a_long_section_is_folded_until_asked_for() {
        openAlfreds()
        verify(!has("orders-3"))
        tap("orders-all")
        verify(has("orders-4"))
        verify(!has("orders-all"))
    }
    function test_an_edit_that_arrives_shows_at_once() {
        openAlfreds()
        samples.arrive("alfreds", "name", "Alfreds Feinkost")
        compare(item("accountName").text, "Alfreds Feinkost")
    }
    function test_a_customer_handed_over_while_open_is_said_to_be_gone() {
        openAlfreds()
        samples.takeAway("alfreds")
        verify(has("accountGone"))
        verify(!has("newVisit"))
        tap("emptyAction")
        compare(app.page.objectName, "customersPage")
    }
    function test_a_visit_opens_with_a_tap() {
        openAlfreds()
        tap("visits-0")
        compare(app.page.objectName, "visitPage")
        compare(item("subjectInput").text, "Autumn order and shelf plan")
    }
}
