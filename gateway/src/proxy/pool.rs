//! The connections to one service: a few HTTP/2 clients, the least busy one is taken.
//!
//! hyper's pool holds one HTTP/2 connection for an authority, and a connection is one task with one lock: it carries
//! 256 requests at a time (the services' own cap) and is encrypted by one core. A second one lifts both.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use metrics::Gauge;

use super::connector::Connector;
use crate::metrics::UPSTREAM_IN_FLIGHT;

/// An idle connection is asked whether it still lives; a dead one leaves the pool after at most this and
/// [`PING_TIMEOUT`], even when its peer vanished without closing it.
const PING_EVERY: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(5);
/// An answer's head that is longer than this is not one of ours.
const LONGEST_HEAD: u32 = 32 * 1024;

#[derive(Debug)]
pub(super) struct Pool {
    members: Box<[Member]>,
    in_flight: Gauge,
}

#[derive(Debug)]
struct Member {
    client: Client<Connector, Body>,
    busy: Arc<AtomicUsize>,
}

/// One request's place on a connection, until its answer has been read to the end.
#[derive(Debug)]
pub(super) struct Place {
    busy: Arc<AtomicUsize>,
    in_flight: Gauge,
}

impl Pool {
    pub(super) fn new(connector: &Connector, connections: usize) -> Self {
        let member = |_| Member {
            client: client(connector.clone()),
            busy: Arc::default(),
        };
        let in_flight = metrics::gauge!(UPSTREAM_IN_FLIGHT, "service" => connector.service());
        in_flight.set(0.0);
        Self {
            members: (0..connections).map(member).collect(),
            in_flight,
        }
    }

    pub(super) async fn send(
        &self,
        request: Request<Body>,
    ) -> Result<(http::Response<Incoming>, Place), Error> {
        let member = self
            .members
            .iter()
            .min_by_key(|member| member.busy.load(Ordering::Relaxed))
            .expect("the configuration asks for at least one connection");
        let place = Place::take(member, &self.in_flight);
        Ok((member.client.request(request).await?, place))
    }
}

impl Place {
    fn take(member: &Member, in_flight: &Gauge) -> Self {
        member.busy.fetch_add(1, Ordering::Relaxed);
        in_flight.increment(1.0);
        Self {
            busy: Arc::clone(&member.busy),
            in_flight: in_flight.clone(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.busy.fetch_sub(1, Ordering::Relaxed);
        self.in_flight.decrement(1.0);
    }
}

fn client(connector: Connector) -> Client<Connector, Body> {
    Client::builder(TokioExecutor::new())
        .http2_only(true)
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .http2_keep_alive_interval(PING_EVERY)
        .http2_keep_alive_timeout(PING_TIMEOUT)
        .http2_keep_alive_while_idle(true)
        .http2_max_header_list_size(LONGEST_HEAD)
        .build(connector)
}
