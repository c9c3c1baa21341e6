//! A secret key, from the environment, from a file, or from chance. Never from the source: what is in git is known to
//! everybody who ever had a copy (R5).

use std::env;
use std::fmt;
use std::sync::Arc;

use anyhow::{Context, bail};

/// A key for HMAC-SHA-256 is at least as long as its result (RFC 7518 section 3.2). Shorter ones are found by trying.
const SHORTEST: usize = 32;

#[derive(Clone)]
pub struct Key(Arc<[u8]>);

impl Key {
    /// The value of the variable `name`, or the content of the file that `<name>_FILE` names.
    pub fn required(name: &str) -> anyhow::Result<Self> {
        let found = Self::read(name)?;
        found.with_context(|| format!("{name} est absente / is missing: {SHORTEST}+ characters"))
    }

    /// The same; where neither is set, 32 random bytes that nobody else ever has. What they signed is worth nothing
    /// once the program has ended: safer than a default value that all copies of the program share (R7).
    pub fn or_random(name: &str) -> anyhow::Result<Self> {
        if let Some(key) = Self::read(name)? {
            return Ok(key);
        }
        let mut bytes = [0; SHORTEST];
        aws_lc_rs::rand::fill(&mut bytes).context("no random numbers to be had")?;
        Self::new(&bytes).context("a random key")
    }

    pub fn new(bytes: &[u8]) -> anyhow::Result<Self> {
        if bytes.len() < SHORTEST {
            bail!("trop courte / too short: {SHORTEST} bytes at the least");
        }
        Ok(Self(bytes.into()))
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn read(name: &str) -> anyhow::Result<Option<Self>> {
        let file = format!("{name}_FILE");
        let text = match (env::var(name), env::var(&file)) {
            (Ok(_), Ok(_)) => bail!("{name} and {file} are both set: one of them is too many"),
            (Ok(text), Err(_)) => text,
            (Err(_), Ok(path)) => std::fs::read_to_string(path).context(file)?,
            (Err(_), Err(_)) => return Ok(None),
        };
        let key = Self::new(text.trim().as_bytes());
        key.with_context(|| name.to_owned()).map(Some)
    }
}

/// Keys do not get into logs by mistake (R20).
impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_can_be_guessed_is_refused() {
        assert!(Key::new(b"secret").is_err());
        assert!(Key::new(&[b'x'; 31]).is_err());
        assert!(Key::new(&[b'x'; 32]).is_ok());
    }

    #[test]
    fn chance_never_gives_the_same_key_twice() {
        let key = || Key::or_random("NOBODY_SETS_THIS").expect("a key");
        assert_ne!(key().bytes(), key().bytes());
        assert!(Key::required("NOBODY_SETS_THIS").is_err());
    }

    #[test]
    fn a_key_is_not_printed() {
        let key = Key::new(b"0123456789abcdef0123456789abcdef").expect("a key");
        assert_eq!(format!("{key:?}"), "Key(…)");
    }
}
