-- What a new PostgreSQL cluster begins with: for each service an account that can do nothing but use its own database.
-- The passwords come from files that `escale-prepare` has drawn; only this container can read them all.

-- A statement that fails would be logged, and the password with it.
SET log_min_error_statement = panic;

\set auth `cat /run/escale/auth`
\set catalog `cat /run/escale/catalog`
\set booking `cat /run/escale/booking`
\set payment `cat /run/escale/payment`
\set bank `cat /run/escale/bank`

-- All five together stay below the server's `max_connections` (100, of which 3 are kept for the superuser): one service that
-- has lost count of its connections, or its password, takes none from the others.
CREATE ROLE auth LOGIN PASSWORD :'auth' CONNECTION LIMIT 19;
CREATE ROLE catalog LOGIN PASSWORD :'catalog' CONNECTION LIMIT 19;
CREATE ROLE booking LOGIN PASSWORD :'booking' CONNECTION LIMIT 19;
CREATE ROLE payment LOGIN PASSWORD :'payment' CONNECTION LIMIT 19;
CREATE ROLE bank LOGIN PASSWORD :'bank' CONNECTION LIMIT 19;

CREATE DATABASE auth OWNER auth;
CREATE DATABASE catalog OWNER catalog;
CREATE DATABASE booking OWNER booking;
CREATE DATABASE payment OWNER payment;
CREATE DATABASE bank OWNER bank;

-- Everybody may connect to every database unless told otherwise.
REVOKE ALL ON DATABASE auth, catalog, booking, payment, bank, postgres, template1 FROM PUBLIC;
