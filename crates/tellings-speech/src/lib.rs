//! An annotated document to quotes with speakers, and claims.

mod cue;
mod frame;
mod marks;
mod quote;
mod tree;

use tellings_doc::{Article, Link, Parse, Speech};

/// Cue lexicon and claim rules, read once.
#[derive(Debug)]
pub struct SpeechRules {
    cues: cue::Cues,
}

impl SpeechRules {
    /// The rules shipped with the program.
    pub fn shipped() -> SpeechRules {
        SpeechRules { cues: cue::Cues::shipped() }
    }

    /// Quotes and claims of an article.
    pub fn speech(&self, article: &Article, parse: &Parse, link: &Link) -> Speech {
        if parse.tokens.is_empty() {
            return Speech::default();
        }
        let trees = tree::Trees::new(article, parse, link);
        let marked = marks::marked(article);
        let frames = frame::frames(&trees, &self.cues);
        let said = quote::quotes(&trees, &self.cues, &marked, &frames);
        Speech { quotes: said.into_iter().map(|s| s.quote).collect(), claims: Vec::new() }
    }
}
