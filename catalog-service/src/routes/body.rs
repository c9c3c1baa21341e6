//! What clients see of a tour, field by field: a new field of the domain is not shown before it is named here
//! (API3:2023). The owner is not shown.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, ETAG};
use http::{HeaderName, StatusCode};
use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::error::ApiError;
use service_kit::page::{Page, PageBody};
use service_kit::page_cursor;
use utoipa::ToSchema;
use uuid::Uuid;

use super::precondition::etag;
use crate::domain::{Position, Status, Tour, TourDetails};

/// For every answer about tours. `private`: it was given to one holder of a token, a shared cache must not hand it to
/// a caller without one. `no-cache`: a stored answer is used only after asking again, because a fresh one would be
/// used without the gateway seeing the caller (R3), and because a price shown must be the price booked. Asking again
/// for one tour costs a 304 without a body.
pub(super) const CACHE: (HeaderName, &str) = (CACHE_CONTROL, "private, no-cache");

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tour)]
pub(super) struct TourBody<'a> {
    id: Uuid,
    #[serde(flatten)]
    details: &'a TourDetails,
    status: Status,
    #[schema(minimum = 1)]
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl<'a> From<&'a Tour> for TourBody<'a> {
    fn from(tour: &'a Tour) -> Self {
        Self {
            id: tour.id,
            details: &tour.details,
            status: tour.status,
            version: tour.version,
            created_at: tour.created_at,
            updated_at: tour.updated_at,
        }
    }
}

/// One tour with its ETag.
pub(super) fn tour_answer(status: StatusCode, tour: &Tour) -> Response {
    let headers = [CACHE, (ETAG, &etag(tour.version))];
    (status, headers, Json(TourBody::from(tour))).into_response()
}

/// `list` is what its cursor is tied to.
pub(super) fn page_answer(page: &Page<Tour, Position>, list: &str) -> Result<Response, ApiError> {
    let body = PageBody {
        items: page.items.iter().map(TourBody::from).collect(),
        next_cursor: page_cursor::seal(page.next.as_ref(), list)?,
    };
    Ok(([CACHE], Json(body)).into_response())
}
