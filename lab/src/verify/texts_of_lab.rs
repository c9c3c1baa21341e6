//! Whether a lab's texts are whole: both languages with the wanted sections, hints, quiz, TODO, decoys.

use escale_exercises::{Card, Lang};

use super::variant::Variant;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::page::Page;
use crate::page::block::Language;
use crate::page::fault::{Fault, Wrong};
use crate::texts::verify as texts;

const FEWEST_DECOYS: usize = 3;
const FEWEST_LINES: usize = 90;
const MOST_LINES: usize = 180;

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
            Ok(text) => faults.extend(of_text(&Page::parse(&text), lang, console)),
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

fn of_text(text: &Page, lang: Lang, console: &Console) -> Vec<String> {
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
    for (language, mark) in [(Language::Sh, "sh"), (Language::PowerShell, "powershell")] {
        let mut blocks = text.blocks.iter();
        if !blocks.any(|block| block.language() == Some(language)) {
            faults.push(console.text(&texts::NO_BLOCK, &[("file", &file), ("mark", &mark)]));
        }
    }
    // Bash runs the commands of a lab; what it cannot run must say so.
    let unheard = text.examples(Language::PowerShell).map(|example| Fault {
        line: example.commands.line,
        wrong: Wrong::NoReason,
    });
    let of_blocks = text.faults().into_iter().chain(unheard);
    faults.extend(of_blocks.map(|fault| fault.told(&file, console)));
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use escale_exercises::Lab;

    use super::*;

    const CONSOLE: Console = Console {
        lang: Lang::En,
        json: false,
        color: false,
        progress: false,
    };

    fn exercise(folder: &'static str, file: &str) -> Exercise {
        let card = r#"
            id = "04"
            title = { fr = "a", en = "b" }
            minutes = 1
            rules = []
            files = []
            starter_fails = ["nobody-knows"]
        "#;
        let mut card: Card = toml::from_str(card).expect("a card");
        card.files.push(file.into());
        Exercise {
            lab: Lab {
                folder,
                criteria: Vec::new,
                hidden: None,
                attack: None,
            },
            card,
            folder: PathBuf::from("/nowhere").join(folder),
        }
    }

    #[test]
    fn a_whole_text_has_no_faults_and_each_lack_is_one() {
        let sections: String = sections(Lang::En)
            .map(|name| format!("## {name}\n"))
            .concat();
        let blocks = "```sh\nx\n```\n<!-- not run: y -->\n```powershell\nx\n```\n";
        let whole = format!("{sections}{blocks}{}", "line\n".repeat(100));
        let faults = |text: &str| of_text(&Page::parse(text), Lang::En, &CONSOLE);
        assert_eq!(faults(&whole), Vec::<String>::new());
        for (from, to, said) in [
            ("## Try it", "## Trying", "What to look at"),
            ("```powershell", "```text", "powershell"),
            ("<!-- not run: y -->\n", "", "does not say why"),
            ("```sh", "```bash", "no sh block"),
            ("line\n", "", "90"),
        ] {
            let told = faults(&whole.replace(from, to)).join("; ");
            assert!(told.contains(said), "{told}");
        }
    }

    #[test]
    fn two_labs_that_write_one_file_are_told_apart_by_name() {
        let three = ["gateway/a.rs", "gateway/b.rs", "gateway/a.rs"];
        let names = ["03-a", "04-b", "05-c"];
        let all: Vec<_> = names
            .into_iter()
            .zip(three)
            .map(|(name, file)| exercise(name, file))
            .collect();
        let shared = shared_files(&all, &CONSOLE);
        let [(lab, fault)] = &shared[..] else {
            panic!("{shared:?}");
        };
        assert_eq!(lab, "05-c");
        assert!(
            fault.contains("gateway/a.rs") && fault.contains("03-a"),
            "{fault}"
        );
    }

    #[test]
    fn a_lab_of_which_nothing_is_there_is_told_all_of_it() {
        let told = faults(&exercise("04-b", "gateway/b.rs"), &CONSOLE).join("; ");
        for lack in [
            "lab.fr.md",
            "lab.en.md",
            "hints.fr.md",
            "quiz.toml",
            "TODO(lab 04)",
            "nobody-knows",
        ] {
            assert!(told.contains(lack), "{lack}: {told}");
        }
    }
}
