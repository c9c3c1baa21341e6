//! How many cores so many users want: a calculation from measured figures, and the tables of `docs/scaling.md` made of it.
//!
//! The figures are in `docs/capacity.toml`; `cargo bench -p escale-tests --bench capacity -- --write` measures them anew
//! and writes file and tables.

mod tables;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use tables::{Tongue, written};

/// The services in the order of the tables. The test bank is no part of the platform.
pub const SERVICES: [&str; 5] = ["gateway", "auth", "catalog", "booking", "payment"];

/// Milliseconds of CPU time that one operation takes of each service.
pub type Cost = BTreeMap<String, f64>;

/// What was measured, and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figures {
    /// The day, as a date.
    pub day: String,
    pub machine: Machine,
    /// A search over a connection that is there.
    pub read: Cost,
    /// A full TLS handshake, and one request that costs next to nothing.
    pub connection: Cost,
    /// A password that is checked (argon2id), a session that begins.
    pub login: Cost,
    /// A booking and its payment.
    pub purchase: Cost,
    /// Purchases a second, all services and the load on one machine together.
    pub purchases_per_second: Stores,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Machine {
    pub processor: String,
    pub cores: usize,
    /// Something else ran meanwhile: the figures are too bad.
    pub busy: bool,
    /// As `cargo build --release` makes it; else the figures are far too bad.
    pub optimised: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stores {
    pub sqlite: f64,
    /// Absent where no PostgreSQL was named.
    pub postgresql: Option<f64>,
}

/// What users do on a day.
#[derive(Debug, Clone, Copy)]
pub struct Habits {
    pub reads: f64,
    pub connections: f64,
    pub logins: f64,
    pub purchases: f64,
    /// The busiest hour's part of the day.
    pub busiest_hour: f64,
    /// The busiest seconds against the average of that hour.
    pub burst: f64,
    /// How much of a core is planned to be used in those seconds.
    pub utilisation: f64,
}

/// A travel site's: most people look, one in twenty books.
pub const HABITS: Habits = Habits {
    reads: 30.0,
    connections: 3.0,
    logins: 1.0,
    purchases: 0.05,
    busiest_hour: 0.12,
    burst: 2.0,
    utilisation: 0.6,
};

/// What so many users a day want in their busiest seconds.
#[derive(Debug, Clone)]
pub struct Needs {
    pub users: f64,
    pub requests_per_second: f64,
    pub handshakes_per_second: f64,
    pub logins_per_second: f64,
    pub purchases_per_second: f64,
    /// In the order of [`SERVICES`].
    pub cores: [f64; 5],
}

impl Needs {
    /// Requests, handshakes, logins, purchases.
    fn a_second(&self) -> [f64; 4] {
        [
            self.requests_per_second,
            self.handshakes_per_second,
            self.logins_per_second,
            self.purchases_per_second,
        ]
    }
}

impl Figures {
    pub fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).expect("the figures");
        toml::from_str(&text).expect("figures")
    }

    pub fn needs(&self, users: f64, habits: &Habits) -> Needs {
        let at_peak = |a_day: f64| users * a_day * habits.busiest_hour / 3_600.0 * habits.burst;
        let [reads, connections, logins, purchases] = [
            habits.reads,
            habits.connections,
            habits.logins,
            habits.purchases,
        ]
        .map(at_peak);
        let cores = SERVICES.map(|service| {
            let of = |cost: &Cost| cost.get(service).copied().unwrap_or_default();
            let milliseconds = reads * of(&self.read)
                + connections * of(&self.connection)
                + logins * of(&self.login)
                + purchases * of(&self.purchase);
            milliseconds / 1_000.0 / habits.utilisation
        });
        Needs {
            users,
            // A purchase is two requests.
            requests_per_second: reads + connections + logins + 2.0 * purchases,
            handshakes_per_second: connections,
            logins_per_second: logins,
            purchases_per_second: purchases,
            cores,
        }
    }
}

/// The figures' file, and the pages that show them.
pub fn documents() -> (PathBuf, [(Tongue, PathBuf); 2]) {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let pages = [
        (Tongue::English, docs.join("scaling.md")),
        (Tongue::French, docs.join("scaling.fr.md")),
    ];
    (docs.join("capacity.toml"), pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        let cost = |of: &[(&str, f64)]| -> Cost {
            of.iter()
                .map(|(name, ms)| ((*name).to_owned(), *ms))
                .collect()
        };
        Figures {
            day: "2026-11-21".to_owned(),
            machine: Machine {
                processor: "one of ours".to_owned(),
                cores: 2,
                busy: false,
                optimised: true,
            },
            read: cost(&[("gateway", 0.2), ("catalog", 0.3)]),
            connection: cost(&[("gateway", 0.5)]),
            login: cost(&[("gateway", 0.2), ("auth", 30.0)]),
            purchase: cost(&[("gateway", 0.5), ("booking", 2.0), ("payment", 3.0)]),
            purchases_per_second: Stores {
                sqlite: 100.0,
                postgresql: None,
            },
        }
    }

    #[test]
    fn the_busiest_seconds_of_a_day_are_counted_and_not_its_average() {
        let habits = Habits {
            reads: 36.0,
            connections: 0.0,
            logins: 0.0,
            purchases: 0.0,
            busiest_hour: 0.1,
            burst: 2.0,
            utilisation: 0.5,
        };
        let needs = figures().needs(100_000.0, &habits);
        assert_eq!(needs.requests_per_second, 200.0);
        // 200 a second, 0.2 ms each, and as much again is kept free.
        assert!((needs.cores[0] - 0.08).abs() < 1e-9, "{needs:?}");
        assert!((needs.cores[2] - 0.12).abs() < 1e-9, "{needs:?}");
        assert_eq!(needs.cores[1], 0.0, "nobody logs in");
    }

    #[test]
    fn ten_times_the_users_want_ten_times_the_cores() {
        let figures = figures();
        let [some, many] = [10_000.0, 100_000.0].map(|users| figures.needs(users, &HABITS));
        for (few, more) in some.cores.iter().zip(many.cores) {
            assert!((few * 10.0 - more).abs() < 1e-9);
        }
    }

    #[test]
    fn each_operation_costs_where_it_is_done() {
        let figures = figures();
        let only_logins = Habits {
            reads: 0.0,
            connections: 0.0,
            logins: 1.0,
            purchases: 0.0,
            ..HABITS
        };
        let needs = figures.needs(1_000_000.0, &only_logins);
        assert!(needs.cores[1] > 50.0 * needs.cores[0]);
        assert_eq!(needs.cores[3], 0.0);
    }

    #[test]
    fn the_pages_show_what_the_figures_say() {
        let (file, pages) = documents();
        let figures = Figures::read(&file);
        for (tongue, path) in pages {
            let page = std::fs::read_to_string(&path).expect("a page");
            let expected = written(&page, &figures, tongue);
            let name = path.display();
            assert_eq!(
                page, expected,
                "{name}: cargo bench -p escale-tests --bench capacity -- --tables"
            );
        }
    }
}
