//! Stories that are kept outside of memory, in a table of this test.

use super::*;
use crate::sketch::SketchPart;
use crate::terms::Vector;
use std::convert::Infallible;
use tellings_doc::DateRange;

/// A report about some terms on a day of 2021 (`None`: undated).
fn sketch(id: &str, day: Option<i32>, terms: &[u32]) -> Sketch {
    let range = day.map(|d| {
        let first = jiff::civil::date(1970, 1, 1).saturating_add(jiff::Span::new().days(i64::from(d)));
        DateRange::day(first)
    });
    let mut terms = terms.to_vec();
    terms.sort_unstable();
    let weight = 1.0 / (terms.len() as f32).sqrt();
    let key = xxhash_rust::xxh3::xxh3_64(format!("{id} {day:?}").as_bytes());
    let vector = Vector { values: terms.into_iter().map(|t| (t, weight)).collect() };
    let piece = Piece { document: 0, part: 0, days: day.map(|d| (d, d)), key, name: key, vector };
    let part = SketchPart { spans: vec![Span::new(0, 9)], title: id.to_string(), piece, passages: Vec::new() };
    Sketch { id: id.to_string(), title: id.to_string(), outlet: None, credits: Vec::new(), date: range, parts: vec![part] }
}

#[derive(Default)]
struct Table {
    sketches: BTreeMap<u64, Arc<Sketch>>,
    stories: BTreeMap<u32, PlacedStory>,
    members: BTreeMap<Place, u32>,
    ended: BTreeMap<u32, u32>,
    /// Gists that were handed over.
    looked_at: usize,
}

impl Table {
    fn add(&mut self, new: Vec<Sketch>) {
        let first = self.sketches.len() as u64 + 1;
        let reports: Vec<(u64, Arc<Sketch>)> = (first..).zip(new.into_iter().map(Arc::new)).collect();
        let next = self.stories.keys().chain(self.ended.keys()).max().map_or(1, |n| n + 1);
        let mut placer = Placer::new(next, &reports);
        self.sketches.extend(reports);
        let near = |story: &PlacedStory, days: Option<(i32, i32)>| match (story.days, days) {
            (Some(a), Some(b)) => a.1 >= b.0 - REACH && a.0 <= b.1 + REACH,
            _ => true,
        };
        let listed = |term: u32, days| {
            let found = self.stories.iter().filter(|(_, s)| s.terms.contains(&term) && near(s, days)).map(|s| *s.0);
            Ok::<Vec<u32>, Infallible>(found.collect())
        };
        let Ok(candidates) = placer.candidates(listed);
        self.looked_at += candidates.len();
        for number in candidates {
            // From bytes and to bytes again, nothing is lost.
            assert!(placer.know(number, &self.stories[&number].gist));
        }
        let fetch = |wanted: &[u64]| {
            let bytes = wanted.iter().map(|d| (*d, self.sketches[d].to_bytes()));
            Ok::<_, Infallible>(bytes.map(|(d, b)| (d, Arc::new(Sketch::from_bytes(&b).unwrap()))).collect())
        };
        let Ok(placed) = placer.place(fetch);
        for (number, into) in placed.ended {
            self.stories.remove(&number);
            self.ended.insert(number, into);
            self.members.values_mut().filter(|n| **n == number).for_each(|n| *n = into);
        }
        for story in placed.stories {
            self.members.extend(story.gained.iter().map(|place| (*place, story.number)));
            self.stories.insert(story.number, story);
        }
    }

    /// Which reports are together, by their ids.
    fn groups(&self) -> BTreeSet<Vec<String>> {
        let mut groups: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for ((document, _), story) in &self.members {
            groups.entry(*story).or_default().push(self.sketches[document].id.clone());
        }
        groups.values_mut().for_each(|g| g.sort());
        groups.into_values().collect()
    }
}

/// `n` reports a day on some matters; each matter has eight terms of its own and runs for a week.
fn news(days: i32, n: usize) -> Vec<Sketch> {
    let mut all = Vec::new();
    for day in 0..days {
        for i in 0..n {
            let matter = (day / 7) as usize * 1000 + i % 20;
            let terms: Vec<u32> = (0..8).filter(|t| t % 5 != i / 20 % 5).map(|t| (matter * 8 + t) as u32).collect();
            all.push(sketch(&format!("{day}-{i}"), Some(day), &terms));
        }
    }
    all
}

