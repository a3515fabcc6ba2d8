//! Our own table of places that are no towns: continents, seas, straits, rivers, mountains, regions, disputed lands,
//! crossings, camps, bases and well-known buildings. It goes into the gazetteer when that is built.

use crate::GazetteerRow;

/// The rows of the table, for building a gazetteer.
pub fn regions() -> Vec<GazetteerRow> {
    include_str!("../data/places/regions.txt").lines().filter(|line| !line.starts_with('#')).filter_map(row).collect()
}

/// One line: `feature | country | division | lat lon | people it is as well known as, in thousands | name | other names`.
fn row(line: &str) -> Option<GazetteerRow> {
    let mut fields = line.split('|').map(str::trim);
    let mut next = || fields.next();
    let (feature, country, admin, at, weight, name, others) = (next()?, next()?, next()?, next()?, next()?, next()?, next()?);
    let (lat, lon) = at.split_once(' ')?;
    Some(GazetteerRow {
        name: name.into(),
        others: others.split(", ").filter(|other| !other.is_empty()).map(str::to_owned).collect(),
        lat: lat.parse().ok()?,
        lon: lon.parse().ok()?,
        geonames: 0,
        country: country.into(),
        admin: admin.into(),
        feature: feature.into(),
        population: weight.parse::<u64>().ok()? * 1000,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let file = include_str!("../data/places/regions.txt");
        for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let row = row(line).unwrap_or_else(|| panic!("not read: {line}"));
            assert!(row.lat.abs() <= 90.0 && row.lon.abs() <= 180.0, "{line}");
            assert!(row.country.is_empty() || row.country.len() == 3, "{line}");
            assert_eq!(line.split('|').count(), 7, "{line}");
        }
    }
}
