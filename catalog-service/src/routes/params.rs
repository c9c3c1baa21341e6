//! Query parameters, with all of their faults told at once, as bodies do: unknown ones, doubled ones (two readers may
//! each believe another value), and text that is no text.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use service_kit::error::{ApiError, Code, Fault, Rule};

/// More than this is no mistake of a person; the rest is not told.
const MOST_FAULTS: usize = 50;

/// Each reader takes its parameter out; what is left at [`Params::finish`] is unknown.
#[derive(Debug)]
pub(super) struct Params {
    values: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl<S: Send + Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let pairs = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
        Ok(Self::of(
            pairs.map(|Query(pairs)| pairs).unwrap_or_default(),
        ))
    }
}

impl Params {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut params = Self {
            values: BTreeMap::new(),
            faults: Vec::new(),
        };
        for (name, value) in pairs {
            // Bytes that are no UTF-8 have become U+FFFD by now.
            if value.contains(['\0', '\u{fffd}']) {
                params.fault(&name, Rule::Format);
            }
            if params.values.insert(name.clone(), value).is_some() {
                params.fault(&name, Rule::Format);
            }
        }
        params
    }

    /// One fault a parameter is enough.
    pub(super) fn fault(&mut self, name: &str, rule: Rule) {
        if self.faults.iter().all(|fault| fault.pointer != name) {
            self.faults.push(Fault::new(name, rule));
        }
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// A text of `min` to `max` characters, without white space around it.
    pub(super) fn text(&mut self, name: &str, min: u64, max: u64) -> Option<String> {
        let text = self.take(name)?.trim().to_owned();
        if (min..=max).contains(&(text.chars().count() as u64)) {
            return Some(text);
        }
        self.fault(name, Rule::Length { min, max });
        None
    }

    /// Digits and nothing else.
    pub(super) fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let text = self.take(name)?;
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            let digits = text.strip_prefix('-').unwrap_or_default();
            let is_negative = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            let rule = if is_negative {
                Rule::Range { min, max }
            } else {
                Rule::Integer
            };
            self.fault(name, rule);
            return None;
        }
        let number = text
            .parse()
            .ok()
            .filter(|number| (min..=max).contains(number));
        if number.is_none() {
            self.fault(name, Rule::Range { min, max });
        }
        number
    }

    /// A value that `read` knows.
    pub(super) fn known<T>(
        &mut self,
        name: &str,
        rule: Rule,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = read(&self.take(name)?);
        if value.is_none() {
            self.fault(name, rule);
        }
        value
    }

    /// How many tours a page holds.
    pub(super) fn limit(&mut self) -> usize {
        let limit = self.integer("limit", 1, 100);
        limit.and_then(|limit| limit.try_into().ok()).unwrap_or(20)
    }

    /// # Errors
    /// `invalid_query` with every fault that was noted, and with every parameter that nobody took.
    pub(super) fn finish(mut self) -> Result<(), ApiError> {
        for name in std::mem::take(&mut self.values).into_keys() {
            self.fault(&name, Rule::Unknown);
        }
        if self.faults.is_empty() {
            return Ok(());
        }
        self.faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        self.faults.truncate(MOST_FAULTS);
        Err(ApiError::invalid(Code::InvalidQuery, self.faults))
    }
}
