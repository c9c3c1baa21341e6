//! The help of every command and option, one file a family of verbs. Tests find what has no text, and a text that nothing has.

mod exercises;
mod gateway;
mod platform;
mod shared;
mod teacher;

use super::Text;

/// By path: `lab`, `lab up`, `lab up --only`. What several commands share stands once, by its last word.
pub fn find(path: &str) -> Option<Text> {
    let own = |wanted: &str| all().find(|(key, _)| *key == wanted).map(|(_, text)| *text);
    let shared = path.rfind(' ').and_then(|at| own(&path[at + 1..]));
    own(path).or(shared)
}

/// Every path with its text.
pub fn all() -> impl Iterator<Item = &'static (&'static str, Text)> {
    [
        shared::HELP,
        exercises::HELP,
        platform::HELP,
        gateway::HELP,
        teacher::HELP,
    ]
    .into_iter()
    .flatten()
}

/// Declares a family's texts by their paths.
macro_rules! entries {
    ($($path:literal { fr: $fr:literal, en: $en:literal $(,)? })*) => {
        pub(super) const HELP: &[(&str, $crate::texts::Text)] =
            &[$(($path, $crate::texts::Text { fr: $fr, en: $en })),*];
    };
}
use entries;
