//! The verbs of the platform on this machine: start it, look at it, stop it.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::service::Service;

#[derive(Debug, Subcommand)]
pub enum PlatformVerb {
    Up(Up),
    Down {
        service: Option<Service>,
    },
    Status,
    Logs(Logs),
    Doctor,
    Certs(Certs),
    Accounts,
    /// The background half of `up --detach`.
    #[command(hide = true)]
    Supervise {
        plan: PathBuf,
    },
}

#[derive(Debug, Args)]
pub struct Up {
    #[arg(long)]
    pub detach: bool,
    #[arg(long)]
    pub fresh: bool,
    #[arg(long, conflicts_with = "no_build")]
    pub release: bool,
    #[arg(long)]
    pub no_build: bool,
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "SERVICE,...",
        conflicts_with = "without"
    )]
    pub only: Vec<Service>,
    #[arg(long, value_delimiter = ',', value_name = "SERVICE,...")]
    pub without: Vec<Service>,
    #[arg(long = "port", value_name = "SERVICE=PORT")]
    pub ports: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Logs {
    pub service: Option<Service>,
    #[arg(long, short)]
    pub follow: bool,
    #[arg(long, short = 'n', value_name = "N")]
    pub lines: Option<usize>,
}

#[derive(Debug, Args)]
pub struct Certs {
    #[arg(value_enum)]
    pub action: Option<CertsAction>,
    #[arg(long, conflicts_with = "action")]
    pub renew: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CertsAction {
    Make,
    Renew,
    Show,
}
