//! The engine the front ends share: open, gather, read, reconcile, explain.

pub mod corrections;
mod explain;
mod gather;
pub mod json;
mod own;
pub mod store;
pub mod watch;
mod web;

pub use explain::{Explanation, explain};
pub use gather::{Gather, failures, gather, read_report, reports};
pub use own::{OwnFiles, coded_dyads, models};
pub use tellings_brief as brief;
pub use tellings_doc as doc;
pub use tellings_export as export;
pub use tellings_fetch as fetch;
pub use tellings_input::{Body, Kind, Report, lists};
pub use tellings_read::article::{Format, Given};
pub use tellings_read::link;
pub use tellings_read::speech::{Evidence, Stance, stances};
pub use tellings_read::{Models, read, read_article, read_row};
pub use tellings_story as story;
pub use web::{Web, is_address};

use rayon::prelude::*;
use tellings_doc::Doc;

/// Reports that are read before any of them is handed on: enough to keep all cores busy, few enough to keep memory flat.
const BATCH: usize = 64;
/// Bytes in them, likewise.
const BATCH_BYTES: usize = 16 << 20;

/// Reads reports in parallel, as they come, and hands the documents on in the same order, with what could not be read
/// in its place.
pub fn read_each(
    models: &Models,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    mut take: impl FnMut(anyhow::Result<Doc>),
) {
    let mut reports = reports.into_iter();
    loop {
        let (mut batch, mut bytes) = (Vec::with_capacity(BATCH), 0);
        while batch.len() < BATCH && bytes < BATCH_BYTES {
            let Some(report) = reports.next() else { break };
            bytes += report.as_ref().map_or(0, |report| report.body.len());
            batch.push(report);
        }
        if batch.is_empty() {
            return;
        }
        let docs: Vec<_> = batch.into_par_iter().map(|report| Ok(read_report(models, &report?))).collect();
        docs.into_iter().for_each(&mut take);
    }
}

/// The record of these documents: put in the order of their ids, undated ones dated from their siblings where the
/// evidence suffices and read again with that date, then reconciled. The documents come back in the record's order.
pub fn reconcile(models: &Models, mut docs: Vec<Doc>) -> (Vec<Doc>, story::Record) {
    docs.sort_by(|a, b| a.id.cmp(&b.id));
    for dating in story::infer_dates(&docs) {
        date(models, &mut docs, dating);
    }
    let record = story::record(&docs);
    (docs, record)
}

/// Reads a document again with the date that its siblings suggest.
pub(crate) fn date(models: &Models, docs: &mut [Doc], dating: story::Dating) {
    let doc = &mut docs[dating.document];
    let mut article = std::mem::take(&mut doc.article);
    article.problems.retain(|p| p.kind != "no-date" || dating.published.is_none());
    let span = dating.published.as_ref().and_then(|p| p.span);
    let kind = if dating.published.is_some() { "inferred-date" } else { "open-date" };
    article.problems.push(doc::Problem { kind, span, note: dating.evidence });
    article.dates.extend(dating.others);
    if !dating.parts.is_empty() {
        article.part_dates = dating.parts;
    }
    article.published = dating.published;
    *doc = read_article(models, &doc.id, article);
    story::anchor_parts(doc);
}
