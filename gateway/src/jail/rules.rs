//! The numbers of `[jail]` in `routes.toml`.

use std::time::Duration;

use super::{Inmate, Offence};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The names of the routes that take passwords and secrets: a 401 there is a failed login.
    pub logins: Vec<Box<str>>,
    /// The names of the routes that show one thing each, by its id or by a query.
    pub walks: Vec<Box<str>>,
    /// The time in which different things are counted.
    pub walk_window: Duration,
    pub first_ban: Duration,
    pub longest_ban: Duration,
    /// For so long after its end a ban makes the next one longer.
    pub memory: Duration,
    /// How many addresses and users are remembered at most.
    pub capacity: usize,
    pub points: Points,
    pub address: Side,
    pub user: Side,
}

/// What holds for addresses, and what for users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// So many points are a ban.
    pub threshold: u64,
    /// Points that drain away in a minute.
    pub decay_per_minute: u64,
    /// Different things that cost nothing in one window.
    pub things: usize,
}

/// What each offence costs; 0 where it does not count. In the order of [`Offence::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points(pub [u64; Offence::ALL.len()]);

impl Points {
    pub fn of(&self, offence: Offence) -> u64 {
        self.0[offence as usize]
    }
}

impl Rules {
    pub fn side(&self, who: &Inmate) -> &Side {
        match who {
            Inmate::Address(_) => &self.address,
            Inmate::User(_) => &self.user,
        }
    }

    pub fn is_login(&self, route: &str) -> bool {
        self.logins.iter().any(|name| &**name == route)
    }

    pub fn is_walk(&self, route: &str) -> bool {
        self.walks.iter().any(|name| &**name == route)
    }

    /// The length of the ban that comes after `earlier` others: the first one's, doubled each time.
    pub fn ban(&self, earlier: u32) -> Duration {
        let factor = 1_u32.checked_shl(earlier).unwrap_or(u32::MAX);
        self.first_ban.saturating_mul(factor).min(self.longest_ban)
    }
}

#[cfg(test)]
mod tests {
    use crate::route_table::{BUILT_IN, RouteTable};

    #[test]
    fn each_ban_is_twice_the_one_before_up_to_a_day() {
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        let minutes = |earlier| table.jail().ban(earlier).as_secs() / 60;
        assert_eq!([0, 1, 2, 3].map(minutes), [1, 2, 4, 8]);
        assert_eq!(
            [10, 11, 31, 32, u32::MAX].map(minutes),
            [1024, 1440, 1440, 1440, 1440]
        );
    }
}
