//! Finding place names.

use super::words::{Gap, Word};
use super::{MOST_GAZETTEERS, Tables};
use crate::gazetteer::Folded;
use crate::{Reference, Site};
use rustc_hash::{FxHashMap, FxHashSet};
use std::ops::Range;
use tellings_doc::{Kind, Name, Parse, Span};

/// Most words in a place name that is looked for without the recogniser's help.
const LONGEST: usize = 5;
/// Most places of one name that are weighed.
const MOST_CANDIDATES: usize = 200;
/// Weight of places that are known at once: about 700,000 people.
const WELL_KNOWN: f32 = 13.4;

/// One of the places of a name.
pub(crate) struct Candidate<'t> {
    pub(crate) gazetteer: usize,
    pub(crate) site: Site<'t>,
    /// It is listed under another name.
    pub(crate) other_name: bool,
    /// How likely it is meant, on no fixed scale.
    pub(crate) score: f32,
}

/// A name and its places.
pub(crate) struct Sense<'t> {
    pub(crate) hash: u64,
    pub(crate) candidates: Vec<Candidate<'t>>,
    /// Best candidate where nothing special is said.
    pub(crate) chosen: Option<usize>,
}

/// A place name in the text.
pub(crate) struct Find {
    /// First word and one past the last.
    pub(crate) words: Range<usize>,
    pub(crate) span: Span,
    pub(crate) sense: usize,
    /// What the recogniser calls it.
    pub(crate) kind: Option<Kind>,
    /// Part of the name that says what kind of place it is is not in the gazetteer's name ("Akita Prefecture").
    pub(crate) generic: Option<Range<usize>>,
    /// Why it is taken for a place.
    pub(crate) rule: &'static str,
}

/// All names found, and their places.
#[derive(Default)]
pub(crate) struct Found<'t> {
    pub(crate) finds: Vec<Find>,
    pub(crate) senses: Vec<Sense<'t>>,
    by_hash: FxHashMap<u64, usize>,
}

/// What a gazetteer lists of a name.
struct Listed {
    hash: u64,
    /// Entries, by gazetteer.
    ranges: [Range<usize>; MOST_GAZETTEERS],
    /// Weight of the best known.
    known: f32,
}

struct Scan<'a, 't> {
    tables: &'a Tables<'t>,
    text: &'a str,
    words: &'a [Word],
    parse: &'a Parse,
    /// Last words of the full names of people.
    surnames: FxHashSet<&'a str>,
    found: Found<'t>,
}

/// The place names of the text, in text order, none inside another.
pub(crate) fn scan<'t>(tables: &Tables<'t>, text: &str, words: &[Word], parse: &Parse) -> Found<'t> {
    let people = parse.names.iter().filter(|name| name.kind == Kind::Per).map(|name| bare(name.span, text).of(text));
    let surnames = people.filter_map(|name| name.rsplit_once(' ')).map(|(_, last)| last).collect();
    let mut scan = Scan { tables, text, words, parse, surnames, found: Found::default() };
    let mut at = 0;
    while at < words.len() {
        at = if words[at].capital { scan.name_at(at) } else { at + 1 };
    }
    scan.again();
    scan.found
}

