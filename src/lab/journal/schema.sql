-- How a lab began, and what was asked of it since: asked again in the same order, at the same moments and with
-- the same lots, it is where it was.
CREATE TABLE beginning (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    accounts   TEXT NOT NULL,                 -- by commas; the first has the root key
    region     TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    secret     TEXT NOT NULL,
    created    INTEGER NOT NULL,
    seed       BLOB NOT NULL
) STRICT;

-- The lab's clock, once somebody has set it: what it showed when the real one showed what, and its speed.
CREATE TABLE clock (
    id     INTEGER PRIMARY KEY CHECK (id = 1),
    shown  INTEGER NOT NULL,
    real   INTEGER NOT NULL,
    speed  TEXT NOT NULL
) STRICT;

CREATE TABLE request (
    id      INTEGER PRIMARY KEY,
    now     INTEGER NOT NULL,                 -- milliseconds, by the lab's clock
    real    INTEGER NOT NULL,                 -- and by its clients'
    seed    BLOB NOT NULL,
    bytes   BLOB NOT NULL,
    digest  TEXT NOT NULL,                    -- SHA-256 of bytes
    status  INTEGER,                          -- of the answer; unknown of the last one
    heard   TEXT                              -- the delays that it met, where there were any
) STRICT;
