//! What else is told of an event: how long, how many, about what, with what outcome, in what format.

use crate::code::{Coder, Draft};
use tellings_doc::{Deprel, EventType, Fact, FactValue, Id, Mode, Quantity, Span, TimeKind};

/// Adds an event's facts.
pub(crate) fn facts(coder: &Coder<'_>, draft: &mut Draft) {
    let trees = coder.trees;
    let tokens = coder.parse.tokens_in(draft.event.span);
    let mut out: Vec<Fact> = Vec::new();
    let from = coder.times.partition_point(|t| t.span.end() <= draft.event.span.start());
    let inside = coder.times[from..].iter().take_while(|t| t.span.start() < draft.event.span.end());
    for time in inside.filter(|t| t.kind == TimeKind::Duration && draft.event.span.covers(t.span)) {
        let Some(head) = coder.parse.head_of(time.span).map(Id::index) else { continue };
        let hosts = [draft.trigger, draft.clause];
        // "talked for an hour", "a 90-minute meeting", and "an hour of talks".
        let governed = trees.head(head).is_some_and(|up| hosts.contains(&up));
        let governs = trees.head(draft.trigger) == Some(head);
        if (governed || governs) && !time.value.contains('X') {
            out.push(Fact { attribute: "duration", value: FactValue::Duration(time.value.clone()), span: time.span });
        }
    }
    launched(coder, draft, &mut out);
    outcome(coder, draft, &mut out);
    let attribute = match (draft.event.kind, draft.event.modes.contains(&Mode::Arrest)) {
        (EventType::Assault, _) => match trees.lemma(draft.trigger) {
            "injure" | "wound" | "hurt" | "maim" => Some("injured"),
            "kill" | "massacre" | "slay" | "murder" | "assassinate" | "execute" | "killing" | "behead" | "slaughter" => {
                Some("killed")
            }
            _ => None,
        },
        (EventType::Coerce, true) => Some("arrested"),
        (EventType::Protest, _) => Some("count"),
        _ => None,
    };
    if let Some(attribute) = attribute {
        let people = if draft.event.kind == EventType::Protest { &draft.actors } else { &draft.recipients };
        for found in people.iter().take(1) {
            if let Some(q) = quantities(coder, draft.event.span).iter().find(|q| {
                q.unit.is_none()
                    && (found.participant.span.covers(q.span) || trees.token(found.token).span.touches(q.span))
                    && coder.parse.tokens_in(q.span).any(|t| {
                        t == found.token
                            || trees.head(t) == Some(found.token)
                            || trees.head(t).is_some_and(|h| trees.head(h) == Some(found.token))
                    })
            }) {
                out.push(Fact { attribute, value: FactValue::count(q), span: q.span });
            }
        }
    }
    if matches!(draft.event.kind, EventType::Consult | EventType::Agree) {
        let mut hosts = vec![draft.trigger, draft.clause];
        if trees.lemma(draft.trigger) == "raise" {
            // "raised concerns about X": what was raised is about it.
            hosts.extend(trees.dep(draft.trigger, Deprel::Obj));
        }
        let beside: Vec<usize> = ["on", "about", "over", "regarding"]
            .iter()
            .filter_map(|p| trees.phrase_after(draft.trigger, coder.table.word(p)))
            .collect();
        for t in tokens.clone() {
            let topic = match trees.deprel(t).base() {
                _ if beside.contains(&t) => true,
                Deprel::Obl | Deprel::Nmod => {
                    trees.head(t).is_some_and(|h| hosts.contains(&h))
                        && trees.case(t).is_some_and(|c| {
                            matches!(trees.lemma(c), "on" | "about" | "over" | "regarding" | "regard" | "concerning" | "concern")
                        })
                }
                Deprel::Obj => {
                    trees.head(t) == Some(draft.trigger) && matches!(trees.lemma(draft.trigger), "discuss" | "negotiate")
                }
                _ => false,
            };
            let phone = matches!(trees.lemma(t), "phone" | "telephone" | "sideline" | "eve" | "call" | "margin");
            if topic && !trees.timed[t] && !phone {
                let of = trees.deps(t).filter(|&d| {
                    let part = trees.case(d).is_some_and(|c| matches!(trees.lemma(c), "of" | "for" | "in" | "between"));
                    d > t && part && trees.deprel(d) == Deprel::Nmod
                });
                let span = of.fold(coder.who.phrase(t), |span, d| span.join(coder.who.phrase(d)));
                out.push(Fact { attribute: "topic", value: FactValue::Text(span.of(&coder.article.text).to_string()), span });
            }
        }
        for mode in &draft.event.modes {
            let format = match mode {
                Mode::Phone => "phone",
                Mode::Visit => "visit",
                Mode::Multilateral => "multilateral",
                Mode::ThirdParty => "third-party",
                _ => continue,
            };
            out.push(Fact { attribute: "format", value: FactValue::Text(format.to_string()), span: draft.event.trigger });
        }
    }
    draft.event.facts.extend(out);
}

