//! The file on a story's talks: parties, positions per issue over time, what moved, what was promised and what was broken.
//!
//! Nothing is read here: claims and events are sorted by who speaks for which side and by matter, and compared.

use crate::lexicon::sense;
use crate::people::Cast;
use crate::terms::lemma;
use crate::words::common;
use crate::{
    Citation, Commitment, Conflict, Move, NegotiatedIssue, Negotiation, Party, Position, RecordClaim, RecordEntity, RecordEvent,
    Stage, Violation,
};
use jiff::civil::Date;
use jiff::{Span as Gap, Unit};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use tellings_doc::{ClaimKind, Doc, EventType, Issue, Kind, Mode, Realis, Span, Upos};

/// The file of one story. Empty where nobody negotiates: fewer than two sides, or none that wants anything.
pub(crate) fn negotiation(
    docs: &[Doc],
    cast: &Cast,
    claims: &[RecordClaim],
    events: &[RecordEvent],
    stuck: &[Citation],
) -> Negotiation {
    let sides = Sides::new(cast, claims, events);
    if sides.parties.len() < 2 || !claims.iter().any(|c| c.issue.is_some() || is_stand(c.kind)) {
        return Negotiation::default();
    }
    let mut order: Vec<&RecordClaim> = claims.iter().collect();
    order.sort_by(|a, b| day(a).cmp(&day(b)).then_with(|| a.tellings.cmp(&b.tellings)));
    let dyads = dyads(&sides, events);
    // Those who negotiate, not any two who met: what a pair does is told at least a quarter as often as of the first pair.
    let most = dyads.values().copied().max().unwrap_or(0);
    let between = |e: &RecordEvent| pairs(&sides, e).iter().any(|pair| dyads.get(pair).is_some_and(|&n| 4 * n >= most));
    let mut held: Vec<&RecordEvent> =
        events.iter().filter(|e| is_talk(e) && e.realis == Realis::Actual && e.date.is_some() && between(e)).collect();
    held.sort_by_key(|e| e.date.as_ref().map(|d| d.value.clone()));
    Negotiation {
        issues: issues(docs, &sides, &order, stuck),
        offers: order.iter().filter(|c| c.kind == ClaimKind::Offer).map(|c| c.id.clone()).collect(),
        commitments: commitments(docs, &sides, &order, events),
        violations: violations(docs, &sides, &order),
        stages: stages(docs, &between, events),
        held: held.into_iter().map(|e| e.id.clone()).collect(),
        parties: sides.parties,
    }
}

/// Claims by which a party takes a stand on what is negotiated.
fn is_stand(kind: ClaimKind) -> bool {
    use ClaimKind::*;
    matches!(kind, Demand | Offer | Accept | Reject | Promise)
}

/// For (1), against (-1) or neither, of what a claim is about.
fn sign(kind: ClaimKind) -> i8 {
    use ClaimKind::*;
    match kind {
        Demand | Offer | Accept | Promise => 1,
        Reject | Deny => -1,
        _ => 0,
    }
}

fn day(claim: &RecordClaim) -> Option<&str> {
    claim.date.as_ref().map(|d| d.value.as_str())
}

/// Who speaks for whom.
struct Sides {
    parties: Vec<Party>,
    of: FxHashMap<String, usize>,
    groups: FxHashMap<String, Vec<usize>>,
}

