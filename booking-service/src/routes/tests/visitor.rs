//! A caller of the app, and the answer that it gets.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use escale_engines::Engine;
use futures_util::future::{BoxFuture, ready};
use http::{HeaderMap, Method};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use service_kit::config::{ServerConfig, Settings};
use service_kit::context::RequestContext;
use service_kit::error::ApiError;
use service_kit::peer::Connection;
use service_kit::spiffe::SpiffeId;
use tower::ServiceExt;
use uuid::Uuid;

use crate::domain::Offer;
use crate::peers::Catalogue;
use crate::testing::{CAPACITY, Shop, offer};
use crate::{AppState, app};

/// The offers of the catalogue; a tour that is not among them does not exist.
struct Shelf(Vec<Offer>);

impl Catalogue for Shelf {
    fn offer<'a>(
        &'a self,
        tour_id: Uuid,
        _: &'a RequestContext,
    ) -> BoxFuture<'a, Result<Option<Offer>, ApiError>> {
        let found = self.0.iter().find(|offer| offer.tour_id == tour_id);
        Box::pin(ready(Ok(found.cloned())))
    }
}

/// The service's app over a [`Shop`], and one user.
pub struct Visitor {
    pub shop: Shop,
    pub user: Uuid,
    shelf: Vec<Offer>,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Visitor {
    pub async fn new(engine: Engine) -> Self {
        let shop = Shop::open(engine).await;
        Self {
            shelf: vec![offer(shop.tour_id, CAPACITY)],
            shop,
            user: Uuid::new_v4(),
        }
    }

    /// What the catalogue says of the shop's tour from now on.
    pub fn change_offer(&mut self, change: impl FnOnce(&mut Offer)) {
        change(&mut self.shelf[0]);
    }

    /// A good body for `POST /bookings`.
    pub fn wish(&self) -> Value {
        json!({"tourId": self.shop.tour_id, "numberOfParticipants": 2, "bookingDate": "2027-07-14"})
    }

    pub fn request(&self, method: Method, path: &str) -> Call<'_> {
        let subject = self.user.to_string();
        let call = Call {
            visitor: self,
            peer: "gateway",
            request: Request::new(Body::empty()),
        };
        let mut call = call
            .header("x-user-id", &subject)
            .header("x-user-role", "user")
            .header("x-user-scope", "bookings:read bookings:write");
        *call.request.method_mut() = method;
        *call.request.uri_mut() = path.parse().expect("a path");
        call
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request(Method::POST, path).json(body).send().await
    }

    /// A booking made over the route; its id.
    pub async fn book(&self) -> String {
        let answer = self.post("/bookings", &self.wish()).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.body["id"].as_str().expect("an id").to_owned()
    }
}

/// One request, before it is sent.
pub struct Call<'a> {
    visitor: &'a Visitor,
    peer: &'static str,
    request: Request,
}

impl Call<'_> {
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = value.parse().expect("a header value");
        self.request.headers_mut().insert(name, value);
        self
    }

    #[must_use]
    pub fn peer(mut self, service: &'static str) -> Self {
        self.peer = service;
        self
    }

    #[must_use]
    pub fn json(mut self, body: &Value) -> Self {
        *self.request.body_mut() = Body::from(body.to_string());
        self.header("content-type", "application/json")
    }

    pub async fn send(mut self) -> Answer {
        self.request.extensions_mut().insert(Connection {
            remote: ([127, 0, 0, 1], 40_000).into(),
            peer: Some(SpiffeId::of(self.peer)),
        });
        let settings = Settings::from_pairs::<&str, &str>([]);
        let state = AppState {
            bookings: self.visitor.shop.bookings.clone(),
            catalogue: Arc::new(Shelf(self.visitor.shelf.clone())),
            clock: self.visitor.shop.clock.clone(),
            server: ServerConfig::read(&settings, 0).expect("all defaults"),
        };
        let response = app(state).oneshot(self.request).await;
        let response = response.expect("an app always answers");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_slice(&bytes).expect("JSON"),
        }
    }
}

impl Answer {
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) {
        let found = self.body["code"].as_str();
        assert_eq!((self.status, found), (status, Some(code)), "{}", self.body);
        assert_eq!(self.body["success"], false);
    }

    /// `pointer code` of each fault.
    pub fn faults(&self) -> Vec<String> {
        let faults = self.body["errors"].as_array().into_iter().flatten();
        faults
            .map(|fault| {
                let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
                format!("{} {}", text("pointer"), text("code"))
            })
            .collect()
    }
}
