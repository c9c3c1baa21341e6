//! A page of Markdown as a program reads it: its sections, and its fenced blocks with what their marks promise.
//!
//! Whoever reads a page may paste its commands and get the answers that it shows; so a program does the same:
//!
//! - a block marked `sh` or `powershell` is run, in the order of the page, in one shell ([`shell`]);
//! - the block directly after it, marked `answer` or `json`, is what it must print ([`crate::answer_pattern`]);
//! - a block that is not run says why, directly above it: in a comment (`<!-- not run: why -->`), or in a paragraph that
//!   speaks of the tests, and then its mark is `sh not-run`.
//!
//! A lab's text is such a page (`cargo lab verify` tries it), and so is each page of the project (`lab/tests/pages.rs`).

pub mod block;
pub mod fault;
pub mod platform;
pub mod shell;
pub mod trial;

use block::{Block, Language};
use fault::{Fault, Wrong};

/// A block to run, with the answer that the page shows for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example<'a> {
    pub commands: &'a Block,
    pub answer: Option<&'a Block>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The second-level headings, in their order.
    pub sections: Vec<String>,
    pub blocks: Vec<Block>,
    pub lines: usize,
}

impl Page {
    pub fn parse(markdown: &str) -> Self {
        let mut page = Self::default();
        let mut open: Option<(usize, Block)> = None;
        // The lines of the last paragraph, and whether a blank line has followed it.
        let (mut paragraph, mut ended) = (Vec::new(), false);
        for (number, line) in markdown.lines().enumerate() {
            page.lines = number + 1;
            let fence = line.trim_start().strip_prefix("```");
            match (open.take(), fence) {
                (None, Some(mark)) => {
                    let block = Block {
                        line: number + 1,
                        mark: mark.trim().to_owned(),
                        text: String::new(),
                        above: paragraph.join(" "),
                        section: page.sections.len(),
                    };
                    paragraph.clear();
                    open = Some((line.len() - line.trim_start().len(), block));
                }
                (Some((_, block)), Some("")) => page.blocks.push(block),
                (Some((indent, mut block)), _) => {
                    // A block within a list is indented as its fence is.
                    let cut = line.len() - line.trim_start().len();
                    block.text.push_str(&line[indent.min(cut)..]);
                    block.text.push('\n');
                    open = Some((indent, block));
                }
                (None, None) => {
                    let words = line.trim();
                    if ended && !words.is_empty() {
                        paragraph.clear();
                    }
                    ended = words.is_empty();
                    paragraph.extend((!ended).then_some(words));
                    page.sections
                        .extend(line.strip_prefix("## ").map(|name| name.trim().to_owned()));
                }
            }
        }
        if let Some((_, block)) = open {
            let mark = block::NO_END.to_owned();
            page.blocks.push(Block { mark, ..block });
        }
        page
    }

