//! The brief as one self-contained HTML page: no script, nothing fetched, good on a phone and on paper.

use crate::{Block, Line, Options, compose};
use std::fmt::Write;
use tellings_doc::{BlockKind, Doc, Span};
use tellings_story::{Citation, Record};

const STYLE: &str = include_str!("../data/brief.css");

/// The brief as one self-contained HTML page. Every citation leads to the marked words in the report, at the page's end.
pub fn html(record: &Record, docs: &[Doc], options: &Options) -> String {
    let blocks = compose(record, docs, options);
    let title = record.stories.first().map_or("Brief", |s| s.title.as_str());
    let mut out = String::new();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        escape(title)
    );
    let mut cited: Vec<Citation> = Vec::new();
    for block in &blocks {
        match block {
            Block::Heading(level, title) => {
                let _ = writeln!(out, "<h{level}>{}</h{level}>", escape(title));
            }
            Block::Paragraph(lines) => {
                let sentences: Vec<String> = lines.iter().map(|line| set(line, docs, &mut cited)).collect();
                let _ = writeln!(out, "<p>{}</p>", sentences.join(" "));
            }
            Block::List(lines) => {
                out.push_str("<ul>\n");
                for line in lines {
                    let _ = write!(out, "<li>{}", set(line, docs, &mut cited));
                    if let Some(source) = &line.source {
                        let _ = write!(out, "<q class=\"source\">{}</q>", escape(source));
                    }
                    out.push_str("</li>\n");
                }
                out.push_str("</ul>\n");
            }
            Block::Table(head, rows) => {
                out.push_str("<table>\n<thead><tr>");
                for name in head {
                    let _ = write!(out, "<th scope=\"col\">{}</th>", escape(name));
                }
                out.push_str("</tr></thead>\n<tbody>\n");
                for row in rows {
                    out.push_str("<tr>");
                    for (cell, name) in row.iter().zip(head) {
                        let _ = write!(out, "<td data-name=\"{}\">{}</td>", escape(name), set(cell, docs, &mut cited));
                    }
                    out.push_str("</tr>\n");
                }
                out.push_str("</tbody>\n</table>\n");
            }
        }
    }
    out.push_str("</main>\n<section class=\"reports\">\n<h1>The reports</h1>\n");
    for (number, doc) in docs.iter().enumerate() {
        report(&mut out, number, doc, &cited);
    }
    out.push_str("</section>\n</body>\n</html>\n");
    out
}

fn set(line: &Line, docs: &[Doc], cited: &mut Vec<Citation>) -> String {
    let mut out = String::new();
    if !line.lead.is_empty() {
        let _ = write!(out, "<b>{}</b> ", escape(&line.lead));
    }
    out.push_str(&escape(&line.words));
    for (i, cite) in line.cites.iter().enumerate() {
        // `1` for a report's only citation in the line, `1a`, `1b` … where it has several.
        let of_report = |c: &&Citation| c.document == cite.document;
        let letter = match line.cites.iter().filter(of_report).count() {
            1 => String::new(),
            _ => letters(line.cites[..i].iter().filter(of_report).count()),
        };
        let words = cite.span.of(docs[cite.document].text()).split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = write!(
            out,
            " <a class=\"cite\" href=\"#{}\" title=\"{}\">{}{letter}</a>",
            anchor(cite),
            escape(&words),
            cite.document + 1
        );
        cited.push(cite.clone());
    }
    if let Some(id) = &line.id {
        let _ = write!(out, " <code>{}</code>", escape(id));
    }
    out
}

/// `a`, `b` … `z`, `aa` …
fn letters(mut n: usize) -> String {
    let mut out = Vec::new();
    loop {
        out.push(char::from(b'a' + (n % 26) as u8));
        if n < 26 {
            return out.iter().rev().collect();
        }
        n = n / 26 - 1;
    }
}

fn anchor(cite: &Citation) -> String {
    format!("r{}-{}-{}", cite.document + 1, cite.span.start(), cite.span.end())
}

/// The report's text, its cited words marked, each citation with an anchor at its start.
fn report(out: &mut String, number: usize, doc: &Doc, cited: &[Citation]) {
    let title = doc.article.title.as_ref().map_or(doc.id.as_str(), |t| t.text.as_str());
    let _ = writeln!(
        out,
        "<article id=\"r{}\">\n<h2>{}. {} <small>{}</small></h2>",
        number + 1,
        number + 1,
        escape(title),
        escape(&doc.id)
    );
    let mut cites: Vec<&Citation> = cited.iter().filter(|c| c.document == number).collect();
    cites.sort();
    cites.dedup();
    for block in &doc.article.blocks {
        let class = if block.kind.is_body() || block.kind == BlockKind::Title { "" } else { " class=\"aside\"" };
        let _ = write!(out, "<p{class}>");
        let mut edges = vec![block.span.start(), block.span.end()];
        for cite in &cites {
            edges.extend([cite.span.start(), cite.span.end()].into_iter().filter(|&e| block.span.contains(e)));
        }
        edges.sort_unstable();
        edges.dedup();
        for pair in edges.windows(2) {
            let piece = Span::new(pair[0], pair[1]);
            for cite in cites.iter().filter(|c| c.span.start() == piece.start()) {
                let _ = write!(out, "<span id=\"{}\"></span>", anchor(cite));
            }
            let words = escape(piece.of(doc.text()));
            if cites.iter().any(|c| c.span.covers(piece)) {
                let _ = write!(out, "<mark>{words}</mark>");
            } else {
                out.push_str(&words);
            }
        }
        out.push_str("</p>\n");
    }
    out.push_str("</article>\n");
}

/// Text as text: nothing of it is markup.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && c != '\n' && c != '\t' => (),
            c => out.push(c),
        }
    }
    out
}
