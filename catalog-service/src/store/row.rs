//! A tour as a row of the table, and back.

use service_kit::clock::Timestamp;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, Row};
use uuid::Uuid;

use crate::domain::{
    Category, Country, Currency, SearchText, Status, Texts, Tour, TourDetails, fold,
};

/// What [`tour_of`] reads: all but the folded copies, which may be long.
pub(super) const COLUMNS: &str = "id, owner_id, title_fr, title_en, description_fr, description_en, city, country, \
     category, duration_hours, price_cents, currency, capacity_per_day, status, version, created_at, updated_at";

pub(super) fn tour_of(row: &AnyRow) -> Result<Tour, sqlx::Error> {
    let owner: Option<String> = row.try_get("owner_id")?;
    Ok(Tour {
        id: uuid("id", row.try_get("id")?)?,
        owner: owner.map(|owner| uuid("owner_id", owner)).transpose()?,
        details: details_of(row)?,
        status: known("status", Status::of(row.try_get("status")?))?,
        version: row.try_get("version")?,
        created_at: Timestamp(row.try_get("created_at")?),
        updated_at: Timestamp(row.try_get("updated_at")?),
    })
}

fn details_of(row: &AnyRow) -> Result<TourDetails, sqlx::Error> {
    Ok(TourDetails {
        title: Texts {
            fr: row.try_get("title_fr")?,
            en: row.try_get("title_en")?,
        },
        description: Texts {
            fr: row.try_get("description_fr")?,
            en: row.try_get("description_en")?,
        },
        city: row.try_get("city")?,
        country: known("country", Country::of(row.try_get("country")?))?,
        category: known("category", Category::of(row.try_get("category")?))?,
        duration_hours: row.try_get("duration_hours")?,
        price_cents: row.try_get("price_cents")?,
        currency: known("currency", Currency::of(row.try_get("currency")?))?,
        capacity_per_day: row.try_get("capacity_per_day")?,
    })
}

/// Binds `$1` to `$14`: every column that follows from the details, in the order that both writing statements use.
pub(super) fn bind_details<'q>(
    query: Query<'q, Any, AnyArguments>,
    details: &TourDetails,
) -> Query<'q, Any, AnyArguments> {
    let text = SearchText::of(details);
    query
        .bind(details.title.fr.clone())
        .bind(details.title.en.clone())
        .bind(details.description.fr.clone())
        .bind(details.description.en.clone())
        .bind(details.city.clone())
        .bind(details.country.code)
        .bind(details.category.as_str())
        .bind(details.duration_hours)
        .bind(details.price_cents)
        .bind(details.currency.as_str())
        .bind(details.capacity_per_day)
        .bind(fold(&details.city))
        .bind(text.title)
        .bind(text.all)
}

fn uuid(column: &str, text: String) -> Result<Uuid, sqlx::Error> {
    known(column, Uuid::try_parse(&text).ok())
}

/// A value that this version of the service did not write is told by its column, not guessed at.
fn known<T>(column: &str, value: Option<T>) -> Result<T, sqlx::Error> {
    value.ok_or_else(|| sqlx::Error::ColumnDecode {
        index: column.to_owned(),
        source: "not a value that the catalogue writes".into(),
    })
}
