//! Where the audit log is, under which key, and how long it is kept.

use std::path::PathBuf;
use std::time::Duration;

use secrecy::ExposeSecret;

use super::AuditKey;
use crate::config::Settings;

/// R18: at least six months, of which the longest six have 184 days.
const SIX_MONTHS: u64 = 184;

#[derive(Debug, Clone)]
pub struct AuditConfig {
    /// `AUDIT_FILE`: the file to which records are added; closed months, anchor and lock stand beside it.
    pub file: PathBuf,
    /// `AUDIT_KEY` (or `AUDIT_KEY_FILE`): 32 random bytes in base64.
    pub key: AuditKey,
    /// `AUDIT_KEEP_DAYS`: a closed month whose last record is older goes.
    pub keep: Duration,
}

impl AuditConfig {
    pub fn read(settings: &Settings) -> Option<Self> {
        let file = settings.parse("AUDIT_FILE");
        let key = read_key(settings);
        let days = settings.parse_or("AUDIT_KEEP_DAYS", SIX_MONTHS);
        if days.is_some_and(|days| days < SIX_MONTHS) {
            settings.fault(
                "AUDIT_KEEP_DAYS",
                format_args!("must be at least {SIX_MONTHS}"),
            );
            return None;
        }
        Some(Self {
            file: file?,
            key: key?,
            keep: Duration::from_secs(days?.saturating_mul(86_400)),
        })
    }
}

/// Alone, for who verifies and writes nothing.
pub fn read_key(settings: &Settings) -> Option<AuditKey> {
    let text = settings.secret("AUDIT_KEY")?;
    AuditKey::from_base64(text.expose_secret())
        .map_err(|fault| settings.fault("AUDIT_KEY", fault))
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_log_has_no_default_place_key_or_shorter_life() {
        let faults = |pairs: &[(&str, &str)]| {
            let settings = Settings::from_pairs(pairs.iter().copied());
            settings
                .load(AuditConfig::read)
                .map_or_else(|faults| faults.0.len(), |_| 0)
        };
        let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
        assert_eq!(faults(&[]), 2);
        assert_eq!(faults(&[("AUDIT_FILE", "a.jsonl"), ("AUDIT_KEY", key)]), 0);
        let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        assert_eq!(
            faults(&[
                ("AUDIT_FILE", "a"),
                ("AUDIT_KEY", zeros),
                ("AUDIT_KEEP_DAYS", "30")
            ]),
            2
        );
    }
}
