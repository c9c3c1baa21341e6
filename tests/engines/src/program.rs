//! Programs of this system: where they are, and a port for them.

use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

/// The program `name`, by its real path: on the PATH, or in one of `folders`. Distributions put links to programs on the
/// PATH, and some look for their own files beside the real one.
pub fn find_program(name: &str, folders: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let found = find_named(name, folders)?;
    std::fs::canonicalize(found).ok()
}

/// The same as it is found, for one that asks by which name it was called: Debian's `redis-server` is a link to
/// `redis-check-rdb`.
pub fn find_named(name: &str, folders: impl IntoIterator<Item = PathBuf>) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    on_path
        .into_iter()
        .chain(folders)
        .map(|folder| folder.join(&file))
        .find(|program| program.is_file())
}

/// The folders `bin` in the folders of `parent`, the last name first: `/usr/lib/postgresql/17/bin` before `15`.
pub fn bins_under(parent: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(Path::new(parent)).into_iter().flatten();
    let mut bins: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .collect();
    bins.sort();
    bins.reverse();
    bins
}

/// A port that nobody listens on. Another program may take it before it is used: who starts one tries again.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("a bound address").port()
}
