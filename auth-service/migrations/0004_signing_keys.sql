-- Signing keys: PKCS#8 under AES-256-GCM. The public half is not stored: it is computed from the private one, so that
-- who can write to this table still cannot publish a key of his own. `generation` being unique, two instances that
-- rotate at the same moment make one key, not two.
CREATE TABLE signing_keys (
    kid         TEXT PRIMARY KEY,
    generation  BIGINT NOT NULL UNIQUE,
    sealed_key  TEXT NOT NULL,
    signs_from  BIGINT NOT NULL
);
