//! One story: its brief, and what the brief rests on, section by section, each with what it looks like drawn.

use super::seen;
use super::stories::title;
use crate::layout::{self, Page, Tab, plural};
use crate::map::Spot;
use crate::record::{Disagreement, Record};
use crate::{Answer, Desk, Fail, Request, Response, spark};
use maud::{Markup, PreEscaped, html};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use tellings::brief::figure;
use tellings::json::{BriefLine, BriefPiece, BriefView};
use tellings::store::{Glance, StoryRow};

/// Rows of a section that are shown before all are asked for.
const ROWS: usize = 10;
/// The same of the timeline, which is drawn.
const TIMES: usize = 24;
/// Citations of a line that are shown; how many more there are is said.
const CITES: usize = 5;
/// Rows of a section on a page of its own.
const STEP: usize = 100;
/// Places on the map, and outlets named beside a value that is disputed.
const SPOTS: usize = 40;
const TOLD: usize = 6;
/// Bytes of the page that its brief may take.
const WHOLE: usize = 70 << 10;
/// Bytes of a drawing: the table after it tells the same.
const DRAWN: usize = 14 << 10;

/// What is known of a story.
pub(crate) struct Told {
    pub(crate) story: StoryRow,
    pub(crate) record: Record,
    pub(crate) brief: BriefView,
    pub(crate) glance: Glance,
}

/// A story by its id, with what its record and brief say.
pub(crate) fn told(desk: &Desk, id: &str) -> Result<Told, Fail> {
    let found = desk.shelf.read(|store| {
        let Some(story) = store.story(id)? else { return Ok(None) };
        let body = store.record(story.number)?.map(|r| r.body).unwrap_or_default();
        let brief = store.brief(story.number)?;
        let glance = store.glance(story.number)?;
        Ok(Some((story, body, brief, glance)))
    })?;
    let (story, body, brief, glance) = found.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?;
    let brief = match brief.and_then(|body| serde_json::from_slice(&body).ok()) {
        Some(brief) => brief,
        None => composed(desk, &story)?,
    };
    Ok(Told { record: Record::parse(&body), story, brief, glance })
}

/// The brief of a story whose record was made before briefs were kept.
fn composed(desk: &Desk, story: &StoryRow) -> Result<BriefView, Fail> {
    let Some(stored) = desk.shelf.read(|store| tellings::store::story(store, &story.id))? else {
        return Ok(BriefView::default());
    };
    let (docs, record, _) = tellings::store::reconcile(desk.models(), vec![stored]);
    Ok(tellings::json::brief(&record, &docs))
}

