//! Reading JSON so leniently that every fault of a field is found, not only the first.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::strict;
use crate::error::{ApiError, Code, Fault, Rule};
use crate::iso_date;

/// A body with more faults than this is no mistake of a person; the rest is not looked for.
const MOST_FAULTS: usize = 50;

/// Reads `body` as a form; a field with a fault is taken out and the rest read again.
pub(super) fn read_leniently<F: DeserializeOwned>(
    body: &[u8],
) -> Result<(F, Vec<Fault>), ApiError> {
    let malformed = |cause: String| ApiError::new(Code::MalformedJson).because(cause);
    let mut value = strict::read(body).map_err(|error| malformed(error.to_string()))?;
    if !value.is_object() {
        return Err(malformed("the body is no JSON object".to_owned()));
    }
    let mut faults = Vec::new();
    drop_null_bytes(&mut value, "", &mut faults);
    loop {
        let error = match serde_path_to_error::deserialize::<_, F>(&value) {
            Ok(form) => return Ok((form, faults)),
            Err(error) => error,
        };
        let fault = classify(&error);
        let removed = remove(&mut value, &fault.pointer);
        faults.push(fault);
        if !removed || faults.len() >= MOST_FAULTS {
            // serde's own text may quote the value: it is not for the log (R20).
            return Err(ApiError::invalid(Code::InvalidData, faults));
        }
    }
}

fn classify(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let text = error.inner().to_string();
    let mut pointer = String::new();
    for segment in error.path() {
        use serde_path_to_error::Segment;
        match segment {
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    if let Some(name) = text
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next())
    {
        let leaf = format!("/{}", escape(name));
        if !pointer.ends_with(&leaf) {
            pointer.push_str(&leaf);
        }
        return Fault::new(pointer, Rule::Unknown);
    }
    Fault::new(pointer, expected(&text))
}

/// serde tells only in words what it expected.
fn expected(text: &str) -> Rule {
    let wanted = text.rsplit("expected ").next().unwrap_or_default();
    match wanted {
        _ if text.contains("UUID") => Rule::Uuid,
        _ if text.contains(iso_date::EXPECTED) => Rule::Date,
        _ if wanted.starts_with("a string") || wanted.starts_with("a borrowed string") => {
            Rule::Text
        }
        _ if wanted.starts_with("a boolean") => Rule::Boolean,
        _ if wanted.starts_with("a sequence") => Rule::Array,
        _ if wanted.starts_with("struct") || wanted.starts_with("a map") => Rule::Object,
        _ if wanted.starts_with("f64") => Rule::Number,
        _ if wanted.starts_with(['i', 'u'])
            && wanted[1..].starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Rule::Integer
        }
        _ => Rule::Format,
    }
}

/// Takes out what a pointer names; false when there is nothing there.
fn remove(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, leaf)) = pointer.rsplit_once('/') else {
        return false;
    };
    match value.pointer_mut(parent) {
        Some(Value::Object(map)) => map.remove(&unescape(leaf)).is_some(),
        // A list without its bad item is read further; the list itself keeps its place.
        Some(Value::Array(items)) => match leaf.parse::<usize>() {
            Ok(index) if index < items.len() => {
                items.remove(index);
                true
            }
            _ => false,
        },
        _ => false,
    }
}

/// PostgreSQL cannot store U+0000 and no text of ours needs it.
fn drop_null_bytes(value: &mut Value, pointer: &str, faults: &mut Vec<Fault>) {
    let Value::Object(map) = value else { return };
    map.retain(|key, inner| {
        let pointer = format!("{pointer}/{}", escape(key));
        if inner.as_str().is_some_and(|text| text.contains('\0')) {
            faults.push(Fault::new(pointer, Rule::Format));
            return false;
        }
        drop_null_bytes(inner, &pointer, faults);
        true
    });
}

/// RFC 6901 section 3.
fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescape(leaf: &str) -> String {
    leaf.replace("~1", "/").replace("~0", "~")
}
