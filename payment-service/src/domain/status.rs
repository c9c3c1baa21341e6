//! The states of a payment: `created -> authorised -> captured -> refunded`, or `failed`.

use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = PaymentStatus)]
pub enum Status {
    /// Written here; the bank may not know of it yet.
    Created,
    /// The bank holds the money back for us, nothing is taken yet.
    Authorised,
    /// The money is ours, until the booking turns out not to be payable or is cancelled.
    Captured,
    Refunded,
    /// The bank said no; no money was taken and none will be.
    Failed,
}

impl Status {
    pub const ALL: [Self; 5] = [
        Self::Created,
        Self::Authorised,
        Self::Captured,
        Self::Refunded,
        Self::Failed,
    ];

    /// The whole state machine. What is not listed does not happen.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Created, Self::Authorised | Self::Failed)
                | (Self::Authorised, Self::Captured | Self::Failed)
                | (Self::Captured, Self::Refunded)
        )
    }

    /// Nothing follows: the booking is free for another payment.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Refunded | Self::Failed)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Authorised => "authorised",
            Self::Captured => "captured",
            Self::Refunded => "refunded",
            Self::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_five_changes_are_allowed_and_none_leads_out_of_an_end() {
        let pairs = Status::ALL
            .into_iter()
            .flat_map(|from| Status::ALL.map(|to| (from, to)));
        let allowed: Vec<_> = pairs.filter(|(from, to)| from.may_become(*to)).collect();
        assert_eq!(allowed.len(), 5);
        assert!(allowed.iter().all(|(from, _)| !from.is_over()));
    }

    /// Lines of a drawing such as `created --> failed`.
    fn drawn(page: &'static str) -> Vec<(Status, Option<Status>)> {
        let arrow = |line: &'static str| {
            let (from, to) = line.trim().split_once(" --> ")?;
            // An arrow to the end, `[*]`, is no change.
            (to != "[*]").then_some((Status::parse(from)?, Status::parse(to)))
        };
        page.lines().filter_map(arrow).collect()
    }

    #[test]
    fn the_architecture_pages_draw_these_changes_and_no_others() {
        let pairs = Status::ALL
            .into_iter()
            .flat_map(|from| Status::ALL.map(|to| (from, to)));
        let allowed: Vec<_> = pairs.filter(|(from, to)| from.may_become(*to)).collect();
        for page in [
            include_str!("../../../docs/architecture.md"),
            include_str!("../../../docs/architecture.fr.md"),
        ] {
            let drawn = drawn(page);
            assert_eq!(drawn.len(), allowed.len(), "{drawn:?}");
            for (from, to) in &allowed {
                assert!(drawn.contains(&(*from, Some(*to))), "{from:?} {to:?}");
            }
        }
    }

    #[test]
    fn a_status_is_read_back_from_its_own_text_and_from_no_other() {
        for status in Status::ALL {
            assert_eq!(Status::parse(status.as_str()), Some(status));
        }
        assert_eq!(Status::parse("paid"), None);
    }
}
