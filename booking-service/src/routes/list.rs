//! `GET /bookings?status&limit&cursor`: one's own bookings, newest first.

use axum::Json;
use axum::extract::State;
use service_kit::error::{ApiError, Rule};
use service_kit::page::PageBody;
use service_kit::page_cursor;
use service_kit::query::Query;

use crate::AppState;
use crate::domain::Status;

use super::booking_body::BookingBody;
use super::user::Reader;

#[utoipa::path(
    get,
    path = "/bookings",
    params(
        ("status" = Option<Status>, Query),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses(
        (status = 200, body = PageBody<BookingBody>),
        (status = 400, description = "invalid_query, invalid_cursor"),
    ),
)]
pub async fn list(
    State(state): State<AppState>,
    Reader(user_id): Reader,
    mut query: Query,
) -> Result<Json<PageBody<BookingBody>>, ApiError> {
    let status = query.known("status", Rule::OneOf(&Status::NAMES), Status::parse);
    let limit = query.limit();
    let cursor = query.take("cursor");
    query.finish()?;
    let list = format!("bookings\n{}", status.map_or("", Status::as_str));
    let behind = page_cursor::open(cursor.as_deref(), &list)?;
    let now = state.clock.now();
    let page = state
        .bookings
        .list(user_id, status, behind, limit, now)
        .await?;
    Ok(Json(PageBody {
        items: page.items.into_iter().map(BookingBody::from).collect(),
        next_cursor: page_cursor::seal(page.next.as_ref(), &list)?,
    }))
}
