//! Lists of where reports are to be had: OPML lists of feeds, sitemaps, the feeds that a page names.

use crate::feed::join;
use crate::text::{self, entities};
use crate::xml::{Scanner, What, attribute};
use std::fmt::Write;

/// A feed of an OPML list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What the list calls it.
    pub title: String,
    /// Where the feed is.
    pub feed: String,
    /// The page it belongs to.
    pub page: Option<String>,
    /// The folders it lies in, outermost first.
    pub folders: Vec<String>,
}

/// Letters of the name of a folder, and folders in each other, that are kept: each feed names all its folders.
const LETTERS: usize = 200;
const FOLDERS: usize = 16;

/// Hands on the feeds of an OPML list one by one, in its order; those without an address are left out.
pub fn opml(bytes: &[u8], mut take: impl FnMut(Outline)) {
    let (text, _) = text::decode(bytes, None);
    let mut folders = Vec::<Option<String>>::new();
    for token in Scanner::new(&text) {
        match token.what {
            What::Open { name, inside, empty } if name.eq_ignore_ascii_case("outline") => {
                let word = |key: &str| attribute(inside, key).map(|value| text::spaced(&value)).filter(|value| !value.is_empty());
                let title = word("title").or_else(|| word("text")).unwrap_or_default();
                let feed = word("xmlurl")
                    .or_else(|| word("url").filter(|_| word("type").is_some_and(|t| t != "link" && t != "include")));
                let is_feed = feed.is_some();
                if let Some(feed) = feed {
                    let folders = folders.iter().flatten().take(FOLDERS).cloned().collect();
                    take(Outline { title: title.clone(), feed, page: word("htmlurl"), folders });
                }
                if !empty && folders.len() < 256 {
                    folders.push((!is_feed && !title.is_empty()).then(|| title.chars().take(LETTERS).collect()));
                }
            }
            What::Close { name } if name.eq_ignore_ascii_case("outline") => {
                folders.pop();
            }
            _ => {}
        }
    }
}

/// An OPML list of these feeds, in folders as they say.
pub fn to_opml(title: &str, feeds: &[Outline]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n");
    let _ = writeln!(out, "<head><title>{}</title></head>\n<body>", escaped(title));
    let mut open: Vec<&str> = Vec::new();
    let close = |out: &mut String, count: usize| (0..count).for_each(|_| out.push_str("</outline>\n"));
    for feed in feeds {
        let common = open.iter().zip(&feed.folders).take_while(|(a, b)| **a == b.as_str()).count();
        close(&mut out, open.len() - common);
        open.truncate(common);
        for folder in &feed.folders[common..] {
            let _ = writeln!(out, "<outline text=\"{}\">", escaped(folder));
            open.push(folder);
        }
        let page = feed.page.as_ref().map(|page| format!(" htmlUrl=\"{}\"", escaped(page))).unwrap_or_default();
        let _ =
            writeln!(out, "<outline type=\"rss\" text=\"{}\" xmlUrl=\"{}\"{page}/>", escaped(&feed.title), escaped(&feed.feed));
    }
    close(&mut out, open.len());
    out.push_str("</body>\n</opml>\n");
    out
}

fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_string(),
        '<' => "&lt;".to_string(),
        '>' => "&gt;".to_string(),
        '"' => "&quot;".to_string(),
        c if c.is_control() => " ".to_string(),
        c => c.to_string(),
    };
    text.chars().map(escape).collect()
}

/// A page of a sitemap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Where it is.
    pub address: String,
    /// Is it another sitemap?
    pub sitemap: bool,
    /// When it last changed, as written.
    pub changed: Option<String>,
    /// News sitemaps: the headline.
    pub title: Option<String>,
    /// News sitemaps: when it was published, as written.
    pub published: Option<String>,
    /// News sitemaps: the outlet.
    pub outlet: Option<String>,
    /// News sitemaps: the language.
    pub language: Option<String>,
}

