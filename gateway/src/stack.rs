//! The only place where the layers are put together: one request, from top to bottom.

use axum::Router;
use axum::handler::Handler;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::any_service;
use service_kit::error::render::render_errors;
use tower::ServiceBuilder;

use crate::layers::access_log::access_log;
use crate::layers::audit::{Auditing, audit, audit_refusals};
use crate::layers::authenticate::{Verifiers, authenticate};
use crate::layers::authorize::authorize;
use crate::layers::canonical_path::canonical_path;
use crate::layers::catch_panic::catch_panic;
use crate::layers::client_address::client_address;
use crate::layers::content_type::content_type;
use crate::layers::forward::forward;
use crate::layers::identity_headers::identity_headers;
use crate::layers::jail::{jail, jail_user, watch};
use crate::layers::quota::quota;
use crate::layers::rate_limit::{limit_unrouted, rate_limit};
use crate::layers::request_id::request_id;
use crate::layers::route::route;
use crate::layers::security_headers::security_headers;
use crate::layers::validate::validate;
use crate::state::AppState;

/// The first line is the outermost. Above it stands `accept`: TLS, timeouts and connection caps of the server.
pub fn stack(state: AppState) -> Router {
    let auditing = Auditing {
        log: state.audit,
        clock: state.clock,
    };
    let verifiers = Verifiers {
        tokens: state.tokens,
        keys: state.keys,
    };
    let app = ServiceBuilder::new()
        .layer(from_fn(request_id))
        // Before the log and all that counts or bans: whose request it is must not depend on what the client says.
        .layer(from_fn_with_state(state.proxies, client_address))
        // Outside of everything that refuses, so that each refusal has its line; inside request_id, for the line's id.
        .layer(from_fn(access_log))
        // The outer half of `audit`: the refusals of the layers between here and there never come to it.
        .layer(from_fn_with_state(auditing.clone(), audit_refusals))
        // Refusals come up to here as a code and a cause; the body is written once, in the caller's language.
        .layer(from_fn(render_errors))
        .layer(catch_panic())
        .layer(from_fn(security_headers))
        // The jail's eyes: outside of everything whose refusals cost points, `route` included.
        .layer(from_fn_with_state(state.jail.clone(), watch))
        // The outer half of `rate_limit`: what the two below refuse never comes to it. The jail sees its refusals too.
        .layer(from_fn_with_state(state.limits.clone(), limit_unrouted))
        // Before anything looks at the path: policy, routing and upstream must read the same one.
        .layer(from_fn(canonical_path))
        // Everything below asks the route what to do, so an unknown route ends here.
        .layer(from_fn_with_state(state.routes, route))
        // They protect what is below: cryptography, and a look at the body.
        .layer(from_fn_with_state(state.jail.clone(), jail))
        .layer(from_fn_with_state(state.limits.clone(), rate_limit))
        // A body that nobody will read is refused before its sender is asked who he is.
        .layer(from_fn_with_state(state.bodies.clone(), content_type))
        .layer(from_fn_with_state(verifiers, authenticate))
        // The jail's other half: only now it is certain whose request it is.
        .layer(from_fn_with_state(state.jail, jail_user))
        // It counts by user, so it comes after authenticate.
        .layer(from_fn_with_state(state.limits, quota))
        .layer(from_fn(authorize))
        // After authorize: only what is allowed is an action, with a record before and after it. Before validate: the
        // attempt has its record, whatever its body holds.
        .layer(from_fn_with_state(auditing, audit))
        // Behind everything that judges the caller: reading a body is the first thing that costs memory.
        .layer(from_fn_with_state(state.bodies, validate))
        // Last, so that no layer above can mistake the gateway's identity headers for the client's, nor the reverse.
        .layer(from_fn(identity_headers))
        .service(forward.with_state(state.upstreams));
    // `any_service` also takes the body off an answer to HEAD; a fallback alone does not, and HTTP/2 clients then end the
    // stream with a protocol error (RFC 9113 section 8.1.1).
    Router::new().fallback_service(any_service(app))
}

#[cfg(test)]
mod tests;
