//! What lab 04 asks for, seen from outside: who is counted, against what, and who is kept out.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{Answer, Case, Criterion, Failure, Message, Plan, Text, Town, Verdict, Visitor};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "people-pass",
            &["L6", "L7"],
            Text::new(
                "une personne qui se connecte, cherche, se trompe et réserve n'est pas gênée",
                "somebody who logs in, searches, makes a mistake and books is not hindered",
            ),
            people_pass,
        ),
        Criterion::new(
            "the-101st-is-refused",
            &["L6", "R11"],
            Text::new(
                "la 101e requête d'une minute reçoit 429, et passe après le délai annoncé",
                "the 101st request of a minute gets 429, and passes after the time that it is told",
            ),
            the_101st_is_refused,
        ),
        Criterion::new(
            "forged-addresses-change-nothing",
            &["L6", "R11"],
            Text::new(
                "une adresse inventée dans un en-tête ne donne pas un compteur neuf",
                "an address made up in a header does not give a fresh count",
            ),
            forged_addresses_change_nothing,
        ),
        Criterion::new(
            "others-are-left-alone",
            &["L6"],
            Text::new(
                "qui dépasse ne fait refuser que lui-même",
                "who goes over gets nobody else refused",
            ),
            others_are_left_alone,
        ),
        Criterion::new(
            "costly-routes-are-stricter",
            &["L7", "R11"],
            Text::new(
                "la 11e recherche et la 11e connexion d'une minute sont refusées, le reste passe",
                "the 11th search and the 11th login of a minute are refused, the rest passes",
            ),
            costly_routes_are_stricter,
        ),
        Criterion::new(
            "answers-tell-the-limits",
            &["L6"],
            Text::new(
                "chaque réponse dit les limites et ce qu'il en reste",
                "every answer tells the limits and what is left of them",
            ),
            answers_tell_the_limits,
        ),
        Criterion::new(
            "a-guesser-is-jailed",
            &["L9", "R3"],
            Text::new(
                "qui essaie des mots de passe est mis à l'écart, pour un temps",
                "who tries passwords is kept out, for a while",
            ),
            a_guesser_is_jailed,
        ),
        Criterion::new(
            "a-walk-through-ids-is-stopped",
            &["L9"],
            Text::new(
                "qui parcourt tous les identifiants est mis à l'écart, et lui seul",
                "who walks through all ids is kept out, and nobody else",
            ),
            a_walk_through_ids_is_stopped,
        ),
        Criterion::new(
            "mistakes-are-forgiven-with-time",
            &["L9"],
            Text::new(
                "des erreurs espacées ne mènent jamais au bannissement",
                "mistakes far apart never add up to a ban",
            ),
            mistakes_are_forgiven_with_time,
        ),
        Criterion::new(
            "looking-again-is-no-walk",
            &["L9"],
            Text::new(
                "une application qui relit sans cesse la même page n'est pas un aspirateur",
                "an application that reads one page again and again is no scraper",
            ),
            looking_again_is_no_walk,
        ),
    ]
}

async fn people_pass(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits().built_in_jail();
    let town = case.town(plan).await?;
    let alice = town.account("alice").await?;
    let tour = alice.get("/api/tours?limit=20").await?.expect_status(200)?;
    let tour = tour.field("/items/0/id")?;
    for word in ["mer", "musée", "vélo"] {
        let search = format!("/api/tours/search?q={word}");
        alice.get(&search).await?.expect_status(200)?;
    }
    alice.get(&thing(&case)).await?.expect_status(404)?;
    let booking =
        json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": town.day(9).await?});
    let booked = alice.post("/api/bookings", &booking).await?;
    let booked = booked.expect_status(201)?.field("/id")?;
    for _ in 0..20 {
        let seen = alice.get(&format!("/api/bookings/{booked}")).await?;
        seen.expect_status(200)?;
    }
    Ok(())
}

async fn the_101st_is_refused(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_limits()).await?;
    let visitor = town.visitor()?;
    pass(&visitor, "/health", 100).await?;
    let refused = over(&visitor, "/health", "too_many_requests", 101).await?;
    let wait = told_to_wait(&refused, 60)?;
    town.pass(Duration::from_secs(wait)).await?;
    pass(&visitor, "/health", 1).await
}

