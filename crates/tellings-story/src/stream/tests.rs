//! Streams of made-up sketches: order, batches, merges, splits, memory.

use super::*;
use crate::sketch::SketchPart;
use crate::terms::Vector;
use jiff::ToSpan;
use jiff::civil::date;

/// A report about some terms on a day of 2021 (`None`: undated).
fn sketch(id: &str, day: Option<i64>, terms: &[u32]) -> Sketch {
    let range = day.map(|d| DateRange::day(date(2021, 1, 1).saturating_add(d.days())));
    let mut terms = terms.to_vec();
    terms.sort_unstable();
    let weight = 1.0 / (terms.len() as f32).sqrt();
    let key = xxhash_rust::xxh3::xxh3_64(format!("{id} {day:?}").as_bytes());
    let piece = Piece {
        document: 0,
        part: 0,
        days: day.map(|d| (d as i32, d as i32)),
        key,
        name: key,
        vector: Vector { values: terms.into_iter().map(|t| (t, weight)).collect() },
    };
    let part = SketchPart { spans: Vec::new(), title: id.to_string(), piece, passages: Vec::new() };
    Sketch { id: id.to_string(), title: id.to_string(), outlet: None, credits: Vec::new(), date: range, parts: vec![part] }
}

fn all(sketches: impl IntoIterator<Item = Sketch>) -> Vec<Outline> {
    let mut stories = Stories::new();
    let mut found = Vec::new();
    for sketch in sketches {
        stories.add(sketch);
        found.extend(stories.take_closed());
    }
    found.extend(stories.finish());
    found
}

/// `n` reports a day on many matters over some days; each matter has eight terms and runs for a week.
fn news(days: i64, n: usize) -> Vec<Sketch> {
    let mut sketches = Vec::new();
    for day in 0..days {
        for i in 0..n {
            let matter = (day / 7) * 1000 + (i % 50) as i64;
            let terms: Vec<u32> = (0..8).filter(|t| t % 5 != i / 50 % 5).map(|t| (matter * 8) as u32 + t as u32).collect();
            sketches.push(sketch(&format!("{day}-{i}"), Some(day), &terms));
        }
    }
    sketches
}

#[test]
fn arrival_within_a_window_says_nothing() {
    let in_order = news(20, 100);
    let mut shuffled = in_order.clone();
    shuffled.sort_by_key(|s| xxhash_rust::xxh3::xxh3_64(s.id.as_bytes()));
    assert_eq!(all(in_order), all(shuffled));
}

#[test]
fn a_long_stream_gives_the_same_stories_in_whatever_order_its_days_come_mixed() {
    let in_order = news(100, 150);
    let mut mixed = in_order.clone();
    for stretch in mixed.chunks_mut(600) {
        stretch.sort_by_key(|s| xxhash_rust::xxh3::xxh3_64(s.id.as_bytes()));
    }
    let found = all(in_order);
    assert_eq!(found, all(mixed));
    // 50 matters a week.
    assert_eq!(found.len(), 15 * 50);
    assert_eq!(found.iter().map(|s| s.documents.len()).sum::<usize>(), 15_000);
}

#[test]
fn what_is_over_is_forgotten() {
    let mut stories = Stories::new();
    let mut most = 0;
    let mut closed = 0;
    for sketch in news(300, 100) {
        stories.add(sketch);
        closed += stories.take_closed().len();
        most = most.max(stories.reports.len() + stories.buffer.len());
    }
    assert!(closed > 300 / 7 * 50 * 2 / 3, "{closed} stories were handed out");
    // Those of the last five weeks, of a week that is not over, and those that wait.
    assert!(most <= 50 * 100 + BUFFER, "{most} reports were held");
}

#[test]
fn batches_do_not_rename_stories() {
    let days = |from: i64, to: i64| (from..to).flat_map(|d| (0..3).map(move |i| (d, i)));
    let of = |(d, i): (i64, i64)| sketch(&format!("{d}-{i}"), Some(d), &[1, 2, 3, 4, 5, 10 + d as u32, 100 + i as u32]);
    let mut stories = Stories::new();
    days(0, 2).map(of).for_each(|s| stories.add(s));
    stories.settle();
    let first = stories.open();
    assert_eq!((first.len(), first[0].documents.len()), (1, 6));
    days(2, 5).map(of).for_each(|s| stories.add(s));
    // One that comes late, older than all.
    stories.add(sketch("late", Some(-1), &[1, 2, 3, 4, 5]));
    stories.settle();
    let later = stories.open();
    assert_eq!((later.len(), later[0].documents.len()), (1, 16));
    assert_eq!(later[0].id, first[0].id);
    assert_eq!(later[0].documents[0], "late");
    // At once and in batches the id is the same.
    assert_eq!(all(days(0, 5).map(of))[0].id, first[0].id);
}

