//! `GET /tours`: the tours that are offered, by filters, page by page.

use axum::extract::State;
use axum::response::Response;
use escale_schemas::tour::{HIGHEST_PRICE, LONGEST_CITY, SHORTEST_CITY};
use service_kit::error::{ApiError, Rule};
use service_kit::page::PageBody;
use service_kit::page_cursor;
use service_kit::query::Query;

use super::body::{TourBody, page_answer};
use super::caller::Reader;
use crate::AppState;
use crate::domain::{Category, Country, Position, TourFilter, fold};

#[utoipa::path(
    get,
    path = "/tours",
    params(
        ("city" = Option<String>, Query, min_length = 2, max_length = 80),
        ("country" = Option<Country>, Query),
        ("category" = Option<Category>, Query),
        ("minPriceCents" = Option<i64>, Query, minimum = 0, maximum = 10000000),
        ("maxPriceCents" = Option<i64>, Query, minimum = 0, maximum = 10000000),
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses(
        (status = 200, body = PageBody<TourBody>, headers(("Cache-Control" = String))),
        (status = 400, description = "invalid_query, invalid_cursor"),
    ),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    _: Reader,
    mut query: Query,
) -> Result<Response, ApiError> {
    let filter = filter_of(&mut query);
    let limit = query.limit();
    let cursor = query.take("cursor");
    query.finish()?;
    let list = name_of(&filter);
    let after = page_cursor::open(cursor.as_deref(), &list)?.unwrap_or(Position::START);
    let page = state.tours.list(&filter, after, limit).await?;
    page_answer(&page, &list)
}

fn filter_of(query: &mut Query) -> TourFilter {
    let city = query.text("city", SHORTEST_CITY, LONGEST_CITY);
    let city = city.map(|city| fold(&city));
    if city.as_deref() == Some("") {
        query.fault("city", Rule::Format);
    }
    let country = query.known("country", Rule::Format, Country::of);
    let category = query.known("category", Rule::OneOf(&Category::NAMES), Category::of);
    let min_price_cents = query.integer("minPriceCents", 0, HIGHEST_PRICE);
    // A range that holds nothing is a mistake, not an empty list.
    let max_price_cents =
        query.integer("maxPriceCents", min_price_cents.unwrap_or(0), HIGHEST_PRICE);
    TourFilter {
        city,
        country,
        category,
        min_price_cents,
        max_price_cents,
    }
}

/// What a cursor of this list is tied to. A folded city holds no line end, so no two filters have the same name.
fn name_of(filter: &TourFilter) -> String {
    let number = |number: Option<i64>| number.map(|number| number.to_string()).unwrap_or_default();
    [
        "list",
        filter.city.as_deref().unwrap_or_default(),
        filter.country.map_or("", |country| country.code),
        filter.category.map_or("", |category| category.as_str()),
        &number(filter.min_price_cents),
        &number(filter.max_price_cents),
    ]
    .join("\n")
}
