//! The network: word and affix vectors are added up, layers of gated recurrences carry them in both directions
//! through the sentence, and from the result come scores for the tag, the head and the relation of each word.

use crate::tagger::Tag;
use crate::tree::{self, best};
use crate::words::{Word, bucket};
use tellings_doc::Deprel;
use tellings_nn::{Matrix, Table, Vectors, products, scan, steps};

/// Tables of affixes and shapes.
pub const TABLES: usize = 6;
/// Classes of distance to the head.
pub const DISTANCES: usize = 32;
/// Room for tags.
pub const TAGS: usize = 96;
/// Room for relations.
pub const RELATIONS: usize = 64;
/// Buckets of the tables of affixes and shapes: last two, three, four letters, first two, three, shape.
pub const BUCKETS: [usize; TABLES] = [4096, 8192, 8192, 2048, 4096, 1024];

/// Class of the distance from a word to its head.
pub fn distance(word: usize, head: usize) -> usize {
    let far = match word.abs_diff(head) {
        n @ 0..=7 => n,
        8..=9 => 8,
        10..=12 => 9,
        13..=16 => 10,
        17..=22 => 11,
        23..=30 => 12,
        31..=45 => 13,
        _ => 14,
    };
    if head > word { 16 + far } else { far }
}

/// The network, opened.
#[derive(Clone, Debug)]
pub struct Net<'a> {
    word_rows: Table<'a>,
    words: Vectors<'a>,
    affixes: Vectors<'a>,
    layers: Vec<Matrix>,
    /// Tags, heads, words, distances, heads and words for relations: all that is read from the last layer.
    outputs: Matrix,
    cross: Matrix,
    relations: Matrix,
    root: Vec<f32>,
    /// Numbers that run through the layers.
    d: usize,
    /// Numbers in the comparison of word and head.
    a: usize,
    /// Numbers from which the relation is told.
    r: usize,
}

/// Room to work in, kept from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Of each word, where its own row lies and those of its affixes and shape.
    rows: Vec<(usize, [usize; TABLES])>,
    x: Vec<f32>,
    steps: Vec<i16>,
    gates: Vec<f32>,
    out: Vec<f32>,
    heads: Vec<f32>,
    words: Vec<f32>,
    cross: Vec<f32>,
    hidden: Vec<f32>,
    relations: Vec<f32>,
    scores: Vec<f32>,
    tree: Vec<usize>,
    untangling: tree::Room,
}

/// What is known of a word after the network has run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Read {
    /// Its tag.
    pub tag: Tag,
    /// Position of its head in the sentence; `None` for the root.
    pub head: Option<usize>,
    /// Its relation.
    pub deprel: Deprel,
}

/// Sentences longer than this are put together from pieces, so that time does not grow with the square of the length.
pub const LONGEST: usize = 128;

impl<'a> Net<'a> {
    /// The network at the head of `bytes`, and the bytes behind it; `None` if they are not one.
    pub fn open(bytes: &'a [u8]) -> Option<(Net<'a>, &'a [u8])> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let (word_rows, rest) = Table::open(rest)?;
        let (words, rest) = Vectors::open(rest)?;
        let (affixes, rest) = Vectors::open(rest)?;
        let mut layers = Vec::new();
        let mut rest = rest;
        for _ in 0..u32::from_le_bytes(*count) {
            let (layer, after) = Matrix::open(rest)?;
            layers.push(layer);
            rest = after;
        }
        let (outputs, rest) = Matrix::open(rest)?;
        let (cross, rest) = Matrix::open(rest)?;
        let (relations, rest) = Matrix::open(rest)?;
        let (root, rest) = rest.split_at_checked(cross.outputs() * 4)?;
        let root = root.as_chunks::<4>().0.iter().map(|c| f32::from_le_bytes(*c)).collect();
        let (d, a) = (words.size(), cross.outputs());
        let r = outputs.outputs().checked_sub(TAGS + 2 * a + DISTANCES)? / 2;
        let fits = d % 32 == 0
            && affixes.size() == d
            && layers.iter().all(|l| l.inputs() == d && l.outputs() == 3 * d)
            && outputs.inputs() == d
            && cross.inputs() == a
            && relations.inputs() == r
            && relations.outputs() == RELATIONS;
        fits.then_some((Net { word_rows, words, affixes, layers, outputs, cross, relations, root, d, a, r }, rest))
    }

