//! What the jail leaves for the audit (R18): each ban, and each end of one by an operator's hand.

use service_kit::clock::Timestamp;

use super::{Ban, Inmate};

/// What happened to an inmate.
pub(super) enum Event<'a> {
    Banned(&'a Ban),
    /// By an operator, on the admin address.
    Freed,
}

/// The one place from which the jail's records go out.
pub(super) fn record(event: &Event<'_>, who: &Inmate, now: Timestamp) {
    let (action, ban) = match event {
        Event::Banned(ban) => ("jail.ban", Some(ban)),
        Event::Freed => ("jail.free", None),
    };
    tracing::warn!(
        target: "audit",
        action,
        key = %who,
        at = %now,
        offence = ban.map(|ban| ban.offence.as_str()),
        count = ban.map(|ban| ban.count),
        seconds = ban.map(|ban| ban.seconds_left(now)),
    );
}
