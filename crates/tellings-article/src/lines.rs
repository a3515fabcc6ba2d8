//! What single lines are: bylines, credits, promos, list items, captions; and datelines at the head of paragraphs.

use crate::stamp::{self, Stamp};
use memchr::memmem::Finder;
use serde::Deserialize;
use std::sync::LazyLock;
use tellings_doc::{Dateline, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Promo {
    #[allow(dead_code)]
    name: String,
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    has: Vec<String>,
    #[serde(default)]
    whole: Vec<String>,
    words: usize,
    #[allow(dead_code)]
    yes: Vec<String>,
    #[allow(dead_code)]
    no: Vec<String>,
}

#[derive(Deserialize)]
struct Promos {
    rule: Vec<Promo>,
}

static PROMOS: LazyLock<Vec<Promo>> =
    LazyLock::new(|| toml::from_str::<Promos>(include_str!("../data/promos.toml")).map(|p| p.rule).unwrap_or_default());

/// The rules by the first letter of the words that a line may start with or be.
static BY_LETTER: LazyLock<Vec<Vec<(&'static Promo, &'static str)>>> = LazyLock::new(|| {
    let mut rules = vec![Vec::new(); 256];
    for rule in PROMOS.iter() {
        for word in rule.starts.iter().chain(&rule.whole) {
            let first = word.as_bytes().first().map_or(0, |&b| usize::from(b));
            rules[first].push((rule, word.as_str()));
        }
    }
    rules
});

/// Words of the longest line that may be a promo, and the rules that ask only what stands somewhere in it.
static LONGEST: LazyLock<(usize, Vec<(&'static Promo, Finder<'static>)>)> = LazyLock::new(|| {
    let longest = PROMOS.iter().map(|rule| rule.words).max().unwrap_or(0);
    let only = PROMOS.iter().filter(|rule| rule.starts.is_empty());
    (longest, only.flat_map(|rule| rule.has.iter().map(move |has| (rule, Finder::new(has.as_str())))).collect())
});

/// Names of agencies, longest first, so that the longest name matches.
static AGENCIES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../data/agencies.txt").lines();
    let mut names: Vec<&str> = lines.filter(|l| !l.starts_with('#') && !l.is_empty()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
});

/// Is it the page's own line and not the report's?
pub(crate) fn promo(line: &str) -> bool {
    if line.len() > 500 {
        return false;
    }
    let words = line.split_whitespace().count();
    if words > LONGEST.0 {
        return false;
    }
    let lower = match line.is_ascii() {
        true => line.to_ascii_lowercase(),
        false => line.to_lowercase().replace(['’', '‘'], "'"),
    };
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let bare = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    let begins = |word: &str| {
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| {
            word.ends_with([':', '@']) || !rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '\''))
        })
    };
    let has = |rule: &Promo| rule.has.iter().any(|w| lower.contains(w.as_str()));
    let known = |rule: &Promo, word: &str| {
        words <= rule.words && (bare == word && rule.whole.iter().any(|w| w == word))
            || words <= rule.words && begins(word) && rule.starts.iter().any(|w| w == word) && (rule.has.is_empty() || has(rule))
    };
    let first = lower.as_bytes().first().map_or(0, |&b| usize::from(b));
    BY_LETTER[first].iter().any(|&(rule, word)| known(rule, word))
        || words > 1 && LONGEST.1.iter().any(|(rule, find)| words <= rule.words && find.find(lower.as_bytes()).is_some())
}

