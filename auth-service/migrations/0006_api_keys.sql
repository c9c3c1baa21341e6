-- API keys, for public resources (T1). `hash` is the SHA-256 of the key, which is shown once and stored nowhere;
-- `prefix` is its beginning, by which an owner tells his keys apart. `scopes`: separated by spaces. `last_used_at` is the
-- beginning of the last day (UTC) on which a gateway asked for the key, 0 until then. A revoked key has no row.
CREATE TABLE api_keys (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    name         TEXT NOT NULL,
    hash         TEXT NOT NULL UNIQUE,
    prefix       TEXT NOT NULL,
    scopes       TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX api_keys_by_account ON api_keys (account_id);
CREATE INDEX api_keys_by_expiry ON api_keys (expires_at);
