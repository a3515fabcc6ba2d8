//! What the treebanks hold too few of, put right in the trees.

use crate::net::Read;
use tellings_doc::{Deprel, Upos};

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
    days(tree, &word);
    adjectives(tree);
    pairs(tree);
    more(tree, word);
}

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
fn more<'a>(tree: &mut [Read], word: impl Fn(usize) -> &'a str) {
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
