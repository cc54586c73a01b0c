#pragma once
// What an import compares with, in memory: records by id, and what the last import said of them.
#include "shared/exchange/import_plan.hpp"

#include <algorithm>
#include <random>

namespace roadbook::testing {

class ExchangeWorld : public exchange::Known {
public:
    const exchange::Index& index(const schema::Kind& kind) override { return indices_[kind.name]; }
    std::optional<schema::Record> record(const RecordId& id) override
    {
        const auto found = records.find(id);
        return found == records.end() ? std::nullopt : std::optional{found->second};
    }
    const Memory& memory(const RecordId& id) override { return memories[id]; }

    void put(const schema::Record& record, std::string_view external_id = {})
    {
        records[record.id] = record;
        indices_[record.kind].add(*schema::find_kind(record.kind), record, external_id);
    }
    /// Of a kind whose records are only referred to.
    void put_name(const std::string& kind, const RecordId& id, std::string_view title) { indices_[kind].add(id, {}, {}, title); }

    /// Carries a plan out, as who keeps the records does.
    void carry_out(const exchange::ImportPlan& plan)
    {
        for (const auto& planned : plan.records) {
            if (planned.outcome == exchange::Outcome::refused) continue;
            auto made = records.contains(planned.id) ? records[planned.id] : schema::Record{planned.id, plan.kind, {}, {}, {}, {}};
            for (const auto& step : planned.difference.edit.steps) apply(made, step);
            records[planned.id] = made;
            if (planned.outcome == exchange::Outcome::create) put(made, planned.external_id);
            for (const auto& [path, text] : planned.said) memories[planned.id].texts[path] = text;
        }
    }

    std::map<RecordId, schema::Record> records;
    std::map<RecordId, Memory> memories;

private:
    static void set(schema::Fields& fields, const schema::Fields& values)
    {
        for (const auto& [name, value] : values) {
            if (schema::is_empty(value)) fields.erase(name);
            else fields[name] = value;
        }
    }
    static void apply(schema::Record& record, const exchange::Edit::Step& step)
    {
        if (step.collection.empty()) return set(record.fields, step.values);
        auto& children = record.collections[step.collection];
        auto child = std::find_if(children.begin(), children.end(), [&](const auto& one) { return one.id == step.child; });
        if (child == children.end()) child = children.insert(children.end(), schema::Child{step.child, {}, false});
        if (step.values.contains("removed")) child->removed = true;
        else set(child->fields, step.values);
    }

    std::map<std::string, exchange::Index> indices_;
};

/// Any record of any kind that breaks no rule, from a seed.
class RandomRecords {
public:
    explicit RandomRecords(unsigned seed) : engine_{seed} {}

    schema::Record record(const schema::Kind& kind)
    {
        schema::Record made{id<RecordId>(), kind.name, fields(kind.fields), {}, {}, {}};
        for (const auto& collection : kind.collections) {
            auto& children = made.collections[collection.name];
            for (auto count = number(0, 3); count > 0; --count) {
                schema::Child child{id<ChildId>(), fields(collection.fields), false};
                child.fields["position"] = "a" + std::string(1, static_cast<char>('a' + children.size()));
                children.push_back(std::move(child));
            }
            if (children.empty()) made.collections.erase(collection.name);
        }
        return made;
    }
    /// A few records that references of a kind point to.
    static RecordId target(const std::string& kind, std::int64_t which) { return id_from_name<RecordId>("target", kind + std::to_string(which)); }
    static constexpr std::int64_t targets = 5;

    std::int64_t number(std::int64_t least, std::int64_t greatest) { return std::uniform_int_distribution{least, greatest}(engine_); }

private:
    template <class AnyId>
    AnyId id()
    {
        AnyId made;
        for (auto& byte : made.bytes) byte = static_cast<std::byte>(number(0, 255));
        return made;
    }

    schema::Fields fields(const std::vector<schema::Field>& declared)
    {
        schema::Fields made;
        for (const auto& field : declared)
            if (field.is_required || number(0, 2) > 0) made[field.name] = value(field);
        return made;
    }

    std::string text(const schema::Field& field)
    {
        static const std::vector<std::string> parts{"a", "Z", "9", " ", ",", ";", "\"", "'", "=", "+", "-", "@", ".", "é", "ß", "杭", "州", "，", "😀", "\\", "|"};
        std::string made = number(0, 3) == 0 ? parts[static_cast<std::size_t>(number(6, 11))] : "";
        made += "x";
        for (auto count = number(0, 12); count > 0; --count) {
            auto part = parts[static_cast<std::size_t>(number(0, static_cast<std::int64_t>(parts.size()) - 1))];
            if (field.type == schema::Type::note && number(0, 9) == 0) part = number(0, 1) == 0 ? "\n" : "\t";
            if (made.size() + part.size() <= field.length_max) made += part;
        }
        return made;
    }

    schema::Value value(const schema::Field& field)
    {
        constexpr std::int64_t wide = 1'000'000'000'000'000;
        const auto bounded = [&](std::int64_t most) { return number(std::max(field.least, -most), std::min(field.greatest, most)); };
        constexpr Duration day{std::chrono::days{1}};
        const Time time{Duration{number(-2'000'000'000'000, 7'000'000'000'000)}};
        switch (field.type) {
        case schema::Type::text:
        case schema::Type::note: return text(field);
        case schema::Type::integer:
        case schema::Type::decimal:
        case schema::Type::percent: return bounded(wide);
        case schema::Type::money: return Money{bounded(money_minor_max), std::vector<std::string>{"EUR", "CNY", "JPY", "KWD"}[static_cast<std::size_t>(number(0, 3))]};
        case schema::Type::date: return to_text(Time{time.time_since_epoch() / day * day}).substr(0, 10);
        case schema::Type::time: return time;
        case schema::Type::boolean: return number(0, 1) == 1;
        case schema::Type::choice: return std::string{field.choices[static_cast<std::size_t>(number(0, std::ssize(field.choices) - 1))].value};
        case schema::Type::reference: return target(field.target, number(0, targets - 1));
        }
        return {};
    }

    std::mt19937 engine_;
};

} // namespace roadbook::testing
