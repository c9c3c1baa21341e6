//! The collection, in Postman's format 2.1.

use serde_json::{Value, json};

use super::scripts::{event, events};
use super::source::{Bilingual, Body, Folder, Group, Line, Request, Source};

const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// Always the same, so that importing a newer one replaces the older.
const ID: &str = "5a6e4a4e-0d0c-4f0c-9f1e-e5ca1e000001";

/// What requests leave for the ones that follow. Empty at first; Postman keeps their values to itself.
const VARIABLES: [&str; 1] = ["standing"];

pub fn collection(source: &Source) -> Value {
    let groups = source.groups.iter().map(|(about, folders)| {
        json!({
            "name": name(&about.title),
            "description": description(&about.about),
            "item": folders.iter().map(folder).collect::<Vec<_>>(),
        })
    });
    let Group { title, about } = &source.about;
    json!({
        "info": {
            "_postman_id": ID,
            "name": name(title),
            "description": description(about),
            "schema": SCHEMA,
        },
        "event": [
            event("prerequest", &source.before_each),
            event("test", &source.after_each),
        ],
        "variable": VARIABLES.map(|key| json!({"key": key, "value": ""})),
        "item": groups.collect::<Vec<_>>(),
    })
}

fn folder(folder: &Folder) -> Value {
    json!({
        "name": name(&folder.title),
        "description": description(&folder.about),
        "item": folder.requests.iter().map(request).collect::<Vec<_>>(),
    })
}

fn request(request: &Request) -> Value {
    let Line { method, url } = &request.send;
    let mut sent = json!({
        "method": method,
        "url": self::url(url),
        "header": headers(request),
        "auth": auth(request),
        "description": description(&request.about),
    });
    if let Some(body) = &request.body {
        sent["body"] = self::body(body);
    }
    json!({
        "name": name(&request.title),
        "event": events(request),
        "request": sent,
        "response": [],
        // A redirect would be an answer to look at, and what is sent is what is written.
        "protocolProfileBehavior": {"followRedirects": false, "disableUrlEncoding": true},
    })
}

/// `Métro / Subway`.
fn name(Bilingual { fr, en }: &Bilingual) -> String {
    if fr == en {
        return fr.clone();
    }
    format!("{fr} / {en}")
}

fn description(Bilingual { fr, en }: &Bilingual) -> String {
    format!("{}\n\n---\n\n{}", fr.trim(), en.trim())
}

/// Postman shows `raw`; newman sends `host`, `path` and `query`.
fn url(raw: &str) -> Value {
    let (address, query) = match raw.split_once('?') {
        Some((address, query)) => (address, Some(query)),
        None => (raw, None),
    };
    let (host, path) = match address.split_once('/') {
        Some((host, path)) => (host, path),
        None => (address, ""),
    };
    let mut url = json!({
        "raw": raw,
        "host": [host],
        "path": path.split('/').collect::<Vec<_>>(),
    });
    if let Some(query) = query {
        let pairs = query.split('&').map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"key": key, "value": value})
        });
        url["query"] = pairs.collect();
    }
    url
}

fn headers(request: &Request) -> Vec<Value> {
    let own = request
        .headers
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value}));
    let json = matches!(request.body, Some(Body::Json(_)))
        && !request.headers.keys().any(|key| key == "Content-Type");
    let of_body = json.then(|| json!({"key": "Content-Type", "value": "application/json"}));
    of_body.into_iter().chain(own).collect()
}

fn auth(request: &Request) -> Value {
    let text = |key: &str, value: String| json!({"key": key, "value": value, "type": "string"});
    if let Some(whose) = &request.bearer {
        let token = format!("{{{{{whose}Token}}}}");
        return json!({"type": "bearer", "bearer": [text("token", token)]});
    }
    if let Some(whose) = &request.basic {
        let name = text("username", format!("{{{{{whose}Id}}}}"));
        let secret = text("password", format!("{{{{{whose}Secret}}}}"));
        return json!({"type": "basic", "basic": [name, secret]});
    }
    json!({"type": "noauth"})
}

fn body(body: &Body) -> Value {
    match body {
        Body::Json(text) => json!({
            "mode": "raw",
            "raw": text.trim(),
            "options": {"raw": {"language": "json"}},
        }),
        Body::Raw(text) => json!({"mode": "raw", "raw": text}),
        Body::Form(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| json!({"key": key, "value": value}));
            json!({"mode": "urlencoded", "urlencoded": fields.collect::<Vec<_>>()})
        }
    }
}
