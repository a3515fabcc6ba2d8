//! `/api/v1`: the contract's JSON, lists by cursor, exports, and what changed. `data/openapi.json` tells all of it.

use crate::http::{Body, Response};
use crate::pages::{asked_events, asked_stories};
use crate::{Answer, Desk, Fail, Request, feeds};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::OnceLock;
use tellings::export::{Form, Layout};
use tellings::json::StoriesWriter;
use tellings::store::{ProblemSearch, RecordEventSearch, Search, pages};
use tokio::sync::mpsc;

/// Things in a list, unless another number is asked for; and at most.
const USUAL: usize = 50;
const MOST: usize = 500;
/// Events that are read at once for a stream.
const CHUNK: usize = 1000;

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
        ["stories", id, "brief"] => brief(desk, id),
        ["stories", id, "export", layout] => export(desk, request, id, layout),
        ["stories", id] => story(desk, request, id),
        ["events"] => events(desk, request),
        ["events.jsonl"] => stream(desk, request),
        ["events", id] => event(desk, id),
        ["reports"] => reports(desk, request),
        ["reports", id] => report(desk, id),
        ["entities"] => entities(desk, request),
        ["entities", id @ ..] if !id.is_empty() => entity(desk, request, &id.join("/")),
        ["sources"] => sources(desk),
        ["problems"] => problems(desk, request),
        ["changes"] => changes(desk, request),
        _ => Err(Fail::Missing("such thing in the API".to_string())),
    }
}

/// What the API answers to, by path.
fn paths() -> &'static Value {
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
    let (limit, skip) = span(request)?;
    let search = tellings::store::StorySearch { limit: limit + 1, ..asked_stories(request, skip) };
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
        Ok(stories.len())
    })?;
    let mut value: Value = serde_json::from_slice(&out).unwrap_or_default();
    value["next"] = next(found, limit, skip);
    Ok(written(&value))
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

fn brief(desk: &Desk, id: &str) -> Answer {
    let told = crate::pages::told(desk, id)?;
    Ok(Response::json(serde_json::to_vec(&told.brief).unwrap_or_default()))
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
    let (limit, skip) = span(request)?;
    let search = RecordEventSearch { skip, ..asked_events(desk, request, limit + 1)? };
    let mut found = desk.shelf.read(|store| store.record_events(&search))?;
    let next = next(found.len(), limit, skip);
    found.truncate(limit);
    let mut value = pages::events(&found);
    value["next"] = next;
    Ok(written(&value))
}

fn event(desk: &Desk, id: &str) -> Answer {
    let search = RecordEventSearch { id: Some(id.to_string()), limit: 1, ..RecordEventSearch::default() };
    let found = desk.shelf.read(|store| store.record_events(&search))?;
    let event = found.first().ok_or_else(|| Fail::Missing(format!("event `{id}`")))?;
    Ok(written(&pages::event(event)))
}

/// All events that fit, one a line, as they are read.
fn stream(desk: &Desk, request: &Request) -> Answer {
    let search = RecordEventSearch { skip: 0, ..asked_events(desk, request, CHUNK)? };
    let shelf = desk.shelf.clone();
    let (send, receive) = mpsc::channel::<Bytes>(2);
    std::thread::spawn(move || {
        let mut search = search;
        // All of it as the store was when it began.
        let _ = shelf.read(|store| {
            loop {
                let found = store.record_events(&search)?;
                let mut lines = String::new();
                for event in &found {
                    lines.push_str(&pages::event(event).to_string());
                    lines.push('\n');
                }
                // Who asked may be gone.
                if found.is_empty() || send.blocking_send(Bytes::from(lines)).is_err() || found.len() < CHUNK {
                    return Ok(());
                }
                search.skip += CHUNK;
            }
        });
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
    let found = found(desk.shelf.read(|store| store.search(&search)))?;
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
    let found = desk.shelf.read(|store| pages::entities(store, id, 20))?;
    let page = found.iter().find(|p| p.entity.id == id).ok_or_else(|| Fail::Missing(format!("entity `{id}`")))?;
    let e = &page.entity;
    let stories: Vec<Value> =
        page.stories.iter().map(|(s, mentions)| json!({"id": s.id, "title": s.title, "mentions": mentions})).collect();
    let events: Vec<Value> = page.events.iter().map(pages::event).collect();
    Ok(written(&json!({"schema": "tellings.entity/1", "id": e.id, "name": e.name, "kind": e.kind, "country": e.country,
        "mentions": page.mentions, "roles": page.roles, "stories": stories, "events": events})))
}

fn sources(desk: &Desk) -> Answer {
    let outlets = desk.shelf.read(|store| store.outlets())?;
    let all: Vec<Value> = (outlets.iter())
        .map(|o| {
            json!({"outlet": o.outlet, "reports": o.reports, "originals": o.originals, "copies": o.copies, "excerpts": o.excerpts,
                "rewrites": o.rewrites, "stories": o.stories, "first": o.days.0, "last": o.days.1, "days_late": o.late})
        })
        .collect();
    Ok(written(&json!({"schema": "tellings.sources/1", "outlets": all})))
}

fn problems(desk: &Desk, request: &Request) -> Answer {
    let (limit, skip) = span(request)?;
    let search = ProblemSearch { kind: request.text("kind"), item: request.text("item"), limit: limit + 1, skip };
    let found = desk.shelf.read(|store| store.problems(&search))?;
    let all: Vec<Value> = (found.iter().take(limit))
        .map(|p| json!({"item": p.item, "kind": p.kind, "note": p.note, "run": p.run, "kept": p.kept}))
        .collect();
    Ok(written(&json!({"schema": "tellings.problems/1", "problems": all, "next": next(found.len(), limit, skip)})))
}

/// What became of stories after a run.
fn changes(desk: &Desk, request: &Request) -> Answer {
    let (limit, skip) = span(request)?;
    let after = match request.value("after") {
        None => 0,
        Some(text) => text.parse().map_err(|_| Fail::Bad("`after` is the number of a run.".to_string()))?,
    };
    let found = desk.shelf.read(|store| store.moved(after, limit + 1, skip))?;
    let all: Vec<Value> = (found.iter().take(limit))
        .map(|c| {
            let kind = match (&c.into, c.version) {
                (Some(_), _) => "merged",
                (None, 1) => "created",
                _ => "changed",
            };
            json!({"run": c.run, "at": c.at, "change": kind, "story": c.story, "title": c.title, "version": c.version, "into": c.into})
        })
        .collect();
    let last = found.iter().take(limit).map(|c| c.run).max().unwrap_or(after);
    Ok(written(&json!({"schema": "tellings.changes/1", "changes": all, "last": last, "next": next(found.len(), limit, skip)})))
}
