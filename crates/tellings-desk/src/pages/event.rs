//! One event: what each report tells of it, attribute by attribute, beside one another.

use crate::http::encoded;
use crate::layout::{self, Page, Tab, plural};
use crate::record::{Event, EventAt, Reading, Told};
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use tellings::store::{RecordEventRow, RecordEventSearch, Store};

/// Tellings beside one another; more of them are on pages of their own.
const MOST: usize = 12;

/// Tellings of a value that are named; how many more there are is said.
const CITES: usize = 8;
/// Values of a fact that are shown.
const VALUES: usize = 12;

/// A telling with what was read in it.
struct Column {
    document: String,
    name: String,
    published: Option<String>,
    lineage: usize,
    span: [usize; 2],
    words: String,
    read: Option<EventAt>,
    reading: Reading,
    attributed: Option<String>,
}

pub(crate) fn page(desk: &Desk, request: &Request, id: &str) -> Answer {
    let skip = request.number("skip", 0, 1_000_000, 0);
    let found = desk.shelf.read(|store| {
        let search = RecordEventSearch { id: Some(id.to_string()), limit: 1, ..RecordEventSearch::default() };
        let Some(row) = store.record_events(&search)?.into_iter().next() else { return Ok(None) };
        let event: Event = serde_json::from_str(&row.body).unwrap_or_default();
        let columns = columns(store, &event, skip)?;
        Ok(Some((row, event, columns)))
    })?;
    let (row, event, columns) = found.ok_or_else(|| Fail::Missing(format!("event `{id}`")))?;
    let names = names(&row);
    let title = format!(
        "{}{}",
        row.kind.as_deref().unwrap_or("event").to_lowercase(),
        names.map_or_else(String::new, |n| format!(": {n}"))
    );
    let body = html! {
        div.head {
            h1 { (layout::kind(row.kind.as_deref())) @if let Some(names) = self::names(&row) { ": " (names) } }
            p.meta {
                (layout::agreement(&row.agreement, row.origins))
                span { (plural(row.origins, "independent origin")) ", " (plural(row.articles, "report")) }
                a href=(layout::story(&row.story)) { (row.title) }
                code { (row.id) }
            }
        }
        (record(&row, &event, &columns, skip))
        h2 #tellings { "How each report tells it" }
        @if event.tellings.len() > MOST { p.note { "Of " (event.tellings.len()) " tellings " (MOST) " at a time." } }
        div.scroll tabindex="0" role="group" aria-label="Tellings beside one another" { (aligned(&columns)) }
        (layout::turn(request, skip, MOST, event.tellings.len() > skip + MOST))
        p.more { a href=(format!("/review?event={}", encoded(&row.id))) { "Set it right" } " · " a href=(format!("/api/v1/events/{}", encoded(&row.id))) { "JSON" } }
    };
    Ok(Response::html(200, Page { title: &title, tab: Tab::Events, words: "", also: Vec::new(), body }.set()))
}

/// Who, to whom.
fn names(row: &RecordEventRow) -> Option<String> {
    let list =
        |role: &str| row.participants.iter().filter(|p| p.role == role).map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ");
    match (list("actor"), list("recipient")) {
        (a, b) if a.is_empty() && b.is_empty() => None,
        (a, b) if b.is_empty() => Some(a),
        (a, b) => Some(format!("{a} → {b}")),
    }
}

fn columns(store: &dyn Store, event: &Event, skip: usize) -> tellings::store::Result<Vec<Column>> {
    let mut all = Vec::new();
    for telling in event.tellings.iter().skip(skip).take(MOST) {
        let Some(stored) = store.document(&telling.document)? else { continue };
        let mut reading = Reading::parse(&stored.entry.reading);
        let at = reading.events.iter().position(|e| e.trigger == telling.trigger);
        let read = at.map(|at| reading.events.swap_remove(at));
        all.push(Column {
            document: telling.document.clone(),
            name: stored.entry.outlet.clone().unwrap_or_else(|| telling.document.clone()),
            published: stored.entry.published.clone(),
            lineage: telling.lineage,
            span: telling.span,
            words: layout::short(&reading.words(telling.span), 1200),
            read,
            attributed: telling.attributed_to.clone(),
            reading,
        });
    }
    Ok(all)
}