pub(crate) fn page(desk: &Desk, request: &Request, id: &str) -> Answer {
    let told = told(desk, id)?;
    let story = &told.story;
    if story.id != id {
        // It became part of another.
        return Ok(Response::see(&layout::story(&story.id)));
    }
    let (opening, sections) = parts(&told.brief.pieces);
    let numbers: BTreeMap<&str, usize> = told.record.documents.iter().enumerate().map(|(n, d)| (d.id.as_str(), n + 1)).collect();
    let spots = spots(&told.record);
    // After the timelines.
    let told_when = |s: &Section<'_>| matches!(s.title, "Timeline" | "New") || s.title.starts_with("Without a date");
    let before_map = sections.iter().rposition(told_when).filter(|_| !spots.is_empty()).unwrap_or(usize::MAX);
    let alone = request.value("all").and_then(|all| sections.iter().position(|s| slug(s.title) == all));
    let set = Set { told: &told, numbers, passages: RefCell::default(), request };
    if let Some(at) = alone {
        return Ok(section_page(&set, &sections[at], at + 1));
    }
    let api = format!("/api/v1/stories/{}", crate::http::encoded(&story.id));
    let (run, since) = seen::since(desk, request, story)?;
    let opening = html! { @for piece in opening { (set.piece(piece, "", 0, 0..ROWS)) } };
    let mut room = WHOLE.saturating_sub(opening.0.len());
    let map = html! { @if before_map != usize::MAX {
        section #map aria-labelledby="h-map" { h2 #h-map { "Where it happened" } (crate::map::map(&spots[..spots.len().min(SPOTS)], before_map + 1)) (places(story, &spots)) }
    } };
    room = room.saturating_sub(map.0.len());
    // Of each section as many rows as there is room for in all: the rest is on a page of its own.
    let known = set.passages.borrow().clone();
    let mut set_sections: Vec<Markup> = Vec::new();
    for most in [ROWS, 7, 5, 4, 3, 2, 1, 0] {
        set.passages.replace(known.clone());
        let rows = |s: &Section<'_>| if s.title == "Timeline" { most * TIMES / ROWS } else { most };
        set_sections = sections.iter().enumerate().map(|(at, s)| set.section(s, at + 1, rows(s))).collect();
        if set_sections.iter().map(|s| s.0.len()).sum::<usize>() <= room {
            break;
        }
    }
    let body = html! {
        div.head {
            h1 { (title(story)) }
            p.meta {
                span { strong { (plural(story.origins, "origin")) } ", " (plural(story.documents, "report"))
                    @if story.parts > 0 { ", " (plural(story.parts, "report")) " in part" } }
                span { (layout::days(story.first.as_deref(), story.last.as_deref())) }
                @if told.glance.days.len() > 1 { (spark::bars(&told.glance.days)) }
                @if !story.fresh { span.tag { "its record does not tell all yet" } }
                code { (story.id) }
            }
        }
        @if let Some(since) = &since { (seen::section(since)) }
        div.columns.story {
            div.opening { (opening) }
            nav.contents aria-label="Sections" {
                ul {
                    @for section in &sections { li { a href=(format!("#{}", slug(section.title))) { (section.title) }
                        @if let Some(n) = section.rows() { " " span.count { (n) } } } }
                    @if before_map != usize::MAX { li { a href="#map" { "Where it happened" } " " span.count { (spots.len()) } } }
                }
                details {
                    summary { "Take it along" }
                    ul {
                        li { a href=(format!("{api}.atom")) { "Atom" } " · " a href=(format!("{api}.feed.json")) { "JSON Feed" } }
                        li { a href=(format!("{api}.ics")) { "Planned talks, iCalendar" } }
                        li { a href=(api) { "Record, JSON" } }
                        li { a href=(format!("/events.csv?story={}", crate::http::encoded(&story.id))) { "Events, CSV" } " · "
                            a href=(format!("/events.parquet?story={}", crate::http::encoded(&story.id))) { "Parquet" } }
                    }
                }
            }
            article.brief {
                @for (at, section) in set_sections.iter().enumerate() {
                    (section)
                    @if at == before_map { (map) }
                }
            }
        }
    };
    let also = vec![
        ("application/atom+xml", title(story).to_string(), format!("{api}.atom")),
        ("application/feed+json", title(story).to_string(), format!("{api}.feed.json")),
        ("application/json", "Record".to_string(), api.clone()),
    ];
    let page = Page { title: title(story), tab: Tab::Stories, words: "", also, body };
    Ok(Response::html(200, page.set()).with(seen::RUN, &run.to_string()))
}

/// A section on a page of its own, row by row to its end.
fn section_page(set: &Set<'_>, section: &Section<'_>, number: usize) -> Response {
    let (story, rows) = (&set.told.story, section.rows().unwrap_or(0));
    let skip = set.request.number("skip", 0, 1_000_000, 0).min(rows.saturating_sub(1));
    // Fewer, where they are long.
    let mut most = STEP;
    let mut made = set.pieces(section, number, skip..skip + most);
    while made.0.len() > layout::ROOM && most > 1 {
        most = most * 2 / 3;
        set.passages.replace(BTreeMap::new());
        made = set.pieces(section, number, skip..skip + most);
    }
    let to = |skip: usize| set.request.again(&[("skip", if skip == 0 { String::new() } else { skip.to_string() }.as_str())]);
    let title = format!("{}: {}", section.title, title(story));
    let body = html! {
        div.head {
            h1 { (section.title) }
            p.meta { a href=(format!("{}#{}", layout::story(&story.id), slug(section.title))) { (self::title(story)) }
                @if rows > most || skip > 0 { span { "rows " (skip + 1) " to " (rows.min(skip + most)) " of " (rows) } } }
        }
        section id=(slug(section.title)) aria-label=(section.title) { (made) }
        @if skip > 0 || skip + most < rows {
            nav.turn aria-label="Pages" {
                @if skip > 0 { a rel="first" href=(to(0)) { "← From the beginning" } }
                @if skip + most < rows { a rel="next" href=(to(skip + most)) { "Further in the list →" } }
            }
        }
    };
    Response::html(200, Page { title: &title, tab: Tab::Stories, words: "", also: Vec::new(), body }.set())
}

/// The places of a story's events, those where most happened first.
fn spots(record: &Record) -> Vec<Spot> {
    let mut all: Vec<(Spot, Vec<&str>)> = Vec::new();
    for event in record.stories.iter().flat_map(|s| &s.events) {
        let Some(place) = &event.place else { continue };
        let (Some(lat), Some(lon)) = (place.lat, place.lon) else { continue };
        let at = all.iter().position(|(s, _)| s.name == place.name && (s.lat - lat).abs() < 0.05 && (s.lon - lon).abs() < 0.05);
        let at = at.unwrap_or_else(|| {
            let label = place.country.clone().unwrap_or_default();
            all.push((Spot { name: place.name.clone(), lat, lon, label, ..Spot::default() }, Vec::new()));
            all.len() - 1
        });
        all[at].1.push(&event.id);
    }
    all.sort_by_key(|(_, events)| std::cmp::Reverse(events.len()));
    let spot = |(at, (spot, events)): (usize, (Spot, Vec<&str>))| {
        let country = if spot.label.is_empty() { String::new() } else { format!(", {}", spot.label) };
        let label = format!("{}{country}: {}", spot.name, plural(events.len() as u64, "event"));
        Spot { weight: events.len(), link: format!("#place-{}", at + 1), label, ..spot }
    };
    all.into_iter().enumerate().map(spot).collect()
}

