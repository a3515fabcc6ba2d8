//! An annotated document to quotes with speakers, and claims.

use tellings_doc::{Article, Link, Parse, Speech};

/// Cue lexicon and claim rules, read once.
#[derive(Debug)]
pub struct SpeechRules {}

impl SpeechRules {
    /// The rules shipped with the program.
    pub fn shipped() -> SpeechRules {
        SpeechRules {}
    }

    /// Quotes and claims of an article.
    pub fn speech(&self, article: &Article, parse: &Parse, link: &Link) -> Speech {
        let _ = (article, parse, link);
        Speech::default()
    }
}
