//! Places out of a file: a GeoNames dump, or a table of the user's with a row of headings.

use anyhow::{Result, bail};
use std::collections::HashMap;
use tellings::link::{Countries, GazetteerRow as Row};

/// Which places of a dump are taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// GeoNames feature classes; empty: those that reports tell of.
    pub(crate) classes: Vec<char>,
    /// ISO 3166-1 alpha-3; empty: all.
    pub(crate) countries: Vec<String>,
    /// Populated places with fewer people are left out.
    pub(crate) people: u64,
}

/// Buildings and grounds that reports tell of, of the many that GeoNames lists.
const SITES: [&str; 20] = [
    "AIRB", "AIRF", "AIRH", "AIRP", "AIRQ", "BDG", "CMP", "CMPRF", "CSTM", "DAM", "FT", "GATE", "INSM", "PAL", "PRN", "PSN",
    "RSTN", "SQR", "STNM", "NSY",
];

/// Features that are no more, or that the country table has.
fn outdated(code: &str) -> bool {
    matches!(code, "PPLH" | "PPLCH" | "PPLQ" | "PPLW" | "RGNH" | "STMQ")
        || code.starts_with("PCL")
        || code.starts_with("ADM") && code.ends_with('H')
}

/// Other names kept of a place.
const NAMES: usize = 40;

/// People of a place of the user's own that gives none: it was added to be found.
const OWN: u64 = 20_000;

/// How the lines of a file are to be read.
pub(crate) enum Form {
    /// A GeoNames dump: 19 fields with tabs between them, no headings.
    GeoNames,
    /// A table with headings, and which of its fields hold what.
    Table { mark: u8, fields: Fields },
}

/// Numbers of the fields of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Fields {
    name: usize,
    lat: usize,
    lon: usize,
    kind: Option<usize>,
    country: Option<usize>,
    others: Option<usize>,
    people: Option<usize>,
    id: Option<usize>,
}

impl Form {
    /// The form that the first line of a file shows.
    pub(crate) fn of(first: &str) -> Result<Form> {
        let first = first.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        let tabs = first.split('\t').count();
        if tabs == 19 && first.split('\t').next().is_some_and(|id| id.parse::<u32>().is_ok()) {
            return Ok(Form::GeoNames);
        }
        let mark =
            [b'\t', b';', b','].into_iter().max_by_key(|&mark| (first.bytes().filter(|&b| b == mark).count(), mark == b'\t'));
        let mark = mark.unwrap_or(b',');
        let heads: Vec<String> =
            split(first, mark).iter().map(|head| head.trim().to_lowercase().replace(['_', '-'], " ")).collect();
        let find = |names: &[&str]| heads.iter().position(|head| names.contains(&head.as_str()));
        let (Some(name), Some(lat), Some(lon)) = (
            find(&["name", "place", "place name"]),
            find(&["lat", "latitude", "y"]),
            find(&["lon", "lng", "long", "longitude", "x"]),
        ) else {
            bail!(
                "line 1: this is neither a GeoNames dump (19 fields with tabs between them) nor a table whose headings name `name`, `lat` and `lon`"
            );
        };
        Ok(Form::Table {
            mark,
            fields: Fields {
                name,
                lat,
                lon,
                kind: find(&["kind", "type", "feature", "feature code"]),
                country: find(&["country", "country code", "iso"]),
                others: find(&["alternate names", "alternatenames", "other names", "names", "aliases"]),
                people: find(&["population", "people"]),
                id: find(&["geonames", "geonameid", "geonames id"]),
            },
        })
    }

    /// Does the first line hold headings?
    pub(crate) fn headed(&self) -> bool {
        matches!(self, Form::Table { .. })
    }
}

/// Reads lines to places.
pub(crate) struct Reader {
    countries: Countries,
    iso3: HashMap<&'static str, &'static str>,
    wanted: Wanted,
}

impl Reader {
    pub(crate) fn new(wanted: Wanted) -> Reader {
        let countries = Countries::shipped();
        let iso3 = countries.iter().map(|c| (c.iso2, c.iso3)).collect();
        Reader { countries, iso3, wanted }
    }

