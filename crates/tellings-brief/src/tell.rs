//! The reports' own words for what the record holds: the clause that tells an event, cut out only where nothing is lost by it, and
//! with a name in brackets where it opens with a pronoun.

use tellings_doc::{Deprel, Doc, Event, Id, Kind, Realis, Span, Token, Upos};

/// Shortest clause that is told alone, in words; a shorter one says too little without its sentence.
const CLAUSE: usize = 5;

/// The words that tell this event: its clause where that stands by itself in the sentence, else the sentence.
pub(crate) fn clause(doc: &Doc, event: &Event) -> Span {
    cut(doc, event).unwrap_or(event.span)
}

fn cut(doc: &Doc, event: &Event) -> Option<Span> {
    let parse = &doc.parse;
    let mut at = parse.head_of(event.trigger)?;
    // What is only possible or denied is told with the words that say so.
    if !matches!(event.realis, Realis::Actual | Realis::Historical) {
        return None;
    }
    // Words inside a quotation are not torn out of it.
    if doc.speech.quotes.iter().any(|q| q.content.iter().any(|c| c.touches(event.trigger))) && event.attributed_to.is_none() {
        return None;
    }
    let mut steps = 0;
    loop {
        let token = parse.token(at);
        let own_subject = || {
            let subject = |r| matches!(r, Deprel::Nsubj | Deprel::NsubjPass | Deprel::Expl);
            parse.dependents(at).iter().any(|&d| subject(parse.token(d).deprel))
        };
        let free = match token.deprel {
            Deprel::Ccomp => event.attributed_to.as_ref().is_some_and(|p| p.entity.is_some()) && own_subject(),
            Deprel::Conj | Deprel::Parataxis => matches!(token.upos, Upos::Verb | Upos::Aux) && own_subject(),
            _ => false,
        };
        if free {
            return whole(doc, at, event);
        }
        steps += 1;
        at = token.head.filter(|_| steps < 12)?;
    }
}

/// The subtree as a span, where it is all of what lies there, has its quotation marks in pairs and holds the trigger.
fn whole(doc: &Doc, top: Id<Token>, event: &Event) -> Option<Span> {
    let parse = &doc.parse;
    let mut within = vec![top];
    let mut next = 0;
    while let Some(&at) = within.get(next) {
        within.extend(parse.dependents(at));
        next += 1;
    }
    within.sort_unstable_by_key(|id| id.index());
    let skip = |&&id: &&Id<Token>| {
        let token = parse.token(id);
        let opener = token.deprel == Deprel::Cc || token.deprel == Deprel::Mark && parse.lemma(id) == "that";
        token.upos == Upos::Punct || opener && token.head == Some(top)
    };
    let first = within.iter().find(|id| !skip(id))?;
    let last = within.iter().rev().find(|id| parse.token(**id).upos != Upos::Punct)?;
    let whole = last.index().checked_sub(first.index())? + 1;
    let ours = within.iter().filter(|id| (first.index()..=last.index()).contains(&id.index())).count();
    let span = parse.token(*first).span.join(parse.token(*last).span);
    let text = span.of(doc.text());
    let paired = text.matches('"').count().is_multiple_of(2) && text.matches('“').count() == text.matches('”').count();
    (ours == whole && whole >= CLAUSE && paired && span.covers(event.trigger)).then_some(span)
}

/// Words of a report on one line. A pronoun that they open with is told by the name it stands for, in brackets.
pub(crate) fn words(doc: &Doc, span: Span) -> String {
    let text = doc.text();
    let flat = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
    let opening = doc.parse.tokens_in(span).take(2).map(Id::new).find_map(|id| {
        let token = doc.parse.token(id);
        let subject = matches!(token.deprel, Deprel::Nsubj | Deprel::NsubjPass);
        let stands = matches!(doc.parse.lemma(id), "he" | "she" | "they" | "it");
        if token.upos != Upos::Pron || !subject || !stands || !span.covers(token.span) {
            return None;
        }
        let mention = doc.link.mentions.iter().find(|m| m.span == token.span)?;
        let entity = &doc.link.entities[mention.entity?.index()];
        // "They" may be things, "it" anything: a name is put in only where it fits.
        let fits = match doc.parse.lemma(id) {
            "he" | "she" => entity.kind == Kind::Per,
            "it" => matches!(entity.kind, Kind::Org | Kind::Gpe) && !entity.generic,
            "they" => !entity.members.is_empty(),
            _ => false,
        };
        fits.then(|| (token.span, entity.name.clone()))
    });
    match opening {
        Some((pronoun, name)) => {
            let before = Span::new(span.start(), pronoun.start()).of(text);
            flat(&format!("{before}[{name}]{}", Span::new(pronoun.end(), span.end()).of(text)))
        }
        None => flat(span.of(text)),
    }
}

/// The span without the spaces, commas and full stop at its ends.
pub(crate) fn trimmed(doc: &Doc, span: Span) -> Span {
    let words = span.of(doc.text());
    let end = words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';'));
    let mut start = end.len() - end.trim_start().len();
    // A list's mark, and what joined it to the words before it.
    start += ["* ", "- ", "• "].iter().find(|w| end[start..].starts_with(**w)).map_or(0, |w| w.len());
    start += ["and ", "but ", "or ", "that "].iter().find(|w| end[start..].starts_with(**w)).map_or(0, |w| w.len());
    // An abbreviation keeps its full stop.
    let abbreviated = end.len() < words.len() && end.rsplit([' ', '.']).next().is_some_and(|w| w.len() == 1);
    Span::new(span.start() + start, span.start() + end.len() + usize::from(abbreviated))
}

