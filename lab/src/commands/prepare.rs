//! Certificates, keys and accounts: made where missing, renewed where they end soon, removed by `--fresh`.

use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use time::OffsetDateTime;

use crate::accounts::Accounts;
use crate::certs::RENEW_DAYS;
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::Refusal;
use crate::private_file::{make_private_folder, write_secret};
use crate::random_text;
use crate::service::Service;
use crate::texts::{Text, accounts, platform, start};

/// Makes what the services need and is not there.
pub fn make_missing(layout: &Layout, console: &Console) -> anyhow::Result<()> {
    certificates(layout, console)?;
    let data = layout.data();
    make_private_folder(&data).map_err(|error| unusable(&data, &error, console))?;
    master_key(layout, console)?;
    audit_key(layout, console)?;
    demo_accounts(layout, console)?;
    Ok(())
}

/// Removes databases, logs, accounts and secrets, and says so for each. Certificates stay: browsers trust them.
pub fn remove_data(layout: &Layout, console: &Console) -> Result<(), Refusal> {
    let databases = Service::ALL
        .into_iter()
        .map(|service| layout.database(service));
    // SQLite's two companions of a database in WAL mode.
    let files = databases.flat_map(|path| ["", "-wal", "-shm"].map(|end| with_end(&path, end)));
    for path in files.chain([
        layout.accounts(),
        layout.logs(),
        layout.audit(),
        layout.secrets(),
    ]) {
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        match removed {
            Ok(()) => console.say(&start::FRESH_REMOVED, &[("path", &path.display())]),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unusable(&path, &error, console)),
        }
    }
    Ok(())
}

fn certificates(layout: &Layout, console: &Console) -> anyhow::Result<()> {
    let certs = layout.certs();
    let made = certs.make_missing()?;
    if !made.is_empty() {
        console.say(&start::MADE_CERTIFICATES, &[("names", &made.join(", "))]);
    }
    let renewed = certs.renew_ending(RENEW_DAYS, OffsetDateTime::now_utc())?;
    if !renewed.is_empty() {
        let values: [(&str, &dyn Display); 2] =
            [("days", &RENEW_DAYS), ("names", &renewed.join(", "))];
        console.say(&start::RENEWED_CERTIFICATES, &values);
    }
    Ok(())
}

/// A new key beside an old database would lock that database's contents away without a word.
fn master_key(layout: &Layout, console: &Console) -> Result<(), Refusal> {
    let (key, database) = (layout.master_key(), layout.database(Service::Auth));
    if key.exists() {
        return Ok(());
    }
    let values: [(&str, &dyn Display); 2] =
        [("database", &database.display()), ("key", &key.display())];
    if database.exists() {
        return Err(Refusal::Configuration(
            console.text(&start::OLD_DATABASE_NEW_KEY, &values),
        ));
    }
    let folder = layout.secrets();
    make_private_folder(&folder).map_err(|error| unusable(&folder, &error, console))?;
    write_secret(&key, &random_text::key()).map_err(|error| unusable(&key, &error, console))?;
    console.say(&start::MADE_MASTER_KEY, &[("path", &key.display())]);
    Ok(())
}

/// With a new key beside an old audit log, nobody could tell any more whether the log is whole.
fn audit_key(layout: &Layout, console: &Console) -> Result<(), Refusal> {
    let (key, log) = (layout.audit_key(), layout.audit_file());
    if key.exists() {
        return Ok(());
    }
    if log.exists() {
        let values: [(&str, &dyn Display); 2] = [("log", &log.display()), ("key", &key.display())];
        return Err(Refusal::Configuration(
            console.text(&start::OLD_AUDIT_NEW_KEY, &values),
        ));
    }
    let folder = layout.secrets();
    make_private_folder(&folder).map_err(|error| unusable(&folder, &error, console))?;
    write_secret(&key, &random_text::key()).map_err(|error| unusable(&key, &error, console))?;
    console.say(&start::MADE_AUDIT_KEY, &[("path", &key.display())]);
    Ok(())
}

