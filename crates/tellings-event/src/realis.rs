//! Did it happen? From auxiliaries, negation and the words that govern a trigger.

use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, Realis, Xpos};

/// What the words around a trigger say; `head` is its light verb or the trigger itself.
pub(crate) fn realis(trees: &Trees<'_>, trigger: Tok, head: Tok) -> Realis {
    let mut negated = negation(trees, trigger) || head != trigger && negation(trees, head);
    let mut found = Realis::Actual;
    let mut at = head;
    for step in 0..6 {
        let raise = |found: &mut Realis, to: Realis| {
            if *found == Realis::Actual {
                *found = to;
            }
        };
        for d in trees.deps(at) {
            match trees.deprel(d) {
                Deprel::Aux => match trees.lemma(d) {
                    "will" | "shall" | "wo" | "'ll" => raise(&mut found, Realis::Future),
                    // "could not agree": it did not.
                    "could" | "can" | "ca" if negated => {}
                    "would" | "could" | "may" | "might" | "can" | "should" | "must" | "ought" | "ca" => {
                        raise(&mut found, Realis::Hypothetical);
                    }
                    _ => {}
                },
                Deprel::Mark if matches!(trees.lemma(d), "if" | "unless" | "whether" | "lest") => {
                    raise(&mut found, Realis::Hypothetical)
                }
                Deprel::Advmod if matches!(trees.lemma(d), "possibly" | "perhaps" | "maybe" | "potentially") && d < at => {
                    raise(&mut found, Realis::Hypothetical);
                }
                _ => {}
            }
        }
        let Some(up) = trees.head(at) else { break };
        let infinitive = trees.deps(at).any(|d| trees.deprel(d) == Deprel::Mark && trees.token(d).xpos == Xpos::To);
        let verb = trees.is_verb(at);
        match trees.deprel(at) {
            Deprel::Xcomp | Deprel::Ccomp | Deprel::Csubj | Deprel::Advcl | Deprel::Acl
                if verb && (infinitive || trees.deprel(at) == Deprel::Xcomp) =>
            {
                if trees.is(up, trees.known.fail) {
                    negated = !negated;
                } else if matches!(trees.lemma(up), "want" | "like" | "wish")
                    && trees.subject(up).is_some_and(|s| matches!(trees.lemma(s), "I" | "we"))
                {
                    // "I want to thank": it is done by saying it.
                } else if trees.is(up, trees.known.intend) && had(trees, up) {
                    // "had hoped to announce": it was to come, and the telling does not say that it came.
                    raise(&mut found, Realis::Hypothetical);
                } else if trees.is(up, trees.known.intend) {
                    raise(&mut found, Realis::Future);
                } else if trees.deprel(at) == Deprel::Xcomp && (!infinitive || trees.is(up, trees.known.happen)) {
                    // "began firing", "continued to meet": as the governing verb.
                } else if infinitive {
                    raise(&mut found, Realis::Hypothetical);
                }
                if trees.is(up, trees.known.possible) {
                    raise(&mut found, Realis::Hypothetical);
                }
                if trees.is_verb(up) || trees.dep(up, Deprel::Cop).is_some() {
                    negated |= negation(trees, up);
                }
                at = up;
            }
            Deprel::Ccomp => {
                if trees.is(up, trees.known.deny) {
                    negated = true;
                }
                if trees.is(up, trees.known.possible) {
                    raise(&mut found, Realis::Hypothetical);
                }
                break;
            }
            Deprel::Conj if verb && trees.is_verb(up) => {
                // A later verb shares the auxiliary of the first unless it has one, or a subject, of its own.
                let own = trees.deps(at).any(|d| matches!(trees.deprel(d), Deprel::Aux | Deprel::Nsubj | Deprel::NsubjPass));
                let bare = trees.token(at).xpos == Xpos::Vb;
                if own || !bare && trees.token(up).xpos == Xpos::Vb {
                    break;
                }
                at = up;
            }
            Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Compound if !verb => {
                if trees.is(up, trees.known.deny) && trees.deprel(at) == Deprel::Obj {
                    negated = true;
                } else if trees.is(up, trees.known.notion) && trees.deprel(at) != Deprel::Compound
                    || trees.is(up, trees.known.possible)
                {
                    raise(&mut found, Realis::Hypothetical);
                } else if trees.is(up, trees.known.intend)
                    && (trees.deprel(at) != Deprel::Nsubj
                        || matches!(trees.lemma(up), "set" | "schedule" | "due" | "plan" | "expect" | "slate"))
                {
                    raise(&mut found, Realis::Future);
                } else if trees.is(up, trees.known.happen) || trees.is(up, trees.known.transparent) {
                    at = up;
                    if trees.is_verb(up) {
                        negated |= negation(trees, up);
                    }
                    continue;
                }
                break;
            }
            _ => break,
        }
        if step == 5 {
            break;
        }
    }
    if negated { Realis::Negated } else { found }
}

/// Is a word itself denied: "not", "never", "no"?
pub(crate) fn negation(trees: &Trees<'_>, t: Tok) -> bool {
    trees.deps(t).any(|d| match trees.deprel(d) {
        Deprel::Advmod => {
            matches!(trees.lemma(d), "not" | "never" | "n't" | "hardly" | "neither" | "nowhere")
                // "not only"
                && !trees.deps(d).any(|x| trees.lemma(x) == "only")
                && trees.parse.tokens.get(d + 1).is_none_or(|_| trees.lemma(d + 1) != "only")
        }
        Deprel::Det | Deprel::CcPreconj => matches!(trees.lemma(d), "no" | "neither"),
        Deprel::Nsubj | Deprel::NsubjPass => {
            matches!(trees.lemma(d), "nobody" | "none" | "nothing" | "no-one")
                || trees.deps(d).any(|x| trees.deprel(x) == Deprel::Det && trees.lemma(x) == "no")
        }
        Deprel::Obj => trees.deps(d).any(|x| trees.deprel(x) == Deprel::Det && trees.lemma(x) == "no"),
        _ => false,
    })
}

/// Is a verb in the past perfect?
fn had(trees: &Trees<'_>, v: Tok) -> bool {
    trees.deps(v).any(|d| trees.deprel(d) == Deprel::Aux && trees.lemma(d) == "have" && trees.token(d).xpos == Xpos::Vbd)
}
