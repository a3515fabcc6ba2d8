//! What a page says of itself outside its text: JSON-LD, meta tags, `time` elements, byline elements.

use super::dated::{self, Dated, Said};
use super::live::Entry;
use super::scan::{Scanner, Token, attribute, attributes, decoded, inline, void};
use crate::dates;
use crate::lines;
use crate::stamp::Order;
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
    /// What the page says it is.
    pub(crate) says: Says,
    /// Does it end inside a tag, a comment or a script?
    pub(crate) cut: bool,
}

/// What a page says of itself in markup.
#[derive(Debug, Default)]
pub(crate) struct Says {
    /// It is an article.
    pub(crate) article: bool,
    /// It is a list of articles.
    pub(crate) list: bool,
    /// It is not free.
    pub(crate) paid: bool,
    /// The text that its linked data holds, paragraphs on lines of their own; empty where there is none.
    pub(crate) body: String,
    /// Entries of a live blog.
    pub(crate) entries: Vec<Entry>,
}

/// Everything that was found, with ranks.
#[derive(Default)]
struct Found {
    dates: Vec<Dated>,
    authors: Vec<(u8, String)>,
    /// First headings, each with where it stands.
    headings: Vec<(usize, String)>,
    /// Second headings, likewise.
    seconds: Vec<(usize, String)>,
    /// Short lines of the page's text.
    lines: Vec<(usize, String)>,
    /// Bytes of text so far.
    at: usize,
    titles: Vec<(u8, String)>,
    sites: Vec<(u8, String)>,
    urls: Vec<(u8, String)>,
    /// The end of the text so far: what a date's words are.
    recent: String,
    /// Language and region of the page: `en-gb`, `en_us`.
    locales: Vec<String>,
    /// What the page says it is, and how many articles its linked data holds.
    says: Says,
    articles: usize,
}

/// Particulars of a kind that are kept: no honest page has more.
const MOST: usize = 200;

impl Found {
    fn date(&mut self, rank: u8, rule: &'static str, value: impl Into<String>) {
        let said = if rule == CHANGED { Said::Changed } else { Said::Published };
        self.dates.push(Dated { rank, rule, value: value.into(), at: None, said });
        self.dates.truncate(MOST);
    }

    /// A date that readers see.
    fn shown(&mut self, rank: u8, rule: &'static str, value: String, said: Said) {
        let rule = if said == Said::Changed { "article.shown-change" } else { rule };
        self.dates.push(Dated { rank, rule, value, at: Some(self.at), said });
        self.dates.truncate(MOST);
    }

    /// Remembers the end of the text.
    fn remember(&mut self, words: &str) {
        if words.trim().is_empty() {
            return;
        }
        if self.recent.len() + words.len() > 400 {
            self.recent.clear();
        }
        let start = words.len().saturating_sub(100);
        self.recent.push_str(&words[(start..=words.len()).find(|&i| words.is_char_boundary(i)).unwrap_or(0)..]);
    }
}

/// Rule of dates of the last change.
const CHANGED: &str = "article.modified";

