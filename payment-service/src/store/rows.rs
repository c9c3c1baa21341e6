//! Rows as domain types. A row that cannot be read is an error, never a guess.

use service_kit::clock::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{Error, Row};
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::{Currency, Money};
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::step::Step;

/// What [`payment`] reads. Not `*`: a newer version's column would change what statements that are prepared already give,
/// and PostgreSQL refuses them then.
pub(super) const PAYMENT: &str = "id, user_id, booking_id, amount_cents, currency, status, failure_code, charge_id, \
     confirmed_at, created_at, updated_at";

pub(super) fn payment(row: &AnyRow) -> Result<Payment, Error> {
    let failure: Option<String> = row.try_get("failure_code")?;
    let charge_id: Option<String> = row.try_get("charge_id")?;
    let confirmed_at: Option<i64> = row.try_get("confirmed_at")?;
    let currency: String = row.try_get("currency")?;
    let status: String = row.try_get("status")?;
    Ok(Payment {
        id: uuid(row.try_get("id")?)?,
        user_id: uuid(row.try_get("user_id")?)?,
        booking_id: uuid(row.try_get("booking_id")?)?,
        amount: Money {
            cents: row.try_get("amount_cents")?,
            currency: Currency::parse(&currency).ok_or_else(|| unreadable("currency"))?,
        },
        status: Status::parse(&status).ok_or_else(|| unreadable("status"))?,
        failure: failure
            .map(|text| Failure::parse(&text).ok_or_else(|| unreadable("failure_code")))
            .transpose()?,
        charge_id: charge_id.map(uuid).transpose()?,
        confirmed_at: confirmed_at.map(Timestamp),
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}

pub(super) fn step(row: &AnyRow) -> Result<Step, Error> {
    let kind: String = row.try_get("kind")?;
    Step::parse(&kind).ok_or_else(|| unreadable("kind"))
}

pub(super) fn uuid(text: String) -> Result<Uuid, Error> {
    Uuid::try_parse(&text).map_err(|_| unreadable("an id"))
}

fn unreadable(column: &str) -> Error {
    Error::Decode(format!("{column} holds something that was never written").into())
}
