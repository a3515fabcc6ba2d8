//! What people set right, in a store: kept, undone, and held to when documents are put into stories.

use super::place::{self, Sketches};
use super::{records, runs};
use crate::Models;
use crate::corrections::{Basis, Correction, DocumentAt, Named, Outcome, PlaceGiven, Rule, State, WordsAt, fingerprint};
use crate::link::{Gazetteer, Site};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use tellings_store::{CorrectionRow, RecordEventSearch, Result, Run, Search, Store, Stored, StoryRow};
use tellings_story::kept::{self, COMPARED_REPORTS, Place, PlacedStory};

/// All corrections, also those undone, in the order in which they were made.
///
/// # Errors
/// The store could not be read.
pub fn all(store: &dyn Store) -> Result<Vec<Correction>> {
    Ok(store.corrections()?.into_iter().filter_map(read).collect())
}

/// A correction as it was kept.
pub(super) fn read(row: CorrectionRow) -> Option<Correction> {
    let CorrectionRow { id, rule, made, author, note, undone, .. } = row;
    Some(Correction { id, rule: serde_json::from_str(&rule).ok()?, made, author, note, undone })
}

/// Those in force.
pub(super) fn corrections(store: &dyn Store) -> Result<Arc<Vec<Correction>>> {
    Ok(Arc::new(all(store)?.into_iter().filter(|c| c.undone.is_none()).collect()))
}

/// Documents that people say are made from another, by their numbers.
pub(super) fn copies(store: &dyn Store) -> Result<BTreeMap<u64, u64>> {
    copies_of(store, &corrections(store)?)
}

pub(super) fn copies_of(store: &dyn Store, corrections: &[Correction]) -> Result<BTreeMap<u64, u64>> {
    let mut copies = BTreeMap::new();
    for correction in corrections {
        let Rule::Copy { document, of } = &correction.rule else { continue };
        if let (Some(document), Some(of)) = (number(store, document)?, number(store, of)?) {
            copies.insert(document as u64, of as u64);
        }
    }
    Ok(copies)
}

/// The number of the document with that content; of several the one of that id.
pub(super) fn number(store: &dyn Store, at: &DocumentAt) -> Result<Option<i64>> {
    let Ok(hash) = u64::from_str_radix(&at.content, 16) else { return Ok(None) };
    let found = store.with_content(hash as i64)?;
    if found.len() > 1
        && let Some(own) = store.document(&at.document)?.filter(|own| found.contains(&own.number))
    {
        return Ok(Some(own.number));
    }
    Ok(found.first().copied())
}

/// A story as it is written and whose members it has.
struct Kept {
    row: StoryRow,
    places: Vec<Place>,
}

fn kept(store: &dyn Store, number: u32) -> Result<Option<Kept>> {
    let Some(row) = store.story_numbered(number)? else { return Ok(None) };
    let places = store.members(number)?.iter().map(|m| (m.document as u64, m.part)).collect();
    Ok(Some(Kept { row, places }))
}

/// The story that a document is mainly in.
fn home(store: &dyn Store, document: i64) -> Result<Option<Kept>> {
    match store.stories_of(document)?.first() {
        Some(story) => kept(store, story.number),
        None => Ok(None),
    }
}

/// Holds stories to what people said of them: what is one story, and what is not.
pub(super) fn enforce(store: &mut dyn Store, run: i64) -> Result<Vec<Outcome>> {
    let mut outcomes = Vec::new();
    for correction in corrections(store)?.iter() {
        let (state, note) = match &correction.rule {
            Rule::MergeStories { story, into } => join(store, run, story, into)?,
            Rule::SplitStory { documents, from } => part(store, run, documents, from)?,
            Rule::Copy { document, of } => copied(store, document, of)?,
            _ => continue,
        };
        outcomes.push(Outcome { correction: correction.id.clone(), state, note });
    }
    Ok(outcomes)
}

type Became = (State, String);

