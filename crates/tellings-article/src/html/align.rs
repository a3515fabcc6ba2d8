//! Where the words of an extracted text stand in its page.

use super::scan::{Scanner, Token, entity, inline};
use crate::clean::Clean;
use memchr::memmem;
use tellings_doc::{Piece, RawMap, Span};

/// Bytes that may be searched in all before what is left stays unmapped: keeps huge pages cheap.
const BUDGET: usize = 1 << 28;

/// The map from `text` to `page`: each line of the text is looked up in the page's words, then what was not found as a
/// whole in pieces of a few words. What stands nowhere in the page is not mapped.
pub(crate) fn align(text: &str, page: &str) -> RawMap {
    let flat = flatten(page);
    let words = flat.text.as_bytes();
    let (mut pieces, mut cursor, mut spent) = (Vec::new(), 0, 0usize);
    let mut find = |needle: &str, from: usize, reach: usize| -> Option<usize> {
        let end = words.len().min(from.saturating_add(reach));
        if spent > BUDGET || from >= end {
            return None;
        }
        let found = memmem::find(&words[from..end], needle.as_bytes());
        spent += found.map_or(end - from, |i| i + needle.len()) + 64;
        found.map(|i| from + i)
    };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len();
        let line = span.of(text);
        if line.is_empty() {
            continue;
        }
        if let Some(found) = find(line, cursor, usize::MAX).or_else(|| find(line, 0, cursor.saturating_add(line.len()))) {
            push(&mut pieces, span.start(), found, line.len(), &flat.map);
            cursor = found + line.len();
            continue;
        }
        // In pieces of up to eight words, close by.
        let mut from = 0;
        while from < line.len() {
            let end = line[from..].match_indices(' ').nth(7).map_or(line.len(), |(i, _)| from + i);
            let piece = &line[from..end];
            if let Some(found) = find(piece, cursor, 1 << 16) {
                push(&mut pieces, span.start() + from, found, piece.len(), &flat.map);
                cursor = found + piece.len();
            }
            from = end + 1;
        }
    }
    RawMap { pieces }
}

/// Adds the stretch of `length` bytes at `text` that stands at `flat` in the page's words.
fn push(pieces: &mut Vec<Piece>, text: usize, flat: usize, length: usize, map: &RawMap) {
    let first = map.pieces.partition_point(|p| ((p.text + p.text_len) as usize) <= flat);
    for under in map.pieces[first..].iter().take_while(|p| (p.text as usize) < flat + length) {
        let from = (under.text as usize).max(flat);
        let to = ((under.text + under.text_len) as usize).min(flat + length);
        let same = under.text_len == under.raw_len;
        let (raw, raw_len) = match same {
            true => (under.raw + (from as u32 - under.text), (to - from) as u32),
            false => (under.raw, under.raw_len),
        };
        pieces.push(Piece { text: (text + from - flat) as u32, raw, text_len: (to - from) as u32, raw_len });
    }
}

/// The words of a page with single spaces, each with where it stands.
fn flatten(page: &str) -> Clean {
    let mut flat = Clean::default();
    for (start, token) in Scanner::new(page) {
        match token {
            Token::Text(words) => run(words, start, &mut flat),
            Token::Open(name, _) | Token::Close(name) if !inline(name) => space(&mut flat),
            _ => {}
        }
    }
    flat
}

fn space(flat: &mut Clean) {
    if !flat.text.ends_with(' ') {
        flat.push_unmapped(" ");
    }
}

fn run(words: &str, start: usize, flat: &mut Clean) {
    let mut kept = 0;
    let mut at = 0;
    let bytes = words.as_bytes();
    while at < bytes.len() {
        let (c, length) = match bytes[at] {
            b'&' => match entity(&words[at..]) {
                Some(entity) => entity,
                None => {
                    at += 1;
                    continue;
                }
            },
            b if b.is_ascii() && !b.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            _ => words[at..].chars().next().map_or((' ', 1), |c| (c, c.len_utf8())),
        };
        let hidden = matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}');
        if !c.is_whitespace() && !hidden && bytes[at] != b'&' {
            at += length;
            continue;
        }
        flat.push(&words[kept..at], start + kept, at - kept);
        if c.is_whitespace() {
            // The space itself is mapped where it is the same byte.
            if !flat.text.ends_with(' ') && !flat.text.is_empty() {
                flat.push(" ", start + at, length);
            }
        } else if !hidden {
            let mut buffer = [0; 4];
            flat.push(c.encode_utf8(&mut buffer), start + at, length);
        }
        at += length;
        kept = at;
    }
    flat.push(&words[kept..], start + kept, words.len() - kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_to_the_page() {
        let page = "<p>The <b>en</b>voy said &ldquo;no&rdquo; in\n Z&uuml;rich.</p><p>Then she left.</p>";
        let text = "The envoy said “no” in Zürich.\n\nThen she left.";
        let map = align(text, page);
        let raw = |words: &str| {
            let at = text.find(words).unwrap();
            &page[map.raw(Span::new(at, at + words.len())).unwrap()]
        };
        assert_eq!(raw("envoy"), "en</b>voy");
        assert_eq!(raw("“no”"), "&ldquo;no&rdquo;");
        assert_eq!(raw("Zürich"), "Z&uuml;rich");
        assert_eq!(raw("she left."), "she left.");
    }
}
