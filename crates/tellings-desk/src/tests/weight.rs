//! Pages stay light whatever is in the store, and lists that are cut lead on to all of it.

use super::{filled, inert};
use crate::{Desk, Request};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;
use tellings::store::{Database, EventOrder, ProblemRow, ProblemSearch, RecordEventSearch, Store, StorySearch};
use tellings::{Body as Bytes, Given, Report};

/// What a browser has to have before it shows anything: the page and its styles, unpacked.
const PAINT: usize = 100 << 10;

const WHO: [&str; 8] = [
    "Barack Obama",
    "Vladimir Putin",
    "John Kerry",
    "Sergey Lavrov",
    "Angela Merkel",
    "Ban Ki-moon",
    "Francois Hollande",
    "Recep Tayyip Erdogan",
];
const WHERE: [&str; 10] =
    ["Geneva", "Vienna", "Hangzhou", "Moscow", "Berlin", "Paris", "Ankara", "New York", "Brussels", "Istanbul"];

/// A long story in many reports, one of them longer than any page, one of marks only, and problems without end.
fn reports() -> Vec<Report> {
    let said = ["met", "accused", "called", "visited", "warned", "criticised"];
    let one = |report: usize, lines: usize| {
        let mut text = String::new();
        for line in 0..lines {
            let n = report * 3 + line;
            let (a, b) = (WHO[n % 8], WHO[(n / 8 + n + 1) % 8]);
            let (verb, place) = (said[(n / 3) % 6], WHERE[(n / 5) % 10]);
            let day = line % 28 + 1;
            text += &format!(
                "{a} {verb} {b} in {place} on September {day}, 2016, over the Syria truce, officials said. \"We will not accept the \
                 plan of {b}, and we demand {n} changes,\" {a} told reporters, and {b} rejected the demand.\n\n"
            );
        }
        text
    };
    let report = |id: String, outlet: String, text: String| {
        let title = if id.starts_with("small") { "The weather" } else { "Obama and Putin discuss Syria truce" };
        let mut given = Given { title: Some(title.into()), date: Some("2016-09-05".into()), ..Given::default() };
        given.source.outlet = Some(outlet);
        Report { id, given, body: Bytes::Row(text), problems: Vec::new(), keys: Vec::new() }
    };
    let mut all: Vec<Report> = (0..24).map(|n| report(format!("report-{n:02}"), format!("Outlet {n}"), one(n, 40))).collect();
    all.push(report("long".into(), "Outlet L".into(), one(100, 300)));
    all.push(report("block".into(), "Outlet B".into(), "talks & <words> \"in\" one block ".repeat(4000)));
    all.extend(
        (0..140).map(|n| report(format!("small-{n}"), format!("A paper with the number {n}"), format!("Rain fell on town {n}."))),
    );
    all
}

fn store() -> &'static PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let (path, mut store) = filled("weight", reports());
        let run = store.begin(&tellings::store::this_run(&[])).unwrap();
        let faults: Vec<(String, String)> =
            (0..250).map(|n| (format!("item-{n}-{}", "x".repeat(500)), "cannot be read <b>at all</b> ".repeat(80))).collect();
        store.note(run, &faults).unwrap();
        path
    })
}

/// The page, which is light.
fn light(desk: &Desk, address: &str) -> String {
    static STYLES: OnceLock<usize> = OnceLock::new();
    let styles = *STYLES.get_or_init(|| include_str!("../../data/desk.css").len());
    let response = desk.answer(&Request::get(address));
    let text = response.text();
    assert_eq!(response.status, 200, "{address}: {text}");
    assert!(text.len() + styles <= PAINT, "{address}: {} bytes and {styles} of styles", text.len());
    inert(&text, address);
    text
}

/// Where a page leads on to.
fn next(page: &str) -> Option<String> {
    let before = page.split("rel=\"next\" href=\"").nth(1)?;
    Some(before.split('"').next()?.replace("&amp;", "&"))
}

/// All pages of a list, from the first to the last.
fn pages(desk: &Desk, address: &str) -> Vec<String> {
    let mut all = vec![light(desk, address)];
    while let Some(address) = all.last().and_then(|page| next(page)) {
        assert!(all.len() < 1000, "{address} leads on without end");
        all.push(light(desk, &address));
    }
    all
}

/// What stands between two marks, everywhere in some pages, in order.
fn found<'a>(pages: &'a [String], before: &str, after: char) -> Vec<&'a str> {
    pages.iter().flat_map(|page| page.split(before).skip(1).filter_map(|p| p.split(after).next()).collect::<Vec<_>>()).collect()
}

