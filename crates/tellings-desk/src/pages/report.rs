//! One report: its text, with the layers of its reading that can be switched on, and the words of a citation marked.

use crate::http::encoded;
use crate::layout::{self, Page, Tab};
use crate::record::Reading;
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tellings::store::{RecordEventSearch, Stored, StoryRow};

/// Letters of the bytes as they came that are shown; all of them can be taken along.
const RAW: usize = 200_000;
/// Letters of a text that are shown with layers; what is behind them is shown without.
const LAYERED: usize = 400_000;

/// What can be switched on.
const LAYERS: [(&str, &str); 6] = [
    ("names", "Names"),
    ("dates", "Dates"),
    ("places", "Places"),
    ("quotes", "Quotes"),
    ("claims", "Claims"),
    ("events", "Events"),
];

pub(crate) fn page(desk: &Desk, request: &Request, id: &str) -> Answer {
    let found = desk.shelf.read(|store| {
        let Some(stored) = store.document(id)? else { return Ok(None) };
        let stories = store.stories_of(stored.number)?;
        let mut ids: BTreeMap<(usize, usize), String> = BTreeMap::new();
        for story in &stories {
            let search = RecordEventSearch { story: Some(story.number), limit: 5000, ..RecordEventSearch::default() };
            for event in store.record_events(&search)? {
                let body: crate::record::Event = serde_json::from_str(&event.body).unwrap_or_default();
                for telling in body.tellings.iter().filter(|t| t.document == id) {
                    ids.entry((telling.trigger[0], telling.trigger[1])).or_insert_with(|| event.id.clone());
                }
            }
        }
        Ok(Some((stored, stories, ids)))
    })?;
    let (stored, stories, ids) = found.ok_or_else(|| Fail::Missing(format!("report `{id}`")))?;
    match request.value("view") {
        Some("original") => return Ok(original(&stored)),
        Some("bytes") => {
            let bytes = Response::new(200, "application/octet-stream", stored.entry.raw.clone());
            return Ok(bytes.named(&stored.entry.id).with("content-security-policy", "sandbox; default-src 'none'"));
        }
        _ => (),
    }
    let reading = Reading::parse(&stored.entry.reading);
    let title = reading.title.as_deref().unwrap_or(&stored.entry.id);
    let mark = request.value("mark").and_then(span).filter(|m| m[0] < m[1] && m[1] <= reading.text.len());
    let body = html! {
        div.head {
            h1 { (title) }
            (about(&reading, &stored, &stories))
        }
        div.columns.wide {
            (layers(request, id))
            article.text { (text(&reading, mark, &ids)) }
            div.panel { (read(&reading, &ids)) }
        }
    };
    Ok(Response::html(200, Page { title, tab: Tab::None, words: "", also: Vec::new(), body }.set()))
}

/// `12-40`.
fn span(words: &str) -> Option<[usize; 2]> {
    let (start, end) = words.split_once('-')?;
    Some([start.parse().ok()?, end.parse().ok()?])
}

fn about(reading: &Reading, stored: &Stored, stories: &[StoryRow]) -> Markup {
    let entry = &stored.entry;
    let published = &reading.published;
    let safe = |url: &str| url.starts_with("https://") || url.starts_with("http://");
    html! {
        dl.facts {
            @if let Some(outlet) = &entry.outlet { div { dt { "Outlet" } dd { (outlet) } } }
            div { dt { "Published" } dd {
                (layout::date(entry.published.as_deref()))
                @if let Some(basis) = published.basis.as_deref().or(entry.basis.as_deref()) { span.sub { " " (basis) } }
                @if !published.from.is_empty() { span.sub { " from " (published.from.join(", ")) } }
                @if published.precision.as_deref().is_some_and(|p| p != "day") { span.sub { ", to the " (published.precision.as_deref().unwrap_or_default()) } }
            } }
            @if !reading.bylines.is_empty() { div { dt { "By" } dd { (reading.bylines.join(", ")) } } }
            @if !reading.credits.is_empty() { div { dt { "Credits" } dd { (reading.credits.join(", ")) } } }
            @if let Some(dateline) = &reading.dateline { div { dt { "Dateline" } dd { (dateline.place) } } }
            @if let Some(language) = reading.language.as_deref().filter(|l| *l != "en") { div { dt { "Language" } dd { (language) } } }
            @for (at, story) in stories.iter().enumerate() {
                div { dt { @if at == 0 { "Story" } @else { "Also in" } } dd { a href=(layout::story(&story.id)) { (super::stories::title(story)) } } }
            }
            @if let Some(url) = entry.url.as_deref() {
                div { dt { "Address" } dd { @if safe(url) { a href=(url) rel="noreferrer noopener external" { (url) } } @else { (url) } } }
            }
            div { dt { "Report" } dd { code { (entry.id) } " " a href=(format!("/report/{}?view=original", encoded(&entry.id))) { "As it came" } } }
        }
    }
}

