//! What a guest writes to the guide: an allergy, a wheelchair. Personal, so it is returned to its owner and shown to
//! nobody else, least of all to the log (R20).

use std::fmt;

/// Free text of at most 500 characters (L10).
#[derive(Clone, PartialEq, Eq)]
pub struct SpecialRequests(pub String);

/// Nobody can log it by logging a struct that holds it.
impl fmt::Debug for SpecialRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SpecialRequests(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_requests_are_not_shown_in_debug_output() {
        let requests = Some(SpecialRequests("allergie aux arachides".into()));
        assert_eq!(format!("{requests:?}"), "Some(SpecialRequests(..))");
    }
}
