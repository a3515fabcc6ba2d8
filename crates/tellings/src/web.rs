//! From addresses to reports: pages, feeds, and the pages that feeds announce.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::Arc;
use tellings_article::{Format, Given};
use tellings_doc::{Problem, Source};
use tellings_fetch::{Answer, Fetcher, Version};
use tellings_input::feed::{self, About, Entry, Words};
use tellings_input::{Body, Fault, Kind, Report, Reports, address};
use xxhash_rust::xxh3::Xxh3Default;

/// Is this an address of the web, and no file?
pub fn is_address(argument: &str) -> bool {
    let head = argument.get(..8).unwrap_or(argument).to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://")
}

/// What gets reports from the web.
#[derive(Clone, Debug)]
pub struct Web {
    /// What fetches.
    pub fetcher: Arc<Fetcher>,
    /// Are the pages fetched that a feed announces without their text?
    pub follow: bool,
}

impl Web {
    /// The reports at an address: a page is one, a feed has its entries.
    pub(crate) fn reports(&self, place: &str) -> Reports {
        let fault = |note: String| Fault { item: format!("`{place}`"), note };
        let answer = match self.fetcher.fetch(place, &Version::default()) {
            Ok(answer) => answer,
            Err(error) => return Box::new(std::iter::once(Err(fault(error.fault.to_string())))),
        };
        match kind(&answer) {
            Kind::Feed => {
                let bytes = answer.bytes.unwrap_or_default();
                let (about, entries) = match feed::read(&bytes, answer.encoding.as_deref(), Some(&answer.address)) {
                    Ok(read) => read,
                    Err(note) => return Box::new(std::iter::once(Err(fault(note)))),
                };
                let cut = about.cut.then(|| Err(fault("the feed ends inside an entry: truncated".to_string())));
                let none = entries.is_empty().then(|| Err(fault("there is no entry in the feed".to_string())));
                let (web, items) = (self.clone(), announced(&answer.address, &about, &entries));
                Box::new(items.into_iter().map(move |item| web.item(item)).chain(none).chain(cut))
            }
            Kind::Html => Box::new(std::iter::once(Ok(page(answer, Format::Html, Given::default(), Vec::new())))),
            Kind::Markdown => Box::new(std::iter::once(Ok(page(answer, Format::Markdown, Given::default(), Vec::new())))),
            Kind::Text => Box::new(std::iter::once(Ok(page(answer, Format::Text, Given::default(), Vec::new())))),
            kind => {
                let bytes = std::io::Cursor::new(answer.bytes.unwrap_or_default());
                tellings_input::reports(&answer.address, Box::new(bytes), Some(kind))
            }
        }
    }

    /// The report that a feed announces, of its page where that is wanted and to be had.
    fn item(&self, item: Announced) -> Result<Report, Fault> {
        let Some(place) = item.link.clone().filter(|_| self.follow && !item.whole) else { return item.report(None) };
        match self.fetcher.fetch(&place, &Version::default()) {
            Ok(answer) => Ok(item.page(answer)),
            Err(error) => item.report(Some(&error.fault.to_string())),
        }
    }
}

/// What an answer is: by its content, and by what it is said to be where that does not tell.
pub(crate) fn kind(answer: &Answer) -> Kind {
    let bytes = answer.bytes.as_deref().unwrap_or_default();
    let path = answer.address.split(['?', '#']).next().unwrap_or("");
    let name = path.rsplit('/').next().filter(|_| path.matches('/').count() > 2).unwrap_or("");
    match (tellings_input::detect(name, &bytes[..bytes.len().min(1 << 16)]), answer.kind.as_str()) {
        (Kind::Text | Kind::Markdown | Kind::Csv | Kind::Tsv, "text/html" | "application/xhtml+xml") => Kind::Html,
        (kind, _) => kind,
    }
}

/// A page as a report: under its address, and under the one that it gives for itself.
pub(crate) fn page(answer: Answer, format: Format, mut given: Given, mut keys: Vec<String>) -> Report {
    let bytes = answer.bytes.unwrap_or_default();
    let own = (format == Format::Html).then(|| address::of_page(&bytes, &answer.address)).flatten();
    for known in [&answer.address].into_iter().chain(&own) {
        keys.extend(address::key(known).map(|key| format!("url:{key}")));
    }
    keys.sort();
    keys.dedup();
    let url = own.unwrap_or_else(|| address::plain(&answer.address));
    let id = id(&url);
    given.source = Source { path: None, url: Some(url), ..given.source };
    given.charset = answer.encoding;
    Report { id, given, body: Body::Raw(bytes, format), problems: Vec::new(), keys }
}

