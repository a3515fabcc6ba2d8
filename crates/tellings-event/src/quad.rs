//! The quad class of a sentence of institutional prose (reports and resolutions of the United Nations and their like),
//! which names hardly anybody: a linear model over words, pairs of words and pieces of words.

use tellings_doc::Quad;

/// Rows of the model: what features are hashed to, words and pairs of words in the lower half, pieces of words in the upper.
pub const BUCKETS: usize = 1 << 18;

const HALF: u32 = BUCKETS as u32 / 2;

/// No class (0), material conflict, material cooperation, verbal conflict, verbal cooperation, and prose of another kind (news and other writing, where rules alone code).
pub const CLASSES: usize = 6;

/// Number of the class of other prose.
pub const OTHER: usize = 5;

/// First bytes of a model file.
pub const MAGIC: &[u8; 8] = b"TQUAD\0\0\x02";

/// Bytes before the rows: the magic, the scale and the biases.
pub const HEAD: usize = 8 + 4 + 4 * CLASSES;

/// Bytes of a row: a weight for each class and how rare the feature is, in sixteenths.
pub const ROW: usize = CLASSES + 1;

static SHIPPED: &[u8] = include_bytes!("../../../models/quad.bin");

/// At most so many bytes of a sentence are read.
const LONGEST: usize = 4000;

fn hash(parts: &[&[u8]]) -> u32 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for part in parts {
        for &b in *part {
            h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
        h = (h ^ 0xff).wrapping_mul(0x0100_0000_01b3);
    }
    ((h ^ h >> 29) as u32) & (HALF - 1)
}

/// The numbers of a sentence's features, each once, in order.
pub fn features(text: &str, out: &mut Vec<u32>) {
    out.clear();
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let small = text[..end].to_lowercase();
    let mut last: &[u8] = b"^";
    for word in small.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        let word: &[u8] = if word.bytes().all(|b| b.is_ascii_digit()) { b"0" } else { word.as_bytes() };
        out.push(hash(&[b"w", word]));
        out.push(hash(&[b"p", last, word]));
        if word.len() > 2 && word.len() < 40 {
            let mut padded = [b' '; 42];
            padded[1..=word.len()].copy_from_slice(word);
            let padded = &padded[..word.len() + 2];
            for n in 3..=5 {
                out.extend(padded.windows(n).map(|piece| HALF | hash(&[b"c", piece])));
            }
        }
        last = word;
    }
    out.sort_unstable();
    out.dedup();
}

/// Which of the two kinds of features it is; each kind weighs as much as the other, however many there are of it.
pub fn group(feature: u32) -> usize {
    usize::from(feature >= HALF)
}

/// A model file.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    scale: f32,
    bias: [f32; CLASSES],
    rows: &'a [u8],
}

impl<'a> Model<'a> {
    /// The model in these bytes; `None` if they are none.
    pub fn read(bytes: &'a [u8]) -> Option<Model<'a>> {
        let rows = bytes.get(HEAD..).filter(|rows| rows.len() == BUCKETS * ROW && bytes.starts_with(MAGIC))?;
        let number = |i: usize| f32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
        let mut bias = [0.0; CLASSES];
        for (c, b) in bias.iter_mut().enumerate() {
            *b = number(12 + 4 * c);
        }
        Some(Model { scale: number(8), bias, rows })
    }

    /// The model shipped with the program.
    pub(crate) fn shipped() -> Option<Model<'static>> {
        Model::read(SHIPPED)
    }

    /// How much speaks for each class (a logarithm, up to a constant).
    pub fn scores(&self, text: &str, buffer: &mut Vec<u32>) -> [f32; CLASSES] {
        features(text, buffer);
        let mut sums = [[0i64; CLASSES]; 2];
        let mut squares = [0i64; 2];
        for &f in buffer.iter() {
            let row = &self.rows[f as usize * ROW..][..ROW];
            let rare = i64::from(row[CLASSES]);
            squares[group(f)] += rare * rare;
            for (sum, &w) in sums[group(f)].iter_mut().zip(row) {
                *sum += i64::from(w as i8) * rare;
            }
        }
        let mut out = self.bias;
        for (sums, square) in sums.into_iter().zip(squares) {
            let length = (square.max(1) as f32).sqrt();
            for (score, sum) in out.iter_mut().zip(sums) {
                *score += self.scale * sum as f32 / length;
            }
        }
        out
    }
}

/// The quad class with this number.
pub(crate) fn quad(class: usize) -> Option<Quad> {
    match class {
        1 => Some(Quad::MaterialConflict),
        2 => Some(Quad::MaterialCooperation),
        3 => Some(Quad::VerbalConflict),
        4 => Some(Quad::VerbalCooperation),
        _ => None,
    }
}

/// The likeliest class of a sentence of institutional prose (0 = none) and its probability in hundredths.
pub(crate) fn class(scores: &[f32; CLASSES]) -> (usize, u32) {
    let best = (0..OTHER).fold(0, |best, c| if scores[c] > scores[best] { c } else { best });
    let total: f32 = scores[..OTHER].iter().map(|s| (s - scores[best]).exp()).sum();
    (best, (100.0 / total).round() as u32)
}
