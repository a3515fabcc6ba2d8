//! Builds the shipped gazetteer from files the developer downloads; `models/gazetteer.md` says which and how.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use tellings_link::{Countries, GazetteerRow as Row, build_gazetteer, folded_name};

/// Countries whose small places are in the news, under many spellings.
const MANY_SPELLINGS: [&str; 24] = [
    "SYR", "IRQ", "YEM", "LBN", "PSE", "ISR", "LBY", "EGY", "SDN", "SSD", "SOM", "ETH", "AFG", "PAK", "IRN", "UKR", "MLI", "NGA",
    "NER", "TCD", "COD", "CAF", "MMR", "AZE",
];

/// Most other names kept of a place.
fn names_kept(population: u64, country: &str) -> usize {
    match population {
        _ if MANY_SPELLINGS.contains(&country) => 40,
        0..2_000 => 4,
        2_000..15_000 => 8,
        15_000..200_000 => 16,
        _ => 40,
    }
}

/// Writes the gazetteer of the files in `from` to `to`.
pub(crate) fn build(from: &Path, to: &Path) -> Result<()> {
    let read = |name: &str| std::fs::read(from.join(name)).with_context(|| format!("{name} in {}", from.display()));
    let json = |name: &str| -> Result<Value> { Ok(serde_json::from_slice(&read(name)?)?) };
    let countries = Countries::shipped();
    let iso3: HashMap<&str, &str> = countries.iter().map(|c| (c.iso2, c.iso3)).collect();

    let features = features(&read("cities.pbf")?);
    let mut rows: Vec<Row> = Vec::new();
    let mut spread: BTreeMap<String, Vec<(f64, f64, u64)>> = BTreeMap::new();
    let cities = json("cities500.json")?;
    for city in cities.as_object().context("cities500.json is not an object")?.values() {
        let text = |key: &str| city[key].as_str().unwrap_or("");
        let (Some(lat), Some(lon), Some(id)) =
            (city["latitude"].as_f64(), city["longitude"].as_f64(), city["geonameid"].as_u64())
        else {
            continue;
        };
        let Some(country) = iso3.get(text("countrycode")) else { continue };
        let population = city["population"].as_u64().unwrap_or(0);
        let feature = features.get(&id).map_or("PPL", String::as_str);
        let admin = format!("{}.{}", text("countrycode"), text("admin1code"));
        spread.entry(admin.clone()).or_default().push((lat, lon, population));
        if population < 500 && feature == "PPL" || matches!(feature, "PPLQ" | "PPLCH") {
            continue;
        }
        let name = text("name").to_owned();
        let mut others: Vec<String> = Vec::new();
        for other in city["alternatenames"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if others.len() < names_kept(population, country) && is_name(other) && other != name {
                others.push(other.to_owned());
            }
        }
        rows.push(Row {
            name,
            others,
            lat,
            lon,
            geonames: id as u32,
            country: (*country).into(),
            admin,
            feature: feature.into(),
            population,
        });
    }

    let (admin1, admin2) = (json("admin1.json")?, json("admin2.json")?);
    second_order(std::str::from_utf8(&read("rg_cities1000.csv")?)?, &admin1, &admin2, &mut spread);
    divisions(&admin1, "ADM1", &spread, &iso3, &mut rows);
    divisions(&admin2, "ADM2", &spread, &iso3, &mut rows);
    airports(std::str::from_utf8(&read("airports.csv")?)?, &iso3, &mut rows);
    for row in tellings_link::regions().into_iter().filter(|row| row.feature == "ADM1") {
        for found in rows.iter_mut().filter(|r| r.feature == "ADM1" && r.admin == row.admin) {
            (found.lat, found.lon) = (row.lat, row.lon);
            found.others.extend(row.others.iter().cloned());
        }
    }

    let places = rows.len();
    let data = build_gazetteer(rows);
    std::fs::write(to, &data).with_context(|| to.display().to_string())?;
    eprintln!("{places} places, {} bytes", data.len());
    Ok(())
}

/// Is it a name in Latin letters as English text would write it?
fn is_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && name.chars().next().is_some_and(char::is_uppercase)
        && !(letters <= 4 && name.chars().all(|c| c.is_uppercase()))
}

/// Feature code by GeoNames id. The file is a row of messages: length, then fields.
fn features(data: &[u8]) -> HashMap<u64, String> {
    let mut features = HashMap::new();
    let mut at = 0;
    while let Some(len) = varint(data, &mut at) {
        let Some(message) = data.get(at..at + len as usize) else { break };
        at += len as usize;
        let (mut pos, mut id, mut feature) = (0, 0, String::new());
        while let Some(tag) = varint(message, &mut pos) {
            let Some(value) = varint(message, &mut pos) else { break };
            if tag & 7 == 2 {
                let text = message.get(pos..pos + value as usize).map(String::from_utf8_lossy).unwrap_or_default();
                pos += value as usize;
                if tag >> 3 == 7 {
                    feature = text.into_owned();
                }
            } else if tag >> 3 == 1 {
                id = value >> 1;
            }
        }
        features.insert(id, feature);
    }
    features
}