/// A report's id: its address without what all have, cut where it is very long.
fn id(url: &str) -> String {
    let key = address::key(url).unwrap_or_else(|| url.to_string());
    let short: String = key.chars().take(160).collect();
    if short.len() == key.len() { key } else { format!("{short}~{:x}", hash(&[&key])) }
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = Xxh3Default::new();
    for part in parts {
        hasher.write(part.as_bytes());
        hasher.write(&[0]);
    }
    hasher.finish()
}

/// What a feed says of one of its items, kept until its page is fetched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Announced {
    pub(crate) link: Option<String>,
    id: String,
    title: Option<String>,
    date: Option<String>,
    authors: Vec<String>,
    outlet: Option<String>,
    section: Option<String>,
    text: String,
    html: bool,
    /// Is the text the whole report?
    pub(crate) whole: bool,
    #[serde(skip)]
    pub(crate) keys: Vec<String>,
}

/// Characters that readers see of a full text, and of a summary that can only be one.
const WHOLE: usize = 500;
const LONG: usize = 2500;

/// The items of a feed, each with the names under which it will be known again: its id at the site, its address, or else its words.
/// What cannot be a name is none: an id or an address that several items share, the site's front page, a mere number.
pub(crate) fn announced(place: &str, about: &About, entries: &[Entry]) -> Vec<Announced> {
    let site = address::key(place).unwrap_or_else(|| place.to_string());
    let host = site.split('/').next().unwrap_or("").to_string();
    let link_of = |entry: &Entry| entry.link.as_deref().and_then(address::key).filter(|key| !key.ends_with('/'));
    let mut ids: HashMap<&str, Vec<Option<String>>> = HashMap::new();
    let mut links: HashMap<String, Vec<Option<&str>>> = HashMap::new();
    for entry in entries {
        let (id, link) = (entry.id.as_deref().filter(|id| !id.is_empty()), link_of(entry));
        if let Some(id) = id {
            ids.entry(id).or_default().push(link.clone());
        }
        if let Some(link) = link {
            links.entry(link).or_default().push(id);
        }
    }
    // The same item twice in one feed is no reason to doubt its names.
    let several = |others: usize, same: bool| others > 1 && !same;
    let item = |entry: &Entry| {
        let given = entry.given(about, place);
        let words = entry.words().map(|(words, full)| (words.clone(), full));
        let (words, full) = words.unwrap_or((Words::default(), false));
        let seen = words.plain().chars().count();
        let link = link_of(entry).filter(|link| !links.get(link).is_some_and(|ids| several(ids.len(), alike(ids))));
        let id = entry.id.as_deref().filter(|id| !id.is_empty());
        let id = id.filter(|id| !ids.get(id).is_some_and(|links| several(links.len(), alike(links))));
        let mere = |id: &str| id.len() < 6 && id.bytes().all(|b| b.is_ascii_digit());
        let mut keys: Vec<String> = link.iter().map(|link| format!("url:{link}")).collect();
        keys.extend(id.filter(|id| !mere(id) || link.is_none()).map(|id| match id.len() {
            // Short ids are a feed's own, long ones the site's.
            0..8 => format!("id:{site} {id}"),
            8..200 => format!("id:{host} {id}"),
            _ => format!("id:{host} #{:x}", hash(&[id])),
        }));
        let title = given.title.clone().unwrap_or_default();
        if keys.is_empty() {
            keys.push(format!("words:{host} {:x}", hash(&[&title, &words.text])));
        }
        Announced {
            id: link
                .map_or_else(|| format!("{host}:{:x}", hash(&[&keys[0]])), |_| self::id(entry.link.as_deref().unwrap_or(place))),
            link: entry.link.clone().filter(|link| is_address(link)),
            title: given.title,
            date: given.date,
            authors: given.bylines,
            outlet: given.source.outlet,
            section: given.source.section,
            text: words.text,
            html: words.html,
            whole: full && seen >= WHOLE || seen >= LONG,
            keys,
        }
    };
    entries.iter().map(item).collect()
}

