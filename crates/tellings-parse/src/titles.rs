//! Titles before names: where the tree hangs a name on its title ("Mr" ← "Obama"), or both on the same word, the name is
//! made the head and the title its description, as the treebanks have it. Later stages find people by the head word.

use tellings_doc::{Change, Deprel, Id, Kind, Parse, Token, Upos, Xpos};

/// Words that stand before a person's name and describe it, without full stop, in lower case.
const TITLES: [&str; 56] = [
    "admiral",
    "ambassador",
    "ayatollah",
    "baron",
    "bishop",
    "brigadier",
    "captain",
    "cardinal",
    "chairman",
    "chairwoman",
    "chancellor",
    "chief",
    "col",
    "colonel",
    "commander",
    "commissioner",
    "congressman",
    "congresswoman",
    "dr",
    "emir",
    "envoy",
    "gen",
    "general",
    "gov",
    "governor",
    "imam",
    "judge",
    "justice",
    "king",
    "lady",
    "lord",
    "lt",
    "major",
    "mayor",
    "minister",
    "mr",
    "mrs",
    "ms",
    "mullah",
    "premier",
    "president",
    "prince",
    "princess",
    "prof",
    "professor",
    "queen",
    "rep",
    "representative",
    "rev",
    "secretary",
    "sen",
    "senator",
    "sheikh",
    "sir",
    "spokesman",
    "spokeswoman",
];

/// Longest title looked at, in bytes.
const LONGEST: usize = 16;

fn is_title(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    if bare.len() > LONGEST {
        return false;
    }
    let mut lower = [0u8; LONGEST];
    lower[..bare.len()].copy_from_slice(bare.as_bytes());
    lower.make_ascii_lowercase();
    TITLES.binary_search_by(|t| t.as_bytes().cmp(&lower[..bare.len()])).is_ok()
}

/// The title before a name whose office is named between: "Secretary of State", "Minister of Defence".
fn office(parse: &Parse, text: &str, name: usize) -> Option<usize> {
    let (title, of, matter) = (name.checked_sub(3)?, name - 2, name - 1);
    let token = |i: usize| &parse.tokens[i];
    let fits = is_title(token(title).span.of(text))
        && matches!(token(of).span.of(text), "of" | "for")
        && matches!(token(matter).upos, Upos::Propn | Upos::Noun);
    fits.then_some(title)
}

/// Position of the first word of the name itself.
fn words_from(inside: bool, range: &std::ops::Range<usize>) -> usize {
    if inside { range.start + 1 } else { range.start }
}

/// "Cairo, Amman and Beirut": every member of a list hangs on the first, where the tree has the last hang on the second.
fn lists(parse: &Parse, changes: &mut Vec<Change>) {
    for (i, token) in parse.tokens.iter().enumerate().filter(|(_, t)| t.deprel.base() == Deprel::Conj) {
        let Some(before) = token.head.filter(|h| h.index() < i && parse.token(*h).deprel.base() == Deprel::Conj) else {
            continue;
        };
        let joined = |id: Id<Token>| parse.by_relation(id, Deprel::Cc).next().is_some();
        if joined(Id::new(i)) && !joined(before) && parse.token(before).upos == token.upos {
            changes.push(Change { word: Id::new(i), head: parse.token(before).head, deprel: token.deprel });
        }
    }
}

/// "Antony Blinken and Yang Jiechi": what hangs on a later word of a name or fixed phrase belongs to its first.
fn raised(parse: &Parse) -> Vec<Change> {
    let inner = |id: Id<Token>| matches!(parse.token(id).deprel.base(), Deprel::Flat | Deprel::Fixed | Deprel::Goeswith);
    let mut changes = Vec::new();
    for (i, token) in parse.tokens.iter().enumerate() {
        let Some(first) = token.head.filter(|&h| inner(h) && token.deprel.base() != Deprel::Punct) else { continue };
        let mut head = first;
        while let Some(next) = parse.token(head).head.filter(|_| inner(head)) {
            head = next;
        }
        if head != first {
            changes.push(Change { word: Id::new(i), head: Some(head), deprel: token.deprel });
        }
    }
    changes
}

