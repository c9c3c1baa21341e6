//! `POST /bookings`: holds seats for fifteen minutes (L10).
//!
//! The client says which tour, when and for how many; the price comes from the catalogue. With an `Idempotency-Key` a
//! request that is repeated within 24 hours is answered as it was the first time: 201, the booking as it was created,
//! and `Idempotent-Replayed: true`. A request that was refused leaves no key and may be tried again.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use escale_schemas::Body;
use escale_schemas::booking::{BookingForm, BookingRequest};
use http::header::LOCATION;
use http::{HeaderName, StatusCode};
use service_kit::clock::Timestamp;
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code, Fault, Rule};
use service_kit::form::Form;
use service_kit::idempotency::{IdempotencyKey, fingerprint};
use service_kit::iso_date::IsoDate;

use crate::AppState;
use crate::domain::{Booking, Offer, OfferStatus, SpecialRequests, Wish, last_bookable_date};
use crate::store::{Created, RequestKey};

use super::booking_body::BookingBody;
use super::user::Writer;

const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

#[utoipa::path(
    post,
    path = "/bookings",
    params(("Idempotency-Key" = Option<String>, Header, pattern = "^[!-~]{1,255}$")),
    request_body = BookingForm,
    responses(
        (
            status = 201,
            body = BookingBody,
            headers(("Location" = String), ("Idempotent-Replayed" = String)),
        ),
        (status = 400, description = "idempotency_key_invalid"),
        (status = 409, description = "sold_out, too_many_holds, tour_withdrawn"),
        (status = 422, description = "idempotency_key_reused"),
    ),
)]
pub async fn create(
    State(state): State<AppState>,
    Writer(user_id): Writer,
    key: Option<IdempotencyKey>,
    context: RequestContext,
    form: Form<BookingForm>,
) -> Result<Response, ApiError> {
    // Before the date is compared with today: what was right when it was first sent is right when it is repeated.
    let request = key
        .filter(|_| form.is_faultless())
        .zip(form.value.meaning())
        .map(|(key, asked)| request_key(key, &wish(asked)));
    if let Some(request) = &request {
        let now = state.clock.now();
        if let Some(before) = state.bookings.made_by(user_id, request, now).await? {
            return Ok(replayed(before));
        }
    }
    let wish = validated(form, state.clock.now())?;
    let offer = offered(&state, &wish, &context).await?;
    let capacity = offer.capacity_per_day;
    let booking = Booking::hold(user_id, wish, offer, state.clock.now()).ok_or_else(|| {
        ApiError::new(Code::BadGateway).because("catalog's price is too high to be counted")
    })?;
    let created = state
        .bookings
        .create(booking, capacity, request.as_ref())
        .await?;
    Ok(match created {
        Created::New(booking) => answer(booking),
        Created::Before(booking) => replayed(booking),
    })
}

fn wish(asked: BookingRequest) -> Wish {
    Wish {
        tour_id: asked.tour_id,
        participants: asked.number_of_participants,
        date: asked.booking_date.0,
        special_requests: asked.special_requests.map(SpecialRequests),
    }
}

/// How far ahead seats are sold is this service's own rule; it joins those of L10, and all faults are told at once.
fn validated(mut form: Form<BookingForm>, now: Timestamp) -> Result<Wish, ApiError> {
    let last = last_bookable_date(now);
    let near = form.value.booking_date().is_none_or(|date| date <= last);
    form.check(near, "/bookingDate", Rule::Latest(IsoDate(last)));
    escale_schemas::accept(form, now.date()).map(wish)
}

/// The tour as the catalogue offers it now. An unknown one is a fault of the body, 400 with its pointer: 404 would say
/// that `/bookings` is not there.
async fn offered(
    state: &AppState,
    wish: &Wish,
    context: &RequestContext,
) -> Result<Offer, ApiError> {
    let Some(offer) = state.catalogue.offer(wish.tour_id, context).await? else {
        let unknown = Fault::new("/tourId", Rule::Reference);
        return Err(ApiError::invalid(Code::InvalidBooking, vec![unknown]));
    };
    match offer.status {
        OfferStatus::Offered => Ok(offer),
        OfferStatus::Withdrawn => Err(Code::TourWithdrawn.into()),
    }
}

/// Of the values and not of the bytes: spaces and the order of fields make no other request.
fn request_key(IdempotencyKey(key): IdempotencyKey, wish: &Wish) -> RequestKey {
    let special_requests = wish.special_requests.as_ref();
    let fingerprint = fingerprint(&[
        &wish.tour_id.to_string(),
        &wish.participants.to_string(),
        &IsoDate(wish.date).to_string(),
        // No text and an empty text are two different requests.
        special_requests.map_or("-", |_| "+"),
        special_requests.map_or("", |requests| requests.0.as_str()),
    ]);
    RequestKey { key, fingerprint }
}

fn answer(booking: Booking) -> Response {
    let location = format!("/api/bookings/{}", booking.id);
    let body = Json(BookingBody::from(booking));
    (StatusCode::CREATED, [(LOCATION, location)], body).into_response()
}

fn replayed(booking: Booking) -> Response {
    ([(REPLAYED, "true")], answer(booking.as_created())).into_response()
}
