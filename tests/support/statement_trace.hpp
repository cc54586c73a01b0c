#pragma once
// The SQL that a piece of work runs, in order: what two answers cost that nobody may tell apart.
#include <sqlite3.h>

#include <string>
#include <vector>

namespace roadbook::testing {

/// Sees every connection of the process that is opened after watch_statements(). One at a time.
class StatementTrace {
public:
    /// Call before the database of interest is opened; a second call does nothing.
    static void watch_statements()
    {
        using Entry = void (*)();
        static const int registered = sqlite3_auto_extension(reinterpret_cast<Entry>(&on_open));
        static_cast<void>(registered);
    }
    StatementTrace() { running() = this; }
    ~StatementTrace() { running() = nullptr; }
    StatementTrace(const StatementTrace&) = delete;
    StatementTrace& operator=(const StatementTrace&) = delete;

    [[nodiscard]] const std::vector<std::string>& statements() const noexcept { return statements_; }

private:
    static StatementTrace*& running()
    {
        static StatementTrace* trace = nullptr;
        return trace;
    }
    static int on_open(sqlite3* db, char**, const void*) { return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, &on_statement, nullptr); }
    static int on_statement(unsigned, void*, void* statement, void* text)
    {
        const auto* sql = static_cast<const char*>(text);
        if (running() != nullptr && (sql == nullptr || std::string_view{sql}.substr(0, 2) != "--")) // triggers are told as comments
            running()->statements_.emplace_back(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
        return 0;
    }
    std::vector<std::string> statements_;
};

} // namespace roadbook::testing
