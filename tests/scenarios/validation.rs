//! What the gateway lets through to a service (L10, R13, R14): spies stand in the services' places, so that "refused"
//! means that nothing arrived, and "passed" that the normalised value did.

use escale_tests::{Answer, Plan, Town, Visitor};
use http::Method;
use serde_json::{Value, json};

mod booking;
mod others;
mod routes;
mod sizes;
mod types;

const TOUR: &str = "0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10";

struct Bench {
    town: Town,
    user: Visitor,
}

impl Bench {
    /// A user, and spies for all that he may write to.
    async fn new() -> Self {
        let plan = Plan {
            spies: vec!["booking", "payment", "catalog"],
            ..Plan::default()
        };
        let town = Town::planned(plan).await;
        let user = town.user().await;
        Self { town, user }
    }

    fn booking(&self) -> Value {
        json!({"tourId": TOUR, "numberOfParticipants": 2, "bookingDate": self.town.day(1)})
    }

    /// A body as it is, letter by letter.
    async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.user.request(Method::POST, path);
        let request = request.header("content-type", "application/json");
        self.user.send(request.body(body)).await
    }

    fn arrived(&self, service: &str) -> Vec<Value> {
        let seen = self.town.spies[service].seen().into_iter();
        seen.map(|seen| serde_json::from_slice(&seen.body).unwrap_or_default())
            .collect()
    }
}