/// What the record says, with how well it is supported.
fn record(row: &RecordEventRow, event: &Event, columns: &[Column], skip: usize) -> Markup {
    let told = |value: &Told| {
        html! {
            b { (layout::value(&value.value)) } @if value.superseded { " " span.tag { "corrected since" } }
            @for telling in value.tellings.iter().take(CITES).filter_map(|t| event.tellings.get(*t).map(|told| (*t, told))) {
                @let name = telling.0.checked_sub(skip).and_then(|at| columns.get(at)).map_or(&telling.1.document, |c| &c.name);
                " " a.cite href=(layout::words(&telling.1.document, telling.1.span)) { (layout::short(name, 40)) }
            }
            @if value.tellings.len() > CITES { span.sub { " +" (value.tellings.len() - CITES) } }
        }
    };
    html! {
        table.list.record {
            thead { tr { th scope="col" { "What" } th scope="col" { "As recorded" } th scope="col" { "Support" } } }
            tbody {
                tr { th scope="row" { "Who" } td { (super::events::who(row, "actor")) } td {} }
                @if row.participants.iter().any(|p| p.role == "recipient") {
                    tr { th scope="row" { "To whom" } td { (super::events::who(row, "recipient")) } td {} }
                }
                tr { th scope="row" { "When" } td { (layout::date(event.date.value.as_deref())) @if let Some(basis) = &event.date.basis { span.sub { " " (basis) } } }
                    td { @if let Some(a) = event.date.agreement.as_deref() { (layout::agreement(a, row.origins)) } } }
                tr { th scope="row" { "Where" }
                    td { @match &event.place { Some(place) => { (place.name) @if let Some(country) = &place.country { span.sub { " " (country) } } } None => { span.unknown { "not told" } } } }
                    td { @if let Some(a) = event.place.as_ref().and_then(|p| p.agreement.as_deref()) { (layout::agreement(a, row.origins)) } } }
                @for fact in &event.facts {
                    tr { th scope="row" { (fact.attribute) }
                        td { @for value in together(&fact.values).iter().take(VALUES) { p { (told(value)) } } }
                        td { (layout::agreement(&fact.agreement, row.origins)) } }
                }
                tr { th scope="row" { "Did it happen" } td { (row.realis) span.sub { " " (row.status) } } td {} }
                tr { th scope="row" { "Coded" } td { (event.kind.as_deref().unwrap_or("-").to_lowercase())
                    @for more in event.modes.iter().chain(&event.contexts) { ", " (more) }
                    @if let Some(cameo) = &event.cameo { span.sub { " CAMEO " (cameo) } } span.sub { " by " (event.rule) } } td {} }
            }
        }
    }
}

/// Values that are alike as one, with all who tell it.
fn together(values: &[Told]) -> Vec<Told> {
    let mut all: Vec<Told> = Vec::new();
    for value in values {
        match all
            .iter_mut()
            .find(|known| layout::value(&known.value) == layout::value(&value.value) && known.superseded == value.superseded)
        {
            Some(known) => known.tellings.extend(&value.tellings),
            None => all.push(value.clone()),
        }
    }
    all
}

fn aligned(columns: &[Column]) -> Markup {
    let row = |name: &str, of: &dyn Fn(&Column) -> Option<String>| {
        let values: Vec<Option<String>> = columns.iter().map(of).collect();
        // Where one says something else than the others it is set apart.
        let mut told: Vec<&String> = values.iter().flatten().filter(|v| !v.is_empty()).collect();
        told.dedup();
        let differ = told.windows(2).any(|w| w[0] != w[1]);
        html! {
            @if !told.is_empty() {
                tr {
                    th scope="row" { (name) }
                    @for value in &values {
                        @match value.as_deref().filter(|v| !v.is_empty()) {
                            Some(value) => { td class=[differ.then_some("differs")] { (value) } }
                            None => { td.unknown { "not told" } }
                        }
                    }
                }
            }
        }
    };
    let read = |of: &'static dyn Fn(&EventAt, &Reading) -> Option<String>| {
        move |c: &Column| c.read.as_ref().and_then(|e| of(e, &c.reading))
    };
    let mut facts: Vec<&str> =
        columns.iter().filter_map(|c| c.read.as_ref()).flat_map(|e| &e.facts).map(|f| f.attribute.as_str()).collect();
    facts.sort_unstable();
    facts.dedup();
    html! {
        table.aligned {
            thead { tr { td {}
                @for c in columns { th scope="col" { a href=(layout::words(&c.document, c.span)) { (c.name) } br; span.sub { (layout::date(c.published.as_deref())) ", origin " (c.lineage + 1) } } }
            } }
            tbody {
                tr { th scope="row" { "Words" } @for c in columns { td.words { (c.words) } } }
                (row("Who", &read(&|e, r| Some(r.parties(&e.actors)))))
                (row("To whom", &read(&|e, r| Some(r.parties(&e.recipients)))))
                (row("When", &read(&|e, _| e.time.as_ref().and_then(|t| t.value.clone()))))
                (row("Known how", &read(&|e, _| e.time.as_ref().and_then(|t| t.basis.clone()))))
                (row("Where", &read(&|e, r| e.place.as_ref().and_then(|p| r.places.get(p.place)).map(|p| p.name.clone()))))
                (row("Place known how", &read(&|e, _| e.place.as_ref().map(|p| p.basis.clone()))))
                (row("Type", &read(&|e, _| e.kind.as_ref().map(|k| k.to_lowercase()))))
                @for fact in facts {
                    (row(fact, &|c: &Column| c.read.as_ref().map(|e| e.facts.iter().filter(|f| f.attribute == fact).map(|f| layout::value(&f.value)).collect::<Vec<_>>().join("; "))))
                }
                (row("Says who", &|c: &Column| c.read.as_ref().and_then(|e| e.attributed_to).and_then(|e| c.reading.entities.get(e)).map(|e| e.name.clone()).or_else(|| c.attributed.clone())))
                (row("Did it happen", &read(&|e, _| Some(e.realis.clone()))))
                (row("Coded by", &read(&|e, _| Some(e.rule.clone()))))
            }
        }
    }
}
