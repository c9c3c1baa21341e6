//! The Rust files of the workspace.

use std::io;
use std::path::Path;

/// What holds no test of this tree: what builds make, and what labs put in the place of its files.
const PASSED_OVER: [&str; 4] = ["target", "node_modules", "starter", "decoys"];

/// Path from the root, with `/` on every system, and text; sorted by path.
pub fn below(root: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    walk(root, "", &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') || PASSED_OVER.contains(&name.as_str()) {
            continue;
        }
        let path = format!("{prefix}{name}");
        // Links are not followed: they could lead out, or in circles.
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{path}/"), files)?;
        } else if name.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path())?;
            files.push((path, text.replace("\r\n", "\n")));
        }
    }
    Ok(())
}
