//! Real processes, ended as a crash ends them (`SIGKILL`) while bookings are paid: what was under way comes to its
//! right end by itself. The services' own tests cut the work off at each step, one by one; here whole processes die,
//! with payments at every step.

mod payer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use escale_tests::eventually;
use escale_tests::platform::{Platform, kill, text_of};
use payment_service::test_bank::Ledger;
use payment_service::test_bank::ledger::Movements;
use service_kit::config::StoreConfig;
use tokio::task::JoinSet;
use uuid::Uuid;

use payer::Payer;

/// Of the bookings that each of the two users pays, as many as one may hold at a time: answers of the bank that come
/// late, at once, and not at all.
const CARDS: [&str; 4] = [
    "tok_slow",
    "tok_accepted",
    "tok_lost_answer",
    "tok_accepted",
];

/// Payments begin one after the other, so that a kill meets each of them at another step.
const APART: Duration = Duration::from_millis(15);

/// Services that are killed together, and then started again together.
type Blow = &'static [&'static str];

/// A booking that is to be paid.
#[derive(Clone)]
struct Order {
    payer: Payer,
    booking: String,
    card: &'static str,
}

impl Order {
    /// The booking is confirmed, by one payment; gives its id and its amount in cents.
    async fn is_paid_once(&self) -> (Uuid, i64) {
        let (status, payments) = self.payer.sees(&self.booking).await;
        assert_eq!((status.as_str(), payments.len()), ("confirmed", 1));
        assert_eq!(payments[0]["status"], "captured");
        let id = payments[0]["id"].as_str().and_then(|id| id.parse().ok());
        let cents = payments[0]["amountCents"].as_i64();
        (id.expect("an id"), cents.expect("an amount"))
    }
}

/// A platform on which nothing but crashes goes wrong, and two users.
struct Theatre {
    platform: Platform,
    payers: [Payer; 2],
    all_run: Arc<AtomicBool>,
    /// Payments that came to their right end, with what they cost.
    paid: Vec<(Uuid, i64)>,
}

impl Theatre {
    async fn open() -> Self {
        let platform = Platform::up_with_generous_limits();
        let all_run = Arc::new(AtomicBool::new(true));
        let payers = [
            Payer::register(&platform, &all_run).await,
            Payer::register(&platform, &all_run).await,
        ];
        Self {
            platform,
            payers,
            all_run,
            paid: Vec::new(),
        }
    }

    /// Strikes while eight bookings are paid, and sees each of them paid once and confirmed.
    async fn suffer(&mut self, blows: &[Blow]) {
        let orders = self.orders().await;
        let mut paying = JoinSet::new();
        let mut beginnings = tokio::time::interval(APART);
        for order in orders.clone() {
            beginnings.tick().await;
            paying.spawn(async move { order.payer.pays(&order.booking, order.card).await });
        }
        self.all_run.store(false, Ordering::SeqCst);
        for blow in blows {
            self.strike(blow).await;
        }
        self.all_run.store(true, Ordering::SeqCst);
        let again = Instant::now();
        while let Some(paid) = paying.join_next().await {
            paid.unwrap_or_else(|error| panic!("after {blows:?}: {error}"));
        }
        let took = again.elapsed();
        println!("{blows:?}: the last outcome was known {took:?} after all ran again");
        for order in orders {
            self.paid.push(order.is_paid_once().await);
        }
    }

    /// Each on a day of its own: no tour is full.
    async fn orders(&self) -> Vec<Order> {
        let mut orders = Vec::new();
        for payer in &self.payers {
            for card in CARDS {
                let days = 30 + self.paid.len() + orders.len();
                orders.push(Order {
                    booking: payer.books(days).await,
                    payer: payer.clone(),
                    card,
                });
            }
        }
        orders
    }

    async fn strike(&self, blow: Blow) {
        let pids = blow.iter().map(|victim| self.platform.pid(victim));
        pids.collect::<Vec<_>>().into_iter().for_each(kill);
        // Before its supervisor has seen it die, a service counts as one that runs.
        eventually("the supervisor has seen them die", async || {
            let state = self.platform.state();
            let services = state["services"].as_array().expect("a list of services");
            let dead = services.iter().filter(|service| service["state"] == "dead");
            dead.count() == blow.len()
        })
        .await;
        // They are built; a build would wait for other builds.
        let again = self
            .platform
            .lab_up(&["--no-build", "--only", &blow.join(",")]);
        assert!(again.status.success(), "{}", text_of(&again));
    }

    /// The bank took each payment's money once, and nobody else's.
    async fn close(self) {
        let down = self.platform.lab(&["down"]);
        assert!(down.status.success(), "{}", text_of(&down));
        let books = self.platform.home().join("data/bank.db");
        let books = StoreConfig::at(&format!("sqlite:{}", books.display()));
        let books = Ledger::open(&books).await.expect("the bank's books");
        let charges = books.charges().await.expect("the bank's books");
        assert_eq!(charges.len(), self.paid.len());
        for (id, cents) in &self.paid {
            let moved = books.movements(*id).await.expect("the bank's books");
            let once = Movements {
                times_taken: 1,
                times_returned: 0,
                balance_cents: *cents,
            };
            assert_eq!(moved, once);
        }
        books.store().close().await;
        self.platform.check_logs();
    }
}

/// Proves: svc-crash
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whichever_service_of_a_payment_is_killed_it_ends_captured_once_and_its_booking_confirmed()
{
    let mut theatre = Theatre::open().await;
    let victims: [Blow; 3] = [&["payment"], &["booking"], &["bank"]];
    for victim in victims {
        theatre.suffer(&[victim]).await;
    }
    theatre.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes most of a minute: .ci/crashes runs it"]
async fn whatever_is_killed_together_or_twice_in_a_row_every_payment_comes_to_its_right_end() {
    let mut theatre = Theatre::open().await;
    let stories: [&[Blow]; 8] = [
        &[&["gateway"]],
        &[&["auth"]],
        &[&["catalog"]],
        &[&["payment"], &["payment"]],
        &[&["bank"], &["payment"]],
        &[&["payment"], &["booking"]],
        &[&["payment", "bank", "booking"]],
        &[&["gateway", "auth", "catalog", "booking", "payment", "bank"]],
    ];
    for blows in stories {
        theatre.suffer(blows).await;
    }
    theatre.close().await;
}
