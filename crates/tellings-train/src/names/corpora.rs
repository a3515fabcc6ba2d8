//! Reads the corpora of names and brings their labels to ours.

use super::lists::Lists;
use anyhow::{Context, Result};
use std::ops::Range;
use std::path::Path;
use tellings_doc::Kind;
use tellings_parse::names::{Label, OUTSIDE};

/// A sentence, and for each word the set of labels allowed (bit = label).
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) words: Vec<String>,
    pub(super) allowed: Vec<u64>,
    /// The names, where the corpus is one to score on; kinds as the corpus has them.
    pub(super) gold: Vec<(Range<usize>, Kind)>,
    /// Number of its corpus, if that has customs of its own (labels made by a machine, or entities rather than names).
    pub(super) corpus: usize,
}

/// Weight of a sentence of the Groningen Meaning Bank and of GUM.
const SILVER_WEIGHT: f32 = 0.4;

impl Sentence {
    /// What it weighs beside one of the corpora whose customs are ours.
    pub(super) fn size(&self) -> f32 {
        if self.corpus > 0 { SILVER_WEIGHT } else { 1.0 }
    }
}

const PLACES: &[Kind] = &[Kind::Gpe, Kind::Loc, Kind::Fac];
const OUT: u64 = 1 << OUTSIDE;

/// PER 0, places 1, ORG 2, the rest 3.
pub(super) fn coarse(kind: Kind) -> usize {
    match kind {
        Kind::Per => 0,
        Kind::Gpe | Kind::Loc | Kind::Fac => 1,
        Kind::Org => 2,
        _ => 3,
    }
}

/// The names in a path of labels.
pub(super) fn names(labels: &[usize]) -> Vec<(Range<usize>, Kind)> {
    let (mut found, mut start) = (Vec::new(), 0);
    for (i, &label) in labels.iter().enumerate() {
        match label / 8 {
            0 => found.push((start..i + 1, Kind::ALL[label % 8])),
            1 => found.push((i..i + 1, Kind::ALL[label % 8])),
            2 => start = i,
            _ => {}
        }
    }
    found
}

/// A span of words and the kinds it may be; with `Outside` it may be no name at all.
struct Mark {
    words: Range<usize>,
    kinds: Vec<Kind>,
    optional: bool,
}

fn sentence(words: Vec<String>, marks: &[Mark], lists: &Lists) -> Sentence {
    let mut allowed = vec![OUT; words.len()];
    for (word, set) in words.iter().zip(&mut allowed) {
        // Peoples are left unmarked by some corpora.
        if word.starts_with(char::is_uppercase) && lists.has("people", word) {
            *set |= 1 << Label::unit(Kind::Norp);
        }
    }
    let mut gold = Vec::new();
    for mark in marks.iter().filter(|m| !m.words.is_empty()) {
        let last = mark.words.end - 1;
        for i in mark.words.clone() {
            let mut set = if mark.optional { allowed[i] } else { 0 };
            for &kind in &mark.kinds {
                set |= 1
                    << match (i == mark.words.start, i == last) {
                        (true, true) => Label::unit(kind),
                        (true, false) => Label::begin(kind),
                        (false, true) => Label::last(kind),
                        (false, false) => Label::inside(kind),
                    };
            }
            allowed[i] = set;
        }
        if !mark.optional && mark.kinds.len() < 8 {
            gold.push((mark.words.clone(), mark.kinds[0]));
        }
    }
    Sentence { words, allowed, gold, corpus: 0 }
}

/// The sentence with its words cut as the tokenizer cuts them; each piece is allowed what its word was.
fn cut(sentence: Sentence) -> Sentence {
    let mut starts = Vec::new();
    let (mut words, mut allowed) = (Vec::new(), Vec::new());
    for (word, &set) in sentence.words.iter().zip(&sentence.allowed) {
        starts.push(words.len());
        let pieces = super::lists::cut(word);
        for i in 0..pieces.len() {
            let (first, last) = (i == 0, i + 1 == pieces.len());
            allowed.push(if pieces.len() == 1 { set } else { piece_labels(set, first, last) });
        }
        words.extend(pieces);
    }
    starts.push(words.len());
    let gold = sentence.gold.iter().map(|(at, kind)| (starts[at.start]..starts[at.end], *kind)).collect();
    Sentence { words, allowed, gold, ..sentence }
}

