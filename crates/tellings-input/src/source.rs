//! Bytes from outside as one stream: packed ones (gzip in any number of members, Zstandard) are unpacked on the way, and what is
//! damaged is skipped. A stream that expands out of all measure is refused.

use flate2::bufread::GzDecoder;
use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result};

/// Bytes from outside, as they are.
pub type Bytes = Box<dyn BufRead + Send>;

/// Unpacked bytes beyond which a stream must not be more than [`RATIO`] times as long as it was packed.
const FREE: u64 = 256 << 20;
/// More than text ever gains; what exceeds it is made to fill memory or disk.
const RATIO: u64 = 250;

/// A stream of unpacked bytes.
///
/// An error means that something was skipped or lost at this place; reading may go on, and ends when there is nothing
/// more. No error comes for ever.
pub(crate) struct Source {
    layer: Box<dyn BufRead + Send>,
    ended: bool,
}

impl Source {
    /// The stream of these bytes, unpacked where they are packed.
    pub(crate) fn new(mut bytes: Bytes) -> Source {
        let head = bytes.fill_buf().unwrap_or_default();
        let layer: Box<dyn BufRead + Send> = if head.starts_with(b"\x1f\x8b") {
            Box::new(BufReader::with_capacity(1 << 16, Gunzip::new(bytes)))
        } else if head.starts_with(b"\x28\xb5\x2f\xfd") {
            match zstd::stream::read::Decoder::with_buffer(Packed::new(bytes)) {
                Ok(decoder) => Box::new(BufReader::with_capacity(1 << 16, Unzstd { decoder, given: 0 })),
                Err(_) => Box::new(std::io::empty()),
            }
        } else {
            bytes
        };
        Source { layer, ended: false }
    }

    /// What comes next, up to `length` bytes, without taking it.
    pub(crate) fn peek(mut self, length: usize) -> (Vec<u8>, Source) {
        let mut head = Vec::new();
        let mut failed = None;
        while head.len() < length {
            match self.fill_buf() {
                Ok([]) => break,
                Ok(buffer) => {
                    let taken = buffer.len().min(length - head.len());
                    head.extend_from_slice(&buffer[..taken]);
                    self.consume(taken);
                }
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        let again = std::io::Cursor::new(head.clone());
        let layer: Box<dyn BufRead + Send> = match failed {
            None => Box::new(again.chain(self)),
            Some(error) => Box::new(again.chain(BufReader::new(Fails(Some(error)))).chain(self)),
        };
        (head, Source { layer, ended: false })
    }

    /// All bytes, `most` at most; how many there are; and what was wrong on the way.
    pub(crate) fn whole(&mut self, most: usize) -> (Vec<u8>, u64, Option<Error>) {
        let (mut bytes, mut length, mut wrong) = (Vec::new(), 0, None);
        loop {
            match self.fill_buf() {
                Ok([]) => return (bytes, length, wrong),
                Ok(buffer) => {
                    bytes.extend_from_slice(&buffer[..buffer.len().min(most - bytes.len())]);
                    let taken = buffer.len();
                    length += taken as u64;
                    self.consume(taken);
                }
                Err(error) => wrong = wrong.or(Some(error)),
            }
        }
    }

    /// The next line with its end, `most` bytes of it at most, and how long it is; `None` where there is no more.
    pub(crate) fn line(&mut self, most: usize) -> Result<Option<(Vec<u8>, u64)>> {
        let (mut line, mut length) = (Vec::new(), 0u64);
        loop {
            let buffer = self.fill_buf()?;
            if buffer.is_empty() {
                return Ok((length > 0).then_some((line, length)));
            }
            let end = memchr::memchr(b'\n', buffer);
            let taken = end.map_or(buffer.len(), |end| end + 1);
            line.extend_from_slice(&buffer[..taken.min(most - line.len())]);
            length += taken as u64;
            self.consume(taken);
            if end.is_some() {
                return Ok(Some((line, length)));
            }
        }
    }
}

/// Bytes that are at hand, as many as there is room for.
fn copied(from: &mut impl BufRead, out: &mut [u8]) -> Result<usize> {
    let buffer = from.fill_buf()?;
    let taken = buffer.len().min(out.len());
    out[..taken].copy_from_slice(&buffer[..taken]);
    from.consume(taken);
    Ok(taken)
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        copied(self, out)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        if self.ended {
            return Ok(&[]);
        }
        // Only a damaged stretch (`InvalidData`) can be passed; the same call again finds what stands behind it.
        match self.layer.fill_buf() {
            Ok([]) => {
                self.ended = true;
                Ok(&[])
            }
            // Asked twice for the borrow checker's sake: the buffer is there.
            Ok(_) => self.layer.fill_buf(),
            Err(error) => {
                self.ended = error.kind() != ErrorKind::InvalidData && error.kind() != ErrorKind::Interrupted;
                Err(error)
            }
        }
    }

    fn consume(&mut self, amount: usize) {
        if !self.ended {
            self.layer.consume(amount);
        }
    }
}

/// Gives one error, then nothing.
struct Fails(Option<Error>);

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

fn bomb() -> Error {
    Error::other(format!("it expands to more than {RATIO} times its size: refused"))
}

/// Packed bytes: counts what was taken, and can go back a little, for damaged ones may be read beyond their end.
struct Packed {
    bytes: Bytes,
    taken: u64,
    /// What was taken last.
    kept: Vec<u8>,
}

/// Bytes that can be gone back.
const KEPT: usize = 2 << 20;

impl Packed {
    fn new(bytes: Bytes) -> Packed {
        Packed { bytes, taken: 0, kept: Vec::new() }
    }

