// The order in which offline work arrives decides nothing: the same refusals, with code and field, and the same records.
#include "tests/support/staff.hpp"

#include <algorithm>
#include <numeric>
#include <random>

using namespace roadbook;
using namespace roadbook::testing;
using schema::Role;

namespace {

/// What one person made offline, in his order: some of it legal, some not.
struct Made {
    RecordId record;
    automerge::Change change;
};
struct Writer {
    server::Caller caller;
    std::vector<Made> made;
};

/// code and field by change, or "accepted", "stranded".
using Answers = std::map<Hash, std::string>;

class History {
public:
    explicit History(std::uint64_t seed) : random_{seed}
    {
        const auto& kind = *schema::find_kind("quote");
        shared_ = staff_.make(kind, staff_.juniors.at(Role::manager), {{"status", std::string{"draft"}}});
        account_ = staff_.juniors.at(Role::manager).account;
        const std::array writers{staff_.juniors.at(Role::manager).id, staff_.id_of(Role::manager), staff_.id_of(Role::finance), staff_.id_of(Role::admin), staff_.stranger.id};
        for (const auto& person : writers) write(person);
    }

    [[nodiscard]] std::size_t size() const { return writers_.size(); }

    /// Delivers all of it to a copy of the server: `order` says whose next change comes.
    std::pair<Answers, std::vector<schema::Record>> deliver(const std::vector<std::size_t>& order, int run)
    {
        const auto folder = staff_.company.folder("run" + std::to_string(run));
        std::filesystem::create_directories(folder);
        for (const auto& entry : std::filesystem::directory_iterator{staff_.company.server_folder()}) std::filesystem::copy_file(entry.path(), folder / entry.path().filename());
        server::Hub::Options options;
        options.folder = folder;
        options.clock = &staff_.company.clock();
        options.random = &staff_.company.chance();
        options.gate_threads = 1;
        auto hub = server::Hub::open(options).value();
        std::vector<std::size_t> next(writers_.size());
        Answers answers;
        for (std::size_t at = 0; at < order.size();) { // what one writer delivers in a row is one push
            const auto who = order[at];
            std::vector<Made> together;
            for (; at < order.size() && order[at] == who; ++at) together.push_back(writers_[who].made.at(next[who]++));
            push(*hub, writers_[who], together, answers);
        }
        std::vector<schema::Record> records{hub->record(shared_).value(), hub->record(account_).value()};
        for (const auto& id : created_)
            if (auto record = hub->record(id)) records.push_back(std::move(*record));
        hub.reset();
        std::filesystem::remove_all(folder);
        return {std::move(answers), std::move(records)};
    }

    /// Each writer's changes in his order, shuffled among each other.
    std::vector<std::size_t> shuffled()
    {
        std::vector<std::size_t> order;
        for (std::size_t who = 0; who < writers_.size(); ++who) order.insert(order.end(), writers_[who].made.size(), who);
        std::shuffle(order.begin(), order.end(), random_);
        return order;
    }
    /// One writer after the other.
    std::vector<std::size_t> in_blocks(const std::vector<std::size_t>& writers) const
    {
        std::vector<std::size_t> order;
        for (const auto who : writers) order.insert(order.end(), writers_[who].made.size(), who);
        return order;
    }
    [[nodiscard]] std::string what(const Hash& hash) const { return what_.at(hash); }

    void close_server() { staff_.company.close_server(); }

private:
    std::int64_t pick(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>{0, n - 1}(random_); }

    void write(const RecordId& person)
    {
        Device device{staff_.company, "device of " + person.text(), person};
        Writer writer{{device->identity()->device, person}, {}};
        std::map<RecordId, automerge::Document> open;
        std::map<RecordId, ActorId> actors;
        auto store = store::Store::open({staff_.company.server_folder() / server::Hub::file_name, false, {}, {}}).value();
        std::vector<RecordId> own;
        for (int i = 0; i < 5; ++i) {
            const auto intent = random_edit(person, own);
            auto found = open.find(intent.record);
            if (found == open.end()) {
                auto document = intent.create ? merge::new_document(*schema::find_kind(intent.kind))
                                              : automerge::Document::load(store.snapshot(store.document(intent.record).value().num)).value();
                found = open.emplace(intent.record, std::move(document)).first;
                staff_.company.chance().fill(actors[intent.record].bytes);
            }
            auto change = found->second.commit(actors.at(intent.record), merge::edits_of(intent).value()).value();
            if (!change) continue;
            what_[change->hash] = fmt::format("{} {}: {}", intent.create ? "new" : "edit of", intent.kind, merge::written_by(intent).front().path);
            writer.made.push_back({intent.record, std::move(*change)});
            if (intent.create) own.push_back(intent.record), created_.push_back(intent.record);
        }
        writers_.push_back(std::move(writer));
    }

