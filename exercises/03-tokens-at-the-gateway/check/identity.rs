//! What the services are told of who calls.

use super::mint::Mint;
use serde_json::json;

use super::{TOURS, arrives};
use crate::{Case, Failure, Plan, Verdict, Visitor};

pub(super) async fn services_hear_who_calls(case: Case) -> Verdict {
    let town = case.town(Plan::default().spy("catalog")).await?;
    let alice = town.account("alice").await?;
    let id = alice
        .get("/auth/me")
        .await?
        .expect_status(200)?
        .field("/id")?;
    let word = case.dice.word();
    let asking = alice
        .with_header("x-shop", &word)
        .with_header("accept-language", "en");
    let answer = asking.get(TOURS).await?.expect_status(200)?;
    let (_, claims) = crate::forge::parts(alice.token());
    let scope = claims["scope"].as_str().unwrap_or_default().to_owned();
    for (name, value) in [
        ("x-user-id", id),
        ("x-user-role", "user".to_owned()),
        ("x-user-scope", scope),
        ("x-shop", word),
        ("accept-language", "en".to_owned()),
    ] {
        arrives(&town, "catalog", &answer, name, &[&value]).await?;
    }
    Ok(())
}

pub(super) async fn forged_identity_never_arrives(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let claims = mint.claims();
    let id = claims["sub"].as_str().unwrap_or_default().to_owned();
    let bearer = mint.bearer(&mint.sign(&mint.header(), &claims))?;
    let forger = forging(&bearer, &case);
    let answer = forger.get(TOURS).await?.expect_status(200)?;
    for (name, value) in [
        ("x-user-id", id.as_str()),
        ("x-user-role", "user"),
        ("x-user-scope", "tours:read"),
    ] {
        arrives(&mint.town, "catalog", &answer, name, &[value]).await?;
    }
    // No token, no user: nothing may be said of one.
    let login = json!({"pseudo": "alice", "password": case.dice.word()});
    let answer = forging(&mint.town.visitor()?, &case)
        .post("/auth/login", &login)
        .await?;
    let answer = answer.expect_status(200)?;
    for name in ["x-user-id", "x-user-role", "x-user-scope"] {
        arrives(&mint.town, "auth", &answer, name, &[]).await?;
    }
    Ok(())
}

pub(super) fn forging(visitor: &Visitor, case: &Case) -> Visitor {
    let victim = format!("00000000-0000-4000-8000-{}", &case.dice.word()[..12]);
    visitor
        .with_header("x-user-id", &victim)
        .with_header("x-user-id", "admin")
        .with_header("x-user-role", "admin")
        .with_header("x-user-scope", "tours:write")
}

pub(super) async fn look_alikes_never_arrive(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let bearer = mint.bearer(&mint.token())?;
    let before = mint.town.seen("catalog").await?.len();
    for name in ["x_user_id", "x-user_id", "x_user-role"] {
        let answer = bearer
            .with_header(name, &case.dice.word())
            .get(TOURS)
            .await?;
        answer.expect_refused(400, "ambiguous_header")?;
    }
    match mint.town.seen("catalog").await?.len() - before {
        0 => Ok(()),
        _ => Err(Failure::Broken("a refused request arrived".to_owned())),
    }
}

pub(super) async fn the_token_stays_at_the_gateway(case: Case) -> Verdict {
    let mint = Mint::open(&case).await?;
    let bearer = mint.bearer(&mint.token())?;
    let cookie = format!("session={}", case.dice.word());
    let answer = bearer.with_header("cookie", &cookie).get(TOURS).await?;
    let answer = answer.expect_status(200)?;
    for name in ["authorization", "cookie"] {
        arrives(&mint.town, "catalog", &answer, name, &[]).await?;
    }
    Ok(())
}
