//! The review queue: one event after the other, right or wrong, and what was set right before, to be taken back.

use super::events;
use crate::corrections::{self, Wish};
use crate::http::encoded;
use crate::layout::{self, Page, Tab};
use crate::record::{Event, Telling};
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use std::collections::BTreeSet;
use tellings::corrections::{ROOTS, Rule};
use tellings::store::{EventOrder, RecordEventRow, RecordEventSearch, Store, mend};

/// Events that are looked at to find the next one: first so few, then more.
const AHEAD: [usize; 3] = [4, 40, 400];
/// Corrections that are shown.
const SHOWN: usize = 12;
/// Bytes of a report around the words.
const AROUND: usize = 400;

/// What the page shows of an event.
struct Asked {
    row: RecordEventRow,
    event: Event,
    /// Words before, the words, words after.
    around: Option<(String, String, String)>,
    telling: Telling,
}

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let only = request.text("event");
    let skip = request.number("skip", 0, 1_000_000, 0);
    let search = RecordEventSearch {
        id: only.clone(),
        agreement: request.text("agreement"),
        kinds: request.text("type").into_iter().collect(),
        order: EventOrder::Agreement,
        ..RecordEventSearch::default()
    };
    let (asked, passed, mut corrections) = desk.shelf.read(|store| {
        let corrections = mend::all(store)?;
        let accepted: BTreeSet<(String, (usize, usize))> = (corrections.iter())
            .filter(|c| c.undone.is_none())
            .filter_map(|c| {
                if let Rule::Accept { event, .. } = &c.rule { Some((event.at.document.clone(), event.span)) } else { None }
            })
            .collect();
        let mut passed = 0;
        for limit in AHEAD {
            let search = RecordEventSearch { limit, skip: skip + passed, ..search.clone() };
            for row in store.record_events(&search)? {
                let event: Event = serde_json::from_str(&row.body).unwrap_or_default();
                let known = event.tellings.iter().any(|t| accepted.contains(&(t.document.clone(), (t.span[0], t.span[1]))));
                if known && only.is_none() {
                    passed += 1;
                    continue;
                }
                return Ok((Some(shown(store, row, event)?), passed, corrections));
            }
        }
        Ok((None, passed, corrections))
    })?;
    if only.is_some() && asked.is_none() {
        return Err(Fail::Missing(format!("event `{}`", only.unwrap_or_default())));
    }
    corrections.reverse();
    let done = request.value("done");
    let at = skip + passed;
    let body = html! {
        div.head { h1 { "Review" }
            p.note { "Is it right as it was read? What you say is kept, bound to the words, and applied whenever reports are read again." } }
        @if let Some(id) = done {
            div.notice role="status" { "Kept as " code { (id) } ". "
                @if let Some(note) = request.value("note") { (note) " " }
                (undo(desk, request, id, Some("u"))) }
        }
        (filters(request))
        @match &asked {
            Some(asked) => { (question(desk, request, asked, at)) }
            None => { p.empty { "Nothing is left to review here. " @if at > 0 { a href="/review" { "From the beginning" } } } }
        }
        @if !corrections.is_empty() {
            h2 { "Set right before" }
            table.list {
                thead { tr { th scope="col" { "What" } th scope="col" { "By" } th scope="col" { "When" } th scope="col" { "Undo" } } }
                tbody { @for one in corrections.iter().take(SHOWN) {
                    tr {
                        td data-name="What" { span.tag { (one.rule.action()) } " " (one.rule.about()) @if let Some(note) = &one.note { p.sub { (note) } } }
                        td.inline data-name="By" { (one.author) }
                        td.date.inline data-name="When" { (one.made.get(..16).unwrap_or(&one.made).replace('T', " ")) }
                        td data-name="Undo" { @match &one.undone { Some((when, by)) => { span.sub { "undone " (when.get(..10).unwrap_or(when)) " by " (by) } } None => { (undo(desk, request, &one.id, None)) } } }
                    }
                } }
            }
            @if corrections.len() > SHOWN { p.note { "The latest " (SHOWN) " of " (corrections.len()) "; " code { "tellings correct list" } " lists all." } }
        }
    };
    Ok(Response::html(200, Page { title: "Review", tab: Tab::Review, words: "", also: Vec::new(), body }.set())
        // Its forms are those of who asked.
        .with("cache-control", "no-store"))
}