    /// The words it has a vector for, by hash.
    pub fn known(&self) -> &Table<'a> {
        &self.word_rows
    }

    /// Reads sentences: `words` holds those of all, `ends` one past the last of each. Adds what was read to `out`.
    pub fn read(&self, words: &[Word], ends: &[usize], labels: &[Tag], room: &mut Room, out: &mut Vec<Read>) {
        let (n, d) = (words.len(), self.d);
        room.x.clear();
        room.x.resize(n * d, 0.0);
        let mut offset = [0; TABLES];
        for k in 1..TABLES {
            offset[k] = offset[k - 1] + BUCKETS[k - 1];
        }
        // The rows of all words are asked for before the first is added: the tables are larger than what is near at hand.
        room.rows.clear();
        for word in words {
            let own = self.words.at(self.word_rows.get(word.lower).unwrap_or(0) as usize);
            self.words.fetch(own);
            let affixes: [usize; TABLES] = std::array::from_fn(|k| self.affixes.at(offset[k] + bucket(word, k, BUCKETS[k])));
            affixes.iter().for_each(|&at| self.affixes.fetch(at));
            room.rows.push((own, affixes));
        }
        for ((own, affixes), x) in room.rows.iter().zip(room.x.chunks_exact_mut(d)) {
            self.words.add(&[*own], x);
            self.affixes.add(affixes, x);
        }
        for layer in &self.layers {
            steps(&room.x, &mut room.steps);
            layer.apply(&room.steps, &mut room.gates);
            let mut from = 0;
            for &end in ends {
                scan(&room.gates[from * 3 * d..end * 3 * d], &mut room.x[from * d..end * d], d / 2);
                from = end;
            }
        }
        steps(&room.x, &mut room.steps);
        self.outputs.apply(&room.steps, &mut room.out);
        let (a, m) = (self.a, self.outputs.outputs());
        room.heads.clear();
        room.words.clear();
        for row in room.out.chunks_exact(m) {
            room.heads.extend(row[TAGS..TAGS + a].iter().map(|v| v.max(0.0)));
            room.words.extend(row[TAGS + a..TAGS + 2 * a].iter().map(|v| v.max(0.0)));
        }
        steps(&room.words, &mut room.steps);
        self.cross.apply(&room.steps, &mut room.cross);
        let base = out.len();
        let mut from = 0;
        for &end in ends {
            let mut start = from;
            let mut first_root = None;
            while start < end {
                let stop = if end - start <= LONGEST { end } else { start + LONGEST };
                let root = self.tree(start, stop, room);
                for j in 0..stop - start {
                    let head = room.tree[j];
                    let head = if head < stop - start { Some(start - from + head) } else { first_root };
                    let scores = &room.out[(start + j) * m..][..labels.len().min(TAGS)];
                    out.push(Read { tag: labels.get(best(scores)).copied().unwrap_or_default(), head, deprel: Deprel::Root });
                }
                first_root = first_root.or(Some(start - from + root));
                start = stop;
            }
            from = end;
        }
        self.relate(ends, base, room, out);
    }

    /// The relations of all words whose heads are known.
    fn relate(&self, ends: &[usize], base: usize, room: &mut Room, out: &mut [Read]) {
        let (r, m) = (self.r, self.outputs.outputs());
        let at = m - 2 * r;
        room.hidden.clear();
        let mut from = 0;
        for &end in ends {
            for i in from..end {
                let word = &room.out[i * m + at + r..(i + 1) * m];
                match out[base + i].head {
                    Some(head) => {
                        let head = &room.out[(from + head) * m + at..][..r];
                        room.hidden.extend(word.iter().zip(head).map(|(a, b)| (a + b).max(0.0)));
                    }
                    None => room.hidden.extend(word.iter().map(|a| a.max(0.0))),
                }
            }
            from = end;
        }
        steps(&room.hidden, &mut room.steps);
        self.relations.apply(&room.steps, &mut room.relations);
        for (read, scores) in out[base..].iter_mut().zip(room.relations.chunks_exact_mut(RELATIONS)) {
            if read.head.is_some() {
                scores[Deprel::Root as usize] = f32::MIN;
                scores[Deprel::Dep as usize] = f32::MIN;
                read.deprel = Deprel::ALL[best(&scores[..Deprel::ALL.len()])];
            }
        }
    }

    /// Puts the heads of the words `start..end` into `room.tree`, counted from `start`; the root's is their number.
    /// Returns the root.
    fn tree(&self, start: usize, end: usize, room: &mut Room) -> usize {
        let (n, a, m) = (end - start, self.a, self.outputs.outputs());
        let width = n + 1;
        room.scores.clear();
        room.scores.resize(n * width, f32::MIN);
        for j in 0..n {
            let cross = &room.cross[(start + j) * a..][..a];
            let far = &room.out[(start + j) * m + TAGS + 2 * a..][..DISTANCES];
            let row = &mut room.scores[j * width..][..width];
            products(cross, &room.heads[start * a..end * a], &mut row[..n]);
            for (i, score) in row[..n].iter_mut().enumerate() {
                *score += far[distance(j, i)];
            }
            row[j] = f32::MIN;
            products(cross, &self.root, &mut row[n..]);
            row[n] += far[0];
        }
        tree::tree(&room.scores, n, &mut room.tree, &mut room.untangling)
    }
}
