//! The two parties that a payment needs, as this service sees them. Over mTLS: [`crate::peers`]; in memory: the
//! fakes of the tests.

use futures_util::future::BoxFuture;
use secrecy::SecretString;
use service_kit::context::RequestContext;
use service_kit::error::ApiError;
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::Money;
use crate::domain::offer::Offer;

/// Nobody knows whether the call was done: no connection, no answer in time, an answer that cannot be understood.
/// The step is tried again; the receiver does it once, by the payment's id.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct NotKnown(pub String);

impl From<ApiError> for NotKnown {
    fn from(error: ApiError) -> Self {
        Self(error.to_string())
    }
}

/// What is asked from the bank: the payment's id is the charge's reference.
#[derive(Debug, Clone, Copy)]
pub struct ChargeOrder {
    pub reference: Uuid,
    pub amount: Money,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authorisation {
    Granted { charge_id: Uuid },
    Declined(Failure),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Capture {
    Taken,
    Refused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    Confirmed,
    Refused(Failure),
}

/// All of it is idempotent by the order's reference.
pub trait Bank: Send + Sync {
    fn authorise<'a>(
        &'a self,
        order: ChargeOrder,
        card_token: &'a SecretString,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Authorisation, NotKnown>>;

    fn capture<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Capture, NotKnown>>;

    /// `Ok`: the money is given back. There is no definite no: what is owed is owed.
    fn refund<'a>(
        &'a self,
        order: ChargeOrder,
        charge_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<(), NotKnown>>;
}

pub trait Bookings: Send + Sync {
    /// What the booking costs; `None` when there is none of that user.
    fn offer<'a>(
        &'a self,
        booking_id: Uuid,
        user_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>>;

    /// Idempotent by the payment's id.
    fn confirm<'a>(
        &'a self,
        booking_id: Uuid,
        payment_id: Uuid,
        amount: Money,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Confirmation, NotKnown>>;
}
