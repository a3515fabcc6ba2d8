//! What came of a meeting, where other reports tell it as an agreement that those who met reached, or failed to reach, there or on
//! that day.

use crate::compare::{Reached, disagreement, reached};
use crate::happenings::Happenings;
use crate::people::Cast;
use crate::same::{Told, one_place, planned, same_side};
use crate::{Agreement, Citation, Disagreement, RecordEvent, RecordFact, Telling, ToldValue};
use rustc_hash::FxHashMap;
use tellings_doc::{Deprel, Doc, EventType, Id, Realis, Span, Token, Upos};

/// Meetings looked at for one agreement.
const MEETINGS: usize = 32;

/// Adds to meetings, as one more telling of each, what other reports say that those who met agreed or failed to agree.
pub(crate) fn came_of(docs: &[Doc], cast: &Cast, told: &[Told<'_>], groups: &[Vec<usize>], found: &mut Happenings) {
    let mut meetings: FxHashMap<(usize, When<'_>), Vec<(usize, usize)>> = FxHashMap::default();
    for (g, group) in groups.iter().enumerate() {
        for &t in group.iter().take(8).filter(|&&t| is_meeting(&told[t])) {
            for key in keys(cast, &told[t]) {
                let list = meetings.entry(key).or_default();
                if list.len() < MEETINGS {
                    list.push((g, t));
                }
            }
        }
    }
    if meetings.is_empty() {
        return;
    }
    for a in groups.iter().flatten().map(|&i| &told[i]) {
        let Some(span) = result(docs, a) else { continue };
        let near = keys(cast, a).into_iter().filter_map(|k| meetings.get(&k)).flatten();
        let Some(&(g, _)) = near.filter(|(_, t)| is_of(cast, a, &told[*t])).min() else { continue };
        add(docs, cast, a, span, &mut found.events[g]);
        compare(docs, &mut found.events[g], &mut found.disagreements);
    }
}

/// A day, or a place, as a key.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum When<'a> {
    Day(jiff::civil::Date),
    Place(&'a str),
}

/// Under which a meeting and an agreement find one another: somebody who takes part, or that one's state, with day or place.
fn keys<'a>(cast: &Cast, told: &Told<'a>) -> Vec<(usize, When<'a>)> {
    let day = told.range.filter(|r| r.is_day()).map(|r| When::Day(r.first));
    let place = told.place.map(|p| When::Place(p.name.as_str()));
    let state = |e: usize| {
        let country = cast.entities[e].country.as_deref()?;
        // States stand apart from the numbers of entities.
        Some(country.bytes().fold(usize::MAX / 2, |n, b| n + 1 + (usize::from(b) << 8)))
    };
    let who: Vec<usize> = told.everybody.iter().flat_map(|&e| [Some(e), state(e)]).flatten().collect();
    day.into_iter().chain(place).flat_map(|when| who.iter().map(move |&w| (w, when)).collect::<Vec<_>>()).collect()
}

fn is_meeting(told: &Told<'_>) -> bool {
    let event = told.event();
    event.kind == EventType::Consult && event.realis == Realis::Actual && planned(event).is_none()
}

/// Did those who agreed, or did not, meet there?
fn is_of(cast: &Cast, agreed: &Told<'_>, met: &Told<'_>) -> bool {
    let (x, y) = (&agreed.everybody, &met.everybody);
    let least = x.len().min(y.len());
    let hits = x.iter().filter(|&&e| y.iter().any(|&f| same_side(cast, e, f))).count();
    let place = match (agreed.place, met.place) {
        (Some(a), Some(b)) => Some(a.name == b.name || one_place(a, b)),
        _ => None,
    };
    let day = match (agreed.range, met.range) {
        (Some(a), Some(b)) => Some(a.touches(b) && (a.is_day() || b.is_day())),
        _ => None,
    };
    let when = match (day, place) {
        (Some(false), _) | (_, Some(false)) | (None, None) => false,
        // One group ("the Cypriot leaders") says less than two sides.
        (Some(true), Some(true)) => true,
        _ => least > 1,
    };
    agreed.document != met.document && agreed.lineage != met.lineage && least > 0 && hits >= least && when
}

/// The words of an agreement that was reached, or was not. `None`: it is another act.
fn result(docs: &[Doc], told: &Told<'_>) -> Option<Span> {
    const ACTS: [&str; 16] = [
        "agree",
        "reach",
        "strike",
        "clinch",
        "settle",
        "deal",
        "agreement",
        "accord",
        "pact",
        "truce",
        "ceasefire",
        "compromise",
        "seal",
        "hammer",
        "sign",
        "commit",
    ];
    let event = told.event();
    let kind = matches!(event.kind, EventType::Agree | EventType::Support | EventType::Concede);
    if !kind || planned(event).is_some() || !matches!(event.realis, Realis::Actual | Realis::Negated) {
        return None;
    }
    let doc = &docs[told.document];
    let trigger = doc.parse.head_of(event.trigger)?;
    if !ACTS.contains(&doc.parse.lemma(trigger)) {
        return None;
    }
    let span = predicate(doc, trigger);
    reached(span.of(doc.text())).map(|_| span)
}

/// The verb of a clause with its auxiliaries and what follows it: "failed to reach a deal", "had struck a peace deal".
fn predicate(doc: &Doc, word: Id<Token>) -> Span {
    let parse = &doc.parse;
    let mut top = word;
    for _ in 0..4 {
        let token = &parse.tokens[top.index()];
        let up = token.head.filter(|&h| {
            let verb = parse.tokens[h.index()].upos == Upos::Verb;
            verb && matches!(token.deprel, Deprel::Xcomp | Deprel::Obj | Deprel::NsubjPass)
        });
        match up {
            Some(up) => top = up,
            None => break,
        }
    }
    let own = &parse.tokens[top.index()];
    let mut span = own.span;
    for &d in parse.dependents(top) {
        let token = &parse.tokens[d.index()];
        let turned = matches!(token.deprel, Deprel::Aux | Deprel::AuxPass) || matches!(parse.lemma(d), "not" | "never");
        let after = d.index() > top.index()
            && !matches!(token.deprel, Deprel::Conj | Deprel::Punct | Deprel::Parataxis | Deprel::Advcl | Deprel::Cc);
        if turned && d.index() < top.index() {
            span = span.join(token.span);
        } else if after {
            span = span.join(parse.subtree(d));
        }
    }
    span
}

fn add(docs: &[Doc], cast: &Cast, agreed: &Told<'_>, span: Span, event: &mut RecordEvent) {
    let (document, act) = (agreed.document, agreed.event());
    let telling = event.tellings.len();
    event.tellings.push(Telling {
        at: Citation { document, span: act.span },
        trigger: act.trigger,
        lineage: agreed.lineage,
        attributed_to: act.attributed_to.as_ref().and_then(|p| cast.id(document, p.entity?)),
        rule: act.rule.clone(),
        realis: act.realis,
    });
    let value = ToldValue {
        value: span.of(docs[document].text()).to_string(),
        tellings: vec![telling],
        evidence: vec![Citation { document, span }],
        superseded: false,
    };
    match event.facts.iter_mut().find(|f| f.attribute == "outcome") {
        Some(fact) => fact.values.push(value),
        None => {
            event.facts.push(RecordFact { attribute: "outcome".to_string(), agreement: Agreement::Single, values: vec![value] })
        }
    }
    let count = |of: &dyn Fn(&Telling) -> usize| {
        let mut list: Vec<usize> = event.tellings.iter().map(of).collect();
        list.sort_unstable();
        list.dedup();
        list.len()
    };
    (event.origins, event.articles) = (count(&|t| t.lineage), count(&|t| t.at.document));
}

/// Do the reports agree on what came of it?
fn compare(docs: &[Doc], event: &mut RecordEvent, disagreements: &mut Vec<Disagreement>) {
    let tellings = &event.tellings;
    let Some(fact) = event.facts.iter_mut().find(|f| f.attribute == "outcome") else { return };
    let origins = |v: &ToldValue| v.tellings.iter().map(|&t| tellings[t].lineage).collect::<Vec<_>>();
    let told: Vec<(&str, Vec<usize>)> =
        fact.values.iter().filter(|v| !v.superseded).map(|v| (v.value.as_str(), origins(v))).collect();
    let result = Reached::of(told.iter().map(|(words, by)| (*words, by.as_slice())));
    fact.agreement = match (result.disputed(), result.told_by()) {
        (true, _) => Agreement::Disputed,
        (false, 2..) => Agreement::Agreed,
        _ => Agreement::Single,
    };
    if !result.disputed() {
        return;
    }
    let dispute = disagreement(docs, &event.id, "outcome", fact.values.clone(), |t| tellings[t].at.document);
    match disagreements.iter_mut().find(|d| d.about == event.id && d.attribute == "outcome") {
        Some(known) => *known = dispute,
        None => disagreements.push(dispute),
    }
}
