#include "mobile-app/viewmodels/visit_view_model.hpp"

#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"

namespace roadbook::viewmodels {
namespace {

constexpr int quarter = 15; // minutes: nobody plans a visit for 14:07

const schema::Kind& visit_kind()
{
    return *schema::find_kind("visit");
}

Time to_time(const QDateTime& at)
{
    return Time{Duration{at.toMSecsSinceEpoch()}};
}

QDateTime to_local(Time time)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count());
}

/// The next full quarter of an hour.
QDateTime next_quarter(QDateTime at)
{
    at.setTime(QTime{at.time().hour(), at.time().minute() / quarter * quarter});
    return at.addSecs(quarter * 60);
}

} // namespace

VisitViewModel::VisitViewModel(std::variant<Existing, New> which, Records& records, Preferences& preferences, Clock& clock, Drafts& drafts)
    : records_{records}, preferences_{preferences}, clock_{clock}, drafts_{drafts}
{
    if (const auto* existing = std::get_if<Existing>(&which)) visit_ = existing->visit;
    else account_ = std::get<New>(which).account;
    typed_ = drafts_.of(form());
    restored_ = !typed_.empty();
    if (isNew() && !restored_) begin_new();
    connect(&records_, &Records::changed, this, &VisitViewModel::refresh);
    connect(&preferences_, &Preferences::languageChanged, this, &VisitViewModel::refresh);
    refresh();
}

/// A visit that is written down is mostly one that happens now.
void VisitViewModel::begin_new()
{
    typed_["status"] = std::string{"planned"};
    typed_["planned_at"] = to_time(next_quarter(to_local(clock_.now())));
}

void VisitViewModel::refresh()
{
    if (visit_) read_record();
    account_name_ = records_.title_of("account", account_);
    relabel();
    emit changed();
}

void VisitViewModel::read_record()
{
    auto found = records_.source().get(*visit_, "visit");
    if (!found) {
        failure_ = found.error();
        return;
    }
    if (!*found || (*found)->deleted_at) {
        state_ = Gone;
        drafts_.keep(form(), {}); // nothing of it stays here
        return;
    }
    kept_ = std::move(**found);
    account_ = schema::reference_of(kept_, "account").value_or(RecordId{});
    // What somebody else wrote just so needs no saving.
    std::erase_if(typed_, [&](const auto& typed) { return kept_[typed.first] == typed.second; });
}

void VisitViewModel::relabel()
{
    for (const auto& field : visit_kind().fields) labels_[to_qt(field.name)] = preferences_.label(field.label);
    std::vector<Row> statuses;
    for (const auto& choice : visit_kind().field("status")->choices)
        statuses.push_back({.id = to_qt(choice.value), .title = preferences_.label(choice.label)});
    statuses_.show(std::move(statuses));

    const auto today = to_local(clock_.now()).date();
    const auto locale = preferences_.locale();
    std::vector<Row> days;
    for (int i = -days_before; i <= days_after; ++i) {
        const auto day = today.addDays(i);
        days.push_back({.id = day.toString(Qt::ISODate),
                        .title = locale.toString(day, "ddd"),
                        .detail = QString::number(day.day()),
                        .trailing = locale.standaloneMonthName(day.month(), QLocale::ShortFormat)});
    }
    days_.show(std::move(days));
}

const schema::Value& VisitViewModel::field(std::string_view name) const
{
    const auto typed = typed_.find(name);
    return typed == typed_.end() ? kept_[name] : typed->second;
}

QString VisitViewModel::text(std::string_view name) const
{
    const auto* words = std::get_if<std::string>(&field(name));
    return words == nullptr ? QString{} : to_qt(*words);
}

void VisitViewModel::type(const char* name, const QString& words)
{
    if (words == text(name)) return; // a field of the page only echoes what it was given
    auto value = words.isEmpty() ? schema::Value{} : schema::Value{to_std(words)};
    set(name, std::move(value));
}

