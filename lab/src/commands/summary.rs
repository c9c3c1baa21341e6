//! What `up` shows once everything answers: addresses, accounts, a first command.

use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::{accounts, status};
use crate::console::Console;
use crate::demo::curl::shown_path;
use crate::layout::Layout;
use crate::service::Service;
use crate::service_status::ServiceStatus;
use crate::texts::start;

/// The same for a program. Passwords are not in it: it may be logged.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready<'a> {
    ready: bool,
    url: String,
    ca_cert: &'a Path,
    accounts_file: &'a Path,
    services: &'a [ServiceStatus],
}

pub fn show(
    layout: &Layout,
    services: &[ServiceStatus],
    took: Duration,
    console: &Console,
) -> anyhow::Result<()> {
    let url = layout.ports.url(Service::Gateway);
    let root = layout.certs().root();
    if console.json {
        let (ca_cert, accounts_file) = (root.as_path(), &layout.accounts());
        return console.answer(&Ready {
            ready: true,
            url,
            ca_cert,
            accounts_file,
            services,
        });
    }
    console.say(
        &start::READY,
        &[
            ("count", &services.len()),
            ("milliseconds", &took.as_millis()),
        ],
    );
    console.line("");
    status::table(services, console);
    console.line("");
    accounts::show(layout, console)?;
    console.line("");
    if services
        .iter()
        .any(|status| status.service == Service::Gateway)
    {
        console.say(&start::TRY_FIRST, &[]);
        console.line(&format!(
            "  curl --cacert {} {url}/health",
            shown_path(&root)
        ));
        console.say(&start::TRY_NEXT, &[]);
        console.say(&start::IN_A_BROWSER, &[("url", &url)]);
    }
    Ok(())
}
