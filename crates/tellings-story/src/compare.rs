//! The attributes of one event over its tellings: agreed, single or disputed by independent lineages; what a correction takes back
//! is kept and marked, and disputes nothing.

use crate::correct::Value;
use crate::people::Cast;
use crate::same::{Told, distance, force, is_country, may_be, one_place, proper, same_side};
use crate::{Agreement, Citation, Disagreement, RecordDate, RecordFact, RecordPlace, ToldValue};
use std::collections::BTreeMap;
use tellings_doc::{Doc, Event, FactValue, Place, Precision, Span};

/// One telling of the event for comparison: the act it belongs to and the event itself.
pub(crate) struct One<'a> {
    pub(crate) told: &'a Told<'a>,
    pub(crate) event: &'a Event,
}

/// What the comparisons share.
pub(crate) struct Compared<'a, 'b> {
    pub(crate) docs: &'a [Doc],
    pub(crate) id: &'b str,
    pub(crate) tellings: &'b [One<'a>],
    /// Attribute and value that a correction takes back, and the document that does so.
    pub(crate) taken_back: &'b [(&'static str, Value<'a>, usize)],
}

impl Compared<'_, '_> {
    fn lineage(&self, telling: usize) -> usize {
        self.tellings[telling].told.lineage
    }

    /// Lineages of these tellings, each once.
    fn origins(&self, tellings: &[usize]) -> Vec<usize> {
        let mut origins: Vec<usize> = tellings.iter().map(|&t| self.lineage(t)).collect();
        origins.sort_unstable();
        origins.dedup();
        origins
    }

    fn disagreement(&self, attribute: &str, values: Vec<ToldValue>) -> Disagreement {
        disagreement(self.docs, self.id, attribute, values, |t| self.tellings[t].told.document)
    }

