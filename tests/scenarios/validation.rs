//! What the gateway lets through to a service (L10, R13, R14): spies stand in the services' places, so that "refused"
//! means that nothing arrived, and "passed" that the normalised value did.

use escale_tests::{Answer, Plan, Town, Visitor};
use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const TOUR: &str = "0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10";

struct Bench {
    town: Town,
    user: Visitor,
}

impl Bench {
    /// A user, and spies for all that he may write to.
    async fn new() -> Self {
        let plan = Plan {
            spies: vec!["booking", "payment", "catalog"],
            ..Plan::default()
        };
        let town = Town::planned(plan).await;
        let user = town.user().await;
        Self { town, user }
    }

    fn booking(&self) -> Value {
        json!({"tourId": TOUR, "numberOfParticipants": 2, "bookingDate": self.town.day(1)})
    }

    /// A body as it is, letter by letter.
    async fn post(&self, path: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self.user.request(Method::POST, path);
        let request = request.header("content-type", "application/json");
        self.user.send(request.body(body)).await
    }

    fn arrived(&self, service: &str) -> Vec<Value> {
        let seen = self.town.spies[service].seen().into_iter();
        seen.map(|seen| serde_json::from_slice(&seen.body).unwrap_or_default())
            .collect()
    }
}

/// One line of the table of L10: a field, its value as JSON text, and the code of the fault, `ok` where there is none.
type Line = (&'static str, String, &'static str);

fn table_of_l10(town: &Town) -> Vec<Line> {
    let line = |field, value: &str, expected| (field, value.to_owned(), expected);
    let text = |text: &str, times: usize| format!("\"{}\"", text.repeat(times));
    vec![
        line("numberOfParticipants", "0", "range"),
        line("numberOfParticipants", "1", "ok"),
        line("numberOfParticipants", "20", "ok"),
        line("numberOfParticipants", "21", "range"),
        line("numberOfParticipants", "-1", "range"),
        line("numberOfParticipants", "\"2\"", "type"),
        line("numberOfParticipants", "2.0", "type"),
        line("numberOfParticipants", "2.5", "type"),
        line("numberOfParticipants", "1e1", "type"),
        line("numberOfParticipants", "null", "required"),
        line("numberOfParticipants", "true", "type"),
        line("bookingDate", "\"2020-01-01\"", "future"),
        line("bookingDate", &text(&town.day(0), 1), "future"),
        line("bookingDate", &text(&town.day(1), 1), "ok"),
        line(
            "bookingDate",
            &text(&(town.day(1) + "T00:00:00Z"), 1),
            "format",
        ),
        line("bookingDate", "\"2027-02-30\"", "format"),
        line("specialRequests", &text("x", 500), "ok"),
        line("specialRequests", &text("x", 501), "length"),
        line("specialRequests", &text("\u{1f600}", 500), "ok"),
        line("specialRequests", &text("\u{1f600}", 501), "length"),
        line("specialRequests", "\"a\\u0000b\"", "format"),
        line("tourId", &text(TOUR, 1), "ok"),
        line("tourId", &text(&TOUR.to_uppercase(), 1), "ok"),
        line("tourId", "\"' OR 1=1 --\"", "format"),
        line("price", "1", "unknown_field"),
        line("userId", &text(TOUR, 1), "unknown_field"),
        line("status", "\"confirmed\"", "unknown_field"),
    ]
}

#[tokio::test]
async fn a_booking_passes_within_the_bounds_of_l10_and_nothing_arrives_beyond_them() {
    let bench = Bench::new().await;
    for (field, value, expected) in table_of_l10(&bench.town) {
        let mut booking = bench.booking();
        booking[field] = json!("HERE");
        let body = booking.to_string().replace("\"HERE\"", &value);
        let before = bench.arrived("booking").len();
        let answer = bench.post("/api/bookings", body).await;
        let arrived = bench.arrived("booking").split_off(before);
        if expected == "ok" {
            answer.assert_status(200);
            booking[field] = serde_json::from_str(&value.to_lowercase()).unwrap();
            assert_eq!(arrived, [booking], "{field}: {value:.40}");
        } else {
            let refused = answer.assert_refused(400, "invalid_booking");
            assert_eq!(refused.json()["error"], "Données de réservation invalides");
            assert_eq!(refused.field("/errors/0/pointer"), format!("/{field}"));
            assert_eq!(refused.field("/errors/0/code"), expected, "{value:.40}");
            assert!(arrived.is_empty(), "{field}: {value:.40}");
        }
    }
}

