//! One line of input: something to do, or something to tell.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::logs;
use crate::spy::{Seen, Spy};
use crate::town::{SERVICES, Town};

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Order {
    /// Milliseconds.
    Pass(u64),
    /// The calendar day this many days ahead.
    Day(u64),
    Seen(String),
    Answer {
        service: String,
        path: String,
        body: Value,
    },
    Log,
    Stop(String),
    Start(String),
}

impl Order {
    pub async fn obey(self, town: &mut Town) -> Value {
        match self.try_obey(town).await {
            Ok(answer) => answer,
            Err(refused) => json!({"refused": refused}),
        }
    }

    async fn try_obey(self, town: &mut Town) -> Result<Value, String> {
        match self {
            Self::Pass(milliseconds) => {
                town.pass(Duration::from_millis(milliseconds));
                Ok(json!({"now": town.now().0}))
            }
            Self::Day(ahead) => Ok(json!({"day": town.day(ahead)})),
            Self::Seen(service) => {
                let seen = spy(town, &service)?.seen();
                Ok(json!({"seen": seen.iter().map(shown).collect::<Vec<_>>()}))
            }
            Self::Answer {
                service,
                path,
                body,
            } => {
                spy(town, &service)?.answer(&path, body);
                Ok(json!({}))
            }
            Self::Log => Ok(json!({"log": logs::watcher().find(&[])})),
            Self::Stop(service) => {
                town.stop(name(&service)?).await;
                Ok(json!({}))
            }
            Self::Start(service) => {
                town.start_again(name(&service)?).await;
                Ok(json!({}))
            }
        }
    }
}

fn name(name: &str) -> Result<&'static str, String> {
    let found = SERVICES.into_iter().find(|service| *service == name);
    found.ok_or_else(|| format!("{name} is no service"))
}

fn spy<'a>(town: &'a Town, service: &str) -> Result<&'a Spy, String> {
    let found = town.spies.get(service);
    found.ok_or_else(|| format!("no spy stands in the place of {service}"))
}

fn shown(seen: &Seen) -> Value {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let headers = seen.headers.iter();
    let headers: Vec<_> = headers
        .map(|(name, value)| (name.as_str(), text(value.as_bytes())))
        .collect();
    json!({
        "method": seen.method.as_str(),
        "path": seen.uri.path_and_query().map(|path| path.as_str()),
        "headers": headers,
        "body": text(&seen.body),
    })
}
