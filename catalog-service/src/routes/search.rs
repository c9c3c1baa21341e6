//! `GET /tours/search?q=`: full-text search. Costly by nature; the gateway limits it more strictly (L7).

use axum::extract::State;
use axum::response::Response;
use service_kit::error::{ApiError, Code, Fault, Rule};

use super::body::page_answer;
use super::caller::Reader;
use super::cursor;
use super::params::Params;
use crate::AppState;
use crate::domain::SearchWords;

const SHORTEST_QUERY: u64 = 2;
const LONGEST_QUERY: u64 = 100;

pub(super) async fn search(
    State(state): State<AppState>,
    _: Reader,
    mut params: Params,
) -> Result<Response, ApiError> {
    let words = words_of(&mut params);
    let limit = params.limit();
    let cursor = params.take("cursor");
    params.finish()?;
    let words = words.ok_or_else(|| {
        ApiError::invalid(Code::InvalidQuery, vec![Fault::new("q", Rule::Required)])
    })?;
    let query = format!("search\n{}", words.as_slice().join(" "));
    let after = cursor::open(cursor.as_deref(), &query)?;
    let page = state.tours.search(&words, after, limit).await?;
    let next = page.next.map(|position| cursor::seal(position, &query));
    Ok(page_answer(&page, next))
}

fn words_of(params: &mut Params) -> Option<SearchWords> {
    let Some(text) = params.text("q", SHORTEST_QUERY, LONGEST_QUERY) else {
        // Where `q` is there and wrong, that fault stands already.
        params.fault("q", Rule::Required);
        return None;
    };
    let words = SearchWords::of(&text);
    if words.is_none() {
        params.fault("q", Rule::Format);
    }
    words
}