/// auth-service leaves accounts that exist as they are, so a new file would hold passwords that do not work.
fn demo_accounts(layout: &Layout, console: &Console) -> Result<(), Refusal> {
    let (path, database) = (layout.accounts(), layout.database(Service::Auth));
    let refuse = |text: Text, error: &io::Error| {
        let values: [(&str, &dyn Display); 4] = [
            ("path", &path.display()),
            ("accounts", &path.display()),
            ("database", &database.display()),
            ("error", error),
        ];
        Err(Refusal::Configuration(console.text(&text, &values)))
    };
    match Accounts::read(&path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            refuse(accounts::UNREADABLE, &error)
        }
        Err(error) if database.exists() => refuse(start::OLD_DATABASE_NEW_ACCOUNTS, &error),
        Err(_) => {
            Accounts::generate()
                .write(&path)
                .map_err(|error| unusable(&path, &error, console))?;
            console.say(&start::MADE_ACCOUNTS, &[("path", &path.display())]);
            Ok(())
        }
    }
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn unusable(path: &Path, error: &io::Error, console: &Console) -> Refusal {
    let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("error", error)];
    Refusal::Configuration(console.text(&platform::FILE_UNUSABLE, &values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::private_file::is_open_to_others;
    use crate::texts::Lang;

    const CONSOLE: Console = Console {
        lang: Lang::En,
        json: true,
        color: false,
        progress: false,
    };

    #[test]
    fn what_is_there_is_never_made_again() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        make_missing(&layout, &CONSOLE).expect("made");
        let read = || {
            let files = [
                layout.master_key(),
                layout.audit_key(),
                layout.accounts(),
                layout.certs().root(),
            ];
            files.map(|path| fs::read_to_string(path).expect("a file"))
        };
        let first = read();
        make_missing(&layout, &CONSOLE).expect("nothing to do");
        assert_eq!(first, read());
        assert!(!is_open_to_others(&layout.master_key()).expect("there"));
    }

    #[test]
    fn a_database_whose_key_is_gone_is_not_given_a_new_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        fs::create_dir_all(layout.data()).expect("a folder");
        fs::write(layout.database(Service::Auth), "").expect("a database");
        make_missing(&layout, &CONSOLE).expect_err("the key is missing");
        assert!(!layout.master_key().exists());
    }

    #[test]
    fn an_audit_log_whose_key_is_gone_is_not_given_a_new_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        fs::create_dir_all(layout.audit()).expect("a folder");
        fs::write(layout.audit_file(), "").expect("a log");
        make_missing(&layout, &CONSOLE).expect_err("the key is missing");
        assert!(!layout.audit_key().exists());
    }

    #[test]
    fn passwords_that_the_database_would_not_know_are_not_made() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        make_missing(&layout, &CONSOLE).expect("made");
        fs::write(layout.database(Service::Auth), "").expect("a database");
        fs::remove_file(layout.accounts()).expect("the file");
        make_missing(&layout, &CONSOLE).expect_err("the accounts are missing");
        assert!(!layout.accounts().exists());
    }

    #[test]
    fn fresh_removes_data_and_keeps_certificates() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        make_missing(&layout, &CONSOLE).expect("made");
        let wal = layout.data().join("auth.db-wal");
        fs::write(layout.database(Service::Auth), "").expect("a database");
        fs::write(&wal, "").expect("its companion");
        fs::create_dir_all(layout.logs()).expect("logs");
        fs::create_dir_all(layout.audit()).expect("an audit log");
        remove_data(&layout, &CONSOLE).expect("removed");
        let gone = [
            layout.database(Service::Auth),
            wal,
            layout.accounts(),
            layout.master_key(),
            layout.logs(),
            layout.audit(),
            layout.audit_key(),
        ];
        assert!(gone.iter().all(|path| !path.exists()), "{gone:?}");
        assert!(layout.certs().root().exists());
    }
}
