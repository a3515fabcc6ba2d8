//! Somebody or something over all stories: roles, events, what they say and are called.

use super::events;
use crate::http::encoded;
use crate::layout::{self, Page, Tab, plural};
use crate::record::Record;
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use tellings::store::pages::{self, EntityPage};

/// Events and stories that are shown; all of them have pages of their own.
const SHOWN: usize = 60;
/// Stories whose claims are looked through.
const STORIES: usize = 12;

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

pub(crate) fn page(desk: &Desk, _: &Request, id: &str) -> Answer {
    let (found, said) = desk.shelf.read(|store| {
        let found = pages::entities(store, id, 20)?;
        let one = found.iter().find(|p| p.entity.id == id).or(found.first().filter(|_| found.len() == 1));
        let mut said = Vec::new();
        for (story, _) in one.iter().flat_map(|p| p.stories.iter().take(STORIES)) {
            let Some(row) = store.record(story.number)? else { continue };
            said.extend(claims(store, &Record::parse(&row.body), &one.map_or_else(String::new, |p| p.entity.id.clone()))?);
        }
        Ok((found, said))
    })?;
    let one = found.iter().find(|p| p.entity.id == id).or(found.first().filter(|_| found.len() == 1));
    let Some(one) = one else {
        if found.is_empty() {
            return Err(Fail::Missing(format!("person, group or place `{id}`")));
        }
        return Ok(several(id, &found));
    };
    let entity = &one.entity;
    let body = html! {
        div.head {
            h1 { (entity.name) }
            p.meta { span { (kind(&entity.kind)) @if let Some(country) = &entity.country { ", " (country) } }
                span { (plural(one.mentions, "mention")) " in " (plural(one.stories.len() as u64, "story").replace("storys", "stories")) } code { (entity.id) } }
        }
        @if !one.roles.is_empty() {
            h2 { "Offices and roles told" }
            ul.plain { @for role in &one.roles { li { (role) } } }
        }
        @let designations: Vec<&Said> = said.iter().filter(|s| s.kind == "designate").collect();
        @if !designations.is_empty() {
            h2 { "Who calls whom what" }
            (claims_table(&designations, entity.name.as_str()))
        }
        h2 { "Events" }
        @if one.events.is_empty() { p.note { "None." } } @else {
            // The latest first; those without a day after them.
            @let dated = one.events.iter().rev().filter(|e| e.days.0.is_some());
            @let latest: Vec<_> = dated.chain(one.events.iter().filter(|e| e.days.0.is_none())).take(SHOWN).cloned().collect();
            (events::table(&latest, None))
            @if one.events.len() > SHOWN { p.more { a href=(events::of_entity(&entity.id)) { "All " (one.events.len()) " and more" } } }
        }
        @let rest: Vec<&Said> = said.iter().filter(|s| s.kind != "designate").collect();
        @if !rest.is_empty() {
            h2 { "Positions, demands, offers, accusations, promises" }
            (claims_table(&rest, entity.name.as_str()))
        }
        h2 { "Stories" }
        ul.plain { @for (story, mentions) in one.stories.iter().take(SHOWN) {
            li { a href=(layout::story(&story.id)) { (super::stories::title(story)) } span.sub { " " (mentions) "×, " (plural(story.documents, "report")) } }
        } }
        @if one.stories.len() > SHOWN { p.more { a href=(format!("/?actor={}", encoded(&entity.id))) { "All " (one.stories.len()) } } }
    };
    let also = vec![("application/atom+xml", entity.name.clone(), format!("/api/v1/entities/{}.atom", encoded(&entity.id)))];
    Ok(Response::html(200, Page { title: &entity.name, tab: Tab::None, words: "", also, body }.set()))
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

fn several(name: &str, found: &[EntityPage]) -> Response {
    let body = html! {
        div.head { h1 { "Who is “" (name) "”?" } p.note { "Several are called so." } }
        ul.lines { @for one in found { li { a href=(layout::actor(&one.entity.id)) { (one.entity.name) }
            span.sub { " " (kind(&one.entity.kind)) @if let Some(role) = one.roles.first() { ", " (role) } ", " (plural(one.mentions, "mention")) } } } }
    };
    Response::html(200, Page { title: name, tab: Tab::None, words: "", also: Vec::new(), body }.set())
}

fn claims(store: &dyn tellings::store::Store, record: &Record, id: &str) -> tellings::store::Result<Vec<Said>> {
    let mut all = Vec::new();
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
            let text = store.document(&at.document)?.map(|d| d.entry.text).unwrap_or_default();
            let words = text.get(at.span[0]..at.span[1]).unwrap_or_default();
            all.push(Said {
                kind: claim.kind.clone(),
                other: other.as_ref().map(|o| (o.clone(), name(o))),
                label: claim.label.clone(),
                document: at.document.clone(),
                span: at.span,
                words: words.split_whitespace().collect::<Vec<_>>().join(" "),
                given,
            });
        }
    }
    Ok(all)
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
