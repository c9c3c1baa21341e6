//! The bodies, with a text for each and for each of their fields.

use anyhow::ensure;
use serde_json::{Map, Value, json};

use crate::sources::Sources;
use crate::texts::Texts;

/// One of each body, by its name.
const EXAMPLES: &str = include_str!("../examples.json");

/// `components.schemas`.
pub fn schemas(sources: &Sources, texts: &Texts) -> anyhow::Result<Map<String, Value>> {
    let mut schemas = sources.schemas.clone();
    let mut examples: Map<String, Value> = serde_json::from_str(EXAMPLES)?;
    for (name, schema) in &mut schemas {
        explain(name, schema, texts);
        if let Some(example) = examples.remove(name) {
            schema["examples"] = json!([example]);
        }
    }
    ensure!(examples.is_empty(), "examples of no body: {examples:?}");
    Ok(schemas)
}

/// The macros' name of a page, and what it begins with.
const PAGE: &str = "PageBody_";

/// A page of tours is a `TourPage`, and refers to its items, which the macros copy into it.
pub fn name_pages(api: &mut Value) {
    let schemas = api.pointer_mut("/components/schemas");
    if let Some(schemas) = schemas.and_then(Value::as_object_mut) {
        for (name, mut schema) in std::mem::take(schemas) {
            let name = match name.strip_prefix(PAGE) {
                Some(item) => {
                    let path = format!("#/components/schemas/{item}");
                    schema["properties"]["items"]["items"] = json!({ "$ref": path });
                    format!("{item}Page")
                }
                None => name,
            };
            schemas.insert(name, schema);
        }
    }
    rename_references(api);
}

fn rename_references(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let reference = fields.get("$ref").and_then(Value::as_str);
            let page = reference.and_then(|path| path.split_once(PAGE));
            if let Some(renamed) = page.map(|(before, item)| format!("{before}{item}Page")) {
                fields.insert("$ref".to_owned(), renamed.into());
            }
            fields.values_mut().for_each(rename_references);
        }
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        _ => {}
    }
}

/// Comments in the code are for who reads the code: they make place for the texts.
fn explain(name: &str, schema: &mut Value, texts: &Texts) {
    schema["description"] = texts.say(&format!("schema.{name}.text")).into();
    let parts = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for part in parts.into_iter().flatten() {
        explain_fields(name, part, texts);
    }
    explain_fields(name, schema, texts);
}

fn explain_fields(name: &str, schema: &mut Value, texts: &Texts) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let required = required.as_array().map(Vec::as_slice).unwrap_or_default();
    let is_request = name.ends_with("Form") || name == "TokenRequest";
    let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    for (field, schema) in fields {
        // A form reads `null` as an absent field. What is sent as a form has no `null` at all.
        let is_required = required.iter().any(|name| name == field);
        if (is_request && is_required) || name == "TokenRequest" {
            without_null(schema);
        }
        schema["description"] = texts.say(&format!("schema.{name}.{field}")).into();
    }
}

/// What is optional in Rust is nullable to the macros.
pub fn without_null(schema: &mut Value) {
    if let Some(types) = schema.get_mut("type").and_then(Value::as_array_mut) {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            schema["type"] = single.clone();
        }
    }
    if let Some(choices) = schema.get_mut("oneOf").and_then(Value::as_array_mut) {
        choices.retain(|choice| choice["type"] != "null");
        if let [single] = choices.as_slice() {
            *schema = single.clone();
        }
    }
}
