//! Codes of other data sets: countries, Goldstein values, quad classes.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use tellings_doc::EventType;

static COUNTRIES: &str = include_str!("../data/countries.tsv");
static GOLDSTEIN: &str = include_str!("../data/goldstein.tsv");

type Table = BTreeMap<&'static str, Vec<&'static str>>;

/// A table of ours by its first column, without notes and heading.
fn table(text: &'static str) -> Table {
    let rows = text.lines().filter(|l| !l.starts_with('#')).skip(1);
    rows.map(|l| l.split('\t').collect::<Vec<_>>()).map(|row| (row[0], row)).collect()
}

/// The column of a country's row; empty where it has none.
fn country(iso3: &str, column: usize) -> &'static str {
    static TABLE: LazyLock<Table> = LazyLock::new(|| table(COUNTRIES));
    TABLE.get(iso3).and_then(|row| row.get(column).copied()).unwrap_or("")
}

/// FIPS 10-4 code, as GDELT writes places.
pub(crate) fn fips(iso3: &str) -> &'static str {
    country(iso3, 1)
}

/// Correlates of War number.
pub(crate) fn cow(iso3: &str) -> &'static str {
    country(iso3, 2)
}

/// Gleditsch and Ward number, as UCDP writes states.
pub(crate) fn gleditsch_ward(iso3: &str) -> &'static str {
    country(iso3, 3)
}

/// The country's code in CAMEO, which has its own for Kosovo and Palestine.
pub(crate) fn cameo(iso3: &str) -> &str {
    if iso3 == "XKX" { "KSV" } else { iso3 }
}

/// Goldstein value of a CAMEO code, or of the code it stands under.
pub(crate) fn goldstein(code: &str) -> Option<f32> {
    static TABLE: LazyLock<Table> = LazyLock::new(|| table(GOLDSTEIN));
    let of = |code: &str| TABLE.get(code).and_then(|row| row[1].parse().ok());
    (2..=code.len()).rev().find_map(|n| of(code.get(..n)?))
}

/// GDELT's quad class of a CAMEO code, as its data has it: 09 is 2, 14 is 3 and 16 is 4.
pub(crate) fn gdelt_quad(code: &str) -> u8 {
    match code.get(..2).and_then(|root| root.parse::<u8>().ok()).unwrap_or(0) {
        1..=5 => 1,
        6..=9 => 2,
        10..=14 => 3,
        _ => 4,
    }
}

/// Phoenix' class of a CAMEO code: 0 is neutral.
pub(crate) fn phoenix_quad(code: &str) -> u8 {
    match code.get(..2).and_then(|root| root.parse::<u8>().ok()).unwrap_or(0) {
        1 | 2 => 0,
        3..=5 => 1,
        6..=8 => 2,
        9..=13 | 16 => 3,
        _ => 4,
    }
}

/// PLOVER's number of the quad class of a type.
pub(crate) fn plover_quad(kind: EventType) -> u8 {
    kind.quad() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_whole() {
        let all: Vec<_> = table(COUNTRIES).into_values().collect();
        assert!(all.len() > 240);
        assert!(all.iter().all(|row| row.len() == 4 && row[0].len() == 3 && (row[1].is_empty() || row[1].len() == 2)));
        let mut numbers: Vec<&str> = all.iter().map(|row| row[2]).filter(|n| !n.is_empty()).collect();
        let told = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), told, "a Correlates of War number stands twice");
        assert!(table(GOLDSTEIN).values().all(|row| row[1].parse::<f32>().is_ok_and(|v| (-10.0..=10.0).contains(&v))));
    }

    #[test]
    fn codes_of_others() {
        assert_eq!((fips("DEU"), cow("DEU"), gleditsch_ward("DEU")), ("GM", "255", "260"));
        assert_eq!((fips("AUT"), fips("AUS"), cow("XXX")), ("AU", "AS", ""));
        assert_eq!(
            (goldstein("0871"), goldstein("190"), goldstein("1951"), goldstein("")),
            (Some(9.0), Some(-10.0), Some(-10.0), None)
        );
        assert_eq!(["040", "090", "145", "163", "190"].map(gdelt_quad), [1, 2, 3, 4, 4]);
        assert_eq!(["010", "090", "145", "163", "190"].map(phoenix_quad), [0, 3, 4, 3, 4]);
    }
}
