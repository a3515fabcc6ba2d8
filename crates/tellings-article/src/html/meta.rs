//! What a page says of itself outside its text: JSON-LD, meta tags, `time` elements, byline elements.

use super::scan::{Scanner, Token, attribute, decoded, inline, void};
use crate::dates;
use crate::lines;
use crate::stamp;
use memchr::memmem;
use serde_json::Value;
use tellings_doc::DateCandidate;

/// Particulars found in markup.
#[derive(Debug, Default)]
pub(crate) struct Meta {
    /// Titles, best first.
    pub(crate) titles: Vec<String>,
    /// Authors, of the best source that names any.
    pub(crate) bylines: Vec<String>,
    /// The paper or site.
    pub(crate) outlet: Option<String>,
    /// The page's address.
    pub(crate) url: Option<String>,
    /// Dates, best first.
    pub(crate) dates: Vec<DateCandidate>,
    /// Text of elements that are marked as dates or bylines, and of lines near the title.
    pub(crate) cut: bool,
}

/// A date of the page: how far it is to be trusted (less is better), what read it, its words, and where it stands if it
/// stands in the text.
struct Dated {
    rank: u8,
    rule: &'static str,
    value: String,
    at: Option<usize>,
}

/// Everything that was found, with ranks.
#[derive(Default)]
struct Found {
    dates: Vec<Dated>,
    authors: Vec<(u8, String)>,
    /// First headings, each with where it stands.
    headings: Vec<(usize, String)>,
    /// Short lines of the page's text.
    lines: Vec<(usize, String)>,
    /// Bytes of text so far.
    at: usize,
    titles: Vec<(u8, String)>,
    sites: Vec<(u8, String)>,
    urls: Vec<(u8, String)>,
}

/// Particulars of a kind that are kept: no honest page has more.
const MOST: usize = 200;

impl Found {
    fn date(&mut self, rank: u8, rule: &'static str, value: impl Into<String>) {
        self.dates.push(Dated { rank, rule, value: value.into(), at: None });
        self.dates.truncate(MOST);
    }
}

/// Reads the particulars of a page.
pub(crate) fn meta(page: &str) -> Meta {
    let mut found = Found::default();
    let mut scanner = Scanner::new(page);
    // Text that is being gathered: what for, how deep, the text.
    let mut gather: Option<(Gather, usize, String)> = None;
    let (mut depth, mut json_ld, mut line) = (0usize, false, String::new());
    let mut heading: Option<String> = None;
    for (_, token) in scanner.by_ref() {
        match token {
            Token::Open(name, inside) => {
                let name = name.to_ascii_lowercase();
                json_ld =
                    name == "script" && attribute(inside, "type").is_some_and(|t| t.to_ascii_lowercase().contains("ld+json"));
                if !inline(&name) {
                    found.line(&mut line);
                }
                match name.as_str() {
                    "meta" => meta_tag(inside, &mut found),
                    "link" if attribute(inside, "rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                        found.urls.extend(attribute(inside, "href").map(|u| (0, u.into_owned())));
                    }
                    "time" => {
                        if let Some(value) = attribute(inside, "datetime").filter(|v| !v.trim().is_empty()) {
                            found.time(inside, value.into_owned());
                        }
                    }
                    _ => {}
                }
                if name == "h1" && found.headings.len() < 20 {
                    heading = Some(String::new());
                }
                if gather.is_none() {
                    gather = wanted(&name, inside).map(|what| (what, depth, String::new()));
                } else if let Some((_, _, text)) = &mut gather {
                    text.push(if inline(&name) { ' ' } else { '|' });
                }
                if !void(&name) && !inside.ends_with('/') {
                    depth += 1;
                }
            }
            Token::Close(name) => {
                depth = depth.saturating_sub(usize::from(!void(name)));
                if let Some(text) = heading.take_if(|text| name.eq_ignore_ascii_case("h1") || text.len() > 400) {
                    found.headings.push((found.at, tidy(&text)));
                } else if let Some(text) = heading.as_mut().filter(|_| !inline(name)) {
                    text.push(' ');
                }
                if let Some((what, _, text)) = gather.take_if(|(_, open, text)| depth <= *open || text.len() > 600) {
                    found.gathered(what, &text);
                } else if let Some((_, _, text)) = gather.as_mut().filter(|_| !inline(name)) {
                    text.push('|');
                }
                if !inline(&name.to_ascii_lowercase()) {
                    found.line(&mut line);
                }
            }
            Token::Text(words) => {
                let words = decoded(words);
                if line.len() < 400 {
                    line.push_str(&words);
                }
                found.at += words.trim().len();
                if let Some(text) = &mut heading {
                    text.push_str(&words);
                }
                if let Some((_, _, text)) = gather.as_mut().filter(|(_, _, text)| text.len() < 600) {
                    text.push_str(&words);
                }
            }
            Token::Raw(script) if json_ld => {
                let json = script
                    .trim()
                    .trim_start_matches("<!--")
                    .trim_start_matches("//<![CDATA[")
                    .trim_end_matches("//]]>")
                    .trim_end_matches("-->");
                if let Ok(value) =
                    serde_json::from_str::<Value>(json).or_else(|_| serde_json::from_str(&json.replace(['\n', '\r', '\t'], " ")))
                {
                    linked(&value, 0, &mut found);
                }
            }
            Token::Raw(script) => data(script, &mut found),
            Token::Other => {}
        }
    }
    let cut = scanner.cut;
    settle(found, cut)
}

