//! Names to mentions, entities, actor codes and places, given a gazetteer and an actor table.

use tellings_doc::{Article, Link, Parse, Time};

/// Gazetteer and actor table, opened.
#[derive(Debug)]
pub struct Linker {}

impl Linker {
    /// The tables shipped with the program.
    pub fn shipped() -> Linker {
        Linker {}
    }

    /// Mentions, entities, places and quantities of an article.
    pub fn link(&self, article: &Article, parse: &Parse, times: &[Time]) -> Link {
        let _ = (article, parse, times);
        Link::default()
    }
}
