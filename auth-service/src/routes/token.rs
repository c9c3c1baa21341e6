//! `POST /oauth/token` (RFC 6749 section 3.2, T2).

use axum::Json;
use axum::extract::{Request, State};
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use service_kit::error::{ApiError, Code};
use service_kit::form::read_body;

use super::client_authentication::Credentials;
use super::oauth_error::{OAuthError, OAuthErrorBody, TokenError};
use super::token_answer::TokenAnswer;
use crate::clients::{Authentication, authenticate};
use crate::domain::client::Client;
use crate::forms::TokenRequest;
use crate::grants::{self, GrantError, Refusal};
use crate::state::AppState;

#[utoipa::path(
    post,
    path = "/oauth/token",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, body = TokenAnswer),
        (status = 400, body = OAuthErrorBody),
        (status = 401, body = OAuthErrorBody, headers(("WWW-Authenticate" = String))),
        (status = 503, description = "overloaded"),
    ),
)]
pub async fn token(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<TokenAnswer>, TokenError> {
    require_form(request.headers())?;
    let headers = request.headers().clone();
    let body = read_body(request, &state).await?;
    let request = TokenRequest::read(&body)
        .map_err(|_| OAuthError::invalid_request("A parameter is given twice"))?;
    // Before the client is known: which grants there are is public (see discovery).
    match request.grant_type.as_deref() {
        Some("client_credentials") => {}
        Some(_) => return Err(OAuthError::unsupported_grant_type().into()),
        None => return Err(OAuthError::invalid_request("grant_type is missing").into()),
    }
    let client = known_client(&state, &headers, &request).await?;
    let token = grants::client_credentials(&state, &client, request.scope.as_deref())
        .map_err(protocol_error)?;
    Ok(Json(token.into()))
}

fn require_form(headers: &HeaderMap) -> Result<(), ApiError> {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(ApiError::new(Code::UnsupportedMediaType).because("the body is not a form"))
}

async fn known_client(
    state: &AppState,
    headers: &HeaderMap,
    request: &TokenRequest,
) -> Result<Client, TokenError> {
    let claimed = Credentials::of(headers, request)?;
    let authentication = authenticate(state, &claimed.id, &claimed.secret)
        .await
        .map_err(ApiError::from)?;
    match authentication {
        Authentication::Known(client) => Ok(*client),
        // The id that was claimed is not logged: it may be a secret in the wrong field (R20).
        Authentication::UnknownClient => Err(OAuthError::invalid_client("unknown client").into()),
        Authentication::WrongSecret(id) => {
            Err(OAuthError::invalid_client(format_args!("client {id}: wrong secret")).into())
        }
    }
}

fn protocol_error(error: GrantError) -> TokenError {
    let refusal = match error {
        GrantError::Refused(refusal) => refusal,
        GrantError::Store(error) => return ApiError::from(error).into(),
        other => return ApiError::internal(other).into(),
    };
    let description = match refusal {
        Refusal::ScopeMissing { .. } => "scope is missing: this server gives no default scope",
        Refusal::ScopeMalformed { .. } => "scope is not a list of names with one space between two",
        _ => "scope holds a name that the client is not registered for",
    };
    OAuthError::invalid_scope(description, refusal).into()
}
