//! `postman`: writes the environment of this machine, or, for who changes the project, the collection.

use std::fmt::Display;
use std::path::Path;

use serde_json::{Value, json};

use super::accounts;
use crate::cli::gateway::Postman;
use crate::console::Console;
use crate::demo::curl::shown_path;
use crate::expired_token;
use crate::gateway_client::GatewayClient;
use crate::layout::{Layout, workspace};
use crate::outcome::{Outcome, Refusal};
use crate::ports::Ports;
use crate::postman::{Machine, PostmanFolder, environment, pretty};
use crate::private_file::{write_public, write_secret};
use crate::service::Service;
use crate::state_file::StateFile;
use crate::texts::postman as texts;

/// The callers inside that the folder on mTLS plays: whose certificate is shown at whose door.
const PLAYED: [(&str, Service); 2] = [("catalog", Service::Payment), ("gateway", Service::Catalog)];

pub async fn run(arguments: &Postman, console: &Console) -> anyhow::Result<Outcome> {
    let project = PostmanFolder::of(&workspace(console)?);
    if arguments.collection {
        return write_collection(&project, console);
    }
    let layout = Layout::from_environment(console)?;
    let accounts = accounts::read(&layout, console)?;
    let ports = StateFile::read(&layout.state()).map_or(layout.ports.clone(), |state| state.ports);
    let gateway = GatewayClient::new(&arguments.target, &layout, console)?;
    let machine = Machine {
        gateway: gateway.base,
        expired_token: expired_token(arguments, &layout, console),
        accounts,
        ports: ports.clone(),
    };
    let path = arguments.output.clone();
    let path = path.unwrap_or_else(|| layout.postman_environment());
    let certificates = layout.client_certificates();
    let environment = pretty(&environment(&machine));
    write(&path, console, |path| write_secret(path, &environment))?;
    let list = pretty(&client_certificates(&layout, &ports));
    write(&certificates, console, |path| write_public(path, &list))?;
    let files = json!({
        "environment": path,
        "collection": project.collection(),
        "authority": gateway.cacert,
        "clientCertificates": certificates,
    });
    tell(&files, console)
}

fn write_collection(project: &PostmanFolder, console: &Console) -> anyhow::Result<Outcome> {
    let made = project.made().map_err(|error| {
        let values: [(&str, &dyn Display); 1] = [("error", &error)];
        Refusal::Check(console.text(&texts::NO_SOURCES, &values))
    })?;
    for (path, text) in &made {
        write(path, console, |path| write_public(path, text))?;
        console.note(&shown_path(path));
    }
    if console.json {
        console.answer(&made.map(|(path, _)| path))?;
    }
    Ok(Outcome::Done)
}

/// Only auth-service of this machine can sign one with this machine's key.
fn expired_token(arguments: &Postman, layout: &Layout, console: &Console) -> String {
    let made = match arguments.target.url {
        Some(_) => Err(console.text(&texts::ELSEWHERE, &[])),
        None => expired_token::make(layout),
    };
    made.unwrap_or_else(|reason| {
        console.say(&texts::NO_EXPIRED_TOKEN, &[("reason", &reason)]);
        String::new()
    })
}

fn client_certificates(layout: &Layout, ports: &Ports) -> Value {
    let played = PLAYED.map(|(caller, door)| {
        let (certificate, key) = layout.certs().path(caller);
        json!({
            "name": caller,
            "matches": [format!("{}/*", ports.url(door))],
            "cert": {"src": certificate},
            "key": {"src": key},
        })
    });
    json!(played)
}

fn write(
    path: &Path,
    console: &Console,
    written: impl FnOnce(&Path) -> std::io::Result<()>,
) -> Result<(), Refusal> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    written(&path).map_err(|error| {
        let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("error", &error)];
        Refusal::Check(console.text(&texts::UNWRITABLE, &values))
    })
}

fn tell(files: &Value, console: &Console) -> anyhow::Result<Outcome> {
    let shown = |name: &str| shown_path(Path::new(files[name].as_str().unwrap_or_default()));
    if console.json {
        console.answer(files)?;
        return Ok(Outcome::Done);
    }
    console.say(&texts::WRITTEN, &[("path", &shown("environment"))]);
    console.say(&texts::IMPORT, &[("collection", &shown("collection"))]);
    console.say(&texts::AUTHORITY, &[("path", &shown("authority"))]);
    Ok(Outcome::Done)
}
