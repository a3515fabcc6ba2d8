//! Events of all stories as a table: filtered, sorted, and taken along exactly as shown.

use crate::http::encoded;
use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use tellings::doc::EventType;
use tellings::export::Form;
use tellings::store::{EventOrder, RecordEventRow, RecordEventSearch};

/// Events on a page.
pub(crate) const STEP: usize = 100;
/// Events in a file.
const MOST: usize = 1_000_000;

const REALIS: [&str; 5] = ["actual", "future", "hypothetical", "negated", "historical"];
const AGREEMENT: [&str; 3] = ["agreed", "single", "disputed"];
/// Name in an address, order, and the column that it belongs to.
const ORDERS: [(&str, EventOrder, &str); 6] = [
    ("last", EventOrder::LastDay, "Date, latest first"),
    ("day", EventOrder::Day, "Date"),
    ("type", EventOrder::Kind, "Type"),
    ("place", EventOrder::Place, "Place"),
    ("origins", EventOrder::Origins, "Origins"),
    ("agreement", EventOrder::Agreement, "Agreement"),
];

/// What a query asks for.
pub(crate) fn asked(desk: &Desk, request: &Request, limit: usize) -> Result<RecordEventSearch, Fail> {
    let story = match request.value("story") {
        Some(id) => {
            let story = desk.shelf.read(|store| store.story(id))?;
            Some(story.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?.number)
        }
        None => None,
    };
    // Names that are known to be those of the present; else the store looks for them itself.
    let named = match request.value("actor") {
        Some(actor) => desk.sums_if_there()?.map(|sum| sum.parties(actor)),
        None => None,
    };
    Ok(RecordEventSearch {
        id: None,
        named,
        kinds: request.query.iter().filter(|q| q.0 == "type" && !q.1.is_empty()).map(|q| q.1.clone()).collect(),
        days: (request.text("since"), request.text("until")),
        entity: request.text("entity"),
        actor: request.text("actor"),
        place: request.text("place"),
        realis: request.text("realis"),
        story,
        agreement: request.text("agreement"),
        min_origins: request.number("origins", 0, 1000, 0) as u64,
        order: ORDERS.iter().find(|o| Some(o.0) == request.value("sort")).map_or(EventOrder::LastDay, |o| o.1),
        after: layout::after(request),
        told_by: None,
        limit,
        skip: request.number("skip", 0, 1_000_000, 0),
    })
}

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let search = asked(desk, request, STEP + 1)?;
    let events = desk.shelf.read(|store| store.record_events(&search))?;
    let (table, shown) = table(&events[..events.len().min(STEP)], Some(request), layout::ROOM);
    let last = events.get(shown.wrapping_sub(1)).filter(|_| events.len() > shown).map(|e| e.place_in(search.order));
    let file = |name: &str| Request { path: vec![name.to_string()], ..request.clone() }.again(&[("after", ""), ("skip", "")]);
    let body = html! {
        div.head {
            h1 { "Events" }
            p.note { "One row an event, however many reports tell it. "
                @if !events.is_empty() { "What fits, in this order, to take along: " a href=(file("events.csv")) { "CSV" } ", " a href=(file("events.parquet")) { "Parquet" } "." } }
        }
        (filters(request))
        @if events.is_empty() { p.empty { "No events fit." } } @else { (table) }
        (layout::onward(request, last.as_deref()))
    };
    let also = vec![("text/csv", "Events".to_string(), file("events.csv"))];
    Ok(Response::html(200, Page { title: "Events", tab: Tab::Events, words: "", also, body }.set()))
}

fn filters(request: &Request) -> Markup {
    let value = |name: &str| request.value(name).unwrap_or_default().to_string();
    let choice = |name: &'static str, any: &'static str, all: &[&str]| {
        html! {
            select name=(name) {
                option value="" { (any) }
                @for one in all { option value=(one) selected[request.value(name) == Some(one)] { (one.to_lowercase()) } }
            }
        }
    };
    html! {
        form.filters action="/events" aria-label="Filter events" {
            label { "Type" (choice("type", "any", &EventType::ALL.map(EventType::as_str))) }
            label { "Who" input type="search" name="actor" value=(value("actor")) placeholder="name or country"; }
            (layout::folded(request, &["place", "since", "until", "realis", "agreement", "origins", "sort"], html! {
            label { "Where" input type="search" name="place" value=(value("place")) placeholder="place or country"; }
            label { "From" input type="date" name="since" value=(value("since")); }
            label { "To" input type="date" name="until" value=(value("until")); }
            label { "Did it happen" (choice("realis", "any", &REALIS)) }
            label { "Agreement" (choice("agreement", "any", &AGREEMENT)) }
            label { "Origins, at least" input.few type="number" min="0" name="origins" value=(value("origins")); }
            label { "Sorted by" select name="sort" {
                @for (name, _, title) in ORDERS { option value=(name) selected[request.value("sort") == Some(name)] { (title) } }
            } }
            }))
            @for kept in ["story", "entity"] { @if let Some(value) = request.value(kept) { input type="hidden" name=(kept) value=(value); } }
            button { "Filter" }
        }
    }
}

