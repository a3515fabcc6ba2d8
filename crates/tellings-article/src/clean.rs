//! From bytes to clean text: encoding, line ends and control characters, with a map back to the bytes.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use tellings_doc::{Piece, Problem, RawMap};

/// Clean text under construction, with its way back to the source.
#[derive(Debug, Default)]
pub(crate) struct Clean {
    pub(crate) text: String,
    pub(crate) map: RawMap,
}

impl Clean {
    /// Appends `text`, which stands at `raw` in the source and takes `raw_len` bytes there.
    pub(crate) fn push(&mut self, text: &str, raw: usize, raw_len: usize) {
        if text.is_empty() {
            return;
        }
        let (at, same) = (self.text.len() as u32, text.len() == raw_len);
        self.text.push_str(text);
        match self.map.pieces.last_mut() {
            Some(last)
                if same
                    && last.text_len == last.raw_len
                    && last.text + last.text_len == at
                    && (last.raw + last.raw_len) as usize == raw =>
            {
                last.text_len += text.len() as u32;
                last.raw_len += text.len() as u32;
            }
            _ => self.map.pieces.push(Piece { text: at, raw: raw as u32, text_len: text.len() as u32, raw_len: raw_len as u32 }),
        }
    }

    /// Appends text that stands nowhere in the source.
    pub(crate) fn push_unmapped(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The same text, its map leading on through `below`: this source's own way back.
    pub(crate) fn over(mut self, below: &RawMap) -> Clean {
        if below.pieces.iter().all(|p| p.text == p.raw && p.text_len == p.raw_len) {
            return self;
        }
        let mut pieces: Vec<Piece> = Vec::with_capacity(self.map.pieces.len());
        for piece in &self.map.pieces {
            let (start, end) = (piece.raw, piece.raw + piece.raw_len);
            let first = below.pieces.partition_point(|p| p.text + p.text_len <= start);
            for under in below.pieces[first..].iter().take_while(|p| p.text < end) {
                let (from, to) = (under.text.max(start), (under.text + under.text_len).min(end));
                let (text, text_len) = match piece.text_len == piece.raw_len {
                    true => (piece.text + from - start, to - from),
                    false => (piece.text, piece.text_len),
                };
                let (raw, raw_len) = match under.text_len == under.raw_len {
                    true => (under.raw + from - under.text, to - from),
                    false => (under.raw, under.raw_len),
                };
                pieces.push(Piece { text, raw, text_len, raw_len });
            }
        }
        // Pieces of which one text byte came from several stretches: the first stands for all.
        pieces.dedup_by(|b, a| b.text < a.text + a.text_len);
        self.map.pieces = pieces;
        self
    }
}

/// Bytes of text as characters: the encoding told by byte order mark, by `declared`, by validity as UTF-8, or guessed.
pub(crate) fn decode(bytes: &[u8], declared: Option<&'static Encoding>, problems: &mut Vec<Problem>) -> Clean {
    let mut clean = Clean::default();
    let (encoding, start) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => (unmarked(bytes, declared), 0),
    };
    let body = &bytes[start..];
    if encoding == UTF_8 {
        utf8(body, start, &mut clean, problems);
        return clean;
    }
    let mut lost = false;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        // A word at a time: fine enough for the map, and pairs of surrogates stay together.
        let unit = |pair: &[u8]| match (pair, encoding == UTF_16LE) {
            (&[a, b], true) => u16::from_le_bytes([a, b]),
            (&[a, b], false) => u16::from_be_bytes([a, b]),
            _ => 0xfffd,
        };
        let mut run = 0;
        for (i, pair) in body.chunks(2).enumerate() {
            let space = matches!(unit(pair), 0x20 | 0x0a | 0x0d | 0x09);
            if space || (i + 1) * 2 >= body.len() {
                let end = if space { i * 2 } else { body.len() };
                lost |= run_of(&body[run..end], encoding, start + run, &mut clean);
                if space {
                    lost |= run_of(pair, encoding, start + end, &mut clean);
                }
                run = end + if space { 2 } else { 0 };
            }
        }
    } else if encoding.is_single_byte() {
        // Runs of ASCII are the same bytes; the rest goes one by one.
        let mut at = 0;
        while at < body.len() {
            let ascii = body[at..].iter().take_while(|b| b.is_ascii()).count();
            let length = ascii.max(1);
            lost |= run_of(&body[at..at + length], encoding, start + at, &mut clean);
            at += length;
        }
    } else {
        let mut at = 0;
        for line in body.split_inclusive(|&b| b == b'\n') {
            lost |= run_of(line, encoding, start + at, &mut clean);
            at += line.len();
        }
    }
    if lost {
        problems.push(Problem::new("encoding", format!("some bytes are not {} and were lost", encoding.name())));
    }
    clean
}