    /// ISO 3166-1 alpha-3 code of a country given by either code or by name.
    pub(crate) fn country(&self, given: &str) -> Option<&'static str> {
        let upper = given.to_uppercase();
        let code = self.iso3.get(upper.as_str()).copied();
        code.or_else(|| self.countries.iter().map(|c| c.iso3).find(|iso3| *iso3 == upper)).or_else(|| {
            let iso3 = self.countries.find(given)?.0.iso3;
            self.countries.iter().map(|c| c.iso3).find(|other| *other == iso3)
        })
    }

    /// The place of a line; `None` if it is not wanted, else why it cannot be read.
    pub(crate) fn read(&self, form: &Form, line: &str) -> Result<Option<Row>, String> {
        match form {
            Form::GeoNames => self.geonames(line),
            Form::Table { mark, fields } => self.own(&split(line, *mark), fields).map(Some),
        }
    }

    fn geonames(&self, line: &str) -> Result<Option<Row>, String> {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[id, name, _, others, lat, lon, class, code, country, _, admin, _, _, _, people, _, _, _, _] = fields.as_slice()
        else {
            return Err(format!("{} fields, where a GeoNames dump has 19", fields.len()));
        };
        let id: u32 = id.parse().map_err(|_| format!("`{}` is no GeoNames id", short(id)))?;
        let (lat, lon) = position(lat, lon)?;
        if name.trim().is_empty() {
            return Err("the place has no name".to_string());
        }
        let people: u64 = if people.is_empty() {
            0
        } else {
            people.parse().map_err(|_| format!("population `{}` is no number", short(people)))?
        };
        let class = class.chars().next().unwrap_or(' ');
        let taken = match self.wanted.classes.as_slice() {
            [] => matches!(class, 'A' | 'P' | 'T' | 'H' | 'L') || class == 'S' && SITES.contains(&code),
            classes => classes.contains(&class),
        };
        let iso3 = self.iso3.get(country).copied().unwrap_or("");
        let here = self.wanted.countries.is_empty() || self.wanted.countries.iter().any(|c| c == iso3);
        if !taken || !here || outdated(code) || class == 'P' && people < self.wanted.people {
            return Ok(None);
        }
        let mut kept: Vec<String> = Vec::new();
        for other in others.split(',').map(str::trim).filter(|other| *other != name && like_name(other)) {
            if kept.len() == NAMES {
                break;
            }
            kept.push(other.to_string());
        }
        Ok(Some(Row {
            name: name.trim().to_string(),
            others: kept,
            lat,
            lon,
            geonames: id,
            country: iso3.to_string(),
            admin: if admin.is_empty() || admin == "00" { String::new() } else { format!("{country}.{admin}") },
            feature: code.to_string(),
            population: people,
        }))
    }

    fn own(&self, line: &[String], fields: &Fields) -> Result<Row, String> {
        let field = |i: usize| line.get(i).map_or("", |f| f.trim());
        let some = |i: Option<usize>| i.map_or("", field);
        if field(fields.name).is_empty() {
            return Err("the place has no name".to_string());
        }
        let (lat, lon) = position(field(fields.lat), field(fields.lon))?;
        let country = match some(fields.country) {
            "" => "",
            given => self.country(given).ok_or_else(|| format!("country `{}` is not known", short(given)))?,
        };
        let people = match some(fields.people) {
            "" => OWN,
            given => {
                given.replace([',', ' ', '_'], "").parse().map_err(|_| format!("population `{}` is no number", short(given)))?
            }
        };
        let id = match some(fields.id) {
            "" => 0,
            given => given.parse().map_err(|_| format!("`{}` is no GeoNames id", short(given)))?,
        };
        let others = some(fields.others).split(['|', ';', ',']).map(str::trim).filter(|o| !o.is_empty());
        Ok(Row {
            name: field(fields.name).to_string(),
            others: others.map(str::to_string).collect(),
            lat,
            lon,
            geonames: id,
            country: country.to_string(),
            admin: String::new(),
            feature: feature(some(fields.kind)),
            population: people,
        })
    }
}

/// Latitude and longitude, in bounds.
fn position(lat: &str, lon: &str) -> Result<(f64, f64), String> {
    let degrees = |given: &str, what: &str, most: f64| match given.trim().parse::<f64>() {
        Ok(value) if value.is_finite() && value.abs() <= most => Ok(value),
        Ok(_) => Err(format!("{what} `{}` is not between -{most} and {most}", short(given))),
        Err(_) => Err(format!("{what} `{}` is no number", short(given))),
    };
    Ok((degrees(lat, "latitude", 90.0)?, degrees(lon, "longitude", 180.0)?))
}

/// Words as a message shows them.
fn short(words: &str) -> String {
    words.chars().take(40).collect()
}

/// A name in Latin letters as English text would write it.
fn like_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let capital = name.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_uppercase);
    letters >= 3
        && name.len() <= 96
        && capital
        && !(letters <= 4 && name.chars().all(char::is_uppercase))
        && !name.contains("://")
}

