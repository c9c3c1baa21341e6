//! Real services over mTLS: what passes, and how it streams.

mod again;
mod away;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::{FutureExt, StreamExt, stream};
use http::{HeaderMap, Method};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};

use super::config::tests_config;
use super::*;
use crate::test_network::{Running, TestNetwork};

const PATIENCE: Duration = Duration::from_secs(10);

async fn send(
    upstream: &Upstream,
    method: Method,
    path: &'static str,
    body: Body,
) -> Result<Response, ApiError> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    upstream
        .forward(request, PathAndQuery::from_static(path), PATIENCE)
        .await
}

fn made(url: &Url, identity: &Identity) -> Result<Upstream, NoOrigin> {
    Upstream::new(
        Service::Catalog,
        url,
        identity,
        Clock::system(),
        &tests_config(),
    )
}

fn upstream(network: &TestNetwork, running: &Running) -> Upstream {
    made(&running.url(), &network.identity("gateway")).expect("an origin")
}

async fn text(response: Response) -> String {
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    String::from_utf8_lossy(&body).into_owned()
}

#[tokio::test]
async fn status_headers_and_bodies_pass_as_they_are() {
    let network = TestNetwork::new();
    let teapot =
        |body: Bytes| async move { (http::StatusCode::IM_A_TEAPOT, [("x-answer", "42")], body) };
    let running = network.start("catalog", Router::new().route("/echo", post(teapot)));
    let pieces = ["a", "b", "c"].map(|piece| Ok::<_, io::Error>(Bytes::from(piece)));
    let streamed = Body::from_stream(stream::iter(pieces));
    let response = send(
        &upstream(&network, &running),
        Method::POST,
        "/echo?q",
        streamed,
    )
    .await
    .expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-answer"]),
        (418, &"42".parse().expect("a value"))
    );
    assert_eq!(text(response).await, "abc");
}

#[tokio::test]
async fn what_a_client_sends_behind_its_body_does_not_pass() {
    let network = TestNetwork::new();
    let collect = |body: Body| async move {
        let collected = body.collect().await.expect("a body");
        let trailers = collected.trailers().map_or(0, HeaderMap::len);
        format!("{:?} and {trailers} trailers", collected.to_bytes())
    };
    let running = network.start("catalog", Router::new().route("/", post(collect)));
    let mut trailers = HeaderMap::new();
    trailers.insert("x-user-id", "root".parse().expect("a header value"));
    let frames =
        [Frame::data(Bytes::from("abc")), Frame::trailers(trailers)].map(Ok::<_, io::Error>);
    let body = Body::new(StreamBody::new(stream::iter(frames)));
    let response = send(&upstream(&network, &running), Method::POST, "/", body).await;
    assert_eq!(
        text(response.expect("an answer")).await,
        "b\"abc\" and 0 trailers"
    );
}

#[tokio::test]
async fn the_first_bytes_of_an_answer_arrive_before_its_end() {
    let network = TestNetwork::new();
    let endless = || async {
        let first = stream::iter([Ok::<_, io::Error>(Bytes::from("first"))]);
        Body::from_stream(first.chain(stream::pending())).into_response()
    };
    let running = network.start("catalog", Router::new().route("/", get(endless)));
    let response = send(
        &upstream(&network, &running),
        Method::GET,
        "/",
        Body::empty(),
    )
    .await
    .expect("a head");
    let frame = response
        .into_body()
        .frame()
        .await
        .expect("a frame")
        .expect("no error");
    assert_eq!(frame.into_data().expect("data"), "first");
}

#[test]
fn only_an_https_origin_is_a_place_where_a_service_can_be() {
    let network = TestNetwork::new();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let _inside = runtime.enter();
    let identity = network.identity("gateway");
    for (url, good) in [
        ("https://localhost:3002", true),
        ("https://[::1]:3002", true),
        ("https://catalog", true),
        ("http://localhost:3002", false),
        ("https://localhost:3002/tours", false),
        ("https://localhost:3002/?x", false),
        ("https://user@localhost:3002", false),
    ] {
        let url = Url::parse(url).expect(url);
        assert_eq!(made(&url, &identity).is_ok(), good, "{url}");
    }
}

#[tokio::test]
async fn the_first_bytes_of_a_request_arrive_before_its_end() {
    let network = TestNetwork::new();
    let first_piece = |body: Body| async move {
        let frame = body.into_data_stream().next().await;
        frame.expect("a piece").expect("no error")
    };
    let running = network.start("catalog", Router::new().route("/", post(first_piece)));
    let first = stream::iter([Ok::<_, io::Error>(Bytes::from("first"))]);
    let endless = Body::from_stream(first.chain(stream::pending()));
    let response = send(&upstream(&network, &running), Method::POST, "/", endless).await;
    assert_eq!(text(response.expect("an answer")).await, "first");
}

/// The service writes as long as somebody takes it. What lies between is bounded by HTTP/2's windows: nobody reads,
/// so it stands still after some megabytes.
#[tokio::test]
async fn a_client_that_does_not_read_holds_the_service_back() {
    let network = TestNetwork::new();
    let written = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&written);
    let endless = move || {
        let counter = Arc::clone(&counter);
        let piece = stream::repeat_with(move || {
            counter.fetch_add(65_536, Ordering::SeqCst);
            Ok::<_, io::Error>(Bytes::from_static(&[0; 65_536]))
        });
        async move { Body::from_stream(piece) }
    };
    let running = network.start("catalog", Router::new().route("/", get(endless)));
    let upstream = upstream(&network, &running);
    let response = send(&upstream, Method::GET, "/", Body::empty()).await;
    let mut body = response.expect("a head").into_body();
    body.frame().await.expect("a frame").expect("no error");

    let mut polls = tokio::time::interval(Duration::from_millis(50));
    let (mut before, mut still) = (0, 0);
    while still < 5 {
        polls.tick().await;
        let now = written.load(Ordering::SeqCst);
        still = if now == before { still + 1 } else { 0 };
        before = now;
        assert!(now < 64 * 1024 * 1024, "{now} bytes and nobody reads");
    }
    // It was held back, not cut off.
    body.frame().await.expect("a frame").expect("no error");
}

/// A service takes 256 requests at a time on one connection; here none is answered before all have come.
#[tokio::test]
async fn more_requests_than_one_connection_carries_are_under_way_at_the_same_time() {
    const TOGETHER: usize = 400;
    let network = TestNetwork::new();
    let gate = Arc::new(tokio::sync::Barrier::new(TOGETHER));
    let wait = move || {
        let gate = Arc::clone(&gate);
        async move {
            gate.wait().await;
        }
    };
    let running = network.start("catalog", Router::new().route("/", get(wait)));
    let upstream = upstream(&network, &running);
    let sending = (0..TOGETHER).map(|_| send(&upstream, Method::GET, "/", Body::empty()));
    for response in futures_util::future::join_all(sending).await {
        assert_eq!(response.expect("an answer").status(), 200);
    }
}
