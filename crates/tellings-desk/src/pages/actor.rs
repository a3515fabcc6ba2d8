//! Somebody or something over all stories: roles, events, what they say and are called.

use super::events;
use crate::http::encoded;
use crate::layout::{self, Page, Tab, plural};
use crate::record::Record;
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use std::collections::HashMap;
use tellings::store::{EntityRow, EventOrder, RecordEventRow, RecordEventSearch, Store, StoryRow};

/// Events and stories that are shown; all of them have pages of their own.
const SHOWN: usize = 60;
/// Stories whose claims are looked through, and claims of each kind that are shown.
const STORIES: usize = 12;
const CLAIMS: usize = 20;

/// A claim by or about somebody.
struct Said {
    kind: String,
    other: Option<(String, String)>,
    label: Option<String>,
    document: String,
    span: [usize; 2],
    words: String,
    given: bool,
}

/// Somebody, over all stories.
struct Who {
    entity: EntityRow,
    mentions: u64,
    roles: Vec<String>,
    /// Those that mention it most, and how many there are.
    stories: Vec<(StoryRow, u64)>,
    count: usize,
    /// The latest, one more than is shown.
    events: Vec<RecordEventRow>,
    said: Vec<Said>,
}

pub(crate) fn page(desk: &Desk, _: &Request, id: &str) -> Answer {
    let mut all = Vec::new();
    let found = desk.shelf.read(|store| {
        all = store.entities(id, 1000)?;
        let one = all.iter().find(|row| row.id == id).or(all.first().filter(|first| all.iter().all(|row| row.id == first.id)));
        one.map(|one| who(store, one, &all)).transpose()
    })?;
    let Some(one) = found else {
        if all.is_empty() {
            return Err(Fail::Missing(format!("person, group or place `{id}`")));
        }
        return Ok(several(id, &all));
    };
    let entity = &one.entity;
    let designations: Vec<&Said> = one.said.iter().filter(|s| s.kind == "designate").take(CLAIMS).collect();
    let rest: Vec<&Said> = one.said.iter().filter(|s| s.kind != "designate").take(CLAIMS).collect();
    // What stands first may take the most room.
    let claims = claims_table(&designations, &entity.name);
    let (events, shown) = events::table(&one.events[..one.events.len().min(SHOWN)], None, layout::ROOM / 2);
    let body = html! {
        div.head {
            h1 { (layout::short(&entity.name, 300)) }
            p.meta { span { (kind(&entity.kind)) @if let Some(country) = &entity.country { ", " (country) } }
                span { (plural(one.mentions, "mention")) " in " (plural(one.count as u64, "story").replace("storys", "stories")) } code { (entity.id) } }
        }
        @if !one.roles.is_empty() {
            h2 { "Offices and roles told" }
            ul.plain { @for role in one.roles.iter().take(SHOWN) { li { (layout::short(role, 160)) } } }
        }
        @if !designations.is_empty() { h2 { "Who calls whom what" } (claims) }
        h2 { "Events" }
        @if one.events.is_empty() { p.note { "None." } } @else {
            (events)
            @if one.events.len() > shown { p.more { a href=(events::of_entity(&entity.id)) { "All events" } } }
        }
        @if !rest.is_empty() {
            h2 { "Positions, demands, offers, accusations, promises" }
            (claims_table(&rest, entity.name.as_str()))
        }
        h2 { "Stories" }
        ul.plain { @for (story, mentions) in &one.stories {
            li { a href=(layout::story(&story.id)) { (super::stories::title(story)) } span.sub { " " (mentions) "×, " (plural(story.documents, "report")) } }
        } }
        @if one.count > one.stories.len() { p.more { a href=(format!("/?actor={}", encoded(&entity.id))) { "All " (one.count) } } }
    };
    let also = vec![("application/atom+xml", entity.name.clone(), format!("/api/v1/entities/{}.atom", encoded(&entity.id)))];
    Ok(Response::html(200, Page { title: &entity.name, tab: Tab::None, words: "", also, body }.set()))
}

