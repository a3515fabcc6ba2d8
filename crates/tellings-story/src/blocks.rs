//! Stories of more reports than one machine holds: which pieces of them must be looked at together.
//!
//! Groups of pieces become one story only where their mean cosine reaches a level ([`SAME_STORY`]), and the mean of some cosines is
//! never above the largest of them (older pieces fade, days between them only take away). So if pieces are linked whose cosine
//! reaches that level, no story ever crosses from one block of linked pieces to another: each block can be put into stories by itself.
//! Pieces are found by the terms by which open stories are found, too, in stretches of days.

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
