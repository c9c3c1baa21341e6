//! How much of a route a caller may ask for, and what becomes of it without Redis.

use serde_json::json;
use service_kit::error::Language;

use super::Line;
use crate::cli::outcome::Found;
use crate::route_table::{RedisAway, Written, WrittenRow};

pub(super) fn limits(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("limites", "limits");
    let classes = classes_of(found.row, found.written);
    if classes.is_empty() {
        return None;
    }
    let told: Vec<String> = classes
        .iter()
        .map(|class| limit(class, found.written, language))
        .collect();
    Some(Line::new("limits", title, told.join(", "), json!(classes)))
}

/// Said of every route, as most do not say it themselves.
pub(super) fn redis_away(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("sans Redis", "without Redis");
    let text = match found.route.redis_away {
        RedisAway::Open => language.pick(
            "ouverte : chaque passerelle compte pour elle-même, si REDIS_URL est là et que Redis ne répond pas",
            "open: each gateway counts by itself, when REDIS_URL is set and Redis is away",
        ),
        RedisAway::Closed => language.pick(
            "fermée : 503, si REDIS_URL est là et que Redis ne répond pas",
            "closed: 503, when REDIS_URL is set and Redis is away",
        ),
    };
    let value = json!(found.route.redis_away.as_str());
    Some(Line::new("redis_away", title, text.to_owned(), value))
}

/// `address` holds for every route, the others for those that name them. `daily` is the quota's.
pub(in crate::cli) fn classes_of<'a>(row: &'a WrittenRow, written: &Written) -> Vec<&'a str> {
    let of_all = written.limit("address").map(|_| "address");
    of_all.into_iter().chain(row.words("limits")).collect()
}

/// `search 10 / 60 s`
pub(in crate::cli) fn limit(class: &str, written: &Written, language: Language) -> String {
    match written.limit(class) {
        Some((requests, seconds)) => language.pick(
            format!("{class} {requests} requêtes / {seconds} s"),
            format!("{class} {requests} requests / {seconds} s"),
        ),
        None => class.to_owned(),
    }
}
