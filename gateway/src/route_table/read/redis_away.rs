//! `redis_away`: whether a route is open while the gateway cannot reach Redis.

use http::Method;

use super::fields::Fields;
use crate::route_table::RedisAway;

/// Reading is open, everything else is closed, unless the row says otherwise: a limit that each gateway counts by itself
/// is worth as much less as there are gateways, and what a limit protects on a route that changes something, or
/// that gives tokens, is worth more than an answer in that time.
pub(super) fn read_redis_away(
    fields: &mut Fields<'_, '_>,
    methods: &[Method],
) -> Option<RedisAway> {
    let word = fields.optional_text("redis_away")?;
    match word {
        None if methods.iter().all(Method::is_safe) => Some(RedisAway::Open),
        None => Some(RedisAway::Closed),
        Some("open") => Some(RedisAway::Open),
        Some("closed") => Some(RedisAway::Closed),
        Some(_) => {
            fields.fault("redis_away", "is \"open\" or \"closed\"");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route_table::{BUILT_IN, RouteTable};

    /// The contract: login and payment closed, reading open. A route that is neither must be looked at, and listed.
    #[test]
    fn what_reads_is_open_and_of_the_others_what_ends_or_renews_something() {
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        let open = |route: &&crate::route_table::Route| route.redis_away == RedisAway::Open;
        let routes = table.routes().iter().map(|route| &**route);
        let open: Vec<_> = routes.filter(open).map(|route| &*route.name).collect();
        let expected = "health docs docs.file auth.refresh auth.logout auth.me api-keys.list api-keys.revoke \
                        discovery.openid discovery.oauth discovery.jwks \
                        tours.list tours.search tours.get bookings.list bookings.get payments.list payments.get";
        assert_eq!(open, expected.split_whitespace().collect::<Vec<_>>());
        for route in table.routes() {
            let limits = route.limits.by_address.iter().chain(&route.limits.quota);
            assert!(
                limits
                    .into_iter()
                    .all(|limit| limit.redis_away == route.redis_away)
            );
        }
    }

    #[test]
    fn a_row_may_say_otherwise_in_one_of_two_words() {
        let with = |line: &str| {
            let text = BUILT_IN.replacen(
                "path = \"/api/tours\"\n",
                &format!("path = \"/api/tours\"\n{line}\n"),
                1,
            );
            RouteTable::read(&text)
        };
        let closed = with("redis_away = \"closed\"").expect("no fault");
        let list = closed
            .routes()
            .iter()
            .find(|route| &*route.name == "tours.list");
        assert_eq!(list.map(|route| route.redis_away), Some(RedisAway::Closed));
        for wrong in ["redis_away = \"half\"", "redis_away = true"] {
            let faults = with(wrong).expect_err(wrong);
            assert!(faults[0].message.starts_with("`redis_away`"), "{faults:?}");
        }
    }
}
