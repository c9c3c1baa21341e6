//! What strangers send and what must not become of it in a log (R15, R20).

use serde_json::{Value, json};

use super::{booking, shortened, text};
use crate::{Case, Failure, Message, Plan, Town, Verdict};

pub(super) async fn no_secret_is_kept(case: Case) -> Verdict {
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

pub(super) async fn nobody_writes_lines_of_his_own(case: Case) -> Verdict {
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

/// Every line of the log and of the audit file.
async fn everything_written(town: &Town) -> Result<Vec<String>, Failure> {
    town.stop("gateway").await?;
    let mut lines = town.log().await?;
    lines.extend(town.audit());
    Ok(lines)
}
