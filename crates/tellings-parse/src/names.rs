//! Names: people, organisations, places, peoples, buildings, events.
//!
//! Two models score every word for every part of every kind of name: a linear one over hashed features (words, their shape,
//! neighbours, word clusters, lists of known names), and a small network of gated recurrences. Their scores are added up and the
//! best path through a sentence is taken. Weights are small integers in tables that are used where they lie, sums are exact or in
//! one fixed order: the same text gives the same names on every machine. `docs/names.md` tells how they were trained and how
//! far to trust them.

mod features;
mod lexicon;
mod net;
mod path;

pub use features::{Made, Mode, Sight, Word, features, lower_hash, word};
pub use lexicon::{Entry, Lexicon, PIECE, PIECES, Rows, STEP, Section, WIDTH, hash_phrase, phrase_start};
pub use net::{Net, ROWS, TABLES, WORDS};
pub use path::{LABELS, Label, OUTSIDE, PARTS, Transitions};

use path::Lattice;
use rustc_hash::FxHashMap;
use std::ops::Range;
use tellings_doc::{Kind, Name, Sentence, Span, Token};
use tellings_nn::add_small;

/// First bytes of a model file; the last one counts its format.
pub const MAGIC: [u8; 8] = *b"tlnames3";

/// The models of names, read in place.
#[derive(Clone, Debug)]
pub struct NameModel<'a> {
    /// What is known of single words and phrases.
    pub lexicon: Lexicon<'a>,
    places: Places,
    rows: &'a [u8],
    net: Net<'a>,
    /// Weight of the network's scores, in steps of the table's.
    net_unit: f32,
    transitions: Transitions,
    /// Score that stands for one natural logarithm of odds, both models taken together.
    unit: f32,
}

impl<'a> NameModel<'a> {
    /// The model in `bytes`; `None` where they are not one of this format.
    pub fn open(bytes: &'a [u8]) -> Option<NameModel<'a>> {
        let mut section = Section::new(bytes.strip_prefix(&MAGIC)?);
        let unit = section.u32()? as f32 / 256.0;
        let net_unit = section.u32()? as f32 / 256.0;
        let lexicon = Lexicon::open(&mut section)?;
        let transitions = Transitions::open(section.bytes(Transitions::BYTES)?)?;
        let slots = section.u32()? as usize;
        let checks = section.bytes(slots.checked_mul(2)?)?;
        let rows = section.bytes(slots.checked_mul(PARTS)?)?;
        let (net, _) = Net::open(section.rest())?;
        let places = Places::new(checks)?;
        Some(NameModel { lexicon, places, rows, net, net_unit, transitions, unit })
    }

    /// Adds up the weights of a word's features: one sum for each part of each kind.
    fn score(&self, features: &[u64], room: &mut Asked, scores: &mut [i16; PARTS]) {
        self.places.find(features, room);
        add_small(self.rows, &room.rows, scores);
    }
}

/// Room to look features up, kept from word to word.
#[derive(Debug, Default)]
struct Asked {
    /// Own slot and check of the features that may be in the table.
    may: Vec<(u32, u16)>,
    /// Their own slots, and where in the list the slots with their checks stand.
    among: Vec<(u32, u32, u32)>,
    /// Where the rows of those begin that are.
    rows: Vec<usize>,
}

/// Where the features of the linear model stand. The file holds a table of checks that is nearly full: a feature is at the first
/// slot with its check, from its own slot on and before the next empty one. Here the slots are listed by check, each with how far
/// before it a feature's own slot can be, so that one look tells; and for most features, which are not in the table, that look
/// is saved by a few bits.
#[derive(Clone, Debug)]
struct Places {
    slots: usize,
    /// For each check, the stretches of the table, one in 32, in which own slots lie that lead to one of its slots.
    stretches: Vec<u32>,
    /// Where in `found` the slots of each check begin.
    starts: Vec<u32>,
    /// A slot, and how many full slots stand side by side before it.
    found: Vec<(u32, u32)>,
}

impl Places {
    /// From the table of checks; `None` where it has no empty slot.
    fn new(checks: &[u8]) -> Option<Places> {
        let checks = checks.as_chunks::<2>().0;
        let check = |slot: usize| usize::from(u16::from_le_bytes(checks[slot]));
        let slots = checks.len();
        // From behind an empty slot once round the table.
        let empty = (0..slots).find(|&slot| check(slot) == 0)?;
        let round = || (1..slots).map(|n| (empty + n) % slots).filter(|&slot| check(slot) != 0);
        let mut starts = vec![0u32; (1 << 16) + 1];
        round().for_each(|slot| starts[check(slot) + 1] += 1);
        for check in 0..1 << 16 {
            starts[check + 1] += starts[check];
        }
        let mut next = starts.clone();
        let mut found = vec![(0, 0); starts[1 << 16] as usize];
        let mut stretches = vec![0u32; 1 << 16];
        // Of the features whose own slot this is, the first and the last stretch.
        let first = |slot: usize| slot * 32 / slots;
        let last = |slot: usize| ((slot + 1) * 32 / slots).min(31);
        let mut before = 0;
        let mut full = None;
        for slot in round() {
            before = if full == Some((slot + slots - 1) % slots) { before + 1 } else { 0 };
            full = Some(slot);
            let at = &mut next[check(slot)];
            found[*at as usize] = (slot as u32, before);
            *at += 1;
            let mut stretch = first((slot + slots - before as usize) % slots);
            // Nearly round the table: the first stretch may be the last again.
            if before as usize > slots / 2 {
                stretches[check(slot)] = u32::MAX;
                continue;
            }
            loop {
                stretches[check(slot)] |= 1 << stretch;
                if stretch == last(slot) {
                    break;
                }
                stretch = (stretch + 1) % 32;
            }
        }
        Some(Places { slots, stretches, starts, found })
    }

