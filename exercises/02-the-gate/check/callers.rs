//! Who calls a service is said by the gate alone: neither by the client, nor by who walks around it.

use serde_json::json;

use super::trio::{Trio, Ways};
use super::{expect_body, expect_told, somebody};
use crate::{Case, Failure, Message, Tap, Verdict};

pub async fn the_gate_names_the_caller(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let (name, other) = (somebody(&case), somebody(&case));
    let user = trio.as_user(&name, &["user"]);
    let because = |failure| {
        let fr = format!("Badge de {name}, rôle user.");
        trio.explain(failure, &fr, &format!("A badge of {name}, role user."))
    };
    for forger in [
        user.with_header("x-user-id", &other),
        user.with_header("X-User-Id", &other)
            .with_header("x-user-id", "root"),
    ] {
        let me = json!({"id": name, "email": null});
        let answer = forger.get("/api/users/me").await?;
        expect_body(answer, 200, &me).map_err(because)?;
        let wish = json!({"product": "gourde", "quantity": 1});
        let order = json!({"user": name, "product": "gourde", "quantity": 1});
        let answer = forger.post("/api/orders", &wish).await?;
        expect_body(answer, 201, &order).map_err(because)?;
    }
    let forger = user.with_header("x-user-role", "admin");
    let answer = forger.get("/api/users").await?;
    expect_told(answer, 403, "Rôle insuffisant").map_err(because)?;
    Ok(())
}

pub async fn the_badge_stays_at_the_gate(case: Case) -> Verdict {
    let tap = Tap::listen().await?;
    let ways = Ways {
        tap: Some(&tap),
        ..Ways::default()
    };
    let trio = Trio::start_with(&case, ways).await?;
    let user = trio.as_user(&somebody(&case), &["user"]);
    let answer = user.get("/api/users/me").await?.expect_status(200)?;
    if tap.hears(user.token()) {
        return Err(Failure::differs(
            &answer.call,
            Message::new(
                "une requête sans le badge vers user-service",
                "a request without the badge to user-service",
            ),
            "authorization: Bearer …",
        ));
    }
    Ok(())
}

pub async fn no_way_around_the_gate(case: Case) -> Verdict {
    let trio = Trio::start(&case).await?;
    let half = &trio.pass[..trio.pass.len() / 2];
    let longer = format!("{}x", trio.pass);
    let word = case.dice.word();
    let passes = [None, Some(""), Some(&*word), Some(half), Some(&*longer)];
    for (service, path) in [
        (&trio.users, "/users"),
        (&trio.users, "/users/me"),
        (&trio.products, "/orders"),
        (&trio.products, "/products"),
    ] {
        let intruder = service
            .with_header("x-user-id", "alice")
            .with_header("x-user-role", "admin");
        for pass in passes {
            let intruder = match pass {
                Some(pass) => intruder.with_header("x-gate-pass", pass),
                None => intruder.clone(),
            };
            let answer = intruder.get(path).await?;
            let refused = expect_told(answer, 403, "Passez par la passerelle");
            refused.map_err(|failure| {
                let fr = "Le service est appelé directement.";
                trio.explain(failure, fr, "The service is called directly.")
            })?;
        }
    }
    Ok(())
}
