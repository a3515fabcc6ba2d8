//! `/api/v1`: the contract's JSON, lists by cursor, exports, and what changed. `data/openapi.json` tells all of it.

use crate::http::{Body, Response};
use crate::pages::{asked_events, asked_stories};
use crate::{Answer, Desk, Fail, Request, feeds};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::OnceLock;
use tellings::export::{Form, Layout};
use tellings::json::{BriefPiece, StoriesWriter};
use tellings::store::{EntityRow, EventOrder, ProblemSearch, RecordEventSearch, Search, Store, StorySearch, pages};
use tokio::sync::mpsc;

/// Things in a list, unless another number is asked for; and at most.
const USUAL: usize = 50;
const MOST: usize = 500;
/// Events that are read at once for a stream.
const CHUNK: usize = 1000;

/// Reports in whose stories words are looked for, the latest that have them: where some stories are shown beside what was found.
pub(crate) const LATEST: usize = 200;

/// What the API answers to, as OpenAPI has it.
const OPENAPI: &str = include_str!("../data/openapi.json");

pub(crate) fn route(desk: &Desk, request: &Request, path: &[&str]) -> Answer {
    check(request, path)?;
    match path {
        [""] | [] => Ok(index()),
        ["openapi.json"] => Ok(Response::json(OPENAPI)),
        ["stories"] => stories(desk, request),
        ["stories.atom"] => feeds::stories(desk, request, feeds::Kind::Atom),
        ["stories.feed.json"] => feeds::stories(desk, request, feeds::Kind::Json),
        ["search.atom"] => feeds::search(desk, request, feeds::Kind::Atom),
        ["search.feed.json"] => feeds::search(desk, request, feeds::Kind::Json),
        ["stories", id, "brief"] => brief(desk, request, id),
        ["stories", id, "timeline"] => timeline(desk, request, id),
        ["stories", id, "quotes"] => of_story(desk, request, id, "quotes", &[("speaker", "speaker")]),
        ["stories", id, "claims"] => {
            of_story(desk, request, id, "claims", &[("by", "by"), ("toward", "toward"), ("kind", "kind")])
        }
        ["stories", id, "export", layout] => export(desk, request, id, layout),
        ["stories", id] => story(desk, request, id),
        ["events"] => events(desk, request),
        ["events.jsonl"] => stream(desk, request),
        ["events", id] => event(desk, request, id),
        ["reports"] => reports(desk, request),
        ["reports", id] => report(desk, id),
        ["entities"] => entities(desk, request),
        ["entities", id @ ..] if !id.is_empty() => entity(desk, request, &id.join("/")),
        ["search"] => search(desk, request),
        ["explain"] => explain(desk, request),
        ["sources"] => sources(desk),
        ["problems"] => problems(desk, request),
        ["changes"] => changes(desk, request),
        _ => Err(Fail::Missing("such thing in the API".to_string())),
    }
}

/// What the API answers to, by path.
pub(crate) fn paths() -> &'static Value {
    static READ: OnceLock<Value> = OnceLock::new();
    READ.get_or_init(|| serde_json::from_str::<Value>(OPENAPI).map(|v| v["paths"].clone()).unwrap_or_default())
}

/// What is asked is as the document has it: what a parameter may be stands there alone.
fn check(request: &Request, path: &[&str]) -> Result<(), Fail> {
    let here = |template: &str| {
        let parts: Vec<&str> = template.trim_start_matches("/api/v1/").split('/').collect();
        let fits = |(part, given): (&&str, &&str)| match part.split_once('}') {
            Some((name, ending)) if name.starts_with('{') => given.ends_with(ending),
            _ => part == given,
        };
        parts.len() == path.len() && parts.iter().zip(path).all(fits)
    };
    // Of those that fit the one with the longest ending, which says most.
    let found = paths().as_object().into_iter().flatten().filter(|(template, _)| here(template));
    let Some((_, operation)) = found.max_by_key(|(template, _)| template.len()) else { return Ok(()) };
    for parameter in operation["get"]["parameters"].as_array().into_iter().flatten().filter(|p| p["in"] == "query") {
        let (name, schema) = (parameter["name"].as_str().unwrap_or_default(), &parameter["schema"]);
        let given: Vec<&str> = request.query.iter().filter(|q| q.0 == name).map(|q| q.1.as_str()).collect();
        if given.is_empty() && parameter["required"] == true {
            return Err(Fail::Bad(format!("`{name}` must be given.")));
        }
        let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
        if let Some(wrong) = given.iter().find_map(|value| wrong(schema, value)) {
            return Err(Fail::Bad(format!("`{name}` {wrong}.")));
        }
    }
    Ok(())
}

