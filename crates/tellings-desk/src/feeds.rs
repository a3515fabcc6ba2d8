//! Atom and JSON Feed: stories, the reports of a story, what is found by words, events of somebody.

use crate::http::Response;
use crate::layout;
use crate::pages::asked_stories;
use crate::{Answer, Desk, Fail, Request};
use maud::{Markup, PreEscaped, html};
use serde_json::{Value, json};
use tellings::store::{Hit, RecordEventSearch, Search, StorySearch};

/// Entries of a feed.
const ENTRIES: usize = 50;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Atom,
    Json,
}

struct Feed {
    id: String,
    title: String,
    /// The page that shows the same.
    page: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    page: String,
    author: Option<String>,
    /// RFC 3339.
    updated: String,
    words: String,
}

/// A moment of what may be a day, a month, a moment, or nothing.
fn moment(value: Option<&str>) -> String {
    const NEVER: &str = "1970-01-01T00:00:00Z";
    let Some(value) = value else { return NEVER.to_string() };
    if let Ok(time) = value.parse::<jiff::Timestamp>() {
        return time.to_string();
    }
    let whole = [value.get(..10).unwrap_or(value).to_string(), format!("{value}-01"), format!("{value}-01-01")];
    let day = whole.iter().find(|day| day.len() == 10 && day.parse::<jiff::civil::Date>().is_ok());
    day.map_or(NEVER.to_string(), |day| format!("{day}T00:00:00Z"))
}

