//! One event out of many tellings, its attributes compared, corrections taken into account.

use crate::compare::{Compared, One};
use crate::correct::{Corrected, Value, corrections};
use crate::join::{Near, SAME_EVENT, acts, join};
use crate::lineage::Descent;
use crate::outcomes::came_of;
use crate::people::Cast;
use crate::same::{Told, is_deed, likeness_of_acts, planned, same_side};
use crate::words::{common, matter as words_of};
use crate::{Agreement, Citation, Correction, Disagreement, RecordEvent, RecordFact, Telling, ToldValue};
use rustc_hash::FxHashMap;
use std::ops::Range;
use tellings_doc::{ClaimKind, Doc, Fact, FactValue, Kind, Mode, Realis, Span};
use xxhash_rust::xxh3::xxh3_64;

/// What happened in a story, and what is said against it.
#[derive(Default)]
pub(crate) struct Happenings {
    pub(crate) events: Vec<RecordEvent>,
    pub(crate) disagreements: Vec<Disagreement>,
    pub(crate) corrections: Vec<Correction>,
}

/// Corrections for which all events are looked through.
const CORRECTIONS: usize = 64;

/// The story's events, their disagreements and corrections.
pub(crate) fn happenings(
    docs: &[Doc],
    members: &[usize],
    cast: &Cast,
    descent: &Descent,
    inside: impl Fn(usize, Span) -> bool,
) -> Happenings {
    let mut told: Vec<Told<'_>> = Vec::new();
    let mut corrected: Vec<Corrected<'_>> = Vec::new();
    for (position, &d) in members.iter().enumerate() {
        let own = docs[d].events.iter().filter(|e| inside(d, e.trigger));
        told.extend(own.map(|e| Told::new(&docs[d], d, e, cast, descent.at(position, e.trigger))));
        corrected.extend(corrections(&docs[d], d).into_iter().filter(|c| inside(d, c.at.span)));
    }
    // What only an earlier version said is no telling: the correction holds it.
    let withdrawn = |t: &Told<'_>| {
        let there = |c: &Corrected<'_>| c.at.document == t.document && c.at.span == t.event().span;
        corrected.iter().take(CORRECTIONS).any(|c| c.to.is_none() && c.from.is_some() && there(c))
    };
    if !corrected.is_empty() {
        told.retain(|t| !withdrawn(t));
    }
    let mut told = acts(docs, cast, told);
    let mut of_document: FxHashMap<usize, Range<usize>> = FxHashMap::default();
    for (i, t) in told.iter().enumerate() {
        of_document.entry(t.document).or_insert(i..i).end = i + 1;
    }
    // The telling that each correction stands with; what it takes back there, the telling may share with others.
    let with: Vec<Option<usize>> = corrected.iter().map(|c| told_with(&told, &of_document, c)).collect();
    for (c, at) in corrected.iter().zip(&with) {
        if let (Some(from), Some(at)) = (&c.from, at) {
            told[*at].was.push(from.clone());
        }
    }
    let groups = join(cast, &told);
    let mut of = vec![0; told.len()];
    groups.iter().enumerate().for_each(|(g, list)| list.iter().for_each(|&i| of[i] = g));
    let mut taken: Vec<Vec<&Corrected<'_>>> = vec![Vec::new(); groups.len()];
    let mut sought = 0;
    for (c, at) in corrected.iter().zip(&with) {
        let own = at.map(|at| of[at]).filter(|&g| speaks_of(&told, &groups[g], c));
        sought += usize::from(own.is_none());
        if let Some(g) = own.or_else(|| if sought > CORRECTIONS { None } else { matter(&told, &groups, c) }) {
            taken[g].push(c);
        }
    }
    let mut found = Happenings::default();
    for (group, taken) in groups.iter().zip(&taken) {
        let acts: Vec<&Told<'_>> = group.iter().map(|&i| &told[i]).collect();
        let event = reconcile(docs, cast, &acts, taken, &mut found);
        found.events.push(event);
    }
    came_of(docs, cast, &told, &groups, &mut found);
    denied(docs, cast, &told, &groups, &mut found);
    refuted(docs, members, cast, descent, &told, &groups, &inside, &mut found);
    found
}

