//! The report as it came in: its text, where the text stood in the raw bytes, and what it says of itself.

use crate::{DateRange, Precision, Problem, Rule, Span};

/// Where a document came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The file, as it was named by the user.
    pub path: Option<String>,
    /// The page's address.
    pub url: Option<String>,
    /// The paper, agency or site that carried it.
    pub outlet: Option<String>,
    /// The section of the paper or site it stood in (`Section A; Foreign Desk; Pg. 1`).
    pub section: Option<String>,
}

/// A title, and where it stands in the text (metadata titles stand nowhere).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// Its words.
    pub text: String,
    /// Where they stand, if they stand in the text.
    pub span: Option<Span>,
}

/// The place named at the head of a report (`GENEVA (AP) —`): where the reporter was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// The place as written, without agency and date.
    pub place: String,
    /// The place's words.
    pub span: Span,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockKind {
    /// The report's title; may stand twice.
    Title,
    /// A heading inside the report.
    Heading,
    /// Body text: the only kind that is coded.
    Paragraph,
    /// Words under a picture.
    Caption,
    /// Author line.
    Byline,
    /// Agency, outlet or date line (`AP, AFP`).
    Credit,
    /// A list item (coded as body text).
    ListItem,
    /// "Image source: here.", "Read more", adverts: set apart, not coded.
    Promo,
}

impl BlockKind {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            BlockKind::Title => "title",
            BlockKind::Heading => "heading",
            BlockKind::Paragraph => "paragraph",
            BlockKind::Caption => "caption",
            BlockKind::Byline => "byline",
            BlockKind::Credit => "credit",
            BlockKind::ListItem => "list-item",
            BlockKind::Promo => "promo",
        }
    }

    /// Is its text read for events, quotes and claims?
    pub fn is_body(self) -> bool {
        matches!(self, BlockKind::Paragraph | BlockKind::ListItem)
    }
}

/// A run of text of one kind. A paragraph that was broken in mid-sentence is one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its text.
    pub span: Span,
}

/// How a date of publication is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Basis {
    /// Written in the text.
    Stated,
    /// Page markup, feed or a field of the input row.
    Metadata,
    /// Read from the address.
    Url,
    /// Worked out from sibling reports.
    Inferred,
    /// Taken for lack of better; always told.
    Assumed,
}

impl Basis {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Basis::Stated => "stated",
            Basis::Metadata => "metadata",
            Basis::Url => "url",
            Basis::Inferred => "inferred",
            Basis::Assumed => "assumed",
        }
    }
}

/// One date that may be the day of publication.
#[derive(Clone, Debug, PartialEq)]
pub struct DateCandidate {
    /// ISO 8601, with time and zone as given (`2016-09-06T00:00`).
    pub value: String,
    /// The day or days it may be.
    pub range: DateRange,
    /// How exactly it is given.
    pub precision: Precision,
    /// How it is known.
    pub basis: Basis,
    /// The words, where it stands in the text.
    pub span: Option<Span>,
    /// What read it (`article.credit-line`, `article.json-ld`).
    pub rule: Rule,
}

/// The date of publication that later stages use, with the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    /// ISO 8601 value, cut to `precision`.
    pub value: String,
    /// First and last day it may be; equal when the day is known.
    pub range: DateRange,
    /// How exactly it is known.
    pub precision: Precision,
    /// How it is known.
    pub basis: Basis,
    /// The words it was read from.
    pub span: Option<Span>,
    /// Sibling documents it was inferred from.
    pub from: Vec<String>,
    /// What chose it.
    pub rule: Rule,
}

/// A part of a text that was first published on a day of its own: of a page put together from several reports.
#[derive(Clone, Debug, PartialEq)]
pub struct PartDate {
    /// The part's text.
    pub span: Span,
    /// Its date, and the report it came from.
    pub published: Published,
    /// Why, in a few words.
    pub note: String,
}

/// One stretch of clean text and the raw bytes it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// First byte in the clean text.
    pub text: u32,
    /// First byte in the raw item.
    pub raw: u32,
    /// Bytes in the clean text.
    pub text_len: u32,
    /// Bytes in the raw item; equal to `text_len` where the bytes are the same.
    pub raw_len: u32,
}

/// Leads from offsets in the clean text to offsets in the raw bytes. Pieces are in text order and do not overlap;
/// text between pieces (a line break put between blocks) has no raw bytes of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawMap {
    /// The stretches.
    pub pieces: Vec<Piece>,
}

impl RawMap {
    /// The map of a text that is its raw bytes, `len` of them, starting at raw byte `raw`.
    pub fn identity(len: usize, raw: usize) -> RawMap {
        RawMap { pieces: vec![Piece { text: 0, raw: raw as u32, text_len: len as u32, raw_len: len as u32 }] }
    }

    /// The raw byte range behind a span of the text: from the first mapped byte to the last. `None` if no byte of it is mapped.
    pub fn raw(&self, span: Span) -> Option<std::ops::Range<usize>> {
        let from = self.pieces.partition_point(|p| (p.text + p.text_len) as usize <= span.start());
        let to = self.pieces.partition_point(|p| (p.text as usize) < span.end());
        let (first, last) = (self.pieces[..to].get(from)?, self.pieces[..to].last()?);
        let at = |piece: &Piece, offset: usize, up: bool| {
            let (raw, within) = (piece.raw as usize, offset.saturating_sub(piece.text as usize).min(piece.text_len as usize));
            match (piece.text_len == piece.raw_len, up) {
                (true, _) => raw + within,
                (false, false) => raw,
                (false, true) => raw + piece.raw_len as usize,
            }
        };
        Some(at(first, span.start(), false)..at(last, span.end(), true))
    }
}

/// One report, cleaned: what the getting-in stage returns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The clean text. Never altered after this stage; every span of the document is into it.
    pub text: String,
    /// From clean text to raw bytes.
    pub map: RawMap,
    /// The title.
    pub title: Option<Title>,
    /// Authors' names.
    pub bylines: Vec<String>,
    /// Agencies and outlets credited (`AP`, `AFP`), as written, in order, each once.
    pub credits: Vec<String>,
    /// Where the reporter was.
    pub dateline: Option<Dateline>,
    /// Every date that may be the day of publication, best first.
    pub dates: Vec<DateCandidate>,
    /// The date later stages use; `None` = undated.
    pub published: Option<Published>,
    /// Parts that have dates of their own, in text order.
    pub part_dates: Vec<PartDate>,
    /// ISO 639-1 code, where it could be told.
    pub language: Option<String>,
    /// The text's blocks in order; they do not overlap and cover all that is not white space.
    pub blocks: Vec<Block>,
    /// Where it came from.
    pub source: Source,
    /// What a reader should know of the input.
    pub problems: Vec<Problem>,
}
