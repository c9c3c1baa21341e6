//! What one does is never laid at the door of another.

use super::*;

#[tokio::test]
async fn a_banned_user_is_refused_on_every_device_and_nobody_else_is() {
    let bench = Bench::answering(403);
    let (alice, bob) = (bench.token_of(ALICE), bench.token_of(BOB));
    assert_eq!(
        bench.repeat(300, HOME, get("/api/tours", &alice)).await,
        [403; 300]
    );
    for address in [HOME, ELSEWHERE] {
        assert_eq!(bench.status(address, get("/api/tours", &alice)).await, 429);
        assert_eq!(bench.status(address, get("/api/tours", &bob)).await, 403);
        // Public routes ask for nobody.
        assert_eq!(bench.status(address, LOGIN).await, 403);
    }
    bench.life.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.status(HOME, get("/api/tours", &alice)).await, 403);
}

#[tokio::test]
async fn nobody_can_have_points_put_on_somebody_else() {
    let bench = Bench::answering(401);
    let forged = TestIssuer::new("k1").token_with("sub", json!(ALICE));
    // Bad tokens in her name, and logins in her name, from elsewhere.
    let statuses = bench
        .repeat(1_600, ELSEWHERE, get("/api/tours", &forged))
        .await;
    assert!(statuses.contains(&429));
    bench.repeat(100, ELSEWHERE, LOGIN).await;
    let keys: Vec<_> = bench
        .jail
        .list()
        .await
        .iter()
        .map(|entry| entry.who.to_string())
        .collect();
    assert_eq!(keys, ["198.51.100.7"]);
    assert_eq!(
        bench.jail.free(&Inmate::user(ALICE)).await,
        Ok(false),
        "not one point"
    );
}

#[tokio::test]
async fn forged_address_headers_change_nothing() {
    let bench = Bench::answering(401);
    for number in 0..=75 {
        let mut request = Request::post("/auth/login")
            .body(Body::empty())
            .expect("a request");
        for name in [
            "x-forwarded-for",
            "x-real-ip",
            "forwarded",
            "true-client-ip",
        ] {
            let value = format!("198.51.100.{}", number % 250);
            request
                .headers_mut()
                .insert(name, value.parse().expect("a value"));
        }
        let remote = std::net::SocketAddr::from((HOME, 40_000));
        let client = ClientAddress(remote.ip());
        request.extensions_mut().insert(client);
        request
            .extensions_mut()
            .insert(Connection { remote, peer: None });
        let response = bench.app.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), if number < 75 { 401 } else { 429 });
    }
    let keys: Vec<_> = bench
        .jail
        .list()
        .await
        .iter()
        .map(|entry| entry.who.to_string())
        .collect();
    assert_eq!(keys, ["203.0.113.9"]);
}
