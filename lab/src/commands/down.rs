//! `down`: stops the platform, or one service of it.

use crate::console::Console;
use crate::control::Request;
use crate::control::client::find;
use crate::layout::Layout;
use crate::outcome::Outcome;
use crate::service::Service;
use crate::texts::{platform, start};

pub async fn run(service: Option<Service>, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let Some(found) = find(&layout, console).await? else {
        console.say(&platform::NOTHING_TO_STOP, &[]);
        if console.json {
            console.answer(&serde_json::json!({"services": []}))?;
        }
        return Ok(Outcome::Done);
    };
    let runs = |service| {
        let mut statuses = found.reply.services.iter();
        statuses.any(|status| status.service == service && status.state.is_running())
    };
    let text = match service {
        None => start::ALL_STOPPED,
        Some(service) if runs(service) => platform::STOPPED_ONE,
        Some(_) => platform::NOT_STARTED,
    };
    let reply = found.ask(&Request::Stop { service }, console).await?;
    console.say(
        &text,
        &[("service", &service.map(Service::name).unwrap_or_default())],
    );
    if console.json {
        console.answer(&reply)?;
    }
    Ok(Outcome::Done)
}
