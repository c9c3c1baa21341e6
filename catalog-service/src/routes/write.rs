//! Creating, changing and withdrawing tours. A change names the version that it was made from (`If-Match`), so that
//! nobody overwrites what he has not seen.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use escale_schemas::tour::TourForm;
use http::StatusCode;
use http::header::{HeaderValue, LOCATION};
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use service_kit::path_id::PathId;
use uuid::Uuid;

use super::body::{TourBody, tour_answer};
use super::caller::Editing;
use super::precondition::IfMatch;
use crate::AppState;
use crate::domain::{Editor, Status, Tour};

/// `POST /tours`. The tour belongs to who creates it. `Location` is the path at the gateway.
#[utoipa::path(
    post,
    path = "/tours",
    request_body = TourForm,
    responses((
        status = 201,
        body = TourBody,
        headers(("ETag" = String), ("Location" = String), ("Cache-Control" = String)),
    )),
)]
pub(super) async fn create(
    State(state): State<AppState>,
    Editing(editor): Editing,
    form: Form<TourForm>,
) -> Result<Response, ApiError> {
    let details = escale_schemas::accept(form, state.clock.today())?;
    let owner = Some(editor.user_id());
    let tour = Tour::new(Uuid::new_v4(), owner, details, state.clock.now());
    state.tours.insert(&tour).await?;
    let mut response = tour_answer(StatusCode::CREATED, &tour);
    let location =
        HeaderValue::try_from(format!("/api/tours/{}", tour.id)).map_err(ApiError::internal)?;
    response.headers_mut().insert(LOCATION, location);
    Ok(response)
}

/// `PUT /tours/{id}`. The precondition is looked at before the content (RFC 9110 section 13.2.1).
#[utoipa::path(
    put,
    path = "/tours/{id}",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, pattern = r#"^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$"#)),
    request_body = TourForm,
    responses(
        (status = 200, body = TourBody, headers(("ETag" = String), ("Cache-Control" = String))),
        (status = 404, description = "not_found"),
        (status = 409, description = "tour_withdrawn"),
        (status = 412, description = "precondition_failed"),
        (status = 428, description = "precondition_required"),
    ),
)]
pub(super) async fn change(
    State(state): State<AppState>,
    Editing(editor): Editing,
    PathId(id): PathId,
    seen: IfMatch,
    form: Form<TourForm>,
) -> Result<Response, ApiError> {
    let current = changeable(&state, editor, id).await?;
    let expected = seen.expect(current.version)?;
    if current.status == Status::Withdrawn {
        return Err(Code::TourWithdrawn.into());
    }
    let details = escale_schemas::accept(form, state.clock.today())?;
    let now = state.clock.now();
    let changed = state.tours.change(id, &details, expected, now).await?;
    let tour = changed.ok_or(Code::PreconditionFailed)?;
    Ok(tour_answer(StatusCode::OK, &tour))
}

/// `DELETE /tours/{id}` withdraws: bookings of the tour go on pointing to it. Withdrawn already: done already.
#[utoipa::path(
    delete,
    path = "/tours/{id}",
    params(("id" = Uuid, Path), ("If-Match" = String, Header, pattern = r#"^(\*|(W/)?"[!#-~]*"(, *(W/)?"[!#-~]*")*)$"#)),
    responses(
        (status = 204),
        (status = 404, description = "not_found"),
        (status = 412, description = "precondition_failed"),
        (status = 428, description = "precondition_required"),
    ),
)]
pub(super) async fn withdraw(
    State(state): State<AppState>,
    Editing(editor): Editing,
    PathId(id): PathId,
    seen: IfMatch,
) -> Result<Response, ApiError> {
    let current = changeable(&state, editor, id).await?;
    let expected = seen.expect(current.version)?;
    if current.status == Status::Offered {
        let withdrawn = state
            .tours
            .withdraw(id, expected, state.clock.now())
            .await?;
        withdrawn.ok_or(Code::PreconditionFailed)?;
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The tour, for an editor who may change it. Tours are no secret: another's is 403, not 404.
async fn changeable(state: &AppState, editor: Editor, id: Uuid) -> Result<Tour, ApiError> {
    let tour = state.tours.find(id).await?.ok_or(Code::NotFound)?;
    if editor.may_change(&tour) {
        return Ok(tour);
    }
    Err(ApiError::new(Code::RoleRequired).because("a guide changes only his own tours"))
}
