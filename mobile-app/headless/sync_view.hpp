#pragma once
// What a sync did, and what it is doing.
#include "mobile-app/headless/json.hpp"
#include "mobile-app/sync/sync_runner.hpp"

#include <ostream>

namespace roadbook::headless {

/// {sent, accepted, late, refused, waiting, records_received, entries_received, scopes_purged}
[[nodiscard]] Json json_of(const sync::Tally& tally);
/// The same with bytes_out, bytes_in and took_ms.
[[nodiscard]] Json json_of(const sync::Report& report);
[[nodiscard]] std::string text_of(const sync::Report& report);
/// "synced", "offline" ...
[[nodiscard]] std::string_view name(sync::Watch::State state) noexcept;

/// Tells a person that something moves: one line that is written over on a terminal, now and then a line elsewhere.
///
/// Ownership: borrows the stream. Threads: one.
class ProgressLine {
public:
    enum class Style { none, over_write, lines };
    ProgressLine(std::ostream& out, Style style) : out_{out}, style_{style} {}
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;
    /// Leaves a clean line behind.
    ~ProgressLine();

    void show(const sync::Tally& tally);

private:
    std::ostream& out_;
    Style style_;
    std::chrono::steady_clock::time_point next_{}; ///< the terminal's, not the product's time: only how often to write
    std::size_t width_ = 0;                        ///< of what stands there
};

} // namespace roadbook::headless
