//! Everything that the command says, in French and in English. A [`Text`] cannot be made with one language only.

pub mod accounts;
pub mod audit;
pub mod certs;
pub mod demo;
pub mod doctor;
pub mod help;
pub mod jail;
pub mod platform;
pub mod start;
pub mod usage;

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use service_kit::error::Language;

/// The language of what people read. French is the course's language, and the default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Fr,
    En,
}

impl Lang {
    /// What `LC_ALL` (first) or `LANG` say: English where they begin with `en`, else French.
    pub fn of_locale(lc_all: Option<&str>, lang: Option<&str>) -> Self {
        match Language::of_locale(lc_all, lang) {
            Language::French => Self::Fr,
            Language::English => Self::En,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}

/// One message; `{name}` stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pub fr: &'static str,
    pub en: &'static str,
}

impl Text {
    pub fn get(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Fr => self.fr,
            Lang::En => self.en,
        }
    }

    /// The message with its values in place.
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

/// Declares messages, and lists them for the test that compares the two languages.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { fr: $fr:literal, en: $en:literal $(,)? })*) => {
        $($(#[$doc])* pub const $name: $crate::texts::Text = $crate::texts::Text { fr: $fr, en: $en };)*

        #[cfg(test)]
        pub(super) const ALL: &[(&str, $crate::texts::Text)] = &[$((stringify!($name), $name)),*];
    };
}
use texts;

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_text_says_something_in_both_languages_with_the_same_values() {
        let tables = [
            accounts::ALL,
            audit::ALL,
            certs::ALL,
            demo::ALL,
            doctor::ALL,
            jail::ALL,
            platform::ALL,
            start::ALL,
            usage::ALL,
        ];
        for (name, text) in tables.into_iter().flatten() {
            assert!(
                !text.fr.trim().is_empty() && !text.en.trim().is_empty(),
                "{name}"
            );
            assert_eq!(placeholders(text.fr), placeholders(text.en), "{name}");
        }
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_is_left_alone() {
        let text = Text {
            fr: "{a} et {b}",
            en: "{a} and {b}",
        };
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
