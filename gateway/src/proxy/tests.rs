//! Real services over mTLS: what passes, and how each way of being away is told.

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

#[tokio::test]
async fn a_service_that_does_not_listen_is_unavailable() {
    let network = TestNetwork::new();
    let running = network.start("catalog", Router::new());
    let upstream = upstream(&network, &running);
    running.kill().await;
    let error = send(&upstream, Method::GET, "/", Body::empty())
        .await
        .expect_err("nobody is there");
    assert_eq!(error.code, Code::ServiceUnavailable);
    assert!(
        error
            .cause
            .is_some_and(|cause| cause.starts_with("catalog: "))
    );
}

#[tokio::test]
async fn a_service_that_does_not_answer_in_time_is_a_timeout() {
    let network = TestNetwork::new();
    let running = network.start(
        "catalog",
        Router::new().route("/", get(std::future::pending::<()>)),
    );
    let upstream = upstream(&network, &running);
    let (request, target) = (Request::new(Body::empty()), PathAndQuery::from_static("/"));
    let sent = upstream
        .forward(request, target, Duration::from_millis(300))
        .await;
    assert_eq!(sent.expect_err("no answer").code, Code::UpstreamTimeout);
}

#[tokio::test]
async fn another_service_at_the_address_is_not_taken_for_the_one_that_is_meant() {
    let network = TestNetwork::new();
    let running = network.start("booking", Router::new().route("/", get(|| async {})));
    let error = send(
        &upstream(&network, &running),
        Method::GET,
        "/",
        Body::empty(),
    )
    .await;
    assert_eq!(
        error.expect_err("another name").code,
        Code::ServiceUnavailable
    );
}

#[tokio::test]
async fn a_service_that_refuses_the_gateways_certificate_is_unavailable() {
    let (network, stranger) = (TestNetwork::new(), TestNetwork::new());
    let running = network.start("catalog", Router::new().route("/", get(|| async {})));
    let identity = stranger.identity_that_trusts(&network, "gateway");
    let upstream = made(&running.url(), &identity).expect("an origin");
    for method in [Method::GET, Method::POST] {
        let error = send(&upstream, method, "/", Body::empty())
            .await
            .expect_err("refused");
        assert_eq!(error.code, Code::ServiceUnavailable, "{error}");
    }
}

#[tokio::test]
async fn a_killed_and_restarted_service_answers_the_next_request_again_and_again() {
    let network = TestNetwork::new();
    let app = || Router::new().route("/", get(|| async { "here" }));
    let mut running = network.start("catalog", app());
    let upstream = upstream(&network, &running);
    for round in 0..10 {
        let response = send(&upstream, Method::GET, "/", Body::empty()).await;
        assert_eq!(text(response.expect("an answer")).await, "here", "{round}");
        let address = running.address;
        running.kill().await;
        running = network.start_at(address, "catalog", app());
    }
}

/// A runtime that is dropped in mid-request is the nearest to a killed process.
#[tokio::test]
async fn only_what_reads_is_sent_twice_when_the_connection_breaks() {
    for (method, sent) in [
        (Method::GET, 2),
        (Method::HEAD, 2),
        (Method::POST, 1),
        (Method::DELETE, 1),
    ] {
        let network = TestNetwork::new();
        let seen = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&seen);
        // The handler's panic resets the stream, as a service does that dies while it works.
        let broken = move || {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Err::<(), _>(panic_in_the_service()) }
        };
        let running = network.start("catalog", Router::new().fallback(broken));
        let error = send(
            &upstream(&network, &running),
            method.clone(),
            "/",
            Body::empty(),
        )
        .await;
        assert_eq!(
            error.expect_err("broken").code,
            Code::BadGateway,
            "{method}"
        );
        assert_eq!(seen.load(Ordering::SeqCst), sent, "{method}");
    }
}

fn panic_in_the_service() -> http::StatusCode {
    panic!("killed")
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

#[tokio::test]
async fn a_post_that_never_left_goes_again_with_its_whole_body() {
    let network = TestNetwork::new();
    let app = || Router::new().route("/", post(|body: Bytes| async move { body }));
    let running = network.start("catalog", app());
    let (address, upstream) = (running.address, upstream(&network, &running));
    running.kill().await;
    let body = || Body::from_stream(stream::iter(["a", "b"].map(Ok::<_, io::Error>)));
    let sending = send(&upstream, Method::POST, "/", body());
    // The retry comes a moment later: by then somebody listens.
    let starting = async {
        tokio::task::yield_now().await;
        network.start_at(address, "catalog", app())
    };
    let (response, _running) = tokio::join!(sending, starting);
    assert_eq!(text(response.expect("an answer")).await, "ab");
}

#[tokio::test]
async fn what_may_have_arrived_goes_again_only_where_it_reads() {
    let again = |method: Method, body: Option<&'static str>, asked: bool, kind: Kind| {
        let deadline = Deadline::within(PATIENCE);
        let upload = body.map(|text| Upload::new(Body::from(text), deadline.clone(), PATIENCE));
        if let Some(upload) = upload.as_ref().filter(|_| asked) {
            let mut body = upload.body();
            let _ = body.frame().now_or_never();
        }
        let outgoing = Outgoing {
            method,
            uri: Uri::default(),
            headers: HeaderMap::new(),
            upload,
            deadline,
        };
        outgoing.may_go_again(kind)
    };
    for (method, body, asked, kind, expected) in [
        (Method::GET, None, false, Kind::NoConnection, true),
        (Method::GET, None, false, Kind::Untaken, true),
        (Method::HEAD, None, false, Kind::Broken, true),
        (Method::GET, Some("x"), false, Kind::Broken, false),
        (Method::GET, None, false, Kind::TooSlow, false),
        (Method::POST, None, false, Kind::NoConnection, true),
        (Method::POST, Some("x"), false, Kind::NoConnection, true),
        (Method::POST, Some("x"), true, Kind::NoConnection, false),
        (Method::POST, None, false, Kind::Untaken, false),
        (Method::POST, Some("x"), false, Kind::Broken, false),
        (Method::PUT, None, false, Kind::Broken, false),
        (Method::DELETE, None, false, Kind::Broken, false),
    ] {
        let what = format!("{method} {body:?} {asked} {kind:?}");
        assert_eq!(again(method, body, asked, kind), expected, "{what}");
    }
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