impl Found {
    /// A `time` element with its date in an attribute.
    fn time(&mut self, inside: &str, value: String) {
        let lower = inside.to_ascii_lowercase();
        let (rank, rule) = if lower.contains("datepublished") || lower.contains("pubdate") {
            (3, "article.time")
        } else if lower.contains("modif") || lower.contains("updat") {
            (9, "article.modified")
        } else {
            (5, "article.time")
        };
        if self.dates.len() < MOST {
            self.dates.push(Dated { rank, rule, value, at: Some(self.at) });
        }
    }

    /// Ends a line of the page's text.
    fn line(&mut self, line: &mut String) {
        let text = tidy(line);
        line.clear();
        if !text.is_empty() && text.len() <= 120 && self.lines.len() < 4000 {
            self.lines.push((self.at - text.len().min(self.at), text));
        }
    }

    fn gathered(&mut self, what: Gather, text: &str) {
        let words = tidy(&text.replace('|', " "));
        match what {
            Gather::Title if self.titles.len() < 20 => self.titles.push((4, words)),
            Gather::Title => {}
            Gather::Author(rank) => authors(&tidy(text), rank, self),
            Gather::Date(rank) if words.len() <= 160 && self.dates.len() < MOST => {
                let lower = words.to_lowercase();
                let changed = lower.contains("updated") || lower.contains("modified");
                let (rank, rule) = if changed { (9, "article.modified") } else { (rank, "article.date-element") };
                self.dates.push(Dated { rank, rule, value: words, at: Some(self.at) });
            }
            Gather::Date(_) => {}
        }
    }
}

/// Dates in the data that a page's scripts carry.
fn data(script: &str, found: &mut Found) {
    const KEYS: [&str; 8] = [
        "datePublished",
        "publishedAt",
        "published_at",
        "publishDate",
        "publish_date",
        "firstPublishedAt",
        "publishedDate",
        "publicationDate",
    ];
    for key in KEYS {
        let at = memmem::find(script.as_bytes(), key.as_bytes());
        let Some(rest) = at.and_then(|at| script.get(at + key.len()..)) else { continue };
        let rest = rest.trim_start_matches(['\\', '"', '\'', ' ', ':']);
        let end = rest.find(['"', '\'', '\\', ',', '}']).unwrap_or(0);
        if (8..=40).contains(&end) {
            found.date(7, "article.page-data", &rest[..end]);
        }
    }
}

/// How well a title is borne out by the page's other titles: share of common words, 0..=1.
fn likeness(a: &str, b: &str) -> f32 {
    let words = |t: &str| -> Vec<String> {
        t.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase).collect()
    };
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|w| b.contains(w)).count();
    common as f32 / a.len().max(b.len()).max(1) as f32
}

