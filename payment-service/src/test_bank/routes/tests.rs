//! The bank's wire as the payment service reads it, in process and over real connections.

mod in_process;

use std::time::Duration;

use axum::Router;
use escale_engines::{Engine, on_each_engine};
use serde_json::{Value, json};
use service_kit::clock::{Clock, Timestamp};
use service_kit::context::RequestContext;
use service_kit::peer::Connection;
use service_kit::spiffe::SpiffeId;
use uuid::Uuid;

use super::super::ledger::Movements;
use super::super::{AppState, Ledger, app};
use crate::domain::failure::Failure;
use crate::domain::money::Money;
use crate::ports::{Authorisation, Bank, Capture, ChargeOrder};
use crate::testing::{internal, ledger, send, server_config};
use in_process::InProcess;

fn bank(ledger: &Ledger) -> Router {
    app(AppState {
        ledger: ledger.clone(),
        clock: Clock::manual(Timestamp(1_000)),
        slow: Duration::from_millis(1),
        server: server_config(),
    })
}

fn order_body(reference: Uuid, token: &str) -> Value {
    json!({ "reference": reference, "amountCents": 12_900, "currency": "EUR", "cardToken": token })
}

fn order() -> ChargeOrder {
    ChargeOrder {
        reference: Uuid::new_v4(),
        amount: Money::euros(12_900),
    }
}

async fn granted(bank: &InProcess, order: ChargeOrder, token: &str) -> Uuid {
    let answer = bank
        .authorise(order, &token.into(), &RequestContext::begin())
        .await;
    match answer.expect("an answer") {
        Authorisation::Granted { charge_id } => charge_id,
        Authorisation::Declined(failure) => panic!("declined: {failure:?}"),
    }
}

#[on_each_engine]
async fn a_charge_is_authorised_captured_and_refunded_each_once(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let bank = InProcess(bank(&ledger));
    let context = RequestContext::begin();
    for token in ["tok_accepted", "tok_slow"] {
        let order = order();
        let id = granted(&bank, order, token).await;
        for _ in 0..2 {
            let taken = bank.capture(order, id, &context).await;
            assert_eq!(taken.expect("an answer"), Capture::Taken);
        }
        for _ in 0..2 {
            let returned = bank.refund(order, id, &context).await;
            returned.expect("given back");
        }
        let late = bank.capture(order, id, &context).await;
        assert_eq!(late.expect("an answer"), Capture::Refused);
        let once = Movements {
            times_taken: 1,
            times_returned: 1,
            balance_cents: 0,
        };
        let movements = ledger.movements(order.reference).await;
        assert_eq!(movements.expect("movements"), once);
    }
}

#[on_each_engine]
async fn each_card_token_is_declined_for_its_own_reason(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let bank = InProcess(bank(&ledger));
    for (token, failure) in [
        ("tok_declined", Failure::CardDeclined),
        ("tok_insufficient_funds", Failure::InsufficientFunds),
        ("tok_of_nobody", Failure::CardTokenUnknown),
    ] {
        let answer = bank
            .authorise(order(), &token.into(), &RequestContext::begin())
            .await;
        let declined = Authorisation::Declined(failure);
        assert_eq!(answer.expect("an answer"), declined, "{token}");
    }
}

#[on_each_engine]
async fn a_lost_answer_has_done_the_charge_and_the_same_reference_finds_it(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let bank = InProcess(bank(&ledger));
    let order = order();
    let context = RequestContext::begin();
    let token = "tok_lost_answer".into();
    let lost = bank.authorise(order, &token, &context).await;
    lost.expect_err("the answer breaks off");
    let id = granted(&bank, order, "tok_lost_answer").await;
    let charges = ledger.charges().await.expect("charges");
    assert_eq!(
        charges.iter().map(|charge| charge.id).collect::<Vec<_>>(),
        [id]
    );
}

#[on_each_engine]
async fn a_lost_answer_is_a_broken_connection_over_http_1_and_http_2(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let caller = Connection {
        remote: ([127, 0, 0, 1], 1).into(),
        peer: Some(SpiffeId::of("payment")),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let app = bank(&ledger).layer(axum::Extension(caller));
    tokio::spawn(async move { axum::serve(listener, app).await });

    service_kit::process::install_crypto_provider();
    let http_1 = reqwest::Client::builder().http1_only();
    let http_2 = reqwest::Client::builder().http2_prior_knowledge();
    for client in [http_1, http_2] {
        let client = client.no_proxy().build().expect("a client");
        let order = order_body(Uuid::new_v4(), "tok_lost_answer");
        let call = || {
            let url = format!("http://{address}/charges");
            client.post(url).json(&order).send()
        };
        let broken = match call().await {
            Ok(response) => response.bytes().await.is_err(),
            Err(_) => true,
        };
        assert!(broken, "no whole answer came through");
        let again = call().await.expect("an answer").bytes().await;
        let charge: Value = serde_json::from_slice(&again.expect("a body")).expect("JSON");
        assert_eq!(charge["status"], "authorised");
    }
}

#[on_each_engine]
async fn a_reference_that_comes_back_with_another_amount_is_refused(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let mut order = order_body(Uuid::new_v4(), "tok_accepted");
    let post = |body: &Value| {
        let request = internal("payment", "POST", "/charges", Some(body));
        send(bank(&ledger), request)
    };
    assert_eq!(post(&order).await.status, 200);
    order["amountCents"] = json!(1);
    post(&order).await.assert_refused(409, "amount_mismatch");
}

#[on_each_engine]
async fn only_the_payment_service_may_call_and_bad_orders_are_refused(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let order = order_body(Uuid::new_v4(), "tok_accepted");
    for caller in ["gateway", "booking", "bank"] {
        let request = internal(caller, "POST", "/charges", Some(&order));
        let refused = send(bank(&ledger), request).await;
        refused.assert_refused(403, "caller_not_allowed");
    }
    for (field, value) in [
        ("amountCents", json!(0)),
        ("amountCents", json!(-5)),
        ("currency", json!("EURO")),
        ("cardToken", json!(null)),
        ("extra", json!(1)),
    ] {
        let mut bad = order.clone();
        bad[field] = value;
        let request = internal("payment", "POST", "/charges", Some(&bad));
        let refused = send(bank(&ledger), request).await;
        refused.assert_refused(400, "invalid_data");
    }
    assert!(ledger.charges().await.expect("charges").is_empty());
}

#[on_each_engine]
async fn a_charge_is_found_by_its_reference(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let reference = Uuid::new_v4();
    let path = format!("/charges/by-reference/{reference}");
    let find = || {
        let request = internal("payment", "GET", &path, None);
        send(bank(&ledger), request)
    };
    find().await.assert_refused(404, "not_found");
    let order = order_body(reference, "tok_accepted");
    let request = internal("payment", "POST", "/charges", Some(&order));
    let made = send(bank(&ledger), request).await;
    assert_eq!(find().await.body, made.body);
}
