-- Times are UTC milliseconds, money is cents, dates are ISO text, ids are UUIDs as text: what SQLite and PostgreSQL
-- both hold. The checks are a last line behind the code: a wrong statement fails, it does not oversell.

-- The seats of one tour on one day. Its row is also the lock of that day: whoever sells, confirms, cancels or expires
-- a booking of that day updates this row first.
CREATE TABLE seats (
    tour_id   TEXT   NOT NULL,
    tour_date TEXT   NOT NULL,
    capacity  BIGINT NOT NULL CHECK (capacity >= 0),
    -- It may stand above a capacity that the catalogue lowered later; it never goes below zero: no seat comes back twice.
    taken     BIGINT NOT NULL CHECK (taken >= 0),
    PRIMARY KEY (tour_id, tour_date)
);

-- One row a user who ever booked: the lock under which the user's open holds are counted and keys are looked up.
CREATE TABLE holders (
    user_id         TEXT   NOT NULL PRIMARY KEY,
    last_request_at BIGINT NOT NULL
);

CREATE TABLE bookings (
    id               TEXT   NOT NULL PRIMARY KEY,
    user_id          TEXT   NOT NULL REFERENCES holders (user_id),
    tour_id          TEXT   NOT NULL,
    tour_date        TEXT   NOT NULL,
    title_fr         TEXT   NOT NULL,
    title_en         TEXT   NOT NULL,
    participants     BIGINT NOT NULL CHECK (participants BETWEEN 1 AND 20),
    special_requests TEXT,
    status           TEXT   NOT NULL CHECK (status IN ('pending', 'confirmed', 'cancelled', 'expired')),
    unit_price_cents BIGINT NOT NULL CHECK (unit_price_cents >= 0),
    total_cents      BIGINT NOT NULL CHECK (total_cents = unit_price_cents * participants),
    currency         TEXT   NOT NULL,
    hold_expires_at  BIGINT NOT NULL,
    payment_id       TEXT   UNIQUE,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    CHECK (status <> 'confirmed' OR payment_id IS NOT NULL),
    FOREIGN KEY (tour_id, tour_date) REFERENCES seats (tour_id, tour_date)
);

CREATE INDEX bookings_of_a_user ON bookings (user_id, created_at, id);
CREATE INDEX bookings_on_hold ON bookings (hold_expires_at) WHERE status = 'pending';
CREATE INDEX bookings_on_hold_by_day ON bookings (tour_id, tour_date) WHERE status = 'pending';

-- Which request of a user made which booking, for as long as the user may repeat it.
CREATE TABLE idempotency_keys (
    user_id     TEXT   NOT NULL,
    key         TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    booking_id  TEXT   NOT NULL REFERENCES bookings (id),
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (user_id, key)
);

CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- The outbox of refund orders: written with the cancellation, sent to payment until it has taken them.
CREATE TABLE refund_orders (
    booking_id      TEXT   NOT NULL PRIMARY KEY REFERENCES bookings (id),
    payment_id      TEXT   NOT NULL,
    attempts        BIGINT NOT NULL,
    next_attempt_at BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT
);

CREATE INDEX refund_orders_to_send ON refund_orders (next_attempt_at) WHERE sent_at IS NULL;