impl Sides {
    fn new(cast: &Cast, claims: &[RecordClaim], events: &[RecordEvent]) -> Sides {
        let entities: FxHashMap<&str, &RecordEntity> = cast.entities.iter().map(|e| (e.id.as_str(), e)).collect();
        // How often each side speaks or is spoken to; who only takes part in talks is a side, too.
        let mut weight: BTreeMap<String, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
        let mut count = |id: &str, n: usize| {
            let group = cast.members(id);
            let own = [id.to_string()];
            for id in if group.is_empty() { &own[..] } else { group } {
                if let Some((entity, key)) = entities.get(id.as_str()).and_then(|&e| Some((e, side(e)?))) {
                    let of = weight.entry(key).or_default();
                    of.0 += n;
                    *of.1.entry(entity.id.as_str()).or_default() += n;
                }
            }
        };
        for claim in claims.iter().filter(|c| c.kind != ClaimKind::Designate) {
            claim.by.iter().for_each(|id| count(id, 2));
            claim.toward.iter().for_each(|id| count(id, 1));
        }
        for event in events.iter().filter(|e| is_talk(e) || is_deal(e)) {
            event.actors.iter().chain(&event.recipients).for_each(|id| count(id, 2));
        }
        // Who takes no stand, is asked for none and met only once is no party to the talks.
        let mut heavy: Vec<_> = weight.into_iter().filter(|(_, w)| w.0 > 2).collect();
        heavy.sort_by(|a, b| b.1.0.cmp(&a.1.0).then_with(|| a.0.cmp(&b.0)));
        let (mut parties, mut of) = (Vec::new(), FxHashMap::default());
        for (key, (_, who)) in heavy {
            let own = |id: &&&str| entities[**id].kind == Kind::Gpe || side_is_itself(entities[**id]);
            let all = || cast.entities.iter().filter(|e| side(e).as_ref() == Some(&key));
            let itself = all().find(|e| e.kind == Kind::Gpe && e.id.starts_with("state/")).map(|e| e.id.as_str());
            let best = itself.or_else(|| who.keys().find(own).copied());
            let best = best.or_else(|| who.iter().max_by_key(|(id, n)| (**n, std::cmp::Reverse(**id))).map(|w| *w.0));
            let Some(entity) = best else { continue };
            let members: Vec<String> =
                all().map(|e| e.id.clone()).filter(|id| who.contains_key(id.as_str()) || id == entity).collect();
            of.extend(members.iter().map(|id| (id.clone(), parties.len())));
            let wants = claims.iter().any(|c| c.by.as_ref().is_some_and(|b| members.contains(b)) && is_stand(c.kind));
            let mediates = events.iter().any(|e| {
                e.modes.contains(&Mode::ThirdParty) && e.actors.iter().chain(&e.recipients).any(|a| members.contains(a))
            });
            let peer = entities[entity].sectors.iter().any(|s| s == "IGO" || s == "UNO");
            let role = if !wants && (mediates || peer) { "mediator" } else { "party" };
            parties.push(Party { entity: entity.to_string(), name: entities[entity].name.clone(), members, role });
        }
        let mut groups: FxHashMap<String, Vec<usize>> = FxHashMap::default();
        for entity in &cast.entities {
            let mut sides: Vec<usize> = cast.members(&entity.id).iter().filter_map(|m| of.get(m).copied()).collect();
            sides.sort_unstable();
            sides.dedup();
            if !sides.is_empty() {
                groups.insert(entity.id.clone(), sides);
            }
        }
        Sides { parties, of, groups }
    }

    fn get(&self, id: Option<&String>) -> Option<usize> {
        self.of.get(id?).copied()
    }

    /// The sides that an entity speaks for: several where it is a group of several sides' people.
    fn all(&self, id: Option<&String>) -> Vec<usize> {
        match id {
            Some(id) => self.groups.get(id).cloned().unwrap_or_else(|| self.of.get(id).copied().into_iter().collect()),
            None => Vec::new(),
        }
    }
}

/// Does it stand for itself, not for a state: an armed group, a party, an international body?
fn side_is_itself(entity: &RecordEntity) -> bool {
    const OWN: [&str; 9] = ["REB", "IMG", "UAF", "IGO", "UNO", "OPP", "PTY", "PRE", "NGO"];
    let first = entity.sectors.first().map(String::as_str);
    matches!(entity.kind, Kind::Org | Kind::Norp) && first.is_some_and(|s| OWN.contains(&s))
}

/// The side an entity speaks for: its state, or itself. `None`: media, crowds, nobody in particular.
fn side(entity: &RecordEntity) -> Option<String> {
    const NOBODY: [&str; 4] = ["JRN", "CVL", "BUS", "EDU"];
    if entity.sectors.first().is_some_and(|s| NOBODY.contains(&s.as_str())) || entity.kind == Kind::Loc {
        return None;
    }
    // A group of two sides' people whose members are not known.
    if entity.name.contains(" and ") && entity.country.is_none() {
        return None;
    }
    if side_is_itself(entity) && !entity.generic {
        return Some(entity.id.clone());
    }
    const SPEAKS: [&str; 6] = ["GOV", "MIL", "SPY", "COP", "LEG", "JUD"];
    let official = entity.kind == Kind::Gpe || entity.sectors.iter().any(|s| SPEAKS.contains(&s.as_str()));
    match &entity.country {
        Some(country) if official => Some(format!("state/{country}")),
        _ => (!entity.generic && entity.kind != Kind::Event && entity.kind != Kind::Gpe).then(|| entity.id.clone()),
    }
}

