//! A token of this machine that is over: made by auth-service, which has the key, by its word `expired-token`.

use std::process::{Command, Stdio};

use crate::environment::{self, REMOVED};
use crate::layout::Layout;
use crate::programs::Programs;
use crate::service::Service;
use crate::state_file::StateFile;

/// What auth-service's command line calls it.
const WORD: &str = "expired-token";

/// # Errors
/// There is no program yet, no database, or no key: in words.
pub fn make(layout: &Layout) -> Result<String, String> {
    let told = |error: std::io::Error| error.to_string();
    let program = Programs::beside_this_one().map_err(told)?.of(Service::Auth);
    if !program.is_file() {
        return Err(format!("{}: cargo lab up", program.display()));
    }
    if !layout.database(Service::Auth).is_file() {
        return Err("cargo lab up".to_owned());
    }
    // The issuer that stands in the token is the address of the gateway that runs here.
    let ports = StateFile::read(&layout.state()).map_or(layout.ports.clone(), |state| state.ports);
    let layout = layout.clone().with_ports(ports);
    let mut command = Command::new(program);
    for key in REMOVED {
        command.env_remove(key);
    }
    let made = command
        .arg(WORD)
        .envs(environment::of(Service::Auth, &layout))
        .current_dir(&layout.home)
        .stdin(Stdio::null())
        .output()
        .map_err(told)?;
    if !made.status.success() {
        return Err(String::from_utf8_lossy(&made.stderr).trim().to_owned());
    }
    Ok(String::from_utf8_lossy(&made.stdout).trim().to_owned())
}