/// What the first, a middle or the last piece of a word may be, where the word may be what `set` holds.
fn piece_labels(set: u64, first: bool, last: bool) -> u64 {
    let mut labels = set & OUT;
    for kind in Kind::ALL {
        let has = |label: usize| set >> label & 1 == 1;
        let (begins, goes_on) = (has(Label::begin(kind)), has(Label::inside(kind)));
        let (ends, whole) = (has(Label::last(kind)), has(Label::unit(kind)));
        let opens = begins || whole;
        let closes = ends || whole;
        let mut add = |yes: bool, label: usize| labels |= u64::from(yes) << label;
        add(first && opens, Label::begin(kind));
        add(last && closes, Label::last(kind));
        add(
            first && (goes_on || ends) || last && (begins || goes_on) || !first && !last && (opens || goes_on || ends),
            Label::inside(kind),
        );
    }
    labels
}

/// Everything to train on.
pub(super) fn train(gold: &Path, lists: &Lists) -> Result<Vec<Sentence>> {
    let mut all = Vec::new();
    all.extend(gmb(gold, lists)?.into_iter().map(|s| Sentence { corpus: 1, ..s }));
    all.extend(gum(gold, lists)?.into_iter().map(|s| Sentence { corpus: 2, ..s }));
    all.extend(wikigold(gold, lists)?);
    all.extend(crossner(gold, "train", lists)?);
    all.extend(ewt(gold, "train", lists)?);
    let n = all.len();
    for i in 0..n {
        // One sentence in sixteen once more in capitals, one without, one as a headline: a fixed choice by position.
        let recase: fn(&str) -> String = match i % 16 {
            3 => |w| w.to_uppercase(),
            7 => |w| w.to_lowercase(),
            11 => title,
            _ => continue,
        };
        let mut copy = all[i].clone();
        if i % 16 == 11 && copy.words.len() > 20 {
            continue;
        }
        copy.words.iter_mut().for_each(|w| *w = recase(w));
        all.push(copy);
    }
    Ok(all)
}

fn title(word: &str) -> String {
    if matches!(word, "a" | "an" | "the" | "of" | "in" | "on" | "at" | "to" | "for" | "and" | "or" | "by" | "'s" | "n't") {
        return word.into();
    }
    let mut chars = word.chars();
    chars.next().map(|c| c.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

/// What kind of place a name is, as far as its words tell.
fn place_kinds(name: &str, lists: &Lists) -> Vec<Kind> {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let first = name.split(' ').next().unwrap_or(name);
    if ["country", "city", "province"].iter().any(|list| lists.has(list, name)) {
        vec![Kind::Gpe]
    } else if lists.has("region", name) {
        vec![Kind::Loc]
    } else if lists.has("site-head", last) || lists.has("site", name) {
        vec![Kind::Fac]
    } else if lists.has("place-head", last) || matches!(first, "Mount" | "Lake" | "Gulf" | "Strait" | "Cape") {
        vec![Kind::Loc]
    } else if !name.contains(' ') {
        vec![Kind::Gpe]
    } else {
        PLACES.to_vec()
    }
}

/// Kinds a tagged name may have, its words in our custom, and whether it may also be no name.
type Meaning = (Vec<Kind>, Range<usize>, bool);

/// The marks of BIO or IO tags; `map` tells a tag's kinds and whether the name is optional, `None` = no name.
fn marks(tags: &[&str], map: &dyn Fn(&str, Range<usize>) -> Option<Meaning>) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut i = 0;
    while i < tags.len() {
        let Some((_, tag)) = tags[i].split_once('-') else {
            i += 1;
            continue;
        };
        let start = i;
        i += 1;
        while i < tags.len() && tags[i].strip_prefix("I-") == Some(tag) {
            i += 1;
        }
        if let Some((kinds, words, optional)) = map(tag, start..i) {
            marks.push(Mark { words, kinds, optional });
        }
    }
    marks
}

fn read(gold: &Path, name: &str) -> Result<Vec<u8>> {
    let path = gold.join(name);
    std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))
}

