//! A [`Town`] that obeys lines of JSON on standard input and answers on standard output.
//!
//! `cargo lab check` and the like judge a learner's code over the wire and never run it in their own process: this is
//! the process that they start instead. The first line is the word that answers carry and the plan; the answer to it is
//! `ready` or `failed`. A panic anywhere is told at once. The end of the input ends the process.

mod order;
mod panics;

use std::io::{BufRead, Write};

use serde::Deserialize;
use serde_json::{Value, json};

use crate::logs;
use crate::town::{Plan, SERVICES, Town};
use order::Order;

/// `LOG_LEVEL` as the services have it when nobody sets it.
const USUAL_LOG: &str = "info";

#[derive(Deserialize)]
struct Begin {
    word: String,
    plan: Asked,
}

/// The plan as it is asked for; the names of services are checked here.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    spies: Vec<String>,
    settings: Vec<(String, String, String)>,
    limits: Numbers,
    jail: Numbers,
    accounts: Vec<Value>,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Numbers {
    Generous,
    BuiltIn,
}

pub fn run() {
    let mut lines = std::io::stdin().lock().lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    let begin: Begin = match serde_json::from_str(&first) {
        Ok(begin) => begin,
        Err(error) => {
            eprintln!("the first line is the word and the plan: {error}");
            std::process::exit(2);
        }
    };
    let word = begin.word;
    panics::tell(&word);
    logs::watch_from(USUAL_LOG);
    let runtime = tokio::runtime::Runtime::new().expect("threads");
    // In a task of its own: what panics there is told, and the process goes on to say that nothing was started.
    let town = runtime.block_on(runtime.spawn(start(begin.plan)));
    let mut town = match town {
        Ok(town) => town,
        Err(error) => {
            say(&word, failed(error));
            std::process::exit(1);
        }
    };
    say(&word, json!({"ready": ready(&town)}));
    for line in lines.map_while(Result::ok) {
        let answer = match serde_json::from_str::<Order>(&line) {
            Ok(order) => runtime.block_on(order.obey(&mut town)),
            Err(error) => json!({"refused": error.to_string()}),
        };
        say(&word, answer);
    }
    // Not the town's own end: its asserts are for tests, and the learner's code may well fail them.
    std::process::exit(0);
}

async fn start(asked: Asked) -> Town {
    let name = |name: &str| {
        let found = SERVICES.into_iter().find(|service| *service == name);
        found.unwrap_or_else(|| panic!("{name} is no service"))
    };
    // Settings name their key for as long as the process lives.
    let key = |key: &str| -> &'static str { String::from(key).leak() };
    let settings = asked.settings.iter();
    Town::planned(Plan {
        spies: asked.spies.iter().map(|spy| name(spy)).collect(),
        settings: settings
            .map(|(service, setting, value)| (name(service), key(setting), value.clone()))
            .collect(),
        built_in_jail: asked.jail == Numbers::BuiltIn,
        with_built_in_limits: asked.limits == Numbers::BuiltIn,
        accounts: asked.accounts,
        ..Plan::default()
    })
    .await
}

fn ready(town: &Town) -> Value {
    let addresses = SERVICES.map(|service| (service.to_owned(), json!(town.address(service))));
    let identities = SERVICES.into_iter().chain(["edge"]);
    let identities = identities.map(|name| (name.to_owned(), json!(town.certs.path(name))));
    let accounts = town.seed()["accounts"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let passwords = accounts.map(|account| (text(&account["pseudo"]), account["password"].clone()));
    json!({
        "addresses": serde_json::Map::from_iter(addresses),
        "passwords": serde_json::Map::from_iter(passwords),
        "app": town.app_credentials(),
        "root": town.certs.root(),
        "inside_authority": town.certs.inside_ca(),
        "identities": serde_json::Map::from_iter(identities),
        "folder": town.folder(),
        "audit_file": town.audit_file(),
    })
}

fn failed(error: tokio::task::JoinError) -> Value {
    let payload = error.into_panic();
    let text = payload.downcast_ref::<String>().cloned();
    let text = text.or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
    json!({"failed": text.unwrap_or_default()})
}

/// One line, with the word that tells it from whatever else is printed.
fn say(word: &str, mut answer: Value) {
    answer["word"] = word.into();
    let _ = writeln!(std::io::stdout().lock(), "{answer}");
}
