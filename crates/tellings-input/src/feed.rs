//! Feeds: RSS 0.9x to 2.0, RDF, Atom, CDF and JSON Feed in one model. Ill-formed ones give what a patient reader would see.

use crate::text::{self, entities};
use crate::xml::{Scanner, What, attribute, attributes};
use crate::{Body, Fault, Name, Report, coding};
use serde_json::Value as Json;
use tellings_article::{Format, Given};
use tellings_doc::{Problem, Source};

/// What a feed says of itself.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// What it is: `rss`, `rdf`, `atom`, `cdf`, `json`; empty where nothing told.
    pub format: &'static str,
    /// Its title.
    pub title: Option<Words>,
    /// What it is about.
    pub subtitle: Option<Words>,
    /// The page it belongs to.
    pub link: Option<String>,
    /// Its editors.
    pub authors: Vec<Person>,
    /// When it last changed, as written.
    pub updated: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// Its language, as written.
    pub language: Option<String>,
    /// It ends inside an entry: truncated.
    pub cut: bool,
}

/// One entry of a feed.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Its title.
    pub title: Option<Words>,
    /// The page it announces.
    pub link: Option<String>,
    /// Its id in the feed: it stays when the address changes.
    pub id: Option<String>,
    /// When it was published, as written.
    pub published: Option<String>,
    /// When it last changed, as written.
    pub updated: Option<String>,
    /// When it was made, as written.
    pub created: Option<String>,
    /// Its authors.
    pub authors: Vec<Person>,
    /// A summary or teaser.
    pub summary: Option<Words>,
    /// The full text, where the feed carries it.
    pub content: Vec<Words>,
    /// The outlet it was taken over from.
    pub source: Option<String>,
    /// Its first category.
    pub section: Option<String>,
}

/// Somebody named in a feed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
    /// The page.
    pub url: Option<String>,
}

/// Words of a feed, plain or marked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// As they stand, unpacked.
    pub text: String,
    /// Are they HTML?
    pub html: bool,
}

impl Words {
    /// What a reader sees of them.
    pub fn plain(&self) -> String {
        if self.html { text::plain(&self.text) } else { text::spaced(&self.text) }
    }
}

/// A feed that is read entry by entry.
pub(crate) struct Feed {
    text: String,
    at: usize,
    about: About,
    /// Entities that the document declares.
    own: Vec<(String, String)>,
    /// Open elements that hold others, each with its base address.
    open: Vec<(String, Option<String>)>,
    /// Prefixes and what they stand for.
    spaces: Vec<(String, Space)>,
    /// The entry that is being read.
    entry: Option<Entry>,
    /// Bytes that may be searched for the ends of elements: keeps hostile feeds cheap.
    budget: usize,
    address: Option<String>,
    json: Option<std::vec::IntoIter<Json>>,
    /// Does it end inside a tag or an entry?
    pub(crate) cut: bool,
}

/// Vocabularies whose words are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Feed,
    DublinCore,
    Content,
    Itunes,
    Xhtml,
    Feedburner,
    Media,
    Other,
}

impl Space {
    fn of(address: &str) -> Space {
        let a = address.trim().to_ascii_lowercase();
        let holds = |part: &str| a.contains(part);
        if a.is_empty() || holds("purl.org/rss/1.0/modules/content") || holds("purl.org/net/rss1.1/payload") {
            return if a.is_empty() { Space::Feed } else { Space::Content };
        }
        if holds("purl.org/dc/") || holds("purl.org/rss/1.0/modules/dcterms") {
            Space::DublinCore
        } else if holds("itunes") {
            Space::Itunes
        } else if holds("1999/xhtml") {
            Space::Xhtml
        } else if holds("feedburner") {
            Space::Feedburner
        } else if holds("search.yahoo.com/mrss") || holds("purl.org/media") {
            Space::Media
        } else if holds("purl.org/rss/1.0/modules") {
            Space::Other
        } else if holds("purl.org/rss")
            || holds("purl.org/atom")
            || holds("2005/atom")
            || holds("userland.com")
            || holds("backend.userland")
            || holds("netscape.com/rdf")
            || holds("channel.netscape.com")
            || holds("22-rdf-syntax-ns")
            || holds("purl.org/net/rss")
        {
            Space::Feed
        } else {
            Space::Other
        }
    }

