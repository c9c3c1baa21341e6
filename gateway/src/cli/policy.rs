//! What the table says about a route: one function a key. A new key of `routes.toml` is shown as it stands until it has
//! a function of its own here: write it and add it to [`lines`].

mod body;
mod callers;
mod limits;

use serde_json::{Value, json};
use service_kit::error::Language;

use super::outcome::Found;
use crate::route_table::{Target, WrittenRow};
pub(super) use limits::{classes_of, limit};

/// One row of the explanation.
pub(super) struct Line {
    /// The key of `routes.toml`; the member of the JSON form.
    pub(super) key: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) value: Value,
}

impl Line {
    fn new(key: &str, title: &str, text: String, value: Value) -> Self {
        let (key, title) = (key.to_owned(), title.to_owned());
        Self {
            key,
            title,
            text,
            value,
        }
    }
}

/// A key that the route does not have gives no line.
type OfKey = fn(&Found<'_>, Language) -> Option<Line>;

pub(super) fn lines(found: &Found<'_>, language: Language) -> Vec<Line> {
    let known: [OfKey; 9] = [
        callers::access,
        upstream,
        deadline,
        callers::client_credentials,
        limits::limits,
        limits::redis_away,
        body::body,
        schema,
        audit,
    ];
    let mut lines: Vec<Line> = known
        .iter()
        .filter_map(|line| line(found, language))
        .collect();
    lines.extend(others(found));
    lines
}

fn upstream(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("service appelé", "upstream");
    let (text, value) = match &found.route.target {
        Target::Gateway => (
            language
                .pick(
                    "aucun : la passerelle répond elle-même",
                    "none: the gateway answers by itself",
                )
                .to_owned(),
            json!({ "service": "gateway" }),
        ),
        Target::Upstream { service, path } => {
            let (service, path) = (service.as_str(), path.render(&found.path));
            (
                format!("{service}, {} {path}", found.method),
                json!({ "service": service, "path": path }),
            )
        }
    };
    Some(Line::new("upstream", title, text, value))
}

fn deadline(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("délai", "deadline");
    let milliseconds = u64::try_from(found.route.deadline.as_millis()).unwrap_or(u64::MAX);
    let text = language.pick(
        format!("{milliseconds} ms jusqu'aux en-têtes de la réponse, puis 504"),
        format!("{milliseconds} ms until the answer's headers, then 504"),
    );
    Some(Line::new("deadline_ms", title, text, json!(milliseconds)))
}

fn schema(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("schéma du corps", "body's schema");
    let name = found.row.value("schema")?;
    Some(Line::new("schema", title, plain(name), as_json(name)))
}

fn audit(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("action auditée", "audited action");
    let action = found.row.value("audit")?;
    Some(Line::new("audit", title, plain(action), as_json(action)))
}

/// Keys without a function of their own, as they stand in the file.
fn others(found: &Found<'_>) -> Vec<Line> {
    const SHOWN: [&str; 14] = [
        "name",
        "methods",
        "path",
        "upstream",
        "upstream_path",
        "access",
        "deadline_ms",
        "client_credentials",
        "limits",
        "redis_away",
        "body",
        "max_body",
        "schema",
        "audit",
    ];
    let rest = found.row.keys().filter(|(key, _)| !SHOWN.contains(key));
    rest.map(|(key, value)| Line::new(key, key, plain(value), as_json(value)))
        .collect()
}

fn plain(value: &toml::Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Every key of a row as it stands.
pub(super) fn keys_as_json(row: &WrittenRow) -> Value {
    row.keys()
        .map(|(key, value)| (key.to_owned(), as_json(value)))
        .collect()
}

fn as_json(value: &toml::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
