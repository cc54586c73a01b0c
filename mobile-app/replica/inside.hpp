#pragma once
// What the parts of a replica share. Private to this room.
#include "conflict/findings/index.hpp"
#include "mobile-app/replica/conflict_table.hpp"
#include "mobile-app/replica/documents.hpp"
#include "mobile-app/replica/numbers.hpp"
#include "mobile-app/replica/people.hpp"
#include "mobile-app/replica/replica.hpp"
#include "mobile-app/replica/scopes.hpp"
#include "mobile-app/replica/whole_records.hpp"
#include "shared/storage/folder_lock.hpp"

namespace roadbook::replica {

/// Edits waiting for the server: a month of one busy rep, photos excluded.
inline constexpr std::int64_t outbox_max = 50'000;

struct Replica::Inside {
    Options options;
    std::optional<storage::FolderLock> lock; ///< unless the vault has it
    storage::Database db;
    storage::ReadModel read_model;
    Documents documents;
    Scopes scopes;
    People people;
    ConflictTable conflicts;
    findings::Index findings;
    Numbers numbers;
    std::optional<ActorId> actor_; ///< random, made at the first edit, never stored: a restored or cloned device cannot repeat one

    Inside(Options opened, std::optional<storage::FolderLock> held, storage::Database database)
        : options{std::move(opened)}, lock{std::move(held)}, db{std::move(database)}, read_model{db}, documents{db}, scopes{db}, people{db}, conflicts{db}, findings{db}, numbers{db, read_model}
    {
        numbers.set_install(options.folder / file_name);
    }

    [[nodiscard]] const ActorId& actor();
    /// By the server's clock, as far as it is known.
    [[nodiscard]] Time corrected_now();
    [[nodiscard]] std::string setting(std::string_view name);
    void set_setting(std::string_view name, std::string_view value);
    [[nodiscard]] std::int64_t setting_number(std::string_view name);
    [[nodiscard]] std::optional<Identity> identity();
    [[nodiscard]] std::int64_t count(std::string_view sql);
    [[nodiscard]] std::uint64_t bytes_stored();

    /// Brings read model, search and conflict table to what the document says now. Part of the caller's transaction.
    /// A withdrawn record stays hidden.
    enum class Judge { now, with_settle }; ///< what is found because of it; when many records come, findings.settle() before the commit
    void project(std::int64_t num, const merge::Merged& merged, Judge judge = Judge::now);
    void project(const Held& held); ///< nothing for a record type that only a newer app knows
    /// As Documents::hold, but not while the lease has run out, nor for a record whose scopes are all withdrawn: it only waits for its edits to be sent.
    [[nodiscard]] Result<Held*> hold_shown(const RecordId& id);
    /// Its user must know of which record he has unsent edits, also of one that was handed over.
    [[nodiscard]] std::string title_of_hidden(const RecordId& id);
    /// After a scope was withdrawn or granted again: its records vanish from lists and search, or come back.
    void show_or_hide(std::int64_t scope);
    /// Out of all that people see of it.
    void unproject(std::int64_t num, const RecordId& id, const std::string& kind);
    /// Reads every document anew: after a change of schema.
    void rebuild();
    /// After a failure in a transaction: nothing in memory may be newer than the file.
    void forget_memory();

    // findings.cpp
    [[nodiscard]] findings::Source finding_source();
    [[nodiscard]] RecordId standing_for(const RecordId& account);

    // locking.cpp
    [[nodiscard]] Result<void> may_read();
    [[nodiscard]] bool is_locked() { return !may_read(); }
    /// Device, token and server lie in the vault: one place, which is readable without the PIN.
    void move_credentials();
    /// A kill may have come between the two files: what waits here is sealed there, and nothing else.
    void reconcile_sealed();
    /// Before another key of a server is kept by `keep`, what is sealed to the former one is forgotten; it is sealed anew after it.
    void seal_to(const std::function<void()>& keep, ByteView server_key);
    /// The server has spoken: lease, key to seal to, and a new token when it gives one.
    void note_contact(const protocol::v1::Welcome& welcome);

    // editing.cpp
    /// `final_number`: it is used up with this edit, which puts it in the place of a provisional one.
    /// `beside`: made on the record as it was at these heads, by an author of its own, so that it replaces nothing written since.
    [[nodiscard]] Result<Saved> save(merge::Intent intent, std::optional<Numbers::Given> final_number = {}, const std::vector<Hash>& beside = {});
    [[nodiscard]] Result<std::optional<automerge::Change>> commit_beside(automerge::Document& document, const std::vector<Hash>& heads,
                                                                         std::span<const automerge::Edit> edits);
    /// A new record that has no number gets the next one of this installation's, or a provisional one.
    [[nodiscard]] std::optional<Numbers::Given> number(merge::Intent& intent, const schema::Kind& kind);
    /// Records with a provisional number get a final one, as far as there are leases now.
    void number_provisional();
    [[nodiscard]] Result<void> check_lengths(const merge::Intent& intent, const schema::Kind& kind);
    [[nodiscard]] Result<void> check_circles(const merge::Intent& intent, const schema::Kind& kind);
    [[nodiscard]] bool is_here(std::string_view kind, const RecordId& id);
    [[nodiscard]] std::int64_t company_seq(const schema::Kind& kind);
    [[nodiscard]] Result<void> check_scopes(const schema::Record& record, const schema::Kind& kind);
    void join_scopes(std::int64_t num, const RecordId& id, const schema::Kind& kind);
    [[nodiscard]] std::optional<std::vector<ScopeRow>> scopes_by(const schema::ScopeRule& rule, const schema::Kind& kind, const schema::Record& record);
    void name_owner(merge::Intent& intent, const schema::Kind& kind, const RecordId& me);

