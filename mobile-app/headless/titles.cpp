#include "mobile-app/headless/titles.hpp"

namespace roadbook::headless {

const std::string& Titles::of(const RecordId& id)
{
    const auto found = known_.find(id);
    return found != known_.end() ? found->second : known_.emplace(id, replica_.title_of(id)).first->second;
}

std::string Titles::of(const schema::Record& record, const schema::Kind& kind)
{
    auto title = schema::text_of(record, kind.title);
    return title.empty() ? record.id.text() : title;
}

} // namespace roadbook::headless