/// Letters that XML has.
fn fit(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

fn report(hit: &Hit) -> Entry {
    Entry {
        id: format!("urn:tellings:report:{}", crate::http::encoded(&hit.id)),
        title: hit.title.clone().unwrap_or_else(|| hit.id.clone()),
        page: layout::report(&hit.id),
        author: hit.outlet.clone(),
        updated: moment(hit.published.as_deref()),
        words: hit.snippet.clone(),
    }
}

pub(crate) fn stories(desk: &Desk, request: &Request, kind: Kind) -> Answer {
    let search = StorySearch { limit: ENTRIES, ..asked_stories(request, 0) };
    let found = crate::api::found(desk.shelf.read(|store| store.stories(&search)))?;
    let entry = |story: &tellings::store::StoryRow| Entry {
        id: format!("urn:tellings:story:{}", story.id),
        title: story.title.clone(),
        page: layout::story(&story.id),
        author: None,
        updated: moment(story.moved_at.as_deref().or(story.last.as_deref())),
        words: format!("{}, {}", layout::plural(story.documents, "report"), layout::plural(story.origins, "independent origin")),
    };
    let page = Request { path: vec![String::new()], ..request.clone() }.again(&[]);
    let feed = Feed {
        id: "urn:tellings:stories".to_string(),
        title: "Stories".to_string(),
        page,
        entries: found.iter().map(entry).collect(),
    };
    Ok(written(request, feed, kind))
}

pub(crate) fn story(desk: &Desk, request: &Request, id: &str, kind: Kind) -> Answer {
    let found = desk.shelf.read(|store| {
        let Some(story) = store.story(id)? else { return Ok(None) };
        let mut entries = Vec::new();
        let mut members = store.members(story.number)?;
        members.sort_by(|a, b| b.published.cmp(&a.published).then(b.document.cmp(&a.document)));
        members.dedup_by_key(|m| m.document);
        for member in members.iter().take(ENTRIES) {
            entries.extend(store.hit(&member.id)?.as_ref().map(report));
        }
        Ok(Some((story, entries)))
    })?;
    let (story, entries) = found.ok_or_else(|| Fail::Missing(format!("story `{id}`")))?;
    let feed =
        Feed { id: format!("urn:tellings:story:{}", story.id), title: story.title, page: layout::story(&story.id), entries };
    Ok(written(request, feed, kind))
}

pub(crate) fn search(desk: &Desk, request: &Request, kind: Kind) -> Answer {
    let words = request.text("q").unwrap_or_default();
    let search = Search {
        words: words.clone(),
        outlet: request.text("outlet"),
        days: (request.text("since"), request.text("until")),
        limit: ENTRIES,
        ..Search::default()
    };
    let found = crate::api::found(desk.shelf.read(|store| {
        let latest_first = store.more_than(&search.words, crate::api::COMMON)?;
        store.search(&Search { latest_first, ..search })
    }))?;
    let page = Request { path: vec!["search".to_string()], ..request.clone() }.again(&[]);
    let id = format!("urn:tellings:search:{}", crate::http::encoded(&page));
    let feed = Feed { id, title: format!("Search: {words}"), page, entries: found.iter().map(report).collect() };
    Ok(written(request, feed, kind))
}

pub(crate) fn entity(desk: &Desk, request: &Request, id: &str, kind: Kind) -> Answer {
    let order = tellings::store::EventOrder::LastDay;
    let search = RecordEventSearch { entity: Some(id.to_string()), order, limit: ENTRIES, ..RecordEventSearch::default() };
    let (found, events) = desk.shelf.read(|store| Ok((store.entities(id, 1)?, store.record_events(&search)?)))?;
    let one = found.iter().find(|e| e.id == id).ok_or_else(|| Fail::Missing(format!("entity `{id}`")))?;
    let entry = |event: &tellings::store::RecordEventRow| Entry {
        id: format!("urn:tellings:event:{}", event.id),
        title: format!("{}: {}", event.kind.as_deref().unwrap_or("event").to_lowercase(), event.title),
        page: layout::event(&event.id),
        author: None,
        updated: moment(event.days.0.as_deref()),
        words: event.words.clone(),
    };
    let id = format!("urn:tellings:entity:{}", crate::http::encoded(&one.id));
    let feed = Feed { id, title: one.name.clone(), page: layout::actor(&one.id), entries: events.iter().map(entry).collect() };
    Ok(written(request, feed, kind))
}

fn written(request: &Request, feed: Feed, kind: Kind) -> Response {
    // Names are checked before: a name that is not this desk's does not come this far.
    let base = format!("http://{}", request.header("host").unwrap_or("localhost"));
    let own = format!("{base}{}", request.again(&[]));
    match kind {
        Kind::Atom => Response::new(200, "application/atom+xml; charset=utf-8", atom(&base, &own, &feed).into_string()),
        Kind::Json => Response::new(200, "application/feed+json; charset=utf-8", json_feed(&base, &own, &feed).to_string()),
    }
}

fn latest(feed: &Feed) -> String {
    feed.entries.iter().map(|e| e.updated.clone()).max().unwrap_or_else(|| moment(None))
}

fn atom(base: &str, own: &str, feed: &Feed) -> Markup {
    html! {
        (PreEscaped("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))
        feed xmlns="http://www.w3.org/2005/Atom" {
            id { (feed.id) }
            title { (fit(&feed.title)) }
            updated { (latest(feed)) }
            author { name { "Tellings" } }
            (PreEscaped(format!("<link rel=\"self\" type=\"application/atom+xml\" href=\"{}\"/>", escaped(own))))
            (PreEscaped(format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&format!("{base}{}", feed.page)))))
            @for entry in &feed.entries {
                entry {
                    id { (entry.id) }
                    title { (fit(&entry.title)) }
                    updated { (entry.updated) }
                    @if let Some(author) = &entry.author { author { name { (fit(author)) } } }
                    (PreEscaped(format!("<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", escaped(&format!("{base}{}", entry.page)))))
                    summary { (fit(&entry.words)) }
                }
            }
        }
    }
}

/// A value of an attribute, as `maud` escapes it.
fn escaped(text: &str) -> String {
    html! { (text) }.into_string()
}

fn json_feed(base: &str, own: &str, feed: &Feed) -> Value {
    let items: Vec<Value> = (feed.entries.iter())
        .map(|e| {
            let mut item = json!({"id": e.id, "url": format!("{base}{}", e.page), "title": e.title, "content_text": e.words,
                "date_published": e.updated});
            if let Some(author) = &e.author {
                item["authors"] = json!([{"name": author}]);
            }
            item
        })
        .collect();
    json!({"version": "https://jsonfeed.org/version/1.1", "title": feed.title, "home_page_url": format!("{base}{}", feed.page),
        "feed_url": own, "items": items})
}

#[cfg(test)]
mod tests {
    #[test]
    fn moments_of_values() {
        let cases = [
            (Some("2016-09-05"), "2016-09-05T00:00:00Z"),
            (Some("2016-09"), "2016-09-01T00:00:00Z"),
            (Some("2016"), "2016-01-01T00:00:00Z"),
            (Some("2016-09-05T20:00"), "2016-09-05T00:00:00Z"),
            (Some("2016-09-05T20:00:01+02:00"), "2016-09-05T18:00:01Z"),
            (Some("soon"), "1970-01-01T00:00:00Z"),
            (None, "1970-01-01T00:00:00Z"),
        ];
        for (value, wanted) in cases {
            assert_eq!(super::moment(value), wanted, "{value:?}");
        }
        assert_eq!(super::fit("a\u{0}\u{b}b"), "ab");
    }
}