#[test]
fn every_page_of_a_long_story_is_light_and_leads_to_all_of_it() {
    let desk = Desk::open(store()).unwrap();
    let store = Database::open_to_read(store()).unwrap();
    let stories = store.stories(&StorySearch { words: "Putin".into(), limit: 9, ..StorySearch::default() }).unwrap();
    let story = stories.iter().max_by_key(|s| s.documents).unwrap();
    assert!(story.documents > 20, "{stories:?}");
    let page = light(&desk, &format!("/story/{}", story.id));
    assert!(page.len() > 40 << 10, "a long story that is told in {} bytes", page.len());
    // Each section has a page that goes on to its end.
    let alone: BTreeSet<&str> = page.split("?all=").skip(1).filter_map(|p| p.split(['"', '#']).next()).collect();
    assert!(alone.len() > 4 && alone.contains("timeline"), "{alone:?}");
    for section in &alone {
        let all = pages(&desk, &format!("/story/{}?all={section}", story.id));
        if *section == "timeline" {
            let rows = found(&all, "<tr id=\"t", '"').len();
            let told = page.split("?all=timeline").nth(1).and_then(|p| p.split("All ").nth(1)).and_then(|p| p.split('<').next());
            assert_eq!(Some(rows.to_string().as_str()), told, "rows of the timeline");
        }
    }
    for event in store.record_events(&RecordEventSearch { limit: 8, order: EventOrder::Origins, ..Default::default() }).unwrap() {
        pages(&desk, &format!("/event/{}", event.id));
    }
    for who in &WHO[..4] {
        let id = store.entities(who, 1).unwrap().remove(0).id;
        light(&desk, &format!("/actor/{}", crate::http::encoded(&id)));
        light(&desk, &format!("/search?q={}", crate::http::encoded(who)));
    }
}

#[test]
fn long_reports_are_shown_part_by_part_and_whole() {
    let desk = Desk::open(store()).unwrap();
    let store = Database::open_to_read(store()).unwrap();
    for id in ["long", "block", "report-03"] {
        let text = store.text(id).unwrap().unwrap();
        let all = pages(&desk, &format!("/report/{id}?layer=names&layer=events"));
        // What stands between tags, in all parts: the whole text.
        let words = |page: &String| -> String {
            let article = page.split("<article class=\"text\">").nth(1).unwrap().split("</article>").next().unwrap().to_string();
            let notes: Vec<&str> = article.split("<p class=\"note\">").collect();
            let body: String =
                notes.iter().enumerate().map(|(n, p)| if n == 0 { p } else { p.split_once("</p>").unwrap().1 }).collect();
            body.split('<').enumerate().map(|(n, p)| if n == 0 { p } else { p.split_once('>').map_or("", |p| p.1) }).collect()
        };
        let shown: String = all.iter().map(words).collect();
        let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert!(plain(&shown) == plain(&text), "{id}: {} letters of {}", plain(&shown).len(), plain(&text).len());
        // Words far behind are marked in the part that has them.
        let at = text.rfind("on").unwrap();
        let page = light(&desk, &format!("/report/{id}?mark={}-{}", at, at + 2));
        assert!(page.contains("<mark>") && page.contains(&format!("id=\"b{}-{}\"", at, at + 2)), "{id} {at}");
        let raw = pages(&desk, &format!("/report/{id}?view=original"));
        let shown: usize = raw.iter().map(|p| p.split("<pre").nth(1).unwrap().split("</pre>").next().unwrap().len()).sum();
        assert!(shown >= text.len(), "{id}: {shown} of {}", text.len());
    }
}

#[test]
fn lists_are_light_and_lead_to_all_of_it() {
    let desk = Desk::open(store()).unwrap();
    let store = Database::open_to_read(store()).unwrap();
    let every = RecordEventSearch { limit: 100_000, ..RecordEventSearch::default() };
    let all: Vec<String> = store.record_events(&every).unwrap().into_iter().map(|e| e.id).collect();
    assert!(all.len() > 110, "{}", all.len());
    for sort in ["last", "day", "type", "place", "origins", "agreement"] {
        let pages = pages(&desk, &format!("/events?sort={sort}"));
        let mut shown = found(&pages, "data-name=\"Date\"><a href=\"/event/", '"');
        shown.sort_unstable();
        let mut wanted: Vec<&str> = all.iter().map(String::as_str).collect();
        wanted.sort_unstable();
        assert!(pages.len() > 1 && shown == wanted, "{sort}: {} of {} events", shown.len(), wanted.len());
    }
    let stories = pages(&desk, "/");
    assert_eq!(found(&stories, "class=\"title\" href=\"/story/", '"').len() as u64, store.counts().unwrap().stories);
    assert_eq!(found(&pages(&desk, "/problems"), "<td data-name=\"Item\">", '<').len(), {
        let problems: Vec<ProblemRow> = store.problems(&ProblemSearch { limit: 9999, ..Default::default() }).unwrap();
        assert!(problems.len() >= 250);
        problems.len()
    });
    assert_eq!(found(&pages(&desk, "/sources"), "href=\"/search?outlet=", '"').len(), 166);
    for address in ["/search?q=talks", "/search?q=truce", "/search", "/review", "/about", "/account"] {
        light(&desk, address);
    }
}