/// Names of agencies that `text` starts with: (length, name as written).
fn agency_at(text: &str) -> Option<&str> {
    let name = AGENCIES
        .iter()
        .find(|name| text.starts_with(**name) && !text[name.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-'))?;
    Some(&text[..name.len()])
}

/// Is the whole of it an agency's name?
pub(crate) fn agency(text: &str) -> bool {
    AGENCIES.contains(&text)
}

/// What a credit line says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Credit {
    /// Agencies, as written.
    pub(crate) agencies: Vec<String>,
    /// Authors.
    pub(crate) names: Vec<String>,
    /// The outlet.
    pub(crate) outlet: Option<String>,
    /// The date, and whether it is that of a change.
    pub(crate) stamp: Option<(Stamp, bool)>,
}

/// The particulars of a line that is nothing but agency, outlet and date: `AP, The Australian, 12:00AM September 6,
/// 2016`; `Updated 6 Sept 2016`; `AP, AFP`. `at` is where the line stands.
pub(crate) fn credit(line: &str, at: usize) -> Option<Credit> {
    if line.len() > 220 || line.split_whitespace().count() > 24 {
        return None;
    }
    if let Some(credit) = contribution(line) {
        return Some(credit);
    }
    let mut credit = Credit::default();
    let stamp = stamp::find(line, at);
    let mut rest = line.to_string();
    if let Some(stamp) = stamp {
        let lower = line.to_lowercase();
        let changed = lower.contains("updated") || lower.contains("modified");
        let span = stamp.span;
        credit.stamp = Some((stamp, changed));
        rest.replace_range(span.start() - at..span.end() - at, ",");
    }
    // A name beside an agency or a date is an outlet; a name alone is nothing that can be told.
    let most = if credit.stamp.is_some() { 4 } else { 1 };
    let named = |part: &str| {
        let capital =
            |w: &str| w.starts_with(|c: char| c.is_uppercase()) || matches!(w, "of" | "the" | "and" | "in" | "on" | "de" | "&");
        part.split_whitespace().count() <= 5 && part.split_whitespace().all(capital) && !part.ends_with(['.', '!', '?'])
    };
    let mut others = Vec::new();
    for segment in rest.split([',', '|', '•', '·', '/', ';', '—', '–', '(', ')', '[', ']', '\t', '*']) {
        let segment = segment.split(" - ").map(trim_marks).filter(|s| !s.is_empty());
        for part in segment {
            let part = prefix(part);
            let lower = part.to_lowercase();
            let clock = part.len() <= 16 && part.starts_with(|c: char| c.is_ascii_digit()) && part.contains([':', '.']);
            if clock {
                continue;
            }
            if part.is_empty()
                || matches!(lower.as_str(), "and" | "with" | "updated" | "published" | "posted")
                || stamp::weekday(part).is_some()
            {
                continue;
            }
            let mut names = part.split(" and ").map(str::trim).peekable();
            if names.clone().all(agency) {
                credit.agencies.extend(names.map(str::to_string));
            } else if let Some(name) = names.peek().filter(|name| agency(name)) {
                credit.agencies.push(name.to_string());
                others.push(part);
            } else {
                others.push(part);
            }
            if others.len() > most || !others.last().is_none_or(|part| named(part)) {
                return None;
            }
        }
    }
    if let Some((last, first)) = others.split_last() {
        if credit.stamp.is_none() && credit.agencies.is_empty() {
            return None;
        }
        // Before the outlet stand agencies that are in no list (one word, or named as such) and authors.
        for name in first {
            let words: Vec<&str> = name.split_whitespace().collect();
            let wire = words.len() == 1
                || words.last().is_some_and(|w| matches!(*w, "Agency" | "Press" | "Wire" | "Newswire" | "News" | "Service"));
            if wire { credit.agencies.push(name.to_string()) } else { credit.names.push(name.to_string()) }
        }
        credit.outlet = Some(last.to_string());
    }
    // "Updated 4/5/2014": a date that can be read two ways is no stamp, but the line is still not the report's.
    let unread = || {
        let opens = ["updated", "published", "posted", "last updated", "first published", "last modified"];
        let lower = line.to_lowercase();
        others.is_empty() && opens.iter().any(|open| lower.starts_with(open)) && line.bytes().any(|b| b.is_ascii_digit())
    };
    (credit.stamp.is_some() || !credit.agencies.is_empty() || unread()).then_some(credit)
}

/// "Associated Press writers … contributed to this report.", "(With inputs from AFP)", "(Reporting by …; Editing by …)",
/// "© 2014 AFP".
fn contribution(line: &str) -> Option<Credit> {
    let bare = line.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '*' | '_' | ' ' | '\u{2013}' | '\u{2014}' | '-'));
    let lower = bare.to_lowercase();
    let opens = [
        "reporting by ",
        "additional reporting by ",
        "additional reporting:",
        "writing by ",
        "editing by ",
        "compiled by ",
        "with inputs from ",
        "with input from ",
        "with reporting by ",
        "with additional reporting",
        "with agencies",
        "with files from ",
        "with wires",
        "with ap",
        "with afp",
        "with reuters",
        "© ",
        "copyright ",
        "(c) ",
        "source: ",
        "agencies contributed",
        "from ap",
        "from reuters",
        "from afp",
        "from wire",
    ];
    let closes = [
        "contributed to this report",
        "contributed reporting",
        "contributed to this story",
        "contributed from ",
        "contributed to this article",
    ];
    let opened = opens.iter().find(|w| lower.starts_with(**w));
    if opened.is_none() && !closes.iter().any(|w| lower.contains(w)) {
        return None;
    }
    if matches!(opened, Some(&("source: " | "with ap" | "from ap" | "with agencies" | "from wire")))
        && bare.split_whitespace().count() > 8
    {
        return None;
    }
    let mut agencies: Vec<String> = Vec::new();
    for (i, _) in bare.char_indices().filter(|(_, c)| c.is_alphabetic()) {
        let starts_word = !bare[..i].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '-'));
        let covered = agencies
            .last()
            .is_some_and(|last: &String| !bare[..i].is_empty() && bare[..i].ends_with("The ") && last.starts_with("The "));
        if starts_word
            && !covered
            && let Some(name) = agency_at(&bare[i..])
            && !agencies.iter().any(|a| a == name || a.ends_with(name))
        {
            agencies.push(name.to_string());
        }
    }
    if matches!(opened, Some(&"source: ")) && agencies.is_empty() {
        return None;
    }
    Some(Credit { agencies, ..Credit::default() })
}

