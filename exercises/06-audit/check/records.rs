//! Which records there are of an action, and what happens without them (L12, R18).

use std::fs::OpenOptions;
use std::io::Write as _;

use serde_json::Value;

use super::{
    all_records, book, booking, not_as_expected, of_request, records, remove_records, text,
    verified,
};
use crate::{Case, Failure, Message, Plan, Verdict, forge};

pub(super) async fn reading_leaves_no_record(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let mut read = Vec::new();
    for path in ["/api/tours", "/api/bookings", "/health"] {
        let answer = alice.get(path).await?.expect_status(200)?;
        read.push(answer.header("x-request-id").to_owned());
    }
    let all = all_records(&town).await?;
    for id in read {
        let found = of_request(&all, &id);
        if !found.is_empty() {
            return Err(not_as_expected(
                "GET",
                "aucun enregistrement",
                "no record",
                &found,
            ));
        }
    }
    Ok(())
}

pub(super) async fn an_action_has_a_record_before_and_after(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let (_, id) = book(&town, &case.dice.word()).await?;
    let found = records(&town, &id).await?;
    let told = |number: usize, name: &str| {
        found
            .get(number)
            .map_or("", |record: &Value| text(record, name))
            .to_owned()
    };
    let both =
        [0, 1].map(|number| told(number, "event.action")) == ["booking.create", "booking.create"];
    let begun = told(0, "/event.type/0") == "start" && told(0, "event.outcome") == "unknown";
    let ended = told(1, "/event.type/0") == "end" && told(1, "event.outcome") == "success";
    if both && begun && ended && found.len() == 2 && found[1]["http.response.status_code"] == 201 {
        return Ok(());
    }
    Err(not_as_expected(
        "POST /api/bookings",
        "deux enregistrements booking.create de même http.request.id : event.type start (outcome unknown), puis end (success, 201)",
        "two records booking.create of one http.request.id: event.type start (outcome unknown), then end (success, 201)",
        &found,
    ))
}

pub(super) async fn failures_are_recorded(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let visitor = town.visitor()?;
    let wrong = visitor.try_login("alice", &case.dice.word()).await?;
    let wrong = wrong.expect_refused(401, "credentials_invalid")?;
    let found = records(&town, wrong.header("x-request-id")).await?;
    let last = found.last().cloned().unwrap_or_default();
    if text(&last, "event.action") == "session.login"
        && text(&last, "event.outcome") == "failure"
        && last["http.response.status_code"] == 401
    {
        return Ok(());
    }
    Err(not_as_expected(
        "POST /auth/login",
        "pour finir, un enregistrement session.login : failure, 401",
        "at the end a record session.login: failure, 401",
        &found,
    ))
}

pub(super) async fn a_record_says_who_and_where(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let agent = format!("carnet/{}", case.dice.word());
    let alice = town
        .account("alice")
        .await?
        .with_header("user-agent", &agent);
    let body = booking(&town, &alice, "").await?;
    let made = alice
        .post("/api/bookings", &body)
        .await?
        .expect_status(201)?;
    let found = records(&town, made.header("x-request-id")).await?;
    let subject = forge::parts(alice.token()).1["sub"].clone();
    let expected = [
        ("user.id", subject.as_str().unwrap_or_default()),
        ("source.ip", "127.0.0.1"),
        ("user_agent.original", &agent),
        ("http.request.method", "POST"),
        ("url.path", "/api/bookings"),
    ];
    let whole = |record: &Value| {
        let told = expected
            .iter()
            .all(|(name, value)| text(record, name) == *value);
        told && !text(record, "@timestamp").is_empty()
    };
    if found.len() == 2 && found.iter().all(whole) {
        return Ok(());
    }
    let names = expected
        .map(|(name, value)| format!("{name}: {value}"))
        .join(", ");
    Err(not_as_expected(
        "POST /api/bookings",
        &names,
        &names,
        &found,
    ))
}

pub(super) async fn no_record_no_action(case: Case) -> Verdict {
    let town = case.town(Plan::default().spy("booking")).await?;
    let alice = town.account("alice").await?;
    let body = booking(&town, &alice, "").await?;
    // Somebody writes into the file; from then on the log takes nothing more.
    let broken = |error: std::io::Error| Failure::Broken(error.to_string());
    let file = OpenOptions::new().append(true).open(town.audit_file());
    file.and_then(|mut file| file.write_all(b"x"))
        .map_err(broken)?;
    let refused = alice.post("/api/bookings", &body).await?;
    refused.expect_refused(503, "audit_unavailable").map_err(|failure| {
        failure.note(
            "Quelqu'un a écrit dans le fichier d'audit : plus rien ne peut y être ajouté sans que la chaîne soit rompue.",
            "Somebody wrote into the audit file: nothing more can be added to it without breaking the chain.",
        )
    })?;
    alice.get("/api/tours").await?.expect_status(200)?;
    let seen = town.seen("booking").await?;
    match seen.iter().find(|seen| seen.method == "POST") {
        None => Ok(()),
        Some(seen) => Err(Failure::seen(
            "POST /api/bookings",
            Message::new(
                "le service de réservation n'est pas appelé",
                "booking-service is not called",
            ),
            format!("{} {}", seen.method, seen.path),
        )),
    }
}

pub(super) async fn a_missing_record_is_noticed(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let (alice, id) = book(&town, &case.dice.word()).await?;
    alice
        .without_token()
        .try_login("bob", &case.dice.word())
        .await?;
    let found = records(&town, &id).await?;
    if found.is_empty() {
        return Err(not_as_expected(
            "POST /api/bookings",
            "sa trace dans le journal d'audit",
            "its trace in the audit log",
            &found,
        ));
    }
    if let Err(finding) = verified(&town)? {
        return Err(Failure::seen(
            "cargo lab audit verify",
            Message::new("un journal entier", "a whole log"),
            finding,
        ));
    }
    remove_records(&town, &id)?;
    match verified(&town)? {
        Err(_) => Ok(()),
        Ok(()) => Err(Failure::seen(
            "cargo lab audit verify",
            Message::new("l'absence est signalée", "what is missing is told"),
            "journal entier / whole log",
        )),
    }
}
