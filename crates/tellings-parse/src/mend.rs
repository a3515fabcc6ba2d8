//! What the treebanks hold too few of, put right in the trees.

use crate::net::Read;
use crate::tagger::Tag;
use tellings_doc::{Deprel, Upos, Xpos};

const NAMES: [&str; 19] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "Monday", "Aug.".
fn is_name(word: &str) -> bool {
    let short = word.strip_suffix('.').unwrap_or(word);
    NAMES.contains(&word) || short.len() < word.len() && short.len() >= 3 && NAMES.iter().any(|n| n.starts_with(short))
}

/// Puts right the tree of a sentence, whose words `word` gives; heads are positions in it.
pub(crate) fn mend<'a>(tree: &mut [Read], word: impl Fn(usize) -> &'a str) {
    mines(tree, &word);
    days(tree, &word);
    adjectives(tree);
    pairs(tree);
    more(tree, &word);
    // These look at a sentence as a whole: not at one of no end.
    if tree.len() > crate::net::LONGEST {
        return;
    }
    on_days(tree, &word);
    days_on(tree, &word);
    verbs(tree);
    told_last(tree);
    told_of(tree, &word);
    fighting(tree, &word);
    between_two(tree, &word);
    lost_verbs(tree, &word);
    first_of_two(tree);
    before_subject(tree);
    two_subjects(tree);
    within_subject(tree, &word);
    compounds(tree);
    past_forms(tree, &word);
    hyphened(tree);
    lists(tree, &word);
    as_many(tree, &word);
    second_verbs(tree);
    gerunds(tree);
    home(tree, &word);
    objects(tree, &word);
    voices(tree, &word);
    conjunctions(tree);
}

/// "A mine", "land mines": no pronoun stands after an article or before an ending.
fn mines<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 1..tree.len() {
        let before = matches!(tree[at - 1].tag.upos, Upos::Det | Upos::Adj | Upos::Num);
        if tree[at].tag.upos == Upos::Pron && before && word(at) == "mine" {
            tree[at].tag = Tag { upos: Upos::Noun, xpos: Xpos::Nn };
        }
    }
}

/// A verb that may stand for itself.
fn is_finite(tag: Tag) -> bool {
    tag.upos == Upos::Verb && matches!(tag.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbn)
}

fn child(tree: &[Read], of: usize, wanted: impl Fn(Deprel) -> bool) -> Option<usize> {
    (0..tree.len()).find(|&d| tree[d].head == Some(of) && wanted(tree[d].deprel))
}

/// Does `at` stand below `top`?
fn below(tree: &[Read], at: usize, top: usize) -> bool {
    let mut up = Some(at);
    for _ in 0..tree.len() {
        match up {
            Some(t) if t == top => return true,
            Some(t) => up = tree[t].head,
            None => return false,
        }
    }
    false
}

/// Hangs a word where it belongs, unless that would make a circle.
fn hang(tree: &mut [Read], at: usize, head: usize, deprel: Deprel) {
    if at != head && !below(tree, head, at) {
        (tree[at].head, tree[at].deprel) = (Some(head), deprel);
    }
}

/// "On Sunday by a rocket", "on Tuesday between Lenn and Orve": a day has no rocket and no sides; what follows it hangs where
/// it hangs.
fn on_days<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    const CASES: [&str; 19] = [
        "between", "by", "in", "at", "near", "from", "with", "over", "for", "against", "after", "during", "to", "into", "off",
        "outside", "on", "about", "before",
    ];
    for at in 1..tree.len() {
        let Some(day) = tree[at].head.filter(|&d| d < at && tree[at].deprel.base() == Deprel::Nmod) else { continue };
        let Some(above) = tree[day].head.filter(|_| tree[day].tag.upos == Upos::Propn) else { continue };
        // "Talks in Lenn between Orve and Tarn": nor has a town two sides.
        let sides = child(tree, at, |d| d == Deprel::Case).is_some_and(|c| c > day && word(c) == "between");
        let of_sides = sides && child(tree, day, |d| d == Deprel::Case).is_some();
        if !is_name(word(day)) && !of_sides {
            continue;
        }
        let cased = child(tree, at, |d| d == Deprel::Case).is_some_and(|c| c > day && CASES.contains(&word(c)));
        // "Monday in the first week", "Friday at noon", "from Monday to Friday": a part of the date.
        let dated = matches!(tree[at].tag.upos, Upos::Num) || is_name(word(at)) || TIMES.contains(&word(at));
        if cased && !dated && tree[day].deprel.base() != Deprel::NmodPoss {
            let verb = matches!(tree[above].tag.upos, Upos::Verb | Upos::Aux);
            hang(tree, at, above, if verb { Deprel::Obl } else { Deprel::Nmod });
        }
    }
}

/// "The ambassador of Ostria on Wednesday": no name has a day; it hangs on the verb.
fn days_on<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for day in 1..tree.len() {
        let Read { tag, head: Some(name), deprel: Deprel::Nmod } = tree[day] else { continue };
        let on = child(tree, day, |d| d == Deprel::Case).is_some_and(|c| c > name && word(c) == "on");
        if tag.upos != Upos::Propn || !is_name(word(day)) || !on || name > day || tree[name].tag.upos != Upos::Propn {
            continue;
        }
        let mut up = tree[name].head;
        for _ in 0..6 {
            match up {
                Some(v) if tree[v].tag.upos == Upos::Verb => {
                    hang(tree, day, v, Deprel::Obl);
                    break;
                }
                Some(n) => up = tree[n].head,
                None => break,
            }
        }
    }
}

/// The predicate that a noun is taken for: the noun at the top of the phrase that holds `from`, where no verb is.
fn noun_for_verb(tree: &[Read], from: usize) -> Option<usize> {
    let mut at = from;
    for _ in 0..6 {
        let tags = matches!(tree[at].tag.upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num);
        let clause = matches!(
            tree[at].deprel,
            Deprel::Root | Deprel::Ccomp | Deprel::Parataxis | Deprel::Advcl | Deprel::Conj | Deprel::AclRelcl
        );
        if tags && clause && tree[at].deprel != Deprel::AclRelcl {
            let own = |d: &Read| d.head == Some(at) && matches!(d.deprel, Deprel::Cop | Deprel::Nsubj | Deprel::NsubjPass);
            // A second noun after "and" is none, where the first one is no predicate either.
            let list = tree[at].deprel == Deprel::Conj && tree[at].head.is_some_and(|h| tree[h].tag.upos != Upos::Verb);
            return (!list && !tree.iter().any(own)).then_some(at);
        }
        at = tree[at].head?;
    }
    None
}

