//! Outside bytes to reports, one at a time: files, rows, feeds, archives, bundles.
//!
//! [`reports`] is the way in: it tells what the bytes are and gives back the reports in them as they come, so that an archive
//! larger than memory can be read. A damaged record is a [`Fault`] that names the item, never the end of the run. The crate opens
//! no file and fetches nothing: it is given bytes.

pub mod address;
mod bundle;
mod coding;
mod columnar;
mod docx;
pub mod feed;
mod http;
mod json;
mod kind;
pub mod lists;
mod mail;
mod pdf;
mod row;
mod rtf;
mod source;
mod table;
mod text;
mod thrift;
mod warc;
mod xml;

pub use kind::{Kind, detect};
pub use source::Bytes;

use source::Source;
use std::fmt;
use std::path::Path;
use tellings_article::{Format, Given, MOST, MOST_OF_PAGE};
use tellings_doc::Problem;

/// One report as it came in.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its id: given, or made of the name of the input and the place in it.
    pub id: String,
    /// What is known of it beside its bytes.
    pub given: Given,
    /// Its bytes.
    pub body: Body,
    /// What was wrong on the way in.
    pub problems: Vec<Problem>,
    /// Names under which it is known wherever it turns up again: its address, its id in a feed.
    pub keys: Vec<String>,
}

/// The bytes of a report.
#[derive(Clone, Debug)]
pub enum Body {
    /// To be cleaned.
    Raw(Vec<u8>, Format),
    /// Taken as it is.
    Row(String),
}

impl Body {
    /// Bytes in it.
    pub fn len(&self) -> usize {
        match self {
            Body::Raw(bytes, _) => bytes.len(),
            Body::Row(text) => text.len(),
        }
    }

    /// The bytes themselves.
    pub fn into_bytes(self) -> Vec<u8> {
        match self {
            Body::Raw(bytes, _) => bytes,
            Body::Row(text) => text.into_bytes(),
        }
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// An item of an input that could not be read, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which item of which input: "line 3 of `corpus.jsonl`".
    pub item: String,
    /// What was wrong with it.
    pub note: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "cannot read {}: {}", self.item, self.note)
    }
}

impl std::error::Error for Fault {}

/// What is in an input, in its order.
pub type Reports = Box<dyn Iterator<Item = Result<Report, Fault>> + Send>;

/// The reports in these bytes, which are called `name` (a file's name, or `-`) and are what `kind` says, or what they look like.
pub fn reports(name: &str, bytes: Bytes, kind: Option<Kind>) -> Reports {
    let (head, source) = Source::new(bytes).peek(kind::HEAD);
    let kind = kind.unwrap_or_else(|| kind::detect(name, &head));
    let name = Name(name.to_string());
    match kind {
        Kind::Jsonl => Box::new(json::Rows::new(name, source)),
        Kind::Feed => feed(&name, source),
        Kind::Csv => Box::new(table::Rows::new(name, source, false)),
        Kind::Tsv => Box::new(table::Rows::new(name, source, true)),
        Kind::Bundle => bundle(&name, source),
        Kind::Parquet => parquet(&name, source),
        Kind::Warc => Box::new(warc::Records::new(name, source)),
        Kind::Mhtml => {
            let (bytes, wrong) = whole(source);
            let wrong = wrong.map(|note| Err(name.fault(note)));
            Box::new(std::iter::once(mail::page(&name, &bytes)).chain(wrong))
        }
        Kind::Opml => {
            let mut feeds = 0;
            lists::opml(&whole(source).0, |_| feeds += 1);
            one(Err(name.fault(format!("it is an OPML list of {feeds} feeds, not a report; nothing is fetched by reading"))))
        }
        Kind::Sitemap => {
            let mut pages = 0;
            lists::sitemap(&whole(source).0, |_| pages += 1);
            one(Err(name.fault(format!("it is a sitemap of {pages} pages, not a report; nothing is fetched by reading"))))
        }
        Kind::Text => single(&name, source, Format::Text),
        Kind::Markdown => single(&name, source, Format::Markdown),
        Kind::Html => single(&name, source, Format::Html),
    }
}

/// Bytes of an input that must be held whole (a bundle, a feed); what is beyond is left, and said.
const WHOLE: usize = 160 << 20;

/// All bytes that may be held, and what is wrong with them.
fn whole(mut source: Source) -> (Vec<u8>, Option<String>) {
    let (bytes, length, wrong) = source.whole(WHOLE);
    let cut = || format!("only the first {} MB of {} were read", WHOLE >> 20, length >> 20);
    let wrong = wrong.map(|error| error.to_string()).or_else(|| (length > WHOLE as u64).then(cut));
    (bytes, wrong)
}

