//! Money: whole cents, and arithmetic that refuses to overflow.

/// What a booking costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    pub unit_cents: i64,
    pub total_cents: i64,
    /// ISO 4217.
    pub currency: String,
}

impl Price {
    /// `None` when the total is no number of cents that can be written down.
    pub fn of(unit_cents: i64, currency: &str, participants: i64) -> Option<Self> {
        Some(Self {
            unit_cents,
            total_cents: unit_cents.checked_mul(participants)?,
            currency: currency.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_total_is_exact_or_there_is_none() {
        let price = Price::of(4_999, "EUR", 20).expect("a small sum");
        assert_eq!(price.total_cents, 99_980);
        assert_eq!(Price::of(i64::MAX / 19, "EUR", 20), None);
    }
}
