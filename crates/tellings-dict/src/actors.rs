//! Actor and agent files.

use crate::lines::{brackets, lines};
use crate::names::{Names, Spelling};
use crate::words::{Words, pieces, plural};
use crate::{BadLine, Report, base_name};
use jiff::civil::{Date, date};
use rustc_hash::FxHashMap;
use tellings_doc::DateRange;

/// A code of a name, and when it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// As in the file, in capitals, without `~`.
    pub text: Box<str>,
    /// The days on which it holds; `None` at all other times.
    pub range: Option<DateRange>,
}

/// A name with its codes, which synonyms share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The first name, as in the file.
    pub name: Box<str>,
    /// In the order of the file.
    pub codes: Vec<Code>,
    /// Position of the file in [`ActorDictionary::file`].
    pub file: u16,
    /// Line of the name.
    pub line: u32,
    /// A word for somebody ("minister") whose code is joined to an actor's, not an actor.
    pub agent: bool,
    /// Of an agent: its code goes before the actor's, not after.
    pub before: bool,
}

impl Entry {
    /// The code on those days: the first that holds then, else the first that has no dates. Where the day is not known, the
    /// first without dates. `None`: no code holds.
    pub fn code(&self, as_of: Option<DateRange>) -> Option<&str> {
        let dated = self.codes.iter().find(|c| match (c.range, as_of) {
            (Some(range), Some(day)) => range.first <= day.first && day.last <= range.last,
            _ => false,
        });
        dated.or_else(|| self.codes.iter().find(|c| c.range.is_none())).map(|c| &*c.text)
    }
}

/// A word of a text for the tables: its number and what word of the text it is, or is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Number of the word in [`ActorDictionary::words`].
    pub word: u32,
    /// Position in the text.
    pub token: u32,
}

/// Actor and agent files, read.
#[derive(Clone, Debug, Default)]
pub struct ActorDictionary {
    names: Names,
    /// Entry of each name.
    of_name: Vec<u32>,
    entries: Vec<Entry>,
    files: Vec<Box<str>>,
}

