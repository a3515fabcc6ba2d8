//! What is known of words and phrases before they are read: clusters of words that stand in like places, how often a word
//! is written with a capital, and which lists of names it is on. Looked up by hash in a table used in place.

/// Reads a file from front to back.
#[derive(Clone, Debug)]
pub struct Section<'a> {
    rest: &'a [u8],
}

impl<'a> Section<'a> {
    /// From its first byte.
    pub fn new(bytes: &'a [u8]) -> Section<'a> {
        Section { rest: bytes }
    }

    /// The next `len` bytes.
    pub fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(head)
    }

    /// All that is left.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next number, little-endian.
    pub fn u32(&mut self) -> Option<u32> {
        self.bytes(4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)
    }
}

/// What is known of a word. All zero for a word that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The lists of names it is on, a bit each; the highest bit says that it begins a phrase of several words.
    pub lists: u32,
    /// Its clusters, finest first, of at most 2047, 511 and 127; 0 = none.
    pub clusters: [u16; 3],
    /// Its clusters among vectors learned from far more text, finest first, of at most 4095, 1023 and 255; 0 = none.
    pub wide: [u16; 3],
    /// Its row among the vectors, from 1; 0 = none.
    pub row: u32,
    /// How often it is written with a capital inside sentences: 1 never … 6 always; 0 = too rare to say.
    pub capital: u8,
}

impl Entry {
    /// Bytes an entry takes, its check included.
    pub const BYTES: usize = 16;
    /// Bit of `lists`: begins a phrase.
    pub const STARTS: u32 = 1 << 31;

    /// As bytes, after the check.
    pub fn to_bytes(self, check: u32) -> [u8; Entry::BYTES] {
        let mut bytes = [0; Entry::BYTES];
        bytes[..4].copy_from_slice(&check.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.lists.to_le_bytes());
        let [a, b, c] = self.clusters.map(u32::from);
        let packed = (a & 0x7ff) | (b & 0x1ff) << 11 | (c & 0x7f) << 20 | u32::from(self.capital) << 27;
        bytes[8..12].copy_from_slice(&packed.to_le_bytes());
        bytes[12..].copy_from_slice(&self.row.to_le_bytes());
        bytes
    }
}

/// The table of words and the table of phrases.
#[derive(Clone, Debug)]
pub struct Lexicon<'a> {
    words: &'a [u8],
    phrases: &'a [u8],
    /// Clusters and codes of each vector.
    rows: &'a [u8],
    /// For each piece of a vector, what its codes stand for.
    pieces: &'a [u8],
}

/// Numbers in a vector.
pub const WIDTH: usize = 100;
/// Numbers in a piece of a vector.
pub const PIECE: usize = 5;
/// Pieces of a vector; each is one of 256.
pub const PIECES: usize = WIDTH / PIECE;
/// Bytes of a vector's row: its clusters, a byte a piece.
const ROW: usize = 4 + PIECES;
/// What one step of a piece's numbers is worth.
pub const STEP: f32 = 1.0 / 32.0;

/// Bytes of a phrase: check and lists.
const PHRASE: usize = 8;

