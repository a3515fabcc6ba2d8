//! The gazetteer: names of places, their coordinates and what they are, opened in place from one block of bytes.
//!
//! Layout, little-endian (`build.rs` writes it): the magic words; eight section offsets (`u32`); then
//! features (8 bytes each, padded with blanks), countries (3 bytes each), first-order divisions (3 bytes each: the
//! record of the division), buckets (`u32`: first entry of the bucket, one more than there are), entries (6 bytes: 24
//! bits of the name's hash, then 23 bits record and on top one bit "other name"), records (17 bytes), names (one byte of
//! length, then the letters). The upper bits of a name's hash choose its bucket. A wide gazetteer, for more than eight
//! million places or names beyond 16 MB, has 31 bits for the record of an entry (7 bytes) and four bytes for the place of
//! a record's name (18 bytes); it is written in parts (`Parts`) and else the same.

mod build;
mod fold;

pub use build::{Parts, Row, TooLarge, build};
pub(crate) use fold::Folded;
use std::borrow::Cow;
use std::ops::Range;

/// First bytes of a gazetteer.
const MAGIC: &[u8; 8] = b"TGAZ\x00\x00\x00\x01";
/// Sections of a gazetteer, in order.
const SECTIONS: usize = 7;
/// Bits of the hash that choose the bucket.
const BUCKET_BITS: u32 = 16;
/// First bytes of a wide one.
const MAGIC_WIDE: &[u8; 8] = b"TGAZ\x00\x00\x00\x02";
/// The entry is not the name the record is listed under.
const OTHER_NAME: u32 = 1 << 23;
/// The same in a wide gazetteer.
const OTHER_NAME_WIDE: u32 = 1 << 31;
/// No country, or no first-order division.
const NONE8: u8 = u8::MAX;
const NONE16: u16 = u16::MAX;
/// Steps per unit of the natural logarithm in which populations are kept.
const POPULATION_STEPS: f64 = 12.0;

/// Bucket and remaining bits of a name's hash.
fn split(hash: u64) -> (usize, u32) {
    ((hash >> (64 - BUCKET_BITS)) as usize, (hash >> (64 - BUCKET_BITS - 24)) as u32 & 0xff_ffff)
}

/// A degree as 24 bits, of a circle of 360 degrees starting at -180.
fn pack_degrees(degrees: f64) -> u32 {
    (((degrees + 180.0) / 360.0 * f64::from(1 << 24)).round() as i64).clamp(0, 0xff_ffff) as u32
}

/// The degree of those 24 bits, to five places.
fn unpack_degrees(bits: u32) -> f64 {
    ((f64::from(bits) / f64::from(1 << 24) * 360.0 - 180.0) * 1e4).round() / 1e4
}

/// Why a file is not a gazetteer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadGazetteer {
    /// It does not begin as one.
    Magic,
    /// It ends too early, or its sections do not follow one another.
    Cut,
}

impl std::fmt::Display for BadGazetteer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            BadGazetteer::Magic => "not a gazetteer of this version",
            BadGazetteer::Cut => "the gazetteer is cut off or damaged",
        })
    }
}

impl std::error::Error for BadGazetteer {}

/// A gazetteer, opened in place: nothing is read until a name is looked up.
#[derive(Clone, Debug)]
pub struct Gazetteer {
    data: Cow<'static, [u8]>,
    sections: [(usize, usize); SECTIONS],
    /// Bytes of the number of a record in an entry, and of the place of a name in a record: 3 or 4.
    width: usize,
}

/// A place of one gazetteer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Site<'g> {
    /// Its number in the gazetteer; the more populous come first.
    pub id: u32,
    /// The name it is listed under.
    pub name: &'g str,
    /// WGS 84 decimal degrees.
    pub lat: f64,
    /// WGS 84 decimal degrees.
    pub lon: f64,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// ISO 3166-1 alpha-3; `None` for seas, continents and what several states share.
    pub country: Option<&'g str>,
    /// GeoNames feature code.
    pub feature: &'g str,
    /// Its first-order division, as a place of the gazetteer.
    pub admin: Option<u32>,
    /// Natural logarithm of its population; of places without people, of the population that would make them as well known.
    pub weight: f32,
}

impl Gazetteer {
    /// The gazetteer shipped with the program.
    pub fn shipped() -> Gazetteer {
        static BYTES: &[u8] = include_bytes!("../../../../models/gazetteer.bin");
        Gazetteer::open(Cow::Borrowed(BYTES)).unwrap_or_else(|_| Gazetteer::empty())
    }

    /// A gazetteer without places.
    pub fn empty() -> Gazetteer {
        Gazetteer { data: Cow::Borrowed(&[]), sections: [(0, 0); SECTIONS], width: 3 }
    }

