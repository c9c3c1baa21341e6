-- Accounts. `pseudo_key` is the pseudo in lower case: unique whatever the case. The e-mail address is not readable
-- here (R4): `email_sealed` is AES-256-GCM, `email_index` a keyed hash of it for uniqueness and look-up.
CREATE TABLE accounts (
    id            TEXT PRIMARY KEY,
    pseudo        TEXT NOT NULL,
    pseudo_key    TEXT NOT NULL UNIQUE,
    email_sealed  TEXT NOT NULL,
    email_index   TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

-- Login attempts since the last success. `subject` is an account's id, or one of 256 decoys for names that no account
-- has, so that an attempt costs the same write whether the account exists or not. `locked_until` is 0 when not locked.
CREATE TABLE login_attempts (
    subject      TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);
