#include "mobile-app/app/live_records.hpp"

namespace roadbook::app {
namespace {

constexpr auto chosen_in_app = "chosen in the app"; // the reason that the history gives for a settled conflict

} // namespace

template <class T, class Read>
Result<T> LiveRecords::read(Read read)
{
    if (state_ == State::failed) return failure_;
    if (reader_ == nullptr) return fail(Errc::storage_busy, "the replica is not open yet");
    try {
        return read(reader_->records);
    } catch (const Fault& fault) {
        return fault.error();
    }
}

Result<std::vector<schema::Record>> LiveRecords::list(const storage::Query& query)
{
    return read<std::vector<schema::Record>>([&](storage::ReadModel& records) { return records.list(query); });
}

Result<std::vector<storage::Hit>> LiveRecords::search(const std::string& text, const std::string& kind, int limit)
{
    return read<std::vector<storage::Hit>>([&](storage::ReadModel& records) { return records.search(text, kind, limit); });
}

Result<std::optional<schema::Record>> LiveRecords::get(const RecordId& id, const std::string& kind)
{
    return read<std::optional<schema::Record>>([&](storage::ReadModel& records) { return records.get(id, kind); });
}

Result<std::int64_t> LiveRecords::count(const std::string& kind)
{
    return read<std::int64_t>([&](storage::ReadModel& records) { return records.count(kind); });
}

void LiveRecords::save(viewmodels::Edit wanted, Answer answer)
{
    edit(
        [wanted = std::move(wanted)](replica::Replica& replica) -> Result<RecordId> {
            const auto saved = wanted.record ? replica.set(*wanted.record, wanted.fields) : replica.add(wanted.kind, wanted.fields);
            if (!saved) return saved.error();
            return saved->record;
        },
        std::move(answer));
}

void LiveRecords::resolve(const RecordId& record, const std::string& path, const schema::Value& value, Answer answer)
{
    edit(
        [=](replica::Replica& replica) -> Result<RecordId> {
            const auto saved = replica.resolve(record, path, value, chosen_in_app);
            if (!saved) return saved.error();
            return saved->record;
        },
        std::move(answer));
}

void LiveRecords::edit(std::function<Result<RecordId>(replica::Replica&)> make, Answer answer)
{
    // The task may run when this object is gone already, but never after the thread.
    replica_.post([&thread = replica_, make = std::move(make), answer = std::move(answer)](replica::Replica& replica) {
        auto result = Result<RecordId>{fail(Errc::internal, "nothing was saved")};
        try {
            result = make(replica);
        } catch (const Fault& fault) {
            result = fault.error();
        }
        thread.tell_screens([answer, result] { answer(result); });
    });
}

void LiveRecords::opened(const storage::OpenOptions& database, const News& news)
{
    auto opened = storage::Database::open(database);
    if (!opened) return failed(opened.error());
    reader_ = std::make_unique<Reader>(std::move(*opened));
    state_ = State::open;
    heard(news);
}

void LiveRecords::failed(const Error& why)
{
    reader_.reset();
    state_ = State::failed;
    failure_ = why;
    changed_();
}

void LiveRecords::heard(const News& news)
{
    overview_ = news.overview;
    if (news.locked) failure_ = *news.locked;
    if (reader_ != nullptr) state_ = news.locked ? State::failed : State::open;
    changed_();
}

} // namespace roadbook::app
