//! Writing a gazetteer.

use super::{BUCKET_BITS, fold::Folded};
use super::{MAGIC, NONE8, NONE16, OTHER_NAME, POPULATION_STEPS, SECTIONS, pack_degrees, split};
use rustc_hash::FxHashMap;

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
    let order =
        |row: &Row| (std::cmp::Reverse(row.population), row.name.clone(), row.country.clone(), row.geonames, row.feature.clone());
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
        let mut name = row.name.as_str();
        while name.len() > 255 {
            name = &name[..name.char_indices().next_back().map_or(0, |(at, _)| at)];
        }
        let at = *at_name.entry(name).or_insert_with(|| {
            let at = names.len() as u32;
            names.push(name.len() as u8);
            names.extend_from_slice(name.as_bytes());
            at
        });
        put24(&mut records, pack_degrees(row.lat));
        put24(&mut records, pack_degrees(row.lon));
        put24(&mut records, if row.geonames > 0xff_ffff { 0 } else { row.geonames });
        put24(&mut records, at);
        records.push(if row.country.is_empty() { NONE8 } else { countries.number(&row.country) });
        records.push(features.number(&row.feature));
        records.extend_from_slice(&admins.get(row.admin.as_str()).copied().unwrap_or(NONE16).to_le_bytes());
        records.push(((row.population as f64 + 1.0).ln() * POPULATION_STEPS).round().clamp(0.0, 255.0) as u8);

        let mut seen = Vec::new();
        for (n, name) in std::iter::once(&row.name).chain(&row.others).enumerate() {
            let Some(hash) = Folded::new(name).map(|folded| folded.hash()) else { continue };
            if !seen.contains(&hash) {
                seen.push(hash);
                let (bucket, rest) = split(hash);
                entries.push((bucket, rest, i as u32 | if n > 0 { OTHER_NAME } else { 0 }));
            }
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

/// Words numbered in the order they come; the 255th and later all get the last number.
#[derive(Default)]
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
