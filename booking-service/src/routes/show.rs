//! `GET /bookings/{id}`: one's own booking; another user's is not found (API1:2023).

use axum::Json;
use axum::extract::State;
use service_kit::error::ApiError;
use service_kit::path_id::PathId;

use crate::AppState;

use super::booking_body::BookingBody;
use super::user::Reader;

#[utoipa::path(
    get,
    path = "/bookings/{id}",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = BookingBody), (status = 404, description = "not_found")),
)]
pub async fn show(
    State(state): State<AppState>,
    Reader(user_id): Reader,
    PathId(id): PathId,
) -> Result<Json<BookingBody>, ApiError> {
    let booking = state.bookings.find(id, user_id).await?;
    Ok(Json(booking.seen_at(state.clock.now()).into()))
}
