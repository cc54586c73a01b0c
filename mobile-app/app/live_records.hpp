#pragma once
// The records of the app: read over a connection of their own, edited on the replica's thread.
#include "mobile-app/app/replica_thread.hpp"

namespace roadbook::app {

/// Threads: GUI. Borrows the thread, which must outlive it.
class LiveRecords final : public viewmodels::RecordSource {
public:
    explicit LiveRecords(ReplicaThread& replica) : replica_{replica} {}

    [[nodiscard]] State state() const override { return state_; }
    [[nodiscard]] Error failure() const override { return failure_; }
    [[nodiscard]] Result<std::vector<schema::Record>> list(const storage::Query& query) override;
    [[nodiscard]] Result<std::vector<storage::Hit>> search(const std::string& text, const std::string& kind, int limit) override;
    [[nodiscard]] Result<std::optional<schema::Record>> get(const RecordId& id, const std::string& kind) override;
    [[nodiscard]] Result<std::int64_t> count(const std::string& kind) override;
    [[nodiscard]] const viewmodels::Overview& overview() const override { return overview_; }
    void save(viewmodels::Edit edit, Answer answer) override;
    void resolve(const RecordId& record, const std::string& path, const schema::Value& value, Answer answer) override;
    void listen(std::function<void()> changed) override { changed_ = std::move(changed); }

    // What the replica's thread says.
    void opened(const storage::OpenOptions& database, const News& news);
    void failed(const Error& why);
    void heard(const News& news);

private:
    struct Reader {
        explicit Reader(storage::Database opened) : database{std::move(opened)} {}
        storage::Database database;
        storage::ReadModel records{database};
    };
    template <class T, class Read>
    [[nodiscard]] Result<T> read(Read read);
    void edit(std::function<Result<RecordId>(replica::Replica&)> make, Answer answer);

    ReplicaThread& replica_;
    State state_ = State::opening;
    Error failure_;
    std::unique_ptr<Reader> reader_;
    viewmodels::Overview overview_;
    std::function<void()> changed_ = [] {};
};

} // namespace roadbook::app
