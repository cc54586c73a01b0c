// One Automerge document through the C++ API.
#include "conflict/automerge-cpp/document.hpp"

#include <catch2/catch.hpp>

using namespace roadbook;
using namespace roadbook::automerge;

namespace {

ActorId actor(unsigned char number)
{
    ActorId id;
    id.bytes.fill(std::byte{number});
    return id;
}

Edit put(std::vector<std::string> path, Scalar value)
{
    return {std::move(path), Edit::Put{std::move(value)}};
}

/// A record with a map of lines and a note, as a genesis makes it.
Change a_genesis()
{
    const Container containers[] = {{"lines", Container::Kind::map}, {"note", Container::Kind::text}};
    const std::pair<std::string, Scalar> marks[] = {{"kind", std::string{"visit"}}};
    return Document::genesis(actor(0xff), {}, containers, marks).value();
}

Document a_record()
{
    Document document;
    const auto genesis = a_genesis();
    const ByteView changes[] = {genesis.bytes};
    document.apply(changes).value();
    return document;
}

Change edited(Document& document, const ActorId& by, std::vector<Edit> edits)
{
    auto change = document.commit(by, edits).value();
    REQUIRE(change);
    return *change;
}

} // namespace

TEST_CASE("what is put is read")
{
    auto document = a_record();
    edited(document, actor(1), {put({"title", }, std::string{"北京 visit 🚗"}), put({"amount"}, std::int64_t{-12'50}),
                                put({"done"}, true), put({"photo"}, Bytes{std::byte{0}, std::byte{255}}), put({"gone"}, std::monostate{})});
    const auto content = document.read().value();
    const auto value = [&](std::string_view key) { return content.root.find(key)->values.at(0).value; };
    CHECK(value("title") == Scalar{std::string{"北京 visit 🚗"}});
    CHECK(value("amount") == Scalar{std::int64_t{-12'50}});
    CHECK(value("done") == Scalar{true});
    CHECK(value("photo") == Scalar{Bytes{std::byte{0}, std::byte{255}}});
    CHECK(value("gone") == Scalar{std::monostate{}});
    CHECK(value("kind") == Scalar{std::string{"visit"}});
    CHECK(content.root.find("nothing") == nullptr);
}
