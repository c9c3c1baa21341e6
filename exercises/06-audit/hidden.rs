//! Other routes, other ends: criteria that count when a teacher grades.

use serde_json::json;

use super::check::{all_records, booking, not_as_expected, of_request, records, text};
use crate::{Case, Criterion, Plan, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "every-sensitive-route-is-recorded",
            &["L12", "R18"],
            Text::new(
                "toutes les routes sensibles de la table sont écrites, pas seulement les plus connues",
                "all sensitive routes of the table are written down, not the best known alone",
            ),
            every_sensitive_route_is_recorded,
        ),
        Criterion::new(
            "refusals-are-still-recorded",
            &["R18"],
            Text::new(
                "ce que la passerelle refuse plus tôt garde son enregistrement",
                "what the gateway refuses earlier keeps its record",
            ),
            refusals_are_still_recorded,
        ),
    ]
}

async fn every_sensitive_route_is_recorded(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let body = booking(&town, &alice, "").await?;
    let made = alice
        .post("/api/bookings", &body)
        .await?
        .expect_status(201)?;
    let id = made.field("/id")?;
    let pseudo = format!("h{}", case.dice.word());
    let account = json!({"pseudo": pseudo, "email": format!("{pseudo}@exemple.fr"), "password": case.dice.word()});
    let cancel = format!("/api/bookings/{id}/cancel");
    let mut asked = Vec::new();
    let visitor = alice.without_token();
    let registered = visitor.post("/auth/register", &account).await?;
    asked.push(("account.register", registered.expect_status(201)?));
    let cancelled = alice.send(alice.call(http::Method::POST, &cancel)).await?;
    asked.push(("booking.cancel", cancelled.expect_status(200)?));
    let refresh = json!({"refresh_token": case.dice.word()});
    asked.push((
        "session.logout",
        visitor.post("/auth/logout", &refresh).await?,
    ));
    let all = all_records(&town).await?;
    for (action, answer) in asked {
        let found = of_request(&all, answer.header("x-request-id"));
        if found.len() != 2
            || found
                .iter()
                .any(|record| text(record, "event.action") != action)
        {
            let expected = format!("{action} × 2");
            return Err(not_as_expected(
                &answer.call.path,
                &expected,
                &expected,
                &found,
            ));
        }
    }
    Ok(())
}

async fn refusals_are_still_recorded(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let refused = town
        .visitor()?
        .get(&format!("/api//{}", case.dice.word()))
        .await?;
    let refused = refused.expect_status(400)?;
    let found = records(&town, refused.header("x-request-id")).await?;
    let told = |name| found.first().map_or("", |record| text(record, name));
    if found.len() == 1
        && told("event.action") == "request.refused"
        && !told("event.reason").is_empty()
    {
        return Ok(());
    }
    Err(not_as_expected(
        "GET /api//…",
        "un enregistrement request.refused avec sa raison",
        "one record request.refused with its reason",
        &found,
    ))
}
