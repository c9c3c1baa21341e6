//! What a route takes as its body.

use service_kit::error::Language;

use super::{Line, as_json};
use crate::cli::outcome::Found;

pub(super) fn body(found: &Found<'_>, language: Language) -> Option<Line> {
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
