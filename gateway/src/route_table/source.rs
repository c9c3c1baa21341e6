//! Where the text of a route table comes from, and what it is called when its faults are told.

use std::io;
use std::path::{Path, PathBuf};

use service_kit::config::Settings;

use super::BUILT_IN;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub text: String,
}

impl Source {
    /// `ROUTES_FILE`, or the table that the gateway was built with. `None` after a fault was noted.
    pub fn read(settings: &Settings) -> Option<Self> {
        let path: Option<PathBuf> = settings.parse_optional("ROUTES_FILE")?;
        let Some(path) = path else {
            return Some(Self::built_in());
        };
        let name = format!("ROUTES_FILE {}", path.display());
        std::fs::read_to_string(&path)
            .map_err(|error| settings.fault(&name, format_args!("cannot be read ({error})")))
            .map(|text| Self { name, text })
            .ok()
    }

    pub fn built_in() -> Self {
        Self {
            name: "routes.toml (built in)".to_owned(),
            text: BUILT_IN.to_owned(),
        }
    }

    /// # Errors
    /// The file is not there, may not be read, or is no UTF-8 text.
    pub fn of_file(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        let name = path.display().to_string();
        Ok(Self { name, text })
    }
}
