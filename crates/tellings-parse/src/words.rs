//! What the models see of a word: hashes of its letters, computed once.

use tellings_doc::Span;

/// Hashes of a word's letters.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    /// The word in small letters, its digits made 0.
    pub lower: u64,
    /// Its last two, three and four bytes in small letters.
    pub suffixes: [u64; 3],
    /// Its first two and three bytes in small letters.
    pub prefixes: [u64; 2],
    /// Capitals, digits, marks and length, in a few bits.
    pub shape: u64,
}

const PRIME: u64 = 0x9E37_79B9_7F4A_7C15;

/// Hash of two numbers.
#[inline]
pub fn mix(a: u64, b: u64) -> u64 {
    let h = (a ^ b.rotate_left(29)).wrapping_mul(PRIME);
    (h ^ (h >> 29)).wrapping_add(b.wrapping_mul(0xD6E8_FEB8_6659_FD93))
}

/// Hash of bytes, small letters for capitals.
#[inline]
pub fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(0x0000_0100_0000_01b3))
}

impl Word {
    /// What is to be known of the word at `span`.
    pub fn new(text: &str, span: Span) -> Word {
        let bytes = span.of(text).as_bytes();
        let mut lower = 0xcbf2_9ce4_8422_2325u64;
        let (mut capitals, mut small, mut digits, mut dashes, mut stops, mut other, mut wide) = (0usize, 0, 0, 0, 0, 0, 0);
        for &byte in bytes {
            let plain = match byte {
                b'A'..=b'Z' => {
                    capitals += 1;
                    byte | 0x20
                }
                b'a'..=b'z' => {
                    small += 1;
                    byte
                }
                b'0'..=b'9' => {
                    digits += 1;
                    b'0'
                }
                b'-' => {
                    dashes += 1;
                    byte
                }
                b'.' => {
                    stops += 1;
                    byte
                }
                0x80.. => {
                    wide += 1;
                    byte
                }
                _ => {
                    other += 1;
                    byte
                }
            };
            lower = (lower ^ u64::from(plain)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        // Curly marks are read as straight ones.
        if wide > 0 && bytes.len() <= 12 {
            let word = span.of(text);
            if word.contains(['’', '‘', '“', '”', '–', '—', '…']) {
                let straight =
                    word.replace(['’', '‘'], "'").replace(['“', '”'], "\"").replace(['–', '—'], "-").replace('…', "...");
                lower = hash(straight.as_bytes());
            }
        }
        let first = bytes.first().copied().unwrap_or(0);
        let many = |n: usize| n.min(2) as u64;
        let shape = many(capitals)
            | u64::from(small > 0) << 2
            | many(digits) << 3
            | many(dashes) << 5
            | many(stops) << 7
            | many(other) << 9
            | u64::from(wide > 0) << 11
            | u64::from(first.is_ascii_uppercase()) << 12
            | u64::from(first.is_ascii_digit()) << 13
            | (bytes.len().min(7) as u64) << 14;
        let n = bytes.len();
        let end = |k: usize| if n >= k { hash(&bytes[n - k..]) } else { 0 };
        let start = |k: usize| if n >= k { hash(&bytes[..k]) } else { 0 };
        Word { lower, suffixes: [end(2), end(3), end(4)], prefixes: [start(2), start(3)], shape }
    }
}

/// Hash for places outside the sentence.
pub const EDGE: Word = Word { lower: 1, suffixes: [1; 3], prefixes: [1; 2], shape: 1 << 20 };

/// Row of a word in the network's table `k`: last two, three, four letters, first two, three, shape.
#[inline]
pub fn bucket(word: &Word, k: usize, buckets: usize) -> usize {
    let hash = match k {
        0..3 => word.suffixes[k],
        3..5 => word.prefixes[k - 3],
        _ => word.shape,
    };
    (mix(hash, k as u64) >> 20) as usize % buckets
}
