//! A route's query string: each known parameter at most once, nothing unknown, all faults at once (R14).

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use service_kit::error::{ApiError, Code, Fault, Rule};

/// Take the known parameters out, then [`Query::finish`]: what is left over is unknown.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl Query {
    fn parse(text: &str) -> Self {
        let pairs = url::form_urlencoded::parse(text.as_bytes())
            .into_owned()
            .collect();
        Self {
            pairs,
            faults: Vec::new(),
        }
    }

    /// `None` when it is absent, or has a fault, which is noted: `rule` when `read` cannot read it, a fault of format
    /// when it stands twice and nobody can say which one is meant.
    pub fn take<T>(
        &mut self,
        name: &str,
        rule: Rule,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let (mine, others) = std::mem::take(&mut self.pairs)
            .into_iter()
            .partition::<Vec<_>, _>(|(key, _)| key == name);
        self.pairs = others;
        match mine.as_slice() {
            [] => None,
            [(_, value)] => {
                let read = read(value);
                if read.is_none() {
                    self.faults.push(Fault::new(name, rule));
                }
                read
            }
            _ => {
                self.faults.push(Fault::new(name, Rule::Format));
                None
            }
        }
    }

    /// A parameter that must be there: what [`Query::take`] gave for it.
    pub fn require<T>(&mut self, name: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.faults.iter().all(|fault| fault.pointer != name) {
            self.faults.push(Fault::new(name, Rule::Required));
        }
        value
    }

    pub fn finish(mut self) -> Result<(), ApiError> {
        let unknown = self.pairs.into_iter().map(|(name, _)| name);
        let unknown = unknown.map(|name| Fault::new(name, Rule::Unknown));
        self.faults.extend(unknown);
        if self.faults.is_empty() {
            return Ok(());
        }
        Err(ApiError::invalid(Code::InvalidQuery, self.faults))
    }
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_query_is_told_at_once() {
        let mut query = Query::parse("limit=many&status=a&status=b&userId=1");
        let limit: Option<i64> = query.take("limit", Rule::Integer, |text| text.parse().ok());
        let status = query.take("status", Rule::Text, |text| Some(text.to_owned()));
        query.require::<()>("cursor", None);
        assert_eq!((limit, status), (None, None));
        let error = query.finish().expect_err("four faults");
        let faults = error.faults.iter();
        let faults: Vec<_> = faults
            .map(|fault| (fault.pointer.as_str(), fault.rule.code()))
            .collect();
        let expected = [
            ("limit", "type"),
            ("status", "format"),
            ("cursor", "required"),
            ("userId", "unknown_field"),
        ];
        assert_eq!(faults, expected);
    }
}
