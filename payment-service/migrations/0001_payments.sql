-- Money is cents, times are UTC milliseconds, ids are UUIDs as text.
CREATE TABLE payments (
    id              TEXT   NOT NULL PRIMARY KEY,
    user_id         TEXT   NOT NULL,
    booking_id      TEXT   NOT NULL,
    amount_cents    BIGINT NOT NULL CHECK (amount_cents > 0),
    currency        TEXT   NOT NULL,
    status          TEXT   NOT NULL CHECK (status IN ('created', 'authorised', 'captured', 'refunded', 'failed')),
    failure_code    TEXT,
    -- The bank's id of its charge, from the authorisation on.
    charge_id       TEXT,
    -- When booking took the payment; stays when the money is given back later.
    confirmed_at    BIGINT,
    idempotency_key TEXT   NOT NULL,
    fingerprint     TEXT   NOT NULL,
    created_at      BIGINT NOT NULL,
    updated_at      BIGINT NOT NULL
);

-- A key is kept as long as its payment: however late a request is sent again, it charges nobody twice.
CREATE UNIQUE INDEX one_payment_per_key ON payments (user_id, idempotency_key);

CREATE UNIQUE INDEX one_live_payment_per_booking ON payments (booking_id) WHERE status NOT IN ('failed', 'refunded');

CREATE INDEX payments_of_a_user ON payments (user_id, created_at, id);

-- The outbox: a row is written before the call that it stands for, and closed after the answer is known.
CREATE TABLE steps (
    payment_id  TEXT   NOT NULL REFERENCES payments (id),
    -- One row a kind: asking twice for a refund is asking once.
    kind        TEXT   NOT NULL CHECK (kind IN ('authorise', 'capture', 'confirm', 'refund')),
    -- Steps of a payment are done in this order.
    place       BIGINT NOT NULL,
    -- Of 'authorise' alone, and only until its answer is known.
    card_token  TEXT,
    attempts    BIGINT NOT NULL DEFAULT 0,
    due_at      BIGINT NOT NULL,
    -- Who does the step now, and until when nobody else may.
    lease       TEXT,
    lease_until BIGINT,
    written_at  BIGINT NOT NULL,
    done_at     BIGINT,
    PRIMARY KEY (payment_id, kind)
);

CREATE INDEX open_steps ON steps (due_at) WHERE done_at IS NULL;
