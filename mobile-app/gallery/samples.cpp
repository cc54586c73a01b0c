#include "mobile-app/gallery/samples.hpp"

#include "mobile-app/gallery/sample_records.hpp"
#include "mobile-app/viewmodels/text.hpp"

namespace roadbook::gallery {

using viewmodels::SyncState;
using viewmodels::to_qt;
using viewmodels::to_std;
using namespace std::chrono_literals;

namespace {

viewmodels::OpenConflict quantity_conflict()
{
    viewmodels::OpenConflict conflict{sample_id("quote-1042"), "quote", "Q-1042", "lines/x/quantity", {}};
    conflict.values.push_back({std::int64_t{12'000}, "Nancy Davolio", sample_now() - 3h});
    conflict.values.push_back({std::int64_t{8'000}, "Steven Buchanan", sample_now() - 19h});
    return conflict;
}

viewmodels::RefusedEdit refused_limit()
{
    return {sample_id("alfreds"), "account", "Alfreds Futterkiste", "credit_limit", {"only a manager or finance may set it", "只有经理或财务可以设置"},
            sample_now() - 26h};
}

} // namespace

Samples::Samples(QObject* parent) : QObject{parent}, records_{sample_records(), sample_now()}, preferences_{QString{}}
{
    clock_.time = sample_now();
    preferences_.setLanguage(viewmodels::Preferences::English); // whatever the machine speaks
    app_ = std::make_unique<viewmodels::AppViewModel>(
        viewmodels::AppViewModel::Sources{records_, sync_, enroller_, preferences_, clock_});
    showApp("ready");
    showSync("synced");
}

Samples::~Samples() = default;

void Samples::setHoldSaves(bool hold)
{
    records_.hold = hold;
    emit changed();
}

QString Samples::id(const QString& name) const
{
    return to_qt(sample_id(to_std(name)).text());
}

void Samples::showSync(const QString& state)
{
    viewmodels::SyncPicture picture;
    picture.last_success = sample_now() - 2min;
    picture.unsent = static_cast<std::int64_t>(records_.view.unsent.size());
    if (state == "synced") picture.state = SyncState::synced;
    if (state == "to_send") picture.state = SyncState::to_send;
    if (state == "syncing") {
        picture.state = SyncState::syncing;
        picture.done = 4;
        picture.total = 13;
    }
    if (state == "offline") {
        picture.state = SyncState::offline;
        picture.last_success = sample_now() - 5h;
    }
    if (state == "to_review") {
        picture.state = SyncState::to_review;
        picture.to_review = 2;
    }
    sync_.show(picture);
}

void Samples::showTrouble(const QString& errc)
{
    auto picture = sync_.shown;
    picture.trouble = fail(errc_from_name(to_std(errc)), "certificate of roadbook.example.com:443 is not the pinned one");
    sync_.show(picture);
}

void Samples::showApp(const QString& state)
{
    records_.current = state == "opening"  ? viewmodels::RecordSource::State::opening
                       : state == "failed" ? viewmodels::RecordSource::State::failed
                                           : viewmodels::RecordSource::State::open;
    records_.view.person = viewmodels::Person{sample_id("nancy"), "Nancy Davolio", schema::Role::rep, "wss://roadbook.example.com"};
    if (state == "signed_out") records_.view.person.reset();
    records_.view.records = records_.count("account").value() * 12;
    if (state == "empty")
        for (const auto& record : sample_records())
            if (record.kind == "account") records_.remove(record.id);
    records_.changed();
}

void Samples::showUnsettled(bool unsettled)
{
    auto& view = records_.view;
    view.unsent.clear();
    view.conflicts.clear();
    view.refused.clear();
    if (unsettled) {
        view.unsent.push_back({sample_id("visit-demo"), "visit", "Autumn order and shelf plan", "outcome, next_step", sample_now() - 40min});
        view.unsent.push_back({sample_id("koniglich"), "account", "Königlich Essen", "phone", sample_now() - 25min});
        view.unsent.push_back({sample_id("visit-huatai"), "visit", "年度框架协议洽谈", "notes, planned_at", sample_now() - 4min});
        view.conflicts.push_back(quantity_conflict());
        view.refused.push_back(refused_limit());
    }
    records_.changed();
}

void Samples::refuseSaves(const QString& errc)
{
    records_.refuse.reset();
    if (!errc.isEmpty()) records_.refuse = fail(errc_from_name(to_std(errc)), "no space left on device");
}

QString Samples::lastFields() const
{
    QStringList names;
    if (!records_.saved.empty())
        for (const auto& [name, value] : records_.saved.back().fields) names.push_back(to_qt(name));
    return names.join(", ");
}

void Samples::arrive(const QString& name, const QString& field, const QString& value)
{
    for (auto& record : sample_records()) {
        if (record.id != sample_id(to_std(name))) continue;
        record.fields[to_std(field)] = to_std(value);
        records_.put(record);
    }
    records_.changed();
}

void Samples::takeAway(const QString& name)
{
    records_.remove(sample_id(to_std(name)));
    records_.changed();
}

void Samples::answerEnrolment(const QString& errc)
{
    if (!enroller_.waiting) return;
    if (errc.isEmpty()) {
        enroller_.waiting(Result<void>{});
        showApp("ready");
    } else {
        enroller_.waiting(fail(errc_from_name(to_std(errc)), "the server said: code unknown"));
    }
}

} // namespace roadbook::gallery