/// "A bomb in Lenn wounded 20 people", "a bomb outside a hotel left 11 dead": no adjective stands before a number, and no participle
/// is in the past tense; it is the verb that its clause lacks.
fn verbs(tree: &mut [Read]) {
    for v in 1..tree.len() {
        let Read { tag, head: Some(thing), deprel } = tree[v] else { continue };
        if !is_finite(tag) {
            continue;
        }
        match deprel {
            Deprel::Amod => {
                let counted = (v + 1..thing).any(|t| {
                    tree[t].head == Some(thing) && matches!(tree[t].deprel, Deprel::Nummod | Deprel::Det | Deprel::NmodPoss)
                });
                let cased = child(tree, thing, |d| d == Deprel::Case).is_some_and(|c| c + 1 == v);
                if thing < v || !counted || cased {
                    continue;
                }
                let Some(noun) = tree[thing].head.filter(|&h| h < v).and_then(|h| noun_for_verb(tree, h)) else { continue };
                predicate(tree, v, noun);
                hang(tree, thing, v, Deprel::Obj);
                // "On Sunday lightly wounded": what stands before the verb is none of the object's.
                for early in 0..v {
                    if tree[early].head != Some(thing) {
                        continue;
                    }
                    let next = (early + 1..v).find(|&t| matches!(tree[t].tag.upos, Upos::Noun | Upos::Propn));
                    match (tree[early].deprel, next) {
                        (Deprel::Case, Some(next)) => hang(tree, early, next, Deprel::Case),
                        _ => hang(tree, early, v, tree[early].deprel),
                    }
                }
                // "20 people on Tuesday": when, not which people.
                for late in thing + 1..tree.len() {
                    if tree[late].head == Some(thing) && tree[late].deprel.base() == Deprel::Nmod {
                        hang(tree, late, v, Deprel::Obl);
                    }
                }
            }
            // "Talks between A and B went on": no clause is added to a noun without an "and" of its own.
            Deprel::Conj if thing < v && tag.xpos == Xpos::Vbd && tree[thing].tag.upos == Upos::Noun => {
                let own = |d: Deprel| matches!(d, Deprel::Cc | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Mark | Deprel::Aux);
                let comma = (thing + 1..v).any(|t| tree[t].deprel == Deprel::Punct && tree[t].head == Some(v));
                if child(tree, v, own).is_none()
                    && !comma
                    && let Some(noun) = noun_for_verb(tree, thing).filter(|&n| n == thing)
                {
                    predicate(tree, v, noun);
                }
            }
            Deprel::Acl | Deprel::Advcl if thing < v && tag.xpos == Xpos::Vbd => {
                let marked = |d: Deprel| matches!(d, Deprel::Mark | Deprel::Nsubj | Deprel::NsubjPass | Deprel::Aux);
                let when = (thing + 1..v).any(|t| tree[t].head == Some(v) && tree[t].deprel == Deprel::Advmod);
                if deprel == Deprel::Advcl && (child(tree, v, marked).is_some() || when) {
                    continue;
                }
                let noun = noun_for_verb(tree, thing);
                if let (Some(noun), Some(_)) = (noun, child(tree, v, |d| matches!(d, Deprel::Obj | Deprel::Obl))) {
                    predicate(tree, v, noun);
                }
            }
            _ => (),
        }
    }
}

/// Makes `v` the verb of the clause for which `noun` was taken, and the noun its subject.
fn predicate(tree: &mut [Read], v: usize, noun: usize) {
    (tree[v].head, tree[v].deprel) = (tree[noun].head, tree[noun].deprel);
    (tree[noun].head, tree[noun].deprel) = (Some(v), Deprel::Nsubj);
    for (at, other) in tree.iter_mut().enumerate() {
        let clausal = matches!(
            other.deprel,
            Deprel::Punct | Deprel::Mark | Deprel::Advmod | Deprel::Parataxis | Deprel::Advcl | Deprel::Cc
        );
        if at != v && other.head == Some(noun) && clausal && (at > v || other.deprel == Deprel::Mark) {
            other.head = Some(v);
        }
    }
}

/// "Nine lorries crossed into Lenn, a monitor said": of two subjects of the verb of saying the first acts in what is said.
fn told_last(tree: &mut [Read]) {
    for said in 2..tree.len() {
        if tree[said].tag.upos != Upos::Verb {
            continue;
        }
        let subjects: Vec<usize> = (0..said).filter(|&d| tree[d].head == Some(said) && tree[d].deprel == Deprel::Nsubj).collect();
        let [first, second] = subjects[..] else { continue };
        let comma = (first + 1..second).any(|t| tree[t].deprel == Deprel::Punct && !below(tree, t, second));
        // "crossed" said of the lorries, or "fired" before what was fired.
        let Some(v) = (0..second).find(|&v| {
            let after = v > first && tree[v].deprel == Deprel::Acl;
            let counted = v < first
                && tree[v].deprel == Deprel::Amod
                && (v + 1..first).any(|t| tree[t].head == Some(first) && matches!(tree[t].deprel, Deprel::Nummod | Deprel::Det));
            tree[v].head == Some(first) && is_finite(tree[v].tag) && (after || counted)
        }) else {
            continue;
        };
        if !comma {
            continue;
        }
        (tree[v].head, tree[v].deprel) = (Some(said), Deprel::Ccomp);
        (tree[first].head, tree[first].deprel) = (Some(v), if v < first { Deprel::Obj } else { Deprel::Nsubj });
        if v < first {
            // Who fired stands before it, whatever the tree made of it.
            let who = (0..v).find(|&d| {
                matches!(tree[d].tag.upos, Upos::Propn | Upos::Noun)
                    && tree[d].head.is_some_and(|h| h == v || h == first)
                    && child(tree, d, |r| r == Deprel::Case).is_none()
            });
            if let Some(who) = who {
                (tree[who].head, tree[who].deprel) = (Some(v), Deprel::Nsubj);
            }
            for late in &mut tree[first + 1..second] {
                if late.head == Some(first) && late.deprel.base() == Deprel::Nmod {
                    (late.head, late.deprel) = (Some(v), Deprel::Obl);
                }
            }
        }
    }
}

