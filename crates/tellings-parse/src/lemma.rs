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

/// Would the lemma spell its past form or participle otherwise? One short syllable doubles its last letter ("hop, hopped"),
/// so "hoped" is of "hope"; and what is cut off beside the ending must be that doubled letter ("wiped" is not of "wi").
fn misspelt(form: &str, lemma: &str) -> bool {
    let (form, lemma) = (form.as_bytes(), lemma.as_bytes());
    let Some(stem) = form.strip_suffix(b"ed").or_else(|| form.strip_suffix(b"ing")) else { return false };
    let vowel = |b: &u8| matches!(b.to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
    let [.., before, last] = lemma else { return false };
    let short = lemma.len() > 2
        && vowel(before)
        && !vowel(last)
        && !matches!(last, b'w' | b'x')
        && lemma.iter().filter(|b| vowel(b)).count() == 1;
    stem.len() == lemma.len() && short || stem.len() == lemma.len() + 1 && stem.starts_with(lemma) && stem.last() != Some(last)
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
            if misspelt(form, &out[from..]) {
                out.truncate(from);
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

#[cfg(test)]
mod tests {
    use super::misspelt;

    #[test]
    fn short_syllables_double_their_last_letter() {
        for (form, lemma) in [("hoped", "hop"), ("fined", "fin"), ("wiped", "wi"), ("hoping", "hop")] {
            assert!(misspelt(form, lemma), "{form} is not of {lemma}");
        }
        for (form, lemma) in [
            ("hoped", "hope"),
            ("hopped", "hop"),
            ("showed", "show"),
            ("fixed", "fix"),
            ("visited", "visit"),
            ("met", "meet"),
            ("asked", "ask"),
            ("seeing", "see"),
            ("fleeing", "flee"),
            ("looked", "look"),
            ("played", "play"),
        ] {
            assert!(!misspelt(form, lemma), "{form} is of {lemma}");
        }
    }
}
