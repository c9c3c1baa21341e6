//! A panic is told with its place, whoever was asked what at that moment.

use serde_json::json;

use super::say;

pub(super) fn tell(word: &str) {
    let word = word.to_owned();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(ToString::to_string);
        let place = place.unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("without a text");
        eprintln!("panic at {place}: {text}");
        // The harness panics where a town cannot be built; that is told as a start that failed.
        if !is_the_harness(&place) {
            say(&word, json!({"panic": {"place": place, "text": text}}));
        }
    }));
}

fn is_the_harness(place: &str) -> bool {
    let own = file!().trim_end_matches("stage/panics.rs");
    place.starts_with(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_is_known_by_its_folder() {
        let here = std::panic::Location::caller().to_string();
        assert!(is_the_harness(&here), "{here}");
        assert!(!is_the_harness("gateway/src/layers/rate_limit.rs:3:5"));
    }
}
