//! The service on a database of its own. Opening it again is what a restart after a crash is, or a second instance.

use std::sync::Arc;
use std::time::Duration;

use escale_engines::{Database, Engine};
use service_kit::clock::{Clock, Timestamp};
use service_kit::config::StoreConfig;
use service_kit::context::RequestContext;
use service_kit::lifecycle::Lifecycle;
use uuid::Uuid;

use super::server_config;
use super::world::World;
use crate::domain::money::Money;
use crate::domain::payment::{NewPayment, Payment};
use crate::domain::step::Peer;
use crate::jobs::resume_due;
use crate::state::AppState;
use crate::store::{Inserted, PaymentStore};

pub struct Desk {
    database: Database,
    pub clock: Clock,
    pub world: Arc<World>,
    pub state: AppState,
}

impl Desk {
    pub async fn open(engine: Engine) -> Self {
        let database = engine.database().await;
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let world = Arc::new(World::default());
        let state = state(&database, &clock, &world).await;
        Self {
            database,
            clock,
            world,
            state,
        }
    }

    /// The process dies, and another one starts on the same database.
    pub async fn restart(&mut self) {
        self.state.store.store().close().await;
        self.state = self.second_instance().await;
    }

    /// Another process on the same database, with the same bank and bookings.
    pub async fn second_instance(&self) -> AppState {
        state(&self.database, &self.clock, &self.world).await
    }

    /// A payment as the route writes it, with nobody called yet.
    pub async fn written_payment(&self, user_id: Uuid, booking_id: Uuid, token: &str) -> Payment {
        let new = NewPayment {
            user_id,
            booking_id,
            amount: Money::euros(12_900),
            card_token: token.into(),
            idempotency_key: Uuid::new_v4().to_string(),
            fingerprint: String::new(),
        };
        let inserted = self.state.store.insert(&new, self.clock.now()).await;
        match inserted.expect("the store") {
            Inserted::New(payment) => payment,
            other => panic!("not written: {other:?}"),
        }
    }

    pub async fn payment(&self, id: Uuid) -> Payment {
        let found = self.state.store.find(id).await.expect("the store");
        found.expect("a payment")
    }

    pub async fn drive(&self, id: Uuid) {
        let context = RequestContext::begin();
        self.state.worker.drive(id, &context).await;
    }

    /// The background jobs, after `pause`.
    pub async fn resume_after(&self, pause: Duration) {
        self.clock.advance(pause);
        for peer in Peer::ALL {
            let resumed = resume_due(&self.state, peer, self.clock.now());
            resumed.await.expect("the store");
        }
    }

    /// Until when the payment's open step belongs to its driver.
    pub async fn lease_until(&self, id: Uuid) -> Option<i64> {
        sqlx::query_scalar(
            "SELECT lease_until FROM steps WHERE payment_id = $1 AND done_at IS NULL",
        )
        .bind(id.to_string())
        .fetch_one(self.state.store.store().pool())
        .await
        .expect("the store")
    }

    /// Steps that nobody has done yet, due now or later.
    pub async fn open_steps(&self) -> i64 {
        let open = "SELECT COUNT(*) FROM steps WHERE done_at IS NULL";
        self.count(open).await
    }

    pub async fn card_tokens(&self) -> i64 {
        let kept = "SELECT COUNT(*) FROM steps WHERE card_token IS NOT NULL";
        self.count(kept).await
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql)
            .fetch_one(self.state.store.store().pool())
            .await
            .expect("the store")
    }
}

async fn state(database: &Database, clock: &Clock, world: &Arc<World>) -> AppState {
    let store = PaymentStore::open(&StoreConfig::at(database.url())).await;
    AppState::new(
        store.expect("a database"),
        world.clone(),
        world.clone(),
        Lifecycle::new(clock.clone()),
        Duration::from_secs(8),
        server_config(),
    )
}
