//! No way around the gateway: who may open a connection to a service, and who may ask it what.

use escale_lab::certs::{Authorities, Validity};
use escale_tests::{Plan, Town};
use http::Method;

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

#[tokio::test]
async fn a_service_called_without_a_certificate_refuses_the_handshake() {
    let town = Town::start().await;
    for service in INSIDE {
        assert_no_answer(&town.peer_with(None), &url(&town, service, "/")).await;
    }
}

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

#[tokio::test]
async fn the_edge_certificate_opens_no_service() {
    let town = Town::start().await;
    let (certificate, key) = town.certs.path("edge");
    let read = |path| std::fs::read_to_string(path).unwrap();
    let client = town.peer_with(Some((&read(certificate), &read(key))));
    assert_no_answer(&client, &url(&town, "booking", "/bookings")).await;
}

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

#[tokio::test]
async fn an_old_tls_version_is_refused_everywhere() {
    let town = Town::start().await;
    for service in INSIDE.into_iter().chain(["gateway"]) {
        let error = town.tls12_handshake(service).await.expect_err(service);
        assert!(error.to_string().contains("alert"), "{service}: {error}");
    }
}

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
