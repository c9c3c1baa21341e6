//! A lab as this program knows it: its criteria and its attack. Everything else of it is read from its folder when it
//! is needed.

use std::future::Future;
use std::pin::Pin;

use crate::{Criterion, Ground, Raid};

pub type Attack = fn(Ground) -> Pin<Box<dyn Future<Output = Raid> + Send>>;

#[derive(Clone, Copy)]
pub struct Lab {
    /// The name of its folder, `04-rate-limiting`.
    pub folder: &'static str,
    pub criteria: fn() -> Vec<Criterion>,
    /// Criteria that students do not have. They count when a teacher grades.
    pub hidden: Option<fn() -> Vec<Criterion>>,
    pub attack: Option<Attack>,
}

impl Lab {
    /// `04`
    pub fn number(&self) -> &'static str {
        self.folder.split('-').next().unwrap_or(self.folder)
    }

    /// The open criteria, then the hidden ones.
    pub fn all_criteria(&self) -> Vec<Criterion> {
        let hidden = self.hidden.map(|criteria| criteria()).unwrap_or_default();
        (self.criteria)().into_iter().chain(hidden).collect()
    }
}

/// In the order of the course.
pub fn labs() -> Vec<Lab> {
    found::found()
}

mod found {
    include!(concat!(env!("OUT_DIR"), "/labs.rs"));
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_folder_with_criteria_is_known() {
        let entries = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).expect("the package");
        let folders = entries.filter_map(|entry| Some(entry.ok()?.path()));
        let mut folders: Vec<_> = folders
            .filter(|folder| folder.join("check.rs").is_file())
            .collect();
        folders.sort();
        let name = |folder: &Path| folder.file_name().unwrap().to_string_lossy().into_owned();
        let there: Vec<_> = folders.iter().map(|folder| name(folder)).collect();
        let known: Vec<_> = labs().iter().map(|lab| lab.folder).collect();
        assert_eq!(there, known, "touch exercises/build.rs, and build again");
    }
}
