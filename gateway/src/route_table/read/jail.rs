//! Reads the table `[jail]`. Every key must be there: a number that is left out would be one that nobody has chosen.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml::de::DeTable;

use super::super::BUILT_IN;
use super::RouteFault;
use super::fields::{Fields, Spot};
use crate::jail::{Offence, Points, Rules, Side};

const KEYS: &[&str] = &[
    "logins",
    "walks",
    "walk_seconds",
    "first_ban_seconds",
    "longest_ban_seconds",
    "memory_seconds",
    "capacity",
    "points",
    "address",
    "user",
];
const SIDE: &[&str] = &["threshold", "decay_per_minute", "things"];
const SECONDS: RangeInclusive<u64> = 1..=30 * 24 * 60 * 60;
const MANY: u64 = 1_000_000;

/// A text without the table takes that of the built-in one: a gateway without a jail is not to be had by leaving lines
/// out. A text that is no TOML has been told of already.
pub(in super::super) fn jail(text: &str) -> Result<Rules, Vec<RouteFault>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() || !document.get_ref().contains_key("jail") {
        return Ok(built_in());
    }
    let names = route_names(document.get_ref());
    let known: Vec<&str> = document
        .get_ref()
        .keys()
        .map(|key| &**key.get_ref())
        .collect();
    let mut faults = Vec::new();
    let mut top = Fields::new(text, Spot::top(&document), &known, &mut faults);
    let rules = top
        .required_table("jail", KEYS)
        .and_then(|fields| read_rules(fields, &names));
    match rules {
        Some(rules) if faults.is_empty() => Ok(rules),
        _ => Err(faults),
    }
}

fn built_in() -> Rules {
    jail(BUILT_IN).expect("the built-in table has [jail], without a fault")
}

/// The other reader judges whether these are routes.
fn route_names<'t>(document: &'t DeTable<'t>) -> Vec<&'t str> {
    let routes = document
        .get("route")
        .and_then(|list| list.get_ref().as_array());
    let name = |route: &'t toml::Spanned<toml::de::DeValue<'t>>| {
        route.get_ref().as_table()?.get("name")?.get_ref().as_str()
    };
    routes.into_iter().flatten().filter_map(name).collect()
}

fn read_rules(mut fields: Fields<'_, '_>, names: &[&str]) -> Option<Rules> {
    let logins = read_names(&mut fields, "logins", names);
    let walks = read_names(&mut fields, "walks", names);
    let walk_window = seconds(&mut fields, "walk_seconds");
    let first_ban = seconds(&mut fields, "first_ban_seconds");
    let longest_ban = seconds(&mut fields, "longest_ban_seconds");
    let memory = seconds(&mut fields, "memory_seconds");
    let capacity = fields.required_number("capacity", 100..=MANY);
    let points = read_points(&mut fields);
    let address = read_side(&mut fields, "address");
    let user = read_side(&mut fields, "user");
    if longest_ban? < first_ban? {
        fields.fault("longest_ban_seconds", "is shorter than the first ban");
    }
    Some(Rules {
        logins: logins?,
        walks: walks?,
        walk_window: walk_window?,
        first_ban: first_ban?,
        longest_ban: longest_ban?,
        memory: memory?,
        capacity: usize::try_from(capacity?).ok()?,
        points: points?,
        address: address?,
        user: user?,
    })
}

fn read_names(fields: &mut Fields<'_, '_>, key: &str, names: &[&str]) -> Option<Vec<Box<str>>> {
    let words = fields.required_words(key)?;
    for word in &words {
        if !names.contains(word) {
            fields.fault(key, format_args!("{word:?} is the name of no route"));
        }
    }
    Some(words.into_iter().map(Box::from).collect())
}

fn seconds(fields: &mut Fields<'_, '_>, key: &str) -> Option<Duration> {
    fields
        .required_number(key, SECONDS)
        .map(Duration::from_secs)
}

fn read_points(fields: &mut Fields<'_, '_>) -> Option<Points> {
    let names = Offence::ALL.map(Offence::as_str);
    let mut inner = fields.required_table("points", &names)?;
    let points = names.map(|name| inner.required_number(name, 0..=MANY));
    let mut read = Points([0; Offence::ALL.len()]);
    for (place, points) in read.0.iter_mut().zip(points) {
        *place = points?;
    }
    Some(read)
}

fn read_side(fields: &mut Fields<'_, '_>, key: &str) -> Option<Side> {
    let mut inner = fields.required_table(key, SIDE)?;
    let threshold = inner.required_number("threshold", 1..=MANY);
    // At least 1: points that never drain would ban everybody in the end.
    let decay = inner.required_number("decay_per_minute", 1..=MANY);
    let things = inner.required_number("things", 1..=10_000);
    Some(Side {
        threshold: threshold?,
        decay_per_minute: decay?,
        things: usize::try_from(things?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn faults(from: &str, to: &str) -> Vec<String> {
        let text = BUILT_IN.replacen(from, to, 1);
        assert_ne!(text, BUILT_IN, "{from}");
        let faults = jail(&text).expect_err(to);
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_fault_of_the_table_is_told_with_its_line() {
        let line = |text: &str| {
            let before = BUILT_IN.split_once(text).expect(text).0;
            before.lines().count() + 1
        };
        for (from, to, expected) in [
            (
                "capacity = 20000",
                "capacity = 0",
                "`capacity` must be between",
            ),
            (
                "capacity = 20000",
                "capacity = \"many\"",
                "`capacity` must be between",
            ),
            (
                "capacity = 20000",
                "capacitee = 20000",
                "`capacitee` is not known here",
            ),
            (
                "walk_seconds = 300",
                "walk_seconds = 0",
                "`walk_seconds` must be between",
            ),
            (
                "longest_ban_seconds = 86400",
                "longest_ban_seconds = 30",
                "`longest_ban_seconds`: is shorter than the first ban",
            ),
            (
                "logins = [\"auth.login\"",
                "logins = [\"auth.logins\"",
                "`logins`: \"auth.logins\" is the name of no route",
            ),
        ] {
            let told = faults(from, to);
            let expected = format!("line {}: {expected}", line(from));
            assert!(
                told.iter().any(|fault| fault.starts_with(&expected)),
                "{expected}\n{told:#?}"
            );
        }
    }

    #[test]
    fn all_faults_of_the_inner_tables_are_told_at_once() {
        for (from, to, expected) in [
            (
                "failed_login =",
                "failed_logins =",
                ["`failed_logins` is not known", "`failed_login` is missing"],
            ),
            (
                "address = { threshold = 1500, decay_per_minute = 120",
                "address = { threshold = 0, decay_per_minute = 0",
                ["`threshold` must be", "`decay_per_minute` must be"],
            ),
        ] {
            let told = faults(from, to).join("\n");
            assert!(expected.iter().all(|part| told.contains(part)), "{told}");
        }
    }

    #[test]
    fn a_table_that_is_left_out_is_the_built_in_one() {
        let own = jail("[[route]]\nname = \"x\"\n").expect("no fault");
        assert_eq!(own, jail(BUILT_IN).expect("no fault"));
    }
}
