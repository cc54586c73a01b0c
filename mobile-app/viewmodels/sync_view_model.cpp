#include "mobile-app/viewmodels/sync_view_model.hpp"

#include "mobile-app/viewmodels/field_words.hpp"
#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"
#include "mobile-app/viewmodels/words.hpp"

#include <algorithm>
#include <ranges>

namespace roadbook::viewmodels {

SyncViewModel::SyncViewModel(SyncSource& source, Records& records, Preferences& preferences, Clock& clock, QObject* parent)
    : QObject{parent}, source_{source}, records_{records}, preferences_{preferences}, clock_{clock}
{
    source_.listen([this] { read_picture(); });
    connect(&records_, &Records::changed, this, &SyncViewModel::read_lists);
    connect(&preferences_, &Preferences::languageChanged, this, &SyncViewModel::read_lists);
    connect(&minute_, &QTimer::timeout, this, &SyncViewModel::changed);
    minute_.start(std::chrono::minutes{1} / 2);
    read_picture();
    read_lists();
}

void SyncViewModel::read_picture()
{
    picture_ = source_.picture();
    emit changed();
}

void SyncViewModel::read_lists()
{
    const auto& overview = records_.source().overview();
    const auto now = clock_.now();
    std::vector<Row> unsent;
    for (const auto& edit : overview.unsent | std::views::take(rows_max))
        unsent.push_back({.id = QString::number(unsent.size()),
                          .title = edit.title.empty() ? kind_word(edit.kind, preferences_) : to_qt(edit.title),
                          .detail = kind_word(edit.kind, preferences_) + QStringLiteral(" · ") + field_words(edit.kind, edit.fields, preferences_),
                          .trailing = moment(edit.when, now, preferences_.locale()),
                          .unsent = true});
    unsent_.show(std::move(unsent));
    std::vector<Row> refused;
    for (const auto& edit : overview.refused | std::views::take(rows_max))
        refused.push_back({.id = QString::number(refused.size()),
                           .title = edit.title.empty() ? kind_word(edit.kind, preferences_) : to_qt(edit.title),
                           .detail = field_words(edit.kind, edit.field, preferences_) + QStringLiteral(" · ") + preferences_.label({edit.reason.en, edit.reason.zh}),
                           .trailing = moment(edit.when, now, preferences_.locale()),
                           .conflict = true});
    refused_.show(std::move(refused));
    emit changed();
}

SyncViewModel::State SyncViewModel::state() const
{
    switch (picture_.state) {
    case SyncState::synced: return Synced;
    case SyncState::to_send: return ToSend;
    case SyncState::syncing: return Syncing;
    case SyncState::to_review: return ToReview;
    case SyncState::offline: break;
    }
    return Offline;
}

QString SyncViewModel::pill() const
{
    switch (state()) {
    case Synced: return picture_.last_success ? tr("Synced %1").arg(ago(*picture_.last_success, clock_.now())) : tr("Synced");
    case ToSend: return tr("%n to send", nullptr, static_cast<int>(picture_.unsent));
    case Syncing:
        if (picture_.total == 0) return tr("Syncing");
        return tr("Syncing %1 of %2").arg(picture_.done).arg(picture_.total);
    case ToReview: return tr("%n to review", nullptr, static_cast<int>(picture_.to_review));
    case Offline: break;
    }
    if (picture_.unsent == 0) return tr("Offline");
    return tr("Offline · %n saved", nullptr, static_cast<int>(picture_.unsent));
}

QString SyncViewModel::headline() const
{
    switch (state()) {
    case Synced: return tr("Everything is on the server");
    case ToSend: return tr("%n edit(s) wait to be sent", nullptr, static_cast<int>(picture_.unsent));
    case Syncing: return tr("Exchanging edits with the server");
    case ToReview: return tr("%n thing(s) need a decision", nullptr, static_cast<int>(picture_.to_review));
    case Offline: break;
    }
    return tr("No connection, and none is needed");
}

QString SyncViewModel::assurance() const
{
    switch (state()) {
    case Synced: return tr("New edits go out as you save them.");
    case ToSend: return tr("They are saved on this device and go out by themselves.");
    case Syncing: return tr("You can go on working, or close the app: it continues where it stopped.");
    case ToReview: return tr("Nobody's work is lost: every version is kept until you choose.");
    case Offline: break;
    }
    return tr("All you save is kept on this device and goes out when there is a network.");
}

QString SyncViewModel::lastSuccess() const
{
    if (!picture_.last_success) return tr("Not yet synced");
    return tr("Last synced %1").arg(ago(*picture_.last_success, clock_.now()));
}

double SyncViewModel::progress() const
{
    if (picture_.state != SyncState::syncing || picture_.total <= 0) return -1;
    return std::clamp(static_cast<double>(picture_.done) / static_cast<double>(picture_.total), 0.0, 1.0);
}

bool SyncViewModel::overdue() const
{
    const auto& unsent = records_.source().overview().unsent;
    return !unsent.empty() && clock_.now() - unsent.front().when > overdue_after;
}

QString SyncViewModel::troubleTitle() const { return picture_.trouble ? words_for(picture_.trouble->code).title : QString{}; }
QString SyncViewModel::troubleAdvice() const { return picture_.trouble ? words_for(picture_.trouble->code).advice : QString{}; }
QString SyncViewModel::troubleDetail() const { return picture_.trouble ? to_qt(picture_.trouble->message) : QString{}; }

int SyncViewModel::unsentTotal() const { return static_cast<int>(records_.source().overview().unsent.size()); }
int SyncViewModel::conflicts() const { return static_cast<int>(records_.source().overview().conflicts.size()); }

} // namespace roadbook::viewmodels
