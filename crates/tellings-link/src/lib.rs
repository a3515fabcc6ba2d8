//! Names to mentions, entities, actor codes, places and quantities, given a gazetteer and an actor table.

mod actors;
mod antecedents;
mod coref;
mod countries;
mod dictionary;
mod entities;
mod gazetteer;
mod mentions;
mod names;
mod places;
mod quantities;
mod regions;

pub use actors::{Actors, Gender, Noun, Office, Organisation, Person, Term};
pub use antecedents::{FEATURES as PRONOUN_FEATURES, HIDDEN as PRONOUN_HIDDEN, PronounCase, PronounModel, PronounOption};
pub use countries::{Countries, Country, Reference, Standing};
pub use gazetteer::{
    BadGazetteer, Gazetteer, Parts as GazetteerParts, Row as GazetteerRow, Site, TooLarge, build as build_gazetteer, folded_name,
};
pub use regions::regions;
pub use tellings_nn::mapped;

use tellings_dict::ActorDictionary;
use tellings_doc::{Article, Link, Parse, Time};

/// Gazetteer, country table and actor table, opened.
#[derive(Debug)]
pub struct Linker {
    countries: Countries,
    gazetteers: Vec<Gazetteer>,
    lexicon: places::Lexicon,
    actors: Actors,
    /// A user's own actors and agents.
    dictionary: ActorDictionary,
}

impl Linker {
    /// The tables shipped with the program.
    pub fn shipped() -> Linker {
        let countries = Countries::shipped();
        let gazetteers = vec![table_gazetteer(&countries), Gazetteer::shipped()];
        let (lexicon, actors) = (places::Lexicon::shipped(), Actors::shipped());
        Linker { countries, gazetteers, lexicon, actors, dictionary: ActorDictionary::default() }
    }

    /// The same with a user's own dictionary of actors and agents, which goes before the tables shipped.
    pub fn with_dictionary(mut self, dictionary: ActorDictionary) -> Linker {
        self.dictionary = dictionary;
        self
    }

    /// The same with one more gazetteer, which is asked before the others; those beyond [`Linker::MOST_ADDED`] are left out.
    pub fn with_gazetteer(mut self, gazetteer: Gazetteer) -> Linker {
        if self.gazetteers.len() < places::MOST_GAZETTEERS {
            self.gazetteers.insert(0, gazetteer);
        }
        self
    }

    /// Gazetteers that can be added.
    pub const MOST_ADDED: usize = places::MOST_GAZETTEERS - 2;

    /// What each third-person pronoun of an article could stand for: what the pronoun model is trained on.
    pub fn pronouns(&self, article: &Article, parse: &Parse, times: &[Time]) -> Vec<PronounCase> {
        let tables = places::Tables { gazetteers: &self.gazetteers, countries: &self.countries, lexicon: &self.lexicon };
        let places = places::places(&tables, article, parse);
        let reader =
            mentions::Reader { actors: &self.actors, countries: &self.countries, article, parse, times, places: &places };
        entities::pronouns(&reader, &mentions::find(&reader))
    }

    /// Mentions, entities, places and quantities of an article.
    pub fn link(&self, article: &Article, parse: &Parse, times: &[Time]) -> Link {
        let tables = places::Tables { gazetteers: &self.gazetteers, countries: &self.countries, lexicon: &self.lexicon };
        let quantities = quantities::quantities(article, parse, times);
        let places = places::places(&tables, article, parse);
        let reader =
            mentions::Reader { actors: &self.actors, countries: &self.countries, article, parse, times, places: &places };
        let found = mentions::find(&reader);
        let (mut mentions, mut entities) = entities::entities(&reader, &found);
        let as_of = article.published.as_ref().map(|published| published.range);
        let mut codes = Vec::new();
        if !self.dictionary.is_empty() {
            codes = dictionary::codes(&self.dictionary, article, parse);
            dictionary::apply(&codes, &self.countries, &article.text, &mut mentions, &mut entities);
        }
        Link { mentions, entities, places, quantities, as_of, codes }
    }
}

/// Countries and the places of our own table, as a gazetteer.
pub fn own_gazetteer() -> Gazetteer {
    table_gazetteer(&Countries::shipped())
}

/// Countries and the places of our own table, which is kept apart from the large gazetteer so that it can grow without it.
fn table_gazetteer(countries: &Countries) -> Gazetteer {
    let mut rows = countries.rows();
    rows.extend(regions::regions().into_iter().filter(|row| row.feature != "ADM1"));
    Gazetteer::open(build_gazetteer(rows).into()).unwrap_or_else(|_| Gazetteer::empty())
}
