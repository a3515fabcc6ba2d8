//! Stories of more reports than one machine holds: which pieces of them must be looked at together.
//!
//! Groups of pieces become one story only where their mean cosine reaches a level ([`SAME_STORY`]), and the mean of some cosines is
//! never above the largest of them (older pieces fade, days between them only take away). So if pieces are linked whose cosine
//! reaches that level, each block of linked pieces can be put into stories by itself. Pieces are found by the terms by which open stories
//! are found, too, in stretches of days. [`crate::record`] goes the same way, so one machine and many make the same stories.

use crate::bytes::{Reader, Writer};
use crate::cluster::{CLOSED_AFTER, Clusterer, Open, Piece, SAME_STORY, TELLING_TERMS};
use crate::sketch::Sketch;
use crate::stream::story_id;
use crate::terms::Vector;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// A report's main matter, or a part of it that is about something else, without its sentences: what finds its story.
#[derive(Clone, Debug)]
pub struct Loose {
    /// The id of its report.
    pub id: String,
    piece: Piece,
}

impl Sketch {
    /// The pieces of the report.
    pub fn loose(&self) -> Vec<Loose> {
        self.parts.iter().map(|part| Loose { id: self.id.clone(), piece: part.piece.clone() }).collect()
    }
}

/// First byte of a piece in bytes: how they are laid out.
const LAYOUT: u8 = 1;

impl Loose {
    /// A number that stands for it. Two pieces with one number only come into one block.
    pub fn number(&self) -> u64 {
        xxh3_64(format!("{}\n{}", self.piece.part, self.id).as_bytes())
    }

    /// Which part of its report it is; 0: the main matter.
    pub fn part(&self) -> u32 {
        self.piece.part
    }

    /// The terms by which it is found.
    pub fn keys(&self) -> Vec<u32> {
        keys(&self.piece).collect()
    }

    /// The stretches of days in which it is compared; `None`: it has no date, and is compared in all of them. Two pieces whose days are
    /// no further apart than a story may be silent share one.
    pub fn windows(&self) -> Option<[i32; 2]> {
        windows(&self.piece)
    }

    /// The piece in bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u8(LAYOUT);
        out.string(&self.id);
        out.u32(self.piece.part);
        out.option(self.piece.days, |out, days| [days.0, days.1].into_iter().for_each(|day| out.u32(day as u32)));
        out.u64(self.piece.key);
        out.u64(self.piece.name);
        self.piece.vector.write(&mut out);
        out.0
    }

    /// The piece that these bytes are; `None` where they are none, or of another program's layout.
    pub fn from_bytes(bytes: &[u8]) -> Option<Loose> {
        let mut bytes = Reader(bytes);
        if bytes.u8()? != LAYOUT {
            return None;
        }
        let (id, part) = (bytes.string()?, bytes.u32()?);
        let days = bytes.option(|bytes| Some((bytes.u32()? as i32, bytes.u32()? as i32)))?;
        let (key, name, vector) = (bytes.u64()?, bytes.u64()?, Vector::read(&mut bytes)?);
        Some(Loose { id, piece: Piece { document: 0, part, days, key, name, vector } })
    }
}

/// Sets of numbers that grow together.
struct Sets(Vec<u32>);

impl Sets {
    fn new(length: usize) -> Sets {
        Sets((0..length as u32).collect())
    }

    /// The smallest number of the set.
    fn find(&mut self, at: usize) -> usize {
        let mut at = at;
        while self.0[at] as usize != at {
            self.0[at] = self.0[self.0[at] as usize];
            at = self.0[at] as usize;
        }
        at
    }

    /// Makes two sets one; were they two?
    fn join(&mut self, a: usize, b: usize, same: impl FnOnce() -> bool) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let joins = a != b && same();
        if joins {
            self.0[a.max(b)] = a.min(b) as u32;
        }
        joins
    }
}

/// May two pieces come into one story by each other?
fn linked(a: &Piece, b: &Piece) -> bool {
    a.vector.dot(&b.vector) >= SAME_STORY
}