fn one(item: Result<Report, Fault>) -> Reports {
    Box::new(std::iter::once(item))
}

/// The entries of a feed, then what was wrong with it.
fn feed(name: &Name, source: Source) -> Reports {
    let (bytes, wrong) = whole(source);
    let wrong = wrong.map(|note| Err(name.fault(note)));
    match feed::Feed::new(bytes, None, None) {
        Ok(feed) => Box::new(feed::Entries::new(name.clone(), feed).chain(wrong)),
        Err(note) => Box::new(wrong.into_iter().chain(std::iter::once(Err(name.fault(note))))),
    }
}

/// The rows of a Parquet file; what its footer says is at its end, so that half a file is nothing.
fn parquet(name: &Name, source: Source) -> Reports {
    let (bytes, wrong) = whole(source);
    match (columnar::Rows::new(name, bytes), wrong) {
        (Ok(rows), _) => Box::new(rows),
        (Err(_), Some(note)) => one(Err(name.fault(note))),
        (Err(fault), None) => one(Err(fault)),
    }
}

/// The reports of a bundle, then what was wrong with it.
fn bundle(name: &Name, source: Source) -> Reports {
    let (bytes, wrong) = whole(source);
    let mut wrong: Vec<Result<Report, Fault>> = wrong.map(|note| Err(name.fault(note))).into_iter().collect();
    let lines = if docx::is(&bytes[..bytes.len().min(kind::HEAD)]) {
        match docx::lines(&bytes) {
            Ok(lines) => lines,
            Err(note) => return one(Err(name.fault(note))),
        }
    } else if pdf::is(&bytes) {
        match pdf::document(bytes) {
            Ok(document) => {
                wrong.extend(document.wrong.map(|note| Err(name.fault(note))));
                document.lines
            }
            Err(note) => {
                wrong.push(Err(name.fault(note)));
                return Box::new(wrong.into_iter().take(1));
            }
        }
    } else if bytes.starts_with(b"{\\rtf") {
        let (lines, cut) = rtf::lines(&bytes);
        if cut {
            wrong.push(Err(name.fault("the document ends in the middle: truncated")));
        }
        lines
    } else {
        let (text, _) = text::owned(bytes, None);
        let page = text.trim_start().starts_with('<');
        if page { bundle::lines_of_page(&text) } else { text.lines().map(|line| line.trim().to_string()).collect() }
    };
    Box::new(bundle::reports(name, lines).chain(wrong))
}

/// What an input is called.
#[derive(Clone, Debug)]
struct Name(String);

impl Name {
    /// As it is told to people.
    fn told(&self) -> String {
        if self.0 == "-" { "standard input".to_string() } else { format!("`{}`", self.0) }
    }

    /// The id of an input that is one report: its file's name without folder and ending.
    fn id(&self) -> String {
        match self.0.as_str() {
            "-" => "stdin".to_string(),
            name => Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or(name).to_string(),
        }
    }

    /// The id of the report at a place of the input.
    fn at(&self, place: usize) -> String {
        format!("{}:{place}", self.0)
    }

    /// What was wrong with the input as a whole.
    fn fault(&self, note: impl Into<String>) -> Fault {
        Fault { item: self.told(), note: note.into() }
    }

    /// What was wrong with one item of it.
    fn fault_at(&self, what: &str, place: usize, note: impl Into<String>) -> Fault {
        Fault { item: format!("{what} {place} of {}", self.told()), note: note.into() }
    }
}

/// An input that is one report.
fn single(name: &Name, mut source: Source, format: Format) -> Reports {
    // A page's own pictures are left before its text is measured.
    let most = if format == Format::Html { MOST_OF_PAGE } else { MOST };
    let (bytes, length, wrong) = source.whole(most);
    let mut problems = Vec::new();
    if length > most as u64 {
        problems.push(too_large(length));
    }
    if let Some(error) = wrong {
        problems.push(Problem::new("truncated", error.to_string()));
    }
    let mut given = Given::default();
    given.source.path = Some(name.0.clone());
    Box::new(std::iter::once(Ok(Report { id: name.id(), given, body: Body::Raw(bytes, format), problems, keys: Vec::new() })))
}

fn too_large(length: u64) -> Problem {
    Problem::new("too-large", format!("only the first {} MB of {} were read", MOST >> 20, length >> 20))
}