fn missing(at: &DocumentAt) -> Became {
    (State::Conflict, format!("no report has the bytes that `{}` had", at.document))
}

fn sketches(store: &dyn Store, places: &[Place]) -> Result<Sketches> {
    let mut known = Sketches::default();
    let mut documents: Vec<u64> = places.iter().map(|p| p.0).collect();
    documents.dedup();
    known.fetch(store, &documents[documents.len().saturating_sub(COMPARED_REPORTS)..])?;
    Ok(known)
}

fn join(store: &mut dyn Store, run: i64, story: &DocumentAt, into: &DocumentAt) -> Result<Became> {
    let (Some(one), Some(other)) = (number(store, story)?, number(store, into)?) else {
        return Ok(missing(if number(store, story)?.is_none() { story } else { into }));
    };
    let (Some(one), Some(other)) = (home(store, one)?, home(store, other)?) else {
        return Ok((State::Conflict, "the reports are in no story yet".into()));
    };
    if one.row.number == other.row.number {
        return Ok((State::Met, String::new()));
    }
    let mut places: Vec<Place> = [one.places, other.places].concat();
    places.sort_unstable();
    let mut known = sketches(store, &places)?;
    if let Some(joined) = kept::gather(other.row.number, &other.row.gist, &[&one.row.gist], &places, &known.of) {
        let ended = vec![(one.row.number, other.row.number)];
        place::write(store, run, &mut known, vec![(joined, Vec::new())], ended, Vec::new())?;
    }
    Ok((State::Done, String::new()))
}

fn part(store: &mut dyn Store, run: i64, documents: &[DocumentAt], from: &DocumentAt) -> Result<Became> {
    let Some(rest) = number(store, from)? else { return Ok(missing(from)) };
    let Some(whole) = home(store, rest)? else {
        return Ok((State::Conflict, format!("`{}` is in no story yet", from.document)));
    };
    let mut wanted: BTreeSet<u64> = BTreeSet::new();
    let mut apart: Option<Kept> = None;
    for document in documents {
        let Some(number) = number(store, document)? else { return Ok(missing(document)) };
        wanted.insert(number as u64);
        // Where one of them has gone already, the others go, too.
        if apart.is_none() {
            apart = home(store, number)?.filter(|story| story.row.number != whole.row.number);
        }
    }
    let (theirs, stay): (Vec<Place>, Vec<Place>) = whole.places.iter().copied().partition(|place| wanted.contains(&place.0));
    if theirs.is_empty() {
        return Ok((State::Met, String::new()));
    }
    let mut known = sketches(store, &whole.places)?;
    let (other, rest) = match apart {
        Some(apart) => {
            let mut all = [apart.places.clone(), theirs.clone()].concat();
            all.sort_unstable();
            known.fetch(store, &all.iter().map(|p| p.0).collect::<Vec<_>>())?;
            (
                kept::gather(apart.row.number, &apart.row.gist, &[], &all, &known.of),
                kept::gather(whole.row.number, &whole.row.gist, &[], &stay, &known.of),
            )
        }
        None => {
            let next = store.next_story()?;
            let new = kept::part(next, &whole.row.gist, &theirs, &known.of);
            // It may have been a story of its own before, and is so again.
            let again = new.as_ref().map_or(Ok(None), |new| store.led_on(&new.id))?;
            let new = new.map(|new| PlacedStory { number: again.unwrap_or(next), ..new });
            (new, kept::gather(whole.row.number, &whole.row.gist, &[], &stay, &known.of))
        }
    };
    if let (Some(other), Some(rest)) = (other, rest) {
        place::write(store, run, &mut known, vec![(other, theirs), (rest, Vec::new())], Vec::new(), Vec::new())?;
    }
    Ok((State::Done, String::new()))
}

