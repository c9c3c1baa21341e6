//! No path makes the canonical form panic, and a path and its form get the same decision.
#![no_main]

use std::sync::LazyLock;

use gateway::canonical::canonical;
use gateway::route_table::{BUILT_IN, RouteTable};
use http::Method;
use libfuzzer_sys::fuzz_target;

static TABLE: LazyLock<RouteTable> =
    LazyLock::new(|| RouteTable::read(BUILT_IN).expect("the built-in table has no fault"));

fuzz_target!(|raw: &str| {
    let Ok(form) = canonical(raw) else { return };
    assert_eq!(canonical(&form).as_deref(), Ok(&*form));
    assert_eq!(
        TABLE.find(&Method::GET, raw),
        TABLE.find(&Method::GET, &form)
    );
    assert!(raw.eq_ignore_ascii_case(&form));
});
