//! What sort of page it is: an article, a list of articles, the free beginning of one, a live blog.

use super::meta::Says;
use super::scan::{Scanner, Token, decoded, inline};
use tellings_doc::Article;

/// Bytes of a link that is a headline, and its words.
const HEADLINE: usize = 25;
const WORDS: usize = 4;
/// Bytes of a paragraph that is more than the teaser under a headline.
const TEASER: usize = 220;
/// Bytes of a paragraph of running text.
const RUNNING: usize = 160;
/// Bytes of a text beyond which it is more than the beginning of a report.
const BEGINNING: usize = 1500;

/// Words with which sites end what is free; lower case.
const WALLS: [&str; 24] = [
    "subscribe to continue",
    "subscribe to read",
    "subscribe now to read",
    "subscribe to unlock",
    "subscribe for full access",
    "to continue reading",
    "continue reading with a",
    "to keep reading",
    "to read the full article",
    "to read the full story",
    "to read the rest of this",
    "read the full story with",
    "log in to read",
    "log in to continue",
    "sign in to read",
    "sign in to continue",
    "register to read",
    "register to continue",
    "already a subscriber?",
    "for subscribers only",
    "exclusive to subscribers",
    "exclusively for subscribers",
    "this article is reserved for",
    "you have reached your limit of free",
];

/// Headlines on a page: links of some words, and the text beside them.
#[derive(Default)]
struct Headlines {
    /// Links that are headlines.
    count: usize,
    /// Bytes of them.
    linked: usize,
    /// Bytes of paragraphs that are longer than a teaser and stand outside links.
    prose: usize,
}

impl Headlines {
    fn of(page: &str) -> Headlines {
        let mut found = Headlines::default();
        let (mut link, mut line): (Option<String>, usize) = (None, 0);
        for (_, token) in Scanner::new(page) {
            match token {
                Token::Open(name, _) if name.eq_ignore_ascii_case("a") => link = Some(String::new()),
                Token::Close(name) if name.eq_ignore_ascii_case("a") => {
                    let words = link.take().unwrap_or_default();
                    if words.trim().len() >= HEADLINE && words.split_whitespace().count() >= WORDS {
                        found.count += 1;
                        found.linked += words.trim().len();
                    }
                }
                Token::Open(name, _) | Token::Close(name) if !inline(name) && link.is_none() => {
                    found.prose += if line >= TEASER { line } else { 0 };
                    line = 0;
                }
                Token::Text(words) => match &mut link {
                    Some(link) if link.len() < 400 => link.push_str(&decoded(words)),
                    Some(_) => {}
                    None => line += words.trim().len(),
                },
                _ => {}
            }
        }
        found.prose += if line >= TEASER { line } else { 0 };
        found
    }
}

/// Is it the address of a home or section page (`true`), of an article (`false`)? `None`: it does not tell.
fn listing(url: &str) -> Option<bool> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest).split(['?', '#']).next().unwrap_or("");
    let path = path.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let Some(last) = parts.last() else { return Some(true) };
    let name = last.split('.').next().unwrap_or(last);
    let words = name.split(['-', '_']).filter(|word| !word.is_empty()).count();
    if words >= 4 || name.bytes().filter(u8::is_ascii_digit).count() >= 5 {
        return Some(false);
    }
    let named =
        matches!(parts[0], "tag" | "tags" | "topic" | "topics" | "category" | "section" | "author" | "search" | "archive");
    let plain = words <= 2 && !name.bytes().any(|b| b.is_ascii_digit()) && parts.len() <= 3;
    (named || plain || matches!(name, "index" | "home" | "default")).then_some(true)
}

