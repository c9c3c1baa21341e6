//! What lab 01 asks for, seen from outside: who gets a badge, and which badges open the door.

#[path = "check/badges.rs"]
mod badges;
#[path = "check/desk.rs"]
mod desk;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::Method;
use serde_json::{Value, json};

use crate::{Case, Criterion, Text, Verdict, forge};
pub(super) use desk::Desk;
use desk::expect_told;

pub(super) const TWO_HOURS: u64 = 7_200;

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "login-gives-a-badge",
            &["J1"],
            Text::new(
                "/login donne un badge qui dit pour qui il est, avec le rôle user",
                "/login gives a badge that says whose it is, with the role user",
            ),
            login_gives_a_badge,
        ),
        Criterion::new(
            "a-good-badge-opens",
            &["J2", "J3"],
            Text::new(
                "un bon badge ouvre /protected, où qu'il ait été signé avec la clé",
                "a good badge opens /protected, wherever it was signed with the key",
            ),
            a_good_badge_opens,
        ),
        Criterion::new(
            "no-name-and-no-badge-are-told",
            &["J1", "J2", "L5"],
            Text::new(
                "sans pseudo : 400 ; sans badge : 401 ; le corps JSON dit pourquoi",
                "without a name: 400; without a badge: 401; the JSON body says why",
            ),
            no_name_and_no_badge_are_told,
        ),
        Criterion::new(
            "badges-live-two-hours",
            &["J1", "R8"],
            Text::new(
                "un badge porte son échéance, dans deux heures",
                "a badge carries its expiry, two hours ahead",
            ),
            badges_live_two_hours,
        ),
        Criterion::new(
            "only-the-key-signs",
            &["J3", "R5", "R7"],
            Text::new(
                "la clé du service signe, et elle seule : un autre service refuse ce badge",
                "the service's key signs, and it alone: another service refuses the badge",
            ),
            badges::only_the_key_signs,
        ),
        Criterion::new(
            "a-changed-badge-is-refused",
            &["R6"],
            Text::new(
                "un badge modifié après la signature est refusé",
                "a badge that was changed after it was signed is refused",
            ),
            badges::a_changed_badge_is_refused,
        ),
        Criterion::new(
            "a-foreign-key-is-refused",
            &["R6", "R7"],
            Text::new(
                "un badge signé avec une autre clé, même courante, est refusé",
                "a badge signed with another key, a common one too, is refused",
            ),
            badges::a_foreign_key_is_refused,
        ),
        Criterion::new(
            "only-the-agreed-algorithm",
            &["R6"],
            Text::new(
                "HS256 et rien d'autre : ni « none », ni ce que le badge annonce",
                "HS256 and nothing else: neither “none”, nor what the badge names",
            ),
            badges::only_the_agreed_algorithm,
        ),
        Criterion::new(
            "an-expired-badge-is-told-so",
            &["J2", "R8"],
            Text::new(
                "un badge échu est refusé : « Token expiré »",
                "an expired badge is refused: “Token expiré”",
            ),
            badges::an_expired_badge_is_told_so,
        ),
        Criterion::new(
            "a-badge-without-end-is-refused",
            &["R8"],
            Text::new(
                "un badge sans échéance n'est pas un badge",
                "a badge without an expiry is no badge",
            ),
            badges::a_badge_without_end_is_refused,
        ),
    ]
}

pub(super) fn header(algorithm: &str) -> Value {
    json!({"typ": "JWT", "alg": algorithm})
}

/// Claims that nothing is wrong with.
pub(super) fn claims(user: &str) -> Value {
    json!({"user": user, "roles": ["user"], "exp": now() + TWO_HOURS})
}

pub(super) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.as_ref().map_or(0, Duration::as_secs)
}

/// A name that nobody can have written into the code.
pub(super) fn somebody(case: &Case) -> String {
    let name = case.dice.one_of(&["zoé", "léo", "inès", "ama", "noé"]);
    format!("{name}-{}", case.dice.within(1..1_000_000))
}

async fn login_gives_a_badge(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let answer = desk.login(&json!({"pseudo": pseudo})).await?;
    let answer = answer.expect_status(200)?;
    let (_, claims) = forge::parts(&answer.field("/token")?);
    answer.expect(
        |_| claims["user"] == pseudo.as_str() && claims["roles"] == json!(["user"]),
        format!("un jeton JWT qui dit \"user\":\"{pseudo}\" et \"roles\":[\"user\"]"),
        format!("a JWT that says \"user\":\"{pseudo}\" and \"roles\":[\"user\"]"),
    )?;
    Ok(())
}

async fn a_good_badge_opens(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let own = desk.badge_of(&pseudo).await?;
    let elsewhere = desk.signed(&claims(&pseudo));
    for badge in [own, elsewhere] {
        let answer = desk.show(&badge).await?;
        let opened = json!({"status": "ok", "user": pseudo});
        let answer = answer.expect(
            |answer| answer.status == 200 && answer.json() == opened,
            format!("200 et {opened}"),
            format!("200 and {opened}"),
        );
        answer.map_err(|failure| {
            let with = format!("BADGE_KEY={}", desk.key);
            failure.note(
                format!("Ce badge est signé avec la clé du service ({with})."),
                format!("This badge is signed with the service's key ({with})."),
            )
        })?;
    }
    Ok(())
}

async fn no_name_and_no_badge_are_told(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    for body in [json!({}), json!({"pseudo": ""}), json!({"name": "zoé"})] {
        expect_told(desk.login(&body).await?, 400, "pseudo manquant")?;
    }
    expect_told(desk.visitor.get("/protected").await?, 401, "Token manquant")?;
    let call = desk.visitor.call(Method::GET, "/protected");
    let call = call.header("authorization", "Bearer ");
    expect_told(desk.visitor.send(call).await?, 401, "Token manquant")?;
    Ok(())
}

async fn badges_live_two_hours(case: Case) -> Verdict {
    let (desk, before) = (Desk::open(&case).await?, now());
    let answer = desk.login(&json!({"pseudo": somebody(&case)})).await?;
    let (_, claims) = forge::parts(&answer.field("/token")?);
    let wanted = before + TWO_HOURS;
    // A minute for a slow machine.
    let good = (wanted - 60..=wanted + 60).contains(&claims["exp"].as_u64().unwrap_or_default());
    let said = claims.get("exp").cloned().unwrap_or_default();
    answer.expect(
        |_| good,
        format!("\"exp\" à environ {wanted} (secondes depuis 1970) ; le badge dit {said}"),
        format!("\"exp\" of about {wanted} (seconds since 1970); the badge says {said}"),
    )?;
    Ok(())
}
