//! ProductService: what is sold (`/products`), and who ordered what (`/orders`, S1). Orders live as long as the program.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use axum::{Json, Router};
use escale_app_kit::{Key, Refusal};
use serde::{Deserialize, Serialize};

use crate::inside::Caller;
use crate::only_the_gate::only_the_gate;

/// More orders than a lesson makes, and fewer than fill the memory.
const MOST_ORDERS: usize = 1_000;
const MOST_PIECES: u32 = 20;

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "camelCase")]
struct Product {
    id: &'static str,
    name: &'static str,
    price_cents: u32,
}

const PRODUCTS: [Product; 3] = [
    Product {
        id: "carte-des-sentiers",
        name: "Carte des sentiers",
        price_cents: 1_250,
    },
    Product {
        id: "guide-de-poche",
        name: "Guide de poche",
        price_cents: 990,
    },
    Product {
        id: "gourde",
        name: "Gourde isotherme",
        price_cents: 2_400,
    },
];

#[derive(Clone, Serialize)]
struct Order {
    user: String,
    product: &'static str,
    quantity: u32,
}

#[derive(Clone, Default)]
struct Orders(Arc<Mutex<Vec<Order>>>);

impl Orders {
    fn open(&self) -> MutexGuard<'_, Vec<Order>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub fn app(pass: Key) -> Router {
    Router::new()
        .route("/products", get(async || Json(PRODUCTS)))
        .route("/products/{id}", get(product))
        .route("/orders", get(own_orders).post(order))
        .with_state(Orders::default())
        .layer(from_fn_with_state(pass, only_the_gate))
}

async fn product(Path(id): Path<String>) -> Result<Json<Product>, Refusal> {
    find(&id).map(Json)
}

fn find(id: &str) -> Result<Product, Refusal> {
    let found = PRODUCTS.into_iter().find(|product| product.id == id);
    found.ok_or(Refusal::new(StatusCode::NOT_FOUND, "Produit inconnu"))
}

async fn own_orders(State(orders): State<Orders>, caller: Caller) -> Json<Vec<Order>> {
    let orders = orders.open();
    let own = orders.iter().filter(|order| order.user == caller.id);
    Json(own.cloned().collect())
}

#[derive(Deserialize)]
struct Wish {
    product: String,
    quantity: u32,
}

/// For who calls: the body has no say in whose order it is.
async fn order(
    State(orders): State<Orders>,
    caller: Caller,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Result<(StatusCode, Json<Order>), Refusal> {
    let wrong = Refusal::new(StatusCode::BAD_REQUEST, "Commande invalide");
    let Json(wish) = wish.map_err(|_| wrong)?;
    if !(1..=MOST_PIECES).contains(&wish.quantity) {
        return Err(wrong);
    }
    let order = Order {
        user: caller.id,
        product: find(&wish.product)?.id,
        quantity: wish.quantity,
    };
    let mut orders = orders.open();
    if orders.len() >= MOST_ORDERS {
        let full = "Carnet de commandes plein";
        return Err(Refusal::new(StatusCode::SERVICE_UNAVAILABLE, full));
    }
    orders.push(order.clone());
    Ok((StatusCode::CREATED, Json(order)))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::CONTENT_TYPE;
    use http_body_util::BodyExt;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;
    use crate::inside::{GATE_PASS, USER_ID, USER_ROLE};

    const PASS: &str = "0123456789abcdef0123456789abcdef";

    fn service() -> Router {
        app(Key::new(PASS.as_bytes()).expect("long enough"))
    }

    /// As the gate sends it on for this user.
    async fn send(
        service: &Router,
        user: &str,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(GATE_PASS, PASS)
            .header(USER_ID, user)
            .header(USER_ROLE, "user")
            .header(CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_owned()))
            .expect("a request");
        let answer = service.clone().oneshot(request).await.expect("an answer");
        let status = answer.status().as_u16();
        let bytes = answer
            .into_body()
            .collect()
            .await
            .expect("a body")
            .to_bytes();
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    #[tokio::test]
    async fn an_order_is_its_callers_whatever_the_body_says() {
        let service = service();
        let wish = r#"{"product": "gourde", "quantity": 2, "user": "bob"}"#;
        let order = json!({"user": "alice", "product": "gourde", "quantity": 2});
        let answer = send(&service, "alice", "POST", "/orders", wish).await;
        assert_eq!(answer, (201, order.clone()));
        assert_eq!(
            send(&service, "alice", "GET", "/orders", "").await,
            (200, json!([order]))
        );
        assert_eq!(
            send(&service, "bob", "GET", "/orders", "").await,
            (200, json!([]))
        );
    }

    #[tokio::test]
    async fn what_cannot_be_ordered_is_refused() {
        let service = service();
        for (wish, status) in [
            (r#"{"product": "gourde", "quantity": 0}"#, 400),
            (r#"{"product": "gourde", "quantity": 21}"#, 400),
            (r#"{"product": "gourde", "quantity": -1}"#, 400),
            (r#"{"product": "gourde"}"#, 400),
            ("gourde", 400),
            (r#"{"product": "tapis", "quantity": 1}"#, 404),
        ] {
            let (came, _) = send(&service, "alice", "POST", "/orders", wish).await;
            assert_eq!(came, status, "{wish}");
        }
        assert_eq!(
            send(&service, "alice", "GET", "/orders", "").await,
            (200, json!([]))
        );
    }

    #[tokio::test]
    async fn nobody_in_particular_has_no_orders() {
        assert_eq!(send(&service(), "", "GET", "/orders", "").await.0, 401);
    }
}