#[tokio::test]
async fn what_arrives_is_the_normalised_value_under_headers_that_describe_it() {
    let bench = Bench::new().await;
    let body = format!(
        "\r\n{{ \"specialRequests\" : \"\\u00e9t\\u00e9\",\n\t\"bookingDate\":\"{}\", \"numberOfParticipants\": 2,\"tourId\":\"{}\"}}\n",
        bench.town.day(1),
        TOUR.to_uppercase()
    );
    bench.post("/api/bookings", body).await.assert_status(200);
    let seen = bench.town.spies["booking"].last();
    let expected = format!(
        r#"{{"tourId":"{TOUR}","numberOfParticipants":2,"bookingDate":"{}","specialRequests":"été"}}"#,
        bench.town.day(1)
    );
    assert_eq!(String::from_utf8(seen.body).unwrap(), expected);
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(
        seen.headers["content-length"],
        expected.len().to_string().as_str()
    );
}

#[tokio::test]
async fn all_faults_are_told_at_once_in_the_callers_language() {
    let bench = Bench::new().await;
    let body =
        r#"{"tourId":"x","numberOfParticipants":0,"bookingDate":"2020-01-01","isAdmin":true}"#;
    for (language, title, details) in [
        (
            "fr",
            "Données de réservation invalides",
            [
                "bookingDate doit être dans le futur",
                "isAdmin n'est pas un champ accepté",
                "numberOfParticipants doit être compris entre 1 et 20",
                "tourId doit être un UUID",
            ],
        ),
        (
            "en",
            "Invalid booking data",
            [
                "bookingDate must be in the future",
                "isAdmin is not an accepted field",
                "numberOfParticipants must be between 1 and 20",
                "tourId must be a UUID",
            ],
        ),
    ] {
        let request = bench.user.request(Method::POST, "/api/bookings");
        let request = request
            .header("accept-language", language)
            .header("content-type", "application/json");
        let refused = bench.user.send(request.body(body)).await;
        let refused = refused.assert_refused(400, "invalid_booking").json();
        assert_eq!(refused["error"], title);
        assert_eq!(refused["details"], json!(details));
        let errors = refused["errors"].as_array().unwrap();
        let told: Vec<_> = errors
            .iter()
            .map(|error| (&error["pointer"], &error["code"]))
            .collect();
        let expected = [
            ("/bookingDate", "future"),
            ("/isAdmin", "unknown_field"),
            ("/numberOfParticipants", "range"),
            ("/tourId", "format"),
        ]
        .map(|(pointer, code)| (Value::from(pointer), Value::from(code)));
        assert_eq!(
            told,
            expected.each_ref().map(|(pointer, code)| (pointer, code))
        );
        let messages: Vec<_> = errors.iter().map(|error| &error["message"]).collect();
        assert_eq!(messages, details);
    }
    assert!(bench.arrived("booking").is_empty());
}

