//! How each way of being away is told.

use super::*;

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

/// No name below `invalid` exists (RFC 6761 section 6.4). A resolver that is away itself may take longer than the request.
///
/// Proves: val-dns
#[tokio::test]
async fn a_service_whose_name_has_no_address_is_unavailable() {
    let network = TestNetwork::new();
    let url = Url::parse("https://catalog.invalid:3002").expect("a URL");
    let upstream = made(&url, &network.identity("gateway")).expect("an origin");
    let sent = send(&upstream, Method::GET, "/", Body::empty()).await;
    let error = sent.expect_err("no address");
    assert!(
        matches!(error.code, Code::ServiceUnavailable | Code::UpstreamTimeout),
        "{error}"
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

/// Proves: val-certificates
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