    fn usual(prefix: &str) -> Space {
        match prefix {
            "" | "rdf" | "rss" | "atom" | "atom03" | "atom10" | "a10" => Space::Feed,
            "dc" | "dcterms" | "dct" => Space::DublinCore,
            "content" => Space::Content,
            "itunes" => Space::Itunes,
            "xhtml" | "html" => Space::Xhtml,
            "feedburner" => Space::Feedburner,
            "media" => Space::Media,
            _ => Space::Other,
        }
    }
}

impl Feed {
    /// The feed in these bytes; `label` is the encoding that a header names, `address` where it was found. Nothing where it
    /// is no feed.
    pub(crate) fn new(bytes: Vec<u8>, label: Option<&str>, address: Option<&str>) -> Result<Feed, String> {
        let (text, _) = text::owned(bytes, label);
        let mut feed = Feed {
            budget: text.len().saturating_mul(4) + (1 << 20),
            text,
            at: 0,
            about: About::default(),
            own: Vec::new(),
            open: Vec::new(),
            spaces: Vec::new(),
            entry: None,
            address: address.map(str::to_string),
            json: None,
            cut: false,
        };
        if feed.text.trim_start().starts_with('{') {
            feed.json()?;
            return Ok(feed);
        }
        let head = &feed.text[..feed.text.floor_char_boundary(1 << 16)];
        let named = |token: crate::xml::Token<'_>| match token.what {
            What::Open { name, .. } => Some(local(name).1.to_ascii_lowercase()),
            _ => None,
        };
        match Scanner::new(head).filter_map(named).next() {
            Some(name) if name == "html" => Err("this is a web page, not a feed".to_string()),
            None => Err("there is no feed in it".to_string()),
            Some(_) => Ok(feed),
        }
    }

    /// What the feed says of itself, as far as it was read.
    pub(crate) fn about(&self) -> &About {
        &self.about
    }

    fn json(&mut self) -> Result<(), String> {
        let mut value: Json = serde_json::from_str(&self.text).map_err(|error| format!("not JSON: {error}"))?;
        let Some(Json::Array(items)) = value.get_mut("items").map(Json::take) else {
            return Err("there is no list of items in it".to_string());
        };
        let word = |key: &str| value.get(key).and_then(Json::as_str).map(str::to_string);
        self.about = About {
            format: "json",
            title: word("title").map(|text| Words { text, html: false }),
            subtitle: word("description").map(|text| Words { text, html: false }),
            link: word("home_page_url"),
            authors: json_authors(&value),
            language: word("language"),
            ..About::default()
        };
        self.text = String::new();
        self.json = Some(items.into_iter());
        Ok(())
    }

    fn base(&self) -> Option<&str> {
        self.open.iter().rev().find_map(|(_, base)| base.as_deref()).or(self.address.as_deref())
    }

    /// The vocabulary of an element, and its name in small letters.
    fn name(&self, name: &str, inside: &str) -> (Space, String) {
        let (prefix, local) = local(name);
        let declared = attributes(inside).find_map(|(key, value)| match key.strip_prefix("xmlns") {
            Some("") if prefix.is_empty() => Some(value),
            Some(rest) if rest.strip_prefix(':') == Some(prefix) => Some(value),
            _ => None,
        });
        let known = || self.spaces.iter().rev().find(|(p, _)| p == prefix).map(|(_, space)| *space);
        let space = declared.map(Space::of).or_else(known).unwrap_or_else(|| Space::usual(prefix));
        (space, local.to_ascii_lowercase())
    }

    /// What stands in the element that was just opened, and does it hold markup; goes behind its end.
    fn inner(&mut self, name: &str, from: usize) -> (std::ops::Range<usize>, bool) {
        let mut scanner = Scanner::new(&self.text);
        scanner.at = from;
        let (mut depth, mut markup) = (0usize, false);
        let stops =
            |name: &str| ["item", "entry", "channel", "feed", "rdf"].iter().any(|stop| local(name).1.eq_ignore_ascii_case(stop));
        let mut first = None;
        let mut found = None;
        for token in scanner.by_ref() {
            if token.end - from > self.budget {
                break;
            }
            match token.what {
                What::Open { name: inner, empty, .. } => {
                    if stops(inner) {
                        break;
                    }
                    first = first.or(Some(token.start));
                    markup = true;
                    depth += usize::from(inner == name && !empty);
                }
                What::Close { name: inner } if inner.eq_ignore_ascii_case(name) => {
                    if depth == 0 {
                        found = Some((from..token.start, token.end));
                        break;
                    }
                    depth -= 1;
                }
                What::Close { name: inner } => {
                    if stops(inner) {
                        break;
                    }
                    first = first.or(Some(token.start));
                }
                _ => {}
            }
        }
        let (range, next, markup) = match found {
            Some((range, next)) => (range, next, markup),
            // Never closed: up to the next tag.
            None => {
                self.budget = self.budget.saturating_sub(scanner.at - from);
                let end = first.unwrap_or(scanner.at).min(self.text.len());
                let end = self.text[from..end].find("</").map_or(end, |at| from + at);
                (from..end, end, false)
            }
        };
        self.at = next;
        (range, markup)
    }

    /// The words in an element: unpacked as its attributes say.
    fn words(&self, range: std::ops::Range<usize>, markup: bool, inside: &str) -> Words {
        let raw = &self.text[range];
        let kind = attribute(inside, "type").unwrap_or_default().to_ascii_lowercase();
        let mode = attribute(inside, "mode").unwrap_or_default().to_ascii_lowercase();
        let mut text = String::with_capacity(raw.len());
        if markup && mode != "escaped" {
            // Markup as it stands; what stands in CDATA sections in it is escaped as markup would be.
            for token in Scanner::new(raw) {
                match token.what {
                    What::Data(data) => {
                        text.push_str(&data.replace('&', "&amp;").replace('<', "&lt;"));
                    }
                    What::Text(words) => {
                        let own = entities(words, &self.own);
                        if own == words || self.own.is_empty() {
                            text.push_str(words)
                        } else {
                            text.push_str(&own.replace('<', "&lt;"))
                        }
                    }
                    _ => text.push_str(&raw[token.start..token.end]),
                }
            }
            let plain = matches!(kind.as_str(), "text" | "text/plain");
            return Words { text: text.trim().to_string(), html: !plain || kind.is_empty() };
        }
        for token in Scanner::new(raw) {
            match token.what {
                What::Data(data) => text.push_str(data),
                What::Text(words) => text.push_str(&entities(words, &self.own)),
                What::Other => {}
                _ => text.push_str(&raw[token.start..token.end]),
            }
        }
        // Numbers 128 to 159 mean Windows-1252, however they were written.
        if text.contains(|c| ('\u{80}'..'\u{a0}').contains(&c)) {
            text = text.chars().map(|c| text::windows(c as u32).unwrap_or(c)).collect();
        }
        let text = text.trim();
        let packed =
            mode == "base64" || !kind.is_empty() && !kind.starts_with("text") && !kind.contains("html") && !kind.contains("xml");
        if packed && !text.contains(['<', '&']) {
            let bytes = coding::base64(text.as_bytes());
            if let Ok(text) = String::from_utf8(bytes) {
                let html = text::marked_up(&text);
                return Words { text, html };
            }
        }
        let html = match kind.as_str() {
            "text" => false,
            "text/plain" => mode == "escaped" && text::marked_up(text),
            kind if kind.contains("html") => true,
            _ => text::marked_up(text),
        };
        Words { text: text.to_string(), html }
    }

    /// The text of an element that holds no markup.
    fn plain(&self, range: std::ops::Range<usize>, markup: bool, inside: &str) -> String {
        self.words(range, markup, inside).plain()
    }

    fn resolve(&self, link: &str, inside: &str) -> Option<String> {
        let own = attributes(inside).find(|(key, _)| key.eq_ignore_ascii_case("xml:base")).map(|(_, value)| value);
        let base = match (own, self.base()) {
            (Some(own), Some(base)) => Some(join(base, own)),
            (Some(own), None) => Some(own.to_string()),
            (None, base) => base.map(str::to_string),
        };
        let link = link.trim();
        let link = base.map_or_else(|| link.to_string(), |base| join(&base, link));
        let unsafe_scheme =
            ["javascript:", "data:", "vbscript:", "file:"].iter().any(|s| link.to_ascii_lowercase().starts_with(s));
        (!link.is_empty() && !unsafe_scheme).then_some(link)
    }

    /// The next entry.
    pub(crate) fn next(&mut self) -> Option<Entry> {
        if let Some(items) = &mut self.json {
            return items.next().map(json_entry);
        }
        loop {
            let mut scanner = Scanner::new(&self.text);
            scanner.at = self.at;
            let token = scanner.next();
            self.cut |= scanner.cut;
            let Some(token) = token else {
                self.cut |= self.entry.is_some();
                return self.entry.take();
            };
            // The borrow of the text ends here: names and attributes are short.
            let (end, what) = (token.end, token.what);
            self.at = end;
            match what {
                What::Open { name, inside, empty } => {
                    if inside.len() > 1 << 16 {
                        continue;
                    }
                    let (name, inside) = (name.to_string(), inside.to_string());
                    if let Some(entry) = self.element(&name, &inside, empty) {
                        return Some(entry);
                    }
                }
                What::Close { name } => {
                    let name = local(name).1.to_ascii_lowercase();
                    let reach = self.open.len().saturating_sub(64);
                    if let Some(i) = self.open[reach..].iter().rposition(|(open, _)| *open == name) {
                        self.open.truncate(reach + i);
                    }
                    if matches!(name.as_str(), "item" | "entry")
                        && let Some(entry) = self.entry.take()
                    {
                        return Some(entry);
                    }
                }
                What::Doctype(text) => self.own = declared(text),
                _ => {}
            }
        }
    }

    /// An element that was opened; gives back the entry that its opening ends.
    fn element(&mut self, tag: &str, inside: &str, empty: bool) -> Option<Entry> {
        let (space, name) = self.name(tag, inside);
        let from = self.at;
        let container = matches!(name.as_str(), "rss" | "rdf" | "feed" | "channel" | "item" | "entry" | "items" | "seq");
        if container && matches!(space, Space::Feed | Space::Other) {
            let root = matches!(name.as_str(), "rss" | "rdf" | "feed");
            for (key, value) in attributes(inside) {
                if let Some(prefix) = key.strip_prefix("xmlns") {
                    let prefix = prefix.strip_prefix(':').unwrap_or(prefix).to_string();
                    // Whatever the root says it is, it is a feed.
                    let space = if root && prefix.is_empty() { Space::Feed } else { Space::of(value) };
                    if self.spaces.len() < 256 {
                        self.spaces.push((prefix, space));
                    }
                }
            }
            let own =
                attributes(inside).find(|(key, _)| key.eq_ignore_ascii_case("xml:base")).map(|(_, value)| value.to_string());
            let base = own.map(|own| self.base().map_or(own.clone(), |base| join(base, &own)));
            if !empty && self.open.len() < 4096 {
                self.open.push((name.clone(), base));
            }
            let mut done = None;
            match name.as_str() {
                "rss" => self.about.format = "rss",
                "rdf" => self.about.format = "rdf",
                "feed" => self.about.format = "atom",
                "channel" if self.about.format.is_empty() => {
                    self.about.format = "cdf";
                    self.about.link = attribute(inside, "href").and_then(|link| self.resolve(&link, inside));
                    self.about.updated = attribute(inside, "lastmod").map(std::borrow::Cow::into_owned);
                }
                "item" | "entry" => {
                    done = self.entry.take();
                    let mut entry = Entry {
                        link: attribute(inside, "href").and_then(|link| self.resolve(&link, inside)),
                        updated: attribute(inside, "lastmod").map(std::borrow::Cow::into_owned),
                        ..Entry::default()
                    };
                    entry.id = attribute(inside, "about").map(std::borrow::Cow::into_owned);
                    self.entry = Some(entry);
                }
                _ => {}
            }
            return done;
        }
        let known = self.known(space, &name);
        if known == Known::Through {
            return None;
        }
        let (range, markup) = if empty { (from..from, false) } else { self.inner(tag, from) };
        match known {
            Known::Title => {
                let words = self.words(range, markup, inside);
                let place = self.entry.as_mut().map_or(&mut self.about.title, |entry| &mut entry.title);
                if place.as_ref().is_none_or(|old| old.text.is_empty()) {
                    *place = Some(words);
                }
            }
            Known::Link => {
                let rel = attribute(inside, "rel").unwrap_or_default().to_ascii_lowercase();
                let link = attribute(inside, "href").map(std::borrow::Cow::into_owned);
                let link = link.unwrap_or_else(|| self.plain(range, markup, inside));
                let alternate = matches!(rel.as_str(), "" | "alternate");
                if let Some(link) = self.resolve(&link, inside).filter(|_| alternate) {
                    let place = self.entry.as_mut().map_or(&mut self.about.link, |entry| &mut entry.link);
                    place.get_or_insert(link);
                }
            }
            Known::Origin => {
                let link = self.plain(range, markup, inside);
                if let (Some(link), Some(entry)) = (self.resolve(&link, inside), &mut self.entry) {
                    entry.link = Some(link);
                }
            }
            Known::Id => {
                let id = self.plain(range, markup, inside);
                let permanent =
                    name == "guid" && !attribute(inside, "ispermalink").is_some_and(|p| p.eq_ignore_ascii_case("false"));
                let link = if permanent && !id.is_empty() { self.resolve(&id, inside) } else { None };
                if let Some(entry) = &mut self.entry {
                    if let Some(link) = link {
                        entry.link.get_or_insert(link);
                    }
                    entry.id = Some(id);
                }
            }
            Known::Date => {
                let date = self.plain(range, markup, inside);
                let entry = self.entry.as_mut();
                let place = match (name.as_str(), entry) {
                    ("pubdate" | "published" | "issued", Some(entry)) => &mut entry.published,
                    ("created", Some(entry)) => &mut entry.created,
                    (_, Some(entry)) => &mut entry.updated,
                    ("pubdate" | "published" | "issued", None) => &mut self.about.published,
                    (_, None) => &mut self.about.updated,
                };
                if place.as_ref().is_none_or(String::is_empty) {
                    *place = Some(date);
                }
            }
            Known::Author => {
                let person = self.person(range, markup, inside);
                let list = self.entry.as_mut().map_or(&mut self.about.authors, |entry| &mut entry.authors);
                if person != Person::default()
                    && list.len() < 64
                    && !list.iter().any(|p| p.name.is_some() && p.name == person.name)
                {
                    list.push(person);
                }
            }
            Known::Summary => {
                let words = self.words(range, markup, inside);
                match &mut self.entry {
                    Some(entry) if entry.summary.is_none() => entry.summary = Some(words),
                    Some(entry) if space == Space::Feed => entry.content.push(words),
                    Some(_) => {}
                    None => {
                        self.about.subtitle.get_or_insert(words);
                    }
                }
            }
            Known::Content => {
                let words = self.words(range, markup, inside);
                if let Some(entry) = &mut self.entry {
                    entry.content.push(words);
                }
            }
            Known::Source => {
                let raw = &self.text[range];
                let title = element_in(raw, "title").unwrap_or_else(|| entities(raw, &self.own).into_owned());
                if let Some(entry) = self.entry.as_mut().filter(|entry| entry.source.is_none()) {
                    entry.source = Some(text::plain(&title)).filter(|title| !title.is_empty());
                }
            }
            Known::Category => {
                let term = attribute(inside, "label").or(attribute(inside, "term")).map(std::borrow::Cow::into_owned);
                let term = term.unwrap_or_else(|| self.plain(range, markup, inside));
                if let Some(entry) = self.entry.as_mut().filter(|entry| entry.section.is_none() && !term.is_empty()) {
                    entry.section = Some(term);
                }
            }
            Known::Language => self.about.language = Some(self.plain(range, markup, inside)),
            Known::Skipped | Known::Through => {}
        }
        None
    }

    fn known(&self, space: Space, name: &str) -> Known {
        let in_entry = self.entry.is_some();
        match (space, name) {
            (Space::Feed, "title") | (Space::DublinCore, "title") => Known::Title,
            (Space::Feed, "link") => Known::Link,
            (Space::Media, "title") if in_entry => Known::Title,
            (Space::Media, "description") if in_entry => Known::Summary,
            (Space::Media, "group") => Known::Through,
            (Space::Feed, "id" | "guid") => Known::Id,
            (Space::Feedburner, "origlink") => Known::Origin,
            (Space::Feed, "pubdate" | "published" | "issued" | "created" | "updated" | "modified" | "lastbuilddate")
            | (Space::DublinCore, "date" | "created" | "modified" | "issued") => Known::Date,
            (Space::Feed, "author" | "managingeditor")
            | (Space::DublinCore, "creator" | "author")
            | (Space::Itunes, "author") => Known::Author,
            (Space::Feed, "description" | "summary" | "subtitle" | "tagline" | "abstract" | "info")
            | (Space::DublinCore, "description") => Known::Summary,
            (Space::Itunes, "summary" | "subtitle") => Known::Summary,
            (Space::Content, "encoded") | (Space::Feed, "content" | "fullitem" | "body") | (Space::Xhtml, "body" | "div")
                if in_entry =>
            {
                Known::Content
            }
            (Space::Feed, "source") => Known::Source,
            (Space::Feed, "category") | (Space::DublinCore, "subject") => Known::Category,
            (Space::Feedburner, "browserfriendly") if !in_entry => Known::Summary,
            (Space::Feed, "language") | (Space::DublinCore, "language") if !in_entry => Known::Language,
            (Space::Feed, "image" | "textinput" | "cloud" | "skiphours" | "skipdays" | "contributor" | "webmaster") => {
                Known::Skipped
            }
            _ if in_entry => Known::Skipped,
            _ => Known::Through,
        }
    }

    /// Somebody: as elements, or as `mail (name)` and the like.
    fn person(&self, range: std::ops::Range<usize>, markup: bool, inside: &str) -> Person {
        if markup {
            let raw = &self.text[range.clone()];
            let part = |names: &[&str]| {
                let found = names.iter().find_map(|name| element_in(raw, name));
                found.map(|words| text::spaced(&entities(&words, &self.own))).filter(|words| !words.is_empty())
            };
            let person = Person { name: part(&["name"]), email: part(&["email"]), url: part(&["uri", "url", "homepage"]) };
            if person != Person::default() {
                let url = person.url.and_then(|url| self.resolve(&url, inside));
                return Person { url, ..person };
            }
        }
        let words = self.plain(range, markup, inside);
        let mail = words.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | ';' | '[' | ']' | '"'));
        let mail = mail.map(|word| word.trim_start_matches("mailto:")).find(|word| {
            word.split_once('@').is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !host.ends_with('.'))
        });
        let Some(mail) = mail.map(str::to_string) else {
            return Person { name: Some(words).filter(|words| !words.is_empty()), ..Person::default() };
        };
        let name = words.replace(&mail, " ").replace("mailto:", "").replace("()", "").replace("<>", "");
        let name = text::spaced(name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '<' | '>' | ',' | '-')));
        Person { name: Some(name).filter(|name| !name.is_empty()), email: Some(mail), url: None }
    }
}

