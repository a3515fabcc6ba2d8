//! Reports by their words; and whom and which stories the words name.

use crate::layout::{self, Page, Tab};
use crate::{Answer, Desk, Fail, Request, Response};
use maud::{Markup, html};
use tellings::store::{EntityRow, Hit, Search, StoryRow, StorySearch};

/// Reports on a page.
const STEP: usize = 25;
/// People, groups and places beside them.
const PEOPLE: usize = 6;
/// Put around words that were looked for, until they are set.
const MARKS: (char, char) = ('\u{2}', '\u{3}');

pub(crate) fn page(desk: &Desk, request: &Request) -> Answer {
    let skip = request.number("skip", 0, 1_000_000, 0);
    let words = request.text("q").unwrap_or_default();
    let search = Search {
        words: words.clone(),
        outlet: request.text("outlet"),
        days: (request.text("since"), request.text("until")),
        limit: STEP + 1,
        skip,
        marks: MARKS,
        latest_first: false,
    };
    let (sum, fresh) = desk.sums()?;
    let ids = sum.named(&words, PEOPLE * 3);
    let found = desk.shelf.read(|store| {
        let latest_first = store.more_than(&words, crate::api::COMMON)?;
        let hits = store.search(&Search { latest_first, ..search })?;
        if words.is_empty() || skip > 0 {
            return Ok((hits, Vec::new(), Vec::new(), latest_first));
        }
        let in_stories = StorySearch { words: words.clone(), limit: 5, latest: crate::api::LATEST, ..StorySearch::default() };
        Ok((hits, store.stories(&in_stories)?, crate::api::one_each(store, &ids)?, latest_first))
    });
    let (mut hits, stories, who, latest_first) = match found {
        Err(error) if error.is_query() => {
            return Err(Fail::Bad(
                "No words are left to look for: words in front of which stands a minus must not be there; others must."
                    .to_string(),
            ));
        }
        found => found?,
    };
    let more = hits.len() > STEP;
    hits.truncate(STEP);
    let body = html! {
        div.head { h1 { @if words.is_empty() { "Reports" } @else { "Search: " (words) } } }
        (filters(request, &words))
        @if !stories.is_empty() || !who.is_empty() {
            section.aside aria-label="Stories and people" { (beside(&stories, &who)) }
        }
        @if latest_first { p.note { "More than " (crate::api::COMMON) " reports have these words: those that came in last stand first." } }
        @if hits.is_empty() { p.empty { "No reports have these words." } }
        ol.hits { @for hit in &hits { li { (shown(hit)) } } }
        (layout::turn(request, skip, STEP, more))
    };
    let title = if words.is_empty() { "Reports".to_string() } else { format!("Search: {words}") };
    let feed =
        |kind: &str| Request { path: vec!["api".into(), "v1".into(), kind.into()], ..request.clone() }.again(&[("skip", "")]);
    let also = vec![
        ("application/atom+xml", title.clone(), feed("search.atom")),
        ("application/feed+json", title.clone(), feed("search.feed.json")),
    ];
    Ok(Response::html(200, Page { title: &title, tab: Tab::Search, words: &words, also, body }.set()).kept_if(fresh))
}

fn filters(request: &Request, words: &str) -> Markup {
    let value = |name: &str| request.value(name).unwrap_or_default().to_string();
    html! {
        form.filters action="/search" aria-label="Search reports" {
            label.wide { "Words, “phrases”, -without, title:word, begin*, OR" input type="search" name="q" value=(words); }
            (layout::folded(request, &["outlet", "since", "until"], html! {
                label { "Outlet" input name="outlet" value=(value("outlet")); }
                label { "From" input type="date" name="since" value=(value("since")); }
                label { "To" input type="date" name="until" value=(value("until")); }
            }))
            button { "Search" }
        }
    }
}

fn beside(stories: &[StoryRow], who: &[EntityRow]) -> Markup {
    // Several at once are nobody; they are told by themselves.
    let (several, each): (Vec<&EntityRow>, Vec<&EntityRow>) = who.iter().partition(|one| crate::api::together(one));
    let named = |title: &str, all: &[&EntityRow]| {
        html! {
            @if !all.is_empty() {
                div { h2 { (title) } ul.plain { @for one in all.iter().take(PEOPLE) {
                    li { a href=(layout::actor(&one.id)) { (layout::short(&one.name, 120)) } @if let Some(role) = &one.role { span.sub { " " (layout::short(role, 80)) } } }
                } } }
            }
        }
    };
    html! {
        (named("People, groups, places", &each))
        (named("Named together", &several))
        @if !stories.is_empty() {
            div { h2 { "Stories" } ul.plain { @for story in stories {
                li { a href=(layout::story(&story.id)) { (super::stories::title(story)) }
                    span.sub { " "
                        @if story.documents > 0 { (layout::plural(story.documents, "report")) } @else { "in part of " (layout::plural(story.parts, "report")) }
                        ", " (layout::plural(story.origins, "origin")) } }
            } } }
        }
    }
}

fn shown(hit: &Hit) -> Markup {
    html! {
        h2 { a href=(layout::report(&hit.id)) { (hit.title.as_deref().unwrap_or(&hit.id)) } }
        p.sub { (layout::date(hit.published.as_deref())) @if let Some(outlet) = &hit.outlet { " · " (outlet) } }
        p.snippet { (marked(&hit.snippet)) }
    }
}

/// The words between the marks, marked.
fn marked(snippet: &str) -> Markup {
    let mut parts = snippet.split(MARKS.0);
    let first = parts.next().unwrap_or_default();
    html! {
        (first)
        @for part in parts {
            @let (inside, after) = part.split_once(MARKS.1).unwrap_or((part, ""));
            mark { (inside) } (after)
        }
    }
}
