-- One family a login; its id is the `sid` of its access tokens. `ended_at` is 0 while it lives.
CREATE TABLE refresh_families (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    client_id    TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL
);
CREATE INDEX refresh_families_by_account ON refresh_families (account_id);
CREATE INDEX refresh_families_by_expiry ON refresh_families (expires_at);

-- The SHA-256 of each token, never the token. `used_at` is 0 until the token is exchanged for its successor.
CREATE TABLE refresh_tokens (
    hash       TEXT PRIMARY KEY,
    family_id  TEXT NOT NULL REFERENCES refresh_families (id),
    expires_at BIGINT NOT NULL,
    used_at    BIGINT NOT NULL
);
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);
