//! What the model sees of a word: itself, its shape, its neighbours, what is known of them, and the run of capitalised
//! words it stands in. Features are hashes; nothing is allocated per word.

use super::lexicon::{Entry, Lexicon, hash_phrase, phrase_start};
use std::ops::Range;

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
    word.known = lexicon.word(word.lower);
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
    /// Two words beyond either end are blank.
    words: Vec<Word>,
    /// The run of capitalised words each word stands in; empty for none.
    runs: Vec<(u32, u32)>,
    mode: Mode,
}

const PAD: usize = 2;

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
        self.words.extend(words.map(|text| word(lexicon, text)));
        let len = self.words.len() - PAD;
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

/// Hands over the features of the word at `i`, each as a hash.
pub fn features(sight: &Sight, i: usize, mut each: impl FnMut(u64)) {
    let words = &sight.words;
    let at = PAD + i;
    let (w, p, n, pp, nn) = (&words[at], &words[at - 1], &words[at + 1], &words[at - 2], &words[at + 2]);
    let mode = sight.mode as u64;
    let mut template = 0u64;
    let mut give = |value: u64| {
        template += 1;
        each(mix(template.wrapping_mul(0xd6e8_feb8_6659_fd93), value));
    };
    // A sentence's first capital says little; so do capitals where all or no words have one.
    let shape = |word: &Word| mix(word.shape, mode);
    let first = u64::from(i == 0) + 1;
    let case = |word: &Word| word.case as u64 * 8 + mode + 1;
    let lists = |word: &Word| u64::from(word.known.lists & !Entry::STARTS);
    let (shape_w, shape_p, shape_n) = (shape(w), shape(p), shape(n));

    give(mode);
    give(w.lower);
    give(mix(w.exact, mode));
    give(p.lower);
    give(n.lower);
    give(pp.lower);
    give(nn.lower);
    give(mix(p.lower, w.lower));
    give(mix(w.lower, n.lower));
    give(shape_w);
    give(mix(shape_p, shape_w));
    give(mix(shape_w, shape_n));
    give(mix(mix(shape_p, shape_w), shape_n));
    give(mix(shape_w, first));
    for head in w.heads {
        give(head);
    }
    for tail in w.tails {
        give(tail);
    }
    give(mix(w.tails[2], case(w)));
    give(mix(w.tails[1], mix(case(w), case(n))));
    for level in 0..3 {
        let cluster = |word: &Word| u64::from(word.known.clusters[level]);
        give(mix(cluster(w), case(w)));
        give(cluster(p));
        give(cluster(n));
        if level == 0 {
            give(cluster(pp));
            give(cluster(nn));
        } else {
            give(mix(cluster(p), cluster(w)));
            give(mix(cluster(w), cluster(n)));
            give(mix(mix(cluster(p), case(w)), cluster(n)));
        }
    }
    give(mix(p.lower, case(w)));
    give(mix(n.lower, case(w)));
    give(mix(p.lower, mix(case(w), n.lower)));
    give(mix(u64::from(w.known.capital), mix(case(w), first)));
    give(mix(mix(u64::from(p.known.capital), case(p)), case(w)));
    give(mix(mix(u64::from(n.known.capital), case(n)), case(w)));
    give(mix(lists(w), case(w)));
    give(mix(lists(p), case(w)));
    give(mix(lists(n), case(w)));
    give(mix(lists(p), mix(lists(w), case(w))));
    give(mix(lists(w), mix(lists(n), case(w))));
    give(mix(u64::from(w.phrase), u64::from(w.place)));
    give(mix(u64::from(p.phrase), u64::from(p.place)));
    give(mix(u64::from(n.phrase), u64::from(n.place)));
    template = 100;
    let mut give = |value: u64| {
        template += 1;
        each(mix(template.wrapping_mul(0xd6e8_feb8_6659_fd93), value));
    };
    if let Some(run) = sight.run(i) {
        let (head, tail) = (&words[PAD + run.start], &words[PAD + run.end - 1]);
        let (before, after) = (&words[PAD + run.start - 1], &words[PAD + run.end]);
        let len = run.len().min(6) as u64;
        let place = (i - run.start).min(3) as u64 * 8 + (run.end - 1 - i).min(3) as u64 + 1;
        let known = |word: &Word| u64::from(word.known.clusters[1]);
        give(mix(len, mix(place, mode)));
        give(mix(tail.lower, place));
        give(tail.lower);
        give(mix(head.lower, place));
        give(mix(before.lower, place));
        give(mix(after.lower, place));
        give(mix(before.lower, len));
        give(mix(after.lower, len));
        give(mix(known(tail), place));
        give(mix(known(head), place));
        give(mix(known(before), len));
        give(mix(known(after), len));
        give(mix(lists(tail), place));
        give(mix(lists(head), place));
        give(mix(lists(before), len));
        give(mix(mix(before.lower, after.lower), len));
        give(mix(mix(known(before), known(after)), place));
    }
    let mut bits = w.known.lists & !Entry::STARTS;
    while bits != 0 {
        let bit = bits.trailing_zeros();
        bits &= bits - 1;
        each(mix(0x0b17, u64::from(bit) * 256 + w.case as u64 + 1));
        each(mix(0x0b18, u64::from(bit) * 256 + case(w)));
    }
    let mut bits = w.phrase;
    while bits != 0 {
        let bit = bits.trailing_zeros();
        bits &= bits - 1;
        each(mix(0x0b19, (u64::from(bit) * 4 + u64::from(w.place)) * 256 + w.case as u64 + 1));
    }
}