fn alike<T: PartialEq>(list: &[T]) -> bool {
    list.windows(2).all(|two| two[0] == two[1])
}

impl Announced {
    fn given(&self) -> Given {
        let url = self.link.as_deref().map(address::plain);
        Given {
            title: self.title.clone(),
            date: self.date.clone(),
            bylines: self.authors.clone(),
            source: Source { path: None, url, outlet: self.outlet.clone(), section: self.section.clone() },
            ..Given::default()
        }
    }

    /// The report of its page.
    pub(crate) fn page(self, answer: Answer) -> Report {
        let format = match kind(&answer) {
            Kind::Html => Format::Html,
            Kind::Text => Format::Text,
            Kind::Markdown => Format::Markdown,
            // A film, a document, a feed: the words of the feed are what there is to read.
            _ => {
                let why = format!("the page is no text but `{}`", answer.kind);
                let keys = self.keys.clone();
                return self.report(Some(&why)).unwrap_or_else(|_| page(answer, Format::Text, Given::default(), keys));
            }
        };
        page(answer, format, self.given(), self.keys)
    }

    /// The report that the feed itself carries, where it carries any; `why` its page was not to be had.
    pub(crate) fn report(self, why: Option<&str>) -> Result<Report, Fault> {
        let given = self.given();
        if self.text.trim().is_empty() {
            let called = self.title.map_or_else(|| format!("`{}`", self.id), |title| format!("\u{201c}{title}\u{201d}"));
            let item = self.link.map_or(called, |link| format!("`{link}`"));
            let note = why.map_or_else(
                || "the feed carries no text of it".to_string(),
                |why| format!("{why}; the feed carries no text of it"),
            );
            return Err(Fault { item, note });
        }
        let note = match why {
            Some(why) => Some(format!("its page could not be fetched ({why}); this is what the feed carries")),
            None => (!self.whole).then(|| "the feed gives a summary, not the text".to_string()),
        };
        let format = if self.html { Format::Fragment } else { Format::Text };
        let problems = note.map(|note| Problem::new("summary-only", note)).into_iter().collect();
        Ok(Report { id: self.id, given, body: Body::Raw(self.text.into_bytes(), format), problems, keys: self.keys })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(feed: &str) -> Vec<Vec<String>> {
        let (about, entries) = feed::read(feed.as_bytes(), None, None).unwrap();
        announced("https://www.wire.example/rss", &about, &entries).into_iter().map(|item| item.keys).collect()
    }

    fn rss(items: &[(&str, &str)]) -> String {
        let item = |(guid, link): &(&str, &str)| {
            format!("<item><title>T</title><guid isPermaLink='false'>{guid}</guid><link>{link}</link></item>")
        };
        format!("<rss version='2.0'><channel>{}</channel></rss>", items.iter().map(item).collect::<String>())
    }

    #[test]
    fn names_that_lie_are_none() {
        let a = "https://wire.example/a?utm_source=rss";
        assert_eq!(keys(&rss(&[("tag:wire,2014:1", a)])), [["url:wire.example/a", "id:wire.example tag:wire,2014:1"]]);
        // One id for all, one address for all, the front page, and mere numbers.
        let b = "https://wire.example/b";
        assert_eq!(keys(&rss(&[("identical", a), ("identical", b)])), [["url:wire.example/a"], ["url:wire.example/b"]]);
        assert_eq!(
            keys(&rss(&[("first-id", a), ("second-id", a)])),
            [["id:wire.example first-id"], ["id:wire.example second-id"]]
        );
        assert_eq!(keys(&rss(&[("first-id", "https://wire.example/")])), [["id:wire.example first-id"]]);
        assert_eq!(keys(&rss(&[("1", a), ("2", b)])), [["url:wire.example/a"], ["url:wire.example/b"]]);
        // The same item twice keeps its names; one without any is known by its words.
        assert_eq!(keys(&rss(&[("first-id", a), ("first-id", a)]))[1].len(), 2);
        assert!(keys(&rss(&[("", "")]))[0][0].starts_with("words:wire.example "));
        assert!(is_address("HTTPS://a.example") && !is_address("https.txt") && !is_address("ftp://a"));
    }
}
