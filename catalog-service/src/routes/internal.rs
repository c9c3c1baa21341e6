//! `GET /internal/tours/{id}`: what the booking service must know of a tour. The price of a booking comes from here,
//! never from the client.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use serde::Serialize;
use service_kit::error::{ApiError, Code};
use service_kit::path_id::PathId;
use uuid::Uuid;

use crate::AppState;
use crate::domain::{Currency, Status, Texts};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BookableTour {
    id: Uuid,
    title: Texts,
    price_cents: i64,
    currency: Currency,
    capacity_per_day: i64,
    status: Status,
}

pub(super) async fn read(
    State(state): State<AppState>,
    PathId(id): PathId,
) -> Result<Response, ApiError> {
    let tour = state.tours.find(id).await?.ok_or(Code::NotFound)?;
    let body = BookableTour {
        id: tour.id,
        title: tour.details.title,
        price_cents: tour.details.price_cents,
        currency: tour.details.currency,
        capacity_per_day: tour.details.capacity_per_day,
        status: tour.status,
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(body)).into_response())
}
