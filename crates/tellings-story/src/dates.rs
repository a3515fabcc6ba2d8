//! Dates for undated documents, worked out from their siblings.
//!
//! Every day near the dated reports of the same story is a hypothesis; the evidence for and against each is counted, and the best one
//! is kept if it stands alone. Others that come near it are kept beside it, and all of them where none stands alone. Evidence is:
//!
//! - weekday words: "on Thursday", "this Sunday" allow only some days once it is known which week is meant, and that is known from
//!   the siblings' dates and the dates of the events that they tell;
//! - lineage: sentences that a dated sibling has, too, were published when that one was or a day or two later;
//! - quotes: words that a dated sibling has from the same mouth were said when that one says, and told soon after.
//!
//! A page stitched together from dated siblings of several days has a date for each of its parts.

use crate::bytes::{Reader, Writer};
use crate::lineage::Lineages;
use crate::stream;
use crate::words::{common, content};
use jiff::ToSpan;
use jiff::civil::Date;
use tellings_doc::{
    Anchor, Basis, BlockKind, DateCandidate, DateRange, Doc, PartDate, Precision, Published, Quote, QuoteKind, Relative, Rule,
    Span, Time, TimeKind,
};

/// When an undated document may have been published, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Dating {
    /// Position of the document.
    pub document: usize,
    /// The date that stands alone, if one does.
    pub published: Option<Published>,
    /// The evidence, as a sentence.
    pub evidence: String,
    /// Other days that the evidence allows, best first.
    pub others: Vec<DateCandidate>,
    /// Parts that came from dated siblings of several days.
    pub parts: Vec<PartDate>,
}

/// First byte of a dating in bytes: how they are laid out.
const LAYOUT: u8 = 1;

const BASES: [Basis; 5] = [Basis::Stated, Basis::Metadata, Basis::Url, Basis::Inferred, Basis::Assumed];

const PRECISIONS: [Precision; 7] =
    [Precision::Second, Precision::Minute, Precision::Hour, Precision::Day, Precision::Week, Precision::Month, Precision::Year];

/// What a date of publication and a candidate for one have in common.
fn write_date(out: &mut Writer, date: (&str, DateRange, Precision, Basis, Option<Span>, &Rule)) {
    let (value, range, precision, basis, span, rule) = date;
    out.string(value);
    out.dates(range);
    out.u8(PRECISIONS.iter().position(|&p| p == precision).unwrap_or(0) as u8);
    out.u8(BASES.iter().position(|&b| b == basis).unwrap_or(0) as u8);
    out.option(span, Writer::span);
    out.string(rule);
}

fn read_date(bytes: &mut Reader<'_>) -> Option<DateCandidate> {
    Some(DateCandidate {
        value: bytes.string()?,
        range: bytes.dates()?,
        precision: *PRECISIONS.get(bytes.u8()? as usize)?,
        basis: *BASES.get(bytes.u8()? as usize)?,
        span: bytes.option(Reader::span)?,
        rule: bytes.string()?.into(),
    })
}

fn write_published(out: &mut Writer, p: &Published) {
    write_date(out, (&p.value, p.range, p.precision, p.basis, p.span, &p.rule));
    out.list(&p.from, |out, from| out.string(from));
}

fn read_published(bytes: &mut Reader<'_>) -> Option<Published> {
    let DateCandidate { value, range, precision, basis, span, rule } = read_date(bytes)?;
    Some(Published { value, range, precision, basis, span, from: bytes.list(Reader::string)?, rule })
}

impl Dating {
    /// The dating in bytes, but for which document it is of.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.u8(LAYOUT);
        out.option(self.published.as_ref(), write_published);
        out.string(&self.evidence);
        out.list(&self.others, |out, c| write_date(out, (&c.value, c.range, c.precision, c.basis, c.span, &c.rule)));
        out.list(&self.parts, |out, part| {
            out.span(part.span);
            write_published(out, &part.published);
            out.string(&part.note);
        });
        out.0
    }

    /// The dating of a document that these bytes are; `None` where they are none, or of another program's layout.
    pub fn from_bytes(document: usize, bytes: &[u8]) -> Option<Dating> {
        let mut bytes = Reader(bytes);
        if bytes.u8()? != LAYOUT {
            return None;
        }
        let published = bytes.option(read_published)?;
        let (evidence, others) = (bytes.string()?, bytes.list(read_date)?);
        let part = |bytes: &mut Reader<'_>| {
            Some(PartDate { span: bytes.span()?, published: read_published(bytes)?, note: bytes.string()? })
        };
        Some(Dating { document, published, evidence, others, parts: bytes.list(part)? })
    }
}

/// A date that an undated document may have, and why.
struct Hypothesis {
    range: DateRange,
    span: Span,
    note: String,
    rule: Rule,
}