/// Adds to `spread` the towns of each second-order division, which `rg_cities1000.csv` gives by name.
fn second_order(csv: &str, admin1: &Value, admin2: &Value, spread: &mut BTreeMap<String, Vec<(f64, f64, u64)>>) {
    let codes = |file: &Value| -> Vec<(String, String)> {
        let pair = |d: &Value| Some((d["code"].as_str()?.to_owned(), folded_name(d["name"].as_str()?)?));
        file.as_array().into_iter().flatten().filter_map(pair).collect()
    };
    let first: HashMap<(String, String), String> =
        codes(admin1).into_iter().map(|(code, name)| ((code[..2].to_owned(), name), code)).collect();
    let mut second: HashMap<(String, String), Vec<String>> = HashMap::new();
    for (code, name) in codes(admin2) {
        second.entry((code[..2].to_owned(), name)).or_default().push(code);
    }
    for line in csv.lines().skip(1) {
        let fields = split_csv(line);
        let [lat, lon, _, one, two, country] = fields.as_slice() else { continue };
        let (Ok(lat), Ok(lon), Some(one), Some(two)) = (lat.parse(), lon.parse(), folded_name(one), folded_name(two)) else {
            continue;
        };
        let Some(list) = second.get(&(country.clone(), two)) else { continue };
        let within = first.get(&(country.clone(), one)).map(|code| format!("{code}."));
        let inside = within.and_then(|prefix| list.iter().find(|code| code.starts_with(&prefix)));
        if let Some(code) = inside.or(if list.len() == 1 { list.first() } else { None }) {
            spread.entry(code.clone()).or_default().push((lat, lon, 5_000));
        }
    }
}

fn varint(data: &[u8], at: &mut usize) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *data.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

/// Words that say what a division is; its name goes without them too.
const DIVISION_WORDS: [&str; 28] = [
    "Province",
    "Governorate",
    "Region",
    "Oblast",
    "State",
    "District",
    "Department",
    "Prefecture",
    "Canton",
    "Municipality",
    "Republic",
    "Krai",
    "Autonomous Region",
    "Autonomous Okrug",
    "County",
    "Parish",
    "Regency",
    "Division",
    "Sheng",
    "Shi",
    "Raion",
    "Union Territory",
    "Territory",
    "Emirate",
    "Voivodeship",
    "Wilaya",
    "Federal District",
    "Capital Region",
];

/// Adds the divisions of a file, in the middle of their towns.
fn divisions(
    file: &Value,
    feature: &str,
    spread: &BTreeMap<String, Vec<(f64, f64, u64)>>,
    iso3: &HashMap<&str, &str>,
    rows: &mut Vec<Row>,
) {
    for division in file.as_array().into_iter().flatten() {
        let (Some(code), Some(name)) = (division["code"].as_str(), division["name"].as_str()) else { continue };
        let Some(country) = code.get(..2).and_then(|iso2| iso3.get(iso2)) else { continue };
        let Some(towns) = spread.get(code) else { continue };
        let middle = |of: fn(&(f64, f64, u64)) -> f64| {
            let mut values: Vec<f64> = towns.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            let cut = values.len() / 50;
            (values[cut] + values[values.len() - 1 - cut]) / 2.0
        };
        let mut others = Vec::new();
        for word in DIVISION_WORDS {
            for short in [name.strip_suffix(word), name.strip_prefix(word)].into_iter().flatten() {
                let short = short.trim().trim_start_matches("of ");
                if short.len() > 2 && !(*country == "USA" && feature == "ADM2") {
                    others.push(short.to_owned());
                }
            }
        }
        rows.push(Row {
            name: name.into(),
            others,
            lat: middle(|t| t.0),
            lon: middle(|t| t.1),
            geonames: 0,
            country: (*country).into(),
            admin: code.split('.').take(2).collect::<Vec<_>>().join("."),
            feature: feature.into(),
            population: towns.iter().map(|t| t.2).sum(),
        });
    }
}

/// Adds the airports and air bases that have an IATA code, as well known as a small town.
fn airports(csv: &str, iso3: &HashMap<&str, &str>, rows: &mut Vec<Row>) {
    for line in csv.lines().skip(1) {
        let fields = split_csv(line);
        let [_, iata, name, city, _, country, _, lat, lon, ..] = fields.as_slice() else { continue };
        let (Ok(lat), Ok(lon), Some(country)) = (lat.parse(), lon.parse(), iso3.get(country.as_str())) else { continue };
        if iata.is_empty() || !(name.contains("Airport") || name.contains("Base")) {
            continue;
        }
        let mut others = Vec::new();
        for word in ["International Airport", "Airport", "Air Base"] {
            if let Some(short) = name.strip_suffix(word) {
                others.extend(["Airport", "International Airport", "Air Base", "Airbase"].map(|w| format!("{short}{w}")));
                break;
            }
        }
        if name.contains("International") && !city.is_empty() {
            others.push(format!("{city} International Airport"));
            others.push(format!("{city} Airport"));
        }
        others.retain(|other| other != name);
        rows.push(Row {
            name: name.clone(),
            others,
            lat,
            lon,
            geonames: 0,
            country: (*country).into(),
            admin: String::new(),
            feature: if name.contains("Base") { "AIRB" } else { "AIRP" }.into(),
            population: 5_000,
        });
    }
}

/// The fields of a line of CSV; quotation marks inside fields are doubled.
fn split_csv(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    fields
}
