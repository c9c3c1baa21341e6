//! The requests of `docs/http/`, for the REST clients of editors: each is sent, top to bottom, and answered as the
//! comment above it says.

mod reader;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use escale_tests::{Answer, Town};
use http::Method;
use serde_json::Value;

use reader::{HttpFile, HttpRequest, filled};

/// A folder that was moved must not pass for one without faults.
const FEWEST_FILES: usize = 6;
const FEWEST_REQUESTS: usize = 30;

fn files() -> Vec<(PathBuf, HttpFile)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/http");
    let entries = std::fs::read_dir(folder).expect("the folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let files = paths.filter(|path| path.extension().is_some_and(|name| name == "http"));
    let mut files: Vec<_> = files
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a text");
            (path, HttpFile::parse(&text))
        })
        .collect();
    files.sort_by(|(one, _), (other, _)| one.cmp(other));
    files
}

/// What a reader fills in, from `cargo lab accounts`.
fn own_values(town: &Town) -> BTreeMap<String, String> {
    let accounts = town.seed()["accounts"].as_array().expect("a list");
    let password = |pseudo: &str| {
        let account = accounts.iter().find(|account| account["pseudo"] == pseudo);
        let password = account.expect("seeded")["password"].as_str();
        password.expect("a text").to_owned()
    };
    let (client, secret) = town.app_credentials();
    BTreeMap::from([
        // A visitor knows where the gateway is.
        ("base".to_owned(), String::new()),
        ("password".to_owned(), password("alice")),
        ("guide_password".to_owned(), password("gina")),
        ("client".to_owned(), client),
        ("secret".to_owned(), secret),
        ("day".to_owned(), town.day(30)),
    ])
}

#[tokio::test]
async fn every_request_of_the_http_files_is_answered_as_its_comment_says() {
    let files = files();
    let requests: usize = files.iter().map(|(_, file)| file.requests.len()).sum();
    assert!(
        files.len() >= FEWEST_FILES && requests >= FEWEST_REQUESTS,
        "{requests}"
    );
    for (path, file) in files {
        let town = Town::start().await;
        let mut variables = file.variables;
        let own = own_values(&town);
        variables.extend(
            own.into_iter()
                .filter(|(name, _)| variables.contains_key(name))
                .collect::<Vec<_>>(),
        );
        let mut answers = BTreeMap::new();
        for request in &file.requests {
            let place = format!("{}: {}", path.display(), request.title);
            let answer = send(&town, request, &variables, &answers).await;
            let (status, code) = request
                .expected
                .clone()
                .unwrap_or_else(|| panic!("{place}: no status"));
            assert_eq!(answer.status, status, "{place}: {}", answer.text());
            let body = answer.json();
            if let Some(code) = code {
                let told = [&body["code"], &body["error"]];
                assert!(told.contains(&&Value::from(code)), "{place}: {body}");
            }
            answers.extend(request.name.clone().map(|name| (name, body)));
        }
    }
}

async fn send(
    town: &Town,
    request: &HttpRequest,
    variables: &BTreeMap<String, String>,
    answers: &BTreeMap<String, Value>,
) -> Answer {
    let filled = |text: &str| filled(text, variables, answers);
    let method: Method = request.method.parse().expect("a method");
    let visitor = town.visitor();
    let mut sent = visitor.request(method, &filled(&request.url));
    for (name, value) in &request.headers {
        let value = filled(value);
        // The clients encode the two words by themselves (RFC 7617).
        sent = match value
            .strip_prefix("Basic ")
            .and_then(|pair| pair.split_once(' '))
        {
            Some((id, secret)) => sent.basic_auth(id, Some(secret)),
            None => sent.header(name, value),
        };
    }
    if !request.body.is_empty() {
        sent = sent.body(filled(&request.body));
    }
    visitor.send(sent).await
}
