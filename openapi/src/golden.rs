//! Where the document lies, for the gateway to embed: it needs neither this package nor the services.

use std::path::PathBuf;

use service_kit::error::Language;

/// What writes the files anew.
pub const COMMAND: &str = "cargo run -p escale-openapi";

pub fn path_of(language: Language) -> PathBuf {
    let gateway = concat!(env!("CARGO_MANIFEST_DIR"), "/../gateway/openapi");
    PathBuf::from(gateway).join(format!("openapi.{}.json", language.tag()))
}
