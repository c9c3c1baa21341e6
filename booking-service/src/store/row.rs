//! A row of `bookings` as a [`Booking`]. A row that cannot be read is a failure, never a guess.

use service_kit::clock::Timestamp;
use service_kit::iso_date::IsoDate;
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use crate::domain::{Booking, Price, SpecialRequests, Status, Title};

/// What [`booking`] reads, each with its table's name. Not `*`: a newer version's column would change what statements that
/// are prepared already give, and PostgreSQL refuses them then.
pub(super) const COLUMNS: &str = "bookings.id, bookings.user_id, bookings.tour_id, bookings.tour_date, bookings.title_fr, \
     bookings.title_en, bookings.participants, bookings.special_requests, bookings.status, bookings.unit_price_cents, \
     bookings.total_cents, bookings.currency, bookings.hold_expires_at, bookings.payment_id, bookings.created_at, \
     bookings.updated_at";

pub(super) fn booking(row: &AnyRow) -> Result<Booking, sqlx::Error> {
    let special_requests: Option<String> = row.try_get("special_requests")?;
    let payment_id: Option<String> = row.try_get("payment_id")?;
    Ok(Booking {
        id: uuid(row, "id")?,
        user_id: uuid(row, "user_id")?,
        tour_id: uuid(row, "tour_id")?,
        title: Title {
            fr: row.try_get("title_fr")?,
            en: row.try_get("title_en")?,
        },
        date: known("tour_date", IsoDate::parse(row.try_get("tour_date")?))?.0,
        participants: row.try_get("participants")?,
        special_requests: special_requests.map(SpecialRequests),
        status: known("status", Status::parse(row.try_get("status")?))?,
        price: Price {
            unit_cents: row.try_get("unit_price_cents")?,
            total_cents: row.try_get("total_cents")?,
            currency: row.try_get("currency")?,
        },
        hold_expires_at: Timestamp(row.try_get("hold_expires_at")?),
        payment_id: payment_id
            .map(|text| known("payment_id", Uuid::try_parse(&text).ok()))
            .transpose()?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}

pub(super) fn uuid(row: &AnyRow, column: &'static str) -> Result<Uuid, sqlx::Error> {
    known(column, Uuid::try_parse(row.try_get(column)?).ok())
}

/// The value itself stays out of the message: messages are logged.
pub(super) fn known<T>(column: &'static str, value: Option<T>) -> Result<T, sqlx::Error> {
    value.ok_or_else(|| sqlx::Error::Decode(format!("{column} holds what it never should").into()))
}