/// "Aides said Reed and Bell held talks": who stands between a verb of saying that has a subject and the next verb, which has none, acts
/// in what is said.
fn told_of<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    const SAID: [&str; 24] = [
        "said",
        "say",
        "says",
        "reported",
        "report",
        "reports",
        "claimed",
        "claim",
        "claims",
        "stated",
        "states",
        "believe",
        "believes",
        "believed",
        "announced",
        "announces",
        "confirmed",
        "confirms",
        "added",
        "warned",
        "insisted",
        "insists",
        "alleged",
        "thinks",
    ];
    for v in 3..tree.len() {
        let Read { tag, head: Some(said), deprel } = tree[v] else { continue };
        let clause = matches!(deprel, Deprel::Ccomp | Deprel::Conj | Deprel::Parataxis | Deprel::Advcl);
        if !clause || said > v || !is_finite(tag) || !SAID.contains(&word(said)) || tree[said].tag.upos != Upos::Verb {
            continue;
        }
        let own = |d: Deprel| {
            matches!(d.base(), Deprel::Nsubj | Deprel::Csubj) || matches!(d, Deprel::Cc | Deprel::Mark) || d == Deprel::NsubjPass
        };
        let speaks = |d: usize| tree[d].head == Some(said) && matches!(tree[d].deprel, Deprel::Nsubj);
        if child(tree, v, own).is_some() || !(0..said).any(speaks) {
            continue;
        }
        let who = (said + 1..v).find(|&d| {
            tree[d].head == Some(said)
                && matches!(tree[d].tag.upos, Upos::Noun | Upos::Propn)
                && matches!(tree[d].deprel, Deprel::Nsubj | Deprel::Obj | Deprel::NsubjPass | Deprel::Iobj)
        });
        let Some(who) = who else { continue };
        // Nothing between the two verbs but who acts, and what belongs to the second.
        if !(said + 1..v).all(|t| below(tree, t, who) || below(tree, t, v)) {
            continue;
        }
        let passive = child(tree, v, |d| d == Deprel::AuxPass).is_some();
        (tree[who].head, tree[who].deprel) = (Some(v), if passive { Deprel::NsubjPass } else { Deprel::Nsubj });
        tree[v].deprel = Deprel::Ccomp;
    }
}

/// "Talks between Sudan's army and the rebels ended", "as a truce between the army and the rebels began": what is between two
/// has both, and the verb after them is its own.
fn between_two<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for v in 5..tree.len() {
        let Read { tag, head: Some(_), deprel: Deprel::Conj } = tree[v] else { continue };
        let Some(second) = child(tree, v, |d| matches!(d, Deprel::Nsubj | Deprel::NsubjPass)).filter(|&s| s < v) else {
            continue;
        };
        if tag.upos != Upos::Verb {
            continue;
        }
        let and = (0..second).rev().take(8).find(|&c| word(c) == "and" && tree[c].head.is_some_and(|h| h == second || h == v));
        let Some(and) = and.filter(|&c| c > 2) else { continue };
        // The first of the two, whose phrase ends at the "and".
        let first = (0..and).rev().take(8).find(|&f| {
            tree[f].deprel.base() == Deprel::Nmod
                && child(tree, f, |d| d == Deprel::Case).is_some_and(|c| c < f && word(c) == "between")
                && (f + 1..and).all(|t| below(tree, t, f))
        });
        let Some(first) = first else { continue };
        let Some(noun) = tree[first].head.filter(|&n| n < first && tree[n].tag.upos == Upos::Noun) else { continue };
        // Between the "and" and the verb only the second, and what belongs to either.
        let plain = (and + 1..v).all(|t| below(tree, t, second) || tree[t].head == Some(v));
        if !plain || tree[noun].head == Some(v) || below(tree, noun, v) || child(tree, first, |d| d == Deprel::Conj).is_some() {
            continue;
        }
        let role = tree[second].deprel;
        let (above, relation) = (tree[noun].head, tree[noun].deprel);
        let predicate = matches!(relation, Deprel::Root | Deprel::Ccomp | Deprel::Parataxis | Deprel::Advcl);
        let cased = child(tree, noun, |d| d == Deprel::Case).filter(|&c| c < noun && word(c).eq_ignore_ascii_case("as"));
        if !(predicate || cased.is_some() && relation.base() == Deprel::Obl) {
            continue;
        }
        (tree[v].head, tree[v].deprel) = (above, if predicate { relation } else { Deprel::Advcl });
        (tree[noun].head, tree[noun].deprel) = (Some(v), role);
        (tree[second].head, tree[second].deprel) = (Some(first), Deprel::Conj);
        (tree[and].head, tree[and].deprel) = (Some(second), Deprel::Cc);
        if let Some(mark) = cased {
            (tree[mark].head, tree[mark].deprel) = (Some(v), Deprel::Mark);
        }
        for late in &mut tree[v + 1..] {
            if late.head == Some(noun) {
                late.head = Some(v);
            }
        }
    }
}

/// "The army advanced on Lenn": what ends in -ed, has a subject and no "be" is no adjective.
fn past_forms<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 1..tree.len() {
        let clause = matches!(tree[at].deprel, Deprel::Root | Deprel::Ccomp | Deprel::Parataxis | Deprel::Conj);
        if tree[at].tag.upos != Upos::Adj || !clause || !word(at).ends_with("ed") {
            continue;
        }
        let subject = child(tree, at, |d| d == Deprel::Nsubj).is_some_and(|s| s < at);
        let aided = child(tree, at, |d| matches!(d, Deprel::Cop | Deprel::Aux | Deprel::AuxPass)).is_some();
        if subject && !aided {
            tree[at].tag = Tag { upos: Upos::Verb, xpos: Xpos::Vbd };
        }
    }
}