fn copied(store: &dyn Store, document: &DocumentAt, of: &DocumentAt) -> Result<Became> {
    let (Some(copy), Some(other)) = (number(store, document)?, number(store, of)?) else {
        return Ok(missing(if number(store, document)?.is_none() { document } else { of }));
    };
    let (copy, other) = (store.stories_of(copy)?, store.stories_of(other)?);
    if copy.iter().any(|story| other.iter().any(|o| o.number == story.number)) {
        return Ok((State::Done, String::new()));
    }
    Ok((State::Conflict, "the two reports are in different stories; merge the stories first".into()))
}

/// The stories that a correction concerns.
fn concerned(store: &dyn Store, rule: &Rule) -> Result<BTreeSet<u32>> {
    let mut stories = BTreeSet::new();
    for at in rule.documents() {
        if let Some(number) = number(store, at)? {
            stories.extend(store.stories_of(number)?.iter().map(|s| s.number));
        }
    }
    let entities = match rule {
        Rule::MergeEntities { entity, into } => vec![entity, into],
        Rule::SplitEntity { entity, .. } => vec![entity],
        _ => Vec::new(),
    };
    for entity in entities {
        for row in store.entities(&entity.id, usize::MAX >> 1)? {
            stories.extend(store.story(&row.story)?.map(|s| s.number));
        }
    }
    Ok(stories)
}

fn row(correction: &Correction) -> CorrectionRow {
    CorrectionRow {
        id: correction.id.clone(),
        rule: serde_json::to_string(&correction.rule).unwrap_or_default(),
        made: correction.made.clone(),
        author: correction.author.clone(),
        note: correction.note.clone(),
        undone: correction.undone.clone(),
        ..CorrectionRow::default()
    }
}

/// Keeps corrections, new ones and ones that are undone now, brings stories and records up to date, and tells what became of those
/// in force that concern what was changed.
///
/// # Errors
/// The store could not be read or written.
pub fn correct(models: &Models, store: &mut dyn Store, run: &Run, corrections: &[Correction]) -> Result<Vec<Outcome>> {
    let mut now = all(store)?;
    for correction in corrections {
        match now.iter_mut().find(|known| known.id == correction.id) {
            Some(known) => known.clone_from(correction),
            None => now.push(correction.clone()),
        }
    }
    let number = store.begin(&Run { corrections: told(&now), ..run.clone() })?;
    let mut outcomes = Vec::new();
    store.exclusively(&mut |store| {
        let mut stories = BTreeSet::new();
        let mut anew: Vec<i64> = Vec::new();
        for correction in corrections {
            store.keep_correction(number, &row(correction))?;
            stories.extend(concerned(store, &correction.rule)?);
            let of_stories = matches!(correction.rule, Rule::MergeStories { .. } | Rule::SplitStory { .. });
            if of_stories && correction.undone.is_some() {
                // What was held together or apart is placed by what it says.
                for story in concerned(store, &correction.rule)? {
                    anew.extend(store.members(story)?.iter().map(|m| m.document));
                }
            }
        }
        anew.sort_unstable();
        anew.dedup();
        store.unplace(number, &anew)?;
        outcomes = enforce(store, number)?;
        for story in &stories {
            descend(store, number, *story)?;
        }
        Ok(())
    })?;
    place::place(models, store, number)?;
    let (_, became) = records::refresh(models, store, number, |_| ())?;
    outcomes.extend(became);
    Ok(outcomes)
}

/// Works out again who descends from whom in a story.
fn descend(store: &mut dyn Store, run: i64, number: u32) -> Result<()> {
    let Some(story) = store.story_numbered(number)? else { return Ok(()) };
    if let Some(same) = kept::unchanged(number, &story.gist) {
        place::write(store, run, &mut Sketches::default(), vec![(same, Vec::new())], Vec::new(), Vec::new())?;
    }
    Ok(())
}

/// The corrections in force, in few letters: how many, and a hash of which.
///
/// # Errors
/// The store could not be read.
pub fn in_force(store: &dyn Store) -> Result<String> {
    Ok(told(&all(store)?))
}