/// The reports that a feed carries: its full texts, and its summaries where there is no more.
pub(crate) struct Entries {
    name: Name,
    feed: Feed,
    number: usize,
    ended: bool,
}

impl Entries {
    pub(crate) fn new(name: Name, feed: Feed) -> Entries {
        Entries { name, feed, number: 0, ended: false }
    }
}

impl Entry {
    /// The report that the feed carries of it: its full text, or else its summary; the error says that there is neither.
    pub fn report(&self, about: &About, name: String) -> Result<Report, String> {
        let title = self.title.as_ref().map(Words::plain).filter(|title| !title.is_empty());
        let Some((words, full)) = self.words() else {
            let called = title.map(|title| format!(" (\u{201c}{title}\u{201d})")).unwrap_or_default();
            return Err(format!("there is no text in it{called}"));
        };
        let mut problems = Vec::new();
        if !full {
            problems.push(Problem::new("summary-only", "the feed gives a summary, not the text"));
        }
        let format = if words.html { Format::Fragment } else { Format::Text };
        let body = Body::Raw(words.text.clone().into_bytes(), format);
        let given = self.given(about, &name);
        Ok(Report { id: name, given, body, problems, keys: Vec::new() })
    }

    /// What the feed says of it.
    pub fn given(&self, about: &About, name: &str) -> Given {
        let of_feed = || about.title.as_ref().map(Words::plain).filter(|title| !title.is_empty());
        let source = Source {
            path: Some(name.to_string()),
            url: self.link.clone(),
            outlet: self.source.clone().or_else(of_feed),
            section: self.section.clone(),
        };
        Given {
            title: self.title.as_ref().map(Words::plain).filter(|title| !title.is_empty()),
            date: [&self.published, &self.updated, &self.created].into_iter().flatten().find(|d| !d.is_empty()).cloned(),
            bylines: self.authors.iter().filter_map(|person| person.name.clone()).collect(),
            source,
            ..Given::default()
        }
    }
}

