//! Headers that the text does not list one by one, and the one place where an application's own credentials pass.

use serde_json::json;

use super::check::arrives;
use crate::{Case, Criterion, Plan, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "what-only-the-gateway-says",
            &["L3"],
            Text::new(
                "adresse, chemin et méthode ne viennent jamais d'un en-tête du client",
                "address, path and method never come from a header of the client's",
            ),
            what_only_the_gateway_says,
        ),
        Criterion::new(
            "applications-still-get-tokens",
            &["L4", "T2"],
            Text::new(
                "une application qui s'authentifie par Basic reçoit son jeton",
                "an application that authenticates by Basic gets its token",
            ),
            applications_still_get_tokens,
        ),
    ]
}

async fn what_only_the_gateway_says(case: Case) -> Verdict {
    let town = case.town(Plan::default().spy("booking")).await?;
    let alice = town.account("alice").await?;
    let word = case.dice.word();
    let mut asking = alice.clone();
    let gone = [
        "x-forwarded-host",
        "x-original-url",
        "x-rewrite-url",
        "x-http-method-override",
        "forwarded",
        "x-real-ip",
        "x-user-email",
    ];
    for name in gone.into_iter().chain(["x-forwarded-for"]) {
        asking = asking.with_header(name, &word);
    }
    let answer = asking.get("/api/bookings").await?.expect_status(200)?;
    for name in gone {
        arrives(&town, "booking", &answer, name, &[]).await?;
    }
    arrives(&town, "booking", &answer, "x-forwarded-for", &["127.0.0.1"]).await?;
    arrives(
        &town,
        "booking",
        &answer,
        "x-request-path",
        &["/api/bookings"],
    )
    .await
}

async fn applications_still_get_tokens(case: Case) -> Verdict {
    use base64::Engine as _;
    let town = case.town(Plan::default()).await?;
    let (id, secret) = town.app_credentials();
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{id}:{secret}"));
    let visitor = town.visitor()?;
    let call = visitor.call(http::Method::POST, "/oauth/token");
    let call = call.header("authorization", format!("Basic {basic}"));
    let call = call.text(
        "application/x-www-form-urlencoded",
        "grant_type=client_credentials&scope=tours:read",
    );
    let token = visitor
        .send(call)
        .await?
        .expect_status(200)?
        .field("/access_token")?;
    let app = visitor.with_token(&token);
    app.get("/api/tours?limit=1").await?.expect_status(200)?;
    let tour = json!({});
    app.post("/api/tours", &tour)
        .await?
        .expect_refused(403, "insufficient_scope")?;
    Ok(())
}
