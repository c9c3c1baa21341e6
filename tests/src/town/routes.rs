//! The town's route table: the built-in one, with limits that no scenario reaches by itself.
//!
//! All visitors of a town come from 127.0.0.1, and its clock stands still: under the built-in limits a scenario of
//! eleven logins would fail. Only the numbers are replaced, so that the policy stays one.

const PLENTY: u32 = 1_000_000;

/// `requests = 100` becomes `requests = 1000000`; everything else stays as it is.
pub(crate) fn generous(text: &str) -> String {
    let plenty = format!("requests = {PLENTY}\n");
    let line = |line: &str| match line.starts_with("requests = ") {
        true => plenty.clone(),
        false => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[cfg(test)]
mod tests {
    use gateway::route_table::{BUILT_IN, RouteTable};

    use super::*;

    #[test]
    fn only_the_numbers_of_the_limits_differ() {
        let (ours, built_in) = (generous(BUILT_IN), RouteTable::read(BUILT_IN));
        let (table, built_in) = (RouteTable::read(&ours).unwrap(), built_in.unwrap());
        assert_eq!(table.limits().len(), built_in.limits().len());
        assert!(
            table
                .limits()
                .iter()
                .all(|class| class.requests.get() == PLENTY)
        );
        let differing = ours
            .lines()
            .zip(BUILT_IN.lines())
            .filter(|(ours, built_in)| ours != built_in);
        assert_eq!(differing.count(), built_in.limits().len());
    }
}
