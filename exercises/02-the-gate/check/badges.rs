//! Who does not get through the gate.

use http::Method;
use serde_json::json;

use super::{expect_told, header, now, trio::Trio, trio::Ways};
use crate::{Case, Failure, Message, Tap, Verdict, forge};

pub(super) async fn no_badge_no_way(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let unknown = format!("/api/{}", case.dice.word());
    for path in ["/api/users/me", "/api/products", "/api/orders", &*unknown] {
        let answer = trio.gate.get(path).await?;
        expect_told(answer, 401, "Authorization header manquant")?;
        let call = trio.gate.call(Method::GET, path);
        let answer = trio
            .gate
            .send(call.header("authorization", "Bearer "))
            .await?;
        expect_told(answer, 401, "Token manquant")?;
    }
    trio.gate.get("/health").await?.expect_status(200)?;
    let answer = trio
        .gate
        .post("/login", &json!({"pseudo": "alice"}))
        .await?;
    answer.expect_status(200)?;
    Ok(())
}

pub(super) async fn a_forged_badge_stops_at_the_gate(case: Case) -> Verdict {
    let tap = Tap::listen().await?;
    let ways = Ways {
        tap: Some(&tap),
        ..Ways::default()
    };
    let trio = Trio::start_with(&case, ways).await?;
    let claims = json!({"user": "alice", "roles": ["admin"], "exp": now() + 3_600});
    let word = case.dice.word();
    let good = forge::hs256(
        &header("HS256"),
        &json!({"user": "bob"}),
        trio.key.as_bytes(),
    );
    for (badge, fr, en) in [
        (
            forge::hs256(&header("HS256"), &claims, word.as_bytes()),
            "Badge signé avec une autre clé.",
            "A badge signed with another key.",
        ),
        (
            forge::with_old_signature(&good, &header("HS256"), &claims),
            "Badge changé après la signature.",
            "A badge changed after it was signed.",
        ),
        (
            forge::unsigned(&header("none"), &claims),
            "Badge sans signature, \"alg\":\"none\".",
            "A badge without a signature, \"alg\":\"none\".",
        ),
        (word.clone(), "Un mot.", "A word."),
    ] {
        let answer = trio.gate.with_token(&badge).get("/api/users").await?;
        let refused = expect_told(answer, 401, "Token invalide");
        refused.map_err(|failure| trio.explain(failure, fr, en))?;
    }
    if tap.heard().is_empty() {
        return Ok(());
    }
    Err(Failure::seen(
        "GET /api/users, 4 ×",
        Message::new(
            "aucun octet entre la passerelle et user-service",
            "not a byte between the gate and user-service",
        ),
        format!("{} octets / bytes", tap.heard().len()),
    ))
}

pub(super) async fn an_expired_badge_is_told_so(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    for ago in [
        case.dice.within(180..1_200),
        case.dice.within(100_000..9_000_000),
    ] {
        let claims = json!({"user": "alice", "roles": ["user"], "exp": now() - ago});
        let answer = trio.with_claims(&claims).get("/api/users/me").await?;
        expect_told(answer, 401, "Token expiré").map_err(|failure| {
            let fr = format!("Bon badge, échu depuis {ago} s.");
            let en = format!("A good badge that expired {ago} s ago.");
            trio.explain(failure, &fr, &en)
        })?;
    }
    Ok(())
}
