#pragma once
// What can be asked of a device, as data: one struct a command, filled by the command line, carried out by
// commands.hpp.
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace roadbook::headless {

using Words = std::vector<std::string>;

struct EnrolCall {
    std::string server, code, ca, pin, name;
    std::string link; ///< what the QR code holds: server, code and pin in one
    std::string person; ///< with a password, in place of a code
    std::filesystem::path password_file;
};
struct SyncCall {
    bool watch = false, progress = false;
};
struct ListCall {
    std::string kind;
    Words where; ///< F=V each
    std::string order;
    bool descending = false;
    int limit = 0; ///< 0: all
    int offset = 0;
    Words columns; ///< of the table; empty: what tells records of this kind apart
    bool ids_only = false;
};
struct ShowCall {
    std::string id;
    bool history = false;
    std::string as_of;
    std::string approval; ///< as the author of this approval or signature saw it
};
struct AddCall {
    std::string kind;
    Words fields;
    std::string reason;
    bool ids_only = false;
};
struct SetCall {
    std::string id;
    Words fields;
    std::string reason;
};
struct DeleteCall {
    std::string id, reason;
};
struct UndeleteCall {
    std::string id, reason;
};
struct AddItemCall {
    std::string id, collection;
    Words fields;
    bool ids_only = false;
};
struct SetItemCall {
    std::string id, collection, item;
    Words fields;
    std::string reason;
};
struct RemoveItemCall {
    std::string id, collection, item;
};
struct SearchCall {
    Words text;
    std::string kind;
    int limit = 50;
    bool ids_only = false;
};
struct ConflictsCall {
    bool all = false;
};
struct FindingsCall {
    bool all = false;
    bool dismissed = false;         ///< list what was dismissed instead
    std::string dismiss, restore;   ///< names of findings; at most one of the two
    std::string reason;             ///< with dismiss
};
struct MergeAccountsCall {
    std::string keep, other, reason;
};
struct UnmergeAccountsCall {
    std::string other, reason;
};
struct ResolveCall {
    std::string id, path, value, reason;
    bool keep_both = false;
};
struct ResolveAllCall {
    std::string kind, field, take = "shown", reason; ///< take: shown, newest, or a person's id or name
};
struct JoinCall {
    std::string id, collection, item, reason;
    bool keep_both = false;
};
struct PreviewCall {};
struct UndoCall {
    std::string id, change, reason;
};
struct AttachCall {
    std::string id, file, name, entry;
};
struct FetchCall {
    std::string id, name, to;
};
struct ApproveCall {
    std::string id, reason;
    bool reject = false;
};
struct SignCall {
    std::string id, name, title, image;
};
struct PayCall {
    std::string id, reference;
};
struct ExportCall {
    std::string kind, format = "csv", out;
};
struct ReassignCall {
    std::string territory, to, on;
    bool preview = false, undo = false;
};
struct SurrenderCall {};
struct RefusedListCall {};
struct RefusedShowCall { std::string intent; };
/// mend: with changed fields; retry: as it was, one or more.
struct RefusedMendCall {
    std::string intent;
    Words fields, without; ///< FIELD=VALUE, and FIELD: paths as the list has them
};
struct RefusedRetryCall { Words intents; };
struct RefusedDropCall { Words intents; };
/// What waits for a decision on the server, of the people whom one leads.
struct QuarantineListCall {};
struct QuarantineDecideCall { std::string verb; Words numbers; std::string reason; }; ///< show, release, return, discard
struct OutboxCall {};
struct ReceiptsCall {};
struct StatusCall {};
struct PinCall {
    std::string action; ///< set, change or remove
    std::filesystem::path new_pin_file; ///< empty: ROADBOOK_NEW_PIN; -: a line of standard input
};
struct BatchCall {
    bool keep_going = false;
};
struct SchemaCall {
    std::string kind;
    bool markdown = false; ///< all of them, as a page
    bool rules = false;    ///< the rules of merging, as a page
};

using Command =
    std::variant<EnrolCall, SyncCall, ListCall, ShowCall, AddCall, SetCall, DeleteCall, UndeleteCall, AddItemCall, SetItemCall,
                 RemoveItemCall, SearchCall, ConflictsCall, FindingsCall, MergeAccountsCall, UnmergeAccountsCall, ResolveCall, ResolveAllCall, JoinCall, UndoCall,
                 PreviewCall, OutboxCall, ReceiptsCall, StatusCall, BatchCall, SchemaCall, ExportCall, PinCall, SurrenderCall,
                 RefusedListCall, RefusedShowCall, RefusedMendCall, RefusedRetryCall, RefusedDropCall, QuarantineListCall,
                 QuarantineDecideCall, AttachCall, FetchCall, ApproveCall, SignCall, PayCall, ReassignCall>;

/// A whole call: the command and what holds for each.
struct Call {
    Command command;
    std::filesystem::path data;
    std::filesystem::path pin_file; ///< empty: ROADBOOK_PIN; -: the first line of standard input
    bool json = false;
    bool chinese = false; ///< says in Chinese why something is refused
    bool verbose = false;
};

} // namespace roadbook::headless