    /// Puts where the rows of the features begin that are in the table into `room.rows`. Each step is a loop of its own over all of
    /// them, without a branch to guess: so the reads from memory overlap.
    fn find(&self, features: &[u64], room: &mut Asked) {
        room.may.resize(features.len().max(room.may.len()), (0, 0));
        let mut n = 0;
        for &feature in features {
            let (own, check) = place(feature, self.slots as u64);
            room.may[n] = (own as u32, check);
            n += (self.stretches[usize::from(check)] >> (feature >> 59) & 1) as usize;
        }
        room.among.clear();
        room.among.extend(room.may[..n].iter().map(|&(own, check)| {
            let check = usize::from(check);
            (own, self.starts[check], self.starts[check + 1])
        }));
        room.rows.clear();
        for &(own, from, to) in &room.among {
            let (mut best, mut at) = (u32::MAX, 0);
            for &(slot, before) in self.found.get(from as usize..to as usize).unwrap_or(&[]) {
                let far = slot.wrapping_sub(own);
                let far = if slot < own { far.wrapping_add(self.slots as u32) } else { far };
                let better = far <= before && far < best;
                (best, at) = if better { (far, slot) } else { (best, at) };
            }
            if best != u32::MAX {
                room.rows.push(PARTS * at as usize);
            }
        }
    }
}

/// Slot and check of a feature in a table of `slots`: the check is never 0, which marks an empty slot. At least one slot
/// in the table must be empty.
pub fn place(feature: u64, slots: u64) -> (u64, u16) {
    let slot = ((u128::from(feature) * u128::from(slots)) >> 64) as u64;
    (slot, (feature as u16).max(1))
}

/// Words read at a time: what one sighting of a name tells of another stays inside such a stretch, so that a text of any
/// length is read in the same memory.
const STRETCH: usize = 20_000;

/// The names of a text, in text order; they do not overlap. `sentences` and `tokens` are the parse layer's: of the tokens
/// only the spans are read.
pub fn names(model: &NameModel<'_>, text: &str, sentences: &[Sentence], tokens: &[Token]) -> Vec<Name> {
    let mut found = Vec::new();
    let mut reader = Reader::default();
    let mut from = 0;
    while let Some(first) = sentences.get(from) {
        let mut to = from + 1;
        while to < sentences.len() && sentences[to].tokens.end - first.tokens.start <= STRETCH {
            to += 1;
        }
        let end = sentences[to - 1].tokens.end;
        let Some(tokens) = tokens.get(first.tokens.start..end) else { break };
        reader.read(model, text, &sentences[from..to], tokens);
        for (mut range, kind, margin) in reader.names() {
            if kind == Kind::Norp {
                let first = range.end - 1 - reader.people[range.end - 1];
                let at = tokens[first].span.start();
                while found.pop_if(|name: &mut Name| name.span.start() >= at).is_some() {}
                if found.last().is_none_or(|name| name.span.end() <= at) {
                    range.start = range.start.min(first);
                }
            }
            let span = tokens[range.start].span.join(tokens[range.end - 1].span);
            let odds = margin as f32 / model.unit.max(f32::MIN_POSITIVE);
            let span = match kind {
                Kind::Org => without_noun(text, span),
                Kind::Per => with_syllable(text, span),
                _ => span,
            };
            let span = tidy(text, span);
            let mut name = Name { span, kind, score: 1.0 / (1.0 + (-odds).exp()) };
            if let Some(people) = found.pop_if(|before| of_people(text, before, &name)) {
                name.span = people.span.join(name.span);
            }
            found.push(name);
        }
        from = to;
    }
    halves(text, &mut found);
    found
}

/// Countries of two halves, and how reports call one for short.
const HALVES: [(&str, &str); 3] = [("North Korea", "North"), ("South Korea", "South"), ("South Sudan", "South")];

/// "the North" is a country where the text names North Korea, not a stretch of land.
fn halves(text: &str, names: &mut [Name]) {
    for (country, short) in HALVES {
        if names.iter().any(|name| name.kind == Kind::Gpe && name.span.of(text) == country) {
            let places = names.iter_mut().filter(|name| name.kind == Kind::Loc && name.span.of(text) == short);
            places.for_each(|name| name.kind = Kind::Gpe);
        }
    }
}

/// What is kept while a stretch of text is read.
#[derive(Default)]
struct Reader {
    sight: Sight,
    room: net::Room,
    lattice: Lattice,
    features: Vec<u64>,
    asked: Asked,
    /// The words of each sentence.
    sentences: Vec<Range<usize>>,
    /// For each word, how many words of the name of a people it ends stand before it.
    people: Vec<usize>,
    /// Names of several words that are on our lists.
    listed: Vec<(Range<usize>, Kind)>,
    /// Key of each word.
    keys: Vec<Option<u64>>,
    /// For each key, how often it was read as a name of each kind, and as none.
    tally: FxHashMap<u64, [u16; 9]>,
}

impl Reader {
    /// Reads sentences, each by itself and then once more in the light of the others.
    fn read(&mut self, model: &NameModel<'_>, text: &str, sentences: &[Sentence], tokens: &[Token]) {
        self.lattice.clear();
        self.sentences.clear();
        self.people.clear();
        self.listed.clear();
        self.keys.clear();
        self.tally.clear();
        let mut rest = tokens;
        for sentence in sentences {
            let (tokens, after) = rest.split_at(sentence.tokens.len().min(rest.len()));
            rest = after;
            self.sight.read(&model.lexicon, tokens.iter().map(|token| token.span.of(text)));
            let start = self.lattice.len();
            if (0..self.sight.len()).any(|i| self.sight.is_open(i)) {
                model.net.read(&self.sight, &model.lexicon, &mut self.room);
            }
            for i in 0..self.sight.len() {
                self.people.push(self.sight.people_before(i));
                if let Some((len, kind)) = self.sight.listed(i) {
                    self.listed.push((start + i..start + i + len, kind));
                }
                self.keys.push(self.sight.key(i));
                if self.sight.is_open(i) {
                    self.features.clear();
                    features(&self.sight, i, |_, feature| self.features.push(feature));
                    let scores = self.lattice.push();
                    model.score(&self.features, &mut self.asked, scores);
                    for (score, more) in scores.iter_mut().zip(&self.room.out[i * PARTS..]) {
                        *score = score.saturating_add((more * model.net_unit) as i16);
                    }
                } else {
                    self.lattice.push_outside();
                }
            }
            let words = start..self.lattice.len();
            self.lattice.best(&model.transitions, words.clone());
            self.sentences.push(words);
        }
        self.compare(model);
    }

