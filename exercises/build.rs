//! Finds the labs: every folder `NN-name` beside this file is one. A lab is added by adding its folder, nothing else.
//!
//! Cargo can watch a folder only with all that lies in it, a lab's own app included, and would build `cargo lab` anew
//! after each edit of a learner. So a new folder is not seen by itself: a test says so, and `touch exercises/build.rs`
//! helps.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    println!("cargo::rerun-if-changed=build.rs");
    let folders = labs(&root);
    let mut text = String::new();
    for folder in &folders {
        write_modules(&mut text, &root, folder);
    }
    text.push_str("pub(crate) fn found() -> Vec<crate::Lab> {\n    vec![\n");
    for folder in &folders {
        write_lab(&mut text, &root, folder);
    }
    text.push_str("    ]\n}\n");
    fs::write(out.join("labs.rs"), text).expect("cargo's folder can be written");
}

/// In the order of their numbers.
fn labs(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).expect("the package can be read");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_lab = |name: &String| {
        let number = name.as_bytes().get(..3);
        number.is_some_and(|start| {
            start[0].is_ascii_digit() && start[1].is_ascii_digit() && start[2] == b'-'
        }) && root.join(name).join("check.rs").is_file()
    };
    let mut names: Vec<String> = names.filter(is_lab).collect();
    names.sort_unstable();
    names
}

fn module(folder: &str) -> String {
    format!("lab_{}", folder.replace('-', "_"))
}

/// Only `check.rs` is certain: a students' copy has no hidden criteria.
fn parts(root: &Path, folder: &str) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let folder = root.join(folder);
    ["check", "hidden", "attack"]
        .into_iter()
        .map(move |part| (part, folder.join(format!("{part}.rs"))))
        .filter(|(_, path)| path.is_file())
}

fn write_modules(text: &mut String, root: &Path, folder: &str) {
    let _ = writeln!(text, "mod {} {{", module(folder));
    for (part, path) in parts(root, folder) {
        println!("cargo::rerun-if-changed={}", path.display());
        let _ = writeln!(text, "    #[path = {path:?}]\n    pub mod {part};");
    }
    text.push_str("}\n");
}

fn write_lab(text: &mut String, root: &Path, folder: &str) {
    let module = module(folder);
    let has = |wanted| parts(root, folder).any(|(part, _)| part == wanted);
    let hidden = match has("hidden") {
        true => format!("Some({module}::hidden::criteria)"),
        false => "None".to_owned(),
    };
    let attack = match has("attack") {
        true => format!("Some(|ground| Box::pin({module}::attack::attack(ground)))"),
        false => "None".to_owned(),
    };
    let _ = writeln!(
        text,
        "        crate::Lab {{ folder: {folder:?}, criteria: {module}::check::criteria, hidden: {hidden}, attack: {attack} }},"
    );
}
