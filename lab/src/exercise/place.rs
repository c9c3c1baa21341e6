//! Which content a lab's files have: the starter's, the learner's, the reference's.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use escale_exercises::Card;

use super::catalogue::Exercise;
use super::desk::Desk;
use super::progress::Begun;
use crate::private_file::write_public;

/// Path from the workspace's root, content.
pub type Contents = Vec<(PathBuf, Vec<u8>)>;

/// A file's content, or that there is none.
pub fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The files with the defence taken out. None in a students' repository: there they lie in their place already.
pub fn starter(exercise: &Exercise) -> io::Result<Contents> {
    contents(exercise, |file| {
        read(&Card::starter(&exercise.folder, file))
    })
}

/// The lab's files as they lie in a folder: in the tree they are the learner's.
pub fn under(exercise: &Exercise, folder: &Path) -> io::Result<Contents> {
    contents(exercise, |file| read(&folder.join(file)))
}

/// The files as they were when the lab was begun.
pub fn originals(desk: &Desk, exercise: &Exercise) -> anyhow::Result<Contents> {
    match desk.journal(exercise).begun {
        Some(Begun::Branch { base, .. }) => {
            let git = desk.git()?;
            let mut found = Vec::new();
            for file in &exercise.card.files {
                let content = git.file_at(&base, file);
                let content = content.map_err(|fault| desk.git_refusal(&fault))?;
                found.extend(content.map(|content| (file.clone(), content)));
            }
            Ok(found)
        }
        Some(Begun::InPlace) => Ok(under(exercise, &desk.originals(exercise))?),
        None => Ok(under(exercise, &desk.workspace)?),
    }
}

/// The reference: what was there before the defence was taken out. `None` where the tree never held it, as in a
/// students' repository.
pub fn reference(desk: &Desk, exercise: &Exercise) -> anyhow::Result<Option<Contents>> {
    let (originals, starter) = (originals(desk, exercise)?, starter(exercise)?);
    let same = |one: &Contents, other: &Contents| {
        one.len() == other.len()
            && one.iter().zip(other).all(|((_, one), (_, other))| {
                // A checkout on Windows may have other ends of lines than the starter.
                without_returns(one) == without_returns(other)
            })
    };
    let has_none = starter.is_empty() || same(&originals, &starter);
    Ok((!has_none).then_some(originals))
}

/// Puts files into the tree, each whole or not at all.
pub fn put(contents: &Contents, folder: &Path) -> io::Result<()> {
    for (file, content) in contents {
        write_public(&folder.join(file), content)?;
    }
    Ok(())
}

fn contents(
    exercise: &Exercise,
    read: impl Fn(&Path) -> io::Result<Option<Vec<u8>>>,
) -> io::Result<Contents> {
    let files = exercise.card.files.iter();
    let read = files.map(|file| Ok(read(file)?.map(|content| (file.clone(), content))));
    read.filter_map(Result::transpose).collect()
}

fn without_returns(content: &[u8]) -> Vec<u8> {
    let kept = content.iter().copied().filter(|byte| *byte != b'\r');
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::scene::{FILE, REFERENCE, Scene};
    use crate::exercise::start::start;

    #[test]
    fn the_reference_is_the_file_at_the_commit_from_which_the_lab_was_begun_or_the_kept_original() {
        for (scene, no_branch) in [(Scene::with_git(), false), (Scene::without_git(), true)] {
            start(&mut scene.desk(), &scene.lab("04"), no_branch).expect("begun");
            scene.write(FILE, "fn limit() { mine(); }\n");
            let reference = reference(&scene.desk(), &scene.lab("04")).expect("looked for");
            let expected = (PathBuf::from(FILE), REFERENCE.as_bytes().to_vec());
            assert_eq!(reference, Some(vec![expected]));
        }
    }
}
