//! What one operation costs each service, in CPU time, and how many purchases a second there are: the figures of
//! `docs/scaling.md`.
//!
//!   cargo bench -p escale-tests --bench capacity                  measures (about two minutes) and prints
//!   cargo bench -p escale-tests --bench capacity -- --write       the same, and writes docs/capacity.toml and the tables
//!   ... -- --busy --write       the same, marked: something else ran meanwhile
//!   ... -- --dev --write        of a development build, which is there sooner; marked too
//!   cargo bench -p escale-tests --bench capacity -- --tables      makes the tables from the figures that are there
//!
//! With CAPACITY_POSTGRES=postgres://user:password@host:5432 purchases are counted on PostgreSQL too; the databases
//! `auth`, `catalog`, `booking`, `payment` and `bank` have to be there, and empty.
//!
//! The costs are those of real processes, `cargo lab up --release`, as Linux counts them in /proc; the load's own work is
//! not in them. Everything stops by itself, and nothing but this machine is called.
#![allow(clippy::unwrap_used)]

#[path = "capacity/load.rs"]
mod load;
#[path = "capacity/processes.rs"]
mod processes;

use escale_tests::capacity::{Figures, Machine, Stores, documents, written};
use escale_tests::platform::Platform;
use escale_tests::{Plan, Town, Visitor, logs};
use load::{Load, Operation};

#[tokio::main]
async fn main() {
    let asked = |word: &str| std::env::args().any(|argument| argument == word);
    if asked("--tables") {
        let (file, _) = documents();
        return write_tables(&Figures::read(&file));
    }
    if !cfg!(target_os = "linux") {
        println!(
            "SKIPPED: the CPU time of a process is read from /proc, which this system has not"
        );
        return;
    }
    let figures = measure(asked("--busy"), !asked("--dev")).await;
    let text = toml::to_string(&figures).unwrap();
    println!("{text}");
    if asked("--write") {
        let (file, _) = documents();
        let head = "# Written by `cargo bench -p escale-tests --bench capacity -- --write`; docs/scaling.md shows it.\n";
        std::fs::write(file, format!("{head}{text}")).unwrap();
        write_tables(&figures);
    }
}

fn write_tables(figures: &Figures) {
    let (_, pages) = documents();
    for (tongue, path) in pages {
        let page = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, written(&page, figures, tongue)).unwrap();
    }
}

async fn measure(busy: bool, optimised: bool) -> Figures {
    // Before any town: a suite's watcher would read every line.
    logs::watch_from("error");
    let platform = start(optimised);
    let load = Load::on(|| Visitor::of_platform(&platform)).await;
    let mut costs = Vec::new();
    for operation in Operation::ALL {
        let before = processes::cpu_milliseconds(&platform);
        let done = load.run(operation).await;
        let after = processes::cpu_milliseconds(&platform);
        println!("{operation:?}: {} in {:?}", done.count, done.took);
        costs.push(processes::each(&before, &after, done.count));
    }
    drop(load);
    drop(platform);
    let [read, connection, login, purchase] = costs.try_into().unwrap();
    Figures {
        day: processes::today(),
        machine: Machine {
            processor: processes::processor(),
            cores: std::thread::available_parallelism().unwrap().get(),
            busy,
            optimised,
        },
        read,
        connection,
        login,
        purchase,
        purchases_per_second: Stores {
            sqlite: purchases(Vec::new()).await,
            postgresql: on_postgresql().await,
        },
    }
}

/// A platform whose limits nobody reaches.
fn start(optimised: bool) -> Platform {
    let platform = Platform::empty();
    let routes = platform.home().join("generous-routes.toml");
    std::fs::write(&routes, Town::generous_routes()).unwrap();
    let mut up = platform.up_command(if optimised { &["--release"] } else { &[] });
    let up = up
        .env("ROUTES_FILE", &routes)
        .env("LOG_LEVEL", "info")
        .output();
    let up = up.unwrap();
    assert!(
        up.status.success(),
        "{}",
        escale_tests::platform::text_of(&up)
    );
    platform
}

async fn on_postgresql() -> Option<f64> {
    let Ok(server) = std::env::var("CAPACITY_POSTGRES") else {
        println!("SKIPPED: PostgreSQL (CAPACITY_POSTGRES is not set)");
        return None;
    };
    let databases = ["auth", "catalog", "booking", "payment", "bank"];
    let of = |name| (name, "DATABASE_URL", format!("{server}/{name}"));
    Some(purchases(databases.map(of).to_vec()).await)
}

/// Purchases a second in a town with these settings: all services in one process, and the load beside them.
async fn purchases(settings: Vec<(&'static str, &'static str, String)>) -> f64 {
    let town = Town::planned(Plan {
        settings,
        ..Plan::default()
    })
    .await;
    let load = Load::on(|| town.visitor()).await;
    let done = load.run(Operation::Purchase).await;
    (f64::from(done.count) / done.took.as_secs_f64()).round()
}
