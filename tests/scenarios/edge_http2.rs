//! HTTP/2 requests that no client library sends: judged as strictly as those of HTTP/1.1.

use escale_tests::frames::{
    ACK, DATA, END_HEADERS, END_STREAM, Frame, GOAWAY, HEADERS, RST_STREAM, SETTINGS, block, frame,
    get, opening, read, request,
};
use escale_tests::raw::{Kind, Raw};
use escale_tests::{Plan, Town};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// What came on stream 1, or ended the connection.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// With its body, which is not compressed.
    Answered(String),
    Reset,
    Gone,
}

async fn outcome(stream: &mut Raw) -> Outcome {
    let (mut bytes, mut body) = (Vec::new(), Vec::new());
    loop {
        let frames = read(&bytes);
        body.clear();
        for Frame {
            kind,
            flags,
            stream,
            payload,
        } in frames
        {
            match (kind, stream) {
                (RST_STREAM, 1) => return Outcome::Reset,
                (GOAWAY, _) => return Outcome::Gone,
                (DATA, 1) => body.extend_from_slice(&payload),
                _ => {}
            }
            if stream == 1 && matches!(kind, DATA | HEADERS) && flags & END_STREAM != 0 {
                return Outcome::Answered(String::from_utf8_lossy(&body).into_owned());
            }
        }
        match stream.read_buf(&mut bytes).await {
            Ok(0) | Err(_) => return Outcome::Gone,
            Ok(_) => {}
        }
    }
}

async fn ask(town: &Town, frames: &[Vec<u8>]) -> Outcome {
    let mut stream = town
        .raw(Kind {
            http2: true,
            ..Kind::default()
        })
        .await;
    let bytes = [&[opening(&[]), frame(SETTINGS, ACK, 0, &[])], frames].concat();
    stream.write_all(&bytes.concat()).await.unwrap();
    let asked = tokio::time::timeout(escale_tests::raw::PATIENCE, outcome(&mut stream));
    asked.await.expect("an outcome")
}

type Change = fn(&mut Vec<(&'static str, &'static str)>);

async fn spied() -> Town {
    Town::planned(Plan {
        spies: vec!["catalog", "booking"],
        ..Plan::default()
    })
    .await
}

/// Proves: edge-smuggling
#[tokio::test]
async fn a_request_that_reads_in_two_ways_is_refused_over_http2_too() {
    let town = spied().await;
    let authorization = format!("Bearer {}", town.user().await.token());
    let ask_with = |change: Change| {
        let mut headers = get("/api/tours/smuggled");
        change(&mut headers);
        let token = [("authorization", authorization.as_str())];
        request(1, &[headers.as_slice(), &token].concat())
    };
    let cases: [(&str, Change); 22] = [
        ("host differs", |headers| {
            headers.push(("host", "evil.test"))
        }),
        ("two hosts", |headers| {
            headers.extend([("host", "localhost"), ("host", "localhost")])
        }),
        ("no authority", |headers| headers.truncate(3)),
        ("an authority with a user", |headers| {
            headers[3].1 = "user@localhost"
        }),
        ("a connection header", |headers| {
            headers.push(("connection", "close"))
        }),
        ("keep-alive", |headers| {
            headers.push(("keep-alive", "timeout=5"))
        }),
        ("proxy-connection", |headers| {
            headers.push(("proxy-connection", "keep-alive"))
        }),
        ("transfer-encoding", |headers| {
            headers.push(("transfer-encoding", "chunked"))
        }),
        ("upgrade", |headers| headers.push(("upgrade", "h2c"))),
        ("te other than trailers", |headers| {
            headers.push(("te", "gzip"))
        }),
        ("a path without a slash", |headers| {
            headers[2].1 = "api/tours/smuggled"
        }),
        ("an asterisk", |headers| headers[2].1 = "*"),
        ("an empty path", |headers| headers[2].1 = ""),
        ("an absolute path", |headers| {
            headers[2].1 = "https://localhost/api/tours/smuggled"
        }),
        ("another scheme", |headers| headers[1].1 = "http"),
        ("lower case", |headers| headers[0].1 = "get"),
        ("a tunnel", |headers| headers[0].1 = "CONNECT"),
        ("trace", |headers| headers[0].1 = "TRACE"),
        ("two paths", |headers| headers.push((":path", "/health"))),
        ("capitals in a name", |headers| headers.push(("X-A", "1"))),
        ("a line end in a value", |headers| {
            headers.push(("x-a", "1\r\nhost: b"))
        }),
        ("a length that the data belies", |headers| {
            headers.push(("content-length", "5"))
        }),
    ];
    for (name, change) in cases {
        match ask(&town, &[ask_with(change)]).await {
            Outcome::Answered(body) => {
                assert!(body.contains("\"success\":false"), "{name}: {body}");
            }
            Outcome::Reset | Outcome::Gone => {}
        }
        assert!(town.spies["catalog"].seen().is_empty(), "{name}");
    }
    let canary = ask_with(|headers| headers[2].1 = "/api/tours/canary");
    let answer = ask(&town, &[canary]).await;
    assert_eq!(
        answer,
        Outcome::Answered(r#"{"spy":"/tours/canary"}"#.to_owned())
    );
    assert_eq!(town.spies["catalog"].seen().len(), 1);
}

/// Proves: edge-smuggling
#[tokio::test]
async fn a_body_of_another_length_than_was_said_never_comes_whole() {
    let town = spied().await;
    let authorization = format!("Bearer {}", town.user().await.token());
    for (length, sent) in [("1", "{}"), ("5", "{}"), ("2, 2", "{}"), ("+2", "{}")] {
        let headers = [
            (":method", "POST"),
            (":scheme", "https"),
            (":path", "/api/bookings"),
            (":authority", "localhost"),
            ("authorization", &authorization),
            ("content-type", "application/json"),
            ("content-length", length),
        ];
        let frames = [
            frame(HEADERS, END_HEADERS, 1, &block(&headers)),
            frame(DATA, END_STREAM, 1, sent.as_bytes()),
        ];
        match ask(&town, &frames).await {
            Outcome::Answered(body) => {
                assert!(body.contains("\"success\":false"), "{length}: {body}")
            }
            Outcome::Reset | Outcome::Gone => {}
        }
        let seen = town.spies["booking"].seen();
        assert!(seen.is_empty(), "{length}: {seen:?}");
    }
}

/// Proves: edge-smuggling
#[tokio::test]
async fn http1_spoken_where_http2_was_agreed_is_no_way_past_the_strict_reading() {
    let town = spied().await;
    let user = town.user().await;
    let mut stream = town
        .raw(Kind {
            http2: true,
            ..Kind::default()
        })
        .await;
    let token = user.token();
    let head = format!("GET /api/tours/smuggled HTTP/1.1\r\nAuthorization: Bearer {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let answers = escale_tests::raw::read_to_the_end(&mut stream).await;
    assert!(answers.statuses().is_empty(), "{}", answers.0);
    assert!(town.spies["catalog"].seen().is_empty());
}
