//! Requests that two programs would read differently (RFC 9112 section 11.2): refused where they are read, and nothing
//! behind them on their connection is taken for a request.
//!
//! Each attack carries a request to smuggle, with a token that would be let in, and has an honest one, the canary,
//! behind it. What the services saw is the judge: never the smuggled one, and of canaries only those that came by a
//! connection of their own.

mod behind;

use escale_tests::raw::Kind;
use escale_tests::{Plan, Town, Visitor, raw};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

struct Attacked {
    town: Town,
    user: Visitor,
}

impl Attacked {
    async fn begin() -> Self {
        let town = Town::planned(Plan {
            spies: vec!["catalog", "booking"],
            ..Plan::default()
        })
        .await;
        let user = town.user().await;
        Self { town, user }
    }

    fn get(&self, path: &str) -> String {
        let token = self.user.token();
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n")
    }

    /// `{token}` and `{smuggled}` stand for what they say, `{length}` for the length of what is smuggled.
    fn fill(&self, attack: &str) -> String {
        let smuggled = self.get("/api/tours/smuggled");
        attack
            .replace("{token}", self.user.token())
            .replace("{length}", &smuggled.len().to_string())
            .replace("{size}", &format!("{:x}", smuggled.len()))
            .replace("{smuggled}", &smuggled)
    }

    /// How many requests for this path reached the catalogue.
    fn seen(&self, path: &str) -> usize {
        let seen = self.town.spies["catalog"].seen();
        seen.iter().filter(|seen| seen.uri.path() == path).count()
    }

    async fn assert_refused(&self, name: &str, attack: &str, status: u16) {
        let attack = self.fill(attack) + &self.get("/api/tours/behind");
        let answers = self.town.exchange(attack.as_bytes()).await;
        eprintln!("{name}: {:?}", answers.statuses());
        answers.assert_one_refusal(status);
        self.assert_nothing_passed(name);
    }

    fn assert_nothing_passed(&self, name: &str) {
        for path in ["/tours/smuggled", "/tours/behind"] {
            assert_eq!(self.seen(path), 0, "{name}: {path}");
        }
        assert!(self.town.spies["booking"].seen().is_empty(), "{name}");
    }

    async fn assert_a_canary_lives(&self) {
        let before = self.seen("/tours/canary");
        self.user.get("/api/tours/canary").await.assert_status(200);
        assert_eq!(self.seen("/tours/canary"), before + 1);
    }
}

const POST: &str =
    "POST /api/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n";

