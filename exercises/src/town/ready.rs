//! What the stage says when its platform is up.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    pub addresses: BTreeMap<String, SocketAddr>,
    /// Of accounts by pseudo.
    pub passwords: BTreeMap<String, String>,
    /// The application's id and secret.
    pub app: (String, String),
    pub root: PathBuf,
    pub inside_authority: PathBuf,
    pub identities: BTreeMap<String, (PathBuf, PathBuf)>,
    pub folder: PathBuf,
    pub audit_file: PathBuf,
}
