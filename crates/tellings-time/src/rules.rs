//! The rule table, read from `data/rules.toml` once, and indexed by what a match can start with.

use crate::pattern::{Openings, Pattern};
use crate::words::{Class, Words};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How a rule's match is read; see [`crate::reading`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Reading {
    /// Fields of the calendar and the clock; those that are missing come from the context.
    Calendar,
    /// A month alone: a calendar reading if the word before it allows.
    Month,
    /// A year alone, a weekday alone, a day alone, likewise.
    Year,
    YearShort,
    Weekday,
    DayAlone,
    /// A feast by its number; see [`crate::holidays`].
    Holiday,
    /// The n-th such weekday of a month.
    Nth,
    /// Amounts of several units.
    Compound,
    /// Three numbers between slashes.
    Numeric,
    Decade,
    Century,
    /// This, last, next, that, the previous … unit or part of the day.
    Shift,
    /// An amount ago, later, earlier.
    Offset,
    Duration,
    Set,
    Ref,
    /// A day, week or night told only by an event: "the day before the vote".
    Anchored,
}

/// The kind of expression that another goes on from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum After {
    /// A day of a month.
    Day,
    /// A year.
    Year,
    /// A season.
    Season,
}

/// A rule.
#[derive(Debug)]
pub(crate) struct Rule {
    /// `date.day`, as `Time::rule` says it after `time.`.
    pub(crate) name: String,
    pub(crate) pattern: Pattern,
    pub(crate) openings: Openings,
    pub(crate) reading: Reading,
    /// What it goes on from, if it does ("March 5 to *9*"): it inherits that one's larger fields.
    pub(crate) after: Option<After>,
}

#[derive(Deserialize)]
struct File {
    parts: BTreeMap<String, String>,
    rule: Vec<Row>,
}

#[derive(Deserialize)]
#[cfg_attr(not(test), allow(dead_code))]
pub(crate) struct Row {
    pub(crate) name: String,
    #[serde(rename = "match")]
    pub(crate) pattern: String,
    read: Reading,
    after: Option<After>,
    #[serde(default)]
    pub(crate) yes: Vec<String>,
    #[serde(default)]
    pub(crate) no: Vec<String>,
}

/// Vocabulary and rules.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) words: Words,
    pub(crate) rules: Vec<Rule>,
    /// Rules that may start with a class, by class.
    by_class: Vec<Vec<u16>>,
    /// Rules that may start with a word, by its number.
    by_word: Vec<Vec<u16>>,
    /// Classes that some rule starts with.
    pub(crate) starting: u64,
}

static SHIPPED: LazyLock<Rules> = LazyLock::new(Rules::build);

impl Rules {
    /// The shipped table: immutable, made once.
    pub(crate) fn shipped() -> &'static Rules {
        &SHIPPED
    }

    /// The rows of the rule file, with their examples.
    pub(crate) fn rows() -> (BTreeMap<String, String>, Vec<Row>) {
        let file: File =
            toml::from_str(include_str!("../data/rules.toml")).expect("the shipped rules are sound: a test reads them");
        (file.parts, file.rule)
    }

    fn build() -> Rules {
        let (parts, rows) = Rules::rows();
        let mut words = Words::shipped();
        let mut patterns = Vec::new();
        for row in rows {
            match Pattern::compile(&row.pattern, &parts, &mut words) {
                Ok(pattern) => patterns.push((row, pattern)),
                Err(error) => panic!("time rule `{}`: {error}", row.name),
            }
        }
        // Only now is every literal word known.
        let mut rules = Vec::new();
        for (row, pattern) in patterns {
            let openings = pattern.openings(words.len());
            rules.push(Rule { name: format!("time.{}", row.name), pattern, openings, reading: row.read, after: row.after });
        }
        let mut by_class = vec![Vec::new(); Class::ALL.len()];
        let mut by_word = vec![Vec::new(); words.len() / 64 * 64 + 64];
        let mut starting = 0;
        for (i, rule) in rules.iter().enumerate() {
            let first = &rule.openings.first;
            starting |= first.classes;
            for &(class, _) in Class::ALL {
                if first.classes & class.bit() != 0 {
                    by_class[class as usize].push(i as u16);
                }
            }
            for word in first.words() {
                by_word[word].push(i as u16);
            }
        }
        for rules in by_class.iter_mut().chain(&mut by_word) {
            rules.sort_unstable();
            rules.dedup();
        }
        Rules { words, rules, by_class, by_word, starting }
    }

    /// Fills `into` with the rules that may start at a unit of these classes and this word, in the table's order.
    pub(crate) fn candidates(&self, classes: u64, word: u16, into: &mut Vec<u16>) {
        into.clear();
        let mut bits = classes & self.starting;
        while bits != 0 {
            into.extend(&self.by_class[bits.trailing_zeros() as usize]);
            bits &= bits - 1;
        }
        if word != 0 {
            into.extend(&self.by_word[word as usize]);
        }
        into.sort_unstable();
        into.dedup();
    }
}
