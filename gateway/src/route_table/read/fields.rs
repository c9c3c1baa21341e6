//! One table of a TOML document, read field by field; what is wrong is noted with its line, and reading goes on.

use std::ops::RangeInclusive;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::RouteFault;

/// A table and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Spot<'t> {
    table: &'t DeTable<'t>,
    start: usize,
}

impl<'t> Spot<'t> {
    pub(super) fn top(document: &'t Spanned<DeTable<'t>>) -> Self {
        Self {
            table: document.get_ref(),
            start: 0,
        }
    }
}

pub(super) struct Fields<'t, 'f> {
    text: &'t str,
    spot: Spot<'t>,
    faults: &'f mut Vec<RouteFault>,
}

/// The line, from 1, of a byte of the text.
pub(in crate::route_table) fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().iter().take(offset);
    before.filter(|byte| **byte == b'\n').count() + 1
}

impl<'t, 'f> Fields<'t, 'f> {
    /// Notes every key that is not in `known`: a misspelt key must not pass for an absent one.
    pub(super) fn new(
        text: &'t str,
        spot: Spot<'t>,
        known: &[&str],
        faults: &'f mut Vec<RouteFault>,
    ) -> Self {
        for key in spot.table.keys() {
            if !known.contains(&&**key.get_ref()) {
                let line = line_of(text, key.span().start);
                faults.push(RouteFault {
                    line,
                    message: format!("`{}` is not known here", key.get_ref()),
                });
            }
        }
        Self { text, spot, faults }
    }

    pub(super) fn line(&self) -> usize {
        line_of(self.text, self.spot.start)
    }

    /// Notes what the reader of a field found, at the field's line.
    pub(super) fn fault(&mut self, key: &str, message: impl std::fmt::Display) {
        self.note(key, format!("`{key}`: {message}"));
    }

    pub(super) fn checked<T>(&mut self, key: &str, result: Result<T, String>) -> Option<T> {
        result.map_err(|message| self.fault(key, message)).ok()
    }

    pub(super) fn is_text(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.get_ref().is_str())
    }

    pub(super) fn required_text(&mut self, key: &str) -> Option<&'t str> {
        self.required(key)?;
        self.optional_text(key)?
    }

    /// `Some(None)` when the field is absent, `None` when it has a fault.
    pub(super) fn optional_text(&mut self, key: &str) -> Option<Option<&'t str>> {
        self.optional(key, "a text", |value| value.as_str())
    }

    pub(super) fn required_words(&mut self, key: &str) -> Option<Vec<&'t str>> {
        self.required(key)?;
        self.optional_words(key)
    }

    /// No words when the field is absent.
    pub(super) fn optional_words(&mut self, key: &str) -> Option<Vec<&'t str>> {
        let words = self.optional(key, "a list of texts", |value| {
            value
                .as_array()?
                .iter()
                .map(|word| word.get_ref().as_str())
                .collect::<Option<Vec<_>>>()
        });
        words.map(Option::unwrap_or_default)
    }

    /// `false` when the field is absent.
    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        self.optional(key, "true or false", DeValue::as_bool)
            .map(Option::unwrap_or_default)
    }

    pub(super) fn required_number(&mut self, key: &str, range: RangeInclusive<u64>) -> Option<u64> {
        let number = self.required(key)?.get_ref().as_integer();
        let number =
            number.and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none_or(|number| !range.contains(&number)) {
            self.note(
                key,
                format!(
                    "`{key}` must be between {} and {}",
                    range.start(),
                    range.end()
                ),
            );
            return None;
        }
        number
    }

    /// `default` when the field is absent.
    pub(super) fn number_or(
        &mut self,
        key: &str,
        range: RangeInclusive<u64>,
        default: u64,
    ) -> Option<u64> {
        if self.has(key) {
            self.required_number(key, range)
        } else {
            Some(default)
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn required_table(&mut self, key: &str, known: &[&str]) -> Option<Fields<'t, '_>> {
        let value = self.required(key)?;
        let table = self.optional(key, "a table", |value| value.as_table())??;
        let spot = Spot {
            table,
            start: value.span().start,
        };
        Some(Fields::new(self.text, spot, known, self.faults))
    }

    /// A list of tables, `[[key]]`, at least one.
    pub(super) fn tables(&mut self, key: &str) -> Vec<Spot<'t>> {
        if self.required(key).is_none() {
            return Vec::new();
        }
        let tables = self.optional(key, "a list of tables", |value| {
            let spot = |item: &'t Spanned<DeValue<'t>>| {
                Some(Spot {
                    table: item.get_ref().as_table()?,
                    start: item.span().start,
                })
            };
            value
                .as_array()?
                .iter()
                .map(spot)
                .collect::<Option<Vec<_>>>()
        });
        tables.flatten().unwrap_or_default()
    }

    /// The tables `[key.<name>]` with their names; none, and a fault, where there is no `key`.
    pub(super) fn named_tables(&mut self, key: &str) -> Vec<(&'t str, Spot<'t>)> {
        if self.required(key).is_none() {
            return Vec::new();
        }
        let tables = self.optional(key, "tables with names", |value| {
            let spot = |(name, item): (&'t Spanned<_>, &'t Spanned<DeValue<'t>>)| {
                let name: &'t std::borrow::Cow<'t, str> = name.get_ref();
                Some((
                    &**name,
                    Spot {
                        table: item.get_ref().as_table()?,
                        start: item.span().start,
                    },
                ))
            };
            value.as_table()?.iter().map(spot).collect::<Option<_>>()
        });
        tables.flatten().unwrap_or_default()
    }

    /// The fields of a table within this one.
    pub(super) fn within(&mut self, spot: Spot<'t>, known: &[&str]) -> Fields<'t, '_> {
        Fields::new(self.text, spot, known, self.faults)
    }

    fn optional<T>(
        &mut self,
        key: &str,
        wanted: &str,
        read: impl FnOnce(&'t DeValue<'t>) -> Option<T>,
    ) -> Option<Option<T>> {
        let Some(value) = self.get(key) else {
            return Some(None);
        };
        let read = read(value.get_ref());
        if read.is_none() {
            self.note(key, format!("`{key}` must be {wanted}"));
        }
        read.map(Some)
    }

    fn required(&mut self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        let value = self.get(key);
        if value.is_none() {
            self.note(key, format!("`{key}` is missing"));
        }
        value
    }

    fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.spot.table.get(key)
    }

    /// At the field's line, or at the table's where there is no such field.
    fn note(&mut self, key: &str, message: String) {
        let start = self
            .get(key)
            .map_or(self.spot.start, |value| value.span().start);
        self.faults.push(RouteFault {
            line: line_of(self.text, start),
            message,
        });
    }
}