    /// Every block of this language that is to be run, in order.
    pub fn examples(&self, language: Language) -> impl Iterator<Item = Example<'_>> {
        let followed = self.blocks.iter().enumerate();
        followed
            .filter(move |(_, block)| block.is_run() && block.language() == Some(language))
            .map(|(place, commands)| {
                let next = self.blocks.get(place + 1);
                Example {
                    commands,
                    answer: next.filter(|block| block.is_answer()),
                }
            })
    }

    /// The blocks of commands that are not run.
    pub fn not_run(&self) -> impl Iterator<Item = &Block> {
        let commands = self.blocks.iter();
        commands.filter(|block| block.language().is_some() && !block.is_run())
    }

    /// What no rule covers, and what keeps commands from being tried without saying so.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut before: Option<&Block> = None;
        for block in &self.blocks {
            let runs_before = before.is_some_and(Block::is_run);
            let is_below = block.follows() && runs_before;
            // With words between, JSON would be an answer that nobody compares.
            let to_nothing = match block.mark.as_str() {
                block::ANSWER => !is_below,
                block::JSON => runs_before && !is_below,
                _ => false,
            };
            let wrong = to_nothing.then_some(Wrong::AnswerToNothing);
            faults.extend(wrong.or_else(|| block.wrong()).map(|wrong| Fault {
                line: block.line,
                wrong,
            }));
            before = Some(block);
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Title\n\n## Pourquoi\n\nWords.\n\n```sh\necho a\n\n## no heading\n```\n\n```answer\na\n```\n\n1. In a list:\n   ```sh\n   echo b \\\n     c\n   ```\n   then\n   ```answer\n   x\n   ```\n\n## Essayer\nNo test runs this.\n```sh not-run\ncargo lab start 04\n```\n```powershell\ncurl.exe\n```\n";

    fn faults(text: &str) -> Vec<(usize, Wrong)> {
        let faults = Page::parse(text).faults().into_iter();
        faults.map(|fault| (fault.line, fault.wrong)).collect()
    }

    #[test]
    fn sections_and_blocks_are_found_and_a_heading_in_a_block_is_none() {
        let page = Page::parse(TEXT);
        assert_eq!(page.sections, ["Pourquoi", "Essayer"]);
        let examples: Vec<_> = page.examples(Language::Sh).collect();
        assert_eq!(examples.len(), 2);
        assert_eq!(examples[0].commands.text, "echo a\n\n## no heading\n");
        let answer = examples[0].answer.expect("an answer");
        assert_eq!(answer.text, "a\n");
        assert_eq!(examples[1].commands.text, "echo b \\\n  c\n");
        assert_eq!(page.not_run().count(), 1);
        assert_eq!(page.examples(Language::PowerShell).count(), 1);
    }

    #[test]
    fn an_answer_belongs_to_the_block_directly_before_it() {
        let page = Page::parse(TEXT);
        let second = page.examples(Language::Sh).nth(1).expect("an example");
        assert_eq!(second.answer, None, "words stand between");
        assert_eq!(faults(TEXT), [(23, Wrong::AnswerToNothing)]);
    }

    #[test]
    fn json_directly_below_commands_is_their_answer_and_elsewhere_data() {
        let page = Page::parse("```sh\nx\n```\n```json\n{}\n```\nwords\n```json\n[]\n```\n");
        let apart = "```sh\nx\n```\nThis comes:\n```json\n{}\n```\n";
        assert_eq!(faults(apart), [(5, Wrong::AnswerToNothing)]);
        let answer = page.examples(Language::Sh).next().expect("one").answer;
        assert_eq!(answer.expect("an answer").text, "{}\n");
        assert_eq!(page.faults(), []);
    }

    #[test]
    fn a_block_is_run_or_says_why_not() {
        for (text, wrong) in [
            ("```bash\nx\n```\n", Wrong::UnknownMark),
            ("```sh\nx\n", Wrong::NoEnd),
            ("```sh not-run\nx\n```\n", Wrong::NoReason),
            (
                "Tests, above.\n\nWords.\n\n```sh not-run\nx\n```\n",
                Wrong::NoReason,
            ),
            ("<!-- not run: -->\n```sh\nx\n```\n", Wrong::NoReason),
            ("```text\n$ ls\n```\n", Wrong::CommandsAsText),
            ("```text\ncargo lab up\n```\n", Wrong::CommandsAsText),
            ("```\ncurl -s x\n```\n", Wrong::CommandsAsText),
        ] {
            let found: Vec<_> = faults(text).into_iter().map(|(_, wrong)| wrong).collect();
            assert_eq!(found, [wrong], "{text}");
        }
        let said = "Words.\n\n<!-- not run: it never\nends -->\n```powershell\nx\n```\n";
        let page = Page::parse(said);
        assert_eq!(page.faults(), []);
        let reasons: Vec<_> = page.not_run().map(Block::reason).collect();
        assert_eq!(reasons, [Some("it never ends")]);
    }
}