fn who(store: &dyn Store, one: &EntityRow, all: &[EntityRow]) -> tellings::store::Result<Who> {
    let rows: Vec<&EntityRow> = all.iter().filter(|row| row.id == one.id).collect();
    let mut roles: Vec<String> = Vec::new();
    for role in rows.iter().filter_map(|row| row.role.as_ref()) {
        if !roles.contains(role) {
            roles.push(role.clone());
        }
    }
    let mut stories = Vec::new();
    for row in rows.iter().take(SHOWN / 2) {
        stories.extend(store.story(&row.story)?.map(|story| (story, row.mentions)));
    }
    let latest = RecordEventSearch {
        entity: Some(one.id.clone()),
        order: EventOrder::LastDay,
        limit: SHOWN + 1,
        ..RecordEventSearch::default()
    };
    let events = store.record_events(&latest)?;
    let (mut said, mut texts) = (Vec::new(), HashMap::new());
    // As it stands in JSON, where somebody says something or is told it.
    let marks = ["by", "toward"].map(|name| format!("\"{name}\":\"{}\"", one.id));
    for (story, _) in stories.iter().take(STORIES) {
        if said.len() > 2 * CLAIMS {
            break;
        }
        let Some(row) = store.record(story.number)? else { continue };
        if marks.iter().any(|mark| memchr::memmem::find(&row.body, mark.as_bytes()).is_some()) {
            claims(store, &Record::parse(&row.body), &one.id, &mut texts, &mut said)?;
        }
    }
    let (entity, mentions, count) = (one.clone(), rows.iter().map(|row| row.mentions).sum(), rows.len());
    Ok(Who { entity, mentions, roles, stories, count, events, said })
}

fn kind(kind: &str) -> &str {
    match kind {
        "PER" => "person",
        "ORG" => "organisation",
        "GPE" => "country or place with a government",
        "LOC" => "place",
        "NORP" => "group",
        "FAC" => "building or site",
        other => other,
    }
}

fn several(name: &str, found: &[EntityRow]) -> Response {
    let mut each: Vec<(&EntityRow, u64)> = Vec::new();
    for row in found {
        match each.iter_mut().find(|(one, _)| one.id == row.id) {
            Some((_, mentions)) => *mentions += row.mentions,
            None => each.push((row, row.mentions)),
        }
    }
    let body = html! {
        div.head { h1 { "Who is “" (layout::short(name, 200)) "”?" } p.note { "Several are called so." } }
        ul.lines { @for (one, mentions) in each.iter().take(SHOWN) { li { a href=(layout::actor(&one.id)) { (layout::short(&one.name, 200)) }
            span.sub { " " (kind(&one.kind)) @if let Some(role) = &one.role { ", " (layout::short(role, 120)) } ", " (plural(*mentions, "mention")) } } } }
    };
    Response::html(200, Page { title: name, tab: Tab::None, words: "", also: Vec::new(), body }.set())
}

fn claims(
    store: &dyn Store,
    record: &Record,
    id: &str,
    texts: &mut HashMap<String, String>,
    all: &mut Vec<Said>,
) -> tellings::store::Result<()> {
    for story in &record.stories {
        let name =
            |other: &str| story.entities.iter().find(|e| e.id == other).map_or_else(|| other.to_string(), |e| e.name.clone());
        for claim in &story.claims {
            let given = claim.by.as_deref() == Some(id);
            if !given && claim.toward.as_deref() != Some(id) {
                continue;
            }
            let Some(at) = claim.tellings.first() else { continue };
            let other = if given { &claim.toward } else { &claim.by };
            // Only of those that may be shown.
            let alike = all.iter().filter(|s: &&Said| (s.kind == "designate") == (claim.kind == "designate")).count();
            if alike >= CLAIMS {
                continue;
            }
            if !texts.contains_key(&at.document) {
                let text = store.text(&at.document)?.unwrap_or_default();
                texts.insert(at.document.clone(), text);
            }
            let words = texts[&at.document].get(at.span[0]..at.span[1]).unwrap_or_default();
            all.push(Said {
                kind: claim.kind.clone(),
                other: other.as_ref().map(|o| (o.clone(), name(o))),
                label: claim.label.clone(),
                document: at.document.clone(),
                span: at.span,
                words: layout::short(words, 300),
                given,
            });
        }
    }
    Ok(())
}

fn claims_table(all: &[&Said], name: &str) -> Markup {
    html! {
        table.list {
            thead { tr { th scope="col" { "What" } th scope="col" { "By" } th scope="col" { "Toward" } th scope="col" { "In the words of a report" } } }
            tbody { @for one in all {
                @let other = html! { @if let Some((id, name)) = &one.other { a href=(layout::actor(id)) { (name) } } };
                tr {
                    td.inline data-name="What" { span.tag { (one.kind) } @if let Some(label) = &one.label { " “" (label) "”" } }
                    td data-name="By" { @if one.given { (name) } @else { (other) } }
                    td data-name="Toward" { @if one.given { (other) } @else { (name) } }
                    td data-name="Words" { a href=(layout::words(&one.document, one.span)) { (one.words) } }
                }
            } }
        }
    }
}