/// A noun phrase with what belongs to it, where it was cut after its head word ("a creation" of "a creation of a partnership"); at most
/// [`PHRASE`] words are added.
pub(crate) fn phrase(doc: &Doc, span: Span) -> Span {
    const PHRASE: usize = 12;
    let parse = &doc.parse;
    let range = parse.tokens_in(span);
    if range.is_empty() || range.len() > 3 {
        return span;
    }
    let Some(head) = parse.head_of(span).filter(|&h| parse.token(h).upos == Upos::Noun) else { return span };
    let is_of = |d: Id<Token>| parse.by_relation(d, Deprel::Case).any(|c| parse.lemma(c) == "of");
    let Some(of) = parse.by_relation(head, Deprel::Nmod).find(|&d| d.index() >= range.end && is_of(d)) else { return span };
    let clauses = |r: Deprel| matches!(r.base(), Deprel::Acl | Deprel::Appos | Deprel::Conj | Deprel::Parataxis);
    let parts = parse.dependents(of).iter().filter(|&&d| !clauses(parse.token(d).deprel));
    let end = parts.map(|&d| parse.subtree(d).end()).max().unwrap_or(0).max(parse.token(of).span.end());
    let added = parse.tokens_in(Span::new(span.end(), end)).len();
    if added <= PHRASE { trimmed(doc, Span::new(span.start(), end)) } else { span }
}

/// Ends a sentence, perhaps before closing marks.
fn is_ended(words: &str) -> bool {
    words.trim_end_matches(['"', '”', '’', ')', '\'', ' ']).ends_with(['.', '!', '?', ':', '…'])
}

/// The span with the rest of its sentence where a broken paragraph cut that in two.
pub(crate) fn complete(doc: &Doc, span: Span) -> Span {
    let parse = &doc.parse;
    let Some(at) = parse.sentence_at(span.start()) else { return span };
    let (here, next) = (&parse.sentences[at], parse.sentences.get(at + 1));
    let words = |s: Span| s.of(doc.text());
    let cut = here.span.end() <= span.end() && !is_ended(words(here.span));
    match next.filter(|n| cut && words(n.span).starts_with(char::is_lowercase)) {
        Some(next) => span.join(next.span),
        None => span,
    }
}

/// The span with the quotation mark before or after it, where one of a pair stands inside.
pub(crate) fn paired(doc: &Doc, span: Span) -> Span {
    let text = doc.text();
    let words = span.of(text);
    let odd = words.matches('"').count() % 2 == 1;
    let (open, close) = (words.matches('“').count(), words.matches('”').count());
    let before =
        text.get(..span.start()).and_then(|t| t.chars().next_back()).filter(|&c| odd && c == '"' || close > open && c == '“');
    let after = text.get(span.end()..).and_then(|t| t.chars().next()).filter(|&c| odd && c == '"' || open > close && c == '”');
    match (before, after) {
        (Some(c), _) => Span::new(span.start() - c.len_utf8(), span.end()),
        (None, Some(c)) => Span::new(span.start(), span.end() + c.len_utf8()),
        (None, None) => span,
    }
}

/// Does the passage say by itself who and what it is about: no pronoun for its subject, and its sentence whole?
pub(crate) fn stands_alone(doc: &Doc, span: Span) -> bool {
    const FIRST: usize = 6;
    let parse = &doc.parse;
    let pronoun = |t: usize| {
        let token = &parse.tokens[t];
        token.upos == Upos::Pron && matches!(token.deprel, Deprel::Nsubj | Deprel::NsubjPass)
    };
    !parse.tokens_in(span).take(FIRST).any(pronoun) && complete(doc, span) == span
}

/// The passage with the clause that governs it, where it has no subject of its own ("to announce a truce" of "he had hoped to announce a
/// truce").
pub(crate) fn governed(doc: &Doc, span: Span) -> Span {
    let parse = &doc.parse;
    let Some(head) = parse.head_of(span) else { return span };
    let subject = |id: Id<Token>| {
        parse.dependents(id).iter().any(|&d| {
            let token = parse.token(d);
            matches!(token.deprel.base(), Deprel::Nsubj | Deprel::Csubj | Deprel::Expl) && span.covers(token.span)
        })
    };
    let verb = matches!(parse.token(head).upos, Upos::Verb | Upos::Aux);
    if !verb || subject(head) {
        return span;
    }
    let sentence = parse.sentence_of(head).map(|s| s.span);
    sentence.filter(|s| s.covers(span)).unwrap_or(span)
}

/// Share of the shorter one's longer words that two passages have in common.
pub(crate) fn likeness(a: &str, b: &str) -> f32 {
    let words = |text: &str| -> Vec<String> {
        let mut words: Vec<String> = (text.to_lowercase().split(|c: char| !c.is_alphanumeric()))
            .filter(|w| w.chars().count() > 3 || w.starts_with(|c: char| c.is_ascii_digit()))
            .map(|w| w.trim_end_matches('s').to_string())
            .collect();
        words.sort_unstable();
        words.dedup();
        words
    };
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|w| b.binary_search(w).is_ok()).count();
    common as f32 / a.len().min(b.len()).max(1) as f32
}
