//! What a learner does next: the loop of each lab, from the attack that works to the attack that does not.

use super::catalogue::Exercise;
use super::progress::{Journal, Progress};
use crate::texts::{Text, exercise as texts};

/// What to say, and the command that does it, without `cargo lab`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice {
    pub text: Text,
    pub command: String,
}

/// At this lab.
pub fn at(exercise: &Exercise, journal: &Journal) -> Advice {
    let (verb, text) = match journal {
        Journal { begun: None, .. } => ("start", texts::DO_START),
        Journal {
            done: None,
            attacked: None,
            ..
        } if exercise.lab.attack.is_some() => ("attack", texts::DO_ATTACK),
        Journal { done: None, .. } => ("check", texts::DO_CHECK),
        Journal { repelled: None, .. } if exercise.lab.attack.is_some() => {
            ("attack", texts::DO_ATTACK_AGAIN)
        }
        Journal { quiz: None, .. } => ("quiz", texts::DO_QUIZ),
        _ => ("next", texts::DO_NEXT),
    };
    let command = match verb {
        "next" => verb.to_owned(),
        verb => format!("{verb} {}", exercise.number()),
    };
    Advice { text, command }
}

/// The first lab that is not done, of those whose needs are met; a need that is no lab of this tree is met.
pub fn next<'a>(exercises: &'a [Exercise], progress: &Progress) -> Option<&'a Exercise> {
    let is_there = |number: &String| exercises.iter().any(|one| one.number() == number);
    let is_open = |number: &String| is_there(number) && !progress.is_done(number);
    exercises
        .iter()
        .find(|one| !progress.is_done(one.number()) && !one.card.needs.iter().any(is_open))
}

#[cfg(test)]
mod tests {
    use service_kit::clock::Timestamp;

    use super::*;
    use crate::exercise::catalogue::tests::exercise;
    use crate::exercise::progress::{Begun, QuizResult};

    const NOW: Option<Timestamp> = Some(Timestamp(1));

    #[test]
    fn the_loop_goes_from_the_start_to_the_next_lab() {
        let mut lab = exercise("04-rate-limiting");
        lab.lab.attack = Some(|_| Box::pin(async { escale_exercises::Loot::nothing("", "") }));
        let mut journal = Journal::default();
        let command = |journal: &Journal| at(&lab, journal).command;
        assert_eq!(command(&journal), "start 04");
        journal.begun = Some(Begun::InPlace);
        assert_eq!(command(&journal), "attack 04");
        journal.attacked = NOW;
        assert_eq!(command(&journal), "check 04");
        journal.done = NOW;
        assert_eq!(command(&journal), "attack 04");
        journal.repelled = NOW;
        assert_eq!(command(&journal), "quiz 04");
        journal.quiz = Some(QuizResult {
            right: 5,
            of: 5,
            at: Timestamp(1),
        });
        assert_eq!(command(&journal), "next");
    }

    #[test]
    fn a_lab_without_an_attack_is_checked_at_once() {
        let lab = exercise("04-rate-limiting");
        let journal = Journal {
            begun: Some(Begun::InPlace),
            ..Journal::default()
        };
        assert_eq!(at(&lab, &journal).command, "check 04");
    }

    #[test]
    fn the_next_lab_is_the_first_open_one_whose_needs_are_met() {
        let mut labs = ["03-tokens", "04-rate-limiting", "05-validation"].map(exercise);
        labs[1].card.needs = vec!["03".to_owned()];
        labs[2].card.needs = vec!["99".to_owned()];
        let mut progress = Progress::default();
        let name = |progress: &Progress| next(&labs, progress).map(Exercise::name);
        assert_eq!(name(&progress), Some("03-tokens"));
        progress.change("03").done = NOW;
        assert_eq!(name(&progress), Some("04-rate-limiting"));
        for number in ["04", "05"] {
            progress.change(number).done = NOW;
        }
        assert_eq!(name(&progress), None);
    }
}