/// Columns of the lines of each sentence; sentences end at blank lines.
fn columns(text: &str, separator: char, comment: bool) -> Vec<Vec<Vec<&str>>> {
    let mut all = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            all.push(Vec::new());
        } else if !(comment && line.starts_with("# ")) {
            all.last_mut().expect("never empty").push(line.split(separator).collect());
        }
    }
    all.retain(|s: &Vec<Vec<&str>>| !s.is_empty());
    all
}

/// Universal NER's English Web Treebank.
pub(super) fn ewt(gold: &Path, part: &str, lists: &Lists) -> Result<Vec<Sentence>> {
    let text = String::from_utf8(read(gold, &format!("ner/uner-ewt/en_ewt-ud-{part}.iob2"))?)?;
    let sentences = columns(&text, '\t', true).into_iter().map(|rows| {
        let words: Vec<String> = rows.iter().map(|r| r[1].to_string()).collect();
        let tags: Vec<&str> = rows.iter().map(|r| r[2]).collect();
        let marks = marks(&tags, &|tag, at| {
            let name = words[at.clone()].join(" ");
            match tag {
                "PER" => Some((vec![Kind::Per], at, false)),
                "ORG" => Some((vec![Kind::Org], at, false)),
                "LOC" => Some((place_kinds(&name, lists), at, false)),
                "OTH" if lists.has("people", &name) => Some((vec![Kind::Norp], at, false)),
                "OTH" => Some((vec![Kind::Norp, Kind::Event, Kind::Misc], at, true)),
                _ => None,
            }
        });
        sentence(words.clone(), &marks, lists)
    });
    Ok(sentences.collect())
}

/// CrossNER's political part.
pub(super) fn crossner(gold: &Path, part: &str, lists: &Lists) -> Result<Vec<Sentence>> {
    let text = String::from_utf8(read(gold, &format!("ner/crossner-politics/{part}.txt"))?)?;
    let sentences = columns(&text, '\t', false).into_iter().map(|rows| {
        let words: Vec<String> = rows.iter().map(|r| r[0].to_string()).collect();
        let tags: Vec<&str> = rows.iter().map(|r| r[1]).collect();
        let marks = marks(&tags, &|tag, at| {
            let name = words[at.clone()].join(" ");
            match tag {
                "person" | "politician" => Some((vec![Kind::Per], at, false)),
                "politicalparty" | "organisation" => Some((vec![Kind::Org], at, false)),
                "country" => Some((vec![Kind::Gpe], at, false)),
                "location" => Some((place_kinds(&name, lists), at, false)),
                "event" | "election" => Some((vec![Kind::Event], at, false)),
                _ if lists.has("people", &name) => Some((vec![Kind::Norp], at, false)),
                _ => Some((vec![Kind::Misc, Kind::Norp], at, true)),
            }
        });
        cut(sentence(words.clone(), &marks, lists))
    });
    Ok(sentences.collect())
}

/// Wikigold.
pub(super) fn wikigold(gold: &Path, lists: &Lists) -> Result<Vec<Sentence>> {
    let text = String::from_utf8(read(gold, "ner/wikigold/wikigold.conll.txt")?)?;
    let sentences = columns(&text, ' ', false).into_iter().filter(|rows| rows[0][0] != "-DOCSTART-").map(|rows| {
        let words: Vec<String> = rows.iter().map(|r| r[0].to_string()).collect();
        let tags: Vec<&str> = rows.iter().map(|r| r[1]).collect();
        let marks = marks(&tags, &|tag, at| {
            let name = words[at.clone()].join(" ");
            // Wikigold keeps articles in names; we do not.
            let at = if name.starts_with("the ") { at.start + 1..at.end } else { at };
            match tag {
                "PER" => Some((vec![Kind::Per], at, false)),
                "ORG" => Some((vec![Kind::Org], at, false)),
                "LOC" => Some((place_kinds(&name, lists), at, false)),
                _ if lists.has("people", &name) => Some((vec![Kind::Norp], at, false)),
                _ => Some((vec![Kind::Misc, Kind::Event, Kind::Norp], at, true)),
            }
        });
        cut(sentence(words.clone(), &marks, lists))
    });
    Ok(sentences.collect())
}

