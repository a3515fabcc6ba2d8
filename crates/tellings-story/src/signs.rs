//! Signs that a report was assembled or reworded, and sentences that say on what talks are stuck.

use crate::Citation;
use tellings_doc::{BlockKind, Doc, Form, Span};

/// Words that say that something keeps two sides apart.
const STICKING: [&str; 11] = [
    "sticking point",
    "stumbling block",
    "bone of contention",
    "at odds",
    "remain divided",
    "remained divided",
    "disagree over",
    "disagree on",
    "differences over",
    "diverging interests",
    "main obstacle",
];

/// Agreement on something, which with one of [`FAILING`] is its lack.
const AGREEING: [&str; 3] = ["agree on", "agree over", "agree about"];
const FAILING: [&str; 6] = ["n’t ", "n't ", " not ", "cannot ", "unable to ", "fail"];

/// The sentences of a document that name what the sides are stuck on.
pub(crate) fn sticking_points(doc: &Doc, document: usize) -> Vec<Citation> {
    let body = |span| doc.article.blocks.iter().any(|b| b.kind.is_body() && b.span.touches(span));
    (doc.parse.sentences.iter())
        .filter(|s| {
            let words = s.span.of(doc.text()).to_lowercase();
            STICKING.iter().any(|cue| words.contains(cue))
                || (AGREEING.iter().any(|w| words.contains(w)) && FAILING.iter().any(|w| words.contains(w)))
        })
        .filter(|s| body(s.span))
        .map(|s| s.span)
        .chain(listed(doc))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|span| Citation { document, span })
        .collect()
}

/// The first sentence of each paragraph or list item under a heading that announces what the sides are stuck on.
fn listed(doc: &Doc) -> Vec<Span> {
    const ITEMS: usize = 4;
    let blocks = &doc.article.blocks;
    let announces = |span: Span| {
        let words = span.of(doc.text()).to_lowercase();
        ["sticking point", "stumbling block", "what divides", "obstacles", "open questions"].iter().any(|w| words.contains(w))
    };
    let mut found = Vec::new();
    for (i, _) in blocks.iter().enumerate().filter(|(_, b)| b.kind == BlockKind::Heading && announces(b.span)) {
        let items = blocks[i + 1..].iter().take_while(|b| b.kind.is_body()).take(ITEMS);
        // A list runs to its end; of running text only the first paragraph is under the heading for sure.
        let items: Vec<_> = items.collect();
        let list = items.iter().take_while(|b| b.kind == BlockKind::ListItem).count();
        for block in &items[..list.max(1).min(items.len())] {
            found.extend(doc.parse.sentence_at(block.span.start()).map(|s| doc.parse.sentences[s].span));
        }
    }
    found
}

/// Formal names that ordinary news shortens; a text that uses them throughout was put through a synonym list.
const SPUN_NAMES: [(&str, &str); 5] = [
    ("Russian Federation", "Russia"),
    ("United States of America", "United States"),
    ("People's Republic of China", "China"),
    ("Republic of Korea", "South Korea"),
    ("Islamic Republic of Iran", "Iran"),
];

/// Signs, each a sentence for people.
pub(crate) fn signs(doc: &Doc) -> Vec<String> {
    let text = doc.text();
    let mut signs = Vec::new();
    for (formal, _) in SPUN_NAMES {
        let bare: Vec<usize> = text
            .match_indices(formal)
            .map(|(at, _)| at)
            .filter(|&at| !text[..at].trim_end().ends_with("the") && !text[..at].trim_end().ends_with("The"))
            .collect();
        if bare.len() >= 2 {
            signs.push(format!(
                "writes “{formal}” {} times without its article, as text put through a synonym list does",
                bare.len()
            ));
        }
    }
    // A full stop in mid-clause, not that of an abbreviation, before a lower-case word: pieces put together.
    let stopped = |words: &str| {
        let last = words.strip_suffix('.').and_then(|w| w.rsplit(char::is_whitespace).next()).unwrap_or("");
        last.len() > 3 && last.chars().all(char::is_alphabetic)
    };
    let goes_on = |words: &str| words.starts_with(|c: char| c.is_lowercase()) && words.split_whitespace().count() > 3;
    let sentences = &doc.parse.sentences;
    let cut = sentences.windows(2).filter(|w| stopped(w[0].span.of(text)) && goes_on(w[1].span.of(text))).count();
    if cut > 0 {
        signs.push("a sentence goes on in lower case after a full stop: pieces were put together".to_string());
    }
    let dangling = doc
        .link
        .mentions
        .iter()
        .filter(|m| m.entity.is_none() && m.form == Form::Nominal && is_definite(m.span.of(text)))
        .count();
    if dangling >= 2 && doc.article.published.is_none() {
        signs.push(
            "several references have nothing in this text to refer to: it may be put together from parts of others".to_string(),
        );
    }
    signs
}

/// Words that speak of somebody as already named ("the two men", "these forces").
fn is_definite(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or("").to_lowercase();
    matches!(first.as_str(), "the" | "both" | "these" | "those")
}
