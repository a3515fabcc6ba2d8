//! What a story changed since it was last looked at: by a cookie of that story's address, or by `since` in the address itself.

use crate::http::{Request, Response};
use crate::layout::{self, plural};
use crate::{Desk, Fail};
use maud::{Markup, html};
use std::collections::BTreeMap;
use tellings::store::{RecordTold, StoryRow};

/// The run up to which a page tells, as a header field.
pub(crate) const RUN: &str = "tellings-run";
/// Looking again within so many seconds is the same look.
const SITTING: i64 = 30 * 60;
/// Changes that are shown.
const SHOWN: usize = 12;

/// What changed since a run.
pub(crate) struct Since {
    run: i64,
    /// When that run began.
    at: Option<String>,
    /// Of events that are told otherwise now: what was told then, what is now.
    events: Vec<(String, Option<RecordTold>, Option<RecordTold>)>,
}

/// The run up to which the story is told, and what changed since the one asked for.
pub(crate) fn since(desk: &Desk, request: &Request, story: &StoryRow) -> Result<(i64, Option<Since>), Fail> {
    let asked = request.value("since").and_then(|run| run.parse::<i64>().ok()).filter(|run| *run >= 0);
    let (changes, at) = desk.shelf.read(|store| {
        let changes = store.story_changes(&story.id, asked.unwrap_or(story.moved - 1))?;
        let at = match asked {
            Some(asked) => store.runs()?.into_iter().find(|(number, _)| *number == asked).and_then(|(_, run)| run.started),
            None => None,
        };
        Ok((changes, at))
    })?;
    let run = changes.iter().map(|c| c.run).max().unwrap_or(0).max(story.moved);
    let Some(asked) = asked else { return Ok((run, None)) };
    // Of an event that changed several times: as it was at first, as it is at last.
    let mut events: BTreeMap<String, (Option<RecordTold>, Option<RecordTold>)> = BTreeMap::new();
    for change in changes {
        let Some(event) = change.event else { continue };
        events.entry(event).or_insert((change.before, None)).1 = change.after;
    }
    let mut events: Vec<_> = events.into_iter().map(|(id, (before, after))| (id, before, after)).collect();
    events.retain(|(_, before, after)| before != after);
    // What is new first, by day; then what is told otherwise; then what is gone.
    let rank = |e: &(String, Option<RecordTold>, Option<RecordTold>)| match (&e.1, &e.2) {
        (None, Some(new)) => (0, new.date.clone()),
        (Some(_), Some(now)) => (1, now.date.clone()),
        (old, None) => (2, old.as_ref().and_then(|o| o.date.clone())),
    };
    events.sort_by_cached_key(|e| (rank(e), e.0.clone()));
    Ok((run.max(asked), Some(Since { run: asked, at, events })))
}

/// The same as a section of the page; nothing has changed: a line.
pub(crate) fn section(since: &Since) -> Markup {
    let count =
        |fits: fn(&Option<RecordTold>, &Option<RecordTold>) -> bool| since.events.iter().filter(|e| fits(&e.1, &e.2)).count();
    let (new, other, gone) =
        (count(|a, b| a.is_none() && b.is_some()), count(|a, b| a.is_some() && b.is_some()), count(|_, b| b.is_none()));
    html! {
        section.since aria-labelledby="h-since" {
            h2 #h-since { "Since you last looked" }
            p.note {
                @match &since.at { Some(at) => { "Since " (at.get(..16).unwrap_or(at).replacen('T', " ", 1)) ": " } None => { "Since run " (since.run) ": " } }
                @if since.events.is_empty() { "nothing is told otherwise." }
                @else { (plural(new as u64, "new event")) ", " (other) " told otherwise, " (gone) " no more." }
            }
            @if !since.events.is_empty() {
                ul.lines {
                    @for (id, before, after) in since.events.iter().take(SHOWN) { li { (line(id, before.as_ref(), after.as_ref())) } }
                }
                @if since.events.len() > SHOWN { p.note { "And " (since.events.len() - SHOWN) " more." } }
            }
        }
    }
}

fn line(id: &str, before: Option<&RecordTold>, after: Option<&RecordTold>) -> Markup {
    let what = |told: &RecordTold| html! { (layout::kind(told.kind.as_deref())) " " (layout::date(told.date.as_deref())) " " (layout::short(&told.words, 240)) };
    html! {
        @match (before, after) {
            (None, Some(new)) => { span.tag { "new" } " " (what(new)) " " a.id href=(layout::event(id)) { (id) } }
            (Some(old), Some(now)) => {
                span.tag { "changed" } " " (what(now)) " " a.id href=(layout::event(id)) { (id) }
                span.sub { @for (name, was, is) in differs(old, now) { " " (name) ": " (was) " → " (is) ";" } }
            }
            (Some(old), None) => { span.tag { "gone" } " " (what(old)) }
            (None, None) => {}
        }
    }
}

