//! `handout`: the students' repository, once or for each student of a list.

use std::io;
use std::path::Path;

use escale_exercises::Seed;
use uuid::Uuid;

use super::verify::chosen;
use crate::cli::teacher::Handout;
use crate::console::Console;
use crate::exercise::catalogue::{self, Exercise};
use crate::exercise::git::Git;
use crate::grade::roster;
use crate::handout::{is_handed_out, lay_out};
use crate::layout::workspace;
use crate::outcome::{Outcome, Refusal};
use crate::student::Student;
use crate::texts::handout as texts;
use crate::workspace_copy::{Taken, WorkspaceCopy};

const FIRST_COMMIT: &str = "Escale: the labs";

pub fn run(arguments: &Handout, console: &Console) -> anyhow::Result<Outcome> {
    let workspace = workspace(console)?;
    let all = catalogue::read(&workspace)?;
    let labs = chosen(&all, &arguments.labs, console)?;
    let folder = &arguments.folder;
    refuse_if_not_empty(folder, console)?;
    match &arguments.roster {
        None => make(&workspace, folder, &labs, None, console)?,
        Some(path) => {
            for student in roster::read(path)? {
                let own = Student {
                    name: student.name,
                    seed: Seed(Uuid::new_v4().as_u64_pair().0),
                };
                let place = folder.join(&student.folder);
                make(&workspace, &place, &labs, Some(own), console)?;
            }
        }
    }
    console.say(&texts::NEXT, &[]);
    Ok(Outcome::Done)
}

fn make(
    workspace: &Path,
    folder: &Path,
    labs: &[Exercise],
    student: Option<Student>,
    console: &Console,
) -> anyhow::Result<()> {
    let wanted = |file: &Path| is_handed_out(file, labs);
    let tree = WorkspaceCopy::refresh(workspace, folder, Taken::Tracked, wanted)?;
    lay_out(&tree, labs)?;
    tree.put(
        Path::new(".github/workflows/classroom.yml"),
        include_bytes!("handout/classroom.yml"),
    )?;
    if let Some(student) = student {
        student.write(folder)?;
    }
    Git::begin(folder, FIRST_COMMIT)?;
    let values: [(&str, &dyn std::fmt::Display); 3] = [
        ("folder", &folder.display()),
        ("labs", &labs.len()),
        ("files", &tree.count()),
    ];
    console.say(&texts::MADE, &values);
    Ok(())
}

fn refuse_if_not_empty(folder: &Path, console: &Console) -> Result<(), Refusal> {
    let entries = std::fs::read_dir(folder);
    let has_any = match entries {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    };
    match has_any {
        true => {
            let values: [(&str, &dyn std::fmt::Display); 1] = [("folder", &folder.display())];
            Err(Refusal::Usage(console.text(&texts::NOT_EMPTY, &values)))
        }
        false => Ok(()),
    }
}