/// Why a page is no article but a list of them; `None` where it is one, or may be. `text` is what was taken for its text.
pub(super) fn listed(page: &str, text: &str, says: &Says, url: Option<&str>) -> Option<String> {
    // A text that runs on is believed, whatever stands around it.
    let running: usize = text.split("\n\n").map(str::len).filter(|&length| length >= RUNNING).sum();
    let part = if says.list { 2 } else { 3 };
    let address = url.and_then(listing);
    if says.article || running * part >= text.len().max(1) || running > BEGINNING || address == Some(false) && !says.list {
        return None;
    }
    let found = Headlines::of(page);
    let mostly = found.linked >= found.prose;
    let list = match (says.list, address) {
        (true, _) => found.count >= 6 && found.linked * 4 >= found.prose,
        (false, Some(true)) => found.count >= 10 && mostly,
        (false, _) => found.count >= 30 && found.linked >= 2 * found.prose,
    };
    list.then(|| format!("the page is a list of reports ({} headlines) and no report: kept, but not coded", found.count))
}

/// Is only the free beginning of a report here?
pub(super) fn beginning(page: &str, article: &Article, says: &Says) -> bool {
    let body: usize = article.blocks.iter().filter(|block| block.kind.is_body()).map(|block| block.span.len()).sum();
    if body > BEGINNING {
        return false;
    }
    // What ends the text in the middle of a sentence is cut.
    let cut = article.text.trim_end().ends_with(['…', ',']) || article.text.trim_end().ends_with("...");
    says.paid || body > 0 && walled(page, cut)
}