/// What is told otherwise: its name, what it was, what it is.
fn differs(old: &RecordTold, now: &RecordTold) -> Vec<(&'static str, String, String)> {
    let none = || "not told".to_string();
    let text = |value: &Option<String>| value.clone().unwrap_or_else(none);
    let all = [
        ("type", text(&old.kind), text(&now.kind)),
        ("did it happen", text(&old.realis), text(&now.realis)),
        ("status", text(&old.status), text(&now.status)),
        ("date", text(&old.date), text(&now.date)),
        ("place", text(&old.place), text(&now.place)),
        ("agreement", text(&old.agreement), text(&now.agreement)),
        ("origins", old.origins.to_string(), now.origins.to_string()),
    ];
    all.into_iter().filter(|(_, was, is)| was != is).collect()
}

/// Is this a story's page, and does the address not say since when?
fn applies(request: &Request) -> bool {
    request.method == "GET" && request.path.len() == 2 && request.path[0] == "story" && request.value("since").is_none()
}

/// The cookie of a story: the run of the look before, that of the last look, and when that was.
fn cookie(request: &Request) -> Option<(i64, i64, i64)> {
    let all = request.headers.iter().filter(|h| h.0 == "cookie").flat_map(|h| h.1.split(';'));
    let value = all.filter_map(|pair| pair.trim().strip_prefix("seen=")).next()?;
    let mut numbers = value.splitn(3, '-').map(|n| n.parse::<i64>().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??)).filter(|c| c.0 >= 0 && c.1 >= 0 && c.2 >= 0)
}

/// The run since which a page is to tell, as the cookie says; looking again soon is the same look.
pub(crate) fn remember(request: &mut Request, now: i64) {
    if let Some((before, last, at)) = cookie(request).filter(|_| applies(request)) {
        let since = if now.saturating_sub(at) < SITTING { before } else { last };
        request.query.push(("since".to_string(), since.to_string()));
    }
}

/// The page with the cookie of this look.
pub(crate) fn note(asked: &Request, response: Response, now: i64) -> Response {
    let Some(run) = response.header(RUN).and_then(|run| run.parse::<i64>().ok()).filter(|_| applies(asked)) else {
        return response;
    };
    let cookie = match cookie(asked) {
        Some((before, _, at)) if now.saturating_sub(at) < SITTING => (before, run, at),
        Some((_, last, _)) => (last, run, now),
        // The first look: nothing is new.
        None => (run, run, now),
    };
    let (before, last, at) = cookie;
    let path = format!("/story/{}", crate::http::encoded(&asked.path[1]));
    let value = format!("seen={before}-{last}-{at}; Path={path}; HttpOnly; SameSite=Lax; Max-Age=31536000");
    response.with("set-cookie", &value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_soon_after_is_the_same_look() {
        let asked = |cookie: &str, now: i64| {
            let mut request = Request::get("/story/s-1").with("cookie", cookie);
            remember(&mut request, now);
            request.value("since").map(str::to_string)
        };
        assert_eq!(asked("seen=3-5-1000", 1000 + SITTING - 1).as_deref(), Some("3"));
        assert_eq!(asked("x=y; seen=3-5-1000", 1000 + SITTING).as_deref(), Some("5"));
        assert_eq!((asked("seen=3-5", 0), asked("seen=-3-5-6", 0), asked("", 0)), (None, None, None));
        let set = |cookie: &str, now: i64| {
            let page = Response::json("").with(RUN, "9");
            let request = Request::get("/story/s%2F1").with("cookie", cookie);
            note(&request, page, now).header("set-cookie").map(|c| c.split("; H").next().unwrap_or_default().to_string())
        };
        assert_eq!(set("", 50).as_deref(), Some("seen=9-9-50; Path=/story/s%2F1"));
        assert_eq!(set("seen=3-5-1000", 1001).as_deref(), Some("seen=3-9-1000; Path=/story/s%2F1"));
        assert_eq!(set("seen=3-5-1000", 9000).as_deref(), Some("seen=5-9-9000; Path=/story/s%2F1"));
        // What says since when in its address is no look.
        let page = Response::json("").with(RUN, "9");
        assert_eq!(note(&Request::get("/story/s-1?since=2"), page, 5).header("set-cookie"), None);
    }
}
