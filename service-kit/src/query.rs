//! Query parameters, with all of their faults told at once, as bodies do (R14): unknown ones, doubled ones (two
//! readers may each believe another value), and text that is no text.
//!
//! ```ignore
//! async fn list(mut query: Query) -> Result<..., ApiError> {
//!     let category = query.known("category", Rule::OneOf(&Category::NAMES), Category::of);
//!     let limit = query.limit();
//!     query.finish()?;
//! ```

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use url::form_urlencoded;

use crate::error::{ApiError, Code, Fault, Rule};

/// More than this is no mistake of a person; the rest is not told.
const MOST_FAULTS: usize = 50;

/// How many items a page holds, unless the caller asks for another number.
const USUAL_LIMIT: u16 = 20;
const HIGHEST_LIMIT: u16 = 100;

/// Each reader takes its parameter out; what is left at [`Query::finish`] is unknown. No value may be used before
/// that: a reader gives something for a doubled parameter, too.
#[derive(Debug)]
pub struct Query {
    values: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(parts.uri.query().unwrap_or_default()))
    }
}

impl Query {
    fn of(text: &str) -> Self {
        let mut query = Self {
            values: BTreeMap::new(),
            faults: Vec::new(),
        };
        for (name, value) in form_urlencoded::parse(text.as_bytes()).into_owned() {
            // Bytes that are no UTF-8 have become U+FFFD by now.
            if value.contains(['\0', '\u{fffd}']) {
                query.fault(&name, Rule::Format);
            }
            if query.values.contains_key(&name) {
                query.fault(&name, Rule::Format);
            }
            query.values.insert(name, value);
        }
        query
    }

    /// Notes a fault that a reader cannot see by itself. One fault a parameter is enough: the first.
    pub fn fault(&mut self, name: &str, rule: Rule) {
        let is_told = self.faults.iter().any(|fault| fault.pointer == name);
        if !is_told && self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault::new(name, rule));
        }
    }

    /// A parameter that must be there: what its reader gave for it.
    pub fn require<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(name, Rule::Required);
        }
        value
    }

    /// A value as it came.
    pub fn take(&mut self, name: &str) -> Option<String> {
        self.values.remove(name)
    }

    /// A text of `min` to `max` characters, without white space around it.
    pub fn text(&mut self, name: &str, min: u64, max: u64) -> Option<String> {
        let text = self.take(name)?.trim().to_owned();
        if (min..=max).contains(&(text.chars().count() as u64)) {
            return Some(text);
        }
        self.fault(name, Rule::Length { min, max });
        None
    }

    /// Digits and nothing else.
    pub fn integer(&mut self, name: &str, min: i64, max: i64) -> Option<i64> {
        let text = self.take(name)?;
        if !is_digits(&text) {
            let is_negative = text.strip_prefix('-').is_some_and(is_digits);
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
    pub fn known<T>(
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

    /// `limit`: how many items a page holds.
    pub fn limit(&mut self) -> u16 {
        let limit = self.integer("limit", 1, HIGHEST_LIMIT.into());
        limit
            .and_then(|limit| limit.try_into().ok())
            .unwrap_or(USUAL_LIMIT)
    }

    /// # Errors
    /// `invalid_query` with every fault that was noted, and with every parameter that nobody took.
    pub fn finish(mut self) -> Result<(), ApiError> {
        for name in std::mem::take(&mut self.values).into_keys() {
            self.fault(&name, Rule::Unknown);
        }
        if self.faults.is_empty() {
            return Ok(());
        }
        self.faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        Err(ApiError::invalid(Code::InvalidQuery, self.faults))
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `name code` of every fault.
    #[track_caller]
    fn faults(query: Query) -> Vec<String> {
        let error = query.finish().expect_err("a fault");
        assert_eq!(error.code, Code::InvalidQuery);
        let told = |fault: &Fault| format!("{} {}", fault.pointer, fault.rule.code());
        error.faults.iter().map(told).collect()
    }

    #[test]
    fn a_parameter_is_decoded_and_read_by_its_kind() {
        let mut query = Query::of("q=+ch%C3%A2teau+&price=0042&unit=day&limit=100");
        assert_eq!(query.text("q", 2, 7).as_deref(), Some("château"));
        assert_eq!(query.integer("price", 0, 50), Some(42));
        let unit = query.known("unit", Rule::Text, |text| (text == "day").then_some(1));
        assert_eq!(unit, Some(1));
        assert_eq!(query.limit(), 100);
        assert_eq!(query.take("absent"), None);
        query.finish().expect("no fault");
    }

    #[test]
    fn a_page_holds_twenty_items_unless_told_otherwise() {
        assert_eq!(Query::of("").limit(), 20);
    }

    #[test]
    fn a_doubtful_limit_is_refused() {
        for (text, fault) in [
            ("limit=0", "limit range"),
            ("limit=101", "limit range"),
            ("limit=-1", "limit range"),
            ("limit=99999999999999999999", "limit range"),
            ("limit=%2B5", "limit type"),
            ("limit=ten", "limit type"),
            ("limit=-", "limit type"),
            ("limit=", "limit type"),
            ("limit=5&limit=6", "limit format"),
            ("limit=5&limit=ten", "limit format"),
            ("limit=5%00", "limit format"),
        ] {
            let mut query = Query::of(text);
            query.limit();
            assert_eq!(faults(query), [fault], "{text}");
        }
    }

    #[test]
    fn every_fault_of_a_query_is_told_at_once() {
        let mut query = Query::of("limit=many&status=a&status=b&name=%FF&userId=1&=x");
        query.limit();
        query.known("status", Rule::Text, |text| Some(text.to_owned()));
        query.text("name", 1, 10);
        query.require::<()>("booking", None);
        let expected = [
            " unknown_field",
            "booking required",
            "limit type",
            "name format",
            "status format",
            "userId unknown_field",
        ];
        assert_eq!(faults(query), expected);
    }

    #[test]
    fn a_required_parameter_with_a_fault_is_not_called_missing() {
        let mut query = Query::of("q=a");
        let text = query.text("q", 2, 100);
        assert_eq!(query.require("q", text), None);
        assert_eq!(faults(query), ["q length"]);
    }

    #[test]
    fn the_faults_of_a_flood_are_told_up_to_a_bound() {
        let flood: Vec<String> = (0..5_000).map(|number| format!("p{number}=1")).collect();
        assert_eq!(faults(Query::of(&flood.join("&"))).len(), MOST_FAULTS);
    }
}
