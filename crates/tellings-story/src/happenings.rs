//! One event out of many tellings, its attributes compared.

use crate::lineage::Descent;
use crate::people::Cast;
use crate::words::{common, content};
use crate::{Agreement, Citation, Disagreement, RecordDate, RecordEvent, RecordFact, RecordPlace, Telling, ToldValue};
use std::collections::BTreeMap;
use tellings_doc::{DateRange, Doc, Event, EventType, FactValue, Kind, Mode, Place, Precision, Realis, Span};
use xxhash_rust::xxh3::xxh3_64;

/// One event of one document, with what joining needs.
struct Told<'a> {
    document: usize,
    event: &'a Event,
    actors: Vec<usize>,
    recipients: Vec<usize>,
    range: Option<DateRange>,
    lineage: usize,
    /// Content lemmas of its sentence, ordered.
    words: Vec<u64>,
}

impl Told<'_> {
    fn everybody(&self) -> Vec<usize> {
        let mut all = [self.actors.clone(), self.recipients.clone()].concat();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn duration(&self) -> Option<&str> {
        self.event.facts.iter().find_map(|f| match &f.value {
            FactValue::Duration(value) if f.attribute == "duration" => Some(value.as_str()),
            _ => None,
        })
    }

    fn by_phone(&self) -> bool {
        self.event.modes.contains(&Mode::Phone)
    }
}

/// Where an event of a document takes place: name, country and words.
fn place<'a>(doc: &'a Doc, event: &Event) -> Option<&'a Place> {
    event.place.and_then(|p| doc.link.places.get(p.place.index()))
}

/// The story's events and their disagreements. `position` gives a document's place in the story's list for its lineage.
pub(crate) fn events(
    docs: &[Doc],
    members: &[usize],
    cast: &Cast,
    descent: &Descent,
    inside: impl Fn(usize, Span) -> bool,
) -> (Vec<RecordEvent>, Vec<Disagreement>) {
    let mut told: Vec<Told<'_>> = Vec::new();
    for (position, &d) in members.iter().enumerate() {
        let who = |list: &[tellings_doc::Participant]| -> Vec<usize> {
            let mut who: Vec<usize> = Vec::new();
            for id in list.iter().filter_map(|p| p.entity) {
                // A group whose members are known stands for them.
                let group = &docs[d].link.entities[id.index()].members;
                let ids = if group.is_empty() { vec![id] } else { group.clone() };
                who.extend(ids.into_iter().filter_map(|id| cast.index(d, id)));
            }
            who.sort_unstable();
            who.dedup();
            who
        };
        for event in docs[d].events.iter().filter(|e| inside(d, e.trigger)) {
            told.push(Told {
                document: d,
                event,
                actors: who(&event.actors),
                recipients: who(&event.recipients),
                range: event.time.as_ref().and_then(|t| t.range),
                lineage: descent.at(position, event.trigger),
                words: content(&docs[d], &[event.span]),
            });
        }
    }
    let groups = join(docs, cast, &told);
    let mut events: Vec<RecordEvent> = Vec::new();
    let mut disagreements = Vec::new();
    for group in &groups {
        let members: Vec<&Told<'_>> = group.iter().map(|&i| &told[i]).collect();
        let event = reconcile(docs, cast, &members, &mut disagreements);
        events.push(event);
    }
    denied(docs, cast, &told, &groups, &events, &mut disagreements);
    (events, disagreements)
}

