//! What kind of tour it is. The names are a part of the contract with clients.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    Culture,
    Nature,
    Gastronomy,
    Adventure,
    Sea,
    City,
    Wellness,
}

impl Category {
    pub const ALL: [Self; 7] = [
        Self::Culture,
        Self::Nature,
        Self::Gastronomy,
        Self::Adventure,
        Self::Sea,
        Self::City,
        Self::Wellness,
    ];

    /// In the order of [`Category::ALL`]; what a client is told when it names another.
    pub const NAMES: [&str; 7] = [
        "culture",
        "nature",
        "gastronomy",
        "adventure",
        "sea",
        "city",
        "wellness",
    ];

    pub fn as_str(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    pub fn of(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|category| category.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_stored_is_the_name_on_the_wire() {
        for category in Category::ALL {
            let wire = serde_json::to_value(category).expect("a name");
            assert_eq!(wire, category.as_str());
            assert_eq!(Category::of(category.as_str()), Some(category));
        }
        assert_eq!(Category::of("Culture"), None);
    }
}
