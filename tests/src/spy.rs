//! A service that only writes down what reached it: it stands in a real service's place, with its certificate.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::body::Bytes;
use axum::extract::State;
use axum::routing::any;
use axum::{Json, Router};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

/// One request as the service saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

#[derive(Debug, Clone, Default)]
pub struct Spy {
    seen: Arc<Mutex<Vec<Seen>>>,
    answers: Arc<Mutex<BTreeMap<String, (StatusCode, Value)>>>,
}

impl Spy {
    /// All requests so far, the oldest first.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// From now on this path is answered with this body, as the real service would.
    pub fn answer(&self, path: &str, body: Value) {
        self.answer_with(StatusCode::OK, path, body);
    }

    pub fn answer_with(&self, status: StatusCode, path: &str, body: Value) {
        let mut answers = self.answers.lock().unwrap();
        answers.insert(path.to_owned(), (status, body));
    }

    #[track_caller]
    pub fn last(&self) -> Seen {
        self.seen().pop().expect("a request reached the service")
    }

    pub(crate) fn app(&self) -> Router {
        // Routes, not a fallback: the stack that all services share has a fallback of its own.
        Router::new()
            .route("/{*path}", any(write_down))
            .with_state(self.clone())
    }
}

async fn write_down(
    State(spy): State<Spy>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, Json<Value>) {
    let path = uri.path().to_owned();
    spy.seen.lock().unwrap().push(Seen {
        method,
        uri,
        headers,
        body: body.to_vec(),
    });
    let answer = spy.answers.lock().unwrap().get(&path).cloned();
    let (status, body) = answer.unwrap_or_else(|| (StatusCode::OK, json!({"spy": path})));
    (status, Json(body))
}