#[test]
fn stories_are_the_same_in_whatever_batches_reports_come() {
    let all = news(21, 60);
    let mut once = Table::default();
    once.add(all.clone());
    assert_eq!(once.groups().len(), 60);
    for size in [1, 7, 100] {
        let mut table = Table::default();
        all.chunks(size).for_each(|batch| table.add(batch.to_vec()));
        assert_eq!(table.groups(), once.groups(), "{size} at a time");
        let ids = |t: &Table| t.stories.values().map(|s| s.id.clone()).collect::<BTreeSet<_>>();
        if size > 60 {
            assert_eq!(ids(&table), ids(&once));
        }
    }
}

#[test]
fn a_report_costs_the_same_at_any_size_and_finds_a_story_of_long_ago() {
    let mut table = Table::default();
    let all = news(140, 60);
    let mut costs = Vec::new();
    for batch in all.chunks(60 * 7) {
        let before = table.looked_at;
        table.add(batch.to_vec());
        costs.push(table.looked_at - before);
    }
    assert!(costs[19] <= costs[2] + 20, "{costs:?}");
    let groups = table.groups().len();
    let terms: Vec<u32> = (0..8).map(|t| 3 * 8 + t).collect();
    table.add(vec![sketch("late", Some(5), &terms)]);
    assert_eq!(table.groups().len(), groups);
    let own = table.groups().into_iter().find(|g| g.contains(&"late".to_string())).unwrap();
    assert!(own.contains(&"2-3".to_string()), "{own:?}");
}

#[test]
fn two_stories_become_one_and_one_two() {
    let mut table = Table::default();
    table.add(vec![sketch("a", Some(1), &[1, 2, 3, 4]), sketch("b", Some(1), &[5, 6, 7, 8])]);
    assert_eq!(table.groups().len(), 2);
    // What is about both draws them together.
    table.add((0..4).map(|i| sketch(&format!("c{i}"), Some(2), &[1, 2, 3, 4, 5, 6, 7, 8])).collect());
    assert_eq!(table.groups().len(), 1);
    assert_eq!(table.ended.len(), 1);
    let story = table.stories.values().next().unwrap();
    assert_eq!(story.merged.len(), 1);
    assert_eq!(ancestry(&story.gist).0, story.merged);
    // By people: one report is taken out, and put back.
    let number = story.number;
    let places: Vec<Place> = table.members.keys().copied().collect();
    let out = part(99, &story.gist, &places[..1], &table.sketches).unwrap();
    assert_eq!((out.parents.clone(), out.days), (vec![story.id.clone()], Some((1, 1))));
    let rest = gather(number, &story.gist, &[], &places[1..], &table.sketches).unwrap();
    assert_eq!((rest.id.as_str(), rest.days), (story.id.as_str(), Some((1, 2))));
    let whole = gather(number, &rest.gist, &[&out.gist], &places, &table.sketches).unwrap();
    assert!(whole.merged.contains(&out.id));
    assert_eq!(unchanged(number, &whole.gist).unwrap().gist, whole.gist);
}

#[test]
fn what_people_declare_a_copy_is_one_and_leads_never_round() {
    let all = [("a", 1), ("b", 2), ("c", 3)];
    let sketches: BTreeMap<u64, Arc<Sketch>> =
        (1..).zip(all.iter().map(|(id, day)| Arc::new(sketch(id, Some(*day), &[1, 2, 3, 4])))).collect();
    let places: Vec<Place> = vec![(1, 0), (2, 0), (3, 0)];
    let told = |copies: &[(u64, u64)]| {
        let told = descend(&places, &sketches, &BTreeMap::new(), &copies.iter().copied().collect());
        (told.origins, told.members.iter().map(|m| m.origin).collect::<Vec<_>>())
    };
    assert_eq!(told(&[]), (3, vec![1, 2, 3]));
    assert_eq!(told(&[(3, 1)]), (2, vec![1, 2, 1]));
    // The earlier is the copy.
    assert_eq!(told(&[(1, 2)]), (2, vec![2, 2, 3]));
    assert_eq!(told(&[(1, 2), (2, 1)]).0, 2);
    let whole = descend(&places, &sketches, &BTreeMap::new(), &BTreeMap::new());
    assert_eq!((whole.title.as_deref(), whole.documents), (Some("a"), 3));
    assert_eq!((whole.first.as_deref(), whole.last.as_deref()), (Some("1970-01-02"), Some("1970-01-04")));
}

