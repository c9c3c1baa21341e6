//! The thirty submissions, and what each must get.

use std::fs;
use std::path::{Path, PathBuf};

use escale_exercises::Card;
use escale_lab::exercise::catalogue::{self, Exercise, find};
use serde_json::Value;

/// What the results must say of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    FullMarks,
    /// Full marks where the machine keeps it from the teacher's files; it fails itself where it can read them.
    FullMarksInTheCage,
    SomeMarks,
    Nothing,
    /// No mark, and this way of ending.
    Ended(&'static str),
}

impl Expected {
    pub fn is_met(self, graded: &Value) -> bool {
        let (mark, ended) = (graded["mark"].as_f64().unwrap_or(-1.0), &graded["ended"]);
        match self {
            Self::FullMarks | Self::FullMarksInTheCage => mark == 20.0 && ended == "judged",
            Self::SomeMarks => mark > 0.0 && mark < 20.0 && ended == "judged",
            Self::Nothing => mark == 0.0,
            Self::Ended(how) => mark == 0.0 && ended == how,
        }
    }
}

/// Writes `work/<student>/` for each, and `roster.csv`.
pub fn thirty(class: &Path) -> Vec<(String, Expected)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let exercises = catalogue::read(&workspace).expect("cards");
    let lab = Lab {
        workspace,
        exercise: find(&exercises, "04").expect("lab 04").clone(),
        class: class.to_owned(),
    };
    let mut expected = Vec::new();
    for number in 1..=5 {
        expected.push(lab.hands_in(&format!("right-{number}"), &[], Expected::FullMarks));
        let starter = lab.starter();
        expected.push(lab.hands_in(&format!("starter-{number}"), &starter, Expected::Nothing));
    }
    for decoy in &lab.exercise.card.decoys {
        let files = lab.exercise.card.files.iter().filter_map(|file| {
            let path = Card::decoy(&lab.exercise.folder, decoy, file);
            Some((file.clone(), fs::read(path).ok()?))
        });
        let files: Vec<_> = files.collect();
        expected.push(lab.hands_in(&decoy.name, &files, Expected::SomeMarks));
    }
    expected.extend(lab.troublemakers());
    let rows = expected.iter().map(|(student, _)| format!("{student}\n"));
    let roster = format!("student\n{}", rows.collect::<String>());
    fs::write(class.join("roster.csv"), roster).expect("written");
    expected
}

struct Lab {
    workspace: PathBuf,
    exercise: Exercise,
    class: PathBuf,
}

type Files = Vec<(PathBuf, Vec<u8>)>;

impl Lab {
    /// The reference with these files instead.
    fn hands_in(
        &self,
        student: &str,
        files: &[(PathBuf, Vec<u8>)],
        expected: Expected,
    ) -> (String, Expected) {
        let own = self.class.join("work").join(student);
        for file in &self.exercise.card.files {
            let other = files.iter().find(|(path, _)| path == file);
            let content = match other {
                Some((_, content)) => content.clone(),
                None => fs::read(self.workspace.join(file)).expect("the reference"),
            };
            let place = own.join(file);
            fs::create_dir_all(place.parent().expect("a folder")).expect("made");
            fs::write(place, content).expect("written");
        }
        (student.to_owned(), expected)
    }

    fn starter(&self) -> Files {
        let files = self.exercise.card.files.iter();
        let starter = |file: &PathBuf| {
            let path = Card::starter(&self.exercise.folder, file);
            (file.clone(), fs::read(path).expect("a starter"))
        };
        files.map(starter).collect()
    }

    fn first_file(&self) -> &PathBuf {
        &self.exercise.card.files[0]
    }

    fn reference(&self) -> String {
        fs::read_to_string(self.workspace.join(self.first_file())).expect("the reference")
    }

    /// The reference, whose layer does something else first at each request.
    fn with_first(&self, statement: &str) -> Files {
        let begin = "let Matched(route) = left_by_an_outer_layer(&request)?;";
        let text = self.reference();
        assert_eq!(
            text.matches(begin).count(),
            1,
            "the layer begins in another way"
        );
        let text = text.replace(begin, &format!("{statement}\n    {begin}"));
        vec![(self.first_file().clone(), text.into_bytes())]
    }

    fn troublemakers(&self) -> Vec<(String, Expected)> {
        use Expected::{Ended, FullMarks, FullMarksInTheCage, Nothing};
        let secret = self.exercise.folder.join("hidden.rs");
        let secret = secret.canonicalize().expect("hidden criteria");
        let bytes = format!("const _: &[u8] = include_bytes!({secret:?});");
        let looks = format!("assert!(std::fs::read({secret:?}).is_err(), \"it could be read\");");
        let crlf = self.reference().replace('\n', "\r\n").into_bytes();
        let first = |content: &[u8]| vec![(self.first_file().clone(), content.to_vec())];
        let told = r#"{"word":"","ready":{}}"#;
        let fakes =
            format!("println!(\"{{}}\", {told:?}); for _ in 0..1_000 {{ println!(\"ok\"); }}");
        let child = "let _ = std::process::Command::new(\"sleep\").arg(\"3600\").spawn();";
        let once = "static ONCE: std::sync::Once = std::sync::Once::new();";
        let forks = format!("{once} ONCE.call_once(|| {{ {child} }});");
        let all = [
            ("crlf", first(&crlf), FullMarks),
            ("does-not-compile", first(b"fn ("), Ended("not_built")),
            ("empty", first(b""), Ended("not_built")),
            (
                "loops",
                self.with_first("loop { std::hint::spin_loop(); }"),
                Nothing,
            ),
            ("exits", self.with_first("std::process::exit(0);"), Nothing),
            ("panics", self.with_first("panic!(\"no\");"), Nothing),
            (
                "reads-while-built",
                self.with_first(&bytes),
                Ended("not_built"),
            ),
            (
                "reads-while-run",
                self.with_first(&looks),
                FullMarksInTheCage,
            ),
            ("fakes-answers", self.with_first(&fakes), FullMarks),
            ("leaves-a-child", self.with_first(&forks), FullMarks),
        ];
        let mut expected: Vec<_> = all
            .into_iter()
            .map(|(student, files, expected)| self.hands_in(student, &files, expected))
            .collect();
        expected.push(self.hands_in("half-of-it", &[], Ended("unfit")));
        let missing = self.class.join("work/half-of-it").join(self.first_file());
        fs::remove_file(missing).expect("the file");
        expected.push(("handed-in-nothing".to_owned(), Ended("nothing_handed_in")));
        expected
    }
}