fn settle(mut found: Found, cut: bool) -> Meta {
    found.titles.sort_by_key(|t| t.0);
    found.sites.sort_by_key(|s| s.0);
    found.urls.sort_by_key(|u| u.0);
    // The heading readers see is the title, where the markup's titles bear it out.
    let borne = |heading: &str| found.titles.iter().map(|(_, t)| likeness(heading, t)).fold(0.0, f32::max);
    let headings = found.headings.iter().filter(|(_, h)| h.len() <= 250 && h.split(' ').count() >= 2);
    let heading = headings.map(|h| (borne(&h.1), h)).filter(|(score, _)| *score >= 0.25);
    let heading = heading.fold(
        None,
        |best: Option<(f32, &(usize, String))>, next| if best.is_none_or(|b| next.0 > b.0) { Some(next) } else { best },
    );
    let heading = heading.map(|(_, h)| h.clone()).or_else(|| found.headings.first().map(|h| (h.0, String::new())));
    let centre = heading.as_ref().map(|h| h.0);
    let near = |at: usize, before: usize, after: usize| centre.is_some_and(|c| at + before >= c && at <= c + after);
    // Lines near the title: authors, if markup names none; dates.
    let lines = std::mem::take(&mut found.lines);
    let close: Vec<&(usize, String)> = lines.iter().filter(|(at, _)| near(*at, 400, 900)).collect();
    for (i, (at, line)) in close.iter().enumerate() {
        if let Some(stamp) = stamp::find(line, 0)
            .filter(|stamp| line.len() <= 120 && stamp.span.start() <= 40 && line.len() <= stamp.span.len() + 90)
        {
            let lower = line.to_lowercase();
            let changed = lower.contains("updated") || lower.contains("modified") || lower.contains("reviewed");
            let (rank, rule) = if changed { (9, "article.modified") } else { (6, "article.date-line") };
            found.dates.push(Dated { rank, rule, value: stamp.value, at: Some(*at) });
        }
        let lower = line.to_lowercase();
        if matches!(lower.trim_end_matches(':'), "by" | "written by" | "author" | "posted by" | "words by") {
            if let Some((_, name)) = close.get(i + 1) {
                authors(&format!("By {name}"), 7, &mut found);
            }
        } else if lower.starts_with("by ")
            || lower.starts_with("written by ")
            || lower.starts_with("author:")
            || lower.starts_with("posted by ")
        {
            authors(line, 7, &mut found);
        }
    }
    // Dates far from the title belong to other reports, unless there is no other.
    for date in &mut found.dates {
        if date.rank >= 5 && date.rank < 9 && date.at.is_some_and(|at| !near(at, 600, 1800)) {
            date.rank = 8;
        }
    }
    found.dates.sort_by_key(|d| d.rank);
    let mut dates: Vec<DateCandidate> = Vec::new();
    for Dated { rank, rule, value, .. } in &found.dates {
        let Some(date) = dates::metadata(value, rule).filter(|date| !dates.iter().any(|d| d.value == date.value)) else {
            continue;
        };
        // Of several far ones none can be told to be this report's.
        let lone = || {
            found
                .dates
                .iter()
                .filter(|d| d.rank == 8)
                .all(|d| dates::metadata(&d.value, d.rule).is_none_or(|m| m.range == date.range))
        };
        if *rank != 8 || dates.is_empty() && lone() {
            dates.push(date);
        }
    }
    let best = found.authors.iter().map(|a| a.0).min();
    let mut bylines: Vec<String> = Vec::new();
    for (_, name) in found.authors.iter().filter(|a| Some(a.0) == best) {
        if !bylines.iter().any(|b| b.to_lowercase() == name.to_lowercase()) {
            bylines.push(name.clone());
        }
    }
    let first =
        |list: Vec<(u8, String)>| list.into_iter().map(|(_, value)| value.trim().to_string()).find(|value| !value.is_empty());
    let heading = heading.map(|h| h.1).into_iter();
    Meta {
        titles: heading.chain(found.titles.into_iter().map(|(_, t)| tidy(&t))).filter(|t| !t.is_empty()).collect(),
        bylines,
        outlet: first(found.sites),
        url: first(found.urls).filter(|u| u.starts_with("http")),
        dates,
        cut,
    }
}

/// Words with single spaces between them.
pub(crate) fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What text is gathered for.
enum Gather {
    Title,
    Author(u8),
    Date(u8),
}

