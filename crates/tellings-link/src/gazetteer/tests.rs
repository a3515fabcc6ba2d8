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