/// Without the words that introduce a date, an outlet or an agency.
fn prefix(part: &str) -> &str {
    let mut part = trim_marks(part);
    let words = [
        "first published on",
        "first published",
        "last updated on",
        "last updated at",
        "last updated",
        "last modified",
        "published on",
        "published at",
        "published",
        "posted on",
        "posted at",
        "posted",
        "updated on",
        "updated at",
        "updated",
        "created on",
        "created",
        "date",
        "source",
        "from",
        "via",
        "on",
        "at",
        "agency",
    ];
    while let Some(word) = words.iter().find(|w| {
        part.get(..w.len()).is_some_and(|p| p.eq_ignore_ascii_case(w))
            && !part[w.len()..].starts_with(|c: char| c.is_alphanumeric())
    }) {
        part = trim_marks(&part[word.len()..]);
    }
    part
}

fn trim_marks(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-' | '–' | '—' | '|' | '_' | '*' | '"'))
}

/// Initials of those who wrote and edited (`hm/tr/ko`), as some agencies end a report.
pub(crate) fn initials(line: &str) -> bool {
    let letters = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase());
    line.len() <= 20 && line.contains('/') && line.split('/').all(letters)
}

/// What a byline says.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Byline {
    /// Authors' names.
    pub(crate) names: Vec<String>,
    /// Agencies named beside them.
    pub(crate) agencies: Vec<String>,
    /// A date on the same line, and whether it is that of a change.
    pub(crate) stamp: Option<(Stamp, bool)>,
}

/// The authors of a line like `By Jane Doe in Geneva and John Smith`.
pub(crate) fn byline(line: &str, at: usize) -> Option<Byline> {
    if line.len() > 200 {
        return None;
    }
    const OPENS: [&str; 14] = [
        "by ",
        "by: ",
        "written by ",
        "posted by ",
        "story by ",
        "analysis by ",
        "report by ",
        "reported by ",
        "author: ",
        "authors: ",
        "opinion by ",
        "comment by ",
        "from our correspondent ",
        "published by ",
    ];
    let starts = |open: &&&str| line.get(..open.len()).is_some_and(|head| head.eq_ignore_ascii_case(open));
    let open = OPENS.iter().find(starts)?;
    let mut rest = line.get(open.len()..)?.trim_start().to_string();
    if rest.to_lowercase().starts_with("by ") {
        rest.drain(..3);
    }
    let mut byline = Byline::default();
    let offset = line.len() - rest.len();
    if let Some(stamp) = stamp::find(&rest, at + offset) {
        let (start, end) = (stamp.span.start() - at - offset, stamp.span.end() - at - offset);
        byline.stamp = Some((stamp, false));
        rest.replace_range(start..end, "|");
    }
    for part in rest.split(['|', '•', '·', '/', ';', '—', '–', '(', ')', '\t']) {
        names_of(part, &mut byline)?;
    }
    (!byline.names.is_empty() || !byline.agencies.is_empty()).then_some(byline)
}

