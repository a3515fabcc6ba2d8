//! One report: its text, with the layers of its reading that can be switched on, and the words of a citation marked.

use crate::http::encoded;
use crate::layout::{self, Page, Tab};
use crate::record::Reading;
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tellings::store::{RecordEventSearch, Stored, StoryRow};

/// Bytes of a text that are a part of it: longer ones are shown part by part.
const PART: usize = 12 << 10;
/// Bytes of a paragraph that are shown as one.
const PIECE: usize = 4 << 10;
/// Bytes of the page that the text may take; each list beside it.
const TEXT: usize = 40 << 10;
const LIST: usize = 7 << 10;

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
            let told_by = Some(id.to_string());
            let search = RecordEventSearch { story: Some(story.number), told_by, limit: 5000, ..RecordEventSearch::default() };
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
        Some("original") => return Ok(original(request, &stored)),
        Some("bytes") => {
            let bytes = Response::new(200, "application/octet-stream", stored.entry.raw.clone());
            return Ok(bytes.named(&stored.entry.id).with("content-security-policy", "sandbox; default-src 'none'"));
        }
        _ => (),
    }
    let reading = Reading::parse(&stored.entry.reading);
    let title = reading.title.as_deref().unwrap_or(&stored.entry.id);
    let mark = request.value("mark").and_then(span).filter(|m| m[0] < m[1] && m[1] <= reading.text.len());
    let from = request.value("from").and_then(|at| at.parse().ok());
    let text = text(&reading, mark, from, &ids);
    let part = |from: Option<usize>| {
        let from = from.map_or_else(String::new, |at| at.to_string());
        request.again(&[("from", &from), ("mark", "")])
    };
    let body = html! {
        div.head {
            h1 { (layout::short(title, 400)) }
            (about(&reading, &stored, &stories))
        }
        div.columns.wide {
            (layers(request, id))
            article.text {
                @if text.span[0] > 0 {
                    p.note { "From byte " (text.span[0]) " of " (reading.text.len()) " on. " a rel="prev" href=(part(text.before)) { "What stands before" } }
                }
                (text.set)
                @if text.span[1] < reading.text.len() {
                    p.note { a rel="next" href=(part(Some(text.span[1]))) { "Further in the report →" } " (" (reading.text.len() - text.span[1]) " bytes)" }
                }
            }
            div.panel { (read(&reading, &ids, text.span)) }
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
            @if !reading.bylines.is_empty() { div { dt { "By" } dd { (layout::short(&reading.bylines.join(", "), 400)) } } }
            @if !reading.credits.is_empty() { div { dt { "Credits" } dd { (layout::short(&reading.credits.join(", "), 400)) } } }
            @if let Some(dateline) = &reading.dateline { div { dt { "Dateline" } dd { (dateline.place) } } }
            @if let Some(language) = reading.language.as_deref().filter(|l| *l != "en") { div { dt { "Language" } dd { (language) } } }
            @for (at, story) in stories.iter().take(20).enumerate() {
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

/// Things of a list that are told of in the part that is shown, as many as there is room for.
fn list<T>(
    title: &str,
    all: &[T],
    shown: [usize; 2],
    open: bool,
    span: impl Fn(&T) -> [usize; 2],
    set: impl Fn(&T) -> Markup,
) -> Markup {
    let here: Vec<&T> = all.iter().filter(|one| (shown[0]..shown[1].max(1)).contains(&span(one)[0])).collect();
    let (lines, count, _) = layout::fitting(&here, LIST, |_, one| set(one));
    html! {
        @if !here.is_empty() {
            details open[open] { summary { (title) " " span.count { (all.len()) } }
                ul.lines { (lines) }
                @if count < all.len() { p.note { "The first " (count) " of this part; the JSON has all." } }
            }
        }
    }
}

/// What was read in it, as lists.
fn read(reading: &Reading, ids: &BTreeMap<(usize, usize), String>, shown: [usize; 2]) -> Markup {
    let here = |span: [usize; 2]| format!("?mark={0}-{1}#b{0}-{1}", span[0], span[1]);
    let short = |span: [usize; 2], most: usize| layout::short(&reading.words(span), most);
    let name = |e: Option<usize>| e.and_then(|e| reading.entities.get(e)).map(|e| e.name.clone());
    let whole =
        |quote: &crate::record::Quote| [quote.content.first().map_or(0, |c| c[0]), quote.content.last().map_or(0, |c| c[1])];
    html! {
        (list("Events", &reading.events, shown, true, |e| e.span, |event| html! {
                    li {
                        a href=(here(event.span)) { (layout::kind(event.kind.as_deref())) }
                        " " b { (reading.parties(&event.actors)) }
                        @if !event.recipients.is_empty() { " → " b { (reading.parties(&event.recipients)) } }
                        @if let Some(time) = &event.time { " · " (layout::date(time.value.as_deref())) }
                        @if let Some(place) = event.place.as_ref().and_then(|p| reading.places.get(p.place)) { " · " (place.name) }
                        @if event.realis != "actual" { " " span.tag { (event.realis) } }
                        @if let Some(id) = ids.get(&(event.trigger[0], event.trigger[1])) { " " a.id href=(layout::event(id)) { (id) } }
                    }
        }))
        (list("Quotes", &reading.quotes, shown, false, whole, |quote| html! {
                    @let whole = whole(quote);
                    li { b { (quote.entity.and_then(|e| reading.entities.get(e)).map_or_else(|| quote.speaker.map_or_else(|| "nobody named".to_string(), |s| reading.words(s)), |e| e.name.clone())) }
                        ": " a href=(here(whole)) { (short(whole, 160)) } @if quote.kind == "indirect" { span.sub { " indirect" } } }
        }))
        (list("Claims", &reading.claims, shown, false, |c| c.span, |claim| html! {
                    li { span.tag { (claim.kind) } " " b { (name(claim.by).unwrap_or_default()) } @if let Some(toward) = name(claim.toward) { " → " b { (toward) } }
                        @if let Some(label) = &claim.label { " “" (label) "”" }
                        ": " a href=(here(claim.span)) { (short(claim.span, 160)) } }
        }))
        (list("Not coded, and why", &reading.uncoded, shown, false, |u| u.span, |one| html! {
            li { a href=(here(one.span)) { (short(one.span, 120)) } span.sub { " " (one.reason) } }
        }))
    }
}

/// Something of a layer in the text.
struct Layer {
    span: [usize; 2],
    class: &'static str,
    note: String,
    link: Option<String>,
}

/// What of all layers is in a part of the text.
fn found(reading: &Reading, ids: &BTreeMap<(usize, usize), String>, part: [usize; 2]) -> Vec<Layer> {
    let mut all = Vec::new();
    let mut add = |span: [usize; 2], class: &'static str, note: String, link: Option<String>| {
        if span[0] < span[1] && span[1] <= reading.text.len() && span[1] > part[0] && span[0] < part[1] {
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

/// A part of a text as it is shown.
struct Part {
    set: Markup,
    span: [usize; 2],
    /// Where the part before begins.
    before: Option<usize>,
}

/// Paragraphs and what is like them, those that are very long cut into several.
fn blocks(reading: &Reading) -> Vec<(&str, [usize; 2])> {
    let text = &reading.text;
    // A text without blocks is one.
    let whole = [("paragraph", [0, text.len()])];
    let all: Vec<(&str, [usize; 2])> = reading.blocks.iter().map(|b| (b.kind.as_str(), b.span)).collect();
    let mut cut = Vec::with_capacity(all.len());
    for &(kind, [mut start, end]) in if all.is_empty() { &whole[..] } else { &all } {
        while end.saturating_sub(start) > PIECE && text.is_char_boundary(start) {
            let edge = (start + 1..=start + PIECE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(end);
            let blank = text.get(start..edge).and_then(|t| t.rfind(char::is_whitespace)).filter(|at| *at > 0);
            let stop = blank.map_or(edge, |at| start + at);
            cut.push((kind, [start, stop]));
            start = stop;
        }
        cut.push((kind, [start, end]));
    }
    cut
}

/// The part that begins at a byte, else the one with the marked words, else the first.
fn text(reading: &Reading, mark: Option<[usize; 2]>, from: Option<usize>, ids: &BTreeMap<(usize, usize), String>) -> Part {
    let blocks = blocks(reading);
    // Where parts begin.
    let mut parts: Vec<usize> = vec![0];
    let mut size = 0;
    for (at, (_, span)) in blocks.iter().enumerate() {
        if size > 0 && size + span[1].saturating_sub(span[0]) > PART {
            parts.push(at);
            size = 0;
        }
        size += span[1].saturating_sub(span[0]);
    }
    let begins = |at: usize| blocks.get(at).map_or(0, |b| b.1[0]);
    let wanted = from.or(mark.map(|m| m[0])).unwrap_or(0);
    let part = parts.iter().rposition(|&first| begins(first) <= wanted).unwrap_or(0);
    // What did not fit into its part is asked for by its own place.
    let first = match from {
        Some(from) => blocks.iter().position(|b| b.1[1] > from).unwrap_or(parts[part]),
        None => parts[part],
    };
    let set = |first: usize| {
        let last = parts.iter().find(|&&p| p > first).copied().unwrap_or(blocks.len());
        let here = &blocks[first.min(blocks.len())..last];
        let span = [if first == 0 { 0 } else { begins(first) }, here.last().map_or(0, |b| b.1[1])];
        let layers = found(reading, ids, span);
        let (set, shown, _) = layout::fitting(here, TEXT, |_, (kind, span)| {
            let pieces = pieces(reading, *span, &layers, mark);
            html! {
                @match *kind {
                    "title" => { p.title { (pieces) } }
                    "heading" => { h2 { (pieces) } }
                    "paragraph" | "item" | "list" | "quote" => { p { (pieces) } }
                    kind => { p.beside title=(kind) { (pieces) } }
                }
            }
        });
        let end = if first + shown >= blocks.len() { reading.text.len() } else { begins(first + shown) };
        (set, [span[0], end])
    };
    let (mut first, mut made) = (first, set(first));
    // The marked words are shown, also where their part is longer than there is room for.
    if let Some(mark) = mark.filter(|m| from.is_none() && m[0] >= made.1[1]) {
        first = blocks.iter().rposition(|b| b.1[0] <= mark[0]).unwrap_or(first);
        made = set(first);
    }
    let (set, span) = made;
    let before = parts.iter().rposition(|&p| p < first).map(|at| begins(parts[at])).filter(|at| *at > 0);
    Part { set, span, before }
}

/// The words of a block, cut where something begins or ends.
fn pieces(reading: &Reading, block: [usize; 2], layers: &[Layer], mark: Option<[usize; 2]>) -> Markup {
    let inside: Vec<&Layer> = layers.iter().take_while(|l| l.span[0] < block[1]).filter(|l| block[0] < l.span[1]).collect();
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
fn original(request: &Request, stored: &Stored) -> Response {
    let entry = &stored.entry;
    let text = String::from_utf8_lossy(&entry.raw);
    let from = request.number("from", 0, text.len(), 0);
    let from = (0..=from).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    // As many letters as there is room for, as they are written in a page.
    let (mut cut, mut room, mut end) = (String::new(), layout::ROOM, text.len());
    for (at, c) in text[from..].char_indices() {
        let size = if matches!(c, '<' | '>' | '&' | '"') { 6 } else { c.len_utf8() };
        if size > room {
            end = from + at;
            break;
        }
        room -= size;
        if !c.is_control() || matches!(c, '\n' | '\t') {
            cut.push(c);
        }
    }
    let title = format!("{}, as it came", layout::short(entry.title.as_deref().unwrap_or(&entry.id), 400));
    let body = html! {
        div.head { h1 { (title) }
            p.meta { span { (entry.kind) ", " (entry.raw.len()) " bytes" } a href=(layout::report(&entry.id)) { "The report as it was read" }
                a href=(format!("/report/{}?view=bytes", encoded(&entry.id))) { "Take the bytes along" } } }
        @if from > 0 { p.note { "From byte " (from) " on. " a rel="first" href=(request.again(&[("from", "")])) { "From the beginning" } } }
        pre.raw tabindex="0" { (cut) }
        @if end < text.len() { p.note { a rel="next" href=(request.again(&[("from", &end.to_string())])) { "Further in it →" } " (" (text.len() - end) " bytes)" } }
    };
    Response::html(200, Page { title: &title, tab: Tab::None, words: "", also: Vec::new(), body }.set())
}
