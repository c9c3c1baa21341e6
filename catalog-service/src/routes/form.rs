//! What a guide sends to create or change a tour: the whole of [`TourDetails`], checked. Nothing else is accepted;
//! owner, status and version are not the client's to set (API3:2023).

use serde::Deserialize;
use service_kit::error::{ApiError, Code, Rule};
use service_kit::form::Form;
use validator::Validate;

use crate::domain::{Category, Country, Currency, Texts, TourDetails, fold};

/// Cents; also the highest that a filter can name.
pub(super) const HIGHEST_PRICE: i64 = 10_000_000;
pub(super) const SHORTEST_CITY: u64 = 2;
pub(super) const LONGEST_CITY: u64 = 80;

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct TourForm {
    #[validate(nested)]
    title: Option<TitleForm>,
    #[validate(nested)]
    description: Option<DescriptionForm>,
    #[validate(required, length(min = "SHORTEST_CITY", max = "LONGEST_CITY"))]
    city: Option<String>,
    #[validate(required)]
    country: Option<String>,
    #[validate(required)]
    category: Option<String>,
    #[validate(required, range(min = 1, max = 720))]
    duration_hours: Option<i64>,
    #[validate(required, range(min = 0, max = "HIGHEST_PRICE"))]
    price_cents: Option<i64>,
    #[validate(required)]
    currency: Option<String>,
    #[validate(required, range(min = 1, max = 1000))]
    capacity_per_day: Option<i64>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct TitleForm {
    #[validate(required, length(min = 3, max = 120))]
    fr: Option<String>,
    #[validate(required, length(min = 3, max = 120))]
    en: Option<String>,
}

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
struct DescriptionForm {
    #[validate(required, length(min = 20, max = 4000))]
    fr: Option<String>,
    #[validate(required, length(min = 20, max = 4000))]
    en: Option<String>,
}

impl TourForm {
    /// The details, if nothing at all is wrong with the form.
    pub(super) fn finish(mut form: Form<Self>) -> Result<TourDetails, ApiError> {
        for (pointer, holds, rule) in form.value.further_rules() {
            form.check(holds, pointer, rule);
        }
        let details = form.finish(Code::InvalidData)?.details();
        details.ok_or_else(|| ApiError::internal("a checked form of a tour lacks a field"))
    }

    /// Those that need the domain. A field that is absent breaks none of them.
    fn further_rules(&self) -> Vec<(&'static str, bool, Rule)> {
        let country = known(&self.country, |code| Country::of(code).is_some());
        let category = known(&self.category, |name| Category::of(name).is_some());
        let currency = known(&self.currency, |name| Currency::of(name).is_some());
        let mut rules = vec![
            ("/title", self.title.is_some(), Rule::Required),
            ("/description", self.description.is_some(), Rule::Required),
            ("/city", known(&self.city, is_a_line), Rule::Format),
            ("/country", country, Rule::Format),
            ("/category", category, Rule::OneOf(&Category::NAMES)),
            ("/currency", currency, Rule::OneOf(&Currency::NAMES)),
        ];
        if let Some(title) = &self.title {
            rules.push(("/title/fr", known(&title.fr, is_a_line), Rule::Format));
            rules.push(("/title/en", known(&title.en, is_a_line), Rule::Format));
        }
        if let Some(text) = &self.description {
            rules.push(("/description/fr", known(&text.fr, has_words), Rule::Format));
            rules.push(("/description/en", known(&text.en, has_words), Rule::Format));
        }
        rules
    }

    fn details(self) -> Option<TourDetails> {
        let (title, description) = (self.title?, self.description?);
        Some(TourDetails {
            title: Texts {
                fr: title.fr?,
                en: title.en?,
            },
            description: Texts {
                fr: description.fr?,
                en: description.en?,
            },
            city: self.city?,
            country: Country::of(&self.country?)?,
            category: Category::of(&self.category?)?,
            duration_hours: self.duration_hours?,
            price_cents: self.price_cents?,
            currency: Currency::of(&self.currency?)?,
            capacity_per_day: self.capacity_per_day?,
        })
    }
}

fn known(value: &Option<String>, is_known: impl FnOnce(&str) -> bool) -> bool {
    value.as_deref().is_none_or(is_known)
}

/// Spaces and punctuation alone say nothing.
fn has_words(text: &str) -> bool {
    !fold(text).is_empty()
}

/// Names stand on one line, in lists and in e-mail subjects.
fn is_a_line(text: &str) -> bool {
    has_words(text) && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::seed_tours;

    #[test]
    fn every_tour_of_the_seed_would_pass_the_form() {
        for seed in seed_tours().expect("the seed file is TOML") {
            let body = serde_json::to_vec(&seed.details).expect("JSON");
            let form = Form::<TourForm>::read(&body).expect("a JSON object");
            let details = TourForm::finish(form).map_err(|error| (seed.id, error.faults));
            assert_eq!(details.expect("no faults"), seed.details);
        }
    }
}
