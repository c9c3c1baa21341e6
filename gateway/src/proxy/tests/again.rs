//! What is sent once more, and what never is.

use super::*;

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
