//! How a service's process begins and ends: its one word, configuration, telemetry, sockets, signals, exit code.

mod words;

use std::future::Future;
use std::io::{ErrorKind, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;

use crate::clock::Clock;
use crate::config::{ConfigFaults, KitConfig, ServerConfig, Settings};
use crate::health;
use crate::lifecycle::Lifecycle;
use crate::telemetry;
use crate::tls::TlsError;
use crate::traces::Traces;
use words::Asked;
pub use words::Word;

/// `EX_CONFIG` of sysexits.h: what is wrong is the configuration, and starting again will not help.
pub const EXIT_CONFIG: u8 = 78;

/// Wrong use, as `cargo lab` has it.
const EXIT_USAGE: u8 = 2;

/// A fault of what the operator has set up, found after the environment was read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Misconfigured(pub String);

/// The listening sockets. They are bound by who starts the service: `main`, or a test on port 0.
#[derive(Debug)]
pub struct Sockets {
    pub service: TcpListener,
    pub admin: TcpListener,
    pub metrics: Option<TcpListener>,
}

impl Sockets {
    /// # Errors
    /// [`Misconfigured`] when a port is taken or may not be used.
    pub fn bind(config: &ServerConfig) -> anyhow::Result<Self> {
        let service = bind("LISTEN_ADDR", config.listen)?;
        let admin = bind("ADMIN_ADDR", config.admin)?;
        let metrics = config
            .metrics
            .map(|address| bind("METRICS_ADDR", address))
            .transpose()?;
        Ok(Self {
            service,
            admin,
            metrics,
        })
    }
}

fn bind(key: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).map_err(|error| {
        Misconfigured(match error.kind() {
            ErrorKind::AddrInUse => format!("{key}: {address} is taken by another process"),
            _ => format!("{key}: {address} cannot be listened on ({error})"),
        })
    })?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// Runs a service until it is told to stop: SIGINT, SIGTERM, Ctrl-C, or, where `STOP_ON_STDIN_CLOSE=1`, the end of
/// its standard input (so that no service outlives the program that started it, on any system).
///
/// With the word `health` on the command line it starts nothing: exit code 0 when the service that runs with the same
/// environment is ready, else 1. `own` are the words that this service alone knows. Any other: 2.
///
/// Exit code 0 after a stop, 78 for a configuration that cannot work, 1 for anything else.
pub fn run<C, F, Fut>(
    service: &'static str,
    own: &[Word],
    read: fn(&Settings) -> Option<C>,
    kit: fn(&C) -> &KitConfig,
    start: F,
) -> ExitCode
where
    F: FnOnce(C, Sockets, Lifecycle) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let line: Vec<_> = std::env::args_os().skip(1).collect();
    let ended = match Asked::of(&line, own) {
        Ok(Asked::ToServe) => run_to_the_end(service, read, kit, start),
        Ok(Asked::Health) => ask_health(read, kit),
        Ok(Asked::Own(word)) => (word.run)(),
        Err(refusal) => {
            eprintln!("{service}: {refusal}");
            return ExitCode::from(EXIT_USAGE);
        }
    };
    exit(service, ended)
}

/// Says what went wrong, if anything did, and with which code the process ends.
fn exit(service: &str, ended: anyhow::Result<()>) -> ExitCode {
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{service}: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}

fn ask_health<C>(
    read: fn(&Settings) -> Option<C>,
    kit: fn(&C) -> &KitConfig,
) -> anyhow::Result<()> {
    let config = Settings::from_process().load(read)?;
    Ok(health::ask(kit(&config).server.admin)?)
}

fn run_to_the_end<C, F, Fut>(
    service: &'static str,
    read: fn(&Settings) -> Option<C>,
    kit: fn(&C) -> &KitConfig,
    start: F,
) -> anyhow::Result<()>
where
    F: FnOnce(C, Sockets, Lifecycle) -> Fut,
    Fut: Future<Output = anyhow::Result<()>>,
{
    let settings = Settings::from_process();
    let stop_with_stdin =
        settings.load(|settings| settings.parse_or("STOP_ON_STDIN_CLOSE", 0_u8))? == 1;
    let config = settings.load(read)?;
    install_crypto_provider();
    let metrics = telemetry::init(&kit(&config).telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let sockets = Sockets::bind(&kit(&config).server)?;
        let mut life = Lifecycle::new(Clock::system());
        keep_metrics_small(&life, metrics.clone());
        life.metrics = Some(metrics);
        if let Some(collector) = &kit(&config).telemetry.collector {
            life.traces = Some(Traces::start(service, collector)?);
        }
        let traces = life.traces.clone();
        watch_signals(&life)?;
        if stop_with_stdin {
            watch_stdin(&life);
        }
        tracing::info!(service, version = env!("CARGO_PKG_VERSION"), "starting");
        let ended = start(config, sockets, life.clone()).await;
        life.stop();
        life.finish().await;
        // After the last request, so that its span is delivered too.
        if let Some(traces) = traces {
            traces.close().await;
        }
        ended
    })
}

/// A histogram keeps each sample until somebody reads it: without this, a service that nobody scrapes would grow with
/// every request.
fn keep_metrics_small(life: &Lifecycle, metrics: PrometheusHandle) {
    life.every(Duration::from_secs(5), move || {
        metrics.run_upkeep();
        std::future::ready(())
    });
}

/// aws-lc-rs for everything that asks rustls for its default. A second call changes nothing.
pub fn install_crypto_provider() {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

fn exit_code(error: &anyhow::Error) -> u8 {
    let configuration = error.chain().any(|cause| {
        cause.is::<ConfigFaults>() || cause.is::<Misconfigured>() || cause.is::<TlsError>()
    });
    if configuration { EXIT_CONFIG } else { 1 }
}

/// SIGTERM has no twin on Windows; there Ctrl-C and the end of standard input stop a service.
fn watch_signals(life: &Lifecycle) -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        let signalled = life.clone();
        tokio::spawn(async move {
            terminate.recv().await;
            signalled.stop();
        });
    }
    let interrupted = life.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            interrupted.stop();
        }
    });
    Ok(())
}

/// A thread of its own: a blocked read of standard input must not hold up the runtime's end.
fn watch_stdin(life: &Lifecycle) {
    let life = life.clone();
    std::thread::spawn(move || {
        let mut buffer = [0; 64];
        while matches!(std::io::stdin().read(&mut buffer), Ok(read) if read > 0) {}
        life.stop();
    });
}
