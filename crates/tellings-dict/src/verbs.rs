//! Verb files: blocks of verbs with their patterns, and the synonym sets that patterns use.

use crate::lines::{brackets, lines};
use crate::words::{Words, conjugate, pieces, singulars};
use crate::{BadLine, Report, base_name};
use rustc_hash::FxHashMap;

/// How near an element stands to the one before it, counted away from the verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// Right beside it (`_`).
    Joined,
    /// In the same phrase (inside `{}` and `()`).
    Near,
    /// Anywhere between it and the end of the clause.
    Open,
}

/// What an element of a pattern stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A word; with `plural`, also in its regular plural.
    Word {
        /// Its number.
        word: u32,
        /// May it be a plural?
        plural: bool,
    },
    /// A phrase of this synonym set.
    Set(u32),
    /// The source of the event (`$`).
    Source,
    /// The target of the event (`+`).
    Target,
    /// An actor that takes no part (`^`).
    Skip,
    /// Several actors named together (`%`).
    Compound,
}

/// One element of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// How near to the one before.
    pub gap: Gap,
    /// What stands there.
    pub what: What,
}

/// The code of an event and, of events that come in pairs, that of the event in the other direction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventCodes {
    /// Source to target.
    pub there: Option<Box<str>>,
    /// Target to source.
    pub back: Option<Box<str>>,
}

/// A pattern around a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Before the verb, the nearest first.
    pub before: Vec<Element>,
    /// After the verb.
    pub after: Vec<Element>,
    /// What it codes; no code = the verb is no event here.
    pub codes: EventCodes,
    /// Line in the file.
    pub line: u32,
    /// As in the file.
    pub text: Box<str>,
}

/// A verb, one word or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerbEntry {
    /// As in the file.
    pub name: Box<str>,
    /// Words right before the verb itself.
    pub before: Box<[u32]>,
    /// Words right after it.
    pub after: Box<[u32]>,
    /// Code where no pattern fits.
    pub codes: EventCodes,
    /// Position of its patterns.
    block: u32,
    /// Position of the file.
    file: u16,
    /// Line in the file.
    pub line: u32,
}

/// Verb files, read.
#[derive(Clone, Debug, Default)]
pub struct VerbDictionary {
    words: Words,
    /// Phrases of each set, the longest first; a word with `true` may be a plural.
    sets: Vec<Vec<Vec<(u32, bool)>>>,
    set_names: FxHashMap<String, u32>,
    /// Patterns of each block, the longest first.
    blocks: Vec<Vec<Pattern>>,
    entries: Vec<VerbEntry>,
    /// Entries by each form of their verb, those of several words first.
    forms: FxHashMap<u32, Vec<u32>>,
    files: Vec<Box<str>>,
}

/// The block being read.
#[derive(Default)]
struct Block {
    /// Begun by `---`, so that verbs after its patterns still belong to it.
    headed: bool,
    codes: EventCodes,
    at: Option<u32>,
    patterns: bool,
}

