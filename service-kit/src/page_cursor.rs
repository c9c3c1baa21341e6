//! The cursor of a page: the place of its last item, and a check that ties it to the list it came from. Clients hand
//! it back unread.
//!
//! The check is against mistakes (the cursor of another list, or of other filters), not against forgery, and so needs
//! no key: a forged cursor begins a walk elsewhere in a list that the caller may read whole. Whose list it is, a
//! service never learns from the cursor.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Code, Fault, Rule};
use crate::idempotency::fingerprint;

/// Hexadecimal digits: 64 bits are plenty against mistakes.
const CHECK_LENGTH: usize = 16;

/// The cursor of the page behind `place`; no place: there is no such page. `list` names what the place belongs to: the
/// route, and every filter that decides what is in the list.
///
/// # Errors
/// `internal` for a place that JSON cannot hold.
pub fn seal<P: Serialize>(place: Option<&P>, list: &str) -> Result<Option<String>, ApiError> {
    let Some(place) = place else { return Ok(None) };
    let place = serde_json::to_string(place).map_err(ApiError::internal)?;
    let check = check(&place, list);
    Ok(Some(URL_SAFE_NO_PAD.encode(format!("{check}{place}"))))
}

/// The place behind which a page begins; no cursor: no place, the page is the first.
///
/// # Errors
/// `invalid_cursor` for anything that [`seal`] did not give for this list.
pub fn open<P: DeserializeOwned>(cursor: Option<&str>, list: &str) -> Result<Option<P>, ApiError> {
    let Some(cursor) = cursor else {
        return Ok(None);
    };
    read(cursor, list).map(Some).ok_or_else(|| {
        let fault = Fault::new("cursor", Rule::Format);
        ApiError::invalid(Code::InvalidCursor, vec![fault])
    })
}

fn read<P: DeserializeOwned>(cursor: &str, list: &str) -> Option<P> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let (given, place) = text.split_at_checked(CHECK_LENGTH)?;
    if given != check(place, list) {
        return None;
    }
    serde_json::from_str(place).ok()
}

fn check(place: &str, list: &str) -> String {
    let mut digest = fingerprint(&["cursor", place, list]);
    digest.truncate(CHECK_LENGTH);
    digest
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use uuid::Uuid;

    use super::*;
    use crate::clock::Timestamp;

    #[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
    struct Place {
        rank: i64,
        created_at: Timestamp,
        id: Uuid,
    }

    const HERE: Place = Place {
        rank: 2,
        created_at: Timestamp(1_814_356_800_042),
        id: Uuid::from_u128(0x7b6d_2f3e_58a5_4b3b_9d52_0f6f_3c1f_2a10),
    };

    fn sealed(place: &Place, list: &str) -> String {
        let cursor = seal(Some(place), list).expect("a place that JSON holds");
        cursor.expect("a cursor for a place")
    }

    #[test]
    fn a_cursor_comes_back_as_the_place_that_it_was() {
        let cursor = sealed(&HERE, "search chateau");
        let url_safe = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        assert!(cursor.bytes().all(url_safe), "{cursor}");
        let place = open::<Place>(Some(&cursor), "search chateau");
        assert_eq!(place.expect("a place"), Some(HERE));
    }

    #[test]
    fn no_place_has_no_cursor_and_no_cursor_has_no_place() {
        assert_eq!(seal::<Place>(None, "list").expect("nothing"), None);
        assert_eq!(open::<Place>(None, "list").expect("nothing"), None);
    }

    #[test]
    fn garbage_and_the_cursor_of_another_list_are_refused() {
        let cursor = sealed(&HERE, "search chateau");
        let place = serde_json::to_string(&HERE).expect("JSON");
        let unchecked = URL_SAFE_NO_PAD.encode(format!("0123456789abcdef{place}"));
        let split_letter = URL_SAFE_NO_PAD.encode("0123456789abcdé");
        let check = check("{}", "search chateau");
        let no_place = URL_SAFE_NO_PAD.encode(format!("{check}{{}}"));
        for bad in [
            "",
            "x",
            "AAAA",
            "é",
            "' OR 1=1 --",
            &cursor[1..],
            &format!("{cursor}="),
            &unchecked,
            &split_letter,
            &no_place,
        ] {
            let error = open::<Place>(Some(bad), "search chateau").expect_err(bad);
            assert_eq!(error.code, Code::InvalidCursor, "{bad}");
            assert_eq!(error.faults, [Fault::new("cursor", Rule::Format)]);
        }
        assert!(open::<Place>(Some(&cursor), "search phare").is_err());
    }
}
