//! Two texts compared line by line, as a unified diff. Small and slow: a lab's files have some hundred lines, and a
//! learner without git wants to see it too.

/// Lines around a change that are shown.
const AROUND: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// From `old` to `new`; empty where they are the same, whatever their ends of lines.
pub fn unified(old: &str, new: &str, old_name: &str, new_name: &str) -> String {
    let steps = steps(
        &old.lines().collect::<Vec<_>>(),
        &new.lines().collect::<Vec<_>>(),
    );
    let hunks = hunks(&steps);
    if hunks.is_empty() {
        return String::new();
    }
    let mut text = format!("--- {old_name}\n+++ {new_name}\n");
    for (from, to) in hunks {
        text.push_str(&heading(&steps, from, to));
        for step in &steps[from..to] {
            let (sign, line) = match step {
                Step::Same(line) => (' ', line),
                Step::Gone(line) => ('-', line),
                Step::New(line) => ('+', line),
            };
            text.extend([&sign.to_string(), *line, "\n"]);
        }
    }
    text
}

/// The longest common subsequence tells what stays.
fn steps<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Step<'a>> {
    // `common[i][j]`: its length for the lines of `old` from i on and of `new` from j on.
    let mut common = vec![vec![0_u32; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut steps) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            steps.push(Step::Same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            steps.push(Step::Gone(old[i]));
            i += 1;
        } else {
            steps.push(Step::New(new[j]));
            j += 1;
        }
    }
    steps
}

/// Ranges of steps: each change with the lines around it, those that touch as one.
fn hunks(steps: &[Step<'_>]) -> Vec<(usize, usize)> {
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    let changes = steps.iter().enumerate();
    for (place, _) in changes.filter(|(_, step)| !matches!(step, Step::Same(_))) {
        let (from, to) = (
            place.saturating_sub(AROUND),
            (place + 1 + AROUND).min(steps.len()),
        );
        match hunks.last_mut() {
            Some(last) if from <= last.1 => last.1 = to,
            _ => hunks.push((from, to)),
        }
    }
    hunks
}

/// `@@ -12,7 +12,9 @@`
fn heading(steps: &[Step<'_>], from: usize, to: usize) -> String {
    let is_old = |step: &&Step<'_>| !matches!(step, Step::New(_));
    let is_new = |step: &&Step<'_>| !matches!(step, Step::Gone(_));
    let range = |before: usize, count: usize| match count {
        // By convention the line before an empty range.
        0 => format!("{before},0"),
        count => format!("{},{count}", before + 1),
    };
    let old = range(
        steps[..from].iter().filter(is_old).count(),
        steps[from..to].iter().filter(is_old).count(),
    );
    let new = range(
        steps[..from].iter().filter(is_new).count(),
        steps[from..to].iter().filter(is_new).count(),
    );
    format!("@@ -{old} +{new} @@\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_differ_in_their_ends_of_lines_alone_are_the_same() {
        assert_eq!(unified("a\r\nb\r\n", "a\nb\n", "x", "y"), "");
    }

    #[test]
    fn a_change_is_shown_with_the_lines_around_it() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n";
        let expected = "--- x\n+++ y\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n";
        assert_eq!(unified(old, new, "x", "y"), expected);
    }

    #[test]
    fn changes_far_apart_are_two_hunks_and_near_ones_are_one() {
        let lines = |changed: &[usize]| -> String {
            let line = |n| match changed.contains(&n) {
                true => format!("new {n}\n"),
                false => format!("{n}\n"),
            };
            (1..=30).map(line).collect()
        };
        let count = |changed: &[usize]| {
            let text = unified(&lines(&[]), &lines(changed), "x", "y");
            text.matches("@@ -").count()
        };
        assert_eq!(count(&[2, 25]), 2);
        assert_eq!(count(&[10, 14]), 1);
    }

    #[test]
    fn what_is_added_to_nothing_stands_after_line_0() {
        let text = unified("", "a\nb\n", "x", "y");
        assert_eq!(text, "--- x\n+++ y\n@@ -0,0 +1,2 @@\n+a\n+b\n");
    }
}
