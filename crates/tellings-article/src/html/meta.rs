//! What a page says of itself outside its text: JSON-LD, meta tags, `time` elements, byline elements.

use super::scan::{Scanner, Token, attribute, decoded, void};
use crate::dates;
use crate::lines;
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

/// Dates by how far they are to be trusted.
#[derive(Default)]
struct Found {
    dates: Vec<(u8, &'static str, String)>,
    authors: Vec<(u8, String)>,
    titles: Vec<(u8, String)>,
    sites: Vec<(u8, String)>,
    urls: Vec<(u8, String)>,
}

/// Reads the particulars of a page.
pub(crate) fn meta(page: &str) -> Meta {
    let mut found = Found::default();
    let mut scanner = Scanner::new(page);
    // Text that is being gathered: (what for, depth, text).
    let mut gather: Option<(Gather, usize, String)> = None;
    let mut depth = 0usize;
    let mut json_ld = false;
    let mut n_times = 0;
    let mut headings = 0;
    while let Some((_, token)) = scanner.next() {
        match token {
            Token::Open(name, inside) => {
                let name = name.to_ascii_lowercase();
                json_ld =
                    name == "script" && attribute(inside, "type").is_some_and(|t| t.to_ascii_lowercase().contains("ld+json"));
                match name.as_str() {
                    "meta" => meta_tag(inside, &mut found),
                    "link" if attribute(inside, "rel").is_some_and(|r| r.eq_ignore_ascii_case("canonical")) => {
                        found.urls.extend(attribute(inside, "href").map(|u| (0, u.into_owned())));
                    }
                    "time" => {
                        let marked = attribute(inside, "itemprop").is_some_and(|p| p.contains("datePublished"))
                            || inside.contains("pubdate");
                        let changed =
                            inside.to_ascii_lowercase().contains("modif") || inside.to_ascii_lowercase().contains("updat");
                        if let Some(value) = attribute(inside, "datetime").filter(|v| !v.trim().is_empty()) {
                            let (rank, rule) = match (marked, changed) {
                                (true, _) => (3, "article.time"),
                                (_, true) => (9, "article.modified"),
                                _ => (5, "article.time"),
                            };
                            if n_times < 8 || marked {
                                found.dates.push((rank, rule, value.into_owned()));
                            }
                        } else if gather.is_none() && n_times < 8 {
                            gather = Some((Gather::Date(5), depth, String::new()));
                        }
                        n_times += 1;
                    }
                    _ => {}
                }
                if gather.is_none() {
                    gather = wanted(&name, inside, headings).map(|what| (what, depth, String::new()));
                    headings += usize::from(name == "h1");
                } else if let Some((_, _, text)) = &mut gather {
                    text.push(if name == "br" { '\n' } else { ' ' });
                }
                if !void(&name) && !inside.ends_with('/') {
                    depth += 1;
                }
            }
            Token::Close(name) => {
                depth = depth.saturating_sub(usize::from(!void(name)));
                if let Some((what, _, text)) = gather.take_if(|(_, open, text)| depth <= *open || text.len() > 600) {
                    what.settle(text, &mut found);
                } else if let Some((_, _, text)) = &mut gather {
                    text.push(' ');
                }
            }
            Token::Text(words) => {
                if let Some((_, _, text)) = gather.as_mut().filter(|(_, _, text)| text.len() < 600) {
                    text.push_str(&decoded(words));
                }
            }
            Token::Raw(json) if json_ld => {
                let json = json
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
            _ => {}
        }
    }
    let cut = scanner.cut;
    settle(found, cut)
}

fn settle(mut found: Found, cut: bool) -> Meta {
    found.dates.sort_by_key(|d| d.0);
    found.titles.sort_by_key(|t| t.0);
    found.sites.sort_by_key(|s| s.0);
    found.urls.sort_by_key(|u| u.0);
    let mut dates: Vec<DateCandidate> = Vec::new();
    for (_, rule, value) in &found.dates {
        if let Some(date) =
            dates::metadata(value, rule).filter(|date| !dates.iter().any(|d: &DateCandidate| d.value == date.value))
        {
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
    Meta {
        titles: found.titles.into_iter().map(|(_, t)| tidy(&t)).filter(|t| !t.is_empty()).collect(),
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
    Title(u8),
    Author(u8),
    Date(u8),
}

impl Gather {
    fn settle(self, text: String, found: &mut Found) {
        match self {
            Gather::Title(rank) => found.titles.push((rank, tidy(&text))),
            Gather::Author(rank) => authors(&tidy(&text), rank, found),
            Gather::Date(rank) => {
                let text = tidy(&text);
                if text.len() > 160 {
                    return;
                }
                let lower = text.to_lowercase();
                let changed = lower.contains("updated") || lower.contains("modified");
                found.dates.push(if changed { (9, "article.modified", text) } else { (rank, "article.date-element", text) });
            }
        }
    }
}

/// Is the text of this element wanted?
fn wanted(name: &str, inside: &str, headings: usize) -> Option<Gather> {
    match name {
        "title" => return Some(Gather::Title(4)),
        "h1" => return Some(Gather::Title(if headings == 0 { 2 } else { 5 })),
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
    let Some(content) = attribute(inside, "content").filter(|c| !c.trim().is_empty()) else { return };
    let key = ["property", "name", "itemprop", "http-equiv"]
        .iter()
        .find_map(|k| attribute(inside, k))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let content = content.trim().to_string();
    match key.as_str() {
        "article:published_time" | "og:article:published_time" | "og:published_time" | "og:pubdate" => {
            found.dates.push((1, "article.published-time", content))
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
            found.dates.push((2, "article.meta", content));
        }
        "date"
        | "dc.date"
        | "created"
        | "timestamp"
        | "date_published"
        | "datecreated"
        | "dc.created"
        | "citation_year"
        | "shareaholic:article_published_time" => found.dates.push((4, "article.meta", content)),
        "article:modified_time"
        | "og:updated_time"
        | "datemodified"
        | "lastmod"
        | "last-modified"
        | "dcterms.modified"
        | "article:modified" => found.dates.push((9, "article.modified", content)),
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
    if text.is_empty() || text.len() > 300 || text.contains("://") || text.contains('@') && !text.contains(' ') {
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
                    found.dates.push((if article { 0 } else { 3 }, "article.json-ld", date));
                }
                if let Some(date) = text("dateModified") {
                    found.dates.push((9, "article.modified", date));
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