/// Pairs of pieces that may come into one story, as positions, of pieces that share a key and a stretch of days: not all of them, but
/// so many that what hangs together does so by them.
pub fn links(pieces: &[Loose]) -> Vec<(usize, usize)> {
    let mut sets = Sets::new(pieces.len());
    let mut pairs = Vec::new();
    for b in 1..pieces.len() {
        for a in (0..b).rev() {
            if sets.join(a, b, || linked(&pieces[a].piece, &pieces[b].piece)) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}

/// The blocks of pieces that are all at hand, as positions, in the order of their first ones.
pub(crate) fn blocks(pieces: &[Piece]) -> Vec<Vec<usize>> {
    let mut sets = Sets::new(pieces.len());
    // Pieces by key and stretch of days; those without a date, and all of them, by key alone.
    let mut listed: FxHashMap<(u32, i32), Vec<u32>> = FxHashMap::default();
    let mut undated: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let mut all: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let any_undated = pieces.iter().any(|piece| piece.days.is_none());
    let mut looked_at: Vec<u32> = vec![u32::MAX; pieces.len()];
    for (b, piece) in pieces.iter().enumerate() {
        let windows = windows(piece);
        for key in keys(piece) {
            {
                let with_day = windows.iter().flatten().filter_map(|&window| listed.get(&(key, window)));
                let without = undated.get(&key).into_iter().chain(all.get(&key).filter(|_| windows.is_none()));
                for &a in with_day.chain(without).flat_map(|list| list.iter().rev()) {
                    if std::mem::replace(&mut looked_at[a as usize], b as u32) != b as u32 {
                        sets.join(a as usize, b, || linked(&pieces[a as usize], piece));
                    }
                }
            }
            match windows {
                Some(windows) => windows.iter().for_each(|&window| listed.entry((key, window)).or_default().push(b as u32)),
                None => undated.entry(key).or_default().push(b as u32),
            }
            if any_undated {
                all.entry(key).or_default().push(b as u32);
            }
        }
    }
    let mut blocks: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..pieces.len() {
        blocks.entry(sets.find(at)).or_default().push(at);
    }
    blocks.into_values().collect()
}

fn keys(piece: &Piece) -> impl Iterator<Item = u32> {
    piece.vector.top(TELLING_TERMS).into_iter().map(|term| term.0)
}

fn windows(piece: &Piece) -> Option<[i32; 2]> {
    let window = piece.days?.0.div_euclid(CLOSED_AFTER + 8);
    Some([window, window + 1])
}

/// The stories of a block, which are those that its pieces make among all others.
pub(crate) fn open(pieces: Vec<Piece>) -> Vec<Open> {
    let mut clusterer = Clusterer::default();
    clusterer.take(pieces);
    clusterer.open.into_values().collect()
}

/// A story of some pieces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouped {
    /// Its id.
    pub id: String,
    /// Its pieces: the id of the report, and which part of it.
    pub members: Vec<(String, u32)>,
    /// Ids of stories that became one with it.
    pub merged: Vec<String>,
    /// Ids of the story that it split from, nearest first.
    pub parents: Vec<String>,
}

/// The stories of the pieces of a block, in an order that depends on them alone.
pub fn group(pieces: Vec<Loose>) -> Vec<Grouped> {
    let mut numbers: BTreeMap<String, u64> = pieces.iter().map(|loose| (loose.id.clone(), 0)).collect();
    numbers.values_mut().enumerate().for_each(|(at, number)| *number = at as u64);
    let pieces = pieces.into_iter().map(|loose| Piece { document: numbers[&loose.id], ..loose.piece }).collect();
    let ids: Vec<String> = numbers.into_keys().collect();
    let name = |founders: &[u64]| founders.iter().map(|&founder| story_id(founder)).collect();
    open(pieces)
        .iter()
        .map(|open| {
            let mut members: Vec<(u64, u32)> = open.members.clone();
            members.sort_unstable();
            Grouped {
                id: story_id(open.founder),
                members: members.into_iter().map(|(document, part)| (ids[document as usize].clone(), part)).collect(),
                merged: name(&open.merged),
                parents: name(&open.parents),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces about one of a few matters each, some without a date, over half a year.
    fn pieces() -> Vec<Loose> {
        let mut dice = 7u64;
        let mut next = |n: u64| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (dice >> 33) % n
        };
        (0..300)
            .map(|number| {
                let matter = next(40) as u32;
                let mut values: Vec<(u32, f32)> =
                    (0..30).map(|_| (next(4) as u32 * 1000 + matter * 20 + next(20) as u32, 1.0 + next(5) as f32)).collect();
                values.sort_unstable_by_key(|v| v.0);
                values.dedup_by_key(|v| v.0);
                let mut vector = Vector { values };
                vector.scale(1.0 / vector.dot(&vector).sqrt());
                let day = next(180) as i32;
                let days = (number % 9 > 0).then_some((day, day));
                let piece = Piece { document: 0, part: 0, days, key: next(1 << 40), name: number, vector };
                Loose { id: format!("r{number:03}"), piece }
            })
            .collect()
    }

    #[test]
    fn what_is_linked_key_by_key_is_what_is_linked_at_once() {
        let all = pieces();
        let times: Vec<i32> = all.iter().flat_map(|p| p.windows().into_iter().flatten()).collect();
        let mut buckets: BTreeMap<(u32, i32), Vec<usize>> = BTreeMap::new();
        for (at, piece) in all.iter().enumerate() {
            let windows = piece.windows().map_or_else(|| times.clone(), |windows| windows.to_vec());
            for (key, window) in piece.keys().into_iter().flat_map(|key| windows.iter().map(move |&window| (key, window))) {
                let bucket = buckets.entry((key, window)).or_default();
                if bucket.last() != Some(&at) {
                    bucket.push(at);
                }
            }
        }
        let mut sets = Sets::new(all.len());
        for bucket in buckets.values() {
            let own: Vec<Loose> = bucket.iter().map(|&at| all[at].clone()).collect();
            links(&own).into_iter().for_each(|(a, b)| _ = sets.join(bucket[a], bucket[b], || true));
        }
        let mut apart: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        (0..all.len()).for_each(|at| apart.entry(sets.find(at)).or_default().push(at));
        let at_once = blocks(&all.iter().map(|p| p.piece.clone()).collect::<Vec<_>>());
        assert!(at_once.len() > 10 && at_once.iter().any(|block| block.len() > 5), "{} blocks", at_once.len());
        assert_eq!(at_once, apart.into_values().collect::<Vec<_>>());
    }

    #[test]
    fn the_stories_of_a_block_do_not_depend_on_the_order_of_its_pieces() {
        let mut all = pieces();
        let stories = group(all.clone());
        all.reverse();
        assert_eq!(group(all), stories);
    }

    #[test]
    fn a_piece_is_what_its_bytes_are() {
        for piece in pieces() {
            let again = Loose::from_bytes(&piece.to_bytes()).expect("our own bytes");
            assert_eq!((again.id, again.piece.days, again.piece.key), (piece.id, piece.piece.days, piece.piece.key));
            assert_eq!(again.piece.vector, piece.piece.vector);
        }
        assert!(Loose::from_bytes(b"").is_none() && Loose::from_bytes(b"\x09abc").is_none());
    }
}