    /// The names of the best paths, and those of our lists of which no word is in one, in order: their words, kind and by how
    /// much they beat the next best reading.
    fn names(&self) -> Vec<(Range<usize>, Kind, i32)> {
        let mut all: Vec<_> = self.lattice.names().collect();
        let missed = self.listed.iter().filter(|(range, _)| range.clone().all(|word| self.lattice.kind(word).is_none()));
        all.extend(missed.map(|(range, kind)| (range.clone(), *kind, 0)));
        all.sort_by_key(|(range, ..)| range.start);
        all
    }

    /// Reads again the sentences with words that were read in another way elsewhere.
    fn compare(&mut self, model: &NameModel<'_>) {
        for (word, key) in self.keys.iter().enumerate() {
            if let Some(key) = key {
                let row = self.tally.entry(*key).or_default();
                let at = sort(self.lattice.kind(word));
                row[at] = row[at].saturating_add(1);
            }
        }
        let weight = model.unit * AGREE;
        for words in &self.sentences {
            let mut again = false;
            for word in words.clone() {
                let Some(row) = self.keys[word].and_then(|key| self.tally.get(&key)) else { continue };
                let all: u16 = row.iter().fold(0, |sum, n| sum.saturating_add(*n));
                let own = sort(self.lattice.kind(word));
                if all < 2 || row[own] == all {
                    continue;
                }
                let Some(scores) = self.lattice.scores(word) else { continue };
                again = true;
                for kind in 0..8 {
                    let votes = row[kind] - u16::from(kind == own);
                    let none = row[8] - u16::from(own == 8);
                    let share = (f32::from(votes) - f32::from(none)) / f32::from(all - 1);
                    for part in 0..4 {
                        let score = &mut scores[8 * part + kind];
                        *score = score.saturating_add((share * weight) as i16);
                    }
                }
            }
            if again {
                self.lattice.best(&model.transitions, words.clone());
            }
        }
    }
}

/// Weight of the other sightings of a word against its own, in natural logarithms of odds.
const AGREE: f32 = 0.43;

/// Row of the tally a word's reading counts in. Parts of longer names say nothing of the word alone, but for persons.
fn sort(reading: Option<(Kind, bool)>) -> usize {
    match reading {
        None => 8,
        Some((kind, _)) => kind as usize,
    }
}

/// Is the second an organisation of the people that the first names ("Turkish Foreign Ministry", but not "German NATO troops")?
fn of_people(text: &str, people: &Name, name: &Name) -> bool {
    people.kind == Kind::Norp
        && name.kind == Kind::Org
        && people.span.end() < name.span.start()
        && text.get(people.span.end()..name.span.start()) == Some(" ")
        && name.span.of(text).contains(char::is_lowercase)
}

/// A person's name of several words with the second syllable of a given name that is written with a hyphen ("Kim Dong-su").
fn with_syllable(text: &str, span: Span) -> Span {
    const LONGEST: usize = 5;
    const WORDS: [&str; 11] = ["led", "era", "like", "run", "born", "held", "style", "owned", "type", "based", "ruled"];
    let after = text.get(span.end()..).and_then(|rest| rest.strip_prefix('-'));
    let syllable = after.map_or("", |rest| &rest[..rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len())]);
    let whole = after.is_some_and(|rest| !rest[syllable.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-'));
    let fits = (2..=LONGEST).contains(&syllable.len()) && whole && !WORDS.contains(&syllable);
    if fits && span.of(text).contains(' ') { Span::new(span.start(), span.end() + 1 + syllable.len()) } else { span }
}

/// The name of an organisation without the noun behind it that says what it is ("Islamic State group").
fn without_noun(text: &str, span: Span) -> Span {
    const NOUNS: [&str; 6] = [" group", " groups", " movement", " government", " militants", " fighters"];
    let name = span.of(text);
    let end = NOUNS.iter().find_map(|noun| name.strip_suffix(noun)).filter(|rest| rest.starts_with(char::is_uppercase));
    Span::new(span.start(), span.start() + end.unwrap_or(name).len())
}

/// The span without marks at its ends that are not letters of the name.
fn tidy(text: &str, span: Span) -> Span {
    let piece = span.of(text);
    let start = piece.len() - piece.trim_start_matches(['"', '“', '‘', '(', '[', ' ', ',']).len();
    let end = piece.trim_end_matches(['"', '”', ')', ']', ' ', ',', ';', ':']).len();
    if start < end { Span::new(span.start() + start, span.start() + end) } else { span }
}

/// The kind of a label's name, by its number.
fn kind(number: usize) -> Kind {
    Kind::ALL.get(number).copied().unwrap_or(Kind::Misc)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Parser;
    use proptest::prelude::*;
    use tellings_doc::{Article, Block, BlockKind};

    fn read(text: &str) -> Vec<Name> {
        let span = Span::new(0, text.len());
        let blocks = vec![Block { kind: BlockKind::Paragraph, span }];
        Parser::shipped().parse(&Article { text: text.into(), blocks, ..Article::default() }).names
    }

    #[test]
    fn a_place_is_found_as_by_walking_the_table() {
        for (slots, full) in [(7, 6), (97, 90), (1000, 926), (5000, 4000)] {
            let mut checks = vec![0u8; 2 * slots];
            let mut bits = 0x9e37_79b9_7f4a_7c15u64;
            let mut next = || {
                bits = (bits ^ bits >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9).wrapping_add(0x9e37);
                bits
            };
            let taken = |checks: &[u8], slot: usize| checks[2 * slot..2 * slot + 2] != [0, 0];
            let mut features: Vec<u64> = Vec::new();
            for _ in 0..full {
                // Few checks, so that many are alike.
                let feature = (next() & !0xffff) | (next() % 40);
                let (slot, check) = place(feature, slots as u64);
                let mut at = slot as usize;
                while taken(&checks, at) {
                    at = (at + 1) % slots;
                }
                checks[2 * at..2 * at + 2].copy_from_slice(&check.to_le_bytes());
                features.push(feature);
            }
            let walk = |feature: u64| {
                let (slot, check) = place(feature, slots as u64);
                let mut at = slot as usize;
                while taken(&checks, at) {
                    if checks[2 * at..2 * at + 2] == check.to_le_bytes() {
                        return Some(at);
                    }
                    at = (at + 1) % slots;
                }
                None
            };
            let places = Places::new(&checks).unwrap();
            features.extend((0..2000).map(|_| (next() & !0xffff) | (next() % 60)));
            features.extend([0, 1, u64::MAX, u64::MAX << 16]);
            let mut asked = Asked::default();
            for feature in &features {
                places.find(&[*feature], &mut asked);
                let walked: Vec<usize> = walk(*feature).map(|slot| PARTS * slot).into_iter().collect();
                assert_eq!(asked.rows, walked, "{feature:x} of {slots}");
            }
            places.find(&features, &mut asked);
            assert_eq!(asked.rows, features.iter().filter_map(|f| Some(PARTS * walk(*f)?)).collect::<Vec<_>>());
        }
        assert!(Places::new(&[1; 8]).is_none());
    }

    #[test]
    fn finds_persons_places_and_organisations() {
        let text = "Foreign Minister Sergey Lavrov flew from Moscow to Ankara. The European Union protested.";
        let found: Vec<_> = read(text).into_iter().map(|n| (n.span.of(text), n.kind)).collect();
        let expected =
            [("Sergey Lavrov", Kind::Per), ("Moscow", Kind::Gpe), ("Ankara", Kind::Gpe), ("European Union", Kind::Org)];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_given_name_keeps_its_second_syllable() {
        let whole = |text: &str, name: &str| with_syllable(text, Span::new(0, name.len())).of(text).to_string();
        assert_eq!(whole("Kim Dong-su said", "Kim Dong"), "Kim Dong-su");
        assert_eq!(whole("Kim Dong-su", "Kim Dong"), "Kim Dong-su");
        for (text, name) in [
            ("Abe Shinzo-led talks", "Abe Shinzo"),
            ("Putin-ally Orlov", "Putin"),
            ("Ban Ki-Moon", "Ban Ki"),
            ("Ann Lee-", "Ann Lee"),
        ] {
            assert_eq!(whole(text, name), name);
        }
    }

    #[test]
    fn names_of_peoples_are_whole() {
        let text = "South Korean and North Korean officials met a Bosnian Serb leader.";
        let found: Vec<_> = read(text).into_iter().map(|n| (n.span.of(text), n.kind)).collect();
        assert_eq!(found, ["South Korean", "North Korean", "Bosnian Serb"].map(|n| (n, Kind::Norp)));
    }

    #[test]
    fn an_organisation_of_a_people_is_one_name() {
        let text = "The Turkish Foreign Ministry praised German NATO troops.";
        let found: Vec<_> = read(text).into_iter().filter(|n| n.kind == Kind::Org).map(|n| n.span.of(text)).collect();
        assert_eq!(found, ["Turkish Foreign Ministry", "NATO"]);
    }

    #[test]
    fn half_a_country_is_a_country() {
        let text = "North Korea fired three missiles from the North's county of Hwangju.";
        assert!(read(text).iter().all(|n| n.kind == Kind::Gpe));
    }

    #[test]
    fn names_on_our_lists_are_not_missed() {
        let text = "The Islamic State group claimed the attack.";
        let found: Vec<_> = read(text).into_iter().map(|n| (n.span.of(text), n.kind)).collect();
        assert_eq!(found, [("Islamic State", Kind::Org)]);
    }

    #[test]
    fn bytes_that_are_no_model_open_none() {
        assert!(NameModel::open(b"").is_none());
        assert!(NameModel::open(&MAGIC).is_none());
        assert!(NameModel::open(&[0xff; 4096]).is_none());
        let mut short = MAGIC.to_vec();
        short.extend([0xff; 64]);
        assert!(NameModel::open(&short).is_none());
    }

    #[test]
    fn tables_give_back_what_was_put_in() {
        let entry = |n: u16| Entry {
            lists: u32::from(n) << 3,
            clusters: [n, n % 500, n % 100],
            wide: [0; 3],
            row: 0,
            capital: (n % 7) as u8,
        };
        let words: Vec<(u64, Entry)> = (1..900).map(|n| (lower_hash(&format!("word{n}")), entry(n))).collect();
        let phrases = [(hash_phrase(hash_phrase(phrase_start(), 1), 2), 5)];
        let vectors = Rows { rows: Vec::new(), pieces: vec![0; 256 * WIDTH] };
        let bytes = Lexicon::build(&words, &phrases, &vectors);
        let lexicon = Lexicon::open(&mut Section::new(&bytes)).unwrap();
        assert!(words.iter().all(|(hash, entry)| lexicon.word(*hash) == *entry));
        assert_eq!(lexicon.word(lower_hash("absent")), Entry::default());
        assert_eq!((lexicon.phrase(phrases[0].0), lexicon.phrase(7)), (5, 0));
    }

    proptest! {
        #[test]
        fn names_of_any_text_are_in_order_and_in_bounds(text in "(\\PC{0,12}|[A-Z][a-z]{1,6}|of|the|[ .,\"'()-])( (\\PC{0,9}|[A-Z][a-z]{1,6}|of|and|-)){0,30}") {
            let mut end = 0;
            for name in read(&text) {
                prop_assert!(name.span.start() >= end && !name.span.is_empty());
                prop_assert!(text.get(name.span.range()).is_some());
                prop_assert!((0.0..=1.0).contains(&name.score));
                end = name.span.end();
            }
        }
    }
}
