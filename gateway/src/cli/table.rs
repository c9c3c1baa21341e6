//! Columns of text for a terminal.

/// Each column is as wide as its widest cell; the last is not filled up.
pub(super) fn columns(rows: &[Vec<String>], indent: &str) -> String {
    let mut widths = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = indent.to_owned();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(&format!("{cell:<width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// What a file or a caller has written, fit for a terminal: no control character moves its cursor.
pub(super) fn tame(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() {
            tamed.extend(character.escape_default());
        } else {
            tamed.push(character);
        }
    }
    tamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_accents_count_once() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = columns(&[row(["été", "x"]), row(["hiver", "y"])], "  ");
        assert_eq!(text, "  été    x\n  hiver  y\n");
    }

    #[test]
    fn a_terminal_is_sent_no_control_characters() {
        assert_eq!(tame("a\u{1b}[2Jb\tc"), "a\\u{1b}[2Jb\\tc");
    }
}
