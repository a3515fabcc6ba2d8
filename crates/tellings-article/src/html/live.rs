//! Live blogs: entries that have moments of their own.

use super::scan::{Scanner, Token, attributes, decoded, inline};
use crate::dates;
use std::collections::HashMap;
use tellings_doc::{Article, Block, BlockKind, DateCandidate, PartDate, Published};

/// An entry of a live blog.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// Its headline; empty where it has none.
    pub(crate) headline: String,
    /// Its text, paragraphs on lines of their own.
    pub(crate) text: String,
    /// When it was written.
    pub(crate) date: Option<DateCandidate>,
}

/// Names of elements that are a live blog's entries, or hold them.
const LIVE: [&str; 8] =
    ["liveblog", "live-blog", "live_blog", "live-post", "live-update", "live-entry", "liveupdate", "livepost"];
/// Letters and figures that tell a paragraph from others.
const TELLING: usize = 24;
/// Entries that are dated.
const MOST: usize = 1000;

/// Entries that the page shows, each with its `time` before its words and its own element around both. Where moments stand
/// behind the words, or there are no such elements, none is believed.
pub(super) fn shown(page: &str) -> Vec<Entry> {
    let mut found: Vec<Entry> = Vec::new();
    let (mut open, mut date, mut line) = (false, None, String::new());
    for (_, token) in Scanner::new(page) {
        match token {
            Token::Open(name, inside) => {
                if name.eq_ignore_ascii_case("time") {
                    let field = attributes(inside).find(|(key, _)| key.eq_ignore_ascii_case("datetime"));
                    date = field.and_then(|(_, value)| dates::metadata(value, "article.live-entry")).filter(|d| d.range.is_day());
                } else if !inline(name) {
                    line.clear();
                    let named = |(key, value): (&str, &str)| {
                        matches!(key, "class" | "id" | "data-component") && LIVE.iter().any(|live| value.contains(live))
                    };
                    if attributes(inside).any(named) {
                        (open, date) = (true, None);
                    }
                }
            }
            Token::Close(name) if !inline(name) => {
                if open && found.len() < MOST && key(&line).is_some() && date.is_some() {
                    found.push(Entry { headline: String::new(), text: std::mem::take(&mut line), date: date.take() });
                    open = false;
                }
                line.clear();
            }
            Token::Text(words) if line.len() < 1000 => line.push_str(&decoded(words)),
            _ => {}
        }
    }
    if found.len() < 2 { Vec::new() } else { found }
}

/// What tells a paragraph from others; `None` for one too short for that.
fn key(text: &str) -> Option<String> {
    let key: String = text.chars().filter(|c| c.is_alphanumeric()).take(TELLING).collect();
    (key.chars().count() == TELLING).then_some(key)
}

/// Is it a moment of the day and nothing else: `21:15`, `9.15pm GMT`?
fn clock(text: &str) -> bool {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    text.len() <= 16 && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains([':', '.']) && letters <= 7
}

