//! Whether a lab's texts are whole: both languages with the wanted sections, hints, quiz, TODO, decoys.

use escale_exercises::{Card, Lang};

use super::variant::Variant;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::lab_text::LabText;
use crate::texts::verify as texts;

const FEWEST_DECOYS: usize = 3;
const FEWEST_LINES: usize = 90;
const MOST_LINES: usize = 160;

/// Every lab's text has these, in this order.
pub fn sections(lang: Lang) -> [&'static str; 6] {
    match lang {
        Lang::Fr => [
            "Pourquoi",
            "Un incident réel",
            "À construire",
            "Essayer",
            "À observer",
            "Pour aller plus loin",
        ],
        Lang::En => [
            "Why",
            "A real incident",
            "What to build",
            "Try it",
            "What to look at",
            "Going further",
        ],
    }
}

/// All that is wrong, in words.
pub fn faults(exercise: &Exercise, console: &Console) -> Vec<String> {
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        match exercise.text(lang) {
            Ok(text) => faults.extend(of_text(&LabText::parse(&text), lang, console)),
            Err(error) => faults.push(format!("lab.{}.md: {error}", lang.code())),
        }
        faults.extend(exercise.hints(lang).err().map(|fault| fault.to_string()));
    }
    faults.extend(exercise.quiz().err().map(|fault| fault.to_string()));
    faults.extend(of_starter(exercise, console));
    let decoys = &exercise.card.decoys;
    if decoys.len() < FEWEST_DECOYS {
        let values: [(&str, &dyn std::fmt::Display); 2] =
            [("count", &decoys.len()), ("wanted", &FEWEST_DECOYS)];
        faults.push(console.text(&texts::FEW_DECOYS, &values));
    }
    faults.extend(unknown_ids(exercise, console));
    faults
}

fn of_text(text: &LabText, lang: Lang, console: &Console) -> Vec<String> {
    let file = format!("lab.{}.md", lang.code());
    let mut faults = Vec::new();
    if text.sections != sections(lang) {
        let wanted = sections(lang).join(", ");
        faults.push(console.text(&texts::SECTIONS, &[("file", &file), ("wanted", &wanted)]));
    }
    if !(FEWEST_LINES..=MOST_LINES).contains(&text.lines) {
        let values: [(&str, &dyn std::fmt::Display); 4] = [
            ("file", &file),
            ("lines", &text.lines),
            ("fewest", &FEWEST_LINES),
            ("most", &MOST_LINES),
        ];
        faults.push(console.text(&texts::LENGTH, &values));
    }
    for mark in ["sh", "powershell"] {
        if text.count(mark) == 0 {
            faults.push(console.text(&texts::NO_BLOCK, &[("file", &file), ("mark", &mark)]));
        }
    }
    let strange = text.strange_blocks();
    faults.extend(
        strange
            .into_iter()
            .map(|line| console.text(&texts::STRANGE_BLOCK, &[("file", &file), ("line", &line)])),
    );
    faults
}

/// It is there, differs from the reference, and says in both languages what to write.
fn of_starter(exercise: &Exercise, console: &Console) -> Vec<String> {
    let todo = format!("TODO(lab {})", exercise.number());
    let mut faults = Vec::new();
    let mut has_todo = false;
    for file in &exercise.card.files {
        let starter = Card::starter(&exercise.folder, file);
        let shown = starter.display().to_string();
        match std::fs::read_to_string(&starter) {
            Ok(text) => has_todo |= text.contains(&todo),
            Err(error) => faults.push(format!("{shown}: {error}")),
        }
    }
    if !has_todo {
        faults.push(console.text(&texts::NO_TODO, &[("todo", &todo)]));
    }
    let workspace = exercise.folder.join("../..");
    for variant in Variant::all(&exercise.card) {
        let sources = variant.sources(exercise);
        let differs = sources.iter().any(|(file, source)| {
            let (reference, own) = (std::fs::read(workspace.join(file)), std::fs::read(source));
            reference.is_ok_and(|reference| own.is_ok_and(|own| own != reference))
        });
        if !differs {
            faults.push(console.text(&texts::IS_REFERENCE, &[("variant", &variant.name())]));
        }
    }
    faults
}

/// Ids of criteria in the card that no criterion has.
fn unknown_ids(exercise: &Exercise, console: &Console) -> Vec<String> {
    let criteria = exercise.lab.all_criteria();
    let named = exercise.card.decoys.iter().map(|decoy| &decoy.fails);
    let named = named.chain(&exercise.card.starter_fails);
    let unknown = named.filter(|id| criteria.iter().all(|one| one.id != id.as_str()));
    unknown
        .map(|id| console.text(&texts::UNKNOWN_CRITERION, &[("id", id)]))
        .collect()
}

/// Files that two labs would both write.
pub fn shared_files(exercises: &[Exercise], console: &Console) -> Vec<(String, String)> {
    let mut faults = Vec::new();
    for (place, one) in exercises.iter().enumerate() {
        for other in &exercises[..place] {
            let shared = one
                .card
                .files
                .iter()
                .find(|file| other.card.files.contains(file));
            if let Some(file) = shared {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("file", &file.display()), ("other", &other.name())];
                let fault = console.text(&texts::SHARED_FILE, &values);
                faults.push((one.name().to_owned(), fault));
            }
        }
    }
    faults
}