/// Is the text of this element wanted?
fn wanted(name: &str, inside: &str) -> Option<Gather> {
    match name {
        "title" => return Some(Gather::Title),
        "time" if attribute(inside, "datetime").is_none() => return Some(Gather::Date(5)),
        "div" | "span" | "p" | "a" | "li" | "small" | "address" | "cite" | "section" | "header" | "strong" | "b" | "em" | "i"
        | "abbr" | "dd" | "td" | "h2" | "h3" | "h4" | "h5" | "h6" => {}
        _ => return None,
    }
    if inside.is_empty() {
        return None;
    }
    let get = |key: &str| attribute(inside, key).map(|v| v.to_ascii_lowercase()).unwrap_or_default();
    let (rel, itemprop) = (get("rel"), get("itemprop"));
    if itemprop.split(' ').any(|w| w == "author") {
        return Some(Gather::Author(4));
    }
    if rel.split(' ').any(|w| w == "author") {
        return Some(Gather::Author(5));
    }
    if itemprop.contains("datepublished") {
        return Some(Gather::Date(3));
    }
    let classes = format!("{} {} {}", get("class"), get("id"), get("data-testid"));
    let mut words = classes.split(' ').filter(|w| !w.is_empty() && w.len() < 60);
    let has = |word: &str, keys: &[&str]| {
        keys.iter().any(|key| {
            word == *key
                || word.ends_with(&format!("-{key}"))
                || word.ends_with(&format!("_{key}"))
                || word.ends_with(&format!("__{key}"))
        })
    };
    const AUTHOR: [&str; 12] = [
        "author",
        "authors",
        "byline",
        "author-name",
        "author_name",
        "authorname",
        "by-author",
        "by-line",
        "article-author",
        "writer",
        "byline-name",
        "posted-by",
    ];
    const DATE: [&str; 18] = [
        "date",
        "published",
        "pubdate",
        "publish-date",
        "published-date",
        "pub-date",
        "publish_date",
        "posted-on",
        "post-date",
        "entry-date",
        "article-date",
        "date-published",
        "dateline",
        "timestamp",
        "publishdate",
        "published-at",
        "publication-date",
        "meta-date",
    ];
    words.find_map(|word| {
        if has(word, &AUTHOR) {
            return Some(Gather::Author(6));
        }
        has(word, &DATE).then_some(Gather::Date(6))
    })
}

fn meta_tag(inside: &str, found: &mut Found) {
    found.titles.truncate(MOST);
    let Some(content) = attribute(inside, "content").filter(|c| !c.trim().is_empty()) else { return };
    let key = ["property", "name", "itemprop", "http-equiv"]
        .iter()
        .find_map(|k| attribute(inside, k))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content = content.trim().to_string();
    match key.as_str() {
        "article:published_time" | "og:article:published_time" | "og:published_time" | "og:pubdate" => {
            found.date(1, "article.published-time", content)
        }
        "datepublished"
        | "article:published"
        | "article.published"
        | "parsely-pub-date"
        | "sailthru.date"
        | "publish-date"
        | "publish_date"
        | "publishdate"
        | "pubdate"
        | "pub_date"
        | "publication_date"
        | "publicationdate"
        | "cxenseparse:recs:publishtime"
        | "cxenseparse:publishtime"
        | "dc.date.issued"
        | "dcterms.issued"
        | "dcterms.created"
        | "dc.date.created"
        | "dc.date.published"
        | "originalpublicationdate"
        | "article_date_original"
        | "published_time"
        | "published"
        | "article:post_date"
        | "citation_publication_date"
        | "citation_date"
        | "citation_online_date"
        | "bt:pubdate"
        | "displaydate"
        | "ptime"
        | "rnews:datepublished"
        | "article:publication_date"
        | "prism.publicationdate"
        | "dcterms.date" => {
            found.date(2, "article.meta", content);
        }
        "date"
        | "dc.date"
        | "created"
        | "timestamp"
        | "date_published"
        | "datecreated"
        | "dc.created"
        | "citation_year"
        | "shareaholic:article_published_time" => found.date(4, "article.meta", content),
        "article:modified_time"
        | "og:updated_time"
        | "datemodified"
        | "lastmod"
        | "last-modified"
        | "dcterms.modified"
        | "article:modified" => found.date(9, "article.modified", content),
        "author"
        | "article:author_name"
        | "dc.creator"
        | "dcterms.creator"
        | "parsely-author"
        | "sailthru.author"
        | "byl"
        | "byline"
        | "citation_author"
        | "article.author"
        | "authors"
        | "dc.creator.author"
        | "cxenseparse:author"
        | "rbauthors" => {
            authors(&tidy(&content), if key == "author" { 2 } else { 1 }, found);
        }
        "article:author" | "og:article:author" if !content.contains("://") => authors(&tidy(&content), 3, found),
        "og:title" => found.titles.push((1, content)),
        "twitter:title" | "dc.title" | "headline" | "parsely-title" | "sailthru.title" | "title" => {
            found.titles.push((3, content))
        }
        "og:site_name" => found.sites.push((1, content)),
        "application-name" | "publisher" | "dc.publisher" | "twitter:site:name" | "cre" => found.sites.push((3, content)),
        "og:url" => found.urls.push((1, content)),
        _ => {}
    }
}

