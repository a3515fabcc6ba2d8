//! What holds of every document, whatever was read: the check behind the properties and the fuzz targets.

use tellings_doc::{Doc, Id, Parse, Span};

/// What is wrong with a document; `None` if all holds: spans inside the text and on character boundaries, layers in
/// text order, words that cover all that is not white space, one tree a sentence, ids that are there.
pub fn fault(doc: &Doc) -> Option<String> {
    let text = doc.text();
    let read = !doc.parse.tokens.is_empty() || doc.article.language.as_deref().is_none_or(|l| l == "en");
    (read.then(|| trees(text, &doc.parse)).flatten()).or_else(|| spans(doc)).or_else(|| ids(doc))
}

/// What is wrong with the words and trees of a text.
pub fn trees(text: &str, parse: &Parse) -> Option<String> {
    let (mut at, mut next, mut end) = (0, 0, 0);
    for (i, token) in parse.tokens.iter().enumerate() {
        let span = token.span;
        if span.is_empty() || span.start() < at || text.get(span.range()).is_none() {
            return Some(format!("word {i} at {span:?} is empty, out of order or not on character boundaries"));
        }
        if let Some(left) = text.get(at..span.start()).filter(|gap| !gap.chars().all(char::is_whitespace)) {
            return Some(format!("{left:?} before word {i} belongs to no word"));
        }
        at = span.end();
    }
    if !text.get(at..)?.chars().all(char::is_whitespace) {
        return Some(format!("what follows byte {at} belongs to no word"));
    }
    // Number of the walk that first came by a word: meeting one's own steps again is a circle.
    let mut seen = vec![0usize; parse.tokens.len()];
    for (n, sentence) in parse.sentences.iter().enumerate() {
        if sentence.tokens.start != next || sentence.tokens.is_empty() || sentence.span.start() < end {
            return Some(format!("sentence {n} is empty or out of order"));
        }
        (next, end) = (sentence.tokens.end, sentence.span.end());
        let words = parse.tokens.get(sentence.tokens.clone())?;
        let roots = words.iter().filter(|t| t.head.is_none()).count();
        if roots != 1 {
            return Some(format!("sentence {n} has {roots} roots"));
        }
        for first in sentence.tokens.clone() {
            let mut at = first;
            while seen[at] == 0 {
                seen[at] = first + 1;
                match parse.tokens[at].head {
                    Some(head) if !sentence.tokens.contains(&head.index()) => {
                        return Some(format!("word {at} hangs on a word of another sentence"));
                    }
                    Some(head) if seen[head.index()] == first + 1 => return Some(format!("words hang in a circle at {at}")),
                    Some(head) => at = head.index(),
                    None => {}
                }
            }
        }
    }
    (next != parse.tokens.len()).then(|| format!("the words from {next} on are in no sentence"))
}

fn spans(doc: &Doc) -> Option<String> {
    let text = doc.text();
    let mut all: Vec<(&str, Span)> = Vec::new();
    let article = &doc.article;
    all.extend(article.blocks.iter().map(|b| ("block", b.span)));
    all.extend(article.dateline.iter().map(|d| ("dateline", d.span)));
    all.extend(article.title.iter().filter_map(|t| Some(("title", t.span?))));
    all.extend(article.published.iter().filter_map(|p| Some(("published", p.span?))));
    all.extend(article.dates.iter().filter_map(|d| Some(("date", d.span?))));
    all.extend(doc.problems.iter().filter_map(|p| Some(("problem", p.span?))));
    all.extend(doc.parse.names.iter().map(|n| ("name", n.span)));
    all.extend(doc.times.iter().map(|t| ("time", t.span)));
    all.extend(doc.link.mentions.iter().flat_map(|m| [("mention", m.span), ("head", m.head)]));
    all.extend(doc.link.entities.iter().flat_map(|e| &e.roles).filter_map(|r| Some(("role", r.span?))));
    all.extend(doc.link.places.iter().map(|p| ("place", p.span)));
    all.extend(doc.link.quantities.iter().map(|q| ("quantity", q.span)));
    for quote in &doc.speech.quotes {
        all.extend(quote.content.iter().map(|&s| ("quote", s)));
        all.extend([quote.cue, quote.speaker, quote.audience].into_iter().flatten().map(|s| ("of a quote", s)));
    }
    for claim in &doc.speech.claims {
        all.extend([Some(claim.span), claim.by_span, claim.label].into_iter().flatten().map(|s| ("of a claim", s)));
    }
    for event in &doc.events {
        let who = event.actors.iter().chain(&event.recipients).chain(&event.attributed_to);
        all.extend(who.map(|p| ("participant", p.span)));
        all.extend([("trigger", event.trigger), ("event", event.span)]);
        all.extend(event.facts.iter().map(|f| ("fact", f.span)));
    }
    all.extend(doc.uncoded.iter().map(|u| ("uncoded", u.span)));
    all.into_iter()
        .find(|(_, span)| text.get(span.range()).is_none())
        .map(|(what, span)| format!("{what} at {span:?} is not in the text or not on character boundaries"))
}

fn ids(doc: &Doc) -> Option<String> {
    fn beyond<T>(id: Option<Id<T>>, len: usize) -> bool {
        id.is_some_and(|id| id.index() >= len)
    }
    let (entities, quotes, claims) = (doc.link.entities.len(), doc.speech.quotes.len(), doc.speech.claims.len());
    let (times, places) = (doc.times.len(), doc.link.places.len());
    let wrong = doc.link.mentions.iter().any(|m| beyond(m.entity, entities))
        || doc.link.entities.iter().any(|e| e.members.iter().any(|&m| m.index() >= entities))
        || doc.speech.quotes.iter().any(|q| beyond(q.entity, entities))
        || doc.speech.claims.iter().any(|c| {
            beyond(c.by, entities) || beyond(c.toward, entities) || beyond(c.quote, quotes) || beyond(c.answers, claims)
        })
        || doc.events.iter().any(|e| {
            let mut who = e.actors.iter().chain(&e.recipients).chain(&e.attributed_to);
            who.any(|p| beyond(p.entity, entities))
                || e.time.as_ref().is_some_and(|t| beyond(t.time, times))
                || e.place.is_some_and(|p| p.place.index() >= places)
        });
    wrong.then(|| "an id points at nothing".to_string())
}
