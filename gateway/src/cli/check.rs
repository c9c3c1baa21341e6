//! All faults of a route table, each with its line and what stands there; or, where there is none, its routes.

use serde_json::{Value, json};
use service_kit::error::Language;
use service_kit::process::EXIT_CONFIG;

use super::Answer;
use super::arguments::Arguments;
use super::policy;
use super::table::{columns, tame};
use crate::route_table::{Access, RedisAway, RouteFault, RouteTable, Source, Target, Written};

pub(super) fn check(source: &Source, arguments: &Arguments) -> Answer {
    match RouteTable::read(&source.text) {
        Ok(table) => Answer::done(if arguments.json {
            json_of_routes(source)
        } else {
            routes(source, &table, arguments.language)
        }),
        Err(mut faults) => {
            faults.sort_by_key(|fault| fault.line);
            let out = if arguments.json {
                json_of_faults(source, &faults)
            } else {
                told(source, &faults, arguments.language)
            };
            Answer {
                out,
                err: String::new(),
                code: EXIT_CONFIG,
            }
        }
    }
}

/// As the gateway tells them when it refuses to start, with the line itself below.
fn told(source: &Source, faults: &[RouteFault], language: Language) -> String {
    let mut text = match faults.len() {
        1 => language.pick(
            format!("{} : 1 faute\n", source.name),
            format!("{}: 1 fault\n", source.name),
        ),
        many => language.pick(
            format!("{} : {many} fautes\n", source.name),
            format!("{}: {many} faults\n", source.name),
        ),
    };
    let word = language.pick("ligne", "line");
    let colon = language.pick(" :", ":");
    for RouteFault { line, message } in faults {
        let there = tame(line_of(source, *line).trim_end());
        text.push_str(&format!("\n{word} {line}{colon} {}\n", tame(message)));
        text.push_str(&format!("  {line:>4} | {there}\n"));
    }
    text.push_str(language.pick(
        "\nLa passerelle ne démarre pas avec cette table.\n",
        "\nThe gateway does not start with this table.\n",
    ));
    text
}

fn routes(source: &Source, table: &RouteTable, language: Language) -> String {
    let head: [&str; 7] = language.pick(
        [
            "route",
            "méthodes",
            "chemin",
            "accès",
            "service",
            "délai",
            "sans Redis",
        ],
        [
            "route",
            "methods",
            "path",
            "access",
            "upstream",
            "deadline",
            "without Redis",
        ],
    );
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let written = Written::read(&source.text);
    for route in table.routes() {
        let row = written
            .as_ref()
            .and_then(|written| written.row(&route.name));
        let (methods, path) = row.map_or((String::new(), ""), |row| {
            (row.words("methods").join(" "), row.text("path"))
        });
        rows.push(vec![
            route.name.to_string(),
            methods,
            path.to_owned(),
            access(&route.access, language),
            upstream(&route.target).to_owned(),
            format!("{} ms", route.deadline.as_millis()),
            redis_away(route.redis_away, language).to_owned(),
        ]);
    }
    let count = table.routes().len();
    let verdict = language.pick(
        format!("{} : {count} routes, aucune faute\n\n", source.name),
        format!("{}: {count} routes, no fault\n\n", source.name),
    );
    verdict + &columns(&rows, "  ")
}

fn access(access: &Access, language: Language) -> String {
    match access {
        Access::Public => language.pick("publique", "public").to_owned(),
        Access::Protected {
            scopes,
            api_key: true,
            ..
        } => {
            let or_key = language.pick("ou clé d'API", "or API key");
            format!("{}, {or_key}", scopes.join(" + "))
        }
        Access::Protected { scopes, roles, .. } if roles.is_empty() => scopes.join(" + "),
        Access::Protected { scopes, roles, .. } => {
            format!("{} ({})", scopes.join(" + "), roles.join(", "))
        }
    }
}

fn redis_away(redis_away: RedisAway, language: Language) -> &'static str {
    match redis_away {
        RedisAway::Open => language.pick("ouverte", "open"),
        RedisAway::Closed => language.pick("fermée", "closed"),
    }
}

fn upstream(target: &Target) -> &'static str {
    match target {
        Target::Gateway => "gateway",
        Target::Upstream { service, .. } => service.as_str(),
    }
}

fn json_of_routes(source: &Source) -> String {
    let written = Written::read(&source.text);
    let rows = written.as_ref().map_or(&[][..], Written::rows);
    let routes: Vec<Value> = rows
        .iter()
        .map(|row| json!({ "line": row.line, "keys": policy::keys_as_json(row) }))
        .collect();
    let answer = json!({ "source": source.name, "faults": [], "routes": routes });
    format!("{answer:#}\n")
}

fn json_of_faults(source: &Source, faults: &[RouteFault]) -> String {
    let faults: Vec<Value> = faults
        .iter()
        .map(|fault| {
            let text = line_of(source, fault.line);
            json!({ "line": fault.line, "message": fault.message, "text": text })
        })
        .collect();
    format!("{:#}\n", json!({ "source": source.name, "faults": faults }))
}

/// Empty for a line behind the last: a file that ends too early.
fn line_of(source: &Source, line: usize) -> &str {
    source.text.lines().nth(line - 1).unwrap_or_default()
}
