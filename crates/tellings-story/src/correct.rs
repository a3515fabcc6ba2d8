//! Corrections: sentences by which a report takes back what was told before ("six soldiers, not eight", "an earlier version said",
//! "revised the toll from 11 to 26", "the death toll has risen to 50").

use crate::Citation;
use crate::words::content;
use tellings_doc::{DateRange, Doc, Place, Quantity, Sentence, Span, Time, Upos};

/// A value that a correction gives or takes back.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Number(f64),
    Day(DateRange, String),
    Place(&'a Place),
}

/// What one sentence takes back.
#[derive(Clone, Debug)]
pub(crate) struct Corrected<'a> {
    pub(crate) at: Citation,
    /// `killed`, `injured`, `arrested`, `date`, `place` …; `None`: a number of which the sentence does not say what it counts.
    pub(crate) attribute: Option<&'static str>,
    /// What was told, where the sentence says it.
    pub(crate) from: Option<Value<'a>>,
    /// What holds, where the sentence says it: else what the same report tells elsewhere.
    pub(crate) to: Option<Value<'a>>,
    /// Content lemmas of the sentence.
    pub(crate) words: Vec<u64>,
}

/// Words without which a sentence corrects nothing; looked for first.
const HINTS: [&str; 16] = [
    "up from",
    "down from",
    "correct",
    "version",
    "revis",
    "not ",
    "toll",
    "raised",
    "risen",
    "rose",
    "climb",
    "updated",
    "lowered",
    "previously",
    "earlier",
    "now ",
];

/// What names a correction.
const NAMED: [&str; 14] = [
    "correction",
    "corrects",
    "corrected",
    "correcting",
    "earlier version",
    "previous version",
    "earlier report",
    "initially reported",
    "previously reported",
    "earlier reported",
    "as we reported",
    "misstated",
    "wrongly",
    "in error",
];

/// The corrections of a document, in text order.
pub(crate) fn corrections<'a>(doc: &'a Doc, document: usize) -> Vec<Corrected<'a>> {
    let mut found = Vec::new();
    for sentence in &doc.parse.sentences {
        let words = sentence.span.of(doc.text()).to_lowercase();
        if !HINTS.iter().any(|h| words.contains(h)) {
            continue;
        }
        let at = Citation { document, span: sentence.span };
        let one = |attribute, from, to| Corrected { at: at.clone(), attribute, from, to, words: content(doc, &[sentence.span]) };
        let named = NAMED.iter().any(|n| words.contains(n));
        let numbers = numbers(doc, sentence);
        if let Some((from, to)) = number(doc, &words, &numbers, named) {
            found.push(one(counted(&words), from.map(Value::Number), to.map(Value::Number)));
        } else if named {
            if let Some((from, to)) = day(doc, sentence, &words) {
                found.push(one(Some("date"), Some(from), to));
            } else if let Some((from, to)) = spot(doc, sentence, &words) {
                found.push(one(Some("place"), Some(from), to));
            }
        }
    }
    found
}

/// What a sentence counts, by its words.
fn counted(words: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 4] = [
        ("killed", &["kill", "dead", "death", "died", "dying", "fatalit", "bodies", "toll"]),
        ("injured", &["injur", "wound", "hurt"]),
        ("arrested", &["arrest", "detain", "detention"]),
        ("displaced", &["displac", "fled their homes"]),
    ];
    WORDS.iter().find(|(_, list)| list.iter().any(|w| words.contains(w))).map(|w| w.0)
}

/// A number and where it stands.
struct Number {
    span: Span,
    value: f64,
}

/// The bare numbers of a sentence, in text order: no measures, no money, no times. Also those that stand alone ("six soldiers, not
/// eight"), which count nothing by themselves.
fn numbers(doc: &Doc, sentence: &Sentence) -> Vec<Number> {
    let inside = |q: &&Quantity| q.span.start() < sentence.span.end();
    let from = doc.link.quantities.partition_point(|q| q.span.end() <= sentence.span.start());
    let counted: Vec<&Quantity> = doc.link.quantities[from..].iter().take_while(inside).collect();
    let times: Vec<Span> = in_sentence(doc, sentence).map(|t| t.span).collect();
    let mut list: Vec<Number> =
        counted.iter().filter(|q| q.unit.is_none()).map(|q| Number { span: q.span, value: q.value }).collect();
    let alone = sentence.tokens.clone().map(|t| &doc.parse.tokens[t]).filter(|t| t.upos == Upos::Num);
    for token in alone.filter(|t| !counted.iter().any(|q| q.span.touches(t.span))) {
        list.extend(value(token.span.of(doc.text())).map(|value| Number { span: token.span, value }));
    }
    list.retain(|n| !times.iter().any(|t| t.touches(n.span)));
    list.sort_by_key(|n| n.span);
    list
}

/// A whole number in digits or in a word.
fn value(word: &str) -> Option<f64> {
    const WORDS: [&str; 21] = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
    ];
    let word = word.to_lowercase();
    WORDS.iter().position(|w| *w == word).map(|n| n as f64).or_else(|| word.replace(',', "").parse().ok())
}

