//! What an error of the database means for who asked.

/// Whether an insert failed because another row already has the same unique value.
pub fn is_unique_violation(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|error| error.is_unique_violation())
}

/// Whether the database cannot be asked now, and the same question may find it well later: 503, not 500.
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| passes(&code)),
        _ => false,
    }
}

/// By PostgreSQL's table of SQLSTATEs (five characters), and SQLite's `SQLITE_BUSY` and `SQLITE_FULL` (no disk left),
/// whose reason stands in the higher bits: another connection mends the file after a crash (`SQLITE_BUSY_RECOVERY`).
fn passes(code: &str) -> bool {
    const CLASSES: [&str; 3] = [
        "08", // the connection broke
        "53", // no connection left, no memory, no disk
        "57", // it stops, it starts, it has cancelled a statement that took too long
    ];
    const CODES: [&str; 4] = [
        "25006", // a replica that only reads has taken the place of the one that writes
        "40001", // two transactions that could not run side by side
        "40P01", // a deadlock, of which this was the victim
        "55P03", // a lock that somebody else held for too long
    ];
    match code.len() {
        5 => CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code),
        _ => code
            .parse::<i32>()
            .is_ok_and(|code| [5, 13].contains(&(code & 0xff))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_told_from_what_is_wrong() {
        for code in [
            "08006", "53300", "57P01", "57014", "25006", "40P01", "55P03", "5", "13", "261", "517",
        ] {
            assert!(passes(code), "{code}");
        }
        // A unique violation, a syntax error, a missing table, a foreign key of SQLite.
        for code in ["23505", "42601", "42P01", "787", "53", ""] {
            assert!(!passes(code), "{code}");
        }
        assert!(is_unavailable(&sqlx::Error::PoolTimedOut));
        assert!(!is_unavailable(&sqlx::Error::RowNotFound));
    }
}
