//! What was asked, as the outer half saw it. Cheap to make: a record is formed only when there is one to be written.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::client_address::ClientAddress;
use axum::extract::Request;
use http::header::USER_AGENT;
use http::{HeaderValue, Method, Uri};
use service_kit::audit::Origin;
use service_kit::context::RequestContext;

use super::super::access_log::Noted;

/// An extension of the request; clones share one mark.
#[derive(Debug, Clone)]
pub(super) struct Asked(Arc<Seen>);

#[derive(Debug)]
struct Seen {
    method: Method,
    uri: Uri,
    agent: Option<HeaderValue>,
    address: Option<IpAddr>,
    context: RequestContext,
    noted: Option<Noted>,
    covered: AtomicBool,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let context = request.extensions().get().cloned();
        Self(Arc::new(Seen {
            method: request.method().clone(),
            uri: request.uri().clone(),
            agent: request.headers().get(USER_AGENT).cloned(),
            address: client_address(request),
            // request_id is outside; without it the record still has an id of its own.
            context: context.unwrap_or_else(RequestContext::begin),
            noted: request.extensions().get().cloned(),
            covered: AtomicBool::new(false),
        }))
    }

    /// With the user, if a layer has found out by now who it is.
    pub fn origin(&self) -> Origin {
        let seen = &*self.0;
        Origin::new(&seen.method, &seen.uri, &seen.context)
            .user(seen.noted.as_ref().and_then(Noted::user))
            .address(seen.address)
            .agent(seen.agent.as_ref())
    }

    /// The inner half writes the records of this request.
    pub fn is_covered(&self) {
        self.0.covered.store(true, Ordering::Relaxed);
    }

    pub fn was_covered(&self) -> bool {
        self.0.covered.load(Ordering::Relaxed)
    }
}

fn client_address(request: &Request) -> Option<IpAddr> {
    let client = request.extensions().get::<ClientAddress>();
    client.map(|ClientAddress(address)| address.to_canonical())
}
