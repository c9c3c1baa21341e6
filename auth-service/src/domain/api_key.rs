//! An API key: what a program shows that reads public resources (T1). It stands for no person: a service never takes
//! its bearer for its owner.

use std::time::Duration;

use escale_schemas::api_key::KEY_SCOPES;
use service_kit::api_key::KeyHash;
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::lockout;
use super::role::Role;
use super::scope::Scopes;

/// Of one account, at one time. More would be a way to many quotas, and nobody would know them apart.
pub const MOST_KEYS: i64 = 10;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// A key as it is stored, for its owner to read. The key itself is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    pub id: Uuid,
    pub account: Uuid,
    pub name: String,
    pub hash: KeyHash,
    pub prefix: String,
    pub scopes: Scopes,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

/// What decides about an account's keys, read at the moment of the question (R3).
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    pub role: Role,
    /// 0 for an account that is not locked.
    pub locked_until: Timestamp,
}

impl Owner {
    pub fn is_locked(&self, now: Timestamp) -> bool {
        lockout::is_locked(self.locked_until, now)
    }

    /// Whether a key of this owner may hold these: what keys may open at all, and no more than its owner.
    pub fn may_give(&self, scopes: &Scopes) -> bool {
        scopes.is_within(&Scopes::known(KEY_SCOPES)) && scopes.is_within(&self.role.scopes())
    }
}

impl StoredKey {
    /// Whether the key opens anything now.
    pub fn is_in_force(&self, owner: &Owner, now: Timestamp) -> bool {
        now < self.expires_at && !owner.is_locked(now) && owner.may_give(&self.scopes)
    }

    /// Whether a use of this moment is the first of its day: only then it is written down.
    pub fn is_first_use(&self, now: Timestamp) -> bool {
        self.last_used_at.is_none_or(|last| last < day_of(now))
    }
}

/// The beginning of a moment's day. A finer mark would be a diary of who calls when, and a write for each request.
pub fn day_of(now: Timestamp) -> Timestamp {
    let day = i64::try_from(DAY.as_millis()).expect("a day is short");
    Timestamp(now.0 - now.0.rem_euclid(day))
}

/// When a key made now ends.
pub fn expiry(now: Timestamp, days: i64) -> Timestamp {
    now.plus(DAY * u32::try_from(days).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use service_kit::api_key::ApiKey;

    use super::*;

    const NOW: Timestamp = Timestamp(1_798_761_600_000);

    fn key(scopes: &str) -> StoredKey {
        StoredKey {
            id: Uuid::new_v4(),
            account: Uuid::new_v4(),
            name: "n".to_owned(),
            hash: ApiKey::random().hash(),
            prefix: String::new(),
            scopes: Scopes::parse(scopes).expect("scopes"),
            created_at: NOW,
            expires_at: expiry(NOW, 1),
            last_used_at: None,
        }
    }

    fn owner(role: Role, locked_until: i64) -> Owner {
        Owner {
            role,
            locked_until: Timestamp(locked_until),
        }
    }

    #[test]
    fn no_role_can_give_a_key_what_is_not_public() {
        for role in [Role::User, Role::Guide, Role::Admin] {
            for (scopes, expected) in [
                ("tours:read", true),
                ("tours:write", false),
                ("tours:read bookings:read", false),
                ("profile", false),
            ] {
                let key = key(scopes);
                assert_eq!(key.is_in_force(&owner(role, 0), NOW), expected, "{scopes}");
            }
        }
    }

    #[test]
    fn a_key_is_dead_from_its_end_on_and_while_its_owner_is_locked() {
        let (key, free) = (key("tours:read"), owner(Role::User, 0));
        assert!(key.is_in_force(&free, Timestamp(key.expires_at.0 - 1)));
        assert!(!key.is_in_force(&free, key.expires_at));
        let locked = owner(Role::User, NOW.0 + 1);
        assert!(!key.is_in_force(&locked, NOW));
        assert!(key.is_in_force(&locked, Timestamp(NOW.0 + 1)));
    }

    #[test]
    fn a_use_is_written_down_once_a_day() {
        let mut key = key("tours:read");
        assert!(key.is_first_use(NOW));
        key.last_used_at = Some(day_of(NOW));
        let in_a_day = NOW.plus(DAY);
        assert!(!key.is_first_use(Timestamp(in_a_day.0 - 1)));
        assert!(key.is_first_use(in_a_day));
    }
}
