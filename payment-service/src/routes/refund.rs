//! `POST /internal/refunds {bookingId, paymentId}`: booking has cancelled what was paid. The refund is written down
//! and the answer is 202; it is done as soon as the bank can be reached.

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service_kit::context::RequestContext;
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use uuid::Uuid;
use validator::Validate;

use crate::domain::status::Status;
use crate::state::AppState;

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RefundForm {
    #[validate(required)]
    booking_id: Option<Uuid>,
    #[validate(required)]
    payment_id: Option<Uuid>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefundBody {
    payment_id: Uuid,
    status: Status,
}

pub(super) async fn refund(
    State(state): State<AppState>,
    context: RequestContext,
    form: Form<RefundForm>,
) -> Result<(StatusCode, Json<RefundBody>), ApiError> {
    let form = form.finish(Code::InvalidData)?;
    let (Some(booking_id), Some(payment_id)) = (form.booking_id, form.payment_id) else {
        return Err(ApiError::internal("a finished form lacks a required field"));
    };
    let now = state.life.clock.now();
    let requested = state.store.request_refund(payment_id, booking_id, now);
    // A payment of another booking is none (API1:2023).
    let payment = requested.await?.ok_or(Code::NotFound)?;
    state.worker.start(payment.id, context);
    let body = RefundBody {
        payment_id,
        status: payment.status,
    };
    Ok((StatusCode::ACCEPTED, Json(body)))
}
