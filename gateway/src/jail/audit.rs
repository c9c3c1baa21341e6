//! The jail's own record in the audit log (R18): each ban. What an operator does is recorded in [`super::admin`].

use std::sync::Arc;

use service_kit::audit::{Event, Origin};
use service_kit::clock::Timestamp;

use super::{Ban, Inmate};

/// Under the address or the user that is banned: a search for either in a SIEM finds it.
pub(super) fn ban(who: &Inmate, ban: &Ban, now: Timestamp) -> Event {
    let origin = Origin::without_request();
    let origin = match who {
        Inmate::Address(address) => origin.address(Some(*address)),
        Inmate::User(subject) => origin.user(Some(subject)),
    };
    let (offence, count) = (ban.offence.as_str(), ban.count);
    let seconds = ban.seconds_left(now);
    Event::note(now, "jail.ban")
        .from(&Arc::new(origin))
        .reason(format!("{offence}: ban {count} of {who}, {seconds} s"))
}
