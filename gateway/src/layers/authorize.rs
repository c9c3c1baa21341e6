//! Decides whether this caller may use this route (R3, API5:2023).
//!
//! - Threat: a valid token used for what it was not given for: a read token that writes, an application that acts as a
//!   user, a user on a guide's route; a scope compared by substring.
//! - Rule: the application's rights and the user's rights, both: every scope of the route is in the token, and one of
//!   the route's roles is held. Decided anew at each request, from the route table and the verified token; which
//!   object it is about is for the service to check.
//! - Answer when it refuses: 403 `insufficient_scope` with `WWW-Authenticate` (RFC 6750 section 3.1); 403 `role_required`.
//! - Settings: `ROUTES_FILE` (`access` of a route).
//! - Taught by lab 09 (client credentials and scopes).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use service_kit::error::{ApiError, Code};

use super::authenticate::Caller;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::route_table::Access;
use crate::tokens::Verified;

pub async fn authorize(request: Request, next: Next) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    if let Access::Protected { scopes, roles, .. } = &route.access {
        let Caller(caller) = left_by_an_outer_layer(&request)?;
        check_scopes(&caller, scopes)?;
        check_roles(&caller, roles)?;
    }
    Ok(next.run(request).await)
}

fn check_scopes(caller: &Verified, scopes: &[Box<str>]) -> Result<(), ApiError> {
    let Some(missing) = scopes.iter().find(|scope| !caller.has_scope(scope)) else {
        return Ok(());
    };
    let challenge = format!(
        r#"Bearer realm="escale", error="insufficient_scope", scope="{}""#,
        scopes.join(" ")
    );
    Err(ApiError::new(Code::InsufficientScope)
        .because(format_args!("{missing} is missing"))
        .with_header(WWW_AUTHENTICATE, &challenge))
}

/// No roles: applications without a user may call too.
fn check_roles(caller: &Verified, roles: &[Box<str>]) -> Result<(), ApiError> {
    if roles.is_empty() || roles.iter().any(|role| caller.has_role(role)) {
        return Ok(());
    }
    Err(ApiError::new(Code::RoleRequired)
        .because(format_args!("one of {} is needed", roles.join(", "))))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::{from_fn, from_fn_with_state};
    use http::header::AUTHORIZATION;
    use serde_json::json;
    use tower::ServiceExt;

    use super::*;
    use crate::layers::authenticate::{Verifiers, authenticate};
    use crate::layers::route::route;
    use crate::route_table::{BUILT_IN, RouteTable};
    use crate::test_issuer::TestIssuer;
    use crate::tokens::Tokens;

    fn app(tokens: Tokens) -> Router {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        Router::new()
            .fallback(|| async {})
            .layer(from_fn(authorize))
            .layer(from_fn_with_state(Verifiers::of(tokens), authenticate))
            .layer(from_fn_with_state(table, route))
    }

    /// Proves: T6
    #[tokio::test]
    async fn scopes_and_roles_both_decide() {
        let issuer = TestIssuer::new("k1");
        let (tokens, _life) = issuer.tokens();
        for (method, path, scope, role, expected) in [
            ("GET", "/api/tours", "tours:read", "user", Ok(())),
            ("GET", "/api/tours", "tours:read", "", Ok(())),
            ("GET", "/api/tours", "profile tours:read x", "user", Ok(())),
            ("GET", "/api/tours", "", "admin", Err("insufficient_scope")),
            (
                "GET",
                "/api/tours",
                "tours:readonly",
                "user",
                Err("insufficient_scope"),
            ),
            (
                "GET",
                "/api/tours",
                "tours:write",
                "admin",
                Err("insufficient_scope"),
            ),
            ("POST", "/api/tours", "tours:write", "guide", Ok(())),
            (
                "POST",
                "/api/tours",
                "tours:write",
                "user",
                Err("role_required"),
            ),
            (
                "POST",
                "/api/tours",
                "tours:read",
                "admin",
                Err("insufficient_scope"),
            ),
            (
                "PUT",
                "/api/tours/7",
                "tours:write",
                "administrator",
                Err("role_required"),
            ),
            ("POST", "/api/bookings", "bookings:write", "user", Ok(())),
            (
                "POST",
                "/api/bookings",
                "bookings:read",
                "user",
                Err("insufficient_scope"),
            ),
            (
                "POST",
                "/api/bookings",
                "bookings:write",
                "",
                Err("role_required"),
            ),
            ("GET", "/auth/me", "profile", "user", Ok(())),
            (
                "GET",
                "/auth/me",
                "tours:read",
                "user",
                Err("insufficient_scope"),
            ),
        ] {
            let mut claims = issuer.claims();
            claims["scope"] = json!(scope);
            claims["roles"] = if role.is_empty() {
                json!([])
            } else {
                json!([role])
            };
            let token = issuer.sign(&issuer.header().to_string(), &claims.to_string());
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(AUTHORIZATION, format!("Bearer {token}"));
            let request = request.body(Body::empty()).expect("a request");
            let response = app(tokens.clone())
                .oneshot(request)
                .await
                .expect("an answer");
            let error = response
                .extensions()
                .get::<ApiError>()
                .map(|error| error.code.as_str());
            assert_eq!(
                error.map_or(Ok(()), Err),
                expected,
                "{method} {path} {scope} {role}"
            );
        }
    }

    /// CVE-2021-32701: the second request is answered from the token cache, and decided anew.
    #[tokio::test]
    async fn a_token_that_was_good_for_one_route_is_not_good_for_another() {
        let issuer = TestIssuer::new("k1");
        let (tokens, _life) = issuer.tokens();
        let send = async |path: &str| {
            let request =
                Request::post(path).header(AUTHORIZATION, format!("Bearer {}", issuer.token()));
            let request = request.method(if path == "/api/tours" { "GET" } else { "POST" });
            let request = request.body(Body::empty()).expect("a request");
            app(tokens.clone())
                .oneshot(request)
                .await
                .expect("an answer")
        };
        assert_eq!(send("/api/tours").await.status(), 200);
        let refused = send("/api/payments").await;
        assert_eq!(refused.status(), 403);
        let challenge =
            r#"Bearer realm="escale", error="insufficient_scope", scope="payments:write""#;
        assert_eq!(refused.headers()[WWW_AUTHENTICATE], challenge);
    }

    #[tokio::test]
    async fn a_stack_without_authenticate_lets_nothing_protected_pass() {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let app = Router::new()
            .fallback(|| async {})
            .layer(from_fn(authorize))
            .layer(from_fn_with_state(table, route));
        let request = Request::get("/api/tours")
            .body(Body::empty())
            .expect("a request");
        assert_eq!(app.oneshot(request).await.expect("an answer").status(), 500);
    }
}
