//! What the model sees of a word: itself, its shape, its neighbours, what is known of them, and the run of capitalised
//! words it stands in. Features are hashes; nothing is allocated per word.

use super::lexicon::{Entry, Lexicon, hash_phrase, phrase_start};
use super::net::TABLES;
use std::ops::Range;
use tellings_doc::Kind;

/// How a sentence is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// As prose.
    #[default]
    Prose,
    /// ALL CAPITALS.
    Upper,
    /// Each Word With a Capital.
    Title,
    /// no capital at all.
    Lower,
}

/// How a word is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Case {
    /// No letters.
    #[default]
    None,
    Lower,
    /// One capital, first.
    Capital,
    Upper,
    /// Capitals inside (`McCain`, `iPhone`).
    Mixed,
}

/// One word, as hashes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    lower: u64,
    exact: u64,
    /// First two, three, four letters.
    heads: [u64; 3],
    /// Last one, two, three, four letters.
    tails: [u64; 4],
    shape: u64,
    case: Case,
    known: Entry,
    /// May stand between capitalised words of one name ("of", "bin").
    joins: bool,
    letters: u8,
    /// Lists of the phrase it stands in, and where it stands there.
    phrase: u32,
    place: u8,
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn step(hash: u64, c: char) -> u64 {
    (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3)
}

