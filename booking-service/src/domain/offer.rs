//! What the catalogue says of a tour. Price and capacity come from here, never from the client (API3:2023).

use uuid::Uuid;

use super::Price;

/// A tour's title in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Title {
    pub fr: String,
    pub en: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferStatus {
    Offered,
    Withdrawn,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub tour_id: Uuid,
    pub title: Title,
    pub price_cents: i64,
    pub currency: String,
    pub capacity_per_day: i64,
    pub status: OfferStatus,
}

impl Offer {
    /// An answer of another service is input like any other (API10:2023): one that makes no sense sells nothing.
    pub fn is_plausible(&self) -> bool {
        let currency = self.currency.as_bytes();
        self.price_cents >= 0
            && self.capacity_per_day >= 0
            && currency.len() == 3
            && currency.iter().all(u8::is_ascii_uppercase)
    }

    pub fn price_for(&self, participants: i64) -> Option<Price> {
        Price::of(self.price_cents, &self.currency, participants)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offer_with_a_negative_price_or_no_currency_is_not_believed() {
        let good = Offer {
            tour_id: Uuid::new_v4(),
            title: Title {
                fr: "Calanques".into(),
                en: "Calanques".into(),
            },
            price_cents: 0,
            currency: "EUR".into(),
            capacity_per_day: 0,
            status: OfferStatus::Offered,
        };
        assert!(good.is_plausible());
        let mut negative = good.clone();
        negative.price_cents = -1;
        let mut crowded = good.clone();
        crowded.capacity_per_day = -1;
        let mut nameless = good;
        nameless.currency = "eur ".into();
        for bad in [negative, crowded, nameless] {
            assert!(!bad.is_plausible(), "{bad:?}");
        }
    }
}
