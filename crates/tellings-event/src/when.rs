//! When and where: time expressions and places that belong to a trigger's clause.

use crate::tree::{Tok, Trees};
use tellings_doc::{Bound, Deprel, EventTime, Id, Precision, Span, Time, TimeBasis, TimeKind};

/// How exactly a TIMEX3 value tells a date; `None` for values that tell none.
pub(crate) fn precision(value: &str) -> Option<Precision> {
    let bytes = value.as_bytes();
    if bytes.len() < 4 || !(bytes[0].is_ascii_digit() || bytes[0] == b'X') || value.starts_with("XXXX-XX-XX") && bytes.len() > 10
    {
        return None;
    }
    Some(match bytes.len() {
        4 => Precision::Year,
        _ if bytes.get(5) == Some(&b'W') && bytes.len() <= 8 => Precision::Week,
        7 => Precision::Month,
        _ if value.contains('T') => Precision::Hour,
        _ => Precision::Day,
    })
}

/// The date part of a TIMEX3 value (`2016-09-05TEV` is the 5th).
fn date_value(value: &str) -> &str {
    match value.split_once('T') {
        Some((date, clock)) if !clock.starts_with(|c: char| c.is_ascii_digit()) => date,
        _ => value,
    }
}

/// Can this expression date an event?
pub(crate) fn dates(time: &Time) -> bool {
    // "until Friday", "by Friday": when it must be done, or ends.
    let end = matches!(time.bound, Some(Bound::To | Bound::By));
    matches!(time.kind, TimeKind::Date | TimeKind::Time) && precision(&time.value).is_some() && !end
}

/// Is this a day or hour, be it one by which something ends?
pub(crate) fn dates_or_ends(time: &Time) -> bool {
    matches!(time.kind, TimeKind::Date | TimeKind::Time) && precision(&time.value).is_some()
}

/// The event time that an expression gives.
pub(crate) fn event_time(times: &[Time], i: usize, basis: TimeBasis) -> Option<EventTime> {
    let time = &times[i];
    let value = date_value(&time.value);
    Some(EventTime { value: value.to_string(), range: time.range, precision: precision(value)?, basis, time: Some(Id::new(i)) })
}

/// The word an expression hangs on, and whether it stands as a free adverbial of the clause.
pub(crate) fn governor(trees: &Trees<'_>, head: Tok, own: Span) -> Option<Tok> {
    let mut at = head;
    for _ in 0..8 {
        let up = trees.head(at)?;
        if !trees.token(up).span.touches(own) && (trees.is_verb(up) || trees.is_nominal(up)) {
            return Some(up);
        }
        at = up;
    }
    None
}

/// Steps from a trigger up to a word whose date is also the trigger's; `None` where its date says nothing of the trigger.
/// `fired` = is the word a trigger of its own?
pub(crate) fn inherits(trees: &Trees<'_>, trigger: Tok, from: Tok, verbal: bool, fired: &dyn Fn(Tok) -> bool) -> Option<usize> {
    let mut at = trigger;
    let mut clause = false;
    for step in 0..8 {
        if at == from {
            return Some(step);
        }
        let up = trees.head(at)?;
        let passes = match trees.deprel(at) {
            Deprel::Conj => true,
            Deprel::Xcomp => true,
            Deprel::Advcl => trees.dep(at, Deprel::Mark).is_none_or(|m| {
                !matches!(trees.lemma(m), "if" | "because" | "since" | "although" | "though" | "before" | "until" | "unless")
            }),
            Deprel::Ccomp => trees.is(up, trees.known.say) && (verbal || present(trees, at)) || trees.is(up, trees.known.happen),
            Deprel::Obj | Deprel::Nsubj | Deprel::NsubjPass => {
                (trees.is_verb(up) || trees.is_nominal(up))
                    && (!fired(up) || trees.is(up, trees.known.light))
                    && !trees.is(up, trees.known.say)
                    && !trees.is(up, trees.known.blame)
                    && !matches!(
                        trees.lemma(up),
                        "follow" | "deny" | "recall" | "remember" | "justify" | "describe" | "cite" | "investigate"
                    )
            }
            Deprel::Obl if clause => trees.is_verb(up),
            Deprel::Obl => {
                trees.is_verb(up)
                    && (trees.is(up, trees.known.join)
                        || trees.is(up, trees.known.light)
                        || trees
                            .case(at)
                            .is_some_and(|c| matches!(trees.lemma(c), "in" | "during" | "by" | "with" | "at" | "for")))
                    && !fired(up)
                    || trees.is_verb(up)
                        && trees.case(at).is_some_and(|c| matches!(trees.lemma(c), "in" | "during" | "with" | "at"))
            }
            Deprel::Nmod => trees.is(up, trees.known.transparent),
            // "the attack that left six dead"
            Deprel::AclRelcl => {
                matches!(
                    trees.lemma(up),
                    "attack"
                        | "strike"
                        | "airstrike"
                        | "bombing"
                        | "blast"
                        | "explosion"
                        | "shooting"
                        | "raid"
                        | "shelling"
                        | "clash"
                ) && trees.dep(at, Deprel::Nsubj).is_some_and(|s| matches!(trees.lemma(s), "that" | "which"))
            }
            // "after rebels ousted X", where the tree hangs the clause on its subject
            Deprel::Acl
                if trees.is_verb(at) && trees.case(up).is_some_and(|c| matches!(trees.lemma(c), "after" | "when" | "as")) =>
            {
                true
            }
            Deprel::Parataxis | Deprel::Acl => trees.is_verb(up) || at > up && trees.is_verb(at) && trees.light(up) == Some(at),
            _ => false,
        };
        if !passes {
            return None;
        }
        clause = trees.deprel(at) == Deprel::Acl && trees.is_nominal(up) && trees.case(up).is_some();
        at = up;
    }
    None
}

fn present(trees: &Trees<'_>, v: Tok) -> bool {
    let tense = |t: Tok| trees.token(t).feats.get("Tense");
    let aux = trees.deps(v).find(|&d| matches!(trees.deprel(d), Deprel::Aux | Deprel::AuxPass | Deprel::Cop));
    tense(aux.unwrap_or(v)) != Some("Past")
}

/// The statement in which something is told, where `verb` says when it was made: "in a letter sent on Monday, X demanded".
pub(crate) fn statement(trees: &Trees<'_>, verb: Tok) -> Option<Tok> {
    let noun = trees.head(verb).filter(|_| trees.deprel(verb) == Deprel::Acl)?;
    let made = matches!(
        trees.lemma(noun),
        "statement"
            | "release"
            | "letter"
            | "message"
            | "speech"
            | "address"
            | "interview"
            | "announcement"
            | "article"
            | "tweet"
            | "post"
            | "report"
            | "communiqué"
            | "note"
            | "order"
            | "decree"
            | "briefing"
            | "broadcast"
    ) && trees.case(noun).is_some_and(|c| matches!(trees.lemma(c), "in" | "with"));
    trees.head(noun).filter(|_| made)
}

/// The happening that a relative clause tells the time of, however far the tree hangs it down: "the attacks on the embassy in
/// X that took place this week".
pub(crate) fn happening(trees: &Trees<'_>, verb: Tok, trigger: Tok) -> bool {
    if !matches!(trees.deprel(verb), Deprel::AclRelcl | Deprel::Acl) || !trees.is(verb, trees.known.happen) {
        return false;
    }
    let mut at = trees.head(verb);
    for _ in 0..4 {
        match at {
            Some(t) if t == trigger => return true,
            Some(t) if trees.deprel(t) == Deprel::Nmod => at = trees.head(t),
            _ => return false,
        }
    }
    false
}