/// The parts of an article that are entries with a date: each from its headline to the next entry.
pub(super) fn dated(article: &Article, entries: &[Entry]) -> Vec<PartDate> {
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, block) in article.blocks.iter().enumerate().filter(|(_, block)| block.kind.is_body()) {
        if let Some(key) = key(block.span.of(&article.text)) {
            places.entry(key).or_insert(at);
        }
    }
    // Where each entry's first paragraph stands; an entry without a date ends the one before it.
    let mut starts: Vec<(usize, Option<&DateCandidate>)> = Vec::new();
    for entry in entries {
        let Some(at) =
            key(entry.text.split('\n').find(|line| key(line).is_some()).unwrap_or("")).and_then(|key| places.remove(&key))
        else {
            continue;
        };
        // Its headline and the shown moment stand before it.
        let leads = |block: &Block| block.kind == BlockKind::Heading || clock(block.span.of(&article.text));
        let before = article.blocks[..at].iter().rev().take(3).take_while(|block| leads(block)).count();
        starts.push((at - before, entry.date.as_ref().filter(|date| date.range.is_day())));
    }
    starts.sort_by_key(|start| start.0);
    let ends = starts.iter().skip(1).map(|next| next.0).chain([article.blocks.len()]);
    let part = |(&(start, date), end): (&(usize, Option<&DateCandidate>), usize)| {
        let date = date?;
        let (first, last) = (article.blocks.get(start)?, article.blocks.get(end.checked_sub(1)?)?);
        let DateCandidate { value, range, precision, basis, rule, .. } = date.clone();
        let published = Published { value, range, precision, basis, span: None, from: Vec::new(), rule };
        Some(PartDate { span: first.span.join(last.span), published, note: "an entry of a live blog".to_string() })
    };
    starts.iter().zip(ends).filter_map(part).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Format, Given, article};

    const WORDS: [&str; 3] = [
        "The envoys of both sides left the customs house in Orlav after four hours and did not speak to those who waited.",
        "Monitors counted 14 breaches of the cease-fire in the past seven days, half as many as in the week before.",
        "The question of the prisoners was put off on Tuesday, the Kestrian envoy told reporters in the capital.",
    ];

    fn parts(page: &str) -> Vec<(String, String)> {
        let found = article(page.as_bytes(), Format::Html, &Given::default());
        let part = |p: &tellings_doc::PartDate| (p.published.value.clone(), p.span.of(&found.text).to_string());
        found.part_dates.iter().map(part).collect()
    }

    fn page(entry: impl Fn(usize) -> String) -> String {
        let entries: String = (0..3).map(entry).collect();
        format!(
            "<html><head><title>Talks in Orlav: live</title></head><body><main class='live-blog'><h1>Talks in Orlav: live</h1>{entries}</main></body></html>"
        )
    }

    #[test]
    fn entries_that_show_their_moments_are_dated() {
        let found = parts(&page(|i| {
            format!(
                "<section class='live-post'><time datetime='2024-03-0{}T21:15:00+01:00'>21:15</time><h2>Entry number {i}</h2><p>{}</p><p>More was not said.</p></section>",
                6 - i,
                WORDS[i]
            )
        }));
        assert_eq!(found.len(), 3, "{found:?}");
        for (i, (value, text)) in found.iter().enumerate() {
            assert!(value.starts_with(&format!("2024-03-0{}T21:15", 6 - i)), "{found:?}");
            assert!(text.contains(&format!("Entry number {i}\n")) && text.ends_with("More was not said."), "{found:?}");
        }
        // Behind the words it is not sure whose moment it is; on other pages moments are of other things.
        let behind = page(|i| {
            format!("<section class='live-post'><p>{}</p><time datetime='2024-03-0{}'>6 March</time></section>", WORDS[i], 6 - i)
        });
        assert_eq!(parts(&behind), []);
        let other = page(|i| format!("<section><time datetime='2024-03-0{}'>6 March</time><p>{}</p></section>", 6 - i, WORDS[i]));
        assert_eq!(parts(&other.replace(" class='live-blog'", "")), []);
    }

    #[test]
    fn entries_of_linked_data_are_dated_where_the_page_shows_them() {
        let entry = |i: usize| {
            format!(
                "{{\"@type\":\"BlogPosting\",\"datePublished\":\"2024-03-0{}T21:15:00Z\",\"articleBody\":\"{}\"}}",
                6 - i,
                WORDS[i]
            )
        };
        let data = format!(
            "<script type='application/ld+json'>{{\"@type\":\"LiveBlogPosting\",\"headline\":\"Talks in Orlav: live\",\"datePublished\":\"2024-03-04\",\"liveBlogUpdate\":[{}]}}</script></head>",
            [entry(0), entry(1), entry(2)].join(",")
        );
        let shown = page(|i| format!("<div><h2>Entry number {i}</h2><p>{}</p></div>", WORDS[i])).replace("</head>", &data);
        for page in [shown, format!("<html><head><title>Talks in Orlav: live</title>{data}<body></body></html>")] {
            let found = parts(&page);
            assert_eq!(found.len(), 3, "{found:?}");
            assert!(
                found.iter().enumerate().all(|(i, f)| f.0.starts_with(&format!("2024-03-0{}", 6 - i)) && f.1.contains(WORDS[i])),
                "{found:?}"
            );
        }
    }
}