/// The same as a table.
fn places(story: &StoryRow, spots: &[Spot]) -> Markup {
    html! {
        ul.places { @for (at, spot) in spots.iter().take(SPOTS).enumerate() {
            li id=(format!("place-{}", at + 1)) { a href=(format!("/events?place={}", crate::http::encoded(&spot.name))) { (spot.label) } }
        }
        @if spots.len() > SPOTS { li { a href=(format!("/events?story={}&sort=place", crate::http::encoded(&story.id))) { "All " (spots.len()) } } } }
    }
}

/// A section of a brief.
struct Section<'a> {
    title: &'a str,
    pieces: Vec<&'a BriefPiece>,
}

impl Section<'_> {
    /// Rows of its table or list.
    fn rows(&self) -> Option<usize> {
        self.pieces.iter().find_map(|piece| match piece {
            BriefPiece::Table { rows, .. } => Some(rows.len()),
            BriefPiece::List { lines } => Some(lines.len()),
            _ => None,
        })
    }
}

/// The pieces before the first section without the title, and the sections.
fn parts(pieces: &[BriefPiece]) -> (Vec<&BriefPiece>, Vec<Section<'_>>) {
    let (mut opening, mut sections): (Vec<&BriefPiece>, Vec<Section<'_>>) = (Vec::new(), Vec::new());
    for piece in pieces {
        match (piece, sections.last_mut()) {
            (BriefPiece::Heading { level: 1, .. }, _) => (),
            (BriefPiece::Heading { words, .. }, _) => sections.push(Section { title: words, pieces: Vec::new() }),
            (piece, Some(section)) => section.pieces.push(piece),
            (piece, None) => opening.push(piece),
        }
    }
    (opening, sections)
}

/// A section's name in an address.
fn slug(title: &str) -> String {
    let words = title.to_lowercase();
    let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).take(4).collect();
    words.join("-")
}

/// How a brief is set.
struct Set<'a> {
    told: &'a Told,
    /// Reports by their ids: their numbers.
    numbers: BTreeMap<&'a str, usize>,
    /// Passages of each report, in the order in which they are cited.
    passages: RefCell<BTreeMap<usize, Vec<[usize; 2]>>>,
    request: &'a Request,
}