/// Does the page ask for a subscription, in words that readers see?
fn walled(page: &str, cut: bool) -> bool {
    let mut text = String::new();
    for (_, token) in Scanner::new(page) {
        if let Token::Text(words) = token {
            text.push_str(&decoded(words).to_lowercase());
            text.push(' ');
        }
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let found = WALLS.iter().filter(|wall| text.contains(**wall)).count();
    found >= 2 || found == 1 && (cut || text.contains("subscribe") && text.len() < 6000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Given, article};

    #[test]
    fn addresses_of_lists() {
        let told = |url| listing(url);
        assert_eq!(told("https://ledger.example/"), Some(true));
        assert_eq!(told("https://ledger.example/world/europe"), Some(true));
        assert_eq!(told("https://ledger.example/tag/sarvan-valley-truce-talks"), Some(false));
        assert_eq!(told("https://ledger.example/2021/04/12/ceasefire-takes-effect-in-sarvan-valley"), Some(false));
        assert_eq!(told("https://ledger.example/news/world-12345678"), Some(false));
        assert_eq!(told("https://ledger.example/a1"), None);
    }

    fn problems(page: &str) -> Vec<&'static str> {
        article(page.as_bytes(), Format::Html, &Given::default()).problems.iter().map(|p| p.kind).collect()
    }

    /// A page of sections, each with its headlines and teasers.
    fn home(head: &str) -> String {
        let item = |i: usize| {
            format!(
                "<article><h3><a href='/2021/04/{i}'>Envoys of side {i} leave the talks in Orlav early</a></h3><p>They want more time, \
                 a spokesman said, and will be back in the week after the feast of the valley, number {i}.</p></article>"
            )
        };
        format!("<html><head><title>The Ledger</title>{head}</head><body>{}</body></html>", (0..24).map(item).collect::<String>())
    }

    #[test]
    fn lists_are_no_articles() {
        let told = article(
            home("<link rel='canonical' href='https://ledger.example/world'>").as_bytes(),
            Format::Html,
            &Given::default(),
        );
        assert!(told.problems.iter().any(|p| p.kind == "not-an-article"), "{:?}", told.problems);
        assert!(told.blocks.iter().all(|b| !b.kind.is_body()) && !told.text.is_empty());
        let list = "<script type='application/ld+json'>{\"@type\":\"CollectionPage\",\"mainEntity\":{\"@type\":\"ItemList\",\
                    \"itemListElement\":[{\"@type\":\"NewsArticle\",\"headline\":\"A\"},{\"@type\":\"NewsArticle\",\"headline\":\"B\"},{\"@type\":\"NewsArticle\",\"headline\":\"C\"}]}}</script>";
        assert!(problems(&home(list)).contains(&"not-an-article"));
    }

    #[test]
    fn an_article_among_headlines_is_one() {
        let text =
            "<p>The envoys of both sides met in Orlav on Monday for the first time since the spring, and agreed to keep the \
                    cease-fire that the monitors had called a thread, until the end of the week at least, he said.</p>"
                .repeat(6);
        let page = home("<meta property='og:type' content='article'>")
            .replace("<body>", &format!("<body><h1>Talks in Orlav</h1>{text}"));
        assert!(!problems(&page).contains(&"not-an-article"));
        let unmarked = home("<link rel='canonical' href='https://ledger.example/2021/04/12/talks-resume-in-orlav-today'>")
            .replace("<body>", &format!("<body><h1>Talks in Orlav</h1><div>{text}</div>"));
        assert!(!problems(&unmarked).contains(&"not-an-article"));
    }

    #[test]
    fn what_is_free_is_told_to_be_a_beginning() {
        let page = |end: &str, head: &str| {
            format!(
                "<html><head><title>Talks resume in Orlav</title>{head}</head><body><article><h1>Talks resume in Orlav</h1><p>The envoys of \
                 both sides met in Orlav on Monday for the first time since the spring, and agreed to keep the cease-fire that the \
                 monitors had called a thread, until the end of the week.</p><p>What they will do then, nobody in either…</p>{end}</article></body></html>"
            )
        };
        let wall = "<div class='gate'><h2>Subscribe to continue reading</h2><p>Already a subscriber? Log in</p></div>";
        assert!(problems(&page(wall, "")).contains(&"paywalled"));
        let paid = "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"Talks resume in Orlav\",\"isAccessibleForFree\":\"False\"}</script>";
        assert!(problems(&page("", paid)).contains(&"paywalled"));
        assert!(!problems(&page("", "")).contains(&"paywalled"));
    }

    #[test]
    fn a_live_blog_is_its_entries() {
        let entry = |i: usize| {
            format!(
                "{{\"@type\":\"BlogPosting\",\"headline\":\"Entry {i}\",\"datePublished\":\"2021-04-12T1{i}:00:00Z\",\"articleBody\":\"The envoy of \
                 side {i} left the hall in Orlav at noon, a spokesman said on Monday, and did not say when he would be back.\"}}"
            )
        };
        let page = format!(
            "<html><head><title>Talks in Orlav: live</title><script type='application/ld+json'>{{\"@type\":\"LiveBlogPosting\",\"headline\":\"Talks in \
             Orlav: live\",\"datePublished\":\"2021-04-12T09:00:00Z\",\"liveBlogUpdate\":[{}]}}</script></head><body><h1>Talks in Orlav: live</h1></body></html>",
            (1..5).map(entry).collect::<Vec<_>>().join(",")
        );
        let found = article(page.as_bytes(), Format::Html, &Given::default());
        assert!(found.problems.iter().any(|p| p.kind == "live-blog"), "{:?}", found.problems);
        assert!(found.text.contains("Entry 2\n\nThe envoy of side 2 left the hall"), "{}", found.text);
        assert_eq!(found.published.map(|p| p.value).as_deref(), Some("2021-04-12T09:00:00Z"));
    }

    #[test]
    fn pictures_within_a_page_do_not_count_for_its_size() {
        let picture = format!("<img src=\"data:image/png;base64,{}\">", "iVBORw0KGgo=".repeat(600_000));
        let style = format!("<style>p{{background:url(data:image/gif;base64,{})}}</style>", "R0lGODlhAQABAAAAACw".repeat(10_000));
        let words = "<p>The envoys of both sides met in Orlav on Monday for the first time since the spring, and agreed to keep the cease-fire.</p>";
        let page = format!(
            "<html><head>{style}</head><body>{picture}<article><h1>Talks</h1>{}</article></body></html>",
            words.repeat(4)
        );
        let found = article(page.as_bytes(), Format::Html, &Given::default());
        assert!(found.problems.iter().all(|p| p.kind != "too-large" && p.kind != "truncated"), "{:?}", found.problems);
        let at = found.text.find("The envoys").unwrap();
        let raw = found.map.raw(tellings_doc::Span::new(at, at + 10)).unwrap();
        assert_eq!(&page[raw], "The envoys");
    }
}
