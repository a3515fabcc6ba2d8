//! The gazetteer: names of places, their coordinates and what they are, opened in place from one block of bytes.
//!
//! Layout, little-endian (`build.rs` writes it): the magic words; eight section offsets (`u32`); then
//! features (8 bytes each, padded with blanks), countries (3 bytes each), first-order divisions (3 bytes each: the
//! record of the division), buckets (`u32`: first entry of the bucket, one more than there are), entries (6 bytes: 24
//! bits of the name's hash, then 23 bits record and on top one bit "other name"), records (17 bytes), names (one byte of
//! length, then the letters). The upper bits of a name's hash choose its bucket.

mod build;
mod fold;

pub use build::{Row, build};
pub(crate) use fold::Folded;
use std::borrow::Cow;
use std::ops::Range;

/// First bytes of a gazetteer.
const MAGIC: &[u8; 8] = b"TGAZ\x00\x00\x00\x01";
/// Sections of a gazetteer, in order.
const SECTIONS: usize = 7;
/// Bits of the hash that choose the bucket.
const BUCKET_BITS: u32 = 16;
/// Bytes of a record.
const RECORD: usize = 17;
/// Bytes of an entry.
const ENTRY: usize = 6;
/// The entry is not the name the record is listed under.
const OTHER_NAME: u32 = 1 << 23;
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
        Gazetteer { data: Cow::Borrowed(&[]), sections: [(0, 0); SECTIONS] }
    }

    /// The gazetteer in these bytes.
    pub fn open(data: Cow<'static, [u8]>) -> Result<Gazetteer, BadGazetteer> {
        if data.get(..MAGIC.len()) != Some(MAGIC) {
            return Err(BadGazetteer::Magic);
        }
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
        Ok(Gazetteer { data, sections })
    }

    /// Number of places.
    pub fn len(&self) -> usize {
        (self.sections[5].1 - self.sections[5].0) / RECORD
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
        range.filter_map(move |i| {
            let bits = read24(entries.get(ENTRY * i + 3..)?)?;
            Some((self.site(bits & !OTHER_NAME)?, bits & OTHER_NAME != 0))
        })
    }

    /// The entries of a name's hash, first and one past the last.
    pub(crate) fn range(&self, hash: u64) -> Range<usize> {
        let (bucket, rest) = split(hash);
        let buckets = self.section(3);
        let edge = |i: usize| buckets.get(4 * i..4 * i + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]) as usize);
        let entries = self.section(4);
        let key = |i: usize| entries.get(ENTRY * i..).and_then(read24).unwrap_or(0);
        let mut first = edge(bucket);
        let end = edge(bucket + 1).min(entries.len() / ENTRY);
        while first < end && key(first) < rest {
            first += 1;
        }
        let mut last = first;
        while last < end && key(last) == rest {
            last += 1;
        }
        first..last
    }

    /// The place of that number.
    pub fn site(&self, id: u32) -> Option<Site<'_>> {
        let record = self.section(5).get(RECORD * id as usize..RECORD * (id as usize + 1))?;
        let names = self.section(6).get(read24(&record[9..])? as usize..)?;
        let name = std::str::from_utf8(names.get(1..1 + usize::from(*names.first()?))?).ok()?;
        let admin = u16::from_le_bytes([record[14], record[15]]);
        Some(Site {
            id,
            name,
            lat: unpack_degrees(read24(record)?),
            lon: unpack_degrees(read24(&record[3..])?),
            geonames: read24(&record[6..]).filter(|&id| id != 0),
            country: if record[12] == NONE8 { None } else { self.text(1, 3, record[12]) },
            feature: self.text(0, 8, record[13]).unwrap_or(""),
            admin: if admin == NONE16 { None } else { self.sub(2, 3, usize::from(admin)).and_then(read24) },
            weight: (f64::from(record[16]) / POPULATION_STEPS) as f32,
        })
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
