//! `GET /tours`: the tours that are offered, by filters, page by page.

use axum::extract::State;
use axum::response::Response;
use service_kit::error::{ApiError, Rule};

use super::body::page_answer;
use super::caller::Reader;
use super::cursor;
use super::form::{HIGHEST_PRICE, LONGEST_CITY, SHORTEST_CITY};
use super::params::Params;
use crate::AppState;
use crate::domain::{Category, Country, TourFilter, fold};

pub(super) async fn list(
    State(state): State<AppState>,
    _: Reader,
    mut params: Params,
) -> Result<Response, ApiError> {
    let filter = filter_of(&mut params);
    let limit = params.limit();
    let cursor = params.take("cursor");
    params.finish()?;
    let query = name_of(&filter);
    let after = cursor::open(cursor.as_deref(), &query)?;
    let page = state.tours.list(&filter, after, limit).await?;
    let next = page.next.map(|position| cursor::seal(position, &query));
    Ok(page_answer(&page, next))
}

fn filter_of(params: &mut Params) -> TourFilter {
    let city = params.text("city", SHORTEST_CITY, LONGEST_CITY);
    let city = city.map(|city| fold(&city));
    if city.as_deref() == Some("") {
        params.fault("city", Rule::Format);
    }
    let country = params.known("country", Rule::Format, Country::of);
    let category = params.known("category", Rule::OneOf(&Category::NAMES), Category::of);
    let min_price_cents = params.integer("minPriceCents", 0, HIGHEST_PRICE);
    // A range that holds nothing is a mistake, not an empty list.
    let max_price_cents =
        params.integer("maxPriceCents", min_price_cents.unwrap_or(0), HIGHEST_PRICE);
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
