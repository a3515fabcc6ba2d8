//! Writing a gazetteer.

use super::{BUCKET_BITS, fold::Folded};
use super::{MAGIC, MAGIC_WIDE, NONE8, NONE16, OTHER_NAME, OTHER_NAME_WIDE, POPULATION_STEPS, SECTIONS, pack_degrees, split};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// One place to be put into a gazetteer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The name it is listed under.
    pub name: String,
    /// Its other names.
    pub others: Vec<String>,
    /// WGS 84 decimal degrees.
    pub lat: f64,
    /// WGS 84 decimal degrees.
    pub lon: f64,
    /// GeoNames id, 0 for none.
    pub geonames: u32,
    /// ISO 3166-1 alpha-3; empty for none.
    pub country: String,
    /// Code of its first-order division, or of itself if it is one (`SY.09`); empty for none.
    pub admin: String,
    /// GeoNames feature code.
    pub feature: String,
    /// People, or as many people as would make it as well known.
    pub population: u64,
}

/// The bytes of a gazetteer of these places: the same bytes whatever their order. Names not in Latin letters are left out.
pub fn build(mut rows: Vec<Row>) -> Vec<u8> {
    let order = |row: &Row| (Reverse(row.population), row.name.clone(), row.country.clone(), row.geonames, row.feature.clone());
    rows.sort_by_cached_key(order);
    rows.truncate(OTHER_NAME as usize);
    let mut features = Table::default();
    let mut countries = Table::default();
    let mut admins: FxHashMap<&str, u16> = FxHashMap::default();
    let mut admin_records = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        if row.feature == "ADM1" && !row.admin.is_empty() && admin_records.len() < usize::from(NONE16) {
            admins.entry(&row.admin).or_insert_with(|| {
                admin_records.push(i as u32);
                (admin_records.len() - 1) as u16
            });
        }
    }

    let (mut records, mut names): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut at_name: FxHashMap<&str, u32> = FxHashMap::default();
    let mut entries: Vec<(usize, u32, u32)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let name = kept(&row.name);
        let at = *at_name.entry(name).or_insert_with(|| {
            let at = names.len() as u32;
            names.push(name.len() as u8);
            names.extend_from_slice(name.as_bytes());
            at
        });
        position(&mut records, row);
        put24(&mut records, at);
        let admin = admins.get(row.admin.as_str()).copied();
        particulars(&mut records, row, admin, &mut countries, &mut features);
        for (hash, other) in hashes(row) {
            let (bucket, rest) = split(hash);
            entries.push((bucket, rest, i as u32 | if other { OTHER_NAME } else { 0 }));
        }
    }
    entries.sort_by_key(|&(bucket, rest, record)| (bucket, rest, record & !OTHER_NAME));

    let mut sections: [Vec<u8>; SECTIONS] = Default::default();
    for feature in features.names() {
        sections[0].extend_from_slice(format!("{feature:8.8}").as_bytes());
    }
    for country in countries.names() {
        sections[1].extend_from_slice(format!("{country:3.3}").as_bytes());
    }
    for record in admin_records {
        put24(&mut sections[2], record);
    }
    let mut first = 0;
    for bucket in 0..=1usize << BUCKET_BITS {
        while entries.get(first).is_some_and(|entry| entry.0 < bucket) {
            first += 1;
        }
        sections[3].extend_from_slice(&(first as u32).to_le_bytes());
    }
    for (_, rest, record) in entries {
        put24(&mut sections[4], rest);
        put24(&mut sections[4], record);
    }
    sections[5] = records;
    sections[6] = names;

    let mut data = MAGIC.to_vec();
    let mut offset = MAGIC.len() + 4 * (SECTIONS + 1);
    for section in &sections {
        data.extend_from_slice(&(offset as u32).to_le_bytes());
        offset += section.len();
    }
    data.extend_from_slice(&(offset as u32).to_le_bytes());
    sections.iter().for_each(|section| data.extend_from_slice(section));
    data
}

