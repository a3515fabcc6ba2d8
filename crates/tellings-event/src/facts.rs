//! What else is told of an event: how long, how many, about what, with what outcome, in what format.

use crate::code::{Coder, Draft};
use tellings_doc::{Deprel, EventType, Fact, FactValue, Mode, TimeKind};

/// Adds an event's facts.
pub(crate) fn facts(coder: &Coder<'_>, draft: &mut Draft) {
    let trees = coder.trees;
    let tokens = coder.parse.tokens_in(draft.event.span);
    let mut out: Vec<Fact> = Vec::new();
    for time in coder.times.iter().filter(|t| t.kind == TimeKind::Duration && draft.event.span.covers(t.span)) {
        let Some(head) = coder.parse.head_of(time.span) else { continue };
        let mut at = head.index();
        for _ in 0..3 {
            if at == draft.trigger || at == draft.clause {
                break;
            }
            match trees.head(at) {
                Some(up) => at = up,
                None => break,
            }
        }
        if (at == draft.trigger || at == draft.clause) && !time.value.contains('X') {
            out.push(Fact { attribute: "duration", value: FactValue::Duration(time.value.clone()), span: time.span });
        }
    }
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
            if let Some(q) = coder.link.quantities.iter().find(|q| {
                q.unit.is_none()
                    && (found.participant.span.covers(q.span) || trees.token(found.token).span.touches(q.span))
                    && coder.parse.tokens_in(q.span).any(|t| {
                        t == found.token
                            || trees.head(t) == Some(found.token)
                            || trees.head(t).is_some_and(|h| trees.head(h) == Some(found.token))
                    })
            }) {
                out.push(Fact {
                    attribute,
                    value: FactValue::Count { low: q.low.unwrap_or(q.value), best: q.value, high: q.high.unwrap_or(q.value) },
                    span: q.span,
                });
            }
        }
    }
    if matches!(draft.event.kind, EventType::Consult | EventType::Agree) {
        let hosts = [draft.trigger, draft.clause];
        for t in tokens.clone() {
            let topic = match trees.deprel(t).base() {
                Deprel::Obl | Deprel::Nmod => {
                    trees.head(t).is_some_and(|h| hosts.contains(&h))
                        && trees
                            .case(t)
                            .is_some_and(|c| matches!(trees.lemma(c), "on" | "about" | "over" | "regarding" | "concerning"))
                }
                Deprel::Obj => {
                    trees.head(t) == Some(draft.trigger) && matches!(trees.lemma(draft.trigger), "discuss" | "negotiate")
                }
                _ => false,
            };
            let timed = coder.times.iter().any(|x| x.span.touches(trees.token(t).span));
            let placed = coder.link.places.iter().any(|p| p.span.touches(trees.token(t).span))
                && trees.case(t).is_some_and(|c| trees.lemma(c) == "over");
            if topic && !timed && !placed {
                let span = coder.who.phrase(t);
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
