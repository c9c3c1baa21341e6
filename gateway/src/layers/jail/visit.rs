//! What the three parts of the jail tell each other about one request: an extension that [`super::watch`] makes and
//! the parts further in fill.

use std::sync::{Arc, OnceLock};

use futures_util::future::join;
use http::{StatusCode, Uri};
use service_kit::error::Code;

use crate::jail::{Inmate, Jail, Offence, Rules};

#[derive(Clone)]
pub(super) struct Visit(Arc<Cells>);

struct Cells {
    address: Inmate,
    seconds_left: Option<u64>,
    seen: OnceLock<Seen>,
    user: OnceLock<Inmate>,
}

/// What the route says.
#[derive(Default)]
struct Seen {
    costs_nothing: bool,
    is_login: bool,
    /// Path and query, where the route shows one thing.
    thing: Option<String>,
}

impl Visit {
    pub(super) fn new(address: Inmate, seconds_left: Option<u64>) -> Self {
        Self(Arc::new(Cells {
            address,
            seconds_left,
            seen: OnceLock::new(),
            user: OnceLock::new(),
        }))
    }

    /// How long the address is still banned.
    pub(super) fn seconds_left(&self) -> Option<u64> {
        self.0.seconds_left
    }

    pub(super) fn enter(&self, rules: &Rules, route: &str, target: &Uri) {
        let thing = rules
            .is_walk(route)
            .then(|| target.path_and_query().map(ToString::to_string));
        let _ = self.0.seen.set(Seen {
            costs_nothing: false,
            is_login: rules.is_login(route),
            thing: thing.flatten(),
        });
    }

    /// Whatever the answer will be, it is no offence.
    pub(super) fn costs_nothing(&self) {
        let _ = self.0.seen.set(Seen {
            costs_nothing: true,
            ..Seen::default()
        });
    }

    /// `user` is the one of a verified token, and nobody else.
    pub(super) fn belongs_to(&self, user: Inmate) {
        let _ = self.0.user.set(user);
    }

    /// Gives the points that an answer is worth, to the address and, where a token was verified, to its user.
    pub(super) async fn settle(&self, jail: &Jail, status: StatusCode, code: Option<Code>) {
        let Cells {
            address,
            seen,
            user,
            ..
        } = &*self.0;
        if seen.get().is_some_and(|seen| seen.costs_nothing) {
            return;
        }
        let is_login = seen.get().is_some_and(|seen| seen.is_login);
        if let Some(offence) = Offence::of(status, code, is_login) {
            match user.get() {
                Some(user) => {
                    join(jail.charge(address, offence), jail.charge(user, offence)).await;
                }
                None => jail.charge(address, offence).await,
            }
        }
        // Who showed no good token was shown nothing, and has got his points for that.
        let thing = seen.get().and_then(|seen| seen.thing.as_deref());
        if let (Some(thing), Some(user)) = (thing, user.get())
            && code != Some(Code::Jailed)
        {
            // At once: each may be a round trip to Redis.
            join(jail.looked_at(address, thing), jail.looked_at(user, thing)).await;
        }
    }
}
