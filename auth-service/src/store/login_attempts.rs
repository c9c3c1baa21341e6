//! The counters behind the lock of [`crate::domain::lockout`].

use service_kit::clock::Timestamp;
use sqlx::AnyConnection;

use crate::domain::lockout::{LOCKED_FOR, MOST_FAILURES};

/// Counts an attempt and gives its place since the last success. One statement: of attempts that come together, each
/// gets a place of its own. A lock that is over starts the count again; one that is on is not made longer.
pub async fn count(
    write: &mut AnyConnection,
    subject: &str,
    now: Timestamp,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "INSERT INTO login_attempts (subject, failures, locked_until) VALUES ($1, 1, 0)
         ON CONFLICT (subject) DO UPDATE SET
             failures = CASE
                 WHEN login_attempts.locked_until BETWEEN 1 AND $2 THEN 1
                 ELSE login_attempts.failures + 1 END,
             locked_until = CASE
                 WHEN login_attempts.locked_until BETWEEN 1 AND $2 THEN 0
                 WHEN login_attempts.locked_until = 0 AND login_attempts.failures + 1 >= $3 THEN $4
                 ELSE login_attempts.locked_until END
         RETURNING failures",
    )
    .bind(subject)
    .bind(now.0)
    .bind(MOST_FAILURES)
    .bind(now.plus(LOCKED_FOR).0)
    .fetch_one(write)
    .await
}

/// After a success.
pub async fn clear(write: &mut AnyConnection, subject: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM login_attempts WHERE subject = $1")
        .bind(subject)
        .execute(write)
        .await
        .map(|_| ())
}
