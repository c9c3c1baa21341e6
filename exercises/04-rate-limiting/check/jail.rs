//! Who is kept out for a while, and who is not (L9, R3).

use std::time::Duration;

use tokio::task::JoinSet;

use super::{guess, pass, thing, told_to_wait, wrong};
use crate::{Answer, Case, Failure, Plan, Verdict, Visitor};

pub(super) async fn a_guesser_is_jailed(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let visitor = town.visitor()?;
    for answer in guess_at_once(&visitor, &case, 40).await? {
        let answer = answer.expect_refused(401, "credentials_invalid");
        answer.map_err(|failure| {
            failure.note(
                "Quarante erreurs, c'est encore une salle de classe ; le bannissement vient plus tard.",
                "Forty mistakes are a classroom still; the ban comes later.",
            )
        })?;
    }
    guess_at_once(&visitor, &case, 40).await?;
    let jailed = guess(&visitor, &case).await?.expect_refused(429, "jailed");
    let wait = told_to_wait(&jailed.map_err(|failure| failure.times(81))?, 60)?;
    town.pass(Duration::from_secs(wait)).await?;
    let back = guess(&visitor, &case).await?;
    back.expect_refused(401, "credentials_invalid")?;
    Ok(())
}

pub(super) async fn a_walk_through_ids_is_stopped(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let (thief, bob) = (town.account("alice").await?, town.account("bob").await?);
    for number in 1..=60 {
        let answer = thief.get(&thing(&case)).await?.expect_status(404);
        answer.map_err(|failure| failure.times(number))?;
    }
    let mut answer = thief.get(&thing(&case)).await?;
    for _ in 62..=100 {
        answer = thief.get(&thing(&case)).await?;
    }
    let jailed = answer.expect_refused(429, "jailed");
    let wait = told_to_wait(&jailed.map_err(|failure| failure.times(100))?, 60)?;
    bob.get(&thing(&case)).await?.expect_status(404)?;
    town.pass(Duration::from_secs(wait)).await?;
    thief.get("/api/tours").await?.expect_status(200)?;
    Ok(())
}

pub(super) async fn mistakes_are_forgiven_with_time(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let alice = town.account("alice").await?;
    let wrong = thing(&case);
    for round in 0..2 {
        for number in 1..=100 {
            let answer = alice.get(&wrong).await?.expect_status(404);
            answer.map_err(|failure| failure.times(round * 100 + number))?;
        }
        town.pass(Duration::from_secs(240)).await?;
    }
    Ok(())
}

pub(super) async fn looking_again_is_no_walk(case: Case) -> Verdict {
    let town = case.town(Plan::default().built_in_jail()).await?;
    let alice = town.account("alice").await?;
    let tour = alice.get("/api/tours?limit=1").await?;
    let tour = tour.expect_status(200)?.field("/items/0/id")?;
    pass(&alice, &format!("/api/tours/{tour}"), 120).await
}

/// Each guess costs a password hash: several at once, as guessers do.
async fn guess_at_once(
    visitor: &Visitor,
    case: &Case,
    guesses: u32,
) -> Result<Vec<Answer>, Failure> {
    let mut waiting = JoinSet::new();
    let mut answers = Vec::new();
    for _ in 0..guesses {
        if waiting.len() == 8
            && let Some(Ok(answer)) = waiting.join_next().await
        {
            answers.push(answer?);
        }
        let (visitor, body) = (visitor.clone(), wrong(case));
        waiting.spawn(async move { visitor.post("/auth/login", &body).await });
    }
    while let Some(Ok(answer)) = waiting.join_next().await {
        answers.push(answer?);
    }
    Ok(answers)
}