/// Name, headers of a POST, what follows its head.
#[rustfmt::skip]
const LENGTHS: [(&str, &str, &str); 19] = [
    ("CL.TE", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "{size}\r\n{smuggled}\r\n0\r\n\r\n"),
    ("two equal lengths", "Content-Length: 0\r\nContent-Length: 0\r\n", "{smuggled}"),
    ("two lengths", "Content-Length: 0\r\nContent-Length: {length}\r\n", "{smuggled}"),
    ("a list of lengths", "Content-Length: 0, 0\r\n", "{smuggled}"),
    ("a signed length", "Content-Length: +0\r\n", "{smuggled}"),
    ("TE.TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n{smuggled}"),
    ("a coding before chunked", "Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("a coding that only looks like it", "Transfer-Encoding: xchunked\r\n", "0\r\n\r\n{smuggled}"),
    ("identity", "Transfer-Encoding: identity\r\n", "{smuggled}"),
    ("a space before the colon", "Transfer-Encoding : chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("a tab before the colon", "Content-Length\t: 0\r\n", "{smuggled}"),
    ("a fold", "X: a\r\n Transfer-Encoding: chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("a folded coding", "Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("a bare LF hides a header", "X: a\nContent-Length: 0\r\n", "{smuggled}"),
    ("a bare CR hides a header", "X: a\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("a NUL", "X: a\0b\r\nContent-Length: 0\r\n", "{smuggled}"),
    ("a vertical tab", "Transfer-Encoding: \u{b}chunked\r\n", "0\r\n\r\n{smuggled}"),
    ("an odd expectation", "Expect: y 100-continue\r\nContent-Length: 0\r\n", "{smuggled}"),
];

/// Proves: edge-smuggling
#[tokio::test]
async fn a_body_whose_end_is_said_twice_is_refused() {
    let attacked = Attacked::begin().await;
    for (name, headers, body) in LENGTHS {
        let attack = format!("{POST}{headers}\r\n{body}");
        attacked.assert_refused(name, &attack, 400).await;
    }
    attacked.assert_a_canary_lives().await;
}

/// Name, the first lines of a head, the answer.
#[rustfmt::skip]
const HEADS: [(&str, &str, u16); 21] = [
    ("no host", "GET /api/tours/smuggled HTTP/1.1\r\n", 400),
    ("two hosts", "GET /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\nHost: evil.test\r\n", 400),
    ("the same host twice", "GET /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n", 400),
    ("an empty host", "GET /api/tours/smuggled HTTP/1.1\r\nHost:\r\n", 400),
    ("an absolute target", "GET https://localhost/api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("an absolute target elsewhere", "GET http://evil.test/api/tours HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("authority form", "GET localhost:8080 HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("asterisk form", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("a tunnel", "CONNECT localhost:3002 HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("a fragment", "GET /api/tours/smuggled#x HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("two spaces", "GET  /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("a space in the target", "GET /api/tours/smuggled x HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("an empty line first", "\r\nGET /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\n", 400),
    ("bare LF everywhere", "GET /api/tours/smuggled HTTP/1.1\nHost: localhost\n", 400),
    ("lower case", "get /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\n", 501),
    ("an unknown method", "FOO /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\n", 501),
    ("HTTP/1.0", "GET /api/tours/smuggled HTTP/1.0\r\nHost: localhost\r\n", 505),
    ("HTTP/1.0 with chunks", "POST /api/bookings HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n", 505),
    ("HTTP/0.9", "GET /api/tours/smuggled\r\n", 400),
    ("HTTP/2 without its negotiation", "PRI * HTTP/2.0\r\n\r\nSM\r\n", 505),
    ("another protocol", "EHLO localhost\r\n", 400),
];

/// Proves: edge-smuggling
#[tokio::test]
async fn a_head_that_can_be_read_in_two_ways_is_refused() {
    let attacked = Attacked::begin().await;
    let authorization = "Authorization: Bearer {token}\r\n";
    for (name, line, status) in HEADS {
        let attack = format!("{line}{authorization}\r\n");
        attacked.assert_refused(name, &attack, status).await;
    }
    attacked.assert_a_canary_lives().await;
}

/// Proves: API4:2019, API4:2023, edge-bombs
#[tokio::test]
async fn a_head_that_is_too_long_is_refused_before_it_is_whole() {
    let attacked = Attacked::begin().await;
    let many = format!("{POST}{}\r\n", "X-A: 1\r\n".repeat(101));
    attacked.assert_refused("many headers", &many, 431).await;
    let large = format!("{POST}X-A: {}\r\n\r\n", "a".repeat(1_000_000));
    attacked.assert_refused("a large header", &large, 431).await;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1_000_000));
    attacked.assert_refused("a long target", &long, 414).await;
    attacked.assert_a_canary_lives().await;
}

/// Name, body.
#[rustfmt::skip]
const CHUNKS: [(&str, &str); 9] = [
    ("no size", "x\r\n{}\r\n0\r\n\r\n"),
    ("a size with a sign", "+2\r\n{}\r\n0\r\n\r\n"),
    ("a size in C's way", "0x2\r\n{}\r\n0\r\n\r\n"),
    ("a size that overflows", "10000000000000002\r\n{}\r\n0\r\n\r\n"),
    ("a bare LF behind the size", "2\n{}\r\n0\r\n\r\n"),
    ("a bare LF behind the data", "2\r\n{}\n0\r\n\r\n"),
    ("a bare LF in an extension", "2;a\nb\r\n{}\r\n0\r\n\r\n"),
    ("longer than its size", "2\r\n{}x\r\n0\r\n\r\n"),
    ("a trailer that is a request", "0\r\n{smuggled}"),
];

/// Proves: edge-smuggling
#[tokio::test]
async fn broken_chunks_are_the_clients_fault_and_end_the_connection() {
    let attacked = Attacked::begin().await;
    for (name, chunks) in CHUNKS {
        let headers = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
        let attack = attacked.fill(&format!("{POST}{headers}\r\n{chunks}"));
        let attack = attack + &attacked.get("/api/tours/behind");
        let answers = attacked.town.exchange(attack.as_bytes()).await;
        let statuses = answers.statuses();
        assert!(
            statuses == [400] || statuses.is_empty(),
            "{name}: {}",
            answers.0
        );
        for path in ["/tours/smuggled", "/tours/behind"] {
            assert_eq!(attacked.seen(path), 0, "{name}: {path}");
        }
    }
    let whole = attacked.town.spies["booking"].seen();
    assert!(whole.is_empty(), "no broken body came whole: {whole:?}");
    attacked.assert_a_canary_lives().await;
}

#[tokio::test]
async fn a_request_is_understood_however_it_is_cut_into_packets() {
    let attacked = Attacked::begin().await;
    let get = attacked.get("/api/tours/canary");
    let mut stream = attacked.town.raw(Kind::default()).await;
    for byte in get.as_bytes() {
        stream.write_all(&[*byte]).await.unwrap();
        stream.flush().await.unwrap();
    }
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    drop(stream);
    assert_eq!(attacked.seen("/tours/canary"), 1);
    // The same with the fault of a bad one at the end.
    let mut stream = attacked.town.raw(Kind::default()).await;
    for byte in b"GET / HTTP/1.1\r\nHost: a\n" {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
    }
    raw::read_to_the_end(&mut stream)
        .await
        .assert_one_refusal(400);
}

#[tokio::test]
async fn a_refusal_speaks_the_callers_language_and_has_its_line() {
    let town = Town::start().await;
    let head = |language: &str| format!("GET / HTTP/1.1\r\nAccept-Language: {language}\r\n\r\n");
    let english = town.exchange(head("en").as_bytes()).await;
    assert!(english.0.contains("Malformed request"), "{}", english.0);
    let french = town.exchange(head("fr").as_bytes()).await;
    assert!(french.0.contains("Requête malformée"), "{}", french.0);
    let body = french.0.split_once("\r\n\r\n").unwrap().1;
    let body: serde_json::Value = serde_json::from_str(body).unwrap();
    let id = body["requestId"].as_str().unwrap().to_owned();
    escale_tests::eventually("the line is written", async || {
        let lines = escale_tests::logs::watcher().find(&[&id, "no Host", "127.0.0.1"]);
        lines.len() == 1
    })
    .await;
}