/// "killed up to 6 people": a limit before a number, where the tree takes it for a particle and a phrase of place.
fn limits(parse: &Parse, text: &str) -> Vec<Change> {
    let word = |i: usize| parse.tokens[i].span.of(text);
    let mut changes = Vec::new();
    for number in (2..parse.tokens.len()).filter(|&i| parse.tokens[i].upos == Upos::Num) {
        let (up, to) = (number - 2, number - 1);
        if !(word(up).eq_ignore_ascii_case("up") && word(to) == "to") {
            continue;
        }
        let token = &parse.tokens[number];
        let thing = if token.deprel.base() == Deprel::Nummod { token.head } else { Some(Id::new(number)) };
        let Some(thing) = thing.filter(|t| t.index() >= number) else { continue };
        let of_verb = parse.token(thing).head.filter(|&v| {
            let free =
                !parse.dependents(v).iter().any(|&d| matches!(parse.token(d).deprel.base(), Deprel::Obj | Deprel::NsubjPass));
            v.index() < up && parse.token(v).upos == Upos::Verb && free
        });
        let Some(_) = of_verb.filter(|_| parse.token(thing).deprel.base() == Deprel::Obl) else { continue };
        if parse.tokens[to].head != Some(thing)
            || !parse.dependents(Id::new(to)).is_empty()
            || !parse.dependents(Id::new(up)).is_empty()
        {
            continue;
        }
        changes.push(Change { word: thing, head: parse.token(thing).head, deprel: Deprel::Obj });
        changes.push(Change { word: Id::new(up), head: Some(Id::new(number)), deprel: Deprel::Advmod });
        changes.push(Change { word: Id::new(to), head: Some(Id::new(up)), deprel: Deprel::Fixed });
    }
    changes
}

/// "Hundreds of refugees protested in Gao": what cannot be done to anybody is no passive without its auxiliary.
fn no_passives(parse: &mut Parse) {
    const DONE_ALONE: [&str; 9] =
        ["protest", "march", "rally", "demonstrate", "gather", "arrive", "clash", "surrender", "depart"];
    let mut changes = Vec::new();
    let mut verbs = Vec::new();
    for (v, _) in parse.tokens.iter().enumerate().filter(|(_, t)| t.xpos == Xpos::Vbn && t.head.is_none()) {
        let of = |relation: Deprel| parse.dependents(Id::new(v)).iter().copied().find(|&d| parse.token(d).deprel == relation);
        let Some(subject) = of(Deprel::NsubjPass).filter(|s| s.index() < v && of(Deprel::AuxPass).is_none()) else { continue };
        if DONE_ALONE.contains(&parse.lemma(Id::new(v))) {
            changes.push(Change { word: subject, head: Some(Id::new(v)), deprel: Deprel::Nsubj });
            verbs.push(v);
        }
    }
    if !changes.is_empty() {
        verbs.into_iter().for_each(|v| parse.tokens[v].xpos = Xpos::Vbd);
        parse.rehang(&changes);
    }
}

/// "at least 30 people": does a noun's number stand after a limit?
fn limited(parse: &Parse, thing: Id<Token>, text: &str) -> bool {
    let numbers = parse.by_relation(thing, Deprel::Nummod).map(Id::index);
    let word = |i: usize| parse.tokens[i].span.of(text);
    numbers.into_iter().any(|n| n > 1 && matches!(word(n - 1), "least" | "most") && word(n - 2) == "at")
}

