//! The forty tours of a fresh installation, from `seed/tours.toml`. Their ids are fixed, so that documents and request
//! collections can name them.

use std::time::Duration;

use serde::Deserialize;
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::TourStore;
use super::write::insert;
use crate::domain::{Tour, TourDetails};

const FILE: &str = include_str!("../../seed/tours.toml");

#[derive(Debug, Deserialize)]
struct SeedFile {
    tour: Vec<SeedTour>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct SeedTour {
    pub(crate) id: Uuid,
    #[serde(flatten)]
    pub(crate) details: TourDetails,
}

/// The tours of the file, in its order.
pub(crate) fn seed_tours() -> Result<Vec<SeedTour>, toml::de::Error> {
    toml::from_str::<SeedFile>(FILE).map(|file| file.tour)
}

impl TourStore {
    /// Fills an empty table, and leaves any other alone: what people deleted or changed stays so. Gives the number of
    /// tours added.
    ///
    /// Two instances that start together on one database may both find it empty; the fixed ids let each tour in once.
    ///
    /// # Errors
    /// The database cannot be written.
    pub async fn seed_if_empty(&self, now: Timestamp) -> anyhow::Result<usize> {
        let mut write = self.store.write().await?;
        let tours: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM tours")
            .fetch_one(&mut *write)
            .await?;
        if tours > 0 {
            write.rollback().await?;
            return Ok(0);
        }
        let mut added = 0;
        for (place, seed) in (0..).zip(seed_tours()?) {
            // A millisecond apart: the list, newest first, keeps the order of the file.
            let created_at = now.minus(Duration::from_millis(place));
            let tour = Tour::new(seed.id, None, seed.details, created_at);
            added += usize::from(insert(&mut write, &tour).await?);
        }
        write.commit().await?;
        Ok(added)
    }
}
