//! A booking as its owner sees it.

use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::iso_date::IsoDate;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{Booking, Status};

/// No `Debug`: it holds special requests, which are personal.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Booking)]
pub struct BookingBody {
    id: Uuid,
    tour_id: Uuid,
    tour_title: TitleBody,
    booking_date: IsoDate,
    #[schema(minimum = 1, maximum = 20)]
    number_of_participants: i64,
    #[schema(required, max_length = 500)]
    special_requests: Option<String>,
    #[schema(value_type = Status)]
    status: &'static str,
    #[schema(minimum = 0)]
    unit_price_cents: i64,
    #[schema(minimum = 0)]
    total_cents: i64,
    #[schema(pattern = "^[A-Z]{3}$")]
    currency: String,
    /// Only while there is a hold.
    #[schema(required)]
    hold_expires_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
#[schema(as = BookedTitle)]
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
