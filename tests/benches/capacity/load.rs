//! Customers who do one thing again and again, for a bounded time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use escale_tests::Visitor;
use futures_util::future::join_all;
use serde_json::json;

/// At one time. More than the cores of a small machine, so that none of them waits for the load.
const CUSTOMERS: usize = 16;
const FOR: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Read,
    Connection,
    Login,
    Purchase,
}

impl Operation {
    /// In the order of the figures.
    pub const ALL: [Self; 4] = [Self::Read, Self::Connection, Self::Login, Self::Purchase];
}

#[derive(Debug, Clone, Copy)]
pub struct Done {
    pub count: u32,
    pub took: Duration,
}

pub struct Load<'place> {
    /// Somebody new: his first request begins with a handshake.
    newcomer: Box<dyn Fn() -> Visitor + 'place>,
    customers: Vec<Visitor>,
    tours: Vec<String>,
    /// Each purchase is of another day, so that no tour is ever sold out.
    bought: AtomicU32,
}

impl<'place> Load<'place> {
    pub async fn on(newcomer: impl Fn() -> Visitor + 'place) -> Self {
        let mut customers = Vec::new();
        for _ in 0..CUSTOMERS {
            customers.push(newcomer().register().await);
        }
        let tours = customers[0]
            .get("/api/tours?limit=40")
            .await
            .assert_status(200);
        let tours = tours.json();
        let ids = tours["items"].as_array().expect("tours").iter();
        let tours = ids.map(|tour| tour["id"].as_str().expect("an id").to_owned());
        Self {
            newcomer: Box::new(newcomer),
            customers,
            tours: tours.collect(),
            bought: AtomicU32::new(0),
        }
    }

    pub async fn run(&self, operation: Operation) -> Done {
        // Not measured: connections, caches and pools are as on any other day.
        self.for_a_while(operation, FOR / 10).await;
        self.for_a_while(operation, FOR).await
    }

    async fn for_a_while(&self, operation: Operation, span: Duration) -> Done {
        let begun = Instant::now();
        let customers = self.customers.iter().map(|customer| async move {
            let mut count = 0;
            while begun.elapsed() < span {
                self.once(customer, operation).await;
                count += 1;
            }
            count
        });
        let count = join_all(customers).await.iter().sum();
        Done {
            count,
            took: begun.elapsed(),
        }
    }

    async fn once(&self, customer: &Visitor, operation: Operation) {
        match operation {
            Operation::Read => {
                let search = "/api/tours/search?q=chateau&limit=5";
                customer.get(search).await.assert_status(200);
            }
            Operation::Connection => {
                let answer = (self.newcomer)().get("/health").await;
                answer.assert_status(200);
            }
            Operation::Login => {
                customer.login(&customer.pseudo, &customer.password).await;
            }
            Operation::Purchase => self.purchase(customer).await,
        }
    }

    async fn purchase(&self, customer: &Visitor) {
        let number = self.bought.fetch_add(1, Ordering::Relaxed);
        let tours = u32::try_from(self.tours.len()).expect("few tours");
        let tour = &self.tours[(number % tours) as usize];
        let booking =
            json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": day(number / tours)});
        let booked = customer.post("/api/bookings", &booking).await;
        let id = booked.assert_status(201).field("/id");
        let payment = json!({"bookingId": id, "cardToken": "tok_accepted"});
        let paid = customer.post_with_key("/api/payments", &id, &payment).await;
        // 202: it is under way, and will be known later.
        assert!(matches!(paid.status.as_u16(), 201 | 202), "{}", paid.text());
    }
}

/// Some day of the next ten months.
fn day(number: u32) -> String {
    let ahead = Duration::from_secs(86_400 * u64::from(7 + number % 300));
    let moment = service_kit::clock::Clock::system().now().plus(ahead);
    service_kit::iso_date::IsoDate(moment.date()).to_string()
}
