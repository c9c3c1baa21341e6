//! Tells clients what they may ask for and how much of it is left: `RateLimit-Policy` and `RateLimit`.
//!
//! draft-ietf-httpapi-ratelimit-headers (revision 10 and later): Lists of Strings with parameters (RFC 9651). `t` is the
//! time until more is given, for a fixed window its end, for GCRA at most the time in which one request comes back. The
//! old `X-RateLimit-*` fields, each server's own, are not sent (L6).

use std::fmt::Write;

use http::{HeaderMap, HeaderName, HeaderValue};

use super::Decision;
use crate::route_table::LimitClass;

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const STANDING: HeaderName = HeaderName::from_static("ratelimit");

/// Every policy of the route, and the standing in those that were asked: a refusal by one leaves the next ones out.
pub fn write<'a>(
    headers: &mut HeaderMap,
    policies: impl Iterator<Item = &'a LimitClass>,
    decisions: &[Decision],
) {
    let mut list = String::new();
    for class in policies {
        let (name, quota, window) = (&class.name, class.requests, class.window.as_secs());
        item(&mut list, format_args!(r#""{name}";q={quota};w={window}"#));
    }
    set(headers, POLICY, &list);
    list.clear();
    for decision in decisions {
        let (name, remaining, reset) = (&decision.class.name, decision.remaining, decision.reset);
        item(
            &mut list,
            format_args!(r#""{name}";r={remaining};t={reset}"#),
        );
    }
    set(headers, STANDING, &list);
}

fn item(list: &mut String, item: std::fmt::Arguments<'_>) {
    if !list.is_empty() {
        list.push_str(", ");
    }
    // Writing to a String does not fail.
    let _ = list.write_fmt(item);
}

/// Replaces what a service may have said in the gateway's place.
fn set(headers: &mut HeaderMap, name: HeaderName, list: &str) {
    let value = HeaderValue::from_str(list).expect("the reader has checked the names of classes");
    headers.insert(name, value);
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;
    use std::sync::Arc;
    use std::time::Duration;

    use sfv::{BareItem, List, ListEntry, Parser};

    use super::*;

    fn decision(name: &str, requests: u32, seconds: u64, remaining: u32, reset: u64) -> Decision {
        let class = LimitClass {
            name: name.into(),
            requests: NonZeroU32::new(requests).expect("not zero"),
            window: Duration::from_secs(seconds),
        };
        Decision {
            class: Arc::new(class),
            allowed: remaining > 0,
            remaining,
            reset,
        }
    }

    /// Read back by a parser of structured fields that is not ours: each name with its two parameters.
    fn parsed(headers: &HeaderMap, name: &str) -> Vec<String> {
        let list: List = Parser::new(&headers[name]).parse().expect("a List");
        let entry = |entry: ListEntry| {
            let ListEntry::Item(item) = entry else {
                panic!("an inner list");
            };
            let BareItem::String(name) = item.bare_item else {
                panic!("the name is no String");
            };
            let parameters = item.params.iter().map(|(key, value)| match value {
                BareItem::Integer(number) => format!("{key}={number}"),
                other => panic!("{key} is no Integer: {other:?}"),
            });
            format!(
                "{} {}",
                name.as_str(),
                parameters.collect::<Vec<_>>().join(" ")
            )
        };
        list.into_iter().map(entry).collect()
    }

    /// Proves: L6
    #[test]
    fn both_fields_are_structured_lists_of_the_draft() {
        let decisions = [
            decision("address", 100, 60, 99, 1),
            decision("daily", 1_000, 86_400, 0, 86_399),
        ];
        let mut headers = HeaderMap::new();
        headers.insert("ratelimit", HeaderValue::from_static("from a service"));
        write(
            &mut headers,
            decisions.iter().map(|decision| &*decision.class),
            &decisions,
        );
        assert_eq!(
            headers["ratelimit-policy"],
            r#""address";q=100;w=60, "daily";q=1000;w=86400"#
        );
        assert_eq!(
            headers["ratelimit"],
            r#""address";r=99;t=1, "daily";r=0;t=86399"#
        );
        assert_eq!(
            parsed(&headers, "ratelimit-policy"),
            ["address q=100 w=60", "daily q=1000 w=86400"]
        );
        assert_eq!(
            parsed(&headers, "ratelimit"),
            ["address r=99 t=1", "daily r=0 t=86399"]
        );
        assert_eq!(headers.len(), 2);
    }
}
