//! A saved web page to an article.
//!
//! The main text is found by `dom_smoothie`, and by `trafilatura` where that is not sure; title, authors and dates are read from the page's own markup. The way back to the raw bytes is found by looking up each
//! stretch of the text in the page.

mod align;
mod body;
mod dated;
mod held;
mod live;
mod meta;
mod scan;
mod sort;

use crate::blocks::{self, Hints};
use crate::clean::{self, Clean};
use crate::{Given, finish};
use encoding_rs::Encoding;
use meta::Meta;
use tellings_doc::{Article, Block, BlockKind, DateCandidate, Problem};

/// How deeply elements may be nested; what is deeper is flattened. The extractors recurse, and take time with the square
/// of the depth; pages of the press are nested up to about 60 deep.
const DEEPEST: usize = 150;

/// The article of a page.
pub(crate) fn article(bytes: &[u8], given: &Given, mut problems: Vec<Problem>) -> Article {
    let decoded = clean::tidy(clean::decode(bytes, given.encoding().or_else(|| declared(bytes)), &mut problems));
    let (depth, page) = scan::flattened(&decoded.text, DEEPEST);
    if depth > DEEPEST {
        problems.push(Problem::new(
            "deep-nesting",
            format!("elements are nested {depth} deep; those beyond {DEEPEST} were flattened"),
        ));
    }
    let found = meta::meta(&decoded.text);
    if found.cut {
        problems.push(Problem::new("truncated", "the page ends inside a tag, a comment or a script"));
    }
    let mut given = given.clone();
    given.source.url = given.source.url.take().or(found.url.clone());
    given.source.outlet = given.source.outlet.take().or(found.outlet.clone());
    given.title = given.title.take().or_else(|| title(&found));
    if given.bylines.is_empty() {
        given.bylines.clone_from(&found.bylines);
    }
    let mut found_body = body::body(&page, &found.says.body, given.title.as_deref());
    let mut entries = found.says.entries.as_slice();
    let length: usize = entries.iter().map(|entry| entry.text.len()).sum();
    if length * 5 > found_body.0.len() * 6 {
        found_body = body::entries(entries);
    }
    let shown = if entries.iter().any(|entry| entry.date.is_some()) { Vec::new() } else { live::shown(&page) };
    if !shown.is_empty() {
        entries = &shown;
    }
    let list = sort::listed(&page, &found_body.0, &found.says, given.source.url.as_deref());
    let mut article = settle(found_body, &decoded, &given, found.dates, problems);
    if !entries.is_empty() {
        article.part_dates = live::dated(&article, entries);
        let whose =
            if article.part_dates.is_empty() { "its entries are of its own day" } else { "its entries have days of their own" };
        article.problems.push(Problem::new("live-blog", format!("a live blog: {whose}")));
    }
    if let Some(note) = list {
        article.blocks.iter_mut().filter(|block| block.kind.is_body()).for_each(|block| block.kind = BlockKind::Promo);
        article.problems.retain(|problem| problem.kind != "no-paragraphs" && problem.kind != "no-date");
        article.problems.push(Problem::new("not-an-article", note));
    } else if sort::beginning(&page, &article, &found.says) {
        article.problems.push(Problem::new("paywalled", "only its free beginning is here: the rest is for subscribers"));
    }
    article
}

/// The article of markup that is all text of the report.
pub(crate) fn fragment(bytes: &[u8], given: &Given, mut problems: Vec<Problem>) -> Article {
    let decoded = clean::tidy(clean::decode(bytes, given.encoding().or_else(|| declared(bytes)), &mut problems));
    let found = body::whole(&decoded.text, given.title.as_deref());
    settle(found, &decoded, given, Vec::new(), problems)
}

/// The article of a text that was found in a page.
fn settle(
    (text, marked): (String, Vec<Block>),
    decoded: &Clean,
    given: &Given,
    dates: Vec<DateCandidate>,
    problems: Vec<Problem>,
) -> Article {
    let map = align::align(&text, &decoded.text);
    let clean = Clean { text, map }.over(&decoded.map);
    let mut structure =
        blocks::structure(&clean.text, Hints { title: given.title.as_deref(), untitled: given.title.is_none(), wrapped: true });
    let mut marks = marked.iter().peekable();
    for block in &mut structure.blocks {
        while marks.peek().is_some_and(|mark| mark.span.end() <= block.span.start()) {
            marks.next();
        }
        if let Some(mark) = marks
            .peek()
            .filter(|mark| mark.span.covers(block.span) && matches!(block.kind, BlockKind::Paragraph | BlockKind::Heading))
        {
            block.kind = mark.kind;
        }
    }
    if !given.bylines.is_empty() {
        structure.bylines.clear();
    }
    finish(clean, structure, given, dates, problems)
}

/// The encoding that the page declares in its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_ascii_lowercase();
    let at = head.find("charset")? + "charset".len();
    let label = head[at..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':')).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// The page's title: the headline of the markup, without the site's name behind a bar or dash.
fn title(found: &Meta) -> Option<String> {
    let title = found.titles.first()?;
    let site = found.outlet.as_deref().unwrap_or("");
    for mark in [" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " ‹ "] {
        if let Some((head, tail)) = title.rsplit_once(mark) {
            let named = !site.is_empty() && tail.trim().eq_ignore_ascii_case(site.trim());
            let heading = found.titles.iter().skip(1).any(|other| other.trim() == head.trim());
            let bar = mark == " | " && tail.split(' ').count() <= 4;
            if (named || heading || bar) && head.split(' ').count() >= 2 {
                return Some(head.trim().to_string());
            }
        }
    }
    Some(title.clone())
}