    merge::Intent random_edit(const RecordId& person, const std::vector<RecordId>& own)
    {
        const auto word = [&](auto... choices) { return schema::Value{std::string{std::array{choices...}[static_cast<std::size_t>(pick(sizeof...(choices)))]}}; };
        switch (pick(8)) {
        case 0: return edit(shared_, "quote", {{"status", word("approved", "sent", "draft")}});
        case 1: return edit(shared_, "quote", {{"discount", std::int64_t{pick(20'000)}}}); // above 100 % is illegal
        case 2: return edit(account_, "account", {{"credit_limit", Money{pick(100'000), "EUR"}}});
        case 3: // A move decides who is granted what from its arrival on, as all authority does (late marks are for those who had not heard of
                // it): here only people try it who may not.
            if (person == staff_.id_of(Role::manager) || person == staff_.id_of(Role::admin)) return edit(account_, "account", {{"city", word("Graz", "Linz")}});
            return edit(account_, "account", {{"territory", staff_.stranger.territory}});
        case 4: return edit(account_, "account", {{"phone", word("1", "2", "3")}});
        case 5: {
            auto intent = edit(shared_, "quote", {});
            intent.steps.front() = {"approvals", new_id<ChildId>(staff_.company.clock().now(), staff_.company.chance()), true,
                                    {{"position", text("aa")}, {"approver", pick(2) == 0 ? person : staff_.id_of(Role::finance)}, {"decision", word("approved", "rejected")}}};
            return intent;
        }
        case 6:
            if (!own.empty()) return edit(own[static_cast<std::size_t>(pick(std::ssize(own)))], "visit", {{"subject", pick(3) == 0 ? schema::Value{} : word("A", "B")}});
            [[fallthrough]];
        default:
            return creation(staff_.company.new_record(), "visit",
                            {{"subject", word("Call", "Meeting")}, {"account", pick(4) == 0 ? staff_.stranger.account : account_}, {"owner", pick(3) == 0 ? staff_.stranger.id : person}});
        }
    }

    static void push(server::Hub& hub, const Writer& writer, const std::vector<Made>& all, Answers& answers)
    {
        server::Hub::Batch batch;
        batch.caller = writer.caller;
        for (const auto& made : all) {
            auto& pushed = *batch.changes.add_changes();
            pushed.set_document(protocol::to_field(made.record));
            pushed.set_change(protocol::to_field(ByteView{made.change.bytes}));
            pushed.set_intent(protocol::to_field(id_from_name<IntentId>("intent", made.change.hash.hex())));
            answers[made.change.hash] = "accepted";
        }
        const auto done = hub.commit(std::span{&batch, 1});
        for (const auto& answer : done.answers.front().second.exceptions())
            answers[all.at(answer.index()).change.hash] = answer.status() == v1::REFUSED ? answer.code() + " " + answer.field() : v1::Status_Name(answer.status());
    }

    Staff staff_;
    std::mt19937_64 random_;
    RecordId shared_, account_;
    std::vector<RecordId> created_;
    std::vector<Writer> writers_;
    std::map<Hash, std::string> what_;
};

} // namespace

TEST_CASE("whatever several people made offline, legal or not, has the same answers and the same records in every order of arrival", "[arrival_order]")
{
    constexpr int histories = 3, shuffles = 8;
    int refused = 0, accepted = 0;
    for (std::uint64_t seed = 1; seed <= histories; ++seed) {
        History history{seed};
        history.close_server(); // its files are copied
        std::vector<std::size_t> writers(history.size());
        std::iota(writers.begin(), writers.end(), std::size_t{0});
        const auto first = history.deliver(history.in_blocks(writers), 0);
        for (const auto& [hash, answer] : first.first) ++(answer == "accepted" ? accepted : refused);
        int run = 0;
        const auto same = [&](const std::vector<std::size_t>& order) {
            CAPTURE(seed, order);
            const auto again = history.deliver(order, ++run);
            for (const auto& [hash, answer] : first.first) {
                CAPTURE(history.what(hash));
                CHECK(again.first.at(hash) == answer);
            }
            CHECK(again.second == first.second);
        };
        while (seed == 1 && std::next_permutation(writers.begin(), writers.end())) same(history.in_blocks(writers)); // all 5! orders of whole outboxes
        for (int i = 0; i < shuffles; ++i) same(history.shuffled());
    }
    CHECK(refused > histories * 4); // the histories are worth the trouble
    CHECK(accepted > histories * 4);
}
