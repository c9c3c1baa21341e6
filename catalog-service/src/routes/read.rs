//! `GET /tours/{id}`: one tour, offered or withdrawn.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::ETAG;
use service_kit::error::{ApiError, Code};
use service_kit::path_id::PathId;

use super::body::{CACHE, TourBody, tour_answer};
use super::caller::Reader;
use super::precondition::{IfNoneMatch, etag};
use crate::AppState;

#[utoipa::path(
    get,
    path = "/tours/{id}",
    params(("id" = Uuid, Path), ("If-None-Match" = Option<String>, Header)),
    responses(
        (status = 200, body = TourBody, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 304, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 404, description = "not_found"),
    ),
)]
pub(super) async fn read(
    State(state): State<AppState>,
    _: Reader,
    PathId(id): PathId,
    known: IfNoneMatch,
) -> Result<Response, ApiError> {
    let tour = state.tours.find(id).await?.ok_or(Code::NotFound)?;
    if known.has(tour.version) {
        // The same headers as a 200 would have (RFC 9110 section 15.4.5).
        let headers = [CACHE, (ETAG, &etag(tour.version))];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    Ok(tour_answer(StatusCode::OK, &tour))
}