/// Who takes part in a role.
pub(crate) fn who(event: &RecordEventRow, role: &str) -> Markup {
    let all: Vec<_> = event.participants.iter().filter(|p| p.role == role).collect();
    html! {
        @for (at, one) in all.iter().enumerate() {
            @if at > 0 { ", " }
            a href=(layout::actor(&one.entity)) { (one.name) }
        }
    }
}

/// Events as rows, as many as there is room for, and how many that are; sorted by a click on a column's name where a request is given.
pub(crate) fn table(events: &[RecordEventRow], request: Option<&Request>, room: usize) -> (Markup, usize) {
    let head = |name: &'static str, orders: &[&'static str], class: &'static str| {
        let now = request.map(|r| r.value("sort").unwrap_or("last"));
        let next = orders.iter().find(|o| Some(**o) != now);
        let sorted = orders.iter().find(|o| Some(**o) == now);
        let sort = sorted.map(|o| if *o == "last" || *o == "origins" || *o == "agreement" { "descending" } else { "ascending" });
        html! {
            th scope="col" class=[Some(class).filter(|c| !c.is_empty())] aria-sort=[sort] {
                @match (request, next.or(sorted)) {
                    (Some(request), Some(next)) => { a href=(request.again(&[("sort", next), ("skip", ""), ("after", "")])) { (name) } }
                    _ => { (name) }
                }
            }
        }
    };
    let (rows, shown, _) = layout::fitting(events, room, |_, event| row(event, request.is_some()));
    let table = html! {
        table.list.events {
            thead { tr {
                (head("Date", &["last", "day"], "")) (head("Type", &["type"], "")) th scope="col" { "Who" } th scope="col" { "To whom" }
                (head("Place", &["place"], "")) (head("Origins", &["origins"], "num")) (head("Agreement", &["agreement"], "")) th scope="col" { "In the words of a report" }
            } }
            tbody { (rows) }
        }
    };
    (table, shown)
}

fn row(event: &RecordEventRow, titled: bool) -> Markup {
    html! {
        tr {
            td.date.inline data-name="Date" { a href=(layout::event(&event.id)) { (layout::date(event.date.as_deref())) } }
            td.inline data-name="Type" { (layout::kind(event.kind.as_deref())) @if event.realis != "actual" { " " span.tag { (event.realis) } } }
            td data-name="Who" { (who(event, "actor")) }
            td data-name="To whom" { (who(event, "recipient")) }
            td data-name="Place" { (event.place.as_deref().unwrap_or_default()) @if let Some(country) = &event.country { span.sub { " " (country) } } }
            td.num data-name="Origins" { (event.origins) }
            td.inline data-name="Agreement" { (layout::agreement(&event.agreement, event.origins)) }
            td data-name="Words" { (layout::short(&event.words, 220))
                @if titled { p.sub { a href=(layout::story(&event.story)) { (event.title) } } } }
        }
    }
}

/// The events that the table shows, in its order, all of its pages.
pub(crate) fn file(desk: &Desk, request: &Request, form: Form) -> Answer {
    let search = RecordEventSearch { skip: 0, after: None, ..asked(desk, request, MOST)? };
    let events = desk.shelf.read(|store| store.record_events(&search))?;
    let mut out: Vec<u8> = Vec::new();
    let rows = events.iter().map(|event| {
        let join = |role: &str, of: fn(&tellings::store::RecordParticipant) -> Option<&str>| {
            event.participants.iter().filter(|p| p.role == role).filter_map(of).collect::<Vec<_>>().join("; ")
        };
        [
            event.id.clone(),
            event.story.clone(),
            event.title.clone(),
            event.kind.clone().unwrap_or_default(),
            event.realis.clone(),
            event.status.clone(),
            event.date.clone().unwrap_or_default(),
            event.days.0.clone().unwrap_or_default(),
            event.days.1.clone().unwrap_or_default(),
            event.place.clone().unwrap_or_default(),
            event.country.clone().unwrap_or_default(),
            join("actor", |p| Some(&p.name)),
            join("actor", |p| Some(&p.entity)),
            join("actor", |p| p.country.as_deref()),
            join("recipient", |p| Some(&p.name)),
            join("recipient", |p| Some(&p.entity)),
            join("recipient", |p| p.country.as_deref()),
            event.agreement.clone(),
            event.origins.to_string(),
            event.articles.to_string(),
            event.words.split_whitespace().collect::<Vec<_>>().join(" "),
        ]
    });
    // Writing into memory does not fail.
    let _ = tellings::export::event_rows(form, rows, &mut out);
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "events.csv"),
        Form::Parquet => ("application/vnd.apache.parquet", "events.parquet"),
    };
    Ok(Response::new(200, kind, out).named(name))
}

/// The address of the events of somebody.
pub(crate) fn of_entity(id: &str) -> String {
    format!("/events?entity={}", encoded(id))
}
