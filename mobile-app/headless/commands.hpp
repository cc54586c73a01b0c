#pragma once
// The commands, one function each: a replica and a call in, an answer out. Nothing here prints.
//
// Ownership: borrow the replica for the call. Threads: the replica's. Errors: bad_argument for a name, id or word that
// is wrong; otherwise the replica's own. Faults of the machine pass through as Fault; the caller's edge turns them into
// an error.
#include "mobile-app/headless/answer.hpp"
#include "mobile-app/headless/calls.hpp"
#include "mobile-app/headless/titles.hpp"
#include "mobile-app/sync/sync_runner.hpp"

namespace roadbook::headless {

[[nodiscard]] Result<Answer> run(const ListCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const SearchCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ShowCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const AddCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const SetCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const DeleteCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const UndeleteCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const AddItemCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const SetItemCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RemoveItemCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ConflictsCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const FindingsCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const MergeAccountsCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const UnmergeAccountsCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ResolveCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ResolveAllCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const JoinCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const PreviewCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const UndoCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ApproveCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const SignCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const PayCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const AttachCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const FetchCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RefusedListCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RefusedShowCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RefusedMendCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RefusedRetryCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const RefusedDropCall& call, replica::Replica& replica, const Form& form);
/// One object of the list of refused edits, with --json.
[[nodiscard]] Json json_of(const replica::RefusedEdit& edit, Titles& titles);
[[nodiscard]] Result<Answer> run(const QuarantineListCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Partly run(const QuarantineDecideCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const OutboxCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ReceiptsCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const StatusCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const EnrolCall& call, replica::Replica& replica, const Form& form, std::istream& in);
[[nodiscard]] Result<Answer> run(const ExportCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const ReassignCall& call, replica::Replica& replica, const Form& form);
[[nodiscard]] Result<Answer> run(const PinCall& call, replica::Replica& replica, const Form& form, std::istream& in);
/// Of a device whose records cannot be read now, for this reason: what its vault says.
[[nodiscard]] Answer locked_status(replica::Vault& vault, const Error& why, const Form& form);
[[nodiscard]] Result<Answer> run(const SchemaCall& call, const Form& form);

/// By the ending of a file's name, what programs call its type; empty: unknown.
[[nodiscard]] std::string media_type_of(const std::filesystem::path& file);
/// A failure of the line says what happened; what is safe and what to do depends on what was tried.
[[nodiscard]] Error advised(Error error, std::string_view advice);

/// What has become of a device that handed over its edits.
[[nodiscard]] Answer answer(const sync::Surrendered& done, const Form& form);
/// What a locked or revoked device has not sent; the replica must be closed. `why`: as sync::surrender().
[[nodiscard]] Result<Answer> surrender(replica::Vault& vault, const std::string& why, const Form& form);

/// One sync. `progress` hears from time to time what has come so far.
[[nodiscard]] Result<Answer> sync_once(replica::Replica& replica, const Form& form, const sync::Progress& progress);

} // namespace roadbook::headless
