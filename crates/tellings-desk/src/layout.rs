//! What all pages share: head, navigation, links to what is elsewhere in the desk, and how values are written.

use crate::assets;
use crate::http::encoded;
use maud::{DOCTYPE, Markup, html};

/// The pages that the navigation leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Stories,
    Events,
    Search,
    Sources,
    Review,
    Problems,
    None,
}

const TABS: [(Tab, &str, &str); 6] = [
    (Tab::Stories, "/", "Stories"),
    (Tab::Events, "/events", "Events"),
    (Tab::Search, "/search", "Search"),
    (Tab::Sources, "/sources", "Sources"),
    (Tab::Review, "/review", "Review"),
    (Tab::Problems, "/problems", "Problems"),
];

/// A page.
pub(crate) struct Page<'a> {
    pub(crate) title: &'a str,
    pub(crate) tab: Tab,
    /// Words in the search field.
    pub(crate) words: &'a str,
    /// Other forms of what the page shows: kind, title, address.
    pub(crate) also: Vec<(&'static str, String, String)>,
    pub(crate) body: Markup,
}

impl Page<'_> {
    pub(crate) fn set(self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Tellings" }
                    link rel="stylesheet" href=(assets::address("desk.css"));
                    link rel="icon" type="image/svg+xml" href=(assets::address("mark.svg"));
                    @for (kind, title, address) in &self.also {
                        link rel="alternate" type=(kind) title=(title) href=(address);
                    }
                    script src=(assets::address("desk.js")) defer {}
                }
                body {
                    a.skip href="#main" { "Skip to the content" }
                    header.top {
                        a.brand href="/" { "Tellings" }
                        nav aria-label="Desk" {
                            @for (tab, address, name) in TABS {
                                @if tab == self.tab { a href=(address) aria-current="page" { (name) } } @else { a href=(address) { (name) } }
                            }
                        }
                        form.find role="search" action="/search" {
                            label.hidden for="find" { "Search reports" }
                            input #find type="search" name="q" value=(self.words) placeholder="Search reports" autocomplete="off";
                            button { "Search" }
                        }
                    }
                    p #live .live role="status" hidden { }
                    main #main data-live[matches!(self.tab, Tab::Stories | Tab::Events | Tab::Sources)] { (self.body) }
                    footer {
                        p { "Every value leads to the words it rests on. Nothing on this desk leaves this machine. "
                            a href="/about" { "How to read it" } " · " a href="/account" { "Account" } }
                    }
                }
            }
        }
    }
}

/// A page without anything that needs the store.
pub(crate) fn plain(title: &str, body: Markup) -> Markup {
    Page { title, tab: Tab::None, words: "", also: Vec::new(), body: html! { h1 { (title) } (body) } }.set()
}

/// The address of a report.
pub(crate) fn report(id: &str) -> String {
    format!("/report/{}", encoded(id))
}

/// The address of words of a report: they are marked there.
pub(crate) fn words(document: &str, span: [usize; 2]) -> String {
    format!("/report/{}?mark={1}-{2}#b{1}-{2}", encoded(document), span[0], span[1])
}

/// The address of a story.
pub(crate) fn story(id: &str) -> String {
    format!("/story/{}", encoded(id))
}

/// The address of an event.
pub(crate) fn event(id: &str) -> String {
    format!("/event/{}", encoded(id))
}

/// The address of somebody.
pub(crate) fn actor(id: &str) -> String {
    format!("/actor/{}", encoded(id))
}

/// A date as exact as it is known; a dash where it is not.
pub(crate) fn date(value: Option<&str>) -> Markup {
    match value {
        Some(value) => html! { time datetime=(value) { (value.replacen('T', " ", 1)) } },
        None => html! { span.unknown { "undated" } },
    }
}

/// First and last day in few figures: `2016-09-04 – 09`.
pub(crate) fn days(first: Option<&str>, last: Option<&str>) -> Markup {
    match (first, last) {
        (Some(first), Some(last)) if first == last => date(Some(first)),
        (Some(first), Some(last)) => {
            let (f, l): (Vec<&str>, Vec<&str>) = (first.split('-').collect(), last.split('-').collect());
            let same = f.iter().zip(&l).take_while(|(a, b)| a == b).count().min(2);
            html! { time datetime=(first) { (first) } " – " time datetime=(last) { (l[same..].join("-")) } }
        }
        (one, other) => date(one.or(other)),
    }
}

/// `1 report`, `2 reports`.
pub(crate) fn plural(n: u64, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// The kind of act that a type is, for its colour and shape: talks, words or force.
pub(crate) fn lane(kind: &str) -> &'static str {
    match kind {
        "AGREE" | "CONSULT" | "SUPPORT" | "COOPERATE" | "AID" | "CONCEDE" | "RETREAT" => "talks",
        "REQUEST" | "ACCUSE" | "REJECT" | "THREATEN" => "words",
        _ => "force",
    }
}

/// A value as people write it: durations in words, all else as it is.
pub(crate) fn value(value: &str) -> String {
    const UNITS: [(&str, char, &str); 7] = [
        ("PT", 'H', "hour"),
        ("PT", 'M', "minute"),
        ("PT", 'S', "second"),
        ("P", 'D', "day"),
        ("P", 'W', "week"),
        ("P", 'M', "month"),
        ("P", 'Y', "year"),
    ];
    let told = UNITS.iter().find_map(|(start, end, unit)| {
        let number = value.strip_prefix(start)?.strip_suffix(*end)?;
        let whole: f64 = number.parse().ok()?;
        Some(if whole == 1.0 { format!("1 {unit}") } else { format!("{number} {unit}s") })
    });
    told.unwrap_or_else(|| value.to_string())
}

