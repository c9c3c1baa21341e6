//! What asks for figures: the page of Grafana, and the alerts of Prometheus.

use std::collections::BTreeSet;
use std::process::Command;

use escale_engines::tally;
use serde_json::Value;

use super::documented;

const ALERTS: &str = include_str!("../../../deploy/compose/alerts.yml");

/// The names of metrics in some queries. They have an underscore, and so have functions and labels of Prometheus.
fn names_in(queries: &[String]) -> BTreeSet<String> {
    const OTHERS: [&str; 1] = ["histogram_quantile"];
    queries
        .iter()
        .flat_map(|query| query.split(|sign: char| !(sign.is_ascii_lowercase() || sign == '_')))
        .filter(|word| word.contains('_') && !OTHERS.contains(word))
        .map(|word| word.trim_end_matches("_bucket").to_owned())
        .collect()
}

#[track_caller]
fn assert_all_are_counted(queries: &[String], at_least: usize) {
    let names = names_in(queries);
    assert!(names.len() >= at_least, "read as it should be: {names:?}");
    let documented = documented();
    let unknown: Vec<_> = names.difference(&documented).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// A graph of a name that nobody counts stays empty, and looks as if all were well.
#[test]
fn the_dashboard_asks_for_nothing_that_is_not_counted() {
    let page = include_str!("../../../deploy/compose/grafana/dashboards/escale.json");
    let page: Value = serde_json::from_str(page).expect("JSON");
    let panels = page["panels"].as_array().expect("a list").iter();
    let targets = panels.filter_map(|panel| panel["targets"].as_array());
    let asked = targets
        .flatten()
        .map(|target| target["expr"].as_str().expect("a query").to_owned());
    assert_all_are_counted(&asked.collect::<Vec<_>>(), 13);
}

fn alerts() -> Vec<Value> {
    let file: Value = serde_saphyr::from_str(ALERTS).expect("YAML");
    file["groups"][0]["rules"]
        .as_array()
        .expect("a list")
        .clone()
}

/// Such an alert would never come.
#[test]
fn no_alert_waits_for_something_that_is_not_counted() {
    let asked = alerts()
        .iter()
        .map(|alert| alert["expr"].as_str().expect("a query").to_owned())
        .collect::<Vec<_>>();
    assert_all_are_counted(&asked, 12);
}

#[test]
fn the_page_says_of_each_alert_what_to_do_and_its_figures_are_tried() {
    let page = include_str!("../../../docs/metrics.md");
    let (_, table) = page.split_once("| alert |").expect("a table of alerts");
    let told: BTreeSet<_> = table
        .lines()
        .skip(2)
        .map_while(|line| line.strip_prefix("| ")?.split(' ').next())
        .collect();
    let alerts = alerts();
    let made: BTreeSet<_> = alerts
        .iter()
        .map(|alert| alert["alert"].as_str().expect("a name"))
        .collect();
    assert_eq!(told, made);
    let tried = include_str!("../../../deploy/compose/alerts.test.yml");
    for name in made {
        let fires = [
            format!("alertname: {name}\n"),
            format!("alertname=\"{name}\""),
        ];
        assert!(fires.iter().any(|fires| tried.contains(fires)), "{name}");
    }
}

/// A container of this name is what an alert waits for.
#[test]
fn every_part_that_is_read_is_missed_when_it_is_away() {
    let config = include_str!("../../../deploy/compose/prometheus.yml");
    let config: Value = serde_saphyr::from_str(config).expect("YAML");
    let names = config["scrape_configs"][0]["dns_sd_configs"][0]["names"].as_array();
    let names = names.expect("a list");
    assert_eq!(names.len(), 7);
    for name in names {
        let missed = format!("absent(up{{component={name}}})");
        assert!(ALERTS.contains(&missed), "{missed}");
    }
    assert_eq!(config["rule_files"][0], "/etc/prometheus/alerts.yml");
}

#[test]
fn prometheus_own_tool_lets_each_alert_come_when_it_should() {
    let promtool = |words: &[&str]| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/compose");
        Command::new("promtool")
            .args(words)
            .current_dir(folder)
            .output()
    };
    if promtool(&["--version"]).is_err() {
        tally::skipped(
            "promtool",
            "it is not installed, and the alerts were not run",
        );
        return;
    }
    tally::lent("promtool", "a program of this system");
    let output = promtool(&["test", "rules", "alerts.test.yml"]).expect("promtool runs");
    let told = escale_tests::platform::text_of(&output);
    assert!(output.status.success(), "{told}");
}
