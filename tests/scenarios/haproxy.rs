//! deploy/compose/haproxy.cfg, by the real HAProxy where it is installed, in front of two gateways.

use std::net::SocketAddr;
use std::time::Duration;

use escale_engines::{Keeper, find_program, free_port, tally};
use escale_tests::{Plan, SECOND_GATEWAY, Town, Visitor, eventually};
use serde_json::json;
use tempfile::TempDir;
use tokio::time::interval;

use crate::stopping::Held;

struct Balancer {
    address: SocketAddr,
    health: u16,
    _keeper: Keeper,
    _folder: TempDir,
}

impl Balancer {
    /// `None`, said aloud, where there is no HAProxy.
    async fn before(town: &Town) -> Option<Self> {
        let Some(program) = find_program("haproxy", ["/usr/sbin".into(), "/usr/local/sbin".into()])
        else {
            tally::skipped(
                "HAProxy",
                "it is not installed, and haproxy.cfg was not tried",
            );
            return None;
        };
        tally::lent("HAProxy", "a program of this system");
        let (port, health) = (free_port(), free_port());
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("haproxy.cfg");
        std::fs::write(&file, config(town, port, health)).unwrap();
        let words = [program.as_os_str(), "-f".as_ref(), file.as_os_str()];
        let keeper = Keeper::start(folder.path(), "KILL", &words, None).unwrap();
        let balancer = Self {
            address: SocketAddr::from(([127, 0, 0, 1], port)),
            health,
            _keeper: keeper,
            _folder: folder,
        };
        eventually("a gateway is ready", async || balancer.is_ready(town).await).await;
        Some(balancer)
    }

    /// What the container's health check asks.
    async fn is_ready(&self, town: &Town) -> bool {
        let url = format!("http://127.0.0.1:{}/ready", self.health);
        let answer = town.public_client().get(url).send().await;
        answer.is_ok_and(|answer| answer.status() == 200)
    }

    /// Somebody with an account, and with one connection, which goes to the gateways in turn.
    async fn user(&self, town: &Town) -> Visitor {
        town.visitor().through(self.address).register().await
    }
}

/// The file as it is, but for where everything is found: there is no resolver of Docker's here.
fn config(town: &Town, port: u16, health: u16) -> String {
    let file = include_str!("../../deploy/compose/haproxy.cfg");
    let (head, rest) = file.split_once("resolvers docker").expect("a resolver");
    let (_, rest) = rest.split_once("\n\n").expect("its end");
    let mut text = format!("{head}{rest}");
    for (container, gateway) in [("gateway-1", "gateway"), ("gateway-2", SECOND_GATEWAY)] {
        let (address, metrics) = (town.address(gateway), town.metrics(gateway).port());
        let there = format!("server {container} {container}:8080");
        assert!(text.contains(&there), "{text}");
        text = text.replace(
            &there,
            &format!("server {container} {address} port {metrics}"),
        );
    }
    let docker = " init-addr last,libc,none resolvers docker resolve-prefer ipv4";
    for (there, here) in [
        (docker, String::new()),
        ("bind :8080", format!("bind 127.0.0.1:{port}")),
        ("bind 127.0.0.1:8404", format!("bind 127.0.0.1:{health}")),
    ] {
        assert!(text.contains(there), "{there}");
        text = text.replace(there, &here);
    }
    text
}

/// Behind HAProxy on this machine.
async fn town(payment: axum::Router) -> Town {
    Town::planned(Plan {
        stand_ins: vec![("payment", payment)],
        settings: vec![("gateway", "PROXY_PROTOCOL_FROM", "127.0.0.1".to_owned())],
        second_gateway: true,
        ..Plan::default()
    })
    .await
}

/// For longer than the balancer takes to notice (`inter 1s fall 2`), newcomers are served by the other gateway.
async fn newcomers_are_served(balancer: &Balancer, town: &Town) {
    let mut ticks = interval(Duration::from_millis(100));
    for _ in 0..40 {
        ticks.tick().await;
        let newcomer = town.visitor().through(balancer.address);
        newcomer.get("/health").await.assert_status(200);
    }
}

#[tokio::test]
async fn who_is_inside_a_stopping_gateway_is_answered_and_who_comes_is_sent_to_the_other() {
    let (held, payment) = Held::new();
    let mut town = town(payment).await;
    let Some(balancer) = Balancer::before(&town).await else {
        return;
    };
    // One connection at each gateway, and a payment under way in both.
    let users = [balancer.user(&town).await, balancer.user(&town).await];
    let paying = users.map(|user| {
        let body = json!({"bookingId": uuid::Uuid::new_v4(), "cardToken": "tok_accepted"});
        tokio::spawn(async move { user.post_with_key("/api/payments", "key", &body).await })
    });
    for _ in &paying {
        held.has_come().await;
    }
    let stopping = town.stopping("gateway");
    let meanwhile = async {
        newcomers_are_served(&balancer, &town).await;
        for _ in &paying {
            held.goes_on();
        }
    };
    tokio::join!(stopping, meanwhile);
    for payment in paying {
        payment.await.expect("no panic").assert_status(200);
    }
    newcomers_are_served(&balancer, &town).await;
}