#[test]
fn sketches_and_gists_that_are_damaged_are_none() {
    let bytes = sketch("a", Some(1), &[1, 2, 3]).to_bytes();
    for end in 0..bytes.len() {
        assert!(Sketch::from_bytes(&bytes[..end]).is_none());
        let mut wrong = bytes.clone();
        wrong[end] ^= 0xff;
        // Whatever comes of it, no panic.
        let _ = Sketch::from_bytes(&wrong);
    }
    assert!(unchanged(1, &[]).is_none() && unchanged(1, &[1, 2, 3]).is_none() && unchanged(1, &[9; 99]).is_none());
}

/// A sentence of these words.
fn passage(at: usize, words: &[u32]) -> Arc<Passage> {
    let mut own = words.to_vec();
    own.sort_unstable();
    let mut bytes = Writer::default();
    bytes.span(Span::new(at * 100, at * 100 + 90));
    bytes.list(words, |out, &word| out.u32(word));
    bytes.list(&own, |out, &word| {
        out.u8(255);
        out.u32(word);
    });
    Arc::new(Passage::read(&mut Reader(&bytes.0)).expect("a sentence"))
}

#[test]
fn new_reports_of_a_story_descend_as_if_all_were_gone_through() {
    // A fixed sequence of numbers.
    let mut state = 5u64;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut sentences: Vec<Vec<Vec<u32>>> = Vec::new();
    let mut sketches: BTreeMap<u64, Arc<Sketch>> = BTreeMap::new();
    let (mut members, mut quick): (BTreeMap<Place, Member>, usize) = (BTreeMap::new(), 0);
    let mut whole = Descended::default();
    for step in 0..60u64 {
        let new: Vec<Place> = (0..1 + below(3)).map(|n| (step * 10 + n + 1, 0)).collect();
        for (document, _) in &new {
            // Its own sentences, or those of an earlier one: all, some, with others between them.
            let mut own: Vec<Vec<u32>> = Vec::new();
            if !sentences.is_empty() && below(2) == 0 {
                let source = &sentences[below(sentences.len() as u64) as usize];
                own.extend(source.iter().take(1 + below(4) as usize).cloned());
            }
            while own.len() < 3 || below(2) == 0 {
                own.push((0..12).map(|_| below(40_000) as u32).collect());
            }
            // Some come in late.
            let day = 100 + step as i32 / 4 - if below(12) == 0 { 3 } else { 0 };
            let mut report = sketch(&format!("r{document}"), Some(day), &[1, 2, 3]);
            report.parts[0].passages = own.iter().enumerate().map(|(at, words)| passage(at, words)).collect();
            sentences.push(own);
            sketches.insert(*document, Arc::new(report));
        }
        let latest: Vec<Member> = members.values().rev().cloned().collect();
        let places: Vec<Place> = sketches.keys().map(|&d| (d, 0)).collect();
        let all = descend(&places, &sketches, &BTreeMap::new(), &BTreeMap::new());
        if let Some(told) = append(&new, &sketches, &latest) {
            quick += 1;
            members.extend(told.members.iter().map(|m| ((m.document, m.part), m.clone())));
            assert_eq!(
                (whole.documents + told.documents, whole.origins + told.origins, &told.title),
                (all.documents, all.origins, &all.title),
                "step {step}"
            );
        } else {
            members = all.members.iter().map(|m| ((m.document, m.part), m.clone())).collect();
        }
        let wanted: BTreeMap<Place, Member> = all.members.iter().map(|m| ((m.document, m.part), m.clone())).collect();
        assert_eq!(members, wanted, "step {step}");
        whole = all;
    }
    assert!(quick > 45, "{quick} of 60 steps");
    assert!(whole.origins > 20 && whole.origins + 20 < whole.documents, "{} {}", whole.origins, whole.documents);
    // What was there before with another part, or is not known, is gone through.
    assert_eq!(append(&[(1, 1)], &sketches, &members.into_values().collect::<Vec<_>>()), None);
    assert_eq!(append(&[(999_999, 0)], &sketches, &[]), None);
}
