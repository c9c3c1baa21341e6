//! A further issuer by OpenID discovery (T7), tried against a real foreign provider: npm's oidc-provider, in
//! tests/foreign-issuer.
//!
//! It is skipped in two cases, aloud in both: without Node.js 20 and npm it is counted as ignored, with a warning of the
//! build; when npm cannot reach its registry it says so on the terminal, and in CI it fails.

use std::io::Write;

use escale_tests::foreign_provider::{ForeignProvider, OutOfReach};
use escale_tests::{Plan, Town};
use http::Method;
use service_kit::clock::Clock;

/// The provider's resource servers whose audience is the gateway's.
const ALGORITHMS: [&str; 4] = ["ES256", "RS256", "PS256", "EdDSA"];

/// A town whose gateway takes the provider's tokens; a spy stands in the catalogue's place.
async fn town(
    provider: &ForeignProvider,
    authorities: &std::path::Path,
    folder: &tempfile::TempDir,
) -> Town {
    let text = format!(
        r#"
        [[issuer]]
        name = "partner"
        issuer = "{}"
        audience = "escale-api"
        algorithms = ["ES256", "RS256", "PS256", "EdDSA"]
        ca_file = '{}'
        scopes = ["tours:read", "bookings:read"]
        roles = {{ traveller = "user" }}
        roles_claim = "realm_access.roles"
        "#,
        provider.issuer,
        authorities.display()
    );
    let file = folder.path().join("issuers.toml");
    std::fs::write(&file, text).unwrap();
    let plan = Plan {
        spies: vec!["catalog"],
        settings: vec![("gateway", "ISSUERS_FILE", file.display().to_string())],
        ..Plan::default()
    };
    Town::planned(plan).await
}

/// The provider lives by the real clock, which has gone on since the town's was set.
fn set_the_clock(town: &Town) {
    let behind = Clock::system().now().0 - town.now().0;
    town.pass(std::time::Duration::from_millis(behind.unsigned_abs()));
}

async fn resource(provider: &ForeignProvider, algorithm: &str) -> String {
    let resource = format!("https://api.test/{algorithm}");
    provider.token(&resource, "tours:read tours:write").await
}

/// Proves: T7, S5
#[tokio::test]
#[cfg_attr(not(has_npm), ignore = "SKIPPED: Node.js 20 and npm are not here")]
async fn tokens_of_a_real_foreign_provider_open_what_the_operators_list_allows_and_no_more() {
    let Some(mut provider) = provider() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let town = town(&provider, &provider.authorities(), &folder).await;
    let user = town.user().await;
    for algorithm in ALGORITHMS {
        let token = resource(&provider, algorithm).await;
        set_the_clock(&town);
        let partner = town.visitor().with_token(&token);
        let answer = partner.get("/api/tours").await;
        assert_eq!(answer.status, 200, "{algorithm}: {}", answer.text());
        let headers = town.spies["catalog"].last().headers;
        let id = uuid::Uuid::try_parse(headers["x-user-id"].to_str().unwrap()).unwrap();
        assert_eq!(
            id.get_version_num(),
            8,
            "never the id of an account of ours"
        );
        // It was granted tours:write and is an `admin` there; neither is on the list.
        assert_eq!(
            (&headers["x-user-role"], &headers["x-user-scope"]),
            (&"user".parse().unwrap(), &"tours:read".parse().unwrap())
        );
        let request = partner
            .request(Method::POST, "/api/tours")
            .json(&serde_json::json!({}));
        partner
            .send(request)
            .await
            .assert_refused(403, "insufficient_scope");
        let forged = format!("{}A", &token[..token.len() - 2]);
        town.visitor()
            .with_token(&forged)
            .get("/api/tours")
            .await
            .assert_refused(401, "token_invalid");
    }
    let elsewhere = provider.token("https://other.test/", "tours:read").await;
    town.visitor()
        .with_token(&elsewhere)
        .get("/api/tours")
        .await
        .assert_refused(401, "token_invalid");
    user.get("/api/tours").await.assert_status(200);
    let last = resource(&provider, "ES256").await;
    set_the_clock(&town);
    provider.kill();
    town.visitor()
        .with_token(&last)
        .get("/api/tours")
        .await
        .assert_status(200);
}

#[tokio::test]
#[cfg_attr(not(has_npm), ignore = "SKIPPED: Node.js 20 and npm are not here")]
async fn a_provider_whose_certificate_is_of_other_authorities_is_not_believed() {
    let Some(provider) = provider() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let others = escale_lab::certs::CertsDir::create(&folder.path().join("certs")).unwrap();
    let town = town(&provider, &others.root(), &folder).await;
    let token = resource(&provider, "ES256").await;
    set_the_clock(&town);
    // No key of it is known, and nobody else notices.
    let answer = town.visitor().with_token(&token).get("/api/tours").await;
    answer.assert_refused(503, "service_unavailable");
    town.user().await.get("/api/tours").await.assert_status(200);
}

/// `None` where the registry of its packages is out of reach, and only there: told on the terminal, past the capture of
/// tests; a fault in CI. Any other failure to install them fails the test.
fn provider() -> Option<ForeignProvider> {
    let OutOfReach(why) = match ForeignProvider::start() {
        Ok(provider) => return Some(provider),
        Err(why) => why,
    };
    assert!(std::env::var_os("CI").is_none(), "npm ci: {why}");
    let told = format!(
        "\nSKIPPED: tests/scenarios/foreign_issuer.rs: npm's registry is out of reach: {why}\n"
    );
    let _ = std::io::stderr().write_all(told.as_bytes());
    None
}
