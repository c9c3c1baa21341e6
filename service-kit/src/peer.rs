//! Who is at the other end of an mTLS connection, and which services may call (L15, deny by default).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::Extensions;

use crate::error::{ApiError, Code};
use crate::spiffe::SpiffeId;

/// What the server knows of a connection; an extension of each of its requests.
#[derive(Debug, Clone)]
pub struct Connection {
    pub remote: SocketAddr,
    /// The verified client certificate's id; `None` where clients need no certificate (the public face).
    pub peer: Option<SpiffeId>,
}

/// Whether the gateway speaks, and nobody else: it alone speaks for users.
pub fn is_gateway(extensions: &Extensions) -> bool {
    let peer = extensions
        .get::<Connection>()
        .and_then(|connection| connection.peer.as_ref());
    peer == Some(&SpiffeId::of("gateway"))
}

/// The services that may call a group of routes. Give it to [`only`] by `middleware::from_fn_with_state`.
#[derive(Debug, Clone)]
pub struct Callers(Arc<[SpiffeId]>);

impl Callers {
    /// By service name: `Callers::of(&["gateway", "payment"])`. An empty list lets nobody in.
    pub fn of(services: &[&str]) -> Self {
        Self(
            services
                .iter()
                .map(|service| SpiffeId::of(service))
                .collect(),
        )
    }

    fn allow(&self, connection: Option<&Connection>) -> bool {
        connection
            .and_then(|connection| connection.peer.as_ref())
            .is_some_and(|peer| self.0.contains(peer))
    }
}

/// Refuses, with 403, a caller whose certificate is valid but whose name is not on the list.
pub async fn only(
    axum::extract::State(callers): axum::extract::State<Callers>,
    request: Request,
    next: Next,
) -> Response {
    let connection = request.extensions().get::<Connection>();
    if callers.allow(connection) {
        return next.run(request).await;
    }
    let peer = connection.and_then(|connection| connection.peer.as_ref());
    let name = peer.map_or("a caller without certificate", SpiffeId::as_str);
    ApiError::new(Code::CallerNotAllowed)
        .because(format_args!("{name} is not on the list"))
        .into_response()
}