/// The words right before a span, in lower case: at most 24 bytes.
fn before(doc: &Doc, span: Span) -> String {
    let from = span.start().saturating_sub(24);
    let text = doc.text();
    let from = (from..=span.start()).find(|&i| text.is_char_boundary(i)).unwrap_or(span.start());
    text[from..span.start()].to_lowercase()
}

/// Numbers that a sentence takes back and gives.
fn number(doc: &Doc, words: &str, numbers: &[Number], named: bool) -> Option<(Option<f64>, Option<f64>)> {
    let led = |q: &Number, ends: &[&str]| {
        let before = before(doc, q.span);
        ends.iter().any(|e| before.trim_end().ends_with(e))
    };
    let value = |q: &Number| q.value;
    // "six, not eight", "rather than eight", "instead of eight".
    if let Some(at) = numbers.iter().position(|q| led(q, &[", not", " and not", "rather than", "instead of"])) {
        let to = numbers.iter().take(at).next_back().or_else(|| numbers.get(at + 1)).map(value);
        return Some((Some(numbers[at].value), to)).filter(|n| n.1.is_some());
    }
    // "43 were killed, up from an earlier count of nine", "the number was corrected from three".
    const WAS: [&str; 8] = [
        "up from",
        "down from",
        "earlier count of",
        "earlier figure of",
        "earlier toll of",
        "earlier estimate of",
        "corrected from",
        "revised from",
    ];
    if let Some(at) = numbers.iter().position(|q| led(q, &WAS)) {
        let to = numbers.iter().take(at).next_back().map(value);
        if to.is_some() || named {
            return Some((Some(numbers[at].value), to));
        }
    }
    let toll = ["toll", "number of", "figure", "count", "estimate"].iter().any(|t| words.contains(t));
    // "from 11 to 26", "to 774 from 250".
    const CHANGED: [&str; 20] = [
        "now put",
        "now stand",
        "now say",
        "revis",
        "rais",
        "risen",
        "rose",
        "rises",
        "climb",
        "updat",
        "lower",
        "increas",
        "jump",
        "reach",
        "cut ",
        "reduc",
        "doubl",
        "corrected",
        "mount",
        "grew",
    ];
    if toll && CHANGED.iter().any(|c| words.contains(c)) {
        let from = numbers.iter().find(|q| led(q, &[" from", "from at least", "from about"])).map(value);
        let to =
            numbers.iter().find(|q| led(q, &[" to", " to at least", " at", " reached", " to more than", " to about"])).map(value);
        if to.is_some() {
            return Some((from, to));
        }
    }
    // "An earlier version gave the number of dead as six."
    let version = ["version", "earlier report", "previous report", "initially", "previously", "misstated", "wrongly"];
    if named && version.iter().any(|v| words.contains(v)) && numbers.len() == 1 {
        return Some((Some(numbers[0].value), None));
    }
    None
}

fn in_sentence<'a>(doc: &'a Doc, sentence: &Sentence) -> impl Iterator<Item = &'a Time> {
    let span = sentence.span;
    let from = doc.times.partition_point(|t| t.span.start() < span.start());
    doc.times[from..].iter().take_while(move |t| t.span.start() < span.end())
}

/// Days that a sentence takes back and gives: "on Monday, not on Saturday".
fn day<'a>(doc: &'a Doc, sentence: &Sentence, words: &str) -> Option<(Value<'a>, Option<Value<'a>>)> {
    let days: Vec<&Time> = in_sentence(doc, sentence).filter(|t| t.range.is_some_and(DateRange::is_day)).collect();
    let value = |t: &Time| t.range.map(|r| Value::Day(r, t.value.clone()));
    let not = |t: &&Time| ends_with_not(&before(doc, t.span));
    if let Some(at) = days.iter().position(not) {
        let to = days.iter().enumerate().find(|(i, _)| *i != at).and_then(|(_, t)| value(t));
        return Some((value(days[at])?, to));
    }
    // "An earlier version said that it happened on Saturday."
    (words.contains("version") && days.len() == 1).then(|| value(days[0]))?.map(|v| (v, None))
}

/// Places, likewise.
fn spot<'a>(doc: &'a Doc, sentence: &Sentence, words: &str) -> Option<(Value<'a>, Option<Value<'a>>)> {
    let places: Vec<&Place> = doc.link.places.iter().filter(|p| sentence.span.covers(p.span) && !p.associative).collect();
    if let Some(at) = places.iter().position(|p| ends_with_not(&before(doc, p.span))) {
        let to = places.iter().enumerate().find(|(i, _)| *i != at).map(|(_, p)| Value::Place(p));
        return Some((Value::Place(places[at]), to));
    }
    (words.contains("version") && places.len() == 1).then(|| (Value::Place(places[0]), None))
}

/// "not", with a preposition or without.
fn ends_with_not(before: &str) -> bool {
    let words: Vec<&str> = before.split_whitespace().collect();
    let last = words.last().copied().unwrap_or("");
    let preposition = matches!(last, "on" | "in" | "at" | "near" | "the" | "outside");
    let at = if preposition { words.len().checked_sub(2).and_then(|i| words.get(i).copied()) } else { Some(last) };
    at == Some("not")
}
