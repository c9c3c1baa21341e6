//! The list of students: who is to be graded, also when nothing was handed in.

use std::path::Path;

use super::csv;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Student {
    /// What the results name: the column `student`.
    pub name: String,
    /// The name of the folder with the work: the column `folder`, else the name.
    pub folder: String,
}

#[derive(Debug, thiserror::Error)]
pub enum RosterFault {
    #[error("{path}: {error}")]
    Unreadable { path: String, error: std::io::Error },
    #[error("{path}: the first line must name a column \"student\"")]
    NoColumn { path: String },
    #[error("{path}: {name:?} cannot be the name of a folder")]
    NoFolder { path: String, name: String },
    #[error("{path}: {name:?} stands there twice")]
    Twice { path: String, name: String },
}

pub fn read(path: &Path) -> Result<Vec<Student>, RosterFault> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| RosterFault::Unreadable {
        path: shown.clone(),
        error,
    })?;
    parse(&text, shown)
}

fn parse(text: &str, path: String) -> Result<Vec<Student>, RosterFault> {
    let rows = csv::read(text);
    let (head, rows) = match rows.split_first() {
        Some((head, rows)) => (head.as_slice(), rows),
        None => (&[][..], &[][..]),
    };
    let column = |name: &str| head.iter().position(|cell| cell.eq_ignore_ascii_case(name));
    let Some(names) = column("student") else {
        return Err(RosterFault::NoColumn { path });
    };
    let folders = column("folder");
    let mut students: Vec<Student> = Vec::new();
    for row in rows {
        let cell = |place: usize| row.get(place).filter(|cell| !cell.is_empty());
        let Some(name) = cell(names) else { continue };
        let folder = folders.and_then(cell).unwrap_or(name).clone();
        if !is_folder_name(&folder) {
            return Err(RosterFault::NoFolder { path, name: folder });
        }
        let same = |known: &Student| known.name == *name || known.folder == folder;
        if students.iter().any(same) {
            let name = name.clone();
            return Err(RosterFault::Twice { path, name });
        }
        students.push(Student {
            name: name.clone(),
            folder,
        });
    }
    Ok(students)
}

/// A name from a list must not lead out of the folder of all students.
fn is_folder_name(name: &str) -> bool {
    !name.starts_with('.') && !name.contains(['/', '\\', ':', '\0'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Result<Vec<(String, String)>, RosterFault> {
        let students = parse(text, "roster.csv".to_owned())?;
        Ok(students
            .into_iter()
            .map(|one| (one.name, one.folder))
            .collect())
    }

    #[test]
    fn a_folder_is_named_after_the_student_where_the_list_says_nothing() {
        let text = "Mail;Student;Folder\nz@x.fr;Zoé;lab-zoe\nl@x.fr;Léo;\n";
        let pair = |name: &str, folder: &str| (name.to_owned(), folder.to_owned());
        assert_eq!(
            names(text).expect("a list"),
            [pair("Zoé", "lab-zoe"), pair("Léo", "Léo")]
        );
    }

    #[test]
    fn a_list_without_the_column_twice_the_same_and_ways_out_are_refused() {
        for text in [
            "",
            "name\nZoé\n",
            "student\nZoé\nZoé\n",
            "student\n../x\n",
            "student\n.git\n",
        ] {
            names(text).expect_err(text);
        }
    }
}
