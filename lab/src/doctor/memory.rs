//! Memory: the largest crates want about a gigabyte while they are built.

use super::{Patient, Verdict};
use crate::texts::doctor as texts;

const LITTLE_MEGABYTES: u64 = 1500;

pub(super) fn check(patient: &Patient<'_>) -> (Verdict, String) {
    let Some(megabytes) = available_megabytes() else {
        return (Verdict::Good, patient.say(&texts::MEMORY_UNKNOWN, &[]));
    };
    let (verdict, text) = match megabytes {
        ..LITTLE_MEGABYTES => (Verdict::Warning, texts::MEMORY_LOW),
        _ => (Verdict::Good, texts::MEMORY_FREE),
    };
    (verdict, patient.say(&text, &[("megabytes", &megabytes)]))
}

#[cfg(target_os = "linux")]
pub(super) fn available_megabytes() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024)
}

/// The whole memory: macOS makes room for who asks.
#[cfg(target_os = "macos")]
pub(super) fn available_megabytes() -> Option<u64> {
    let bytes: u64 = first_number("sysctl", &["-n", "hw.memsize"])?;
    Some(bytes / (1024 * 1024))
}

#[cfg(windows)]
pub(super) fn available_megabytes() -> Option<u64> {
    let question = "(Get-CimInstance Win32_OperatingSystem).FreePhysicalMemory";
    let kilobytes = first_number("powershell", &["-NoProfile", "-Command", question])?;
    Some(kilobytes / 1024)
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(super) fn available_megabytes() -> Option<u64> {
    None
}

#[cfg(any(target_os = "macos", windows))]
fn first_number(program: &str, arguments: &[&str]) -> Option<u64> {
    let output = std::process::Command::new(program)
        .args(arguments)
        .output()
        .ok()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
