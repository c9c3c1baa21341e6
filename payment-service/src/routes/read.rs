//! `GET /payments` and `GET /payments/{id}`: one's own payments; another's are not there (API1:2023).

use axum::Json;
use axum::extract::State;
use service_kit::error::{ApiError, Code};
use service_kit::path_id::PathId;

use super::caller::Reader;
use super::page::{Listing, Page, cursor};
use super::payment_body::PaymentBody;
use crate::state::AppState;
use crate::store::Position;

pub(super) async fn one(
    State(state): State<AppState>,
    reader: Reader,
    PathId(id): PathId,
) -> Result<Json<PaymentBody>, ApiError> {
    let payment = state.store.find_of_user(id, reader.user_id).await?;
    let payment = payment.ok_or(Code::NotFound)?;
    Ok(Json(PaymentBody::from(&payment)))
}

pub(super) async fn list(
    State(state): State<AppState>,
    reader: Reader,
    page: Page,
) -> Result<Json<Listing<PaymentBody>>, ApiError> {
    // One more than is shown tells whether there is a next page.
    let found = state
        .store
        .list(reader.user_id, page.after, page.limit + 1)
        .await?;
    let shown = found.len().min(usize::try_from(page.limit).unwrap_or(0));
    let last = found[..shown].last().filter(|_| found.len() > shown);
    Ok(Json(Listing {
        next_cursor: last.map(|payment| {
            cursor(Position {
                created_at: payment.created_at,
                id: payment.id,
            })
        }),
        items: found[..shown].iter().map(PaymentBody::from).collect(),
    }))
}
