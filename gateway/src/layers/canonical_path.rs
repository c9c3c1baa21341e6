//! Lets a request through only if its target can be read in one way.
//!
//! - Threat: a path that the policy reads as one resource and the service as another (`//api`, `/x/../api`, `%2e%2e`,
//!   `%2f`, `%252e`, `;x`), a target that names another host (absolute form), a tunnel (`CONNECT`), two `Host`s.
//! - Rule: the path is in its canonical form (see [`crate::canonical`]) from here on, for routing, policy and upstream.
//!   Upper case is left alone: `/API/tours` simply is no route.
//! - Answer when it refuses: 400 `ambiguous_path`; for the form of the target and for `Host`, 400 `malformed_request`.
//! - Settings: none.
//! - Taught by lab 14 (OWASP API Top 10).

use std::borrow::Cow;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::HOST;
use http::uri::PathAndQuery;
use http::{Method, Uri, Version};
use service_kit::error::{ApiError, Code};

use crate::canonical::canonical;

pub async fn canonical_path(mut request: Request, next: Next) -> Result<Response, ApiError> {
    check_target(&request).map_err(|cause| ApiError::new(Code::MalformedRequest).because(cause))?;
    let form = canonical(request.uri().path())
        .map_err(|fault| ApiError::new(Code::AmbiguousPath).because(fault))?;
    if let Cow::Owned(path) = form {
        let uri = with_path(request.uri(), &path).map_err(ApiError::internal)?;
        *request.uri_mut() = uri;
    }
    Ok(next.run(request).await)
}

/// HTTP/2 carries the authority as a part of its target (RFC 9113 section 8.3.1); in HTTP/1.1 it stands in `Host`
/// alone, exactly once (RFC 9112 section 3.2), and a target with a host is a request to a proxy.
fn check_target(request: &Request) -> Result<(), &'static str> {
    if request.method() == Method::CONNECT {
        return Err("CONNECT: this is no proxy");
    }
    let authority = request.uri().authority();
    let mut hosts = request.headers().get_all(HOST).iter();
    let (host, second) = (hosts.next(), hosts.next());
    if second.is_some() {
        return Err("two Host headers");
    }
    if request.version() >= Version::HTTP_2 {
        return match (host, authority) {
            (None, None) => Err("neither Host nor :authority"),
            (Some(host), Some(named))
                if !host
                    .as_bytes()
                    .eq_ignore_ascii_case(named.as_str().as_bytes()) =>
            {
                Err("Host and :authority differ")
            }
            _ => Ok(()),
        };
    }
    if authority.is_some() {
        return Err("the target is in absolute form");
    }
    if host.is_none() && request.version() >= Version::HTTP_11 {
        return Err("no Host header");
    }
    Ok(())
}

fn with_path(uri: &Uri, path: &str) -> Result<Uri, http::Error> {
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target)?);
    Ok(Uri::from_parts(parts)?)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::request::Builder;
    use axum::middleware::from_fn;
    use tower::ServiceExt;

    use super::*;

    /// The status or error code, and the target that an inner layer saw.
    async fn answer(request: Builder) -> String {
        let echo = |uri: Uri| async move { uri.to_string() };
        let app = Router::new().fallback(echo).layer(from_fn(canonical_path));
        let request = request.body(Body::empty()).expect("a request");
        let response = app.oneshot(request).await.expect("an answer");
        if let Some(error) = response.extensions().get::<ApiError>() {
            return error.code.as_str().to_owned();
        }
        let body = axum::body::to_bytes(response.into_body(), 1_000)
            .await
            .expect("a body");
        String::from_utf8_lossy(&body).into_owned()
    }

    fn get(target: &str) -> Builder {
        Request::get(target).header(HOST, "localhost:8080")
    }

    #[tokio::test]
    async fn inner_layers_see_the_canonical_target_or_nothing() {
        for (target, expected) in [
            ("/api/tours?q=a%2fb", "/api/tours?q=a%2fb"),
            ("/api/tours/%c3%a9?q=%c3%a9", "/api/tours/%C3%A9?q=%c3%a9"),
            ("/api//tours", "ambiguous_path"),
            ("/api/%2e%2e/health", "ambiguous_path"),
            ("/api/tours/", "ambiguous_path"),
            ("/api/tours;v=1?x", "ambiguous_path"),
        ] {
            assert_eq!(answer(get(target)).await, expected, "{target}");
        }
    }

    #[tokio::test]
    async fn a_target_that_is_not_a_path_of_this_host_is_refused() {
        let malformed = "malformed_request";
        assert_eq!(answer(get("https://evil.test/api/tours")).await, malformed);
        assert_eq!(answer(get("/").method(Method::CONNECT)).await, malformed);
        assert_eq!(answer(Request::get("/")).await, malformed);
        assert_eq!(
            answer(get("/").header(HOST, "localhost:8080")).await,
            malformed
        );
        assert_eq!(
            answer(Request::options("*").header(HOST, "x")).await,
            "ambiguous_path"
        );
        assert_eq!(
            answer(Request::get("/a").version(Version::HTTP_10)).await,
            "/a"
        );
        let second = |host| {
            Request::get("https://localhost/a")
                .version(Version::HTTP_2)
                .header(HOST, host)
        };
        assert_eq!(answer(second("localhost")).await, "https://localhost/a");
        assert_eq!(answer(second("evil.test")).await, malformed);
        assert_eq!(
            answer(Request::get("/a").version(Version::HTTP_2)).await,
            malformed
        );
    }
}
