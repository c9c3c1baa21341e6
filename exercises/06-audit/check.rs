//! What lab 06 asks for: what the audit file holds after an action, and what neither it nor any log ever holds.

use std::fs::OpenOptions;
use std::io::Write as _;

use serde_json::{Value, json};
use service_kit::audit::{AuditKey, verify};

use crate::{Case, Criterion, Failure, Message, Plan, Text, Town, Verdict, Visitor, forge};

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
            reading_leaves_no_record,
        ),
        Criterion::new(
            "an-action-has-a-record-before-and-after",
            &["L12", "R18"],
            Text::new(
                "une action sensible est écrite avant d'avoir lieu, et après",
                "a sensitive action is written down before it takes place, and after",
            ),
            an_action_has_a_record_before_and_after,
        ),
        Criterion::new(
            "failures-are-recorded",
            &["R18"],
            Text::new(
                "une connexion manquée laisse sa trace, avec son issue",
                "a failed login leaves its trace, with its outcome",
            ),
            failures_are_recorded,
        ),
        Criterion::new(
            "a-record-says-who-and-where",
            &["L12"],
            Text::new(
                "un enregistrement dit quand, quoi, qui, d'où, avec quoi et sur quel chemin",
                "a record says when, what, who, from where, with what and on which path",
            ),
            a_record_says_who_and_where,
        ),
        Criterion::new(
            "no-secret-is-kept",
            &["R20", "R15"],
            Text::new(
                "ni mot de passe, ni jeton, ni adresse électronique dans un journal, où qu'ils aient été envoyés",
                "no password, token or e-mail address in any log, wherever they were sent",
            ),
            no_secret_is_kept,
        ),
        Criterion::new(
            "nobody-writes-lines-of-his-own",
            &["R20"],
            Text::new(
                "ce qu'un client choisit ne peut ni forger une ligne ni remplir le disque",
                "what a client chooses can neither forge a line nor fill the disk",
            ),
            nobody_writes_lines_of_his_own,
        ),
        Criterion::new(
            "no-record-no-action",
            &["R18"],
            Text::new(
                "sans journal, pas d'action sensible ; la lecture reste ouverte",
                "without the log no sensitive action; reading stays open",
            ),
            no_record_no_action,
        ),
        Criterion::new(
            "a-missing-record-is-noticed",
            &["R18"],
            Text::new(
                "retirer la trace d'une réservation se voit",
                "to remove the trace of a booking is noticed",
            ),
            a_missing_record_is_noticed,
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

async fn reading_leaves_no_record(case: Case) -> Verdict {
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

async fn an_action_has_a_record_before_and_after(case: Case) -> Verdict {
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

async fn failures_are_recorded(case: Case) -> Verdict {
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

async fn a_record_says_who_and_where(case: Case) -> Verdict {
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

async fn no_secret_is_kept(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let (name, password) = (
        format!("n{}", case.dice.word()),
        format!("Secret-{}", case.dice.word()),
    );
    let visitor = town.visitor()?;
    let user = visitor.register(&name, &password).await?;
    let wrong = format!("Presque-{}", case.dice.word());
    visitor.try_login(&name, &wrong).await?;
    let wish = format!("Confidence {}", case.dice.word());
    let body = booking(&town, &user, &wish).await?;
    user.post("/api/bookings", &body)
        .await?
        .expect_status(201)?;
    let in_query = case.dice.word();
    let code = case.dice.word();
    for path in ["/api/tours", "/auth/login", "/api//tours"] {
        visitor
            .get(&format!("{path}?access_token={in_query}&code={code}"))
            .await?;
    }
    let body = json!({"pseudo": name, "password": password});
    let path = format!("/auth/login?access_token={in_query}&code={code}");
    visitor.post(&path, &body).await?;
    let written = everything_written(&town).await?;
    let email = format!("{name}@exemple.fr");
    for (what_fr, what_en, secret) in [
        (
            "le mot de passe envoyé à l'inscription",
            "the password sent to register",
            password.as_str(),
        ),
        (
            "le mot de passe d'une connexion manquée",
            "the password of a failed login",
            &wrong,
        ),
        (
            "le jeton de l'en-tête Authorization",
            "the token of the Authorization header",
            user.token(),
        ),
        (
            "un jeton mis dans l'URL",
            "a token put into the URL",
            &in_query,
        ),
        (
            "un code à usage unique mis dans l'URL",
            "a one-time code put into the URL",
            &code,
        ),
        ("l'adresse électronique", "the e-mail address", &email),
        (
            "ce qu'une personne confie dans sa réservation",
            "what somebody confides in a booking",
            &wish,
        ),
    ] {
        if let Some(line) = written.iter().find(|line| line.contains(secret)) {
            return Err(Failure::seen(
                secret,
                Message::new(
                    format!("{what_fr} n'est dans aucun journal"),
                    format!("{what_en} is in no log"),
                ),
                shortened(line),
            ));
        }
    }
    Ok(())
}

async fn nobody_writes_lines_of_his_own(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let word = case.dice.word();
    let forged =
        format!("/api/{word}%0d%0a2026-01-01T00:00:00Z%20session.login%20success%1b%5b2J%E2%80%AE");
    let visitor = town
        .visitor()?
        .with_header("user-agent", &"x".repeat(6_000));
    visitor.get(&forged).await?.expect_status(400)?;
    visitor.try_login("alice", &case.dice.word()).await?;
    town.stop("gateway").await?;
    for line in town.audit() {
        let record: Value = serde_json::from_str(&line).unwrap_or_default();
        let texts = record
            .as_object()
            .into_iter()
            .flat_map(|record| record.values());
        let wild = texts.filter_map(Value::as_str).any(|text| {
            text.chars()
                .any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c))
        });
        if record.is_null() || wild || line.len() > 4_000 {
            let path = text(&record, "url.path");
            return Err(Failure::seen(
                forged,
                Message::new(
                    "chaque ligne est un objet JSON court, et aucun texte n'y contient de caractère de contrôle",
                    "each line is a short JSON object, and no text in it holds a control character",
                ),
                format!("{} octets, url.path: {path:?}", line.len()),
            ));
        }
    }
    Ok(())
}

async fn no_record_no_action(case: Case) -> Verdict {
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

async fn a_missing_record_is_noticed(case: Case) -> Verdict {
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

/// Every line of the log and of the audit file.
async fn everything_written(town: &Town) -> Result<Vec<String>, Failure> {
    town.stop("gateway").await?;
    let mut lines = town.log().await?;
    lines.extend(town.audit());
    Ok(lines)
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
