//! The brief as plain text for a terminal.

use crate::{Block, Line, compose};
use tellings_doc::Doc;
use tellings_story::Record;

/// Columns of a line.
const WIDTH: usize = 100;

/// The brief as plain text, wrapped. Citations are `[report:start-end]`, bytes of the report's text; reports are numbered in the sources.
pub fn text(record: &Record, docs: &[Doc]) -> String {
    let mut out = String::new();
    for block in compose(record, docs) {
        match block {
            Block::Heading(1, title) => {
                let rule = "=".repeat(title.chars().count().min(WIDTH));
                out.push_str(&format!("{title}\n{rule}\n\n"));
            }
            Block::Heading(_, title) => out.push_str(&format!("{}\n", title.to_uppercase())),
            Block::Paragraph(line) => {
                wrap(&mut out, &set(&line), "", "");
                out.push('\n');
            }
            Block::List(lines) => {
                for line in lines {
                    wrap(&mut out, &set(&line), "  - ", "    ");
                    if let Some(source) = &line.source {
                        wrap(&mut out, source, "      | ", "      | ");
                    }
                }
                out.push('\n');
            }
            Block::Table(_, rows) => {
                for row in rows {
                    let cells: Vec<String> = row.iter().map(set).filter(|cell| !cell.is_empty()).collect();
                    wrap(&mut out, &cells.join("  ·  "), "  - ", "    ");
                }
                out.push('\n');
            }
        }
    }
    out
}

fn set(line: &Line) -> String {
    let cites: Vec<String> =
        line.cites.iter().map(|c| format!("[{}:{}-{}]", c.document + 1, c.span.start(), c.span.end())).collect();
    let id = line.id.as_ref().map(|id| format!("({id})"));
    [line.lead.clone(), line.words.clone(), cites.join(" "), id.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn wrap(out: &mut String, words: &str, first: &str, rest: &str) {
    let (mut column, mut start) = (0, true);
    for word in words.split_whitespace() {
        let width = word.chars().count();
        if start || column + 1 + width > WIDTH {
            if !start {
                out.push('\n');
            }
            let indent = if start { first } else { rest };
            out.push_str(indent);
            column = indent.len();
        } else {
            out.push(' ');
            column += 1;
        }
        // What a hostile text may hold: control characters never reach the terminal.
        out.extend(word.chars().filter(|c| !c.is_control()));
        column += width;
        start = false;
    }
    out.push('\n');
}
