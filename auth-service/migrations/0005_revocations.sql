-- What was taken back before its time, for the gateways (GET /internal/revocations). A row is deleted when the last
-- token that it can touch is dead. `kind` is token (value: its jti), family (its sid) or subject (its sub: tokens
-- issued until `issued_until`, in seconds; 0 for the other kinds). `ends_at` is in milliseconds.
CREATE TABLE revocations (
    sequence     BIGINT PRIMARY KEY,
    kind         TEXT NOT NULL,
    value        TEXT NOT NULL,
    issued_until BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL
);
CREATE INDEX revocations_by_end ON revocations (ends_at);

-- One row. `last` is the sequence of the last revocation: its row lock, held until the transaction ends, makes the order
-- of sequences the order of commits, so that a gateway that has read up to `last` has missed none. `feed` changes with the
-- database: a gateway that counts by another one begins anew.
CREATE TABLE revocation_feed (
    one  BIGINT PRIMARY KEY,
    feed TEXT NOT NULL,
    last BIGINT NOT NULL
);
