//! Verifies who calls (L2, R6).
//!
//! - Threat: no token, a forged, foreign, expired or ill-typed one; a token in the URL, where logs and referrers keep
//!   it (R15); two credentials in one request, of which the gateway and a service would each believe another.
//! - Rule: a route is public because the table says so. Everywhere else one `Authorization: Bearer` with a token that
//!   [`crate::tokens`] finds good. Tokens elsewhere are not read.
//! - Answer when it refuses: 401 `authorization_missing`, `token_missing`, `token_expired`, `token_invalid` with
//!   `WWW-Authenticate` (RFC 6750 section 3); 400 `ambiguous_header`; 503 while no key or no list of revocations is known. The lesson
//!   answers 403 for a bad token; RFC 6750 and the course's other parts say 401, and 403 is kept for rights.
//! - Settings: `ISSUER_URL`, `TOKEN_AUDIENCE`, `AUTH_URL` (where keys and revocations are), `ISSUERS_FILE`.
//! - Taught by lab 03 (tokens at the gateway).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use service_kit::error::{ApiError, Code};

use super::access_log::Noted;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::route_table::Access;
use crate::tokens::{TokenFault, Tokens, Verified};

/// The bearer of a good token; an extension of the request. A request of a public route has none.
#[derive(Debug, Clone)]
pub struct Caller(pub Arc<Verified>);

pub async fn authenticate(
    State(tokens): State<Tokens>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    if route.access == Access::Public {
        return Ok(next.run(request).await);
    }
    let token = bearer_token(&request)?;
    let verified = tokens.verify(token).await.map_err(refusal)?;
    Noted::caller(&request, &verified);
    request.extensions_mut().insert(Caller(verified));
    Ok(next.run(request).await)
}

fn bearer_token(request: &Request) -> Result<&str, ApiError> {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    // Without credentials the challenge names no error (RFC 6750 section 3.1).
    let challenge =
        |code| ApiError::new(code).with_header(WWW_AUTHENTICATE, r#"Bearer realm="escale""#);
    let Some(value) = values.next() else {
        return Err(challenge(Code::AuthorizationMissing));
    };
    if values.next().is_some() {
        return Err(ambiguous("two Authorization headers"));
    }
    if request.uri().query().is_some_and(has_token) {
        return Err(ambiguous("a token in the header and in the query"));
    }
    let text = value
        .to_str()
        .map_err(|_| refusal(TokenFault::Invalid("the header is not ASCII text")))?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let token = token.trim_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(challenge(Code::TokenMissing));
    }
    Ok(token)
}

/// Names are compared in their decoded form, as a service would read them.
fn has_token(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| {
        matches!(
            &*name.to_ascii_lowercase(),
            "access_token" | "jwt" | "token"
        )
    })
}

fn ambiguous(cause: &str) -> ApiError {
    ApiError::new(Code::AmbiguousHeader)
        .because(cause)
        .with_header(
            WWW_AUTHENTICATE,
            r#"Bearer realm="escale", error="invalid_request""#,
        )
}

