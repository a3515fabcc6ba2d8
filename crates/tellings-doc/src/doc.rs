//! The document: every layer of one report.

use crate::{Article, Event, Link, Parse, Problem, Speech, Time, Uncoded};

/// One report with every layer. Stages return layers; only the pipeline puts them together.
#[derive(Clone, Debug, Default)]
pub struct Doc {
    /// Id given by the user, or made from the input.
    pub id: String,
    /// The report: text, blocks, title, dates.
    pub article: Article,
    /// Sentences, tokens, trees, names.
    pub parse: Parse,
    /// Time expressions, in text order.
    pub times: Vec<Time>,
    /// Mentions, entities, places, quantities.
    pub link: Link,
    /// Quotes and claims.
    pub speech: Speech,
    /// Events, in text order.
    pub events: Vec<Event>,
    /// What was not coded, and why.
    pub uncoded: Vec<Uncoded>,
    /// Problems of all stages.
    pub problems: Vec<Problem>,
}

impl Doc {
    /// The clean text.
    pub fn text(&self) -> &str {
        &self.article.text
    }
}
