//! The part that knows the user; see [`super`].

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use service_kit::error::ApiError;

use super::super::authenticate::Caller;
use super::super::left_by_an_outer_layer;
use super::refusal;
use super::visit::Visit;
use crate::jail::{Inmate, Jail};

/// Public routes have no caller, so a banned user can still log out and, later, log in again.
pub async fn jail_user(
    State(jail): State<Jail>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let visit: Visit = left_by_an_outer_layer(&request)?;
    if let Some(Caller(caller)) = request.extensions().get() {
        let counted_as = caller.counted_as.to_str().map_err(ApiError::internal)?;
        let user = Inmate::user(counted_as);
        if let Some(seconds) = jail.seconds_left(&user).await {
            return Err(refusal("user", seconds));
        }
        visit.belongs_to(user);
    }
    Ok(next.run(request).await)
}
