//! `demo`: the whole journey, shown step by step.

use crate::cli::gateway::Target;
use crate::console::Console;
use crate::demo::Journey;
use crate::gateway_client::GatewayClient;
use crate::layout::Layout;
use crate::outcome::Outcome;
use crate::texts::demo as texts;

pub async fn run(target: &Target, console: &Console) -> anyhow::Result<Outcome> {
    let layout = Layout::from_environment(console)?;
    let gateway = GatewayClient::new(target, &layout, console)?;
    console.say(&texts::INTRODUCTION, &[("url", &gateway.base)]);
    let mut journey = Journey::new(gateway, *console);
    let ended = journey.run().await;
    if console.json {
        console.answer(&journey.steps)?;
    }
    ended?;
    console.say(&texts::DONE, &[]);
    Ok(Outcome::Done)
}
