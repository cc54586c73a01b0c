#pragma once
// The replica's own tables; those that screens read are storage::ReadModel's.
#include "shared/storage/database.hpp"

namespace roadbook::replica {

inline constexpr storage::Migration tables[] = {
    {1, R"sql(
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

        -- A record: a verified save of its document, and the changes made here since, which fold into the next save.
        CREATE TABLE document (
            num  INTEGER PRIMARY KEY,
            id   BLOB NOT NULL UNIQUE,
            kind TEXT NOT NULL,
            base BLOB NOT NULL) STRICT;
        CREATE TABLE tail (
            document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            position INTEGER NOT NULL,
            change   BLOB NOT NULL,
            PRIMARY KEY (document, position)) STRICT, WITHOUT ROWID;

        -- Who wrote: an actor is one run of one installation. Kept small, since there is one attribution a change.
        CREATE TABLE author (
            num    INTEGER PRIMARY KEY,
            actor  BLOB NOT NULL UNIQUE,
            person BLOB NOT NULL,
            device BLOB NOT NULL) STRICT;
        CREATE TABLE attribution (
            document     INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            author       INTEGER NOT NULL REFERENCES author,
            seq          INTEGER NOT NULL,
            device_time  INTEGER NOT NULL,
            clock_offset INTEGER NOT NULL,
            received_at  INTEGER,
            intent       BLOB,
            reason       TEXT,
            late         INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (document, author, seq)) STRICT, WITHOUT ROWID;

        -- Edits that the server has not answered, oldest first: the change as bytes and the edit as data.
        CREATE TABLE outbox (
            sequence    INTEGER PRIMARY KEY AUTOINCREMENT,
            document    INTEGER NOT NULL REFERENCES document,
            hash        BLOB NOT NULL,
            change      BLOB NOT NULL,
            intent      BLOB NOT NULL,
            grant_epoch INTEGER NOT NULL) STRICT;
        CREATE INDEX outbox_document ON outbox (document);
        CREATE INDEX outbox_hash ON outbox (hash);

        -- Edits that the server keeps in quarantine; here so that the user can see and redo them.
        CREATE TABLE refused (
            intent_id BLOB PRIMARY KEY,
            record    BLOB NOT NULL,
            intent    BLOB NOT NULL,
            code      TEXT NOT NULL,
            field     TEXT NOT NULL,
            reason    TEXT NOT NULL) STRICT, WITHOUT ROWID;
        -- An edit that was taken late names no content: the record may be gone from here.
        CREATE TABLE receipt (
            intent_id BLOB PRIMARY KEY,
            status    TEXT NOT NULL,
            at        INTEGER NOT NULL) STRICT, WITHOUT ROWID;

        CREATE TABLE scope (
            num           INTEGER PRIMARY KEY,
            id            BLOB NOT NULL UNIQUE,
            seq           INTEGER NOT NULL DEFAULT 0,
            running_hash  BLOB NOT NULL,
            pack_position INTEGER NOT NULL DEFAULT 0,
            ready         INTEGER NOT NULL DEFAULT 0,  -- its pack is complete: the cursor counts
            withdrawn     INTEGER NOT NULL DEFAULT 0) STRICT;
        CREATE TABLE membership (
            document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            scope    INTEGER NOT NULL REFERENCES scope,
            PRIMARY KEY (document, scope)) STRICT, WITHOUT ROWID;
        CREATE INDEX membership_scope ON membership (scope);

        -- Derived from the documents, like the read model.
        CREATE TABLE conflict (
            document     INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            path         TEXT NOT NULL,
            needs_person INTEGER NOT NULL,
            PRIMARY KEY (document, path)) STRICT, WITHOUT ROWID;
    )sql"},
    // While a scope comes anew as a pack: is this record in it again?
    {2, "ALTER TABLE membership ADD COLUMN confirmed INTEGER NOT NULL DEFAULT 1;"},
    // It has left every scope of this device and only waits for its edits to be answered: nobody sees it meanwhile.
    {3, "ALTER TABLE document ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;"},
    {4, R"sql(
        -- Blocks of numbers of this installation, `next` to `last` unused; and records that were made when there was none.
        CREATE TABLE number_lease (
            record_type TEXT NOT NULL,
            period      TEXT NOT NULL,
            first       INTEGER NOT NULL,
            next        INTEGER NOT NULL,
            last        INTEGER NOT NULL,
            install     BLOB NOT NULL,
            PRIMARY KEY (record_type, period, first)) STRICT, WITHOUT ROWID;
        CREATE TABLE number_provisional (record BLOB PRIMARY KEY, kind TEXT NOT NULL) STRICT, WITHOUT ROWID;
    )sql"},
    {5, "ALTER TABLE refused ADD COLUMN reason_zh TEXT NOT NULL DEFAULT '';"}, // reason, in Chinese; empty: the server sent none
    // How far the company's feed was stored when an edit of a shared tree was saved; 0 for the others.
    {6, "ALTER TABLE outbox ADD COLUMN company_seq INTEGER NOT NULL DEFAULT 0;"},
    {7, R"sql(
        -- The server's seal over a change: with it, it takes the change back as its author's after it was restored from a backup.
        ALTER TABLE attribution ADD COLUMN mac BLOB;
        -- A change that a restored server wants back: as it had attributed it, and its seal.
        ALTER TABLE outbox ADD COLUMN original BLOB;
        ALTER TABLE outbox ADD COLUMN mac BLOB;
    )sql"},
    {8, R"sql(
        -- Files of records, in this file so that they are encrypted and purged as it is: by record and hash, the bytes once.
        CREATE TABLE attachment (
            document INTEGER NOT NULL REFERENCES document ON DELETE CASCADE,
            hash     BLOB NOT NULL,
            size     INTEGER NOT NULL,
            to_send  INTEGER NOT NULL,              -- until the server has confirmed the hash
            wanted   INTEGER NOT NULL DEFAULT 0,    -- to be fetched
            PRIMARY KEY (document, hash)) STRICT, WITHOUT ROWID;
        CREATE INDEX attachment_hash ON attachment (hash);
        CREATE TABLE attachment_part (
            hash     BLOB NOT NULL,
            position INTEGER NOT NULL,
            bytes    BLOB NOT NULL,
            PRIMARY KEY (hash, position)) STRICT;
        CREATE TRIGGER attachment_goes AFTER DELETE ON attachment WHEN NOT EXISTS (SELECT 1 FROM attachment WHERE hash = OLD.hash)
            BEGIN DELETE FROM attachment_part WHERE hash = OLD.hash; END;
    )sql"},
    {9, R"sql(
        -- Of an edit taken late: what type of record it was and when it was saved. Nothing that says which one.
        ALTER TABLE receipt ADD COLUMN kind TEXT NOT NULL DEFAULT '';
        ALTER TABLE receipt ADD COLUMN saved_at INTEGER NOT NULL DEFAULT 0;
    )sql"},
    {10, R"sql(
        -- How far a refused edit is: 'kept' on the server; 'here' alone yet, since it was stranded on another one; 'returned' to be mended;
        -- 'dropping' until the server has confirmed that the user gives it up; 'released' or 'discarded' by somebody.
        ALTER TABLE refused ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';
        UPDATE refused SET state = 'here' WHERE code = 'stranded';
        -- Who decided so (empty: an administrator), in which words, and when by the server's clock.
        ALTER TABLE refused ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE refused ADD COLUMN decided_why TEXT NOT NULL DEFAULT '';
        ALTER TABLE refused ADD COLUMN decided_at INTEGER;
        -- Who took a change out of quarantine.
        ALTER TABLE attribution ADD COLUMN released_by BLOB;
    )sql"},
    // Records made here, until all feeds have come once after the server had them. `asked`: the connection that should bring them is open. Their
    // memberships are guesses till then (confirmed = -1): the account may have been moved meanwhile, or its territory be as new as they are.
    {11, R"sql(
        CREATE TABLE homeless (
            document INTEGER PRIMARY KEY REFERENCES document ON DELETE CASCADE,
            asked    INTEGER NOT NULL DEFAULT 0) STRICT;
    )sql"},
    {12, R"sql(
        -- The beginning of the next block of a scope's pack, as a link that broke has left it.
        CREATE TABLE block_part (
            scope      INTEGER NOT NULL REFERENCES scope ON DELETE CASCADE,
            position   INTEGER NOT NULL, -- of its first byte in the block
            block_hash BLOB NOT NULL,
            bytes      BLOB NOT NULL,
            PRIMARY KEY (scope, position)) STRICT, WITHOUT ROWID;
        -- How far copies of its records have come ahead of the pack.
        ALTER TABLE scope ADD COLUMN ahead_position INTEGER NOT NULL DEFAULT 0;
    )sql"},
    {13, R"sql(
        -- Files that refused edits name, of records that are gone with the refusal: until the server has them. The bytes are in attachment_part.
        CREATE TABLE refused_file (
            record BLOB NOT NULL,
            hash   BLOB NOT NULL,
            size   INTEGER NOT NULL,
            PRIMARY KEY (record, hash)) STRICT, WITHOUT ROWID;
        DROP TRIGGER attachment_goes;
        CREATE TRIGGER attachment_goes AFTER DELETE ON attachment
            WHEN NOT EXISTS (SELECT 1 FROM attachment WHERE hash = OLD.hash) AND NOT EXISTS (SELECT 1 FROM refused_file WHERE hash = OLD.hash)
            BEGIN DELETE FROM attachment_part WHERE hash = OLD.hash; END;
        CREATE TRIGGER refused_file_goes AFTER DELETE ON refused_file
            WHEN NOT EXISTS (SELECT 1 FROM attachment WHERE hash = OLD.hash) AND NOT EXISTS (SELECT 1 FROM refused_file WHERE hash = OLD.hash)
            BEGIN DELETE FROM attachment_part WHERE hash = OLD.hash; END;
    )sql"},
};
static_assert(storage::strictly_rising(tables), "versions must rise");

} // namespace roadbook::replica
