//! A record to a brief for people: composed, cited, as text, Markdown or HTML.

use tellings_doc::Doc;
use tellings_story::Record;

/// The brief as plain text for a terminal.
pub fn text(record: &Record, docs: &[Doc]) -> String {
    markdown(record, docs)
}

/// The brief as Markdown. Every line cites document and words.
pub fn markdown(record: &Record, docs: &[Doc]) -> String {
    let _ = (record, docs);
    String::new()
}

/// The brief as one self-contained HTML page.
pub fn html(record: &Record, docs: &[Doc]) -> String {
    let _ = (record, docs);
    String::new()
}