/// Names out of a field or an element that should hold authors.
fn authors(text: &str, rank: u8, found: &mut Found) {
    if found.authors.len() > MOST
        || text.is_empty()
        || text.len() > 300
        || text.contains("://")
        || text.contains('@') && !text.contains(' ')
    {
        return;
    }
    let lower = text.to_lowercase();
    let line = match ["by ", "by: ", "written by", "author:", "posted by", "words by", "story by", "von "]
        .iter()
        .any(|w| lower.starts_with(w))
    {
        true => text.to_string(),
        false => format!("By {text}"),
    };
    // Fields hold names; only what cannot be one is left out.
    if rank < 4 {
        let parts: Vec<&str> =
            text.split([',', ';', '|']).flat_map(|p| p.split(" and ")).flat_map(|p| p.split(" & ")).map(str::trim).collect();
        for (i, part) in parts.iter().enumerate() {
            let part = ["By ", "by ", "BY ", "Author "].iter().find_map(|by| part.strip_prefix(by)).unwrap_or(part).trim();
            let words = part.split(' ').count();
            let later = i == 0
                || (2..=4).contains(&words) && !lines::role(part) && part.split(' ').all(|w| w.starts_with(char::is_uppercase));
            if !part.is_empty() && later && words <= 6 && part.len() <= 60 && !part.contains(['/', '@', '{', '<']) {
                found.authors.push((rank, part.to_string()));
            }
        }
        return;
    }
    // A line break, a bar or a dot ends the names.
    let line = line.split(['|', '•', '·', '\n']).next().unwrap_or("");
    if let Some(byline) = lines::byline(line, 0) {
        let names = byline
            .names
            .into_iter()
            .filter(|name| (rank < 4 || name.split(' ').count() >= 2) && name.split(' ').count() <= 5 && !lines::role(name));
        found.authors.extend(names.map(|name| (rank, name)));
    }
}

/// Particulars of linked data: every node that is an article, wherever it stands.
fn linked(value: &Value, depth: usize, found: &mut Found) {
    match value {
        Value::Array(list) if depth < 8 => list.iter().take(200).for_each(|v| linked(v, depth + 1, found)),
        Value::Object(node) if depth < 8 => {
            let kinds: Vec<&str> = match node.get("@type") {
                Some(Value::String(kind)) => vec![kind],
                Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            let article = kinds.iter().any(|k| {
                k.ends_with("Article")
                    || k.ends_with("Posting")
                    || matches!(*k, "Report" | "Review" | "HowTo" | "Recipe" | "LiveBlogPosting" | "CreativeWork")
            });
            let page = kinds.iter().any(|k| k.ends_with("WebPage") || *k == "VideoObject" || *k == "ItemPage");
            if article || page {
                let text = |key: &str| {
                    node.get(key).and_then(Value::as_str).map(|v| decoded(v).trim().to_string()).filter(|v| !v.is_empty())
                };
                if let Some(date) = text("datePublished").or_else(|| text("dateCreated")).or_else(|| text("uploadDate")) {
                    found.date(if article { 0 } else { 3 }, "article.json-ld", date);
                }
                if let Some(date) = text("dateModified") {
                    found.date(9, "article.modified", date);
                }
                if article {
                    if let Some(title) = text("headline").or_else(|| text("name")) {
                        found.titles.push((0, title));
                    }
                    for key in ["author", "creator"] {
                        if let Some(author) = node.get(key) {
                            linked_names(author, found);
                        }
                    }
                    if let Some(site) = node.get("publisher").and_then(|p| p.get("name")).and_then(Value::as_str) {
                        found.sites.push((2, site.to_string()));
                    }
                    if let Some(url) = text("url") {
                        found.urls.push((2, url));
                    }
                }
            }
            for (key, inner) in node.iter().filter(|(key, _)| {
                matches!(
                    key.as_str(),
                    "@graph" | "mainEntity" | "mainEntityOfPage" | "hasPart" | "itemListElement" | "item" | "review"
                )
            }) {
                if key == "@graph" || !article {
                    linked(inner, depth + 1, found);
                }
            }
        }
        _ => {}
    }
}

/// Authors of linked data: persons before organisations.
fn linked_names(value: &Value, found: &mut Found) {
    match value {
        Value::Array(list) => list.iter().take(20).for_each(|v| linked_names(v, found)),
        Value::Object(node) => {
            let person = node.get("@type").and_then(Value::as_str).is_none_or(|kind| kind == "Person");
            match node.get("name") {
                Some(Value::String(name)) if person => authors(&tidy(&decoded(name)), 0, found),
                Some(Value::Array(names)) if person => {
                    names.iter().filter_map(Value::as_str).for_each(|n| authors(&tidy(&decoded(n)), 0, found))
                }
                _ => {}
            }
        }
        Value::String(name) => authors(&tidy(&decoded(name)), 0, found),
        _ => {}
    }
}
