//! What a good limiter does besides: criteria that count when a teacher grades.

use std::time::Duration;

use super::check::{behind_a_proxy, from, thing};
use crate::{Case, Criterion, Plan, Text, Verdict};

pub fn criteria() -> Vec<Criterion> {
    vec![
        Criterion::new(
            "an-ipv6-network-is-one-client",
            &["L6", "R11"],
            Text::new(
                "les adresses d'un même réseau IPv6 (/64) partagent un compteur",
                "the addresses of one IPv6 network (/64) share a count",
            ),
            an_ipv6_network_is_one_client,
        ),
        Criterion::new(
            "a-refusal-takes-nothing-elsewhere",
            &["L7"],
            Text::new(
                "ce qu'une limite refuse n'est pas décompté de la suivante",
                "what one limit refuses is not taken from the next",
            ),
            a_refusal_takes_nothing_elsewhere,
        ),
        Criterion::new(
            "a-new-window-begins-anew",
            &["L9"],
            Text::new(
                "regarder beaucoup de choses en une heure n'est pas les parcourir en cinq minutes",
                "to look at many things in an hour is not to walk through them in five minutes",
            ),
            a_new_window_begins_anew,
        ),
    ]
}

async fn an_ipv6_network_is_one_client(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits();
    let town = case.town(behind_a_proxy(plan)).await?;
    let network = format!("2001:db8:{:x}", case.dice.within(1..0xffff));
    for number in 1..=100 {
        let visitor = from(&town, &format!("{network}:1::{number:x}"))?;
        visitor.get("/health").await?.expect_status(200)?;
    }
    let last = from(&town, &format!("{network}:1:ffff::1"))?;
    let refused = last.get("/health").await?;
    refused
        .expect_refused(429, "too_many_requests")
        .map_err(|failure| failure.times(101))?;
    let neighbour = from(&town, &format!("{network}:2::1"))?;
    neighbour.get("/health").await?.expect_status(200)?;
    Ok(())
}

async fn a_refusal_takes_nothing_elsewhere(case: Case) -> Verdict {
    let plan = Plan::default().built_in_limits().spy("catalog");
    let town = case.town(plan).await?;
    let alice = town.account("alice").await?;
    // With her login, a hundred.
    for _ in 0..99 {
        alice.get("/health").await?.expect_status(200)?;
    }
    for _ in 0..5 {
        let refused = alice.get("/api/tours/search?q=mer").await?;
        refused.expect_refused(429, "too_many_requests")?;
    }
    // Ten of the address's requests come back in this time, and one search.
    town.pass(Duration::from_secs(6)).await?;
    let answer = alice.get("/api/tours/search?q=mer").await?;
    answer.expect_status(200)?.expect(
        |answer| answer.header("ratelimit").contains("\"search\";r=9;"),
        "RateLimit: … \"search\";r=9;…",
        "RateLimit: … \"search\";r=9;…",
    )?;
    Ok(())
}

async fn a_new_window_begins_anew(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let alice = town.account("alice").await?;
    for round in 0..3 {
        for number in 1..=60 {
            let answer = alice.get(&thing(&case)).await?.expect_status(404);
            answer.map_err(|failure| failure.times(round * 60 + number))?;
        }
        town.pass(Duration::from_secs(300)).await?;
    }
    Ok(())
}