    /// Was the value taken back by a report that is not older than the one that tells it?
    fn is_taken_back(&self, attribute: &str, telling: usize, same: impl Fn(&Value<'_>) -> bool) -> bool {
        let day = |d: usize| self.docs[d].article.published.as_ref().map(|p| p.range.first);
        let own = self.tellings[telling].told.document;
        self.taken_back.iter().any(|(what, value, by)| {
            *what == attribute && same(value) && (own == *by || day(own).is_none() || day(*by).is_none() || day(own) <= day(*by))
        })
    }

    /// Everything counted, measured or described.
    pub(crate) fn facts(&self, disagreements: &mut Vec<Disagreement>) -> Vec<RecordFact> {
        let mut values: BTreeMap<&'static str, Vec<Given<'_>>> = BTreeMap::new();
        for (telling, one) in self.tellings.iter().enumerate() {
            let doc = &self.docs[one.told.document];
            for fact in &one.event.facts {
                let at = Citation { document: one.told.document, span: fact.span };
                let bounds = bounds(doc, &fact.value, fact.span);
                values.entry(fact.attribute).or_default().push(Given { telling, value: &fact.value, bounds, at });
            }
        }
        let mut facts = Vec::new();
        for (attribute, given) in values {
            let fact = self.fact(attribute, given);
            if fact.agreement == Agreement::Disputed {
                disagreements.push(self.disagreement(attribute, fact.values.clone()));
            }
            facts.push(fact);
        }
        facts
    }

    fn fact(&self, attribute: &'static str, given: Vec<Given<'_>>) -> RecordFact {
        // Free words (topics, outcomes) add to one another; only measured values can contradict.
        let measured = matches!(attribute, "duration" | "killed" | "injured" | "arrested" | "displaced" | "count");
        let mut values: Vec<(ToldValue, Option<(f64, f64)>)> = Vec::new();
        for one in given {
            let superseded = self.is_taken_back(attribute, one.telling, |v| match (v, one.value) {
                (Value::Number(n), FactValue::Count { best, .. }) => n == best,
                _ => false,
            });
            let value = one.value.to_string();
            let same = |v: &&mut (ToldValue, Option<(f64, f64)>)| {
                same_value(attribute, &v.0.value, &value) && v.1 == one.bounds && v.0.superseded == superseded
            };
            match values.iter_mut().find(same) {
                Some((known, _)) => {
                    known.tellings.push(one.telling);
                    known.evidence.push(one.at);
                }
                None => {
                    let told = ToldValue { value, tellings: vec![one.telling], evidence: vec![one.at], superseded };
                    values.push((told, one.bounds));
                }
            }
        }
        values.sort_by(|(a, _), (b, _)| {
            let support = |v: &ToldValue| (v.superseded, std::cmp::Reverse(self.origins(&v.tellings).len()));
            support(a).cmp(&support(b)).then(a.tellings.cmp(&b.tellings))
        });
        let held: Vec<(Vec<usize>, Bounds, &str)> =
            (values.iter()).filter(|v| !v.0.superseded).map(|v| (self.origins(&v.0.tellings), v.1, v.0.value.as_str())).collect();
        // Two values of one report are parts or another count, not a dispute.
        let differ = |a: &[usize], b: &[usize]| a.iter().all(|o| !b.contains(o));
        let disputed = measured
            && held.iter().enumerate().any(|(i, a)| held[i + 1..].iter().any(|b| differ(&a.0, &b.0) && !overlap(a.1, b.1)));
        // Two wordings of an outcome agree or differ by whether anything was reached.
        let outcomes = held.iter().filter(|_| attribute == "outcome").map(|h| (h.2, h.0.as_slice()));
        let result = Reached::of(outcomes);
        let disputed = disputed || result.disputed();
        let mut told_by = held.iter().flat_map(|h| h.0.iter().copied());
        let first = told_by.next();
        let several = told_by.any(|o| Some(o) != first);
        let agreement = if disputed {
            Agreement::Disputed
        } else if held.iter().any(|h| h.0.len() > 1) || measured && several || result.told_by() > 1 {
            Agreement::Agreed
        } else {
            Agreement::Single
        };
        RecordFact { attribute: attribute.to_string(), agreement, values: values.into_iter().map(|v| v.0).collect() }
    }

    /// The most exact date that most lineages allow.
    pub(crate) fn date(&self, disagreements: &mut Vec<Disagreement>) -> Option<RecordDate> {
        let time = |i: usize| self.tellings[i].event.time.as_ref();
        let mut values: Vec<(usize, String, Citation, bool)> = Vec::new();
        for (i, one) in self.tellings.iter().enumerate() {
            // A symbolic value ("a Monday") is no date yet: it neither agrees nor differs.
            if let Some(time) = one.event.time.as_ref().filter(|time| time.range.is_some() || !time.value.contains('X')) {
                let doc = &self.docs[one.told.document];
                let words = time.time.map_or(one.event.trigger, |id| doc.times[id.index()].span);
                let back = self.is_taken_back("date", i, |v| matches!(v, Value::Day(r, _) if time.range == Some(*r)));
                values.push((i, time.value.clone(), Citation { document: one.told.document, span: words }, back));
            }
        }
        // Dates stated in an expression outrank dates carried over from the document.
        let rank = |i: usize| (time(i).map(|t| t.basis), time(i).map_or(Precision::Year, |t| t.precision));
        let (best, value, ..) = values.iter().min_by_key(|(i, value, _, back)| (*back, rank(*i), value.clone()))?.clone();
        let chosen = time(best)?;
        let night = |i: usize| {
            let doc = &self.docs[self.tellings[i].told.document];
            let words = time(i).and_then(|t| t.time).map(|id| doc.times[id.index()].span);
            words.is_some_and(|span| by_night(doc, span))
        };
        let fits = |i: usize| match (chosen.range, time(i).and_then(|t| t.range)) {
            // "On the night of Sunday", "early on Monday": one night is of two days.
            (Some(a), Some(b)) if a.is_day() && b.is_day() && (night(i) || night(best)) => distance(a, b) <= 1,
            (Some(a), Some(b)) => a.touches(b),
            _ => time(i).is_some_and(|t| t.value == value),
        };
        let agree = self.origins(&values.iter().filter(|v| !v.3 && fits(v.0)).map(|v| v.0).collect::<Vec<_>>());
        // What only the document's date suggests is no statement that could contradict one.
        let stated = |i: usize| time(i).is_some_and(|t| t.basis != tellings_doc::TimeBasis::Document);
        let disputed = values.iter().any(|v| !v.3 && stated(v.0) && !fits(v.0) && !agree.contains(&self.lineage(v.0)));
        let agreement = match (disputed, agree.len()) {
            (true, _) => Agreement::Disputed,
            (false, 2..) => Agreement::Agreed,
            _ => Agreement::Single,
        };
        if disputed {
            let list = |wanted: &dyn Fn(usize) -> bool| -> Vec<ToldValue> {
                let some = values.iter().filter(|v| wanted(v.0));
                some.map(|(i, value, at, back)| ToldValue {
                    value: value.clone(),
                    tellings: vec![*i],
                    evidence: vec![at.clone()],
                    superseded: *back,
                })
                .collect()
            };
            let told = [list(&fits), list(&|i| !fits(i))].concat();
            disagreements.push(self.disagreement("date", told));
        }
        let evidence = values.into_iter().filter(|v| fits(v.0)).map(|v| v.2).collect();
        Some(RecordDate { value, precision: chosen.precision, basis: chosen.basis, agreement, evidence })
    }

    /// The most exact place of the tellings, and whether the lineages agree on it.
    pub(crate) fn place(&self, disagreements: &mut Vec<Disagreement>) -> Option<RecordPlace> {
        let places: Vec<(usize, &Place)> = (self.tellings.iter().enumerate())
            .filter_map(|(i, one)| Some((i, crate::same::place(&self.docs[one.told.document], one.event)?)))
            .collect();
        let back =
            |&(i, p): &(usize, &Place)| self.is_taken_back("place", i, |v| matches!(v, Value::Place(old) if old.name == p.name));
        let basis = |i: usize| self.tellings[i].event.place.map(|e| e.basis);
        let &(_, best) = places.iter().min_by_key(|at| (back(at), is_country(at.1), basis(at.0), at.0))?;
        let (same, other): (Vec<_>, Vec<_>) = places.iter().copied().partition(|(_, p)| one_place(p, best));
        let origins = self.origins(&same.iter().filter(|at| !back(at)).map(|at| at.0).collect::<Vec<_>>());
        let cite = |(i, p): &(usize, &Place)| Citation { document: self.tellings[*i].told.document, span: p.span };
        let disputed = other.iter().any(|at| !back(at) && !origins.contains(&self.lineage(at.0)));
        if disputed {
            let value = |at: &(usize, &Place)| ToldValue {
                value: at.1.name.clone(),
                tellings: vec![at.0],
                evidence: vec![cite(at)],
                superseded: back(at),
            };
            disagreements.push(self.disagreement("place", same.iter().chain(&other).map(value).collect()));
        }
        Some(RecordPlace {
            name: best.name.clone(),
            country: best.country.clone(),
            lat: best.lat,
            lon: best.lon,
            agreement: match (disputed, origins.len()) {
                (true, _) => Agreement::Disputed,
                (false, 2..) => Agreement::Agreed,
                _ => Agreement::Single,
            },
            evidence: same.iter().map(cite).collect(),
        })
    }

    /// Who did it, where independent lineages name others who are not of one side: the actors that most lineages name, and the
    /// dispute. `None` where nobody is disputed.
    pub(crate) fn actors(&self, cast: &Cast, disagreements: &mut Vec<Disagreement>) -> Option<Vec<usize>> {
        let mut named: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
        for (i, one) in self.tellings.iter().enumerate().filter(|(_, o)| !o.event.kind.is_mutual()) {
            let known = |e: &crate::RecordEntity| !e.generic || force(e).is_some() || !proper(&e.name).is_empty();
            let who: Vec<usize> = one.told.actors.iter().copied().filter(|&a| known(&cast.entities[a])).collect();
            let known = |n: &&mut (Vec<usize>, Vec<usize>)| {
                n.0.iter()
                    .any(|&a| who.iter().any(|&b| (same_side(cast, a, b) || may_be(cast, a, b)) && !other_force(cast, a, b)))
            };
            match named.iter_mut().find(known) {
                _ if who.is_empty() => (),
                Some(side) => {
                    side.0.extend(who);
                    side.1.push(i);
                }
                None => named.push((who, vec![i])),
            }
        }
        named.sort_by_key(|n| (std::cmp::Reverse(self.origins(&n.1).len()), n.1[0]));
        let [first, rest @ ..] = &named[..] else { return None };
        let of = self.origins(&first.1);
        let differ = |n: &&(Vec<usize>, Vec<usize>)| self.origins(&n.1).iter().all(|o| !of.contains(o));
        if !rest.iter().any(|n| differ(&n)) {
            return None;
        }
        let value = |n: &(Vec<usize>, Vec<usize>)| ToldValue {
            value: cast.entities[n.0[0]].id.clone(),
            tellings: n.1.clone(),
            evidence: n
                .1
                .iter()
                .map(|&t| Citation { document: self.tellings[t].told.document, span: self.tellings[t].event.span })
                .collect(),
            superseded: false,
        };
        let values: Vec<ToldValue> = named.iter().map(value).collect();
        let side = |n: &(Vec<usize>, Vec<usize>)| {
            let mut by: Vec<&str> = n.1.iter().map(|&t| self.docs[self.tellings[t].told.document].id.as_str()).collect();
            by.dedup();
            format!("{} ({})", cast.entities[n.0[0]].name, by.join(", "))
        };
        let note = format!("reports differ on who did it: {}", named.iter().map(side).collect::<Vec<_>>().join(" against "));
        disagreements.push(Disagreement { about: self.id.to_string(), attribute: "participants".into(), values, note });
        Some(first.0.clone())
    }
}

/// Do the words of a date, or those beside them, speak of the night or its end?
fn by_night(doc: &Doc, span: Span) -> bool {
    const NIGHT: [&str; 6] = ["night", "overnight", "early", "late", "midnight", "dawn"];
    let words = format!("{} {}", before(doc, span), span.of(doc.text()).to_lowercase());
    words.split(|c: char| !c.is_alphabetic()).any(|w| NIGHT.contains(&w))
}

/// The police and the army of one state.
fn other_force(cast: &Cast, a: usize, b: usize) -> bool {
    let is = |e: usize, sector: &str| cast.entities[e].generic && cast.entities[e].sectors == [sector];
    is(a, "COP") && is(b, "MIL") || is(a, "MIL") && is(b, "COP")
}

/// The stretch of values that words allow, where it is known.
type Bounds = Option<(f64, f64)>;

/// A value as one telling gives it.
struct Given<'a> {
    telling: usize,
    value: &'a FactValue,
    bounds: Bounds,
    at: Citation,
}

