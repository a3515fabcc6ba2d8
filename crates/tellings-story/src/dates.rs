//! Dates for undated documents, worked out from their siblings.
//!
//! A report says "on Thursday", "this Sunday", "on Aug. 26": each such expression, told as past or as coming, allows only
//! some days of publication once it is known which week is meant. Which week is meant is known from dated reports of the
//! same story: their dates and the dates of the events that they tell. Every day near the siblings is a hypothesis; the
//! evidence for and against each is counted, and the best one is kept if it stands alone.

use crate::stream;
use jiff::ToSpan;
use jiff::civil::Date;
use tellings_doc::{Anchor, Basis, BlockKind, DateRange, Doc, Precision, Published, Relative, Span, Time, TimeKind};

/// A date that an undated document may have, and why.
struct Hypothesis {
    range: DateRange,
    span: Span,
    note: String,
}

/// Days before the first and after the last dated sibling that are looked at.
const WINDOW: i32 = 8;

/// Dates for the undated documents that have a dated sibling in their story.
pub(crate) fn infer(docs: &[Doc]) -> Vec<(usize, Published, String)> {
    let (items, groups) = stream::stories(docs);
    infer_among(docs, &items, &groups)
}

/// The same, where it is known which documents are one story.
pub(crate) fn infer_among(docs: &[Doc], items: &[stream::Item], groups: &[stream::Group]) -> Vec<(usize, Published, String)> {
    let mut found = Vec::new();
    for group in groups.iter().map(|g| &g.items) {
        let main: Vec<usize> = group.iter().filter(|&&i| items[i].main).map(|&i| items[i].document).collect();
        let dated: Vec<usize> =
            main.iter().copied().filter(|&d| docs[d].article.published.as_ref().is_some_and(|p| p.range.is_day())).collect();
        if dated.is_empty() {
            continue;
        }
        let days = anchors(docs, &dated);
        for &d in main.iter().filter(|&&d| docs[d].article.published.is_none()) {
            if let Some(h) = dateline(&docs[d], &days).or_else(|| hypothesis(&docs[d], &days)) {
                let published = Published {
                    value: h.range.first.to_string(),
                    range: h.range,
                    precision: Precision::Day,
                    basis: Basis::Inferred,
                    span: Some(h.span),
                    from: dated.iter().map(|&s| docs[s].id.clone()).collect(),
                    rule: "story.infer-date.weekdays".into(),
                };
                found.push((d, published, h.note));
            }
        }
    }
    found
}

/// Days on which the dated siblings say that the story's news happened: those of publication and of recent events.
fn anchors(docs: &[Doc], dated: &[usize]) -> Vec<Date> {
    let mut days: Vec<Date> = Vec::new();
    for &d in dated {
        let Some(published) = docs[d].article.published.as_ref().map(|p| p.range.first) else { continue };
        days.push(published);
        let recent = |day: Date| day.until(published).is_ok_and(|gap| (0..=3).contains(&gap.get_days()));
        days.extend(docs[d].times.iter().filter_map(|t| t.range).filter(|r| r.is_day() && recent(r.first)).map(|r| r.first));
    }
    days.sort();
    days.dedup();
    days
}

/// The day that a weekday expression means if the report was published on `day`, and how well that goes with the days on
/// which the siblings say that the news happened (1 near them, negative far away). `None` for other expressions.
fn meant(time: &Time, day: Date, around: &[Date]) -> Option<(Date, f32)> {
    let (weekday, direction) = match time.relative? {
        Relative::Weekday { weekday, direction } => (weekday, direction),
        Relative::WeekdayOfWeek { weekday, week: 0 } => (weekday, 0),
        _ => return None,
    };
    let distance = |d: Date| around.iter().map(|a| gap(d, *a).abs()).min().unwrap_or(i32::MAX);
    let days = match direction {
        ..0 => -6..=0,
        0 => -6..=6,
        1.. => 0..=6,
    };
    let day = days
        .filter_map(|n: i32| day.checked_add(n.days()).ok())
        .filter(|d| d.weekday() == weekday)
        .min_by_key(|&d| (distance(d), gap(day, d).abs()))?;
    let fit = match distance(day) {
        0..=3 => 1.0,
        4..=5 => 0.3,
        _ => -1.0,
    };
    Some((day, fit))
}

