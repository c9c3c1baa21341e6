//! What happens when a refresh token is presented (RFC 9700 section 4.14.2).
//!
//! Each token is good for one exchange. A thief and the rightful user both hold a stolen token, and whoever comes
//! second gives the theft away: the whole family ends. Two tabs of one browser also come with the same token, but at
//! the same moment: within [`GRACE`] both get the same, one successor.

use std::time::Duration;

use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::lockout;
use super::role::Role;

pub const GRACE: Duration = Duration::from_secs(10);

/// All that the data say about a presented token, its family and its account, at this moment (R3).
#[derive(Debug, Clone)]
pub struct Presented {
    pub family: Uuid,
    pub account: Uuid,
    pub role: Role,
    pub locked_until: Timestamp,
    pub family_expires_at: Timestamp,
    pub family_ended: bool,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// First use: the successor is made.
    Rotate,
    /// A second use within the grace: the successor that is already there.
    Repeat,
    Refuse(Reason),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A use that comes too late to be a second tab: the family ends.
    Reused,
    FamilyEnded,
    Expired,
    Locked,
}

impl Presented {
    pub fn verdict(&self, now: Timestamp) -> Verdict {
        let graced = self.used_at.map(|used_at| now <= used_at.plus(GRACE));
        if self.family_ended {
            Verdict::Refuse(Reason::FamilyEnded)
        } else if graced == Some(false) {
            // Before expiry and lock: a stolen token that is presented late still tells of the theft.
            Verdict::Refuse(Reason::Reused)
        } else if self.family_expires_at <= now || self.expires_at <= now {
            Verdict::Refuse(Reason::Expired)
        } else if lockout::is_locked(self.locked_until, now) {
            Verdict::Refuse(Reason::Locked)
        } else if graced == Some(true) {
            Verdict::Repeat
        } else {
            Verdict::Rotate
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn presented() -> Presented {
        Presented {
            family: Uuid::new_v4(),
            account: Uuid::new_v4(),
            role: Role::User,
            locked_until: Timestamp(0),
            family_expires_at: Timestamp(2_000_000),
            family_ended: false,
            expires_at: Timestamp(1_500_000),
            used_at: None,
        }
    }

    fn used(seconds_ago: u64) -> Presented {
        let used_at = Some(NOW.minus(Duration::from_secs(seconds_ago)));
        Presented {
            used_at,
            ..presented()
        }
    }

    fn refuse(reason: Reason) -> Verdict {
        Verdict::Refuse(reason)
    }

    #[test]
    fn a_second_use_is_a_second_tab_for_ten_seconds_and_a_theft_later() {
        assert_eq!(presented().verdict(NOW), Verdict::Rotate);
        assert_eq!(used(10).verdict(NOW), Verdict::Repeat);
        assert_eq!(used(11).verdict(NOW), refuse(Reason::Reused));
    }

    #[test]
    fn a_locked_account_or_a_dead_token_gets_nothing_but_a_late_reuse_still_counts() {
        let locked_until = Timestamp(NOW.0 + 1);
        let lock = |presented| Presented {
            locked_until,
            ..presented
        };
        let expired = Presented {
            expires_at: NOW,
            ..presented()
        };
        let too_old = Presented {
            family_expires_at: NOW,
            ..presented()
        };
        let ended = Presented {
            family_ended: true,
            ..used(60)
        };
        for (presented, reason) in [
            (lock(presented()), Reason::Locked),
            (lock(used(5)), Reason::Locked),
            (lock(used(60)), Reason::Reused),
            (expired, Reason::Expired),
            (too_old, Reason::Expired),
            (ended, Reason::FamilyEnded),
        ] {
            assert_eq!(presented.verdict(NOW), refuse(reason));
        }
    }
}
