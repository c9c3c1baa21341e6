//! What lab 02 asks for, seen from outside: who gets through the gate, as whom, and that there is no other way in.

#[path = "check/badges.rs"]
mod badges;
#[path = "check/callers.rs"]
mod callers;
#[path = "check/trio.rs"]
mod trio;

use std::net::TcpListener;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::{Answer, Case, Criterion, Failure, Text, Verdict};
pub(super) use trio::Trio;
use trio::Ways;

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "a-badge-opens-the-gate",
            &["L1", "L16", "S1"],
            Text::new(
                "avec un bon badge, la passerelle mène aux deux services, et eux savent qui appelle",
                "with a good badge the gate leads to both services, and they know who calls",
            ),
            a_badge_opens_the_gate,
        ),
        Criterion::new(
            "a-services-answer-comes-back",
            &["L4"],
            Text::new(
                "le statut et le corps du service reviennent tels quels",
                "the service's status and body come back as they are",
            ),
            a_services_answer_comes_back,
        ),
        Criterion::new(
            "an-absent-service-is-told",
            &["L4"],
            Text::new(
                "un service absent donne 503, les autres répondent toujours",
                "an absent service gives 503, and the others still answer",
            ),
            an_absent_service_is_told,
        ),
        Criterion::new(
            "no-badge-no-way",
            &["L2"],
            Text::new(
                "sans badge, rien sous /api ; /health et /login restent ouverts",
                "without a badge nothing under /api; /health and /login stay open",
            ),
            badges::no_badge_no_way,
        ),
        Criterion::new(
            "a-forged-badge-stops-at-the-gate",
            &["L2", "R6"],
            Text::new(
                "un faux badge est refusé, et rien n'en parvient aux services",
                "a forged badge is refused, and nothing of it reaches the services",
            ),
            badges::a_forged_badge_stops_at_the_gate,
        ),
        Criterion::new(
            "an-expired-badge-is-told-so",
            &["L2", "S2"],
            Text::new(
                "un badge échu est refusé : « Token expiré »",
                "an expired badge is refused: “Token expiré”",
            ),
            badges::an_expired_badge_is_told_so,
        ),
        Criterion::new(
            "the-gate-names-the-caller",
            &["L3"],
            Text::new(
                "x-user-id et x-user-role viennent du badge, jamais du client",
                "x-user-id and x-user-role come from the badge, never from the client",
            ),
            callers::the_gate_names_the_caller,
        ),
        Criterion::new(
            "the-badge-stays-at-the-gate",
            &["T4"],
            Text::new(
                "le badge ne va pas plus loin que la passerelle",
                "the badge goes no further than the gate",
            ),
            callers::the_badge_stays_at_the_gate,
        ),
        Criterion::new(
            "no-way-around-the-gate",
            &["L1", "L3"],
            Text::new(
                "un service appelé sans passer par la passerelle refuse, quoi qu'on lui dise",
                "a service that is called around the gate refuses, whatever it is told",
            ),
            callers::no_way_around_the_gate,
        ),
    ]
}

pub(super) fn header(algorithm: &str) -> Value {
    json!({"typ": "JWT", "alg": algorithm})
}

pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.as_ref().map_or(0, Duration::as_secs)
}

/// A name that nobody can have written into the code.
fn somebody(case: &Case) -> String {
    format!("user-{}", case.dice.within(1..1_000_000))
}

pub(super) fn expect_told(answer: Answer, status: u16, error: &str) -> Result<Answer, Failure> {
    let told = json!({"success": false, "error": error});
    answer.expect(
        |answer| answer.status == status && answer.json() == told,
        format!("{status} et {told}"),
        format!("{status} and {told}"),
    )
}

fn expect_body(answer: Answer, status: u16, body: &Value) -> Result<Answer, Failure> {
    answer.expect(
        |answer| answer.status == status && answer.json() == *body,
        format!("{status} et {body}"),
        format!("{status} and {body}"),
    )
}

async fn a_badge_opens_the_gate(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let pseudo = *case.dice.one_of(&["alice", "bob", "chloe"]);
    let user = trio.login(pseudo).await?;
    let answer = user.get("/api/users/me").await?;
    answer.expect(
        |answer| answer.status == 200 && answer.json()["id"] == pseudo,
        format!("200 et \"id\":\"{pseudo}\""),
        format!("200 and \"id\":\"{pseudo}\""),
    )?;
    user.get("/api/products").await?.expect_status(200)?;
    let answer = user.get("/api/users").await?;
    expect_told(answer, 403, "Rôle insuffisant")?;
    let admin = trio.as_user("admin", &["user", "admin"]);
    let answer = admin.get("/api/users").await?.expect_status(200);
    answer.map_err(|failure| {
        let (fr, en) = ("Badge de rôle admin.", "A badge of the role admin.");
        trio.explain(failure, fr, en)
    })?;
    Ok(())
}

async fn a_services_answer_comes_back(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let (name, quantity) = (somebody(&case), case.dice.within(1..20));
    let user = trio.as_user(&name, &["user"]);
    let wish = json!({"product": "gourde", "quantity": quantity});
    let order = json!({"user": name, "product": "gourde", "quantity": quantity});
    expect_body(user.post("/api/orders", &wish).await?, 201, &order)?;
    expect_body(user.get("/api/orders").await?, 200, &json!([order]))?;
    let unknown = format!("/api/products/{}", case.dice.word());
    expect_told(user.get(&unknown).await?, 404, "Produit inconnu")?;
    let answer = user.post("/api/orders", &json!({"quantity": 1})).await?;
    expect_told(answer, 400, "Commande invalide")?;
    Ok(())
}

async fn an_absent_service_is_told(case: Case) -> Verdict {
    let nobody = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    let ways = Ways {
        products: nobody.ok(),
        ..Ways::default()
    };
    let trio = Trio::start_with(&case, ways).await?;
    let user = trio.as_user(&somebody(&case), &["user"]);
    let answer = user.get("/api/products").await?;
    expect_told(answer, 503, "Service indisponible")?;
    user.get("/api/users/me").await?.expect_status(200)?;
    Ok(())
}
