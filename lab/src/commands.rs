//! The verbs, one file each.

pub(crate) mod accounts;
mod attack;
mod audit;
mod branches;
mod build;
mod certs;
mod check;
mod demo;
mod diff;
mod doctor;
mod down;
mod grade;
mod handout;
mod hint;
mod jail;
mod leave;
mod list;
mod logs;
mod next;
mod postman;
pub(crate) mod prepare;
mod quiz;
mod reset;
mod start;
mod status;
mod summary;
mod supervise;
mod token;
mod up;
mod verify;
mod watch;
mod whereabouts;

use std::process::ExitCode;
use std::time::Duration;

use service_kit::process::install_crypto_provider;

use crate::cli::exercises::ExerciseVerb;
use crate::cli::gateway::GatewayVerb;
use crate::cli::platform::PlatformVerb;
use crate::cli::teacher::TeacherVerb;
use crate::cli::{Cli, Verb};
use crate::console::Console;
use crate::outcome::{Outcome, exit_code};
use crate::texts::platform;

/// Runs a verb and says how it ended: 0 done, 1 a check failed, 2 wrong use, 78 configuration.
pub fn run(cli: Cli, console: Console) -> ExitCode {
    install_crypto_provider();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            console.error(&error.to_string());
            return ExitCode::FAILURE;
        }
    };
    let ended = runtime.block_on(run_verb(cli.verb, console));
    // A terminal that takes no more lines must not keep the command alive.
    runtime.shutdown_timeout(Duration::from_secs(1));
    match ended {
        Ok(outcome) => outcome.into(),
        Err(error) => {
            console.error(&format!(
                "{} {error:#}",
                console.text(&platform::ERROR, &[])
            ));
            ExitCode::from(exit_code(&error))
        }
    }
}

async fn run_verb(verb: Option<Verb>, console: Console) -> anyhow::Result<Outcome> {
    let Some(verb) = verb else {
        return whereabouts::run(&console);
    };
    match verb {
        Verb::Exercise(verb) => run_exercise_verb(verb, &console).await,
        Verb::Platform(verb) => run_platform_verb(verb, console).await,
        Verb::Gateway(verb) => run_gateway_verb(verb, console).await,
        Verb::Teacher(verb) => run_teacher_verb(verb, console).await,
    }
}

async fn run_platform_verb(verb: PlatformVerb, console: Console) -> anyhow::Result<Outcome> {
    match verb {
        PlatformVerb::Up(up) => up::run(up, console).await,
        PlatformVerb::Down { service } => down::run(service, &console).await,
        PlatformVerb::Status => status::run(&console).await,
        PlatformVerb::Logs(logs) => logs::run(&logs, &console).await,
        PlatformVerb::Doctor => doctor::run(&console).await,
        PlatformVerb::Certs(certs) => certs::run(&certs, &console),
        PlatformVerb::Accounts => accounts::run(&console),
        PlatformVerb::Supervise { plan } => supervise::run(&plan, console).await,
    }
}

async fn run_exercise_verb(verb: ExerciseVerb, console: &Console) -> anyhow::Result<Outcome> {
    match verb {
        ExerciseVerb::List => list::run(console),
        ExerciseVerb::Start(arguments) => start::run(&arguments, console),
        ExerciseVerb::Attack(chosen) => attack::run(&chosen, console).await,
        ExerciseVerb::Check(chosen) => check::run(&chosen, console).await,
        ExerciseVerb::Watch(chosen) => watch::run(&chosen, console).await,
        ExerciseVerb::Hint(arguments) => hint::run(&arguments, console),
        ExerciseVerb::Quiz(arguments) => quiz::run(&arguments, console),
        ExerciseVerb::Diff(arguments) => diff::run(&arguments, console),
        ExerciseVerb::Reset(chosen) => reset::run(&chosen, console),
        ExerciseVerb::Leave(chosen) => leave::run(&chosen, console),
        ExerciseVerb::Next(arguments) => next::run(&arguments, console),
        ExerciseVerb::Branches(arguments) => branches::run(&arguments, console),
    }
}

async fn run_gateway_verb(verb: GatewayVerb, console: Console) -> anyhow::Result<Outcome> {
    match verb {
        GatewayVerb::Audit { verb } => audit::run(&verb, &console),
        GatewayVerb::Token(token) => token::run(&token, &console).await,
        GatewayVerb::Demo(target) => demo::run(&target, &console).await,
        GatewayVerb::Postman(arguments) => postman::run(&arguments, &console).await,
        GatewayVerb::Jail(arguments) => jail::run(&arguments, &console).await,
    }
}

async fn run_teacher_verb(verb: TeacherVerb, console: Console) -> anyhow::Result<Outcome> {
    match verb {
        TeacherVerb::Verify { labs } => verify::run(&labs, console).await,
        TeacherVerb::Handout(handout) => handout::run(&handout, &console),
        TeacherVerb::Grade(grade) => grade::run(grade, console).await,
        TeacherVerb::GradingStep { task } => grade::step(&task).await,
        TeacherVerb::Confine {
            read,
            write,
            program,
        } => grade::confine(read, write, &program),
    }
}
