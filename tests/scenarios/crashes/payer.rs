//! An honest client while services die: what was not answered, or was refused for a while, it asks once more, with the
//! same Idempotency-Key.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use escale_tests::platform::Platform;
use escale_tests::{Answer, Visitor};
use http::Method;
use reqwest::RequestBuilder;
use serde_json::{Value, json};
use service_kit::clock::Clock;
use service_kit::iso_date::IsoDate;
use tokio::time::MissedTickBehavior;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(250);

/// So many answers without an outcome, of services that all run, and a payment is stuck. Answers are counted and not
/// seconds: a busy machine gives fewer of them. One that says "not known yet" (202) comes after eight seconds.
const PATIENCE: usize = 40;

#[derive(Clone)]
pub struct Payer {
    user: Visitor,
    tour: String,
    /// Whether every service runs.
    all_run: Arc<AtomicBool>,
}

impl Payer {
    pub async fn register(platform: &Platform, all_run: &Arc<AtomicBool>) -> Self {
        let user = Visitor::of_platform(platform).register().await;
        let tours = user.get("/api/tours?limit=1").await.assert_status(200);
        Self {
            tour: tours.field("/items/0/id"),
            user,
            all_run: Arc::clone(all_run),
        }
    }

    /// Books a seat for so many days ahead; gives the booking's id.
    pub async fn books(&self, days: usize) -> String {
        let ahead = Duration::from_secs(86_400 * days as u64);
        let day = IsoDate(Clock::system().now().plus(ahead).date()).to_string();
        let body = json!({"tourId": self.tour, "numberOfParticipants": 1, "bookingDate": day});
        let key = uuid::Uuid::new_v4().to_string();
        let booked = self.ask(201, || self.keyed("/api/bookings", &key, &body));
        booked.await.field("/id")
    }

    /// # Panics
    /// When the booking's payment is stuck, or was refused.
    pub async fn pays(&self, booking: &str, card: &str) {
        let body = json!({"bookingId": booking, "cardToken": card});
        self.ask(201, || self.keyed("/api/payments", booking, &body))
            .await;
    }

    /// The booking's status, and its payments.
    pub async fn sees(&self, booking: &str) -> (String, Vec<Value>) {
        let shown = self.reads(&format!("/api/bookings/{booking}")).await;
        let status = shown.field("/status");
        let payments = self.reads("/api/payments?limit=100").await.json();
        let payments = payments["items"].as_array().expect("a list").clone();
        let own = payments
            .into_iter()
            .filter(|one| one["bookingId"] == booking);
        (status, own.collect())
    }

    async fn reads(&self, path: &str) -> Answer {
        self.ask(200, || self.user.request(Method::GET, path)).await
    }

    fn keyed(&self, path: &str, key: &str, body: &Value) -> RequestBuilder {
        let request = self.user.request(Method::POST, path);
        request.header("idempotency-key", key).json(body)
    }

    async fn ask(&self, wanted: u16, request: impl Fn() -> RequestBuilder) -> Answer {
        let mut pauses = tokio::time::interval(PAUSE);
        pauses.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut in_vain = 0;
        while in_vain < PATIENCE {
            pauses.tick().await;
            in_vain += usize::from(self.all_run.load(Ordering::SeqCst));
            // None: the gateway is dead, or died while it answered.
            let Some(answer) = self.user.try_send(request()).await else {
                continue;
            };
            match answer.status.as_u16() {
                status if status == wanted => return answer,
                202 | 502 | 503 | 504 => {}
                other => panic!("{other}: {}", answer.text()),
            }
        }
        panic!("still no {wanted} after {PATIENCE} answers of services that all run");
    }
}
