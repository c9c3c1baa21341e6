//! A payment, and what it has come to.

use secrecy::SecretString;
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::failure::Failure;
use super::money::Money;
use super::status::Status;

/// Its id is the reference under which the bank and booking know it: a call that is repeated does nothing new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub id: Uuid,
    pub user_id: Uuid,
    pub booking_id: Uuid,
    pub amount: Money,
    pub status: Status,
    pub failure: Option<Failure>,
    pub charge_id: Option<Uuid>,
    pub confirmed_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// What is written before the first call.
#[derive(Debug)]
pub struct NewPayment {
    pub user_id: Uuid,
    pub booking_id: Uuid,
    pub amount: Money,
    pub card_token: SecretString,
    pub idempotency_key: String,
    pub fingerprint: String,
}

/// What the payer learns. Once it is not `Pending` it never changes, so that a request that is sent again gets the
/// answer of the first, also after a later refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Pending,
    Paid,
    /// No money was taken.
    Declined(Failure),
    /// The money was taken and has been given back.
    Returned(Failure),
}

impl Payment {
    pub fn outcome(&self) -> Outcome {
        match (self.status, self.failure) {
            (Status::Failed, failure) => {
                Outcome::Declined(failure.unwrap_or(Failure::CardDeclined))
            }
            (Status::Refunded, Some(failure)) => Outcome::Returned(failure),
            _ if self.confirmed_at.is_some() => Outcome::Paid,
            _ => Outcome::Pending,
        }
    }
}