/// Names of one part of a byline; `None` where the line cannot be one.
fn names_of(part: &str, byline: &mut Byline) -> Option<()> {
    for piece in part.split([',', '&']) {
        for name in piece.split(" and ") {
            let name = name
                .split(" in ")
                .next()
                .unwrap_or(name)
                .split(" for ")
                .next()
                .unwrap_or(name)
                .split(" at ")
                .next()
                .unwrap_or(name);
            let name = trim_marks(name.trim().strip_prefix("and ").unwrap_or(name.trim())).trim_end_matches(" on");
            let words: Vec<&str> = name.split_whitespace().collect();
            if name.is_empty() || matches!(name.to_lowercase().as_str(), "on" | "at" | "updated" | "published") {
                continue;
            }
            if agency(name) {
                byline.agencies.push(name.to_string());
                continue;
            }
            if role(name) {
                continue;
            }
            let particle = |w: &str| {
                matches!(
                    w,
                    "de" | "van" | "der" | "den" | "von" | "al" | "bin" | "ibn" | "da" | "di" | "du" | "la" | "el" | "le" | "dos"
                )
            };
            let capital = |w: &&str| {
                particle(w) || w.starts_with(|c: char| c.is_uppercase()) || w.starts_with("d'") || w.starts_with("al-")
            };
            if words.len() > 5
                || !words.iter().all(capital)
                || name.chars().any(|c| c.is_ascii_digit())
                || name.ends_with(['!', '?', '…'])
            {
                return byline.names.is_empty().then_some(()).and(None).or(Some(()));
            }
            if words.len() == 1 && !byline.names.is_empty() {
                continue; // a place or desk after the name
            }
            byline.names.push(name.trim_end_matches('.').to_string());
        }
    }
    Some(())
}

/// Is it an office and not a name?
pub(crate) fn role(name: &str) -> bool {
    const ROLES: [&str; 24] = [
        "correspondent",
        "writer",
        "writers",
        "editor",
        "reporter",
        "reporters",
        "staff",
        "bureau",
        "desk",
        "agencies",
        "press",
        "news",
        "contributor",
        "columnist",
        "chief",
        "team",
        "analyst",
        "journalist",
        "service",
        "times",
        "post",
        "online",
        "newsroom",
        "producer",
    ];
    let last = name.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("").to_lowercase();
    ROLES.contains(&last.as_str())
}

/// What stands at the head of a paragraph before its first sentence.
#[derive(Debug, PartialEq)]
pub(crate) struct Head {
    /// The place.
    pub(crate) dateline: Dateline,
    /// The agencies.
    pub(crate) agencies: Vec<String>,
    /// The date, where it is given with its year.
    pub(crate) stamp: Option<Stamp>,
    /// Bytes up to the first sentence.
    pub(crate) length: usize,
}

