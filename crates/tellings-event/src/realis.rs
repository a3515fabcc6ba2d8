//! Did it happen? From auxiliaries, negation and the words that govern a trigger.

use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, Id, Realis, Xpos};

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
                    // "Theresa May met": no verb follows a modal in its past form.
                    "may" if trees.token(at).xpos == Xpos::Vbd => {}
                    "would" | "could" | "may" | "might" | "can" | "should" | "must" | "ought" | "ca" => {
                        raise(&mut found, Realis::Hypothetical);
                    }
                    _ => {}
                },
                Deprel::Mark if conditional(trees, d) => raise(&mut found, Realis::Hypothetical),
                Deprel::Advmod
                    if matches!(trees.lemma(d), "possibly" | "perhaps" | "maybe" | "potentially" | "almost" | "nearly")
                        && d < at =>
                {
                    raise(&mut found, Realis::Hypothetical);
                }
                _ => {}
            }
        }
        if step == 0 && !trees.is_verb(at) {
            for d in trees.deps(trigger).filter(|&d| trees.deprel(d) == Deprel::Amod) {
                match trees.lemma(d) {
                    "imminent" | "upcoming" | "forthcoming" | "looming" | "impending" => raise(&mut found, Realis::Future),
                    "possible" | "potential" | "hypothetical" | "feared" => raise(&mut found, Realis::Hypothetical),
                    _ => {}
                }
            }
        }
        if imperative(trees, at) || asked(trees, at) {
            raise(&mut found, Realis::Hypothetical);
        }
        let Some(mut up) = trees.head(at) else { break };
        let infinitive = trees.deps(at).any(|d| trees.deprel(d) == Deprel::Mark && trees.token(d).xpos == Xpos::To);
        let verb = trees.is_verb(at);
        let mut relation = trees.deprel(at);
        // "forced the rebels to leave", where the tree hangs "leave" on "rebels".
        if infinitive
            && relation == Deprel::Acl
            && matches!(trees.deprel(up), Deprel::Obj | Deprel::Iobj)
            && let Some(governor) = trees.head(up).filter(|&g| trees.is(g, trees.known.implicative))
        {
            (up, relation) = (governor, Deprel::Xcomp);
        }
        match relation {
            Deprel::Xcomp | Deprel::Ccomp | Deprel::Csubj | Deprel::Advcl | Deprel::Acl
                if verb && (infinitive || relation == Deprel::Xcomp) =>
            {
                let able = trees.lemma(up) == "able" && trees.deps(up).any(|d| trees.token(d).xpos == Xpos::Vbd);
                if trees.is(up, trees.known.fail) {
                    negated = !negated;
                } else if trees.is(up, trees.known.deny) && trees.is_verb(up) {
                    // "denied bombing the town".
                    negated = true;
                } else if infinitive && trees.lemma(up) == "have" && relation == Deprel::Xcomp {
                    // "has to leave" is open; "had to leave" is done.
                    if trees.token(up).xpos != Xpos::Vbd {
                        raise(&mut found, Realis::Hypothetical);
                    }
                } else if infinitive && relation != Deprel::Acl && (trees.is(up, trees.known.implicative) || able) {
                    // "managed to", "forced them to", "was able to": as the governing verb.
                } else if infinitive
                    && matches!(
                        trees.lemma(up),
                        "glad" | "happy" | "proud" | "pleased" | "honoured" | "honored" | "delighted" | "sorry"
                    )
                {
                    // "I am glad to endorse him": it is done.
                } else if matches!(trees.lemma(up), "want" | "like" | "wish")
                    && trees.subject(up).is_some_and(|s| matches!(trees.lemma(s), "I" | "we"))
                {
                    // "I want to thank": it is done by saying it.
                } else if trees.is(up, trees.known.intend) && had(trees, up) {
                    // "had hoped to announce": it was to come, and the telling does not say that it came.
                    raise(&mut found, Realis::Hypothetical);
                } else if trees.is(up, trees.known.intend) {
                    raise(&mut found, Realis::Future);
                } else if infinitive
                    && matches!(trees.lemma(at), "protest" | "demonstrate" | "rally")
                    && matches!(
                        trees.lemma(up),
                        "pour" | "take" | "gather" | "march" | "assemble" | "walk" | "turn" | "rally" | "flood" | "come"
                    )
                {
                    // "took to the streets to protest": they did.
                } else if relation == Deprel::Xcomp && (!infinitive || trees.is(up, trees.known.happen)) {
                    // "began firing", "continued to meet": as the governing verb.
                } else if infinitive {
                    raise(&mut found, Realis::Hypothetical);
                }
                if trees.is(up, trees.known.possible) && !able {
                    raise(&mut found, Realis::Hypothetical);
                }
                if trees.is_verb(up) || trees.dep(up, Deprel::Cop).is_some() {
                    negated |= negation(trees, up);
                }
                at = up;
            }
            // "prevented them from leaving", "the risk of losing", "without firing".
            Deprel::Advcl | Deprel::Acl if verb && trees.token(at).xpos == Xpos::Vbg && trees.dep(at, Deprel::Mark).is_some() => {
                let mark = trees.dep(at, Deprel::Mark).map_or("", |m| trees.lemma(m));
                if matches!(mark, "without" | "instead" | "rather") {
                    negated = !negated;
                    break;
                } else if mark == "from" && (trees.is(up, trees.known.fail) || trees.is(up, trees.known.possible)) {
                    negated = !negated;
                } else if trees.is(up, trees.known.intend) {
                    raise(&mut found, Realis::Future);
                } else if trees.is(up, trees.known.possible) || trees.is(up, trees.known.notion) || aim(trees, up) {
                    raise(&mut found, Realis::Hypothetical);
                } else {
                    break;
                }
                at = up;
            }
            // "would open the road, ending the siege": as the main clause.
            Deprel::Advcl if verb && trees.token(at).xpos == Xpos::Vbg && trees.dep(at, Deprel::Mark).is_none() => at = up,
            // "will leave when they arrive": to come, as the main clause.
            Deprel::Advcl if verb && present(trees, at) && temporal(trees, at) => at = up,
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
                if trees.is(up, trees.known.deny) && relation == Deprel::Obj {
                    negated = true;
                } else if trees.is(up, trees.known.notion) && !matches!(relation, Deprel::Compound | Deprel::Nsubj)
                    || trees.is(up, trees.known.possible) && !(relation == Deprel::Nsubj && trees.is_verb(up))
                {
                    raise(&mut found, Realis::Hypothetical);
                } else if trees.is(up, trees.known.intend)
                    && (!matches!(relation, Deprel::Nsubj | Deprel::NsubjPass)
                        || matches!(trees.lemma(up), "set" | "schedule" | "due" | "plan" | "expect" | "slate"))
                {
                    raise(&mut found, Realis::Future);
                } else if trees.is(up, trees.known.happen) || trees.is(up, trees.known.transparent) {
                    // "Nothing came of the talks": they were held.
                    let of = relation == Deprel::Obl && trees.case(at).is_some_and(|c| trees.lemma(c) == "of");
                    at = up;
                    if trees.is_verb(up) && !of {
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
                || trees.deps(d).any(|x| {
                    matches!(trees.deprel(x), Deprel::Det | Deprel::CcPreconj) && matches!(trees.lemma(x), "no" | "neither")
                })
        }
        Deprel::Obj => {
            matches!(trees.lemma(d), "nothing" | "nobody" | "none")
                || trees.deps(d).any(|x| trees.deprel(x) == Deprel::Det && trees.lemma(x) == "no")
        }
        // "had not, as of Friday, announced": hung on the auxiliary.
        Deprel::Aux => {
            trees.deps(d).any(|x| trees.deprel(x) == Deprel::Advmod && matches!(trees.lemma(x), "not" | "never" | "n't"))
        }
        _ => false,
    })
}

