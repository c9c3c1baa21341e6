//! Files that appear whole or not at all, and secrets that only their owner can read (R5).

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use tempfile::Builder;

/// Writes a file that holds a secret: mode 0600 from its first byte on.
///
/// Windows has no modes: there the file takes the access list of its folder, which under a user's profile lets in
/// that user, the administrators and the system.
pub fn write_secret(path: &Path, content: &str) -> io::Result<()> {
    write(path, content.as_bytes(), 0o600)
}

/// Writes a file that holds a secret of two users: mode 0640, its owner and its group.
pub fn write_shared(path: &Path, content: &str) -> io::Result<()> {
    write(path, content.as_bytes(), 0o640)
}

/// Writes a file that anybody may read.
pub fn write_public(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    write(path, content.as_ref(), 0o644)
}

/// Makes a folder, and the folders above it, that only its owner can enter.
pub fn make_private_folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Whether others than the owner can read the file. On Windows the folder's access list decides; never told here.
pub fn is_open_to_others(path: &Path) -> io::Result<bool> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        Ok(metadata.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = metadata;
        Ok(false)
    }
}

/// A temporary file in the same folder, then a rename over the old file: a reader sees the old content or the new one,
/// never half of either.
fn write(path: &Path, content: &[u8], mode: u32) -> io::Result<()> {
    let folder = path
        .parent()
        .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".new-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = mode;
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: R5
    #[test]
    fn a_secret_replaces_the_old_one_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("deep/secret");
        write_secret(&file, "one").expect("written");
        write_secret(&file, "two").expect("written again");
        assert_eq!(fs::read_to_string(&file).expect("readable"), "two");
        assert!(!is_open_to_others(&file).expect("there"));
        let left = fs::read_dir(folder.path().join("deep"))
            .expect("there")
            .count();
        assert_eq!(left, 1, "no temporary file is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_certificate_may_be_read_by_all() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("cert.pem");
        write_public(&file, "pem").expect("written");
        assert!(is_open_to_others(&file).expect("there"));
    }
}
