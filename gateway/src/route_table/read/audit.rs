//! `audit = "booking.create"`: the name of the route's sensitive action in the audit log.

use std::sync::Arc;

use super::fields::Fields;

/// `Some(None)` when the route is no sensitive action, `None` when the name has a fault.
pub(super) fn read_audit(fields: &mut Fields<'_, '_>) -> Option<Option<Arc<str>>> {
    let Some(name) = fields.optional_text("audit")? else {
        return Some(None);
    };
    let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let (thing, deed) = name.split_once('.').unwrap_or((name, ""));
    if !word(thing) || !word(deed) {
        fields.fault("audit", "is two words such as booking.create");
        return None;
    }
    if thing == "audit" || thing == "request" {
        fields.fault(
            "audit",
            format_args!("{thing}.* is for the log's own records"),
        );
        return None;
    }
    Some(Some(name.into()))
}
