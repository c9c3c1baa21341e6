//! `POST /payments {bookingId, cardToken}`: pays a booking, once per Idempotency-Key.
//!
//! A key that has made a payment always finds that payment: requests that come while it runs wait for the same
//! outcome and get the same answer. A request that made no payment (no such booking, booking away) leaves its key
//! free.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use escale_schemas::payment::{PaymentForm, PaymentRequest};
use http::header::{LOCATION, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use service_kit::idempotency::{IdempotencyKey, fingerprint};
use time::Date;
use uuid::Uuid;

use super::caller::Payer;
use super::payment_body::PaymentBody;
use crate::domain::failure::Failure;
use crate::domain::offer::Unpayable;
use crate::domain::payment::{NewPayment, Outcome, Payment};
use crate::state::AppState;
use crate::store::{Inserted, Keyed};

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// A form that was read, with its key.
struct Order {
    user_id: Uuid,
    booking_id: Uuid,
    card_token: SecretString,
    key: String,
    /// Of the booking and the card token. The booking's random id keeps the token from being guessed back.
    fingerprint: String,
}

#[utoipa::path(
    post,
    path = "/payments",
    params(("Idempotency-Key" = String, Header, pattern = "^[!-~]{1,255}$")),
    request_body = PaymentForm,
    responses(
        (
            status = 201,
            body = PaymentBody,
            headers(("Location" = String), ("Idempotent-Replayed" = String)),
        ),
        (
            status = 202,
            body = PaymentBody,
            headers(
                ("Location" = String),
                ("Retry-After" = u32),
                ("Idempotent-Replayed" = String),
            ),
        ),
        (status = 400, description = "idempotency_key_missing, idempotency_key_invalid"),
        (status = 402, description = "card_declined, insufficient_funds, card_token_unknown"),
        (status = 404, description = "not_found"),
        (status = 409, description = "already_paid, booking_not_payable, amount_mismatch"),
        (status = 422, description = "idempotency_key_reused"),
    ),
)]
pub(super) async fn pay(
    State(state): State<AppState>,
    payer: Payer,
    key: IdempotencyKey,
    context: RequestContext,
    form: Form<PaymentForm>,
) -> Result<Response, ApiError> {
    let order = read_order(payer, key, form, state.life.clock.today())?;
    let (payment, replayed) = match state.store.find_by_key(order.user_id, &order.key).await? {
        Some(keyed) => (same_request(keyed, &order)?, true),
        None => begin(&state, order, &context).await?,
    };
    if payment.outcome() == Outcome::Pending {
        state.worker.start(payment.id, context);
    }
    let waiting = state
        .worker
        .wait_for_outcome(payment.id, state.answer_within);
    let mut response = answer(&waiting.await?).into_response();
    if replayed {
        let headers = response.headers_mut();
        headers.insert(REPLAYED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

fn read_order(
    payer: Payer,
    IdempotencyKey(key): IdempotencyKey,
    form: Form<PaymentForm>,
    today: Date,
) -> Result<Order, ApiError> {
    let PaymentRequest {
        booking_id,
        card_token,
    } = escale_schemas::accept(form, today)?;
    let fingerprint = fingerprint(&[&booking_id.to_string(), card_token.expose_secret()]);
    Ok(Order {
        user_id: payer.user_id,
        booking_id,
        card_token,
        key,
        fingerprint,
    })
}

/// Asks booking for the amount and writes the payment. `true`: another request with this key was faster.
async fn begin(
    state: &AppState,
    order: Order,
    context: &RequestContext,
) -> Result<(Payment, bool), ApiError> {
    let asked = state
        .bookings
        .offer(order.booking_id, order.user_id, context);
    let offer = asked.await?.ok_or(Code::NotFound)?;
    let now = state.life.clock.now();
    let amount = match offer.payable(now) {
        Ok(amount) => amount,
        Err(refusal) => return refused(state, &order, refusal).await,
    };
    let new = NewPayment {
        user_id: order.user_id,
        booking_id: order.booking_id,
        amount,
        card_token: order.card_token.clone(),
        idempotency_key: order.key.clone(),
        fingerprint: order.fingerprint.clone(),
    };
    match state.store.insert(&new, now).await? {
        Inserted::New(payment) => Ok((payment, false)),
        Inserted::KeyTaken(keyed) => Ok((same_request(keyed, &order)?, true)),
        Inserted::BookingTaken => Err(Code::AlreadyPaid.into()),
    }
}

/// The booking cannot be paid, unless the faster request has just paid it: then the key has the answer.
async fn refused(
    state: &AppState,
    order: &Order,
    refusal: Unpayable,
) -> Result<(Payment, bool), ApiError> {
    if let Some(keyed) = state.store.find_by_key(order.user_id, &order.key).await? {
        return Ok((same_request(keyed, order)?, true));
    }
    Err(match refusal {
        Unpayable::AlreadyPaid => Code::AlreadyPaid.into(),
        Unpayable::NotPayable => Code::BookingNotPayable.into(),
    })
}

fn same_request(keyed: Keyed, order: &Order) -> Result<Payment, ApiError> {
    if keyed.fingerprint == order.fingerprint {
        return Ok(keyed.payment);
    }
    Err(Code::IdempotencyKeyReused.into())
}

fn answer(payment: &Payment) -> Result<Response, ApiError> {
    let status = match payment.outcome() {
        Outcome::Paid => StatusCode::CREATED,
        Outcome::Pending => StatusCode::ACCEPTED,
        Outcome::Declined(failure) | Outcome::Returned(failure) => {
            return Err(code_of(failure).into());
        }
    };
    let location = format!("/api/payments/{}", payment.id);
    let body = Json(PaymentBody::from(payment));
    let mut response = (status, [(LOCATION, location)], body).into_response();
    if status == StatusCode::ACCEPTED {
        let headers = response.headers_mut();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("2"));
    }
    Ok(response)
}

fn code_of(failure: Failure) -> Code {
    match failure {
        Failure::CardDeclined => Code::CardDeclined,
        Failure::InsufficientFunds => Code::InsufficientFunds,
        Failure::CardTokenUnknown => Code::CardTokenUnknown,
        Failure::BookingNotPayable => Code::BookingNotPayable,
        Failure::AmountMismatch => Code::AmountMismatch,
    }
}
