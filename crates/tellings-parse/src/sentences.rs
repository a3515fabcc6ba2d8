//! Where sentences end: rules for empty lines and lists, a classifier between the other words.

use crate::tokens::{Gap, Piece};
use crate::words::{EDGE, Word, mix};
use tellings_nn::Linear;

/// What the classifier looks at between the words `i` and `i + 1`.
pub fn features(text: &str, pieces: &[Piece], words: &[Word], i: usize, since: usize, out: &mut Vec<u64>) {
    let word = |at: usize| words.get(at).copied().unwrap_or(EDGE);
    let back = |n: usize| if i >= n { words[i - n] } else { EDGE };
    let (a, b, c) = (words[i], word(i + 1), word(i + 2));
    let (a1, a2) = (back(1), back(2));
    let gap = pieces.get(i + 1).map_or(3, |p| (p.gap != Gap::None) as u64);
    let glued = (pieces[i].gap == Gap::None) as u64;
    let after = pieces.get(i + 2).map_or(3, |p| (p.gap != Gap::None) as u64);
    let mark = final_mark(text, &pieces[i]);
    let case = b.shape >> 12 & 3;
    let long = match since {
        0 => 0,
        1 => 1,
        2..=3 => 2,
        4..=8 => 3,
        9..=20 => 4,
        21..=40 => 5,
        _ => 6,
    };
    out.clear();
    let mut add = |n: u64, x: u64, y: u64| out.push(mix(mix(n, x), y));
    add(1, gap, mark);
    add(2, a.lower, gap);
    add(3, a.lower, b.lower);
    add(4, a.lower, case);
    add(5, mark, b.lower);
    add(6, mark, b.shape);
    add(7, mix(a1.lower, mark), case);
    add(8, mix(a1.shape, mark), b.shape);
    add(9, mix(a.lower, a1.lower), b.shape);
    add(10, a2.lower, mix(a1.lower, a.lower));
    add(11, long, mix(mark, case));
    add(12, long, mix(a.lower, b.shape));
    add(13, b.lower, c.lower);
    add(14, mix(b.shape, c.shape), mix(a.shape, glued));
    add(15, mix(mark, c.lower), case);
    add(16, b.lower, mix(gap, after));
    add(17, a.shape, b.shape);
    add(18, mix(a.suffixes[1], a.shape), b.shape);
    add(19, mix(b.suffixes[1], b.shape), mark);
    add(20, mix(a1.suffixes[1], mark), b.lower);
}

/// A number for what ends the word: a stop, a mark of exclamation or question, a colon, a closing mark.
fn final_mark(text: &str, piece: &Piece) -> u64 {
    let word = piece.span.of(text);
    match word.as_bytes().last() {
        Some(b'.') if word.len() == 1 => 1,
        Some(b'.') if word.starts_with('.') => 2,
        Some(b'.') => 3,
        Some(b'!' | b'?') => 4,
        Some(b':') => 5,
        Some(b';') => 6,
        Some(b'"' | b'\'') => 7,
        Some(b')' | b']' | b'}') => 8,
        Some(b',') => 9,
        Some(b'-') => 10,
        Some(0x80..) if matches!(word, "”" | "’" | "»") => 7,
        Some(0x80..) if word == "…" => 2,
        Some(0x80..) if matches!(word, "—" | "–") => 10,
        Some(b) if !b.is_ascii_alphanumeric() && *b < 0x80 => 11,
        _ => 0,
    }
}

/// Can a sentence end between the words `i` and `i + 1`?
pub fn candidate(text: &str, pieces: &[Piece], words: &[Word], i: usize) -> bool {
    let Some(next) = pieces.get(i + 1) else { return false };
    let mark = final_mark(text, &pieces[i]);
    match next.gap {
        Gap::Break => true,
        Gap::None => matches!(mark, 1 | 2 | 4 | 7),
        Gap::Space | Gap::Line => mark != 0 || words[i + 1].shape >> 12 & 3 != 0 || words[i + 1].shape & 0b100 == 0,
    }
}