fn is_talk(event: &RecordEvent) -> bool {
    event.kind == EventType::Consult && !matches!(event.realis, Realis::Hypothetical)
}

/// Every two parties that take part in an event.
fn pairs(sides: &Sides, event: &RecordEvent) -> Vec<(usize, usize)> {
    let mut parties: Vec<usize> = event.actors.iter().chain(&event.recipients).filter_map(|a| sides.get(Some(a))).collect();
    parties.sort_unstable();
    parties.dedup();
    (0..parties.len()).flat_map(|i| parties[i + 1..].iter().map(move |&b| (i, b))).map(|(i, b)| (parties[i], b)).collect()
}

/// How often it is told that two parties talked or agreed.
fn dyads(sides: &Sides, events: &[RecordEvent]) -> BTreeMap<(usize, usize), usize> {
    let mut dyads = BTreeMap::new();
    for event in events.iter().filter(|e| is_talk(e) || is_deal(e)) {
        pairs(sides, event).into_iter().for_each(|pair| *dyads.entry(pair).or_default() += event.tellings.len());
    }
    dyads
}

fn is_deal(event: &RecordEvent) -> bool {
    let signed = event.kind == EventType::Support && event.cameo.starts_with("057");
    (signed || event.kind == EventType::Agree) && matches!(event.realis, Realis::Actual | Realis::Historical)
}

/// Positions per issue, what moved and where they conflict.
fn issues(docs: &[Doc], sides: &Sides, claims: &[&RecordClaim], stuck: &[Citation]) -> Vec<NegotiatedIssue> {
    let mut found: BTreeMap<Option<&str>, NegotiatedIssue> = BTreeMap::new();
    let mut words: FxHashMap<&str, Vec<u64>> = FxHashMap::default();
    for claim in claims {
        use ClaimKind::*;
        let held = is_stand(claim.kind) || claim.kind == Position && claim.issue.is_some();
        let parties = sides.all(claim.by.as_ref());
        let Some(at) = claim.tellings.first().filter(|_| held && !parties.is_empty()) else { continue };
        words.insert(&claim.id, matter(&docs[at.document], at.span));
        let issue = found.entry(claim.issue.as_deref()).or_insert_with(|| NegotiatedIssue::of(claim.issue.clone()));
        let date = day(claim).map(str::to_string);
        for party in parties {
            let (claim, kind, date) = (claim.id.clone(), claim.kind, date.clone());
            let told = |p: &&mut self::Position| {
                p.party == party
                    && p.kind == kind
                    && near(p.date.as_deref(), date.as_deref())
                    && same_matter(&words[p.claim.as_str()], &words[claim.as_str()])
            };
            match issue.positions.iter_mut().take(COMPARED).find(told) {
                Some(known) => known.also.push(claim),
                None => issue.positions.push(self::Position { party, claim, kind, date, at: at.clone(), also: Vec::new() }),
            }
        }
    }
    for sentence in stuck {
        let inside = |at: &Citation| at.document == sentence.document && sentence.span.touches(at.span);
        let mut about = claims.iter().filter(|c| c.issue.is_some() && c.tellings.iter().any(inside));
        let Some(issue) = about.next().and_then(|c| c.issue.clone()) else { continue };
        let entry = claims.iter().find(|c| c.issue.as_ref() == Some(&issue)).and_then(|c| c.issue.as_deref());
        found.entry(entry).or_insert_with(|| NegotiatedIssue::of(Some(issue))).stuck.push(sentence.clone());
    }
    let mut list: Vec<NegotiatedIssue> = found.into_values().collect();
    for issue in &mut list {
        compare(docs, issue, &words, sides);
    }
    list.sort_by_key(|i| {
        (i.issue.is_none(), std::cmp::Reverse(i.conflicts.len() + i.stuck.len()), std::cmp::Reverse(i.positions.len()))
    });
    list
}

/// Days apart at most at which one side says one thing again: what it says later is another stand.
const AGAIN: i32 = 3;

