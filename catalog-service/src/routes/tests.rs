//! Claims about the routes, over the whole router with a store on each engine. TLS is not here: a test says by
//! itself which service calls.

mod changes;
mod creates;
mod lists;
mod reads;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use escale_engines::{Database, Engine};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_kit::clock::{Clock, Timestamp};
use service_kit::config::{ServerConfig, Settings, StoreConfig};
use service_kit::peer::Connection;
use service_kit::spiffe::SpiffeId;
use tower::ServiceExt;

use crate::store::{TourStore, seed_tours};
use crate::{AppState, app};

const GINA: &str = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
const GUY: &str = "1f0c9a34-9a5e-4a51-8c55-3d2b7c6e9f01";

/// A catalogue with the forty tours, and a clock that a test moves.
struct Catalogue {
    app: Router,
    clock: Clock,
    _database: Database,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

impl Catalogue {
    async fn open(engine: Engine) -> Self {
        let database = engine.database().await;
        let store = StoreConfig::at(database.url());
        let tours = TourStore::open(&store).await.expect("a store");
        let clock = Clock::manual(Timestamp(1_814_356_800_000));
        tours.seed_if_empty(clock.now()).await.expect("a seed");
        let nothing = Settings::from_pairs(Vec::<(String, String)>::new());
        let state = AppState {
            tours,
            clock: clock.clone(),
            server: ServerConfig::read(&nothing, 3002).expect("every key has a default"),
        };
        Self {
            app: app(state),
            clock,
            _database: database,
        }
    }

    /// As a user with the scope to read.
    async fn get(&self, path: &str) -> Answer {
        self.send(Call::new(Method::GET, path)).await
    }

    async fn send(&self, call: Call) -> Answer {
        let response = self.app.clone().oneshot(call.0).await.expect("no failure");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        let body = match bytes.as_ref() {
            b"" => Value::Null,
            bytes => serde_json::from_slice(bytes).expect("JSON"),
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }
}

/// A request, by default of a reader behind the gateway.
struct Call(Request);

impl Call {
    fn new(method: Method, path: &str) -> Self {
        let request = Request::builder().method(method).uri(path);
        let call = Self(request.body(Body::empty()).expect("a request"));
        call.by_service("gateway")
            .identity(GUY, "user", "tours:read")
    }

    fn by_service(mut self, service: &str) -> Self {
        let connection = Connection {
            remote: ([127, 0, 0, 1], 40_000).into(),
            peer: Some(SpiffeId::of(service)),
        };
        self.0.extensions_mut().insert(connection);
        self
    }

    fn identity(self, id: &str, role: &str, scope: &str) -> Self {
        self.with("x-user-id", id)
            .with("x-user-role", role)
            .with("x-user-scope", scope)
    }

    fn guide(self, id: &str) -> Self {
        self.identity(id, "guide", "tours:read tours:write")
    }

    fn admin(self) -> Self {
        self.identity(GUY, "admin", "tours:read tours:write")
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        let value = value.parse().expect("a header value");
        self.0.headers_mut().insert(name, value);
        self
    }

    fn json(self, body: &Value) -> Self {
        let mut call = self.with("content-type", "application/json");
        *call.0.body_mut() = Body::from(body.to_string());
        call
    }
}

impl Answer {
    #[track_caller]
    fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(
            (self.status.as_u16(), self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.body
        );
    }

    /// `pointer code` of every fault.
    fn faults(&self) -> Vec<String> {
        let text = |item: &Value, key: &str| item[key].as_str().expect("a text").to_owned();
        let errors = self.body["errors"].as_array().expect("faults");
        errors
            .iter()
            .map(|item| format!("{} {}", text(item, "pointer"), text(item, "code")))
            .collect()
    }

    fn ids(&self) -> Vec<String> {
        let items = self.body["items"].as_array().expect("a list");
        let id = |item: &Value| item["id"].as_str().expect("an id").to_owned();
        items.iter().map(id).collect()
    }

    fn next(&self) -> Option<&str> {
        self.body["nextCursor"].as_str()
    }

    fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).expect("the header is there");
        value.to_str().expect("visible characters")
    }
}

/// The id of a tour of the seed, by its place in the file.
fn seed_id(place: usize) -> String {
    seed_tours().expect("the seed file")[place].id.to_string()
}

fn form() -> Value {
    json!({
        "title": {"fr": "Traversée du Vercors", "en": "Across the Vercors"},
        "description": {"fr": "Deux jours de marche entre falaises et clairières.",
                        "en": "Two days of walking between cliffs and clearings."},
        "city": "Die", "country": "FR", "category": "nature", "durationHours": 48,
        "priceCents": 21_000, "currency": "EUR", "capacityPerDay": 10
    })
}

async fn create(catalogue: &Catalogue, body: &Value) -> Answer {
    let call = Call::new(Method::POST, "/tours").guide(GINA).json(body);
    catalogue.send(call).await
}

fn path_of(answer: &Answer) -> String {
    format!("/tours/{}", answer.body["id"].as_str().expect("an id"))
}
