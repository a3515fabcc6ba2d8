//! Reading, comparing and rewriting fixture files.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use tellings_doc::Span;

/// One annotation: words and a label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The words, as bytes of the case's text.
    pub span: Span,
    /// What they are.
    pub label: String,
}

/// One case of a fixture file.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Line of the file on which it starts.
    pub line: usize,
    /// What it shows.
    pub title: String,
    /// Options of the case and of the file.
    pub options: BTreeMap<String, String>,
    /// The text: its lines joined by blank lines.
    pub text: String,
    /// Expected marks.
    pub marks: Vec<Mark>,
}

impl Case {
    /// An option's value.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str)
    }

    fn compares(&self, mark: &Mark) -> bool {
        let only = self.option("only").is_none_or(|only| mark.label.split(' ').any(|word| only.split(' ').any(|o| o == word)));
        only && (self.option("some").is_none() || self.marks.iter().any(|m| m.span == mark.span))
    }

    /// A found mark as the case writes it: where an expected label of the same words ends in `…` and has no word that
    /// is not in the found one, that label.
    fn shorten(&self, mut mark: Mark) -> Mark {
        let fits = |expected: &&Mark| {
            let words = expected.label.strip_suffix('…').filter(|_| expected.span == mark.span);
            words.is_some_and(|w| w.split_whitespace().all(|word| mark.label.split(' ').any(|found| found == word)))
        };
        if let Some(expected) = self.marks.iter().find(fits) {
            mark.label.clone_from(&expected.label);
        }
        mark
    }
}

/// Reads the cases of a file; a line that fits nowhere is an error with its number.
pub fn parse(source: &str) -> Result<Vec<Case>, String> {
    let (mut cases, mut shared): (Vec<Case>, BTreeMap<String, String>) = (Vec::new(), BTreeMap::new());
    let mut line_start = 0;
    for (number, line) in source.lines().enumerate() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case { line: number + 1, title: title.trim().to_string(), options: shared.clone(), ..Case::default() });
        } else if line.trim().is_empty() || line.starts_with('#') {
            continue;
        } else if let Some((name, value)) = line.strip_prefix('@').map(|o| o.split_once(' ').unwrap_or((o, ""))) {
            let options = cases.last_mut().map_or(&mut shared, |case| &mut case.options);
            options.insert(name.to_string(), value.trim().to_string());
        } else if line.trim_start().starts_with('^') {
            let case = cases.last_mut().ok_or(format!("line {}: a mark before the first case", number + 1))?;
            let text = &case.text[line_start..];
            let from = line.chars().take_while(|&c| c == ' ').count();
            let carets = line.trim_start().chars().take_while(|&c| c == '^').count();
            let byte = |column: usize| text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
            if from + carets > text.chars().count() {
                return Err(format!("line {}: the mark runs past its text", number + 1));
            }
            let span = Span::new(line_start + byte(from), line_start + byte(from + carets));
            let label = line.trim_start().trim_start_matches('^').trim().to_string();
            case.marks.push(Mark { span, label });
        } else {
            let case = cases.last_mut().ok_or(format!("line {}: text before the first case", number + 1))?;
            if !case.text.is_empty() {
                case.text.push_str("\n\n");
            }
            line_start = case.text.len();
            case.text.push_str(line);
        }
    }
    Ok(cases)
}

/// The text with marks under its words, as a fixture file shows them.
pub fn show(text: &str, marks: &[Mark]) -> String {
    let mut out = String::new();
    let mut start = 0;
    for line in text.split("\n\n") {
        let here = Span::new(start, start + line.len());
        let _ = writeln!(out, "{line}");
        let mut inside: Vec<&Mark> = marks.iter().filter(|m| here.covers(m.span)).collect();
        inside.sort();
        for mark in inside {
            let column = text[start..mark.span.start()].chars().count();
            let carets = mark.span.of(text).chars().count().max(1);
            let _ = writeln!(out, "{}{} {}", " ".repeat(column), "^".repeat(carets), mark.label);
        }
        start = here.end() + 2;
    }
    out
}

