//! `POST /api/tours` and `PUT /api/tours/{id}`: the whole of [`TourDetails`]. Nothing else is accepted; owner, status
//! and version are not the client's to set (API3:2023).

mod category;
mod country;
mod details;

use serde::Deserialize;
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use validator::Validate;

use crate::Body;
use crate::text::{has_words, is_a_line, trimmed};

pub use category::Category;
pub use country::Country;
pub use details::{Currency, Texts, TourDetails};

/// Cents; also the highest that a filter can name.
pub const HIGHEST_PRICE: i64 = 10_000_000;
pub const SHORTEST_CITY: u64 = 2;
pub const LONGEST_CITY: u64 = 80;

/// A city loses the white space around it, as the list's filter for cities does; titles and descriptions are shown as
/// their guide wrote them.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TourForm {
    #[validate(nested)]
    #[schema(required)]
    title: Option<TitleForm>,
    #[validate(nested)]
    #[schema(required)]
    description: Option<DescriptionForm>,
    #[serde(default, deserialize_with = "trimmed")]
    #[validate(required, length(min = "SHORTEST_CITY", max = "LONGEST_CITY"))]
    #[schema(
        required,
        min_length = 2,
        max_length = 80,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
    )]
    city: Option<String>,
    #[validate(required)]
    #[schema(required, value_type = Option<Country>)]
    country: Option<String>,
    #[validate(required)]
    #[schema(required, value_type = Option<Category>)]
    category: Option<String>,
    #[validate(required, range(min = 1, max = 720))]
    #[schema(required, minimum = 1, maximum = 720)]
    duration_hours: Option<i64>,
    #[validate(required, range(min = 0, max = "HIGHEST_PRICE"))]
    #[schema(required, minimum = 0, maximum = 10000000)]
    price_cents: Option<i64>,
    #[validate(required)]
    #[schema(required, value_type = Option<Currency>)]
    currency: Option<String>,
    #[validate(required, range(min = 1, max = 1000))]
    #[schema(required, minimum = 1, maximum = 1000)]
    capacity_per_day: Option<i64>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct TitleForm {
    #[validate(required, length(min = 3, max = 120))]
    #[schema(
        required,
        min_length = 3,
        max_length = 120,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
    )]
    fr: Option<String>,
    #[validate(required, length(min = 3, max = 120))]
    #[schema(
        required,
        min_length = 3,
        max_length = 120,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
    )]
    en: Option<String>,
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct DescriptionForm {
    #[validate(required, length(min = 20, max = 4000))]
    #[schema(
        required,
        min_length = 20,
        max_length = 4000,
        pattern = r"^[^\u0000]*$"
    )]
    fr: Option<String>,
    #[validate(required, length(min = 20, max = 4000))]
    #[schema(
        required,
        min_length = 20,
        max_length = 4000,
        pattern = r"^[^\u0000]*$"
    )]
    en: Option<String>,
}

impl Body for TourForm {
    type Meaning = TourDetails;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        for (pointer, holds, rule) in form.value.further_rules() {
            form.check(holds, pointer, rule);
        }
    }

    fn meaning(&self) -> Option<TourDetails> {
        let (title, description) = (self.title.as_ref()?, self.description.as_ref()?);
        Some(TourDetails {
            title: Texts {
                fr: title.fr.clone()?,
                en: title.en.clone()?,
            },
            description: Texts {
                fr: description.fr.clone()?,
                en: description.en.clone()?,
            },
            city: self.city.clone()?,
            country: Country::of(self.country.as_ref()?)?,
            category: Category::of(self.category.as_ref()?)?,
            duration_hours: self.duration_hours?,
            price_cents: self.price_cents?,
            currency: Currency::of(self.currency.as_ref()?)?,
            capacity_per_day: self.capacity_per_day?,
        })
    }
}

impl TourForm {
    /// A field that is absent breaks none of them.
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
}

fn known(value: &Option<String>, is_known: impl FnOnce(&str) -> bool) -> bool {
    value.as_deref().is_none_or(is_known)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::date;

    use crate::Schema;

    fn good() -> Value {
        json!({
            "title": {"fr": "Croisière", "en": "Cruise"},
            "description": {"fr": "Une journée entière en mer.", "en": "A whole day at sea, with lunch."},
            "city": "Lorient", "country": "FR", "category": "sea", "durationHours": 7,
            "priceCents": 9_900, "currency": "EUR", "capacityPerDay": 24,
        })
    }

    /// The normalised body, or each fault as `pointer code`.
    fn normalise(body: &Value) -> Result<Value, String> {
        let bytes = Schema::Tour.normalise(body.to_string().as_bytes(), date!(2027 - 06 - 30));
        let bytes = bytes.map_err(|error| {
            let told = error.faults.iter();
            let told = told.map(|fault| format!("{} {}", fault.pointer, fault.rule.code()));
            told.collect::<Vec<_>>().join(", ")
        })?;
        Ok(serde_json::from_slice(&bytes).expect("JSON"))
    }

    #[test]
    fn a_good_tour_comes_out_equal_and_its_city_without_white_space_around_it() {
        assert_eq!(normalise(&good()), Ok(good()));
        let mut loose = good();
        loose["city"] = json!(" \tLorient\n");
        assert_eq!(normalise(&loose), Ok(good()));
    }

    #[test]
    fn each_field_has_its_bounds() {
        for (pointer, value, fault) in [
            ("/priceCents", json!(-1), "/priceCents range"),
            ("/priceCents", json!(10_000_001), "/priceCents range"),
            ("/priceCents", json!(99.5), "/priceCents type"),
            ("/durationHours", json!(0), "/durationHours range"),
            ("/capacityPerDay", json!(1_001), "/capacityPerDay range"),
            ("/currency", json!("USD"), "/currency choice"),
            ("/category", json!("Sea"), "/category choice"),
            ("/country", json!("ZZ"), "/country format"),
            ("/city", json!("  L  "), "/city length"),
            ("/city", json!("Lo\nrient"), "/city format"),
            ("/city", json!(3), "/city type"),
            ("/title/fr", json!("..."), "/title/fr format"),
            ("/title/fr", json!("x".repeat(121)), "/title/fr length"),
            ("/title", json!("Cruise"), "/title type"),
            ("/description/en", json!("short"), "/description/en length"),
            ("/description/en", Value::Null, "/description/en required"),
        ] {
            let mut tour = good();
            *tour.pointer_mut(pointer).expect("a field") = value;
            assert_eq!(normalise(&tour), Err(fault.to_owned()), "{pointer}");
        }
    }

    #[test]
    fn what_is_not_the_writers_is_refused_at_every_depth() {
        let mut tour = good();
        tour["ownerId"] = json!("0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10");
        tour["title"]["de"] = json!("Kreuzfahrt");
        let expected = "/ownerId unknown_field, /title/de unknown_field";
        assert_eq!(normalise(&tour), Err(expected.to_owned()));
    }
}