    /// The gazetteer in these bytes.
    pub fn open(data: Cow<'static, [u8]>) -> Result<Gazetteer, BadGazetteer> {
        let width = match data.get(..MAGIC.len()) {
            Some(magic) if magic == MAGIC => 3,
            Some(magic) if magic == MAGIC_WIDE => 4,
            _ => return Err(BadGazetteer::Magic),
        };
        let word = |i: usize| data.get(8 + 4 * i..12 + 4 * i).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let mut sections = [(0, 0); SECTIONS];
        for (i, section) in sections.iter_mut().enumerate() {
            let (Some(start), Some(end)) = (word(i), word(i + 1)) else { return Err(BadGazetteer::Cut) };
            if start > end || end > data.len() {
                return Err(BadGazetteer::Cut);
            }
            *section = (start, end);
        }
        if sections[3].1 - sections[3].0 != 4 * ((1 << BUCKET_BITS) + 1) {
            return Err(BadGazetteer::Cut);
        }
        Ok(Gazetteer { data, sections, width })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        (self.sections[5].1 - self.sections[5].0) / self.record()
    }

    /// Bytes of a record.
    fn record(&self) -> usize {
        14 + self.width
    }

    /// Bytes of an entry.
    fn entry(&self) -> usize {
        3 + self.width
    }

    /// Has it no places?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn section(&self, i: usize) -> &[u8] {
        &self.data[self.sections[i].0..self.sections[i].1]
    }

    /// The places of that name, the more populous first, each with whether it is listed under another name.
    pub fn find<'g>(&'g self, name: &str) -> impl Iterator<Item = (Site<'g>, bool)> + use<'g> {
        self.entries(Folded::new(name).map_or(0..0, |folded| self.range(folded.hash())))
    }

    /// The places of those entries.
    pub(crate) fn entries<'g>(&'g self, range: Range<usize>) -> impl Iterator<Item = (Site<'g>, bool)> + use<'g> {
        let entries = self.section(4);
        let other = if self.width == 4 { OTHER_NAME_WIDE } else { OTHER_NAME };
        range.filter_map(move |i| {
            let bits = self.wide(entries.get(self.entry() * i + 3..)?)?;
            Some((self.site(bits & !other)?, bits & other != 0))
        })
    }

    /// The entries of a name's hash, first and one past the last.
    pub(crate) fn range(&self, hash: u64) -> Range<usize> {
        let (bucket, rest) = split(hash);
        let buckets = self.section(3);
        let edge = |i: usize| buckets.get(4 * i..4 * i + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let entries = self.section(4);
        let key = |i: usize| entries.get(self.entry() * i..).and_then(read24).unwrap_or(0);
        let (mut first, mut after) = (edge(bucket), edge(bucket + 1).min(entries.len() / self.entry()));
        let end = after;
        while first < after {
            let middle = first + (after - first) / 2;
            if key(middle) < rest { first = middle + 1 } else { after = middle }
        }
        let mut last = first;
        while last < end && key(last) == rest {
            last += 1;
        }
        first..last
    }

    /// The place of that number.
    pub fn site(&self, id: u32) -> Option<Site<'_>> {
        let size = self.record();
        let record = self.section(5).get(size * id as usize..size * (id as usize + 1))?;
        let names = self.section(6).get(self.wide(&record[9..])? as usize..)?;
        let name = std::str::from_utf8(names.get(1..1 + usize::from(*names.first()?))?).ok()?;
        let &[country, feature, admin, high, people] = record.get(9 + self.width..)? else { return None };
        let admin = u16::from_le_bytes([admin, high]);
        Some(Site {
            id,
            name,
            lat: unpack_degrees(read24(record)?),
            lon: unpack_degrees(read24(&record[3..])?),
            geonames: read24(&record[6..]).filter(|&id| id != 0),
            country: if country == NONE8 { None } else { self.text(1, 3, country) },
            feature: self.text(0, 8, feature).unwrap_or(""),
            admin: if admin == NONE16 { None } else { self.sub(2, self.width, usize::from(admin)).and_then(|b| self.wide(b)) },
            weight: (f64::from(people) / POPULATION_STEPS) as f32,
        })
    }

    /// A number of as many bytes as the gazetteer's numbers have.
    fn wide(&self, bytes: &[u8]) -> Option<u32> {
        if self.width == 3 {
            return read24(bytes);
        }
        Some(u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?))
    }

    /// The word that is item `i` of a section of words of `size` bytes.
    fn text(&self, section: usize, size: usize, i: u8) -> Option<&str> {
        Some(std::str::from_utf8(self.sub(section, size, usize::from(i))?).ok()?.trim_end())
    }

    /// Item `i` of a section of items of `size` bytes.
    fn sub(&self, section: usize, size: usize, i: usize) -> Option<&[u8]> {
        self.section(section).get(size * i..size * (i + 1))
    }
}

/// A name in the one spelling in which names are looked up; `None` if it is not in Latin letters.
pub fn folded_name(name: &str) -> Option<String> {
    Some(String::from_utf8_lossy(Folded::new(name)?.as_bytes()).into_owned())
}

/// Three bytes, low first.
fn read24(bytes: &[u8]) -> Option<u32> {
    let b = bytes.get(..3)?;
    Some(u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16)
}

#[cfg(test)]
mod tests;