/// The encoding of bytes without a byte order mark.
fn unmarked(bytes: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    let head = &bytes[..bytes.len().min(4096)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if head.len() >= 4 && odd * 3 > head.len() && even * 20 < head.len() {
        return UTF_16LE;
    }
    if head.len() >= 4 && even * 3 > head.len() && odd * 20 < head.len() {
        return UTF_16BE;
    }
    // A few broken sequences in long UTF-8 text do not make it another encoding.
    match std::str::from_utf8(bytes) {
        Ok(_) => return UTF_8,
        Err(error) if error.error_len().is_none() => return UTF_8,
        Err(_) => {}
    }
    if let Some(declared) = declared.filter(|&e| e != UTF_8 && e != UTF_16LE && e != UTF_16BE) {
        return declared;
    }
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|b| !b.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if bad * 20 < good {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[..bytes.len().min(1 << 18)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-8, with what is broken marked by U+FFFD.
fn utf8(body: &[u8], start: usize, clean: &mut Clean, problems: &mut Vec<Problem>) {
    let (mut at, mut broken, mut cut) = (start, 0usize, false);
    if let Ok(whole) = std::str::from_utf8(body) {
        clean.push(whole, start, whole.len());
        return;
    }
    for chunk in body.utf8_chunks() {
        clean.push(chunk.valid(), at, chunk.valid().len());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            let length = chunk.invalid().len();
            at += length;
            cut = at == start + body.len() && std::str::from_utf8(chunk.invalid()).is_err_and(|e| e.error_len().is_none());
            if !cut {
                clean.push("\u{fffd}", at - length, length);
                broken += 1;
            }
        }
    }
    if cut {
        problems.push(Problem::new("truncated", "the input ends inside a character"));
    }
    if broken > 0 {
        problems.push(Problem::new("encoding", format!("{broken} stretches of bytes are not UTF-8")));
    }
}

fn run_of(bytes: &[u8], encoding: &'static Encoding, raw: usize, clean: &mut Clean) -> bool {
    let (text, lost) = encoding.decode_without_bom_handling(bytes);
    if !text.is_empty() && text.is_ascii() && text.len() == bytes.len() {
        clean.push(&text, raw, bytes.len());
    } else if !text.is_empty() {
        // Never joined to its neighbours: equal lengths here do not mean equal bytes, but the stretch is short.
        clean.push(&text, raw, bytes.len());
    }
    lost
}

/// Is this no text at all? Says what it looks like.
pub(crate) fn binary(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 14] = [
        (b"%PDF-", "a PDF file"),
        (b"PK\x03\x04", "a ZIP archive or office document"),
        (b"\x1f\x8b", "a gzip file"),
        (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
        (b"\xfd7zXZ", "an XZ file"),
        (b"BZh", "a bzip2 file"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"\x7fELF", "a program"),
        (b"MZ\x90", "a program"),
        (b"SQLite format 3", "an SQLite database"),
        (b"PAR1", "a Parquet file"),
        (b"\xd0\xcf\x11\xe0", "an old office document"),
    ];
    if let Some((_, name)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(name);
    }
    if Encoding::for_bom(bytes).is_some() {
        return None;
    }
    let head = &bytes[..bytes.len().min(1 << 16)];
    let strange = head.iter().filter(|&&b| b < 32 && !matches!(b, b'\n' | b'\r' | b'\t' | 0x0c | 0x1b)).count();
    let zeros = head.iter().filter(|&&b| b == 0).count();
    let wide = matches!(unmarked(head, None), e if e == UTF_16LE || e == UTF_16BE);
    (!wide && (zeros > 0 && zeros * 100 > head.len() || strange * 20 > head.len())).then_some("binary data")
}

/// Line ends made `\n`, control characters and marks that have no width taken out; all else stays, non-breaking spaces too.
pub(crate) fn tidy(decoded: Clean) -> Clean {
    let unclean = |c: char| matches!(c, '\r' | '\u{0}'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}');
    let text = &decoded.text;
    // Only these bytes start a character that is looked for; most pages have few of them.
    let suspect = |b: u8| b < 0x20 && b != b'\n' && b != b'\t' || matches!(b, 0x7f | 0xc2 | 0xe2 | 0xef);
    let next = |from: usize| {
        let rest = &text.as_bytes()[from..];
        let chunk = rest.chunks(64).position(|chunk| chunk.iter().fold(false, |any, &b| any | suspect(b)))? * 64;
        rest[chunk..].iter().position(|&b| suspect(b)).map(|i| from + chunk + i)
    };
    let mut from = 0;
    let mut found = std::iter::from_fn(|| {
        loop {
            let i = next(from)?;
            let c = text[i..].chars().next()?;
            from = i + c.len_utf8();
            if unclean(c) {
                return Some((i, c));
            }
        }
    })
    .peekable();
    if found.peek().is_none() {
        drop(found);
        return decoded;
    }
    let (mut clean, mut run) = (Clean::default(), 0);
    for (i, c) in found {
        clean.push(&text[run..i], run, i - run);
        run = i + c.len_utf8();
        let line_end = match c {
            '\r' => text.as_bytes().get(run) != Some(&b'\n'),
            '\u{85}' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}' => true,
            _ => false,
        };
        if line_end {
            clean.push("\n", i, c.len_utf8());
        }
    }
    clean.push(&text[run..], run, text.len() - run);
    clean.over(&decoded.map)
}

/// A page without the pictures and fonts that stand in it (`data:image/png;base64,…`), and the way back to its own bytes.
pub(crate) fn without_data(bytes: &[u8]) -> (Vec<u8>, RawMap) {
    let (mut out, mut pieces, mut kept) = (Vec::new(), Vec::new(), 0);
    let mut keep = |out: &mut Vec<u8>, from: usize, to: usize| {
        if to > from {
            pieces.push(Piece {
                text: out.len() as u32,
                raw: from as u32,
                text_len: (to - from) as u32,
                raw_len: (to - from) as u32,
            });
            out.extend_from_slice(&bytes[from..to]);
        }
    };
    for at in memchr::memmem::find_iter(bytes, b"data:") {
        // Letters, digits and signs that addresses have, up to the mark that ends them.
        let length =
            bytes[at..].iter().take_while(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'\'' | b')' | b'<' | b'>')).count();
        if at >= kept && length > 256 {
            keep(&mut out, kept, at);
            kept = at + length;
        }
    }
    keep(&mut out, kept, bytes.len());
    (out, RawMap { pieces })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tellings_doc::Span;

    fn read(bytes: &[u8]) -> (Clean, Vec<Problem>) {
        let mut problems = Vec::new();
        (tidy(decode(bytes, None, &mut problems)), problems)
    }

    #[test]
    fn encodings_are_told() {
        let text = "“Gaps of trust” — said the envoy in Zürich, où les négociations ont repris.\n";
        assert_eq!(read(text.as_bytes()).0.text, text);
        assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).0.text, text);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&[b"\xff\xfe".as_slice(), &wide].concat()).0.text, text);
        assert_eq!(
            read("The talks in Geneva ended.".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>().as_slice()).0.text,
            "The talks in Geneva ended."
        );
        assert_eq!(read(&encoding_rs::WINDOWS_1252.encode(text).0).0.text, text);
    }

    #[test]
    fn the_map_leads_to_the_bytes() {
        let bytes = encoding_rs::WINDOWS_1252.encode("A “true” halt\r\nto the\r\nfighting\u{a0}now").0.into_owned();
        let (clean, _) = read(&bytes);
        assert_eq!(clean.text, "A “true” halt\nto the\nfighting\u{a0}now");
        let at = clean.text.find("fighting").unwrap();
        assert_eq!(&bytes[clean.map.raw(Span::new(at, at + 8)).unwrap()], b"fighting");
        let at = clean.text.find('“').unwrap();
        assert_eq!(&bytes[clean.map.raw(Span::new(at, at + "“true”".len())).unwrap()], b"\x93true\x94");
    }

    #[test]
    fn broken_bytes_are_told() {
        assert_eq!(read("Talks in Genev\u{e9}".as_bytes().split_last().unwrap().1).1[0].kind, "truncated");
        let long = ["“quoted”".repeat(30).as_bytes(), b"\xff end"].concat();
        assert_eq!(read(&long).1[0].kind, "encoding");
        assert_eq!(binary(b"%PDF-1.4 ..."), Some("a PDF file"));
        assert_eq!(binary(&[0, 1, 2, 3, 0, 0, 9, 200]), Some("binary data"));
        assert_eq!(binary(b"Plain text."), None);
    }
}
