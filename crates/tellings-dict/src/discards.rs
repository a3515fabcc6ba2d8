//! Discard lists: phrases that rule out a sentence or a whole report.

use crate::lines::lines;
use crate::names::{Names, Spelling};
use crate::words::Words;
use crate::{BadLine, Report};

/// Phrases after which a sentence, or with `+` before them a report, is not coded.
#[derive(Clone, Debug, Default)]
pub struct Discards {
    names: Names,
    report: Vec<bool>,
}

impl Discards {
    /// Adds a file's phrases; the lines that could not be read.
    pub fn add(&mut self, file: &str, text: &str) -> Vec<BadLine> {
        let mut report = Report { file, bad: Vec::new() };
        let mut buffer = String::new();
        for (at, line) in lines(text) {
            let phrase = line.trim();
            let (whole, phrase) = phrase.strip_prefix('+').map_or((false, phrase), |rest| (true, rest));
            let joined = phrase.trim().replace(' ', "_");
            match Spelling::read(&joined, &mut self.names.words, &mut buffer) {
                Some(spelling) => {
                    let (_, new) = self.names.add(spelling);
                    if new {
                        self.report.push(whole);
                    }
                }
                None => report.add(at, format!("`{line}` has no words"), "one phrase a line, `+` before it for whole reports"),
            }
        }
        self.names.sort();
        report.bad
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.report.is_empty()
    }

    /// The words the phrases are made of.
    pub fn words(&self) -> &Words {
        &self.names.words
    }

    /// Whether a phrase stands in these words, and whether it rules out the whole report.
    pub fn find(&self, text: &[u32]) -> Option<bool> {
        (0..text.len())
            .filter_map(|from| self.names.longest(text, from, |_, _| false))
            .map(|(at, _)| self.report[at as usize])
            .max()
    }
}