fn layers(request: &Request, id: &str) -> Markup {
    let asked: Vec<&str> = request.query.iter().filter(|q| q.0 == "layer").map(|q| q.1.as_str()).collect();
    html! {
        form.layers action=(layout::report(id)) aria-label="Layers" {
            fieldset {
                legend { "Show in the text" }
                @for (name, title) in LAYERS {
                    label class=(format!("layer {name}")) {
                        input type="checkbox" name="layer" value=(name) id=(format!("l-{name}")) checked[asked.contains(&name)];
                        " " (title)
                    }
                }
            }
            @if let Some(mark) = request.value("mark") { input type="hidden" name="mark" value=(mark); }
            button.quiet { "An address with these" }
        }
    }
}

/// What was read in it, as a list.
fn read(reading: &Reading, ids: &BTreeMap<(usize, usize), String>) -> Markup {
    let here = |span: [usize; 2]| format!("?mark={0}-{1}#b{0}-{1}", span[0], span[1]);
    html! {
        @if !reading.events.is_empty() {
            details open { summary { "Events " span.count { (reading.events.len()) } }
                ul.lines { @for event in &reading.events {
                    li {
                        a href=(here(event.span)) { (layout::kind(event.kind.as_deref())) }
                        " " b { (reading.parties(&event.actors)) }
                        @if !event.recipients.is_empty() { " → " b { (reading.parties(&event.recipients)) } }
                        @if let Some(time) = &event.time { " · " (layout::date(time.value.as_deref())) }
                        @if let Some(place) = event.place.as_ref().and_then(|p| reading.places.get(p.place)) { " · " (place.name) }
                        @if event.realis != "actual" { " " span.tag { (event.realis) } }
                        @if let Some(id) = ids.get(&(event.trigger[0], event.trigger[1])) { " " a.id href=(layout::event(id)) { (id) } }
                    }
                } }
            }
        }
        @if !reading.quotes.is_empty() {
            details { summary { "Quotes " span.count { (reading.quotes.len()) } }
                ul.lines { @for quote in &reading.quotes {
                    @let whole = [quote.content.first().map_or(0, |c| c[0]), quote.content.last().map_or(0, |c| c[1])];
                    li { b { (quote.entity.and_then(|e| reading.entities.get(e)).map_or_else(|| quote.speaker.map_or_else(|| "nobody named".to_string(), |s| reading.words(s)), |e| e.name.clone())) }
                        ": " a href=(here(whole)) { (short(&reading.words(whole), 160)) } @if quote.kind == "indirect" { span.sub { " indirect" } } }
                } }
            }
        }
        @if !reading.claims.is_empty() {
            details { summary { "Claims " span.count { (reading.claims.len()) } }
                ul.lines { @for claim in &reading.claims {
                    @let name = |e: Option<usize>| e.and_then(|e| reading.entities.get(e)).map(|e| e.name.clone());
                    li { span.tag { (claim.kind) } " " b { (name(claim.by).unwrap_or_default()) } @if let Some(toward) = name(claim.toward) { " → " b { (toward) } }
                        @if let Some(label) = &claim.label { " “" (label) "”" }
                        ": " a href=(here(claim.span)) { (short(&reading.words(claim.span), 160)) } }
                } }
            }
        }
        @if !reading.uncoded.is_empty() {
            details { summary { "Not coded, and why " span.count { (reading.uncoded.len()) } }
                ul.lines { @for one in &reading.uncoded { li { a href=(here(one.span)) { (short(&reading.words(one.span), 120)) } span.sub { " " (one.reason) } } } }
            }
        }
    }
}

/// Words cut at a blank.
fn short(words: &str, most: usize) -> String {
    if words.chars().count() <= most {
        return words.to_string();
    }
    let cut: String = words.chars().take(most).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |c| c.0))
}

/// Something of a layer in the text.
struct Layer {
    span: [usize; 2],
    class: &'static str,
    note: String,
    link: Option<String>,
}

