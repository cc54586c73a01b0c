#include "mobile-app/viewmodels/app_view_model.hpp"

#include "mobile-app/viewmodels/formats.hpp"
#include "mobile-app/viewmodels/text.hpp"

namespace roadbook::viewmodels {

AppViewModel::AppViewModel(Sources sources, QObject* parent)
    : QObject{parent},
      sources_{sources},
      records_{sources.records},
      customers_{records_},
      sync_{sources.sync, records_, sources.preferences, sources.clock},
      enrolment_{sources.enroller}
{
    connect(&records_, &Records::changed, this, &AppViewModel::changed);
    connect(&sources.preferences, &Preferences::languageChanged, this, &AppViewModel::changed);
    connect(&sources.preferences, &Preferences::languageChanged, &enrolment_, &EnrolmentViewModel::changed);
}

AppViewModel::~AppViewModel()
{
    for (const auto& page : handed_out_) delete page.data();
}

template <class Page>
Page* AppViewModel::handed_out(Page* page)
{
    std::erase_if(handed_out_, [](const auto& earlier) { return earlier.isNull(); });
    handed_out_.emplace_back(page);
    return page;
}

AppViewModel::State AppViewModel::state() const
{
    switch (sources_.records.state()) {
    case RecordSource::State::opening: return Opening;
    case RecordSource::State::failed: return Failed;
    case RecordSource::State::open: break;
    }
    return sources_.records.overview().person ? Ready : SignedOut;
}

QString AppViewModel::personName() const
{
    const auto& person = sources_.records.overview().person;
    return person ? to_qt(person->name) : QString{};
}

QString AppViewModel::personRole() const
{
    const auto& person = sources_.records.overview().person;
    if (!person) return {};
    return choice(*schema::find_kind("person")->field("role"), std::string{schema::name(person->role)}, sources_.preferences);
}

QString AppViewModel::server() const
{
    const auto& person = sources_.records.overview().person;
    return person ? to_qt(person->server) : QString{};
}

int AppViewModel::records() const
{
    return static_cast<int>(sources_.records.overview().records);
}

QString AppViewModel::failureDetail() const
{
    return to_qt(sources_.records.failure().message);
}

AccountViewModel* AppViewModel::account(const QString& id)
{
    const auto record = RecordId::parse(to_std(id));
    return record ? handed_out(new AccountViewModel{*record, records_, sources_.preferences, sources_.clock}) : nullptr;
}

VisitViewModel* AppViewModel::visit(const QString& id)
{
    const auto record = RecordId::parse(to_std(id));
    if (!record) return nullptr;
    return handed_out(new VisitViewModel{VisitViewModel::Existing{*record}, records_, sources_.preferences, sources_.clock, drafts_});
}

VisitViewModel* AppViewModel::newVisit(const QString& account_id)
{
    const auto account = RecordId::parse(to_std(account_id));
    if (!account) return nullptr;
    return handed_out(new VisitViewModel{VisitViewModel::New{*account}, records_, sources_.preferences, sources_.clock, drafts_});
}

ReviewViewModel* AppViewModel::review()
{
    return handed_out(new ReviewViewModel{records_, sources_.preferences, sources_.clock});
}

} // namespace roadbook::viewmodels
