//! `quiz`: five questions, asked on the terminal or answered on the command line.

use std::fmt::Display;
use std::io::BufRead;

use serde::Serialize;

use crate::cli::exercises::Quiz as Arguments;
use crate::console::Console;
use crate::exercise::desk::{Desk, now};
use crate::exercise::progress::QuizResult;
use crate::exercise::quiz::{Question, Quiz};
use crate::outcome::{Outcome, Refusal};
use crate::texts::exercise_study as texts;

#[derive(Serialize)]
struct Answer {
    lab: &'static str,
    right: usize,
    of: usize,
    questions: Vec<Explained>,
}

#[derive(Serialize)]
struct Explained {
    question: String,
    answered: char,
    right: bool,
    why: String,
}

pub fn run(arguments: &Arguments, console: &Console) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(console)?;
    let exercise = desk.exercise(arguments.chosen.exercise.as_deref())?;
    let quiz = exercise
        .quiz()
        .map_err(|fault| desk.refusal(&texts::BROKEN_QUIZ, &[("fault", &fault)]))?;
    let explained = match arguments.answers.is_empty() {
        true => asked(&quiz, console)?,
        false => given(&quiz, &arguments.answers, console)?,
    };
    let (right, of) = (
        explained.iter().filter(|one| one.right).count(),
        explained.len(),
    );
    let result = QuizResult {
        right,
        of,
        at: now(),
    };
    desk.note(&exercise, |journal| journal.quiz = Some(result))?;
    if console.json {
        let lab = exercise.number();
        console.answer(&Answer {
            lab,
            right,
            of,
            questions: explained,
        })?;
    } else {
        console.say(&texts::SCORE, &[("right", &right), ("of", &of)]);
    }
    Ok(if right == of {
        Outcome::Done
    } else {
        Outcome::CheckFailed
    })
}

/// One question after the other, each explained before the next.
fn asked(quiz: &Quiz, console: &Console) -> Result<Vec<Explained>, Refusal> {
    let mut lines = std::io::stdin().lock().lines();
    let mut explained = Vec::new();
    for (place, question) in quiz.questions.iter().enumerate() {
        show(question, place + 1, quiz.questions.len(), console);
        let answer = loop {
            console.say(&texts::ASK, &[("letters", &letters(question))]);
            let Some(Ok(line)) = lines.next() else {
                return Err(Refusal::Check(console.text(&texts::NO_ANSWER, &[])));
            };
            match choice(question, &line) {
                Some(answer) => break answer,
                None => console.say(&texts::NO_SUCH_ANSWER, &[("letters", &letters(question))]),
            }
        };
        explained.push(explain(question, answer, console));
    }
    Ok(explained)
}

/// The answers of the command line, each explained under its question.
fn given(quiz: &Quiz, answers: &[String], console: &Console) -> Result<Vec<Explained>, Refusal> {
    let of = quiz.questions.len();
    if answers.len() != of {
        let example = vec!["a"; of].join(",");
        let values: [(&str, &dyn Display); 2] = [("of", &of), ("example", &example)];
        return Err(Refusal::Usage(
            console.text(&texts::ANSWERS_WANTED, &values),
        ));
    }
    let pairs = quiz.questions.iter().zip(answers).enumerate();
    let chosen: Result<Vec<_>, _> = pairs
        .map(|(place, (question, answer))| {
            choice(question, answer).ok_or_else(|| unknown(question, place + 1, answer, console))
        })
        .collect();
    let chosen = chosen?;
    let answered = quiz.questions.iter().zip(chosen).enumerate();
    let explained = answered.map(|(place, (question, answer))| {
        show(question, place + 1, of, console);
        explain(question, answer, console)
    });
    Ok(explained.collect())
}

fn unknown(question: &Question, number: usize, answer: &str, console: &Console) -> Refusal {
    let letters = letters(question);
    let values: [(&str, &dyn Display); 3] = [
        ("number", &number),
        ("answer", &answer),
        ("letters", &letters),
    ];
    Refusal::Usage(console.text(&texts::ANSWER_UNKNOWN, &values))
}

fn show(question: &Question, number: usize, of: usize, console: &Console) {
    console.say(&texts::QUESTION, &[("number", &number), ("of", &of)]);
    console.note(question.text.get(console.lang));
    for (place, choice) in question.choices.iter().enumerate() {
        let text = choice.text.get(console.lang);
        console.note(&format!("  {}) {text}", letter(place)));
    }
}

fn explain(question: &Question, answer: usize, console: &Console) -> Explained {
    let (chosen, right) = (&question.choices[answer], question.right());
    let why = chosen.why.get(console.lang);
    if chosen.right {
        console.say(&texts::RIGHT, &[("why", &why)]);
    } else {
        let best = question.choices[right].why.get(console.lang);
        console.say(&texts::WRONG, &[("why", &why)]);
        console.say(
            &texts::THE_RIGHT_ONE,
            &[("letter", &letter(right)), ("why", &best)],
        );
    }
    console.note("");
    Explained {
        question: question.text.get(console.lang).to_owned(),
        answered: letter(answer),
        right: chosen.right,
        why: why.to_owned(),
    }
}

/// `b`, `B` or `b)`.
fn choice(question: &Question, answer: &str) -> Option<usize> {
    let answer = answer.trim().trim_end_matches(')').to_lowercase();
    let mut places = 0..question.choices.len();
    places.find(|place| answer == letter(*place).to_string())
}

fn letters(question: &Question) -> String {
    let places = 0..question.choices.len();
    let letters: Vec<_> = places.map(|place| letter(place).to_string()).collect();
    letters.join(", ")
}

fn letter(place: usize) -> char {
    ('a'..='z').nth(place).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use escale_exercises::Message;

    use super::*;
    use crate::exercise::quiz::Choice;
    use crate::texts::Lang;

    const CONSOLE: Console = Console {
        lang: Lang::En,
        json: true,
        color: false,
        progress: false,
    };

    fn quiz() -> Quiz {
        let choice = |right| Choice {
            text: Message::plain("text"),
            right,
            why: Message::plain(if right { "good" } else { "bad" }),
        };
        let question = Question {
            text: Message::plain("what"),
            choices: vec![choice(false), choice(true), choice(false)],
        };
        Quiz {
            questions: vec![question.clone(), question],
        }
    }

    fn answers(texts: &[&str]) -> Result<Vec<Explained>, Refusal> {
        let answers: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        given(&quiz(), &answers, &CONSOLE)
    }

    #[test]
    fn every_answer_is_explained() {
        let explained = answers(&["b", " A) "]).expect("answers");
        assert!(explained[0].right && !explained[1].right);
        assert_eq!(
            (explained[1].answered, explained[1].why.as_str()),
            ('a', "bad")
        );
    }

    #[test]
    fn too_few_too_many_or_unknown_letters_are_wrong_use() {
        for wrong in [&["b"][..], &["b", "b", "b"], &["b", "d"], &["b", ""]] {
            assert!(
                matches!(answers(wrong), Err(Refusal::Usage(_))),
                "{wrong:?}"
            );
        }
    }
}