/// How many weapons were fired or shown: "fired three missiles".
fn launched(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    if !matches!(draft.event.kind, EventType::Assault | EventType::Mobilize) || draft.noun {
        return;
    }
    let Some(thing) = trees.patient(draft.trigger).filter(|&t| !trees.human(t)) else { return };
    let counted = |q: &&tellings_doc::Quantity| {
        q.unit.is_none()
            && coder.parse.tokens_in(q.span).any(|t| trees.head(t) == Some(thing) && trees.deprel(t) == Deprel::Nummod)
    };
    if let Some(q) = quantities(coder, draft.event.span).iter().find(counted) {
        let value = FactValue::count(q);
        out.push(Fact { attribute: "count", value, span: q.span });
    }
}

/// What came of a meeting: what those who met failed to do, agreed, or told others to do, in the same sentence.
fn outcome(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    if draft.event.kind != EventType::Consult {
        return;
    }
    let met = |t: usize| draft.actors.iter().any(|a| a.token == t || trees.first_conjunct(t) == trees.first_conjunct(a.token));
    for v in coder.parse.tokens_in(draft.event.span).filter(|&v| v != draft.trigger && trees.is_verb(v)) {
        let result = matches!(
            trees.lemma(v),
            "fail"
                | "agree"
                | "settle"
                | "direct"
                | "instruct"
                | "order"
                | "decide"
                | "end"
                | "collapse"
                | "conclude"
                | "produce"
        );
        let theirs = trees.subject(v).is_some_and(|s| met(s) || s == draft.trigger);
        if !result || !theirs || trees.deprel(v) == Deprel::AclRelcl {
            continue;
        }
        // The predicate with what hangs on it to the right, up to the next clause of its own.
        let end =
            trees.deps(v).filter(|&d| d > v && !matches!(trees.deprel(d), Deprel::Conj | Deprel::Punct | Deprel::Parataxis));
        let span = end.fold(trees.token(v).span, |span, d| span.join(coder.parse.subtree(Id::new(d))));
        let next = trees.deps(v).find(|&d| d > v && trees.deprel(d) == Deprel::Conj).map(|d| trees.token(d).span.start());
        // "could not settle", "without agreeing": what turns it round belongs to it.
        let turned = trees.deps(v).filter(|&d| {
            let aux = matches!(trees.deprel(d), Deprel::Aux | Deprel::AuxPass);
            d < v && (aux || matches!(trees.lemma(d), "not" | "never" | "without"))
        });
        let start = turned.map(|d| trees.token(d).span.start()).min().unwrap_or(trees.token(v).span.start());
        let span = Span::new(start, next.unwrap_or(usize::MAX).min(span.end()));
        let text = span.of(&coder.article.text).trim_end_matches(|c: char| !c.is_alphanumeric());
        let text = text.strip_suffix(" but").or_else(|| text.strip_suffix(" and")).unwrap_or(text).trim_end_matches([',', ' ']);
        let span = Span::new(span.start(), span.start() + text.len());
        out.push(Fact { attribute: "outcome", value: FactValue::Text(text.to_string()), span });
    }
}

/// The quantities of a sentence.
fn quantities<'a>(coder: &Coder<'a>, span: Span) -> &'a [Quantity] {
    let from = coder.link.quantities.partition_point(|q| q.span.end() <= span.start());
    let to = coder.link.quantities.partition_point(|q| q.span.start() < span.end());
    coder.link.quantities.get(from..to).unwrap_or(&[])
}
