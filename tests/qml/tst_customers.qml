import QtQuick
import QtTest
import Roadbook.Tests

ScreenCase {
    name: "Customers"

    function rows() { return item("customerList").count }

    function test_each_key_filters_the_rows_at_once() {
        compare(rows(), 16)
        type("searchInput", "b")
        const afterOne = rows()
        verify(afterOne < 16, afterOne)
        keyClick("e"); keyClick("r"); keyClick("n")
        compare(rows(), 1)
        compare(item("customer-0").title, "Chop-suey Chinese")
        keyClick(Qt.Key_Backspace)
        verify(rows() > 1)
    }
    function test_a_row_already_gives_city_and_phone() {
        type("searchInput", "alfreds")
        compare(item("customer-0").detail, "Berlin · 030-0074321")
    }
    function test_a_phone_number_finds_its_customer() {
        type("searchInput", "0621")
        compare(item("customer-0").title, "Blauer See Delikatessen")
    }
    function test_chinese_is_found_while_the_input_method_still_shows_it() {
        tap("searchInput")
        Audit.preedit(item("searchInput"), "华泰")
        compare(rows(), 1)
        compare(item("customer-0").title, "华泰机电有限公司")
    }
    function test_no_match_says_so_and_can_be_cleared() {
        type("searchInput", "zzz")
        verify(has("noMatch"))
        tap("emptyAction")
        compare(rows(), 16)
    }
    function test_an_empty_device_says_that_customers_come_with_the_first_sync() {
        samples.showApp("empty")
        verify(has("noCustomers"))
        tap("emptyAction")
        compare(app.page.objectName, "syncPage")
    }
    function test_unsettled_work_marks_the_customer_it_belongs_to() {
        samples.showUnsettled(true)
        verify(item("customer-0").unsent, "its visit is not sent")
        verify(item("customer-0").conflict, "its quote is in conflict")
        verify(!item("customer-1").unsent)
        verify(Audit.name_of(item("customer-0")).includes("not sent yet"))
    }
    function test_a_tap_opens_the_customer_and_back_keeps_the_search() {
        type("searchInput", "ernst")
        tap("customer-0")
        compare(app.page.objectName, "accountPage")
        compare(item("accountName").text, "Ernst Handel")
        tap("backButton")
        compare(rows(), 1)
    }
    function test_the_list_keeps_its_place_when_records_arrive() {
        const list = item("customerList")
        list.contentY = 200
        samples.arrive("toms", "city", "Hamburg")
        compare(list.contentY, 200)
    }
}
