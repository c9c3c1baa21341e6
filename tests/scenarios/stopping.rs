//! A gateway that is told to stop: who is inside is served to the end, and who watches it can tell that from a failure.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use axum::{Json, Router};
use escale_tests::{Plan, Town, eventually};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

/// A payment service that answers when it is allowed to.
#[derive(Clone)]
pub(crate) struct Held {
    come: Arc<Semaphore>,
    allowed: Arc<Semaphore>,
}

impl Held {
    pub(crate) fn new() -> (Self, Router) {
        let nobody = || Arc::new(Semaphore::new(0));
        let held = Self {
            come: nobody(),
            allowed: nobody(),
        };
        let app = Router::new().route("/payments", post(pay));
        (held.clone(), app.with_state(held))
    }

    pub(crate) async fn has_come(&self) {
        self.come.acquire().await.expect("never closed").forget();
    }

    pub(crate) fn goes_on(&self) {
        self.allowed.add_permits(1);
    }
}

async fn pay(State(held): State<Held>) -> Json<Value> {
    held.come.add_permits(1);
    held.allowed.acquire().await.expect("never closed").forget();
    Json(json!({"status": "captured"}))
}

/// A load balancer takes 404 for "let it finish" and everything else that is not 200 for "it has failed: end what runs
/// there". A port where nobody listens any more is a failure too.
#[tokio::test]
async fn a_stopping_gateway_says_so_until_the_last_answer_has_gone() {
    let (held, payment) = Held::new();
    let mut town = Town::planned(Plan {
        stand_ins: vec![("payment", payment)],
        ..Plan::default()
    })
    .await;
    let user = town.user().await;
    let (gateway, watched) = (
        town.address("gateway"),
        [town.metrics("gateway"), town.admin("gateway")],
    );
    let client = town.public_client();
    let ready = async |address| {
        let asked = client.get(format!("http://{address}/ready")).send().await;
        asked.expect("it answers").status().as_u16()
    };
    let body = json!({"bookingId": uuid::Uuid::new_v4(), "cardToken": "tok_accepted"});
    let paying =
        tokio::spawn(async move { user.post_with_key("/api/payments", "key", &body).await });
    held.has_come().await;
    for address in watched {
        assert_eq!(ready(address).await, 200);
    }
    let while_it_stops = async {
        eventually("nobody new is let in", async || {
            TcpStream::connect(gateway).await.is_err()
        })
        .await;
        for address in watched {
            assert_eq!(ready(address).await, 404);
        }
        held.goes_on();
        paying.await.expect("no panic").assert_status(200);
    };
    tokio::join!(town.stopping("gateway"), while_it_stops);
    for address in watched {
        assert!(TcpStream::connect(address).await.is_err(), "all has ended");
    }
}
