//! The ids of a text, and those that came in their place.
//!
//! A text shows a booking's id in one answer and pays that booking in the next command. When it is tried, another id comes;
//! from then on the one means the other.

use super::part::{Part, parts};

#[derive(Debug, Clone, Default)]
pub struct Ids(Vec<(String, String)>);

impl Ids {
    /// The commands with the ids that came. An id that no answer has shown before is meant as it is written: a seeded tour's,
    /// say.
    pub fn in_commands(&mut self, commands: &str) -> String {
        let mut lines = Vec::new();
        for line in commands.lines() {
            let mut whole = String::new();
            for part in parts(line) {
                match part {
                    Part::Id(shown) => {
                        if self.came(shown).is_none() {
                            self.0.push((shown.to_owned(), shown.to_owned()));
                        }
                        whole.push_str(self.came(shown).unwrap_or(shown));
                    }
                    Part::Literal(text) | Part::Moment(text) => whole.push_str(text),
                    Part::Anything => whole.push(super::part::ANYTHING),
                }
            }
            lines.push(whole);
        }
        lines.join("\n")
    }

    /// Whether `shown` may mean `came`: from now on it does.
    pub(super) fn bind(&mut self, shown: &str, came: &str) -> bool {
        match self.came(shown) {
            Some(known) => known == came,
            None if self.0.iter().any(|(_, known)| known == came) => false,
            None => {
                self.0.push((shown.to_owned(), came.to_owned()));
                true
            }
        }
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn forget_after(&mut self, count: usize) {
        self.0.truncate(count);
    }

    fn came(&self, shown: &str) -> Option<&str> {
        let known = self.0.iter().find(|(one, _)| one == shown);
        known.map(|(_, came)| came.as_str())
    }
}
