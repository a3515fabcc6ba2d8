//! States, dependencies and former states: their names, peoples, capitals and the words that stand for their governments.

use crate::GazetteerRow as Row;
use rustc_hash::FxHashMap;

/// What sort of country it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// A state.
    State,
    /// A state without general recognition, or under occupation.
    Disputed,
    /// A dependency of another state.
    Dependency,
    /// A former state, or a land within one; the codes are those of the state it is counted to today.
    Former,
}

/// One state, dependency or former state.
#[derive(Clone, Debug, PartialEq)]
pub struct Country {
    /// ISO 3166-1 alpha-3 (`XKX` for Kosovo).
    pub iso3: &'static str,
    /// ISO 3166-1 alpha-2; for former states a code of ours.
    pub iso2: &'static str,
    /// State, dependency, former state.
    pub standing: Standing,
    /// WGS 84 decimal degrees of the country's middle.
    pub lat: f64,
    /// WGS 84 decimal degrees of the country's middle.
    pub lon: f64,
    /// People, in thousands.
    pub people: u32,
    /// GeoNames id; 0 for former states.
    pub geonames: u32,
    /// Usual English name.
    pub name: &'static str,
    /// Its adjective ("Turkish"); empty for none.
    pub adjective: &'static str,
    /// Capital as it is written in news; empty for none, or where it is named as the country is.
    pub capital: &'static str,
}

impl Country {
    /// The country as a place of a gazetteer.
    fn row(&self) -> Row {
        Row {
            name: self.name.into(),
            others: Vec::new(),
            lat: self.lat,
            lon: self.lon,
            geonames: self.geonames,
            country: self.iso3.into(),
            admin: String::new(),
            feature: match self.standing {
                Standing::State => "PCLI",
                Standing::Disputed => "PCL",
                Standing::Dependency => "PCLD",
                Standing::Former => "PCLH",
            }
            .into(),
            population: u64::from(self.people) * 1000,
        }
    }
}

/// What a word says of a country. A word that says two things says the first of this list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reference {
    /// Its name, today's or a former one, or an abbreviation ("Turkey", "Türkiye", "UAE").
    Name,
    /// A building or street that stands for its government ("Kremlin", "Downing Street").
    Seat,
    /// Its capital city.
    Capital,
    /// The adjective ("Turkish"); often also its language and people ("Russian", "Chinese").
    Adjective,
    /// A person or the people ("Turk", "Turks").
    People,
}

/// The country table, with its words.
#[derive(Debug)]
pub struct Countries {
    table: Vec<Country>,
    words: FxHashMap<Box<str>, (u16, Reference)>,
}

impl Countries {
    /// The table shipped with the program.
    pub fn shipped() -> Countries {
        Countries::parse(include_str!("../data/places/countries.txt"))
    }

