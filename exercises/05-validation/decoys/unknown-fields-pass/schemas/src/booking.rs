//! `POST /api/bookings`, exactly as L10 has it. There is no price and no user in it: the catalogue says what a tour
//! costs, and the token who books (API3:2023).

use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use service_kit::iso_date::IsoDate;
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::Body;

pub const MOST_PARTICIPANTS: i64 = 20;
/// In characters; a character of four bytes is one.
pub const LONGEST_REQUESTS: u64 = 500;

/// No `Debug`: it holds special requests, which are personal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookingForm {
    #[validate(required)]
    tour_id: Option<Uuid>,
    /// Written as an integer. RFC 8259 section 6 leaves it to the reader whether `2.0` and `1e1` are integers, so two
    /// readers may disagree: they are refused, as `"2"` is.
    #[validate(required, range(min = 1, max = MOST_PARTICIPANTS))]
    number_of_participants: Option<i64>,
    #[validate(required)]
    booking_date: Option<IsoDate>,
    /// Kept as it came, spaces and all: it is shown to who wrote it.
    #[validate(length(max = "LONGEST_REQUESTS"))]
    special_requests: Option<String>,
}

/// What a user asks for.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingRequest {
    pub tour_id: Uuid,
    pub number_of_participants: i64,
    pub booking_date: IsoDate,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub special_requests: Option<String>,
}

impl Body for BookingForm {
    type Meaning = BookingRequest;

    const REFUSAL: Code = Code::InvalidBooking;

    /// A departure of today is no longer in the future.
    fn judge(form: &mut Form<Self>, today: Date) {
        let date = form.value.booking_date;
        let future = date.is_none_or(|IsoDate(date)| date > today);
        form.check(future, "/bookingDate", Rule::Future);
    }

    fn meaning(&self) -> Option<BookingRequest> {
        Some(BookingRequest {
            tour_id: self.tour_id?,
            number_of_participants: self.number_of_participants?,
            booking_date: self.booking_date?,
            special_requests: self.special_requests.clone(),
        })
    }
}

impl BookingForm {
    /// For the rules of whom the form is given to.
    pub fn booking_date(&self) -> Option<Date> {
        self.booking_date.map(|IsoDate(date)| date)
    }
}

#[cfg(test)]
mod tests;
