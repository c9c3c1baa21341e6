//! `certs`: makes what is missing, renews, or shows the certificates.

use serde::Serialize;
use time::OffsetDateTime;

use crate::certs::{CertsDir, CertsError, Report};
use crate::cli::platform::{Certs, CertsAction};
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::texts::{certs as texts, start};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    #[serde(flatten)]
    report: Report,
    days_left: i64,
}

pub fn run(arguments: &Certs, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let certs = layout.certs();
    match arguments.action {
        Some(CertsAction::Renew) => renew(&certs, console)?,
        None if arguments.renew => renew(&certs, console)?,
        Some(CertsAction::Make) | None => make(&certs, &layout, console)?,
        Some(CertsAction::Show) if !certs.root().exists() => {
            return Err(Refusal::Configuration(console.text(&texts::NONE, &[])).into());
        }
        Some(CertsAction::Show) => {}
    }
    show(&certs, console)?;
    Ok(Outcome::Done)
}

fn make(certs: &CertsDir, layout: &Layout, console: &Console) -> Result<(), CertsError> {
    let made = certs.make_missing()?;
    if made.is_empty() {
        console.say(
            &texts::NOTHING_MISSING,
            &[("folder", &layout.certs_folder().display())],
        );
    } else {
        console.say(&start::MADE_CERTIFICATES, &[("names", &made.join(", "))]);
    }
    Ok(())
}

/// On a machine that has none yet, renewing is making.
fn renew(certs: &CertsDir, console: &Console) -> Result<(), CertsError> {
    certs.make_missing()?;
    certs.renew()?;
    console.say(&texts::RENEWED, &[]);
    Ok(())
}

fn show(certs: &CertsDir, console: &Console) -> anyhow::Result<()> {
    let now = OffsetDateTime::now_utc();
    let reports = certs.show()?;
    if console.json {
        let shown = reports.into_iter().map(|report| Shown {
            days_left: report.days_left(now),
            report,
        });
        return console.answer(&shown.collect::<Vec<_>>());
    }
    let headings = [
        &texts::COLUMN_NAME,
        &texts::COLUMN_DAYS,
        &texts::COLUMN_SPIFFE,
        &texts::COLUMN_NAMES,
    ];
    let row = |report: &Report| {
        vec![
            report.name.to_owned(),
            report.days_left(now).to_string(),
            report.spiffe_id.clone().unwrap_or("-".to_owned()),
            report.names.join(" "),
        ]
    };
    console.table(&headings, &reports.iter().map(row).collect::<Vec<_>>());
    console.say(&texts::TRUST, &[("root", &certs.root().display())]);
    Ok(())
}
