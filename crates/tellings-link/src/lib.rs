//! Names to mentions, entities, actor codes, places and quantities, given a gazetteer and an actor table.

mod countries;
mod gazetteer;
mod mentions;
mod places;
mod quantities;

pub use countries::{Countries, Country, Reference};
pub use gazetteer::Gazetteer;

use tellings_doc::{Article, Link, Parse, Time};

/// Gazetteer, country table and actor table, opened.
#[derive(Debug)]
pub struct Linker {
    countries: Countries,
    gazetteer: Gazetteer,
}

impl Linker {
    /// The tables shipped with the program.
    pub fn shipped() -> Linker {
        Linker { countries: Countries::shipped(), gazetteer: Gazetteer::shipped() }
    }

    /// Mentions, entities, places and quantities of an article.
    pub fn link(&self, article: &Article, parse: &Parse, times: &[Time]) -> Link {
        let quantities = quantities::quantities(article, parse, times);
        let places = places::places(&self.gazetteer, &self.countries, article, parse);
        let (mentions, entities) = mentions::mentions(&self.countries, article, parse, times, &places);
        let as_of = article.published.as_ref().map(|published| published.range);
        Link { mentions, entities, places, quantities, as_of }
    }
}