fn same_value(attribute: &str, a: &str, b: &str) -> bool {
    match attribute {
        "topic" | "outcome" | "weapon" => {
            let (a, b) = (a.to_lowercase(), b.to_lowercase());
            a == b || a.ends_with(&format!(" {b}")) || b.ends_with(&format!(" {a}"))
        }
        "duration" => a == b || (minutes(a).is_some() && minutes(a) == minutes(b)),
        _ => a == b,
    }
}

/// Smallest and greatest value that the words allow. Durations in minutes.
fn bounds(doc: &Doc, value: &FactValue, span: Span) -> Option<(f64, f64)> {
    const NEAR: f64 = 0.1;
    match value {
        FactValue::Count { low, best, high } if low == high => {
            // A round number stands for what is near it, and so does one that is said to be no more than that.
            const ABOUT: [&str; 8] = ["about", "around", "some ", "roughly", "approximately", "estimated", "or so", "close to"];
            let words = before(doc, span) + &span.of(doc.text()).to_lowercase();
            let slack = match () {
                () if ABOUT.iter().any(|w| words.contains(w)) => 0.15 * best,
                () if words.contains("dozen") => 0.15 * best,
                () if *best >= 20.0 && best % 10.0 == 0.0 => NEAR * best,
                () => 0.0,
            };
            // "nearly 40", "just over 30" are read as limits; what is "a dozen" may be a few more or less.
            Some((best - slack, best + slack))
        }
        FactValue::Count { low, high, .. } => {
            // "several thousand", "hundreds", "dozens" say no number that one could be held to.
            const VAGUE: [&str; 6] = ["several", "few", "dozens", "hundreds", "thousands", "scores"];
            let words = span.of(doc.text()).to_lowercase();
            let vague = VAGUE.iter().any(|w| words.contains(w));
            Some((if vague { 0.5 * low } else { *low }, *high))
        }
        FactValue::Duration(value) => minutes(value).map(|n| spread(n, &span.of(doc.text()).to_lowercase())),
        FactValue::Text(_) => None,
    }
}

