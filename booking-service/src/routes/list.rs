//! `GET /bookings?status&limit&cursor`: one's own bookings, newest first.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service_kit::error::{ApiError, Code, Rule};

use crate::AppState;
use crate::domain::Status;
use crate::store::Position;

use super::booking_body::BookingBody;
use super::cursor;
use super::query::Query;
use super::user::Reader;

const DEFAULT_LIMIT: i64 = 20;
const LARGEST_LIMIT: i64 = 100;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ListBody {
    items: Vec<BookingBody>,
    next_cursor: Option<String>,
}

pub async fn list(
    State(state): State<AppState>,
    Reader(user_id): Reader,
    query: Query,
) -> Result<Json<ListBody>, ApiError> {
    let Asked {
        status,
        limit,
        behind,
    } = read(query)?;
    let now = state.clock.now();
    let page = state
        .bookings
        .list(user_id, status, behind, limit, now)
        .await?;
    Ok(Json(ListBody {
        items: page.bookings.into_iter().map(BookingBody::from).collect(),
        next_cursor: page.next.map(cursor::write),
    }))
}

struct Asked {
    status: Option<Status>,
    limit: i64,
    behind: Option<Position>,
}

fn read(mut query: Query) -> Result<Asked, ApiError> {
    let status = query.take("status", Rule::OneOf(&Status::NAMES), Status::parse);
    let range = Rule::Range {
        min: 1,
        max: LARGEST_LIMIT,
    };
    let limit = query.take("limit", range, |text| {
        let limit = text.parse().ok();
        limit.filter(|limit| (1..=LARGEST_LIMIT).contains(limit))
    });
    let text = query.take("cursor", Rule::Format, |text| Some(text.to_owned()));
    query.finish()?;
    let behind = match text {
        Some(text) => Some(cursor::read(&text).ok_or(Code::InvalidCursor)?),
        None => None,
    };
    Ok(Asked {
        status,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
        behind,
    })
}
