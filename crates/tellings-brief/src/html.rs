//! The brief as one self-contained HTML page: no script, nothing fetched, good on a phone, on a desk and on paper.

use crate::{Block, Line, Options, compose, svg};
use std::fmt::Write;
use tellings_doc::{BlockKind, Doc, Span};
use tellings_story::{Citation, Record};

const STYLE: &str = include_str!("../data/brief.css");

/// The brief as one self-contained HTML page. Every citation leads to the marked words in the report beside the brief (below it where
/// the page is narrow), and the mark leads back to what cites it.
pub fn html(record: &Record, docs: &[Doc], options: &Options) -> String {
    let blocks = compose(record, docs, options);
    let title = record.stories.first().map_or("Brief", |s| s.title.as_str());
    let mut page = Page { docs, cited: Vec::new(), out: String::new(), charts: 0, pending: None };
    page.number(&blocks);
    let _ = write!(
        page.out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#reports\">To the reports</a>\n<main>\n",
        escape(title)
    );
    page.contents(&blocks);
    let mut heading = 0;
    for block in &blocks {
        page.block(block, &mut heading);
    }
    page.out.push_str("</main>\n<aside id=\"reports\" class=\"reports\" aria-label=\"The reports, with the cited words marked\" tabindex=\"0\">\n<h2>The reports</h2>\n");
    page.out.push_str("<p class=\"note\">Marked words are cited; a number in front of them leads back to the line of the brief that cites them.</p>\n");
    for (number, doc) in docs.iter().enumerate() {
        page.report(number, doc);
    }
    page.out.push_str("</aside>\n</body>\n</html>\n");
    page.out
}

struct Page<'a> {
    docs: &'a [Doc],
    /// Every cited passage once, in the order of the reports, with the citations that lead to it: `c1`, `c2` …
    cited: Vec<(Citation, Vec<usize>)>,
    out: String,
    charts: usize,
    /// The drawing whose table comes next: its rows get ids.
    pending: Option<usize>,
}