/// What is wrong with a value.
fn wrong(schema: &Value, value: &str) -> Option<String> {
    if schema["type"] == "integer" {
        let (least, most) = (schema["minimum"].as_i64().unwrap_or(i64::MIN), schema["maximum"].as_i64().unwrap_or(i64::MAX));
        let fits = value.parse::<i64>().is_ok_and(|n| (least..=most).contains(&n));
        return (!fits).then(|| format!("is a number from {least} to {most}"));
    }
    if schema["format"] == "date" {
        let fits = value.len() == 10 && value.parse::<jiff::civil::Date>().is_ok();
        return (!fits).then(|| "is a day: 2016-09-05".to_string());
    }
    if let Some(all) = schema["enum"].as_array() {
        let all: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
        return (!all.contains(&value)).then(|| format!("is one of {}", all.join(", ")));
    }
    // Patterns there are only where nothing else is meant than that there is something.
    (schema["pattern"].is_string() && value.trim().is_empty()).then(|| "is empty".to_string())
}

/// What is found; nothing where no words are left to look for.
pub(crate) fn found<T: Default>(found: tellings::store::Result<T>) -> Result<T, Fail> {
    match found {
        Err(error) if error.is_query() => Ok(T::default()),
        found => Ok(found?),
    }
}

fn index() -> Response {
    let paths: Vec<&String> = paths().as_object().into_iter().flatten().map(|(path, _)| path).collect();
    written(&json!({"api": "tellings/1", "openapi": "/api/v1/openapi.json", "paths": paths}))
}

fn written(value: &Value) -> Response {
    Response::json(value.to_string())
}

/// How many are asked for, and without how many; a cursor is what an earlier answer gave as `next`.
pub(crate) fn span(request: &Request) -> Result<(usize, usize), Fail> {
    let limit = request.number("limit", 1, MOST, USUAL);
    let skip = match request.value("cursor") {
        None => 0,
        Some(cursor) => match cursor.strip_prefix('c').map(|n| u32::from_str_radix(n, 36)) {
            Some(Ok(skip)) => skip as usize,
            _ => return Err(Fail::Bad("`cursor` is the `next` of an earlier answer.".to_string())),
        },
    };
    Ok((limit, skip))
}

/// Behind which place of a list what follows is asked for: a cursor that is not shaken by what is written between two answers.
fn after(request: &Request) -> Result<Option<Vec<String>>, Fail> {
    let Some(cursor) = request.value("cursor") else { return Ok(None) };
    let wrong = || Fail::Bad("`cursor` is the `next` of an earlier answer.".to_string());
    let figures = cursor.strip_prefix('k').filter(|f| f.len() % 2 == 0 && f.bytes().all(|b| b.is_ascii_hexdigit()));
    let figures = figures.ok_or_else(wrong)?;
    let byte = |at: usize| u8::from_str_radix(&figures[at..at + 2], 16).unwrap_or_default();
    let bytes: Vec<u8> = (0..figures.len()).step_by(2).map(byte).collect();
    Ok(Some(String::from_utf8_lossy(&bytes).split(BETWEEN).map(str::to_string).collect()))
}

/// Between the values of a place in a list.
const BETWEEN: char = '\u{1f}';

