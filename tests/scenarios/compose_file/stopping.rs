//! Who is told to stop, and how long is waited for him.

use serde_json::Value;

use super::written::{lines_of, services};
use crate::kubernetes::manifests::read;

/// `"15s"`.
fn seconds(value: &Value) -> u64 {
    let text = value.as_str().and_then(|text| text.strip_suffix('s'));
    text.and_then(|text| text.parse().ok()).expect("seconds")
}

/// Killed in the middle, a request that could have been answered is lost.
#[test]
fn a_container_is_given_more_time_than_it_takes_to_stop() {
    let example = read("../.env.example");
    let of_services: u64 = lines_of("STOP_SECONDS=", &example)[0].parse().unwrap();
    for (name, container) in services() {
        let image = container["image"].as_str().expect("an image");
        let is_ours = image.starts_with("escale/") && image != "escale/prepare";
        if is_ours {
            assert!(
                seconds(&container["stop_grace_period"]) > of_services + 1,
                "{name}"
            );
            assert!(container["environment"]["STOP_SECONDS"].is_null(), "{name}");
        }
    }
    let config = read("../deploy/compose/haproxy.cfg");
    let hard = config
        .lines()
        .find_map(|line| line.trim().strip_prefix("hard-stop-after "));
    let hard = seconds(&Value::from(hard.expect("an end")));
    assert!(seconds(&services()["balancer"]["stop_grace_period"]) > hard);
}
