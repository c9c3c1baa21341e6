//! What the list of tours can be narrowed by. An absent filter lets everything pass.

use super::{Category, Country};

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TourFilter {
    /// Folded ([`super::fold`]), so that `orleans` finds Orléans. Never empty.
    pub city: Option<String>,
    pub country: Option<Country>,
    pub category: Option<Category>,
    pub min_price_cents: Option<i64>,
    pub max_price_cents: Option<i64>,
}
