//! What else is told of an event: how long, how many, about what, with what outcome, in what format.

use crate::code::{Coder, Draft};
use crate::when;
use tellings_doc::{Bound, Deprel, EventType, Fact, FactValue, Id, Mode, Quantity, Realis, Span, TimeKind, Upos};

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
    stage(coder, draft, &mut out);
    weapon(coder, draft, &mut out);
    let attribute = match (draft.event.kind, draft.event.modes.contains(&Mode::Arrest)) {
        (EventType::Assault, _) => match trees.lemma(draft.trigger) {
            "injure" | "wound" | "hurt" | "maim" => Some("injured"),
            "kill" | "massacre" | "slay" | "murder" | "assassinate" | "execute" | "killing" | "behead" | "slaughter" => {
                Some("killed")
            }
            _ => None,
        },
        (EventType::Coerce, true) => Some("arrested"),
        (EventType::Coerce, false) if matches!(trees.lemma(draft.trigger), "displace" | "uproot" | "evacuate" | "evict") => {
            Some("displaced")
        }
        (EventType::Protest, _) => Some("count"),
        _ => None,
    };
    if let Some(attribute) = attribute {
        let people = if draft.event.kind == EventType::Protest { &draft.actors } else { &draft.recipients };
        for found in people.iter().take(1) {
            if let Some(q) = quantities(coder, draft.event.span).iter().find(|q| {
                q.unit.is_none()
                    && (found.participant.span.touches(q.span) || trees.token(found.token).span.touches(q.span))
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
                let span = span.join(of_after(coder, span));
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

/// What follows a phrase with "of" though the tree hangs it elsewhere: "a creation / of a military partnership".
fn of_after(coder: &Coder<'_>, span: Span) -> Span {
    let trees = coder.trees;
    let end = coder.parse.tokens_in(span).end;
    let limit = coder.parse.sentence_of(Id::new(end)).map_or(end, |s| s.tokens.end);
    if end >= limit || trees.lemma(end) != "of" {
        return span;
    }
    let inside = |t: usize| {
        let dash = trees.token(t).upos == Upos::Punct && trees.lemma(t).starts_with('-');
        dash || matches!(trees.token(t).upos, Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num) && !trees.timed[t]
    };
    let last = (end + 1..limit.min(end + 10)).take_while(|&t| inside(t)).filter(|&t| trees.is_nominal(t)).last();
    last.map_or(span, |t| span.join(trees.token(t).span))
}

/// How far something agreed or to be agreed has come: a ceasefire declared, in effect, violated or ended, each with its date
/// where one is told; talks scheduled, postponed, cancelled, collapsed or resumed; an agreement proposed, initialled, signed,
/// ratified, suspended or left.
fn stage(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    let t = draft.trigger;
    let above = || trees.head(trees.first_conjunct(t)).filter(|&h| trees.is_verb(h)).or_else(|| trees.verb_after_list(t));
    let verb = if draft.noun { above() } else { Some(t) };
    let lemma = verb.map_or("", |v| trees.lemma(v));
    let matter = if draft.noun { Some(t) } else { trees.patient(t).or_else(|| trees.deps(t).find(|&d| on(coder, d))) };
    let Some(matter) = matter else { return };
    let denied = draft.event.realis == Realis::Negated;
    let mut told = |attribute: &'static str, value: &str, span: Span| {
        out.push(Fact { attribute, value: FactValue::Text(value.to_string()), span });
    };
    let words = verb.map_or(trees.token(t).span, |v| trees.token(v).span);
    if trees.is(matter, trees.known.truce) {
        let what = match lemma {
            _ if denied && (!draft.noun || matches!(lemma, "take" | "come" | "enter" | "hold")) => return,
            "declare" | "announce" | "proclaim" | "order" | "call" | "agree" | "reach" | "sign" | "offer" => "declared",
            "take" | "come" | "enter" | "go" | "begin" | "start" | "hold" | "observe" | "implement" | "respect" => "effect",
            "violate" | "breach" | "break" if trees.dep(t, Deprel::CompoundPrt).is_none() && !draft.noun => "violated",
            "collapse" | "end" | "expire" | "lapse" | "fail" | "terminate" | "abandon" | "break" | "cancel" | "quit" => "end",
            "extend" | "renew" | "prolong" => "extended",
            _ => return,
        };
        told("stage", what, words);
        let day =
            draft.event.time.as_ref().and_then(|time| Some((time.value.clone(), coder.times.get(time.time?.index())?.span)));
        if let Some((value, span)) = day.filter(|_| what != "extended") {
            told(what, &value, span);
        }
        // "declared a ceasefire to take effect on Tuesday", "from midnight", "until Friday"
        let from = coder.times.partition_point(|x| x.span.end() <= draft.event.span.start());
        for time in coder.times[from..].iter().take_while(|x| x.span.start() < draft.event.span.end()) {
            let own = draft.event.time.as_ref().and_then(|x| x.time).is_some_and(|x| coder.times[x.index()].span == time.span);
            let Some(head) = coder.parse.head_of(time.span).map(Id::index).filter(|_| !own && when::dates_or_ends(time)) else {
                continue;
            };
            let until = matches!(time.bound, Some(Bound::To | Bound::By));
            let starts =
                trees.head(head).is_some_and(|v| {
                    matches!(trees.lemma(v), "take" | "effect" | "force" | "start" | "begin" | "come" | "enter" | "go")
                        && v != draft.clause
                }) || trees.case(head).is_some_and(|c| matches!(trees.lemma(c), "from" | "starting" | "start" | "begin"));
            if until || starts {
                told(if until { "end" } else { "effect" }, &time.value, time.span);
            }
        }
    } else if trees.is(matter, trees.known.talk) {
        let what = match lemma {
            "schedule" | "plan" | "set" | "arrange" | "slate" => "scheduled",
            "postpone" | "delay" | "defer" | "adjourn" => "postponed",
            "cancel" | "call" | "scrap" | "abandon" => "cancelled",
            "collapse" | "break" | "stall" | "fail" | "falter" => "collapsed",
            "resume" | "restart" | "reopen" => "resumed",
            "suspend" | "halt" | "freeze" => "suspended",
            "end" | "conclude" => "ended",
            "hold" | "begin" | "open" | "start" | "continue" | "take" if draft.event.kind == EventType::Consult => "held",
            _ => return,
        };
        told("stage", what, words);
    } else if trees.is(matter, trees.known.agreement) {
        let what = match lemma {
            "propose" | "offer" | "table" => "proposed",
            "initial" => "initialled",
            "sign" | "ink" | "conclude" | "seal" | "clinch" | "finalize" | "finalise" => "signed",
            "reach" | "strike" | "agree" => "agreed",
            "ratify" | "approve" => "ratified",
            "suspend" | "freeze" => "suspended",
            "withdraw" | "quit" | "leave" | "abandon" | "exit" | "pull" => "left",
            "violate" | "breach" | "break" => "violated",
            "reject" | "refuse" => "rejected",
            _ => return,
        };
        told("stage", what, words);
    }
}

/// Is a phrase what is left or entered: "from the treaty", "out of the accord"?
fn on(coder: &Coder<'_>, d: usize) -> bool {
    let trees = coder.trees;
    let known = trees.known;
    trees.deprel(d).base() == Deprel::Obl
        && trees.case(d).is_some_and(|c| matches!(trees.lemma(c), "from" | "out" | "into" | "on" | "to"))
        && trees.is(d, known.agreement | known.truce | known.talk)
}

/// What an attack was made with, in the words of the text.
fn weapon(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    if draft.event.kind != EventType::Assault {
        return;
    }
    let named = coder.parse.tokens_in(draft.event.span).find(|&w| {
        let arms = coder.table.weapons.iter().any(|&(class, _)| trees.is(w, 1 << class));
        let with = trees.case(w).is_some_and(|c| matches!(trees.lemma(c), "with" | "by" | "in" | "using"));
        let using = trees.head(w).is_some_and(|h| {
            matches!(trees.lemma(h), "use" | "fire" | "throw" | "detonate" | "launch" | "drop") && trees.deprel(w) == Deprel::Obj
        });
        let hangs =
            trees.head(w).is_some_and(|h| h == draft.trigger || h == draft.clause || trees.head(h) == Some(draft.trigger));
        let apart = trees.token(w).upos == Upos::Noun && w != draft.trigger && w != draft.clause;
        let compound = trees.deprel(w) == Deprel::Compound && trees.head(w) == Some(draft.trigger) && draft.noun;
        arms && apart && (hangs && (with || using) || compound)
    });
    if let Some(w) = named {
        let span = if trees.deprel(w) == Deprel::Compound { trees.token(w).span } else { coder.who.phrase(w) };
        out.push(Fact { attribute: "weapon", value: FactValue::Text(span.of(&coder.article.text).to_string()), span });
    }
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
        // "failed to agree": the agreeing is part of it.
        let part =
            trees.deprel(v) == Deprel::Xcomp && trees.head(v).is_some_and(|h| h != draft.trigger && trees.lemma(h) == "fail");
        if !result || !theirs || part || trees.deprel(v) == Deprel::AclRelcl {
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
