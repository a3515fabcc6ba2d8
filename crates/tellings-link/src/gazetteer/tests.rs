//! A gazetteer that is written can be read.

use super::*;

fn row(name: &str, others: &[&str], feature: &str, admin: &str, population: u64) -> Row {
    Row {
        name: name.into(),
        others: others.iter().map(|&o| o.into()).collect(),
        lat: 36.2,
        lon: -37.16,
        geonames: 170063,
        country: "SYR".into(),
        admin: admin.into(),
        feature: feature.into(),
        population,
    }
}

#[test]
fn what_is_written_is_found() {
    let rows = vec![
        row("Aleppo", &["Halab", "Ḩalab"], "PPLA", "SY.09", 1_600_000),
        row("Aleppo Governorate", &["Aleppo"], "ADM1", "SY.09", 4_000_000),
        Row { country: String::new(), ..row("Red Sea", &[], "SEA", "", 10) },
    ];
    let mut reversed = rows.clone();
    reversed.reverse();
    let data = build(rows);
    assert_eq!(data, build(reversed));
    let gazetteer = Gazetteer::open(data.into()).unwrap();
    let found: Vec<_> = gazetteer.find("ALEPPO").collect();
    assert_eq!(found.len(), 2);
    let ((province, other), (city, own)) = (found[0], found[1]);
    assert!(other && !own);
    assert_eq!((city.name, city.country, city.feature, city.geonames), ("Aleppo", Some("SYR"), "PPLA", Some(170063)));
    assert_eq!((city.lat, city.lon), (36.2, -37.16));
    assert_eq!(city.admin, Some(province.id));
    assert!((city.weight.exp() / 1_600_000.0 - 1.0).abs() < 0.1);
    assert_eq!((gazetteer.find("halab").count(), gazetteer.find("Homs").count()), (1, 0));
    assert_eq!(gazetteer.find("the Red Sea").next().unwrap().0.country, None);
}

#[test]
fn damaged_gazetteers_are_refused_or_empty() {
    let data = build(vec![row("Aleppo", &[], "PPLA", "", 5)]);
    assert_eq!(Gazetteer::open(Cow::Borrowed(b"PK")).unwrap_err(), BadGazetteer::Magic);
    for cut in (8..data.len()).step_by(1009) {
        assert!(Gazetteer::open(data[..cut].to_vec().into()).is_err());
    }
    assert_eq!(Gazetteer::empty().find("Aleppo").count(), 0);
}

#[test]
fn a_wide_gazetteer_is_read_like_a_narrow_one() {
    let mut rows = vec![
        row("Aleppo", &["Halab", "Ḩalab"], "PPLA", "SY.09", 1_600_000),
        row("Aleppo Governorate", &["Aleppo"], "ADM1", "SY.09", 4_000_000),
        Row { country: String::new(), ..row("Red Sea", &[], "SEA", "", 10) },
        row("Nowhere", &["Москва"], "PPL", "SY.77", 0),
    ];
    rows.sort_by_key(Parts::sort_key);
    let (mut parts, mut records, mut names, mut entries) = (Parts::default(), Vec::new(), Vec::new(), Vec::new());
    rows.iter().for_each(|row| parts.declare(row));
    rows.iter().for_each(|row| parts.add(row, &mut records, &mut names, &mut entries).unwrap());
    entries.sort_unstable();
    let mut data = parts.head().unwrap();
    entries.iter().for_each(|entry| data.extend_from_slice(&Parts::written(entry)));
    data.extend_from_slice(&records);
    data.extend_from_slice(&names);
    let wide = Gazetteer::open(data.into()).unwrap();
    let narrow = Gazetteer::open(build(rows).into()).unwrap();
    assert_eq!((wide.len(), parts.places()), (4, 4));
    for name in ["Aleppo", "halab", "the Red Sea", "Nowhere", "Homs"] {
        assert_eq!(wide.find(name).collect::<Vec<_>>(), narrow.find(name).collect::<Vec<_>>(), "{name}");
    }
}