/// Days before the first and after the last dated sibling that are looked at.
const WINDOW: i32 = 8;

/// Dates for the undated documents that have a dated sibling in their story.
pub(crate) fn infer(docs: &[Doc]) -> Vec<Dating> {
    if docs.iter().all(|d| d.article.published.is_some()) {
        return Vec::new();
    }
    let (items, groups) = stream::stories(docs);
    infer_among(docs, &items, &groups)
}

/// The same, where it is known which documents are one story.
pub(crate) fn infer_among(docs: &[Doc], items: &[stream::Item], groups: &[stream::Group]) -> Vec<Dating> {
    let mut found = Vec::new();
    for group in groups.iter().map(|g| &g.items) {
        let main: Vec<usize> = group.iter().filter(|&&i| items[i].main).map(|&i| items[i].document).collect();
        let published = |d: usize| docs[d].article.published.as_ref().filter(|p| p.range.is_day()).map(|p| p.range.first);
        let mut dated: Vec<usize> = main.iter().copied().filter(|&d| published(d).is_some()).collect();
        if dated.is_empty() {
            continue;
        }
        dated.sort_by_key(|&d| (published(d), d));
        let days = anchors(docs, &dated);
        let passages = |d: usize| -> Vec<_> {
            let own = group.iter().filter(|&&i| items[i].document == d && items[i].main);
            own.flat_map(|&i| items[i].passages.iter().cloned()).collect()
        };
        let undated: Vec<usize> = main.iter().copied().filter(|&d| docs[d].article.published.is_none()).collect();
        if undated.is_empty() {
            continue;
        }
        let mut lineages = Lineages::default();
        dated.iter().for_each(|&d| drop(lineages.add(d as u64, &passages(d))));
        for d in undated {
            let own = passages(d);
            let shared = lineages.add(d as u64, &own);
            let from = shared.iter().filter(|s| s.other < dated.len()).map(|s| (s.span, dated[s.other]));
            let from: Vec<Taken> =
                from.filter_map(|(span, sibling)| Some(Taken { span, sibling, day: published(sibling)? })).collect();
            let signs = Signs { lineage: descent(docs, &from, own.len()), quotes: quotes(docs, d, &dated) };
            let dating = match dateline(&docs[d], &days) {
                Some(h) => Some((Some(h), Vec::new())),
                None => hypotheses(docs, d, &days, &signs),
            };
            let parts = parts(docs, &from, own.len());
            let Some((best, others)) = dating.or_else(|| (!parts.is_empty()).then(|| (None, Vec::new()))) else { continue };
            let ids = || {
                let mut from = dated.clone();
                from.sort_unstable();
                from.iter().map(|&s| docs[s].id.clone()).collect()
            };
            let candidate = |h: &Hypothesis| DateCandidate {
                value: h.range.first.to_string(),
                range: h.range,
                precision: Precision::Day,
                basis: Basis::Inferred,
                span: Some(h.span),
                rule: h.rule.clone(),
            };
            found.push(Dating {
                document: d,
                evidence: match &best {
                    Some(h) => h.note.clone(),
                    None => others.iter().map(|h| format!("{}: {}", h.range.first, h.note)).collect::<Vec<_>>().join("; or "),
                },
                others: others.iter().map(candidate).collect(),
                published: best.map(|h| Published {
                    value: h.range.first.to_string(),
                    range: h.range,
                    precision: Precision::Day,
                    basis: Basis::Inferred,
                    span: Some(h.span),
                    from: ids(),
                    rule: h.rule,
                }),
                parts,
            });
        }
    }
    found
}

/// A sentence that a dated sibling has, too.
struct Taken {
    span: Span,
    sibling: usize,
    day: Date,
}

/// One piece of evidence beside weekday words: a day, how much it says, and in words.
struct Sign {
    day: Date,
    weight: f32,
    span: Span,
    words: String,
}

struct Signs {
    lineage: Vec<Sign>,
    quotes: Vec<Sign>,
}

impl Signs {
    /// What they say for publication on a day.
    fn score(&self, day: Date) -> f32 {
        let copied = |s: &Sign| match gap(s.day, day) {
            0 => s.weight,
            1 => 0.9 * s.weight,
            2 => 0.6 * s.weight,
            -1 => 0.3 * s.weight,
            _ => 0.0,
        };
        let told = |s: &Sign| match gap(s.day, day) {
            0..=2 => s.weight,
            // Good words are told again: later says little against.
            3..=5 => 0.8 * s.weight,
            ..0 => -s.weight,
            _ => 0.0,
        };
        self.lineage.iter().map(copied).sum::<f32>() + self.quotes.iter().map(told).sum::<f32>()
    }

