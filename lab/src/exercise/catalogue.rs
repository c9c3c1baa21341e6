//! The labs of a workspace: criteria and attack from this program, everything else from the lab's folder.

use std::io;
use std::path::{Path, PathBuf};

use escale_exercises::{Card, CardFault, Lab, Lang, labs};

use super::hints::{HintFault, Hints};
use super::quiz::{Quiz, QuizFault};

#[derive(Clone)]
pub struct Exercise {
    pub lab: Lab,
    pub card: Card,
    pub folder: PathBuf,
}

/// All labs, in the order of the course.
pub fn read(workspace: &Path) -> Result<Vec<Exercise>, CardFault> {
    labs()
        .into_iter()
        .map(|lab| Exercise::read(workspace, lab))
        .collect()
}

/// Folders of labs that this program was built without: cargo does not see a new folder beside the others.
pub fn not_built_in(workspace: &Path) -> io::Result<Vec<String>> {
    let known = labs();
    let mut unknown = Vec::new();
    for entry in std::fs::read_dir(workspace.join("exercises"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_known = known.iter().any(|lab| lab.folder == name);
        if !is_known && entry.path().join("check.rs").is_file() {
            unknown.push(name);
        }
    }
    Ok(unknown)
}

/// The lab that somebody means by `04`, `4`, `rate-limiting` or `04-rate-limiting`.
pub fn find<'a>(exercises: &'a [Exercise], asked: &str) -> Option<&'a Exercise> {
    exercises.iter().find(|exercise| exercise.is_meant(asked))
}

impl Exercise {
    pub fn read(workspace: &Path, lab: Lab) -> Result<Self, CardFault> {
        let folder = workspace.join("exercises").join(lab.folder);
        let card = Card::read(&folder)?;
        Ok(Self { lab, card, folder })
    }

    /// `04`
    pub fn number(&self) -> &'static str {
        self.lab.number()
    }

    /// `04-rate-limiting`
    pub fn name(&self) -> &'static str {
        self.lab.folder
    }

    /// `exercise/04-rate-limiting`
    pub fn branch(&self) -> String {
        format!("exercise/{}", self.name())
    }

    pub fn title(&self, lang: Lang) -> &str {
        self.card.title.get(lang)
    }

    /// Why, what to build, how to try it: Markdown.
    pub fn text(&self, lang: Lang) -> io::Result<String> {
        std::fs::read_to_string(self.folder.join(format!("lab.{}.md", lang.code())))
    }

    pub fn hints(&self, lang: Lang) -> Result<Hints, HintFault> {
        Hints::read(&self.folder.join(format!("hints.{}.md", lang.code())))
    }

    pub fn quiz(&self) -> Result<Quiz, QuizFault> {
        Quiz::read(&self.folder.join("quiz.toml"))
    }

    fn is_meant(&self, asked: &str) -> bool {
        let slug = self.name().split_once('-').map(|(_, slug)| slug);
        let number = asked.parse::<u32>().ok();
        asked == self.name()
            || slug == Some(asked)
            || number.is_some() && number == self.number().parse().ok()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn exercise(folder: &'static str) -> Exercise {
        let card = r#"
            id = "04"
            title = { fr = "a", en = "b" }
            minutes = 1
            rules = []
            files = []
            starter_fails = []
        "#;
        Exercise {
            lab: Lab {
                folder,
                criteria: Vec::new,
                hidden: None,
                attack: None,
            },
            card: toml::from_str(card).expect("a card"),
            folder: PathBuf::from(folder),
        }
    }

    #[test]
    fn a_lab_is_found_by_its_number_its_name_or_both() {
        let all = [exercise("04-rate-limiting"), exercise("14-owasp")];
        for asked in ["04", "4", "rate-limiting", "04-rate-limiting"] {
            let found = find(&all, asked).expect(asked);
            assert_eq!(found.branch(), "exercise/04-rate-limiting");
        }
        for asked in ["", "0", "40", "rate", "limiting", "x"] {
            assert!(find(&all, asked).is_none(), "{asked}");
        }
    }

    #[test]
    fn a_new_folder_of_a_lab_is_noticed() {
        let tree = tempfile::tempdir().expect("a folder");
        for folder in ["98-new", "src"] {
            let own = tree.path().join("exercises").join(folder);
            std::fs::create_dir_all(own).expect("made");
        }
        std::fs::write(tree.path().join("exercises/98-new/check.rs"), "").expect("written");
        assert_eq!(not_built_in(tree.path()).expect("read"), ["98-new"]);
    }

    #[test]
    fn every_lab_of_this_tree_can_be_read() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for exercise in read(&workspace).expect("cards") {
            let name = exercise.name();
            assert_eq!(exercise.card.id, exercise.number());
            assert!(exercise.quiz().is_ok(), "{name}");
            for lang in Lang::ALL {
                assert!(exercise.hints(lang).is_ok(), "{name}");
                assert!(exercise.text(lang).is_ok(), "{name}");
            }
        }
    }

    /// Proves: T8
    #[test]
    fn the_five_questions_of_the_tutorial_are_asked() {
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let exercises = read(&workspace).expect("cards");
        for (lab, question) in [
            (
                "01",
                "Why short access tokens, together with a refresh token?",
            ),
            ("02", "What does an API gateway do?"),
            ("03", "Why OAuth2 rather than an API key to act for a user?"),
            ("03", "What is a scope for?"),
            ("03", "What is PKCE for?"),
        ] {
            // A handout has only some of the labs.
            let Some(exercise) = find(&exercises, lab) else {
                continue;
            };
            let quiz = exercise.quiz().expect("a quiz");
            let mut asked = quiz.questions.iter().map(|question| &question.text.en);
            assert!(asked.any(|text| text == question), "{lab}: {question}");
        }
    }
}