fn near(a: Option<&str>, b: Option<&str>) -> bool {
    let day = |d: Option<&str>| d.and_then(|d| d.parse::<Date>().ok());
    match (day(a), day(b)) {
        (Some(a), Some(b)) => a.until(b).is_ok_and(|gap| gap.get_days().abs() <= AGAIN),
        _ => a == b,
    }
}

/// Do two claims speak of one matter: half of the nouns of the shorter, by what they mean, two at least?
fn same_matter(a: &[u64], b: &[u64]) -> bool {
    let n = common(a, b);
    n >= 2 && 2 * n >= a.len().min(b.len())
}

/// Words that say that a stand is another than it was.
const CHANGED: [&str; 16] = [
    "softened",
    "dropped its demand",
    "dropped his demand",
    "dropped her demand",
    "dropped their demand",
    "dropping its demand",
    "backed down",
    "backed away",
    "backing away",
    "reversed its",
    "reversed course",
    "no longer insist",
    "no longer demand",
    "hardened its",
    "walked back",
    "change of heart",
];

impl NegotiatedIssue {
    fn of(issue: Option<Issue>) -> NegotiatedIssue {
        NegotiatedIssue { issue, positions: Vec::new(), moved: Vec::new(), conflicts: Vec::new(), stuck: Vec::new() }
    }
}

/// Lemmas of what a claim is about: its nouns, without names.
fn matter(doc: &Doc, span: Span) -> Vec<u64> {
    let nouns = doc.parse.tokens_in(span).filter(|&i| doc.parse.tokens[i].upos == Upos::Noun);
    let mut words: Vec<u64> = nouns.map(|i| sense(&lemma(doc, i))).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Positions of an issue that are compared with one another at most.
const COMPARED: usize = 64;

/// Moves and conflicts among an issue's positions: about one thing where they share words, and one for it, the other against.
fn compare(docs: &[Doc], issue: &mut NegotiatedIssue, words: &FxHashMap<&str, Vec<u64>>, sides: &Sides) {
    let coded = issue.issue.is_some();
    let one_thing = |a: &Position, b: &Position| {
        let (x, y) = (&words[a.claim.as_str()], &words[b.claim.as_str()]);
        common(x, y) >= if coded { 1 } else { 2 }
    };
    let held: Vec<&Position> = issue.positions.iter().take(COMPARED).collect();
    let (mut moved, mut conflicts) = (Vec::new(), Vec::new());
    for (i, a) in held.iter().enumerate() {
        for b in &held[i + 1..] {
            let opposed = sign(a.kind) * sign(b.kind) < 0;
            if !opposed || !one_thing(a, b) {
                continue;
            }
            if a.party != b.party {
                conflicts.push(Conflict { one: a.claim.clone(), other: b.claim.clone() });
            } else if let (Some(x), Some(y)) = (&a.date, &b.date)
                && x != y
            {
                let name = &sides.parties[a.party].name;
                let verb = |kind: ClaimKind| if sign(kind) < 0 { "was against it" } else { "was for it" };
                let note = format!("{name} {} on {x} and {} on {y}", verb(a.kind), verb(b.kind));
                let (from, to) = (Some(a.claim.clone()), Some(b.claim.clone()));
                moved.push(Move { party: a.party, from, to, at: b.at.clone(), note });
            }
        }
    }
    // Who gave way is stuck no more.
    conflicts.retain(|c: &Conflict| !moved.iter().any(|m| m.from.as_ref().is_some_and(|f| *f == c.one || *f == c.other)));
    // One sentence can say that a party changed its mind.
    for p in &held {
        let doc = &docs[p.at.document];
        let sentence = doc.parse.sentence_at(p.at.span.start()).map_or(p.at.span, |s| doc.parse.sentences[s].span);
        let words = sentence.of(doc.text()).to_lowercase();
        let Some(cue) = CHANGED.iter().find(|c| words.contains(*c)) else { continue };
        let at = Citation { document: p.at.document, span: sentence };
        if !moved.iter().any(|m| m.party == p.party && m.at == at) {
            let note = format!("{} is said to have changed its stand (“{}”)", sides.parties[p.party].name, cue.trim());
            moved.push(Move { party: p.party, from: None, to: Some(p.claim.clone()), at, note });
        }
    }
    (issue.moved, issue.conflicts) = (moved, conflicts);
}

/// What was promised or agreed, and until when.
fn commitments(docs: &[Doc], sides: &Sides, claims: &[&RecordClaim], events: &[RecordEvent]) -> Vec<Commitment> {
    let mut list: Vec<(Option<String>, Commitment)> = Vec::new();
    // An offer is no commitment before it is taken.
    let mut seen: Vec<Citation> =
        claims.iter().filter(|c| c.kind == ClaimKind::Offer).flat_map(|c| c.tellings.iter().cloned()).collect();
    let promised =
        claims.iter().filter(|c| matches!(c.kind, ClaimKind::Promise | ClaimKind::Accept) && c.realis != Realis::Negated);
    for claim in promised {
        let parties = sides.all(claim.by.as_ref());
        let Some(at) = claim.tellings.first().filter(|_| !parties.is_empty()) else { continue };
        seen.push(at.clone());
        let (deadline, deadline_at) = deadline(docs, at).unzip();
        let commitment = Commitment { parties, source: claim.id.clone(), at: at.clone(), deadline, deadline_at };
        list.push((day(claim).map(str::to_string), commitment));
    }
    let done = |e: &&RecordEvent| {
        let doc = &docs[e.tellings[0].at.document];
        let verb = |t| doc.parse.token(t).upos == Upos::Verb;
        is_deal(e) && doc.parse.head_of(e.tellings[0].trigger).is_some_and(verb)
    };
    for event in events.iter().filter(done) {
        let at = &event.tellings[0].at;
        let told = |c: &Citation| c.document == at.document && c.span.touches(at.span);
        let mut parties: Vec<usize> = event.actors.iter().chain(&event.recipients).filter_map(|a| sides.get(Some(a))).collect();
        parties.sort_unstable();
        parties.dedup();
        if parties.is_empty() || seen.iter().any(told) {
            continue;
        }
        let (deadline, deadline_at) = deadline(docs, at).unzip();
        let commitment = Commitment { parties, source: event.id.clone(), at: at.clone(), deadline, deadline_at };
        list.push((event.date.as_ref().map(|d| d.value.clone()), commitment));
    }
    list.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.at.cmp(&b.1.at)));
    list.into_iter().map(|c| c.1).collect()
}