    /// Goes back to the byte behind the one at `place`, or as far as that can be done.
    fn back(mut self, place: u64) -> Packed {
        let back = ((self.taken - place).saturating_sub(1) as usize).min(self.kept.len());
        let again = self.kept.split_off(self.kept.len() - back);
        let bytes = Box::new(std::io::Cursor::new(again).chain(self.bytes));
        Packed { bytes, taken: self.taken - back as u64, kept: Vec::new() }
    }
}

impl Read for Packed {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        copied(self, out)
    }
}

impl BufRead for Packed {
    fn fill_buf(&mut self) -> Result<&[u8]> {
        self.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(buffer) = self.bytes.fill_buf() {
            if self.kept.len() > 2 * KEPT {
                self.kept.drain(..KEPT);
            }
            self.kept.extend_from_slice(&buffer[..amount]);
        }
        self.taken += amount as u64;
        self.bytes.consume(amount);
    }
}

/// Members of a gzip file one after the other. A damaged one ends with an error, and the next one that can be found follows.
struct Gunzip {
    member: Option<GzDecoder<Packed>>,
    rest: Option<Packed>,
    /// Where the last member began.
    start: u64,
    /// Within a damaged stretch, which was told.
    damaged: bool,
    given: u64,
}

impl Gunzip {
    fn new(bytes: Bytes) -> Gunzip {
        Gunzip { member: None, rest: Some(Packed::new(bytes)), start: 0, damaged: false, given: 0 }
    }

    /// Goes to where a member may begin. `false` at the end.
    fn seek(rest: &mut Packed, garbage: &mut bool) -> Result<bool> {
        loop {
            let buffer = rest.fill_buf()?;
            if buffer.is_empty() {
                return Ok(false);
            }
            let begins = |&i: &usize| b"\x1f\x8b\x08".starts_with(&buffer[i..buffer.len().min(i + 3)]);
            let found = memchr::memchr_iter(0x1f, buffer).find(begins);
            let skipped = found.unwrap_or(buffer.len());
            *garbage |= buffer[..skipped].iter().any(|&b| b != 0);
            rest.consume(skipped);
            if found.is_some() {
                return Ok(true);
            }
        }
    }
}