/// A name in the making.
struct Draft<'a> {
    line: usize,
    names: Vec<(usize, &'a str)>,
    plural: Option<&'a str>,
    codes: Vec<(usize, &'a str)>,
}

impl ActorDictionary {
    /// Adds an actor or agent file; the lines that could not be used. Of names that are there twice the first counts.
    pub fn add(&mut self, file: &str, text: &str) -> Vec<BadLine> {
        let mut report = Report { file, bad: Vec::new() };
        self.files.push(base_name(file).into());
        let mut sets: FxHashMap<String, Vec<String>> = FxHashMap::default();
        let mut draft: Option<Draft<'_>> = None;
        let mut buffer = String::new();
        for (at, line) in lines(text) {
            if line.starts_with('!') && line.contains('=') {
                match set(line) {
                    Some((name, words)) => {
                        sets.insert(name, words);
                    }
                    None => report.add(at, format!("`{line}` is no substitution set"), "write `!NAME! = WORD, WORD`"),
                }
                continue;
            }
            let (name, codes) = brackets(line);
            let trimmed = name.trim();
            let opens = trimmed.find('{');
            let (trimmed, plural) = match opens {
                Some(open) => {
                    let inner = trimmed[open + 1..].split('}').next().unwrap_or("");
                    (trimmed[..open].trim_end(), Some(inner.trim()))
                }
                None => (trimmed, None),
            };
            if line.contains('[') && line.matches('[').count() != codes.len() {
                report.add(at, format!("a `[` without `]`: `{}`", line.trim()), "close the bracket");
            }
            let codes = codes.into_iter().map(|code| (at, code));
            if trimmed.is_empty() {
                match &mut draft {
                    Some(draft) => draft.codes.extend(codes),
                    None => report.add(at, format!("a code before any name: `{}`", line.trim()), "put the name before its codes"),
                }
            } else if let Some(synonym) = trimmed.strip_prefix('+') {
                match &mut draft {
                    Some(draft) => {
                        draft.names.push((at, synonym.trim()));
                        draft.codes.extend(codes);
                    }
                    None => report.add(at, format!("a synonym before any name: `{trimmed}`"), "put the name before its synonyms"),
                }
            } else {
                if let Some(done) = draft.take() {
                    self.finish(done, &sets, &mut report, &mut buffer);
                }
                draft = Some(Draft { line: at, names: vec![(at, trimmed)], plural, codes: codes.collect() });
            }
        }
        if let Some(done) = draft.take() {
            self.finish(done, &sets, &mut report, &mut buffer);
        }
        self.names.sort();
        report.bad.sort_by_key(|b| b.line);
        report.bad
    }

    fn finish(&mut self, draft: Draft<'_>, sets: &FxHashMap<String, Vec<String>>, report: &mut Report<'_>, buffer: &mut String) {
        let mut codes = Vec::with_capacity(draft.codes.len());
        let (mut agent, mut before) = (false, false);
        for (at, raw) in &draft.codes {
            match code(raw) {
                Ok((text, range)) => {
                    agent |= text.contains('~');
                    before |= text.ends_with('~');
                    codes.push(Code { text: text.replace('~', "").to_uppercase().into(), range });
                }
                Err((message, hint)) => report.add(*at, format!("`[{raw}]`: {message}"), hint),
            }
        }
        if codes.is_empty() {
            if draft.codes.is_empty() {
                report.add(draft.line, format!("`{}` has no code", draft.names[0].1), "add `[CODE]` to the line or below it");
            }
            return;
        }
        let at = self.entries.len() as u32;
        let mut used = false;
        for (line, name) in &draft.names {
            let Some(spelled) = expand(name, sets) else {
                report.add(*line, format!("`{name}` uses a set that is not defined above"), "define `!NAME! = WORD, WORD` first");
                continue;
            };
            for name in spelled {
                let mut forms = vec![name];
                if agent {
                    match draft.plural {
                        None if !forms[0].ends_with('_') => forms.push(plural_of(&forms[0])),
                        None | Some("") => {}
                        Some(list) => forms.extend(list.split([' ', ',']).filter(|w| !w.is_empty()).map(str::to_string)),
                    }
                }
                for form in forms {
                    match Spelling::read(&form, &mut self.names.words, buffer) {
                        Some(spelling) => {
                            let (_, new) = self.names.add(spelling);
                            if new {
                                self.of_name.push(at);
                                used = true;
                            }
                        }
                        None => report.add(*line, format!("`{form}` has no words, or more than 32"), "check the name"),
                    }
                }
            }
        }
        if used {
            let file = (self.files.len() - 1) as u16;
            let name = draft.names[0].1.trim_end_matches('_').into();
            self.entries.push(Entry { name, codes, file, line: draft.line as u32, agent, before });
        }
    }

    /// Are there no names?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of entries, synonyms not counted.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// The words the names are made of.
    pub fn words(&self) -> &Words {
        &self.names.words
    }

    /// The entry at a position.
    pub fn entry(&self, at: u32) -> &Entry {
        &self.entries[at as usize]
    }

    /// Name without folders of the file of an entry.
    pub fn file(&self, entry: &Entry) -> &str {
        &self.files[usize::from(entry.file)]
    }

    /// The entry of the longest name that begins at word `from` of `text`, and the position after its last word. `gap` says
    /// whether a name that allows it may leave out the words between two positions.
    pub fn longest(&self, text: &[u32], from: usize, gap: impl Fn(usize, usize) -> bool) -> Option<(u32, usize)> {
        self.names.longest(text, from, gap).map(|(name, end)| (self.of_name[name as usize], end))
    }

    /// Adds the words of a text token.
    pub fn push(&self, token: u32, text: &str, buffer: &mut String, out: &mut Vec<Piece>) {
        pieces(text, buffer, |word| out.push(Piece { word: self.names.words.get(word), token }));
    }
}

/// `!NAME! = WORD, WORD`
fn set(line: &str) -> Option<(String, Vec<String>)> {
    let (name, words) = line.split_once('=')?;
    let name = name.trim().strip_prefix('!')?.strip_suffix('!')?;
    let words: Vec<String> = words.split(',').map(|w| w.trim().to_string()).filter(|w| !w.is_empty()).collect();
    (!name.is_empty() && !words.is_empty()).then(|| (name.to_string(), words))
}

/// A name for each word of the set it uses; `None` if that is not defined.
fn expand(name: &str, sets: &FxHashMap<String, Vec<String>>) -> Option<Vec<String>> {
    let Some((start, rest)) = name.split_once('!') else { return Some(vec![name.to_string()]) };
    let Some((set, end)) = rest.split_once('!') else { return Some(vec![name.to_string()]) };
    let words = sets.get(set)?;
    Some(words.iter().map(|word| format!("{start}{word}{end}")).collect())
}

/// The name with its last word in the plural.
fn plural_of(name: &str) -> String {
    match name.rfind(['_', ' ']) {
        Some(at) => format!("{}{}", &name[..=at], plural(&name[at + 1..])),
        None => plural(name),
    }
}

type Flaw = (String, &'static str);

/// What stands in the brackets of a code: `CODE`, `CODE <date`, `CODE >date`, `CODE date-date`.
fn code(raw: &str) -> Result<(&str, Option<DateRange>), Flaw> {
    const HINT: &str = "write `[CODE]`, `[CODE <YYMMDD]`, `[CODE >YYYYMMDD]` or `[CODE YYMMDD-YYMMDD]`";
    let end = raw.find([' ', '\t', '<', '>']).unwrap_or(raw.len());
    let (text, when) = (&raw[..end], raw[end..].trim());
    if text.is_empty() {
        return Err(("no code".into(), HINT));
    }
    let dateless = text.chars().next().is_some_and(|c| c.is_ascii_digit()) && text.contains('-');
    if dateless {
        return Err(("dates without a code".into(), HINT));
    }
    if when.is_empty() {
        return Ok((text, None));
    }
    let flaw = |part: &str| (format!("`{}` is no date", part.trim()), "dates are YYMMDD or YYYYMMDD");
    let range = if let Some(before) = when.strip_prefix('<') {
        let last = day(before, false).ok_or_else(|| flaw(before))?;
        DateRange::new(Date::MIN, last.yesterday().unwrap_or(last))
    } else if let Some(after) = when.strip_prefix('>') {
        let first = day(after, true).ok_or_else(|| flaw(after))?;
        DateRange::new(first.tomorrow().unwrap_or(first), Date::MAX)
    } else if let Some((from, to)) = when.split_once('-') {
        let first = day(from, false).ok_or_else(|| flaw(from))?;
        let last = day(to, true).ok_or_else(|| flaw(to))?;
        if last < first {
            return Err((format!("ends ({last}) before it begins ({first})"), "put the earlier date first"));
        }
        DateRange::new(first, last)
    } else {
        return Err((format!("`{when}` is no restriction to dates"), HINT));
    };
    Ok((text, Some(range)))
}

/// `YYMMDD` or `YYYYMMDD`; a year of two digits below 30 is in this century. A day `00`, and days past the end of the month,
/// are its first or last.
fn day(text: &str, end: bool) -> Option<Date> {
    let text = text.trim();
    if !text.bytes().all(|b| b.is_ascii_digit()) || !matches!(text.len(), 6 | 8) {
        return None;
    }
    let (year, rest) = text.split_at(text.len() - 4);
    let year: i16 = year.parse().ok()?;
    let year = match (text.len(), year) {
        (6, 0..30) => 2000 + year,
        (6, _) => 1900 + year,
        _ => year,
    };
    let (month, day): (i8, i8) = (rest[..2].parse().ok()?, rest[2..].parse().ok()?);
    if !(1..=12).contains(&month) || !(0..=31).contains(&day) || !(1..=9999).contains(&year) {
        return None;
    }
    let first = date(year, month, 1);
    Some(match day {
        0 if end => first.last_of_month(),
        0 => first,
        _ => date(year, month, day.min(first.days_in_month())),
    })
}
