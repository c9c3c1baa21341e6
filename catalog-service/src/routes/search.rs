//! `GET /tours/search?q=`: full-text search. Costly by nature; the gateway limits it more strictly (L7).

use axum::extract::State;
use axum::response::Response;
use service_kit::error::{ApiError, Code, Fault, Rule};
use service_kit::page::PageBody;
use service_kit::page_cursor;
use service_kit::query::Query;

use super::body::{TourBody, page_answer};
use super::caller::Reader;
use crate::AppState;
use crate::domain::{Position, SearchWords};

const SHORTEST_QUERY: u64 = 2;
const LONGEST_QUERY: u64 = 100;

#[utoipa::path(
    get,
    path = "/tours/search",
    params(
        ("q" = String, Query, min_length = 2, max_length = 100),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses(
        (status = 200, body = PageBody<TourBody>, headers(("Cache-Control" = String))),
        (status = 400, description = "invalid_query, invalid_cursor"),
    ),
)]
pub(super) async fn search(
    State(state): State<AppState>,
    _: Reader,
    mut query: Query,
) -> Result<Response, ApiError> {
    let words = words_of(&mut query);
    let limit = query.limit();
    let cursor = query.take("cursor");
    query.finish()?;
    let words = words.ok_or_else(|| {
        ApiError::invalid(Code::InvalidQuery, vec![Fault::new("q", Rule::Required)])
    })?;
    let list = format!("search\n{}", words.as_slice().join(" "));
    let after = page_cursor::open(cursor.as_deref(), &list)?.unwrap_or(Position::START);
    let page = state.tours.search(&words, after, limit).await?;
    page_answer(&page, &list)
}

fn words_of(query: &mut Query) -> Option<SearchWords> {
    let text = query.text("q", SHORTEST_QUERY, LONGEST_QUERY);
    let words = SearchWords::of(&query.require("q", text)?);
    if words.is_none() {
        query.fault("q", Rule::Format);
    }
    words
}