/// The last day for what a sentence promises ("by 1 March", "within two weeks", "before the end of the month").
fn deadline(docs: &[Doc], at: &Citation) -> Option<(String, Citation)> {
    const UNTIL: [&str; 5] = ["by", "before", "until", "till", "within"];
    let doc = &docs[at.document];
    let sentence = doc.parse.sentence_at(at.span.start()).map_or(at.span, |s| doc.parse.sentences[s].span);
    let published = doc.article.published.as_ref().map(|p| p.range.first);
    let set = |span: Span| {
        let before =
            doc.text()[..span.start()].trim_end().rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or("").to_lowercase();
        let own = span.of(doc.text()).split(' ').next().unwrap_or("").to_lowercase();
        UNTIL.contains(&before.as_str()) || UNTIL.contains(&own.as_str())
    };
    let time = (doc.times.iter()).find(|t| {
        let ahead = t.range.is_none_or(|r| published.is_none_or(|p| r.last >= p));
        sentence.covers(t.span) && ahead && set(t.span)
    })?;
    let counted = || plus(published?, &time.value).map(|d| d.to_string());
    let value = time.range.map(|r| r.last.to_string()).or_else(counted)?;
    Some((value, Citation { document: at.document, span: time.span }))
}

/// The day that lies a TIMEX3 duration of whole days, weeks, months or years (`P2W`) after another.
fn plus(day: Date, duration: &str) -> Option<Date> {
    let gap = Gap::new();
    let gap =
        [('D', Unit::Day), ('W', Unit::Week), ('M', Unit::Month), ('Y', Unit::Year)].into_iter().find_map(|(letter, unit)| {
            let n: i64 = duration.strip_prefix('P')?.strip_suffix(letter)?.parse().ok()?;
            match unit {
                Unit::Day => gap.try_days(n),
                Unit::Week => gap.try_weeks(n),
                Unit::Month => gap.try_months(n),
                _ => gap.try_years(n),
            }
            .ok()
        })?;
    day.checked_add(gap).ok()
}