/// Days from `a` to `b`.
fn gap(a: Date, b: Date) -> i32 {
    a.until(b).map_or(i32::MAX / 2, |g| g.get_days())
}

/// Bytes after a dateline's place in which its date stands.
const DATELINE: usize = 40;

/// The date of a dateline that names no year ("GENEVA, Sept 5 (Agency) -"): the one nearest to the siblings' days.
fn dateline(doc: &Doc, around: &[Date]) -> Option<Hypothesis> {
    let place = doc.article.dateline.as_ref()?.span;
    let near = |t: &&Time| t.span.start() >= place.end() && t.span.end() <= place.end() + DATELINE;
    let time = doc.times.iter().find(near)?;
    let Some(Relative::MonthDay { month, day, .. }) = time.relative else { return None };
    let range = Relative::MonthDay { month, day, direction: 0 }.resolve(*around.first()?);
    let note = format!("the dateline gives “{}”, its siblings the year", time.span.of(doc.text()));
    Some(Hypothesis { range, span: time.span, note })
}

fn hypothesis(doc: &Doc, around: &[Date]) -> Option<Hypothesis> {
    let coded: Vec<Span> =
        doc.article.blocks.iter().filter(|b| b.kind.is_body() || b.kind == BlockKind::Title).map(|b| b.span).collect();
    let open: Vec<&Time> = (doc.times.iter())
        .filter(|t| t.anchor == Anchor::Unknown && t.relative.is_some() && t.kind != TimeKind::Set)
        .filter(|t| coded.iter().any(|c| c.covers(t.span)))
        .collect();
    let (first, last) = (around.first()?, around.last()?);
    let from = first.checked_sub(WINDOW.days()).ok()?;
    let days = gap(from, *last) + WINDOW;
    let mut scored: Vec<(f32, Date)> = Vec::new();
    for n in 0..=days {
        let day = from.checked_add(n.days()).ok()?;
        let mut score = 0.0;
        let mut latest_past: Option<Date> = None;
        for time in &open {
            let Some((meant, fit)) = meant(time, day, around) else { continue };
            score += fit;
            if fit > 0.0 && meant <= day {
                latest_past = latest_past.max(Some(meant));
            }
        }
        // News is told on the day it happens or the day after.
        score += match latest_past.map(|p| gap(p, day)) {
            Some(0) => 0.6,
            Some(1) => 0.5,
            Some(2) => 0.2,
            _ => 0.0,
        };
        scored.push((score, day));
    }
    let best = scored.iter().map(|s| s.0).fold(f32::MIN, f32::max);
    let usable = open.iter().filter(|t| meant(t, *first, around).is_some()).count();
    if usable == 0 || best <= 0.5 {
        return None;
    }
    // Days as good as the best, within a day's habit of reporting; they must stand together.
    let near: Vec<Date> = scored.iter().filter(|s| best - s.0 <= 0.15).map(|s| s.1).collect();
    let range = DateRange::new(*near.first()?, *near.last()?);
    if range.days() > 3 {
        return None;
    }
    let fits = |t: &&&Time| meant(t, range.first, around).is_some_and(|m| m.1 > 0.0);
    let span = open.iter().rev().find(fits)?.span;
    let words: Vec<String> = (open.iter().filter(fits))
        .filter_map(|t| meant(t, range.first, around).map(|m| format!("“{}” = {}", t.span.of(doc.text()), m.0)))
        .collect();
    let note = format!("{} of {} weekday expressions fit: {}", words.len(), usable, words.join(", "));
    Some(Hypothesis { range, span, note })
}
