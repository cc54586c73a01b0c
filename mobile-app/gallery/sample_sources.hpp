#pragma once
// The three seams of the view-models over records in memory: for pictures of screens and for their tests.
#include "mobile-app/viewmodels/enroller.hpp"
#include "mobile-app/viewmodels/record_source.hpp"
#include "mobile-app/viewmodels/sync_source.hpp"

namespace roadbook::gallery {

class SampleClock final : public Clock {
public:
    [[nodiscard]] Time now() override { return time; }
    Time time;
};

/// Answers at once, or when told: `hold` keeps the answers back so that a page can be seen waiting.
class SampleRecords final : public viewmodels::RecordSource {
public:
    SampleRecords(std::vector<schema::Record> records, Time now_always) : now{now_always}, records_{std::move(records)} {}

    [[nodiscard]] State state() const override { return current; }
    [[nodiscard]] Error failure() const override { return fail(Errc::storage_busy, "the data folder is in use by process 4711"); }
    [[nodiscard]] Result<std::vector<schema::Record>> list(const storage::Query& query) override;
    [[nodiscard]] Result<std::vector<storage::Hit>> search(const std::string& text, const std::string& kind, int limit) override;
    [[nodiscard]] Result<std::optional<schema::Record>> get(const RecordId& id, const std::string& kind) override;
    [[nodiscard]] Result<std::int64_t> count(const std::string& kind) override;
    [[nodiscard]] const viewmodels::Overview& overview() const override { return view; }
    void save(viewmodels::Edit edit, Answer answer) override;
    void resolve(const RecordId& record, const std::string& path, const schema::Value& value, Answer answer) override;
    void listen(std::function<void()> changed) override { changed_ = std::move(changed); }

    void answer_held();
    void put(schema::Record record);
    void remove(const RecordId& id);
    void changed();

    const Time now;
    State current = State::open;
    viewmodels::Overview view;
    std::vector<viewmodels::Edit> saved;
    std::optional<Error> refuse; ///< what the next saves answer
    bool hold = false;

private:
    Result<RecordId> store(const viewmodels::Edit& edit);

    std::vector<schema::Record> records_;
    std::vector<std::function<void()>> held_;
    std::function<void()> changed_ = [] {};
};

class SampleSync final : public viewmodels::SyncSource {
public:
    [[nodiscard]] viewmodels::SyncPicture picture() const override { return shown; }
    void sync_now() override { ++asked; }
    void listen(std::function<void()> changed) override { changed_ = std::move(changed); }
    void show(viewmodels::SyncPicture picture);

    viewmodels::SyncPicture shown;
    int asked = 0;

private:
    std::function<void()> changed_ = [] {};
};

class SampleEnroller final : public viewmodels::Enroller {
public:
    void enrol(const viewmodels::EnrolmentRequest& request, Answer answer) override
    {
        requests.push_back(request);
        waiting = std::move(answer);
    }
    std::vector<viewmodels::EnrolmentRequest> requests;
    Answer waiting;
};

} // namespace roadbook::gallery
