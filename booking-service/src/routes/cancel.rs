//! `POST /bookings/{id}/cancel`: gives seats back, and money where it was paid. Asked twice it answers twice the same.

use axum::Json;
use axum::extract::State;
use service_kit::error::ApiError;
use service_kit::path_id::PathId;

use crate::AppState;

use super::booking_body::BookingBody;
use super::user::Writer;

#[utoipa::path(
    post,
    path = "/bookings/{id}/cancel",
    params(("id" = Uuid, Path)),
    responses(
        (status = 200, body = BookingBody),
        (status = 404, description = "not_found"),
        (status = 409, description = "booking_not_cancellable"),
    ),
)]
pub async fn cancel(
    State(state): State<AppState>,
    Writer(user_id): Writer,
    PathId(id): PathId,
) -> Result<Json<BookingBody>, ApiError> {
    let booking = state
        .bookings
        .cancel(id, user_id, state.clock.now())
        .await?;
    Ok(Json(booking.into()))
}