/// The word or two before a span, in lower case.
fn before(doc: &Doc, span: Span) -> String {
    let text = &doc.text()[..span.start()];
    let from = text.char_indices().rev().nth(11).map_or(0, |c| c.0);
    text[from..].to_lowercase()
}

/// What a length allows, by the words around its number: "more than two hours" up to half as much again and an hour more.
fn spread(n: f64, words: &str) -> (f64, f64) {
    const OVER: [&str; 5] = ["more than", "over", "at least", "longer than", "upwards"];
    const UNDER: [&str; 7] = ["less than", "under", "nearly", "almost", "close to", "up to", "not quite"];
    const ABOUT: [&str; 6] = ["about", "around", "roughly", "some ", "approximately", "-ish"];
    let has = |list: &[&str]| list.iter().any(|w| words.contains(w));
    let small = 0.05 * n;
    match () {
        () if has(&OVER) => (n, 1.5 * n + 60.0),
        () if has(&["less than", "up to"]) => (0.0, n),
        () if has(&UNDER) => (0.8 * n, n + small),
        () if has(&ABOUT) => (0.85 * n, 1.15 * n),
        () => (n - small, n + small),
    }
}

/// A TIMEX3 duration of hours and minutes (`PT90M`, `PT1.5H`, `PT1H30M`) in minutes; of whole days likewise.
fn minutes(value: &str) -> Option<f64> {
    if let Some(days) = value.strip_prefix('P').and_then(|v| v.strip_suffix('D')) {
        return days.parse::<f64>().ok().map(|d| d * 24.0 * 60.0);
    }
    if let Some(weeks) = value.strip_prefix('P').and_then(|v| v.strip_suffix('W')) {
        return weeks.parse::<f64>().ok().map(|w| w * 7.0 * 24.0 * 60.0);
    }
    let mut total = 0.0;
    let mut rest = value.strip_prefix("PT")?;
    while let Some(end) = rest.find(|c: char| c.is_ascii_alphabetic()) {
        let number: f64 = rest[..end].parse().ok()?;
        total += match &rest[end..=end] {
            "H" => 60.0 * number,
            "M" => number,
            _ => return None,
        };
        rest = &rest[end + 1..];
    }
    Some(total.round())
}