/// The cursor of what follows the last of a list; nothing where that is all.
fn behind<T>(found: &[T], limit: usize, place: impl Fn(&T) -> Vec<String>) -> Value {
    let last = found.get(limit.wrapping_sub(1)).filter(|_| found.len() > limit);
    last.map_or(Value::Null, |last| {
        let bytes = place(last).join(&BETWEEN.to_string());
        json!(format!("k{}", bytes.bytes().map(|b| format!("{b:02x}")).collect::<String>()))
    })
}

/// A number of a place in a list.
fn number(place: &[String], at: usize) -> i64 {
    place.get(at).and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// The cursor of what follows; nothing where that is all.
fn next(found: usize, limit: usize, skip: usize) -> Value {
    if found <= limit {
        return Value::Null;
    }
    let (mut number, mut figures) = (skip + limit, Vec::new());
    while number > 0 {
        figures.push(char::from_digit((number % 36) as u32, 36).unwrap_or('0'));
        number /= 36;
    }
    json!(format!("c{}", figures.iter().rev().collect::<String>()))
}

fn stories(desk: &Desk, request: &Request) -> Answer {
    // What words find is sorted by how much there is of it, and goes on by numbers.
    let by_words = request.value("q").is_some();
    let place = if request.value("cursor").is_some_and(|c| c.starts_with('k')) { after(request)? } else { None };
    let (limit, skip) = match place {
        Some(_) => (request.number("limit", 1, MOST, USUAL), 0),
        None => span(request)?,
    };
    let place = place.map(|p| (number(&p, 0), p.get(1).cloned().unwrap_or_default(), number(&p, 2)));
    let search = StorySearch { limit: limit + 1, after: place, ..asked_stories(request, skip) };
    let mut out = Vec::new();
    let found = desk.shelf.read(|store| {
        let stories = match store.stories(&search) {
            Err(error) if error.is_query() => Vec::new(),
            stories => stories?,
        };
        let mut writer = StoriesWriter::default();
        for story in stories.iter().take(limit) {
            // Writing into memory does not fail.
            let _ = writer.write(&pages::outline(store, story)?, &mut out);
        }
        let _ = writer.finish(&mut out);
        Ok(stories)
    })?;
    let mut value: Value = serde_json::from_slice(&out).unwrap_or_default();
    value["next"] = match by_words {
        true => next(found.len(), limit, skip),
        false => behind(&found, limit, |s| {
            let (moved, last, number) = s.place_in();
            vec![moved.to_string(), last, number.to_string()]
        }),
    };
    cited(desk, request, value)
}

fn story(desk: &Desk, request: &Request, id: &str) -> Answer {
    for (ending, kind) in [(".atom", feeds::Kind::Atom), (".feed.json", feeds::Kind::Json)] {
        if let Some(id) = id.strip_suffix(ending) {
            return feeds::story(desk, request, id, kind);
        }
    }
    if let Some(id) = id.strip_suffix(".ics") {
        return export(desk, request, id, "calendar");
    }
    let body = desk.shelf.read(|store| {
        let Some(story) = store.story(id)? else { return Ok(None) };
        Ok(Some(store.record(story.number)?.map(|r| r.body)))
    })?;
    match body {
        None => Err(Fail::Missing(format!("story `{id}`"))),
        Some(None) => Err(Fail::Missing(format!("record of `{id}` yet: `tellings store refresh` makes it; nothing else"))),
        Some(Some(body)) => Ok(Response::json(body)),
    }
}

/// The answer, with the words of its citations where these are asked for.
fn cited(desk: &Desk, request: &Request, mut value: Value) -> Answer {
    if request.value("cited").is_some() {
        let most = request.number("cited", 1, 100, 100);
        // What is looked up is of the store; what fails there fails here.
        let mut done = Ok(());
        desk.shelf.read(|store| {
            done = crate::cite::cited(store, &mut value, most);
            Ok(())
        })?;
        done?;
    }
    Ok(written(&value))
}

fn brief(desk: &Desk, request: &Request, id: &str) -> Answer {
    let told = crate::pages::told(desk, id)?;
    let mut brief = told.brief;
    let rows = request.number("rows", 1, MOST, usize::MAX);
    if let Some(words) = request.text("section") {
        let (mut inside, words) = (false, words.to_lowercase());
        brief.pieces.retain(|piece| {
            if let BriefPiece::Heading { level, words: heading } = piece {
                inside = *level > 1 && heading.to_lowercase().contains(&words);
            }
            inside
        });
    }
    if request.value("cited").is_some() {
        // What is drawn is told by the table after it.
        brief
            .pieces
            .retain(|p| !matches!(p, BriefPiece::Timeline { .. } | BriefPiece::Relations { .. } | BriefPiece::Lineage { .. }));
    }
    let mut value = serde_json::to_value(&brief).unwrap_or_default();
    for piece in value["pieces"].as_array_mut().into_iter().flatten() {
        for name in ["rows", "lines"] {
            let Some(all) = piece[name].as_array_mut() else { continue };
            let left = all.len().saturating_sub(rows);
            // A paragraph is read as a whole.
            if left > 0 && piece["kind"] != "paragraph" {
                piece[name].as_array_mut().into_iter().for_each(|all| all.truncate(rows));
                piece["left_out"] = json!(left);
            }
        }
    }
    let story = &told.story;
    value["story"] = json!({"id": story.id, "title": story.title, "origins": story.origins, "reports": story.documents,
        "first": story.first, "last": story.last});
    cited(desk, request, value)
}

/// The events of a story, by day.
fn timeline(desk: &Desk, request: &Request, id: &str) -> Answer {
    let (limit, after) = (request.number("limit", 1, MOST, USUAL), after(request)?);
    let found = desk.shelf.read(|store| {
        let Some(story) = store.story(id)? else { return Ok(None) };
        let days = (request.text("since"), request.text("until"));
        let search = RecordEventSearch {
            story: Some(story.number),
            days,
            after: after.clone(),
            limit: limit + 1,
            ..RecordEventSearch::default()
        };
        store.record_events(&search).map(Some)
    })?;
    let mut found = found.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?;
    let next = behind(&found, limit, |e| e.place_in(EventOrder::Day));
    found.truncate(limit);
    let mut value = pages::events(&found);
    value["schema"] = json!("tellings.timeline/1");
    value["next"] = next;
    cited(desk, request, value)
}

/// Quotes or claims of a story's record; who is in them with names.
fn of_story(desk: &Desk, request: &Request, id: &str, list: &str, filters: &[(&str, &str)]) -> Answer {
    let (limit, skip) = span(request)?;
    let body = desk.shelf.read(|store| {
        let Some(story) = store.story(id)? else { return Ok(None) };
        Ok(Some(store.record(story.number)?.map(|r| r.body).unwrap_or_default()))
    })?;
    let body = body.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?;
    let record: Value = serde_json::from_slice(&body).unwrap_or_default();
    let story = &record["stories"][0];
    let entities = story["entities"].as_array().map_or(&[][..], Vec::as_slice);
    let name = |id: &str| entities.iter().find(|e| e["id"] == id).and_then(|e| e["name"].as_str());
    let fits = |one: &Value| {
        filters.iter().all(|(asked, field)| {
            let Some(wanted) = request.value(asked).map(str::to_lowercase) else { return true };
            let Some(given) = one[*field].as_str() else { return false };
            given.to_lowercase() == wanted || name(given).is_some_and(|name| name.to_lowercase().contains(&wanted))
        })
    };
    let all: Vec<&Value> = story[list].as_array().into_iter().flatten().filter(|one| fits(one)).collect();
    let named = |one: &&Value| {
        let mut one = (*one).clone();
        for field in ["speaker", "by", "toward"] {
            let known = one[field].as_str().and_then(name).map(str::to_string);
            if let Some(known) = known {
                one[format!("{field}_name")] = json!(known);
            }
        }
        one
    };
    let shown: Vec<Value> = all.iter().skip(skip).take(limit).map(named).collect();
    let more = next(all.len().saturating_sub(skip), limit, skip);
    let mut value = json!({"schema": format!("tellings.{list}/1"), "story": story["id"]});
    value[list] = json!(shown);
    value["next"] = more;
    cited(desk, request, value)
}

/// What words find: stories, people, reports.
fn search(desk: &Desk, request: &Request) -> Answer {
    const MARKS: (char, char) = ('\u{2}', '\u{3}');
    let (limit, _) = span(request)?;
    let words = request.text("q").unwrap_or_default();
    let days = (request.text("since"), request.text("until"));
    let in_reports = Search {
        words: words.clone(),
        outlet: request.text("outlet"),
        days: days.clone(),
        limit,
        marks: MARKS,
        ..Search::default()
    };
    let in_stories = StorySearch { words: words.clone(), days, limit, latest: LATEST, ..StorySearch::default() };
    let (sum, fresh) = desk.sums()?;
    let ids = sum.named(&words, limit);
    let (hits, places, stories, who) = desk.shelf.read(|store| {
        // No words may be left to look for.
        let all = |error: tellings::store::Error| if error.is_query() { Ok(Vec::new()) } else { Err(error) };
        let latest_first = store.more_than(&words, COMMON).unwrap_or(false);
        let hits = store.search(&Search { latest_first, ..in_reports }).or_else(all)?;
        let mut places = Vec::new();
        for hit in &hits {
            // The longest piece of the snippet is told as a citation.
            let plain: String = hit.snippet.chars().filter(|c| *c != MARKS.0 && *c != MARKS.1).collect();
            let piece = plain.split('…').map(str::trim).max_by_key(|p| p.len()).unwrap_or_default();
            let text = store.text(&hit.id)?.unwrap_or_default();
            places.push(crate::cite::place(&text, piece).map(|span| json!({"document": hit.id, "span": span, "words": piece})));
        }
        let all = |error: tellings::store::Error| if error.is_query() { Ok(Vec::new()) } else { Err(error) };
        let mut who = one_each(store, &ids)?;
        // Each for themselves first.
        who.sort_by_key(together);
        Ok((hits, places, store.stories(&in_stories).or_else(all)?, who))
    })?;
    let stories: Vec<Value> = (stories.iter())
        .map(|s| json!({"id": s.id, "title": s.title, "origins": s.origins, "reports": s.documents, "first": s.first, "last": s.last}))
        .collect();
    let actors: Vec<Value> = (who.iter())
        .map(|one| json!({"id": one.id, "name": one.name, "kind": one.kind, "country": one.country, "role": one.role}))
        .collect();
    let reports: Vec<Value> = (hits.iter().zip(places))
        .map(|(hit, place)| {
            json!({"id": hit.id, "title": hit.title, "outlet": hit.outlet, "published": hit.published,
                "citations": place.into_iter().collect::<Vec<_>>()})
        })
        .collect();
    Ok(written(&json!({"schema": "tellings.search/1", "stories": stories, "actors": actors, "reports": reports})).kept_if(fresh))
}

/// Words that more reports have than these tell little: of reports with them the latest come first, not the best.
pub(crate) const COMMON: usize = 1000;

/// Are several named at once, who are known each for themselves? `Barack Obama and Vladimir Putin`, but no ministry.
pub(crate) fn together(one: &EntityRow) -> bool {
    one.id.starts_with("e-") && matches!(one.kind.as_str(), "PER" | "GPE") && one.name.contains(" and ")
}

/// Each of these, as the story tells that mentions it most.
pub(crate) fn one_each(store: &dyn Store, ids: &[String]) -> tellings::store::Result<Vec<EntityRow>> {
    let mut all = Vec::new();
    for id in ids {
        all.extend(store.entities(id, 1)?);
    }
    Ok(all)
}

/// Why a value is what it is.
fn explain(desk: &Desk, request: &Request) -> Answer {
    let (limit, _) = span(request)?;
    let of = request.text("of").unwrap_or_default();
    let report = of.rsplit_once(':').map(|(id, _)| id.to_string());
    let stored = desk.shelf.read(|store| {
        if let Some(id) = request.value("story") {
            return tellings::store::story(store, id);
        }
        let search = RecordEventSearch { id: Some(of.clone()), limit: 1, ..RecordEventSearch::default() };
        if let Some(event) = store.record_events(&search)?.first() {
            return tellings::store::story(store, &event.story);
        }
        let Some(report) = report.as_deref().map(|id| store.document(id)).transpose()?.flatten() else { return Ok(None) };
        match store.stories_of(report.number)?.first() {
            Some(story) => tellings::store::story(store, &story.id),
            None => Ok(None),
        }
    })?;
    let missing =
        || Fail::Missing(format!("value `{of}`; claims, quotes and entities are looked for in their `story`, if it is given"));
    let (docs, record, _) = tellings::store::reconcile(desk.models(), vec![stored.ok_or_else(missing)?]);
    let found = tellings::explain(&docs, &record, &of);
    if found.is_empty() {
        return Err(missing());
    }
    let all: Vec<Value> = (found.iter().take(limit))
        .map(|e| {
            json!({"what": e.what.trim(), "document": e.document, "span": [e.span.start(), e.span.end()],
                "words": e.words.split_whitespace().collect::<Vec<_>>().join(" "), "rule": e.rule})
        })
        .collect();
    let left = found.len() - all.len();
    Ok(written(&json!({"schema": "tellings.explanations/1", "of": of, "explanations": all, "left_out": left})))
}

fn export(desk: &Desk, request: &Request, id: &str, name: &str) -> Answer {
    let layout = Layout::ALL.into_iter().find(|l| l.as_str() == name);
    let layout = layout.ok_or_else(|| Fail::Missing(format!("layout `{name}`")))?;
    let parquet = request.value("form") == Some("parquet");
    // The layouts of others have a form of their own.
    let parquet = parquet && layout.is_own();
    let form = if parquet { Form::Parquet } else { Form::Csv };
    let stored = desk.shelf.read(|store| tellings::store::story(store, id))?;
    let stored = stored.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?;
    let (docs, record, _) = tellings::store::reconcile(desk.models(), vec![stored]);
    let mut out = Vec::new();
    // Writing into memory does not fail.
    let _ = tellings::export::write(layout, form, &record, &docs, &mut out);
    let (kind, ending) = match layout {
        _ if parquet => ("application/vnd.apache.parquet", "parquet"),
        Layout::Calendar => ("text/calendar; charset=utf-8", "ics"),
        Layout::Geojson => ("application/geo+json", "geojson"),
        Layout::Graphml => ("application/xml; charset=utf-8", "graphml"),
        Layout::Prov => ("text/turtle; charset=utf-8", "ttl"),
        Layout::Csl => ("application/vnd.citationstyles.csl+json", "json"),
        Layout::Plover | Layout::Annotations => ("application/jsonl", "jsonl"),
        Layout::Gdelt | Layout::GdeltMentions | Layout::Polecat | Layout::Phoenix => {
            ("text/tab-separated-values; charset=utf-8", "tsv")
        }
        _ => ("text/csv; charset=utf-8", "csv"),
    };
    Ok(Response::new(200, kind, out).named(&format!("{id}-{name}.{ending}")))
}

fn events(desk: &Desk, request: &Request) -> Answer {
    let limit = request.number("limit", 1, MOST, USUAL);
    let search = RecordEventSearch { skip: 0, after: after(request)?, ..asked_events(desk, request, limit + 1)? };
    let mut found = desk.shelf.read(|store| store.record_events(&search))?;
    let next = behind(&found, limit, |e| e.place_in(search.order));
    found.truncate(limit);
    let mut value = pages::events(&found);
    value["next"] = next;
    cited(desk, request, value)
}

fn event(desk: &Desk, request: &Request, id: &str) -> Answer {
    let search = RecordEventSearch { id: Some(id.to_string()), limit: 1, ..RecordEventSearch::default() };
    let found = desk.shelf.read(|store| store.record_events(&search))?;
    let event = found.first().ok_or_else(|| Fail::Missing(format!("event `{id}`")))?;
    cited(desk, request, pages::event(event))
}

/// All events that fit, one a line, as they are read.
fn stream(desk: &Desk, request: &Request) -> Answer {
    let search = RecordEventSearch { skip: 0, after: None, ..asked_events(desk, request, CHUNK)? };
    let shelf = desk.shelf.clone();
    let (send, receive) = mpsc::channel::<Bytes>(2);
    std::thread::spawn(move || {
        let mut search = search;
        loop {
            // The store is given back between two pieces: who reads slowly keeps nobody from it.
            let Ok(found) = shelf.read(|store| store.record_events(&search)) else { return };
            let mut lines = String::new();
            for event in &found {
                lines.push_str(&pages::event(event).to_string());
                lines.push('\n');
            }
            // Who asked may be gone.
            let gone = !lines.is_empty() && send.blocking_send(Bytes::from(lines)).is_err();
            if gone || found.len() < CHUNK {
                return;
            }
            search.after = found.last().map(|e| e.place_in(search.order));
        }
    });
    let mut response = Response::new(200, "application/jsonl", "");
    response.body = Body::Pieces(receive);
    Ok(response.named("events.jsonl").with("cache-control", "no-store"))
}

fn reports(desk: &Desk, request: &Request) -> Answer {
    let (limit, skip) = span(request)?;
    let search = Search {
        words: request.text("q").unwrap_or_default(),
        outlet: request.text("outlet"),
        days: (request.text("since"), request.text("until")),
        limit: limit + 1,
        skip,
        ..Search::default()
    };
    let found = found(desk.shelf.read(|store| {
        let latest_first = store.more_than(&search.words, COMMON)?;
        store.search(&Search { latest_first, ..search })
    }))?;
    let reports: Vec<Value> = (found.iter().take(limit))
        .map(|hit| json!({"id": hit.id, "title": hit.title, "outlet": hit.outlet, "published": hit.published, "snippet": hit.snippet}))
        .collect();
    Ok(written(&json!({"schema": "tellings.reports/1", "reports": reports, "next": next(found.len(), limit, skip)})))
}

fn report(desk: &Desk, id: &str) -> Answer {
    let stored = desk.shelf.read(|store| store.document(id))?;
    let stored = stored.ok_or_else(|| Fail::Missing(format!("report `{id}`")))?;
    Ok(Response::json(stored.entry.reading))
}

fn entities(desk: &Desk, request: &Request) -> Answer {
    let (limit, _) = span(request)?;
    let name = request.value("name").ok_or_else(|| Fail::Bad("`name` is a part of a name, or an id.".to_string()))?;
    let found = desk.shelf.read(|store| store.entities(name, limit))?;
    let all: Vec<Value> = (found.iter())
        .map(|e| {
            json!({"id": e.id, "name": e.name, "kind": e.kind, "country": e.country, "role": e.role, "mentions": e.mentions,
                "story": e.story})
        })
        .collect();
    Ok(written(&json!({"schema": "tellings.entities/1", "entities": all})))
}

fn entity(desk: &Desk, request: &Request, id: &str) -> Answer {
    if let Some(id) = id.strip_suffix(".atom") {
        return feeds::entity(desk, request, id, feeds::Kind::Atom);
    }
    if let Some(id) = id.strip_suffix(".feed.json") {
        return feeds::entity(desk, request, id, feeds::Kind::Json);
    }
    // With citations the latest of the events: an assistant reads it whole.
    let few = if request.value("cited").is_some() { 20 } else { 1000 };
    let found = desk.shelf.read(|store| pages::entities(store, id, 20, few))?;
    let fits = |by: &dyn Fn(&pages::EntityPage) -> bool| found.iter().filter(|p| by(p)).collect::<Vec<_>>();
    // By id; by name, where it is that of one alone; by a part of it.
    let named = [fits(&|p| p.entity.id == id), fits(&|p| p.entity.name.eq_ignore_ascii_case(id)), fits(&|_| true)];
    let page = match named.iter().find(|all| all.len() == 1) {
        Some(one) => one[0],
        None if found.is_empty() => return Err(Fail::Missing(format!("entity `{id}`"))),
        None => {
            let ids: Vec<&str> = found.iter().map(|p| p.entity.id.as_str()).collect();
            return Err(Fail::Missing(format!("single entity `{id}`: ask for one of {}", ids.join(", "))));
        }
    };
    let e = &page.entity;
    let stories: Vec<Value> =
        page.stories.iter().map(|(s, mentions)| json!({"id": s.id, "title": s.title, "mentions": mentions})).collect();
    let events: Vec<Value> = page.events.iter().map(pages::event).collect();
    let value = json!({"schema": "tellings.entity/1", "id": e.id, "name": e.name, "kind": e.kind, "country": e.country,
        "mentions": page.mentions, "roles": page.roles, "stories": stories, "events": events});
    cited(desk, request, value)
}

fn sources(desk: &Desk) -> Answer {
    let (sum, fresh) = desk.sums()?;
    let all: Vec<Value> = (sum.outlets.iter())
        .map(|o| {
            json!({"outlet": o.outlet, "reports": o.reports, "originals": o.originals, "copies": o.copies, "excerpts": o.excerpts,
                "rewrites": o.rewrites, "stories": o.stories, "first": o.days.0, "last": o.days.1, "days_late": o.late})
        })
        .collect();
    Ok(written(&json!({"schema": "tellings.sources/1", "outlets": all})).kept_if(fresh))
}

fn problems(desk: &Desk, request: &Request) -> Answer {
    let limit = request.number("limit", 1, MOST, USUAL);
    let before = after(request)?.map(|place| number(&place, 0));
    let search = ProblemSearch { kind: request.text("kind"), item: request.text("item"), before, limit: limit + 1, skip: 0 };
    let found = desk.shelf.read(|store| store.problems(&search))?;
    let all: Vec<Value> = (found.iter().take(limit))
        .map(|p| json!({"item": p.item, "kind": p.kind, "note": p.note, "run": p.run, "kept": p.kept}))
        .collect();
    Ok(written(
        &json!({"schema": "tellings.problems/1", "problems": all, "next": behind(&found, limit, |p| vec![p.number.to_string()])}),
    ))
}

/// What became of stories after a run.
fn changes(desk: &Desk, request: &Request) -> Answer {
    let limit = request.number("limit", 1, MOST, USUAL);
    let run: i64 = match request.value("after") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Fail::Bad("`after` is the number of a run.".to_string()))?,
    };
    let place = after(request)?.map(|place| (number(&place, 0), number(&place, 1), number(&place, 2)));
    let found = desk.shelf.read(|store| store.moved(place.unwrap_or((run, i64::MAX, 0)), limit + 1))?;
    let all: Vec<Value> = (found.iter().take(limit))
        .map(|c| {
            let (_, from) = tellings::story::kept::ancestry(&c.gist);
            let kind = match (&c.into, c.version) {
                (Some(_), _) => "merged",
                (None, 0) => "deleted",
                (None, 1) if !from.is_empty() => "split",
                (None, 1) => "created",
                _ => "changed",
            };
            json!({"run": c.run, "at": c.at, "change": kind, "story": c.story, "title": c.title, "version": c.version,
                "into": c.into, "from": from})
        })
        .collect();
    let last = found.iter().take(limit).map(|c| c.run).max().unwrap_or(run);
    let next = behind(&found, limit, |c| [c.place.0, c.place.1, c.place.2].map(|n| n.to_string()).to_vec());
    Ok(written(&json!({"schema": "tellings.changes/1", "changes": all, "last": last, "next": next})))
}