/// Does a word that opens a clause make it a condition: "if", "unless", "in case"?
fn conditional(trees: &Trees<'_>, mark: Tok) -> bool {
    match trees.lemma(mark) {
        "if" | "unless" | "whether" | "lest" | "provided" | "providing" | "assuming" | "supposing" => true,
        "in" => trees.deps(mark).any(|d| trees.lemma(d) == "case"),
        _ => false,
    }
}

/// Is a verb an order or a wish: bare, without a subject, and at the head of what is said?
fn imperative(trees: &Trees<'_>, v: Tok) -> bool {
    let bare = trees.token(v).xpos == Xpos::Vb && trees.is_verb(v);
    bare && matches!(trees.deprel(v), Deprel::Root | Deprel::Parataxis | Deprel::Ccomp)
        && !trees.deps(v).any(|d| match trees.deprel(d) {
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Csubj | Deprel::Expl | Deprel::Mark => true,
            Deprel::Aux | Deprel::AuxPass => trees.lemma(d) != "do",
            _ => false,
        })
}

/// Is a verb what a question leaves open: "Did they attack?", but not "Why did they attack?"
fn asked(trees: &Trees<'_>, v: Tok) -> bool {
    if trees.deprel(v) != Deprel::Root {
        return false;
    }
    let Some(sentence) = trees.parse.sentence_of(Id::new(v)) else { return false };
    let ends = sentence.tokens.clone().rev().take(2).any(|t| trees.lemma(t).contains('?'));
    let subject = trees.deps(v).find(|&d| trees.deprel(d).base() == Deprel::Nsubj);
    let first = trees.deps(v).find(|&d| matches!(trees.deprel(d).base(), Deprel::Aux | Deprel::Cop));
    let open = |t: Tok| matches!(trees.token(t).xpos, Xpos::Wp | Xpos::Wrb | Xpos::Wdt);
    ends && matches!((first, subject), (Some(aux), Some(subject)) if aux < subject && !(sentence.tokens.start..aux).any(open))
}

/// Is a verb in the present tense?
fn present(trees: &Trees<'_>, v: Tok) -> bool {
    let first = trees.deps(v).find(|&d| trees.deprel(d).base() == Deprel::Aux).unwrap_or(v);
    matches!(trees.token(first).xpos, Xpos::Vbz | Xpos::Vbp)
}

/// Is a noun what somebody is after, or near to: "a way of", "on the brink of"?
fn aim(trees: &Trees<'_>, t: Tok) -> bool {
    const AIMS: [&str; 12] =
        ["aim", "brink", "goal", "interest", "intention", "means", "objective", "point", "purpose", "role", "verge", "way"];
    AIMS.contains(&trees.lemma(t))
}

/// Does a clause tell when: "once", "until", "as soon as"?
fn temporal(trees: &Trees<'_>, v: Tok) -> bool {
    trees.deps(v).any(|d| {
        matches!(trees.deprel(d), Deprel::Mark | Deprel::Advmod)
            && d < v
            && matches!(trees.lemma(d), "when" | "once" | "until" | "till" | "before" | "after" | "whenever" | "soon")
    })
}

/// Is a verb in the past perfect?
fn had(trees: &Trees<'_>, v: Tok) -> bool {
    trees.deps(v).any(|d| trees.deprel(d) == Deprel::Aux && trees.lemma(d) == "have" && trees.token(d).xpos == Xpos::Vbd)
}