/// "Sent rescue teams": of two objects side by side the first, a bare noun, only tells which.
fn compounds(tree: &mut [Read]) {
    for at in 1..tree.len() {
        let (first, second) = (tree[at - 1], tree[at]);
        let nouns = first.tag.xpos == Xpos::Nn && second.tag.upos == Upos::Noun;
        let both = first.deprel == Deprel::Obj && second.deprel == Deprel::Obj && first.head == second.head;
        if nouns && both && !tree.iter().any(|t| t.head == Some(at - 1)) {
            (tree[at - 1].head, tree[at - 1].deprel) = (Some(at), Deprel::Compound);
        }
    }
}

/// "North Korea test-fired two missiles": what stands before the hyphen is a part of the verb, and the name before it acts.
fn hyphened(tree: &mut [Read]) {
    for v in 3..tree.len() {
        let part = v - 2;
        let hyphen = tree[v - 1].tag.xpos == Xpos::Hyph;
        let verb = tree[v].tag.upos == Upos::Verb && matches!(tree[v].tag.xpos, Xpos::Vbd | Xpos::Vbn);
        let noun = tree[part].tag.upos == Upos::Noun && tree[part].head == Some(v);
        if !hyphen || !verb || !noun || child(tree, v, |d| matches!(d.base(), Deprel::Nsubj | Deprel::Aux)).is_some() {
            continue;
        }
        let who = part - 1;
        let named = matches!(tree[who].tag.upos, Upos::Propn) || tree[who].tag.xpos == Xpos::Nns;
        if named && tree[who].head == Some(part) && child(tree, v, |d| d == Deprel::Obj).is_some() {
            (tree[who].head, tree[who].deprel) = (Some(v), Deprel::Nsubj);
            tree[part].deprel = Deprel::Compound;
            tree[v].tag.xpos = Xpos::Vbd;
            for early in &mut tree[..who] {
                if early.head == Some(part) {
                    early.head = Some(who);
                }
            }
        }
    }
}

/// "Truck drivers in Lenn staged a strike": a place with a preposition of its own acts no second time; it is where the drivers are.
fn within_subject<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 2..tree.len() {
        let Read { head: Some(v), deprel: Deprel::Nsubj, .. } = tree[at] else { continue };
        let cased = child(tree, at, |d| d == Deprel::Case)
            .filter(|&c| c > 0 && c < at && matches!(word(c), "in" | "of" | "from" | "at" | "near" | "for"));
        let Some(case) = cased.filter(|_| v > at) else { continue };
        let first = case - 1;
        if tree[first].head == Some(v)
            && tree[first].deprel == Deprel::Nsubj
            && matches!(tree[first].tag.upos, Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num)
        {
            (tree[at].head, tree[at].deprel) = (Some(first), Deprel::Nmod);
        }
    }
}

/// "Fighting flared up", "two days of fighting between clans": a noun, and nobody's doing.
fn fighting<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    const NOUNS: [&str; 8] = ["fighting", "shelling", "bombing", "shooting", "rioting", "looting", "bloodletting", "infighting"];
    for at in 0..tree.len() {
        let Read { tag, head: Some(above), deprel } = tree[at] else { continue };
        let noun = tag.xpos == Xpos::Vbg && NOUNS.iter().any(|n| n.eq_ignore_ascii_case(word(at)));
        let own = |d: Deprel| matches!(d.base(), Deprel::Obj | Deprel::Nsubj | Deprel::Aux | Deprel::Xcomp | Deprel::Ccomp);
        if !noun || child(tree, at, own).is_some() {
            continue;
        }
        let of = child(tree, at, |d| d == Deprel::Mark)
            .filter(|&m| m < at && matches!(word(m), "of" | "from" | "by" | "after" | "during"));
        let subject = |d: Deprel| matches!(d.base(), Deprel::Nsubj | Deprel::Csubj);
        match (deprel, of) {
            (Deprel::Acl, Some(of)) if above < at && tree[above].tag.upos == Upos::Noun => {
                tree[at].deprel = Deprel::Nmod;
                tree[of].deprel = Deprel::Case;
            }
            (Deprel::Advcl | Deprel::Csubj, None)
                if above > at
                    && tree[above].tag.upos == Upos::Verb
                    && child(tree, above, |d| subject(d) && d != Deprel::Csubj).is_none()
                    && (at + 1..above).all(|t| tree[t].deprel != Deprel::Punct) =>
            {
                tree[at].deprel = Deprel::Nsubj;
            }
            _ => continue,
        }
        tree[at].tag = Tag { upos: Upos::Noun, xpos: Xpos::Nn };
        for part in tree.iter_mut() {
            if part.head == Some(at) && part.deprel.base() == Deprel::Obl {
                part.deprel = Deprel::Nmod;
            }
        }
    }
}