impl Read for Gunzip {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(mut member) = self.member.take() {
                match member.read(out) {
                    Ok(0) => {
                        self.rest = Some(member.into_inner());
                        self.damaged = false;
                        continue;
                    }
                    Ok(read) => {
                        self.given += read as u64;
                        let taken = member.get_ref().taken;
                        if self.given > FREE && self.given / RATIO > taken {
                            return Err(bomb());
                        }
                        self.member = Some(member);
                        return Ok(read);
                    }
                    Err(error) => {
                        let mut rest = member.into_inner();
                        let ends = rest.fill_buf().map_or(true, <[u8]>::is_empty);
                        self.rest = Some(rest.back(self.start));
                        if !std::mem::replace(&mut self.damaged, true) {
                            let note = match ends && error.kind() == ErrorKind::UnexpectedEof {
                                true => "the packed bytes end too soon: truncated".to_string(),
                                false => format!("packed bytes are damaged ({error})"),
                            };
                            return Err(Error::new(ErrorKind::InvalidData, note));
                        }
                        continue;
                    }
                }
            }
            let Some(rest) = &mut self.rest else { return Ok(0) };
            let mut garbage = false;
            let more = Self::seek(rest, &mut garbage)?;
            if garbage && !std::mem::replace(&mut self.damaged, true) {
                return Err(Error::new(ErrorKind::InvalidData, "bytes between the packed parts were skipped"));
            }
            if !more {
                return Ok(0);
            }
            let Some(mut rest) = self.rest.take() else { return Ok(0) };
            self.start = rest.taken;
            rest.kept.clear();
            self.member = Some(GzDecoder::new(rest));
        }
    }
}

/// An unpacked Zstandard stream.
struct Unzstd {
    decoder: zstd::stream::read::Decoder<'static, Packed>,
    given: u64,
}

impl Read for Unzstd {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let read = self.decoder.read(out).map_err(|error| Error::other(format!("packed bytes are damaged ({error})")))?;
        self.given += read as u64;
        if self.given > FREE && self.given / RATIO > self.decoder.get_ref().taken { Err(bomb()) } else { Ok(read) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use std::io::Write;

    fn member(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    fn lines(bytes: Vec<u8>) -> Vec<String> {
        let mut source = Source::new(Box::new(std::io::Cursor::new(bytes)));
        let mut found = Vec::new();
        loop {
            match source.line(1 << 20) {
                Ok(None) => return found,
                Ok(Some((line, _))) => found.push(String::from_utf8_lossy(&line).trim().to_string()),
                Err(error) => found.push(format!("!{}", error.to_string().split(' ').next().unwrap())),
            }
        }
    }

    #[test]
    fn members_follow_each_other_and_a_damaged_one_is_passed() {
        let good = [member("one\n"), member("two\n"), member("three\n")];
        assert_eq!(lines(good.concat()), ["one", "two", "three"]);
        let mut bad = good.clone();
        bad[1][14] ^= 0xff;
        let read = lines(bad.concat());
        assert_eq!((read.first().unwrap().as_str(), read.last().unwrap().as_str()), ("one", "three"));
        assert_eq!(read.iter().filter(|l| l.starts_with('!')).count(), 1, "{read:?}");
        let mut cut = good.concat();
        cut.truncate(cut.len() - 6);
        assert!(lines(cut).contains(&"!the".to_string()));
        let padded = [good[0].clone(), vec![0; 600], good[2].clone(), vec![0; 9]].concat();
        assert_eq!(lines(padded), ["one", "three"]);
        let noise = [good[0].clone(), b"noise".to_vec(), good[2].clone()].concat();
        assert_eq!(lines(noise), ["one", "!bytes", "three"]);
    }

    #[test]
    fn what_expands_out_of_measure_is_refused() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let zeros = vec![0u8; 1 << 20];
        (0..300).for_each(|_| encoder.write_all(&zeros).unwrap());
        let packed = encoder.finish().unwrap();
        let (_, length, wrong) = Source::new(Box::new(std::io::Cursor::new(packed))).whole(10);
        assert!(length < 270 << 20 && wrong.unwrap().to_string().contains("refused"));
    }

    #[test]
    fn peeking_takes_nothing() {
        let (head, mut source) = Source::new(Box::new(std::io::Cursor::new(member("one\ntwo\n")))).peek(5);
        assert_eq!(head, b"one\nt");
        assert_eq!(source.whole(100).0, b"one\ntwo\n");
    }
}
