//! No text makes the reader of the route table panic, and each fault names a line that the text has.
#![no_main]

use gateway::route_table::RouteTable;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(faults) = RouteTable::read(text) {
        assert!(!faults.is_empty());
        let lines = text.split('\n').count();
        for fault in faults {
            assert!((1..=lines).contains(&fault.line), "{fault}");
        }
    }
});
