//! Judges what is built, without the verbs of `cargo lab`, for who writes a lab:
//! `cargo build -p escale-tests --bin stage && cargo run -p escale-exercises --example try -- 04 check|attack [FOLDER]`.

use std::path::PathBuf;
use std::sync::Arc;

use escale_exercises::{Ground, Lang, Loot, Message, Programs, Seed, judge, labs};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [number, verb, rest @ ..] = &arguments[..] else {
        eprintln!("try NN check|attack [FOLDER with the programs]");
        std::process::exit(2);
    };
    let lab = labs().into_iter().find(|lab| lab.number() == number);
    let lab = lab.expect("a lab of this number");
    let here = std::env::current_exe().expect("a path");
    let beside = here.parent().and_then(|folder| folder.parent());
    let folder = rest.first().map(PathBuf::from);
    let folder = folder.or(beside.map(PathBuf::from)).expect("a folder");
    let programs = Programs::in_folder(&folder);
    let met = match verb.as_str() {
        "check" => check(lab.all_criteria(), &programs).await,
        _ => {
            let say = |message: Message| println!("  {}", message.get(Lang::Fr));
            let attack = lab.attack.expect("an attack");
            match attack(Ground::new(programs, Seed::random(), Arc::new(say))).await {
                Ok(Loot::Taken(what)) => {
                    println!("PRIS {}\n     {}", what.fr, what.en);
                    true
                }
                Ok(Loot::Nothing(what)) => {
                    println!("RIEN {}\n     {}", what.fr, what.en);
                    false
                }
                Err(failure) => panic!("{failure}"),
            }
        }
    };
    std::process::exit(i32::from(!met));
}

async fn check(criteria: Vec<escale_exercises::Criterion>, programs: &Programs) -> bool {
    let report = judge(criteria, programs, Seed::random(), |one| {
        match &one.failure {
            None => println!("ok   {} {}", one.id, one.title.fr),
            Some(failure) => println!("NON  {} {}\n     {failure}", one.id, one.title.fr),
        }
    })
    .await;
    if let Some(failure) = &report.stopped {
        println!("STOP {failure}");
    }
    println!(
        "{}/{} in {} ms",
        report.passed(),
        report.of,
        report.milliseconds
    );
    report.is_whole()
}
