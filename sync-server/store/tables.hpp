#pragma once
// The server's tables. The change log is the record; a snapshot is a cache that can be made again from it.
#include "shared/storage/database.hpp"

namespace roadbook::store {

inline constexpr storage::Migration tables[] = {
    {1, R"sql(
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE document (
            num      INTEGER PRIMARY KEY,
            id       BLOB NOT NULL UNIQUE,
            kind     TEXT NOT NULL,
            snapshot BLOB NOT NULL) STRICT;   -- verified save, replaced with each accepted batch
        CREATE INDEX document_kind ON document (kind);

        -- An actor belongs to the device that first used it, for ever.
        CREATE TABLE author (
            num    INTEGER PRIMARY KEY,
            actor  BLOB NOT NULL UNIQUE,
            person BLOB NOT NULL,
            device BLOB NOT NULL) STRICT;

        CREATE TABLE change (
            num          INTEGER PRIMARY KEY,
            document     INTEGER NOT NULL REFERENCES document,
            hash         BLOB NOT NULL,
            author       INTEGER NOT NULL REFERENCES author,
            seq          INTEGER NOT NULL,
            bytes        BLOB NOT NULL,
            device_time  INTEGER NOT NULL,
            clock_offset INTEGER NOT NULL,
            received_at  INTEGER NOT NULL,
            intent       BLOB NOT NULL,
            reason       TEXT NOT NULL,
            late         INTEGER NOT NULL,
            UNIQUE (document, author, seq)) STRICT;
        CREATE UNIQUE INDEX change_hash ON change (hash, document);

        CREATE TABLE scope (
            num          INTEGER PRIMARY KEY,
            id           BLOB NOT NULL UNIQUE,
            seq          INTEGER NOT NULL,
            running_hash BLOB NOT NULL) STRICT;
        CREATE TABLE feed (
            scope        INTEGER NOT NULL REFERENCES scope,
            seq          INTEGER NOT NULL,
            kind         INTEGER NOT NULL,      -- protocol Entry.Kind
            document     INTEGER NOT NULL REFERENCES document,
            change       INTEGER REFERENCES change,
            move         BLOB,
            running_hash BLOB NOT NULL,
            PRIMARY KEY (scope, seq)) STRICT, WITHOUT ROWID;
        CREATE TABLE membership (
            scope    INTEGER NOT NULL REFERENCES scope,
            document INTEGER NOT NULL REFERENCES document,
            PRIMARY KEY (scope, document)) STRICT, WITHOUT ROWID;
        CREATE INDEX membership_document ON membership (document);
        -- A record that is wherever another one is.
        CREATE TABLE hangs_on (
            document INTEGER NOT NULL REFERENCES document,
            target   BLOB NOT NULL,
            PRIMARY KEY (document, target)) STRICT, WITHOUT ROWID;
        CREATE INDEX hangs_on_target ON hangs_on (target);

        -- What a person was granted, by the epochs of his grants; open rows are in force.
        CREATE TABLE grant_row (
            person       BLOB NOT NULL,
            scope        BLOB NOT NULL,
            from_epoch   INTEGER NOT NULL,
            until_epoch  INTEGER,
            withdrawn_at INTEGER,
            PRIMARY KEY (person, scope, from_epoch)) STRICT, WITHOUT ROWID;
        CREATE TABLE grant_epoch (person BLOB PRIMARY KEY, epoch INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE enrolment_code (
            code_hash  BLOB PRIMARY KEY,
            person     BLOB NOT NULL,
            expires_at INTEGER NOT NULL,
            used_at    INTEGER) STRICT, WITHOUT ROWID;
        CREATE TABLE device (
            id              BLOB PRIMARY KEY,
            person          BLOB NOT NULL,
            name            TEXT NOT NULL,
            token_hash      BLOB NOT NULL,
            enrolled_at     INTEGER NOT NULL,
            revoked_at      INTEGER,
            last_contact    INTEGER,
            app_version     TEXT NOT NULL DEFAULT '',
            clock_offset    INTEGER NOT NULL DEFAULT 0,
            unsent          INTEGER NOT NULL DEFAULT 0,
            confirmed_epoch INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

        -- Refused edits, whole and with their reason: nothing that a user was told is saved is dropped.
        CREATE TABLE quarantine (
            num         INTEGER PRIMARY KEY,
            device      BLOB NOT NULL,
            person      BLOB NOT NULL,
            document    BLOB NOT NULL,
            hash        BLOB NOT NULL,
            change      BLOB NOT NULL,
            intent      BLOB NOT NULL,
            device_time INTEGER NOT NULL,
            edit_reason TEXT NOT NULL,
            code        TEXT NOT NULL,
            field       TEXT NOT NULL,
            reason      TEXT NOT NULL,
            received_at INTEGER NOT NULL,
            UNIQUE (document, hash, device)) STRICT;
        CREATE INDEX quarantine_device ON quarantine (device);
    )sql"},
    {2, R"sql(
        -- A record that left a scope and has not come back: edits of those who had not heard of it are still taken.
        CREATE TABLE departure (
            document INTEGER NOT NULL REFERENCES document,
            scope    INTEGER NOT NULL REFERENCES scope,
            seq      INTEGER NOT NULL,          -- of the scope's LEAVE entry
            left_at  INTEGER NOT NULL,
            PRIMARY KEY (document, scope)) STRICT, WITHOUT ROWID;
        CREATE INDEX departure_scope ON departure (scope, seq);
        -- These devices have read the LEAVE and had nothing unsent.
        CREATE TABLE departure_confirmed (
            document INTEGER NOT NULL,
            scope    INTEGER NOT NULL,
            device   BLOB NOT NULL,
            PRIMARY KEY (document, scope, device),
            FOREIGN KEY (document, scope) REFERENCES departure ON DELETE CASCADE) STRICT, WITHOUT ROWID;
    )sql"},
    {3, R"sql(
        -- Blocks of numbers: one installation's each, so that devices number records offline and no two alike.
        CREATE TABLE number_lease (
            record_type TEXT NOT NULL,
            period      TEXT NOT NULL,
            first       INTEGER NOT NULL,
            count       INTEGER NOT NULL,
            device      BLOB NOT NULL,
            install     BLOB NOT NULL,
            leased_at   INTEGER NOT NULL,
            PRIMARY KEY (record_type, period, first)) STRICT, WITHOUT ROWID;
        CREATE INDEX number_lease_device ON number_lease (device, install, record_type, period, first);
        CREATE TABLE number_use (
            document    INTEGER PRIMARY KEY REFERENCES document,
            record_type TEXT NOT NULL,
            number      TEXT NOT NULL) STRICT;
        CREATE INDEX number_use_number ON number_use (record_type, number);
    )sql"},
    {4, R"sql(
        -- What was decided, by whom and when; store/audit.hpp. Nothing here is ever changed or taken out.
        CREATE TABLE audit (
            seq     INTEGER PRIMARY KEY,
            at      INTEGER NOT NULL,
            kind    TEXT NOT NULL,
            person  BLOB NOT NULL,
            device  BLOB NOT NULL,
            subject BLOB NOT NULL,
            items   BLOB NOT NULL,
            detail  TEXT NOT NULL,
            hash    BLOB NOT NULL) STRICT;
        CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
        CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
        -- also against INSERT OR REPLACE, which deletes without the trigger above
        CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM audit)
            BEGIN SELECT RAISE(ABORT, 'the audit log is only appended to'); END;
    )sql"},
    {5, "ALTER TABLE quarantine ADD COLUMN reason_zh TEXT NOT NULL DEFAULT '';"}, // reason, in Chinese; empty: there is none
    {6, R"sql(
        -- Edits of locked and revoked devices, as their users made them; each waits for somebody to decide.
        CREATE TABLE surrendered (
            num         INTEGER PRIMARY KEY,
            device      BLOB NOT NULL,
            person      BLOB NOT NULL,
            intent      BLOB NOT NULL,
            document    BLOB,                   -- NULL: it does not open with the server's key
            kind        TEXT NOT NULL,
            why         TEXT NOT NULL,
            content     BLOB NOT NULL,          -- the edit as data; as it came, if it does not open
            device_time INTEGER NOT NULL,
            received_at INTEGER NOT NULL,
            UNIQUE (device, intent)) STRICT;

        -- A token given out in place of an older one, which holds until one of these was used.
        CREATE TABLE next_token (
            device    BLOB NOT NULL REFERENCES device,
            hash      BLOB NOT NULL,
            issued_at INTEGER NOT NULL,
            PRIMARY KEY (device, hash)) STRICT, WITHOUT ROWID;
        ALTER TABLE device ADD COLUMN token_at INTEGER;         -- NULL: since it was enrolled
        ALTER TABLE device ADD COLUMN wiped_at INTEGER;
        ALTER TABLE device ADD COLUMN bytes_stored INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE password (
            person   BLOB PRIMARY KEY,
            hash     TEXT NOT NULL,
            failures INTEGER NOT NULL DEFAULT 0,               -- in a row
            next_try INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
        -- Who may come in no more, with any device.
        CREATE TABLE revoked_person (person BLOB PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    )sql"},
    {7, R"sql(
        -- Files that records name, and those of them that are here, whole.
        CREATE TABLE attachment_reference (
            document INTEGER NOT NULL REFERENCES document,
            hash     BLOB NOT NULL,
            size     INTEGER NOT NULL,
            PRIMARY KEY (document, hash)) STRICT, WITHOUT ROWID;
        CREATE TABLE attachment (
            hash      BLOB PRIMARY KEY,
            size      INTEGER NOT NULL,
            stored_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    )sql"},
    {8, R"sql(
        -- What comes along with open work: who sees the work sees the target, and goes on seeing it until the work is done.
        CREATE TABLE brought (
            document INTEGER NOT NULL REFERENCES document, -- the work
            target   BLOB NOT NULL,
            scope    INTEGER NOT NULL REFERENCES scope,
            PRIMARY KEY (document, target, scope)) STRICT, WITHOUT ROWID;
        CREATE INDEX brought_target ON brought (target);
    )sql"},
    {9, R"sql(
        -- What has become of a refused or surrendered edit: waiting, returned; released, discarded, taken_back. Its content stays.
        ALTER TABLE quarantine ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
        ALTER TABLE surrendered ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
        CREATE INDEX quarantine_intent ON quarantine (device, intent);
        -- Decisions about them, in the order in which their device hears of them.
        CREATE TABLE edit_decision (
            num    INTEGER PRIMARY KEY,
            device BLOB NOT NULL,
            intent BLOB NOT NULL,
            what   TEXT NOT NULL,
            person BLOB NOT NULL,               -- nil: an administrator at the console
            reason TEXT NOT NULL,
            at     INTEGER NOT NULL) STRICT;
        CREATE INDEX edit_decision_device ON edit_decision (device, num);
        CREATE INDEX edit_decision_intent ON edit_decision (device, intent);
        -- Of a change that was refused at first: who took it out of quarantine.
        ALTER TABLE change ADD COLUMN released_by BLOB;
    )sql"},
    // A device that was enrolled after the backup that this server came out of, until an administrator admits it.
    {10, "ALTER TABLE device ADD COLUMN awaits_since INTEGER;"},
    {11, R"sql(
        -- Conflicts that wait for a person, and who has a task because of each.
        CREATE TABLE conflict_notice (
            document INTEGER NOT NULL REFERENCES document,
            path     TEXT NOT NULL,
            person   BLOB NOT NULL,
            PRIMARY KEY (document, path, person)) STRICT, WITHOUT ROWID;
    )sql"},
    {12, R"sql(
        -- Records that are somebody's work: whose, and when. Derived from the records; made anew when it is empty and they are not.
        CREATE TABLE agenda (
            document INTEGER PRIMARY KEY REFERENCES document,
            person   BLOB NOT NULL,
            begins   INTEGER NOT NULL,
            ends     INTEGER NOT NULL,
            is_open  INTEGER NOT NULL) STRICT;
        CREATE INDEX agenda_person ON agenda (person, begins);
    )sql"},
    {13, R"sql(
        -- Changes that are neither in the log nor in quarantine: new records that wait for the one that decides where they belong (the target), and
        -- stranded ones (nil); since when, by the hash of the change.
        CREATE TABLE waiting (
            device BLOB NOT NULL,
            change BLOB NOT NULL,
            target BLOB NOT NULL,
            since  INTEGER NOT NULL,
            PRIMARY KEY (device, change)) STRICT, WITHOUT ROWID;
    )sql"},
    {14, R"sql(
        -- To name a file by its hash is not to have it: a record's file is read once somebody has sent the whole of it for this record, or elsewhere.
        ALTER TABLE attachment_reference ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 0;
        UPDATE attachment_reference SET confirmed = 1 WHERE hash IN (SELECT hash FROM attachment);
        CREATE TABLE attachment_sender (
            hash   BLOB NOT NULL,
            device BLOB NOT NULL,
            PRIMARY KEY (hash, device)) STRICT, WITHOUT ROWID;
    )sql"},
};
static_assert(storage::strictly_rising(tables), "versions must rise");

} // namespace roadbook::store