    /// Behind all other entries of the collection.
    [[nodiscard]] static std::string position_in(const schema::Record& record, std::string_view collection);

    // endorsing.cpp
    void show_endorsed(const Held& held, const automerge::Content& content, Shown& shown);
    [[nodiscard]] std::optional<rules::ExpensePolicy> policy_of(const schema::Record& report);
    [[nodiscard]] Result<bool> is_over_limit(const schema::Record& record);

    // attachments.cpp
    /// Into the replica's own tables, in parts; a record is to name it next.
    Hash keep_file(std::int64_t document, ByteView bytes);
    void drop_unnamed_files();
    [[nodiscard]] std::vector<FileWaiting> files_waiting();
    [[nodiscard]] Bytes file_part(const Hash& file, std::int64_t offset, std::size_t bytes_max);
    /// For the vault. Gives the ids of all its parts.
    std::vector<IntentId> seal_file(const RecordId& record, const Hash& file, std::int64_t size);
    /// The server was restored: it is asked about every file that is whole here, and gets those that it has lost.
    void send_files_anew();
    /// Its record goes with a refusal: what it has to send waits for whoever lets the edit through.
    void keep_files_of_refused(std::int64_t document, const RecordId& record);
    [[nodiscard]] bool is_named_by_refused(const RecordId& record, const Hash& file);
    void settle_files_of_refused();
    void drop_file(std::int64_t document, const Hash& file);
    [[nodiscard]] schema::Fields file_entry(std::string_view name, std::string_view media_type, ByteView bytes, const Hash& hash);
    // resolving.cpp, undo.cpp
    /// May the user of this device settle it, by the rules of writing?
    [[nodiscard]] bool may_decide(const schema::Kind& kind, const automerge::Content& content, const merge::Conflict& conflict);
    /// The last change of a record that was made on this device.
    [[nodiscard]] Result<std::optional<automerge::Change>> last_of_mine(const Held& held);

    // inbox.cpp
    [[nodiscard]] Result<std::int64_t> store_page(const protocol::v1::Page& page);
    [[nodiscard]] Result<std::int64_t> store_pack(const protocol::v1::Pack& pack);
    [[nodiscard]] Result<std::int64_t> store_block(const protocol::v1::Pack& frame, ScopeRow& scope, const Hash& running_hash);
    [[nodiscard]] Result<std::int64_t> store_ahead(const protocol::v1::Ahead& ahead);
    /// The whole block once its last part has come; nothing before. Errors: bad_frame for one that does not follow, or another hash.
    [[nodiscard]] Result<std::optional<protocol::v1::Pack>> join_parts(const protocol::v1::Pack& part, const ScopeRow& scope);
    enum class Come { by_pack, ahead };
    [[nodiscard]] Result<void> take_records(const protocol::v1::RecordList& list, std::int64_t scope, Come come);
    [[nodiscard]] Result<std::int64_t> take_whole(const protocol::v1::RecordList& list, const protocol::v1::WholeRecord& whole, OpenedRecord& opened);
    void project(std::int64_t num, const OpenedRecord& opened, Judge judge = Judge::now);
    void purge(const protocol::v1::Purge& purge);
    void let_go();
    /// Its last bytes go with scrub_if_due().
    void erase_if_orphan(std::int64_t document);
    /// After its edits were answered. One that was in no scope here yet stays: its territory may be as new as itself, and comes with the feeds.
    void erase_if_left(std::int64_t document);
    /// All that there was has come: what no scope has brought is nowhere that this person sees.
    void erase_homeless();
    /// A record has gone since the last scrub. Outside of a transaction; some 10 ms a MB, so once for all that a connection brings.
    void scrub_if_due();
    void drop_doubted(std::int64_t scope);
    /// Edits without an answer, files that the server has not confirmed, or edits as data that are nowhere else.
    [[nodiscard]] bool has_unsent(std::int64_t document);
    /// An edit that the server had accepted, as data again: it goes into the outbox anew and may be refused this time. A sealed one is not judged
    /// again, so of that only what it is about.
    [[nodiscard]] static merge::Intent edit_again(const Held& held, const automerge::Change& change, const merge::Attribution& by, bool is_sealed);
    /// Its creation waits in the outbox.
    [[nodiscard]] bool is_made_here(std::int64_t document);

    // recovery.cpp
    [[nodiscard]] bool is_waiting(std::int64_t document, const Hash& hash);

    // refusals.cpp
    /// What the server is told of them with each Hello, and what it says in the Welcome.
    void report_refused(protocol::v1::RefusedReport& report);
    void adopt_refused(const protocol::v1::RefusedNews& news);
    [[nodiscard]] std::optional<RecordId> record_of_refused(const IntentId& intent);
    /// The record goes from here. What the server keeps of edits of it stays there; here stays that there was one, so that its user hears what
    /// becomes of it: type, time and code, but no content and no id of the record.
    void forget_content_of_refused(const RecordId& record);

    // settlement.cpp
    [[nodiscard]] Settlement settle(std::span<const std::int64_t> sequences, std::span<const protocol::v1::Answer> exceptions);
    [[nodiscard]] Outgoing take_outbox(std::int64_t after, int changes_max, std::size_t bytes_max);
};

} // namespace roadbook::replica
