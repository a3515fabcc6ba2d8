//! The brief as plain text for a terminal.

use crate::{Block, Line, Options, compose};
use tellings_doc::Doc;
use tellings_story::{Citation, Record};

/// Columns of a line.
const WIDTH: usize = 100;

/// The brief as plain text, wrapped. Citations are `[report:start-end]`, bytes of the report's text; reports are numbered in the sources.
pub fn text(record: &Record, docs: &[Doc], options: &Options) -> String {
    let mut out = String::new();
    for block in compose(record, docs, options) {
        match block {
            Block::Heading(1, title) => {
                let rule = "=".repeat(title.chars().count().min(WIDTH));
                out.push_str(&format!("{title}\n{rule}\n\n"));
            }
            Block::Heading(_, title) => out.push_str(&format!("{}\n", title.to_uppercase())),
            Block::Paragraph(lines) => {
                let sentences: Vec<String> = lines.iter().map(set).collect();
                wrap(&mut out, &sentences.join(" "), "", "");
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
            Block::Chart(_) => (),
            Block::Table(_, rows) => {
                for row in rows {
                    let cells: Vec<String> = row.iter().map(set).filter(|cell| !cell.is_empty()).collect();
                    wrap(&mut out, &cells.join(" · "), "  - ", "    ");
                    for source in row.iter().filter_map(|cell| cell.source.as_ref()) {
                        wrap(&mut out, source, "      | ", "      | ");
                    }
                }
                out.push('\n');
            }
        }
    }
    out
}

fn set(line: &Line) -> String {
    let id = line.id.as_ref().map(|id| format!("({id})"));
    [line.lead.clone(), line.words.clone(), cites(&line.cites), id.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `[1:20-80,120-180 +3] [2:0-40]`: by report, the first spans in full, the others counted (`tellings explain ID` lists all).
pub(crate) fn cites(cites: &[Citation]) -> String {
    const SPANS: usize = 2;
    let mut reports: Vec<(usize, Vec<String>)> = Vec::new();
    for cite in cites {
        let span = format!("{}-{}", cite.span.start(), cite.span.end());
        match reports.iter_mut().find(|r| r.0 == cite.document) {
            Some((_, spans)) if spans.contains(&span) => (),
            Some((_, spans)) => spans.push(span),
            None => reports.push((cite.document, vec![span])),
        }
    }
    let report = |(document, spans): &(usize, Vec<String>)| {
        let more = spans.len().saturating_sub(SPANS);
        let more = if more == 0 { String::new() } else { format!(" +{more}") };
        format!("[{}:{}{more}]", document + 1, spans[..spans.len().min(SPANS)].join(","))
    };
    reports.iter().map(report).collect::<Vec<_>>().join(" ")
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
