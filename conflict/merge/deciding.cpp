#include "conflict/merge/deciding.hpp"

namespace roadbook::merge {

std::optional<Place> place_of(std::string_view path)
{
    const auto slash = path.find('/'), last = path.rfind('/');
    if (slash == std::string_view::npos) return Place{{}, {}, std::string{path}};
    const auto child = ChildId::parse(path.substr(slash + 1, last - slash - 1));
    if (slash == last || !child) return std::nullopt;
    return Place{std::string{path.substr(0, slash)}, *child, std::string{path.substr(last + 1)}};
}

bool may_decide(const schema::Kind& kind, const automerge::Content& content, const Conflict& conflict, const Author& author)
{
    const auto place = place_of(conflict.path);
    if (!place) return false;
    const WriteRules rules{kind, content, content, author, false};
    if (conflict.clash == Clash::deleted) return rules.may_delete().has_value();
    const auto* collection = place->collection.empty() ? nullptr : kind.collection(place->collection);
    if (conflict.clash == Clash::removed) return collection != nullptr && rules.may_arrange(*collection, conflict.path).has_value();
    const auto* field = collection != nullptr ? collection->field(place->name) : kind.field(place->name);
    return field != nullptr && rules.may_write(*field, collection != nullptr ? collection->name : place->name, conflict.path).has_value();
}

} // namespace roadbook::merge
