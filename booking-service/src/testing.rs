//! What the tests of this service share: a fixed moment, a booking, a store of their own.
//!
//! Each test runs on SQLite and on PostgreSQL; the second shows that no row lock is missing where there are many
//! writers.

use std::time::Duration;

use escale_engines::{Database, Engine};
use service_kit::clock::{Clock, Timestamp};
use service_kit::config::StoreConfig;
use sqlx::AnyPool;
use time::macros::date;
use uuid::Uuid;

use crate::domain::{Booking, Offer, OfferStatus, Payment, Refusal, Title, Wish};
use crate::store::{Bookings, Created, RequestKey, StoreError};

/// 2027-06-30T12:00:00Z.
pub const NOW: Timestamp = Timestamp(1_814_356_800_000);

pub const MINUTE: Duration = Duration::from_secs(60);

pub fn wish(tour_id: Uuid, participants: i64) -> Wish {
    Wish {
        tour_id,
        participants,
        date: date!(2027 - 07 - 14),
        special_requests: None,
    }
}

pub fn offer(tour_id: Uuid, capacity_per_day: i64) -> Offer {
    Offer {
        tour_id,
        title: Title {
            fr: "Les calanques en kayak".into(),
            en: "The calanques by kayak".into(),
        },
        price_cents: 4_500,
        currency: "EUR".into(),
        capacity_per_day,
        status: OfferStatus::Offered,
    }
}

/// A new hold of three seats, begun at [`NOW`].
pub fn hold() -> Booking {
    hold_of(Uuid::new_v4(), Uuid::new_v4(), 3, NOW)
}

pub fn hold_of(user_id: Uuid, tour_id: Uuid, participants: i64, now: Timestamp) -> Booking {
    Booking::hold(
        user_id,
        wish(tour_id, participants),
        offer(tour_id, 20),
        now,
    )
    .expect("a small total")
}

/// A new payment over the right amount.
pub fn payment_for(booking: &Booking) -> Payment {
    Payment {
        id: Uuid::new_v4(),
        amount_cents: booking.price.total_cents,
        currency: booking.price.currency.clone(),
    }
}

/// A store, a clock at [`NOW`], and one tour with twenty seats a day.
pub struct Shop {
    pub bookings: Bookings,
    pub clock: Clock,
    pub tour_id: Uuid,
    /// A look past the store's own methods.
    pub pool: AnyPool,
    database: Database,
}

pub const CAPACITY: i64 = 20;

impl Shop {
    pub async fn open(engine: Engine) -> Self {
        let database = engine.database().await;
        let bookings = open(&database).await;
        Self {
            pool: AnyPool::connect(database.url())
                .await
                .expect("the same store"),
            bookings,
            clock: Clock::manual(NOW),
            tour_id: Uuid::new_v4(),
            database,
        }
    }

    /// The store of another process on the same database.
    pub async fn second_instance(&self) -> Bookings {
        open(&self.database).await
    }

    pub async fn book(&self, user_id: Uuid, participants: i64) -> Result<Booking, Refusal> {
        match self.book_with(user_id, participants, None).await? {
            Created::New(booking) => Ok(booking),
            Created::Before(_) => panic!("there was no key"),
        }
    }

    pub async fn book_with(
        &self,
        user_id: Uuid,
        participants: i64,
        request: Option<&RequestKey>,
    ) -> Result<Created, Refusal> {
        let booking = hold_of(user_id, self.tour_id, participants, self.clock.now());
        refused(self.bookings.create(booking, CAPACITY, request).await)
    }

    pub async fn confirmed(&self, user_id: Uuid) -> Booking {
        let booking = self.book(user_id, 3).await.expect("a hold");
        let confirmed = self
            .bookings
            .confirm(booking.id, &payment_for(&booking), self.clock.now())
            .await;
        refused(confirmed).expect("a confirmed booking")
    }

    pub async fn taken(&self) -> i64 {
        self.number("SELECT COALESCE(MAX(taken), 0) FROM seats")
            .await
    }

    pub async fn number(&self, question: &'static str) -> i64 {
        sqlx::query_scalar(question)
            .fetch_one(&self.pool)
            .await
            .expect("a number")
    }
}

/// The rule that said no; a failing database fails the test.
pub fn refused<T>(result: Result<T, StoreError>) -> Result<T, Refusal> {
    result.map_err(|error| match error {
        StoreError::Refused(refusal) => refusal,
        StoreError::Database(error) => panic!("the database failed: {error}"),
    })
}

async fn open(database: &Database) -> Bookings {
    let config = StoreConfig {
        connections: 8,
        ..StoreConfig::at(database.url())
    };
    Bookings::open(&config).await.expect("a store")
}