/// A type of event, with its sign.
pub(crate) fn kind(kind: Option<&str>) -> Markup {
    match kind {
        Some(kind) => html! { span class=(format!("kind {}", lane(kind))) { (kind.to_lowercase()) } },
        None => html! { span.kind { "other" } },
    }
}

/// `agreed`, `single` or `disputed`, as a sign that is read without colour, too.
pub(crate) fn agreement(agreement: &str, origins: u64) -> Markup {
    let sign = match agreement {
        "agreed" => "✓",
        "disputed" => "≠",
        _ => "1",
    };
    let words = match agreement {
        "agreed" => format!("{origins} independent origins agree"),
        "disputed" => format!("{origins} independent origins differ"),
        _ => "one origin only".to_string(),
    };
    html! { span class=(format!("agree {agreement}")) title=(words) { span aria-hidden="true" { (sign) } " " (agreement) } }
}

/// Bytes of a page's lists: with what stands around them and the styles that is less than 100 KiB, so that whoever is far away sees
/// it at once.
pub(crate) const ROOM: usize = 64 << 10;

/// The first things of a list that there is room for, at least one; how many these are, and what is left of the room.
pub(crate) fn fitting<T>(all: &[T], room: usize, set: impl Fn(usize, &T) -> Markup) -> (Markup, usize, usize) {
    let (mut out, mut shown) = (String::new(), 0);
    for (at, one) in all.iter().enumerate() {
        let one = set(at, one).into_string();
        if shown > 0 && out.len() + one.len() > room {
            break;
        }
        out.push_str(&one);
        shown += 1;
    }
    let left = room.saturating_sub(out.len());
    (maud::PreEscaped(out), shown, left)
}

/// Words on one line, cut at a blank where they are longer than so many letters.
pub(crate) fn short(words: &str, most: usize) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match flat.char_indices().nth(most) {
        None => flat,
        Some((at, _)) => format!("{} …", flat[..at].rsplit_once(' ').map_or(&flat[..at], |cut| cut.0)),
    }
}

/// Between the values of a place in a list, as an address has it.
const BETWEEN: char = '\u{1f}';

/// Behind which place of a list what follows is asked for.
pub(crate) fn after(request: &crate::Request) -> Option<Vec<String>> {
    request.value("after").map(|place| place.split(BETWEEN).map(str::to_string).collect())
}

/// A place in a list, as an address has it.
pub(crate) fn place(values: &[String]) -> String {
    values.join(&BETWEEN.to_string())
}

/// Filters that are folded where there is little room, and open where one of them is set.
pub(crate) fn folded(request: &crate::Request, names: &[&str], filters: Markup) -> Markup {
    let set = names.iter().filter(|name| request.value(name).is_some()).count();
    html! {
        details.folded open[set > 0] {
            summary { "More filters" @if set > 0 { " " span.count { (set) } } }
            div { (filters) }
        }
    }
}

/// Links to the beginning of a list that goes on behind a place, and to what follows. Whatever is written meanwhile: nothing that
/// stands in it before and after is left out, nothing is shown twice.
pub(crate) fn onward(request: &crate::Request, next: Option<&[String]>) -> Markup {
    let begun = request.value("after").is_some();
    html! {
        @if begun || next.is_some() {
            nav.turn aria-label="Pages" {
                @if begun { a rel="first" href=(request.again(&[("after", ""), ("skip", "")])) { "← From the beginning" } }
                @if let Some(next) = next { a rel="next" href=(request.again(&[("after", &place(next)), ("skip", "")])) { "Further in the list →" } }
            }
        }
    }
}

/// Links to the pages of a list before and behind this one.
pub(crate) fn turn(request: &crate::Request, skip: usize, step: usize, more: bool) -> Markup {
    let to = |skip: usize| request.again(&[("skip", if skip == 0 { String::new() } else { skip.to_string() }.as_str())]);
    html! {
        @if skip > 0 || more {
            nav.turn aria-label="Pages" {
                @if skip > 0 { a rel="prev" href=(to(skip.saturating_sub(step))) { "← Earlier in the list" } }
                span { (skip + 1) " and following" }
                @if more { a rel="next" href=(to(skip + step)) { "Further in the list →" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_days_as_people_write_them() {
        let cases = [
            ("PT70M", "70 minutes"),
            ("PT1H", "1 hour"),
            ("PT1.5H", "1.5 hours"),
            ("P2W", "2 weeks"),
            ("PT1H30M", "PT1H30M"),
            ("four", "four"),
        ];
        for (given, wanted) in cases {
            assert_eq!(value(given), wanted);
        }
        let text = |first, last| {
            let set = days(first, last).into_string();
            set.split('<').map(|p| p.split_once('>').map_or(p, |p| p.1)).collect::<String>()
        };
        assert_eq!(text(Some("2016-09-04"), Some("2016-09-09")), "2016-09-04 – 09");
        assert_eq!(text(Some("2016-09-04"), Some("2016-10-09")), "2016-09-04 – 10-09");
        assert_eq!(text(Some("2016-09-04"), Some("2017-10-09")), "2016-09-04 – 2017-10-09");
        assert_eq!(text(Some("2016-09-04"), Some("2016-09-04")), "2016-09-04");
        assert_eq!((text(Some("2016"), None), text(None, None)), ("2016".to_string(), "undated".to_string()));
    }
}
