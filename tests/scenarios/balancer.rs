//! Behind a TCP load balancer each client keeps its own address, and nobody gets another's by asking for it.

use std::net::SocketAddr;
use std::time::Duration;

use escale_tests::balancer::Says;
use escale_tests::raw::{self, Kind};
use escale_tests::{Plan, Town, logs};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A town whose gateway takes 127.0.0.1, and with it all who call in a test, for its load balancer.
fn balanced() -> Plan {
    Plan {
        settings: vec![("gateway", "PROXY_PROTOCOL_FROM", "127.0.0.1".to_owned())],
        with_built_in_limits: true,
        ..Plan::default()
    }
}

fn address(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

#[tokio::test]
async fn two_clients_behind_one_balancer_are_two_clients() {
    let town = Town::planned(balanced()).await;
    for (first, second) in [
        (
            Says::Line(address("198.51.100.7:4711")),
            Says::Line(address("198.51.100.8:4711")),
        ),
        (
            Says::Binary(address("198.51.100.17:4711")),
            Says::Binary(address("198.51.100.18:4711")),
        ),
        (
            Says::Line(address("[2001:db8:1::7]:4711")),
            Says::Binary(address("[2001:db8:2::7]:4711")),
        ),
    ] {
        let (greedy, other) = (
            town.visitor_behind(first).await,
            town.visitor_behind(second).await,
        );
        for _ in 0..100 {
            greedy.get("/health").await.assert_status(200);
        }
        greedy
            .get("/health")
            .await
            .assert_refused(429, "too_many_requests");
        other.get("/health").await.assert_status(200);
    }
    for line in logs::watcher().find(&["\"client\":\"198.51.100.8\"", "/health"]) {
        assert!(line.contains("\"status\":200"), "{line}");
    }
}

#[tokio::test]
async fn one_client_is_one_whatever_the_port_and_the_version_of_its_header() {
    let town = Town::planned(balanced()).await;
    let says = [
        Says::Line(address("203.0.113.9:1000")),
        Says::Line(address("203.0.113.9:2000")),
        Says::Binary(address("203.0.113.9:3000")),
        Says::Binary(address("[::ffff:203.0.113.9]:4000")),
    ];
    for says in says {
        let visitor = town.visitor_behind(says).await;
        for _ in 0..25 {
            visitor.get("/health").await.assert_status(200);
        }
    }
    for says in says {
        let visitor = town.visitor_behind(says).await;
        visitor
            .get("/health")
            .await
            .assert_refused(429, "too_many_requests");
    }
}

#[tokio::test]
async fn x_forwarded_for_says_no_more_behind_a_balancer_than_elsewhere() {
    let town = Town::planned(balanced()).await;
    let visitor = town
        .visitor_behind(Says::Binary(address("203.0.113.10:1000")))
        .await;
    for last in 0..100 {
        let request = visitor
            .request(Method::GET, "/health")
            .header("x-forwarded-for", format!("198.51.100.{last}"));
        visitor.send(request).await.assert_status(200);
    }
    visitor
        .get("/health")
        .await
        .assert_refused(429, "too_many_requests");
}

#[tokio::test]
async fn the_connections_of_a_client_are_capped_and_not_those_of_its_balancer() {
    let mut plan = balanced();
    let cap = ("gateway", "MAX_CONNECTIONS_PER_ADDRESS", "2".to_owned());
    plan.settings.push(cap);
    let town = Town::planned(plan).await;
    let root = town.certs.root();
    let greedy = town
        .balancer(Says::Binary(address("203.0.113.11:1000")))
        .await;
    let other = town
        .balancer(Says::Binary(address("203.0.113.12:1000")))
        .await;
    let connect = |to| raw::connect(to, &root, Kind::default());
    let held = [
        connect(greedy).await.unwrap(),
        connect(greedy).await.unwrap(),
    ];
    assert!(connect(greedy).await.is_err(), "two an address");
    connect(other).await.unwrap();
    drop(held);
}

#[tokio::test]
async fn a_balancers_connection_without_a_header_is_closed_and_the_log_says_so() {
    let town = Town::planned(balanced()).await;
    let silent = town.balancer(Says::Nothing).await;
    let refused = raw::connect(silent, &town.certs.root(), Kind::default()).await;
    assert!(refused.is_err());
    for rubbish in [
        &b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"[..],
        b"PROXY TCP4 198.51.100.7 192.0.2.1 4711\r\n",
        b"\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff",
    ] {
        assert_eq!(answer_to(&town, rubbish).await, "", "{rubbish:?}");
    }
    for reason in [
        "a load balancer's connection without a PROXY header",
        "a PROXY header that cannot be read",
        "a PROXY header that is too long",
    ] {
        let lines = logs::watcher().find(&["connection refused", reason]);
        assert!(!lines.is_empty(), "{reason}");
    }
}

#[tokio::test]
async fn a_balancer_that_begins_a_header_and_stops_is_gone_with_the_handshakes_time() {
    let mut plan = balanced();
    let soon = ("gateway", "TLS_HANDSHAKE_SECONDS", "1".to_owned());
    plan.settings.push(soon);
    let town = Town::planned(plan).await;
    let mut stream = TcpStream::connect(town.address("gateway")).await.unwrap();
    stream.write_all(b"PROXY TCP4 198.").await.unwrap();
    let mut answer = Vec::new();
    let closed = timeout(Duration::from_secs(10), stream.read_to_end(&mut answer));
    assert!(closed.await.is_ok(), "still open");
}

#[tokio::test]
async fn a_balancers_check_is_let_in_and_leaves_no_line() {
    let town = Town::planned(balanced()).await;
    for own in [
        &b"PROXY UNKNOWN\r\n"[..],
        b"\r\n\r\n\0\r\nQUIT\n\x20\x00\0\0",
    ] {
        // It may go again without a word, or ask a question as anybody.
        let mut stream = TcpStream::connect(town.address("gateway")).await.unwrap();
        let port = stream.local_addr().unwrap().port();
        stream.write_all(own).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(answer.is_empty());
        let remote = format!("127.0.0.1:{port}");
        let lines = logs::watcher().find(&["connection refused", &remote]);
        assert_eq!(lines, Vec::<String>::new());
        let asked = [own, b"GET /health HTTP/1.1\r\n\r\n"].concat();
        assert!(answer_to(&town, &asked).await.contains("https_required"));
    }
}

#[tokio::test]
async fn who_is_no_balancer_is_refused_with_a_header_and_changes_nobodys_count() {
    let mut plan = balanced();
    // The balancer is somebody else.
    plan.settings = vec![("gateway", "PROXY_PROTOCOL_FROM", "192.0.2.0/24".to_owned())];
    let town = Town::planned(plan).await;
    let victim = address("203.0.113.13:1000");
    for says in [Says::Line(victim), Says::Binary(victim)] {
        let forger = town.balancer(says).await;
        let refused = raw::connect(forger, &town.certs.root(), Kind::default()).await;
        assert!(refused.is_err(), "{says:?}");
        let answer = answer_to(&town, &says.header()).await;
        assert!(answer.contains("https_required"), "{answer}");
    }
    let forged = logs::watcher().find(&["203.0.113.13"]);
    assert_eq!(forged, Vec::<String>::new(), "nothing knows that address");
    town.visitor().get("/health").await.assert_status(200);
}

/// What comes back for these bytes, without any TLS, until the gateway closes.
async fn answer_to(town: &Town, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(town.address("gateway")).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A connection that is closed with bytes unread is reset: what came before has come.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
