//! Report bytes to an article: text, title, byline, credits, dateline, date candidates, blocks.
//!
//! Pure: bytes in, [`Article`] out. Content never fails: what was wrong with it is in `problems`.

#![cfg_attr(test, allow(clippy::print_stderr))]

mod blocks;
mod clean;
mod dates;
mod html;
mod language;
mod lines;
mod markdown;
mod stamp;
#[cfg(test)]
mod tests;

use blocks::Hints;
use clean::Clean;
use encoding_rs::Encoding;
use jiff::civil::Date;
use tellings_doc::{Article, DateCandidate, Problem, RawMap, Source, Title};

/// What the bytes of one report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text; blank lines end paragraphs.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// A saved web page.
    Html,
    /// Markup that is the report's text and nothing beside it, as feeds carry it.
    Fragment,
}

/// What is known of a report beside its bytes: fields of an input row, a feed entry or a fetch.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Its title.
    pub title: Option<String>,
    /// Its date of publication, as written there.
    pub date: Option<String>,
    /// Its authors.
    pub bylines: Vec<String>,
    /// Where it came from.
    pub source: Source,
    /// The encoding of its bytes, as a header beside them names it.
    pub charset: Option<String>,
    /// The day it is read on; a report cannot be published after it. `None` where it does not matter.
    pub today: Option<Date>,
}

impl Given {
    fn encoding(&self) -> Option<&'static Encoding> {
        self.charset.as_deref().and_then(|label| Encoding::for_label(label.as_bytes()))
    }
}

/// Bytes of one report that are read; what is beyond is left, and said.
pub const MOST: usize = 5 << 20;

/// Bytes of a page that are looked at: the pictures in it do not count for [`MOST`].
pub const MOST_OF_PAGE: usize = 64 << 20;

/// The article in these bytes: encoding detected, text cleaned, parts told apart.
pub fn article(bytes: &[u8], format: Format, given: &Given) -> Article {
    let refuse = |kind, note: String| Article {
        source: given.source.clone(),
        title: given.title.clone().map(|text| Title { text, span: None }),
        problems: vec![Problem::new(kind, note)],
        ..Article::default()
    };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return refuse("empty", "there is nothing in it".to_string());
    }
    if let Some(what) = clean::binary(bytes) {
        return refuse("binary", format!("this is {what}, not a report"));
    }
    let mut problems = Vec::new();
    // Saved pages carry their pictures within them.
    if format == Format::Html && bytes.len() > MOST {
        let (light, map) = clean::without_data(bytes);
        let mut article = html::article(cut(&light, &mut problems), given, problems);
        article.map = Clean { text: String::new(), map: article.map }.over(&map).map;
        return article;
    }
    let bytes = cut(bytes, &mut problems);
    match format {
        Format::Text => text(clean::tidy(clean::decode(bytes, given.encoding(), &mut problems)), given, problems),
        Format::Markdown => markdown::article(clean::tidy(clean::decode(bytes, None, &mut problems)), given, problems),
        Format::Html => html::article(bytes, given, problems),
        Format::Fragment => html::fragment(bytes, given, problems),
    }
}

/// What is read of the bytes of one report.
fn cut<'b>(bytes: &'b [u8], problems: &mut Vec<Problem>) -> &'b [u8] {
    if bytes.len() <= MOST {
        return bytes;
    }
    let note = format!("only the first {} MB of {} were read", MOST >> 20, bytes.len() >> 20);
    problems.push(Problem::new("too-large", note));
    &bytes[..MOST]
}

/// The day or moment that a field of metadata gives, whatever its form; `None` where it is not understood.
pub fn date(field: &str) -> Option<DateCandidate> {
    dates::metadata(field, "article.given")
}

/// The article of a text that is already clean: taken byte for byte as it is; only blocks and particulars are found.
pub fn row(text: &str, given: &Given) -> Article {
    let clean = Clean { text: text.to_string(), map: RawMap::identity(text.len(), 0) };
    self::text(clean, given, Vec::new())
}

/// The article of a cleaned text.
fn text(clean: Clean, given: &Given, problems: Vec<Problem>) -> Article {
    let structure =
        blocks::structure(&clean.text, Hints { title: given.title.as_deref(), untitled: given.title.is_none(), wrapped: false });
    finish(clean, structure, given, Vec::new(), problems)
}

/// Puts an article together and settles its date; `dates` are candidates known beside the text, best first.
fn finish(
    clean: Clean,
    structure: blocks::Structure,
    given: &Given,
    mut dates: Vec<tellings_doc::DateCandidate>,
    mut problems: Vec<Problem>,
) -> Article {
    let Clean { text, map } = clean;
    if let Some(date) = &given.date {
        match dates::metadata(date, "article.given") {
            Some(date) => dates.insert(0, date),
            None if date.trim().is_empty() => {}
            None => problems.push(Problem::new("date-unread", format!("the date given, `{date}`, is not understood"))),
        }
    }
    let title = match (structure.title, &given.title) {
        (Some(span), _) => Some(Title { text: span.of(&text).to_string(), span: Some(span) }),
        (None, given) => given.clone().filter(|t| !t.trim().is_empty()).map(|text| Title { text, span: None }),
    };
    let body = structure.blocks.iter().any(|block| block.kind.is_body());
    if text.trim().is_empty() {
        problems.push(Problem::new("empty", "there is no text in it"));
    } else if !body {
        problems.push(Problem::new("no-paragraphs", "no paragraph of running text was found"));
    }
    let language = language::language(&text).map(str::to_string);
    if let Some(code) = language.as_deref().filter(|&code| code != "en") {
        let name = if code == "und" { "another language".to_string() } else { format!("`{code}`") };
        problems.push(Problem::new("not-english", format!("the text is in {name}: kept, but not coded")));
    }
    dates.extend(dates::stated(&structure.stamps));
    if let Some(url) = &given.source.url {
        dates.extend(dates::url(url));
    }
    let published = dates::choose(&mut dates, given.today, &mut problems);
    if published.is_none() && !text.trim().is_empty() {
        problems.push(Problem::new("no-date", "no date of publication was found"));
    }
    let mut source = given.source.clone();
    source.outlet = source.outlet.or(structure.outlet);
    let mut bylines = given.bylines.clone();
    bylines.extend(structure.bylines);
    blocks::dedup(&mut bylines);
    Article {
        text,
        map,
        title,
        bylines,
        credits: structure.credits,
        dateline: structure.dateline,
        dates,
        published,
        part_dates: Vec::new(),
        language,
        blocks: structure.blocks,
        source,
        problems,
    }
}