fn found(reading: &Reading, ids: &BTreeMap<(usize, usize), String>) -> Vec<Layer> {
    let mut all = Vec::new();
    let mut add = |span: [usize; 2], class: &'static str, note: String, link: Option<String>| {
        if span[0] < span[1] && span[1] <= reading.text.len().min(LAYERED) {
            all.push(Layer { span, class, note, link });
        }
    };
    for m in reading.mentions.iter().filter(|m| m.form != "pronoun") {
        let entity = m.entity.and_then(|e| reading.entities.get(e));
        let note = entity.map_or_else(String::new, |e| {
            [Some(e.name.as_str()), e.role.as_deref(), Some(e.kind.as_str()), e.country.as_deref()]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · ")
        });
        add(m.span, "n", note, None);
    }
    for t in &reading.times {
        add(t.span, "d", t.value.clone(), None);
    }
    for p in &reading.places {
        add(
            p.span,
            "p",
            [Some(p.name.as_str()), p.country.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", "),
            None,
        );
    }
    for span in reading.quotes.iter().flat_map(|q| &q.content) {
        add(*span, "q", String::new(), None);
    }
    for c in &reading.claims {
        add(c.span, "c", c.kind.clone(), None);
    }
    for e in &reading.events {
        let id = ids.get(&(e.trigger[0], e.trigger[1]));
        add(e.span, "e", String::new(), None);
        add(e.trigger, "t", e.kind.clone().unwrap_or_default().to_lowercase(), id.map(|id| layout::event(id)));
    }
    all.sort_by_key(|l| (l.span[0], std::cmp::Reverse(l.span[1])));
    all
}

fn text(reading: &Reading, mark: Option<[usize; 2]>, ids: &BTreeMap<(usize, usize), String>) -> Markup {
    let layers = found(reading, ids);
    // A text without blocks is one.
    let whole = [crate::record::Block { kind: "paragraph".to_string(), span: [0, reading.text.len()] }];
    let blocks = if reading.blocks.is_empty() { &whole[..] } else { &reading.blocks };
    html! {
        @for block in blocks {
            @let pieces = pieces(reading, block.span, &layers, mark);
            @match block.kind.as_str() {
                "title" => { p.title { (pieces) } }
                "heading" => { h2 { (pieces) } }
                "paragraph" | "item" | "list" | "quote" => { p { (pieces) } }
                kind => { p.beside title=(kind) { (pieces) } }
            }
        }
    }
}

/// The words of a block, cut where something begins or ends.
fn pieces(reading: &Reading, block: [usize; 2], layers: &[Layer], mark: Option<[usize; 2]>) -> Markup {
    let inside: Vec<&Layer> = layers.iter().filter(|l| l.span[0] < block[1] && block[0] < l.span[1]).collect();
    let mut edges = vec![block[0], block[1]];
    let spans = inside.iter().map(|l| l.span).chain(mark);
    edges.extend(spans.flatten().filter(|e| block[0] < *e && *e < block[1] && reading.text.is_char_boundary(*e)));
    edges.sort_unstable();
    edges.dedup();
    html! {
        @for pair in edges.windows(2) {
            @let (from, to) = (pair[0], pair[1]);
            @let words = reading.text.get(from..to).unwrap_or_default();
            @let here: Vec<&&Layer> = inside.iter().filter(|l| l.span[0] <= from && to <= l.span[1]).collect();
            @let marked = mark.filter(|m| m[0] <= from && to <= m[1]);
            @if let Some(mark) = marked.filter(|m| m[0] == from) { a.anchor id=(format!("b{}-{}", mark[0], mark[1])) {} }
            @if here.is_empty() {
                @if marked.is_some() { mark { (words) } } @else { (words) }
            } @else {
                @let class = here.iter().map(|l| l.class).collect::<Vec<_>>().join(" ");
                @let note = here.iter().map(|l| l.note.as_str()).filter(|n| !n.is_empty()).collect::<Vec<_>>().join("; ");
                @let link = here.iter().find_map(|l| l.link.as_deref());
                @let inner = html! { @if let Some(link) = link { a.in href=(link) { (words) } } @else { (words) } };
                span class=(class) title=[Some(&note).filter(|n| !n.is_empty())] { @if marked.is_some() { mark { (inner) } } @else { (inner) } }
            }
        }
    }
}

/// The bytes as they came, as text: nothing of it is markup.
fn original(stored: &Stored) -> Response {
    let entry = &stored.entry;
    let text = String::from_utf8_lossy(&entry.raw);
    let cut: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).take(RAW).collect();
    let title = format!("{}, as it came", entry.title.as_deref().unwrap_or(&entry.id));
    let body = html! {
        div.head { h1 { (title) }
            p.meta { span { (entry.kind) ", " (entry.raw.len()) " bytes" } a href=(layout::report(&entry.id)) { "The report as it was read" }
                a href=(format!("/report/{}?view=bytes", encoded(&entry.id))) { "Take the bytes along" } } }
        pre.raw tabindex="0" { (cut) }
    };
    Response::html(200, Page { title: &title, tab: Tab::None, words: "", also: Vec::new(), body }.set())
}