/// As much of a name as is kept.
fn kept(mut name: &str) -> &str {
    while name.len() > 255 {
        name = &name[..name.char_indices().next_back().map_or(0, |(at, _)| at)];
    }
    name
}

/// The beginning of a record: where it is, and its id.
fn position(record: &mut Vec<u8>, row: &Row) {
    put24(record, pack_degrees(row.lat));
    put24(record, pack_degrees(row.lon));
    put24(record, if row.geonames > 0xff_ffff { 0 } else { row.geonames });
}

/// The end of a record: whose it is, what it is, how many people it has.
fn particulars(record: &mut Vec<u8>, row: &Row, admin: Option<u16>, countries: &mut Table, features: &mut Table) {
    record.push(if row.country.is_empty() { NONE8 } else { countries.number(&row.country) });
    record.push(features.number(&row.feature));
    record.extend_from_slice(&admin.unwrap_or(NONE16).to_le_bytes());
    record.push(((row.population as f64 + 1.0).ln() * POPULATION_STEPS).round().clamp(0.0, 255.0) as u8);
}

/// The hashes of a place's names, each once, with whether it is another than the one it is listed under.
fn hashes(row: &Row) -> Vec<(u64, bool)> {
    let mut seen: Vec<(u64, bool)> = Vec::new();
    for (n, name) in std::iter::once(&row.name).chain(&row.others).enumerate() {
        if let Some(hash) = Folded::new(name).map(|folded| folded.hash())
            && !seen.iter().any(|(other, _)| *other == hash)
        {
            seen.push((hash, n > 0));
        }
    }
    seen
}

/// Why places cannot be put into one gazetteer: there are too many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

impl std::fmt::Display for TooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("these are more places than one gazetteer can hold")
    }
}

impl std::error::Error for TooLarge {}

/// A wide gazetteer in the making, for more places than memory holds. The caller keeps the parts and sorts them: places go
/// in sorted by [`Parts::sort_key`], each gives its record, its name and its entries; the file is [`Parts::head`], then the
/// entries in order, without their first two bytes, then the records, then the names.
#[derive(Debug, Default)]
pub struct Parts {
    features: Table,
    countries: Table,
    /// First-order divisions by code; numbered in the order of their codes when the first place goes in.
    admins: BTreeMap<String, u16>,
    /// The record of each division, once it is known.
    divisions: Vec<u32>,
    buckets: Vec<u32>,
    records: u32,
    names: u64,
    entries: u64,
}

impl Parts {
    /// Bytes of an entry as it is sorted; the last seven of them are written.
    pub const ENTRY: usize = 9;

    /// In the order of these bytes places go in.
    pub fn sort_key(row: &Row) -> [u8; 8] {
        (u64::MAX - row.population).to_be_bytes()
    }

    /// Notes a first-order division; all of them must be known before the first place goes in.
    pub fn declare(&mut self, row: &Row) {
        if row.feature == "ADM1" && !row.admin.is_empty() && self.admins.len() < usize::from(NONE16) {
            self.admins.insert(row.admin.clone(), 0);
        }
    }

