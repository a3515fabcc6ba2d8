//! Where: place names of the text, put on the map.
//!
//! Names that the name recogniser calls places, and other capitalised words that a gazetteer lists and that stand as
//! places do, are found first (`scan`). Which of several places of one name is meant is settled next (`resolve`): by what
//! neighbouring names say ("Paris, Texas"), by what the words call it ("Aleppo province"), by how well known each is, and by
//! what else the report is about.

use crate::{Countries, Gazetteer};
use tellings_doc::{Article, Deprel, Id, Parse, Place, Span, Upos};

mod lexicon;
mod resolve;
mod scan;
mod words;

pub(crate) use lexicon::Lexicon;

/// Gazetteers that are asked at most, with ours.
pub(crate) const MOST_GAZETTEERS: usize = 8;

/// What place names are looked up in.
pub(crate) struct Tables<'t> {
    /// The user's and ours first, the large one last.
    pub(crate) gazetteers: &'t [Gazetteer],
    pub(crate) countries: &'t Countries,
    pub(crate) lexicon: &'t Lexicon,
}

/// Places in text order.
pub(crate) fn places(tables: &Tables<'_>, article: &Article, parse: &Parse) -> Vec<Place> {
    let text = article.text.as_str();
    let words = words::words(text);
    let found = scan::scan(tables, text, &words, parse);
    let mut places = resolve::resolve(tables, text, &words, found);
    capitals(tables, text, parse, &mut places);
    for place in &mut places {
        place.associative = associative(tables.lexicon, parse, place.span);
        place.dateline = article.dateline.as_ref().is_some_and(|dateline| dateline.span.touches(place.span));
    }
    places
}

/// "the Egyptian capital", "Egypt's capital", "the capital of Egypt": the city that is meant, where its name does not stand beside.
fn capitals(tables: &Tables<'_>, text: &str, parse: &Parse, places: &mut Vec<Place>) {
    let mut found: Vec<Place> = Vec::new();
    for (at, _) in text.match_indices("capital") {
        let word = Span::new(at, at + "capital".len());
        let tokens = parse.tokens_in(word);
        let Some(token) = tokens.clone().next().filter(|&t| tokens.len() == 1 && parse.tokens[t].span == word) else { continue };
        let before = token.checked_sub(1).map(|t| parse.tokens[t].span.of(text));
        // "human capital", "capital gains", "capital city": the noun alone, or the city.
        if !matches!(parse.tokens[token].upos, Upos::Noun | Upos::Adj)
            || !matches!(before, Some(b) if b.starts_with(char::is_uppercase) || matches!(b, "the" | "'s" | "’s"))
        {
            continue;
        }
        let state = |span: Span| tables.countries.find(span.of(text)).map(|c| c.0);
        // The state's words: right before, or after "of".
        let right_before = (token.saturating_sub(4)..token).map(|t| parse.tokens[t].span).find_map(|s| {
            let end = parse.tokens[token - 1].span.end();
            let words = Span::new(s.start(), end).of(text);
            tables.countries.find(words.trim_end_matches("'s").trim_end_matches("’s").trim_end_matches(['’', '\''])).map(|c| c.0)
        });
        let of = parse.tokens.get(token + 1).filter(|t| t.span.of(text) == "of").and_then(|_| {
            (token + 2..(token + 6).min(parse.tokens.len()))
                .rev()
                .find_map(|t| state(parse.tokens[token + 2].span.join(parse.tokens[t].span)))
        });
        let Some(country) = right_before.or(of).filter(|c| !c.capital.is_empty()) else { continue };
        // "the Egyptian capital, Cairo": the name says it.
        let end = parse.tokens[token].span.end();
        let beside = |p: &Place| {
            let near = p.span.start() >= end && p.span.start() <= end + 3 && !text[end..p.span.start()].contains('.');
            near || p.span.end() + 2 >= at.saturating_sub(2) && p.span.end() < at && p.feature.starts_with("PPLC")
        };
        if places.iter().any(beside) {
            continue;
        }
        let site = tables.gazetteers.iter().find_map(|g| {
            g.find(country.capital).map(|s| s.0).find(|s| s.country == Some(country.iso3) && s.feature.starts_with("PPL"))
        });
        let Some(site) = site else { continue };
        found.push(Place {
            span: word,
            name: site.name.to_owned(),
            country: Some(country.iso3.to_owned()),
            lat: Some(site.lat),
            lon: Some(site.lon),
            geonames: site.geonames,
            feature: site.feature.to_owned(),
            associative: false,
            dateline: false,
            score: 0.9,
            rule: "link.place.capital".into(),
        });
    }
    if !found.is_empty() {
        places.extend(found);
        places.sort_by_key(|p| p.span);
    }
}

/// Words after which "for" says where somebody goes.
const BOUND: [&str; 19] = [
    "leave",
    "depart",
    "head",
    "bind",
    "bound",
    "sail",
    "embark",
    "flight",
    "fly",
    "train",
    "bus",
    "ship",
    "convoy",
    "route",
    "set",
    "start",
    "departure",
    "ferry",
    "ticket",
];

/// Words after which "by", "towards" say where somebody moves.
const PASSING: [&str; 12] =
    ["march", "advance", "move", "drive", "push", "walk", "travel", "retreat", "pass", "go", "flee", "head"];

/// Is the place's government or people meant: it acts, or is addressed, rather than being where something is?
fn associative(lexicon: &Lexicon, parse: &Parse, span: Span) -> bool {
    let Some(mut head) = parse.head_of(span) else { return false };
    // "Paris and Berlin urged": what the first is, the others are.
    for _ in 0..6 {
        let token = parse.token(head);
        let first = token.head.filter(|&first| token.deprel == Deprel::Conj && parse.token(first).upos == Upos::Propn);
        let Some(first) = first.filter(|_| parse.by_relation(head, Deprel::Case).next().is_none()) else { break };
        head = first;
    }
    let token = parse.token(head);
    let Some(governor) = token.head else { return false };
    let before = parse.tokens_in(span).start.checked_sub(1).map_or("", |i| parse.lemma(Id::new(i)));
    if matches!(before, "in" | "at" | "near" | "from" | "around" | "outside" | "inside" | "across" | "into") {
        return false;
    }
    let verb = parse.token(governor).upos == Upos::Verb;
    let mut cases = parse.by_relation(head, Deprel::Case).map(|case| parse.lemma(case));
    match token.deprel {
        Deprel::Nsubj => verb && cases.next().is_none(),
        Deprel::NsubjPass | Deprel::Obj => verb && lexicon.addressing(parse.lemma(governor)),
        Deprel::Iobj | Deprel::OblAgent => true,
        _ if matches!(token.deprel.base(), Deprel::Obl | Deprel::Nmod) => {
            // "left for Tripoli", "bound for Tripoli": that way, not on its behalf.
            let bound = BOUND.contains(&parse.lemma(governor));
            cases.any(|case| match case {
                "for" => !bound,
                "by" | "toward" | "towards" => !bound && !PASSING.iter().any(|way| parse.lemma(governor).starts_with(way)),
                _ => matches!(case, "between" | "with" | "against"),
            })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
