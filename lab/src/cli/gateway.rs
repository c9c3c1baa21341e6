//! The verbs that speak to a gateway, or read what one has written.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use url::Url;

#[derive(Debug, Subcommand)]
pub enum GatewayVerb {
    #[command(subcommand_required = true, disable_help_subcommand = true)]
    Audit {
        #[command(subcommand)]
        verb: AuditVerb,
    },
    Token(Token),
    Demo(Target),
    Postman(Postman),
    Jail(Jail),
}

#[derive(Debug, Subcommand)]
pub enum AuditVerb {
    Verify { file: Option<PathBuf> },
    Show(AuditShow),
}

/// Which records are shown.
#[derive(Debug, Args)]
pub struct AuditShow {
    pub file: Option<PathBuf>,
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    #[arg(long, value_name = "ACTION")]
    pub action: Option<String>,
    #[arg(long, value_name = "ID")]
    pub request: Option<String>,
    #[arg(long, short = 'n', value_name = "N")]
    pub last: Option<usize>,
}

#[derive(Debug, Args)]
#[group(skip)]
pub struct Token {
    #[arg(
        long,
        value_name = "PSEUDO",
        conflicts_with = "client",
        required_unless_present_any = ["client", "expired"]
    )]
    pub user: Option<String>,
    #[arg(long, value_name = "ID")]
    pub client: Option<String>,
    #[arg(long, requires = "client", conflicts_with = "user")]
    pub scope: Option<String>,
    #[arg(long, conflicts_with_all = ["user", "client", "url"])]
    pub expired: bool,
    #[command(flatten)]
    pub target: Target,
}

#[derive(Debug, Args)]
#[group(skip)]
pub struct Postman {
    #[arg(long, short, value_name = "FILE", conflicts_with = "collection")]
    pub output: Option<PathBuf>,
    #[arg(long)]
    pub collection: bool,
    #[command(flatten)]
    pub target: Target,
}

#[derive(Debug, Args)]
pub struct Jail {
    #[arg(value_enum)]
    pub action: JailAction,
    #[arg(value_name = "ADDRESS", required_if_eq("action", "free"))]
    pub key: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum JailAction {
    List,
    Free,
}

/// Which gateway is spoken to.
#[derive(Debug, Args)]
pub struct Target {
    #[arg(long)]
    pub url: Option<Url>,
    #[arg(long, value_name = "PEM")]
    pub cacert: Option<PathBuf>,
}
