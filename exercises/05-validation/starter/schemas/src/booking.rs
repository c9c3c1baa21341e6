//! `POST /api/bookings`, exactly as L10 has it. There is no price and no user in it: the catalogue says what a tour
//! costs, and the token who books (API3:2023).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use service_kit::error::Code;
use service_kit::form::Form;
use service_kit::iso_date::IsoDate;
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::Body;

// TODO(lab 05)
// À écrire : la table de L10, pour que rien d'autre n'arrive chez booking.
//   - tourId (UUID), numberOfParticipants (entier de 1 à 20) et bookingDate (jour après `today`) sont obligatoires ;
//     specialRequests, facultatif, a au plus 500 caractères et garde ses espaces ;
//   - un champ qui n'est pas dans la table est une faute, et rien d'inconnu n'est transmis ;
//   - toutes les fautes sont dites d'un coup : un champ absent ou de mauvais type ne doit pas cacher les autres.
// Un modèle qui fait tout cela : `schemas/src/tour.rs`. Ensuite, `gateway/src/layers/content_type.rs`.
//
// To write: the table of L10, so that nothing else arrives at booking.
//   - tourId (UUID), numberOfParticipants (integer from 1 to 20) and bookingDate (a day after `today`) are required;
//     specialRequests, optional, has at most 500 characters and keeps its spaces;
//   - a field that is not in the table is a fault, and nothing unknown is handed on;
//   - all faults are told at once: a field that is absent or of the wrong type must not hide the others.
// A model that does all of this: `schemas/src/tour.rs`. Then go to `gateway/src/layers/content_type.rs`.

/// No `Debug`: it holds special requests, which are personal.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookingForm {
    tour_id: Uuid,
    number_of_participants: i64,
    booking_date: IsoDate,
    special_requests: Option<String>,
    /// Whatever else the client sent.
    #[serde(flatten)]
    others: Map<String, Value>,
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
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

impl Body for BookingForm {
    type Meaning = BookingRequest;

    const REFUSAL: Code = Code::InvalidBooking;

    /// The rules that attributes cannot state.
    fn judge(_form: &mut Form<Self>, _today: Date) {}

    fn meaning(&self) -> Option<BookingRequest> {
        Some(BookingRequest {
            tour_id: self.tour_id,
            number_of_participants: self.number_of_participants,
            booking_date: self.booking_date,
            special_requests: self.special_requests.clone(),
            others: self.others.clone(),
        })
    }
}

impl BookingForm {
    /// For the rules of whom the form is given to.
    pub fn booking_date(&self) -> Option<Date> {
        let IsoDate(date) = self.booking_date;
        Some(date)
    }
}
