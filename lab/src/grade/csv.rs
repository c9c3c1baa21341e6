//! Tables of comma-separated values: the roster that comes in, the marks that go out (RFC 4180).

/// Rows of cells. French spreadsheets separate by semicolons: what the first line has more of, separates.
pub fn read(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let count = |sign| first.matches(sign).count();
    let separator = if count(';') > count(',') { ';' } else { ',' };
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let mut quoted = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell).trim().to_owned());
                rows.push(std::mem::take(&mut row));
            }
            sign if sign == separator && !quoted => {
                row.push(std::mem::take(&mut cell).trim().to_owned());
            }
            sign => cell.push(sign),
        }
    }
    if !cell.is_empty() || !row.is_empty() {
        row.push(cell.trim().to_owned());
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|cell| !cell.is_empty()));
    rows
}

/// One line, with its end.
pub fn line(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| quoted(cell)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell that begins like a formula would be one when a spreadsheet opens the file, and what a submission answered
/// stands in these cells: such a cell begins with an apostrophe (OWASP, CSV injection).
fn quoted(cell: &str) -> String {
    let cell = match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    };
    match cell.contains([',', ';', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_is_read_as_any_spreadsheet_writes_it() {
        let rows = [["student", "mail"], ["Zoé, B", "z@exemple.fr"]];
        for text in [
            "student,mail\n\"Zoé, B\",z@exemple.fr\n",
            "\u{feff}student;mail\r\n\"Zoé, B\";z@exemple.fr\r\n\r\n",
            "student,mail\n\"Zoé, B\", z@exemple.fr",
        ] {
            assert_eq!(read(text), rows, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let cells = ["a \"b\"", "c\nd", "e;f", ""].map(str::to_owned);
        assert_eq!(read(&line(&cells)), [cells]);
    }

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@x", "\t=1"] {
            let written = line(&[cell.to_owned()]);
            let text = written.trim_start_matches('"');
            assert!(text.starts_with('\''), "{written}");
        }
    }
}