/// "Morocco severed diplomatic ties", "M23 fighters seized control": a sentence without a verb, and a word for what is done in the past
/// between who does it and what.
fn lost_verbs<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    const DONE: [&str; 41] = [
        "severed",
        "condemned",
        "welcomed",
        "rejected",
        "criticised",
        "criticized",
        "denied",
        "praised",
        "hailed",
        "backed",
        "expelled",
        "recalled",
        "suspended",
        "signed",
        "ratified",
        "launched",
        "fired",
        "shelled",
        "bombed",
        "attacked",
        "killed",
        "seized",
        "captured",
        "released",
        "freed",
        "arrested",
        "detained",
        "blocked",
        "closed",
        "deployed",
        "cut",
        "broke",
        "resumed",
        "declared",
        "threatened",
        "demanded",
        "accused",
        "stormed",
        "ambushed",
        "imposed",
        "froze",
    ];
    const WENT: [&str; 16] = [
        "rallied",
        "marched",
        "protested",
        "gathered",
        "demonstrated",
        "unravelled",
        "unraveled",
        "collapsed",
        "retreated",
        "fled",
        "advanced",
        "resigned",
        "clashed",
        "assembled",
        "converged",
        "surrendered",
    ];
    let verbal =
        |t: &Read| t.tag.upos == Upos::Aux || t.tag.upos == Upos::Verb && matches!(t.tag.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp);
    let Some(root) = (0..tree.len()).find(|&t| tree[t].head.is_none()) else { return };
    if tree.len() > 60 || tree.iter().any(verbal) || !matches!(tree[root].tag.upos, Upos::Noun | Upos::Propn) {
        return;
    }
    // "Tens of thousands rallied in Lenn", "the truce in Lenn unravelled on Monday".
    let went = |t: usize| tree[t].deprel == Deprel::Acl && t > root && WENT.contains(&word(t)) && below(tree, t, root);
    if let Some(v) = (root + 1..tree.len().min(root + 10)).find(|&t| went(t)) {
        let by = child(tree, v, |d| d == Deprel::OblAgent).is_some();
        if !by && child(tree, v, |d| d.base() == Deprel::Obj).is_none() {
            tree[v] = Read { tag: Tag { upos: Upos::Verb, xpos: Xpos::Vbd }, head: None, deprel: Deprel::Root };
            (tree[root].head, tree[root].deprel) = (Some(v), Deprel::Nsubj);
            for late in &mut tree[v + 1..] {
                if late.head == Some(root) {
                    late.head = Some(v);
                }
            }
        }
        return;
    }
    let done = |t: usize| tree[t].deprel == Deprel::Amod && DONE.contains(&word(t));
    let Some(v) = (1..tree.len().min(8)).find(|&t| done(t)) else { return };
    let Some(thing) = tree[v].head.filter(|&t| t > v) else { return };
    // Who: nouns from the start of the sentence up to the verb, the last of them their head.
    let who = v - 1;
    let nominal = matches!(tree[who].tag.upos, Upos::Noun | Upos::Propn);
    let plain = (0..v).all(|t| matches!(tree[t].tag.upos, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det | Upos::Num));
    let named = (0..v).any(|t| tree[t].tag.upos == Upos::Propn || matches!(tree[t].tag.xpos, Xpos::Nns));
    if !nominal || !plain || !named || thing != root && tree[thing].head != Some(root) {
        return;
    }
    for early in &mut tree[..who] {
        let deprel = match early.tag.upos {
            Upos::Det => Deprel::Det,
            Upos::Num => Deprel::Nummod,
            Upos::Adj => Deprel::Amod,
            _ => Deprel::Compound,
        };
        (early.head, early.deprel) = (Some(who), deprel);
    }
    tree[v] = Read { tag: Tag { upos: Upos::Verb, xpos: Xpos::Vbd }, head: None, deprel: Deprel::Root };
    (tree[who].head, tree[who].deprel) = (Some(v), Deprel::Nsubj);
    (tree[thing].head, tree[thing].deprel) = (Some(v), Deprel::Obj);
    for (at, late) in tree.iter_mut().enumerate().skip(v + 1) {
        let end = late.head == Some(root) && late.deprel == Deprel::Punct;
        if at != thing && (late.head == Some(who) || end) {
            late.head = Some(v);
        }
    }
}

/// "Congo and the rebels opened talks": a name is no clause to which "and the rebels opened" could be added.
fn first_of_two(tree: &mut [Read]) {
    for v in 2..tree.len() {
        let Read { tag, head: Some(first), deprel: Deprel::Conj } = tree[v] else { continue };
        let named = matches!(tree[first].tag.upos, Upos::Propn | Upos::Noun)
            && matches!(tree[first].deprel, Deprel::Root | Deprel::Ccomp | Deprel::Parataxis | Deprel::Advcl);
        if first > v
            || tag.upos != Upos::Verb
            || !named
            || child(tree, first, |d| matches!(d, Deprel::Cop | Deprel::Nsubj)).is_some()
        {
            continue;
        }
        let Some(second) = child(tree, v, |d| matches!(d, Deprel::Nsubj | Deprel::NsubjPass)).filter(|&s| s < v) else {
            continue;
        };
        let Some(and) = child(tree, v, |d| d == Deprel::Cc).filter(|&c| first < c && c < second) else { continue };
        // Nothing but the two names before the verb.
        if !(first + 1..v)
            .all(|t| t == and || below(tree, t, second) || tree[t].head == Some(v) || below(tree, t, first) && t < and)
            || (first..and).any(|t| tree[t].deprel == Deprel::Punct)
        {
            continue;
        }
        let role = tree[second].deprel;
        (tree[v].head, tree[v].deprel) = (tree[first].head, tree[first].deprel);
        (tree[first].head, tree[first].deprel) = (Some(v), role);
        (tree[second].head, tree[second].deprel) = (Some(first), Deprel::Conj);
        (tree[and].head, tree[and].deprel) = (Some(second), Deprel::Cc);
        for late in &mut tree[v + 1..] {
            if late.head == Some(first) {
                late.head = Some(v);
            }
        }
    }
}

/// "In a call that went on for an hour, Ana Bell and Tom Reed discussed": who stands between the comma and a verb without a
/// subject acts.
fn before_subject(tree: &mut [Read]) {
    for who in 2..tree.len() {
        let Read { tag, head: Some(noun), deprel: Deprel::Appos } = tree[who] else { continue };
        if tag.upos != Upos::Propn || noun > who {
            continue;
        }
        let first = (0..=who).find(|&t| below(tree, t, who)).unwrap_or(who);
        let last = (who..tree.len()).rev().find(|&t| below(tree, t, who)).unwrap_or(who);
        let Some(v) = (last + 1..tree.len().min(last + 3)).find(|&v| tree[v].tag.upos == Upos::Verb) else { continue };
        let subject = |d: Deprel| matches!(d.base(), Deprel::Nsubj | Deprel::Csubj | Deprel::Expl);
        let comma = tree[first].deprel == Deprel::Punct || first > 0 && tree[first - 1].deprel == Deprel::Punct;
        let between = (last + 1..v).all(|t| tree[t].head == Some(v) && matches!(tree[t].deprel, Deprel::Aux | Deprel::Advmod));
        if comma && between && is_finite(tree[v].tag) && child(tree, v, subject).is_none() && below(tree, who, v) {
            let passive = child(tree, v, |d| d == Deprel::AuxPass).is_some();
            (tree[who].head, tree[who].deprel) = (Some(v), if passive { Deprel::NsubjPass } else { Deprel::Nsubj });
            if tree[first].deprel == Deprel::Punct {
                tree[first].head = Some(v);
            }
        }
    }
}

