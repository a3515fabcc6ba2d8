//! Text to sentences, tokens, tags, lemmas, heads and names.

use tellings_doc::{Article, Parse};

/// The trained models of this stage, opened.
#[derive(Debug)]
pub struct Parser {}

impl Parser {
    /// The models shipped with the program.
    pub fn shipped() -> Parser {
        Parser {}
    }

    /// Sentences, words, trees and names of an article. Sentences never cross blocks; every byte that is not white
    /// space belongs to a token, in all blocks.
    pub fn parse(&self, article: &Article) -> Parse {
        let _ = article;
        Parse::default()
    }
}
