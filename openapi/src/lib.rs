//! The description of the public API, OpenAPI 3.1, in French and in English.
//!
//! It is made of three things that exist anyway, and holds none of its own: the handlers and bodies of the services say
//! what is taken and answered ([`service_kit`]'s among them), the gateway's route table says who may and how much, the
//! table of [`service_kit::error::Code`]s says what is refused. Only the words are written for it: `texts/`, each in both
//! languages.
//!
//! Reading order: [`document`], `operation` (one route and method), `policy` (what the gateway adds to it), `refusals`.

mod bodies;
mod components;
mod gateway_answers;
mod golden;
mod operation;
mod policy;
mod refusals;
mod sources;
mod texts;

use std::collections::BTreeSet;

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use service_kit::error::Language;

pub use golden::{COMMAND, path_of};
use refusals::Refusals;
pub use sources::Sources;
pub use texts::Texts;

/// In the order in which a reader meets them.
const TAGS: [&str; 5] = ["accounts", "tours", "bookings", "payments", "platform"];

/// The whole document.
///
/// # Errors
/// A route that no service describes, a description without a route, a text that is missing or that nobody asks for.
pub fn document(sources: &Sources, language: Language) -> anyhow::Result<Value> {
    let texts = Texts::read(language)?;
    let mut refusals = Refusals::new(language);
    let paths = paths(sources, &texts, &mut refusals)?;
    let schemas = bodies::schemas(sources, &texts)?;
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Escale",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": texts.say("document.summary"),
            "description": texts.say("document.text"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/", "description": texts.say("document.server") }],
        "tags": TAGS.map(|tag| json!({ "name": tag, "description": texts.say(&format!("tag.{tag}")) })),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": components::parameters(&texts),
            "headers": components::headers(&texts),
            "responses": refusals.responses(),
            "examples": refusals.examples(),
            "securitySchemes": components::security_schemes(&texts),
        },
    });
    texts.finish()?;
    Ok(document)
}

fn paths(
    sources: &Sources,
    texts: &Texts,
    refusals: &mut Refusals,
) -> anyhow::Result<Map<String, Value>> {
    let mut paths = Map::new();
    let mut described = BTreeSet::new();
    for row in sources.written.rows() {
        let route = sources.route(row.text("name"))?;
        for method in row.words("methods") {
            let found = sources.operation(row, method);
            let (found, key) = found.with_context(|| format!("{method} {}", row.text("path")))?;
            described.insert(key);
            let operation = operation::compose(found, route, row, method, texts, refusals)?;
            let path = paths.entry(row.text("path")).or_insert_with(|| json!({}));
            path[method.to_lowercase()] = operation;
        }
    }
    let forgotten: Vec<_> = sources
        .keys()
        .filter(|key| !described.contains(key))
        .collect();
    if !forgotten.is_empty() {
        bail!("no route of the gateway leads to {forgotten:?}");
    }
    Ok(paths)
}