fn shown(store: &dyn Store, row: RecordEventRow, event: Event) -> tellings::store::Result<Asked> {
    let telling = event.tellings.first().cloned().unwrap_or_default();
    let around = store.text(&telling.document)?.and_then(|text| {
        let edge = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (from, to) = (edge(telling.span[0].saturating_sub(AROUND)), edge(telling.span[1].saturating_add(AROUND)));
        // Lines as they were broken there are none here; paragraphs are.
        let joined = |words: &str| words.split("\n\n").map(|p| p.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
        let part = |a: usize, b: usize| text.get(a..b).map(joined);
        Some((part(from, telling.span[0])?, part(telling.span[0], telling.span[1])?, part(telling.span[1], to)?))
    });
    Ok(Asked { row, event, around, telling })
}

fn filters(request: &Request) -> Markup {
    html! {
        form.filters action="/review" aria-label="Which events" {
            label { "Type" select name="type" { option value="" { "any" }
                @for (kind, _) in ROOTS { option value=(kind) selected[request.value("type") == Some(kind)] { (kind.to_lowercase()) } } } }
            label { "Agreement" select name="agreement" { option value="" { "disputed first" }
                @for one in ["disputed", "single", "agreed"] { option value=(one) selected[request.value("agreement") == Some(one)] { (one) } } } }
            button.quiet { "Show these" }
        }
    }
}

/// A button that takes a correction back.
fn undo(desk: &Desk, request: &Request, id: &str, key: Option<&str>) -> Markup {
    html! {
        form.inline method="post" action="/review" {
            input type="hidden" name="token" value=(desk.token(request));
            input type="hidden" name="action" value="undo"; input type="hidden" name="correction" value=(id);
            button.quiet data-key=[key] aria-label=(format!("Undo {id}")) { "Undo" }
        }
    }
}

fn question(desk: &Desk, request: &Request, asked: &Asked, at: usize) -> Markup {
    let Asked { row, event, around, telling } = asked;
    let next = request.again(&[("skip", &(at + 1).to_string()), ("event", ""), ("done", ""), ("note", "")]);
    let back = request.again(&[
        ("skip", if at == 0 { String::new() } else { at.to_string() }.as_str()),
        ("event", ""),
        ("done", ""),
        ("note", ""),
    ]);
    html! {
        article.ask aria-label="The event" {
            p.what { (layout::kind(row.kind.as_deref())) " " b { (events::who(row, "actor")) } @if row.participants.iter().any(|p| p.role == "recipient") { " → " b { (events::who(row, "recipient")) } }
                " · " (layout::date(row.date.as_deref())) @if let Some(place) = &row.place { " · " (place) }
                " · " span.tag { (row.realis) } " " (layout::agreement(&row.agreement, row.origins)) " " a.id href=(layout::event(&row.id)) { (row.id) } }
            @if let Some((before, words, after)) = around {
                blockquote { (before.trim_start()) mark { (words) } (after) }
                p.sub { a href=(layout::words(&telling.document, telling.span)) { (telling.document) } ", coded by " (event.rule) }
            }
            form.decide method="post" action="/review" {
                input type="hidden" name="token" value=(desk.token(request));
                input type="hidden" name="event" value=(row.id); input type="hidden" name="back" value=(back);
                div.buttons {
                    button name="action" value="accept" data-key="a" { "Right " kbd { "a" } }
                    button.no name="action" value="reject" data-key="r" { "No such event " kbd { "r" } }
                    a.button href=(next) data-key="s" { "Skip " kbd { "s" } }
                }
                details { summary { "Not quite: set one thing right" }
                    div.filters {
                        label { "It is of type" select name="kind" { @for (kind, _) in ROOTS { option value=(kind) selected[row.kind.as_deref() == Some(kind)] { (kind.to_lowercase()) } } } }
                        button.quiet name="action" value="recode" { "Recode" }
                        label { "It was on (day, month or year)" input name="date" value=(row.date.as_deref().unwrap_or_default()); }
                        button.quiet name="action" value="retime" { "Retime" }
                        label { "It was at" input name="place" value=(row.place.as_deref().unwrap_or_default()); }
                        label { "Country (ISO, three letters)" input.few name="country" maxlength="3" value=(row.country.as_deref().unwrap_or_default()); }
                        button.quiet name="action" value="replace" { "Replace" }
                    }
                }
                div.filters {
                    label.wide { "Why (kept with it)" input name="note" maxlength="500" autocomplete="off"; }
                    @if request.user.is_none() {
                        label { "Who says so" input name="by" maxlength="80" value=(request.value("by").unwrap_or("desk")) autocomplete="name"; }
                    }
                }
            }
        }
    }
}

/// Keeps what somebody set right, and leads back to the queue.
pub(crate) fn decide(desk: &Desk, request: &Request) -> Answer {
    // Whoever is known is believed in no other name.
    let author = request.user.as_ref().map_or_else(|| request.field("by").unwrap_or("desk"), |user| &user.name);
    let done = corrections::make(desk, &Wish::of_form(request, author))?;
    let mut back = request.field("back").filter(|b| b.starts_with("/review")).unwrap_or("/review").to_string();
    let mut add = |name: &str, value: &str| {
        back.push(if back.contains('?') { '&' } else { '?' });
        back.push_str(&format!("{name}={}", encoded(value)));
    };
    if !done.undone {
        add("done", &done.id);
    }
    if let Some(note) = &done.note {
        add("note", note);
    }
    if author != "desk" && request.user.is_none() {
        add("by", author);
    }
    if let Some(user) = &request.user {
        let what =
            format!("{} {} {}", request.field("action").unwrap_or_default(), request.field("event").unwrap_or_default(), done.id);
        crate::accounts::note(desk, &user.name, &request.address, "correct", &what)?;
    }
    Ok(Response::see(&back))
}