impl VerbDictionary {
    /// Adds a verb file; the lines that could not be used.
    pub fn add(&mut self, file: &str, text: &str) -> Vec<BadLine> {
        let mut report = Report { file, bad: Vec::new() };
        self.files.push(base_name(file).into());
        let lines = lines(text);
        for (_, line) in &lines {
            if let Some(name) = line.strip_prefix('&') {
                let name = set_name(name);
                if !name.is_empty() {
                    let next = self.sets.len() as u32;
                    let at = *self.set_names.entry(name.to_string()).or_insert(next);
                    if at == next {
                        self.sets.push(Vec::new());
                    }
                }
            }
        }
        let mut set: Option<u32> = None;
        let mut block = Block::default();
        let mut transformations = 0;
        let mut buffer = String::new();
        for (at, line) in lines {
            let trimmed = line.trim();
            if let Some(name) = trimmed.strip_prefix('&') {
                set = self.set_names.get(set_name(name)).copied();
            } else if let Some(header) = trimmed.strip_prefix("---") {
                set = None;
                let (_, codes) = brackets(header);
                block = Block { headed: true, ..Block::default() };
                match codes.first() {
                    Some(code) => block.codes = event_codes(code),
                    None if header.contains('[') => {
                        report.add(at, format!("no code in `{trimmed}`"), "write `--- VERB [code] ---`")
                    }
                    None => {}
                }
            } else if let Some(pattern) = trimmed.strip_prefix('-') {
                set = None;
                self.pattern(pattern, at, &mut block, &mut report, &mut buffer);
            } else if trimmed.starts_with('~') {
                transformations += 1;
                if transformations == 1 {
                    report.add(
                        at,
                        "`~` verb transformations of PETRARCH 2 are not supported; all of this file are left out",
                        "take these lines out, or write the patterns they stand for",
                    );
                }
            } else if let (Some(set), Some(phrase)) = (set, trimmed.strip_prefix('+')) {
                self.synonym(set, phrase, at, &mut report, &mut buffer);
            } else {
                set = None;
                self.verb(trimmed, at, &mut block, &mut report, &mut buffer);
            }
        }
        for patterns in &mut self.blocks {
            patterns.sort_by_key(|p| std::cmp::Reverse(p.before.len() + p.after.len()));
        }
        for set in &mut self.sets {
            set.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        }
        let entries = &self.entries;
        let words = |&at: &u32| {
            let entry = &entries[at as usize];
            std::cmp::Reverse(entry.before.len() + entry.after.len())
        };
        self.forms.values_mut().for_each(|list| list.sort_by_key(words));
        report.bad
    }

    /// A phrase of a set, or another set whose phrases it takes over.
    fn synonym(&mut self, set: u32, phrase: &str, at: usize, report: &mut Report<'_>, buffer: &mut String) {
        let phrase = phrase.trim().trim_matches(['(', ')', '{', '}']);
        if let Some(other) = phrase.strip_prefix('&') {
            match self.set_names.get(set_name(other)) {
                Some(&other) => {
                    let phrases = self.sets[other as usize].clone();
                    self.sets[set as usize].extend(phrases);
                }
                None => report.add(at, format!("no set `&{}`", set_name(other)), "define it above with a line `&NAME`"),
            }
            return;
        }
        let open = phrase.find('{').unwrap_or(phrase.len());
        let mut words = self.read_words(phrase[..open].trim(), buffer);
        if words.is_empty() {
            return report.add(at, format!("`+{phrase}` has no words"), "write `+WORD` or `+TWO_WORDS`");
        }
        if !phrase.ends_with('_')
            && let Some(last) = words.last_mut()
        {
            last.1 = true;
        }
        self.sets[set as usize].push(words);
    }

    fn read_words(&mut self, text: &str, buffer: &mut String) -> Vec<(u32, bool)> {
        let mut out = Vec::new();
        pieces(text, buffer, |word| out.push((self.words.add(word), false)));
        out
    }

    /// Patterns of the block being read.
    fn block(&mut self, block: &mut Block) -> u32 {
        *block.at.get_or_insert_with(|| {
            self.blocks.push(Vec::new());
            self.blocks.len() as u32 - 1
        })
    }

