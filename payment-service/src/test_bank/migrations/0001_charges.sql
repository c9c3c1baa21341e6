CREATE TABLE charges (
    id           TEXT   NOT NULL PRIMARY KEY,
    reference    TEXT   NOT NULL UNIQUE,
    amount_cents BIGINT NOT NULL CHECK (amount_cents > 0),
    currency     TEXT   NOT NULL,
    status       TEXT   NOT NULL CHECK (status IN ('authorised', 'captured', 'refunded', 'declined')),
    decline_code TEXT,
    created_at   BIGINT NOT NULL
);

-- Each time that money moved: taken is positive, given back is negative. Nothing here is unique on purpose: money
-- that is taken twice must show.
CREATE TABLE movements (
    id        TEXT   NOT NULL PRIMARY KEY,
    charge_id TEXT   NOT NULL REFERENCES charges (id),
    cents     BIGINT NOT NULL,
    moved_at  BIGINT NOT NULL
);

CREATE INDEX movements_of_a_charge ON movements (charge_id);
