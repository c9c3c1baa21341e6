//! What the table says about a route: one function a key. A new key of `routes.toml` is shown as it stands until it has
//! a function of its own here: write it and add it to [`lines`].

use serde_json::{Value, json};
use service_kit::error::Language;

use super::outcome::Found;
use crate::route_table::{Access, RedisAway, Target, Written, WrittenRow};

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
        access,
        upstream,
        deadline,
        client_credentials,
        limits,
        redis_away,
        body,
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

fn access(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("qui peut appeler", "who may call");
    let (text, value) = match &found.route.access {
        Access::Public => (
            language
                .pick(
                    "tout le monde : la route est publique",
                    "everybody: the route is public",
                )
                .to_owned(),
            json!("public"),
        ),
        Access::Protected {
            scopes,
            roles,
            api_key,
        } => (
            rights(scopes, roles, *api_key, language),
            json!({ "scopes": scopes, "roles": roles, "api_key": api_key }),
        ),
    };
    Some(Line::new("access", title, text, value))
}

/// `access` in one line of words.
fn rights(scopes: &[Box<str>], roles: &[Box<str>], api_key: bool, language: Language) -> String {
    let (scopes, roles) = (scopes.join(" + "), roles.join(", "));
    if api_key {
        return language.pick(
            format!(
                "un jeton ou une clé d'API avec le scope {scopes} ; utilisateur ou application"
            ),
            format!("a token or an API key with the scope {scopes}; a user or an application"),
        );
    }
    if roles.is_empty() {
        return language.pick(
            format!("un jeton avec le scope {scopes} ; utilisateur ou application"),
            format!("a token with the scope {scopes}; a user or an application"),
        );
    }
    language.pick(
        format!("un jeton avec le scope {scopes}, et un de ces rôles : {roles}"),
        format!("a token with the scope {scopes}, and one of these roles: {roles}"),
    )
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

fn client_credentials(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("identifiants d'application", "client credentials");
    let text = language.pick(
        "Authorization: Basic passe jusqu'au service, qui authentifie lui-même les applications",
        "Authorization: Basic passes to the service, which authenticates applications itself",
    );
    found
        .route
        .client_credentials
        .then(|| Line::new("client_credentials", title, text.to_owned(), json!(true)))
}

fn limits(found: &Found<'_>, language: Language) -> Option<Line> {
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
fn redis_away(found: &Found<'_>, language: Language) -> Option<Line> {
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
pub(super) fn classes_of<'a>(row: &'a WrittenRow, written: &Written) -> Vec<&'a str> {
    let of_all = written.limit("address").map(|_| "address");
    of_all.into_iter().chain(row.words("limits")).collect()
}

/// `search 10 / 60 s`
pub(super) fn limit(class: &str, written: &Written, language: Language) -> String {
    match written.limit(class) {
        Some((requests, seconds)) => language.pick(
            format!("{class} {requests} requêtes / {seconds} s"),
            format!("{class} {requests} requests / {seconds} s"),
        ),
        None => class.to_owned(),
    }
}

fn body(found: &Found<'_>, language: Language) -> Option<Line> {
    let title = language.pick("corps", "body");
    let kind = found.row.value("body")?;
    let most = found.row.value("max_body");
    let text = match most {
        Some(bytes) => language.pick(
            format!("{}, {bytes} octets au plus", kind_of_body(kind, language)),
            format!(
                "{}, {bytes} bytes at the most",
                kind_of_body(kind, language)
            ),
        ),
        None => kind_of_body(kind, language),
    };
    Some(Line::new("body", title, text, as_json(kind)))
}

fn kind_of_body(kind: &toml::Value, language: Language) -> String {
    match kind.as_str() {
        Some("json") => "JSON".to_owned(),
        Some("form") => language.pick("formulaire", "form").to_owned(),
        Some("none") => language.pick("aucun", "none").to_owned(),
        _ => kind.to_string(),
    }
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