    /// `VERB {FORMS} [code]`, `+VERB_OFF {+VERBS_OFF}`, `PRE_+VERB`
    fn verb(&mut self, line: &str, at: usize, block: &mut Block, report: &mut Report<'_>, buffer: &mut String) {
        if !block.headed && block.patterns {
            *block = Block::default();
        }
        let (name, codes) = brackets(line);
        let (name, forms) = match name.split_once('{') {
            Some((name, forms)) => (name, Some(forms.split('}').next().unwrap_or(""))),
            None => (name, None),
        };
        let name = name.trim();
        let codes = codes.first().map_or_else(|| block.codes.clone(), |code| event_codes(code));
        let mut spellings: Vec<String> = vec![name.to_string()];
        match forms {
            Some(forms) => spellings.extend(forms.split([' ', ',', '\t']).filter(|f| !f.is_empty()).map(str::to_string)),
            None => {
                let (before, verb, after) = parts(name);
                spellings.extend(conjugate(&verb).into_iter().map(|form| format!("{before}+{form}{after}")));
            }
        }
        let block_at = self.block(block);
        for (i, spelling) in spellings.iter().enumerate() {
            let (before, verb, after) = parts(spelling);
            let [before, verb, after] = [&before, &verb, &after].map(|part| self.read_words(part, buffer));
            // Of a verb with a hyphen ("re-open") the last part is looked up.
            let Some((&(main, _), prefix)) = verb.split_last() else {
                if i == 0 {
                    report.add(at, format!("`{line}` names no verb"), "write `VERB`, `VERB {FORMS}` or `+VERB_OFF {+VERBS_OFF}`");
                }
                continue;
            };
            let ids = |words: Vec<(u32, bool)>| words.into_iter().map(|(word, _)| word).collect();
            let entry = VerbEntry {
                name: name.into(),
                before: ids([before.as_slice(), prefix].concat()),
                after: ids(after),
                codes: codes.clone(),
                block: block_at,
                file: (self.files.len() - 1) as u16,
                line: at as u32,
            };
            self.forms.entry(main).or_default().push(self.entries.len() as u32);
            self.entries.push(entry);
        }
    }

    /// `WORD $ * + WORD_WORD &SET (PREP {TWO WORDS}) [code]`, without the `-`
    fn pattern(&mut self, line: &str, at: usize, block: &mut Block, report: &mut Report<'_>, buffer: &mut String) {
        block.patterns = true;
        let (body, codes) = brackets(line);
        let Some(code) = codes.first() else {
            return report.add(at, format!("the pattern `-{}` has no code", line.trim_end()), "end it with `[code]`");
        };
        if block.at.is_none() {
            return report.add(at, format!("the pattern `-{}` stands under no verb", body.trim_end()), "put the verb above it");
        }
        let mut elements: Vec<Option<Element>> = Vec::new();
        let second = body.contains(['(', '{']);
        let mut depth = 0usize;
        for chunk in body.split_whitespace() {
            let mut inner = chunk;
            let mut gap = if depth == 0 { Gap::Open } else { Gap::Near };
            while let Some(rest) = inner.strip_prefix(['(', '{']) {
                inner = rest;
                depth += 1;
            }
            let closing = inner.chars().rev().take_while(|c| matches!(c, ')' | '}')).count();
            let inner = inner.trim_end_matches([')', '}']);
            let mut parts: Vec<&str> = inner.split('_').collect();
            while let Some(part) = (!parts.is_empty()).then(|| parts.remove(0)) {
                if part.is_empty() {
                    continue;
                }
                let what = match part {
                    "*" => None,
                    "$" => Some(What::Source),
                    "+" => Some(What::Target),
                    "^" => Some(What::Skip),
                    "%" => Some(What::Compound),
                    _ if part.starts_with('&') => {
                        let (name, used) = self.longest_set(part, &parts);
                        parts.drain(..used);
                        match self.set_names.get(&name) {
                            Some(&set) => Some(What::Set(set)),
                            None => {
                                let message = format!("no set `&{name}` for the pattern `-{}`", body.trim_end());
                                return report.add(at, message, "define it with a line `&NAME` and lines `+WORD`");
                            }
                        }
                    }
                    word => {
                        for (i, (word, _)) in self.read_words(word, buffer).into_iter().enumerate() {
                            let gap = if i == 0 { gap } else { Gap::Joined };
                            elements.push(Some(Element { gap, what: What::Word { word, plural: second } }));
                        }
                        gap = Gap::Joined;
                        continue;
                    }
                };
                elements.push(what.map(|what| Element { gap, what }));
                gap = Gap::Joined;
            }
            depth = depth.saturating_sub(closing);
        }
        let verbs: Vec<usize> = (0..elements.len()).filter(|&i| elements[i].is_none()).collect();
        let &[verb] = verbs.as_slice() else {
            let message = format!("the pattern `-{}` has {} places for the verb", body.trim_end(), verbs.len());
            return report.add(at, message, "write one `*` for the verb");
        };
        // Gaps are counted away from the verb: of what stands before it, each word's gap is that of the word after it.
        let joined = verb_joined(body);
        let after: Vec<Element> = elements[verb + 1..].iter().flatten().copied().collect();
        let mut before: Vec<Element> = Vec::new();
        let mut gap = if joined { Gap::Joined } else { Gap::Open };
        for element in elements[..verb].iter().rev().flatten() {
            before.push(Element { gap, what: element.what });
            gap = element.gap;
        }
        let block_at = self.block(block);
        self.blocks[block_at as usize].push(Pattern {
            before,
            after,
            codes: event_codes(code),
            line: at as u32,
            text: format!("-{}", line.trim_end()).split_whitespace().collect::<Vec<_>>().join(" ").into(),
        });
    }

