//! Markdown: front matter read, markup taken off, the blocks it marks kept.

use crate::blocks::{self, Hints};
use crate::clean::Clean;
use crate::{Given, finish};
use tellings_doc::{Article, Block, BlockKind, Problem, Span};

/// The article of a Markdown text.
pub(crate) fn article(source: Clean, given: &Given, problems: Vec<Problem>) -> Article {
    let mut given = given.clone();
    let body = front_matter(&source.text, &mut given);
    let (clean, marked) = strip(&source.text, body);
    let clean = clean.over(&source.map);
    let first = marked.iter().find(|b| b.kind == BlockKind::Heading).filter(|b| clean.text[..b.span.start()].trim().is_empty());
    let heading = first.map(|b| b.span.of(&clean.text).to_string());
    let title = heading.as_deref().or(given.title.as_deref());
    let mut structure = blocks::structure(&clean.text, Hints { title, untitled: title.is_none(), wrapped: true });
    // What the markup says counts for more than what the words look like.
    for block in &mut structure.blocks {
        let mark = marked.iter().find(|mark| mark.span.touches(block.span));
        if let Some(mark) = mark.filter(|mark| block.kind != BlockKind::Title && mark.span.covers(block.span)) {
            block.kind = mark.kind;
        }
    }
    finish(clean, structure, &given, Vec::new(), problems)
}

/// Reads `key: value` lines between `---` lines at the top; says where the body begins.
fn front_matter(text: &str, given: &mut Given) -> usize {
    let Some(rest) = text.strip_prefix("---\n") else { return 0 };
    let Some(end) = rest.find("\n---\n").or_else(|| rest.strip_suffix("\n---").map(str::len)) else { return 0 };
    let mut list = String::new();
    for line in rest[..end].lines() {
        let unquote = |value: &str| {
            let value = value.trim();
            let bare = value
                .strip_prefix('"')
                .and_then(|v| v.strip_suffix('"'))
                .or_else(|| value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')));
            bare.unwrap_or(value).to_string()
        };
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            if matches!(list.as_str(), "author" | "authors" | "byline") {
                given.bylines.push(unquote(item));
            }
            continue;
        }
        let Some((key, value)) = line.split_once(':').filter(|(key, _)| !key.starts_with([' ', '\t', '#'])) else { continue };
        let (key, value) = (key.trim().to_lowercase(), unquote(value));
        list.clone_from(&key);
        if value.is_empty() {
            continue;
        }
        match key.as_str() {
            "title" => given.title = given.title.take().or(Some(value)),
            "date" | "published" | "published_at" | "pubdate" | "publish_date" | "date_published" => {
                given.date = given.date.take().or(Some(value))
            }
            "author" | "authors" | "byline" => {
                let names = value.trim_matches(|c| matches!(c, '[' | ']'));
                given.bylines.extend(names.split(',').map(unquote).filter(|n| !n.is_empty()));
            }
            "url" | "link" | "canonical" | "canonical_url" => given.source.url = given.source.url.take().or(Some(value)),
            "source" if value.contains("://") => given.source.url = given.source.url.take().or(Some(value)),
            "source" | "outlet" | "site" | "sitename" | "publisher" | "publication" => {
                given.source.outlet = given.source.outlet.take().or(Some(value))
            }
            _ => {}
        }
    }
    text.len() - rest.len() + (end + 5).min(rest.len())
}