#[tokio::test]
async fn what_is_not_one_json_object_in_one_reading_is_malformed() {
    let bench = Bench::new().await;
    let good = bench.booking().to_string();
    let rest = good.strip_prefix('{').unwrap();
    let deep = |levels: usize| {
        let value = "[".repeat(levels) + &"]".repeat(levels);
        format!(r#"{{"specialRequests":{value},{rest}"#)
    };
    for (body, why) in [
        (deep(7_000).into_bytes(), "deep as the bound of size allows"),
        (deep(32).into_bytes(), "a level too deep"),
        (
            format!(r#"{{"numberOfParticipants":2,{rest}"#).into_bytes(),
            "a key twice",
        ),
        (
            format!(r#"{{"\u006eumberOfParticipants":2,{rest}"#).into_bytes(),
            "a key twice, spelt in two ways",
        ),
        (format!("{good}{good}").into_bytes(), "two values"),
        (format!("{good},").into_bytes(), "text after the value"),
        (format!("\u{feff}{good}").into_bytes(), "a byte order mark"),
        (
            [good.as_bytes(), b"\xff"].concat(),
            "a byte that is no UTF-8",
        ),
        (
            b"{\"specialRequests\":\"\xff\"}".to_vec(),
            "a text that is no UTF-8",
        ),
        (
            good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "UTF-16",
        ),
        (b"[]".to_vec(), "a list"),
        (b"null".to_vec(), "null"),
        (Vec::new(), "nothing"),
    ] {
        let answer = bench.post("/api/bookings", body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.field("/code").as_str()),
            (400, "malformed_json"),
            "{why}"
        );
    }
    // Thirty-two levels can be read; that a list is no text is another matter.
    let answer = bench.post("/api/bookings", deep(31)).await;
    answer.assert_refused(400, "invalid_booking");
    // Ten thousand levels and their ends are longer than a booking may be.
    let answer = bench.post("/api/bookings", deep(10_000)).await;
    answer.assert_refused(413, "body_too_large");
    let unclosed = r#"{"a":"#.repeat(3_000);
    let answer = bench.post("/api/bookings", unclosed).await;
    answer.assert_refused(400, "malformed_json");
    assert!(bench.arrived("booking").is_empty());
}

#[tokio::test]
async fn a_body_of_another_type_or_in_another_coding_never_arrives() {
    let bench = Bench::new().await;
    let body = bench.booking().to_string();
    let json = ("content-type", "application/json");
    for (headers, status, code) in [
        (vec![], 415, "unsupported_media_type"),
        (
            vec![("content-type", "application/xml")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "text/plain")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "application/x-www-form-urlencoded")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "multipart/form-data; boundary=x")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "application/json; charset=utf-16")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-type", "application/json")],
            400,
            "malformed_request",
        ),
        (
            vec![json, ("content-type", "text/xml")],
            400,
            "malformed_request",
        ),
        (
            vec![json, ("content-encoding", "gzip")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-encoding", "identity")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-range", "bytes 0-1/2")],
            400,
            "malformed_request",
        ),
        (vec![json, ("accept", "text/html")], 406, "not_acceptable"),
        (
            vec![json, ("accept", "application/json;q=0, */*")],
            406,
            "not_acceptable",
        ),
    ] {
        let mut request = bench
            .user
            .request(Method::POST, "/api/bookings")
            .body(body.clone());
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = bench.user.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.field("/code").as_str()),
            (status, code),
            "{headers:?}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert!(bench.arrived("booking").is_empty());
    let browser = bench.user.request(Method::GET, "/api/tours");
    let browser = browser.header("accept", "text/html,application/xml;q=0.9,*/*;q=0.8");
    bench.user.send(browser).await.assert_status(200);
}

#[tokio::test]
async fn a_gzip_bomb_is_refused_unopened() {
    let bench = Bench::new().await;
    // The head of a gzip stream is enough: nobody may look further.
    let bomb = [&[0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff][..], &[0; 4_096]].concat();
    let coded = bench.user.request(Method::POST, "/api/bookings");
    let coded = coded
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    let answer = bench.user.send(coded.body(bomb.clone())).await;
    assert_eq!(answer.header("accept-encoding"), "identity");
    answer.assert_refused(415, "unsupported_media_type");
    let hidden = bench.post("/api/bookings", bomb).await;
    hidden.assert_refused(400, "malformed_json");
    assert!(bench.arrived("booking").is_empty());
}

/// Writes HTTP/1.1 by hand, and gives what came back until the gateway closed.
async fn by_hand(town: &Town, head: &str, body: impl AsyncFnOnce(&mut Wire)) -> String {
    let mut wire = town.tls_stream().await;
    wire.write_all(head.as_bytes()).await.unwrap();
    body(&mut wire).await;
    let mut answer = Vec::new();
    let read = wire.read_to_end(&mut answer);
    let closed = tokio::time::timeout(std::time::Duration::from_secs(8), read).await;
    assert!(closed.is_ok(), "the connection is still open");
    String::from_utf8_lossy(&answer).into_owned()
}

