//! One `cargo build` of some programs of a workspace. Cargo says itself where it put them, and what is wrong with the
//! code: a target folder moved by configuration is found, and errors are known by their file and line.

mod diagnostic;

use std::env;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

pub use diagnostic::Diagnostic;

/// What to build, and how.
#[derive(Debug, Clone, Copy)]
pub struct Build<'a> {
    pub workspace: &'a Path,
    /// Names of programs, whatever their package.
    pub programs: &'a [&'a str],
    /// Where cargo puts what it makes; its usual folder where nothing is said.
    pub target: Option<&'a Path>,
    pub release: bool,
    /// Cargo's own progress is let through to standard error.
    pub progress: bool,
    /// Errors are told in colours.
    pub color: bool,
}

#[derive(Debug)]
pub enum BuildError {
    NoCargo(io::Error),
    Failed {
        /// Warnings are not among them.
        errors: Vec<Diagnostic>,
        /// What cargo said itself, where it was not shown already: a manifest that it cannot read, a missing linker.
        said: String,
    },
}

/// A line of cargo's JSON.
#[derive(Deserialize)]
struct Told {
    /// A program has been built, or was fresh.
    executable: Option<PathBuf>,
    message: Option<diagnostic::Message>,
}

/// The folder with the programs.
pub fn build(build: Build<'_>) -> Result<PathBuf, BuildError> {
    let mut cargo = command(build).spawn().map_err(BuildError::NoCargo)?;
    let said = cargo
        .stderr
        .take()
        .map(|stderr| std::thread::spawn(move || io::read_to_string(stderr).unwrap_or_default()));
    let (folder, errors) = listen(&mut cargo);
    let status = cargo.wait().map_err(BuildError::NoCargo)?;
    let said = said.and_then(|thread| thread.join().ok());
    match folder {
        Some(folder) if status.success() => Ok(folder),
        _ => Err(BuildError::Failed {
            errors,
            said: said.unwrap_or_default(),
        }),
    }
}

fn command(build: Build<'_>) -> Command {
    // `cargo lab` runs under cargo, which says where it is.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    // The whole workspace is selected whatever is built of it: another choice of packages would be another choice of
    // features, and cargo would compile the dependencies again.
    command
        .current_dir(build.workspace)
        .args(["build", "--workspace"])
        .args(build.programs.iter().flat_map(|name| ["--bin", name]))
        .arg(match build.color {
            true => "--message-format=json-diagnostic-rendered-ansi",
            false => "--message-format=json",
        })
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    if let Some(target) = build.target {
        command.arg("--target-dir").arg(target);
    }
    if build.release {
        command.arg("--release");
    }
    match build.progress {
        true => command.stderr(Stdio::inherit()),
        false => command.arg("--quiet").stderr(Stdio::piped()),
    };
    command
}

fn listen(cargo: &mut Child) -> (Option<PathBuf>, Vec<Diagnostic>) {
    let lines = cargo.stdout.take().map(BufReader::new);
    let lines = lines
        .into_iter()
        .flat_map(|lines| lines.lines().map_while(Result::ok));
    let (mut folder, mut errors) = (None, Vec::new());
    for told in lines.filter_map(|line| serde_json::from_str::<Told>(&line).ok()) {
        folder = folder.or_else(|| told.executable?.parent().map(Path::to_owned));
        errors.extend(told.message.and_then(Diagnostic::error));
    }
    (folder, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(main: &str) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let manifest = "[package]\nname = \"small\"\nedition = \"2024\"\n[workspace]\n";
        std::fs::write(folder.path().join("Cargo.toml"), manifest).expect("written");
        std::fs::create_dir(folder.path().join("src")).expect("made");
        std::fs::write(folder.path().join("src/main.rs"), main).expect("written");
        folder
    }

    fn built(folder: &Path) -> Result<PathBuf, BuildError> {
        build(Build {
            workspace: folder,
            programs: &["small"],
            target: Some(&folder.join("elsewhere")),
            release: false,
            progress: false,
            color: false,
        })
    }

    #[test]
    fn the_programs_are_where_cargo_says() {
        let folder = package("fn main() {}");
        let programs = built(folder.path()).expect("built");
        assert!(programs.starts_with(folder.path().join("elsewhere")));
        let program = format!("small{}", env::consts::EXE_SUFFIX);
        assert!(programs.join(program).is_file());
    }

    #[test]
    fn errors_are_told_with_their_place_and_warnings_are_not() {
        let folder = package("fn main() {\n    let unused = 1;\n    nothing();\n}\n");
        let Err(BuildError::Failed { errors, .. }) = built(folder.path()) else {
            panic!("it was built");
        };
        let [error] = &errors[..] else {
            panic!("{errors:?}");
        };
        let place = (error.file.as_deref(), error.line, error.column);
        assert_eq!(place, (Some(Path::new("src/main.rs")), 3, 5));
        assert!(error.text.contains("nothing"), "{error:?}");
    }

    #[test]
    fn what_cargo_itself_says_is_kept() {
        let folder = package("fn main() {}");
        std::fs::write(folder.path().join("Cargo.toml"), "[package").expect("written");
        let Err(BuildError::Failed { errors, said }) = built(folder.path()) else {
            panic!("it was built");
        };
        assert!(
            errors.is_empty() && said.contains("Cargo.toml"),
            "{errors:?} {said}"
        );
    }
}