#[test]
fn two_stories_that_turn_out_to_be_one_leave_a_redirect() {
    let (a, b): (Vec<u32>, Vec<u32>) = ((1..9).collect(), (11..19).collect());
    let bridge = [5, 6, 7, 8, 11, 12, 13, 14];
    let mut stories = Stories::new();
    for (id, terms) in [("a1", &a), ("a2", &a), ("b1", &b), ("b2", &b)] {
        stories.add(sketch(id, Some(0), terms));
    }
    stories.settle();
    let before: BTreeSet<String> = stories.open().into_iter().map(|s| s.id).collect();
    assert_eq!(before.len(), 2);
    for i in 0..3 {
        stories.add(sketch(&format!("c{i}"), Some(2), &bridge));
    }
    stories.settle();
    let after = stories.open();
    assert_eq!((after.len(), after[0].documents.len(), after[0].merged.len()), (1, 7, 1));
    assert_eq!(after[0].merged.iter().chain([&after[0].id]).cloned().collect::<BTreeSet<_>>(), before);
}

#[test]
fn a_story_that_becomes_two_names_its_parent() {
    let both: Vec<u32> = (1..9).collect();
    let (one, other) = ([1, 2, 3, 20, 21, 22, 23, 24], [4, 5, 6, 30, 31, 32, 33, 34]);
    let mut stories = Stories::new();
    for i in 0..2 {
        stories.add(sketch(&format!("start{i}"), Some(0), &both));
    }
    stories.settle();
    let id = stories.open()[0].id.clone();
    for day in 1..14 {
        for (name, terms) in [("one", one), ("other", other)] {
            stories.add(sketch(&format!("{name}{day}"), Some(day), &terms));
        }
    }
    stories.settle();
    let after = stories.open();
    assert_eq!(after.len(), 2, "{after:#?}");
    let child = after.iter().find(|s| s.id != id).unwrap();
    assert!(after.iter().any(|s| s.id == id && s.parents.is_empty()));
    assert_eq!(child.parents, [id]);
    // Each keeps to its own from then on.
    let side = |s: &Outline, name: &str| s.documents.iter().filter(|d| d.starts_with(name)).count();
    assert!(after.iter().all(|s| side(s, "one") < 2 || side(s, "other") < 2), "{after:#?}");
}

#[test]
fn a_story_followed_for_weeks_may_drift_and_stays_one() {
    // A third of its terms changes every few days; after five weeks it shares none with its start.
    let report =
        |day: i64| sketch(&format!("day{day}"), Some(day), &(0..9).map(|t| (day / 4) as u32 * 2 + t).collect::<Vec<_>>());
    let found = all((0..38).map(report));
    assert_eq!((found.len(), found[0].documents.len()), (1, 38));
    // The same words after a silence of six weeks are another matter.
    let terms = [1, 2, 3, 4, 5];
    assert_eq!(all([sketch("a", Some(0), &terms), sketch("b", Some(42), &terms)]).len(), 2);
    assert_eq!(all([sketch("a", Some(0), &terms), sketch("b", Some(28), &terms)]).len(), 1);
}

#[test]
fn undated_reports_join_what_they_are_about() {
    let terms = [1, 2, 3, 4, 5];
    let found = all([sketch("u", None, &terms), sketch("a", Some(0), &terms), sketch("v", None, &[9, 8, 7])]);
    assert_eq!(found.iter().map(|s| s.documents.len()).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(found[0].documents, ["a", "u"]);
    assert_eq!((found[0].first.as_deref(), found[1].first.as_deref()), (Some("2021-01-01"), None));
}

#[test]
fn strands_are_told() {
    let report = |id: &str, own: u32| sketch(id, Some(0), &[1, 2, own, own + 1, own + 2, own + 3, own + 4]);
    let found = all([report("a1", 10), report("a2", 10), report("b1", 20), report("b2", 20)]);
    assert_eq!(found.len(), 1);
    let strands: Vec<&[String]> = found[0].strands.iter().map(|s| s.documents.as_slice()).collect();
    assert_eq!(strands.len(), 2, "{strands:?}");
}
