//! A lab's text as a program reads it: its sections, and its fenced blocks with what their marks promise.

/// One fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Of its first fence, counted from 1.
    pub line: usize,
    /// What stands behind the fence: `sh`, `sh not-run`, `answer`, `powershell`, `text`.
    pub mark: String,
    pub text: String,
    /// Whether nothing but blank lines stands between it and the block before it.
    pub follows: bool,
}

/// A block to run, with the answer that the text shows for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example<'a> {
    pub commands: &'a Block,
    pub answer: Option<&'a Block>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabText {
    /// The second-level headings, in their order.
    pub sections: Vec<String>,
    pub blocks: Vec<Block>,
    pub lines: usize,
}

const RUN: &str = "sh";
const NOT_RUN: &str = "sh not-run";
const ANSWER: &str = "answer";
const MARKS: [&str; 7] = [RUN, NOT_RUN, ANSWER, "powershell", "text", "json", "rust"];

impl LabText {
    pub fn parse(markdown: &str) -> Self {
        let mut text = Self::default();
        let mut open: Option<(usize, Block)> = None;
        let mut only_blank = false;
        for (number, line) in markdown.lines().enumerate() {
            text.lines = number + 1;
            let fence = line.trim_start().strip_prefix("```");
            match (open.take(), fence) {
                (None, Some(mark)) => {
                    let block = Block {
                        line: number + 1,
                        mark: mark.trim().to_owned(),
                        text: String::new(),
                        follows: only_blank && !text.blocks.is_empty(),
                    };
                    open = Some((line.len() - line.trim_start().len(), block));
                }
                (Some((_, block)), Some("")) => {
                    text.blocks.push(block);
                    only_blank = true;
                }
                (Some((indent, mut block)), _) => {
                    // A block within a list is indented as its fence is.
                    let cut = line.len() - line.trim_start().len();
                    block.text.push_str(&line[indent.min(cut)..]);
                    block.text.push('\n');
                    open = Some((indent, block));
                }
                (None, None) => {
                    only_blank &= line.trim().is_empty();
                    text.sections
                        .extend(line.strip_prefix("## ").map(|name| name.trim().to_owned()));
                }
            }
        }
        if let Some((_, block)) = open {
            let mark = "a block without end".to_owned();
            text.blocks.push(Block { mark, ..block });
        }
        text
    }

    /// Every block that is to be run, in order.
    pub fn examples(&self) -> impl Iterator<Item = Example<'_>> {
        let followed = self.blocks.iter().enumerate();
        followed
            .filter(|(_, block)| block.mark == RUN)
            .map(|(place, commands)| {
                let next = self.blocks.get(place + 1);
                Example {
                    commands,
                    answer: next.filter(|block| block.mark == ANSWER && block.follows),
                }
            })
    }

    pub fn not_run(&self) -> usize {
        let marked = self.blocks.iter().filter(|block| block.mark == NOT_RUN);
        marked.count()
    }

    pub fn count(&self, mark: &str) -> usize {
        self.blocks
            .iter()
            .filter(|block| block.mark == mark)
            .count()
    }

    /// Lines of blocks that no rule covers: an unknown mark, an answer to nothing.
    pub fn strange_blocks(&self) -> Vec<usize> {
        let mut before = "";
        let mut strange = Vec::new();
        for block in &self.blocks {
            let to_nothing = block.mark == ANSWER && !(block.follows && before == RUN);
            if to_nothing || !MARKS.contains(&block.mark.as_str()) {
                strange.push(block.line);
            }
            before = &block.mark;
        }
        strange
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Title\n\n## Pourquoi\n\nWords.\n\n```sh\necho a\n\n## no heading\n```\n\n```answer\na\n```\n\n1. In a list:\n   ```sh\n   echo b \\\n     c\n   ```\n   then\n   ```answer\n   x\n   ```\n\n## Essayer\n```sh not-run\ncargo lab start 04\n```\n```powershell\ncurl.exe\n```\n";

    #[test]
    fn sections_and_blocks_are_found_and_a_heading_in_a_block_is_none() {
        let text = LabText::parse(TEXT);
        assert_eq!(text.sections, ["Pourquoi", "Essayer"]);
        let examples: Vec<_> = text.examples().collect();
        assert_eq!(examples.len(), 2);
        assert_eq!(examples[0].commands.text, "echo a\n\n## no heading\n");
        let answer = examples[0].answer.expect("an answer");
        assert_eq!(answer.text, "a\n");
        assert_eq!(examples[1].commands.text, "echo b \\\n  c\n");
        assert_eq!((text.not_run(), text.count("powershell")), (1, 1));
    }

    #[test]
    fn an_answer_belongs_to_the_block_directly_before_it() {
        let text = LabText::parse(TEXT);
        let second = text.examples().nth(1).expect("an example");
        assert_eq!(second.answer, None, "words stand between");
        assert_eq!(text.strange_blocks(), [23]);
        let unknown = LabText::parse("```bash\nx\n```\n");
        assert_eq!(unknown.strange_blocks(), [1]);
    }
}
