//! What is taken from a submission: the files that the lab asks for, and nothing else of it.

use std::io::Read;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use escale_exercises::Card;

/// A layer of a lab has a few hundred lines.
const LARGEST: u64 = 512 * 1024;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    pub student: String,
    pub folder: PathBuf,
}

/// The lab's files, as they were handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work(pub Vec<(PathBuf, Vec<u8>)>);

/// Why a submission is not even built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    Missing(PathBuf),
    /// A link, a folder, a file of megabytes.
    NoPlainFile(PathBuf),
    Unreadable(PathBuf, String),
}

/// The submissions in the folders that were named: each is one, or holds one in each of its folders.
pub fn find(folders: &[PathBuf]) -> std::io::Result<Vec<Submission>> {
    let mut found = Vec::new();
    for folder in folders {
        if folder.join("Cargo.toml").is_file() {
            found.push(Submission::at(folder));
            continue;
        }
        let mut inner = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if entry.file_type()?.is_dir() && !hidden {
                inner.push(Submission::at(&entry.path()));
            }
        }
        inner.sort_by(|one, other| one.student.cmp(&other.student));
        found.extend(inner);
    }
    Ok(found)
}

impl Submission {
    fn at(folder: &Path) -> Self {
        // "." has no name of its own.
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let name = whole.file_name().unwrap_or_default();
        Self {
            student: name.to_string_lossy().into_owned(),
            folder: folder.to_owned(),
        }
    }

    pub fn work(&self, card: &Card) -> Result<Work, Unfit> {
        let files = card.files.iter();
        let taken = files.map(|file| Ok((file.clone(), take(&self.folder, file)?)));
        taken.collect::<Result<_, _>>().map(Work)
    }
}

impl Work {
    /// The same for the same content: thirty untouched starters are built once. SHA-256, as nobody must be able to hand
    /// in something that passes for another's work.
    pub fn fingerprint(&self) -> String {
        let mut context = Context::new(&SHA256);
        for (file, content) in &self.0 {
            // With their lengths: what ends one file cannot begin the next.
            for part in [file.as_os_str().as_encoded_bytes(), content] {
                context.update(&(part.len() as u64).to_be_bytes());
                context.update(part);
            }
        }
        let digest = context.finish();
        digest.as_ref()[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// No link is followed on the way: it could lead to a file of the teacher's, or to another student's work.
fn take(folder: &Path, file: &Path) -> Result<Vec<u8>, Unfit> {
    let no_plain_file = || Unfit::NoPlainFile(file.to_owned());
    let mut path = folder.to_owned();
    for part in file.components() {
        path.push(part);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => return Err(no_plain_file()),
            Ok(_) => {}
            Err(_) => return Err(Unfit::Missing(file.to_owned())),
        }
    }
    let unreadable = |error: std::io::Error| Unfit::Unreadable(file.to_owned(), error.to_string());
    let metadata = path.metadata().map_err(unreadable)?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return Err(no_plain_file());
    }
    let mut content = Vec::new();
    let opened = std::fs::File::open(&path).map_err(unreadable)?;
    opened
        .take(LARGEST)
        .read_to_end(&mut content)
        .map_err(unreadable)?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn class() -> tempfile::TempDir {
        let class = tempfile::tempdir().expect("a folder");
        for student in ["zoe", "leo"] {
            let folder = class.path().join(student).join("gateway");
            fs::create_dir_all(&folder).expect("made");
            fs::write(folder.join("a.rs"), student).expect("written");
        }
        class
    }

    #[test]
    fn a_folder_of_submissions_and_one_submission_are_told_apart() {
        let class = class();
        let names = |folders: &[PathBuf]| -> Vec<String> {
            let found = find(folders).expect("read");
            found.into_iter().map(|one| one.student).collect()
        };
        assert_eq!(names(&[class.path().to_owned()]), ["leo", "zoe"]);
        let one = class.path().join("zoe");
        fs::write(one.join("Cargo.toml"), "").expect("written");
        assert_eq!(names(&[one]), ["zoe"]);
    }

    #[test]
    fn only_plain_files_of_a_sensible_size_are_taken() {
        let class = class();
        let folder = class.path().join("zoe");
        let file = Path::new("gateway/a.rs");
        assert_eq!(take(&folder, file), Ok(b"zoe".to_vec()));
        let missing = Path::new("gateway/b.rs");
        assert_eq!(take(&folder, missing), Err(Unfit::Missing(missing.into())));
        let huge = "x".repeat(usize::try_from(LARGEST).expect("small") + 1);
        fs::write(folder.join("gateway/b.rs"), huge).expect("written");
        assert_eq!(
            take(&folder, missing),
            Err(Unfit::NoPlainFile(missing.into()))
        );
        let gateway = Path::new("gateway");
        assert_eq!(
            take(&folder, gateway),
            Err(Unfit::NoPlainFile(gateway.into()))
        );
    }

    #[test]
    fn two_works_have_one_fingerprint_only_where_they_are_the_same() {
        let work = |files: &[(&str, &str)]| {
            let files = files.iter();
            let files = files.map(|(file, text)| (file.into(), text.as_bytes().to_vec()));
            Work(files.collect()).fingerprint()
        };
        let one = work(&[("a", "xy"), ("b", "z")]);
        assert_eq!(one, work(&[("a", "xy"), ("b", "z")]));
        for other in [[("a", "x"), ("b", "yz")], [("a", "xy"), ("bz", "")]] {
            assert_ne!(one, work(&other));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_the_work_of_somebody_else_is_not_followed() {
        let class = class();
        let lazy = class.path().join("lazy");
        fs::create_dir_all(&lazy).expect("made");
        std::os::unix::fs::symlink("../leo/gateway", lazy.join("gateway")).expect("linked");
        let file = Path::new("gateway/a.rs");
        assert_eq!(take(&lazy, file), Err(Unfit::NoPlainFile(file.into())));
    }
}