    /// The longest name of a set that begins with `part` and goes on with parts after it, and how many of those.
    fn longest_set(&self, part: &str, rest: &[&str]) -> (String, usize) {
        let first = part.trim_start_matches('&').to_string();
        (0..=rest.len())
            .rev()
            .map(|used| {
                let name = rest[..used].iter().fold(first.clone(), |name, part| format!("{name}_{part}"));
                (name.trim_end_matches('_').to_string(), used)
            })
            .find(|(name, _)| self.set_names.contains_key(name))
            .unwrap_or((first, 0))
    }

    /// Are there no verbs?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Number of verbs and their forms.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Number of patterns.
    pub fn pattern_count(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }

    /// The verbs that have this form, those of several words first.
    pub fn verbs(&self, form: u32) -> impl Iterator<Item = &VerbEntry> {
        self.forms.get(&form).into_iter().flatten().map(|&at| &self.entries[at as usize])
    }

    /// The patterns of a verb, the longest first.
    pub fn patterns(&self, verb: &VerbEntry) -> &[Pattern] {
        &self.blocks[verb.block as usize]
    }

    /// The phrases of a set, the longest first; a word with `true` may be a plural.
    pub fn set(&self, set: u32) -> &[Vec<(u32, bool)>] {
        &self.sets[set as usize]
    }

    /// Name without folders of the file of a verb.
    pub fn file(&self, verb: &VerbEntry) -> &str {
        &self.files[usize::from(verb.file)]
    }

    /// Number of a folded word of a text, and of its singular if it can be a plural; 0 = not in the dictionary.
    pub fn word(&self, folded: &str) -> (u32, u32) {
        let singular = singulars(folded).map(|s| self.words.get(&s)).find(|&id| id != 0).unwrap_or(0);
        (self.words.get(folded), singular)
    }
}

/// Does the word before the verb stand right beside it (`IN_*`)?
fn verb_joined(body: &str) -> bool {
    body.split_whitespace().any(|chunk| chunk.contains("_*"))
}

fn set_name(name: &str) -> &str {
    name.split_whitespace().next().unwrap_or("").trim_end_matches('_')
}

/// What stands before the verb itself, the verb, and what stands after: `+` marks it; without a mark it is the first word.
fn parts(name: &str) -> (String, String, String) {
    let marked = name.find('+');
    let (before, rest) = marked.map_or(("", name), |at| (&name[..at], &name[at + 1..]));
    let end = rest.find(['_', ' ']).unwrap_or(rest.len());
    (before.to_string(), rest[..end].to_string(), rest[end..].to_string())
}

/// `032`, `032:033`; `---`, `+++` and `###` are no code.
fn event_codes(raw: &str) -> EventCodes {
    let one = |code: &str| -> Option<Box<str>> {
        let code = code.trim().trim_end_matches('?');
        code.chars().any(char::is_alphanumeric).then(|| code.into())
    };
    match raw.split_once(':') {
        Some((there, back)) => EventCodes { there: one(there), back: one(back) },
        None => EventCodes { there: one(raw), back: None },
    }
}
