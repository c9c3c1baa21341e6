//! Runs a page's commands as they are written, top to bottom, and holds what comes against what the page shows.

use super::block::Language;
use super::platform::Platform;
use super::shell::Shell;
use super::{Example, Page};
use crate::answer_pattern::compare;
use crate::answer_pattern::ids::Ids;
use crate::console::Console;
use crate::texts::verify as texts;

/// What lies between two sections of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    Nothing,
    /// As long as a reader takes, who types ten logins in no minute. The limits stay as they are, for pages that show
    /// them.
    Pause,
}

pub struct Trial<'a> {
    pub page: &'a Page,
    pub language: Language,
    pub between: Between,
    pub platform: &'a Platform,
    pub console: Console,
}

impl Trial<'_> {
    /// # Errors
    /// Every answer that is another one, in words, up to the first command that fails: those after it may want what
    /// it was to bring.
    pub async fn run(&self) -> Result<(), String> {
        let shell = self.platform.shell(self.language).await;
        let mut shell = shell.map_err(|error| error.to_string())?;
        let mut faults = Vec::new();
        let tried = self.examples(&mut shell, &mut faults).await;
        let closed = shell.close().await.map_err(|error| error.to_string());
        faults.extend([tried, closed].into_iter().filter_map(Result::err));
        match faults.is_empty() {
            true => Ok(()),
            false => Err(faults.join("; ")),
        }
    }

    async fn examples(&self, shell: &mut Shell, faults: &mut Vec<String>) -> Result<(), String> {
        let mut ids = Ids::default();
        let mut section = None;
        for example in self.page.examples(self.language) {
            let began = section.replace(example.commands.section);
            let goes_on = began.is_none() || began == section;
            if !goes_on && self.between == Between::Pause {
                let paused = self.platform.pause().await;
                paused.map_err(|error| error.to_string())?;
            }
            faults.extend(self.example(example, shell, &mut ids).await?);
        }
        Ok(())
    }

    /// What differs from the shown answer; an error when a command fails.
    async fn example(
        &self,
        example: Example<'_>,
        shell: &mut Shell,
        ids: &mut Ids,
    ) -> Result<Option<String>, String> {
        let line = example.commands.line;
        let commands = ids.in_commands(&example.commands.text);
        let said = shell.run(&self.platform.as_here(&commands)).await;
        let said = said.map_err(|error| format!("{line}: {error}"))?;
        let output = self.platform.as_shown(&said.output);
        if let Some(failed) = said.failed {
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("line", &line),
                ("failed", &failed),
                ("output", &output.trim()),
            ];
            return Err(self.console.text(&texts::COMMAND_FAILED, &values));
        }
        let Some(answer) = example.answer else {
            return Ok(None);
        };
        let compared = compare(&answer.text, &output, ids);
        Ok(compared.err().map(|parted| {
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("line", &answer.line),
                ("wanted", &parted.wanted),
                ("came", &parted.came),
            ];
            self.console.text(&texts::OTHER_ANSWER, &values)
        }))
    }
}
