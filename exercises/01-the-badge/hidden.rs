//! What students do not see of lab 01: badges that are odd rather than forged, and wishes that nobody granted.

use serde_json::{Value, json};

use super::check::{Desk, claims, now, somebody};
use crate::{Case, Criterion, Text, Verdict, forge};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "odd-claims-are-refused",
            &["R6", "R14"],
            Text::new(
                "un badge bien signé au contenu étrange est refusé, sans erreur du service",
                "a well signed badge of odd content is refused, and the service does not fail",
            ),
            odd_claims_are_refused,
        ),
        Criterion::new(
            "nonsense-is-refused",
            &["R6", "R19"],
            Text::new(
                "ce qui n'est pas un badge du tout reçoit la même réponse qu'un faux",
                "what is no badge at all gets the same answer as a forged one",
            ),
            nonsense_is_refused,
        ),
        Criterion::new(
            "nobody-asks-for-a-role",
            &["J1", "API3:2023"],
            Text::new(
                "demander le rôle admin à /login ne le donne pas",
                "asking /login for the role admin does not give it",
            ),
            nobody_asks_for_a_role,
        ),
    ]
}

async fn odd_claims_are_refused(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    for (member, value) in [
        ("exp", json!((now() + 3_600).to_string())),
        ("exp", Value::Null),
        ("exp", json!([now() + 3_600])),
        ("exp", json!(true)),
        ("user", json!(7)),
        ("user", Value::Null),
        ("roles", json!({"admin": true})),
    ] {
        let mut odd = claims(&pseudo);
        odd[member] = value.clone();
        let what = [
            &*format!("signé avec la bonne clé, avec \"{member}\":{value}"),
            &format!("signed with the right key, with \"{member}\":{value}"),
        ];
        desk.expect_refused(&desk.signed(&odd), "Token invalide", what)
            .await?;
    }
    Ok(())
}

async fn nonsense_is_refused(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let word = case.dice.word();
    let whole = desk.badge_of(&somebody(&case)).await?;
    let (start, _) = whole.rsplit_once('.').unwrap_or_default();
    for (badge, fr, en) in [
        (word.clone(), "un mot", "a word"),
        ("..".to_owned(), "deux points", "two dots"),
        (format!("{word}.{word}.{word}"), "trois mots", "three words"),
        (
            start.to_owned(),
            "la signature manque",
            "the signature is missing",
        ),
        (format!("{whole}.{word}"), "quatre parties", "four parts"),
        ("a".repeat(60_000), "60 ko", "60 kB"),
    ] {
        desk.expect_refused(&badge, "Token invalide", [fr, en])
            .await?;
    }
    Ok(())
}

async fn nobody_asks_for_a_role(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let wish = json!({"pseudo": pseudo, "roles": ["admin"], "exp": now() + 10 * 365 * 86_400});
    let answer = desk.login(&wish).await?;
    let Ok(token) = answer.field("/token") else {
        return Ok(());
    };
    let (_, claims) = forge::parts(&token);
    answer.expect(
        |_| claims["roles"] == json!(["user"]),
        "\"roles\":[\"user\"]",
        "\"roles\":[\"user\"]",
    )?;
    Ok(())
}
