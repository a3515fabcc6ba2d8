//! Many documents to lineages, stories and one reconciled record.

mod record;

pub use record::*;
use tellings_doc::{Doc, Published};

/// Dates for undated documents, worked out from their siblings: position of the document and the date, with evidence.
/// The caller reads those documents again with that date before it asks for the record.
pub fn infer_dates(docs: &[Doc]) -> Vec<(usize, Published)> {
    let _ = docs;
    Vec::new()
}

/// The record of these documents. The result does not depend on their order.
pub fn record(docs: &[Doc]) -> Record {
    let _ = docs;
    Record::default()
}
