//! Hostile input, made from good input by a seed: the same seed always makes the same bytes.

/// A small generator of numbers that look random (SplitMix64); the same on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A generator for a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 where there is none.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.roll() % n as u64) as usize }
    }
}

/// Pieces that have broken readers before: controls, marks of direction, odd blanks, half characters, quotes without
/// end, tags, entities, dates and numbers beyond all bounds.
pub const SNIPPETS: [&[u8]; 64] = [
    b"\0",
    b"\x01\x02\x1b[31m",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\xf0\x9f\x87",
    b"\xe2\x80",
    "\u{200b}".as_bytes(),
    "\u{feff}".as_bytes(),
    "\u{202e}gnp.exe\u{202c}".as_bytes(),
    "\u{2028}\u{2029}".as_bytes(),
    "\u{a0}\u{202f}\u{3000}".as_bytes(),
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}".as_bytes(),
    "👩‍👩‍👧‍👦🇺🇳".as_bytes(),
    "مرحبا بالعالم".as_bytes(),
    "北京外交部发言人".as_bytes(),
    "ǅ İı ſ ß ﬁ ῼ".as_bytes(),
    b"\"",
    b"''''''''",
    "“".as_bytes(),
    "”".as_bytes(),
    "‘“‘“".as_bytes(),
    "«".as_bytes(),
    b"((((((((",
    b"]]]]",
    b"...",
    b".........................",
    b"--",
    "—".as_bytes(),
    b"\r",
    b"\r\n\r\n",
    b"\n\n",
    b"\t\t",
    b"\n- ",
    b"\n# ",
    b"\n> ",
    b"U.S.",
    b"Mr.",
    b"No. ",
    b"a.m.",
    b"n't",
    b"'s",
    b" said ",
    b" not ",
    b" and ",
    b", who ",
    b"(AP) -- ",
    b"Feb. 30, 2016 ",
    b"on the 31st of November ",
    b"99999999999999999999 ",
    b"0000-00-00T99:99:99+99:99 ",
    b"1e400 ",
    b"-1 years ago ",
    b"9999999999 years ago ",
    b"in 400,000,000,000 weeks ",
    b"<p>",
    b"</div></div></div>",
    b"<!--",
    b"<![CDATA[",
    b"<script>",
    b"&#x110000;&#0;&nbsp",
    b"<time datetime='99999-99-99'>",
    b"<meta charset=utf-16>",
    b"{\"@type\":\"NewsArticle\",\"datePublished\":[[[[",
];

/// A changed copy of `input`: some cuts, repeats, moves, flips and insertions of [`SNIPPETS`] and of pieces of `other`.
pub fn mutate(input: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    const LONGEST: usize = 1 << 17;
    let mut bytes = input.to_vec();
    for _ in 0..1 + dice.below(12) {
        let at = dice.below(bytes.len() + 1);
        let reach = [4, 16, 64, 512][dice.below(4)];
        let end = (at + dice.below(reach)).min(bytes.len());
        match dice.below(12) {
            0 | 1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at..end].to_vec();
                let times = [1, 2, 8, 200][dice.below(4)];
                bytes.splice(at..at, piece.repeat(times));
            }
            3 => {
                let piece: Vec<u8> = bytes.drain(at..end).collect();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, piece);
            }
            4 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            5 if at < bytes.len() => bytes[at] = dice.roll() as u8,
            6 => {
                let from = dice.below(other.len() + 1);
                let to = (from + dice.below(reach * 4)).min(other.len());
                bytes.splice(at..end, other[from..to].iter().copied());
            }
            7 => bytes.truncate(at.max(1)),
            8 => bytes[at..end].reverse(),
            _ => {
                let snippet = SNIPPETS[dice.below(SNIPPETS.len())];
                let times = [1, 1, 1, 3, 40, 1000][dice.below(6)];
                bytes.splice(at..at, snippet.repeat(times));
            }
        }
        bytes.truncate(LONGEST);
    }
    bytes
}

/// An office document with this text: an archive of one part that is not packed.
pub fn document(xml: &[u8]) -> Vec<u8> {
    let name = b"word/document.xml";
    let size = (xml.len() as u32).to_le_bytes();
    let sizes = [size, size].concat();
    let mut zip = [b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0, 0, 0], name, xml].concat();
    let list = zip.len() as u32;
    zip.extend([b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0".as_slice(), &sizes, &[17, 0], &[0; 16], name].concat());
    let length = zip.len() as u32 - list;
    zip.extend([b"PK\x05\x06\0\0\0\0\x01\0\x01\0".as_slice(), &length.to_le_bytes(), &list.to_le_bytes(), &[0, 0]].concat());
    zip
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_bytes() {
        let made = |seed| mutate(b"The talks resumed.", b"<p>Both sides left.</p>", &mut Dice::new(seed));
        assert!((0..100).all(|seed| made(seed) == made(seed)));
        assert!((0..100).any(|seed| made(seed) != made(seed + 1)));
    }
}
