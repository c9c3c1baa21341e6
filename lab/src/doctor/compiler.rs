//! The C compiler that the cryptography and SQLite are built with.

use std::process::{Command, Stdio};

use super::{Patient, Verdict};
use crate::texts::doctor as texts;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    if is_there() {
        return patient.fine();
    }
    let missing = if cfg!(windows) {
        texts::COMPILER_MISSING_WINDOWS
    } else if cfg!(target_os = "macos") {
        texts::COMPILER_MISSING_MACOS
    } else {
        texts::COMPILER_MISSING_LINUX
    };
    (Verdict::Bad, patient.say(&missing, &[]))
}

#[cfg(not(windows))]
fn is_there() -> bool {
    runs(&mut Command::new("cc"), "--version")
}

/// Visual Studio's compiler is seldom in the PATH: cargo's build scripts ask the installer, and so is done here.
#[cfg(windows)]
fn is_there() -> bool {
    let programs = std::env::var_os("ProgramFiles(x86)").unwrap_or_default();
    let installer = std::path::Path::new(&programs)
        .join("Microsoft Visual Studio")
        .join("Installer")
        .join("vswhere.exe");
    let with_compiler = [
        "-products",
        "*",
        "-requires",
        "Microsoft.VisualStudio.Component.VC.Tools.x86.x64",
    ];
    let installed = Command::new(installer).args(with_compiler).output();
    let in_path = |program: &str, argument: &str| runs(&mut Command::new(program), argument);
    installed.is_ok_and(|output| !output.stdout.is_empty())
        || in_path("cl", "/?")
        || in_path("gcc", "--version")
}

fn runs(command: &mut Command, argument: &str) -> bool {
    let command = command
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
