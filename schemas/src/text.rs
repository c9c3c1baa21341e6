//! Texts that people read.

use serde::{Deserialize, Deserializer};

/// A text without the white space around it, for `#[serde(deserialize_with)]`: rules and reader see the same one.
pub(crate) fn trimmed<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| text.trim().to_owned()))
}

/// Spaces and punctuation alone say nothing.
pub(crate) fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// Names stand on one line, in lists and in e-mail subjects.
pub(crate) fn is_a_line(text: &str) -> bool {
    has_words(text) && !text.chars().any(char::is_control)
}