/// Reads the particulars of a page.
pub(crate) fn meta(page: &str) -> Meta {
    let mut found = Found::default();
    let mut scanner = Scanner::new(page);
    // Text that is being gathered: what for, how deep, the text.
    let mut gather: Option<(Gather, usize, String)> = None;
    let (mut depth, mut json_ld, mut line) = (0usize, false, String::new());
    let mut heading: Option<String> = None;
    // The words of a `time` element whose date stands in an attribute: which date, the words.
    let mut words_of: Option<(usize, String)> = None;
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
                            words_of = Some((found.dates.len(), String::new()));
                        }
                    }
                    // As blogs' systems mark a date whose words give the time only.
                    "abbr" if attribute(inside, "class").is_some_and(|c| c.contains("published") || c.contains("updated")) => {
                        if let Some(value) = attribute(inside, "title").filter(|v| v.len() >= 10) {
                            found.time(inside, value.into_owned());
                        }
                    }
                    "html" => found.locales.extend(attribute(inside, "lang").map(|l| l.to_ascii_lowercase())),
                    _ if inside.len() > 400 && memmem::find(inside.as_bytes(), b"datePublished").is_some() => {
                        data(&decoded(inside), &mut found);
                    }
                    _ => {}
                }
                if name == "h1" && found.headings.len() < 20 || name == "h2" && found.seconds.len() < 20 {
                    heading = Some(String::new());
                }
                if gather.is_none() {
                    gather = wanted(&name, inside).map(|what| (what.after(&found.recent), depth, String::new()));
                } else if let Some((_, _, text)) = &mut gather {
                    text.push(if inline(&name) { ' ' } else { '|' });
                }
                if !void(&name) && !inside.ends_with('/') {
                    depth += 1;
                }
            }
            Token::Close(name) => {
                depth = depth.saturating_sub(usize::from(!void(name)));
                if let Some((index, words)) = words_of.take_if(|_| name.eq_ignore_ascii_case("time")) {
                    found.time_words(index, &words);
                }
                if let Some(text) = heading.take_if(|text| matches!(name, "h1" | "h2" | "H1" | "H2") || text.len() > 400) {
                    let list = if name.ends_with('2') { &mut found.seconds } else { &mut found.headings };
                    list.push((found.at, tidy(&text)));
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
                found.remember(&words);
                if let Some((_, text)) = words_of.as_mut().filter(|(_, text)| text.len() < 100) {
                    text.push_str(&words);
                }
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
                    .trim_start_matches("//")
                    .trim_start_matches("<![CDATA[")
                    .trim_end_matches("]]>")
                    .trim_end_matches("//")
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
        let said = match (dated::said(&self.recent), dated::named(inside)) {
            (Said::Nothing, named) => named,
            (said, _) => said,
        };
        let own = named_published(inside);
        self.shown(if own { 3 } else { 5 }, "article.time", value, if own { Said::Published } else { said });
    }

    /// The words of a `time` element: where they name another day than its attribute, the attribute is in universal time,
    /// and they are the day where the report was written.
    fn time_words(&mut self, index: usize, words: &str) {
        let Some(date) = index.checked_sub(1).and_then(|i| self.dates.get(i)) else { return };
        let day = |text: &str| dates::metadata(text, "").filter(|d| d.range.is_day()).map(|d| d.range.first);
        let (Some(here), Some(there)) = (day(words), day(&date.value)) else { return };
        if here != there && here.until(there).is_ok_and(|gap| gap.get_days().abs() == 1) {
            let date = Dated { value: here.to_string(), ..date.clone() };
            self.dates.insert(index - 1, date);
        }
    }

    /// Ends a line of the page's text.
    fn line(&mut self, line: &mut String) {
        if line.is_empty() {
            return;
        }
        let text = tidy(line);
        line.clear();
        if !text.is_empty() && text.len() <= 120 && self.lines.len() < 4000 {
            self.lines.push((self.at - text.len().min(self.at), text));
        }
    }

    /// Entries of a live blog, as its data have them.
    fn entries(&mut self, updates: Option<&Value>) {
        let one;
        let list = match updates {
            Some(Value::Array(list)) => list.as_slice(),
            Some(node @ Value::Object(_)) => {
                one = [node.clone()];
                &one
            }
            _ => return,
        };
        for entry in list.iter().take(1000) {
            let text =
                |key: &str| entry.get(key).and_then(Value::as_str).map(|v| decoded(v).trim().to_string()).unwrap_or_default();
            let body = text("articleBody");
            if !body.is_empty() {
                let date =
                    ["datePublished", "dateCreated"].iter().find_map(|key| dates::metadata(&text(key), "article.live-entry"));
                self.says.entries.push(Entry { headline: text("headline"), text: body, date });
            }
        }
    }

    fn gathered(&mut self, what: Gather, text: &str) {
        let words = tidy(&text.replace('|', " "));
        match what {
            // It has no elements within: a bar is its own.
            Gather::Title if self.titles.len() < 20 => self.titles.push((4, tidy(text))),
            Gather::Title => {}
            Gather::Author(rank) => authors(&tidy(text), rank, self),
            Gather::Date(rank, said) if words.len() <= 160 && self.dates.len() < MOST => {
                for (_, date, own) in dated::of_line(&words, "") {
                    let said = if own == Said::Nothing { said } else { own };
                    self.shown(rank, "article.date-element", date.to_string(), said);
                }
            }
            Gather::Date(..) => {}
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
    // All of them have this in common, which most scripts lack.
    if memmem::find(script.as_bytes(), b"ublish").is_none() && memmem::find(script.as_bytes(), b"publicationDate").is_none() {
        return;
    }
    for key in KEYS {
        let at = memmem::find(script.as_bytes(), key.as_bytes());
        let Some(rest) = at.and_then(|at| script.get(at + key.len()..)) else { continue };
        let rest = rest.trim_start_matches(['\\', '"', '\'', ' ', ':']);
        let end = rest.find(['"', '\'', '\\', ',', '}']).unwrap_or(0);
        if (8..=40).contains(&end) {
            found.date(dated::DATA, "article.page-data", &rest[..end]);
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
    // Some pages begin with a second heading.
    let first = found.headings.first().map_or(usize::MAX, |h| h.0);
    let second = found.seconds.iter().find(|(at, h)| *at < first && h.split(' ').count() >= 3 && borne(h) >= 0.3);
    let heading = match (heading, second) {
        (Some((score, h)), Some(_)) if score >= 0.5 => Some(h),
        (_, Some(h)) => Some(h),
        (best, None) => best.map(|(_, h)| h),
    };
    let heading = heading.cloned().or_else(|| found.headings.first().map(|h| (h.0, String::new())));
    let centre = heading.as_ref().map(|h| h.0);
    let near = |at: usize, before: usize, after: usize| centre.is_some_and(|c| at + before >= c && at <= c + after);
    // Lines near the title: authors, if markup names none; dates.
    let lines = std::mem::take(&mut found.lines);
    let order = order(&found);
    for (i, (at, line)) in lines.iter().enumerate() {
        if line.len() > 120 || !line.bytes().any(|b| b.is_ascii_digit()) {
            continue;
        }
        let close = near(*at, 400, 900);
        let before = i.checked_sub(1).and_then(|i| lines.get(i)).map_or("", |(_, line)| line);
        for (start, date, said) in dated::of_line(line, before) {
            let alone = start <= 40 && line.len() <= date.len() + 90;
            let (rank, rule) = match said {
                Said::Changed => (9, "article.shown-change"),
                Said::Published if !close => (dated::FAR_LINE, "article.date-line"),
                Said::Nothing if !close || !alone => (dated::OTHER, "article.date-line"),
                Said::Nothing if line.len() > date.len() + 45 => (dated::LINE + 1, "article.date-line"),
                _ => (dated::LINE, "article.date-line"),
            };
            if found.dates.len() < if rank == dated::OTHER { MOST / 2 } else { MOST } {
                found.dates.push(Dated { rank, rule, value: date.to_string(), at: Some(*at), said });
            }
        }
    }
    let close: Vec<&(usize, String)> = lines.iter().filter(|(at, _)| near(*at, 400, 900)).collect();
    for (i, (_, line)) in close.iter().enumerate() {
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
        } else if (lower.starts_with("posted on ") || lower.starts_with("published on ") || lower.starts_with("published "))
            && let Some((before, name)) = lower.find(" by ").and_then(|at| line.split_at_checked(at))
            && before.contains(char::is_numeric)
        {
            // "Posted on 3 March 2014 by Ann Lee".
            authors(name.trim(), 7, &mut found);
        }
    }
    let offset = |at: usize| centre.map(|centre| at as i64 - centre as i64);
    let url = found.urls.first().and_then(|(_, url)| dates::url(url)).map(|d| d.range);
    let dates = dated::settle(std::mem::take(&mut found.dates), offset, order, url);
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
        // Data of several articles are those of a list.
        says: Says {
            article: found.says.article || found.articles == 1,
            list: found.says.list || found.articles > 2 && !found.says.article,
            ..found.says
        },
        cut,
    }
}

/// Words with single spaces between them.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// What text is gathered for.
enum Gather {
    Title,
    Author(u8),
    Date(u8, Said),
}

impl Gather {
    /// With what the words before it say of a date.
    fn after(self, words: &str) -> Gather {
        match self {
            Gather::Date(rank, Said::Nothing) => Gather::Date(rank, dated::said(words)),
            other => other,
        }
    }
}

/// Does the markup say that this is the day of publication?
fn named_published(inside: &str) -> bool {
    let lower = inside.to_ascii_lowercase();
    lower.contains("datepublished") || lower.contains("pubdate")
}

/// The order of days and months in figures that is usual where the page comes from.
fn order(found: &Found) -> Order {
    let regions = found.locales.iter().filter_map(|l| l.split(['-', '_']).nth(1));
    let ends = found.urls.iter().filter_map(|(_, url)| {
        let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).split('/').next()?;
        host.rsplit('.').next()
    });
    let country = |code: &str| match code {
        "us" | "gov" | "mil" => Some(Order::MonthFirst),
        "gb" | "uk" | "ie" | "au" | "nz" | "in" | "pk" | "ng" | "ke" | "gh" | "sg" | "my" | "fr" | "de" | "es" | "it" | "nl"
        | "be" | "at" | "ch" | "pt" | "br" | "mx" | "ar" | "tr" | "il" | "ae" | "eg" | "lb" | "jo" | "ug" | "tz" | "bd"
        | "lk" | "mt" => Some(Order::DayFirst),
        _ => None,
    };
    let mut orders = ends.filter_map(country).chain(regions.filter_map(country));
    orders.next().unwrap_or(Order::Unsure)
}

/// Is the text of this element wanted?
fn wanted(name: &str, inside: &str) -> Option<Gather> {
    match name {
        "title" => return Some(Gather::Title),
        "time" if attribute(inside, "datetime").is_none() => return Some(Gather::Date(5, dated::named(inside))),
        "div" | "span" | "p" | "a" | "li" | "small" | "address" | "cite" | "section" | "header" | "strong" | "b" | "em" | "i"
        | "abbr" | "dd" | "td" | "h2" | "h3" | "h4" | "h5" | "h6" => {}
        _ => return None,
    }
    if inside.is_empty() {
        return None;
    }
    // Most tags are passed here: nothing is made before a word is found that may be wanted.
    let mut found: Option<(u8, Gather)> = None;
    let mut take = |rank: u8, what: Gather| {
        if found.as_ref().is_none_or(|(best, _)| rank < *best) {
            found = Some((rank, what));
        }
    };
    for (key, value) in attributes(inside) {
        let is = |name: &str| key.eq_ignore_ascii_case(name);
        let of_class = match key.len() {
            2 if is("id") => 1,
            3 if is("rel") => {
                if value.split(' ').any(|word| word.eq_ignore_ascii_case("author")) {
                    take(1, Gather::Author(5));
                }
                continue;
            }
            5 if is("class") => 0,
            8 if is("itemprop") => {
                let value = value.to_ascii_lowercase();
                if value.split(' ').any(|word| word == "author") {
                    take(0, Gather::Author(4));
                } else if value.contains("datepublished") {
                    take(2, Gather::Date(3, Said::Published));
                }
                continue;
            }
            11 if is("data-testid") => 2,
            _ => continue,
        };
        if let Some(what) = value.split(' ').find_map(class) {
            take(3 + of_class, what);
        }
    }
    found.map(|(_, what)| what)
}

/// Does a word of an element's class say that it holds authors or a date?
fn class(word: &str) -> Option<Gather> {
    if word.len() < 4 || word.len() >= 60 {
        return None;
    }
    const LAST: [&str; 16] = [
        "author",
        "authors",
        "byline",
        "name",
        "authorname",
        "line",
        "writer",
        "by",
        "date",
        "published",
        "pubdate",
        "on",
        "at",
        "dateline",
        "timestamp",
        "publishdate",
    ];
    // Readers sign their comments, too.
    if memmem::find(word.as_bytes(), b"comment").is_some() {
        return None;
    }
    let last = word.rsplit(['-', '_']).next().unwrap_or(word);
    if !LAST.iter().any(|known| last.eq_ignore_ascii_case(known)) {
        return None;
    }
    let word = decoded(word).to_ascii_lowercase();
    let has = |keys: &[&str]| {
        keys.iter().any(|key| word.strip_suffix(key).is_some_and(|rest| rest.is_empty() || rest.ends_with(['-', '_'])))
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
    if has(&AUTHOR) {
        return Some(Gather::Author(6));
    }
    let today = word.contains("today") || word.contains("current");
    (has(&DATE) && !today).then(|| Gather::Date(6, dated::named(&word)))
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
    if content.starts_with('{') {
        if let Ok(value) = serde_json::from_str::<Value>(&content) {
            linked(&value, 0, found);
        }
        return;
    }
    if key == "og:type" {
        found.says.article |= content.eq_ignore_ascii_case("article");
    }
    match key.as_str() {
        "article:published_time" | "og:article:published_time" | "og:published_time" | "og:pubdate" => {
            found.date(1, "article.published-time", content)
        }
        "datepublished"
        | "published-date"
        | "date-published"
        | "publisheddate"
        | "publication-date"
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
        "og:locale" => found.locales.insert(0, content.to_ascii_lowercase()),
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
            found.says.list |= kinds.iter().any(|k| matches!(*k, "CollectionPage" | "SearchResultsPage"));
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
                    found.articles += 1;
                    found.says.paid |= match node.get("isAccessibleForFree") {
                        Some(Value::Bool(free)) => !free,
                        Some(Value::String(free)) => free.eq_ignore_ascii_case("false"),
                        _ => false,
                    };
                    found.entries(node.get("liveBlogUpdate"));
                    if let Some(body) = node.get("articleBody").and_then(Value::as_str)
                        && body.len() > found.says.body.len()
                    {
                        found.says.body = body.to_string();
                    }
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
