//! The best path of labels through a sentence.
//!
//! Each word is the begin, inside or last of a name of several words, the unit of a name of one, or outside. Outside
//! always scores 0, so a row of weights holds 32 numbers: last, unit, begin, inside for each of the eight kinds.

use super::kind;
use std::ops::Range;
use tellings_doc::Kind;

/// Kinds of names.
const KINDS: usize = 8;
/// Weights in a row: four parts of eight kinds.
pub const PARTS: usize = 4 * KINDS;
/// Number of the label of words that are in no name.
pub const OUTSIDE: usize = PARTS;
/// Number of labels.
pub const LABELS: usize = PARTS + 1;

/// What a word is to a name, as a number `part * 8 + kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label;

impl Label {
    /// Last word of a name of several.
    pub fn last(kind: Kind) -> usize {
        kind as usize
    }
    /// Only word of a name.
    pub fn unit(kind: Kind) -> usize {
        KINDS + kind as usize
    }
    /// First word of a name of several.
    pub fn begin(kind: Kind) -> usize {
        2 * KINDS + kind as usize
    }
    /// Word in the middle of a name.
    pub fn inside(kind: Kind) -> usize {
        3 * KINDS + kind as usize
    }
    /// May `after` follow `before`?
    pub fn follows(before: usize, after: usize) -> bool {
        let open = (2 * KINDS..PARTS).contains(&before);
        let goes_on = after < KINDS || (3 * KINDS..PARTS).contains(&after);
        open == goes_on && (!open || before % KINDS == after % KINDS)
    }
}

/// Labels after which a name is closed: last, unit, outside.
const CLOSED: usize = 2 * KINDS + 1;

/// What it is worth that one label follows another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transitions {
    /// From a closed label (last, unit, outside) to one that starts afresh (unit, begin, outside).
    fresh: [[i32; CLOSED]; CLOSED],
    /// From begin and inside to last and inside, per kind.
    onward: [[i32; 4]; KINDS],
}

impl Transitions {
    /// Bytes it takes in a model file.
    pub const BYTES: usize = 2 * LABELS * LABELS;

    /// From the table of all pairs of labels, row by row, 16 bits each.
    pub fn open(bytes: &[u8]) -> Option<Transitions> {
        let at = |before: usize, after: usize| {
            let i = 2 * (before * LABELS + after);
            Some(i32::from(i16::from_le_bytes([*bytes.get(i)?, *bytes.get(i + 1)?])))
        };
        let mut made = Transitions { fresh: [[0; CLOSED]; CLOSED], onward: [[0; 4]; KINDS] };
        for before in 0..CLOSED {
            for after in 0..CLOSED {
                let outside = |i: usize, shift: usize| if i == 2 * KINDS { OUTSIDE } else { i + shift };
                made.fresh[before][after] = at(outside(before, 0), outside(after, KINDS))?;
            }
        }
        for k in 0..KINDS {
            let (last, begin, inside) = (k, 2 * KINDS + k, 3 * KINDS + k);
            made.onward[k] = [at(begin, last)?, at(inside, last)?, at(begin, inside)?, at(inside, inside)?];
        }
        Some(made)
    }
}

const NEVER: i32 = i32::MIN / 4;

/// Scores of the words of some sentences, and their best paths once they are found. Reused.
#[derive(Debug, Default)]
pub(super) struct Lattice {
    scores: Vec<[i16; PARTS]>,
    /// May the word be in a name? Else it has no scores of its own.
    open: Vec<bool>,
    /// Where the best path to each label came from.
    from: Vec<[u8; LABELS]>,
    labels: Vec<u8>,
}

impl Lattice {
    /// Forgets all words.
    pub(super) fn clear(&mut self) {
        self.scores.clear();
        self.open.clear();
        self.labels.clear();
    }

    /// Number of words.
    pub(super) fn len(&self) -> usize {
        self.scores.len()
    }

    /// The scores of a word.
    pub(super) fn scores(&mut self, word: usize) -> Option<&mut [i16; PARTS]> {
        let open = self.open.get(word) == Some(&true);
        self.scores.get_mut(word).filter(|_| open)
    }

    /// The kind of the name a word is in, and is it the whole of it? `None` outside.
    pub(super) fn kind(&self, word: usize) -> Option<(Kind, bool)> {
        let label = *self.labels.get(word)? as usize;
        (label < OUTSIDE).then(|| (kind(label % KINDS), label / KINDS == 1))
    }

    /// Adds a word; its scores are to be filled in.
    pub(super) fn push(&mut self) -> &mut [i16; PARTS] {
        let at = self.scores.len();
        self.scores.push([0; PARTS]);
        self.open.push(true);
        &mut self.scores[at]
    }

    /// Adds a word that is in no name.
    pub(super) fn push_outside(&mut self) {
        self.scores.push([0; PARTS]);
        self.open.push(false);
    }