fn mix(a: u64, b: u64) -> u64 {
    let x = (a ^ b.rotate_left(29)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (x ^ (x >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ (x >> 31)
}

/// The letter in lower case, marks that are written in several ways made one.
fn fold(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\x7f' => c,
        '’' | '‘' | 'ʼ' => '\'',
        '–' | '—' | '‑' => '-',
        '“' | '”' => '"',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// Hash of a word in lower case: its key in the lexicon.
pub fn lower_hash(text: &str) -> u64 {
    finish(text.chars().fold(SEED, |hash, c| step(hash, fold(c))))
}

fn finish(hash: u64) -> u64 {
    mix(hash, 0x51_7c_c1_b7)
}

/// The word written `text`, without what stands round it.
pub fn word(lexicon: &Lexicon<'_>, text: &str) -> Word {
    let word = unknown(text);
    Word { known: lexicon.word(word.lower), ..word }
}

/// The same, but for what is known of it.
fn unknown(text: &str) -> Word {
    let (mut lower, mut exact, mut shape) = (SEED, SEED, SEED);
    let mut word = Word::default();
    let mut tail = ['\0'; 4];
    let (mut letters, mut uppers, mut n, mut first_upper, mut before) = (0u32, 0u32, 0usize, false, '\0');
    for c in text.chars() {
        let folded = fold(c);
        lower = step(lower, folded);
        exact = step(exact, if folded == '\'' || folded == '-' { folded } else { c });
        if (1..4).contains(&n) {
            word.heads[n - 1] = finish(lower);
        }
        tail.rotate_left(1);
        tail[3] = folded;
        let sort = if c.is_alphabetic() {
            letters += 1;
            if c.is_uppercase() { 'X' } else { 'x' }
        } else if c.is_numeric() {
            '0'
        } else {
            folded
        };
        if sort == 'X' {
            uppers += 1;
            first_upper |= letters == 1;
        }
        if sort != before || sort == 'X' && n < 3 {
            shape = step(shape, sort);
        }
        before = sort;
        n += 1;
    }
    let mut hash = SEED ^ 0x7a11;
    for (i, c) in tail.iter().rev().enumerate() {
        hash = step(hash, *c);
        word.tails[i] = if i < n { finish(hash) } else { 0 };
    }
    word.lower = finish(lower);
    word.exact = finish(exact);
    word.shape = finish(shape);
    word.letters = letters.min(255) as u8;
    word.case = match (letters, uppers) {
        (0, _) => Case::None,
        (_, 0) => Case::Lower,
        (1, 1) => Case::Capital,
        (a, b) if a == b => Case::Upper,
        (_, 1) if first_upper => Case::Capital,
        _ => Case::Mixed,
    };
    word.joins = matches!(
        text,
        "of" | "the"
            | "for"
            | "de"
            | "al"
            | "el"
            | "bin"
            | "ibn"
            | "bint"
            | "da"
            | "do"
            | "dos"
            | "du"
            | "del"
            | "della"
            | "di"
            | "la"
            | "le"
            | "van"
            | "von"
            | "der"
            | "den"
            | "ul"
            | "ur"
            | "&"
            | "-"
            | "ben"
            | "abu"
            | "y"
            | "e"
            | "’"
            | "'"
    );
    word
}

impl Word {
    fn capital(&self) -> bool {
        matches!(self.case, Case::Capital | Case::Upper | Case::Mixed)
    }
}

/// A sentence as the model sees it. Reused from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub struct Sight {
    /// Three words beyond either end are blank.
    words: Vec<Word>,
    /// The run of capitalised words each word stands in; empty for none.
    runs: Vec<(u32, u32)>,
    /// The same without words that only join.
    sides: Vec<(u32, u32)>,
    mode: Mode,
}

const PAD: usize = 3;

/// Bits of the lists that hold names: countries, peoples, cities, provinces, regions, given names (`data/names` of the
/// training crate, in the order its code gives).
const NAMES: u32 = 0b11_1111;
/// Bits of the lists of peoples, of organisations, and of persons by their whole names.
const PEOPLES: u32 = 1 << 1;
const ORGANISATIONS: u32 = 1 << 10;
const PERSONS: u32 = 1 << 25;
/// Bits of the lists of words that end names: of organisations, places, sites, events.
const HEADS: u32 = 1 << 9 | 1 << 11 | 1 << 12 | 1 << 13;
/// Bits of the lists of titles, of words for roles, and of the calendar.
const NO_NAMES: u32 = 1 << 7 | 1 << 8 | 1 << 17;

impl Sight {
    /// Number of words.
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Is there no word?
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// How the sentence is written.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Reads a sentence's words.
    pub fn read<'t>(&mut self, lexicon: &Lexicon<'_>, words: impl Iterator<Item = &'t str>) {
        self.words.clear();
        self.words.extend([Word::default(); PAD]);
        self.words.extend(words.map(unknown));
        let len = self.words.len() - PAD;
        // In a loop of its own, so that the reads from memory overlap.
        self.words[PAD..].iter_mut().for_each(|word| word.known = lexicon.word(word.lower));
        self.words.extend([Word::default(); PAD]);
        self.mode = mode(&self.words[PAD..PAD + len]);
        self.find_phrases(lexicon, len);
        self.find_runs(len);
    }

    fn find_phrases(&mut self, lexicon: &Lexicon<'_>, len: usize) {
        let mut i = 0;
        while i < len {
            let at = PAD + i;
            let known = self.words[at].known.lists;
            let mut found = (1, known & !Entry::STARTS);
            if known & Entry::STARTS != 0 {
                let mut hash = hash_phrase(phrase_start(), self.words[at].lower);
                for n in 2..=6.min(len - i) {
                    hash = hash_phrase(hash, self.words[at + n - 1].lower);
                    let lists = lexicon.phrase(hash);
                    if lists != 0 {
                        found = (n, lists);
                    }
                }
            }
            if found.0 > 1 {
                for n in 0..found.0 {
                    self.words[at + n].phrase = found.1;
                    self.words[at + n].place = if n == 0 {
                        1
                    } else if n + 1 == found.0 {
                        3
                    } else {
                        2
                    };
                }
            }
            i += found.0;
        }
    }

    fn find_runs(&mut self, len: usize) {
        self.sides.clear();
        self.sides.resize(len, (0, 0));
        let mut i = 0;
        while i < len {
            let end = i + self.words[PAD + i..PAD + len].iter().take_while(|w| w.capital()).take(16).count();
            self.sides[i..end].fill((i as u32, end as u32));
            i = end.max(i + 1);
        }
        self.runs.clear();
        self.runs.resize(len, (0, 0));
        let mut i = 0;
        while i < len {
            if !self.words[PAD + i].capital() {
                i += 1;
                continue;
            }
            let mut end = i + 1;
            let mut j = i + 1;
            while j < len && j < i + 24 {
                let word = &self.words[PAD + j];
                if word.capital() {
                    j += 1;
                    end = j;
                } else if word.joins && j < end + 2 {
                    j += 1;
                } else {
                    break;
                }
            }
            self.runs[i..end].fill((i as u32, end as u32));
            i = end;
        }
    }

    /// The row of the word's vector; 0 = none.
    pub fn vector(&self, i: usize) -> u32 {
        self.words[PAD + i].known.row
    }

    /// Hands over the rows of the network's tables that the word at `i` adds up.
    pub fn rows(&self, i: usize, mut each: impl FnMut(usize)) {
        let w = &self.words[PAD + i];
        let mode = self.mode as u64;
        let case = w.case as u64 * 4 + mode;
        let mut start = 0;
        let mut give = |table: usize, hash: u64, exact: bool| {
            let size = TABLES[table] as u64;
            let row = if exact { hash } else { mix(hash, table as u64) >> 20 } % size;
            each(start + row as usize);
            start += size as usize;
        };
        give(0, w.tails[1], false);
        give(1, w.tails[2], false);
        give(2, w.tails[3], false);
        give(3, w.heads[0], false);
        give(4, w.heads[1], false);
        give(5, mix(w.shape, mode), false);
        give(6, w.lower, false);
        give(7, u64::from(w.known.clusters[0]), true);
        let first = u64::from(i == 0);
        give(8, (u64::from(w.known.capital) * 24 + case) * 2 + first, true);
        for (mut bits, place) in [(w.known.lists & !Entry::STARTS, 0), (w.phrase, usize::from(w.place))] {
            while bits != 0 {
                let bit = bits.trailing_zeros() as usize;
                bits &= bits - 1;
                each(if place == 0 { start + bit } else { start + 32 + bit * 4 + place });
            }
        }
    }

    /// Key of the word at `i` for all its sightings in a text: `None` for one that tells nothing where it stands (no
    /// capital where others have one, a day, a word that only joins).
    pub fn key(&self, i: usize) -> Option<u64> {
        let w = &self.words[PAD + i];
        let tells = w.letters > 1 && !w.joins && w.known.lists & NO_NAMES == 0;
        (tells && (w.capital() || self.mode == Mode::Lower)).then_some(w.lower)
    }

    /// May the word at `i` belong to a name at all? In prose a word without a capital may not, unless it stands beside one
    /// that has, or is known to be written with a capital elsewhere.
    pub fn is_open(&self, i: usize) -> bool {
        let at = PAD + i;
        let w = &self.words[at];
        self.mode != Mode::Prose
            || w.capital()
            || w.place > 0
            || w.known.capital > 3
            || w.known.lists & NAMES != 0
            || self.words[at - 1].capital()
            || self.words[at + 1].capital()
            || (w.known.lists & HEADS != 0 && (self.words[at - 2].capital() || self.words[at - 3].capital()))
            || (w.joins && (self.words[at - 2].capital() || self.words[at + 2].capital()))
    }

    /// How many words of the name of a people stand before the one at `i`, where that is the last of several ("North Korean").
    pub fn people_before(&self, i: usize) -> usize {
        let at = PAD + i;
        if self.words[at].place != 3 || self.words[at].phrase & PEOPLES == 0 {
            return 0;
        }
        1 + self.words[..at].iter().rev().take_while(|w| w.place == 2).count()
    }

    /// Number of words and kind of a name of several words that begins at `i`, where our lists hold it as that of an organisation
    /// or of a person and prose writes it with capitals.
    pub fn listed(&self, i: usize) -> Option<(usize, Kind)> {
        let rest = &self.words[PAD + i..];
        if self.mode != Mode::Prose || rest[0].place != 1 {
            return None;
        }
        let len = 2 + rest[1..].iter().take_while(|w| w.place == 2).count();
        let kind = match (rest[0].phrase & ORGANISATIONS != 0, rest[0].phrase & PERSONS != 0) {
            (true, false) => Kind::Org,
            (false, true) => Kind::Per,
            _ => return None,
        };
        (rest[0].capital() && rest[len - 1].capital()).then_some((len, kind))
    }

    /// The capitalised words that stand side by side with the one at `i`, itself included.
    fn side(&self, i: usize) -> Option<Range<usize>> {
        let (start, end) = self.sides[i];
        (end > 0).then_some(start as usize..end as usize)
    }

    fn run(&self, i: usize) -> Option<Range<usize>> {
        let (start, end) = self.runs[i];
        (end > 0).then_some(start as usize..end as usize)
    }
}

fn mode(words: &[Word]) -> Mode {
    let count = |case: Case| words.iter().filter(|w| w.case == case && w.letters > 1).count();
    let (lower, capital, upper, mixed) = (count(Case::Lower), count(Case::Capital), count(Case::Upper), count(Case::Mixed));
    let all = lower + capital + upper + mixed;
    let long = words.iter().filter(|w| w.letters > 3);
    let (mut longs, mut long_capital) = (0, 0);
    for word in long {
        longs += 1;
        long_capital += usize::from(word.capital());
    }
    if all >= 2 && upper * 5 >= all * 4 {
        Mode::Upper
    } else if capital + upper + mixed == 0 {
        Mode::Lower
    } else if longs >= 4 && long_capital * 10 >= longs * 9 {
        Mode::Title
    } else {
        Mode::Prose
    }
}

/// What a feature is made of, so that training can treat some apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// Of context, lists, clusters and shapes.
    Context,
    /// Of the word itself: absent for a word never seen.
    Word,
    /// A plain one that a corpus's customs may be laid to.
    Plain,
}

/// Hands over the features of the word at `i`, each as a hash.
pub fn features(sight: &Sight, i: usize, mut each: impl FnMut(Made, u64)) {
    use Made::{Context, Plain, Word as Own};
    let words = &sight.words;
    let at = PAD + i;
    let (w, p, n, pp, nn) = (&words[at], &words[at - 1], &words[at + 1], &words[at - 2], &words[at + 2]);
    let mode = sight.mode as u64;
    let mut template = 0u64;
    let mut give = |made: Made, value: u64| {
        template += 1;
        each(made, mix(template.wrapping_mul(0xd6e8_feb8_6659_fd93), value));
    };
    // A sentence's first capital says little; so do capitals where all or no words have one.
    let shape = |word: &Word| mix(word.shape, mode);
    let first = u64::from(i == 0) + 1;
    let case = |word: &Word| word.case as u64 * 8 + mode + 1;
    let lists = |word: &Word| u64::from(word.known.lists & !Entry::STARTS);
    let (shape_w, shape_p, shape_n) = (shape(w), shape(p), shape(n));

    give(Plain, mode);
    give(Own, w.lower);
    give(Own, mix(w.exact, mode));
    give(Plain, p.lower);
    give(Plain, n.lower);
    give(Context, pp.lower);
    give(Context, nn.lower);
    give(Own, mix(p.lower, w.lower));
    give(Own, mix(w.lower, n.lower));
    give(Plain, shape_w);
    give(Plain, mix(shape_p, shape_w));
    give(Plain, mix(shape_w, shape_n));
    give(Context, mix(mix(shape_p, shape_w), shape_n));
    give(Context, mix(shape_w, first));
    give(Context, w.heads[0]);
    give(Context, w.heads[1]);
    give(Own, w.heads[2]);
    give(Context, w.tails[0]);
    give(Context, w.tails[1]);
    give(Context, w.tails[2]);
    give(Own, w.tails[3]);
    give(Context, mix(w.tails[2], case(w)));
    for level in 0..3 {
        let cluster = |word: &Word| u64::from(word.known.clusters[level]);
        give(Context, mix(cluster(w), case(w)));
        give(Context, cluster(p));
        give(Context, cluster(n));
        if level == 1 {
            give(Context, mix(cluster(p), cluster(w)));
            give(Context, mix(cluster(w), cluster(n)));
            give(Context, mix(mix(cluster(p), case(w)), cluster(n)));
        } else if level == 2 {
            give(Context, mix(mix(cluster(p), cluster(w)), cluster(n)));
            give(Context, mix(mix(cluster(pp), cluster(p)), case(w)));
            give(Context, mix(mix(cluster(n), cluster(nn)), case(w)));
        }
    }
    give(Plain, mix(p.lower, case(w)));
    give(Plain, mix(n.lower, case(w)));
    give(Context, mix(p.lower, mix(case(w), n.lower)));
    give(Context, mix(u64::from(w.known.capital), mix(case(w), first)));
    give(Context, mix(mix(u64::from(p.known.capital), case(p)), case(w)));
    give(Context, mix(mix(u64::from(n.known.capital), case(n)), case(w)));
    give(Context, mix(lists(w), case(w)));
    give(Context, mix(lists(p), case(w)));
    give(Context, mix(lists(n), case(w)));
    give(Context, mix(lists(p), mix(lists(w), case(w))));
    give(Context, mix(lists(w), mix(lists(n), case(w))));
    if w.place + p.place + n.place > 0 {
        give(Context, mix(u64::from(w.phrase), u64::from(w.place)));
        give(Context, mix(u64::from(p.phrase), u64::from(p.place)));
        give(Context, mix(u64::from(n.phrase), u64::from(n.place)));
    }
    template = 60;
    let mut give = |made: Made, value: u64| {
        template += 1;
        each(made, mix(template.wrapping_mul(0xd6e8_feb8_6659_fd93), value));
    };
    for level in 0..3 {
        let wide = |word: &Word| u64::from(word.known.wide[level]);
        give(Context, mix(wide(w), case(w)));
        give(Context, mix(wide(p), case(w)));
        give(Context, mix(wide(n), case(w)));
        if level == 0 {
            give(Context, mix(wide(w), p.lower));
            give(Context, mix(wide(w), n.lower));
        } else {
            give(Context, mix(mix(wide(p), wide(w)), case(w)));
            give(Context, mix(mix(wide(w), wide(n)), case(w)));
            give(Context, mix(mix(wide(p), case(w)), wide(n)));
        }
        if level == 2 {
            give(Context, mix(mix(wide(p), wide(w)), mix(wide(n), case(w))));
            give(Context, mix(mix(wide(pp), wide(p)), case(w)));
            give(Context, mix(mix(wide(n), wide(nn)), case(w)));
        }
    }
    template = 100;
    let mut give = |made: Made, value: u64| {
        template += 1;
        each(made, mix(template.wrapping_mul(0xd6e8_feb8_6659_fd93), value));
    };
    if let Some(run) = sight.run(i) {
        let (head, tail) = (&words[PAD + run.start], &words[PAD + run.end - 1]);
        let (before, after) = (&words[PAD + run.start - 1], &words[PAD + run.end]);
        let len = run.len().min(6) as u64;
        let place = (i - run.start).min(3) as u64 * 8 + (run.end - 1 - i).min(3) as u64 + 1;
        let known = |word: &Word| u64::from(word.known.clusters[1]);
        give(Plain, mix(len, mix(place, mode)));
        give(Own, mix(tail.lower, place));
        give(Context, mix(head.lower, place));
        give(Context, mix(before.lower, place));
        give(Context, mix(after.lower, place));
        give(Context, mix(known(tail), place));
        give(Context, mix(known(before), len));
        give(Context, mix(known(after), len));
        let wide = |word: &Word| u64::from(word.known.wide[1]);
        give(Context, mix(wide(tail), place));
        give(Context, mix(wide(head), place));
        give(Context, mix(mix(wide(before), wide(after)), place));
        give(Context, mix(mix(u64::from(before.known.wide[2]), wide(tail)), place));
        give(Context, mix(lists(tail), place));
        give(Context, mix(lists(head), place));
        give(Context, mix(mix(before.lower, after.lower), len));
        give(Context, mix(mix(known(before), known(after)), place));
    }
    // The capitalised words side by side, and what joins them to others: "Party | of | Sri Lanka".
    if let Some(side) = sight.side(i) {
        let (head, tail) = (&words[PAD + side.start], &words[PAD + side.end - 1]);
        let (before, after) = (&words[PAD + side.start - 1], &words[PAD + side.end]);
        let (before2, after2) = (&words[PAD + side.start - 2], &words[PAD + side.end + 1]);
        let place = (i - side.start).min(2) as u64 * 8 + (side.end - 1 - i).min(2) as u64 + 1;
        give(Own, mix(tail.lower, place));
        give(Own, tail.lower);
        give(Context, mix(mix(lists(tail), lists(head)), place));
        give(Context, mix(mix(before.lower, before2.lower), 1));
        give(Context, mix(mix(before.lower, lists(before2)), lists(tail)));
        give(Context, mix(mix(before.lower, u64::from(before2.known.clusters[1])), place));
        give(Context, mix(mix(after.lower, lists(after2)), lists(tail)));
        give(Context, mix(mix(after.lower, case(after2)), mix(lists(tail), place)));
        give(Context, mix(mix(before.lower, after.lower), place));
        give(Context, mix(mix(u64::from(tail.known.clusters[1]), before.lower), place));
        give(Context, mix(mix(u64::from(tail.known.clusters[1]), u64::from(head.known.clusters[1])), place));
        give(Context, mix(tail.tails[2], place));
        let wide = |word: &Word| u64::from(word.known.wide[1]);
        give(Context, mix(wide(tail), place));
        give(Context, mix(mix(wide(tail), wide(head)), place));
        give(Context, mix(mix(before.lower, wide(before2)), wide(tail)));
    } else if w.joins || w.case == Case::None {
        // A word that may join two parts of a name: what stands on either side.
        give(Context, mix(mix(p.lower, w.lower), lists(n)));
        give(Context, mix(mix(lists(p), w.lower), lists(n)));
        give(Context, mix(mix(u64::from(p.known.clusters[1]), w.lower), mix(u64::from(n.known.clusters[1]), case(n))));
        give(Context, mix(mix(lists(pp), w.lower), mix(lists(nn), mix(case(n), case(p)))));
        give(Context, mix(mix(lists(p), w.lower), mix(lists(nn), case(nn))));
    }
    for (salt, mut bits) in [(0x0b17, w.known.lists & !Entry::STARTS), (0x0b19, w.phrase)] {
        while bits != 0 {
            let bit = u64::from(bits.trailing_zeros());
            bits &= bits - 1;
            each(Context, mix(salt, (bit * 4 + u64::from(if salt == 0x0b19 { w.place } else { 0 })) * 256 + case(w)));
        }
    }
}
