-- Tours. Ids are random UUIDs as text (R16), times UTC milliseconds, money cents.
CREATE TABLE tours (
    id               TEXT   PRIMARY KEY,
    owner_id         TEXT,             -- NULL: the house's own
    title_fr         TEXT   NOT NULL,
    title_en         TEXT   NOT NULL,
    description_fr   TEXT   NOT NULL,
    description_en   TEXT   NOT NULL,
    city             TEXT   NOT NULL,
    country          TEXT   NOT NULL,  -- ISO 3166-1 alpha-2
    category         TEXT   NOT NULL,
    duration_hours   BIGINT NOT NULL CHECK (duration_hours >= 1),
    price_cents      BIGINT NOT NULL CHECK (price_cents >= 0),
    currency         TEXT   NOT NULL,
    capacity_per_day BIGINT NOT NULL CHECK (capacity_per_day >= 1),
    status           TEXT   NOT NULL CHECK (status IN ('offered', 'withdrawn')),
    version          BIGINT NOT NULL,
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    -- Folded copies: lower case, no accents. For comparing, never for showing.
    city_text        TEXT   NOT NULL,
    title_text       TEXT   NOT NULL,
    search_text      TEXT   NOT NULL
);

-- The order of the list: a page is read from the index, however long the list is.
CREATE INDEX tours_newest_first ON tours (status, created_at DESC, id DESC);
