//! What else is told of an event: how long, how many, about what, with what outcome, in what format.

use crate::code::{Coder, Draft};
use crate::when;
use crate::who::Found;
use tellings_doc::{
    Bound, Deprel, EventType, Fact, FactValue, Form, Id, Kind, Mode, Quantity, Realis, Span, Time, TimeKind, Upos, Xpos,
};

/// "their second in two days", "the third time in a week": how often, not how long.
fn counts(coder: &Coder<'_>, unit: usize) -> bool {
    const ORDINALS: [&str; 10] = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    let trees = coder.trees;
    let Some(case) = trees.deps(unit).find(|&d| trees.deprel(d) == Deprel::Case && trees.lemma(d) == "in") else { return false };
    (case.saturating_sub(2)..case).any(|t| ORDINALS.contains(&trees.lemma(t)) || trees.token(t).xpos == Xpos::Jjs)
}

/// Adds an event's facts.
pub(crate) fn facts(coder: &Coder<'_>, draft: &mut Draft) {
    let trees = coder.trees;
    let tokens = coder.parse.tokens_in(draft.event.span);
    let mut out: Vec<Fact> = Vec::new();
    let from = coder.times.partition_point(|t| t.span.end() <= draft.event.span.start());
    let inside = coder.times[from..].iter().take_while(|t| t.span.start() < draft.event.span.end());
    for time in inside.filter(|t| t.kind == TimeKind::Duration && draft.event.span.covers(t.span)) {
        let Some(head) = coder.parse.head_of(time.span).map(Id::index) else { continue };
        // "The meeting lasted an hour."
        let lasted = trees.head(draft.trigger).filter(|&up| {
            trees.deprel(draft.trigger) == Deprel::Nsubj && matches!(trees.lemma(up), "last" | "take" | "run" | "go" | "continue")
        });
        // "In a call that went on for an hour, they discussed".
        let call = trees.deps(draft.trigger).find(|&d| {
            draft.event.kind == EventType::Consult
                && trees.deprel(d).base() == Deprel::Obl
                && (trees.is(d, trees.known.talk) || matches!(trees.lemma(d), "call" | "phone-call" | "encounter"))
        });
        let hosts = [draft.trigger, draft.clause, lasted.unwrap_or(draft.trigger), call.unwrap_or(draft.trigger)];
        // "talked for an hour", "a 90-minute meeting", and "an hour of talks".
        // "Agreed on a 72-hour ceasefire", "imposed a 30-day state of emergency", "agreed to stop fighting for a week".
        let lasting = |n: usize| {
            trees.is(n, trees.known.truce) || matches!(trees.lemma(n), "emergency" | "curfew" | "strike" | "walkout" | "lockdown")
        };
        let matter = |up: usize| {
            let of = trees.head(up).filter(|&h| trees.deprel(up).base() == Deprel::Nmod && h != draft.trigger);
            let content = coder.complement(draft.trigger) == Some(up)
                && matches!(trees.lemma(up), "stop" | "cease" | "halt" | "suspend" | "observe");
            // "a 30-day state of emergency".
            let state = trees.lemma(up) == "state" && trees.prep(up, "of").is_some_and(lasting);
            let above = if lasting(up) || state { of.or(Some(up)) } else { None };
            content || above.is_some_and(|n| trees.head(n).is_some_and(|v| v == draft.trigger || v == draft.clause))
        };
        let kept = matches!(
            draft.event.kind,
            EventType::Agree | EventType::Concede | EventType::Retreat | EventType::Support | EventType::Coerce
        );
        let governed = trees
            .head(head)
            .is_some_and(|up| hosts.contains(&up) || kept && matter(up) && !trees.is(draft.trigger, trees.known.talk));
        let governs = trees.head(draft.trigger) == Some(head);
        // "the meeting lasted an hour", "talks that went on for an hour".
        let lasted = trees.head(head).is_some_and(|v| {
            let own = trees.subject(v) == Some(draft.trigger)
                || trees.deprel(v) == Deprel::AclRelcl
                    && (trees.head(v) == Some(draft.trigger) || call.is_some() && trees.head(v) == call)
                || lasts_of(coder, v, draft.trigger);
            own && matches!(trees.lemma(v), "last" | "take" | "run" | "stretch" | "go" | "continue" | "drag" | "hold")
        });
        if (governed || governs || lasted) && !time.value.contains('X') && !counts(coder, head) {
            let (value, span) = with_rest(coder, time);
            out.push(Fact { attribute: "duration", value: FactValue::Duration(value), span });
        }
    }
    launched(coder, draft, &mut out);
    outcome(coder, draft, &mut out);
    stage(coder, draft, &mut out);
    weapon(coder, draft, &mut out);
    let attribute = match (draft.event.kind, draft.event.modes.contains(&Mode::Arrest)) {
        (EventType::Assault, _) => match trees.lemma(draft.trigger) {
            "injure" | "wound" | "hurt" | "maim" => Some("injured"),
            "kill" | "massacre" | "slay" | "slain" | "murder" | "assassinate" | "execute" | "killing" | "behead"
            | "slaughter" | "lynch" | "hang" | "drown" | "strangle" => Some("killed"),
            "die" | "perish" | "claim" | "death" => Some("killed"),
            "shoot" | "stab" | "beat" | "leave"
                if coder
                    .parse
                    .tokens_in(draft.event.span)
                    .any(|t| trees.lemma(t) == "dead" && t > draft.trigger && t < draft.trigger + 9) =>
            {
                Some("killed")
            }
            _ => None,
        },
        (EventType::Coerce, true) => Some("arrested"),
        (EventType::Coerce, false)
            if matches!(trees.lemma(draft.trigger), "displace" | "uproot" | "evacuate" | "evict")
                || coder.rule(draft).is_some_and(|r| r.displaces) =>
        {
            Some("displaced")
        }
        (EventType::Protest, _) => Some("count"),
        _ => None,
    };
    if let Some(attribute) = attribute {
        let people = if draft.event.kind == EventType::Protest { &draft.actors } else { &draft.recipients };
        let single = |found: &Found| {
            let token = trees.token(found.token);
            let one = trees.deps(found.token).any(|d| trees.deprel(d) == Deprel::Det && matches!(trees.lemma(d), "a" | "an"));
            let person = || {
                coder.link.mention_at(token.span).is_some_and(|m| {
                    let mention = &coder.link.mentions[m.index()];
                    mention.kind == Kind::Per && mention.form == Form::Name
                })
            };
            matches!(token.xpos, Xpos::Nn | Xpos::Nnp) && (one && token.upos == Upos::Noun || person())
        };
        let counted = |found: &Found| {
            quantities(coder, draft.event.span).iter().find(|q| {
                q.unit.is_none()
                    && (found.participant.span.touches(q.span) || trees.token(found.token).span.touches(q.span))
                    && coder.parse.tokens_in(q.span).any(|t| {
                        t == found.token
                            || trees.head(t) == Some(found.token)
                            || trees.head(t).is_some_and(|h| trees.head(h) == Some(found.token))
                    })
            })
        };
        // "Between 40 and 60 people", "as many as 20": numbers that the tree hangs elsewhere, right before whom they count.
        let counted = |found: &Found| {
            counted(found).or_else(|| {
                let from = trees.token(found.token).span.start();
                quantities(coder, draft.event.span).iter().find(|q| {
                    let lemma = trees.lemma(found.token);
                    q.unit.is_none() && q.of.as_deref() == Some(lemma) && q.span.end() <= from && from - q.span.end() < 3
                })
            })
        };
        // "killed a commander and two of his guards": all of them together, where each is counted.
        let each: Vec<Option<f64>> = (people.iter())
            .map(|f| match counted(f) {
                Some(q) if q.low.is_none() && q.high.is_none() => Some(q.value),
                None if single(f) => Some(1.0),
                _ => None,
            })
            .collect();
        let harmed = matches!(attribute, "killed" | "injured" | "arrested");
        let span = people.iter().map(|f| f.participant.span).reduce(Span::join);
        if let (true, Some(span), Some(sum)) =
            (harmed && (each.len() > 1 || each == [Some(1.0)]), span, each.iter().copied().sum::<Option<f64>>())
        {
            out.push(Fact { attribute, value: FactValue::Count { low: sum, best: sum, high: sum }, span });
        }
        for found in people.iter().take(if out.iter().any(|f| f.attribute == attribute) { 0 } else { 1 }) {
            if let Some(q) = counted(found) {
                out.push(Fact { attribute, value: FactValue::count(q), span: q.span });
            } else if let Some(fact) = put_at(coder, draft, attribute, found.token) {
                out.push(fact);
            }
        }
    }
    if draft.event.modes.contains(&Mode::Arrest) && !out.iter().any(|f| f.attribute == "arrested") {
        arrests(coder, draft, &mut out);
    }
    if draft.event.kind == EventType::Protest && !out.iter().any(|f| f.attribute == "count") {
        crowd(coder, draft, &mut out);
    }
    if matches!(draft.event.kind, EventType::Assault | EventType::Coerce | EventType::Protest) {
        harm(coder, draft, attribute.is_some_and(|a| a != "count"), &mut out);
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
            let phone =
                matches!(trees.lemma(t), "phone" | "telephone" | "sideline" | "eve" | "call" | "margin" | "edge" | "fringe");
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

/// A length with its smaller part: "an hour and 50 minutes" as one.
fn with_rest(coder: &Coder<'_>, time: &Time) -> (String, Span) {
    let alone = (time.value.clone(), time.span);
    let at = coder.times.partition_point(|t| t.span.start() < time.span.end());
    let Some(rest) = coder.times.get(at).filter(|t| t.kind == TimeKind::Duration) else { return alone };
    let between = Span::new(time.span.end(), rest.span.start().max(time.span.end())).of(&coder.article.text);
    let hours = time.value.strip_prefix("PT").filter(|v| v.ends_with('H') && !v.contains('M'));
    match (hours, rest.value.strip_prefix("PT").filter(|v| v.ends_with('M'))) {
        (Some(hours), Some(minutes)) if between == " and " => (format!("PT{hours}{minutes}"), time.span.join(rest.span)),
        _ => alone,
    }
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

/// "Talks over dinner on Monday that lasted an hour": a relative clause at the end of a meeting's sentence speaks of the meeting,
/// whatever noun the tree hangs it on.
fn lasts_of(coder: &Coder<'_>, v: usize, trigger: usize) -> bool {
    let trees = coder.trees;
    let verb = trees.head(trigger);
    trees.deprel(v) == Deprel::AclRelcl
        && trees.head(v).is_some_and(|n| n > trigger && (trees.head(n) == verb || trees.head(n) == Some(trigger)))
}

/// Lemmas of people whose number is the harm done: the person, or the number itself.
const NOBODY: [&str; 3] = ["nobody", "none", "no-one"];

/// The harm that a sentence tells beside the act: "ten people died when rebels raided the mine", "leaving ten people dead", "three
/// lost their lives", "14 suffered injuries", "claimed seven lives", "nobody was hurt".
fn harm(coder: &Coder<'_>, draft: &Draft, counted: bool, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    let up = |t: usize| [Some(t), trees.head(t), trees.head(t).and_then(|h| trees.head(h))];
    let act = up(draft.trigger);
    let object = |v: usize| trees.dep(v, Deprel::Obj);
    let to_death = |v: usize| trees.prep(v, "to").is_some_and(|p| trees.lemma(p) == "death");
    for v in coder.parse.tokens_in(draft.event.span).filter(|&v| trees.is_verb(v)) {
        let own = v == draft.trigger;
        let thing = object(v).map_or("", |o| trees.lemma(o));
        let (attribute, who) = match (trees.lemma(v), thing) {
            ("die" | "perish", _) if !own => ("killed", trees.subject(v)),
            ("lose", "life") => ("killed", trees.subject(v)),
            // "lost 11 soldiers".
            ("lose", _) if object(v).is_some_and(|o| trees.human(o) && trees.dep(o, Deprel::Nummod).is_some()) => {
                ("killed", object(v))
            }
            ("claim" | "cost" | "take", "life") => ("killed", object(v)),
            ("suffer" | "sustain" | "receive", "injury" | "wound" | "burn") => ("injured", trees.subject(v)),
            ("need" | "require" | "receive" | "get", "treatment") => ("injured", trees.subject(v)),
            ("treat" | "hospitalize" | "hospitalise", _) if trees.passive(v) => ("injured", trees.patient(v)),
            ("hack" | "beat" | "burn" | "stab" | "shoot" | "club" | "stone" | "crush" | "trample", _) if to_death(v) => {
                ("killed", trees.patient(v))
            }
            // By the act itself, or by who did it: not what others did before or after.
            // An act of its own beside "killed three" is "injured five".
            ("kill" | "injure" | "wound" | "hurt", _) if !own && !counted => {
                let (subject, below) = (trees.subject(v), trees.head(v) == Some(draft.trigger));
                // "stormed the parliament and three people were killed": nobody else is said to have done it.
                // "Nobody was killed in the attack".
                let within = trees.head(draft.trigger) == Some(v) && trees.deprel(draft.trigger).base() == Deprel::Obl;
                let joined = trees.passive(v) && trees.agent(v).is_none() && (near_by(coder, v, draft.trigger) || within);
                let theirs = below && (subject.is_none() || subject == trees.subject(draft.trigger));
                if subject != Some(draft.trigger) && !theirs && !joined {
                    continue;
                }
                (if trees.lemma(v) == "kill" { "killed" } else { "injured" }, trees.patient(v))
            }
            ("leave", _) => {
                let Some(who) = object(v) else { continue };
                let state = |&t: &usize| {
                    t > who && matches!(trees.lemma(t), "dead" | "wounded" | "injured" | "wound" | "injure" | "injury" | "hurt")
                };
                let Some(state) = trees.deps(v).chain(trees.deps(who)).find(state) else { continue };
                (if trees.lemma(state) == "dead" { "killed" } else { "injured" }, Some(who))
            }
            _ => continue,
        };
        let near = up(v).iter().flatten().any(|t| act.contains(&Some(*t)));
        let alone = matches!(trees.lemma(v), "kill" | "injure" | "wound");
        if !near && !own || who.is_none() && !alone || out.iter().any(|f| f.attribute == attribute) {
            continue;
        }
        // "three of whom", "ten of them": the number counts for itself.
        let who = who.map(|w| trees.dep(w, Deprel::Nummod).filter(|_| trees.is_relative(w)).unwrap_or(w));
        let nobody = |w: usize| {
            NOBODY.contains(&trees.lemma(w))
                || trees.deps(w).any(|d| trees.lemma(d) == "no")
                || trees.deps(w).any(|d| trees.lemma(d) == "not") && trees.deps(w).any(|d| trees.lemma(d) == "one")
        };
        if let Some(w) = who.filter(|&w| nobody(w)) {
            let span = coder.who.phrase(w);
            out.push(Fact { attribute, value: FactValue::Count { low: 0.0, best: 0.0, high: 0.0 }, span });
            continue;
        }
        // "killed between 10 and 15 people": the tree may hang the people on the number.
        let counts = |q: &&Quantity| {
            let mut own = coder.parse.tokens_in(q.span);
            let right_after = own.clone().any(|t| t > v && t < v + 5) && q.of.is_some() && who.is_none_or(|w| w > v);
            q.unit.is_none() && (right_after || own.any(|t| Some(t) == who || who.is_some() && trees.head(t) == who))
        };
        if let Some(q) = quantities(coder, draft.event.span).iter().find(counts) {
            out.push(Fact { attribute, value: FactValue::count(q), span: q.span });
        }
    }
    // "The death toll of the bombing stands at 12": the one number of a sentence that speaks of a toll.
    let toll = coder.parse.tokens_in(draft.event.span).any(|t| trees.lemma(t) == "toll");
    counted_dead(coder, draft, out);
    let mut bare = quantities(coder, draft.event.span).iter().filter(|q| q.unit.is_none());
    if !toll || out.iter().any(|f| f.attribute == "killed") {
        return;
    }
    match (bare.next(), bare.next()) {
        (Some(q), None) => out.push(Fact { attribute: "killed", value: FactValue::count(q), span: q.span }),
        // "at 12": a number that counts nothing by itself.
        (None, _) => {
            let digits = |t: &usize| !trees.timed[*t] && trees.token(*t).upos == Upos::Num;
            let mut numbers = coder.parse.tokens_in(draft.event.span).filter(digits);
            let (Some(t), None) = (numbers.next(), numbers.next()) else { return };
            let span = trees.token(t).span;
            if let Ok(best) = span.of(&coder.article.text).replace(',', "").parse::<f64>() {
                out.push(Fact { attribute: "killed", value: FactValue::Count { low: best, best, high: best }, span });
            }
        }
        _ => (),
    }
}

/// "Left four dead and ten wounded": numbers right before what became of those they count.
fn counted_dead(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    let left = |t: usize| matches!(trees.lemma(t), "leave" | "dead");
    if draft.event.kind != EventType::Assault || !coder.parse.tokens_in(draft.event.span).any(left) {
        return;
    }
    for w in coder.parse.tokens_in(draft.event.span).skip(1).filter(|&w| trees.token(w - 1).upos == Upos::Num) {
        let attribute = match trees.lemma(w) {
            "dead" => "killed",
            "wounded" | "injured" | "wound" | "injure" | "hurt" if trees.token(w).xpos != Xpos::Nns => "injured",
            _ => continue,
        };
        let number = trees.token(w - 1).span;
        let own = |q: &&Quantity| q.unit.is_none() && q.span.touches(number);
        if trees.timed[w - 1] || out.iter().any(|f| f.attribute == attribute) {
            continue;
        }
        if let Some(q) = quantities(coder, draft.event.span).iter().find(own) {
            out.push(Fact { attribute, value: FactValue::count(q), span: q.span });
        } else if let Some(best) = number_of(number.of(&coder.article.text)) {
            out.push(Fact { attribute, value: FactValue::Count { low: best, best, high: best }, span: number });
        }
    }
}

/// The number that one word or figure says.
fn number_of(word: &str) -> Option<f64> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let spelled = WORDS.iter().position(|w| w.eq_ignore_ascii_case(word)).map(|n| n as f64);
    spelled.or_else(|| word.replace(',', "").parse().ok())
}

/// How many weapons were fired or shown: "fired three missiles".
fn launched(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    // Weapons fired; soldiers and tanks sent; prisoners set free or exchanged; diplomats expelled; lorries of aid.
    let kind = draft.event.kind;
    let freed = matches!(kind, EventType::Cooperate | EventType::Retreat | EventType::Sanction);
    let any = matches!(kind, EventType::Mobilize | EventType::Aid);
    if !freed && !any && kind != EventType::Assault || draft.noun {
        return;
    }
    // "45 vehicles crossed into X": what moves is counted.
    let moves = || trees.subject(draft.trigger).filter(|_| kind == EventType::Mobilize);
    // "killing four": people, though nobody says so.
    let number = |t: usize| trees.token(t).upos == Upos::Num && kind == EventType::Assault;
    let Some(thing) = trees.patient(draft.trigger).filter(|&t| (any || trees.human(t) == freed) && !number(t)).or_else(moves)
    else {
        return;
    };
    let counted = |q: &&tellings_doc::Quantity| {
        q.unit.is_none()
            && coder
                .parse
                .tokens_in(q.span)
                .any(|t| t == thing || trees.head(t) == Some(thing) && trees.deprel(t) == Deprel::Nummod)
    };
    if let Some(q) = quantities(coder, draft.event.span).iter().find(counted) {
        let value = FactValue::count(q);
        out.push(Fact { attribute: "count", value, span: q.span });
    }
}

/// "Police made 25 arrests": how many were arrested.
fn arrests(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    let plural = matches!(trees.token(draft.trigger).xpos, Xpos::Nns);
    if !draft.noun || !plural || !matches!(trees.lemma(draft.trigger), "arrest" | "detention") {
        return;
    }
    let own = |q: &&Quantity| {
        q.unit.is_none() && coder.parse.tokens_in(q.span).any(|t| trees.head(t) == Some(draft.trigger) && t < draft.trigger)
    };
    if let Some(q) = quantities(coder, draft.event.span).iter().find(own) {
        out.push(Fact { attribute: "arrested", value: FactValue::count(q), span: q.span });
    }
}

/// "Put the number of soldiers killed at 14", "the number of people arrested rose to 40".
fn put_at(coder: &Coder<'_>, draft: &Draft, attribute: &'static str, who: usize) -> Option<Fact> {
    let trees = coder.trees;
    let number = trees.head(who).filter(|&n| trees.deprel(who) == Deprel::Nmod && trees.lemma(n) == "number")?;
    let verb = trees.head(number).filter(|&v| {
        trees.is_verb(v)
            && matches!(trees.lemma(v), "put" | "estimate" | "give" | "place" | "rise" | "climb" | "grow" | "stand" | "reach")
    })?;
    let at = [verb, draft.trigger].into_iter().find_map(|v| {
        let said = |d: &usize| *d > number && trees.token(*d).upos == Upos::Num && !trees.timed[*d];
        let cased = |d: &usize| trees.case(*d).is_some_and(|c| matches!(trees.lemma(c), "at" | "to" | "as"));
        let reached = |d: &usize| trees.deprel(*d) == Deprel::Obj;
        trees.deps(v).find(|d| said(d) && (cased(d) || reached(d)))
    })?;
    let span = trees.token(at).span;
    let own = |q: &&Quantity| q.unit.is_none() && q.span.touches(span);
    if let Some(q) = quantities(coder, draft.event.span).iter().find(own) {
        return Some(Fact { attribute, value: FactValue::count(q), span: q.span });
    }
    let best = number_of(span.of(&coder.article.text))?;
    Some(Fact { attribute, value: FactValue::Count { low: best, best, high: best }, span })
}

/// How many took part where their number has a clause of its own: "rights groups put their number at 2,000", "the crowd was
/// estimated at 300".
fn crowd(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    let number = |t: usize| matches!(trees.lemma(t), "number" | "crowd" | "turnout" | "attendance" | "size" | "figure");
    let counts = |v: usize| {
        matches!(trees.lemma(v), "put" | "estimate" | "give" | "place" | "reckon") && trees.patient(v).is_some_and(number)
    };
    for v in coder.parse.tokens_in(draft.event.span).filter(|&v| trees.is_verb(v) && counts(v)) {
        let Some(at) = trees.prep(v, "at").or_else(|| trees.prep(v, "as")) else { continue };
        let named =
            |q: &&Quantity| q.unit.is_none() && coder.parse.tokens_in(q.span).any(|t| t == at || trees.head(t) == Some(at));
        if let Some(q) = quantities(coder, draft.event.span).iter().find(named) {
            out.push(Fact { attribute: "count", value: FactValue::count(q), span: q.span });
        } else if let Ok(best) = trees.token(at).span.of(&coder.article.text).replace(',', "").parse::<f64>() {
            out.push(Fact {
                attribute: "count",
                value: FactValue::Count { low: best, best, high: best },
                span: trees.token(at).span,
            });
        }
    }
}

/// Nouns and adjectives for what came of talks, or that nothing did.
const RESULTS: [&str; 35] = [
    "agreement",
    "deal",
    "accord",
    "pact",
    "breakthrough",
    "progress",
    "headway",
    "compromise",
    "result",
    "resolution",
    "solution",
    "consensus",
    "truce",
    "ceasefire",
    "settlement",
    "understanding",
    "success",
    "failure",
    "impasse",
    "deadlock",
    "stalemate",
    "empty-handed",
    "handed",
    "nothing",
    "nowhere",
    "fruitless",
    "inconclusive",
    "unsuccessful",
    "successful",
    "productive",
    "communique",
    "treaty",
    "roadmap",
    "outcome",
    "discord",
];

/// What came of a meeting: what those who met failed to do, agreed, or told others to do, in the same sentence; of an agreement,
/// that it was reached or not.
fn outcome(coder: &Coder<'_>, draft: &Draft, out: &mut Vec<Fact>) {
    let trees = coder.trees;
    if draft.event.kind != EventType::Consult {
        return;
    }
    let t = draft.trigger;
    let host = trees.light(t);
    let met = |s: usize| draft.actors.iter().any(|a| a.token == s || trees.first_conjunct(s) == trees.first_conjunct(a.token));
    // "Armenia and Azerbaijan wrapped up their talks": who ends them met.
    let unnamed = draft.actors.iter().all(|a| trees.token(a.token).upos == Upos::Pron);
    let ended = |v: usize| {
        let mut up = Some(t);
        let under = (0..6).any(|_| {
            up = up.and_then(|u| trees.head(u));
            up == Some(v)
        });
        unnamed && (host == Some(v) || under && trees.subject(v).is_some())
    };
    let result = |t: usize| RESULTS.contains(&trees.lemma(t));
    let round = |s: usize| s == t || trees.is(s, trees.known.transparent) && trees.prep(s, "of") == Some(t);
    // "No headway was made in the talks", "agreed at Tuesday's talks", "emerged from a meeting".
    let phrase = |v: usize| {
        let hangs = |n: usize| trees.head(n) == Some(v) && trees.deprel(n).base() == Deprel::Obl;
        let case = trees.case(t).or_else(|| trees.head(t).and_then(|h| trees.case(h))).map_or("", |c| trees.lemma(c));
        (hangs(t) || trees.head(t).is_some_and(|h| round(h) && hangs(h)))
            && matches!(case, "in" | "at" | "from" | "during" | "after" | "of" | "following" | "for")
    };
    for v in coder.parse.tokens_in(draft.event.span).filter(|&v| v != t && trees.is_verb(v)) {
        let lemma = trees.lemma(v);
        let told = matches!(
            lemma,
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
                | "adjourn"
                | "founder"
                | "stall"
                | "falter"
        );
        let broke = lemma == "break" && trees.deps(v).any(|d| d == v + 1 && matches!(trees.lemma(d), "up" | "down" | "off"));
        let reached = matches!(
            lemma,
            "make"
                | "reach"
                | "achieve"
                | "bring"
                | "yield"
                | "strike"
                | "clinch"
                | "secure"
                | "hammer"
                | "seal"
                | "find"
                | "see"
        ) && trees.patient(v).is_some_and(result);
        // "ended with a deal", "left with nothing", "emerged empty-handed".
        let with = |d: usize| {
            let case = || trees.case(d).is_some_and(|c| matches!(trees.lemma(c), "with" | "without"));
            result(d) && (case() || matches!(trees.deprel(d).base(), Deprel::Xcomp | Deprel::Advmod | Deprel::Amod))
        };
        let parted = (trees.is(v, trees.known.part)
            || matches!(lemma, "leave" | "break" | "return" | "prove" | "remain" | "go" | "come" | "get" | "meet" | "hold"))
            && trees.deps(v).any(with);
        // "Fell through", "hit a dead end", "got nowhere", "bore fruit", "ended in deadlock".
        let next = |words: &[&str]| trees.deps(v).any(|d| d > v && words.contains(&trees.lemma(d)));
        let failed = match lemma {
            "fall" => next(&["through", "apart", "flat"]),
            "hit" | "run" | "reach" => {
                next(&["end", "wall", "snag", "impasse", "deadlock", "stalemate", "buffer", "trouble", "ground"])
            }
            "get" | "go" => next(&["nowhere"]),
            "lead" if next(&["nowhere"]) => true,
            "bear" => next(&["fruit"]),
            "culminate" => next(&["in"]) || trees.prep(v, "in").is_some(),
            "end" | "finish" | "result" | "close" => trees.prep(v, "in").is_some_and(result),
            "lead" | "come" if trees.prep(v, "to").is_some_and(|p| result(p) || trees.lemma(p) == "naught") => true,
            _ => false,
        };
        let nothing = lemma == "come" && trees.subject(v).is_some_and(|s| matches!(trees.lemma(s), "nothing" | "little"));
        let subject = trees.subject(v);
        let theirs = subject.is_some_and(|s| met(s) || round(s)) || ended(v) || phrase(v);
        // What ends is the meeting, or their part in it.
        let conjoined = trees.deprel(v) == Deprel::Conj && trees.head(v).is_some_and(|h| ended(h) || phrase(h));
        let own = trees.deps(v).any(|d| matches!(trees.deprel(d), Deprel::Nsubj | Deprel::NsubjPass));
        // "failed to agree": the agreeing is part of it.
        let part = trees.deprel(v) == Deprel::Xcomp && trees.head(v).is_some_and(|h| h != t && trees.lemma(h) == "fail");
        let says = told || broke || reached || parted || nothing || failed;
        // Who ends talks says no more by that than that they ended.
        let bare = host == Some(v) && told && !failed && !trees.deps(v).any(with);
        if !says || bare || !(theirs || conjoined && !own) || part || trees.deprel(v) == Deprel::AclRelcl {
            continue;
        }
        // The predicate with what hangs on it to the right, up to the next clause of its own.
        let end =
            trees.deps(v).filter(|&d| d > v && !matches!(trees.deprel(d), Deprel::Conj | Deprel::Punct | Deprel::Parataxis));
        let span = end.fold(trees.token(v).span, |span, d| span.join(coder.parse.subtree(Id::new(d))));
        let next = trees.deps(v).find(|&d| d > v && trees.deprel(d) == Deprel::Conj).map(|d| trees.token(d).span.start());
        // "could not settle", "without agreeing": what turns it round belongs to it, and so does "no headway was made".
        let turned = trees.deps(v).filter(|&d| {
            let aux = matches!(trees.deprel(d), Deprel::Aux | Deprel::AuxPass);
            d < v && (aux || matches!(trees.lemma(d), "not" | "never" | "without"))
        });
        let start = turned.map(|d| trees.token(d).span.start()).min().unwrap_or(trees.token(v).span.start());
        let gained = subject.filter(|&s| s < v && (nothing || result(s))).map(|s| coder.parse.subtree(Id::new(s)).start());
        let span = Span::new(gained.unwrap_or(start), next.unwrap_or(usize::MAX).min(span.end()));
        let text = span.of(&coder.article.text).trim_end_matches(|c: char| !c.is_alphanumeric());
        let text = text.strip_suffix(" but").or_else(|| text.strip_suffix(" and")).unwrap_or(text).trim_end_matches([',', ' ']);
        let span = Span::new(span.start(), span.start() + text.len());
        out.push(Fact { attribute: "outcome", value: FactValue::Text(text.to_string()), span });
    }
    // "The meeting was a success", "the talks were fruitless".
    let is = trees.head(t).filter(|&p| trees.subject(p) == Some(t) && trees.dep(p, Deprel::Cop).is_some() && result(p));
    if let Some(p) = is {
        let cop = trees.dep(p, Deprel::Cop).map_or(trees.token(p).span, |c| trees.token(c).span);
        let span = Span::new(cop.start(), trees.token(p).span.end());
        out.push(Fact { attribute: "outcome", value: FactValue::Text(span.of(&coder.article.text).to_string()), span });
    }
}

/// Is a verb coordinated with another, or told at its side?
fn near_by(coder: &Coder<'_>, v: usize, trigger: usize) -> bool {
    let trees = coder.trees;
    let beside = |v: usize, t: usize| {
        trees.head(v) == Some(t) && matches!(trees.deprel(v), Deprel::Conj | Deprel::Parataxis | Deprel::Advcl | Deprel::AclRelcl)
    };
    beside(v, trigger)
        || beside(trigger, v)
        || trees.deprel(v) == Deprel::AclRelcl
            && trees.head(v).and_then(|n| trees.head(n)).is_some_and(|n| n == trigger || trees.head(n) == Some(trigger))
}

/// The quantities of a sentence.
fn quantities<'a>(coder: &Coder<'a>, span: Span) -> &'a [Quantity] {
    let from = coder.link.quantities.partition_point(|q| q.span.end() <= span.start());
    let to = coder.link.quantities.partition_point(|q| q.span.start() < span.end());
    coder.link.quantities.get(from..to).unwrap_or(&[])
}
