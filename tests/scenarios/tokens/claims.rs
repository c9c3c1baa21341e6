//! Well-signed tokens whose claims are not what they must be, or not for us, or not for now.

use serde_json::{Value, json};

use super::Bench;

impl Bench {
    fn token_with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.issuer.claims(&self.town);
        claims[claim] = value;
        self.issuer.sign(&self.issuer.header(), &claims)
    }
}

/// Proves: token-claim-types
#[tokio::test]
async fn a_claim_of_another_type_does_not_count_as_absent() {
    let bench = Bench::start().await;
    let soon = bench.town.now().seconds() + 600;
    for claim in ["exp", "nbf", "iat"] {
        for value in [
            json!(soon.to_string()),
            json!(null),
            json!([soon]),
            json!({}),
            json!(true),
            json!(soon as f64 + 0.5),
        ] {
            let token = bench.token_with(claim, value.clone());
            bench
                .assert_invalid(&token, &format!("{claim} {value}"))
                .await;
        }
        // No JSON library writes this number.
        let text = bench.token_text_with(&format!("\"{claim}\":1e400"));
        bench.assert_invalid(&text, claim).await;
    }
    for (claim, value) in [
        ("sub", json!(7)),
        ("aud", json!(null)),
        ("iss", json!(["x"])),
        ("scope", json!(["tours:read"])),
        ("roles", json!("admin")),
        ("jti", json!(7)),
        ("sid", json!(null)),
    ] {
        let token = bench.token_with(claim, value.clone());
        bench
            .assert_invalid(&token, &format!("{claim} {value}"))
            .await;
    }
}

impl Bench {
    /// Good claims with this member in the place of the one of its name, or besides.
    fn token_text_with(&self, member: &str) -> String {
        let mut claims = self.issuer.claims(&self.town);
        let name = member.split('"').nth(1).unwrap_or_default();
        claims.as_object_mut().unwrap().remove(name);
        let text = claims.to_string();
        let text = format!("{},{member}}}", &text[..text.len() - 1]);
        self.issuer
            .sign_text(&self.issuer.header().to_string(), &text)
    }
}

/// Proves: API2:2023, token-audience
#[tokio::test]
async fn a_token_for_somebody_else_or_of_another_kind_is_refused() {
    let bench = Bench::start().await;
    for (claim, value) in [
        ("aud", json!("escale-web")),
        ("aud", json!(["escale-web", "another"])),
        ("aud", json!([])),
        ("aud", json!("")),
        ("iss", json!("https://evil.example")),
        ("iss", json!("https://localhost")),
    ] {
        let token = bench.token_with(claim, value.clone());
        bench
            .assert_invalid(&token, &format!("{claim} {value}"))
            .await;
    }
    let mut claims = bench.issuer.claims(&bench.town);
    claims["iss"] = json!(format!("{}/", claims["iss"].as_str().unwrap()));
    let token = bench.issuer.sign(&bench.issuer.header(), &claims);
    bench
        .assert_invalid(&token, "the issuer with a slash")
        .await;
    // An ID token, a refresh token in a JWT, a logout token.
    for kind in ["JWT", "id_token+jwt", "rt+jwt", "logout+jwt", ""] {
        let mut header = bench.issuer.header();
        header["typ"] = json!(kind);
        let token = bench
            .issuer
            .sign(&header, &bench.issuer.claims(&bench.town));
        bench.assert_invalid(&token, kind).await;
    }
}

/// Proves: API2:2023, token-audience
#[tokio::test]
async fn a_claim_or_a_header_member_that_is_there_twice_is_refused() {
    let bench = Bench::start().await;
    let header = bench.issuer.header().to_string();
    let claims = bench.issuer.claims(&bench.town).to_string();
    let soon = bench.town.now().seconds() + 600;
    for second in [
        format!("\"exp\":{soon}"),
        "\"aud\":\"escale-api\"".to_owned(),
        "\"sub\":\"root\"".to_owned(),
        "\"roles\":[\"admin\"]".to_owned(),
        "\"scope\":\"tours:write\"".to_owned(),
    ] {
        let doubled = format!("{},{second}}}", &claims[..claims.len() - 1]);
        bench
            .assert_invalid(&bench.issuer.sign_text(&header, &doubled), &second)
            .await;
    }
    for second in ["\"alg\":\"none\"", "\"kid\":\"k1\""] {
        let doubled = format!("{},{second}}}", &header[..header.len() - 1]);
        bench
            .assert_invalid(&bench.issuer.sign_text(&doubled, &claims), second)
            .await;
    }
}

/// Seconds by which an issuer's clock may be ahead of the gateway's; `exp` has none.
const LEEWAY: i64 = 5;

/// Proves: J3, token-clock
#[tokio::test]
async fn a_token_is_good_neither_after_its_end_nor_before_its_beginning() {
    let bench = Bench::start().await;
    let now = bench.town.now().seconds();
    for exp in [now - 1, now - LEEWAY - 1, now, 0, -1] {
        let mut claims = bench.issuer.claims(&bench.town);
        (claims["exp"], claims["iat"]) = (json!(exp), json!(exp - 900));
        let token = bench.issuer.sign(&bench.issuer.header(), &claims);
        bench
            .assert_refused(&token, "token_expired", &format!("exp {exp}"))
            .await;
    }
    // 253402300799 is the last second of the year 9999.
    for (claim, value) in [
        ("nbf", now + LEEWAY + 1),
        ("iat", now + LEEWAY + 1),
        ("iat", 253_402_300_799),
        ("nbf", 253_402_300_799),
        ("exp", 253_402_300_799),
        ("exp", i64::MAX),
        ("iat", i64::MIN),
    ] {
        let token = bench.token_with(claim, json!(value));
        bench
            .assert_invalid(&token, &format!("{claim} {value}"))
            .await;
    }
    for claim in ["nbf", "iat"] {
        let token = bench.token_with(claim, json!(now + LEEWAY));
        bench.get(&token).await.assert_status(200);
    }
}

/// Proves: R8, token-clock, token-cache
#[tokio::test]
async fn a_remembered_token_dies_on_the_second_that_it_names() {
    let bench = Bench::start().await;
    let token = bench.issuer.token(&bench.town);
    bench.get(&token).await.assert_status(200);
    bench.town.pass(std::time::Duration::from_secs(900));
    bench
        .assert_refused(&token, "token_expired", "from the cache")
        .await;
}

/// Proves: R3, token-cache
#[tokio::test]
async fn a_remembered_token_opens_no_more_than_its_scope() {
    let bench = Bench::start().await;
    let token = bench.issuer.token(&bench.town);
    for _ in 0..3 {
        bench.get(&token).await.assert_status(200);
        let visitor = bench.town.visitor().with_token(&token);
        let refused = visitor.get("/api/bookings").await;
        refused.assert_refused(403, "insufficient_scope");
    }
    // The same bearer and the same scope, and one claim that makes it another's: nothing of the first is remembered
    // for it.
    for (claim, value) in [
        ("aud", json!("escale-web")),
        ("iss", json!("https://evil.example")),
    ] {
        let mut claims = bench.issuer.claims(&bench.town);
        let good = bench.issuer.sign(&bench.issuer.header(), &claims);
        bench.get(&good).await.assert_status(200);
        claims[claim] = value;
        let bad = bench.issuer.sign(&bench.issuer.header(), &claims);
        bench.assert_invalid(&bad, claim).await;
    }
}
