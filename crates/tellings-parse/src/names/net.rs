//! The network: rows for what a word looks like and what is known of it are added up, layers of gated recurrences carry
//! them in both directions through the sentence, and from the result come scores for the parts of the kinds of names.

use super::features::Sight;
use super::path::PARTS;
use tellings_nn::{Matrix, Vectors, scan, steps};

/// Rows of the network's tables, one after another: last two, three and four letters, first two and three, shape, the word
/// itself, its cluster, how it is capitalised, each list, each list of a phrase and the place in it.
pub const TABLES: [usize; 11] = [1024, 4096, 4096, 1024, 4096, 1024, 8192, 1024, 512, 32, 128];
/// Rows of all tables.
pub const ROWS: usize = {
    let (mut sum, mut i) = (0, 0);
    while i < TABLES.len() {
        sum += TABLES[i];
        i += 1;
    }
    sum
};
/// The table of the words themselves.
pub const WORDS: usize = 6;

/// The network, opened.
#[derive(Clone, Debug)]
pub struct Net<'a> {
    rows: Vectors<'a>,
    vectors: Matrix,
    layers: Vec<Matrix>,
    output: Matrix,
    /// Numbers that run through the layers.
    d: usize,
}

/// Room to work in, kept from sentence to sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Room {
    vectors: Vec<f32>,
    x: Vec<f32>,
    steps: Vec<i16>,
    gates: Vec<f32>,
    rows: Vec<usize>,
    /// One past the last row of each word.
    ends: Vec<usize>,
    /// `PARTS` scores a word.
    pub(super) out: Vec<f32>,
}

impl<'a> Net<'a> {
    /// The network at the head of `bytes`, and the bytes behind it; `None` if they are not one.
    pub fn open(bytes: &'a [u8]) -> Option<(Net<'a>, &'a [u8])> {
        let (count, rest) = bytes.split_first_chunk::<4>()?;
        let (rows, rest) = Vectors::open(rest)?;
        let (vectors, mut rest) = Matrix::open(rest)?;
        let mut layers = Vec::new();
        for _ in 0..u32::from_le_bytes(*count) {
            let (layer, after) = Matrix::open(rest)?;
            layers.push(layer);
            rest = after;
        }
        let (output, rest) = Matrix::open(rest)?;
        let d = rows.size();
        let fits = d % 32 == 0
            && vectors.inputs() == super::lexicon::WIDTH
            && vectors.outputs() == d
            && layers.iter().all(|l| l.inputs() == d && l.outputs() == 3 * d)
            && output.inputs() == d
            && output.outputs() == PARTS;
        fits.then_some((Net { rows, vectors, layers, output, d }, rest))
    }

    /// The scores of a sentence's words, `PARTS` a word.
    pub fn scores(&self, sight: &Sight, lexicon: &super::Lexicon<'_>) -> Vec<f32> {
        let mut room = Room::default();
        self.read(sight, lexicon, &mut room);
        room.out
    }

    /// Puts the scores of a sentence's words into `room.out`.
    pub(super) fn read(&self, sight: &Sight, lexicon: &super::Lexicon<'_>, room: &mut Room) {
        let (n, d) = (sight.len(), self.d);
        // The rows of all words are asked for before the first is added.
        room.rows.clear();
        room.ends.clear();
        for i in 0..n {
            sight.rows(i, |row| {
                let at = self.rows.at(row);
                self.rows.fetch(at);
                room.rows.push(at);
            });
            room.ends.push(room.rows.len());
        }
        room.vectors.clear();
        for i in 0..n {
            lexicon.vector(sight.vector(i), &mut room.vectors);
        }
        steps(&room.vectors, &mut room.steps);
        self.vectors.apply(&room.steps, &mut room.x);
        let mut from = 0;
        for (&end, x) in room.ends.iter().zip(room.x.chunks_exact_mut(d)) {
            self.rows.add(&room.rows[from..end], x);
            from = end;
        }
        for layer in &self.layers {
            steps(&room.x, &mut room.steps);
            layer.apply(&room.steps, &mut room.gates);
            scan(&room.gates[..n * 3 * d], &mut room.x[..n * d], d / 2);
        }
        steps(&room.x, &mut room.steps);
        self.output.apply(&room.steps, &mut room.out);
    }
}