/// The Groningen Meaning Bank: silver labels over world news, with titles inside persons and peoples among the places.
fn gmb(gold: &Path, lists: &Lists) -> Result<Vec<Sentence>> {
    let bytes = read(gold, "ner/gmb-ner/ner_dataset.csv")?;
    let text: String = bytes.iter().map(|&b| char::from(b)).collect();
    let mut all: Vec<Vec<(String, String)>> = Vec::new();
    for line in text.lines().skip(1) {
        let row = csv_row(line);
        let [start, word, _, tag] = &row[..] else { continue };
        if !start.is_empty() || all.is_empty() {
            all.push(Vec::new());
        }
        // The file's encoding was mended wrongly: marks above 0x80 stand for dashes and quotes.
        let word = match word.as_str() {
            "``" | "''" => "\"",
            w => w,
        };
        all.last_mut().expect("just pushed").push((word.into(), tag.clone()));
    }
    let sentences = all.into_iter().map(|rows| {
        let words: Vec<String> = rows.iter().map(|r| r.0.clone()).collect();
        let tags: Vec<&str> = rows.iter().map(|r| r.1.as_str()).collect();
        let marks = marks(&tags, &|tag, at| gmb_name(&words, tag, at, lists));
        cut(sentence(words.clone(), &marks, lists))
    });
    Ok(sentences.collect())
}

fn gmb_name(words: &[String], tag: &str, at: Range<usize>, lists: &Lists) -> Option<Meaning> {
    let mut at = at;
    let lower = |i: usize| !words[i].starts_with(|c: char| c.is_uppercase() || c.is_numeric());
    if tag == "per" {
        while !at.is_empty() && (lists.has("title", &words[at.start]) || lists.has("role", &words[at.start])) {
            at.start += 1;
        }
    }
    while !at.is_empty() && lower(at.start) && !words[at.start].contains('-') {
        at.start += 1;
    }
    while !at.is_empty() && (words[at.end - 1] == "'s" || !words[at.end - 1].contains(char::is_alphanumeric)) {
        at.end -= 1;
    }
    if at.is_empty() || tag == "tim" {
        return None;
    }
    let name = words[at.clone()].join(" ");
    let ambiguous =
        matches!(name.as_str(), "Jordan" | "Georgia" | "Washington" | "Chad" | "Paris" | "Lincoln" | "Israel" | "Houston");
    let alone = |kind: Kind| Some((vec![kind], at.clone(), false));
    if lists.has("people", &name) {
        return alone(Kind::Norp);
    }
    if ["country", "city", "province"].iter().any(|list| lists.has(list, &name)) && !(tag == "per" && ambiguous) {
        return alone(Kind::Gpe);
    }
    if lists.has("region", &name) {
        return alone(Kind::Loc);
    }
    if lists.has("org", &name) || lists.has("media", &name) {
        return alone(Kind::Org);
    }
    match tag {
        "per" => alone(Kind::Per),
        "org" if name == "State" => None,
        "org" => alone(Kind::Org),
        "geo" => Some((place_kinds(&name, lists), at, false)),
        "gpe" => Some((vec![Kind::Gpe, Kind::Norp], at, false)),
        "eve" => Some((vec![Kind::Event], at, true)),
        _ => Some((vec![Kind::Misc, Kind::Event, Kind::Fac, Kind::Org], at, true)),
    }
}

/// The sentences of the Groningen Meaning Bank's file, a line each.
pub(super) fn gmb_text(bytes: &[u8]) -> String {
    let mut text = String::new();
    for line in bytes.split(|&b| b == b'\n').skip(1) {
        let row = csv_row(&line.iter().map(|&b| char::from(b)).collect::<String>());
        if let [start, word, ..] = &row[..] {
            text.push(if start.is_empty() { ' ' } else { '\n' });
            text += word;
        }
    }
    text
}

