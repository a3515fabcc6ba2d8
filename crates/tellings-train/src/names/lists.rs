//! Lists of names and of words that go with names: our own, one file a list in `data/names/`, and the names of provinces and
//! districts from GeoNames.

use anyhow::{Context, Result};
use rustc_hash::FxHashMap;
use std::path::Path;

macro_rules! lists {
    ($($name:literal),* $(,)?) => {
        /// Name and text of each list, in the order of their bits.
        const LISTS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../data/names/", $name, ".txt")))),*];
    };
}

lists![
    "country",
    "people",
    "city",
    "province",
    "region",
    "given",
    "family",
    "title",
    "role",
    "org-head",
    "org",
    "place-head",
    "site-head",
    "event-head",
    "event",
    "company-end",
    "media",
    "calendar",
    "site",
    "thing",
];

/// Bits of lists made from GeoNames.
const ADMIN1: u32 = 1 << 28;
const ADMIN2: u32 = 1 << 29;
/// Towns of fifty thousand people and more, and of five thousand and more.
const LARGE_TOWN: u32 = 1 << 27;
const TOWN: u32 = 1 << 26;
/// Persons of the linking stage's table, whole names.
const PERSON: u32 = 1 << 25;

const KINDS_OF_PROVINCE: [&str; 9] =
    ["governorate", "province", "district", "municipality", "oblast", "region", "county", "department", "prefecture"];

/// The linking stage's tables of people, organisations and given names, our own too.
const PEOPLE: &str = include_str!("../../../tellings-link/data/actors/people.tsv");
const ORGANISATIONS: &str = include_str!("../../../tellings-link/data/actors/organisations.tsv");
const GIVEN: &str = include_str!("../../../tellings-link/data/actors/given-names.tsv");

/// The bit of a list.
fn bit(list: &str) -> u32 {
    1 << LISTS.iter().position(|(name, _)| *name == list).expect("a list's name")
}

/// Our lists.
#[derive(Debug)]
pub(super) struct Lists {
    /// Words of each phrase in lower case, joined by blanks, and the lists it is on.
    phrases: FxHashMap<String, u32>,
}

impl Lists {
    pub(super) fn read() -> Result<Lists> {
        let mut phrases: FxHashMap<String, u32> = FxHashMap::default();
        for (bit, (_, text)) in LISTS.iter().enumerate() {
            for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
                for name in line.split(',').map(str::trim).filter(|n| !n.is_empty()) {
                    *phrases.entry(split(name).join(" ")).or_default() |= 1 << bit;
                }
            }
        }
        let mut add = |bits: u32, name: &str| *phrases.entry(split(name).join(" ")).or_default() |= bits;
        let rows = |text: &'static str, separator: char| {
            let lines = text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'));
            lines.map(move |l| l.split(separator).map(str::trim).collect::<Vec<_>>())
        };
        for row in rows(PEOPLE, '\t') {
            for name in std::iter::once(row[0]).chain(row.get(1).unwrap_or(&"").split('|')).filter(|n| !n.is_empty()) {
                add(PERSON, name);
                if let Some((_, last)) = name.rsplit_once(' ') {
                    add(bit("family"), last);
                }
            }
        }
        for row in rows(ORGANISATIONS, '\t') {
            for name in std::iter::once(row[0]).chain(row.get(1).unwrap_or(&"").split('|')).filter(|n| !n.is_empty()) {
                add(bit("org"), name);
            }
        }
        for name in rows(GIVEN, '\t').filter_map(|row| row.get(1).copied()).flat_map(|names| names.split(' ')) {
            add(bit("given"), name);
        }
        Ok(Lists { phrases })
    }

    /// Is the phrase (words in any case, joined by blanks) on the list of this name?
    pub(super) fn has(&self, list: &str, phrase: &str) -> bool {
        self.phrases.get(&split(phrase).join(" ")).is_some_and(|bits| bits & bit(list) != 0)
    }

    /// All phrases, words in lower case, with the bits of their lists; GeoNames' provinces and districts too.
    pub(super) fn all(&self, gold: &Path, towns: &Path) -> Result<Vec<(Vec<String>, u32)>> {
        let mut all = self.phrases.clone();
        let text = std::fs::read_to_string(towns).with_context(|| format!("cannot read `{}`", towns.display()))?;
        let rows: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text)?;
        for row in rows.values() {
            let people = row["population"].as_u64().unwrap_or(0);
            let bits = match people {
                50_000.. => TOWN | LARGE_TOWN,
                5_000.. => TOWN,
                _ => continue,
            };
            let other = row["alternatenames"].as_array().into_iter().flatten().filter_map(|n| n.as_str());
            let other = other
                .filter(|n| people >= 200_000 && n.len() > 4 && n.is_ascii() && n.starts_with(|c: char| c.is_ascii_uppercase()));
            for name in row["name"].as_str().into_iter().chain(other) {
                let words = split(name);
                if (1..=4).contains(&words.len()) && name.chars().count() > 2 {
                    *all.entry(words.join(" ")).or_default() |= bits;
                }
            }
        }
        for (file, bit) in [("admin1.json", ADMIN1), ("admin2.json", ADMIN2)] {
            let path = gold.join("geo/geonames-admin").join(file);
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            let rows: Vec<serde_json::Value> = serde_json::from_str(&text)?;
            for row in &rows {
                let mut words = split(row["name"].as_str().unwrap_or_default());
                for _ in 0..2 {
                    if (1..=4).contains(&words.len()) && words[0].chars().count() > 2 {
                        *all.entry(words.join(" ")).or_default() |= bit;
                    }
                    // "Idlib Governorate" is also called "Idlib".
                    if !words.last().is_some_and(|w| KINDS_OF_PROVINCE.contains(&w.as_str())) {
                        break;
                    }
                    words.pop();
                }
            }
        }
        let mut all: Vec<_> =
            all.into_iter().map(|(phrase, bits)| (phrase.split(' ').map(String::from).collect(), bits)).collect();
        all.sort_unstable();
        Ok(all)
    }
}

/// Words of a list's name as the tokenizer cuts them, in lower case.
fn split(name: &str) -> Vec<String> {
    name.split_whitespace().flat_map(cut).map(|word| word.to_lowercase()).collect()
}

/// A word as the tokenizer cuts it: `al-Qaida` is three, `Workers'` two.
pub(super) fn cut(word: &str) -> Vec<String> {
    if !word.contains(['-', '\'', '’', '–']) {
        return vec![word.to_string()];
    }
    let mut pieces = Vec::new();
    tellings_parse::tokens::tokens(word, tellings_doc::Span::new(0, word.len()), &mut pieces);
    pieces.iter().map(|piece| piece.span.of(word).to_string()).collect()
}