fn told(all: &[Correction]) -> String {
    let ids: Vec<&str> = all.iter().filter(|c| c.undone.is_none()).map(|c| c.id.as_str()).collect();
    if ids.is_empty() { String::new() } else { format!("{} {}", ids.len(), runs::short(ids.join("\n").as_bytes())) }
}

/// An event of a store, as corrections are bound to it: each of its tellings, and what is recorded of it.
///
/// # Errors
/// The store could not be read.
pub fn event(store: &dyn Store, id: &str) -> Result<Option<(Vec<WordsAt>, Basis)>> {
    let search = RecordEventSearch { id: Some(id.to_string()), limit: 1, ..RecordEventSearch::default() };
    let Some(event) = store.record_events(&search)?.into_iter().next() else { return Ok(None) };
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let kind = event.kind.unwrap_or_else(|| "OTHER".to_string());
    let mut tellings = Vec::new();
    for telling in body["tellings"].as_array().into_iter().flatten() {
        let Some(stored) = store.document(telling["document"].as_str().unwrap_or_default())? else { continue };
        let span = |name: &str| {
            let at = |n: usize| telling[name][n].as_u64().unwrap_or(0) as usize;
            (at(0), at(1))
        };
        let words = |span: (usize, usize)| stored.entry.text.get(span.0..span.1).unwrap_or_default().to_string();
        tellings.push(WordsAt {
            at: DocumentAt { document: stored.entry.id.clone(), content: fingerprint(&stored.entry.raw) },
            span: span("span"),
            words: words(span("span")),
            trigger: words(span("trigger")),
            kind: kind.clone(),
        });
    }
    Ok(Some((tellings, Basis { kind, date: event.date, place: event.place })))
}

/// A document of a store, as corrections are bound to it.
///
/// # Errors
/// The store could not be read.
pub fn document(store: &dyn Store, id: &str) -> Result<Option<DocumentAt>> {
    let at = |stored: Stored| DocumentAt { content: fingerprint(&stored.entry.raw), document: stored.entry.id };
    Ok(store.document(id)?.map(at))
}

/// An entity of a store, as corrections are bound to it; by id or name.
///
/// # Errors
/// The store could not be read.
pub fn entity(store: &dyn Store, name: &str) -> Result<Option<Named>> {
    let found = store.entities(name, 100)?;
    // Of several with such a name the one that is called just so.
    let best = found.iter().find(|row| row.name.eq_ignore_ascii_case(name)).or(found.first());
    Ok(best.map(|row| Named { id: row.id.clone(), name: row.name.clone() }))
}

/// A document of a story that stands for it in corrections: its first one.
///
/// # Errors
/// The store could not be read.
pub fn first_of(store: &dyn Store, story: &StoryRow) -> Result<Option<DocumentAt>> {
    match store.members(story.number)?.first() {
        Some(member) => document(store, &member.id),
        None => Ok(None),
    }
}

/// A place by its name, as the gazetteer that is shipped has it: the most populous one of a country, or of all. Another name is
/// taken as it is, without coordinates.
pub fn place_named(name: &str, country: Option<&str>) -> PlaceGiven {
    let gazetteer = Gazetteer::shipped();
    let fits = |site: &Site<'_>| country.is_none() || site.country == country;
    match gazetteer.find(name).map(|found| found.0).find(fits) {
        Some(site) => PlaceGiven {
            name: site.name.to_string(),
            country: site.country.map(str::to_string),
            lat: Some(site.lat),
            lon: Some(site.lon),
        },
        None => PlaceGiven { name: name.to_string(), country: country.map(str::to_string), lat: None, lon: None },
    }
}

/// Corrections as a line of JSON for each.
pub fn to_jsonl(corrections: &[Correction]) -> String {
    corrections.iter().filter_map(|c| serde_json::to_string(c).ok()).map(|line| line + "\n").collect()
}

