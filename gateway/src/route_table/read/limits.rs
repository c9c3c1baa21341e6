//! Reads `[limits.*]`, and what a route says of them.
//!
//! The two classes that apply without being named must be there: a table that forgot `address` would be a gateway
//! without a limit.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::fields::Fields;
use crate::route_table::Access;
use crate::route_table::limit_class::{
    ADDRESS, DAILY, LimitClass, RedisAway, RouteLimit, RouteLimits,
};

const MOST_REQUESTS: u64 = 1_000_000;
/// A week: a longer window would outlive the process that counts it.
const LONGEST_WINDOW: u64 = 7 * 24 * 3600;

/// The classes of a table. One that has a fault is known by its name, so that a route which names it adds no fault.
#[derive(Default)]
pub(super) struct Classes<'t> {
    declared: Vec<&'t str>,
    sound: Vec<Arc<LimitClass>>,
}

impl<'t> Classes<'t> {
    pub(super) fn read(top: &mut Fields<'t, '_>) -> Self {
        let mut classes = Self::default();
        for (name, table) in top.named_tables("limits") {
            let mut fields = top.within(table, &["requests", "seconds"]);
            classes.declared.push(name);
            classes.sound.extend(read_class(name, &mut fields));
        }
        for needed in [ADDRESS, DAILY] {
            if !classes.declared.contains(&needed) {
                top.fault("limits", format!("the class `{needed}` is missing"));
            }
        }
        classes
    }

    pub(super) fn into_sound(self) -> Vec<Arc<LimitClass>> {
        self.sound
    }

    /// `None` where a class has a fault, which is noted already.
    fn get(&self, name: &str) -> Option<Arc<LimitClass>> {
        let found = self.sound.iter().find(|class| &*class.name == name);
        found.cloned()
    }

    /// `limits = ["search"]`: strict classes; on a public route also `daily`, which counts by address there.
    pub(super) fn of_route(
        &self,
        fields: &mut Fields<'_, '_>,
        access: Option<&Access>,
        redis_away: Option<RedisAway>,
    ) -> Option<RouteLimits> {
        let names = fields.optional_words("limits")?;
        let public = access? == &Access::Public;
        for (index, name) in names.iter().enumerate() {
            let fault = match *name {
                ADDRESS => Some("applies to every route, unnamed"),
                DAILY if !public => Some("applies to every route with a user, unnamed"),
                name if !self.declared.contains(&name) => Some("is no class of [limits]"),
                name if names[..index].contains(&name) => Some("is there twice"),
                _ => None,
            };
            if let Some(fault) = fault {
                fields.fault("limits", format!("{name} {fault}"));
            }
        }
        let strict = names.iter().copied().filter(|name| *name != DAILY);
        let by_address = std::iter::once(ADDRESS).chain(strict);
        let quota = !public || names.contains(&DAILY);
        let limit = |name| {
            Some(RouteLimit {
                class: self.get(name)?,
                redis_away: redis_away?,
            })
        };
        Some(RouteLimits {
            by_address: by_address.map(limit).collect::<Option<_>>()?,
            quota: match quota {
                true => Some(limit(DAILY)?),
                false => None,
            },
        })
    }
}

fn read_class(name: &str, fields: &mut Fields<'_, '_>) -> Option<Arc<LimitClass>> {
    let plain = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    if name.is_empty() || !name.bytes().all(plain) {
        fields.fault(name, "a class's name is of a-z, 0-9, - and _");
    }
    let requests = fields.required_number("requests", 1..=MOST_REQUESTS);
    let seconds = fields.required_number("seconds", 1..=LONGEST_WINDOW);
    let requests = u32::try_from(requests?).expect("the range is that of a u32");
    Some(Arc::new(LimitClass {
        name: name.into(),
        requests: NonZeroU32::new(requests)?,
        window: Duration::from_secs(seconds?),
    }))
}

#[cfg(test)]
mod tests;
