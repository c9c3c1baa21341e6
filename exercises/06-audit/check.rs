//! What lab 06 asks for: what the audit file holds after an action, and what neither it nor any log ever holds.

#[path = "check/records.rs"]
mod records;
#[path = "check/strangers.rs"]
mod strangers;

use serde_json::{Value, json};
use service_kit::audit::{AuditKey, verify};

use crate::{Case, Criterion, Failure, Message, Plan, Text, Town, Verdict, Visitor};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "actions-still-work",
            &["L12"],
            Text::new(
                "se connecter, réserver et consulter marche, et le service reçoit ce qui fut envoyé",
                "to log in, to book and to read works, and the service gets what was sent",
            ),
            actions_still_work,
        ),
        Criterion::new(
            "reading-leaves-no-record",
            &["L12"],
            Text::new(
                "une simple lecture ne remplit pas le journal d'audit",
                "plain reading does not fill the audit log",
            ),
            records::reading_leaves_no_record,
        ),
        Criterion::new(
            "an-action-has-a-record-before-and-after",
            &["L12", "R18"],
            Text::new(
                "une action sensible est écrite avant d'avoir lieu, et après",
                "a sensitive action is written down before it takes place, and after",
            ),
            records::an_action_has_a_record_before_and_after,
        ),
        Criterion::new(
            "failures-are-recorded",
            &["R18"],
            Text::new(
                "une connexion manquée laisse sa trace, avec son issue",
                "a failed login leaves its trace, with its outcome",
            ),
            records::failures_are_recorded,
        ),
        Criterion::new(
            "a-record-says-who-and-where",
            &["L12"],
            Text::new(
                "un enregistrement dit quand, quoi, qui, d'où, avec quoi et sur quel chemin",
                "a record says when, what, who, from where, with what and on which path",
            ),
            records::a_record_says_who_and_where,
        ),
        Criterion::new(
            "no-secret-is-kept",
            &["R20", "R15"],
            Text::new(
                "ni mot de passe, ni jeton, ni adresse électronique dans un journal, où qu'ils aient été envoyés",
                "no password, token or e-mail address in any log, wherever they were sent",
            ),
            strangers::no_secret_is_kept,
        ),
        Criterion::new(
            "nobody-writes-lines-of-his-own",
            &["R20"],
            Text::new(
                "ce qu'un client choisit ne peut ni forger une ligne ni remplir le disque",
                "what a client chooses can neither forge a line nor fill the disk",
            ),
            strangers::nobody_writes_lines_of_his_own,
        ),
        Criterion::new(
            "no-record-no-action",
            &["R18"],
            Text::new(
                "sans journal, pas d'action sensible ; la lecture reste ouverte",
                "without the log no sensitive action; reading stays open",
            ),
            records::no_record_no_action,
        ),
        Criterion::new(
            "a-missing-record-is-noticed",
            &["R18"],
            Text::new(
                "retirer la trace d'une réservation se voit",
                "to remove the trace of a booking is noticed",
            ),
            records::a_missing_record_is_noticed,
        ),
    ]
}

async fn actions_still_work(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let wish = format!("Près d'une fenêtre, {}", case.dice.word());
    let body = booking(&town, &alice, &wish).await?;
    let made = alice
        .post("/api/bookings", &body)
        .await?
        .expect_status(201)?;
    let id = made.field("/id")?;
    let seen = alice.get(&format!("/api/bookings/{id}")).await?;
    seen.expect_status(200)?.expect(
        |seen| {
            seen.json()["specialRequests"] == wish.as_str()
                && seen.json()["numberOfParticipants"] == 2
        },
        "la réservation telle qu'elle fut envoyée",
        "the booking as it was sent",
    )?;
    let wrong = alice
        .without_token()
        .try_login("alice", &case.dice.word())
        .await?;
    wrong.expect_refused(401, "credentials_invalid")?;
    Ok(())
}

/// A body that asks for two places on a tour of the catalogue.
pub(super) async fn booking(town: &Town, user: &Visitor, wish: &str) -> Result<Value, Failure> {
    let tours = user.get("/api/tours?limit=1").await?.expect_status(200)?;
    let tour = tours.field("/items/0/id")?;
    Ok(
        json!({"tourId": tour, "numberOfParticipants": 2, "bookingDate": town.day(9).await?, "specialRequests": wish}),
    )
}

/// Books as alice; who did it, and the request's id.
pub(super) async fn book(town: &Town, wish: &str) -> Result<(Visitor, String), Failure> {
    let alice = town.account("alice").await?;
    let body = booking(town, &alice, wish).await?;
    let made = alice
        .post("/api/bookings", &body)
        .await?
        .expect_status(201)?;
    let id = made.header("x-request-id").to_owned();
    Ok((alice, id))
}

/// The audit's records of one request, and of no other after it: see [`all_records`].
pub(super) async fn records(town: &Town, request: &str) -> Result<Vec<Value>, Failure> {
    Ok(of_request(&all_records(town).await?, request))
}

/// Stops the gateway: all that it had to write is written then.
pub(super) async fn all_records(town: &Town) -> Result<Vec<Value>, Failure> {
    town.stop("gateway").await?;
    let lines = town.audit();
    let records = lines
        .iter()
        .map(|line| serde_json::from_str(line).unwrap_or_default());
    Ok(records.collect())
}

pub(super) fn of_request(records: &[Value], request: &str) -> Vec<Value> {
    let of_request = |record: &&Value| text(record, "http.request.id") == request;
    records.iter().filter(of_request).cloned().collect()
}

/// What `cargo lab audit verify` says of a stopped gateway's log.
pub(super) fn verified(town: &Town) -> Result<Result<(), String>, Failure> {
    let key = std::fs::read_to_string(town.folder().join("audit-key"));
    let key = key.map_err(|error| Failure::Broken(format!("audit-key: {error}")))?;
    let key = AuditKey::from_base64(&key).map_err(|fault| Failure::Broken(fault.to_owned()))?;
    Ok(match verify(town.audit_file(), &key) {
        Ok(_) => Ok(()),
        Err(finding) => Err(finding.to_string()),
    })
}

/// As somebody would who has the right to write the file, and no key.
pub(super) fn remove_records(town: &Town, request: &str) -> Verdict {
    let kept: String = town
        .audit()
        .iter()
        .filter(|line| !line.contains(request))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(town.audit_file(), kept).map_err(|error| Failure::Broken(error.to_string()))
}

/// A member by its name, dots and all, or by a pointer.
pub(super) fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    let found = match name.starts_with('/') {
        true => record.pointer(name),
        false => record.get(name),
    };
    found.and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn not_as_expected(sent: &str, fr: &str, en: &str, found: &[Value]) -> Failure {
    let came: Vec<String> = found
        .iter()
        .map(|record| shortened(&record.to_string()))
        .collect();
    let came = match came.is_empty() {
        true => "0".to_owned(),
        false => came.join("\n"),
    };
    Failure::seen(sent, Message::new(fr, en), came)
}

fn shortened(line: &str) -> String {
    line.chars().take(500).collect()
}
