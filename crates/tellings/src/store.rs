//! Reports into a store, and their stories and records.

mod again;
pub mod mend;
pub mod pages;
mod place;
mod records;
pub mod runs;

use crate::{Models, OwnFiles, Report, json, read_report};
pub use place::place;
use rayon::prelude::*;
pub use records::{StoredStory, reconcile, refresh, refresh_some, story};
use tellings_doc::{Doc, Event, Participant as Who};
pub use tellings_store::*;
use tellings_story::{Rarity, Sketch};

/// Reports that are committed together.
const BATCH: usize = 64;

/// A run of this program that adds reports; gazetteers of the user's by their names.
pub fn this_run(gazetteers: &[String]) -> Run {
    runs::this_run("add", gazetteers, &OwnFiles::default())
}

/// Reads reports in parallel, as they come, adds them to a store, puts them into stories and makes the records of these; what could not be read is noted there.
/// After each commit `told` is given what became of the reports, each with its document, and what could not be read. Gives the number
/// of the run.
///
/// # Errors
/// The store could not be written; what was told before is in it.
pub fn add(
    models: &Models,
    store: &mut dyn Store,
    run: &Run,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    told: impl FnMut(anyhow::Result<(&Doc, &Added)>),
) -> Result<i64> {
    let run = add_later(models, store, run, reports, told)?;
    refresh(models, store, run, |_| ())?;
    Ok(run)
}

/// The same, but the records are left for later ([`refresh`]).
///
/// # Errors
/// As [`add`].
pub fn add_later(
    models: &Models,
    store: &mut dyn Store,
    run: &Run,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    mut told: impl FnMut(anyhow::Result<(&Doc, &Added)>),
) -> Result<i64> {
    let run = store.begin(&Run { corrections: mend::in_force(store)?, ..run.clone() })?;
    let rarity = Rarity::shipped();
    let mut reports = reports.into_iter();
    let mut unplaced = 0;
    let mut known = place::Sketches::default();
    loop {
        let batch: Vec<_> = reports.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            // Also those that were there before this run: it may have been killed when it came to them.
            place::place_with(models, store, run, &mut known)?;
            return Ok(run);
        }
        unplaced += add_batch(models, store, run, &rarity, batch, &mut told)?;
        if unplaced >= place::UNIT {
            place::place_with(models, store, run, &mut known)?;
            unplaced = 0;
        }
    }
}

/// Reads reports in parallel and adds them in one commit; gives how many there were.
pub(crate) fn add_batch(
    models: &Models,
    store: &mut dyn Store,
    run: i64,
    rarity: &Rarity,
    batch: Vec<anyhow::Result<Report>>,
    told: &mut impl FnMut(anyhow::Result<(&Doc, &Added)>),
) -> Result<usize> {
    let (mut wanted, mut faults) = (Vec::new(), Vec::new());
    for report in batch {
        match report {
            Ok(report) => wanted.push(report),
            Err(error) => faults.push(error),
        }
    }
    let read: Vec<(Doc, Entry)> = (wanted.into_par_iter())
        .map(|report| {
            let doc = read_report(models, &report);
            let entry = entry(rarity, &doc, report);
            (doc, entry)
        })
        .collect();
    let (docs, entries): (Vec<Doc>, Vec<Entry>) = read.into_iter().unzip();
    if !faults.is_empty() {
        let lines: Vec<(String, String)> = faults.iter().map(|f| (f.to_string(), format!("{f:#}"))).collect();
        store.note(run, &lines)?;
    }
    let added = store.add(run, &entries)?;
    docs.iter().zip(&added).for_each(|pair| told(Ok(pair)));
    faults.into_iter().for_each(|fault| told(Err(fault)));
    Ok(added.len())
}

/// A report as a store keeps it.
fn entry(rarity: &Rarity, doc: &Doc, report: Report) -> Entry {
    let (kind, given) = (again::kind(&report.body).to_string(), again::given(&report));
    let (raw, keys) = (report.body.into_bytes(), report.keys);
    let mut reading = Vec::new();
    // Writing into memory does not fail.
    let _ = json::write_reading(doc, &mut reading);
    let article = &doc.article;
    let published = article.published.as_ref();
    Entry {
        id: doc.id.clone(),
        title: article.title.as_ref().map(|t| t.text.clone()),
        outlet: article.source.outlet.clone(),
        url: article.source.url.clone(),
        path: article.source.path.clone(),
        published: published.map(|p| p.value.clone()),
        day: published.map(|p| p.range.first.to_string()),
        basis: published.map(|p| p.basis.as_str().to_string()),
        language: article.language.clone(),
        text: article.text.clone(),
        kind,
        raw,
        reading,
        events: doc.events.iter().map(|event| row(doc, event)).collect(),
        problems: doc.problems.iter().map(|p| (p.kind.to_string(), p.note.to_string())).collect(),
        given: Some(given),
        sketch: Sketch::of(rarity, doc).to_bytes(),
        keys,
    }
}

fn row(doc: &Doc, event: &Event) -> EventRow {
    let who = |role: &str, list: &[Who]| -> Vec<Participant> {
        let one = |p: &Who| {
            let entity = p.entity.map(|id| &doc.link.entities[id.index()]);
            let name = entity.map_or_else(|| p.span.of(doc.text()).to_string(), |e| e.name.clone());
            Participant { role: role.to_string(), name, country: entity.and_then(|e| e.country.clone()) }
        };
        list.iter().map(one).collect()
    };
    let place = event.place.as_ref().map(|p| &doc.link.places[p.place.index()]);
    EventRow {
        document: doc.id.clone(),
        span: (event.span.start() as u32, event.span.end() as u32),
        words: event.span.of(doc.text()).to_string(),
        kind: event.kind.plover().map(str::to_string),
        cameo: Some(event.cameo.to_string()).filter(|c| !c.is_empty()),
        realis: event.realis.as_str().to_string(),
        date: event.time.as_ref().map(|t| t.value.clone()),
        day: event.time.as_ref().and_then(|t| t.range).map(|r| r.first.to_string()),
        place: place.map(|p| p.name.clone()),
        country: place.and_then(|p| p.country.clone()),
        rule: event.rule.to_string(),
        participants: [who("actor", &event.actors), who("recipient", &event.recipients)].concat(),
    }
}