    /// Those that speak for a day.
    fn of(&self, range: DateRange) -> impl Iterator<Item = &Sign> {
        let near = move |s: &&Sign, days: i32| (0..=days).contains(&gap(s.day, range.last));
        self.lineage.iter().filter(move |s| near(s, 2)).chain(self.quotes.iter().filter(move |s| near(s, 2)))
    }
}

/// Sentences of a sibling at least, and share of its own at least, that say when a report was published.
const TAKEN: usize = 2;
const TAKEN_SHARE: f32 = 0.3;
/// Share of a report's sentences from which on it is a copy or an excerpt.
const COPIED: f32 = 0.8;

/// What the sentences that dated siblings have, too, say. Of a page put together from several, the latest day.
fn descent(docs: &[Doc], from: &[Taken], all: usize) -> Vec<Sign> {
    let mut siblings: Vec<(Date, usize)> = from.iter().map(|t| (t.day, t.sibling)).collect();
    siblings.sort();
    siblings.dedup();
    let of = |sibling: usize| from.iter().filter(move |t| t.sibling == sibling);
    let enough = |n: usize| n >= TAKEN && n as f32 >= TAKEN_SHARE * all as f32 / siblings.len().max(1) as f32;
    let latest = siblings.iter().rev().find(|s| enough(of(s.1).count()));
    let sign = latest.and_then(|&(day, sibling)| {
        let (n, span) = (of(sibling).count(), of(sibling).next()?.span);
        // A rewrite may come out days later; a copy hardly does.
        let share = Some(n as f32 / all.max(1) as f32).filter(|&share| share >= COPIED)?;
        let words = format!("{n} of {all} longer sentences are those of `{}` of {day}", docs[sibling].id);
        Some(Sign { day, weight: 0.6 + 0.6 * share, span, words })
    });
    sign.into_iter().collect()
}

/// What quotes say that dated siblings have from the same speaker in the same words: the latest day of each.
fn quotes(docs: &[Doc], document: usize, dated: &[usize]) -> Vec<Sign> {
    /// Quotes of one report that are looked at.
    const MOST: usize = 64;
    const SAME: f32 = 0.7;
    let doc = &docs[document];
    let direct = |d: &'_ Doc| -> Vec<(Vec<u64>, String, Span, Option<Date>)> {
        let own = d.speech.quotes.iter().filter(|q| q.kind != QuoteKind::Indirect).take(MOST);
        let speaker = |q: &Quote| q.entity.map_or(String::new(), |e| d.link.entities[e.index()].name.clone());
        let said = |q: &Quote| q.time.and_then(|t| d.times.get(t.index())?.range).filter(|r| r.is_day()).map(|r| r.first);
        own.map(|q| (content(d, &q.content), speaker(q), q.content[0], said(q))).filter(|q| q.0.len() > 2).collect()
    };
    let mine = direct(doc);
    let mut signs: Vec<Sign> = Vec::new();
    for &sibling in if mine.is_empty() { &[][..] } else { dated } {
        let Some(published) = docs[sibling].article.published.as_ref().map(|p| p.range.first) else { continue };
        for (words, who, _, said) in direct(&docs[sibling]) {
            let same = |m: &&(Vec<u64>, String, Span, Option<Date>)| {
                let last = |name: &str| name.rsplit(' ').next().unwrap_or("").to_lowercase();
                common(&m.0, &words) as f32 >= SAME * m.0.len().min(words.len()) as f32
                    && (m.1.is_empty() || last(&m.1) == last(&who))
            };
            if let Some((_, _, span, _)) = mine.iter().find(same) {
                // Words are told on the day or the day after.
                let day = said.unwrap_or(published);
                let words = format!("“{}” is in `{}` of {published}", short(span.of(doc.text())), docs[sibling].id);
                match signs.iter_mut().find(|s| s.span == *span) {
                    Some(known) if known.day >= day => (),
                    Some(known) => (known.day, known.words) = (day, words),
                    None => signs.push(Sign { day, weight: 0.6, span: *span, words }),
                }
            }
        }
    }
    signs.truncate(3);
    signs
}

fn short(words: &str) -> String {
    let list: Vec<&str> = words.split_whitespace().collect();
    if list.len() > 8 { format!("{} …", list[..8].join(" ")) } else { list.join(" ") }
}

/// The parts of a page that was put together from dated siblings of several days, each with the date of its sibling.
fn parts(docs: &[Doc], from: &[Taken], all: usize) -> Vec<PartDate> {
    let mut runs: Vec<(Span, usize, Date, usize)> = Vec::new();
    for taken in from {
        match runs.last_mut() {
            Some(run) if run.1 == taken.sibling => (run.0, run.3) = (run.0.join(taken.span), run.3 + 1),
            _ => runs.push((taken.span, taken.sibling, taken.day, 1)),
        }
    }
    runs.retain(|r| r.3 >= TAKEN);
    let several = runs.iter().any(|r| r.2 != runs[0].2);
    if !several || 2 * from.len() < all {
        return Vec::new();
    }
    let part = |&(span, sibling, day, n): &(Span, usize, Date, usize)| PartDate {
        span,
        published: Published {
            value: day.to_string(),
            range: DateRange::day(day),
            precision: Precision::Day,
            basis: Basis::Inferred,
            span: None,
            from: vec![docs[sibling].id.clone()],
            rule: "story.infer-date.part".into(),
        },
        note: format!("{n} sentences of `{}`", docs[sibling].id),
    };
    runs.iter().map(part).collect()
}

