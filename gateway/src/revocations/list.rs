//! The revocations that are in force, found by what a token says of itself.

use std::collections::HashMap;

use super::{Mark, Revocation, What};

/// Each value is the second of its end.
#[derive(Debug, Default)]
pub(super) struct List {
    tokens: HashMap<Box<str>, i64>,
    families: HashMap<Box<str>, i64>,
    /// Issued until, and the end.
    subjects: HashMap<Box<str>, (i64, i64)>,
}

impl List {
    pub(super) fn holds(&self, mark: &Mark) -> bool {
        let family = mark.family.as_ref();
        self.tokens.contains_key(&mark.token)
            || family.is_some_and(|family| self.families.contains_key(family))
            || self
                .subjects
                .get(&mark.subject)
                .is_some_and(|(until, _)| mark.issued <= *until)
    }

    pub(super) fn take(&mut self, revocations: &[Revocation]) {
        for Revocation { what, ends } in revocations {
            match what {
                What::Token(id) => later(self.tokens.entry(id.clone()).or_default(), *ends),
                What::Family(id) => later(self.families.entry(id.clone()).or_default(), *ends),
                What::Subject(sub, issued) => {
                    let known = self.subjects.entry(sub.clone()).or_insert((*issued, *ends));
                    later(&mut known.0, *issued);
                    later(&mut known.1, *ends);
                }
            }
        }
    }

    /// Drops what touches no living token at this second.
    pub(super) fn forget(&mut self, now: i64) {
        self.tokens.retain(|_, ends| *ends > now);
        self.families.retain(|_, ends| *ends > now);
        self.subjects.retain(|_, (_, ends)| *ends > now);
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len() + self.families.len() + self.subjects.len()
    }
}

/// Told twice, a revocation is in force as long as the longer one.
fn later(known: &mut i64, told: i64) {
    *known = told.max(*known);
}