    /// Finds the best path through a sentence, given by its words.
    pub(super) fn best(&mut self, transitions: &Transitions, words: Range<usize>) {
        self.from.clear();
        let mut closed = [NEVER; CLOSED];
        closed[2 * KINDS] = 0;
        let mut open = [NEVER; 2 * KINDS];
        for (scores, &may) in self.scores[words.clone()].iter().zip(&self.open[words.clone()]) {
            let mut from = [OUTSIDE as u8; LABELS];
            if !may {
                let mut top = (NEVER, 2 * KINDS);
                for (before, &score) in closed.iter().enumerate() {
                    let sum = score + transitions.fresh[before][2 * KINDS];
                    top = if sum > top.0 { (sum, before) } else { top };
                }
                from[OUTSIDE] = if top.1 == 2 * KINDS { OUTSIDE } else { top.1 } as u8;
                (closed, open) = ([NEVER; CLOSED], [NEVER; 2 * KINDS]);
                closed[2 * KINDS] = top.0;
                self.from.push(from);
                continue;
            }
            let mut fresh = [NEVER; CLOSED];
            let mut came = [0u8; CLOSED];
            let top = closed.iter().copied().max().unwrap_or(0);
            for (before, &score) in closed.iter().enumerate() {
                // A label this far behind the best cannot catch up: transitions are 16-bit numbers.
                if score < top - 65_536 {
                    continue;
                }
                for (after, best) in fresh.iter_mut().enumerate() {
                    let sum = score + transitions.fresh[before][after];
                    if sum > *best {
                        *best = sum;
                        came[after] = before as u8;
                    }
                }
            }
            let mut next_closed = [NEVER; CLOSED];
            let mut next_open = [NEVER; 2 * KINDS];
            for i in 0..2 * KINDS {
                let (label, score) = (KINDS + i, fresh[i] + i32::from(scores[KINDS + i]));
                from[label] = if came[i] == 2 * KINDS as u8 { OUTSIDE as u8 } else { came[i] };
                if i < KINDS { next_closed[label] = score } else { next_open[i - KINDS] = score }
            }
            next_closed[2 * KINDS] = fresh[2 * KINDS];
            from[OUTSIDE] = if came[2 * KINDS] == 2 * KINDS as u8 { OUTSIDE as u8 } else { came[2 * KINDS] };
            for k in 0..KINDS {
                let [begin_last, inside_last, begin_inside, inside_inside] = transitions.onward[k];
                let (begin, inside) = (open[k], open[KINDS + k]);
                let pick = |a: i32, b: i32| if a >= b { (a, 2 * KINDS + k) } else { (b, 3 * KINDS + k) };
                let (last, by) = pick(begin + begin_last, inside + inside_last);
                next_closed[k] = (last + i32::from(scores[k])).max(NEVER);
                from[k] = by as u8;
                let (more, by) = pick(begin + begin_inside, inside + inside_inside);
                next_open[KINDS + k] = (more + i32::from(scores[3 * KINDS + k])).max(NEVER);
                from[3 * KINDS + k] = by as u8;
            }
            (closed, open) = (next_closed, next_open);
            self.from.push(from);
        }
        let end = (0..CLOSED).rev().max_by_key(|&i| closed[i]).unwrap_or(2 * KINDS);
        let mut label = if end == 2 * KINDS { OUTSIDE } else { end };
        self.labels.resize(self.scores.len(), OUTSIDE as u8);
        for (at, from) in words.zip(&self.from).rev() {
            self.labels[at] = label as u8;
            label = from[label] as usize;
        }
    }

    /// The names of the best paths: their words, kind, and by how much their scores beat the next best reading of the
    /// same words (as outside, or as another kind).
    pub(super) fn names(&self) -> impl Iterator<Item = (Range<usize>, Kind, i32)> {
        let mut start = 0;
        self.labels.iter().enumerate().filter_map(move |(i, &label)| {
            let label = label as usize;
            match label / KINDS {
                0 | 1 => {
                    let range = if label < KINDS { start..i + 1 } else { i..i + 1 };
                    Some((range.clone(), kind(label % KINDS), self.margin(range, label % KINDS)))
                }
                2 => {
                    start = i;
                    None
                }
                _ => None,
            }
        })
    }

    fn margin(&self, range: Range<usize>, kind: usize) -> i32 {
        let sum = |kind: usize| -> i32 {
            let words = range.clone().enumerate();
            words
                .map(|(n, i)| {
                    let part = match (n == 0, i + 1 == range.end) {
                        (true, true) => 1,
                        (true, false) => 2,
                        (false, false) => 3,
                        (false, true) => 0,
                    };
                    i32::from(self.scores[i][part * KINDS + kind])
                })
                .sum()
        };
        let other = (0..KINDS).filter(|&k| k != kind).map(sum).max().unwrap_or(0).max(0);
        (sum(kind) - other) / range.len() as i32
    }
}
