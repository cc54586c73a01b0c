#include "mobile-app/headless/sync_view.hpp"

#include "mobile-app/headless/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace roadbook::headless {
namespace {

constexpr std::chrono::milliseconds over_write_pause{100}; // an eye sees no more
constexpr std::chrono::milliseconds line_pause{1'000};     // a log needs no more

std::string progress_text(const sync::Tally& tally)
{
    std::vector<std::string> parts;
    if (tally.copies_received > 0 && tally.records_expected == 0) parts.push_back("here: " + counted(tally.copies_received, "record", "records") + " for today");
    if (tally.records_expected > 0)
        parts.push_back(fmt::format("received {} of {} records", tally.records_received,
                                    std::max(tally.records_expected, tally.records_received)));
    if (tally.entries_received > 0) parts.push_back("received " + counted(tally.entries_received, "change", "changes"));
    if (tally.sent > 0) parts.push_back("sent " + counted(tally.sent, "edit", "edits"));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string received_text(const sync::Tally& tally)
{
    const auto records = counted(tally.records_received, "record", "records");
    const auto changes = counted(tally.entries_received, "change", "changes");
    if (tally.records_received == 0 && tally.entries_received == 0) return "nothing new";
    if (tally.entries_received == 0) return "received " + records;
    return tally.records_received == 0 ? "received " + changes : fmt::format("received {} and {}", records, changes);
}

} // namespace

Json json_of(const sync::Tally& tally)
{
    return {{"sent", tally.sent},
            {"accepted", tally.accepted},
            {"late", tally.late},
            {"refused", tally.refused},
            {"waiting", tally.waiting},
            {"copies_received", tally.copies_received},
            {"records_received", tally.records_received},
            {"entries_received", tally.entries_received},
            {"scopes_purged", tally.scopes_purged},
            {"decisions_heard", tally.decisions_heard}};
}

Json json_of(const sync::Report& report)
{
    auto json = json_of(report.tally);
    json["bytes_out"] = report.bytes_out;
    json["bytes_in"] = report.bytes_in;
    json["took_ms"] = report.took.count();
    return json;
}

std::string text_of(const sync::Report& report)
{
    const auto& tally = report.tally;
    std::string sent = tally.sent == 0
                           ? "nothing to send"
                           : fmt::format("sent {}, {} accepted", counted(tally.sent, "edit", "edits"), tally.accepted);
    if (tally.late > 0) sent += fmt::format(" ({} after a hand-over: see receipts)", tally.late);
    if (tally.refused > 0) sent += fmt::format(", {} refused: see refused list", tally.refused);
    if (tally.waiting > 0)
        sent += fmt::format(", {} waiting for a record that decides where they belong", tally.waiting);
    if (const auto rest = tally.sent - tally.accepted - tally.refused - tally.waiting; rest > 0)
        sent += fmt::format(", {} of others brought back and not taken", rest);
    auto received = received_text(tally);
    if (tally.scopes_purged > 0)
        received +=
            fmt::format(", {} handed over and removed from here", counted(tally.scopes_purged, "scope", "scopes"));
    return fmt::format("synced: {}; {}\n{} out, {} in, {} ms\n", sent, received, bytes_text(report.bytes_out),
                       bytes_text(report.bytes_in), report.took.count());
}

std::string_view name(sync::Watch::State state) noexcept
{
    switch (state) {
    case sync::Watch::State::connecting:
        return "connecting";
    case sync::Watch::State::syncing:
        return "syncing";
    case sync::Watch::State::synced:
        return "synced";
    case sync::Watch::State::offline:
        return "offline";
    }
    return {};
}

ProgressLine::~ProgressLine()
{
    if (style_ == Style::over_write && width_ > 0) out_ << '\r' << std::string(width_, ' ') << '\r' << std::flush;
}

void ProgressLine::show(const sync::Tally& tally)
{
    const bool has_news = tally.copies_received + tally.records_expected + tally.records_received + tally.entries_received + tally.sent > 0;
    if (style_ == Style::none || !has_news) return;
    const auto now = std::chrono::steady_clock::now();
    if (now < next_) return;
    next_ = now + (style_ == Style::lines ? line_pause : over_write_pause);
    const auto text = progress_text(tally);
    if (style_ == Style::lines) {
        out_ << text << std::endl;
        return;
    }
    const auto covered = width_ > text.size() ? width_ - text.size() : 0;
    out_ << '\r' << text << std::string(covered, ' ') << std::flush;
    width_ = text.size();
}

} // namespace roadbook::headless