/// The dateline at the head of a paragraph.
pub(crate) fn dateline(paragraph: &str, at: usize) -> Option<Head> {
    let head = &paragraph[..(0..=paragraph.len().min(120)).rev().find(|&i| paragraph.is_char_boundary(i))?];
    // The dash that ends it: the first one with a space before or after it; or the agency between slashes or before one.
    let (end, length) = head.char_indices().find_map(|(i, c)| {
        let (before, after) = (&head[..i], &head[i + c.len_utf8()..]);
        let spaced = before.ends_with(' ') || after.starts_with(' ') || before.ends_with(')');
        match c {
            '—' | '–' => Some((i, c.len_utf8())),
            '-' if after.starts_with('-') => Some((i, 2)),
            '-' | '_' if before.ends_with(' ') && after.starts_with([' ', '“', '"']) || before.ends_with(')') => Some((i, 1)),
            ':' if before.ends_with(')') => Some((i, 1)),
            '/' if spaced || before.ends_with(". ") => {
                let close = after.find('/')?;
                agency(&after[..close]).then_some((i, close + 2))
            }
            _ => None,
        }
    })?;
    let (words, mark) = (&head[..end], &head[end..end + length]);
    let mut agencies = Vec::new();
    let mut place = words.trim_end();
    if let (Some(open), true) = (place.rfind('('), place.ends_with(')')) {
        let named = &place[open + 1..place.len() - 1];
        for name in named.split(['/', ',']).map(str::trim) {
            let short = name.len() <= 24 && name.split_whitespace().count() <= 3;
            let a_name = short && name.starts_with(|c: char| c.is_uppercase());
            if !agency(name) && !a_name {
                return None;
            }
            agencies.push(name.to_string());
        }
        place = place[..open].trim_end();
    } else if mark.len() > 2 && mark.starts_with('/') {
        agencies.push(mark.trim_matches('/').to_string());
    } else if let Some(name) = place.rsplit([',', '.']).next().map(str::trim).filter(|name| agency(name)) {
        agencies.push(name.to_string());
        place = place[..place.len() - name.len()].trim_end().trim_end_matches([',', '.']);
    }
    // Cut the date: from the first month or weekday on.
    let mut dated = false;
    let tokens = stamp::tokens(place);
    if let Some(token) =
        tokens.iter().skip(1).find(|t| stamp::month(t.of(place)).is_some() || stamp::weekday(t.of(place)).is_some())
    {
        let day_first =
            tokens.iter().rev().find(|t| t.end() < token.start()).filter(|t| t.of(place).bytes().all(|b| b.is_ascii_digit()));
        let cut = day_first.unwrap_or(token).start();
        let tail = place[cut..].chars().filter(|c| c.is_alphabetic()).count();
        if tail > 14 {
            return None;
        }
        dated = true;
        place = &place[..cut];
    }
    let place = place.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '.' | '-' | '('));
    let first = place.split([',', '/', ';', '(']).next()?.trim();
    let shouted = first.chars().filter(|c| c.is_alphabetic()).count() >= 3 && !first.chars().any(char::is_lowercase);
    let words: Vec<&str> = place.split_whitespace().collect();
    let named = |w: &&str| w.starts_with(|c: char| c.is_uppercase()) || matches!(*w, "of" | "the" | "de" | "al" | "el" | "and");
    let plausible = !place.is_empty()
        && words.len() <= 6
        && place.len() <= 60
        && words.iter().all(named)
        && words[0].starts_with(|c: char| c.is_uppercase())
        && !place.contains(['"', '“', '?', '!', ':']);
    let certain = !agencies.is_empty() || dated || shouted && !matches!(mark, "_") && first.split_whitespace().count() <= 3;
    if !plausible || !certain {
        return None;
    }
    let rest = &paragraph[end + length..];
    let length = length + usize::from(mark.starts_with('/') && rest.starts_with('.'));
    let rest = &paragraph[end + length..];
    let gap = rest.len() - rest.trim_start().len();
    let span = Span::new(at, at + place.len());
    let dateline = Dateline { place: place.to_string(), span };
    let stamp = stamp::find(&head[..end], at);
    Some(Head { dateline, agencies, stamp, length: end + length + gap })
}

