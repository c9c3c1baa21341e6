//! Reading: one tour, a page of the list, a page of a search.

use service_kit::page::{Page, one_more};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row};
use uuid::Uuid;

use super::TourStore;
use super::row::{COLUMNS, tour_of};
use crate::domain::{Position, SearchWords, Tour, TourFilter};

impl TourStore {
    pub async fn find(&self, id: Uuid) -> Result<Option<Tour>, sqlx::Error> {
        let sql = format!("SELECT {COLUMNS} FROM tours WHERE id = $1");
        let row = sqlx::query(AssertSqlSafe(sql))
            .bind(id.to_string())
            .fetch_optional(self.store.pool())
            .await?;
        row.as_ref().map(tour_of).transpose()
    }

    /// Tours that are offered, the newest first. One fixed statement: an absent filter is a value that every tour
    /// passes, so that no SQL is ever put together from what a caller sends (API8).
    pub async fn list(
        &self,
        filter: &TourFilter,
        after: Position,
        limit: u16,
    ) -> Result<Page<Tour, Position>, sqlx::Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM tours
              WHERE status = 'offered'
                AND ($1 = '' OR city_text = $1)
                AND ($2 = '' OR country = $2)
                AND ($3 = '' OR category = $3)
                AND price_cents BETWEEN $4 AND $5
                AND (created_at < $6 OR (created_at = $6 AND id < $7))
              ORDER BY created_at DESC, id DESC
              LIMIT $8"
        );
        let rows = sqlx::query(AssertSqlSafe(sql))
            .bind(filter.city.clone().unwrap_or_default())
            .bind(filter.country.map_or("", |country| country.code))
            .bind(filter.category.map_or("", |category| category.as_str()))
            .bind(filter.min_price_cents.unwrap_or(0))
            .bind(filter.max_price_cents.unwrap_or(i64::MAX))
            .bind(after.created_at.0)
            .bind(after.id.to_string())
            .bind(one_more(limit))
            .fetch_all(self.store.pool())
            .await?;
        let found: Result<Vec<_>, _> = rows.iter().map(|row| placed(row, 0)).collect();
        found.map(|found| Page::cut(found, limit))
    }

    /// Tours that are offered and have every word, those with the most words in the title first.
    pub async fn search(
        &self,
        words: &SearchWords,
        after: Position,
        limit: u16,
    ) -> Result<Page<Tour, Position>, sqlx::Error> {
        let mut query = sqlx::query(AssertSqlSafe(search_sql(words.as_slice().len())))
            .bind(after.rank)
            .bind(after.created_at.0)
            .bind(after.id.to_string())
            .bind(one_more(limit));
        for word in words.as_slice() {
            query = query.bind(pattern(word));
        }
        let rows = query.fetch_all(self.store.pool()).await?;
        let ranked = |row: &AnyRow| placed(row, row.try_get("missing")?);
        let found: Result<Vec<_>, _> = rows.iter().map(ranked).collect();
        found.map(|found| Page::cut(found, limit))
    }
}

/// The statement for a number of words; the words themselves are bound as `$5` and on.
fn search_sql(words: usize) -> String {
    let each = |condition: fn(usize) -> String, between: &str| {
        let conditions: Vec<String> = (5..5 + words).map(condition).collect();
        conditions.join(between)
    };
    let all_found = each(
        |word| format!("search_text LIKE ${word} ESCAPE '\\'"),
        " AND ",
    );
    let missing = each(
        |word| format!("CASE WHEN title_text LIKE ${word} ESCAPE '\\' THEN 0 ELSE 1 END"),
        " + ",
    );
    format!(
        "SELECT * FROM (SELECT {COLUMNS}, CAST({missing} AS BIGINT) AS missing FROM tours
                         WHERE status = 'offered' AND {all_found}) AS found
          WHERE missing > $1
             OR (missing = $1 AND (created_at < $2 OR (created_at = $2 AND id < $3)))
          ORDER BY missing, created_at DESC, id DESC
          LIMIT $4"
    )
}

/// LIKE's own signs in a word stand for themselves; the word is looked for where a word begins.
fn pattern(word: &str) -> String {
    let mut pattern = String::from("% ");
    for letter in word.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern + "%"
}

/// A tour, and where it stands in its list.
fn placed(row: &AnyRow, rank: i64) -> Result<(Tour, Position), sqlx::Error> {
    let tour = tour_of(row)?;
    let position = Position::of(&tour, rank);
    Ok((tour, position))
}
