//! Dictionary forms: a table of known words, and rules on the ends of words for the others.

use crate::tagger::Tag;
use crate::words::{hash, mix};
use tellings_nn::Table;

/// How a lemma is made from a word: small letters or as written, some bytes off the end, others put there.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rule {
    /// Put in small letters?
    pub lower: bool,
    /// Bytes to cut.
    pub cut: usize,
    /// What to put in their place.
    pub add: String,
}

impl Rule {
    /// The rule that makes `lemma` of `form`.
    pub fn between(form: &str, lemma: &str) -> Rule {
        let lowered = form.to_lowercase();
        let shared = |a: &str| a.bytes().zip(lemma.bytes()).take_while(|(x, y)| x == y).count();
        let lower = shared(&lowered) > shared(form);
        let base = if lower { lowered.as_str() } else { form };
        let mut keep = shared(base);
        while !(base.is_char_boundary(keep) && lemma.is_char_boundary(keep)) {
            keep -= 1;
        }
        Rule { lower, cut: base.len() - keep, add: lemma[keep..].to_string() }
    }

    /// Writes the lemma of `form` to `out`; false (and nothing written) where the rule does not fit.
    pub fn apply(&self, form: &str, out: &mut String) -> bool {
        let from = out.len();
        match self.lower {
            true if form.is_ascii() => out.extend(form.chars().map(|c| c.to_ascii_lowercase())),
            true => out.extend(form.chars().flat_map(char::to_lowercase)),
            false => out.push_str(form),
        }
        let Some(keep) = out.len().checked_sub(self.cut).filter(|&k| k >= from && out.is_char_boundary(k)) else {
            out.truncate(from);
            return false;
        };
        if keep == from && self.add.is_empty() {
            out.truncate(from);
            return false;
        }
        out.truncate(keep);
        out.push_str(&self.add);
        true
    }
}

/// Longest end of a word that rules look at.
pub const LONGEST: usize = 6;

/// Key of a whole word with its tag.
pub fn word_key(form: &str, tag: Tag) -> u64 {
    let case = form.starts_with(|c: char| c.is_ascii_uppercase()) as u64;
    mix(mix(hash(form.as_bytes()), tag.number()), 10 + case)
}

/// Key of the last `n` bytes of a word with its tag.
pub fn end_key(form: &[u8], n: usize, tag: Tag) -> u64 {
    let case = form.first().is_some_and(u8::is_ascii_uppercase) as u64;
    mix(mix(hash(&form[form.len() - n..]), tag.number()), 20 + n as u64 * 2 + case)
}

/// The best rule and the next best, packed for the table; `u16::MAX` for none.
pub fn pack(first: u16, second: u16) -> u32 {
    u32::from(first) | u32::from(second) << 16
}

/// Writes the lemma of `form` to `out`. Of the lemmas that rules make of an unknown word, the first that is itself a known
/// word is taken, else the first.
pub fn lemma(table: &Table<'_>, rules: &[Rule], known: &Table<'_>, form: &str, tag: Tag, out: &mut String) {
    let rules_of = |key: u64| {
        let packed = table.get(key).unwrap_or(u32::MAX);
        [packed & 0xffff, packed >> 16].map(|n| rules.get(n as usize))
    };
    if let Some(lemma) = crate::irregular::lemma(form, tag) {
        out.push_str(lemma);
        return;
    }
    if let [Some(rule), _] = rules_of(word_key(form, tag))
        && rule.apply(form, out)
    {
        return;
    }
    let from = out.len();
    let mut first = None;
    for n in (0..=LONGEST.min(form.len())).rev() {
        for rule in rules_of(end_key(form.as_bytes(), n, tag)).into_iter().flatten() {
            if !rule.apply(form, out) {
                continue;
            }
            let same = rule.cut == 0 && rule.add.is_empty();
            if same && first.is_none() || !same && known.get(hash(&out.as_bytes()[from..])).is_some() {
                return;
            }
            first = first.or(Some(rule));
            out.truncate(from);
        }
    }
    if !first.is_some_and(|rule| rule.apply(form, out)) {
        out.push_str(form);
    }
}
