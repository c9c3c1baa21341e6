//! What lab 04 asks for, seen from outside: who is counted, against what, and who is kept out.

#[path = "check/jail.rs"]
mod jail;
#[path = "check/limits.rs"]
mod limits;

use serde_json::{Value, json};

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
            limits::the_101st_is_refused,
        ),
        Criterion::new(
            "forged-addresses-change-nothing",
            &["L6", "R11"],
            Text::new(
                "une adresse inventée dans un en-tête ne donne pas un compteur neuf",
                "an address made up in a header does not give a fresh count",
            ),
            limits::forged_addresses_change_nothing,
        ),
        Criterion::new(
            "others-are-left-alone",
            &["L6"],
            Text::new(
                "qui dépasse ne fait refuser que lui-même",
                "who goes over gets nobody else refused",
            ),
            limits::others_are_left_alone,
        ),
        Criterion::new(
            "costly-routes-are-stricter",
            &["L7", "R11"],
            Text::new(
                "la 11e recherche et la 11e connexion d'une minute sont refusées, le reste passe",
                "the 11th search and the 11th login of a minute are refused, the rest passes",
            ),
            limits::costly_routes_are_stricter,
        ),
        Criterion::new(
            "answers-tell-the-limits",
            &["L6"],
            Text::new(
                "chaque réponse dit les limites et ce qu'il en reste",
                "every answer tells the limits and what is left of them",
            ),
            limits::answers_tell_the_limits,
        ),
        Criterion::new(
            "a-guesser-is-jailed",
            &["L9", "R3"],
            Text::new(
                "qui essaie des mots de passe est mis à l'écart, pour un temps",
                "who tries passwords is kept out, for a while",
            ),
            jail::a_guesser_is_jailed,
        ),
        Criterion::new(
            "a-walk-through-ids-is-stopped",
            &["L9"],
            Text::new(
                "qui parcourt tous les identifiants est mis à l'écart, et lui seul",
                "who walks through all ids is kept out, and nobody else",
            ),
            jail::a_walk_through_ids_is_stopped,
        ),
        Criterion::new(
            "mistakes-are-forgiven-with-time",
            &["L9"],
            Text::new(
                "des erreurs espacées ne mènent jamais au bannissement",
                "mistakes far apart never add up to a ban",
            ),
            jail::mistakes_are_forgiven_with_time,
        ),
        Criterion::new(
            "looking-again-is-no-walk",
            &["L9"],
            Text::new(
                "une application qui relit sans cesse la même page n'est pas un aspirateur",
                "an application that reads one page again and again is no scraper",
            ),
            jail::looking_again_is_no_walk,
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
