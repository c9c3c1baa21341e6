//! How much a client may ask for (L6, L7, R11).

use std::time::Duration;

use super::{behind_a_proxy, from, guess, over, pass, told_to_wait};
use crate::{Answer, Case, Failure, Message, Plan, Verdict, Visitor};

pub(super) async fn the_101st_is_refused(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_limits()).await?;
    let visitor = town.visitor()?;
    pass(&visitor, "/health", 100).await?;
    let refused = over(&visitor, "/health", "too_many_requests", 101).await?;
    let wait = told_to_wait(&refused, 60)?;
    town.pass(Duration::from_secs(wait)).await?;
    pass(&visitor, "/health", 1).await
}

pub(super) async fn forged_addresses_change_nothing(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_limits()).await?;
    let visitor = town.visitor()?;
    for _ in 0..100 {
        let forger = forger(&visitor, &case);
        forger.get("/health").await?.expect_status(200)?;
    }
    let forger = forger(&visitor, &case);
    over(&forger, "/health", "too_many_requests", 101)
        .await
        .map_err(|failure| {
            failure.note(
                "Chaque requête portait une autre adresse inventée ; la connexion, elle, venait toujours du même endroit.",
                "Each request bore another made-up address; the connection came from one place all the time.",
            )
        })?;
    Ok(())
}

pub(super) async fn others_are_left_alone(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits();
    let town = case.town(behind_a_proxy(plan)).await?;
    let last = case.dice.within(1..250);
    let greedy = from(&town, &format!("198.51.100.{last}"))?;
    let neighbour = from(&town, &format!("198.51.100.{}", last + 1))?;
    pass(&greedy, "/health", 100).await?;
    over(&greedy, "/health", "too_many_requests", 101).await?;
    let left_alone = neighbour.get("/health").await?.expect_status(200);
    left_alone.map_err(|failure| {
        failure.note(
            "Un autre client, derrière le même mandataire de confiance, avait épuisé sa limite à lui.",
            "Another client, behind the same trusted proxy, had used up a limit of its own.",
        )
    })?;
    Ok(())
}

pub(super) async fn costly_routes_are_stricter(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits().spy("catalog");
    let town = case.town(plan).await?;
    let alice = town.account("alice").await?;
    pass(&alice, "/api/tours/search?q=mer", 10).await?;
    over(
        &alice,
        "/api/tours/search?q=mer",
        "endpoint_limit_reached",
        11,
    )
    .await?;
    pass(&alice, "/api/tours", 1).await?;
    let searched = town.seen("catalog").await?;
    let leaked = searched.iter().filter(|seen| seen.path.contains("search"));
    let leaked = leaked.count();
    if leaked != 10 {
        return Err(Failure::seen(
            "GET /api/tours/search × 11",
            Message::new("10 recherches au catalogue", "10 searches at the catalogue"),
            leaked.to_string(),
        ));
    }
    // Alice's own login was the first of the ten.
    for _ in 0..9 {
        guess(&alice.without_token(), &case)
            .await?
            .expect_status(401)?;
    }
    let eleventh = guess(&alice.without_token(), &case).await?;
    let refused = eleventh.expect_refused(429, "endpoint_limit_reached");
    told_to_wait(&refused.map_err(|failure| failure.times(11))?, 60)?;
    Ok(())
}

pub(super) async fn answers_tell_the_limits(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits().spy("catalog");
    let town = case.town(plan).await?;
    let alice = town.account("alice").await?;
    let search = "/api/tours/search?q=mer";
    for left in (0..10).rev() {
        let answer = alice.get(search).await?.expect_status(200)?;
        tells(&answer, &format!("\"search\";r={left};t="), "\"daily\";r=")?;
    }
    let refused = over(&alice, search, "endpoint_limit_reached", 11).await?;
    tells(&refused, "\"search\";r=0;t=", "\"address\";r=")
}

/// Policy and standing, in the form of draft-ietf-httpapi-ratelimit-headers, and none of the older fields.
fn tells(answer: &Answer, standing: &str, beside: &str) -> Verdict {
    let answer = answer.clone();
    let policy = r#""address";q=100;w=60, "search";q=10;w=60, "daily";q=1000;w=86400"#;
    let told = answer.expect(
        |answer| {
            let now = answer.header("ratelimit");
            answer.header("ratelimit-policy") == policy
                && now.contains(standing)
                && now.contains(beside)
        },
        format!("RateLimit-Policy: {policy}\nRateLimit: … {standing}…, avec {beside}…"),
        format!("RateLimit-Policy: {policy}\nRateLimit: … {standing}…, with {beside}…"),
    )?;
    told.expect(
        |answer| {
            !answer
                .headers
                .keys()
                .any(|name| name.as_str().starts_with("x-ratelimit"))
        },
        "aucun ancien en-tête X-RateLimit-*",
        "none of the old X-RateLimit-* headers",
    )?;
    Ok(())
}

fn forger(visitor: &Visitor, case: &Case) -> Visitor {
    let made_up = format!(
        "203.0.{}.{}",
        case.dice.within(1..250),
        case.dice.within(1..250)
    );
    visitor
        .with_header("x-forwarded-for", &made_up)
        .with_header("x-real-ip", &made_up)
        .with_header("forwarded", &format!("for={made_up}"))
        .with_header("user-agent", &case.dice.word())
}
