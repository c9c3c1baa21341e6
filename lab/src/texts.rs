//! Everything that the command says, in French and in English. A [`Text`] cannot be made with one language only.

pub mod accounts;
pub mod audit;
pub mod certs;
pub mod demo;
pub mod deployment;
pub mod doctor;
pub mod exercise;
pub mod exercise_check;
pub mod exercise_study;
pub mod grade;
pub mod handout;
pub mod help;
pub mod jail;
pub mod platform;
pub mod postman;
pub mod start;
pub mod usage;
pub mod verify;

pub use escale_exercises::{Lang, Text};

/// Declares messages, and lists them for the test that compares the two languages.
macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident { fr: $fr:literal, en: $en:literal $(,)? })*) => {
        $($(#[$doc])* pub const $name: $crate::texts::Text = $crate::texts::Text::new($fr, $en);)*

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
            deployment::ALL,
            doctor::ALL,
            grade::ALL,
            handout::ALL,
            exercise::ALL,
            exercise_check::ALL,
            exercise_study::ALL,
            jail::ALL,
            platform::ALL,
            postman::ALL,
            start::ALL,
            usage::ALL,
            verify::ALL,
        ];
        for (name, text) in tables.into_iter().flatten() {
            assert!(
                !text.fr.trim().is_empty() && !text.en.trim().is_empty(),
                "{name}"
            );
            assert_eq!(placeholders(text.fr), placeholders(text.en), "{name}");
        }
    }
}
