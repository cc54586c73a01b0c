// Who is there: codes, passwords, tokens, devices that lost their access, and whatever was recorded and is played again.
#include "tests/system/attacks/intruder.hpp"
#include "tests/system/attacks/table.hpp"

#include <fmt/format.h>

#include <set>

namespace roadbook::attacks {
namespace {

v1::ClientFrame sign_in(const std::string& person, const std::string& password)
{
    auto frame = enrolment({});
    frame.mutable_enrol()->set_person(person);
    frame.mutable_enrol()->set_password(password);
    return frame;
}

std::string in_one_voice(const std::set<std::string>& answers)
{
    return answers.size() == 1 ? *answers.begin() + ", in the same words" : fmt::format("{} different answers", answers.size());
}

/// The refusal with its words, so that two can be compared.
std::string words(Arena& arena, const v1::ClientFrame& frame, std::uint32_t from = 0)
{
    Intruder stranger{arena, from};
    const auto answer = stranger.ask(frame);
    return answer && answer->has_refusal() ? answer->refusal().code() + ": " + answer->refusal().message() : "no refusal";
}

std::string code_of(const std::string& words)
{
    return words.substr(0, words.find(':'));
}

std::string wrong_greetings(Arena& arena)
{
    const auto ann = arena.enrol(arena.ann);
    const auto ben = arena.enrol(arena.ben);
    std::set<std::string> all;
    all.insert(words(arena, hello({ann.device, {}, {}})));
    all.insert(words(arena, hello({ann.device, std::string(32, 'x'), {}})));
    all.insert(words(arena, hello({std::string(16, 'x'), ann.token, {}})));
    all.insert(words(arena, hello({{}, ann.token, {}})));
    all.insert(words(arena, hello({ann.device, ben.token, {}})));
    const auto common = in_one_voice(all);
    return (all.size() == 1 ? code_of(*all.begin()) + common.substr(common.rfind(',')) : common) + ", " +
           Intruder{arena}.end_after(hello({ann.device, {}, {}}));
}

std::string wrong_codes(Arena& arena)
{
    const auto used = arena.code_for(arena.ann);
    if (!Intruder{arena}.ask(enrolment(used))->has_enrolled()) return "a good code was refused";
    const std::set<std::string> all{words(arena, enrolment("0000-0000-0000-0000")), words(arena, enrolment(used)), words(arena, enrolment(""))};
    return all.size() == 1 ? code_of(*all.begin()) + ", in the same words" : "different words";
}

std::string guessed_codes(Arena& arena)
{
    const auto from = arena.fresh_address();
    int wrong = 0;
    std::string last;
    while (wrong < 100 && (last = code_of(words(arena, enrolment(fmt::format("0000-0000-0000-{:04}", wrong)), from))) == "bad_code") ++wrong;
    const auto good = arena.code_for(arena.ann);
    const auto here = Intruder{arena, from}.ask(enrolment(good));
    const auto elsewhere = Intruder{arena}.ask(enrolment(good));
    return fmt::format("{} bad_code, then {}; a good code there {}, elsewhere {}", wrong, last, here->has_enrolled() ? "enrolled" : here->refusal().code(),
                       elsewhere->has_enrolled() ? "enrolled" : "refused");
}

/// Two a second are computed at all; a refusal for that reason says so, and is no answer about the password.
std::string guessed_passwords(Arena& arena)
{
    const auto from = arena.fresh_address();
    std::set<std::string> all;
    for (const auto* name : {"Ann", "Nobody at all"})
        for (int tries = 0; tries < 50; ++tries) {
            const auto answer = words(arena, sign_in(name, "not her password at all"), from);
            if (code_of(answer) == "server_busy") continue;
            all.insert(answer);
            break;
        }
    return all.size() == 1 ? code_of(*all.begin()) + ", in the same words" : fmt::format("{} different answers", all.size());
}

std::string revoked_while_connected(Arena& arena)
{
    const auto lost = arena.enrol(arena.ann);
    Intruder thief{arena, lost};
    const auto start = std::chrono::steady_clock::now();
    arena.admin().revoke(DeviceId::from(as_bytes(lost.device)).value()).value();
    const auto end = thief.end();
    const auto soon = std::chrono::steady_clock::now() - start < std::chrono::seconds{1};
    return fmt::format("{}{}; again: {}", end, soon ? " within 1 s" : " late", name_of(*Intruder{arena}.ask(hello(lost))));
}

std::string replayed_push(Arena& arena)
{
    const auto who = arena.enrol(arena.ann);
    const auto task = new_id<RecordId>(system_clock().now(), system_random());
    const auto change = change_of(creation(task, "task", {{"subject", std::string{"once"}}, {"owner", arena.ann}}));
    std::string answers;
    for (int i = 0; i < 2; ++i) {
        Intruder device{arena, who};
        answers += device.push_one(task, change) + ", ";
    }
    Intruder other{arena, arena.enrol(arena.ann)};
    answers += other.push_one(task, change);
    return fmt::format("{}; {} entry in the audit log", answers, arena.audit_of(task).size());
}

std::string replayed_greeting(Arena& arena)
{
    Intruder device{arena, arena.enrol(arena.ann)};
    return device.end_after(hello(arena.enrol(arena.ann)));
}

std::string surrender_of_another(Arena& arena)
{
    const auto ann = arena.enrol(arena.ann);
    const auto ben = arena.enrol(arena.ben);
    v1::ClientFrame frame;
    frame.mutable_surrender()->set_version(protocol::version);
    frame.mutable_surrender()->set_device(ben.device);
    frame.mutable_surrender()->set_token(ann.token);
    const auto refused = Intruder{arena}.end_after(frame);
    return refused + ", " + name_of(*Intruder{arena}.ask(hello(ben)));
}

std::string other_verbs_while_surrendering(Arena& arena)
{
    const auto ann = arena.enrol(arena.ann);
    v1::ClientFrame frame;
    frame.mutable_surrender()->set_version(protocol::version);
    frame.mutable_surrender()->set_device(ann.device);
    frame.mutable_surrender()->set_token(ann.token);
    Intruder device{arena};
    static_cast<void>(device.ask(frame));
    v1::ClientFrame ask;
    ask.mutable_ask_part()->set_document(protocol::to_field(arena.visit));
    ask.mutable_ask_part()->set_sha256(protocol::to_field(arena.photo));
    return device.end_after(ask);
}

} // namespace

std::vector<Attack> attacks_on_identity()
{
    return {
        {"5", "no token, a wrong one, an unknown device, no device, another device's token", "bad_token, in the same words, refused bad_token, closed 4401", wrong_greetings},
        {"12, M9", "a wrong, a used, an empty code", "bad_code, in the same words", wrong_codes},
        {"12", "codes by guessing, from one address", "21 bad_code, then server_busy; a good code there server_busy, elsewhere enrolled", guessed_codes},
        {"8, 11", "a wrong password, and a name that nobody has", "bad_code, in the same words", guessed_passwords},
        {"13, 14", "a device that is revoked while it is connected", "refused revoked, closed 4401 within 1 s; again: refused revoked", revoked_while_connected},
        {"M9", "the same push again, and by another device", "accepted, accepted, accepted; 1 entry in the audit log", replayed_push},
        {"M9", "a second greeting on one connection", "refused bad_frame, closed 1002", replayed_greeting},
        {"21, 22", "another device's edits to be surrendered, and it wiped", "refused bad_token, closed 4401, welcome", surrender_of_another},
        {"22", "a file, in a session of surrender", "refused bad_frame, closed 1002", other_verbs_while_surrendering},
    };
}

} // namespace roadbook::attacks
