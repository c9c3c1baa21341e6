//! Reads a JSON body and tells all of its faults at once (L10, R14).
//!
//! serde stops at the first field that is missing or of the wrong type. So a form is a struct of `Option`s: each
//! fault that serde meets is noted, the field is taken out, and the rest is read again; then the form's `validator`
//! rules run. Unknown fields are faults (`#[serde(deny_unknown_fields)]`), against mass assignment (API3:2023).
//!
//! ```ignore
//! #[derive(Deserialize, Validate)]
//! #[serde(rename_all = "camelCase", deny_unknown_fields)]
//! struct BookingForm {
//!     #[validate(required)]
//!     tour_id: Option<Uuid>,
//!     #[validate(required, range(min = 1, max = 20))]
//!     number_of_participants: Option<i64>,
//! }
//!
//! async fn create(mut form: Form<BookingForm>) -> Result<..., ApiError> {
//!     form.check(is_future, "/bookingDate", Rule::Future);
//!     let form = form.finish(Code::InvalidBooking)?;
//! ```

mod body;
mod mend;
mod rules;
mod strict;

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use validator::Validate;

pub use body::{json_body, read_body};

use crate::error::{ApiError, Code, Fault, Rule};

/// A form that was read, with the faults found so far.
#[derive(Debug)]
pub struct Form<F> {
    /// Fields with a fault of type are `None` here.
    pub value: F,
    faults: Vec<Fault>,
}

impl<F: DeserializeOwned + Validate> Form<F> {
    /// Reads one JSON object.
    ///
    /// # Errors
    /// `malformed_json` when it is no JSON object at all; faults of fields are kept for [`Form::finish`].
    pub fn read(body: &[u8]) -> Result<Self, ApiError> {
        let (value, mut faults) = mend::read_leniently::<F>(body)?;
        if let Err(errors) = value.validate() {
            let known = faults.clone();
            // A field of the wrong type was taken out: that it is now missing is no second fault.
            let news = rules::faults_of(&errors);
            faults.extend(
                news.into_iter()
                    .filter(|new| known.iter().all(|old| old.pointer != new.pointer)),
            );
        }
        Ok(Self { value, faults })
    }
}

impl<F> Form<F> {
    /// A rule that `validator` cannot know, such as one that needs the clock.
    pub fn check(&mut self, holds: bool, pointer: &str, rule: Rule) {
        if !holds && self.faults.iter().all(|fault| fault.pointer != pointer) {
            self.faults.push(Fault::new(pointer, rule));
        }
    }

    /// Whether nothing was found wrong so far.
    pub fn is_faultless(&self) -> bool {
        self.faults.is_empty()
    }

    /// The form, if nothing at all is wrong with it.
    pub fn finish(mut self, code: Code) -> Result<F, ApiError> {
        if self.faults.is_empty() {
            return Ok(self.value);
        }
        self.faults.sort_by(|a, b| a.pointer.cmp(&b.pointer));
        Err(ApiError::invalid(code, self.faults))
    }
}

impl<F: DeserializeOwned + Validate, S: Send + Sync> FromRequest<S> for Form<F> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        Self::read(&json_body(request, state).await?)
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use uuid::Uuid;

    use super::*;
    use crate::error::Language;
    use crate::iso_date::IsoDate;

    #[derive(Debug, Deserialize, Validate)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Booking {
        #[validate(required)]
        tour_id: Option<Uuid>,
        #[validate(required, range(min = 1, max = 20))]
        number_of_participants: Option<i64>,
        #[validate(required)]
        booking_date: Option<IsoDate>,
        #[validate(length(max = 500))]
        special_requests: Option<String>,
        #[validate(nested)]
        title: Option<Title>,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[serde(deny_unknown_fields)]
    struct Title {
        #[validate(required, length(min = 1, max = 5))]
        fr: Option<String>,
    }

    fn faults(body: &str) -> Vec<(String, &'static str)> {
        let error = Form::<Booking>::read(body.as_bytes())
            .and_then(|form| form.finish(Code::InvalidBooking));
        let faults = error.expect_err("the body is bad").faults;
        faults
            .iter()
            .map(|fault| (fault.pointer.clone(), fault.rule.code()))
            .collect()
    }

    #[test]
    fn all_faults_are_told_at_once_each_field_once() {
        let body = r#"{"tourId":"x","numberOfParticipants":21,"bookingDate":5,"specialRequests":["a"],
                       "status":"confirmed","title":{"fr":"bien trop long","en":1}}"#;
        let expected = [
            ("/bookingDate", "type"),
            ("/numberOfParticipants", "range"),
            ("/specialRequests", "type"),
            ("/status", "unknown_field"),
            ("/title/en", "unknown_field"),
            ("/title/fr", "length"),
            ("/tourId", "format"),
        ];
        assert_eq!(
            faults(body),
            expected.map(|(pointer, code)| (pointer.to_owned(), code))
        );
    }

    #[test]
    fn an_empty_object_misses_every_required_field() {
        assert_eq!(
            faults("{}")
                .iter()
                .filter(|(_, code)| *code == "required")
                .count(),
            3
        );
    }

    #[test]
    fn what_is_no_json_object_is_malformed() {
        for body in [
            "",
            "[]",
            "null",
            "{",
            r#"{"a":1}x"#,
            "\u{feff}{}",
            r#""text""#,
        ] {
            let error = Form::<Booking>::read(body.as_bytes()).expect_err(body);
            assert_eq!(error.code, Code::MalformedJson, "{body}");
        }
        assert_eq!(
            Form::<Booking>::read(b"{\"title\":\"\xff\"}")
                .expect_err("not UTF-8")
                .code,
            Code::MalformedJson
        );
    }

    /// Proves: svc-injection
    #[test]
    fn a_doubled_key_and_a_null_byte_are_refused() {
        let doubled =
            Form::<Booking>::read(br#"{"numberOfParticipants":1,"numberOfParticipants":2}"#);
        assert_eq!(doubled.expect_err("two values").code, Code::MalformedJson);
        assert!(
            faults(r#"{"specialRequests":"a\u0000b"}"#)
                .contains(&("/specialRequests".into(), "format"))
        );
    }

    #[test]
    fn messages_name_the_field_in_both_languages_and_never_the_value() {
        let fault = Fault::new("/numberOfParticipants", Rule::Range { min: 1, max: 20 });
        assert_eq!(
            fault.message(Language::French),
            "numberOfParticipants doit être compris entre 1 et 20"
        );
        assert_eq!(
            fault.message(Language::English),
            "numberOfParticipants must be between 1 and 20"
        );
    }
}