/// Counts what the parts of a page tell ("on Tuesday") from the parts' own dates.
pub fn anchor_parts(doc: &mut Doc) {
    for part in &doc.article.part_dates {
        let day = part.published.range.first;
        for (at, time) in doc.times.iter_mut().enumerate().filter(|t| part.span.covers(t.1.span)) {
            let Some(relative) = time.relative.filter(|_| time.kind != TimeKind::Set) else { continue };
            let range = relative.resolve(day);
            if range.is_day() && time.range != Some(range) {
                time.range = Some(range);
                time.value = range.first.to_string();
                time.anchor = Anchor::Document;
                for event in
                    doc.events.iter_mut().filter_map(|e| e.time.as_mut()).filter(|t| t.time.is_some_and(|t| t.index() == at))
                {
                    (event.value, event.range, event.precision) = (range.first.to_string(), Some(range), Precision::Day);
                }
            }
        }
    }
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
    Some(Hypothesis { range, span: time.span, note, rule: "story.infer-date.dateline".into() })
}

/// The hypothesis that stands alone, if one does, and the others that come near it.
fn hypotheses(docs: &[Doc], document: usize, around: &[Date], signs: &Signs) -> Option<(Option<Hypothesis>, Vec<Hypothesis>)> {
    /// How far behind the best one a day is still told.
    const BEHIND: f32 = 0.6;
    let doc = &docs[document];
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
        let mut score = signs.score(day);
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
    if usable == 0 && signs.lineage.is_empty() && signs.quotes.is_empty() || best <= 0.5 {
        return None;
    }
    // Which days the expressions mean if it was published on a day: days on which they mean others are other hypotheses.
    let told_days = |day: Date| open.iter().map(|t| meant(t, day, around).map(|m| m.0)).collect::<Vec<_>>();
    // Days as good as the best, within a day's habit of reporting, as runs of days; then those that come near them.
    let runs = |least: f32| -> Vec<DateRange> {
        let mut runs: Vec<DateRange> = Vec::new();
        for day in scored.iter().filter(|s| s.0 >= least && s.0 > 0.5).map(|s| s.1) {
            match runs.last_mut() {
                Some(run) if gap(run.last, day) == 1 && told_days(run.last) == told_days(day) => {
                    *run = DateRange::new(run.first, day)
                }
                _ => runs.push(DateRange::day(day)),
            }
        }
        runs
    };
    let near = runs(best - 0.15);
    let range = DateRange::new(near.first()?.first, near.last()?.last);
    let alone = range.days() <= 3 && told_days(range.first) == told_days(range.last);
    let told = |range: DateRange| hypothesis(doc, range, &open, usable, around, signs);
    if alone {
        let chosen = told(range)?;
        let others = runs(best - BEHIND).into_iter().filter(|r| !r.touches(range)).filter_map(told).take(3).collect();
        return Some((Some(chosen), others));
    }
    let open: Vec<Hypothesis> = near.into_iter().take(4).filter_map(told).collect();
    (open.len() > 1).then_some((None, open))
}

/// What speaks for a stretch of days, in words.
fn hypothesis(doc: &Doc, range: DateRange, open: &[&Time], usable: usize, around: &[Date], signs: &Signs) -> Option<Hypothesis> {
    let fits = |t: &&&Time| meant(t, range.first, around).is_some_and(|m| m.1 > 0.0);
    let words: Vec<String> = (open.iter().filter(fits))
        .filter_map(|t| meant(t, range.first, around).map(|m| format!("“{}” = {}", t.span.of(doc.text()), m.0)))
        .collect();
    let mut notes: Vec<String> = Vec::new();
    if usable > 0 {
        let fit = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
        notes.push(format!("{} of {usable} weekday expressions fit{fit}", words.len()));
    }
    notes.extend(signs.of(range).map(|s| s.words.clone()));
    let span = open.iter().rev().find(fits).map(|t| t.span).or_else(|| signs.of(range).next().map(|s| s.span))?;
    let rule = match () {
        () if !words.is_empty() => "story.infer-date.weekdays",
        () if !signs.lineage.is_empty() => "story.infer-date.lineage",
        () => "story.infer-date.quotes",
    };
    Some(Hypothesis { range, span, note: notes.join("; "), rule: rule.into() })
}