/// Hands on the pages and further sitemaps that a sitemap lists one by one, in its order.
pub fn sitemap(bytes: &[u8], mut take: impl FnMut(Place)) {
    let (text, _) = text::decode(bytes, None);
    let (mut place, mut words) = (None::<Place>, String::new());
    let mut done = |place: &mut Option<Place>| place.take().filter(|place| !place.address.is_empty()).map(&mut take);
    for token in Scanner::new(&text) {
        match token.what {
            What::Open { name, .. } => {
                let name = local(name);
                if matches!(name.as_str(), "url" | "sitemap") {
                    done(&mut place);
                    place = Some(Place { sitemap: name == "sitemap", ..Place::default() });
                }
                words.clear();
            }
            What::Text(text) => words.push_str(&entities(text, &[])),
            What::Data(text) => words.push_str(text),
            What::Close { name } => {
                let text = text::spaced(&std::mem::take(&mut words));
                let Some(open) = &mut place else { continue };
                let text_of = (!text.is_empty()).then_some(text);
                match local(name).as_str() {
                    "loc" if open.address.is_empty() => open.address = text_of.unwrap_or_default(),
                    "lastmod" => open.changed = text_of,
                    "title" if open.title.is_none() => open.title = text_of,
                    "publication_date" => open.published = text_of,
                    "name" => open.outlet = text_of,
                    "language" => open.language = text_of,
                    "url" | "sitemap" => _ = done(&mut place),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    done(&mut place);
}

fn local(name: &str) -> String {
    name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase()
}

/// The feeds that a page names, in its order, each once: address (absolute where the page's is known) and title.
pub fn feeds_of_page(page: &[u8], address: &str) -> Vec<(String, String)> {
    const KINDS: [&str; 6] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "text/xml",
        "application/xml",
    ];
    let (text, _) = text::decode(&page[..page.len().min(tellings_article::MOST)], None);
    let (mut named, mut guessed) = (Vec::<(String, String)>::new(), Vec::new());
    let mut base = address.to_string();
    for token in Scanner::page(&text) {
        let What::Open { name, inside, .. } = token.what else { continue };
        let word = |key: &str| attribute(inside, key).unwrap_or_default();
        let Some(link) = attribute(inside, "href").filter(|link| !link.trim().is_empty()) else { continue };
        if name.eq_ignore_ascii_case("base") {
            base = join(address, &link);
        } else if name.eq_ignore_ascii_case("link") {
            let rel = word("rel").to_ascii_lowercase();
            let kind = word("type").to_ascii_lowercase();
            let alternate = rel.split_whitespace().any(|rel| matches!(rel, "alternate" | "feed"));
            let json =
                kind == "application/json" && (link.contains("feed") || word("title").to_ascii_lowercase().contains("feed"));
            if alternate && (KINDS.contains(&kind.split(';').next().unwrap_or("").trim()) || json || rel.contains("feed")) {
                named.push((join(&base, &link), text::spaced(&word("title"))));
            }
        } else if name.eq_ignore_ascii_case("a") {
            let path = link.split(['?', '#']).next().unwrap_or("").trim_end_matches('/').to_ascii_lowercase();
            let last = path.rsplit('/').next().unwrap_or("");
            if matches!(
                last,
                "rss" | "feed" | "atom" | "rss.xml" | "feed.xml" | "atom.xml" | "index.rdf" | "feed.json" | "index.xml"
            ) || last.ends_with(".rss")
                || last.ends_with(".atom")
            {
                guessed.push((join(&base, &link), String::new()));
            }
        }
    }
    let found = if named.is_empty() { guessed } else { named };
    let mut once: Vec<(String, String)> = Vec::new();
    for feed in found.into_iter().take(1000) {
        if !once.iter().any(|(address, _)| *address == feed.0) {
            once.push(feed);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All feeds of a list.
    fn feeds(list: &[u8]) -> Vec<Outline> {
        let mut found = Vec::new();
        opml(list, |feed| found.push(feed));
        found
    }

    /// All pages of a sitemap.
    fn pages(map: &[u8]) -> Vec<Place> {
        let mut found = Vec::new();
        sitemap(map, |place| found.push(place));
        found
    }

    #[test]
    fn folders_are_named_within_measure() {
        let list = format!("{}<outline xmlUrl='a'/>", format!("<outline text='{}'>", "x".repeat(1000)).repeat(100));
        let found = feeds(list.as_bytes());
        assert_eq!((found.len(), found[0].folders.len()), (1, FOLDERS));
        assert!(found[0].folders.iter().all(|folder| folder.len() == LETTERS));
    }

    #[test]
    fn opml_goes_in_and_out() {
        let list = br#"<?xml version="1.0"?><opml version="1.0"><body><outline text="Region">
            <outline text="The Ledger &amp; Post" type="rss" xmlUrl="https://ledger.example/rss?a=1&amp;b=2" htmlUrl="https://ledger.example/"/>
            <outline text="Empty"/></outline><outline title="Wire" xmlUrl="https://wire.example/atom"></outline></body></opml>"#;
        let found = feeds(list);
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].title.as_str(), found[0].feed.as_str()),
            ("The Ledger & Post", "https://ledger.example/rss?a=1&b=2")
        );
        assert_eq!((found[0].folders.as_slice(), found[1].folders.len()), (["Region".to_string()].as_slice(), 0));
        assert_eq!(feeds(to_opml("Mine", &found).as_bytes()), found);
    }

    #[test]
    fn sitemaps_list_pages() {
        let map = br#"<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://ledger.example/a</loc>
            <news:news><news:publication><news:name>The Ledger</news:name><news:language>en</news:language></news:publication>
            <news:publication_date>2014-03-06T10:00:00Z</news:publication_date><news:title>Talks &amp; truce</news:title></news:news></url>
            <url><lastmod>2014</lastmod></url><url><loc> https://ledger.example/b </loc>"#;
        let places = pages(map);
        assert_eq!(places.len(), 2);
        assert_eq!((places[0].title.as_deref(), places[0].outlet.as_deref()), (Some("Talks & truce"), Some("The Ledger")));
        assert_eq!(places[1].address, "https://ledger.example/b");
        assert!(pages(b"<sitemapindex><sitemap><loc>https://ledger.example/1.xml</loc></sitemap></sitemapindex>")[0].sitemap);
    }

    #[test]
    fn pages_name_their_feeds() {
        let page = br#"<head><link rel="alternate" type="application/rss+xml" title="News" href="/rss.xml"><link rel=alternate type=text/html href=/m>
            <link rel="alternate" type="application/atom+xml" href="https://other.example/atom"></head><a href="/feed">feed</a>"#;
        let found = feeds_of_page(page, "https://ledger.example/news/");
        assert_eq!(
            found,
            [("https://ledger.example/rss.xml".into(), "News".into()), ("https://other.example/atom".into(), String::new())]
        );
        assert_eq!(
            feeds_of_page(b"<a href='rss.xml'>", "https://ledger.example/news/")[0].0,
            "https://ledger.example/news/rss.xml"
        );
    }
}
