#pragma once
// What can be asked of roadbookd, as data: filled by the command line, carried out by serve.hpp and administer.hpp.
#include "sync-server/admin/demo.hpp"
#include "sync-server/app/settings.hpp"

#include <variant>

namespace roadbook::server {

struct ServeCall {
    Wishes flags;
    std::string config; ///< empty: no settings file
};

struct PersonListCall {};
struct PersonAddCall { std::string name, role, title, email, phone, reports_to; };
struct PersonRoleCall { std::string person, role; };
struct PersonReportsToCall { std::string person, boss; bool nobody = false; };
struct CodeCall {
    std::string person;
    int minutes = 10; ///< as long as it takes to read it out or scan it
    std::string server; ///< for the QR code; empty: where this server last served
    bool qr = false;
};
struct PasswordCall { std::string person; };
struct RevokeCall { std::string who; };
struct ReadmitCall { std::string person; };
struct LeaverCall { std::string person; int days = 14; bool bring_back = false; };
struct SurrenderedListCall {};
struct SurrenderedSettleCall { std::int64_t number = 0; bool carry_out = false; };
struct DeviceListCall {};
struct DeviceRevokeCall { std::string device; };
struct DeviceAdmitCall { std::string device; };
struct DeviceRenameCall { std::string device, name; };
struct QuarantineListCall { bool all = false; };
struct QuarantineShowCall { std::string number; };
/// release, return or discard; `as`: by whose authority, empty: the administrator's.
struct QuarantineDecideCall { std::string verb; std::vector<std::string> numbers; std::string as, reason; };
struct NumbersCall {};
struct FindingsCall {};
struct TerritoryListCall {};
struct TerritoryAssignCall { std::string territory, person; bool nobody = false, preview = false; };
struct ReassignCall { std::string territory, to, on; bool preview = false, undo = false; };
struct ImportCall { std::string folder; };
struct ImportDemoCall { DemoSize size; };
struct ImportFileCall {
    std::string format, kind, file, locale, zone = "UTC", currency, encoding;
    std::vector<std::string> skip, set; ///< set: COLUMN=VALUE each
    bool empty_clears = false, dry_run = false;
};
struct ImportListCall {};
struct ImportUndoCall { std::optional<std::int64_t> run; };
struct AuditListCall {
    std::string person, device, record, since, kind;
    int last = 200;
};
struct AuditVerifyCall { std::string head; };
struct AuditHeadCall {};
struct BackupCall { std::string file; };
struct RestoreCall { std::string file, keys; };
struct ConfirmRestoreCall { bool yes = false; std::vector<std::string> revoke; };
struct ExportPaymentsCall { std::string out, on, reference, by, again; bool dry_run = false; };
struct ExportCall { std::string format, kind, out, labels = "names", encoding = "utf-8", version = "4"; };

using AdminCommand = std::variant<PersonListCall, PersonAddCall, PersonRoleCall, PersonReportsToCall, CodeCall, DeviceListCall, DeviceRevokeCall, DeviceAdmitCall, DeviceRenameCall,
                                  QuarantineListCall, QuarantineShowCall, QuarantineDecideCall, NumbersCall, FindingsCall, TerritoryListCall, TerritoryAssignCall, ReassignCall, ImportCall, ImportDemoCall, ImportFileCall, ImportListCall,
                                  ImportUndoCall, ExportCall, ExportPaymentsCall, AuditListCall, AuditVerifyCall, AuditHeadCall, PasswordCall, RevokeCall, ReadmitCall,
                                  LeaverCall, SurrenderedListCall, SurrenderedSettleCall, BackupCall, RestoreCall, ConfirmRestoreCall>;

struct AdminCall {
    AdminCommand command;
    std::filesystem::path data;
    bool json = false;
};

using Call = std::variant<ServeCall, AdminCall>;

} // namespace roadbook::server