/// Accusations that something agreed was not kept.
fn violations(docs: &[Doc], sides: &Sides, claims: &[&RecordClaim]) -> Vec<Violation> {
    const BROKEN: [&str; 18] = [
        "violat",
        "breach",
        "reneg",
        "broke ",
        "broken",
        "breaking",
        "backtrack",
        "flout",
        "fail",
        "not honour",
        "not honor",
        "not complied",
        "non-compliance",
        "noncompliance",
        "not kept",
        "not implement",
        "derail",
        "sabotag",
    ];
    let broken = |c: &&&RecordClaim| {
        let said = |at: &Citation| {
            let words = at.span.of(docs[at.document].text()).to_lowercase();
            BROKEN.iter().any(|b| words.contains(b))
        };
        c.kind == ClaimKind::Accuse && c.tellings.iter().any(said)
    };
    let mut found: Vec<(Violation, Vec<u64>, Option<&str>)> = Vec::new();
    for c in claims.iter().filter(broken) {
        let Some(at) = c.tellings.first() else { continue };
        let (by, against) = (sides.get(c.by.as_ref()), sides.get(c.toward.as_ref()));
        let words = matter(&docs[at.document], at.span);
        let told = |f: &&mut (Violation, Vec<u64>, Option<&str>)| {
            by.is_some() && f.0.by == by && f.0.against == against && near(f.2, day(c)) && same_matter(&f.1, &words)
        };
        match found.iter_mut().take(COMPARED).find(told) {
            Some((known, ..)) => {
                known.also.push(c.id.clone());
                known.answers.extend(c.answered_by.iter().cloned());
            }
            None => {
                let violation = Violation {
                    claim: c.id.clone(),
                    by,
                    against,
                    at: at.clone(),
                    answers: c.answered_by.clone(),
                    also: Vec::new(),
                };
                found.push((violation, words, day(c)));
            }
        }
    }
    found.into_iter().map(|f| f.0).collect()
}

/// What is agreed to where talks only go on.
const GO_ON: [&str; 10] = ["keep", "continue", "meet", "resume", "return", "hold", "talk", "discuss", "talks", "seek"];

/// The stages the talks went through, each with the event that shows it; one stage told twice in a row stands once.
fn stages(docs: &[Doc], between: &impl Fn(&RecordEvent) -> bool, events: &[RecordEvent]) -> Vec<Stage> {
    let day = |e: &RecordEvent| e.date.as_ref().map(|d| d.value.clone());
    // To agree to go on talking is no agreement on the matter.
    let to_talk = |e: &RecordEvent| {
        let told = &e.tellings[0];
        let text = docs[told.at.document].text();
        let after = Span::new(told.trigger.end(), told.at.span.end().max(told.trigger.end())).of(text).to_lowercase();
        let mut words = after.split_whitespace().skip_while(|w| *w == "to" || w.ends_with("ly"));
        words.next().is_some_and(|w| GO_ON.contains(&w))
    };
    let stage = |e: &RecordEvent| -> Option<&'static str> {
        let outcomes = || e.facts.iter().filter(|f| f.attribute == "outcome").flat_map(|f| &f.values);
        let failed = || outcomes().any(|v| crate::compare::reached(&v.value) == Some(false));
        match e.kind {
            EventType::Consult if e.status == "planned" => Some("planned"),
            // What is going to be done (aid, a meeting) is coded as agreed to; it is no agreement on the matter.
            EventType::Agree if e.status == "planned" => (&*e.cameo == "036").then_some("planned"),
            EventType::Consult if is_talk(e) && between(e) => Some(if failed() { "stalled" } else { "talks" }),
            EventType::Support if e.realis == Realis::Negated && e.cameo.starts_with("057") => Some("stalled"),
            _ if is_deal(e) && between(e) && !to_talk(e) => Some("agreement"),
            EventType::Retreat if e.realis == Realis::Actual && e.modes.contains(&Mode::Ceasefire) => Some("implementation"),
            EventType::Reject if e.modes.contains(&Mode::Meet) && e.realis == Realis::Actual => Some("broken"),
            _ => None,
        }
    };
    let mut list: Vec<Stage> = (events.iter())
        .filter(|e| e.date.is_some())
        .filter_map(|e| Some(Stage { value: stage(e)?, event: e.id.clone(), date: day(e) }))
        .collect();
    list.sort_by(|a, b| a.date.cmp(&b.date));
    list.dedup_by(|b, a| a.value == b.value);
    list
}
