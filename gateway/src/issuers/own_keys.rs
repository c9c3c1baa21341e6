//! The keys of the platform's own authorisation server: over mTLS from the one that is configured, and from nowhere
//! else.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use http::uri::PathAndQuery;
use http_body_util::{BodyExt, Limited};
use service_kit::context::RequestContext;

use crate::jwks::{FETCH_TIMEOUT, Fetch, LARGEST_JWKS};
use crate::proxy::Upstream;

const JWKS_PATH: &str = "/.well-known/jwks.json";

pub(super) fn fetch_from(auth: Upstream) -> Fetch {
    Arc::new(move || {
        let auth = auth.clone();
        async move { fetch_keys(&auth).await }.boxed()
    })
}

async fn fetch_keys(auth: &Upstream) -> Result<Bytes, String> {
    let mut request = Request::new(Body::empty());
    RequestContext::begin().write_to(request.headers_mut());
    let target = PathAndQuery::from_static(JWKS_PATH);
    let response = auth
        .send(request, target, FETCH_TIMEOUT)
        .await
        .map_err(|error| error.to_string())?;
    if !response.status().is_success() {
        return Err(format!("status {}", response.status()));
    }
    let body = Limited::new(response.into_body(), LARGEST_JWKS)
        .collect()
        .await;
    Ok(body.map_err(|error| error.to_string())?.to_bytes())
}
