//! A small tree with two labs for tests: a git repository when it is wanted, and a desk in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use escale_exercises::Lab;

use super::catalogue::Exercise;
use super::desk::Desk;
use crate::console::Console;
use crate::layout::Layout;
use crate::texts::Lang;

pub(crate) const FILE: &str = "gateway/limit.rs";
pub(crate) const REFERENCE: &str = "fn limit() {\n    refuse();\n}\n";
pub(crate) const STARTER: &str = "fn limit() {\n    // TODO(lab 04)\n}\n";

pub(crate) struct Scene {
    folder: tempfile::TempDir,
}

impl Scene {
    pub fn without_git() -> Self {
        let scene = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
        };
        scene.write(FILE, REFERENCE);
        scene.write("gateway/audit.rs", "fn audit() {}\n");
        scene.write("README.md", "# A tree\n");
        for (name, file, starter) in [
            ("04-rate-limiting", FILE, STARTER),
            ("06-audit", "gateway/audit.rs", "// TODO(lab 06)\n"),
        ] {
            let number = &name[..2];
            let card = format!(
                "id = \"{number}\"\ntitle = {{ fr = \"Limites\", en = \"Limits\" }}\nminutes = 60\n\
                 rules = [\"L6\"]\nfiles = [\"{file}\"]\nstarter_fails = []\n"
            );
            scene.write(&format!("exercises/{name}/lab.toml"), &card);
            scene.write(&format!("exercises/{name}/starter/{file}"), starter);
        }
        scene
    }

    /// With one commit on `main`; who commits is told to git for this repository alone.
    pub fn with_git() -> Self {
        let scene = Self::without_git();
        scene.git(&["init", "--quiet", "--initial-branch", "main"]);
        scene.git(&["config", "user.name", "Zoé"]);
        scene.git(&["config", "user.email", "zoe@exemple.fr"]);
        // As learners on Windows have it, and as this machine's own settings may or may not say.
        scene.git(&["config", "core.autocrlf", "false"]);
        scene.git(&["config", "commit.gpgsign", "false"]);
        scene.commit("First");
        scene
    }

    pub fn commit(&self, message: &str) {
        self.git(&["add", "."]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    pub fn tree(&self) -> PathBuf {
        self.folder.path().join("tree")
    }

    pub fn desk(&self) -> Desk {
        let layout = Layout::at(&self.folder.path().join("home"));
        let lab = |folder| Lab {
            folder,
            criteria: Vec::new,
            hidden: None,
            attack: None,
        };
        let labs = ["04-rate-limiting", "06-audit"].map(lab).to_vec();
        Desk::at(&self.tree(), &layout, labs, &CONSOLE).expect("a desk")
    }

    pub fn lab(&self, asked: &str) -> Exercise {
        self.desk().exercise(Some(asked)).expect(asked)
    }

    pub fn write(&self, file: &str, content: &str) {
        let path = self.tree().join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, content).expect("written");
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.tree().join(file)).expect("there")
    }

    pub fn remove(&self, file: impl AsRef<Path>) {
        fs::remove_dir_all(self.tree().join(file)).expect("removed");
    }

    pub fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.tree())
            .args(arguments)
            .output()
            .expect("git runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// English, and nothing on standard output.
pub(crate) const CONSOLE: Console = Console {
    lang: Lang::En,
    json: true,
    color: false,
    progress: false,
};
