//! A target folder of its own for code that must not meet the workspace's: the variants of a lab, submissions. Cargo
//! would take the members of two copies of one workspace for the same packages and the one's programs for the other's.
//!
//! The dependencies are the same for all, and take minutes to compile: they are taken over from the target folder in
//! use. What cargo finds to differ it compiles anew, so this can only save time, never change a result.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// `from` and `to` are folders of one profile, such as `target/debug`. A `to` that exists is left as it is.
pub fn take_over_dependencies(workspace: &Path, from: &Path, to: &Path) -> io::Result<()> {
    if to.exists() {
        return Ok(());
    }
    let own = own_names(workspace)?;
    // Under another name until it is whole: half of it would be taken for all of it the next time.
    let name = to.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let parent = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(parent)?;
    let half = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(parent)?;
    for part in ["deps", "build", ".fingerprint"] {
        let (from, to) = (from.join(part), half.path().join(part));
        if !from.is_dir() {
            continue;
        }
        fs::create_dir_all(&to)?;
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let file_name = entry.file_name();
            if is_of(&file_name.to_string_lossy(), &own) {
                continue;
            }
            // Cargo replaces libraries and never changes them in place; its notes it does.
            let linked = part == "deps";
            take_over(&entry.path(), &to.join(file_name), linked)?;
        }
    }
    fs::rename(half.keep(), parent.join(name))
}

fn take_over(from: &Path, to: &Path, linked: bool) -> io::Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            take_over(&entry.path(), &to.join(entry.file_name()), linked)?;
        }
        return Ok(());
    }
    if linked && fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    // Cargo judges what is fresh by these times.
    let changed = fs::metadata(from)?.modified()?;
    fs::File::options()
        .write(true)
        .open(to)?
        .set_modified(changed)
}

/// Whether a file or folder of a target folder belongs to one of these: `libgateway-0d7a85ecca9d8d56.rlib`.
fn is_of(file: &str, names: &BTreeSet<String>) -> bool {
    let stem = file.split('.').next().unwrap_or(file);
    let name = stem.rsplit_once('-').map_or(stem, |(name, _)| name);
    let name = name.replace('-', "_");
    let bare = name.strip_prefix("lib").unwrap_or(&name);
    names.contains(&name) || names.contains(bare)
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Packages of the workspace and their programs, as cargo names them in files.
fn own_names(workspace: &Path) -> io::Result<BTreeSet<String>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(workspace)
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .stdin(Stdio::null())
        .output()?;
    let metadata: Metadata = serde_json::from_slice(&output.stdout)?;
    let packages = metadata.packages.into_iter();
    let names = packages.flat_map(|package| {
        let targets = package.targets.into_iter().map(|target| target.name);
        targets.chain([package.name])
    });
    Ok(names.map(|name| name.replace('-', "_")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_taken_over_with_their_times_and_the_workspaces_own_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let (from, to) = (folder.path().join("debug"), folder.path().join("new/debug"));
        let serde = from.join("deps/libserde-6099715f65a5a4a3.rlib");
        let own = from.join("deps/libescale_lab-6099715f65a5a4a3.rlib");
        let note = from.join(".fingerprint/serde-4e14751a50baae0c/lib-serde");
        for file in [&serde, &own, &note] {
            fs::create_dir_all(file.parent().expect("a folder")).expect("made");
            fs::write(file, "x").expect("written");
        }
        let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        take_over_dependencies(&workspace, &from, &to).expect("taken over");
        assert!(to.join("deps/libserde-6099715f65a5a4a3.rlib").exists());
        assert!(!to.join("deps/libescale_lab-6099715f65a5a4a3.rlib").exists());
        let copied = to.join(".fingerprint/serde-4e14751a50baae0c/lib-serde");
        let changed = |path: &Path| {
            fs::metadata(path)
                .expect("there")
                .modified()
                .expect("a time")
        };
        assert_eq!(changed(&copied), changed(&note));
        fs::write(&copied, "changed").expect("written");
        assert_eq!(fs::read_to_string(&note).expect("there"), "x");
    }

    #[test]
    fn a_name_is_recognised_in_every_form_that_cargo_gives_it() {
        let names = BTreeSet::from(["gateway".to_owned(), "test_bank".to_owned()]);
        for own in [
            "libgateway-0d7a85ecca9d8d56.rlib",
            "gateway-0d7a85ecca9d8d56",
            "gateway-0d7a85ecca9d8d56.gateway.1a2b.rcgu.o",
            "test_bank-0d7a85ecca9d8d56.d",
            "test-bank-0d7a85ecca9d8d56",
        ] {
            assert!(is_of(own, &names), "{own}");
        }
        assert!(!is_of("libserde-0d7a85ecca9d8d56.rmeta", &names));
    }
}
