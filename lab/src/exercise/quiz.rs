//! `quiz.toml`: five questions. It is read leniently first, so that all that is wrong with it is told at once.

use std::path::Path;

use escale_exercises::Message;
use serde::Deserialize;

const QUESTIONS: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quiz {
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub text: Message,
    /// Exactly one of them is right.
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub text: Message,
    pub right: bool,
    /// Why it is right, or why not.
    pub why: Message,
}

#[derive(Debug, thiserror::Error)]
pub enum QuizFault {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path}: {error}")]
    NotAQuiz {
        path: String,
        error: Box<toml::de::Error>,
    },
    #[error("{path}: {}", .faults.join("; "))]
    Faulty { path: String, faults: Vec<String> },
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Draft {
    question: Vec<DraftQuestion>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftQuestion {
    text: DraftMessage,
    choice: Vec<DraftChoice>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftChoice {
    text: DraftMessage,
    right: Option<bool>,
    why: DraftMessage,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct DraftMessage {
    fr: String,
    en: String,
}

impl Quiz {
    pub fn read(path: &Path) -> Result<Self, QuizFault> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| QuizFault::Unreadable {
            path: shown.clone(),
            error,
        })?;
        Self::parse(&text, &shown)
    }

    fn parse(text: &str, path: &str) -> Result<Self, QuizFault> {
        let draft: Draft = toml::from_str(text).map_err(|error| QuizFault::NotAQuiz {
            path: path.to_owned(),
            error: Box::new(error),
        })?;
        let mut faults = Vec::new();
        if draft.question.len() != QUESTIONS {
            let count = draft.question.len();
            faults.push(format!("{count} questions instead of {QUESTIONS}"));
        }
        let questions = draft.question.into_iter().enumerate();
        let questions = questions
            .map(|(place, question)| question.checked(place + 1, &mut faults))
            .collect();
        match faults.is_empty() {
            true => Ok(Self { questions }),
            false => Err(QuizFault::Faulty {
                path: path.to_owned(),
                faults,
            }),
        }
    }
}

impl Question {
    /// The place of the right answer.
    pub fn right(&self) -> usize {
        let place = self.choices.iter().position(|choice| choice.right);
        place.expect("a question was read with one right choice")
    }
}

impl DraftQuestion {
    fn checked(self, number: usize, faults: &mut Vec<String>) -> Question {
        let right = self
            .choice
            .iter()
            .filter(|choice| choice.right == Some(true));
        let (right, all) = (right.count(), self.choice.len());
        if !(3..=4).contains(&all) {
            faults.push(format!(
                "question {number}: {all} choices instead of 3 or 4"
            ));
        }
        if right != 1 {
            faults.push(format!(
                "question {number}: {right} right choices instead of 1"
            ));
        }
        let text = self.text.checked(&format!("question {number}"), faults);
        let choices = self.choice.into_iter().enumerate();
        let choices = choices
            .map(|(place, choice)| {
                let what = format!("question {number}, choice {}", place + 1);
                choice.checked(&what, faults)
            })
            .collect();
        Question { text, choices }
    }
}

impl DraftChoice {
    fn checked(self, what: &str, faults: &mut Vec<String>) -> Choice {
        if self.right.is_none() {
            faults.push(format!("{what}: not said whether it is right"));
        }
        Choice {
            text: self.text.checked(what, faults),
            right: self.right.unwrap_or_default(),
            why: self.why.checked(&format!("{what}, why"), faults),
        }
    }
}

impl DraftMessage {
    fn checked(self, what: &str, faults: &mut Vec<String>) -> Message {
        for (lang, text) in [("fr", &self.fr), ("en", &self.en)] {
            if text.trim().is_empty() {
                faults.push(format!("{what}: no text in {lang}"));
            }
        }
        Message::new(self.fr, self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(right: bool) -> String {
        format!(
            "[[question.choice]]\ntext = {{fr=\"oui\", en=\"yes\"}}\nright = {right}\nwhy = {{fr=\"car\", en=\"as\"}}\n"
        )
    }

    fn question() -> String {
        let choices = [true, false, false].map(choice).concat();
        format!("[[question]]\ntext = {{fr=\"Quoi ?\", en=\"What?\"}}\n{choices}")
    }

    fn faults(text: &str) -> String {
        Quiz::parse(text, "quiz.toml").expect_err(text).to_string()
    }

    #[test]
    fn a_whole_quiz_is_read() {
        let quiz = Quiz::parse(&question().repeat(5), "quiz.toml").expect("a quiz");
        assert_eq!(quiz.questions.len(), 5);
        assert_eq!(quiz.questions[0].right(), 0);
        assert_eq!(quiz.questions[4].choices[2].why.fr, "car");
    }

    #[test]
    fn every_fault_is_told_with_its_place() {
        let two_right = question().replace("right = false", "right = true");
        let no_english = question().replace(", en=\"What?\"", "");
        let no_why = question().replacen("why = {fr=\"car\", en=\"as\"}", "", 1);
        let unsaid = question().replacen("right = true", "", 1);
        let said = faults(&[two_right, no_english, no_why, unsaid].concat());
        for fault in [
            "4 questions instead of 5",
            "question 1: 3 right choices instead of 1",
            "question 2: no text in en",
            "question 3, choice 1, why: no text in fr",
            "question 3, choice 1, why: no text in en",
            "question 4: 0 right choices instead of 1",
            "question 4, choice 1: not said whether it is right",
        ] {
            assert!(said.contains(fault), "{fault} is not in: {said}");
        }
    }

    #[test]
    fn a_misspelt_key_is_no_missing_one() {
        let text = question().repeat(5).replacen("why", "wyh", 1);
        assert!(faults(&text).contains("wyh"));
    }
}