impl<'a> Lexicon<'a> {
    /// Reads where the tables lie.
    pub fn open(section: &mut Section<'a>) -> Option<Lexicon<'a>> {
        let words = section.u32()? as usize;
        let words = section.bytes(words.checked_mul(Entry::BYTES)?)?;
        let phrases = section.u32()? as usize;
        let phrases = section.bytes(phrases.checked_mul(PHRASE)?)?;
        let rows = section.u32()? as usize;
        let rows = section.bytes(rows.checked_mul(ROW)?)?;
        let pieces = section.bytes(256 * WIDTH)?;
        Some(Lexicon { words, phrases, rows, pieces })
    }

    /// The tables of these words and phrases (hash, then what is known), as a model file holds them.
    pub fn build(words: &[(u64, Entry)], phrases: &[(u64, u32)], vectors: &Rows) -> Vec<u8> {
        let mut out = Vec::new();
        table(
            &mut out,
            words.len(),
            Entry::BYTES,
            words.iter().map(|(hash, entry)| (*hash, entry.to_bytes(check(*hash)).to_vec())),
        );
        table(
            &mut out,
            phrases.len(),
            PHRASE,
            phrases.iter().map(|(hash, lists)| (*hash, [check(*hash).to_le_bytes(), lists.to_le_bytes()].concat())),
        );
        out.extend(((vectors.rows.len() / ROW) as u32).to_le_bytes());
        out.extend(&vectors.rows);
        out.extend(&vectors.pieces);
        out
    }

    /// What is known of the word of this hash.
    pub fn word(&self, hash: u64) -> Entry {
        let Some(b) = find(self.words, Entry::BYTES, hash) else { return Entry::default() };
        let packed = u32::from_le_bytes([b[8], b[9], b[10], b[11]]);
        let row = u32::from_le_bytes([b[12], b[13], b[14], b[15]]);
        let wide = self.row(row).map_or(0, |r| u32::from_le_bytes([r[0], r[1], r[2], r[3]]));
        Entry {
            row,
            lists: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            wide: [wide & 0xfff, wide >> 12 & 0x3ff, wide >> 22 & 0xff].map(|c| c as u16),
            clusters: [packed & 0x7ff, packed >> 11 & 0x1ff, packed >> 20 & 0x7f].map(|c| c as u16),
            capital: (packed >> 27) as u8,
        }
    }

    fn row(&self, row: u32) -> Option<&[u8]> {
        let at = (row as usize).checked_sub(1)? * ROW;
        self.rows.get(at..at + ROW)
    }

    /// Adds the `WIDTH` numbers of the vector of this row to `out`; zeros where there is none.
    pub fn vector(&self, row: u32, out: &mut Vec<f32>) {
        let at = out.len();
        out.resize(at + WIDTH, 0.0);
        let Some(row) = self.row(row) else { return };
        for (n, (&code, to)) in row[4..].iter().zip(out[at..].chunks_exact_mut(PIECE)).enumerate() {
            let from = (n * 256 + usize::from(code)) * PIECE;
            if let Some(piece) = self.pieces.get(from..from + PIECE) {
                to.iter_mut().zip(piece).for_each(|(x, &byte)| *x = f32::from(byte as i8) * STEP);
            }
        }
    }

    /// The lists that the phrase of this hash is on; 0 = none.
    pub fn phrase(&self, hash: u64) -> u32 {
        find(self.phrases, PHRASE, hash).map_or(0, |b| u32::from_le_bytes([b[4], b[5], b[6], b[7]]))
    }
}

/// Vectors of words as a model file holds them: rows of clusters and codes, and what the codes stand for.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// `ROW` bytes a vector.
    pub rows: Vec<u8>,
    /// `PIECE` bytes a code, 256 codes a piece.
    pub pieces: Vec<u8>,
}

impl Rows {
    /// Adds a row.
    pub fn push(&mut self, wide: [u16; 3], codes: [u8; PIECES]) {
        let [a, b, c] = wide.map(u32::from);
        self.rows.extend(((a & 0xfff) | (b & 0x3ff) << 12 | (c & 0xff) << 22).to_le_bytes());
        self.rows.extend(codes);
    }
}

/// Check of a hash; never 0.
fn check(hash: u64) -> u32 {
    (hash as u32).max(1)
}

/// Writes an open-addressed table, a fifth of it empty.
fn table(out: &mut Vec<u8>, len: usize, width: usize, rows: impl Iterator<Item = (u64, Vec<u8>)>) {
    let slots = len + len / 4 + 1;
    out.extend((slots as u32).to_le_bytes());
    let start = out.len();
    out.resize(start + slots * width, 0);
    for (hash, row) in rows {
        let mut slot = first(hash, slots);
        while out[start + slot * width..][..4] != [0; 4] {
            slot = (slot + 1) % slots;
        }
        out[start + slot * width..][..width].copy_from_slice(&row);
    }
}

fn first(hash: u64, slots: usize) -> usize {
    ((u128::from(hash) * slots as u128) >> 64) as usize
}

fn find(table: &[u8], width: usize, hash: u64) -> Option<&[u8]> {
    let slots = table.len() / width;
    let check = check(hash).to_le_bytes();
    let mut slot = first(hash, slots);
    loop {
        let row = table.get(slot * width..(slot + 1) * width)?;
        if row[..4] == check {
            return Some(row);
        }
        if row[..4] == [0; 4] {
            return None;
        }
        slot = if slot + 1 == slots { 0 } else { slot + 1 };
    }
}

/// Start of a phrase's hash.
pub fn phrase_start() -> u64 {
    0x9ae1_6a3b_2f90_404f
}

/// Hash of a phrase with one more word at its end, given by its hash.
pub fn hash_phrase(so_far: u64, word: u64) -> u64 {
    let x = (so_far.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^ (x >> 32)
}