    /// Takes the next place: appends its record, its name and its entries (as sorted) to the buffers.
    pub fn add(
        &mut self,
        row: &Row,
        records: &mut Vec<u8>,
        names: &mut Vec<u8>,
        entries: &mut Vec<[u8; Parts::ENTRY]>,
    ) -> Result<(), TooLarge> {
        let id = self.records;
        let at = u32::try_from(self.names).map_err(|_| TooLarge)?;
        if id >= OTHER_NAME_WIDE - 1 {
            return Err(TooLarge);
        }
        if id == 0 {
            self.admins.values_mut().enumerate().for_each(|(i, number)| *number = i as u16);
            self.divisions = vec![u32::MAX; self.admins.len()];
            self.buckets = vec![0; (1 << BUCKET_BITS) + 1];
        }
        let admin = self.admins.get(&row.admin).copied();
        if let Some(division) = admin.filter(|_| row.feature == "ADM1").and_then(|a| self.divisions.get_mut(usize::from(a)))
            && *division == u32::MAX
        {
            *division = id;
        }
        let name = kept(&row.name);
        position(records, row);
        records.extend_from_slice(&at.to_le_bytes());
        particulars(records, row, admin, &mut self.countries, &mut self.features);
        names.push(name.len() as u8);
        names.extend_from_slice(name.as_bytes());
        for (hash, other) in hashes(row) {
            let (bucket, rest) = split(hash);
            let mut entry = [0; Parts::ENTRY];
            entry[..2].copy_from_slice(&(bucket as u16).to_be_bytes());
            entry[2..5].copy_from_slice(&rest.to_be_bytes()[1..]);
            entry[5..].copy_from_slice(&(id << 1 | u32::from(other)).to_be_bytes());
            entries.push(entry);
            self.buckets[bucket + 1] += 1;
            self.entries += 1;
        }
        self.records += 1;
        self.names += 1 + name.len() as u64;
        Ok(())
    }

    /// An entry as it is written.
    pub fn written(entry: &[u8; Parts::ENTRY]) -> [u8; Parts::ENTRY - 2] {
        let bits = u32::from_be_bytes([entry[5], entry[6], entry[7], entry[8]]);
        let record = bits >> 1 | if bits & 1 == 1 { OTHER_NAME_WIDE } else { 0 };
        let [a, b, c, d] = record.to_le_bytes();
        [entry[4], entry[3], entry[2], a, b, c, d]
    }

    /// Places taken so far.
    pub fn places(&self) -> u32 {
        self.records
    }

    /// The beginning of the file.
    pub fn head(&self) -> Result<Vec<u8>, TooLarge> {
        let mut sections: [Vec<u8>; 4] = Default::default();
        for feature in self.features.names() {
            sections[0].extend_from_slice(format!("{feature:8.8}").as_bytes());
        }
        for country in self.countries.names() {
            sections[1].extend_from_slice(format!("{country:3.3}").as_bytes());
        }
        for division in &self.divisions {
            sections[2].extend_from_slice(&division.to_le_bytes());
        }
        let mut first = 0;
        for bucket in 0..=1usize << BUCKET_BITS {
            first += self.buckets.get(bucket).copied().unwrap_or(0);
            sections[3].extend_from_slice(&first.to_le_bytes());
        }
        let mut data = MAGIC_WIDE.to_vec();
        let mut offset = (MAGIC_WIDE.len() + 4 * (SECTIONS + 1)) as u64;
        let lengths = sections.iter().map(|s| s.len() as u64).chain([7 * self.entries, 18 * u64::from(self.records), self.names]);
        for length in lengths {
            data.extend_from_slice(&u32::try_from(offset).map_err(|_| TooLarge)?.to_le_bytes());
            offset += length;
        }
        data.extend_from_slice(&u32::try_from(offset).map_err(|_| TooLarge)?.to_le_bytes());
        sections.iter().for_each(|section| data.extend_from_slice(section));
        Ok(data)
    }
}

/// Words numbered in the order they come; the 255th and later all get the last number.
#[derive(Debug, Default)]
struct Table {
    numbers: FxHashMap<String, u8>,
}

impl Table {
    fn number(&mut self, word: &str) -> u8 {
        let next = self.numbers.len().min(usize::from(NONE8) - 1) as u8;
        *self.numbers.entry(word.to_owned()).or_insert(next)
    }

    fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.numbers.iter().map(|(name, &number)| (number, name.as_str())).collect();
        names.sort_unstable();
        names.into_iter().map(|(_, name)| name).collect()
    }
}

/// Three bytes, low first.
fn put24(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes()[..3]);
}
