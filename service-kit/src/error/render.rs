//! Writes the one error body: `application/problem+json` (RFC 9457) that is also the course's body (L5).

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{ApiError, Code, Language};
use crate::context::{REQUEST_PATH, RequestContext};
use crate::principal::is_gateway;

pub const PROBLEM_JSON: &str = "application/problem+json";
/// Registered by draft-ietf-httpapi-ratelimit-headers; everything else is `about:blank`, told apart by `code`.
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// In a response's extensions: status and body are another service's and pass as they are (L4), whatever their type.
#[derive(Debug, Clone, Copy)]
pub struct Untouched;

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    #[serde(rename = "type")]
    #[schema(format = "uri-reference")]
    kind: &'a str,
    title: &'a str,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    instance: &'a str,
    success: bool,
    error: &'a str,
    #[schema(pattern = "^[a-z0-9_]{1,64}$")]
    code: &'a str,
    #[schema(value_type = Uuid)]
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Item<'a>>,
    #[schema(nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<u64>,
    #[schema(required = false)]
    #[serde(
        rename = "violated-policies",
        skip_serializing_if = "<[String]>::is_empty"
    )]
    violated_policies: &'a [String],
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProblemItem)]
struct Item<'a> {
    pointer: &'a str,
    code: &'a str,
    message: String,
}

#[derive(OpenApi)]
#[openapi(components(schemas(Problem)))]
struct Described;

/// The body of refusals as OpenAPI has it.
pub fn api() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The middleware that gives every refusal its body. Also the answers of axum's own extractors, which are plain text
/// and may tell internals, become a fixed body here (R19).
pub async fn render_errors(request: Request, next: Next) -> Response {
    let language = Language::of(request.headers());
    let instance = path_of_the_client(&request).to_owned();
    let context = request.extensions().get::<RequestContext>().cloned();
    let mut response = next.run(request).await;
    if response.extensions().get::<ApiError>().is_none() && is_foreign(&response) {
        let error = ApiError::new(code_for(response.status()));
        response.extensions_mut().insert(error);
    }
    let Some(error) = response.extensions().get::<ApiError>() else {
        return response;
    };
    let body = problem_body(error, language, &instance, context.as_ref());
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    *response.body_mut() = Body::from(body);
    response
}

/// `instance` names what the client asked for (RFC 9457 section 3.1.5): it asked the gateway for `/api/bookings`, and
/// never heard of `/bookings`. Nobody else's word for it is taken.
fn path_of_the_client(request: &Request) -> &str {
    let own = request.uri().path();
    let named = request.headers().get(REQUEST_PATH);
    match named.filter(|_| is_gateway(request.extensions())) {
        Some(path) => path.to_str().unwrap_or(own),
        None => own,
    }
}

/// The body alone, for the places that answer before there is an HTTP request.
pub fn problem_body(
    error: &ApiError,
    language: Language,
    instance: &str,
    context: Option<&RequestContext>,
) -> Vec<u8> {
    let errors = error.faults.iter().map(|fault| Item {
        pointer: &fault.pointer,
        code: fault.rule.code(),
        message: fault.message(language),
    });
    let status = error.code.status();
    let kind = match &error.violated_policies[..] {
        [] => "about:blank",
        _ => QUOTA_EXCEEDED,
    };
    let body = Problem {
        kind,
        title: status.canonical_reason().unwrap_or_default(),
        status: status.as_u16(),
        instance,
        success: false,
        error: error.code.message(language),
        code: error.code.as_str(),
        request_id: context.map(|context| context.request_id.to_string()),
        details: error
            .faults
            .iter()
            .map(|fault| fault.message(language))
            .collect(),
        errors: errors.collect(),
        retry_after: error.retry_after,
        violated_policies: &error.violated_policies,
    };
    serde_json::to_vec(&body).expect("a struct of strings and numbers is always JSON")
}

/// An error answer that did not come from an [`ApiError`] and is not JSON that a service wrote.
fn is_foreign(response: &Response) -> bool {
    let status = response.status();
    let is_json = response
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| {
            value.starts_with("application/json") || value.starts_with(PROBLEM_JSON)
        });
    let untouched = response.extensions().get::<Untouched>().is_some();
    (status.is_client_error() || status.is_server_error()) && !is_json && !untouched
}

fn code_for(status: StatusCode) -> Code {
    match status {
        StatusCode::NOT_FOUND => Code::RouteNotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::REQUEST_TIMEOUT => Code::RequestTimeout,
        StatusCode::PAYLOAD_TOO_LARGE => Code::BodyTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        status if status.is_server_error() => Code::Internal,
        _ => Code::MalformedRequest,
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::middleware::from_fn;
    use serde_json::Value;
    use tower::ServiceExt;

    use super::*;
    use crate::peer::Connection;
    use crate::spiffe::SpiffeId;

    #[tokio::test]
    async fn the_path_that_the_client_asked_for_is_the_gateways_to_tell() {
        for (caller, instance) in [
            (Some("gateway"), "/api/bookings/7"),
            (Some("payment"), "/bookings/7"),
            (None, "/bookings/7"),
        ] {
            let app = Router::new()
                .fallback(|| async { ApiError::new(Code::NotFound) })
                .layer(from_fn(render_errors));
            let request = Request::get("/bookings/7").header(REQUEST_PATH, "/api/bookings/7");
            let mut request = request.body(Body::empty()).expect("a request");
            request.extensions_mut().insert(Connection {
                remote: ([127, 0, 0, 1], 1).into(),
                peer: caller.map(SpiffeId::of),
            });
            let answer = app.oneshot(request).await.expect("an answer");
            let body = axum::body::to_bytes(answer.into_body(), 1_000).await;
            let body: Value = serde_json::from_slice(&body.expect("a body")).expect("JSON");
            assert_eq!(body["instance"], instance, "{caller:?}");
        }
    }
}