void VisitViewModel::set(const char* name, schema::Value value)
{
    if (kept_[name] == value) typed_.erase(name);
    else typed_[name] = std::move(value);
    drafts_.keep(form(), typed_);
    failure_.reset();
    if (state_ == Saved && dirty()) state_ = Editing;
    emit changed();
}

std::optional<QDateTime> VisitViewModel::planned_at() const
{
    const auto* time = std::get_if<Time>(&field("planned_at"));
    return time == nullptr ? std::nullopt : std::optional{to_local(*time)};
}

QString VisitViewModel::planned() const
{
    const auto at = planned_at();
    return at ? moment(to_time(*at), clock_.now(), preferences_.locale()) : QString{};
}

QString VisitViewModel::plannedDay() const
{
    const auto at = planned_at();
    return at ? at->date().toString(Qt::ISODate) : QString{};
}

int VisitViewModel::plannedHour() const
{
    const auto at = planned_at();
    return at ? at->time().hour() : -1;
}

int VisitViewModel::plannedMinute() const
{
    const auto at = planned_at();
    return at ? at->time().minute() : -1;
}

int VisitViewModel::plannedRow() const
{
    const auto today = to_local(clock_.now()).date();
    const auto at = planned_at();
    return days_before + (at ? static_cast<int>(today.daysTo(at->date())) : 0);
}

void VisitViewModel::planDay(const QString& iso_day)
{
    plan(QDate::fromString(iso_day, Qt::ISODate), planned_at().value_or(next_quarter(to_local(clock_.now()))).time());
}

void VisitViewModel::planHour(int hour)
{
    const auto at = planned_at().value_or(next_quarter(to_local(clock_.now())));
    plan(at.date(), QTime{hour, at.time().minute()});
}

void VisitViewModel::planMinute(int minute)
{
    const auto at = planned_at().value_or(next_quarter(to_local(clock_.now())));
    plan(at.date(), QTime{at.time().hour(), minute});
}

void VisitViewModel::plan(QDate day, QTime time)
{
    const QDateTime at{day, time};
    if (at.isValid()) set("planned_at", to_time(at));
}

QString VisitViewModel::subjectProblem() const
{
    if (wants_subject_ && subject().trimmed().isEmpty()) return tr("A visit needs a subject.");
    if (failure_ && failure_->field == "subject") return preferences_.label({failure_->message, failure_->chinese()});
    return {};
}

FailureWords VisitViewModel::failure_words() const
{
    return failure_ ? words_for(failure_->code) : FailureWords{};
}

QString VisitViewModel::failureDetail() const
{
    return failure_ ? preferences_.label({failure_->message, failure_->chinese()}) : QString{};
}

void VisitViewModel::save()
{
    if (state_ == Saving || state_ == Gone) return;
    wants_subject_ = true;
    failure_.reset();
    if (!dirty() || subject().trimmed().isEmpty()) {
        emit changed();
        return;
    }
    Edit edit{"visit", visit_, typed_};
    if (isNew()) {
        edit.fields["account"] = account_;
        if (const auto& person = records_.source().overview().person) edit.fields["owner"] = person->id;
    }
    state_ = Saving;
    emit changed();
    records_.source().save(std::move(edit), [self = QPointer{this}, sent = typed_](const Result<RecordId>& answer) {
        if (self) self->answered(answer, sent);
    });
}

void VisitViewModel::answered(const Result<RecordId>& answer, const schema::Fields& sent)
{
    if (!answer) {
        failure_ = answer.error();
        state_ = Editing;
        emit changed();
        return;
    }
    drafts_.keep(form(), {});
    visit_ = *answer;
    // What was typed while it was being saved is still to be saved.
    std::erase_if(typed_, [&](const auto& typed) {
        const auto saved = sent.find(typed.first);
        return saved != sent.end() && saved->second == typed.second;
    });
    drafts_.keep(form(), typed_);
    state_ = dirty() ? Editing : Saved;
    refresh();
    emit saved();
}

QString VisitViewModel::form() const
{
    return visit_ ? to_qt(visit_->text()) : QStringLiteral("new visit of ") + to_qt(account_.text());
}

} // namespace roadbook::viewmodels