impl Iterator for Entries {
    type Item = Result<Report, Fault>;

    fn next(&mut self) -> Option<Result<Report, Fault>> {
        if self.ended {
            return None;
        }
        if let Some(entry) = self.feed.next() {
            self.number += 1;
            let report = entry.report(self.feed.about(), self.name.at(self.number));
            return Some(report.map_err(|note| self.name.fault_at("entry", self.number, note)));
        }
        self.ended = true;
        let fault = match (self.feed.cut, self.number) {
            (true, _) => "the feed ends inside an entry: truncated",
            (false, 0) => "there is no entry in the feed",
            (false, _) => return None,
        };
        Some(Err(self.name.fault(fault)))
    }
}

/// What is done with an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    Title,
    Link,
    Origin,
    Id,
    Date,
    Author,
    Summary,
    Content,
    Source,
    Category,
    Language,
    /// Left out with all it holds.
    Skipped,
    /// Left out; what it holds is looked at.
    Through,
}

impl Entry {
    /// Its fullest words: the content, else the summary; and are they the full text?
    pub fn words(&self) -> Option<(&Words, bool)> {
        let content = self.content.iter().filter(|words| !words.text.is_empty()).max_by_key(|words| words.text.len());
        match (content, &self.summary) {
            (Some(content), Some(summary)) if summary.text.len() > 2 * content.text.len() => Some((summary, true)),
            (Some(content), _) => Some((content, true)),
            (None, summary) => summary.as_ref().filter(|words| !words.text.is_empty()).map(|words| (words, false)),
        }
    }
}