/// Runs every `.txt` file of a folder: `annotate` gives the marks of a case's text. Fails with all differences, marks
/// under the words. With `UPDATE=1` in the environment the files are rewritten instead.
pub fn check_folder(folder: &Path, annotate: impl Fn(&Case) -> Vec<Mark>) {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot list `{}`: {error}", folder.display()))
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    files.sort();
    let (mut failures, mut count) = (String::new(), 0);
    for path in files {
        let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read `{}`: {error}", path.display()));
        let cases = parse(&source).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()));
        let found: Vec<Vec<Mark>> = (cases.iter())
            .map(|case| annotate(case).into_iter().filter(|mark| case.compares(mark)).map(|mark| case.shorten(mark)).collect())
            .collect();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, rewrite(&source, &cases, &found))
                .unwrap_or_else(|error| panic!("cannot write `{}`: {error}", path.display()));
        }
        for (case, found) in cases.iter().zip(&found) {
            count += 1;
            let sorted = |marks: &[Mark]| {
                let mut marks = marks.to_vec();
                marks.sort();
                marks
            };
            if std::env::var_os("UPDATE").is_none() && sorted(&case.marks) != sorted(found) {
                let _ = write!(
                    failures,
                    "\n{}:{}: {}\n--- expected\n{}--- found\n{}",
                    path.display(),
                    case.line,
                    case.title,
                    show(&case.text, &case.marks),
                    show(&case.text, found)
                );
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 0, "no case in `{}`", folder.display());
}

/// The file with the marks of each case replaced; titles, options, remarks and text stay.
fn rewrite(source: &str, cases: &[Case], found: &[Vec<Mark>]) -> String {
    let lines: Vec<&str> = source.lines().collect();
    let mut out = String::new();
    let first = cases.first().map_or(lines.len(), |c| c.line - 1);
    for line in &lines[..first] {
        let _ = writeln!(out, "{line}");
    }
    for (i, case) in cases.iter().enumerate() {
        let end = cases.get(i + 1).map_or(lines.len(), |next| next.line - 1);
        for line in lines[case.line - 1..end].iter().filter(|l| l.starts_with("==") || l.starts_with('@') || l.starts_with('#')) {
            let _ = writeln!(out, "{line}");
        }
        out.push_str(&show(&case.text, &found[i]));
        if i + 1 < cases.len() {
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "@date 2024-03-06\n\n== a café is marked by characters\n@only place\nThe café in Minsk.\n            ^^^^^ place BLR\nA second line.\n  ^^^^^^ word\n";

    #[test]
    fn what_is_shown_is_read_back() {
        let cases = parse(FILE).unwrap();
        let case = &cases[0];
        assert_eq!((case.option("date"), case.option("only")), (Some("2024-03-06"), Some("place")));
        assert_eq!(case.marks[0].span.of(&case.text), "Minsk");
        assert_eq!(case.marks[1].span.of(&case.text), "second");
        assert_eq!(rewrite(FILE, &cases, std::slice::from_ref(&case.marks)), FILE);
    }

    #[test]
    fn labels_may_be_left_open() {
        let case = parse("== x\n@some\nThey met.\n     ^^^ meet VERB …\n").unwrap().remove(0);
        let mark = |from, to, label: &str| Mark { span: Span::new(from, to), label: label.to_string() };
        assert_eq!(case.shorten(mark(5, 8, "meet VERB VBD")), case.marks[0]);
        assert_eq!(case.shorten(mark(5, 8, "meet NOUN NN")).label, "meet NOUN NN");
        assert!(case.compares(&mark(5, 8, "anything")) && !case.compares(&mark(0, 4, "they")));
    }

    #[test]
    fn a_mark_outside_its_text_is_told_by_line() {
        assert!(parse("== x\nab\n  ^^ y\n").unwrap_err().starts_with("line 3"));
    }
}
