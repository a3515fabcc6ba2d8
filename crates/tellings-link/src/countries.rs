//! States and dependencies: their names, peoples, capitals and the words that stand for their governments.

use rustc_hash::FxHashMap;

/// One state, dependency or disputed territory.
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-3 (`XKX` for Kosovo).
    pub iso3: &'static str,
    /// ISO 3166-1 alpha-2.
    pub iso2: &'static str,
    /// Usual English name.
    pub name: &'static str,
    /// Capital as it is written in news; empty for none.
    pub capital: &'static str,
    /// WGS 84 decimal degrees of the country's middle.
    pub lat: f64,
    /// WGS 84 decimal degrees of the country's middle.
    pub lon: f64,
    /// A territory of another state, or without general recognition.
    pub dependent: bool,
}

/// What a word says of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reference {
    /// Its name, today's or a former one, or an abbreviation ("Turkey", "Türkiye", "UAE").
    Name,
    /// The adjective, or its language ("Turkish").
    Adjective,
    /// A person or the people ("Turk", "Turks").
    People,
    /// Its capital city.
    Capital,
    /// A building or street that stands for its government ("Kremlin", "Downing Street").
    Seat,
}

/// The country table, with its words.
#[derive(Debug)]
pub struct Countries {
    table: Vec<Country>,
    words: FxHashMap<&'static str, (u16, Reference)>,
}

impl Countries {
    /// The table shipped with the program.
    pub fn shipped() -> Countries {
        Countries { table: Vec::new(), words: FxHashMap::default() }
    }

    /// The country a word or phrase speaks of, as it is written (case counts), and how.
    pub fn find(&self, words: &str) -> Option<(&Country, Reference)> {
        let &(at, reference) = self.words.get(words)?;
        Some((&self.table[usize::from(at)], reference))
    }

    /// The country of that ISO 3166-1 alpha-3 code.
    pub fn by_iso3(&self, iso3: &str) -> Option<&Country> {
        self.table.iter().find(|country| country.iso3 == iso3)
    }

    /// The country of that ISO 3166-1 alpha-2 code.
    pub fn by_iso2(&self, iso2: &str) -> Option<&Country> {
        self.table.iter().find(|country| country.iso2 == iso2)
    }
}
