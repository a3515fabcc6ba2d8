//! The brief as Markdown.

use crate::text::cites;
use crate::{Block, Line, Options, compose};
use std::fmt::Write;
use tellings_doc::Doc;
use tellings_story::Record;

/// The brief as Markdown. Citations are `[report:start-end]`, bytes of the report's text; reports are numbered in the sources.
pub fn markdown(record: &Record, docs: &[Doc], options: &Options) -> String {
    let mut out = String::new();
    for block in compose(record, docs, options) {
        match block {
            Block::Heading(1, title) => {
                let _ = writeln!(out, "# {}\n", escape(&title));
            }
            Block::Heading(_, title) => {
                let _ = writeln!(out, "## {}\n", escape(&title));
            }
            Block::Paragraph(lines) => {
                let sentences: Vec<String> = lines.iter().map(set).collect();
                let _ = writeln!(out, "{}\n", sentences.join(" "));
            }
            Block::List(lines) => {
                for line in lines {
                    let _ = writeln!(out, "- {}", set(&line));
                    if let Some(source) = &line.source {
                        let _ = writeln!(out, "  > {}", escape(source));
                    }
                }
                out.push('\n');
            }
            Block::Chart(_) => (),
            Block::Table(head, rows) => {
                let _ = writeln!(out, "| {} |", head.join(" | "));
                let _ = writeln!(out, "|{}", " --- |".repeat(head.len()));
                for row in rows {
                    let cells: Vec<String> = row.iter().map(|cell| in_cell(cell).replace('|', "\\|")).collect();
                    let _ = writeln!(out, "| {} |", cells.join(" | "));
                }
                out.push('\n');
            }
        }
    }
    out
}

fn set(line: &Line) -> String {
    let lead = if line.lead.is_empty() { String::new() } else { format!("**{}**", escape(&line.lead)) };
    let id = line.id.as_ref().map(|id| format!("`{id}`"));
    [lead, escape(&line.words), cites(&line.cites), id.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A cell of a table: what the statement rests on follows it on the same line.
fn in_cell(line: &Line) -> String {
    match &line.source {
        Some(source) => format!("{} — *{}*", set(line), escape(source)),
        None => set(line),
    }
}

/// Words of a source as words: nothing of them is markup.
fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '<' | '>' | '#' | '[' | ']') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
