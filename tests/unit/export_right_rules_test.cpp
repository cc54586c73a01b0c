// May so many records be taken out as a file?
#include "shared/rules/export_right.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using rules::Exporting;
using rules::may_export;
using schema::Role;

TEST_CASE("records are exported up to a bound, with the right beyond it, and what only a role sees needs the right always", "[rules]")
{
    CHECK(may_export({Role::rep, false, 500, 0, 0}).has_value());
    CHECK_FALSE(may_export({Role::rep, false, 501, 0, 0}).has_value());
    CHECK_FALSE(may_export({Role::manager, false, 1, 500, 0}).has_value()); // in slices
    CHECK(may_export({Role::manager, false, 0, 500, 0}).has_value());
    CHECK(may_export({Role::rep, true, 100'000, 500, 0}).has_value());
    CHECK(may_export({Role::admin, false, 100'000, 500, 7}).has_value());
    CHECK(may_export({Role::finance, true, 7, 0, 7}).has_value());
    const auto refused = may_export({Role::finance, false, 7, 0, 3});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Errc::not_allowed);
    CHECK(refused.error().field == "may_export");
    CHECK(refused.error().message.find("3 of these records") != std::string::npos);
    CHECK(refused.error().message_zh.find("3 条记录") != std::string::npos);
}
