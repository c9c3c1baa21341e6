//! Which badges open the door, and which do not.

use serde_json::json;

use super::{Desk, claims, header, now, somebody};
use crate::{Case, Verdict, forge};

pub(super) async fn only_the_key_signs(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let badge = desk.badge_of(&pseudo).await?;
    let twin = Desk::with_key(&case, &desk.key).await?;
    twin.show(&badge).await?.expect_status(200)?;
    let stranger = Desk::open(&case).await?;
    let what = [
        "donné par un service qui a une autre clé",
        "given by a service that has another key",
    ];
    stranger
        .expect_refused(&badge, "Token invalide", what)
        .await
}

pub(super) async fn a_changed_badge_is_refused(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let badge = desk.badge_of(&pseudo).await?;
    let (header, claims) = forge::parts(&badge);
    for (member, value) in [
        ("user", json!(somebody(&case))),
        ("roles", json!(["admin"])),
        ("exp", json!(now() + 10 * 365 * 86_400)),
    ] {
        let mut changed = claims.clone();
        changed[member] = value;
        let changed = forge::with_old_signature(&badge, &header, &changed);
        let what = [
            &*format!("celui de /login, où « {member} » a été changé"),
            &format!("the one of /login, with another “{member}”"),
        ];
        desk.expect_refused(&changed, "Token invalide", what)
            .await?;
    }
    Ok(())
}

pub(super) async fn a_foreign_key_is_refused(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let word = case.dice.word();
    for key in ["", "secret", "changeme", "your-256-bit-secret", &*word] {
        let badge = forge::hs256(&header("HS256"), &claims(&pseudo), key.as_bytes());
        let what = [
            &*format!("signé avec la clé « {key} »"),
            &format!("signed with the key “{key}”"),
        ];
        desk.expect_refused(&badge, "Token invalide", what).await?;
    }
    Ok(())
}

pub(super) async fn only_the_agreed_algorithm(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let (claims, key) = (claims(&pseudo), desk.key.as_bytes());
    for name in ["none", "None", "nOnE"] {
        let badge = forge::unsigned(&header(name), &claims);
        let what = [
            &*format!("sans signature, avec \"alg\":\"{name}\""),
            &format!("without a signature, with \"alg\":\"{name}\""),
        ];
        desk.expect_refused(&badge, "Token invalide", what).await?;
    }
    for (name, badge) in [
        ("HS384", forge::hs384(&header("HS384"), &claims, key)),
        ("HS512", forge::hs512(&header("HS512"), &claims, key)),
    ] {
        let what = [
            &*format!("signé avec la bonne clé, mais par {name}"),
            &format!("signed with the right key, but by {name}"),
        ];
        desk.expect_refused(&badge, "Token invalide", what).await?;
    }
    Ok(())
}

pub(super) async fn an_expired_badge_is_told_so(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    // A minute of tolerance would be all right between two machines.
    let minutes = case.dice.within(3..20);
    let days = case.dice.within(2..400);
    for (ago, fr, en) in [
        (
            minutes * 60,
            format!("{minutes} minutes"),
            format!("{minutes} minutes"),
        ),
        (
            days * 86_400,
            format!("{days} jours"),
            format!("{days} days"),
        ),
    ] {
        let mut claims = claims(&pseudo);
        claims["exp"] = json!(now() - ago);
        let what = [
            &*format!("signé avec la bonne clé, échu depuis {fr}"),
            &format!("signed with the right key, expired {en} ago"),
        ];
        desk.expect_refused(&desk.signed(&claims), "Token expiré", what)
            .await?;
    }
    Ok(())
}

pub(super) async fn a_badge_without_end_is_refused(case: Case) -> Verdict {
    let (desk, pseudo) = (Desk::open(&case).await?, somebody(&case));
    let badge = desk.signed(&json!({"user": pseudo, "roles": ["user"]}));
    let what = [
        "signé avec la bonne clé, sans \"exp\"",
        "signed with the right key, without \"exp\"",
    ];
    desk.expect_refused(&badge, "Token invalide", what).await
}
