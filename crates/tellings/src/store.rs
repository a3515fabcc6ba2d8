//! Reports into a store.

use crate::{Body, Format, Models, Report, json, read_report};
use rayon::prelude::*;
use tellings_doc::{Doc, Event, Participant as Who};
pub use tellings_store::*;

/// Reports that are committed together.
const BATCH: usize = 64;

/// What makes readings in this program.
pub fn this_run(gazetteers: &[String]) -> Run {
    let version = env!("CARGO_PKG_VERSION").to_string();
    let gazetteer = std::iter::once(version.clone()).chain(gazetteers.iter().cloned()).collect::<Vec<_>>().join("+");
    Run {
        program: version.clone(),
        models: version,
        ontology: "PLOVER 2.0".into(),
        gazetteer,
        kind: "add".into(),
        ..Run::default()
    }
}

/// Reads reports in parallel, as they come, and adds them to a store; what could not be read is noted there. After each commit
/// `told` is given what became of the reports, each with its document, and what could not be read.
///
/// # Errors
/// The store could not be written; what was told before is in it.
pub fn add(
    models: &Models,
    store: &mut dyn Store,
    run: &Run,
    reports: impl IntoIterator<Item = anyhow::Result<Report>>,
    mut told: impl FnMut(anyhow::Result<(&Doc, &Added)>),
) -> Result<()> {
    let run = store.begin(run)?;
    let mut reports = reports.into_iter();
    loop {
        let batch: Vec<_> = reports.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            return Ok(());
        }
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
                let entry = entry(&doc, report);
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
    }
}

/// A report as a store keeps it.
fn entry(doc: &Doc, report: Report) -> Entry {
    let (kind, raw) = match report.body {
        Body::Row(text) => ("row", text.into_bytes()),
        Body::Raw(bytes, Format::Html) => ("html", bytes),
        Body::Raw(bytes, Format::Markdown) => ("markdown", bytes),
        Body::Raw(bytes, Format::Fragment) => ("fragment", bytes),
        Body::Raw(bytes, Format::Text) => ("text", bytes),
    };
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
        kind: kind.to_string(),
        raw,
        reading,
        events: doc.events.iter().map(|event| row(doc, event)).collect(),
        problems: doc.problems.iter().map(|p| (p.kind.to_string(), p.note.to_string())).collect(),
        keys: report.keys,
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