/// Is the gap before this word one that always ends a sentence?
pub fn certain(text: &str, pieces: &[Piece], words: &[Word], i: usize, line: usize) -> bool {
    let Some(next) = pieces.get(i + 1) else { return true };
    match next.gap {
        Gap::Break => true,
        Gap::Line => {
            // A list, verse or heading: a short line, and the next starts with a capital, number or bullet.
            let short = pieces[i].span.end().saturating_sub(line) < 60;
            let bullet = matches!(next.span.of(text), "-" | "*" | "•" | "–" | "—" | "·" | "◦" | "●" | "▪");
            let starts = words[i + 1].shape >> 12 & 3 != 0;
            bullet || short && starts || starts && matches!(final_mark(text, &pieces[i]), 1 | 4)
        }
        // `ended.The`, `killed 14.The`: a full stop behind a word in small letters or a number, and a capital without a
        // blank.
        Gap::None => {
            let full_stop = matches!(pieces[i].span.of(text), "." | "!" | "?");
            let before = i.checked_sub(1).map_or(0, |b| words[b].shape);
            let ends = before & 0b111 == 0b100 || before & 0b111 == 0 && before >> 13 & 1 == 1;
            full_stop && ends && words[i + 1].shape & 0b101 == 0b101 && words[i + 1].shape >> 12 & 1 == 1
        }
        Gap::Space => ending(pieces[i].span.of(text)) && STARTS.contains(&next.span.of(text)),
    }
}

/// Words that begin a sentence where they have a capital and an abbreviation stands before them.
const STARTS: [&str; 36] = [
    "A", "After", "All", "An", "And", "As", "At", "Both", "But", "By", "For", "He", "Her", "His", "However", "If", "In", "It",
    "Its", "No", "On", "She", "Since", "Some", "That", "The", "Their", "There", "These", "They", "This", "Those", "We", "When",
    "While", "You",
];

/// Does an abbreviation with its full stop often end a sentence: `U.S.`, `p.m.`, `Inc.`? Titles and initials do not.
fn ending(word: &str) -> bool {
    let Some(bare) = word.strip_suffix('.').filter(|b| b.is_ascii() && (2..=7).contains(&b.len())) else { return false };
    if bare.contains('.') {
        return bare.split('.').all(|part| part.len() == 1) && !matches!(bare, "e.g" | "i.e");
    }
    matches!(bare, "etc" | "Inc" | "Ltd" | "Corp" | "Co" | "Jr" | "Sr" | "Bros" | "Dept" | "yrs" | "hrs" | "lbs")
}

/// Is the word at `i` the full stop of a number that begins its line, the text going on behind it? It counts a list
/// (`1. A truce`) and ends no sentence.
fn counts(text: &str, pieces: &[Piece], i: usize, since: usize) -> bool {
    let number = |p: &Piece| p.gap >= Gap::Line && p.span.len() <= 3 && p.span.of(text).bytes().all(|b| b.is_ascii_digit());
    since == 1
        && pieces[i].span.of(text) == "."
        && pieces[i].gap == Gap::None
        && pieces.get(i + 1).is_some_and(|next| next.gap <= Gap::Space)
        && i.checked_sub(1).is_some_and(|before| number(&pieces[before]))
}

/// Adds to `ends` one past the last word of each sentence of `pieces`.
pub fn ends(model: &Linear<'_>, text: &str, pieces: &[Piece], words: &[Word], ends: &mut Vec<usize>) {
    let mut features = Vec::with_capacity(24);
    let (mut since, mut line) = (0, pieces.first().map_or(0, |p| p.span.start()));
    for i in 0..pieces.len() {
        let last = i + 1 == pieces.len();
        let mut cut = last || certain(text, pieces, words, i, line);
        if !last && counts(text, pieces, i, since) {
            cut = false;
        } else if !cut && candidate(text, pieces, words, i) {
            self::features(text, pieces, words, i, since, &mut features);
            let mut scores = [0i32; 2];
            for &feature in &features {
                model.add(feature, &mut scores);
            }
            cut = scores[1] > scores[0];
        }
        if !last && pieces[i + 1].gap == Gap::Line {
            line = pieces[i + 1].span.start();
        }
        since += 1;
        if cut {
            ends.push(i + 1);
            since = 0;
        }
    }
}
