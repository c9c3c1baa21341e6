//! The breaker: who opens it, and what closes it.

use std::time::Duration;

use escale_tests::{Behaviour, Plan};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Bench, assert_tells_nothing};

#[tokio::test]
async fn the_breaker_opens_says_when_to_come_back_and_closes_after_one_good_answer() {
    let bench = Bench::with_catalog().await;
    bench.catalog().becomes(Behaviour::HangsUp);
    let refused = async || {
        bench
            .tours()
            .await
            .assert_refused(503, "service_unavailable")
    };
    for _ in 0..5 {
        assert_eq!(refused().await.header("retry-after"), "");
    }
    let before = bench.catalog().connections();
    let answer = refused().await;
    assert_eq!(answer.header("retry-after"), "2");
    assert_eq!(answer.field("/retryAfter"), "2");
    assert_tells_nothing(&answer);
    assert_eq!(
        bench.catalog().connections(),
        before,
        "the service has peace"
    );
    // The other services do not notice.
    bench.user.get("/api/bookings").await.assert_status(200);

    bench.town.pass(Duration::from_secs(2));
    refused().await;
    assert!(bench.catalog().connections() > before, "one probe");
    assert_eq!(refused().await.header("retry-after"), "2");

    bench.catalog().becomes(Behaviour::Answers);
    bench.town.pass(Duration::from_secs(2));
    for _ in 0..3 {
        bench.tours().await.assert_status(200);
    }
}

#[tokio::test]
async fn no_client_opens_the_breaker_for_the_others() {
    let bench = Bench::start(Plan {
        settings: vec![("gateway", "HTTP_BODY_SECONDS", "1".to_owned())],
        ..Plan::default()
    })
    .await;
    let nothing = uuid::Uuid::new_v4();
    for _ in 0..10 {
        let path = format!("/api/tours/{nothing}");
        bench.user.get(&path).await.assert_refused(404, "not_found");
    }
    let slow = (0..6).map(|_| async {
        let mut stream = bench.town.tls_stream().await;
        let head = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                    Content-Length: 100\r\nConnection: close\r\n\r\n{";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8_lossy(&answer).into_owned()
    });
    for answer in futures_util::future::join_all(slow).await {
        // The deadline of the route is a second as well: it is the client's fault and not the service's.
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    bench.tours().await.assert_status(200);
    let user = &bench.user;
    user.login(&user.pseudo, &user.password).await;
}