/// The GeoNames feature code of a kind of place: the code itself, or a plain word; a place where people live if nothing is said.
fn feature(kind: &str) -> String {
    let known = match kind.to_lowercase().as_str() {
        "" | "town" | "city" | "village" | "hamlet" | "settlement" | "place" | "neighbourhood" | "neighborhood" => "PPL",
        "province" | "state" | "governorate" | "region 1" | "adm1" => "ADM1",
        "district" | "county" | "adm2" => "ADM2",
        "region" | "area" | "territory" => "RGN",
        "river" | "stream" | "wadi" => "STM",
        "lake" => "LK",
        "sea" => "SEA",
        "strait" => "STRT",
        "gulf" => "GULF",
        "bay" => "BAY",
        "island" => "ISL",
        "islands" => "ISLS",
        "mountain" | "peak" => "MT",
        "hill" => "HLL",
        "mountains" | "range" => "MTS",
        "valley" => "VAL",
        "desert" => "DSRT",
        "airport" | "airfield" => "AIRP",
        "air base" | "airbase" => "AIRB",
        "base" | "military base" | "barracks" | "outpost" => "INSM",
        "camp" | "refugee camp" => "CMPRF",
        "checkpoint" | "crossing" | "border crossing" => "PSTB",
        "port" => "PRT",
        "building" => "BLDG",
        "bridge" => "BDG",
        "prison" => "PRN",
        "hospital" => "HSP",
        "mosque" => "MSQE",
        "church" => "CH",
        "school" => "SCH",
        "dam" => "DAM",
        _ => "",
    };
    match known {
        "" if kind.len() <= 8 && kind.chars().all(|c| c.is_ascii_alphanumeric()) => kind.to_uppercase(),
        "" => "PPL".to_string(),
        known => known.to_string(),
    }
}

/// The fields of a line; in quotation marks a mark is part of the field, and two quotation marks are one.
fn split(line: &str, mark: u8) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    let mut chars = line.trim_end_matches(['\n', '\r']).chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut();
        match (c, field) {
            ('"', Some(field)) if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            ('"', Some(field)) if quoted || field.trim().is_empty() => quoted = !quoted,
            (c, _) if c == char::from(mark) && !quoted => fields.push(String::new()),
            (c, Some(field)) => field.push(c),
            (_, None) => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALEPPO: &str = "170063\tAleppo\tAleppo\tHalab,حلب,ALP,Beroea\t36.20124\t37.16117\tP\tPPLA\tSY\t\t09\t\t\t\t1602264\t\t392\tAsia/Damascus\t2019-09-05";

    #[test]
    fn lines_of_a_dump() {
        let reader = Reader::new(Wanted::default());
        let form = Form::of(ALEPPO).unwrap();
        assert!(!form.headed());
        let row = reader.read(&form, ALEPPO).unwrap().unwrap();
        assert_eq!(
            (row.name.as_str(), row.country.as_str(), row.admin.as_str(), row.geonames),
            ("Aleppo", "SYR", "SY.09", 170063)
        );
        assert_eq!(row.others, ["Halab", "Beroea"]);
        let with = |from: &str, to: &str| reader.read(&form, &ALEPPO.replacen(from, to, 1));
        assert_eq!(with("36.20124", "north").unwrap_err(), "latitude `north` is no number");
        assert_eq!(with("37.16117", "371").unwrap_err(), "longitude `371` is not between -180 and 180");
        assert_eq!(with("\tSY\t", " SY ").unwrap_err(), "17 fields, where a GeoNames dump has 19");
        assert_eq!(with("PPLA", "PPLH").unwrap(), None);
        assert_eq!(with("\tP\tPPLA", "\tS\tSCH").unwrap(), None);
        let few = Reader::new(Wanted { people: 2_000_000, ..Wanted::default() });
        assert_eq!(few.read(&form, ALEPPO).unwrap(), None);
        let other = Reader::new(Wanted { countries: vec!["IRQ".into()], ..Wanted::default() });
        assert_eq!(other.read(&form, ALEPPO).unwrap(), None);
    }

    #[test]
    fn tables_of_the_users() {
        let reader = Reader::new(Wanted::default());
        let form = Form::of("Name,Latitude,Longitude,Kind,Country,Alternate names\r\n").unwrap();
        let row = reader.read(&form, "\"Post 7, north\",36.5,37.5,checkpoint,Syria,Seven|P 7\r\n").unwrap().unwrap();
        assert_eq!((row.name.as_str(), row.country.as_str(), row.feature.as_str()), ("Post 7, north", "SYR", "PSTB"));
        assert_eq!(row.others, ["Seven", "P 7"]);
        assert_eq!(reader.read(&form, ",1,2").unwrap_err(), "the place has no name");
        assert_eq!(reader.read(&form, "X,1,2,,Ruritania").unwrap_err(), "country `Ruritania` is not known");
        assert!(Form::of("id;title\n").is_err());
        assert!(Form::of("place;y;x\n").unwrap().headed());
        assert_eq!(reader.country("sy"), Some("SYR"));
    }
}
