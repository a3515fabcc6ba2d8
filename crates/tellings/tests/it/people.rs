//! One entity out of many reports: who is joined, who is kept apart, and ids that do not depend on the order of reports.

use crate::models;
use tellings::doc::Kind;
use tellings::{Body, Given, Report, read_report, reconcile};

/// The people of the record of these reports (id and text), as id, name and number of mentions, by id.
fn people(reports: &[(&str, &str)]) -> Vec<(String, String, usize)> {
    people_on(&reports.iter().map(|&(id, text)| (id, "2016-09-06", text)).collect::<Vec<_>>())
}

/// The same of reports with their dates.
fn people_on(reports: &[(&str, &str, &str)]) -> Vec<(String, String, usize)> {
    let item = |&(id, date, text): &(&str, &str, &str)| Report {
        id: id.to_string(),
        given: Given { date: Some(date.into()), ..Given::default() },
        body: Body::Row(text.to_string()),
        problems: Vec::new(),
        keys: Vec::new(),
    };
    let docs = reports.iter().map(|report| read_report(models(), &item(report))).collect();
    let (_, record) = reconcile(models(), docs);
    let mut people: Vec<(String, String, usize)> = (record.stories.iter().flat_map(|story| &story.entities))
        .filter(|entity| entity.kind == Kind::Per && !entity.generic)
        .map(|entity| (entity.id.clone(), entity.name.clone(), entity.mentions.len()))
        .collect();
    people.sort();
    people
}

fn ids(people: &[(String, String, usize)], name: &str) -> Vec<String> {
    people.iter().filter(|p| p.1 == name).map(|p| p.0.clone()).collect()
}

const BUSHES: [(&str, &str); 3] = [
    (
        "a",
        "Former presidents George H. W. Bush and George W. Bush met veterans of the Gulf War at a ceremony in Houston on \
         Monday. The ceremony in Houston honoured veterans of the Gulf War.",
    ),
    (
        "b",
        "George W. Bush told veterans of the Gulf War at the ceremony in Houston on Monday that he was grateful. The \
         ceremony honoured veterans.",
    ),
    (
        "c",
        "Veterans of the Gulf War were honoured at a ceremony in Houston on Monday. George H. W. Bush thanked the veterans \
         at the ceremony.",
    ),
];

#[test]
fn two_bushes_stay_two() {
    let people = people(&BUSHES);
    assert_eq!(ids(&people, "George H. W. Bush"), ["person/george-h-w-bush"], "{people:?}");
    assert_eq!(ids(&people, "George W. Bush"), ["person/george-w-bush"], "{people:?}");
}

const KIMS: [(&str, &str); 3] = [
    (
        "a",
        "South Korean engineer Kim Min-ho and North Korean leader Kim Jong-un opened the railway at Kaesong on Monday. The \
         railway at Kaesong had been closed for years.",
    ),
    ("b", "Kim Jong-un opened the railway at Kaesong on Monday. The railway had been closed for years, said Kim Jong-un."),
    ("c", "The railway at Kaesong was opened on Monday. Kim Min-ho said the railway at Kaesong had been closed for years."),
];

#[test]
fn two_kims_stay_two_and_each_is_one() {
    let people = people(&KIMS);
    assert_eq!(ids(&people, "Kim Jong-un"), ["person/kim-jong-un"], "{people:?}");
    assert_eq!(ids(&people, "Kim Min-ho").len(), 1, "{people:?}");
}

#[test]
fn ids_do_not_depend_on_the_order_of_reports() {
    for reports in [BUSHES, KIMS] {
        let first = people(&reports);
        let turned: Vec<_> = reports.iter().rev().copied().collect();
        assert_eq!(first, people(&turned));
    }
}

#[test]
fn one_name_in_two_states_is_two_people_whatever_comes_first() {
    let reports = [
        ("a", "French minister Jean Martel signed the fishing treaty in Geneva on Monday. The treaty limits fishing."),
        ("b", "Canadian minister Jean Martel signed the fishing treaty in Geneva on Monday. The treaty limits fishing."),
        ("c", "The fishing treaty was signed in Geneva on Monday. French minister Jean Martel said the treaty limits fishing."),
    ];
    let all = people(&reports);
    assert_eq!(ids(&all, "Jean Martel").len(), 2, "{all:?}");
    // The same reports under other ids, and so in another order, give the same two ids.
    let again = people(&[("z", reports[0].1), ("y", reports[1].1), ("x", reports[2].1)]);
    assert_eq!(ids(&all, "Jean Martel"), ids(&again, "Jean Martel"));
}

/// Countries and sectors of the people of a report of that day, by name.
fn codes(date: &str, text: &str) -> Vec<String> {
    let given = Given { date: Some(date.into()), ..Given::default() };
    let doc = tellings::read_row(models(), "a", text, &given);
    let people = doc.link.entities.iter().filter(|entity| entity.kind == Kind::Per && !entity.generic);
    people.map(|e| format!("{} {} {}", e.name, e.country.as_deref().unwrap_or("-"), e.sectors.join(","))).collect()
}

#[test]
fn an_office_is_held_by_who_held_it_on_the_day_of_each_report() {
    let all = people_on(&[
        (
            "a",
            "2003-05-12",
            "The French president opened the railway at Kaesong on Monday. The railway at Kaesong had been closed.",
        ),
        (
            "b",
            "2016-05-09",
            "The French president opened the railway at Kaesong on Monday. The railway at Kaesong had been closed.",
        ),
    ]);
    assert_eq!(ids(&all, "Jacques Chirac"), ["person/jacques-chirac"], "{all:?}");
    assert_eq!(ids(&all, "François Hollande"), ["person/francois-hollande"], "{all:?}");
}

#[test]
fn sectors_are_those_of_the_day() {
    let text = "John Kerry met Sergei Lavrov in Vienna on Monday.";
    assert_eq!(codes("2016-09-06", text), ["John Kerry USA GOV", "Sergey Lavrov RUS GOV"]);
    assert_eq!(codes("2019-09-06", text), ["John Kerry USA ELI", "Sergey Lavrov RUS GOV"]);
}