/// An element's prefix and its name without it.
fn local(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// What stands in the first element of this name.
fn element_in(raw: &str, name: &str) -> Option<String> {
    let mut found: Option<String> = None;
    for token in Scanner::new(raw) {
        match (token.what, &mut found) {
            (What::Open { name: open, .. }, None) if local(open).1.eq_ignore_ascii_case(name) => found = Some(String::new()),
            (What::Close { name: close }, Some(_)) if local(close).1.eq_ignore_ascii_case(name) => return found,
            (What::Text(words) | What::Data(words), Some(found)) => found.push_str(words),
            _ => {}
        }
    }
    found
}

/// The entities that a doctype declares: short ones, which name no others.
fn declared(doctype: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for part in doctype.split("<!ENTITY").skip(1).take(256) {
        let mut words = part.trim_start().splitn(2, char::is_whitespace);
        let (Some(name), Some(rest)) = (words.next(), words.next()) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some(value) = rest[1..].split(quote).next() else { continue };
        if value.len() < 1024 {
            found.push((name.to_string(), entities(value, &[]).into_owned()));
        }
    }
    found
}

/// An address that may be relative, as seen from another.
pub fn join(base: &str, link: &str) -> String {
    let joined = url::Url::parse(base).ok().and_then(|base| base.join(link.trim()).ok());
    joined.map_or_else(|| link.trim().to_string(), String::from)
}

fn json_authors(value: &Json) -> Vec<Person> {
    let one = value.get("author").into_iter();
    let authors = value.get("authors").and_then(Json::as_array).into_iter().flatten().chain(one);
    let word = |author: &Json, key: &str| author.get(key).and_then(Json::as_str).map(str::to_string);
    let mut people: Vec<Person> = Vec::new();
    for author in authors {
        let person =
            Person { name: word(author, "name").or(author.as_str().map(str::to_string)), email: None, url: word(author, "url") };
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

fn json_entry(item: Json) -> Entry {
    let word = |key: &str| match item.get(key) {
        Some(Json::String(text)) if !text.trim().is_empty() => Some(text.clone()),
        Some(Json::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let html = word("content_html").map(|text| Words { text, html: true });
    let plain = || word("content_text").map(|text| Words { text, html: false });
    Entry {
        title: word("title").map(|text| Words { text, html: false }),
        link: word("url").or_else(|| word("external_url")),
        id: word("id"),
        published: word("date_published"),
        updated: word("date_modified"),
        created: None,
        authors: json_authors(&item),
        summary: word("summary").map(|text| Words { text, html: false }),
        content: html.or_else(plain).into_iter().collect(),
        source: None,
        section: item.get("tags").and_then(Json::as_array).and_then(|t| t.first()).and_then(Json::as_str).map(str::to_string),
    }
}

/// A feed read as a whole: what it says of itself, and its entries.
pub fn read(bytes: &[u8], label: Option<&str>, address: Option<&str>) -> Result<(About, Vec<Entry>), String> {
    let mut feed = Feed::new(bytes.to_vec(), label, address)?;
    let entries: Vec<Entry> = std::iter::from_fn(|| feed.next()).collect();
    Ok((About { cut: feed.cut, ..feed.about }, entries))
}

#[cfg(test)]
mod tests {
    use crate::{Body, Kind, reports};

    fn read(feed: &str) -> Vec<String> {
        let entries = reports("f.xml", Box::new(std::io::Cursor::new(feed.as_bytes().to_vec())), Some(Kind::Feed));
        let line = |report: crate::Report| {
            let Body::Raw(bytes, _) = report.body else { unreachable!() };
            let given = report.given;
            let or = |value: Option<String>| value.unwrap_or("-".into());
            let text = String::from_utf8(bytes).unwrap();
            [or(given.title), or(given.source.url), or(given.date), given.bylines.join("+"), or(given.source.outlet), text]
                .join(" | ")
        };
        entries.map(|entry| entry.map_or_else(|fault| format!("!{fault}"), line)).collect()
    }

    #[test]
    fn entries_are_reports() {
        let rss = "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The Ledger</title>
            <item><title>Talks &amp;amp; truce</title><link>https://ledger.example/a</link><pubDate>Thu, 06 Mar 2014 10:00:00 GMT</pubDate>
            <author>ann@ledger.example (Ann Lee)</author><description>They met.</description><content:encoded><![CDATA[<p>They <b>met</b>.</p>]]></content:encoded></item>
            <item><title>B</title></item><item><title>C</title><description>Only this";
        assert_eq!(
            read(rss),
            [
                "Talks & truce | https://ledger.example/a | Thu, 06 Mar 2014 10:00:00 GMT | Ann Lee | The Ledger | <p>They <b>met</b>.</p>",
                "!cannot read entry 2 of `f.xml`: there is no text in it (“B”)",
                "C | - | - |  | The Ledger | Only this",
                "!cannot read `f.xml`: the feed ends inside an entry: truncated",
            ]
        );
        let atom = "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://wire.example/'><title>Wire</title><entry><title type='html'>A &lt;i>b&lt;/i></title>
            <link rel='self' href='s'/><link href='a/b'/><published>2014-03-06T10:00:00Z</published><author><name>Ann Lee</name></author><author><name>Bo Roe</name></author>
            <content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>They met.</p></div></content></entry></feed>";
        let read_atom = read(atom);
        assert!(
            read_atom[0].starts_with("A b | https://wire.example/a/b | 2014-03-06T10:00:00Z | Ann Lee+Bo Roe | Wire | <div"),
            "{read_atom:?}"
        );
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Wire","items":[{"id":"1","url":"https://wire.example/a","content_text":"They met.","date_published":"2014-03-06T10:00:00Z"}]}"#;
        assert_eq!(read(json), ["- | https://wire.example/a | 2014-03-06T10:00:00Z |  | Wire | They met."]);
        assert_eq!(read("<html><body>Not found"), ["!cannot read `f.xml`: this is a web page, not a feed"]);
        assert_eq!(read("<rss><channel/></rss>"), ["!cannot read `f.xml`: there is no entry in the feed"]);
    }

    #[test]
    fn hostile_feeds_cost_little() {
        let unclosed = format!("<rss><channel><item>{}", "<title>a".repeat(200_000));
        let bomb = format!(
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">{}]><rss><item><title>&z;</title></item></rss>",
            "<!ENTITY z \"&a;&a;&a;\">".repeat(100)
        );
        let started = std::time::Instant::now();
        read(&unclosed);
        assert!(read(&bomb).len() < 3);
        read(&"<!-- >".repeat(200_000));
        read(&format!("<rss>{}", "<item>".repeat(200_000)));
        assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
    }
}
