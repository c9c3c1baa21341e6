//! What learners read is French and English at once: a text of one language cannot be made.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use service_kit::error::Language;

/// The language of what people read. French is the course's language, and the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    pub const ALL: [Self; 2] = [Self::Fr, Self::En];

    /// What `LC_ALL` (first) or `LANG` say: English where they begin with `en`, else French.
    pub fn of_locale(lc_all: Option<&str>, lang: Option<&str>) -> Self {
        match Language::of_locale(lc_all, lang) {
            Language::French => Self::Fr,
            Language::English => Self::En,
        }
    }

    /// The language that is written so: `fr`, `en`.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// A text that is known when the program is built; `{name}` stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub fr: &'static str,
    pub en: &'static str,
}

impl Text {
    pub const fn new(fr: &'static str, en: &'static str) -> Self {
        Self { fr, en }
    }

    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }

    /// The text with its values in place.
    pub fn with(&self, lang: Lang, values: &[(&str, &dyn Display)]) -> String {
        let mut rest = self.get(lang);
        let mut whole = String::new();
        // One pass from left to right: a value that looks like a placeholder stays as it is.
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, tail)) = after.split_once('}') else {
                break;
            };
            let value = values.iter().find(|(key, _)| *key == name);
            whole.push_str(before);
            match value {
                Some((_, value)) => whole.push_str(&value.to_string()),
                None => whole.push_str(&format!("{{{name}}}")),
            }
            rest = tail;
        }
        whole + rest
    }
}

/// A text with values in it, or one read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub fr: String,
    pub en: String,
}

impl Message {
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            fr: fr.into(),
            en: en.into(),
        }
    }

    /// The same in both languages: a number, a status, a piece of JSON.
    pub fn plain(value: impl Display) -> Self {
        Self::new(value.to_string(), value.to_string())
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Fr => &self.fr,
            Lang::En => &self.en,
        }
    }
}

impl From<Text> for Message {
    fn from(text: Text) -> Self {
        Self::new(text.fr, text.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_left_alone() {
        let text = Text::new("{a} et {b}", "{a} and {b}");
        assert_eq!(
            text.with(Lang::En, &[("a", &"{b}"), ("b", &2)]),
            "{b} and 2"
        );
        assert_eq!(text.with(Lang::Fr, &[("a", &1)]), "1 et {b}");
    }

    #[test]
    fn the_language_is_french_unless_the_locale_is_english() {
        assert_eq!(Lang::of_locale(None, None), Lang::Fr);
        assert_eq!(Lang::of_locale(None, Some("en_GB.UTF-8")), Lang::En);
        assert_eq!(
            Lang::of_locale(Some("fr_FR.UTF-8"), Some("en_US.UTF-8")),
            Lang::Fr
        );
        assert_eq!(Lang::of_locale(Some(""), Some("en_US.UTF-8")), Lang::En);
        assert_eq!(Lang::of_locale(Some("C.UTF-8"), None), Lang::Fr);
    }
}