/// The telling that a correction speaks of: one of its own sentence, else the last one before it in the same report.
fn told_with(told: &[Told<'_>], of: &FxHashMap<usize, Range<usize>>, c: &Corrected<'_>) -> Option<usize> {
    const NEAR: usize = 8;
    let own = of.get(&c.at.document)?.clone();
    let after = own.start + told[own.clone()].partition_point(|t| t.event().span.start() < c.at.span.end());
    let near = after.saturating_sub(NEAR).max(own.start)..after;
    let inside = || near.clone().filter(|&i| told[i].event().span.touches(c.at.span));
    // Of several in its sentence the one that has what is corrected.
    let has = |i: &usize| c.attribute.is_some_and(|a| told[*i].numbers().any(|n| n.0 == a));
    let deed = |i: &usize| is_deed(told[*i].event().kind);
    inside()
        .find(has)
        .or_else(|| inside().find(deed))
        .or_else(|| inside().next())
        .or_else(|| near.clone().next_back())
        .or_else(|| own.clone().next())
}

/// Has the event what the correction speaks of? A toll that grew is that of an event that has one of its size.
fn speaks_of(told: &[Told<'_>], group: &[usize], c: &Corrected<'_>) -> bool {
    let (from, to) = match (&c.from, &c.to) {
        (Some(Value::Number(n)), to) => (Some(*n), to),
        (None, to @ Some(Value::Number(_))) => (None, to),
        _ => return true,
    };
    let near = |old: f64| match to {
        Some(Value::Number(new)) => *new <= 20.0 * old && old <= 20.0 * *new,
        _ => true,
    };
    let fits = |(attribute, n): (&'static str, f64)| {
        c.attribute.is_none_or(|a| a == attribute) && from.map_or(near(n), |f| f == n || *to == Some(Value::Number(n)))
    };
    group.iter().any(|&i| told[i].numbers().any(fits))
}

/// The event that a correction without a telling of its own speaks of, by its words: the only one that fits best.
fn matter(told: &[Told<'_>], groups: &[Vec<usize>], c: &Corrected<'_>) -> Option<usize> {
    const SHARED: f32 = 0.4;
    let like = |g: usize| -> f32 {
        let alike = |&i: &usize| {
            let words = told[i].words();
            common(words, &c.words) as f32 / words.len().min(c.words.len()).max(1) as f32
        };
        groups[g].iter().map(alike).fold(0.0, f32::max)
    };
    let fitting = (0..groups.len()).filter(|&g| speaks_of(told, &groups[g], c) && matches!(c.to, None | Some(Value::Number(_))));
    let mut liked: Vec<(f32, usize)> = fitting.map(|g| (like(g), g)).filter(|l| l.0 >= SHARED).collect();
    liked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    liked.first().map(|l| l.1)
}

/// What one report says was done and an independent one says was not.
fn denied(docs: &[Doc], cast: &Cast, told: &[Told<'_>], groups: &[Vec<usize>], found: &mut Happenings) {
    let realis = |t: usize| told[t].event().realis;
    let happened = |t: usize| matches!(realis(t), Realis::Actual | Realis::Historical);
    let mut near = Near::default();
    for (g, group) in groups.iter().enumerate() {
        group.iter().filter(|&&t| happened(t)).take(8).for_each(|&t| near.add(cast, &told[t], g));
    }
    let place_of = |g: usize, t: usize| found_at(told, &groups[g], t);
    // A ceasefire that ended had begun: nobody denies that.
    let over = |t: usize| {
        let ends = |f: &Fact| f.attribute == "stage" && matches!(&f.value, FactValue::Text(s) if s == "end" || s == "violated");
        told[t].event().facts.iter().any(ends)
    };
    for (no, not_done) in groups.iter().enumerate().filter(|(_, g)| realis(g[0]) == Realis::Negated) {
        let candidates = near.groups(cast, &told[not_done[0]]);
        for yes in candidates.into_iter().filter(|&yes| yes != no) {
            let pairs = not_done.iter().take(8).flat_map(|&n| groups[yes].iter().take(8).map(move |&d| (n, d)));
            let against = pairs.into_iter().find(|&(n, d)| {
                // As if both said that it was done: do they tell one event?
                let fits = || likeness_of_acts(cast, &told[n], &told[d]).is_some_and(|s| s >= SAME_EVENT);
                happened(d) && !over(n) && told[n].lineage != told[d].lineage && fits()
            });
            let Some((n, d)) = against else { continue };
            let value = |word: &str, group: usize, t: usize| ToldValue {
                value: word.to_string(),
                tellings: vec![place_of(group, t)],
                evidence: vec![Citation { document: told[t].document, span: told[t].event().span }],
                superseded: false,
            };
            let id = |t: usize| docs[told[t].document].id.as_str();
            found.disagreements.push(Disagreement {
                about: found.events[yes].id.clone(),
                attribute: "happened".into(),
                values: vec![value("yes", yes, d), value("no", no, n)],
                note: format!("reports differ on whether it happened: {} says so, {} that it did not", id(d), id(n)),
            });
        }
    }
}

/// What one report says was done and somebody denies in an independent one ("Turkey denied bombing the camp").
#[allow(clippy::too_many_arguments)]
fn refuted(
    docs: &[Doc],
    members: &[usize],
    cast: &Cast,
    descent: &Descent,
    told: &[Told<'_>],
    groups: &[Vec<usize>],
    inside: &impl Fn(usize, Span) -> bool,
    found: &mut Happenings,
) {
    /// Denials looked at, and share of a denial's words that tell what was done.
    const DENIALS: usize = 256;
    const SAID: f32 = 0.6;
    let denials = members.iter().enumerate().flat_map(|(position, &d)| {
        let own = docs[d].speech.claims.iter().filter(move |c| c.kind == ClaimKind::Deny && c.by.is_some());
        own.map(move |c| (position, d, c))
    });
    for (position, d, claim) in denials.filter(|(_, d, c)| inside(*d, c.span)).take(DENIALS) {
        let words = words_of(&docs[d], claim.span);
        let by = claim.by.and_then(|e| cast.index(d, e));
        let lineage = descent.at(position, claim.span);
        let against = |t: &Told<'_>| {
            // The cheap questions first: there may be many events.
            let happened = || matches!(t.event().realis, Realis::Actual | Realis::Historical) && is_deed(t.event().kind);
            if t.document == d || t.lineage == lineage || !happened() {
                return false;
            }
            let shared = common(t.matter(), &words);
            let who = || t.everybody.iter().any(|&e| by.is_some_and(|b| same_side(cast, e, b)));
            let most = shared as f32 >= SAID * t.matter().len().min(words.len()).max(1) as f32;
            shared >= 2 && most && (shared >= 3 || who())
        };
        let hit =
            (groups.iter().enumerate()).find_map(|(g, list)| Some((g, *list.iter().take(8).find(|&&t| against(&told[t]))?)));
        let Some((g, t)) = hit else { continue };
        let (id, name) = (|d: usize| docs[d].id.as_str(), claim.by_span.map_or("somebody", |s| s.of(docs[d].text())));
        let already = |x: &Disagreement| x.about == found.events[g].id && x.attribute == "happened";
        if found.disagreements.iter().any(already) {
            continue;
        }
        let value = |word: &str, tellings: Vec<usize>, document: usize, span: Span| ToldValue {
            value: word.to_string(),
            tellings,
            evidence: vec![Citation { document, span }],
            superseded: false,
        };
        found.disagreements.push(Disagreement {
            about: found.events[g].id.clone(),
            attribute: "happened".into(),
            values: vec![
                value("yes", vec![found_at(told, &groups[g], t)], told[t].document, told[t].event().span),
                value("no", Vec::new(), d, claim.span),
            ],
            note: format!("{} tells it; {name} denies it in {}", id(told[t].document), id(d)),
        });
    }
}

/// Where a telling stands among those of its event.
fn found_at(told: &[Told<'_>], group: &[usize], t: usize) -> usize {
    group.iter().take_while(|&&i| i != t).map(|&i| told[i].events.len()).sum()
}

fn id_of(docs: &[Doc], told: &Told<'_>) -> String {
    let doc = &docs[told.document];
    let words = format!("{}\n{}\n{}", doc.id, told.event().kind.as_str(), told.event().span.of(doc.text()));
    format!("v-{:010x}", xxh3_64(format!("{words}\n{:?}", told.event().trigger).as_bytes()) >> 24)
}

fn sorted(mut list: Vec<usize>) -> Vec<usize> {
    list.sort_unstable();
    list.dedup();
    list
}

fn reconcile(docs: &[Doc], cast: &Cast, acts: &[&Told<'_>], taken: &[&Corrected<'_>], found: &mut Happenings) -> RecordEvent {
    let id = id_of(docs, acts[0]);
    let tellings: Vec<One<'_>> =
        acts.iter().flat_map(|&told| told.events.iter().map(move |&event| One { told, event })).collect();
    let taken_back = taken_back(docs, &tellings, taken);
    let compared = Compared { docs, id: &id, tellings: &tellings, taken_back: &taken_back };

    let best = best_telling(acts);
    let mut actors = sorted(acts.iter().flat_map(|t| t.actors.clone()).collect());
    let mut recipients = sorted(acts.iter().flat_map(|t| t.recipients.clone()).collect());
    if best.event().kind.is_mutual() && recipients.iter().any(|r| actors.contains(r)) {
        recipients.retain(|r| !actors.contains(r));
    }
    if let Some(by_most) = compared.actors(cast, &mut found.disagreements) {
        actors.retain(|&a| by_most.contains(&a) || cast.entities[a].generic);
    }
    keep_specific(cast, &mut actors);
    keep_specific(cast, &mut recipients);
    let names = |list: &[usize]| list.iter().map(|&i| cast.entities[i].id.clone()).collect::<Vec<_>>();
    let mut modes: Vec<Mode> = tellings.iter().flat_map(|t| t.event.modes.iter().copied()).collect();
    modes.sort();
    modes.dedup();
    let mut contexts: Vec<_> = tellings.iter().flat_map(|t| t.event.contexts.iter().copied()).collect();
    contexts.sort();
    contexts.dedup();

    let mut facts = compared.facts(&mut found.disagreements);
    let date = compared.date(&mut found.disagreements);
    let place = compared.place(&mut found.disagreements);
    for c in taken {
        let correction = correction(&id, &compared, c, &mut facts);
        found.corrections.extend(correction);
    }
    let corrected = found.corrections.iter().any(|c| c.about == id);
    let documents = sorted(acts.iter().map(|t| t.document).collect());
    let states: Vec<Realis> = acts.iter().map(|t| t.event().realis).collect();
    let done = |t: &&&Told<'_>| planned(t.event()).is_none() && matches!(t.event().realis, Realis::Actual | Realis::Historical);
    let happened = acts.iter().any(|t| done(&t));
    let planned = acts.iter().any(|t| planned(t.event()).is_some());
    RecordEvent {
        kind: best.event().kind,
        modes,
        contexts,
        cameo: best.event().cameo.clone(),
        actors: names(&actors),
        recipients: names(&recipients),
        date,
        place,
        facts,
        realis: best.event().realis,
        status: match (happened, planned) {
            _ if corrected => "corrected",
            (true, true) => "planned-and-held",
            (false, true) => "planned",
            _ if states.iter().all(|r| *r == Realis::Negated) => "denied",
            _ => "reported",
        },
        tellings: (tellings.iter())
            .map(|t| Telling {
                at: Citation { document: t.told.document, span: t.event.span },
                trigger: t.event.trigger,
                lineage: t.told.lineage,
                attributed_to: t.event.attributed_to.as_ref().and_then(|p| cast.id(t.told.document, p.entity?)),
                rule: t.event.rule.clone(),
                realis: t.event.realis,
            })
            .collect(),
        origins: sorted(acts.iter().map(|t| t.lineage).collect()).len(),
        articles: documents.len(),
        rule: if tellings.len() > 1 { "story.event.joined".into() } else { "story.event.single".into() },
        id,
    }
}

/// What corrections take back of an event: what they name, else every number of that kind that was told before and that the new one
/// contradicts.
fn taken_back<'a>(docs: &[Doc], tellings: &[One<'a>], taken: &[&Corrected<'a>]) -> Vec<(&'static str, Value<'a>, usize)> {
    let day = |d: usize| docs[d].article.published.as_ref().map(|p| p.range.first);
    let mut back = Vec::new();
    for c in taken {
        let by = c.at.document;
        if let Some(from) = &c.from {
            let counts = tellings.iter().flat_map(|t| &t.event.facts).filter(|f| matches!(f.value, FactValue::Count { .. }));
            match (c.attribute, from) {
                (Some(attribute), _) => back.push((attribute, from.clone(), by)),
                (None, _) => back.extend(counts.map(|f| (f.attribute, from.clone(), by))),
            }
            continue;
        }
        let Some(Value::Number(new)) = c.to else { continue };
        for one in tellings {
            let d = one.told.document;
            let earlier = d != by && day(d).is_none_or(|x| day(by).is_none_or(|y| x <= y))
                || d == by && one.event.span.end() <= c.at.span.start();
            for fact in one.event.facts.iter().filter(|f| earlier && c.attribute.is_none_or(|a| a == f.attribute)) {
                if let FactValue::Count { low, best, high } = fact.value
                    && !(low..=high).contains(&new)
                {
                    back.push((fact.attribute, Value::Number(best), by));
                }
            }
        }
    }
    back
}

/// What a correction says, as the record has it; the number that holds is added to the event's facts where no telling gives it.
/// `None` where it changes nothing.
fn correction(id: &str, compared: &Compared<'_, '_>, c: &Corrected<'_>, facts: &mut Vec<RecordFact>) -> Option<Correction> {
    let words = |value: &Value<'_>| match value {
        Value::Number(n) => n.to_string(),
        Value::Day(_, value) => value.clone(),
        Value::Place(place) => place.name.clone(),
    };
    let own = |attribute: &str| compared.taken_back.iter().find(|t| t.0 == attribute && t.2 == c.at.document);
    let attribute = c.attribute.or_else(|| compared.taken_back.iter().find(|t| t.2 == c.at.document).map(|t| t.0))?;
    let from = c.from.as_ref().or_else(|| own(attribute).map(|t| &t.1)).map(words);
    // What holds: as the sentence says, else what the tellings still hold.
    let to = c.to.as_ref().map(words);
    if let Some(Value::Number(_)) = c.to
        && let Some(value) = &to
    {
        let at = facts.iter().position(|f| f.attribute == attribute).unwrap_or_else(|| {
            facts.push(RecordFact { attribute: attribute.to_string(), agreement: Agreement::Single, values: Vec::new() });
            facts.len() - 1
        });
        if !facts[at].values.iter().any(|v| v.value == *value) {
            let tellings: Vec<usize> =
                (0..compared.tellings.len()).filter(|&t| compared.tellings[t].event.span == c.at.span).take(1).collect();
            let told = ToldValue { value: value.clone(), tellings, evidence: vec![c.at.clone()], superseded: false };
            facts[at].values.insert(0, told);
        }
    }
    let held = || facts.iter().find(|f| f.attribute == attribute)?.values.iter().find(|v| !v.superseded).map(|v| v.value.clone());
    let by = c.at.document;
    let there = || compared.tellings.iter().find(|t| t.told.document == by);
    let to = to.or_else(held).or_else(|| match attribute {
        "date" => there()?.event.time.as_ref().map(|t| t.value.clone()),
        "place" => there()?.told.place.map(|p| p.name.clone()),
        _ => None,
    })?;
    if from.as_ref() == Some(&to) {
        return None;
    }
    let name = &compared.docs[by].id;
    let note = match &from {
        Some(from) => format!("{name} corrects the {attribute} from {from} to {to}"),
        None => format!("{name} puts the {attribute} at {to}"),
    };
    Some(Correction { about: id.to_string(), attribute: attribute.to_string(), from, to, at: c.at.clone(), note })
}

/// The telling that says that it happened, and says most.
fn best_telling<'a, 'b>(told: &'a [&'b Told<'b>]) -> &'a Told<'b> {
    let rank = |t: &Told<'_>| {
        let real = match t.event().realis {
            _ if planned(t.event()).is_some() => 1,
            Realis::Actual => 3,
            Realis::Historical => 2,
            Realis::Future => 1,
            _ => 0,
        };
        (real, t.everybody.len(), t.events.iter().map(|e| e.facts.len()).sum::<usize>())
    };
    told.iter().copied().rev().max_by_key(|t| rank(t)).unwrap_or(told[0])
}

/// Drops a state or generic group where one of its people is named on the same side, and keeps one of several generic
/// groups of the same words ("officials" of one country in two reports).
fn keep_specific(cast: &Cast, list: &mut Vec<usize>) {
    let named: Vec<usize> =
        list.iter().copied().filter(|&i| !cast.entities[i].generic && cast.entities[i].kind == Kind::Per).collect();
    let mut seen: Vec<(Option<String>, String)> = Vec::new();
    list.retain(|&i| {
        let e = &cast.entities[i];
        let stands_for = e.generic || matches!(e.kind, Kind::Gpe | Kind::Norp);
        let spoken_for = named.iter().any(|&n| e.country.is_some() && cast.entities[n].country == e.country);
        let last = e.name.rsplit(' ').next().unwrap_or("").to_lowercase();
        let key = (e.country.clone(), last);
        let again = e.generic && seen.contains(&key);
        seen.push(key);
        !(again || stands_for && spoken_for || e.generic && named.len() > 1)
    });
}
