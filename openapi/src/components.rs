//! What operations refer to by name: security schemes, the parameter and the headers that all of them have.

use serde_json::{Map, Value, json};

use crate::texts::Texts;

pub fn security_schemes(texts: &Texts) -> Value {
    json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": texts.say("security.bearer"),
        },
        "client": {
            "type": "http",
            "scheme": "basic",
            "description": texts.say("security.client"),
        },
        "apiKey": {
            "type": "apiKey",
            "in": "header",
            "name": "X-API-Key",
            "description": texts.say("security.apiKey"),
        },
    })
}

pub fn parameters(texts: &Texts) -> Value {
    json!({
        "Accept-Language": {
            "name": "Accept-Language",
            "in": "header",
            "required": false,
            "description": texts.say("parameter.Accept-Language"),
            "schema": { "type": "string" },
            "example": texts.language.tag(),
        },
    })
}

/// By their names in `components`.
pub fn headers_of_every_answer() -> Map<String, Value> {
    ["X-Request-Id", "RateLimit-Policy", "RateLimit"]
        .map(reference)
        .into_iter()
        .collect()
}

pub fn reference(name: &str) -> (String, Value) {
    let path = format!("#/components/headers/{name}");
    (name.to_owned(), json!({ "$ref": path }))
}

pub fn headers(texts: &Texts) -> Value {
    let mut headers = Map::new();
    let text = json!({ "type": "string" });
    for (name, schema, example) in [
        (
            "X-Request-Id",
            json!({ "type": "string", "format": "uuid" }),
            None,
        ),
        (
            "RateLimit-Policy",
            text.clone(),
            Some(r#""address";q=100;w=60, "daily";q=1000;w=86400"#),
        ),
        (
            "RateLimit",
            text.clone(),
            Some(r#""address";r=99;t=1, "daily";r=999;t=86400"#),
        ),
        (
            "Retry-After",
            json!({ "type": "integer", "minimum": 1 }),
            None,
        ),
        (
            "WWW-Authenticate",
            text.clone(),
            Some(r#"Bearer realm="escale""#),
        ),
        ("Allow", text, Some("GET, HEAD, POST")),
    ] {
        let description = texts.say(&format!("header.{name}"));
        let mut header = json!({ "description": description, "schema": schema });
        if let Some(example) = example {
            header["example"] = example.into();
        }
        headers.insert(name.to_owned(), header);
    }
    headers.into()
}
