//! Titles before names: where the tree hangs a name on its title ("Mr" ← "Obama"), or both on the same word, the name is
//! made the head and the title its description, as the treebanks have it. Later stages find people by the head word.

use tellings_doc::{Change, Deprel, Id, Kind, Parse, Token, Upos};

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

/// Mends the trees around titles, names and limits.
pub(crate) fn settle(parse: &mut Parse, text: &str) {
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