async fn forged_addresses_change_nothing(case: Case) -> Verdict {
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

async fn others_are_left_alone(case: Case) -> Verdict {
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

async fn costly_routes_are_stricter(case: Case) -> Verdict {
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

async fn answers_tell_the_limits(case: Case) -> Verdict {
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

async fn a_guesser_is_jailed(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let visitor = town.visitor()?;
    for answer in guess_at_once(&visitor, &case, 40).await? {
        let answer = answer.expect_refused(401, "credentials_invalid");
        answer.map_err(|failure| {
            failure.note(
                "Quarante erreurs, c'est encore une salle de classe ; le bannissement vient plus tard.",
                "Forty mistakes are a classroom still; the ban comes later.",
            )
        })?;
    }
    guess_at_once(&visitor, &case, 40).await?;
    let jailed = guess(&visitor, &case).await?.expect_refused(429, "jailed");
    let wait = told_to_wait(&jailed.map_err(|failure| failure.times(81))?, 60)?;
    town.pass(Duration::from_secs(wait)).await?;
    let back = guess(&visitor, &case).await?;
    back.expect_refused(401, "credentials_invalid")?;
    Ok(())
}

async fn a_walk_through_ids_is_stopped(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let (thief, bob) = (town.account("alice").await?, town.account("bob").await?);
    for number in 1..=60 {
        let answer = thief.get(&thing(&case)).await?.expect_status(404);
        answer.map_err(|failure| failure.times(number))?;
    }
    let mut answer = thief.get(&thing(&case)).await?;
    for _ in 62..=100 {
        answer = thief.get(&thing(&case)).await?;
    }
    let jailed = answer.expect_refused(429, "jailed");
    let wait = told_to_wait(&jailed.map_err(|failure| failure.times(100))?, 60)?;
    bob.get(&thing(&case)).await?.expect_status(404)?;
    town.pass(Duration::from_secs(wait)).await?;
    thief.get("/api/tours").await?.expect_status(200)?;
    Ok(())
}

async fn mistakes_are_forgiven_with_time(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let alice = town.account("alice").await?;
    let wrong = thing(&case);
    for round in 0..2 {
        for number in 1..=100 {
            let answer = alice.get(&wrong).await?.expect_status(404);
            answer.map_err(|failure| failure.times(round * 100 + number))?;
        }
        town.pass(Duration::from_secs(240)).await?;
    }
    Ok(())
}

async fn looking_again_is_no_walk(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let alice = town.account("alice").await?;
    let tour = alice.get("/api/tours?limit=1").await?;
    let tour = tour.expect_status(200)?.field("/items/0/id")?;
    pass(&alice, &format!("/api/tours/{tour}"), 120).await
}

async fn pass(visitor: &Visitor, path: &str, times: u32) -> Verdict {
    for number in 1..=times {
        let answer = visitor.get(path).await?.expect_status(200);
        answer.map_err(|failure| failure.times(number))?;
    }
    Ok(())
}

async fn over(visitor: &Visitor, path: &str, code: &str, time: u32) -> Result<Answer, Failure> {
    let refused = visitor.get(path).await?.expect_refused(429, code);
    refused.map_err(|failure| failure.times(time))
}

/// `Retry-After` in seconds, which the body repeats (L6).
fn told_to_wait(refused: &Answer, most: u64) -> Result<u64, Failure> {
    let wait = refused.header("retry-after").parse().unwrap_or(0);
    if (1..=most).contains(&wait) && refused.json()["retryAfter"] == json!(wait) {
        return Ok(wait);
    }
    Err(refused.differs(Message::new(
        format!("Retry-After de 1 à {most} secondes, répété dans \"retryAfter\""),
        format!("Retry-After of 1 to {most} seconds, repeated in \"retryAfter\""),
    )))
}

/// The gateway believes what 127.0.0.1 writes into `X-Forwarded-For`.
pub(super) fn behind_a_proxy(plan: Plan) -> Plan {
    plan.set("gateway", "TRUSTED_PROXIES", "127.0.0.1, ::1")
}

/// A client of that address, as the proxy hands him on. What stands to the left he wrote himself.
pub(super) fn from(town: &Town, address: &str) -> Result<Visitor, Failure> {
    let hops = format!("192.0.2.66, {address}");
    Ok(town.visitor()?.with_header("x-forwarded-for", &hops))
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

/// A booking that nobody made.
pub(super) fn thing(case: &Case) -> String {
    let word = case.dice.word();
    format!(
        "/api/bookings/{}-0000-4000-8000-0000{}",
        &word[..8],
        &word[8..]
    )
}

fn wrong(case: &Case) -> Value {
    json!({"pseudo": format!("p{}", case.dice.word()), "password": case.dice.word()})
}

async fn guess(visitor: &Visitor, case: &Case) -> Result<Answer, Failure> {
    visitor.post("/auth/login", &wrong(case)).await
}

/// Each guess costs a password hash: several at once, as guessers do.
async fn guess_at_once(
    visitor: &Visitor,
    case: &Case,
    guesses: u32,
) -> Result<Vec<Answer>, Failure> {
    let mut waiting = JoinSet::new();
    let mut answers = Vec::new();
    for _ in 0..guesses {
        if waiting.len() == 8
            && let Some(Ok(answer)) = waiting.join_next().await
        {
            answers.push(answer?);
        }
        let (visitor, body) = (visitor.clone(), wrong(case));
        waiting.spawn(async move { visitor.post("/auth/login", &body).await });
    }
    while let Some(Ok(answer)) = waiting.join_next().await {
        answers.push(answer?);
    }
    Ok(answers)
}
