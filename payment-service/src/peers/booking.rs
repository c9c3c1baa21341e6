//! Booking's wire: what a booking costs, and that it is paid.

use futures_util::future::BoxFuture;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use service_kit::client::PeerClient;
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code};
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::{Currency, Money};
use crate::domain::offer::{BookingState, Offer};
use crate::ports::{Bookings, Confirmation, NotKnown};

pub struct BookingPeer(pub PeerClient);

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfferAnswer {
    booking_id: Uuid,
    user_id: Uuid,
    amount_cents: i64,
    currency: Currency,
    status: BookingStatus,
    hold_expires_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum BookingStatus {
    Pending,
    Confirmed,
    Cancelled,
    Expired,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmRequest {
    payment_id: Uuid,
    amount_cents: i64,
    currency: Currency,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfirmAnswer {
    booking_id: Uuid,
    status: BookingStatus,
}

/// The one field of a refusal (RFC 9457) that programs compare.
#[derive(Debug, Deserialize)]
struct Refusal {
    code: String,
}

/// Another booking's or another user's price is no answer to the question.
fn read_offer(answer: OfferAnswer, booking_id: Uuid, user_id: Uuid) -> Result<Offer, ApiError> {
    if answer.booking_id != booking_id || answer.user_id != user_id {
        return Err(ApiError::new(Code::BadGateway)
            .because("booking: the answer is about another booking or user"));
    }
    let state = match answer.status {
        BookingStatus::Pending => BookingState::Pending,
        BookingStatus::Confirmed => BookingState::Confirmed,
        BookingStatus::Cancelled => BookingState::Cancelled,
        BookingStatus::Expired => BookingState::Expired,
    };
    Ok(Offer {
        booking_id,
        user_id,
        amount: Money {
            cents: answer.amount_cents,
            currency: answer.currency,
        },
        state,
        hold_expires_at: answer.hold_expires_at,
    })
}

/// Money goes back only for a refusal that booking itself has worded: a 404 of a route that is not there (an old
/// version, a wrong address) says nothing about the booking.
fn read_refusal(status: StatusCode, refusal: &Refusal) -> Result<Confirmation, NotKnown> {
    let failure = match (status, refusal.code.as_str()) {
        (StatusCode::CONFLICT, "booking_not_payable") | (StatusCode::NOT_FOUND, "not_found") => {
            Failure::BookingNotPayable
        }
        (StatusCode::CONFLICT, "amount_mismatch") => Failure::AmountMismatch,
        _ => {
            return Err(NotKnown(format!("booking: confirm answered {status}")));
        }
    };
    Ok(Confirmation::Refused(failure))
}

impl Bookings for BookingPeer {
    fn offer<'a>(
        &'a self,
        booking_id: Uuid,
        user_id: Uuid,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>> {
        Box::pin(async move {
            let path = format!("/internal/bookings/{booking_id}/charge?userId={user_id}");
            let request = self.0.request(Method::GET, &path, context);
            let response = self.0.send(request).await?;
            match response.status() {
                StatusCode::OK => {
                    let answer = PeerClient::json(response).await?;
                    read_offer(answer, booking_id, user_id).map(Some)
                }
                StatusCode::NOT_FOUND => Ok(None),
                StatusCode::SERVICE_UNAVAILABLE => {
                    Err(ApiError::new(Code::ServiceUnavailable).because("booking: answered 503"))
                }
                status => Err(ApiError::new(Code::BadGateway)
                    .because(format_args!("booking: charge answered {status}"))),
            }
        })
    }

    fn confirm<'a>(
        &'a self,
        booking_id: Uuid,
        payment_id: Uuid,
        amount: Money,
        context: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Confirmation, NotKnown>> {
        Box::pin(async move {
            let path = format!("/internal/bookings/{booking_id}/confirm");
            let request = self.0.request(Method::POST, &path, context);
            let request = request.json(&ConfirmRequest {
                payment_id,
                amount_cents: amount.cents,
                currency: amount.currency,
            });
            let response = self.0.send(request).await?;
            match response.status() {
                StatusCode::OK => read_confirmation(&PeerClient::json(response).await?, booking_id),
                status @ (StatusCode::CONFLICT | StatusCode::NOT_FOUND) => {
                    read_refusal(status, &PeerClient::json(response).await?)
                }
                status => Err(NotKnown(format!("booking: confirm answered {status}"))),
            }
        })
    }
}

fn read_confirmation(answer: &ConfirmAnswer, booking_id: Uuid) -> Result<Confirmation, NotKnown> {
    match answer.status {
        BookingStatus::Confirmed if answer.booking_id == booking_id => Ok(Confirmation::Confirmed),
        _ => Err(NotKnown(
            "booking: confirm answered 200 for something else".to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(status: u16, code: &str) -> Result<Confirmation, NotKnown> {
        let status = StatusCode::from_u16(status).expect("a status");
        let refusal = Refusal {
            code: code.to_owned(),
        };
        read_refusal(status, &refusal)
    }

    #[test]
    fn only_a_refusal_that_booking_worded_sends_money_back() {
        for (status, code, failure) in [
            (409, "booking_not_payable", Failure::BookingNotPayable),
            (404, "not_found", Failure::BookingNotPayable),
            (409, "amount_mismatch", Failure::AmountMismatch),
        ] {
            let read = refusal(status, code).expect("a definite no");
            assert_eq!(read, Confirmation::Refused(failure));
        }
        for (status, code) in [(404, "route_not_found"), (409, "sold_out"), (409, "")] {
            assert!(refusal(status, code).is_err(), "{status} {code}");
        }
    }

    #[test]
    fn an_offer_for_another_booking_or_user_is_refused() {
        let (booking, user) = (Uuid::new_v4(), Uuid::new_v4());
        let answer = || -> OfferAnswer {
            serde_json::from_value(serde_json::json!({
                "bookingId": booking, "userId": user, "amountCents": 100, "currency": "EUR", "status": "pending",
                "holdExpiresAt": "2027-06-30T12:00:00.000Z",
            }))
            .expect("an offer")
        };
        assert!(read_offer(answer(), booking, user).is_ok());
        for (booking, user) in [(Uuid::new_v4(), user), (booking, Uuid::new_v4())] {
            let error = read_offer(answer(), booking, user).expect_err("another's");
            assert_eq!(error.code, Code::BadGateway);
        }
    }

    #[test]
    fn a_confirmation_of_another_booking_is_not_known() {
        let answer = ConfirmAnswer {
            booking_id: Uuid::new_v4(),
            status: BookingStatus::Confirmed,
        };
        assert!(read_confirmation(&answer, answer.booking_id).is_ok());
        assert!(read_confirmation(&answer, Uuid::new_v4()).is_err());
    }
}