/// Events accepted and rejected as Prodigy has them: the sentence, the words of the act with the type as their label, and the answer.
/// Offsets count characters, as there.
pub fn to_prodigy(corrections: &[Correction]) -> String {
    let line = |c: &Correction| {
        let (event, was, answer) = match &c.rule {
            Rule::Accept { event, was } => (event, was, "accept"),
            Rule::Reject { event, was } => (event, was, "reject"),
            _ => return None,
        };
        let at = event.words.find(&event.trigger).unwrap_or(0);
        let start = event.words[..at].chars().count();
        let spans = json!([{"start": start, "end": start + event.trigger.chars().count(), "label": was.kind}]);
        let meta = json!({"document": event.at.document, "content": event.at.content, "span": event.span, "made": c.made});
        let line = json!({"text": event.words, "label": was.kind, "spans": spans, "answer": answer, "meta": meta, "_annotator_id": c.author});
        Some(line.to_string() + "\n")
    };
    corrections.iter().filter(|c| c.undone.is_none()).filter_map(line).collect()
}

/// Corrections from lines of JSON: our own, or answers of Prodigy (`accept` and `reject`; others are left out). Of an answer without
/// `meta` the report is looked for by the sentence. What cannot be used is told with its line.
///
/// # Errors
/// The store could not be read.
pub fn from_jsonl(store: &dyn Store, lines: &str, made: &str, author: &str) -> Result<(Vec<Correction>, Vec<String>)> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for (at, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let value: Value = match serde_json::from_str(line) {
            Ok(value) => value,
            Err(error) => {
                wrong.push(format!("line {}: not JSON: {error}", at + 1));
                continue;
            }
        };
        if value.get("answer").is_some() {
            match answer(store, &value, made, author)? {
                Ok(correction) => read.extend(correction),
                Err(note) => wrong.push(format!("line {}: {note}", at + 1)),
            }
            continue;
        }
        match serde_json::from_value(value) {
            Ok(correction) => read.push(correction),
            Err(error) => wrong.push(format!("line {}: no correction: {error}", at + 1)),
        }
    }
    Ok((read, wrong))
}

type Answer = std::result::Result<Option<Correction>, String>;

fn answer(store: &dyn Store, value: &Value, made: &str, author: &str) -> Result<Answer> {
    let accepted = match value["answer"].as_str() {
        Some("accept") => true,
        Some("reject") => false,
        _ => return Ok(Ok(None)),
    };
    let words = value["text"].as_str().unwrap_or_default().to_string();
    let span = &value["spans"][0];
    let label = span["label"].as_str().or(value["label"].as_str()).unwrap_or_default().to_string();
    let part = |name: &str| span[name].as_u64().unwrap_or(0) as usize;
    let trigger: String = words.chars().skip(part("start")).take(part("end").saturating_sub(part("start"))).collect();
    let meta = &value["meta"];
    let at = match (meta["document"].as_str(), meta["content"].as_str()) {
        (Some(document), Some(content)) => Some(DocumentAt { document: document.to_string(), content: content.to_string() }),
        (Some(id), None) => document(store, id)?,
        _ => {
            let search = Search { words: format!("\"{}\"", words.replace('"', " ")), limit: 1, ..Search::default() };
            match store.search(&search).ok().and_then(|hits| hits.into_iter().next()) {
                Some(hit) => document(store, &hit.id)?,
                None => None,
            }
        }
    };
    let Some(at) = at else { return Ok(Err("no report of the store has this sentence".to_string())) };
    let span = (meta["span"][0].as_u64().unwrap_or(0) as usize, meta["span"][1].as_u64().unwrap_or(0) as usize);
    let (event, was) = (WordsAt { at, span, words, trigger, kind: label.clone() }, Basis { kind: label, ..Basis::default() });
    let rule = if accepted { Rule::Accept { event, was } } else { Rule::Reject { event, was } };
    let author = value["_annotator_id"].as_str().unwrap_or(author);
    Ok(Ok(Some(Correction::new(rule, meta["made"].as_str().unwrap_or(made), author, None))))
}
