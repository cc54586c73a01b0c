#include "mobile-app/app/live_sync.hpp"

namespace roadbook::app {
namespace {

using viewmodels::SyncState;

/// Being without a network is normal here, and no trouble.
bool is_no_network(Errc code)
{
    return code == Errc::link_lost || code == Errc::timed_out || code == Errc::ok;
}

SyncState settled(const viewmodels::SyncPicture& picture)
{
    if (picture.to_review > 0) return SyncState::to_review;
    return picture.unsent > 0 ? SyncState::to_send : SyncState::synced;
}

SyncState state_of(const News& news, const viewmodels::SyncPicture& picture)
{
    switch (news.link) {
    case sync::Watch::State::syncing: return SyncState::syncing;
    case sync::Watch::State::synced: return settled(picture);
    // Trying to connect is no news for a device that was here before: the minutes say how old its data is.
    case sync::Watch::State::connecting: return picture.last_success ? settled(picture) : SyncState::syncing;
    case sync::Watch::State::offline: break;
    }
    return picture.to_review > 0 ? SyncState::to_review : SyncState::offline;
}

} // namespace

viewmodels::SyncPicture picture_of(const News& news)
{
    viewmodels::SyncPicture picture;
    picture.unsent = std::ssize(news.overview.unsent);
    picture.to_review = std::ssize(news.overview.conflicts) + std::ssize(news.overview.refused);
    picture.last_success = news.last_success;
    if (news.trouble && !is_no_network(news.trouble->code)) picture.trouble = news.trouble;
    const auto answered = news.tally.accepted + news.tally.refused;
    picture.done = news.tally.records_received + answered;
    picture.total = std::max(news.tally.records_expected, news.tally.records_received) + answered + picture.unsent;
    picture.state = state_of(news, picture);
    return picture;
}

void LiveSync::heard(const News& news)
{
    picture_ = picture_of(news);
    changed_();
}

} // namespace roadbook::app
