//! Writes the documents that the gateway embeds: `cargo run -p escale-openapi`.

use anyhow::Context;
use escale_openapi::{Sources, document, path_of};
use service_kit::error::Language;

fn main() -> anyhow::Result<()> {
    let sources = Sources::read()?;
    for language in [Language::French, Language::English] {
        let mut text = serde_json::to_string_pretty(&document(&sources, language)?)?;
        text.push('\n');
        let path = path_of(language);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("{}", path.display());
    }
    Ok(())
}
