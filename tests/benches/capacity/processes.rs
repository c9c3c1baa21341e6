//! What the services' processes have taken of the CPU, and what machine this is: Linux's /proc.

use std::collections::BTreeMap;

use escale_tests::capacity::{Cost, SERVICES};
use escale_tests::platform::Platform;

/// Linux counts in hundredths of a second, whatever its own clock.
const MILLISECONDS_A_TICK: f64 = 10.0;

/// User and system time of each service since its start.
pub fn cpu_milliseconds(platform: &Platform) -> BTreeMap<&'static str, f64> {
    let of = |service: &'static str| {
        let path = format!("/proc/{}/stat", platform.pid(service));
        let text = std::fs::read_to_string(path).expect("a process that runs");
        // The program's name, in brackets, may hold anything; the fields behind it are counted from the third.
        let (_, fields) = text.rsplit_once(") ").expect("the end of the name");
        let fields: Vec<&str> = fields.split(' ').collect();
        let ticks = |number: usize| fields[number - 3].parse::<f64>().expect("a number");
        (service, (ticks(14) + ticks(15)) * MILLISECONDS_A_TICK)
    };
    SERVICES.into_iter().map(of).collect()
}

pub fn each(before: &BTreeMap<&str, f64>, after: &BTreeMap<&str, f64>, count: u32) -> Cost {
    let spent = |service: &str| after[service] - before[service];
    SERVICES
        .into_iter()
        .map(|service| (service, spent(service) / f64::from(count)))
        // A tick or two is the process's own life.
        .filter(|(_, each)| *each >= 0.005)
        .map(|(service, each)| (service.to_owned(), (each * 1_000.0).round() / 1_000.0))
        .collect()
}

pub fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find(|line| line.starts_with("model name"));
    let name = model.and_then(|line| line.split_once(':'));
    name.map_or("?", |(_, name)| name.trim()).to_owned()
}

pub fn today() -> String {
    let now = service_kit::clock::Clock::system().now();
    service_kit::iso_date::IsoDate(now.date()).to_string()
}