type Wire = tokio_rustls::client::TlsStream<tokio::net::TcpStream>;

fn head(user: &Visitor, framing: &str) -> String {
    format!(
        "POST /api/bookings HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\n{framing}\r\n\r\n",
        user.token()
    )
}

#[tokio::test]
async fn a_hundred_megabytes_that_are_only_declared_are_refused_at_once() {
    let bench = Bench::new().await;
    for expect in ["", "Expect: 100-continue\r\n"] {
        let framing = format!("{expect}Content-Length: 104857600");
        let head = head(&bench.user, &framing);
        let answer = by_hand(&bench.town, &head, async |_| {}).await;
        assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
        assert!(answer.contains("body_too_large"), "{answer}");
    }
    assert!(bench.arrived("booking").is_empty());
}

#[tokio::test]
async fn ten_megabytes_that_are_streamed_are_cut_at_the_bound() {
    let bench = Bench::new().await;
    // HTTP/2, of unknown length.
    let piece = || Ok::<_, std::io::Error>(vec![b' '; 1_024]);
    let pieces = futures_util::stream::iter((0..10_240).map(move |_| piece()));
    let answer = bench.post("/api/bookings", reqwest::Body::wrap_stream(pieces));
    answer.await.assert_refused(413, "body_too_large");
    // HTTP/1.1, chunked: seventeen pieces are one too many, and no end is ever written.
    let head = head(&bench.user, "Transfer-Encoding: chunked");
    let answer = by_hand(&bench.town, &head, async |wire| {
        let chunk = format!("400\r\n{}\r\n", " ".repeat(1_024));
        wire.write_all(chunk.repeat(17).as_bytes()).await.unwrap();
    });
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(bench.arrived("booking").is_empty());
}

