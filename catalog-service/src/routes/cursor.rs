//! The cursor of a page: the position of its last tour, and a check that ties it to the query it came from.
//!
//! The check is against mistakes, not against forgery: a forged cursor begins a walk elsewhere in a list that the
//! caller may read whole.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Code, Fault, Rule};
use service_kit::idempotency::fingerprint;
use uuid::Uuid;

use crate::domain::Position;

/// `query` names the list that the position belongs to: its route and its filters.
pub(super) fn seal(position: Position, query: &str) -> String {
    let place = format!(
        "{}.{}.{}",
        position.rank, position.created_at.0, position.id
    );
    let check = check(&place, query);
    URL_SAFE_NO_PAD.encode(format!("{place}.{check}"))
}

/// Where a page begins; no cursor: at the start.
///
/// # Errors
/// `invalid_cursor` for anything that [`seal`] did not give for this query.
pub(super) fn open(cursor: Option<&str>, query: &str) -> Result<Position, ApiError> {
    let Some(cursor) = cursor else {
        return Ok(Position::START);
    };
    read(cursor, query).ok_or_else(|| {
        let fault = Fault::new("cursor", Rule::Format);
        ApiError::invalid(Code::InvalidCursor, vec![fault])
    })
}

fn read(cursor: &str, query: &str) -> Option<Position> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (place, given) = text.rsplit_once('.')?;
    if given != check(place, query) {
        return None;
    }
    let mut parts = place.split('.');
    Some(Position {
        rank: parts.next()?.parse().ok()?,
        created_at: Timestamp(parts.next()?.parse().ok()?),
        id: Uuid::try_parse(parts.next()?).ok()?,
    })
}

fn check(place: &str, query: &str) -> String {
    let mut digest = fingerprint(&["cursor", place, query]);
    digest.truncate(16);
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Position = Position {
        rank: 2,
        created_at: Timestamp(1_814_356_800_042),
        id: Uuid::from_u128(0x7b6d_2f3e_58a5_4b3b_9d52_0f6f_3c1f_2a10),
    };

    #[test]
    fn a_cursor_comes_back_as_the_position_that_it_was() {
        let cursor = seal(HERE, "search chateau");
        assert_eq!(
            open(Some(&cursor), "search chateau").expect("a position"),
            HERE
        );
        assert_eq!(
            open(None, "search chateau").expect("a position"),
            Position::START
        );
    }

    #[test]
    fn garbage_and_the_cursor_of_another_query_are_refused() {
        let cursor = seal(HERE, "search chateau");
        let moved =
            URL_SAFE_NO_PAD.encode("0.0.7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10.0123456789abcdef");
        for bad in [
            "",
            "x",
            "AAAA",
            "é",
            "' OR 1=1 --",
            &cursor[1..],
            &format!("{cursor}="),
            &moved,
        ] {
            let error = open(Some(bad), "search chateau").expect_err(bad);
            assert_eq!(error.code, Code::InvalidCursor, "{bad}");
        }
        assert!(open(Some(&cursor), "search phare").is_err());
    }
}
