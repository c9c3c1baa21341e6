//! `GET /internal/bookings/{id}/charge?userId=`: what payment must ask the bank for, so that no client says what it
//! pays. `userId` is the paying user: another user's booking is not found.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Rule};
use service_kit::path_id::PathId;
use service_kit::query::Query;
use uuid::Uuid;

use crate::AppState;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeBody {
    booking_id: Uuid,
    user_id: Uuid,
    amount_cents: i64,
    currency: String,
    status: &'static str,
    hold_expires_at: Timestamp,
}

pub async fn charge(
    State(state): State<AppState>,
    PathId(id): PathId,
    mut query: Query,
) -> Result<Json<ChargeBody>, ApiError> {
    let user_id = query.known("userId", Rule::Uuid, |text| Uuid::try_parse(text).ok());
    let user_id = query.require("userId", user_id);
    query.finish()?;
    let user_id = user_id.ok_or_else(|| ApiError::internal("userId was not required"))?;
    let booking = state.bookings.find(id, user_id).await?;
    let booking = booking.seen_at(state.clock.now());
    Ok(Json(ChargeBody {
        booking_id: booking.id,
        user_id: booking.user_id,
        amount_cents: booking.price.total_cents,
        currency: booking.price.currency,
        status: booking.status.as_str(),
        hold_expires_at: booking.hold_expires_at,
    }))
}