/// The text without markup, and the blocks that were marked as headings, list items or captions.
fn strip(text: &str, body: usize) -> (Clean, Vec<Block>) {
    let (mut clean, mut marked, mut at, mut fenced) = (Clean::default(), Vec::new(), body, false);
    for line in text[body..].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let trimmed = bare.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        }
        let underline = !trimmed.is_empty()
            && (trimmed.bytes().all(|b| b == b'=') || trimmed.bytes().all(|b| b == b'-'))
            && trimmed.len() >= 2;
        if fenced
            || trimmed.starts_with("```")
            || trimmed.starts_with("~~~")
            || trimmed.starts_with("[^")
            || trimmed.starts_with("<!--")
        {
            clean.push("\n", at - 1, 1);
            continue;
        }
        if underline || trimmed.len() >= 3 && trimmed.bytes().all(|b| matches!(b, b'*' | b'-' | b'_' | b' ')) {
            // A heading's underline, where a line of text stands right above it; else a rule.
            let above = clean.text.trim_end_matches(' ').strip_suffix('\n').map(|t| t.len());
            if let Some(end) =
                above.filter(|&end| underline && clean.text[..end].rsplit('\n').next().is_some_and(|l| !l.trim().is_empty()))
            {
                let first = clean.text[..end].rfind('\n').map_or(0, |i| i + 1);
                marked.push(Block { kind: BlockKind::Heading, span: Span::new(first, end) });
            }
            clean.push("\n", at - 1, 1);
            continue;
        }
        let mut skip = bare.len() - trimmed.len();
        let mut kind = None;
        let rest = |skip: usize| bare.get(skip..).unwrap_or("");
        while rest(skip).starts_with('>') {
            skip += 1 + usize::from(rest(skip + 1).starts_with(' '));
        }
        let hashes = rest(skip).bytes().take_while(|&b| b == b'#').count();
        if (1..=6).contains(&hashes) && rest(skip + hashes).starts_with([' ', '\t']) {
            skip += hashes + 1;
            kind = Some(BlockKind::Heading);
        } else if let Some(length) = crate::lines::bullet(rest(skip)) {
            // A list item's mark stays: it is part of its block.
            let _ = length;
            kind = Some(BlockKind::ListItem);
        }
        let from = clean.text.len();
        if kind == Some(BlockKind::Heading) && !clean.text.is_empty() && !clean.text.ends_with("\n\n") {
            clean.push_unmapped("\n");
        }
        let from = from.max(clean.text.len());
        inline(rest(skip).trim_end_matches('#').trim_end(), start + skip, &mut clean);
        let image = rest(skip).trim_start().starts_with("![") && clean.text.len() == from;
        if let (Some(kind), false) = (kind, image) {
            marked.push(Block { kind, span: Span::new(from, clean.text.len()) });
        }
        if line.ends_with('\n') {
            clean.push("\n", at - 1, 1);
            if kind == Some(BlockKind::Heading) {
                clean.push_unmapped("\n");
            }
        }
    }
    (clean, marked)
}

/// One line without inline markup: links become their words, pictures and tags go, emphasis marks go.
fn inline(line: &str, at: usize, clean: &mut Clean) {
    let bytes = line.as_bytes();
    let (mut i, mut run) = (0, 0);
    let flush = |clean: &mut Clean, from: usize, to: usize| clean.push(&line[from..to], at + from, to - from);
    while i < bytes.len() {
        let skip = match bytes[i] {
            b'\\' if bytes.get(i + 1).is_some_and(u8::is_ascii_punctuation) => {
                flush(clean, run, i);
                run = i + 1;
                i += 2;
                continue;
            }
            b'!' if bytes.get(i + 1) == Some(&b'[') => link(line, i + 1).map_or(0, |(_, end)| end - i),
            b'[' => match link(line, i) {
                Some((words, end)) => {
                    flush(clean, run, i);
                    if words > i + 1 {
                        inline_words(&line[i + 1..words], at + i + 1, clean);
                    }
                    run = end;
                    i = end;
                    continue;
                }
                None => 0,
            },
            b'*' => bytes[i..].iter().take_while(|&&b| b == b'*').count(),
            b'_' if i == 0
                || !bytes[i - 1].is_ascii_alphanumeric()
                || !bytes.get(i + 1).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                1
            }
            b'`' => 1,
            b'<' => line[i..]
                .find('>')
                .filter(|end| *end > 1 && bytes.get(i + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/'))
                .map_or(0, |end| end + 1),
            _ => 0,
        };
        // A star or underscore with space on both sides is no markup.
        let lone = skip == 1
            && matches!(bytes[i], b'*' | b'_')
            && (i == 0 || bytes[i - 1] == b' ')
            && bytes.get(i + 1).is_none_or(|&b| b == b' ');
        if skip > 0 && !lone {
            flush(clean, run, i);
            i += skip;
            run = i;
        } else {
            i += 1;
        }
    }
    flush(clean, run, bytes.len());
}

/// Words of a link: emphasis marks go, nothing else is looked for.
fn inline_words(words: &str, at: usize, clean: &mut Clean) {
    let mut from = 0;
    for (i, _) in words.match_indices(['*', '`']) {
        clean.push(&words[from..i], at + from, i - from);
        from = i + 1;
    }
    clean.push(&words[from..], at + from, words.len() - from);
}

/// Of a link at the `[` at `open`: the end of its words and of all of it.
fn link(line: &str, open: usize) -> Option<(usize, usize)> {
    let close = open + line[open..].find(']')?;
    let rest = &line[close + 1..];
    if rest.starts_with('(') {
        let (mut depth, mut end) = (0, None);
        for (i, b) in rest.bytes().enumerate() {
            depth += i32::from(b == b'(') - i32::from(b == b')');
            if depth == 0 {
                end = Some(i);
                break;
            }
        }
        return Some((close, close + 2 + end?));
    }
    if rest.starts_with('[') {
        return Some((close, close + 2 + rest.find(']')?));
    }
    line[open..].starts_with("[^").then_some((open + 1, close + 1))
}
