//! `GET /payments` and `GET /payments/{id}`: one's own payments; another's are not there (API1:2023).

use axum::Json;
use axum::extract::State;
use service_kit::error::{ApiError, Code};
use service_kit::page::PageBody;
use service_kit::page_cursor;
use service_kit::path_id::PathId;
use service_kit::query::Query;

use super::caller::Reader;
use super::payment_body::PaymentBody;
use crate::state::AppState;

/// What cursors are tied to. There are no filters.
const LIST: &str = "payments";

#[utoipa::path(
    get,
    path = "/payments/{id}",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = PaymentBody), (status = 404, description = "not_found")),
)]
pub(super) async fn one(
    State(state): State<AppState>,
    reader: Reader,
    PathId(id): PathId,
) -> Result<Json<PaymentBody>, ApiError> {
    let payment = state.store.find_of_user(id, reader.user_id).await?;
    let payment = payment.ok_or(Code::NotFound)?;
    Ok(Json(PaymentBody::from(&payment)))
}

#[utoipa::path(
    get,
    path = "/payments",
    params(
        ("limit" = Option<u16>, Query, minimum = 1, maximum = 100),
        ("cursor" = Option<String>, Query, pattern = "^[A-Za-z0-9_-]+$"),
    ),
    responses(
        (status = 200, body = PageBody<PaymentBody>),
        (status = 400, description = "invalid_query, invalid_cursor"),
    ),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    reader: Reader,
    mut query: Query,
) -> Result<Json<PageBody<PaymentBody>>, ApiError> {
    let limit = query.limit();
    let cursor = query.take("cursor");
    query.finish()?;
    let after = page_cursor::open(cursor.as_deref(), LIST)?;
    let page = state.store.list(reader.user_id, after, limit).await?;
    Ok(Json(PageBody {
        items: page.items.iter().map(PaymentBody::from).collect(),
        next_cursor: page_cursor::seal(page.next.as_ref(), LIST)?,
    }))
}
