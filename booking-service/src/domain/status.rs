//! The state machine of a booking, whole:
//!
//! ```text
//!              Confirm              Refund
//!   Pending ------------> Confirmed ------> Cancelled
//!      | \______________________________________^
//!      |                Abandon
//!      | Expire
//!      v
//!   Expired
//! ```
//!
//! The store writes a change as one conditional statement, `... WHERE status = <from>`, so that of two changes that
//! race one wins and the other sees it.

use utoipa::ToSchema;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ToSchema)]
#[schema(as = BookingStatus, rename_all = "lowercase")]
pub enum Status {
    /// Seats are held until the hold is over; not paid.
    Pending,
    Confirmed,
    Cancelled,
    /// The hold was over before a payment came.
    Expired,
}

/// The only things that may happen to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Change {
    /// Its payment was captured.
    Confirm,
    /// Its owner gave it up before paying.
    Abandon,
    /// Its owner cancelled after paying: the money goes back.
    Refund,
    /// Its hold ran out.
    Expire,
}

impl Status {
    pub const ALL: [Self; 4] = [
        Self::Pending,
        Self::Confirmed,
        Self::Cancelled,
        Self::Expired,
    ];

    /// All names, in the order of [`Status::ALL`].
    pub const NAMES: [&'static str; 4] = ["pending", "confirmed", "cancelled", "expired"];

    /// The name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Whether a booking in this state has seats.
    pub fn holds_seats(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed)
    }
}

impl Change {
    pub const ALL: [Self; 4] = [Self::Confirm, Self::Abandon, Self::Refund, Self::Expire];

    pub fn from(self) -> Status {
        match self {
            Self::Confirm | Self::Abandon | Self::Expire => Status::Pending,
            Self::Refund => Status::Confirmed,
        }
    }

    pub fn to(self) -> Status {
        match self {
            Self::Confirm => Status::Confirmed,
            Self::Abandon | Self::Refund => Status::Cancelled,
            Self::Expire => Status::Expired,
        }
    }

    pub fn gives_seats_back(self) -> bool {
        self.from().holds_seats() && !self.to().holds_seats()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_changes_are_possible_and_no_other() {
        let possible = Change::ALL.map(|change| (change.from(), change.to()));
        let expected = [
            (Status::Pending, Status::Confirmed),
            (Status::Pending, Status::Cancelled),
            (Status::Confirmed, Status::Cancelled),
            (Status::Pending, Status::Expired),
        ];
        assert_eq!(possible, expected);
    }

    #[test]
    fn what_is_cancelled_or_expired_stays_so() {
        for change in Change::ALL {
            assert!(change.from().holds_seats(), "{change:?}");
        }
    }

    #[test]
    fn every_change_but_a_confirmation_gives_the_seats_back() {
        let giving = Change::ALL.map(Change::gives_seats_back);
        assert_eq!(giving, [false, true, true, true]);
    }

    /// Lines of a drawing such as `pending --> confirmed: Confirm`.
    fn drawn(page: &'static str) -> Vec<(&'static str, &'static str, &'static str)> {
        let arrow = |line: &'static str| {
            let (from, rest) = line.trim().split_once(" --> ")?;
            let (to, change) = rest.split_once(": ")?;
            Status::parse(from)?;
            Some((from, to, change))
        };
        page.lines().filter_map(arrow).collect()
    }

    #[test]
    fn the_architecture_pages_draw_these_changes_and_no_others() {
        let names = Change::ALL.map(|change| format!("{change:?}"));
        let changes = Change::ALL.into_iter().zip(&names);
        let mut expected: Vec<_> = changes
            .map(|(change, name)| (change.from().as_str(), change.to().as_str(), name.as_str()))
            .collect();
        expected.sort_unstable();
        for page in [
            include_str!("../../../docs/architecture.md"),
            include_str!("../../../docs/architecture.fr.md"),
        ] {
            let mut drawn = drawn(page);
            drawn.sort_unstable();
            assert_eq!(drawn, expected);
        }
    }

    #[test]
    fn every_status_is_read_back_from_its_name() {
        assert_eq!(Status::ALL.map(Status::as_str), Status::NAMES);
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("Pending"), None);
    }
}
