//! Reads environment variables one by one and keeps a list of everything that is wrong with them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;

use crate::networks::Networks;

/// Environment variables, and the faults found while reading them.
///
/// Every reader gives `None` after it has noted a fault, so a section reads all of its keys first and only then uses
/// `?`: one start tells every mistake.
#[derive(Debug)]
pub struct Settings {
    values: BTreeMap<String, String>,
    faults: RefCell<Vec<String>>,
}

/// All that is wrong with the configuration, a line each. It never holds a value: a value may be a secret.
#[derive(Debug, thiserror::Error)]
pub struct ConfigFaults(pub Vec<String>);

impl fmt::Display for ConfigFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "configuration: {} fault(s)", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|fault| writeln!(f, "  - {fault}"))
    }
}

impl Settings {
    /// The process's environment. A value that is not UTF-8 counts as absent.
    pub fn from_process() -> Self {
        Self::from_pairs(
            std::env::vars_os().filter_map(|(key, value)| {
                Some((key.into_string().ok()?, value.into_string().ok()?))
            }),
        )
    }

    pub fn from_pairs<K: Into<String>, V: Into<String>>(
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let values = pairs
            .into_iter()
            .map(|(key, value)| (key.into(), value.into()))
            .collect();
        Self {
            values,
            faults: RefCell::default(),
        }
    }

    /// Reads a whole configuration: either all of it is right, or every fault is told.
    pub fn load<C>(&self, read: impl FnOnce(&Self) -> Option<C>) -> Result<C, ConfigFaults> {
        let config = read(self);
        let faults = self.faults.take();
        match config {
            Some(config) if faults.is_empty() => Ok(config),
            _ => Err(ConfigFaults(faults)),
        }
    }

    /// Notes a fault that only the reader of a section can see.
    pub fn fault(&self, key: &str, message: impl fmt::Display) {
        self.faults.borrow_mut().push(format!("{key}: {message}"));
    }

    /// A variable that must be there.
    pub fn parse<T: FromStr>(&self, key: &str) -> Option<T> {
        match self.value(key) {
            Some(text) => self.parsed(key, text),
            None => {
                self.fault(key, "is not set");
                None
            }
        }
    }

    pub fn parse_or<T: FromStr>(&self, key: &str, default: T) -> Option<T> {
        self.value(key)
            .map_or(Some(default), |text| self.parsed(key, text))
    }

    /// A variable that may be absent: `Some(None)` then.
    pub fn parse_optional<T: FromStr>(&self, key: &str) -> Option<Option<T>> {
        self.value(key)
            .map_or(Some(None), |text| self.parsed(key, text).map(Some))
    }

    pub fn seconds_or(&self, key: &str, default: u64) -> Option<Duration> {
        let seconds = self.parse_or(key, default)?;
        if seconds == 0 {
            self.fault(key, "must be at least 1 second");
            return None;
        }
        Some(Duration::from_secs(seconds))
    }

    pub fn one_of(
        &self,
        key: &str,
        choices: &[&'static str],
        default: &'static str,
    ) -> Option<&'static str> {
        let Some(text) = self.value(key) else {
            return Some(default);
        };
        let choice = choices.iter().copied().find(|choice| *choice == text);
        if choice.is_none() {
            self.fault(key, format_args!("must be one of {}", choices.join(", ")));
        }
        choice
    }

    /// Addresses and networks, separated by commas; none unless it is set.
    pub fn networks(&self, key: &str) -> Option<Networks> {
        let list = self.value(key).unwrap_or_default();
        Networks::parse(list)
            .map_err(|fault| self.fault(key, fault))
            .ok()
    }

    /// A path to a file that must exist.
    pub fn file(&self, key: &str) -> Option<PathBuf> {
        let path: PathBuf = self.parse(key)?;
        if path.is_file() {
            return Some(path);
        }
        self.fault(
            key,
            format_args!(
                "{} is not a file; `cargo lab certs` makes certificates",
                path.display()
            ),
        );
        None
    }

    /// A secret, from `KEY` or from the file that `KEY_FILE` names (Docker secrets). Both at once is a fault.
    pub fn secret(&self, key: &str) -> Option<SecretString> {
        let secret = self.secret_optional(key)?;
        if secret.is_none() {
            self.fault(key, format_args!("is not set, nor is {key}_FILE"));
        }
        secret
    }

    /// As [`Settings::secret`], but it may be absent: `Some(None)` then.
    pub fn secret_optional(&self, key: &str) -> Option<Option<SecretString>> {
        let file_key = format!("{key}_FILE");
        match (self.value(key), self.value(&file_key)) {
            (Some(_), Some(_)) => {
                self.fault(key, format_args!("is set, and {file_key} too: choose one"));
                None
            }
            (Some(text), None) => Some(Some(text.into())),
            (None, Some(path)) => match std::fs::read_to_string(path) {
                Ok(text) if !text.trim().is_empty() => Some(Some(text.trim().into())),
                Ok(_) => {
                    self.fault(&file_key, format_args!("{path} is empty"));
                    None
                }
                Err(error) => {
                    self.fault(&file_key, format_args!("{path} cannot be read ({error})"));
                    None
                }
            },
            (None, None) => Some(None),
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.values
            .get(key)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    fn parsed<T: FromStr>(&self, key: &str, text: &str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            let wanted = std::any::type_name::<T>()
                .rsplit("::")
                .next()
                .unwrap_or("value");
            self.fault(key, format_args!("cannot be read as {wanted}"));
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves: R5
    #[test]
    fn every_fault_is_told_at_once_and_no_value_is_shown() {
        let settings =
            Settings::from_pairs([("PORT", "hunter2"), ("TOKEN", "a"), ("TOKEN_FILE", "b")]);
        let faults = settings
            .load(|settings| {
                let port: Option<u16> = settings.parse("PORT");
                let name: Option<String> = settings.parse("NAME");
                let token = settings.secret("TOKEN");
                Some((port?, name?, token?))
            })
            .expect_err("three faults");
        assert_eq!(faults.0.len(), 3, "{faults}");
        assert!(!faults.to_string().contains("hunter2"));
    }

    /// Proves: R5
    #[test]
    fn a_secret_is_read_from_its_file_without_the_line_end() {
        use secrecy::ExposeSecret;
        let file = std::env::temp_dir().join(format!("escale-secret-{}", uuid::Uuid::new_v4()));
        std::fs::write(&file, "s3cret\n").expect("the temporary folder can be written");
        let settings = Settings::from_pairs([("KEY_FILE", file.to_string_lossy())]);
        let secret = settings
            .load(|settings| settings.secret("KEY"))
            .expect("a secret");
        assert_eq!(secret.expose_secret(), "s3cret");
        std::fs::remove_file(file).expect("the file is ours");
    }
}
