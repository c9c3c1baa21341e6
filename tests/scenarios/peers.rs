//! No way around the gateway: who may open a connection to a service, and who may ask it what.

use escale_lab::certs::{Authorities, Validity};
use escale_tests::{Plan, Town};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const INSIDE: [&str; 5] = ["auth", "catalog", "booking", "payment", "bank"];

fn url(town: &Town, service: &str, path: &str) -> String {
    format!("https://localhost:{}{path}", town.address(service).port())
}

/// TLS 1.3 lets a client finish before the server has judged its certificate: the refusal shows at the first read.
async fn assert_no_answer(client: &reqwest::Client, url: &str) {
    let result = client.get(url).send().await;
    assert!(
        result.is_err(),
        "{url} answered {:?}",
        result.map(|response| response.status())
    );
}

/// Proves: L1, L15, L18, API2:2023, S4, svc-way-around
#[tokio::test]
async fn a_service_called_without_a_certificate_refuses_the_handshake() {
    let town = Town::start().await;
    for service in INSIDE {
        assert_no_answer(&town.peer_with(None), &url(&town, service, "/")).await;
    }
}

/// Proves: L15, L18, svc-way-around, val-certificates
#[tokio::test]
async fn a_certificate_of_another_authority_is_refused() {
    let town = Town::start().await;
    let foreign = Authorities::generate().unwrap();
    let (certificate, key) = foreign
        .issue_service("gateway", Validity::days(30))
        .unwrap();
    for service in INSIDE {
        let client = town.peer_with(Some((&certificate, &key)));
        assert_no_answer(&client, &url(&town, service, "/")).await;
    }
}

/// Proves: L15, svc-way-around, val-certificates
#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let town = Town::start().await;
    let authorities = town.certs.authorities().unwrap();
    let (certificate, key) = authorities
        .issue_service("gateway", Validity::expired())
        .unwrap();
    let (valid, valid_key) = authorities
        .issue_service("gateway", Validity::days(30))
        .unwrap();
    for service in INSIDE {
        let client = town.peer_with(Some((&certificate, &key)));
        assert_no_answer(&client, &url(&town, service, "/")).await;
        let client = town.peer_with(Some((&valid, &valid_key)));
        client
            .get(url(&town, service, "/"))
            .send()
            .await
            .expect("only the date was wrong");
    }
}

/// Proves: svc-way-around
#[tokio::test]
async fn the_edge_certificate_opens_no_service() {
    let town = Town::start().await;
    let (certificate, key) = town.certs.path("edge");
    let read = |path| std::fs::read_to_string(path).unwrap();
    let client = town.peer_with(Some((&read(certificate), &read(key))));
    assert_no_answer(&client, &url(&town, "booking", "/bookings")).await;
}

/// Proves: L3, L14, L15, API5:2023, T1, T12, S4, svc-way-around
#[tokio::test]
async fn a_valid_certificate_of_a_service_that_is_not_on_the_list_gets_403() {
    let town = Town::start().await;
    let id = uuid::Uuid::new_v4();
    for (caller, service, method, path) in [
        ("booking", "auth", Method::GET, "/auth/me".to_owned()),
        ("payment", "catalog", Method::GET, "/tours".to_owned()),
        (
            "gateway",
            "catalog",
            Method::GET,
            format!("/internal/tours/{id}"),
        ),
        ("catalog", "booking", Method::GET, "/bookings".to_owned()),
        (
            "gateway",
            "booking",
            Method::POST,
            format!("/internal/bookings/{id}/confirm"),
        ),
        (
            "catalog",
            "booking",
            Method::GET,
            format!("/internal/bookings/{id}/charge?userId={id}"),
        ),
        ("booking", "payment", Method::GET, "/payments".to_owned()),
        (
            "gateway",
            "payment",
            Method::POST,
            "/internal/refunds".to_owned(),
        ),
        ("gateway", "bank", Method::POST, "/charges".to_owned()),
    ] {
        // With the headers that would make it a user's request, were they believed.
        let request = town
            .peer(caller)
            .request(method, url(&town, service, &path))
            .header("x-user-id", id.to_string())
            .header("x-user-role", "admin")
            .header("x-user-scope", "tours:write bookings:write payments:write");
        let answer = escale_tests::Answer::read(request.send().await.unwrap()).await;
        answer.assert_refused(403, "caller_not_allowed");
    }
}

/// Proves: R12, val-old-tls
#[tokio::test]
async fn an_old_tls_version_is_refused_everywhere() {
    let town = Town::start().await;
    for service in INSIDE.into_iter().chain(["gateway"]) {
        let error = town.tls12_handshake(service).await.expect_err(service);
        assert!(error.to_string().contains("alert"), "{service}: {error}");
    }
}

/// Proves: R12, val-old-tls
#[tokio::test]
async fn a_setting_lets_tls_1_2_in_at_the_public_face_alone() {
    let settings =
        ["gateway", "booking"].map(|service| (service, "EDGE_TLS_MIN", "1.2".to_owned()));
    let town = Town::planned(Plan {
        settings: settings.into(),
        ..Plan::default()
    })
    .await;
    town.tls12_handshake("gateway")
        .await
        .expect("TLS 1.2 was asked for");
    town.tls12_handshake("booking")
        .await
        .expect_err("inside there are no old clients");
}

/// A hello of TLS 1.0 (`minor` 1) or 1.1 (2), with one suite of its time and no extensions (RFC 2246 section 7.4.1.2).
/// rustls speaks neither, so it is written by hand.
fn old_hello(minor: u8) -> Vec<u8> {
    let (version, random) = ([3, minor], [7; 32]);
    // No session to resume, TLS_RSA_WITH_AES_128_CBC_SHA, no compression.
    let rest = [0, 0, 2, 0, 0x2f, 1, 0];
    let hello = [&version[..], &random, &rest].concat();
    let length = u8::try_from(hello.len()).expect("a short hello");
    [
        &[0x16, 3, 1, 0, length + 4, 1, 0, 0, length][..],
        &hello[..],
    ]
    .concat()
}

/// Proves: R12, val-old-tls
#[tokio::test]
async fn a_hello_of_tls_1_0_or_1_1_gets_a_fatal_alert_even_where_1_2_is_let_in() {
    let town = Town::planned(Plan {
        settings: vec![("gateway", "EDGE_TLS_MIN", "1.2".to_owned())],
        ..Plan::default()
    })
    .await;
    for service in INSIDE.into_iter().chain(["gateway"]) {
        for minor in [1, 2] {
            let mut stream = TcpStream::connect(town.address(service)).await.unwrap();
            stream.write_all(&old_hello(minor)).await.unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await.unwrap();
            // One record: an alert (21) of level 2, and the end (RFC 5246 section 7.2).
            let alert = (answer.len(), answer.first(), answer.get(5));
            assert_eq!(alert, (7, Some(&21), Some(&2)), "{service} 1.{minor}");
        }
    }
}
