// `reassign`: a territory goes to another person. Works without a network; what it would move only the server knows.
#include "mobile-app/headless/commands.hpp"
#include "mobile-app/headless/display_width.hpp"
#include "mobile-app/headless/text.hpp"
#include "shared/protocol/handover_words.hpp"
#include "shared/schema/called.hpp"

#include <fmt/format.h>

namespace roadbook::headless {
namespace {

constexpr int named_max = 100'000; // of one kind: a word is looked up among all of them

Result<RecordId> find_named(std::string_view kind, const std::string& word, replica::Replica& replica)
{
    storage::Query query;
    query.kind = kind;
    query.limit = named_max;
    const auto records = replica.list(query);
    if (!records) return records.error();
    std::vector<schema::Called<RecordId>> all;
    for (const auto& record : *records) all.push_back({record.id, schema::text_of(record, "name"), schema::text_of(record, "code")});
    return schema::find_called(kind, word, all, fmt::format("list {}", kind));
}

/// Nobody is there to ask: a hand-over is made all the same, and takes effect once the server has it.
bool is_offline(Errc code)
{
    return code == Errc::link_lost || code == Errc::timed_out || code == Errc::server_busy;
}

Result<protocol::v1::HandoverPreview> ask_preview(const RecordId& territory, const RecordId& to, const std::string& on, replica::Replica& replica)
{
    protocol::v1::Enquiry enquiry;
    auto& asked = *enquiry.mutable_handover();
    asked.set_territory(protocol::to_field(territory));
    asked.set_to(protocol::to_field(to));
    asked.set_on(on);
    auto reply = sync::ask(replica, enquiry);
    if (!reply) return reply.error();
    return std::move(*reply->mutable_handover());
}

Answer done(const ReassignCall& call, const std::optional<protocol::v1::HandoverPreview>& preview, const RecordId& territory, const RecordId& to, bool changed,
            replica::Replica& replica, const Form& form)
{
    if (form.json) {
        auto json = preview ? protocol::json_of(*preview)
                            : Json{{"territory", {{"id", territory.text()}, {"name", replica.title_of(territory)}}},
                                   {"to", {{"id", to.text()}, {"name", replica.title_of(to)}}},
                                   {"on", call.on.empty() ? Json(nullptr) : Json(call.on)}};
        json["previewed"] = preview.has_value();
        json["done"] = !call.preview;
        json["changed"] = changed;
        return json;
    }
    auto text = preview ? safe_lines(protocol::text_of(*preview)) : std::string{"no preview: the server cannot be reached, and only it knows what this moves and who holds unsent work\n"};
    if (call.preview) return text + "only a preview: nothing was changed\n";
    if (!changed) return text + "the territory's record says so already: nothing was written\n";
    text += call.on.empty() ? "handed over, once the server has it: it goes out with the next sync\n"
                            : fmt::format("will be handed over on {}, once the server has it: it goes out with the next sync\n", call.on);
    return text + "undo within 24 hours with --undo\n";
}

Result<Answer> undo(const RecordId& territory, replica::Replica& replica, const Form& form)
{
    const auto saved = replica.undo_handover(territory);
    if (!saved) return saved.error();
    const auto record = replica.show(territory)->merged.record;
    const auto holder = schema::reference_of(record, "holder");
    if (form.json)
        return Answer{Json{{"territory", {{"id", territory.text()}, {"name", schema::text_of(record, "name")}}},
                           {"holder", holder ? Json{{"id", holder->text()}, {"name", replica.title_of(*holder)}} : Json(nullptr)},
                           {"undone", true}}};
    return Answer{fmt::format("taken back, once the server has it: {} is {}\n", one_line(schema::text_of(record, "name")),
                              holder ? one_line(replica.title_of(*holder)) + "'s" : "vacant")};
}

} // namespace

Result<Answer> run(const ReassignCall& call, replica::Replica& replica, const Form& form)
{
    const auto territory = find_named("territory", call.territory, replica);
    if (!territory) return territory.error();
    if (call.undo) return undo(*territory, replica, form);
    if (call.to.empty()) return fail(Errc::bad_argument, "to whom? Name him with --to, or take the last hand-over back with --undo", "to");
    const auto to = find_named("person", call.to, replica);
    if (!to) return to.error();

    std::optional<protocol::v1::HandoverPreview> known;
    auto preview = ask_preview(*territory, *to, call.on, replica);
    if (preview) known = std::move(*preview);
    else if (call.preview || !is_offline(preview.error().code)) return advised(preview.error(), "nothing was changed: a preview needs the server");
    if (call.preview) return done(call, known, *territory, *to, false, replica, form);
    const auto saved = replica.hand_over(*territory, *to, call.on);
    if (!saved) return saved.error();
    return done(call, known, *territory, *to, saved->changed, replica, form);
}

} // namespace roadbook::headless