/// Do two stretches of values share one? What is not known is no contradiction.
fn overlap(a: Option<(f64, f64)>, b: Option<(f64, f64)>) -> bool {
    match (a, b) {
        (Some(x), Some(y)) => x.0 <= y.1 && y.0 <= x.1,
        _ => true,
    }
}

/// A dispute over an attribute of an event, each value with the reports that give it; `document` is where a telling stands.
pub(crate) fn disagreement(
    docs: &[Doc],
    about: &str,
    attribute: &str,
    values: Vec<ToldValue>,
    document: impl Fn(usize) -> usize,
) -> Disagreement {
    let side = |v: &ToldValue| {
        let mut names: Vec<&str> = v.tellings.iter().map(|&t| docs[document(t)].id.as_str()).collect();
        names.dedup();
        format!("{} ({})", v.value, names.join(", "))
    };
    let sides: Vec<String> = values.iter().filter(|v| !v.superseded).map(side).collect();
    let note = format!("reports differ on the {attribute}: {}", sides.join(" against "));
    Disagreement { about: about.to_string(), attribute: attribute.to_string(), values, note }
}

/// Origins by what they say came of a meeting: something was reached, or nothing.
#[derive(Default)]
pub(crate) struct Reached {
    yes: Vec<usize>,
    no: Vec<usize>,
}

impl Reached {
    /// Sorts outcomes, each with the origins that tell it.
    pub(crate) fn of<'a>(told: impl Iterator<Item = (&'a str, &'a [usize])>) -> Reached {
        let mut sorted = Reached::default();
        for (words, origins) in told {
            match reached(words) {
                Some(true) => sorted.yes.extend(origins),
                Some(false) => sorted.no.extend(origins),
                None => (),
            }
        }
        for list in [&mut sorted.yes, &mut sorted.no] {
            list.sort_unstable();
            list.dedup();
        }
        sorted
    }

    /// Do some say only the one, and some only the other?
    pub(crate) fn disputed(&self) -> bool {
        self.yes.iter().any(|o| !self.no.contains(o)) && self.no.iter().any(|o| !self.yes.contains(o))
    }

    /// How many origins say the one that most say.
    pub(crate) fn told_by(&self) -> usize {
        self.yes.len().max(self.no.len())
    }
}

/// Does an outcome say that an agreement or step was reached (`true`), or that it was not? `None` where it is about neither.
pub(crate) fn reached(words: &str) -> Option<bool> {
    const RESULT: [&str; 18] = [
        "success",
        "fruitful",
        "productive",
        "headway",
        "agree",
        "deal",
        "breakthrough",
        "accord",
        "truce",
        "ceasefire",
        "settle",
        "progress",
        "result",
        "compromise",
        "treaty",
        "solution",
        "sign",
        "pact",
    ];
    const LACK: [&str; 23] = [
        "without",
        "no",
        "not",
        "n't",
        "n’t",
        "fail",
        "collaps",
        "broke down",
        "break down",
        "broke up",
        "unable",
        "impasse",
        "deadlock",
        "stall",
        "never",
        "inconclusive",
        "empty-handed",
        "little",
        "nothing",
        "nowhere",
        "fruitless",
        "in vain",
        "apart",
    ];
    let words = format!(" {} ", words.to_lowercase());
    let part = |l: &&str| words.contains(&format!(" {l}")) && (l.len() > 2 || words.contains(&format!(" {l} ")));
    let lack = LACK.iter().any(|l| part(l) || l.starts_with('n') && l.len() > 2 && l.contains(['\'', '’']) && words.contains(*l));
    (lack || RESULT.iter().any(|r| words.contains(r))).then_some(!lack)
}