fn csv_row(line: &str) -> Vec<String> {
    let (mut row, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    row.push(field);
    row
}

/// GUM's entities whose head is a proper noun, cut to their minimal span.
fn gum(gold: &Path, lists: &Lists) -> Result<Vec<Sentence>> {
    let splits = String::from_utf8(read(gold, "parse/gum/splits.tsv")?)?;
    let mut all = Vec::new();
    for name in splits.lines().filter_map(|line| line.strip_suffix("\ttrain")) {
        let text = String::from_utf8(read(gold, &format!("parse/gum/dep/{name}.conllu"))?)?;
        // Mentions that are open: id, kind, sentence, first word, minimal span.
        for rows in columns(&text, '\t', true) {
            let rows: Vec<_> = rows.into_iter().filter(|r| r.len() == 10 && r[0].bytes().all(|b| b.is_ascii_digit())).collect();
            let words: Vec<String> = rows.iter().map(|r| r[1].to_string()).collect();
            let mut open: Vec<(String, usize, String, Vec<usize>)> = Vec::new();
            let mut marks: Vec<Mark> = Vec::new();
            for (i, row) in rows.iter().enumerate() {
                let Some(entity) = row[9].split('|').find_map(|f| f.strip_prefix("Entity=")) else { continue };
                for piece in brackets(entity) {
                    if let Some(body) = piece.strip_prefix('(') {
                        let fields: Vec<&str> = body.trim_end_matches(')').split('-').collect();
                        if fields.len() > 5 && fields[0].bytes().all(|b| b.is_ascii_digit()) {
                            let least = fields[5].split(',').filter_map(|n| n.parse::<usize>().ok()).collect();
                            open.push((fields[0].into(), i, fields[1].into(), least));
                        }
                    }
                    if piece.ends_with(')') {
                        let id = piece.trim_matches(['(', ')']).split('-').next().unwrap_or_default();
                        if let Some(at) = open.iter().rposition(|o| o.0 == id) {
                            let (_, start, kind, least) = open.remove(at);
                            marks.extend(gum_name(&rows, &words, start..i + 1, &kind, &least, lists));
                        }
                    }
                }
            }
            // Of nested names the outer one is kept.
            marks.sort_by_key(|m| (m.words.start, usize::MAX - m.words.end));
            let mut end = 0;
            marks.retain(|m| {
                let keep = m.words.start >= end;
                end = end.max(m.words.end);
                keep
            });
            all.push(sentence(words, &marks, lists));
        }
    }
    Ok(all)
}

/// `(1-x(2-y)3)` as `(1-x`, `(2-y)`, `3)`.
fn brackets(entity: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut closed = true;
    for c in entity.chars() {
        if c == '(' || closed {
            pieces.push(String::new());
        }
        pieces.last_mut().expect("just pushed").push(c);
        closed = c == ')';
    }
    pieces
}

fn gum_name(
    rows: &[Vec<&str>],
    words: &[String],
    span: Range<usize>,
    kind: &str,
    least: &[usize],
    lists: &Lists,
) -> Option<Mark> {
    let inside = |i: usize| span.contains(&i);
    let head = span.clone().find(|&i| !rows[i][6].parse::<usize>().is_ok_and(|h| h > 0 && inside(h - 1)))?;
    if rows[head][3] != "PROPN" {
        return None;
    }
    let first = least.iter().map(|n| span.start + n - 1).min().unwrap_or(head).min(head);
    let last = least.iter().map(|n| span.start + n - 1).max().unwrap_or(head).max(head);
    let mut at = first..(last + 1).min(span.end);
    if kind == "person" {
        while at.start < at.end && (lists.has("title", &words[at.start]) || lists.has("role", &words[at.start])) {
            at.start += 1;
        }
    }
    while at.start < at.end && (rows[at.start][3] == "DET" || rows[at.start][3] == "PUNCT") {
        at.start += 1;
    }
    while at.start < at.end && (words[at.end - 1] == "'s" || rows[at.end - 1][3] == "PUNCT") {
        at.end -= 1;
    }
    if at.is_empty() {
        return None;
    }
    let name = words[at.clone()].join(" ");
    if lists.has("people", &name) {
        return Some(Mark { words: at, kinds: vec![Kind::Norp], optional: false });
    }
    let (kinds, optional) = match kind {
        "person" => (vec![Kind::Per], false),
        "organization" => (vec![Kind::Org], false),
        "place" => (place_kinds(&name, lists), false),
        "event" => (vec![Kind::Event], true),
        "time" => return None,
        _ => (vec![Kind::Misc], true),
    };
    Some(Mark { words: at, kinds, optional })
}