impl Set<'_> {
    /// A section with so many rows, and a link to all of them.
    fn section(&self, section: &Section<'_>, number: usize, most: usize) -> Markup {
        let slug = slug(section.title);
        let rows = section.rows().unwrap_or(0);
        html! {
            section id=(slug) aria-labelledby=(format!("h-{slug}")) {
                h2 id=(format!("h-{slug}")) { (section.title) }
                @if most > 0 { (self.pieces(section, number, 0..most)) }
                @if rows > most || most == 0 {
                    p.more { a href=(self.request.again(&[("all", &slug), ("since", "")])) { "All " @if rows > 0 { (rows) } @else { "of it" } } }
                }
            }
        }
    }

    /// What a section says, with these of its rows.
    fn pieces(&self, section: &Section<'_>, number: usize, shown: Range<usize>) -> Markup {
        let disagreements = self.told.record.stories.first().map_or(&[][..], |s| &s.disagreements);
        html! {
            @if section.title.starts_with("Disputed") { (self.sides(part(disagreements, &shown))) }
            @for piece in &section.pieces { (self.piece(piece, section.title, number, shown.clone())) }
        }
    }

    fn piece(&self, piece: &BriefPiece, title: &str, number: usize, shown: Range<usize>) -> Markup {
        let drawn = |chart: &BriefPiece| {
            let drawn = chart.chart().map(|chart| figure(&chart, number)).filter(|drawn| drawn.len() <= DRAWN);
            html! { @if let Some(drawn) = drawn { (PreEscaped(drawn)) } }
        };
        match piece {
            BriefPiece::Heading { words, .. } => html! { h3 { (words) } },
            BriefPiece::Paragraph { lines } => html! {
                p.lead[lines.len() > 1] { @for line in lines { (self.line(&BriefLine { id: None, ..line.clone() })) " " } }
            },
            BriefPiece::List { lines } => html! {
                ul.lines { @for line in part(lines, &shown) { li { (self.line(line)) } } }
            },
            BriefPiece::Table { columns, rows } => html! {
                table.list {
                    thead { tr { @for name in columns { th scope="col" { (name) } } } }
                    tbody {
                        @for (at, row) in part(rows, &shown).iter().enumerate() {
                            tr id=[self.row(title, number, at, row)] {
                                @for (cell, name) in row.iter().zip(columns) { td data-name=(name) { (self.line(cell)) } }
                            }
                        }
                    }
                }
            },
            // Marks lead to rows that are there.
            BriefPiece::Timeline { marks } => drawn(&BriefPiece::Timeline { marks: part(marks, &shown).to_vec() }),
            chart => drawn(chart),
        }
    }

    /// What a row is called by the drawing before it.
    fn row(&self, title: &str, number: usize, at: usize, row: &[BriefLine]) -> Option<String> {
        match title {
            "Timeline" | "Who dealt with whom" => Some(format!("t{number}-{}", at + 1)),
            _ => report(row.first()?).map(|n| format!("r{n}")),
        }
    }

    fn line(&self, line: &BriefLine) -> Markup {
        let id = line.id.as_deref();
        let who = id.filter(|id| !["v-", "c-", "q-", "s-"].iter().any(|start| id.starts_with(start)));
        let source = report(line).and_then(|n| self.told.record.documents.get(n - 1));
        html! {
            @if let Some(document) = source {
                b { (line.lead) } " " a href=(layout::report(&document.id)) { (line.words) }
            } @else {
                @if !line.lead.is_empty() {
                    b { @if let Some(who) = who { a href=(layout::actor(who)) { (line.lead) } } @else { (line.lead) } } " "
                }
                (line.words)
            }
            @for cite in line.cites.iter().take(CITES) {
                @if let Some(number) = self.numbers.get(cite.document.as_str()) {
                    @let passage = self.passage(*number, cite.span);
                    " " a.cite href=(layout::words(&cite.document, cite.span)) aria-label=(format!("{number}{passage}: words of report {number}")) { (number) (passage) }
                }
            }
            @if line.cites.len() > CITES { span.sub { " +" (line.cites.len() - CITES) } }
            @if let Some(id) = id.filter(|_| who.is_none()) {
                " "
                @if id.starts_with("v-") { a.id href=(layout::event(id)) { (id) } } @else { code { (id) } }
            }
            @if let Some(source) = &line.source { q.source { (source) } }
        }
    }

    /// The letters of a passage of a report.
    fn passage(&self, number: usize, span: [usize; 2]) -> String {
        let mut passages = self.passages.borrow_mut();
        let known = passages.entry(number).or_default();
        let mut at = known.iter().position(|s| *s == span).unwrap_or_else(|| {
            known.push(span);
            known.len() - 1
        });
        let mut letters = Vec::new();
        loop {
            letters.push(char::from(b'a' + (at % 26) as u8));
            if at < 26 {
                return letters.iter().rev().collect();
            }
            at = at / 26 - 1;
        }
    }

    /// Disagreements, what is said on each side beside one another.
    fn sides(&self, all: &[Disagreement]) -> Markup {
        let Some(story) = self.told.record.stories.first() else { return html! {} };
        let outlets = self.told.record.outlets();
        html! {
            @for one in all {
                @let event = story.events.iter().find(|e| e.id == one.about);
                div.dispute {
                    p { b { (one.attribute) } " of "
                        @if let Some(event) = event { a href=(layout::event(&event.id)) { (layout::kind(event.kind.as_deref())) " " (event.id) } }
                        @else { code { (one.about) } } }
                    div.sides {
                        @for value in &one.values {
                            div.side {
                                p.value { (layout::value(&value.value)) @if value.superseded { " " span.tag { "corrected since" } } }
                                ul.plain {
                                    @for telling in value.tellings.iter().take(TOLD).filter_map(|t| event?.tellings.get(*t)) {
                                        li { a href=(layout::words(&telling.document, telling.span)) { (outlets.get(telling.document.as_str()).unwrap_or(&telling.document.as_str())) } }
                                    }
                                    @if value.tellings.len() > TOLD { li.sub { "and " (value.tellings.len() - TOLD) " more" } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Those of a list that are in a range, as far as they are there.
fn part<'a, T>(all: &'a [T], shown: &Range<usize>) -> &'a [T] {
    &all[shown.start.min(all.len())..shown.end.min(all.len())]
}

/// The number of the report that a line of the sources is about: `[3]`.
fn report(line: &BriefLine) -> Option<usize> {
    let number = line.lead.strip_prefix('[')?.strip_suffix(']')?.parse().ok()?;
    (line.id.is_none() && number > 0).then_some(number)
}