/// Groups of tellings of one event: each telling joins the group it fits best, most explicit tellings first.
fn join(docs: &[Doc], cast: &Cast, told: &[Told<'_>]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..told.len()).collect();
    // Tellings that say most are the seeds; those with little ("the meeting") join them.
    order.sort_by_key(|&i| {
        let t = &told[i];
        let said = usize::from(t.range.is_some_and(DateRange::is_day))
            + usize::from(t.event.place.is_some())
            + usize::from(!t.event.facts.is_empty())
            + t.everybody().len().min(3);
        (std::cmp::Reverse(said), t.document, t.event.trigger)
    });
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in order {
        let fit = |group: &Vec<usize>| -> Option<f32> {
            let mut sum = 0.0;
            for &j in group {
                sum += likeness(docs, cast, &told[i], &told[j])?;
            }
            Some(sum / group.len() as f32)
        };
        let best = (0..groups.len())
            .filter_map(|g| fit(&groups[g]).filter(|&s| s >= SAME_EVENT).map(|s| (s, g)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        match best {
            Some((_, g)) => groups[g].push(i),
            None => groups.push(vec![i]),
        }
    }
    groups.iter_mut().for_each(|g| g.sort_by_key(|&i| (told[i].document, told[i].event.trigger)));
    groups.sort_by_key(|g| (told[g[0]].document, told[g[0]].event.trigger));
    groups
}

/// What one report says was done and an independent one says was not.
fn denied(
    docs: &[Doc],
    cast: &Cast,
    told: &[Told<'_>],
    groups: &[Vec<usize>],
    events: &[RecordEvent],
    disagreements: &mut Vec<Disagreement>,
) {
    let place_of = |g: usize, t: usize| groups[g].iter().position(|&i| i == t).unwrap_or(0);
    for (no, not_done) in groups.iter().enumerate().filter(|(_, g)| told[g[0]].event.realis == Realis::Negated) {
        for (yes, done) in groups.iter().enumerate() {
            let against = not_done.iter().flat_map(|&n| done.iter().map(move |&d| (n, d))).find(|&(n, d)| {
                let (n, d) = (&told[n], &told[d]);
                let happened = matches!(d.event.realis, Realis::Actual | Realis::Historical);
                // As if both said that it was done: do they tell one event?
                let fits = || likeness_of_acts(docs, cast, n, d).is_some_and(|s| s >= SAME_EVENT);
                happened && n.lineage != d.lineage && fits()
            });
            let Some((n, d)) = against else { continue };
            let value = |word: &str, group: usize, t: usize| ToldValue {
                value: word.to_string(),
                tellings: vec![place_of(group, t)],
                evidence: vec![Citation { document: told[t].document, span: told[t].event.span }],
                superseded: false,
            };
            let id = |t: usize| docs[told[t].document].id.as_str();
            disagreements.push(Disagreement {
                about: events[yes].id.clone(),
                attribute: "happened".into(),
                values: vec![value("yes", yes, d), value("no", no, n)],
                note: format!("reports differ on whether it happened: {} says so, {} that it did not", id(d), id(n)),
            });
        }
    }
}

/// Mean likeness to a group's tellings above which a telling joins it.
const SAME_EVENT: f32 = 1.0;

/// Share of the shorter sentence's content words that two tellings of one deed have in common, at least.
const SAME_MATTER: f32 = 0.4;
/// The same, where both give the same day.
const SAME_MATTER_ONE_DAY: f32 = 0.2;

/// How well two tellings fit one event; `None` where they contradict one another on what makes an event itself.
fn likeness(docs: &[Doc], cast: &Cast, a: &Told<'_>, b: &Told<'_>) -> Option<f32> {
    let (happened, other) = (a.event.realis, b.event.realis);
    // What may have happened, or did not, says nothing for what did.
    if [Realis::Negated, Realis::Hypothetical].iter().any(|&r| (happened == r) != (other == r)) {
        return None;
    }
    likeness_of_acts(docs, cast, a, b)
}

/// [`likeness`], whatever is said of whether it happened.
fn likeness_of_acts(docs: &[Doc], cast: &Cast, a: &Told<'_>, b: &Told<'_>) -> Option<f32> {
    if family(a.event) != family(b.event) {
        return None;
    }
    if a.document == b.document && is_another(docs, a) != is_another(docs, b) {
        return None;
    }
    let mut score = 0.0;
    // Who: by the same side, or anybody where sides mean nothing.
    let mutual = a.event.kind.is_mutual();
    let sides = if mutual {
        vec![(a.everybody(), b.everybody())]
    } else {
        vec![(a.actors.clone(), b.actors.clone()), (a.recipients.clone(), b.recipients.clone())]
    };
    let mut matched = 0;
    for (x, y) in sides {
        if x.is_empty() || y.is_empty() {
            continue;
        }
        let hits = x.iter().filter(|&&e| y.iter().any(|&f| same_side(cast, e, f))).count();
        let unnamed = |list: &[usize]| list.iter().all(|&e| cast.entities[e].generic);
        if hits == 0 {
            // "they met" there on that day: the meeting of those who are named elsewhere.
            if !(mutual && same_spot(docs, a, b) && (unnamed(&x) || unnamed(&y))) {
                return None;
            }
            (score, matched) = (score + 0.5, matched + 1);
            continue;
        }
        let full = hits == x.len().min(y.len());
        if mutual && !full {
            return None;
        }
        matched += 1;
        let pair = mutual && x.len().min(y.len()) > 1;
        score += if full && (x.len() == y.len() || pair) { 1.0 } else { 0.5 };
    }
    if matched == 0
        && a.event.trigger.of(docs[a.document].text()).to_lowercase()
            != b.event.trigger.of(docs[b.document].text()).to_lowercase()
    {
        return None;
    }
    match (a.range, b.range) {
        (Some(x), Some(y)) if x.touches(y) => score += if x.is_day() && y.is_day() { 1.0 } else { 0.4 },
        // Reporters date one event a day apart (zones, "last night"); more is another event.
        (Some(x), Some(y)) if distance(x, y) <= 1 && a.document != b.document => score += 0.1,
        (Some(_), Some(_)) => return None,
        _ => score += 0.1,
    }
    let (here, there) = (place(&docs[a.document], a.event), place(&docs[b.document], b.event));
    match (here, there) {
        (Some(x), Some(y)) if x.name == y.name => score += 0.6,
        (Some(x), Some(y)) if one_place(x, y) || x.country.is_some() && x.country == y.country => score += 0.1,
        // The same people met once that day: another place is a dispute, where all else fits. Other deeds are done in many places.
        (Some(_), Some(_)) if mutual && a.document != b.document && one_day(a, b) && score >= 2.0 => (),
        (Some(_), Some(_)) => return None,
        _ => (),
    }
    // One side often accuses, asks or attacks the other more than once: besides who it must be the same matter, told in
    // like words or on the same day.
    let alike = common(&a.words, &b.words) as f32 / a.words.len().min(b.words.len()).max(1) as f32;
    let again = a.document == b.document && one_day(a, b) && words(docs, a) == words(docs, b);
    if !mutual && !again && alike < if one_day(a, b) { SAME_MATTER_ONE_DAY } else { SAME_MATTER } {
        return None;
    }
    score += alike;
    match (a.duration(), b.duration()) {
        (Some(x), Some(y)) if x == y => score += 0.6,
        // Inside one document two lengths are two meetings; across documents they may be a dispute if all else fits.
        (Some(_), Some(_)) if a.document == b.document || score < 2.0 => return None,
        _ => (),
    }
    if mutual
        && a.by_phone() != b.by_phone()
        && (a.duration().is_some() || b.duration().is_some() || here.is_some() || there.is_some())
    {
        return None;
    }
    if a.document == b.document && a.event.span == b.event.span && a.event.trigger != b.event.trigger {
        // One sentence rarely tells one event twice.
        score -= 0.5;
    }
    Some(score)
}

/// The trigger's words, in lower case.
fn words(docs: &[Doc], told: &Told<'_>) -> String {
    told.event.trigger.of(docs[told.document].text()).to_lowercase()
}

/// Do both say the same day?
fn one_day(a: &Told<'_>, b: &Told<'_>) -> bool {
    matches!((a.range, b.range), (Some(x), Some(y)) if x.is_day() && x == y)
}

/// The same place by name on the same day.
fn same_spot(docs: &[Doc], a: &Told<'_>, b: &Told<'_>) -> bool {
    let place = |t: &Told<'_>| place(&docs[t.document], t.event).map(|p| p.name.as_str());
    one_day(a, b) && place(a).is_some() && place(a) == place(b)
}

/// Does its telling say that it is one more of its kind ("the last meeting", "a second strike")?
fn is_another(docs: &[Doc], told: &Told<'_>) -> bool {
    const MORE: [&str; 9] = ["last", "previous", "earlier", "next", "second", "third", "another", "latest", "further"];
    let parse = &docs[told.document].parse;
    parse.head_of(told.event.trigger).is_some_and(|t| parse.dependents(t).iter().any(|&d| MORE.contains(&parse.lemma(d))))
}

/// Types that tell one act in different words are one family.
fn family(event: &Event) -> EventType {
    match event.kind {
        // A planned meeting and the meeting are one matter.
        EventType::Agree if event.realis == Realis::Future => EventType::Consult,
        other => other,
    }
}

/// The same entity, or one that acts for the other (a state and its government or generic officials).
fn same_side(cast: &Cast, a: usize, b: usize) -> bool {
    let (x, y) = (&cast.entities[a], &cast.entities[b]);
    let collective = |e: &crate::RecordEntity| e.generic || matches!(e.kind, Kind::Gpe | Kind::Norp | Kind::Org);
    let alike = x.generic && y.generic && head(&x.name) == head(&y.name);
    a == b || alike || (x.country.is_some() && x.country == y.country && collective(x) && collective(y))
}

/// What a group is called without its number and what belongs to it: `soldier` of "at least 12 Malian soldiers in Mopti".
fn head(name: &str) -> String {
    const AFTER: [&str; 8] = ["of", "in", "from", "near", "at", "with", "who", "on"];
    let own = name.split_whitespace().take_while(|w| !AFTER.contains(w));
    own.last().unwrap_or(name).trim_end_matches('s').to_lowercase()
}

fn distance(a: DateRange, b: DateRange) -> i32 {
    let (early, late) = if a.first <= b.first { (a, b) } else { (b, a) };
    early.last.until(late.first).map_or(i32::MAX, |gap| gap.get_days())
}

fn id_of(docs: &[Doc], told: &Told<'_>) -> String {
    let doc = &docs[told.document];
    let words = format!("{}\n{}\n{}", doc.id, told.event.kind.as_str(), told.event.span.of(doc.text()));
    format!("v-{:010x}", xxh3_64(format!("{words}\n{:?}", told.event.trigger).as_bytes()) >> 24)
}

fn reconcile(docs: &[Doc], cast: &Cast, told: &[&Told<'_>], disagreements: &mut Vec<Disagreement>) -> RecordEvent {
    let id = id_of(docs, told[0]);
    let lineages: Vec<usize> = told.iter().map(|t| t.lineage).collect();
    let sorted = |mut list: Vec<usize>| {
        list.sort_unstable();
        list.dedup();
        list
    };
    let best = best_telling(told);
    let mut actors = sorted(told.iter().flat_map(|t| t.actors.clone()).collect());
    let mut recipients = sorted(told.iter().flat_map(|t| t.recipients.clone()).collect());
    if best.event.kind.is_mutual() && recipients.iter().any(|r| actors.contains(r)) {
        recipients.retain(|r| !actors.contains(r));
    }
    keep_specific(cast, &mut actors);
    keep_specific(cast, &mut recipients);
    let names = |list: &[usize]| list.iter().map(|&i| cast.entities[i].id.clone()).collect::<Vec<_>>();
    let mut modes: Vec<Mode> = told.iter().flat_map(|t| t.event.modes.iter().copied()).collect();
    modes.sort();
    modes.dedup();
    let mut contexts: Vec<_> = told.iter().flat_map(|t| t.event.contexts.iter().copied()).collect();
    contexts.sort();
    contexts.dedup();

    let mut facts = Vec::new();
    let mut values: BTreeMap<&'static str, Vec<(usize, String, Citation)>> = BTreeMap::new();
    for (i, t) in told.iter().enumerate() {
        for fact in &t.event.facts {
            let at = Citation { document: t.document, span: fact.span };
            values.entry(fact.attribute).or_default().push((i, fact.value.to_string(), at));
        }
    }
    for (attribute, told_values) in values {
        let compared = compare(told_values, &lineages, attribute);
        if compared.agreement == Agreement::Disputed {
            let note = dispute_note(attribute, &compared.values, docs, told);
            disagreements.push(Disagreement {
                about: id.clone(),
                attribute: attribute.to_string(),
                values: compared.values.clone(),
                note,
            });
        }
        facts.push(compared);
    }

    let date = date(told, &lineages, &id, disagreements, docs);
    let place = where_(docs, told, &lineages, &id, disagreements);
    let mut documents: Vec<usize> = told.iter().map(|t| t.document).collect();
    documents.dedup();
    let states: Vec<Realis> = told.iter().map(|t| t.event.realis).collect();
    let happened = states.iter().any(|r| matches!(r, Realis::Actual | Realis::Historical));
    let planned = states.contains(&Realis::Future);
    RecordEvent {
        id,
        kind: best.event.kind,
        modes,
        contexts,
        cameo: best.event.cameo.clone(),
        actors: names(&actors),
        recipients: names(&recipients),
        date,
        place,
        facts,
        realis: best.event.realis,
        status: match (happened, planned) {
            (true, true) => "planned-and-held",
            (false, true) => "planned",
            _ if states.iter().all(|r| *r == Realis::Negated) => "denied",
            _ => "reported",
        },
        tellings: told
            .iter()
            .map(|t| Telling {
                at: Citation { document: t.document, span: t.event.span },
                trigger: t.event.trigger,
                lineage: t.lineage,
                attributed_to: t.event.attributed_to.as_ref().and_then(|p| cast.id(t.document, p.entity?)),
                rule: t.event.rule.clone(),
                realis: t.event.realis,
            })
            .collect(),
        origins: sorted(lineages).len(),
        articles: documents.len(),
        rule: if told.len() > 1 { "story.event.joined".into() } else { "story.event.single".into() },
    }
}

/// The telling that says that it happened, and says most.
fn best_telling<'a, 'b>(told: &'a [&'b Told<'b>]) -> &'a Told<'b> {
    let rank = |t: &Told<'_>| {
        let real = match t.event.realis {
            Realis::Actual => 3,
            Realis::Historical => 2,
            Realis::Future => 1,
            _ => 0,
        };
        (real, t.everybody().len(), t.event.facts.len())
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

/// Values of one attribute over the tellings: agreed, single or disputed by independent lineages.
fn compare(told: Vec<(usize, String, Citation)>, lineages: &[usize], attribute: &str) -> RecordFact {
    let mut values: Vec<ToldValue> = Vec::new();
    for (telling, value, evidence) in told {
        match values.iter_mut().find(|v| same_value(attribute, &v.value, &value)) {
            Some(known) => {
                known.tellings.push(telling);
                known.evidence.push(evidence);
            }
            None => values.push(ToldValue { value, tellings: vec![telling], evidence: vec![evidence], superseded: false }),
        }
    }
    let origins = |v: &ToldValue| {
        let mut o: Vec<usize> = v.tellings.iter().map(|&t| lineages[t]).collect();
        o.sort_unstable();
        o.dedup();
        o
    };
    values.sort_by(|a, b| origins(b).len().cmp(&origins(a).len()).then(a.tellings.cmp(&b.tellings)));
    // Free words (topics, outcomes) add to one another; only measured values can contradict.
    let measured = matches!(attribute, "duration" | "killed" | "injured" | "arrested" | "displaced" | "count");
    let disputed = measured
        && values.iter().enumerate().any(|(i, a)| {
            values[i + 1..].iter().any(|b| origins(a).iter().any(|o| !origins(b).contains(o)) && !overlap(&a.value, &b.value))
        });
    // Two wordings of an outcome agree or differ by whether anything was reached.
    let results: Vec<(Option<bool>, Vec<usize>)> = match attribute {
        "outcome" => values.iter().map(|v| (reached(&v.value), origins(v))).collect(),
        _ => Vec::new(),
    };
    let of = |what: bool| -> Vec<usize> {
        let mut o: Vec<usize> = results.iter().filter(|r| r.0 == Some(what)).flat_map(|r| r.1.iter().copied()).collect();
        o.sort_unstable();
        o.dedup();
        o
    };
    let (yes, no) = (of(true), of(false));
    let disputed = disputed || yes.iter().any(|o| !no.contains(o)) && no.iter().any(|o| !yes.contains(o));
    let told_by: Vec<usize> = (0..values.len()).flat_map(|i| origins(&values[i])).collect();
    let several = told_by.iter().any(|o| *o != told_by[0]);
    let agreement = if disputed {
        Agreement::Disputed
    } else if values.iter().any(|v| origins(v).len() > 1) || measured && several || yes.len().max(no.len()) > 1 {
        Agreement::Agreed
    } else {
        Agreement::Single
    };
    RecordFact { attribute: attribute.to_string(), agreement, values }
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

/// A TIMEX3 duration of hours and minutes (`PT90M`, `PT1.5H`, `PT1H30M`) in minutes.
fn minutes(value: &str) -> Option<u64> {
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
    Some(total.round() as u64)
}

/// Do two counts (`12`, `10..30`, `10..`) allow the same number? A precise number inside a range is no contradiction, and a round one
/// stands for what is near it.
fn overlap(a: &str, b: &str) -> bool {
    const NEAR: f64 = 0.1;
    let bounds = |v: &str| -> Option<(f64, f64)> {
        match v.split_once("..") {
            Some((low, "")) => Some((low.parse().ok()?, f64::INFINITY)),
            Some((low, high)) => Some((low.parse().ok()?, high.parse().ok()?)),
            None => {
                let n: f64 = v.parse().ok()?;
                let slack = if n >= 20.0 && n % 10.0 == 0.0 { NEAR * n } else { 0.0 };
                Some((n - slack, n + slack))
            }
        }
    };
    matches!((bounds(a), bounds(b)), (Some(x), Some(y)) if x.0 <= y.1 && y.0 <= x.1)
}

/// Does an outcome say that an agreement or step was reached (`true`), or that it was not? `None` where it is about neither.
pub(crate) fn reached(words: &str) -> Option<bool> {
    const RESULT: [&str; 12] = [
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
    ];
    const LACK: [&str; 14] = [
        "without",
        "no",
        "not",
        "n't",
        "n’t",
        "fail",
        "collaps",
        "broke down",
        "break down",
        "unable",
        "impasse",
        "deadlock",
        "stall",
        "never",
    ];
    let words = format!(" {} ", words.to_lowercase());
    let lack = LACK.iter().any(|l| words.contains(&format!(" {l}")) || l.starts_with('n') && l.len() > 2 && words.contains(*l));
    (lack || RESULT.iter().any(|r| words.contains(r))).then_some(!lack)
}

fn dispute_note(attribute: &str, values: &[ToldValue], docs: &[Doc], told: &[&Told<'_>]) -> String {
    let side = |v: &ToldValue| {
        let mut names: Vec<&str> = v.tellings.iter().map(|&t| docs[told[t].document].id.as_str()).collect();
        names.dedup();
        format!("{} ({})", v.value, names.join(", "))
    };
    format!("reports differ on the {attribute}: {}", values.iter().map(side).collect::<Vec<_>>().join(" against "))
}

/// The most exact date that most lineages allow.
fn date(
    told: &[&Told<'_>],
    lineages: &[usize],
    id: &str,
    disagreements: &mut Vec<Disagreement>,
    docs: &[Doc],
) -> Option<RecordDate> {
    let mut values: Vec<(usize, String, Citation)> = Vec::new();
    for (i, t) in told.iter().enumerate() {
        // A symbolic value ("a Monday") is no date yet: it neither agrees nor differs.
        if let Some(time) = t.event.time.as_ref().filter(|time| time.range.is_some() || !time.value.contains('X')) {
            let words = time.time.map_or(t.event.trigger, |id| docs[t.document].times[id.index()].span);
            values.push((i, time.value.clone(), Citation { document: t.document, span: words }));
        }
    }
    // Dates stated in an expression outrank dates carried over from the document.
    let rank = |i: usize| {
        let time = told[i].event.time.as_ref();
        (time.map(|t| t.basis), time.map_or(Precision::Year, |t| t.precision))
    };
    let (best, value, _) = values.iter().min_by_key(|(i, value, _)| (rank(*i), value.clone()))?.clone();
    let chosen = told[best].event.time.as_ref()?;
    let fits = |i: usize| match (chosen.range, told[i].range) {
        (Some(a), Some(b)) => a.touches(b),
        _ => told[i].event.time.as_ref().is_some_and(|t| t.value == value),
    };
    let mut agree: Vec<usize> = values.iter().filter(|v| fits(v.0)).map(|v| lineages[v.0]).collect();
    agree.sort_unstable();
    agree.dedup();
    let against: Vec<&(usize, String, Citation)> =
        values.iter().filter(|v| !fits(v.0) && !agree.contains(&lineages[v.0])).collect();
    let agreement = match (against.is_empty(), agree.len()) {
        (false, _) => Agreement::Disputed,
        (true, 2..) => Agreement::Agreed,
        _ => Agreement::Single,
    };
    if agreement == Agreement::Disputed {
        let list = |wanted: &dyn Fn(usize) -> bool| -> Vec<ToldValue> {
            (values.iter().filter(|v| wanted(v.0)))
                .map(|(i, value, c)| ToldValue {
                    value: value.clone(),
                    tellings: vec![*i],
                    evidence: vec![c.clone()],
                    superseded: false,
                })
                .collect()
        };
        let told_values = [list(&fits), list(&|i| !fits(i))].concat();
        let note = dispute_note("date", &told_values, docs, told);
        disagreements.push(Disagreement { about: id.to_string(), attribute: "date".into(), values: told_values, note });
    }
    let evidence = values.into_iter().filter(|v| fits(v.0)).map(|v| v.2).collect();
    Some(RecordDate { value, precision: chosen.precision, basis: chosen.basis, agreement, evidence })
}

/// The most exact place of the tellings, and whether the lineages agree on it.
fn where_(
    docs: &[Doc],
    told: &[&Told<'_>],
    lineages: &[usize],
    id: &str,
    disagreements: &mut Vec<Disagreement>,
) -> Option<RecordPlace> {
    let places: Vec<(usize, &Place)> =
        told.iter().enumerate().filter_map(|(i, t)| Some((i, place(&docs[t.document], t.event)?))).collect();
    let &(_, best) = places.iter().min_by_key(|(i, p)| (is_country(p), told[*i].event.place.map(|e| e.basis), *i))?;
    let (same, other): (Vec<_>, Vec<_>) = places.iter().copied().partition(|(_, p)| one_place(p, best));
    let mut origins: Vec<usize> = same.iter().map(|(i, _)| lineages[*i]).collect();
    origins.sort_unstable();
    origins.dedup();
    let cite = |(i, p): &(usize, &Place)| Citation { document: told[*i].document, span: p.span };
    let disputed = other.iter().any(|(i, _)| !origins.contains(&lineages[*i]));
    if disputed {
        let value = |at: &(usize, &Place)| ToldValue {
            value: at.1.name.clone(),
            tellings: vec![at.0],
            evidence: vec![cite(at)],
            superseded: false,
        };
        let values: Vec<ToldValue> = same.iter().chain(&other).map(value).collect();
        let note = dispute_note("place", &values, docs, told);
        disagreements.push(Disagreement { about: id.to_string(), attribute: "place".into(), values, note });
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

fn is_country(place: &Place) -> bool {
    place.feature.starts_with("PCL")
}

/// Do two places allow one spot? The same place, a country or division and what lies in it, or towns a short way apart.
fn one_place(a: &Place, b: &Place) -> bool {
    const NEAR_KM: f64 = 40.0;
    const DIVISION_KM: f64 = 300.0;
    let same_country = a.country.is_some() && a.country == b.country;
    let division = |p: &Place| p.feature.starts_with("ADM") || p.feature.starts_with("RGN");
    let apart = || kilometres(a, b).unwrap_or(f64::INFINITY);
    a.name == b.name
        || same_country && (is_country(a) || is_country(b))
        || (division(a) || division(b)) && apart() < DIVISION_KM
        || apart() < NEAR_KM
}

/// Great-circle distance (haversine, mean radius 6371 km).
fn kilometres(a: &Place, b: &Place) -> Option<f64> {
    let (lat_a, lat_b) = (a.lat?.to_radians(), b.lat?.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, b.lon?.to_radians() - a.lon?.to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    Some(2.0 * 6371.0 * h.sqrt().asin())
}