/// "The government and the rebels had struck a deal": the second of two subjects with an "and" is one with the first.
fn two_subjects(tree: &mut [Read]) {
    for second in 1..tree.len() {
        let Read { head: Some(v), deprel, .. } = tree[second] else { continue };
        if !matches!(deprel, Deprel::Nsubj | Deprel::NsubjPass) || second > v {
            continue;
        }
        let first = (0..second).rev().find(|&f| tree[f].head == Some(v) && tree[f].deprel == deprel);
        let and = child(tree, second, |d| d == Deprel::Cc);
        if let (Some(first), Some(and)) = (first, and)
            && first < and
            && and < second
            && (first + 1..and).all(|t| below(tree, t, first))
        {
            (tree[second].head, tree[second].deprel) = (Some(first), Deprel::Conj);
        }
    }
    listed_after(tree);
}

/// "Delegates from Congo and the rebels opened talks", "talks between Congo and the rebels began": a second subject right after "and" is
/// one more of those whom the word before "and" names.
fn listed_after(tree: &mut [Read]) {
    for and in 2..tree.len().saturating_sub(1) {
        let Read { tag, head: Some(v), .. } = tree[and] else { continue };
        if tag.upos != Upos::Cconj {
            continue;
        }
        let second = (and + 1..tree.len().min(and + 6)).find(|&s| {
            let under = tree[s].head.is_some_and(|h| tree[h].tag.upos == Upos::Verb && (h == v || v == s));
            under && matches!(tree[s].deprel, Deprel::Nsubj | Deprel::NsubjPass)
        });
        let Some(second) = second else { continue };
        let Some(verb) = tree[second].head.filter(|&h| h > second) else { continue };
        let first = (0..and).find(|&f| tree[f].head == Some(verb) && matches!(tree[f].deprel, Deprel::Nsubj | Deprel::NsubjPass));
        let last = and - 1;
        let cased = tree[last].deprel.base() == Deprel::Nmod && child(tree, last, |d| d == Deprel::Case).is_some();
        let plain = (and + 1..second).all(|t| below(tree, t, second));
        if let Some(first) = first
            && cased
            && plain
            && below(tree, last, first)
            && matches!(tree[last].tag.upos, Upos::Noun | Upos::Propn)
        {
            (tree[second].head, tree[second].deprel) = (Some(last), Deprel::Conj);
            (tree[and].head, tree[and].deprel) = (Some(second), Deprel::Cc);
        }
    }
}

/// "Between Azerbaijan and Armenia in Sochi": a third with a preposition of its own is none of the two.
fn lists<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 2..tree.len() {
        let Read { tag, head: Some(first), deprel: Deprel::Conj } = tree[at] else { continue };
        if first > at || !matches!(tag.upos, Upos::Noun | Upos::Propn) || child(tree, at, |d| d == Deprel::Cc).is_some() {
            continue;
        }
        let case = |t: usize| child(tree, t, |d| d == Deprel::Case).map(word);
        let (Some(own), Some(other), Some(top)) = (case(at), case(first), tree[first].head) else { continue };
        if own != other && matches!(own, "in" | "at" | "near" | "on") {
            let verb = tree[top].tag.upos == Upos::Verb;
            hang(tree, at, top, if verb { Deprel::Obl } else { Deprel::Nmod });
        }
    }
}

/// "As many as 15 policemen were killed": a number, not many who were killed.
fn as_many<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for many in 1..tree.len().saturating_sub(2) {
        let words = word(many - 1).eq_ignore_ascii_case("as") && matches!(word(many), "many" | "few") && word(many + 1) == "as";
        let number = many + 2;
        if words && tree[number].tag.upos == Upos::Num {
            for part in many - 1..=many + 1 {
                hang(tree, part, number, Deprel::Advmod);
            }
            hang(tree, many - 1, many, Deprel::Advmod);
            hang(tree, many + 1, many, Deprel::Fixed);
        }
    }
}

/// "Hit a factory on Tuesday and wounded two workers": a second verb is none to a day or a thing, and its object is no third.
fn second_verbs(tree: &mut [Read]) {
    for v in 2..tree.len() {
        let Read { tag, head: Some(noun), deprel: Deprel::Conj } = tree[v] else { continue };
        let named = matches!(tree[noun].tag.upos, Upos::Propn | Upos::Noun) && noun < v;
        let past = tag.upos == Upos::Verb && matches!(tag.xpos, Xpos::Vbd | Xpos::Vbn);
        let own = |d: Deprel| matches!(d.base(), Deprel::Nsubj | Deprel::Csubj | Deprel::Aux | Deprel::Obj);
        if !named || !past || child(tree, v, |d| d == Deprel::Cc).is_none() || child(tree, v, own).is_some() {
            continue;
        }
        let mut up = tree[noun].head;
        while let Some(u) = up.filter(|&u| tree[u].tag.upos != Upos::Verb) {
            up = tree[u].head;
        }
        let Some(first) = up.filter(|&u| u < v && tree[u].tag.xpos == Xpos::Vbd) else { continue };
        let object = (v + 1..tree.len().min(v + 8)).find(|&o| {
            let other = tree[o].deprel == Deprel::Conj && tree[o].head == Some(noun) && tree[o].tag.upos == Upos::Noun;
            other && (v + 1..o).all(|t| tree[t].head == Some(o) && tree[t].deprel != Deprel::Punct)
        });
        let Some(object) = object else { continue };
        (tree[v].head, tree[v].tag.xpos) = (Some(first), Xpos::Vbd);
        (tree[object].head, tree[object].deprel) = (Some(v), Deprel::Obj);
    }
}

/// "A deal on water sharing in Lenn on Monday": a noun in -ing with a noun before it is no clause, and has no place and no day.
fn gerunds(tree: &mut [Read]) {
    for at in 2..tree.len() {
        let Read { tag, head: Some(v), deprel: Deprel::Advcl } = tree[at] else { continue };
        let noun = tree[at - 1].head == Some(at) && tree[at - 1].deprel == Deprel::Compound;
        let cased = child(tree, at, |d| d == Deprel::Case).is_some_and(|c| c < at);
        if tag.xpos != Xpos::Vbg || !noun || !cased || v > at || child(tree, at, |d| d == Deprel::Obj).is_some() {
            continue;
        }
        let object = child(tree, v, |d| d == Deprel::Obj).filter(|&o| o > v && o < at);
        tree[at].tag = Tag { upos: Upos::Noun, xpos: Xpos::Nn };
        (tree[at].head, tree[at].deprel) = match object {
            Some(object) => (Some(object), Deprel::Nmod),
            None => (Some(v), Deprel::Obl),
        };
        for late in &mut tree[at + 1..] {
            if late.head == Some(at) && late.deprel.base() == Deprel::Obl {
                late.head = Some(v);
            }
        }
    }
}

