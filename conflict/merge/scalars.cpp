#include "conflict/merge/scalars.hpp"

#include "shared/base/overloaded.hpp"

#include <fmt/format.h>

#include <charconv>

namespace roadbook::merge {
namespace {

using automerge::Scalar;
using schema::Type;
using schema::Value;

std::optional<Value> money_from(std::string_view text)
{
    std::int64_t minor = 0;
    const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), minor);
    const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    if (ec != std::errc{} || rest.size() != 4 || rest.front() != ' ') return std::nullopt;
    return Money{minor, std::string{rest.substr(1)}};
}

} // namespace

Scalar to_scalar(const Value& value)
{
    return std::visit(Overloaded{
                          [](std::monostate) -> Scalar { return std::monostate{}; },
                          [](bool b) -> Scalar { return b; },
                          [](std::int64_t n) -> Scalar { return n; },
                          [](const std::string& s) -> Scalar { return s; },
                          [](const Money& m) -> Scalar { return fmt::format("{} {}", m.minor, m.currency); },
                          [](Time t) -> Scalar { return std::int64_t{t.time_since_epoch().count()}; },
                          [](const RecordId& id) -> Scalar { return to_bytes(id.view()); },
                      },
                      value);
}

std::optional<Value> from_scalar(Type type, const Scalar& scalar)
{
    if (std::holds_alternative<std::monostate>(scalar)) return Value{};
    const auto* text = std::get_if<std::string>(&scalar);
    const auto* number = std::get_if<std::int64_t>(&scalar);
    switch (type) {
    case Type::text:
    case Type::note:
    case Type::choice:
    case Type::date: return text != nullptr ? std::optional<Value>{*text} : std::nullopt;
    case Type::integer:
    case Type::decimal:
    case Type::percent: return number != nullptr ? std::optional<Value>{*number} : std::nullopt;
    case Type::time: return number != nullptr ? std::optional<Value>{Time{Duration{*number}}} : std::nullopt;
    case Type::money: return text != nullptr ? money_from(*text) : std::nullopt;
    case Type::boolean: {
        const auto* flag = std::get_if<bool>(&scalar);
        return flag != nullptr ? std::optional<Value>{*flag} : std::nullopt;
    }
    case Type::reference: {
        const auto* bytes = std::get_if<Bytes>(&scalar);
        const auto id = bytes != nullptr ? RecordId::from(*bytes) : std::nullopt;
        return id ? std::optional<Value>{*id} : std::nullopt;
    }
    }
    return std::nullopt;
}

const automerge::Node* node_at(const automerge::Content& content, const std::vector<std::string>& path)
{
    const auto* node = &content.root;
    for (const auto& part : path)
        if (node != nullptr) node = node->find(part);
    return node;
}

std::string text_of(const Scalar& scalar)
{
    return std::visit(Overloaded{
                          [](std::monostate) { return std::string{}; },
                          [](bool b) { return std::string{b ? "true" : "false"}; },
                          [](std::int64_t n) { return fmt::format("{}", n); },
                          [](const std::string& s) { return s; },
                          [](const Bytes& b) { return to_hex(b); },
                          [](const automerge::Foreign& f) { return f.text; },
                      },
                      scalar);
}

} // namespace roadbook::merge
