-- What version 2 of the schema adds: a ledger has it since its sealing key was first changed (rekey.hpp).

CREATE TABLE past_keys (
    until INTEGER PRIMARY KEY,  -- the last position whose link was made with this key
    nonce BLOB NOT NULL,
    ciphertext BLOB NOT NULL  -- the chain's key of that time and the link at `until`, sealed
) STRICT;
