//! What students do not see of lab 02: odd names, doubled passes, and a connection that would undo what the gate wrote.

use serde_json::json;

use super::check::{Trio, expect_told, now};
use crate::{Case, Criterion, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "an-odd-name-names-nobody",
            &["L3", "R14"],
            Text::new(
                "un badge bien signé au nom inutilisable est refusé, sans erreur de la passerelle",
                "a well signed badge with an unusable name is refused, and the gate does not fail",
            ),
            an_odd_name_names_nobody,
        ),
        Criterion::new(
            "one-pass-and-the-right-one",
            &["L3"],
            Text::new(
                "deux laissez-passer à la fois n'en font pas un bon",
                "two passes at once do not make a good one",
            ),
            one_pass_and_the_right_one,
        ),
        Criterion::new(
            "connection-undoes-nothing",
            &["L3"],
            Text::new(
                "« Connection: x-user-id » ne retire pas ce que la passerelle a écrit",
                "“Connection: x-user-id” does not take away what the gate wrote",
            ),
            connection_undoes_nothing,
        ),
    ]
}

async fn an_odd_name_names_nobody(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    for user in [
        json!(""),
        json!("alice\r\nx-user-role: admin"),
        json!("alice\n"),
        json!("alice\u{0}"),
        json!(7),
        json!(null),
    ] {
        let claims = json!({"user": user, "roles": ["user"], "exp": now() + 3_600});
        let answer = trio.with_claims(&claims).get("/api/users/me").await?;
        expect_told(answer, 401, "Token invalide").map_err(|failure| {
            let fr = format!("Bon badge, \"user\":{user}.");
            trio.explain(failure, &fr, &format!("A good badge, \"user\":{user}."))
        })?;
    }
    Ok(())
}

async fn one_pass_and_the_right_one(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let word = case.dice.word();
    let intruder = trio
        .products
        .with_header("x-user-id", "alice")
        .with_header("x-user-role", "user");
    for [first, second] in [[&*word, &*trio.pass], [&*trio.pass, &*word]] {
        let intruder = intruder
            .with_header("x-gate-pass", first)
            .with_header("x-gate-pass", second);
        let answer = intruder.get("/orders").await?;
        expect_told(answer, 403, "Passez par la passerelle")?;
    }
    Ok(())
}

async fn connection_undoes_nothing(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let user = trio.as_user("alice", &["user"]);
    let user = user.with_header("connection", "close, x-user-id, x-user-role, x-gate-pass");
    let answer = user.get("/api/users/me").await?;
    answer.expect(
        |answer| answer.status == 200 && answer.json()["id"] == "alice",
        "200 et \"id\":\"alice\"",
        "200 and \"id\":\"alice\"",
    )?;
    Ok(())
}
