//! Runs the commands of the labs' texts: each text against a platform of its own.

use std::sync::Arc;
use std::time::Instant;

use escale_exercises::Lang;

use super::Teller;
use super::proof::{Claim, Point};
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::page::Page;
use crate::page::block::Language;
use crate::page::platform::{Platform, ports};
use crate::page::shell::Shell;
use crate::page::trial::{Between, Trial};
use crate::texts::verify as texts;
use crate::workshop::Workshop;

pub async fn run(
    shop: &Workshop,
    exercises: &Arc<Vec<Exercise>>,
    console: Console,
    told: &Teller,
) -> anyhow::Result<()> {
    let bash = Shell::open(Language::Sh, shop.tree.folder(), &[]).await;
    if bash.is_err() {
        console.say(&texts::NO_BASH, &[]);
        return Ok(());
    }
    for exercise in exercises.iter() {
        for lang in Lang::ALL {
            let Ok(text) = exercise.text(lang) else {
                continue;
            };
            let page = Page::parse(&text);
            let platform = Platform::of(shop, lang, &ports()?);
            let trial = Trial {
                page: &page,
                language: Language::Sh,
                between: Between::Nothing,
                platform: &platform,
                console,
            };
            let begun = Instant::now();
            let fault = match platform.up().await {
                Ok(()) => trial.run().await.err(),
                Err(error) => Some(error.to_string()),
            };
            platform.down().await;
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("lang", &lang.code()),
                ("run", &page.examples(Language::Sh).count()),
                ("skipped", &page.not_run().count()),
            ];
            let of = console.text(&texts::BLOCKS, &values);
            Claim::new(exercise.name(), Point::Texts, &of).ends(fault, begun, told);
        }
    }
    Ok(())
}
