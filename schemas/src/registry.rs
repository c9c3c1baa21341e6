//! The bodies by name: `schema = "booking"` in the gateway's route table.

use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use time::Date;

use crate::api_key::ApiKeyForm;
use crate::booking::BookingForm;
use crate::login::LoginForm;
use crate::payment::PaymentForm;
use crate::refresh::RefreshForm;
use crate::register::RegisterForm;
use crate::tour::TourForm;
use crate::{Body, accept};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Schema {
    ApiKey,
    Booking,
    Login,
    Payment,
    /// Of `/auth/refresh` and of `/auth/logout`.
    Refresh,
    Register,
    Tour,
}

impl Schema {
    pub const ALL: [Self; 7] = [
        Self::ApiKey,
        Self::Booking,
        Self::Login,
        Self::Payment,
        Self::Refresh,
        Self::Register,
        Self::Tour,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::ApiKey => "apikey",
            Self::Booking => "booking",
            Self::Login => "login",
            Self::Payment => "payment",
            Self::Refresh => "refresh",
            Self::Register => "register",
            Self::Tour => "tour",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|schema| schema.as_str() == name)
    }

    /// Judges a body and writes what it means as JSON anew: canonical UUIDs and dates, no white space, no doubt about
    /// a number or an escape. `today` is the day in UTC.
    ///
    /// # Errors
    /// `malformed_json`, or all faults at once under the body's own code.
    pub fn normalise(self, body: &[u8], today: Date) -> Result<Vec<u8>, ApiError> {
        match self {
            Self::ApiKey => normalise::<ApiKeyForm>(body, today),
            Self::Booking => normalise::<BookingForm>(body, today),
            Self::Login => normalise::<LoginForm>(body, today),
            Self::Payment => normalise::<PaymentForm>(body, today),
            Self::Refresh => normalise::<RefreshForm>(body, today),
            Self::Register => normalise::<RegisterForm>(body, today),
            Self::Tour => normalise::<TourForm>(body, today),
        }
    }
}

fn normalise<B: Body>(body: &[u8], today: Date) -> Result<Vec<u8>, ApiError> {
    let form = Form::<B>::read(body).map_err(|error| match error.code {
        // A body with so many faults that reading was given up; the kit does not know whose body it is.
        Code::InvalidData => ApiError::invalid(B::REFUSAL, error.faults),
        _ => error,
    })?;
    serde_json::to_vec(&accept(form, today)?).map_err(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn every_schema_is_found_by_its_name_and_no_other_name_is_one() {
        for schema in Schema::ALL {
            assert_eq!(Schema::named(schema.as_str()), Some(schema));
        }
        for unknown in ["", "Booking", "bookings", "token"] {
            assert_eq!(Schema::named(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn no_schema_takes_an_empty_object_an_unknown_field_or_anything_but_an_object() {
        for schema in Schema::ALL {
            for (body, code) in [
                ("{}", ""),
                (r#"{"isAdmin":true}"#, ""),
                ("[]", "malformed_json"),
                ("null", "malformed_json"),
                ("", "malformed_json"),
            ] {
                let error = schema.normalise(body.as_bytes(), date!(2027 - 06 - 30));
                let error = error.expect_err("refused");
                assert_eq!(error.code.status(), 400, "{schema:?} {body}");
                assert!(code.is_empty() || error.code.as_str() == code, "{body}");
                let unknown = |fault: &service_kit::error::Fault| fault.pointer == "/isAdmin";
                assert_eq!(error.faults.iter().any(unknown), body.contains("isAdmin"));
            }
        }
    }

    #[test]
    fn a_flood_of_unknown_fields_is_told_up_to_a_bound_and_under_the_bodys_own_code() {
        let flood: Vec<String> = (0..1_000).map(|n| format!(r#""x{n}":1"#)).collect();
        let body = format!("{{{}}}", flood.join(","));
        let error = Schema::Booking.normalise(body.as_bytes(), date!(2027 - 06 - 30));
        let error = error.expect_err("refused");
        assert_eq!(error.code, Code::InvalidBooking);
        assert!(error.faults.len() <= 50, "{}", error.faults.len());
    }
}