/// A service that reads only the beginning of a streamed body must not make its cut look like a failure of its own.
#[tokio::test]
async fn a_body_that_streams_through_is_cut_at_the_bound_too() {
    let plan = Plan {
        spies: vec!["auth"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let visitor = town.visitor();
    let form = |body: reqwest::Body| {
        let request = visitor.request(Method::POST, "/oauth/token");
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        visitor.send(request.body(body))
    };
    let pieces = |count: usize| {
        let piece = |_| Ok::<_, std::io::Error>(vec![b'a'; 1_024]);
        reqwest::Body::wrap_stream(futures_util::stream::iter((0..count).map(piece)))
    };
    form(pieces(16)).await.assert_status(200);
    assert_eq!(town.spies["auth"].last().body.len(), 16_384);
    let arrived = town.spies["auth"].seen().len();
    form(pieces(17)).await.assert_refused(413, "body_too_large");
    form(pieces(2_000))
        .await
        .assert_refused(413, "body_too_large");
    assert_eq!(
        town.spies["auth"].seen().len(),
        arrived,
        "no half of a body is answered"
    );
}

#[tokio::test]
async fn a_body_that_drips_is_given_up_though_it_never_pauses() {
    let plan = Plan {
        spies: vec!["booking"],
        settings: vec![("gateway", "HTTP_BODY_SECONDS", "1".to_owned())],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let user = town.user().await;
    let head = head(&user, "Content-Length: 1000");
    let answer = by_hand(&town, &head, async |wire| {
        // A byte every 50 ms, until the gateway takes no more of them.
        let mut ticks = tokio::time::interval(std::time::Duration::from_millis(50));
        for _ in 0..40 {
            ticks.tick().await;
            if wire.write_all(b" ").await.is_err() {
                break;
            }
        }
    });
    let answer = answer.await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(town.spies["booking"].seen().is_empty());
    user.get("/api/tours").await.assert_status(200);
}

#[tokio::test]
async fn a_repeated_booking_finds_its_first_answer_after_midnight() {
    let town = Town::start().await;
    let user = town.user().await;
    let tours = user.get("/api/tours?limit=1").await;
    let booking = json!({
        "tourId": tours.field("/items/0/id"), "numberOfParticipants": 1, "bookingDate": town.day(1),
    });
    let first = user.post_with_key("/api/bookings", "k", &booking).await;
    let id = first.assert_status(201).field("/id");
    town.pass(std::time::Duration::from_secs(24 * 60 * 60 - 60));
    let user = user.login(&user.pseudo, &user.password).await;
    let again = user.post_with_key("/api/bookings", "k", &booking).await;
    assert_eq!(again.assert_status(201).field("/id"), id);
    let other = user.post_with_key("/api/bookings", "other", &booking).await;
    other.assert_refused(400, "invalid_booking");
    let keyless = user.post("/api/bookings", &booking).await;
    keyless.assert_refused(400, "invalid_booking");
}

#[tokio::test]
async fn payments_are_judged_before_they_arrive() {
    let bench = Bench::new().await;
    for (body, pointer, code) in [
        (json!({"bookingId": TOUR}), "/cardToken", "required"),
        (
            json!({"bookingId": TOUR, "cardToken": "4242424242424242"}),
            "/cardToken",
            "format",
        ),
        (
            json!({"bookingId": "1", "cardToken": "tok_accepted"}),
            "/bookingId",
            "format",
        ),
        (
            json!({"bookingId": TOUR, "cardToken": "tok_accepted", "amountCents": 1}),
            "/amountCents",
            "unknown_field",
        ),
    ] {
        let refused = bench.user.post("/api/payments", &body).await;
        let refused = refused.assert_refused(400, "invalid_data");
        assert_eq!(
            (
                refused.field("/errors/0/pointer").as_str(),
                refused.field("/errors/0/code").as_str()
            ),
            (pointer, code)
        );
        assert!(
            !refused.text().contains("4242"),
            "the value is never echoed"
        );
    }
    assert!(bench.arrived("payment").is_empty());
    let body = json!({"bookingId": TOUR.to_uppercase(), "cardToken": "tok_accepted"});
    bench
        .user
        .post("/api/payments", &body)
        .await
        .assert_status(200);
    assert_eq!(
        bench.arrived("payment"),
        [json!({"bookingId": TOUR, "cardToken": "tok_accepted"})]
    );
}

#[tokio::test]
async fn tours_are_judged_before_they_arrive() {
    let bench = Bench::new().await;
    let gina = bench.town.account("gina").await;
    let path = format!("/api/tours/{TOUR}");
    let mut tour = crate::tours::new_tour(12);
    for (pointer, value, code) in [
        ("/title/fr", json!("  "), "length"),
        ("/country", json!("ZZ"), "format"),
        ("/capacityPerDay", json!(0), "range"),
        ("/description/en", json!(7), "type"),
    ] {
        let mut bad = tour.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        for (method, path) in [(Method::POST, "/api/tours"), (Method::PUT, path.as_str())] {
            let refused = gina.send(gina.request(method, path).json(&bad)).await;
            let refused = refused.assert_refused(400, "invalid_data");
            assert_eq!(
                (
                    refused.field("/errors/0/pointer").as_str(),
                    refused.field("/errors/0/code").as_str()
                ),
                (pointer, code)
            );
        }
    }
    assert!(bench.arrived("catalog").is_empty());
    tour["city"] = json!("  Lyon ");
    gina.post("/api/tours", &tour).await.assert_status(200);
    assert_eq!(bench.arrived("catalog"), [crate::tours::new_tour(12)]);
}

#[tokio::test]
async fn accounts_and_sessions_are_judged_before_they_arrive() {
    let plan = Plan {
        spies: vec!["auth"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let (visitor, arrived) = (town.visitor(), || {
        let seen = town.spies["auth"].seen().into_iter();
        seen.filter(|seen| seen.method == Method::POST).count()
    });
    let account = json!({"pseudo": "zoe", "email": "zoe@canary.example", "password": "correct horse battery"});
    let with = |field: &str, value: Value| {
        let mut account = account.clone();
        account[field] = value;
        account
    };
    for (path, body, pointer) in [
        ("/auth/register", with("role", json!("admin")), "/role"),
        ("/auth/register", with("email", json!("nobody")), "/email"),
        (
            "/auth/register",
            with("password", json!("short")),
            "/password",
        ),
        ("/auth/register", with("pseudo", json!(["zoe"])), "/pseudo"),
        ("/auth/login", json!({"pseudo": "zoe"}), "/password"),
        (
            "/auth/login",
            json!({"pseudo": {"$ne": ""}, "password": "x"}),
            "/pseudo",
        ),
        ("/auth/refresh", json!({}), "/refresh_token"),
        (
            "/auth/logout",
            json!({"refresh_token": 5}),
            "/refresh_token",
        ),
    ] {
        let refused = visitor
            .post(path, &body)
            .await
            .assert_refused(400, "invalid_data");
        assert_eq!(refused.field("/errors/0/pointer"), pointer, "{path}");
    }
    assert_eq!(arrived(), 0);
    visitor
        .post("/auth/register", &account)
        .await
        .assert_status(200);
    let seen = town.spies["auth"].last();
    assert_eq!(
        serde_json::from_slice::<Value>(&seen.body).unwrap(),
        account
    );
}

/// The gateway is not a service's only defence: a peer with its certificate finds the same schema behind it.
#[tokio::test]
async fn a_service_judges_by_the_same_schema_when_the_gateway_did_not() {
    let town = Town::start().await;
    let url = format!(
        "https://localhost:{}/bookings",
        town.address("booking").port()
    );
    let request = town.peer("gateway").post(url).header("x-user-id", TOUR);
    let request = request
        .header("x-user-role", "user")
        .header("x-user-scope", "bookings:write")
        .json(&json!({"tourId": TOUR, "numberOfParticipants": 21, "bookingDate": town.day(0), "price": 1}));
    let refused = Answer::read(request.send().await.unwrap()).await;
    let refused = refused.assert_refused(400, "invalid_booking").json();
    let pointers: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| &error["pointer"])
        .collect();
    assert_eq!(
        pointers,
        ["/bookingDate", "/numberOfParticipants", "/price"]
    );
}

/// A route of the table, as a caller may try it.
struct Row {
    name: String,
    method: Method,
    path: String,
    upstream: String,
    table: toml::Table,
}

fn rows() -> Vec<Row> {
    let table: toml::Table = gateway::route_table::BUILT_IN.parse().unwrap();
    let mut rows = Vec::new();
    for route in table["route"].as_array().unwrap() {
        let text = |key: &str| route[key].as_str().unwrap().to_owned();
        for method in route["methods"].as_array().unwrap() {
            rows.push(Row {
                name: text("name"),
                method: method.as_str().unwrap().parse().unwrap(),
                path: text("path").replace("{id}", TOUR),
                upstream: text("upstream"),
                table: route.as_table().unwrap().clone(),
            });
        }
    }
    rows
}

#[tokio::test]
async fn every_route_of_the_table_judges_its_body_or_takes_none_or_says_why() {
    let bench = Bench::new().await;
    let admin = bench.town.account("admin").await;
    let (mut judged, mut bodiless, mut reasons) = (0, 0, Vec::new());
    for row in rows() {
        let request = || {
            let request = admin.request(row.method.clone(), &row.path);
            let request = request.header("content-type", "application/json");
            request
                .header("idempotency-key", "k")
                .body(r#"{"unexpected":true}"#)
        };
        if row.table.contains_key("schema") && row.method != Method::DELETE {
            judged += 1;
            let refused = admin.send(request()).await;
            assert_eq!(refused.status, 400, "{}", row.name);
            let errors = refused.json()["errors"].to_string();
            assert!(
                errors.contains(r#""pointer":"/unexpected""#),
                "{}: {errors}",
                row.name
            );
        } else if let Some(reason) = row.table.get("streamed") {
            reasons.push((row.name, reason.as_str().unwrap().to_owned()));
        } else {
            bodiless += 1;
            let refused = admin.send(request()).await;
            assert_eq!(refused.field("/code"), "body_too_large", "{}", row.name);
        }
        if let Some(spy) = bench.town.spies.get(row.upstream.as_str()) {
            assert!(spy.seen().is_empty(), "something of {} arrived", row.path);
        }
    }
    assert!(judged >= 8 && bodiless >= 10, "{judged} {bodiless}");
    let names: Vec<_> = reasons.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["oauth.token"], "{reasons:?}");
}
