//! `accounts`: the demo accounts with their passwords. They are shown because they are for showing; they work on this
//! machine only.

use std::fmt::Display;
use std::io::ErrorKind;

use crate::accounts::{Account, Accounts, ApiKey, Client};
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::{Outcome, Refusal};
use crate::texts::accounts as texts;

pub fn run(console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    if console.json {
        console.answer(&read(&layout, console)?)?;
    } else {
        show(&layout, console)?;
    }
    Ok(Outcome::Done)
}

pub fn show(layout: &Layout, console: &Console) -> anyhow::Result<()> {
    table(&read(layout, console)?, console);
    Ok(())
}

pub fn table(Accounts { accounts, clients }: &Accounts, console: &Console) {
    let headings = [
        &texts::COLUMN_PSEUDO,
        &texts::COLUMN_ROLE,
        &texts::COLUMN_PASSWORD,
        &texts::COLUMN_EMAIL,
    ];
    let row = |account: &Account| {
        let Account {
            pseudo,
            email,
            password,
            roles,
            ..
        } = account.clone();
        vec![pseudo, roles.join(", "), password, email]
    };
    console.table(&headings, &accounts.iter().map(row).collect::<Vec<_>>());
    console.line("");
    let headings = [
        &texts::COLUMN_CLIENT,
        &texts::COLUMN_SECRET,
        &texts::COLUMN_SCOPES,
    ];
    let row = |client: &Client| {
        vec![
            client.id.clone(),
            client.secret.clone(),
            client.scopes.join(" "),
        ]
    };
    console.table(&headings, &clients.iter().map(row).collect::<Vec<_>>());
    keys(accounts, console);
}

fn keys(accounts: &[Account], console: &Console) {
    let rows = accounts.iter().flat_map(|account| {
        let row = |key: &ApiKey| {
            vec![
                account.pseudo.clone(),
                key.key.clone(),
                key.scopes.join(" "),
            ]
        };
        account.api_keys.iter().map(row)
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let headings = [
        &texts::COLUMN_PSEUDO,
        &texts::COLUMN_API_KEY,
        &texts::COLUMN_SCOPES,
    ];
    console.line("");
    console.table(&headings, &rows);
}

/// # Errors
/// [`Refusal::Configuration`]: no accounts yet, or a file that is none.
pub fn read(layout: &Layout, console: &Console) -> Result<Accounts, Refusal> {
    let path = layout.accounts();
    Accounts::read(&path).map_err(|error| {
        let values: [(&str, &dyn Display); 2] = [("path", &path.display()), ("error", &error)];
        Refusal::Configuration(match error.kind() {
            ErrorKind::NotFound => console.text(&texts::NONE, &[]),
            _ => console.text(&texts::UNREADABLE, &values),
        })
    })
}
