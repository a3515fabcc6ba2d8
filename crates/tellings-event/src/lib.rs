//! An annotated document to political events with participants, by rules.
//!
//! The rules are data (`rules/*.toml` at the root of the project): a trigger, what its arguments must be, and what it
//! then is. This crate knows grammar: whose act it is, whether it happened, when and where.

mod carry;
mod code;
mod facts;
pub mod quad;
mod realis;
mod rules;
mod tree;
mod verbs;
mod when;
mod who;

#[cfg(test)]
mod tests;

pub use rules::RuleError;

use rules::Table;
use tellings_dict::{Discards, VerbDictionary, pieces};
use tellings_doc::{Article, Event, EventType, Id, Link, Parse, Realis, Speech, Time, Token, Uncoded};

/// The rule files shipped with the program, in the order in which their rules are tried.
const SHIPPED: [(&str, &str); 8] = [
    ("rules/classes.toml", include_str!("../../../rules/classes.toml")),
    ("rules/refusals.toml", include_str!("../../../rules/refusals.toml")),
    ("rules/talks.toml", include_str!("../../../rules/talks.toml")),
    ("rules/agreement.toml", include_str!("../../../rules/agreement.toml")),
    ("rules/demands.toml", include_str!("../../../rules/demands.toml")),
    ("rules/pressure.toml", include_str!("../../../rules/pressure.toml")),
    ("rules/force.toml", include_str!("../../../rules/force.toml")),
    ("rules/contexts.toml", include_str!("../../../rules/contexts.toml")),
];

/// The event rules and lexicons, read once.
#[derive(Clone, Debug, Default)]
pub struct EventRules {
    table: Table,
    /// A user's own verbs, which code in place of the rules.
    verbs: VerbDictionary,
    /// A user's own phrases that rule out a sentence or a report.
    discards: Discards,
}

/// A rule's own sentences: what it must code and what it must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples<'a> {
    /// The rule, as events name it (`event.meet`).
    pub rule: &'a str,
    /// Where it is written: `FILE:LINE`.
    pub at: &'a str,
    /// What it codes; `None` of a refusal.
    pub kind: Option<EventType>,
    /// In each of these the rule codes an event (or, of a refusal, codes none and gives its reason).
    pub must: &'a [String],
    /// In none of these it does.
    pub must_not: &'a [String],
}

impl EventRules {
    /// The rules shipped with the program.
    ///
    /// # Panics
    /// If a shipped rule file does not compile; the tests of this crate compile them all.
    pub fn shipped() -> EventRules {
        let mut rules = EventRules::default();
        for (name, text) in SHIPPED {
            if let Err(error) = rules.table.add(name, text) {
                panic!("{error}");
            }
        }
        rules
    }

    /// Adds the rules of a file after those already there; says file and line of what is wrong with it.
    pub fn add(&mut self, name: &str, text: &str) -> Result<(), RuleError> {
        let mut table = self.table.clone();
        table.add(name, text)?;
        self.table = table;
        Ok(())
    }

    /// Puts the rules of files before those already there, in the order of the files; says file and line of what is wrong.
    /// A file with an error is left out.
    pub fn add_first(&mut self, files: &[(String, String)]) -> Vec<RuleError> {
        self.table.own_from.get_or_insert(self.table.rules.len() as u32);
        files.iter().filter_map(|(name, text)| self.add(name, text).err()).collect()
    }

    /// The own sentences of the rules that [`EventRules::add_first`] added.
    pub fn own_examples(&self) -> impl Iterator<Item = Examples<'_>> {
        self.examples().skip(self.table.own_from.map_or(usize::MAX, |own| own as usize))
    }

    /// The same with a user's own verb dictionary, which codes the events in place of the rules. Its actors are those that
    /// the user's actor dictionary codes.
    pub fn with_verbs(mut self, verbs: VerbDictionary) -> EventRules {
        self.verbs = verbs;
        self
    }

    /// The same with a user's own discard list: what it rules out is not coded, and says so.
    pub fn with_discards(mut self, discards: Discards) -> EventRules {
        self.discards = discards;
        self
    }

    /// Number of rules.
    pub fn len(&self) -> usize {
        self.table.rules.len()
    }

    /// Are there no rules?
    pub fn is_empty(&self) -> bool {
        self.table.rules.is_empty()
    }

    /// The rules' own sentences, in the order of the rules.
    pub fn examples(&self) -> impl Iterator<Item = Examples<'_>> {
        self.table.rules.iter().map(|r| Examples {
            rule: &r.name,
            at: &r.at,
            kind: match r.verdict {
                rules::Verdict::Event(kind) => Some(kind),
                rules::Verdict::Refuse(_) => None,
            },
            must: &r.must,
            must_not: &r.must_not,
        })
    }

    /// Did what each of these words tells happen? By the words alone, without dates and rules of events.
    pub fn realis(&self, article: &Article, parse: &Parse, link: &Link, words: &[Id<Token>]) -> Vec<Realis> {
        let trees = tree::Trees::new(&article.text, parse, &self.table, tree::Known::new(&self.table), link, &[]);
        words.iter().map(|word| realis::realis(&trees, word.index(), word.index())).collect()
    }

    /// Events of an article in text order, and what looked like one but was not coded.
    pub fn events(
        &self,
        article: &Article,
        parse: &Parse,
        times: &[Time],
        link: &Link,
        speech: &Speech,
    ) -> (Vec<Event>, Vec<Uncoded>) {
        let (mut events, mut uncoded) = code::events(&self.table, &self.verbs, article, parse, times, link, speech);
        if !self.discards.is_empty() {
            self.discard(article, parse, &mut events, &mut uncoded);
        }
        (events, uncoded)
    }

    /// Takes out the events of sentences, or of the whole report, that the discard list rules out.
    fn discard(&self, article: &Article, parse: &Parse, events: &mut Vec<Event>, uncoded: &mut Vec<Uncoded>) {
        const REASON: &str = "discard list";
        let (mut words, mut buffer) = (Vec::new(), String::new());
        let mut ruled_out: Vec<Option<bool>> = Vec::with_capacity(parse.sentences.len());
        for sentence in &parse.sentences {
            words.clear();
            for token in &parse.tokens[sentence.tokens.clone()] {
                pieces(token.span.of(&article.text), &mut buffer, |word| words.push(self.discards.words().get(word)));
            }
            ruled_out.push(self.discards.find(&words));
        }
        let whole = ruled_out.contains(&Some(true));
        let gone = |at: usize| whole || parse.sentence_at(at).is_some_and(|s| ruled_out[s].is_some());
        events.retain(|e| !gone(e.trigger.start()));
        uncoded.retain(|u| !gone(u.span.start()));
        for (sentence, found) in parse.sentences.iter().zip(&ruled_out) {
            if found.is_some() {
                uncoded.push(Uncoded { span: sentence.span, reason: REASON });
            }
        }
        uncoded.sort_by_key(|u| u.span);
    }
}