/// Length of the mark that makes a line a list item.
pub(crate) fn bullet(line: &str) -> Option<usize> {
    let first = line.chars().next()?;
    let after = &line[first.len_utf8()..];
    if matches!(first, '•' | '‣' | '▪' | '●' | '◦' | '■' | '►' | '·') {
        return Some(first.len_utf8() + after.len() - after.trim_start().len());
    }
    if matches!(first, '-' | '*' | '+') && after.starts_with([' ', '\t']) {
        return Some(1 + after.len() - after.trim_start().len());
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let letter = usize::from(digits == 0 && first.is_ascii_lowercase());
    let open = usize::from(first == '(');
    let inner = line[open..]
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count()
        .max(usize::from(open == 1 && line[1..].starts_with(|c: char| c.is_ascii_lowercase())));
    let (body, close) = if open == 1 { (1 + inner, ")") } else { (digits + letter, if letter == 1 { ")" } else { ".)" }) };
    if inner == 0 && open == 1 || body == 0 || body > 3 {
        return None;
    }
    let rest = line.get(body..)?;
    let end = rest.chars().next().filter(|c| close.contains(*c))?;
    let rest = &rest[end.len_utf8()..];
    rest.starts_with([' ', '\t']).then(|| line.len() - rest.trim_start().len())
}

/// Are these the words under a picture, by a picture credit in them?
pub(crate) fn picture_credit(line: &str) -> bool {
    if line.len() > 600 {
        return false;
    }
    let lower = line.to_lowercase();
    let opens = [
        "photo:",
        "photos:",
        "picture:",
        "photograph:",
        "photo by",
        "photo credit",
        "file photo",
        "image caption",
        "caption:",
        "pictured:",
        "(photo",
        "in this photo",
        "in this file photo",
        "in this image",
        "photo caption",
        "photograph by",
        "photo illustration",
        "illustration:",
        "illustration by",
        "photo/",
        "graphic:",
        "map:",
    ];
    let has = [
        "(ap photo",
        "ap photo/",
        "(photo",
        "(file photo",
        "[file photo",
        "(file)",
        "getty images",
        "(reuters photo",
        "/reuters)",
        "/afp)",
        "/afp/getty",
        "/ap)",
        "[reuters]",
        "[afp]",
        "[ap]",
        "photograph:",
        "| photo",
        "photo:",
        "photo credit",
        "photo courtesy",
        "picture:",
        "picture credit",
        "/epa)",
        "epa-efe",
        "shutterstock",
        "(handout",
        "handout via",
        "file picture",
        "wikimedia commons",
        "(pictured",
        "(screengrab",
        "via reuters)",
        "via ap)",
        "via afp",
    ];
    opens.iter().any(|w| lower.starts_with(w)) || line.split_whitespace().count() <= 70 && has.iter().any(|w| lower.contains(w))
}

/// Does a sentence by itself look like the words under a picture: without a finite verb, or in the present tense of captions?
pub(crate) fn caption_like(sentence: &str) -> bool {
    const PAST: [&str; 62] = [
        "was", "were", "had", "said", "told", "did", "would", "could", "met", "held", "took", "made", "went", "came", "began",
        "left", "gave", "got", "won", "lost", "led", "fell", "rose", "broke", "brought", "bought", "built", "spoke", "saw",
        "sent", "set", "sat", "shot", "stood", "struck", "thought", "threw", "wrote", "found", "felt", "fought", "fled", "hit",
        "kept", "knew", "laid", "ran", "paid", "put", "read", "heard", "spent", "has", "have", "will", "is", "are", "warned",
        "agreed", "failed", "urged", "vowed",
    ];
    let words: Vec<&str> = sentence
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '"' | '“' | '”' | '(' | ')'))
        .filter(|w| !w.is_empty())
        .collect();
    if words.len() < 3 || words.len() > 60 {
        return false;
    }
    let lower: Vec<String> = words.iter().map(|w| w.trim_end_matches('.').to_lowercase()).collect();
    if lower.iter().any(|w| PAST.contains(&w.as_str())) {
        return false;
    }
    // A past form before its object is a finite verb; before a preposition it may be a participle.
    let object =
        |w: &str| matches!(w, "the" | "a" | "an" | "to" | "that" | "his" | "her" | "its" | "their" | "it" | "them" | "him");
    !lower.windows(2).any(|w| w[0].ends_with("ed") && w[0].len() > 4 && object(&w[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promo_rules_match_their_examples() {
        assert!(!PROMOS.is_empty());
        for rule in PROMOS.iter() {
            assert!(rule.yes.iter().all(|line| promo(line)), "{}: {:?}", rule.name, rule.yes);
            assert!(rule.no.iter().all(|line| !promo(line)), "{}: {:?}", rule.name, rule.no);
        }
        assert!(!promo("Reports said the two sides had met."));
    }

    #[test]
    fn credit_lines() {
        let credit = |line| super::credit(line, 0);
        let full = credit("AFP, The Morning Ledger, 12:00AM March 6, 2014").unwrap();
        assert_eq!((full.agencies, full.outlet.as_deref()), (vec!["AFP".to_string()], Some("The Morning Ledger")));
        assert_eq!(full.stamp.unwrap().0.value, "2014-03-06");
        assert_eq!(credit("AP, AFP").unwrap().agencies, ["AP", "AFP"]);
        assert_eq!(credit("— Reuters").unwrap().agencies, ["Reuters"]);
        assert_eq!(credit("AFP and dpa").unwrap().agencies, ["AFP", "dpa"]);
        assert!(credit("Last updated: 6 March 2014, 10:15 GMT").unwrap().stamp.unwrap().1);
        assert_eq!(credit("(With inputs from PTI)").unwrap().agencies, ["PTI"]);
        assert_eq!(
            credit("Associated Press writers Ann Lee and Bo Roe in Oslo contributed to this report.").unwrap().agencies,
            ["Associated Press"]
        );
        let unlisted = credit("Norwire, Meridian, Ann Lee, The Harbour Times, March 7, 2016").unwrap();
        assert_eq!((unlisted.agencies.join("+").as_str(), unlisted.names.join("+").as_str()), ("Norwire+Meridian", "Ann Lee"));
        assert_eq!(unlisted.outlet.as_deref(), Some("The Harbour Times"));
        assert!(initials("hm/tr/ko") && !initials("and/or the"));
        assert!(credit("6 March 2014 Last updated at 12:42 GMT").is_some());
        assert_eq!(credit("Geneva Talks Resume"), None);
        assert_eq!(credit("The talks ended on March 6, 2014 without an agreement."), None);
        assert_eq!(credit("Jane Doe"), None);
    }

    #[test]
    fn bylines() {
        let names = |line| super::byline(line, 0).map(|b| b.names).unwrap_or_default();
        assert_eq!(names("By Jane Doe in Geneva and John Smith in Beirut"), ["Jane Doe", "John Smith"]);
        assert_eq!(names("By JANE DOE, Staff Writer"), ["JANE DOE"]);
        assert_eq!(names("By Jane Doe | AFP | March 6, 2014"), ["Jane Doe"]);
        assert_eq!(names("Posted by Jan van der Berg on 6 March 2014"), ["Jan van der Berg"]);
        assert_eq!(names("By Friday the talks had collapsed."), Vec::<String>::new());
        assert_eq!(names("By then both armies had withdrawn"), Vec::<String>::new());
    }

    #[test]
    fn datelines() {
        let place = |text| {
            super::dateline(text, 0)
                .map(|h| (h.dateline.place, h.agencies.join("+"), text[h.length..].to_string()))
                .unwrap_or_default()
        };
        let is = |text, p: &str, a: &str| {
            let (place, agencies, rest) = place(text);
            assert_eq!((place.as_str(), agencies.as_str()), (p, a), "{text}");
            assert!(p.is_empty() || rest.starts_with("The"), "{rest}");
        };
        is("GENEVA (AP) — The envoy left.", "GENEVA", "AP");
        is("Oslo, Norway, Sept 5 (Reuters) - The envoy left.", "Oslo, Norway", "Reuters");
        is("BEIRUT/ANKARA (Reuters) - The envoy left.", "BEIRUT/ANKARA", "Reuters");
        is("UNITED NATIONS, Sept. 9 (Xinhua) -- The envoy left.", "UNITED NATIONS", "Xinhua");
        is("VIENNA — The envoy left.", "VIENNA", "");
        is("MOSCOW, 9 September. /TASS/ The envoy left.", "MOSCOW", "TASS");
        is("MINSK. May 6. Interfax - The envoy left.", "MINSK", "Interfax");
        is("The ministers - both of them - left.", "", "");
        is("Israel — long wary — agreed.", "", "");
    }

    #[test]
    fn bullets_and_pictures() {
        assert_eq!(bullet("• Talks resume"), Some(4));
        assert_eq!(bullet("1. Talks resume"), Some(3));
        assert_eq!(bullet("(a) Talks resume"), Some(4));
        assert_eq!(bullet("1914 was a year"), None);
        assert_eq!(bullet("- Talks"), Some(2));
        assert_eq!(bullet("-Talks"), None);
        assert!(picture_credit("Soldiers at the bridge on Friday. (AP Photo/Ann Lee)"));
        assert!(caption_like("Two rivals across one table: the ministers before talks in Oslo last night."));
        assert!(!caption_like("The ministers met for two hours in Oslo last night."));
    }
}
