// Scenario 4: a territory is moved while its old rep is three days offline with 40 edits.
#include "shared/protocol/handover_words.hpp"
#include "tests/simulation/stories/office.hpp"
#include "tests/simulation/stories/story.hpp"

#include <algorithm>

namespace roadbook::simulation::stories {
namespace {

constexpr std::size_t moved_count = 7, kept_count = 5;

std::string numbered(const char* word, std::size_t i)
{
    return word + std::to_string(i);
}

Money euros(std::int64_t whole, std::size_t more)
{
    return Money{whole * 100 + static_cast<std::int64_t>(more), "EUR"};
}

/// What W writes by her i-th edit of those that she keeps: no field of a customer twice.
const char* kept_field(std::size_t i)
{
    static constexpr std::array fields{"phone", "city", "fax", "street"};
    return fields.at(i / kept_count);
}

/// Large enough for several pages, and found again by its words.
Bytes canary_photo(std::size_t i)
{
    std::string bytes;
    while (bytes.size() < 20'000) bytes += "canaryPhoto" + std::to_string(i) + " ";
    return to_bytes(as_bytes(bytes));
}

/// Rows, photos, index, free pages and log: all of it is in the one database, and is searched in clear.
bool lies_in(Device& device, std::string_view canary)
{
    const auto key = device.has_vault() ? device.vault().unlock({}).value() : Bytes{};
    bool found = false;
    device.disk().each_file([&](std::string_view bytes) {
        constexpr std::string_view log_mark{"\x37\x7f\x06", 3}; // a write-ahead log begins with it
        const auto clear = key.empty() ? std::string{bytes} : bytes.starts_with(log_mark) ? testing::decrypted_log(bytes, key) : testing::decrypted_pages(bytes, key);
        found |= clear.find(canary) != std::string::npos;
    });
    return found;
}

/// W (Ann) holds West with 7 customers, Other with 5, and is offline from Monday to Wednesday; on Tuesday Mona moves West to Z (Ben).
class MovedTerritory final : public Story {
public:
    explicit MovedTerritory(Device::With with) : with_{with} {}

    void set_up(Stage& stage) override
    {
        office_.open(stage);
        west_ = stage.put("territory", {{"name", text("West")}, {"holder", office_.ann}});
        const auto other = stage.put("territory", {{"name", text("Other")}, {"holder", office_.ann}});
        for (std::size_t i = 0; i < moved_count; ++i)
            moved_.push_back(stage.put("account", {{"name", numbered("canaryMoved", i)}, {"territory", west_}}));
        for (std::size_t i = 0; i < kept_count; ++i)
            kept_.push_back(stage.put("account", {{"name", numbered("keptCustomer", i)}, {"territory", other}}));
        for (std::size_t i = 0; i < moved_count; ++i) // an opportunity each, whose amount a person must settle when two change it
            deals_.push_back(stage.put("opportunity", {{"name", numbered("canaryDeal", i)}, {"account", moved_[i]}, {"amount", euros(1'000, 0)}}));
        w_ = &stage.enrol("w", office_.ann, with_);
        z_ = &stage.enrol("z", office_.ben);
        mona_ = &stage.enrol("mona", office_.mona);
        exchange(stage);
        for (std::size_t i = 0; i < moved_count; ++i) { // with a photo each, which stays on W's device
            visits_.push_back(w_->add("visit", {{"subject", numbered("canaryVisit", i)}, {"account", moved_[i]}}));
            w_->attach(visits_.back(), "photo.jpg", "image/jpeg", canary_photo(i));
        }
        stage.at(0, 8, 2);
        exchange(stage);
    }

    std::vector<Chapter> chapters() override
    {
        return {{[this](Stage& stage) { w_works_and_west_moves(stage); }, [this](Stage&, Expect& expect) { check_tuesday(expect); },
                 [this] { return std::vector<Device*>{z_, mona_}; }},
                {[this](Stage& stage) { z_works(stage); }, [this](Stage& stage, Expect& expect) { check_wednesday(stage, expect); }},
                {[this](Stage& stage) { z_wants_photos(stage); }, [this](Stage&, Expect& expect) { check_photos(expect); }}};
    }

private:
    /// W: 22 edits on the 7 and 18 on the 5.
    void w_works_and_west_moves(Stage& stage)
    {
        stage.at(0, 10);
        for (std::size_t i = 0; i < moved_count; ++i) {
            w_->set(moved_[i], {{"phone", numbered("canaryPhone", i)}});
            w_->set(moved_[i], {{"city", numbered("canaryCity", i)}});
            w_->set(deals_[i], {{"amount", euros(2'000, i)}});
        }
        w_->attach(visits_[0], "late.jpg", "image/jpeg", canary_photo(99)); // 3 x 7 + 1
        for (std::size_t i = 0; i < 18; ++i)
            w_->set(kept_[i % kept_count], {{kept_field(i), numbered("kept", i)}});
        found_before_ = lies_in(*w_, "canaryPhone0") && lies_in(*w_, "canaryPhoto3") && lies_in(*w_, "canaryPhoto99");
        unsent_before_ = (*w_)->status().unsent;
        stage.at(1, 8);
        preview_ = protocol::text_of(stage.administer([&](server::Hub& hub) { return hub.preview_handover(west_, office_.ben, {}).value(); }));
        mona_->does([&](auto& replica) { return replica.hand_over(west_, office_.ben, {}); });
    }

    void check_tuesday(Expect& expect)
    {
        expect.on("w");
        expect.equal(unsent_before_, 40, "edits that wait");
        expect.that(found_before_, "before the move, a search of its bytes finds texts and photos of the 7");
        expect.on("the manager's screen");
        for (const auto* words : {"Ann (w): last contact Monday 2026-03-02 08:02 UTC, had nothing unsent then, may hold unsent work",
                                  "21: account 7, opportunity 7, visit 7", "7: 7000.00 EUR"})
            expect.that(preview_.find(words) != std::string::npos, fmt::format("says \"{}\": {}", words, preview_));
        expect.on("z");
        for (const auto& record : moved_) expect.that((*z_)->kind_of(record).has_value(), "has each of the 7");
    }

    /// Z: 9 edits on the 7, 3 of them on fields that W has changed, too.
    void z_works(Stage& stage)
    {
        stage.at(1, 10);
        for (std::size_t i = 0; i < 6; ++i) z_->set(moved_[i], {{"industry", numbered("trade", i)}});
        for (std::size_t i = 0; i < 3; ++i) z_->set(deals_[i], {{"amount", euros(3'000, i)}});
        stage.at(2, 10);
    }

    void check_wednesday(Stage& stage, Expect& expect)
    {
        check_server(stage, expect);
        check_new_holder(expect);
        check_old_holder(expect);
    }

    void check_server(Stage& stage, Expect& expect)
    {
        expect.on("the server");
        expect.that(stage.hub().quarantine().empty(), "nothing is refused: 40 of 40 are here");
        for (std::size_t i = 0; i < moved_count; ++i) {
            expect.equal(stage.hub().record(moved_[i]).value()["phone"], schema::Value{numbered("canaryPhone", i)}, "a phone that W wrote");
            expect.equal(stage.hub().record(moved_[i]).value()["city"], schema::Value{numbered("canaryCity", i)}, "a city that W wrote");
        }
        for (const std::size_t photo : {0U, 3U, 6U, 99U}) expect.that(is_on_server(stage, canary_photo(photo)), "a photo of W's is here");
    }

    void check_new_holder(Expect& expect)
    {
        expect.on("z");
        int late = 0;
        for (const auto* records : {&moved_, &deals_, &visits_})
            for (const auto& record : *records)
                for (const auto& entry : (*z_)->history(record).value()) late += entry.by->late && entry.person_name == "Ann";
        expect.equal(late, 22, "edits marked as made by W before the move was known");
        for (auto* device : {z_, mona_}) {
            expect.on(device->name());
            const auto conflicts = (*device)->conflicts();
            expect.equal(conflicts.size(), 3U, "in review; the other 19 are merged");
            for (const auto& conflict : conflicts)
                expect.that(conflict.needs_person && conflict.path == "amount" && conflict.candidates.size() == 2, "with both values");
            for (std::size_t i = 0; i < 6; ++i)
                expect.equal(value(*device, moved_[i], "industry"), schema::Value{numbered("trade", i)}, "what Z wrote");
            for (std::size_t i = 3; i < moved_count; ++i)
                expect.equal(value(*device, deals_[i], "amount"), schema::Value{euros(2'000, i)}, "what W wrote");
        }
    }

    /// W: a receipt of 22 lines that names no content, not one byte of the 7, and the 5 as they were.
    void check_old_holder(Expect& expect)
    {
        expect.on("w");
        const auto receipts = (*w_)->receipts();
        expect.equal(receipts.size(), 22U, "lines of the receipt");
        std::map<std::string, int> by_kind;
        for (const auto& receipt : receipts) ++by_kind[receipt.kind];
        expect.equal(by_kind, std::map<std::string, int>{{"account", 14}, {"opportunity", 7}, {"visit", 1}}, "what they are about");
        expect.that(std::all_of(receipts.begin(), receipts.end(), [](const auto& receipt) { return receipt.saved_at < receipt.taken_at; }),
                    "each says when it was saved and taken");
        for (const auto* records : {&moved_, &deals_, &visits_})
            for (const auto& record : *records) expect.that(!(*w_)->kind_of(record), "has none of what moved");
        expect.that(!lies_in(*w_, "canary"), "0 bytes of what moved lie on its disk");
        expect.that(lies_in(*w_, "keptCustomer"), "a search of its bytes finds what is there");
        expect.that((*w_)->search("canary").empty(), "nor does it find what moved");
        for (std::size_t i = 0; i < 18; ++i)
            expect.equal(value(*w_, kept_[i % kept_count], kept_field(i)), schema::Value{numbered("kept", i)}, "one of the 18");
        expect.equal((*w_)->count("account"), static_cast<std::int64_t>(kept_count) + 1, "customers: the 5, and Acme in the north");
    }

    void z_wants_photos(Stage& stage)
    {
        stage.at(2, 12);
        z_->does([&](auto& replica) { return replica.want_attachment(visits_[0], sha256(canary_photo(99))); });
        z_->does([&](auto& replica) { return replica.want_attachment(visits_[3], sha256(canary_photo(3))); });
    }

    void check_photos(Expect& expect)
    {
        expect.on("z");
        for (const auto& [visit, bytes] : {std::pair{visits_[0], canary_photo(99)}, std::pair{visits_[3], canary_photo(3)}}) {
            const auto file = (*z_)->attachment(visit, sha256(bytes));
            expect.that(file && *file == bytes, "the photo that W took has come, also the one from before she knew");
        }
        expect.on("w");
        expect.that(!lies_in(*w_, "canary"), "0 bytes of what moved, still");
    }

    const Device::With with_;
    Office office_;
    RecordId west_;
    std::vector<RecordId> moved_, kept_, deals_, visits_;
    bool found_before_ = false;
    std::int64_t unsent_before_ = 0;
    std::string preview_;
    Device *w_ = nullptr, *z_ = nullptr, *mona_ = nullptr;
};

} // namespace

std::unique_ptr<Story> moved_territory()
{
    return std::make_unique<MovedTerritory>(Device::With::no_vault);
}

std::unique_ptr<Story> moved_territory_encrypted()
{
    return std::make_unique<MovedTerritory>(Device::With::vault);
}

} // namespace roadbook::simulation::stories