    /// The table of a file in the form of `countries.txt`; lines of another form are passed over.
    fn parse(file: &'static str) -> Countries {
        let mut table = Vec::new();
        let mut words: Vec<(Box<str>, Reference, u16)> = Vec::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            let mut fields = line.split('|').map(str::trim);
            let mut next = || fields.next().unwrap_or("");
            let (iso3, iso2, standing, middle, numbers, name) = (next(), next(), next(), next(), next(), next());
            let (others, adjectives, people, capitals, seats) = (next(), next(), next(), next(), next());
            let standing = match standing {
                "S" => Standing::State,
                "T" => Standing::Disputed,
                "D" => Standing::Dependency,
                "H" => Standing::Former,
                _ => continue,
            };
            let Some((Ok(lat), Ok(lon))) = middle.split_once(' ').map(|(lat, lon)| (lat.parse(), lon.parse())) else { continue };
            let Some((Ok(geonames), Ok(thousands))) = numbers.split_once(' ').map(|(id, n)| (id.parse(), n.parse())) else {
                continue;
            };
            let at = table.len() as u16;
            let mut add = |list: &'static str, reference: Reference| {
                for word in list.split(", ").map(str::trim).filter(|word| !word.is_empty()) {
                    words.push((word.into(), reference, at));
                    if reference == Reference::Name && word.len() > 3 && !word.starts_with("the ") {
                        words.push((word.to_uppercase().into(), reference, at));
                    }
                    let plural = !["ese", "ch", "sh", "s", "men"].iter().any(|end| word.ends_with(end));
                    if reference == Reference::People && plural {
                        words.push((format!("{word}s").into(), reference, at));
                    }
                }
            };
            add(name, Reference::Name);
            add(others, Reference::Name);
            add(seats, Reference::Seat);
            add(capitals, Reference::Capital);
            add(adjectives, Reference::Adjective);
            add(people, Reference::People);
            let first = |list: &'static str| list.split(", ").next().unwrap_or("");
            table.push(Country {
                iso3,
                iso2,
                standing,
                lat,
                lon,
                people: thousands,
                geonames,
                name,
                adjective: first(adjectives),
                capital: first(capitals),
            });
        }
        words.sort_by_key(|&(_, reference, at)| (reference, at));
        let mut map: FxHashMap<Box<str>, (u16, Reference)> = FxHashMap::default();
        for (word, reference, at) in words {
            map.entry(word).or_insert((at, reference));
        }
        Countries { table, words: map }
    }

    /// The country that a word or phrase speaks of, as it is written (case counts, a leading "the" does not), and how.
    pub fn find(&self, words: &str) -> Option<(&Country, Reference)> {
        let bare = words.strip_prefix("the ").or_else(|| words.strip_prefix("The ")).unwrap_or(words);
        let &(at, reference) = self.words.get(bare).or_else(|| self.words.get(words))?;
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

    /// The countries as places of a gazetteer, under all their names.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows: Vec<Row> = self.table.iter().map(|country| country.row()).collect();
        for (word, &(at, reference)) in &self.words {
            if reference == Reference::Name && &**word != self.table[usize::from(at)].name {
                rows[usize::from(at)].others.push(word.to_string());
            }
        }
        rows.iter_mut().for_each(|row| row.others.sort_unstable());
        rows
    }

    /// All countries, in the order of the table: today's, then former ones.
    pub fn iter(&self) -> impl Iterator<Item = &Country> {
        self.table.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(words: &str) -> Option<(&'static str, Reference)> {
        Countries::shipped().find(words).map(|(country, reference)| (country.iso3, reference))
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let file = include_str!("../data/places/countries.txt");
        let lines = file.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let countries = Countries::shipped();
        assert_eq!(countries.iter().count(), lines.clone().count());
        assert!(lines.clone().all(|line| line.split('|').count() == 11));
        for country in countries.iter() {
            assert!(country.iso3.len() == 3 && country.iso2.len() == 2, "{country:?}");
            assert!(country.lat.abs() <= 90.0 && country.lon.abs() <= 180.0, "{country:?}");
        }
    }

    #[test]
    fn words_lead_to_their_country() {
        use Reference::*;
        assert_eq!(found("Turkey"), Some(("TUR", Name)));
        assert_eq!(found("the United Kingdom"), Some(("GBR", Name)));
        assert_eq!(found("SYRIA"), Some(("SYR", Name)));
        assert_eq!(found("Turks"), Some(("TUR", People)));
        assert_eq!(found("Frenchmen"), Some(("FRA", People)));
        assert_eq!(found("Swiss"), Some(("CHE", Adjective)));
        assert_eq!(found("Burma"), Some(("MMR", Name)));
        assert_eq!(found("Soviet Union"), Some(("RUS", Name)));
        assert_eq!(found("the Kremlin"), Some(("RUS", Seat)));
        assert_eq!(found("Kyiv"), Some(("UKR", Capital)));
        assert_eq!(found("Republic of the Congo"), Some(("COG", Name)));
        assert_eq!(found("turkey"), None);
    }
}
