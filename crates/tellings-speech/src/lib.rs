//! An annotated document to quotes with speakers, and claims.
//!
//! Quotation marks are paired on the text alone ([`marks`]); a lexicon of cues and the trees say who says what
//! ([`frame`]); both together make quotes ([`quote`]). Claims come from rules over words that name an act and over
//! clauses that are said ([`claim`]), and from labels given in passing ([`label`]). Lexicons and rules are the TOML files in `data/`.

mod claim;
mod cue;
mod frame;
mod label;
mod marks;
mod quote;
mod stance;
#[cfg(test)]
mod tests;
mod tree;

pub use claim::Example;
pub use stance::{Evidence, Stance, stances};

use tellings_doc::{Article, Link, Parse, Speech, Time};

/// Cue lexicon and claim rules, read once.
#[derive(Debug)]
pub struct SpeechRules {
    cues: cue::Cues,
    rules: claim::Rules,
}

impl SpeechRules {
    /// The rules shipped with the program.
    pub fn shipped() -> SpeechRules {
        SpeechRules { cues: cue::Cues::shipped(), rules: claim::Rules::shipped() }
    }

    /// The examples that the claim rules carry: sentences that each rule must and must not match.
    pub fn examples(&self) -> &[Example] {
        self.rules.examples()
    }

    /// Quotes and claims of an article, whose time expressions are in text order.
    pub fn speech(&self, article: &Article, parse: &Parse, times: &[Time], link: &Link) -> Speech {
        if parse.tokens.is_empty() {
            return Speech::default();
        }
        let trees = tree::Trees::new(article, parse, link);
        let marked = marks::marked(article);
        let mut frames = frame::frames(&trees, &self.cues);
        let mut said = quote::quotes(&trees, &self.cues, &marked, &mut frames);
        said.iter_mut().for_each(|s| s.quote.time = quote::time(&trees, times, &s.quote));
        let claims = claim::claims(&trees, &self.cues, &self.rules, &said);
        Speech { quotes: said.into_iter().map(|s| s.quote).collect(), claims }
    }
}