fn refusal(fault: TokenFault) -> ApiError {
    let (code, description) = match fault {
        TokenFault::Expired => (Code::TokenExpired, "The access token expired"),
        TokenFault::Invalid(_) => (Code::TokenInvalid, "The access token is invalid"),
        TokenFault::NoKeys | TokenFault::NoRevocations => {
            return ApiError::new(Code::ServiceUnavailable)
                .because(fault)
                .retry_after(1);
        }
    };
    let challenge = format!(
        r#"Bearer realm="escale", error="invalid_token", error_description="{description}""#
    );
    ApiError::new(code)
        .because(fault)
        .with_header(WWW_AUTHENTICATE, &challenge)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::body::Body;
    use axum::http::request::Builder;
    use axum::middleware::from_fn_with_state;
    use axum::{Extension, Router};
    use tower::ServiceExt;

    use super::*;
    use crate::layers::route::route;
    use crate::route_table::{BUILT_IN, RouteTable};
    use crate::test_issuer::{ALICE, TestIssuer};

    const BARE: &str = r#"Bearer realm="escale""#;

    fn app(tokens: Tokens) -> Router {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let who = |caller: Option<Extension<Caller>>| async move {
            caller.map_or("nobody".to_owned(), |Extension(Caller(who))| {
                format!("{:?}", who.subject)
            })
        };
        Router::new()
            .fallback(who)
            .layer(from_fn_with_state(tokens, authenticate))
            .layer(from_fn_with_state(table, route))
    }

    async fn send(tokens: &Tokens, request: Builder) -> Response {
        let request = request.body(Body::empty()).expect("a request");
        app(tokens.clone())
            .oneshot(request)
            .await
            .expect("an answer")
    }

    #[track_caller]
    fn assert_refused(response: &Response, code: Code, challenge: &str) {
        let error = response.extensions().get::<ApiError>().expect("a refusal");
        assert_eq!((error.code, response.status()), (code, code.status()));
        let given = response
            .headers()
            .get(WWW_AUTHENTICATE)
            .map(|value| value.to_str().expect("text"));
        assert_eq!(given.unwrap_or_default(), challenge);
    }

    #[tokio::test]
    async fn the_bearer_of_a_good_token_passes_whatever_the_case_of_the_scheme() {
        let issuer = TestIssuer::new("k1");
        let (tokens, _life) = issuer.tokens();
        for scheme in ["Bearer", "bearer", "BEARER", "Bearer "] {
            let header = format!("{scheme} {}", issuer.token());
            let response = send(
                &tokens,
                Request::get("/api/tours").header(AUTHORIZATION, header),
            )
            .await;
            assert_eq!(response.status(), 200, "{scheme}");
            let body = axum::body::to_bytes(response.into_body(), 100)
                .await
                .expect("a body");
            assert_eq!(body, format!("{ALICE:?}"));
        }
    }

    #[tokio::test]
    async fn without_credentials_the_challenge_names_no_error() {
        let (tokens, _life) = TestIssuer::new("k1").tokens();
        let get = || Request::get("/api/tours");
        assert_refused(
            &send(&tokens, get()).await,
            Code::AuthorizationMissing,
            BARE,
        );
        for header in [
            "",
            "Bearer",
            "Bearer ",
            "Basic YTpi",
            "Digest x",
            "BearerX y",
        ] {
            let response = send(&tokens, get().header(AUTHORIZATION, header)).await;
            assert_refused(&response, Code::TokenMissing, BARE);
        }
        let in_the_url = Request::get("/api/tours?access_token=x");
        assert_refused(
            &send(&tokens, in_the_url).await,
            Code::AuthorizationMissing,
            BARE,
        );
    }

    #[tokio::test]
    async fn an_expired_token_and_a_bad_one_are_told_apart() {
        let issuer = TestIssuer::new("k1");
        let (tokens, life) = issuer.tokens();
        let get = |token: &str| {
            Request::get("/api/tours").header(AUTHORIZATION, format!("Bearer {token}"))
        };
        let bad = r#"Bearer realm="escale", error="invalid_token", error_description="The access token is invalid""#;
        for token in [
            "x",
            "a.b.c",
            "x y",
            &format!("{}, {}", issuer.token(), issuer.token()),
        ] {
            assert_refused(&send(&tokens, get(token)).await, Code::TokenInvalid, bad);
        }
        let not_ascii = Request::get("/api/tours").header(AUTHORIZATION, b"Bearer \xff".as_slice());
        assert_refused(&send(&tokens, not_ascii).await, Code::TokenInvalid, bad);
        let token = issuer.token();
        life.clock.advance(Duration::from_secs(900));
        let expired = r#"Bearer realm="escale", error="invalid_token", error_description="The access token expired""#;
        assert_refused(
            &send(&tokens, get(&token)).await,
            Code::TokenExpired,
            expired,
        );
    }

    #[tokio::test]
    async fn a_token_in_two_places_is_refused() {
        let issuer = TestIssuer::new("k1");
        let (tokens, _life) = issuer.tokens();
        let header = format!("Bearer {}", issuer.token());
        let challenge = r#"Bearer realm="escale", error="invalid_request""#;
        for query in [
            "access_token=x",
            "jwt=",
            "a=b&token=x",
            "access%5Ftoken=x",
            "Access_Token=x",
            "jwt",
        ] {
            let request =
                Request::get(format!("/api/tours?{query}")).header(AUTHORIZATION, &header);
            assert_refused(
                &send(&tokens, request).await,
                Code::AmbiguousHeader,
                challenge,
            );
        }
        let twice = Request::get("/api/tours")
            .header(AUTHORIZATION, &header)
            .header(AUTHORIZATION, &header);
        assert_refused(
            &send(&tokens, twice).await,
            Code::AmbiguousHeader,
            challenge,
        );
    }

    #[tokio::test]
    async fn every_route_that_is_not_public_wants_a_token_and_a_public_one_reads_none() {
        let (tokens, _life) = TestIssuer::new("k1").tokens();
        for (method, path, status) in [
            ("GET", "/health", 200),
            ("POST", "/auth/login", 200),
            ("GET", "/auth/me", 401),
            ("GET", "/api/tours/search", 401),
            ("HEAD", "/api/tours/7", 401),
            ("DELETE", "/api/tours/7", 401),
            ("POST", "/api/bookings", 401),
            ("POST", "/api/payments", 401),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(AUTHORIZATION, "Bearer forged");
            assert_eq!(
                send(&tokens, request).await.status(),
                status,
                "{method} {path}"
            );
        }
    }

    #[tokio::test]
    async fn a_stack_without_a_route_layer_lets_nothing_pass() {
        let (tokens, _life) = TestIssuer::new("k1").tokens();
        let app = Router::new()
            .fallback(|| async {})
            .layer(from_fn_with_state(tokens, authenticate));
        let request = Request::get("/api/tours")
            .body(Body::empty())
            .expect("a request");
        assert_eq!(app.oneshot(request).await.expect("an answer").status(), 500);
    }
}