/// "Sent the French ambassador home": home is where, not whom.
fn home<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 1..tree.len() {
        let Read { tag, head: Some(v), deprel } = tree[at] else { continue };
        let before = tree[at - 1];
        let whom = before.head == Some(at) && before.deprel == Deprel::Compound && before.tag.upos == Upos::Noun;
        if word(at) != "home" || tag.upos != Upos::Noun || deprel.base() != Deprel::Obj || !whom || v > at {
            continue;
        }
        for early in &mut tree[..at - 1] {
            if early.head == Some(at) {
                early.head = Some(at - 1);
            }
        }
        (tree[at - 1].head, tree[at - 1].deprel) = (Some(v), Deprel::Obj);
        tree[at] = Read { tag: Tag { upos: Upos::Adv, xpos: Xpos::Rb }, head: Some(v), deprel: Deprel::Advmod };
    }
}

/// "Burned down a clinic", "set a clinic in Lenn on fire".
fn objects<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 1..tree.len() {
        let Some(v) = tree[at].head.filter(|&v| v < at && tree[v].tag.upos == Upos::Verb) else {
            let fire = word(at) == "fire" && word(at - 1) == "on" && tree[at].deprel.base() == Deprel::Nmod;
            let set = || (0..at).rev().take(12).find(|&v| word(v).eq_ignore_ascii_case("set") && tree[v].tag.upos == Upos::Verb);
            if let Some(v) = Some(()).filter(|()| fire).and_then(|()| set()) {
                let late: Vec<usize> = (at + 1..tree.len()).filter(|&t| tree[t].head == Some(at)).collect();
                hang(tree, at, v, Deprel::Obl);
                late.into_iter().for_each(|t| hang(tree, t, v, Deprel::Obl));
            }
            continue;
        };
        let bare = tree[at].deprel == Deprel::Obl && tree[at].tag.upos == Upos::Noun && !TIMES.contains(&word(at));
        let particle = (v + 1..at).any(|t| tree[t].head == Some(v) && tree[t].deprel == Deprel::CompoundPrt);
        let cased = child(tree, at, |d| matches!(d, Deprel::Case | Deprel::Mark)).is_some();
        if bare && particle && !cased && child(tree, v, |d| d == Deprel::Obj).is_none() {
            tree[at].deprel = Deprel::Obj;
        }
    }
}

/// "Soldiers fired across the line, killing a shepherd": nothing makes it a passive. "19 people hacked to death": here something does.
fn voices<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for who in 0..tree.len() {
        let Read { head: Some(v), deprel, .. } = tree[who] else { continue };
        if v < who || tree[v].tag.upos != Upos::Verb {
            continue;
        }
        let aided = child(tree, v, |d| matches!(d, Deprel::AuxPass | Deprel::Aux)).is_some();
        let by = (v + 1..tree.len()).any(|t| word(t) == "by" && tree[t].head.is_some_and(|h| tree[h].head == Some(v)));
        let conjoined = tree[v].deprel == Deprel::Conj;
        let doing = tree.iter().any(|t| t.head == Some(v) && t.deprel == Deprel::Advcl && t.tag.xpos == Xpos::Vbg);
        if deprel == Deprel::NsubjPass && !aided && !by && !conjoined && doing {
            tree[who].deprel = Deprel::Nsubj;
            tree[v].tag.xpos = Xpos::Vbd;
        } else if deprel == Deprel::Nsubj && conjoined && !aided {
            let death = tree.len() > v + 2 && word(v + 1) == "to" && word(v + 2) == "death";
            if death && child(tree, v, |d| d == Deprel::Obj).is_none() {
                tree[who].deprel = Deprel::NsubjPass;
                tree[v].tag.xpos = Xpos::Vbn;
            }
        }
    }
}

/// "And Ghana's John Mahama": the second one is the man, and the "and" his; the country is only where he is from.
fn conjunctions(tree: &mut [Read]) {
    for country in 1..tree.len().saturating_sub(2) {
        let (mark, man) = (country + 1, country + 2);
        let Read { tag, head: Some(first), deprel: Deprel::Conj } = tree[country] else { continue };
        let split = match tree[man].deprel {
            Deprel::Conj => tree[man].head == Some(first),
            Deprel::Compound => tree[man].head == Some(country),
            _ => false,
        };
        let owned = tree[mark].tag.xpos == Xpos::Pos && tree[mark].head == Some(country);
        if first < country && owned && split && tag.upos == Upos::Propn && tree[man].tag.upos == Upos::Propn {
            (tree[man].head, tree[man].deprel) = (Some(first), Deprel::Conj);
            (tree[country].head, tree[country].deprel) = (Some(man), Deprel::NmodPoss);
        }
    }
    for and in 0..tree.len() {
        if tree[and].tag.upos != Upos::Cconj || tree[and].deprel != Deprel::Cc {
            continue;
        }
        let Some(part) = tree[and].head.filter(|&p| p > and) else { continue };
        if matches!(tree[part].deprel, Deprel::NmodPoss | Deprel::NmodDesc | Deprel::Compound | Deprel::Amod | Deprel::Det)
            && let Some(whole) = tree[part].head.filter(|&w| w > part && tree[w].deprel == Deprel::Conj)
        {
            tree[and].head = Some(whole);
        }
    }
}

/// Words that say when, and so are no object and no part of a phrase of their own.
const TIMES: [&str; 27] = [
    "noon",
    "midnight",
    "dawn",
    "dusk",
    "morning",
    "afternoon",
    "evening",
    "night",
    "week",
    "weeks",
    "day",
    "days",
    "month",
    "months",
    "year",
    "years",
    "hour",
    "hours",
    "minute",
    "minutes",
    "time",
    "times",
    "today",
    "yesterday",
    "tomorrow",
    "weekend",
    "a.m.",
];