impl<'t> Scan<'_, 't> {
    /// Looks for a name that begins at a word; returns where to go on.
    fn name_at(&mut self, at: usize) -> usize {
        let start = self.words[at].span.start();
        let text = self.text;
        if matches!(self.words[at].span.of(text), "The" | "A")
            && self.words.get(at + 1).is_none_or(|w| w.span.of(text) != "Hague")
        {
            return at + 1;
        }
        let label = self.label(self.words[at].span);
        if let Some(name) = label.filter(|n| is_place(n.kind) && n.score >= 0.35) {
            let span = bare(name.span, text);
            if span.start() == start {
                let end = at + self.words[at..].iter().take_while(|w| w.span.start() < span.end()).count();
                if let Some(next) = self.labelled(at, end, name) {
                    return next;
                }
            }
        }
        let longest = self.reach(at, LONGEST);
        for end in (at + 1..=longest).rev().filter(|&end| self.words[end - 1].capital) {
            let Some(listed) = self.listed(at..end) else { continue };
            if let Some(rule) = self.judge(&listed, at..end) {
                self.add(at..end, &listed, None, None, rule);
                return end;
            }
            let rest = text.get(self.span(&(at..end)).end()..).unwrap_or("");
            if self.tables.lexicon.never_before(rest.trim_start_matches([' ', '-'])) {
                return end;
            }
        }
        at + 1
    }

    /// One past the last word that can belong to a name beginning at a word.
    fn reach(&self, at: usize, most: usize) -> usize {
        let last = self.words.len().min(at + most);
        (at + 1..last).find(|&i| !matches!(self.words[i].gap, Gap::Blank | Gap::Hyphen)).unwrap_or(last)
    }

    fn span(&self, words: &Range<usize>) -> Span {
        Span::new(self.words[words.start].span.start(), self.words[words.end - 1].span.end())
    }

    /// What the gazetteers list of these words.
    fn listed(&self, words: Range<usize>) -> Option<Listed> {
        self.listed_name(self.span(&words).of(self.text))
    }

    fn listed_name(&self, name: &str) -> Option<Listed> {
        let hash = Folded::new(name)?.hash();
        let mut ranges: [Range<usize>; MOST_GAZETTEERS] = Default::default();
        let mut known = -1.0f32;
        for (range, gazetteer) in ranges.iter_mut().zip(self.tables.gazetteers) {
            *range = gazetteer.range(hash);
            known = gazetteer.entries(range.clone()).take(3).map(|(site, _)| site.weight).fold(known, f32::max);
        }
        (known >= 0.0).then_some(Listed { hash, ranges, known })
    }

    /// Takes a name that the recogniser calls a place; returns where to go on, or nothing if its parts should be looked at.
    fn labelled(&mut self, at: usize, end: usize, name: Name) -> Option<usize> {
        let (text, lexicon) = (self.text, self.tables.lexicon);
        let span = self.span(&(at..end));
        let only = if end - at == 1 { span.of(text) } else { "" };
        // "the Southern District of New York" is a court's.
        let court = span.of(text).ends_with(" District") && self.words.get(end).is_some_and(|w| w.span.of(text) == "of");
        if self.part_of_code(span) || lexicon.never(only) || lexicon.generic(only) || court {
            return Some(end);
        }
        if lexicon.direction(only) {
            return self.half_of_korea(at, only);
        }
        let locative = self.locative(&(at..end));
        if !only.is_empty() && !locative && self.person_around(&(at..end), only) {
            return Some(end);
        }
        if self.surnames.contains(only) && name.score < 0.97 && !locative {
            return Some(end);
        }
        if span.of(text).chars().filter(|c| c.is_alphabetic()).count() < 3 && self.tables.countries.find(span.of(text)).is_none()
        {
            return None;
        }
        // More than the recogniser saw: "New York" of "New York City".
        let may_end = |w: &Word| {
            w.capital || matches!(w.span.of(text), "crossing" | "camp" | "airbase" | "base" | "prison" | "hospital" | "port")
        };
        for longer in (end + 1..=self.reach(at, LONGEST)).rev().filter(|&i| may_end(&self.words[i - 1])) {
            let rest = Span::new(self.words[end].span.start(), self.words[longer - 1].span.end());
            if self.label(rest).is_none_or(|n| is_place(n.kind))
                && let Some(listed) = self.listed(at..longer)
            {
                self.add(at..longer, &listed, Some(name.kind), None, "place.name");
                return Some(longer);
            }
        }
        if let Some(listed) = self.listed(at..end) {
            if name.kind == Kind::Org {
                return None;
            }
            if name.score < 0.6 && lexicon.common(only) && self.words[at].starts_sentence {
                return None;
            }
            self.add(at..end, &listed, Some(name.kind), None, "place.name");
            return Some(end);
        }
        let inner =
            self.words[at + 1..end].iter().any(|w| !matches!(w.gap, Gap::Blank | Gap::Hyphen) || w.span.of(text) == "and");
        if inner || name.kind == Kind::Fac && !self.after_town_word(at) {
            return None;
        }
        // "Akita Prefecture", "Republic of Artsakh", "North Dallas": listed without the word that says what it is.
        let mut core = at..end;
        if core.len() > 2 && self.words[at + 1].span.of(text) == "of" && lexicon.generic(self.words[at].span.of(text)) {
            core.start += 2;
        }
        while core.len() > 1 && lexicon.generic(self.words[core.end - 1].span.of(text)) {
            core.end -= 1;
        }
        while core.len() > 1 && lexicon.direction(self.words[core.start].span.of(text)) {
            core.start += 1;
        }
        if core.len() > 1
            && matches!(self.words[core.start].span.of(text), "Lake" | "Mount" | "Mt" | "Mt." | "River" | "Gulf" | "Cape")
        {
            core.start = at;
        }
        let bare_direction = core.clone().all(|i| lexicon.direction(self.words[i].span.of(text)));
        if core != (at..end)
            && !bare_direction
            && let Some(listed) = self.listed(core.clone())
        {
            let generic = if core.end < end { core.end..end } else { at..core.start };
            self.add(at..end, &listed, Some(name.kind), Some(generic), "place.name-core");
            return Some(end);
        }
        let organisation = lexicon.never_before(self.words[end - 1].span.of(text));
        if name.score < 0.5 || end - at > 6 || organisation || !(locative || self.described(&(at..end)) || core != (at..end)) {
            return None;
        }
        let hash = Folded::new(self.span(&(at..end)).of(text)).map_or(at as u64, |f| f.hash());
        let listed = Listed { hash, ranges: Default::default(), known: 0.0 };
        self.add(at..end, &listed, Some(name.kind), None, "place.name-only");
        Some(end)
    }

    /// Is the name one of a virus strain ("A/California/7") or a currency ("US$")?
    fn part_of_code(&self, span: Span) -> bool {
        let (before, after) = (self.text.get(..span.start()).unwrap_or(""), self.text.get(span.end()..).unwrap_or(""));
        after.starts_with('$')
            || after.strip_prefix('/').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
            || before.ends_with('/') && after.starts_with('/')
    }

    /// "The North" where the report is about Korea; nothing elsewhere. Returns where to go on.
    fn half_of_korea(&mut self, at: usize, word: &str) -> Option<usize> {
        let full = match word {
            "North" => "North Korea",
            "South" => "South Korea",
            _ => return Some(at + 1),
        };
        if let Some(listed) = self.listed_name(full)
            && ["North Korea", "South Korea"]
                .iter()
                .filter_map(|name| Folded::new(name))
                .any(|f| self.found.by_hash.contains_key(&f.hash()))
        {
            self.add(at..at + 1, &listed, Some(Kind::Gpe), None, "place.short-name");
        }
        Some(at + 1)
    }

    fn add(
        &mut self,
        words: Range<usize>,
        listed: &Listed,
        kind: Option<Kind>,
        generic: Option<Range<usize>>,
        rule: &'static str,
    ) {
        let (tables, senses) = (self.tables, &mut self.found.senses);
        let sense = *self.found.by_hash.entry(listed.hash).or_insert_with(|| {
            let mut candidates = Vec::new();
            for (at, (gazetteer, range)) in tables.gazetteers.iter().zip(&listed.ranges).enumerate() {
                for (site, other_name) in gazetteer.entries(range.clone()).take(MOST_CANDIDATES) {
                    candidates.push(Candidate { gazetteer: at, site, other_name, score: 0.0 });
                }
            }
            senses.push(Sense { hash: listed.hash, candidates, chosen: None });
            senses.len() - 1
        });
        let span = self.span(&words);
        self.found.finds.push(Find { words, span, sense, kind, generic, rule });
    }

    /// The name that the recogniser found where these words stand.
    fn label(&self, span: Span) -> Option<Name> {
        let names = &self.parse.names;
        let at = names.partition_point(|n| n.span.end() <= span.start());
        names.get(at).filter(|n| n.span.touches(span)).copied()
    }

    /// The word before these, where nothing but a blank parts them.
    fn before(&self, words: &Range<usize>) -> Option<&Word> {
        self.words.get(words.start.checked_sub(1)?).filter(|_| self.words[words.start].gap == Gap::Blank)
    }

    /// Do words stand before these that a place follows ("in the northern")?
    fn locative(&self, words: &Range<usize>) -> bool {
        let Some(before) = self.before(words) else { return false };
        let (text, lexicon) = (self.text, self.tables.lexicon);
        let word = before.span.of(text);
        let second = words.start.checked_sub(2).map_or("", |i| self.words[i].span.of(text));
        if lexicon.locative(word) {
            return !(word == "to" && second.eq_ignore_ascii_case("according"));
        }
        match word {
            "the" => lexicon.locative(second),
            "of" => lexicon.town_word(second),
            _ => false,
        }
    }

    /// Do the words around a single name make it a person's ("Mr. Washington", "Michael Jordan", "Jordan Peters")?
    fn person_around(&self, words: &Range<usize>, name: &str) -> bool {
        let lexicon = self.tables.lexicon;
        let before = self.before(words);
        let after = self.words.get(words.end).filter(|w| w.gap == Gap::Blank && w.capital);
        let titled = before.is_some_and(|w| lexicon.title(w.span.of(self.text)));
        let full = before.is_some_and(|w| w.capital && lexicon.given(w.span.of(self.text)));
        let namesake = (lexicon.namesake(name) || lexicon.given(name))
            && after.is_some_and(|w| {
                let word = w.span.of(self.text);
                !lexicon.follow(word) && !lexicon.generic(word) && self.label(w.span).is_none_or(|n| n.kind == Kind::Per)
            });
        titled || full || namesake
    }

    /// Does "town of" or the like stand before the word?
    fn after_town_word(&self, at: usize) -> bool {
        at >= 2
            && self.words[at - 1].span.of(self.text) == "of"
            && self.tables.lexicon.town_word(self.words[at - 2].span.of(self.text))
    }

    /// Is a place meant by these listed words, and why?
    fn judge(&self, listed: &Listed, words: Range<usize>) -> Option<&'static str> {
        let (text, lexicon) = (self.text, self.tables.lexicon);
        let span = self.span(&words);
        let name = span.of(text);
        let single = words.len() == 1;
        let own = listed.ranges.iter().zip(self.tables.gazetteers).rev().skip(1).any(|(range, _)| !range.is_empty());
        let country = own && self.tables.countries.find(name).is_some_and(|(_, how)| how == Reference::Name);
        let rest = text.get(span.end()..).unwrap_or("");
        if self.part_of_code(span) || name.chars().filter(|c| c.is_alphabetic()).count() < 3 && !country {
            return None;
        }
        if single && (lexicon.direction(name) || lexicon.never(name) || lexicon.generic(name)) {
            return None;
        }
        if lexicon.never_before(rest.trim_start_matches([' ', '-'])) {
            return None;
        }
        let first = &self.words[words.start];
        let capitals = name.len() > 2 && name.bytes().all(|b| b.is_ascii_uppercase() || b == b'.');
        let features = || self.features(listed);
        if single
            && capitals
            && !own
            && !first.starts_sentence
            && !(name.len() <= 4 && features().any(|feature| feature == "ADM1"))
        {
            return None;
        }
        let locative = self.locative(&words);
        // A longer name that the user's own gazetteer lists is a place wherever places stand, whatever the recogniser calls it.
        let added = self.tables.gazetteers.len().saturating_sub(2);
        let added = listed.ranges.iter().take(added).any(|range| !range.is_empty());
        let added = added && !single && (locative || self.described(&words));
        if let Some(label) = self.label(span) {
            let same = bare(label.span, text) == span;
            match label.kind {
                // One of several names that the recogniser took together, or a name with more to it.
                Kind::Gpe | Kind::Loc => {
                    let all = if label.span.len() < 200 { label.span.of(text) } else { "" };
                    let several = all.contains([',', '-', '–', '/']) || all.contains(" and ");
                    let good = several || span.covers(label.span) || locative || self.described(&words) || listed.known > 11.0;
                    return if good { Some("place.name-part") } else { None };
                }
                _ if added && same => return Some("place.preposition"),
                Kind::Fac if span.covers(label.span) => return Some("place.name"),
                // "Seoul City Hall": in the city it is named after.
                Kind::Fac if span.start() == bare(label.span, text).start() && listed.known > 11.0 && !lexicon.given(name) => {
                    return Some("place.name-part");
                }
                Kind::Fac => return None,
                Kind::Per if !same || self.surnames.contains(name) || lexicon.given(name) => return None,
                Kind::Per if label.score > 0.97 || !(locative || self.described(&words)) => return None,
                Kind::Norp => return None,
                Kind::Org
                    if !same
                        && country
                        && span.start() == label.span.start()
                        && (rest.starts_with("'s") || rest.starts_with("’s")) =>
                {
                    return Some("place.possessive");
                }
                Kind::Org if !same || !(country || (locative || capitals) && listed.known > 11.0) => return None,
                Kind::Event | Kind::Misc if !same || !locative => return None,
                _ => {}
            }
        }
        let before = self.before(&words).map(|w| (w, w.span.of(text)));
        let after = self.words.get(words.end).filter(|w| matches!(w.gap, Gap::Blank)).map(|w| (w, w.span.of(text)));
        if before.is_some_and(|(_, word)| lexicon.title(word)) {
            return None;
        }
        if before.is_some_and(|(w, word)| w.capital && !w.starts_sentence && lexicon.given(word)) {
            return None;
        }
        if country {
            // "Georgia Brown", "Jordan Smith".
            let follows = after.is_some_and(|(w, word)| w.capital && !lexicon.follow(word));
            return if lexicon.namesake(name) && !locative && follows { None } else { Some("place.country") };
        }
        if single && lexicon.common(name) && !(locative && listed.known > WELL_KNOWN) && !self.described(&words) {
            return None;
        }
        let joined_before = before.is_some_and(|(w, word)| {
            w.capital && !w.starts_sentence && !lexicon.lead(word) && self.tables.countries.find(word).is_none()
        });
        let joined_after = after.is_some_and(|(w, word)| w.capital && !lexicon.follow(word) && self.listed_name(word).is_none());
        if joined_before || joined_after {
            return None;
        }
        match () {
            () if locative => Some("place.preposition"),
            () if self.described(&words) && !first.starts_sentence => Some("place.described"),
            () if !single && listed.known > 9.0 => Some("place.gazetteer"),
            () if listed.known > WELL_KNOWN => Some("place.gazetteer"),
            () => None,
        }
    }

    /// Features of the best known places of a name.
    fn features(&self, listed: &Listed) -> impl Iterator<Item = &'t str> {
        let lists = listed.ranges.clone().into_iter().zip(self.tables.gazetteers);
        lists.flat_map(|(range, gazetteer)| gazetteer.entries(range).take(4)).map(|(site, _)| site.feature)
    }

    /// Does a word say what these words name ("Aleppo province"), or a country or division that holds it ("Troy, New York")?
    fn described(&self, words: &Range<usize>) -> bool {
        let Some(after) = self.words.get(words.end) else { return false };
        match after.gap {
            Gap::Blank => self.tables.lexicon.generic(after.span.of(self.text)),
            Gap::Comma | Gap::Bracket if after.capital => (words.end + 1..=self.reach(words.end, 3)).rev().any(|end| {
                let outer = self.listed(words.end..end);
                outer.is_some_and(|outer| self.features(&outer).any(|f| matches!(f, "ADM1" | "PCLI" | "PCL" | "PCLD")))
            }),
            _ => false,
        }
    }

    /// Takes up what the first reading left: names found elsewhere in the report, and names in a row with found ones.
    fn again(&mut self) {
        if self.found.finds.is_empty() {
            return;
        }
        let taken = self.found.finds.len();
        let mut next = 0;
        let mut at = 0;
        // Where the last find ends, those of this reading included.
        let mut last = usize::MAX;
        while at < self.words.len() {
            while next < taken && self.found.finds[next].words.end <= at {
                next += 1;
            }
            if next < taken && self.found.finds[next].words.contains(&at) {
                at = self.found.finds[next].words.end;
                last = at;
                continue;
            }
            let before = self.found.finds.len();
            at = if self.words[at].capital { self.left_at(at, next, taken, last) } else { at + 1 };
            if self.found.finds.len() > before {
                last = at;
            }
        }
        self.found.finds.sort_by_key(|find| find.words.start);
    }

    fn left_at(&mut self, at: usize, next: usize, taken: usize, last: usize) -> usize {
        let (text, lexicon) = (self.text, self.tables.lexicon);
        let until = if next < taken { self.found.finds[next].words.start } else { self.words.len() };
        for end in (at + 1..=self.reach(at, LONGEST).min(until)).rev().filter(|&end| self.words[end - 1].capital) {
            let words = at..end;
            let span = self.span(&words);
            if self.label(span).is_some_and(|n| !is_place(n.kind))
                || text.get(span.end()..).is_some_and(|rest| rest.starts_with('$'))
            {
                continue;
            }
            let before = self.before(&words).map(|w| (w, w.span.of(text)));
            let after = self.words.get(end).filter(|w| w.gap == Gap::Blank);
            let joined = before
                .is_some_and(|(w, word)| w.capital && !w.starts_sentence && !lexicon.lead(word) || lexicon.title(word))
                || after.is_some_and(|w| w.capital && !lexicon.follow(w.span.of(text)));
            if joined || lexicon.never_before(text.get(span.end()..).unwrap_or("").trim_start()) {
                continue;
            }
            let Some(listed) = self.listed(words.clone()) else { continue };
            let single = words.len() == 1;
            if single
                && (lexicon.direction(span.of(text)) || lexicon.never(span.of(text)) || self.surnames.contains(span.of(text)))
            {
                continue;
            }
            let common = single && lexicon.common(span.of(text));
            let sense = self.found.by_hash.get(&listed.hash).map(|&sense| &self.found.senses[sense]);
            if sense.is_some_and(|sense| !sense.candidates.is_empty()) && !(common && self.words[at].starts_sentence) {
                self.add(words, &listed, None, None, "place.again");
                return end;
            }
            let row = |between: Range<usize>, second: usize| {
                let gap = self.words[second].gap;
                match between.len() {
                    0 => gap == Gap::Comma,
                    1 => matches!(self.words[between.start].span.of(text), "and" | "or" | "&") && gap == Gap::Blank,
                    _ => false,
                }
            };
            let beside = last <= at && row(last..at, at) || next < taken && row(end..until, until);
            if !common && span.len() > 3 && beside {
                self.add(words, &listed, None, None, "place.row");
                return end;
            }
        }
        at + 1
    }
}

fn is_place(kind: Kind) -> bool {
    matches!(kind, Kind::Gpe | Kind::Loc | Kind::Fac)
}

/// A name's words without an article before and a possessive ending behind them.
fn bare(span: Span, text: &str) -> Span {
    let name = span.of(text);
    let rest = ["the ", "The ", "THE "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    let start = span.end() - rest.len();
    let rest = ["'s", "’s"].iter().find_map(|ending| rest.strip_suffix(ending)).unwrap_or(rest);
    Span::new(start, start + rest.len())
}
