//! Of what kind and how long a body may be.

use serde_json::Value;

use super::{MOST, desk::Desk};
use crate::{Case, Plan, Verdict};

pub(super) async fn only_json_comes_in(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let booking = desk.booking().await?.to_string();
    for kind in [
        "application/xml",
        "text/plain",
        "text/json",
        "application/x-www-form-urlencoded",
        "application/merge-patch+json",
        "application/xml; profile=\"application/json\"",
        "application/json; charset=utf-16",
    ] {
        let call = desk.call().text(kind, booking.as_str());
        let refused = desk.refused(call, 415, "unsupported_media_type").await?;
        refused.expect(
            |answer| answer.header("accept") == "application/json",
            "l'en-tête Accept: application/json, qui dit ce qui passe",
            "the header Accept: application/json, which tells what passes",
        )?;
    }
    let mut untyped = desk.call();
    untyped.body = Some(booking.clone());
    desk.refused(untyped, 415, "unsupported_media_type").await?;
    for kind in ["application/json", "Application/Json;charset=utf-8"] {
        desk.passes(desk.call().text(kind, booking.as_str()))
            .await?;
    }
    Ok(())
}

pub(super) async fn who_cannot_read_json_gets_406(case: Case) -> Verdict {
    let town = case.town(Plan::default()).await?;
    let alice = town.account("alice").await?;
    let asking = |accept: &str| alice.with_header("accept", accept);
    for accept in [
        "application/xml",
        "text/html, image/*",
        "application/json;q=0, */*",
    ] {
        let answer = asking(accept).get("/api/tours?limit=1").await?;
        answer.expect_refused(406, "not_acceptable")?;
    }
    for accept in [
        "application/json",
        "application/*;q=0.1",
        "text/html,application/xml;q=0.9,*/*;q=0.8",
    ] {
        let answer = asking(accept).get("/api/tours?limit=1").await?;
        answer.expect_status(200)?;
    }
    Ok(())
}

pub(super) async fn too_long_is_cut(case: Case) -> Verdict {
    let desk = Desk::open(&case).await?;
    let padded = |length: usize, booking: &Value| {
        let booking = booking.to_string();
        booking.clone() + &" ".repeat(length - booking.len())
    };
    let booking = desk.booking().await?;
    let call = |length| {
        desk.call()
            .text("application/json", padded(length, &booking))
    };
    desk.passes(call(MOST)).await?;
    desk.passes(call(MOST).in_pieces()).await?;
    let longer = usize::try_from(case.dice.within(2..40_000)).unwrap_or(2);
    for length in [MOST + 1, MOST + longer] {
        desk.refused(call(length), 413, "body_too_large").await?;
        let pieces = call(length).in_pieces();
        let answer = desk.refused(pieces, 413, "body_too_large").await;
        answer.map_err(|failure| {
            failure.note(
                "Ce corps n'annonçait pas sa longueur : il faut compter pendant la lecture.",
                "This body did not declare its length: count while it is read.",
            )
        })?;
    }
    Ok(())
}
