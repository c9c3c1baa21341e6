//! One operation: what its service says of it, with the gateway's policy and the words added.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use gateway::route_table::{Route, WrittenRow};
use serde_json::{Map, Value, json};
use service_kit::error::Code;

use crate::bodies::without_null;
use crate::components;
use crate::policy;
use crate::refusals::{Refusals, known};
use crate::texts::Texts;

/// `described` is how the upstream has it.
pub fn compose(
    described: &Value,
    route: &Route,
    row: &WrittenRow,
    method: &str,
    texts: &Texts,
    refusals: &mut Refusals,
) -> anyhow::Result<Value> {
    let id = id_of(row, method);
    let key = |part: &str| format!("operation.{id}.{part}");
    let said = [
        texts.say(&key("text")).to_owned(),
        policy::in_words(route, texts),
    ];
    let mut operation = json!({
        "operationId": id,
        "tags": [tag_of(route, row)],
        "summary": texts.say(&key("summary")),
        "description": said.join("\n\n"),
        "parameters": parameters(described, &id, texts),
        "responses": responses(described, &id, route, row, method, texts, refusals)
            .with_context(|| id.clone())?,
    });
    if let Some(body) = request_body(described, route, method, texts) {
        operation["requestBody"] = body;
    }
    let fields = operation.as_object_mut().context("an object")?;
    fields.extend(policy::extensions(route));
    Ok(operation)
}

/// The route's name; with the method where one name stands for several.
pub fn id_of(row: &WrittenRow, method: &str) -> String {
    match row.words("methods").len() {
        1 => row.text("name").to_owned(),
        _ => format!("{}.{}", row.text("name"), method.to_lowercase()),
    }
}

fn tag_of(route: &Route, row: &WrittenRow) -> &'static str {
    match row.text("upstream") {
        "auth" if !route.name.starts_with("discovery.") => "accounts",
        "catalog" => "tours",
        "booking" => "bookings",
        "payment" => "payments",
        _ => "platform",
    }
}

fn parameters(described: &Value, id: &str, texts: &Texts) -> Vec<Value> {
    let language = json!({ "$ref": "#/components/parameters/Accept-Language" });
    let own = described["parameters"].as_array().into_iter().flatten();
    let own = own.map(|parameter| {
        let mut parameter = parameter.clone();
        let name = parameter["name"].as_str().unwrap_or_default();
        let special = format!("operation.{id}.{name}");
        let key = match texts.has(&special) {
            true => special,
            false => format!("parameter.{name}"),
        };
        parameter["description"] = texts.say(&key).into();
        without_null(&mut parameter["schema"]);
        parameter
    });
    own.chain([language]).collect()
}

fn request_body(described: &Value, route: &Route, method: &str, texts: &Texts) -> Option<Value> {
    let policy = route.body_of(&method.parse().ok()?)?;
    let mut body = described.get("requestBody")?.clone();
    body["required"] = true.into();
    let bound = policy::thousands(policy.most, texts.language);
    let bound = texts.say("policy.body").replace("{bytes}", &bound);
    body["description"] = bound.into();
    body["x-max-bytes"] = policy.most.into();
    Some(body)
}

fn responses(
    described: &Value,
    id: &str,
    route: &Route,
    row: &WrittenRow,
    method: &str,
    texts: &Texts,
    refusals: &mut Refusals,
) -> anyhow::Result<Map<String, Value>> {
    let mut responses = Map::new();
    let mut codes = policy::refusals(route, row, method);
    for (status, response) in described["responses"].as_object().context("responses")? {
        let own = response["description"].as_str().unwrap_or_default();
        for code in own.split(", ").filter(|code| !code.is_empty()) {
            let code = known(code).with_context(|| format!("{code} is no code"))?;
            let fits = code.status().as_str() == status;
            ensure!(fits, "{} is no {status}", code.as_str());
            codes.push(code);
        }
        if own.is_empty() {
            let text = texts.say(&format!("operation.{id}.{status}"));
            responses.insert(status.clone(), answer(response, text, texts));
        }
    }
    let statuses: BTreeSet<_> = codes.iter().map(|code| code.status()).collect();
    for status in statuses {
        let of_status = |code: &Code| code.status() == status;
        let codes: Vec<Code> = codes.iter().copied().filter(of_status).collect();
        let beside = responses.remove(status.as_str());
        let refusal = refusals.response(status, codes, beside);
        responses.insert(status.as_str().to_owned(), refusal);
    }
    Ok(responses)
}

/// An answer that its service words itself: its headers are explained, and the gateway's are added.
fn answer(response: &Value, text: &str, texts: &Texts) -> Value {
    let mut answer = response.clone();
    answer["description"] = text.into();
    let mut headers = components::headers_of_every_answer();
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        let mut header = header.clone();
        header["description"] = texts.say(&format!("header.{name}")).into();
        headers.insert(name.clone(), header);
    }
    answer["headers"] = headers.into();
    answer
}
