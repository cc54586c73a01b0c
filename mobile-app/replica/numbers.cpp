#include "mobile-app/replica/numbers.hpp"

#include "mobile-app/replica/install.hpp"

namespace roadbook::replica {
namespace {

constexpr auto select_next = R"sql(
    SELECT next FROM number_lease WHERE record_type = :type AND period = :period AND install = :install AND next <= last ORDER BY first LIMIT 1)sql";
constexpr auto use_next = R"sql(
    UPDATE number_lease SET next = next + 1 WHERE record_type = :type AND period = :period AND install = :install AND next = :count)sql";
constexpr auto select_left = R"sql(
    SELECT coalesce(sum(last - next + 1), 0), coalesce(max(first), 0) FROM number_lease
     WHERE record_type = :type AND period = :period AND install = :install)sql";
constexpr auto insert_lease = R"sql(
    INSERT INTO number_lease (record_type, period, first, next, last, install) VALUES (:type, :period, :first, :first, :last, :install)
        ON CONFLICT DO NOTHING)sql";
constexpr auto select_all_left = R"sql(
    SELECT record_type, period, sum(last - next + 1) FROM number_lease WHERE install = :install
     GROUP BY record_type, period ORDER BY record_type, period)sql";
constexpr auto select_leases = "SELECT record_type, period, first, last FROM number_lease WHERE install = :install ORDER BY record_type, period, first";
constexpr auto insert_provisional = "INSERT INTO number_provisional (record, kind) VALUES (:record, :kind) ON CONFLICT DO NOTHING";
constexpr auto select_provisional = "SELECT record, kind FROM number_provisional ORDER BY record";
constexpr auto delete_provisional = "DELETE FROM number_provisional WHERE record = :record";

} // namespace

void Numbers::set_install(const std::filesystem::path& file)
{
    install_ = install_of(file);
}

rules::NumberRule Numbers::rule_of(const schema::Kind& kind)
{
    rules::NumberRule rule;
    rule.prefix = kind.number_field()->number_prefix;
    if (schema::find_kind("numbering_rule") == nullptr) return rule;
    storage::Query query;
    query.kind = "numbering_rule";
    const auto records = read_model_.list(query);
    if (!records) return rule;
    const schema::Record* newest = nullptr;
    for (const auto& record : *records)
        if (schema::text_of(record, "record_type") == kind.name && (newest == nullptr || newest->id < record.id)) newest = &record;
    return newest == nullptr ? rule : rules::number_rule_from(*newest, rule);
}

Numbers::Given Numbers::next(const schema::Kind& kind, const RecordId& record, Time now)
{
    const auto rule = rule_of(kind);
    Given given{{}, 0, rules::period_of(rule.period, now)};
    auto rows = db_.statement(select_next);
    rows.bind(":type", std::string_view{kind.name}).bind(":period", std::string_view{given.period}).bind(":install", install_);
    if (rows.step()) given.count = rows.integer(0);
    given.text = given.count == 0 ? rules::provisional_number(rule, record) : rules::number_text(rule, given.period, given.count);
    return given;
}

void Numbers::use(const schema::Kind& kind, const RecordId& record, const Given& given)
{
    if (given.count == 0) {
        db_.statement(insert_provisional).bind(":record", record).bind(":kind", std::string_view{kind.name}).run();
        return;
    }
    db_.statement(use_next)
        .bind(":type", std::string_view{kind.name})
        .bind(":period", std::string_view{given.period})
        .bind(":install", install_)
        .bind(":count", given.count)
        .run();
    settle(record);
}

void Numbers::add_wants(protocol::v1::Hello& hello, schema::Role role, Time now)
{
    if (install_.empty()) return;
    for (const auto& kind : schema::kinds()) {
        if (kind.number_field() == nullptr || !kind.creators.has(role)) continue;
        const auto rule = rule_of(kind);
        const auto want = [&](const std::string& period, std::int64_t enough) {
            auto rows = db_.statement(select_left);
            rows.bind(":type", std::string_view{kind.name}).bind(":period", std::string_view{period}).bind(":install", install_);
            rows.step();
            if (rows.integer(0) >= enough) return;
            auto& wanted = *hello.add_wants();
            wanted.set_record_type(kind.name);
            wanted.set_period(period);
            wanted.set_newest(rows.integer(1));
        };
        const auto period = rules::period_of(rule.period, now);
        want(period, rule.block / 2 + 1);
        if (const auto following = rules::next_period(rule.period, now); following != period) want(following, 1);
    }
    if (hello.wants_size() != 0) hello.set_install(protocol::to_field(install_));
}

void Numbers::add_leases(protocol::v1::Offer& offer)
{
    if (install_.empty()) return;
    auto rows = db_.statement(select_leases);
    rows.bind(":install", install_);
    while (rows.step()) {
        auto& lease = *offer.add_leases();
        lease.set_record_type(rows.text(0));
        lease.set_period(rows.text(1));
        lease.set_first(rows.integer(2));
        lease.set_count(rows.integer(3) - rows.integer(2) + 1);
    }
    offer.set_install(protocol::to_field(install_));
}

void Numbers::adopt(const protocol::v1::Welcome& welcome)
{
    for (const auto& lease : welcome.leases()) {
        if (lease.first() < 1 || lease.count() < 1 || lease.count() > rules::number_block_max) continue;
        db_.statement(insert_lease)
            .bind(":type", std::string_view{lease.record_type()})
            .bind(":period", std::string_view{lease.period()})
            .bind(":first", lease.first())
            .bind(":last", lease.first() + lease.count() - 1)
            .bind(":install", install_)
            .run();
    }
}

std::vector<Numbers::Waiting> Numbers::provisional()
{
    auto rows = db_.statement(select_provisional);
    std::vector<Waiting> found;
    while (rows.step()) found.push_back({rows.id<RecordId>(0), schema::find_kind(rows.text_view(1))});
    return found;
}

void Numbers::settle(const RecordId& record)
{
    db_.statement(delete_provisional).bind(":record", record).run();
}

std::vector<Numbers::Left> Numbers::left()
{
    auto rows = db_.statement(select_all_left);
    rows.bind(":install", install_);
    std::vector<Left> found;
    while (rows.step()) found.push_back({rows.text(0), rows.text(1), rows.integer(2)});
    return found;
}

} // namespace roadbook::replica
