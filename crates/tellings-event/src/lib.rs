//! An annotated document to political events with participants, by rules.
//!
//! The rules are data (`rules/*.toml` at the root of the project): a trigger, what its arguments must be, and what it
//! then is. This crate knows grammar: whose act it is, whether it happened, when and where.

mod carry;
mod code;
mod facts;
mod realis;
mod rules;
mod tree;
mod when;
mod who;

#[cfg(test)]
mod tests;

pub use rules::RuleError;

use rules::Table;
use tellings_doc::{Article, Event, EventType, Link, Parse, Speech, Time, Uncoded};

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
}

/// A rule's own sentences: what it must code and what it must not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examples<'a> {
    /// The rule, as events name it (`event.meet`).
    pub rule: &'a str,
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
            kind: match r.verdict {
                rules::Verdict::Event(kind) => Some(kind),
                rules::Verdict::Refuse(_) => None,
            },
            must: &r.must,
            must_not: &r.must_not,
        })
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
        code::events(&self.table, article, parse, times, link, speech)
    }
}
