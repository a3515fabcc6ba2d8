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
    for place in &mut places {
        place.associative = associative(tables.lexicon, parse, place.span);
        place.dateline = article.dateline.as_ref().is_some_and(|dateline| dateline.span.touches(place.span));
    }
    places
}

/// Is the place's government or people meant: it acts, or is addressed, rather than being where something is?
fn associative(lexicon: &Lexicon, parse: &Parse, span: Span) -> bool {
    let Some(head) = parse.head_of(span) else { return false };
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
            cases.any(|case| matches!(case, "between" | "with" | "by" | "against" | "toward" | "towards" | "for"))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests;
