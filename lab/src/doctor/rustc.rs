//! The Rust compiler that the workspace uses: is it there, is it new enough?

use std::process::Command;

use super::{Patient, Verdict};
use crate::layout::workspace;
use crate::texts::doctor as texts;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    let Some(shown) = shown(patient) else {
        return (Verdict::Bad, patient.say(&texts::RUSTC_MISSING, &[]));
    };
    let wanted = env!("CARGO_PKG_RUST_VERSION");
    if version(&shown) < version(wanted) {
        return (
            Verdict::Bad,
            patient.say(&texts::RUSTC_OLD, &[("found", &shown), ("wanted", &wanted)]),
        );
    }
    (Verdict::Good, shown)
}

/// `1.95.0`
pub(super) fn release(patient: &Patient<'_>) -> Option<String> {
    shown(patient)?.split(' ').nth(1).map(str::to_owned)
}

/// `rustc 1.95.0 (59807616e 2026-04-14)`
fn shown(patient: &Patient<'_>) -> Option<String> {
    let mut command = Command::new("rustc");
    if let Ok(workspace) = workspace(patient.console) {
        // There rustup reads which version the project pins.
        command.current_dir(workspace);
    }
    let output = command.arg("--version").output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Major and minor, of `1.95` and of `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut words = text
        .split(' ')
        .filter(|word| word.starts_with(|sign: char| sign.is_ascii_digit()));
    let mut parts = words.next()?.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(
            version("rustc 1.95.0 (59807616e 2026-04-14)"),
            Some((1, 95))
        );
        assert!(version("rustc 1.100.0") > version("1.95"));
        assert!(version("nonsense") < version("1.95"));
    }
}
