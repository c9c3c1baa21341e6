//! The bank's wire. Only the payment service may call; every answer is the charge as it stands, 409 where it is not
//! in the state that was asked for.

use axum::extract::State;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use service_kit::error::{ApiError, Code, Rule};
use service_kit::form::Form;
use service_kit::path_id::PathId;
use service_kit::peer::{self, Callers};
use uuid::Uuid;
use validator::Validate;

use super::AppState;
use super::behaviour::{self, Behaviour};
use super::charge::{Charge, ChargeStatus};
use super::ledger::{NewCharge, Ordered};
use super::lost_answer;

pub(super) fn routes(state: AppState) -> Router {
    Router::new()
        .route("/charges", post(order))
        .route("/charges/{id}/capture", post(capture))
        .route("/charges/{id}/refund", post(refund))
        .route("/charges/by-reference/{reference}", get(by_reference))
        .layer(from_fn_with_state(Callers::of(&["payment"]), peer::only))
        .with_state(state)
}

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ChargeForm {
    #[validate(required)]
    reference: Option<Uuid>,
    #[validate(required, range(min = 1))]
    amount_cents: Option<i64>,
    #[validate(required, length(equal = 3))]
    currency: Option<String>,
    /// Checked by hand: `validator` would copy the value into its error.
    card_token: Option<SecretString>,
}

async fn order(
    State(state): State<AppState>,
    form: Form<ChargeForm>,
) -> Result<Response, ApiError> {
    let (new, behaviour) = read_order(form)?;
    let ordered = state.ledger.order(&new, state.clock.now()).await?;
    let charge = match ordered {
        Ordered::New(_) if behaviour == Behaviour::LoseAnswer => {
            return Ok(lost_answer::broken_off());
        }
        Ordered::New(charge) => {
            if behaviour == Behaviour::AnswerLate {
                tokio::time::sleep(state.slow).await;
            }
            charge
        }
        Ordered::Known(charge) => charge,
    };
    if charge.amount_cents != new.amount_cents || charge.currency != new.currency {
        return Err(Code::AmountMismatch.into());
    }
    Ok(Json(charge).into_response())
}

fn read_order(mut form: Form<ChargeForm>) -> Result<(NewCharge, Behaviour), ApiError> {
    let has_token = form.value.card_token.is_some();
    form.check(has_token, "/cardToken", Rule::Required);
    let form = form.finish(Code::InvalidData)?;
    let (Some(reference), Some(amount_cents), Some(currency), Some(card_token)) = (
        form.reference,
        form.amount_cents,
        form.currency,
        form.card_token,
    ) else {
        return Err(ApiError::internal("a finished form lacks a required field"));
    };
    let behaviour = behaviour::of(&card_token);
    let new = NewCharge {
        reference,
        amount_cents,
        currency,
        decline_code: behaviour.decline_code(),
    };
    Ok((new, behaviour))
}

async fn capture(State(state): State<AppState>, PathId(id): PathId) -> Result<Response, ApiError> {
    let charge = state.ledger.capture(id, state.clock.now()).await?;
    as_asked(charge, ChargeStatus::Captured)
}

async fn refund(State(state): State<AppState>, PathId(id): PathId) -> Result<Response, ApiError> {
    let charge = state.ledger.refund(id, state.clock.now()).await?;
    as_asked(charge, ChargeStatus::Refunded)
}

async fn by_reference(
    State(state): State<AppState>,
    PathId(reference): PathId,
) -> Result<Json<Charge>, ApiError> {
    let charge = state.ledger.find_by_reference(reference).await?;
    Ok(Json(charge.ok_or(Code::NotFound)?))
}

fn as_asked(charge: Option<Charge>, asked: ChargeStatus) -> Result<Response, ApiError> {
    let charge = charge.ok_or(Code::NotFound)?;
    let status = if charge.status == asked {
        StatusCode::OK
    } else {
        StatusCode::CONFLICT
    };
    Ok((status, Json(charge)).into_response())
}

#[cfg(test)]
mod tests;