/// "President Park and Turkish President Lin": what is described on its own after "and" is a second one, not more of the name.
fn pairs(tree: &mut [Read]) {
    for and in 1..tree.len() {
        if tree[and].tag.upos != Upos::Cconj {
            continue;
        }
        let later = (and + 2..tree.len().min(and + 8)).find(|&i| {
            let Read { tag, head: Some(first), deprel: Deprel::Flat } = tree[i] else { return false };
            let described =
                |d: &Read| d.head == Some(i) && matches!(d.deprel, Deprel::NmodDesc | Deprel::Amod | Deprel::Compound);
            tag.upos == Upos::Propn && first < and && tree[and + 1..i].iter().any(described)
        });
        let Some(second) = later else { continue };
        let Some(first) = tree[second].head else { continue };
        tree[second].deprel = Deprel::Conj;
        for (d, other) in tree.iter_mut().enumerate().take(second + 6).skip(and) {
            if d != second && other.head == Some(first) && (d < second || other.deprel == Deprel::Flat) {
                other.head = Some(second);
            }
        }
        (tree[and].head, tree[and].deprel) = (Some(second), Deprel::Cc);
    }
}

/// "Seven more were injured": the number stands for those it counts.
fn more<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for at in 1..tree.len() {
        let number = at - 1;
        let Some(verb) = tree[at].head.filter(|&v| v > at && tree[v].tag.upos == Upos::Verb) else { continue };
        if tree[number].tag.upos != Upos::Num || tree[number].head != Some(at) || !word(at).eq_ignore_ascii_case("more") {
            continue;
        }
        let acts = |t: &Read| t.head == Some(verb) && matches!(t.deprel.base(), Deprel::Nsubj | Deprel::Csubj);
        if tree.iter().any(acts) {
            continue;
        }
        let passive = tree.iter().any(|t| t.head == Some(verb) && t.deprel == Deprel::AuxPass);
        (tree[number].head, tree[number].deprel) = (Some(verb), if passive { Deprel::NsubjPass } else { Deprel::Nsubj });
        (tree[at].head, tree[at].deprel) = (Some(number), Deprel::Advmod);
    }
}

/// "Kerry and Russian Foreign Minister Lavrov": the adjective stands before the second, it is no third.
fn adjectives(tree: &mut [Read]) {
    for at in 0..tree.len() {
        let Read { tag, head: Some(first), deprel: Deprel::Conj } = tree[at] else { continue };
        if tag.upos != Upos::Adj || !matches!(tree[first].tag.upos, Upos::Propn | Upos::Noun) {
            continue;
        }
        let phrase = tree[at + 1..].iter().take_while(|t| matches!(t.tag.upos, Upos::Adj | Upos::Noun | Upos::Propn)).count();
        let Some(second) = (at + 1..=at + phrase)
            .find(|&i| tree[i].head == Some(first) && tree[i].deprel == Deprel::Conj && tree[i].tag.upos != Upos::Adj)
        else {
            continue;
        };
        (tree[at].head, tree[at].deprel) = (Some(second), Deprel::Amod);
        for other in &mut tree[first + 1..at] {
            if other.head == Some(at) {
                other.head = Some(second);
            }
        }
    }
}

/// "On Monday Mr Park met Mr Lin" has no comma, and the day is read as the first of the names, or as a part of one: hangs the
/// names of days and months, and whom the tree put under or above them, where they belong.
fn days<'a>(tree: &mut [Read], word: &impl Fn(usize) -> &'a str) {
    for day in 0..tree.len() {
        if tree[day].tag.upos != Upos::Propn || !is_name(word(day)) {
            continue;
        }
        // "Aug. 24": the number stands for the date.
        let last = match tree.get(day + 1) {
            Some(next) if next.tag.upos == Upos::Num && word(day + 1).len() <= 2 => day + 1,
            _ => day,
        };
        // "5 September".
        let first = day - usize::from(day > 0 && tree[day - 1].tag.upos == Upos::Num);
        let Some(verb) = verb_above(tree, last) else { continue };
        let dated = first > 0 && tree[first - 1].tag.upos == Upos::Adp;
        let head = tree[last].head;
        let who = if head.is_some_and(|h| h > last && h < verb && tree[h].tag.upos == Upos::Propn) {
            // "Hamas" as the head of "On Saturday", or of "24".
            head
        } else if dated && tree[last].deprel.base() == Deprel::Nsubj && head == Some(verb) {
            tree[last].deprel = Deprel::Obl;
            continue;
        } else {
            (last + 1..verb).find(|&d| {
                tree[d].head == Some(last)
                    && tree[d].tag.upos == Upos::Propn
                    && matches!(tree[d].deprel.base(), Deprel::Flat | Deprel::Appos | Deprel::Compound)
                    && !is_name(word(d))
            })
        };
        let Some(who) = who.filter(|_| dated) else { continue };
        let acts = |t: &Read| t.head == Some(verb) && matches!(t.deprel.base(), Deprel::Nsubj | Deprel::Csubj);
        let lacks = !tree[..verb].iter().any(acts);
        if head == Some(who) || head.is_some_and(|h| h > last && h != verb) {
            (tree[last].head, tree[last].deprel) = (Some(verb), Deprel::Obl);
        } else if !lacks {
            continue;
        }
        if tree[first - 1].deprel == Deprel::Case {
            tree[first - 1].head = Some(last);
        }
        // What hung on the day after who acts belongs to that one.
        for other in &mut tree[who + 1..verb] {
            if other.head == Some(last) {
                other.head = Some(who);
            }
        }
        if lacks {
            let passive = tree.iter().any(|t| t.head == Some(verb) && t.deprel == Deprel::AuxPass);
            (tree[who].head, tree[who].deprel) = (Some(verb), if passive { Deprel::NsubjPass } else { Deprel::Nsubj });
        }
    }
}

/// The nearest verb above a word, if it comes after it.
fn verb_above(tree: &[Read], from: usize) -> Option<usize> {
    let mut at = from;
    for _ in 0..6 {
        at = tree[at].head?;
        if tree[at].tag.upos == Upos::Verb {
            return Some(at).filter(|&v| v > from);
        }
    }
    None
}