impl Page<'_> {
    /// Collects the passages that the blocks cite.
    fn number(&mut self, blocks: &[Block]) {
        let mut all: Vec<Citation> = Vec::new();
        for block in blocks {
            match block {
                Block::Paragraph(lines) | Block::List(lines) => all.extend(lines.iter().flat_map(|l| l.cites.clone())),
                Block::Table(_, rows) => all.extend(rows.iter().flatten().flat_map(|l| l.cites.clone())),
                Block::Heading(..) | Block::Chart(_) => (),
            }
        }
        all.sort();
        all.dedup();
        self.cited = all.into_iter().map(|c| (c, Vec::new())).collect();
    }

    /// Links to the stories and sections.
    fn contents(&mut self, blocks: &[Block]) {
        let headings: Vec<(u8, &str)> =
            blocks.iter().filter_map(|b| if let Block::Heading(l, t) = b { Some((*l, t.as_str())) } else { None }).collect();
        if headings.len() < 3 {
            return;
        }
        self.out.push_str("<nav aria-label=\"Contents\"><details><summary>Contents</summary><ul>\n");
        for (i, (level, title)) in headings.iter().enumerate() {
            let _ = writeln!(self.out, "<li class=\"l{level}\"><a href=\"#h{}\">{}</a></li>", i + 1, escape(title));
        }
        self.out.push_str("</ul></details></nav>\n");
    }

    fn block(&mut self, block: &Block, heading: &mut usize) {
        match block {
            Block::Heading(level, title) => {
                *heading += 1;
                let _ = writeln!(self.out, "<h{level} id=\"h{heading}\">{}</h{level}>", escape(title));
            }
            Block::Paragraph(lines) => {
                let class = if lines.len() > 1 { " class=\"lead\"" } else { "" };
                // Running text is not interrupted by ids: the tables have them.
                let bare = |line: &Line| Line { id: None, ..line.clone() };
                let sentences: Vec<String> = lines.iter().map(|line| self.set(&bare(line))).collect();
                let _ = writeln!(self.out, "<p{class}>{}</p>", sentences.join(" "));
            }
            Block::List(lines) => {
                self.out.push_str("<ul>\n");
                for line in lines {
                    let set = self.set(line);
                    let _ = writeln!(self.out, "<li>{set}</li>");
                }
                self.out.push_str("</ul>\n");
            }
            Block::Chart(chart) => {
                self.charts += 1;
                let drawing = svg::figure(chart, self.charts);
                self.out.push_str(&drawing);
                self.pending = Some(self.charts);
            }
            Block::Table(head, rows) => self.table(head, rows),
        }
    }

    fn table(&mut self, head: &[&str], rows: &[Vec<Line>]) {
        let chart = self.pending.take();
        let numbered = chart.filter(|_| head.first() == Some(&"Date"));
        self.out.push_str("<table>\n<thead><tr>");
        for name in head {
            let _ = write!(self.out, "<th scope=\"col\">{}</th>", escape(name));
        }
        self.out.push_str("</tr></thead>\n<tbody>\n");
        for (i, row) in rows.iter().enumerate() {
            match numbered {
                Some(chart) => {
                    let _ = write!(self.out, "<tr id=\"t{chart}-{}\">", i + 1);
                }
                None => self.out.push_str("<tr>"),
            }
            for (column, (cell, name)) in row.iter().zip(head).enumerate() {
                let set = self.set(cell);
                let number = match numbered {
                    Some(_) if column == 0 => format!("<span class=\"n\">{}</span> ", i + 1),
                    _ => String::new(),
                };
                let _ = write!(self.out, "<td data-name=\"{}\">{number}{set}</td>", escape(name));
            }
            self.out.push_str("</tr>\n");
        }
        self.out.push_str("</tbody>\n</table>\n");
    }

    fn set(&mut self, line: &Line) -> String {
        let mut out = String::new();
        if !line.lead.is_empty() {
            let _ = write!(out, "<b>{}</b> ", escape(&line.lead));
        }
        out.push_str(&escape(&line.words));
        let mut seen: Vec<usize> = Vec::new();
        for cite in &line.cites {
            let Ok(at) = self.cited.binary_search_by(|c| c.0.cmp(cite)) else { continue };
            if seen.contains(&at) {
                continue;
            }
            seen.push(at);
            let number = self.cited.iter().map(|c| c.1.len()).sum::<usize>() + 1;
            self.cited[at].1.push(number);
            let words = cite.span.of(self.docs[cite.document].text()).split_whitespace().collect::<Vec<_>>().join(" ");
            let _ = write!(
                out,
                " <a class=\"cite\" id=\"c{number}\" href=\"#{}\" title=\"{}\" aria-label=\"Report {}, passage {}\">{}</a>",
                anchor(cite),
                escape(&words),
                cite.document + 1,
                self.passage(at),
                self.label(at)
            );
        }
        if let Some(id) = &line.id {
            let _ = write!(out, " <code>{}</code>", escape(id));
        }
        if let Some(source) = &line.source {
            let _ = write!(out, "<q class=\"source\">{}</q>", escape(source));
        }
        out
    }

    /// Position of a passage among those of its report, from 1.
    fn passage(&self, at: usize) -> usize {
        let document = self.cited[at].0.document;
        at - self.cited.partition_point(|c| c.0.document < document) + 1
    }

    /// `3b`: the report's number and the passage's letter.
    fn label(&self, at: usize) -> String {
        format!("{}{}", self.cited[at].0.document + 1, letters(self.passage(at) - 1))
    }

    /// The report's text, its cited words marked, each passage with a way back to what cites it.
    fn report(&mut self, number: usize, doc: &Doc) {
        let title = doc.article.title.as_ref().map_or(doc.id.as_str(), |t| t.text.as_str());
        let _ = writeln!(
            self.out,
            "<article id=\"r{}\">\n<h3>{}. {} <small>{}</small></h3>",
            number + 1,
            number + 1,
            escape(title),
            escape(&doc.id)
        );
        let cites: Vec<usize> = (0..self.cited.len()).filter(|&i| self.cited[i].0.document == number).collect();
        for block in &doc.article.blocks {
            let class = if block.kind.is_body() || block.kind == BlockKind::Title { "" } else { " class=\"aside\"" };
            let _ = write!(self.out, "<p{class}>");
            let mut edges = vec![block.span.start(), block.span.end()];
            for &i in &cites {
                let span = self.cited[i].0.span;
                edges.extend([span.start(), span.end()].into_iter().filter(|&e| block.span.contains(e)));
            }
            edges.sort_unstable();
            edges.dedup();
            for pair in edges.windows(2) {
                let piece = Span::new(pair[0], pair[1]);
                for &i in cites.iter().filter(|&&i| self.cited[i].0.span.start() == piece.start()) {
                    let back = self.cited[i].1.first().copied().unwrap_or(1);
                    let label = self.label(i);
                    let _ = write!(
                        self.out,
                        "<a class=\"back\" id=\"{}\" href=\"#c{back}\" aria-label=\"Passage {label}: back to the brief\">{label}</a>",
                        anchor(&self.cited[i].0)
                    );
                }
                let words = escape(piece.of(doc.text()));
                if cites.iter().any(|&i| self.cited[i].0.span.covers(piece)) {
                    let _ = write!(self.out, "<mark>{words}</mark>");
                } else {
                    self.out.push_str(&words);
                }
            }
            self.out.push_str("</p>\n");
        }
        self.out.push_str("</article>\n");
    }
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

/// Text as text: nothing of it is markup.
pub(crate) fn escape(text: &str) -> String {
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
