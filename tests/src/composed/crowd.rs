//! Customers that go the whole way again and again while the platform is hurt: register, log in, search, book, pay, see
//! the booking confirmed. Each does what a careful client does: what was not answered, or was refused for a while, is
//! asked once more, with the same Idempotency-Key.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::Composed;

/// A customer who gets no answer for so long has been failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(150);

/// Refusals that a client may be given while something is away, and asks again after.
const FOR_A_WHILE: [u16; 3] = [502, 503, 504];

/// What a customer was told: this payment is made, or under way.
#[derive(Clone)]
pub struct Promise {
    pub payment: String,
    pub booking: String,
    pub token: String,
}

#[derive(Default)]
pub struct Report {
    pub promises: Vec<Promise>,
    /// How often, by step and answer, a request had to be made once more.
    pub retries: BTreeMap<String, usize>,
}

pub struct Crowd {
    shared: Arc<Shared>,
    customers: Vec<JoinHandle<()>>,
}

struct Shared {
    client: Client,
    base: String,
    stop: AtomicBool,
    journeys: AtomicUsize,
    report: Mutex<Report>,
}

impl Crowd {
    pub fn gather(platform: &Composed, customers: usize) -> Self {
        let shared = Arc::new(Shared {
            client: platform.client(),
            base: platform.url(),
            stop: AtomicBool::new(false),
            journeys: AtomicUsize::new(0),
            report: Mutex::default(),
        });
        let customers = (0..customers).map(|_| tokio::spawn(Arc::clone(&shared).customer()));
        Self {
            customers: customers.collect(),
            shared: Arc::clone(&shared),
        }
    }

    /// Resolves when so many more journeys have come to their good end.
    ///
    /// # Panics
    /// When a customer was failed, or it takes more than a minute.
    pub async fn journeys(&self, more: usize) {
        let goal = self.shared.journeys.load(Ordering::SeqCst) + more;
        let begun = Instant::now();
        let mut polls = tokio::time::interval(Duration::from_millis(50));
        while self.shared.journeys.load(Ordering::SeqCst) < goal {
            polls.tick().await;
            let failed = self.customers.iter().any(JoinHandle::is_finished);
            assert!(!failed, "a customer was failed: see its panic");
            assert!(begun.elapsed() < PATIENCE, "no {more} journeys in a minute");
        }
    }

    /// How many ended well so far.
    pub fn done(&self) -> usize {
        self.shared.journeys.load(Ordering::SeqCst)
    }

    /// Lets each customer finish; gives what they were told.
    ///
    /// # Panics
    /// When one of them was failed.
    pub async fn go_home(self) -> Report {
        self.shared.stop.store(true, Ordering::SeqCst);
        for customer in self.customers {
            customer.await.expect("no customer was failed");
        }
        std::mem::take(&mut self.shared.report.lock().expect("no panic"))
    }
}

impl Shared {
    async fn customer(self: Arc<Self>) {
        while !self.stop.load(Ordering::SeqCst) {
            self.journey().await;
            self.journeys.fetch_add(1, Ordering::SeqCst);
        }
    }

    async fn journey(&self) {
        let mark = uuid::Uuid::new_v4().simple().to_string();
        let (pseudo, password) = (format!("c-{}", &mark[..16]), format!("Mot-{mark}"));
        let account =
            json!({"pseudo": pseudo, "email": format!("{mark}@example.org"), "password": password});
        // 409: the first try was taken, and its answer lost.
        self.ask("register", &[201, 409], || {
            self.post("/auth/register").json(&account)
        })
        .await;
        let login = json!({"pseudo": pseudo, "password": password});
        let session = self
            .ask("login", &[200], || self.post("/auth/login").json(&login))
            .await;
        let token = text(&session, "/access_token");
        let tour = self.some_tour(&token).await;
        let wanted = json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": some_day()});
        let booking = self
            .ask("book", &[201], || {
                self.keyed("/api/bookings", &token, &mark).json(&wanted)
            })
            .await;
        let booking = text(&booking, "/id");
        let order = json!({"bookingId": booking, "cardToken": "tok_accepted"});
        let payment = self
            .ask("pay", &[201, 202], || {
                self.keyed("/api/payments", &token, &mark).json(&order)
            })
            .await;
        let promise = Promise {
            payment: text(&payment, "/id"),
            booking: booking.clone(),
            token: token.clone(),
        };
        self.report.lock().expect("no panic").promises.push(promise);
        self.until_confirmed(&booking, &token).await;
    }

    async fn some_tour(&self, token: &str) -> String {
        let tours = self
            .ask("search", &[200], || {
                self.get("/api/tours/search?q=paris", token)
            })
            .await;
        let items = tours["items"].as_array().expect("a list");
        let drawn = uuid::Uuid::new_v4().as_u128() % items.len() as u128;
        text(&items[usize::try_from(drawn).expect("an index")], "/id")
    }

    /// A payment that was answered with 202 is known a little later.
    async fn until_confirmed(&self, booking: &str, token: &str) {
        let path = format!("/api/bookings/{booking}");
        let begun = Instant::now();
        let mut polls = tokio::time::interval(PAUSE);
        loop {
            polls.tick().await;
            let shown = self.ask("look", &[200], || self.get(&path, token)).await;
            if shown["status"] == "confirmed" {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "not confirmed: {shown}");
        }
    }

    /// Asks until the answer is a wanted one. A refusal for a while and a lost connection are noted, and asked again.
    async fn ask(&self, step: &str, wanted: &[u16], request: impl Fn() -> RequestBuilder) -> Value {
        let begun = Instant::now();
        let mut polls = tokio::time::interval(PAUSE);
        loop {
            polls.tick().await;
            let why = match answer(request()).await {
                Ok((status, body)) if wanted.contains(&status) => return body,
                Ok((status, body)) => {
                    let code = body["code"].as_str().unwrap_or("no code").to_owned();
                    assert!(FOR_A_WHILE.contains(&status), "{step}: {status} {body}");
                    format!("{status} {code}")
                }
                Err(error) => kind(&error).to_owned(),
            };
            assert!(
                begun.elapsed() < PATIENCE,
                "{step}: still {why} after {PATIENCE:?}"
            );
            let mut report = self.report.lock().expect("no panic");
            *report.retries.entry(format!("{step}: {why}")).or_default() += 1;
        }
    }

    fn get(&self, path: &str, token: &str) -> RequestBuilder {
        let request = self.client.get(format!("{}{path}", self.base));
        request.bearer_auth(token)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    fn keyed(&self, path: &str, token: &str, key: &str) -> RequestBuilder {
        let request = self.post(path).bearer_auth(token);
        request.header("Idempotency-Key", key)
    }
}

async fn answer(request: RequestBuilder) -> Result<(u16, Value), reqwest::Error> {
    let response = request.send().await?;
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

fn kind(error: &reqwest::Error) -> &'static str {
    if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection was lost"
    }
}

#[track_caller]
fn text(body: &Value, pointer: &str) -> String {
    let text = body.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("no {pointer} in {body}"))
        .to_owned()
}

/// A day of the next years, by chance: a crowd does not fill one day's tour.
fn some_day() -> String {
    let drawn = uuid::Uuid::new_v4().as_u128();
    let year = service_kit::clock::Clock::system().now().0 / 31_557_600_000 + 1971;
    let (month, day) = (drawn % 12 + 1, drawn / 12 % 28 + 1);
    format!("{year}-{month:02}-{day:02}")
}
