-- The ledger. Events are only ever appended; a person can read them with sqlite3:
--
--   SELECT * FROM history;
--
-- PRAGMA user_version is the schema's version, PRAGMA application_id says that the file is ours.

CREATE TABLE ledger (
    id TEXT PRIMARY KEY,
    origin BLOB NOT NULL  -- the chain's link before the first event: tells whether a sealing key is the right one
) STRICT;

-- No index and no uniqueness but the position's: an index that lies could hide an event, and the chain, which
-- is checked from the first event on, says more than any constraint.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,  -- 1, 2, 3… through the whole ledger
    rotation TEXT NOT NULL,
    sequence INTEGER NOT NULL,  -- 1, 2, 3… within its rotation
    json TEXT NOT NULL,
    link BLOB NOT NULL  -- of the chain (chain.hpp)
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN
    SELECT raise(ABORT, 'events are never changed');
END;

CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN
    SELECT raise(ABORT, 'events are never deleted');
END;

-- For people.
CREATE VIEW history AS
SELECT rotation, sequence, json ->> 'at' AS at, json ->> 'event' AS name, json FROM events ORDER BY position;

-- Secrets, sealed (sealing.hpp), until their rotation ends. Outside the chain, so that they can be wiped.
CREATE TABLE sealed (
    rotation TEXT NOT NULL,
    access_key_id TEXT NOT NULL,
    position INTEGER NOT NULL REFERENCES events (position),  -- the event with which it was sealed
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL,
    PRIMARY KEY (rotation, access_key_id)
) STRICT, WITHOUT ROWID;

-- Always empty: what is put here and taken out again in one transaction leaves free pages behind
-- (SqliteLedger::reserve).
CREATE TABLE room (
    filler BLOB NOT NULL
) STRICT;
