//! `jail`: who is banned at the gateway, and let somebody out. It speaks to the gateway's admin address.

use std::fmt::Display;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::cli::gateway::{Jail, JailAction};
use crate::console::Console;
use crate::layout::Layout;
use crate::operator_client::OperatorClient;
use crate::outcome::{Outcome, Refusal};
use crate::texts::{Text, jail as texts};

#[derive(Debug, Serialize, Deserialize)]
struct List {
    items: Vec<Line>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    key: String,
    side: String,
    banned: bool,
    until: String,
    seconds_left: u64,
    bans: u32,
    offence: String,
}

pub async fn run(arguments: &Jail, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let gateway = OperatorClient::new(&layout, console)?;
    match (arguments.action, &arguments.key) {
        (JailAction::Free, Some(key)) => free(&gateway, key, console).await,
        (JailAction::Free, None) => Err(no_key("", console).into()),
        (JailAction::List, _) => list(&gateway, console).await,
    }
}

async fn list(gateway: &OperatorClient, console: &Console) -> anyhow::Result<Outcome> {
    let answer = gateway.get("/jail").await?;
    let Ok(List { items }) = serde_json::from_value(answer.body) else {
        return Err(unexpected(gateway, answer.status, console).into());
    };
    if console.json {
        console.answer(&List { items })?;
    } else if items.is_empty() {
        console.say(&texts::EMPTY, &[]);
    } else {
        let headings = [
            &texts::COLUMN_KEY,
            &texts::COLUMN_STATE,
            &texts::COLUMN_BANS,
            &texts::COLUMN_REASON,
        ];
        let rows: Vec<_> = items.iter().map(|line| row(line, console)).collect();
        console.table(&headings, &rows);
    }
    Ok(Outcome::Done)
}

async fn free(gateway: &OperatorClient, key: &str, console: &Console) -> anyhow::Result<Outcome> {
    // The slash of an IPv6 network must not end the path's segment.
    let segment: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
    let answer = gateway.delete(&format!("/jail/{segment}")).await?;
    let (freed, text, outcome) = match answer.status {
        204 => (true, &texts::FREED, Outcome::Done),
        404 => (false, &texts::NOT_THERE, Outcome::CheckFailed),
        400 => return Err(no_key(key, console).into()),
        status => return Err(unexpected(gateway, status, console).into()),
    };
    if console.json {
        console.answer(&json!({ "key": key, "freed": freed }))?;
    } else {
        console.say(text, &[("key", &key)]);
    }
    Ok(outcome)
}

fn row(line: &Line, console: &Console) -> Vec<String> {
    let state = if line.banned {
        console.text(&texts::BANNED, &[("time", &duration(line.seconds_left))])
    } else {
        console.text(&texts::OVER, &[])
    };
    let reason = reason(&line.offence).map(|text| console.text(&text, &[]));
    vec![
        line.key.clone(),
        state,
        line.bans.to_string(),
        reason.unwrap_or_else(|| line.offence.clone()),
    ]
}

fn reason(offence: &str) -> Option<Text> {
    Some(match offence {
        "failed_login" => texts::FAILED_LOGIN,
        "unauthenticated" => texts::UNAUTHENTICATED,
        "forbidden" => texts::FORBIDDEN,
        "not_found" => texts::NOT_FOUND,
        "limited" => texts::LIMITED,
        "burst" => texts::BURST,
        "walk" => texts::WALK,
        _ => return None,
    })
}

/// `42 s`, `5 min`, `3 h`: rounded up, so that nobody comes too early.
fn duration(seconds: u64) -> String {
    match seconds {
        0..=120 => format!("{seconds} s"),
        121..=7200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

fn no_key(key: &str, console: &Console) -> Refusal {
    Refusal::Usage(console.text(&texts::NO_KEY, &[("key", &key)]))
}

fn unexpected(gateway: &OperatorClient, status: u16, console: &Console) -> Refusal {
    let values: [(&str, &dyn Display); 2] = [("url", &gateway.base), ("status", &status)];
    Refusal::Check(console.text(&texts::UNEXPECTED, &values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_unit_that_fits_and_never_too_short() {
        let times = [1, 120, 121, 7_200, 7_201, 86_400].map(duration);
        assert_eq!(times, ["1 s", "120 s", "3 min", "120 min", "3 h", "24 h"]);
    }
}