/// Past forms that are read as participles in a sentence that has no verb otherwise: "A car bomb wounded 20 people in Gao." The verb
/// becomes the head, what stands before it its subject, what it was taken to describe its object.
fn verbless(parse: &mut Parse, text: &str) {
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for sentence in &parse.sentences {
        let finite = |t: &Token| matches!(t.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
        let tokens = &parse.tokens[sentence.tokens.clone()];
        // A headline tells what was done to somebody: only a sentence that ends like one is mended.
        // "…, the ministry said" is no verb of the sentence itself.
        let only = tokens.iter().filter(|t| finite(t) && t.deprel.base() != Deprel::Parataxis).count();
        if tokens.len() < 5 || only > 1 || tokens.last().is_none_or(|t| t.deprel.base() != Deprel::Punct) {
            continue;
        }
        let nominal = |i: usize| matches!(parse.tokens[i].upos, Upos::Noun | Upos::Propn);
        let start = sentence.tokens.start;
        let Some(root) = sentence.tokens.clone().find(|&i| parse.tokens[i].head.is_none()).filter(|&r| nominal(r)) else {
            continue;
        };
        let past = |&v: &usize| {
            let token = &parse.tokens[v];
            let free = parse
                .dependents(Id::new(v))
                .iter()
                .all(|&d| !matches!(parse.token(d).deprel.base(), Deprel::Nsubj | Deprel::Mark | Deprel::Aux) || d.index() > v);
            token.xpos == Xpos::Vbd && token.deprel == Deprel::Acl && free && root < v
        };
        let participle = |v: &usize| {
            let token = &parse.tokens[*v];
            let relation = token.deprel.base();
            let open = token.xpos == Xpos::Vbn && *v > start && matches!(relation, Deprel::Amod | Deprel::Acl);
            if only == 0 { open } else { past(v) }
        };
        for v in sentence.tokens.clone().filter(participle) {
            let object = match parse.tokens[v].deprel.base() {
                // "wounded" before the noun that it seems to describe, with a number between or a noun before.
                Deprel::Amod => Some(root).filter(|&r| r > v && parse.tokens[v].head == Some(Id::new(r)) && nominal(v - 1)),
                // "left at least 30 people dead": a limit before the number is no preposition.
                _ => (parse.by_relation(Id::new(v), Deprel::Obj).next())
                    .or_else(|| parse.by_relation(Id::new(v), Deprel::Obl).find(|&o| limited(parse, o, text)))
                    .map(Id::index)
                    .filter(|_| root < v),
            };
            let Some(object) = object.filter(|&o| o > v) else { continue };
            let subject = if root < v { root } else { v - 1 };
            found.push((v, subject, object));
            break;
        }
    }
    let mut changes = Vec::new();
    for &(v, subject, object) in &found {
        let hang = |word: usize, head, deprel| Change { word: Id::new(word), head, deprel };
        changes.push(hang(v, None, Deprel::Root));
        changes.push(hang(subject, Some(Id::new(v)), Deprel::Nsubj));
        changes.push(hang(object, Some(Id::new(v)), Deprel::Obj));
        // What hung on the object before the verb belongs to the subject; its time and place and the full stop to the verb.
        for d in [object.wrapping_sub(2), object.wrapping_sub(3)].into_iter().filter(|_| limited(parse, Id::new(object), text)) {
            if let Some(token) =
                parse.tokens.get(d).filter(|t| t.deprel.base() == Deprel::Case && t.head == Some(Id::new(object)))
            {
                changes.push(hang(d, token.head, Deprel::Advmod));
            }
        }
        // "left 30 people dead".
        let state = |d: &&Id<Token>| d.index() == object + 1 && parse.token(**d).upos == Upos::Adj;
        if let Some(&d) = parse.dependents(Id::new(object)).iter().find(state) {
            changes.push(hang(d.index(), Some(Id::new(v)), Deprel::Xcomp));
        }
        for &d in parse.dependents(Id::new(object)).iter().filter(|d| d.index() != v && d.index() != subject) {
            let token = parse.token(d);
            if d.index() < v {
                changes.push(hang(d.index(), Some(Id::new(subject)), token.deprel));
            } else if d.index() > object && token.deprel.base() == Deprel::Nmod {
                changes.push(hang(d.index(), Some(Id::new(v)), Deprel::Obl));
            } else if token.deprel.base() == Deprel::Punct {
                changes.push(hang(d.index(), Some(Id::new(v)), Deprel::Punct));
            }
        }
        parse.tokens[v].xpos = Xpos::Vbd;
    }
    if !changes.is_empty() {
        parse.rehang(&changes);
    }
}

/// "Theresa May met": a word of a person's name is no auxiliary.
fn no_auxiliaries(parse: &mut Parse) {
    let mut changes = Vec::new();
    let mut names = Vec::new();
    for name in parse.names.iter().filter(|n| n.kind == Kind::Per) {
        let range = parse.tokens_in(name.span);
        for i in range.clone().skip(1).filter(|&i| parse.tokens[i].xpos == Xpos::Md) {
            changes.push(Change { word: Id::new(i), head: Some(Id::new(range.start)), deprel: Deprel::Flat });
            names.push(i);
        }
    }
    if !changes.is_empty() {
        for i in names {
            (parse.tokens[i].xpos, parse.tokens[i].upos) = (Xpos::Nnp, Upos::Propn);
        }
        parse.rehang(&changes);
    }
}

/// Mends the trees around titles, names and limits, and of sentences whose verb is not seen.
pub(crate) fn settle(parse: &mut Parse, text: &str) {
    verbless(parse, text);
    no_auxiliaries(parse);
    no_passives(parse);
    for changes in [raised(parse), limits(parse, text)] {
        if !changes.is_empty() {
            parse.rehang(&changes);
        }
    }
    let mut changes: Vec<Change> = Vec::new();
    lists(parse, &mut changes);
    let mut hang = |word, head, deprel| changes.push(Change { word, head, deprel });
    for name in parse.names.iter().filter(|n| n.kind == Kind::Per) {
        let range = parse.tokens_in(name.span);
        // A title inside the name's words counts as standing before it.
        let titled =
            |i: usize| matches!(parse.tokens[i].upos, Upos::Propn | Upos::Noun) && is_title(parse.tokens[i].span.of(text));
        let inside = range.len() > 1 && titled(range.start);
        let at = if inside { Some(range.start) } else { range.start.checked_sub(1).filter(|&i| titled(i)) };
        let at = at.or_else(|| office(parse, text, range.start));
        let (Some(at), Some(sentence)) = (at, parse.sentence_at(name.span.start())) else { continue };
        if !parse.sentences[sentence].tokens.contains(&at) {
            continue;
        }
        let words = words_from(inside, &range)..range.end;
        let title: Id<Token> = Id::new(at);
        let outside = |i: &usize| parse.tokens[*i].head.is_none_or(|h| !words.contains(&h.index()));
        let Some(head) = words.clone().find(outside).map(Id::new) else { continue };
        let (of_title, of_name) = (parse.token(title).head, parse.token(head).head);
        if of_name == Some(title) {
            hang(head, of_title, parse.token(title).deprel);
        } else if of_title != of_name || of_title.is_none() {
            continue;
        }
        // "Secretary of State": what lies between title and name belongs to the title.
        for i in at + 1..words.start {
            let to = if parse.tokens[i].upos == Upos::Adp { i + 1 } else { at };
            let deprel = if parse.tokens[i].upos == Upos::Adp { Deprel::Case } else { Deprel::Nmod };
            hang(Id::new(i), Some(Id::new(to)), deprel);
        }
        hang(title, Some(head), Deprel::NmodDesc);
        let others = parse.dependents(title).iter().filter(|&&d| d != head && d.index() >= words.end);
        others.for_each(|&d| hang(d, Some(head), parse.token(d).deprel));
        if of_name == Some(title) {
            let before = parse.dependents(title).iter().filter(|d| d.index() < at);
            before.for_each(|&d| hang(d, Some(head), parse.token(d).deprel));
        }
    }
    if !changes.is_empty() {
        parse.rehang(&changes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_in_order() {
        assert!(TITLES.is_sorted());
        assert!(is_title("Mr") && is_title("Gen.") && !is_title("Monday") && !is_title("an extraordinarily long word"));
    }
}
