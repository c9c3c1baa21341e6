//! A booking as its owner sees it.

use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::iso_date::IsoDate;
use uuid::Uuid;

use crate::domain::{Booking, Status};

/// No `Debug`: it holds special requests, which are personal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BookingBody {
    id: Uuid,
    tour_id: Uuid,
    tour_title: TitleBody,
    booking_date: IsoDate,
    number_of_participants: i64,
    special_requests: Option<String>,
    status: &'static str,
    unit_price_cents: i64,
    total_cents: i64,
    currency: String,
    /// Only while there is a hold.
    hold_expires_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Serialize)]
struct TitleBody {
    fr: String,
    en: String,
}

impl From<Booking> for BookingBody {
    fn from(booking: Booking) -> Self {
        let held = booking.status == Status::Pending;
        Self {
            id: booking.id,
            tour_id: booking.tour_id,
            tour_title: TitleBody {
                fr: booking.title.fr,
                en: booking.title.en,
            },
            booking_date: IsoDate(booking.date),
            number_of_participants: booking.participants,
            special_requests: booking.special_requests.map(|requests| requests.0),
            status: booking.status.as_str(),
            unit_price_cents: booking.price.unit_cents,
            total_cents: booking.price.total_cents,
            currency: booking.price.currency,
            hold_expires_at: held.then_some(booking.hold_expires_at),
            created_at: booking.created_at,
            updated_at: booking.updated_at,
        }
    }
}
