//! Names: people, organisations, places, peoples, buildings, events.
//!
//! A linear model over hashed features (words, their shape, neighbours, word clusters, lists of known names) scores every
//! word for every part of every kind of name; the best path through a sentence is taken. Weights are small integers in a
//! table that is used where it lies, so opening the model costs nothing and the same text gives the same names on every
//! machine. `docs/names.md` tells how it was trained and how far to trust it.

mod features;
mod lexicon;
mod path;

pub use features::{Mode, Sight, Word, features, lower_hash, word};
pub use lexicon::{Entry, Lexicon, Section, hash_phrase, phrase_start};
pub use path::{LABELS, Label, OUTSIDE, PARTS, Transitions};

use path::Lattice;
use tellings_doc::{Kind, Name, Sentence, Span, Token};

/// First bytes of a model file; the last one counts its format.
pub const MAGIC: [u8; 8] = *b"tlnames1";

/// The model of names, read in place.
#[derive(Clone, Debug)]
pub struct NameModel<'a> {
    /// What is known of single words and phrases.
    pub lexicon: Lexicon<'a>,
    checks: &'a [u8],
    rows: &'a [u8],
    slots: u64,
    transitions: Transitions,
    /// Score that stands for one natural logarithm of odds.
    unit: f32,
}

impl<'a> NameModel<'a> {
    /// The model in `bytes`; `None` where they are not one of this format.
    pub fn open(bytes: &'a [u8]) -> Option<NameModel<'a>> {
        let mut section = Section::new(bytes.strip_prefix(&MAGIC)?);
        let unit = section.u32()? as f32 / 256.0;
        let lexicon = Lexicon::open(&mut section)?;
        let transitions = Transitions::open(section.bytes(Transitions::BYTES)?)?;
        let slots = section.u32()? as usize;
        let checks = section.bytes(slots.checked_mul(2)?)?;
        let rows = section.bytes(slots.checked_mul(PARTS)?)?;
        (slots > 0).then_some(NameModel { lexicon, checks, rows, slots: slots as u64, transitions, unit })
    }

    /// The weights of a feature, one for each part of each kind; `None` where it has none.
    fn row(&self, feature: u64) -> Option<&[u8]> {
        let (mut slot, check) = place(feature, self.slots);
        loop {
            let at = slot as usize;
            let found = u16::from_le_bytes([*self.checks.get(2 * at)?, *self.checks.get(2 * at + 1)?]);
            if found == check {
                return self.rows.get(PARTS * at..PARTS * (at + 1));
            }
            if found == 0 {
                return None;
            }
            slot = if slot + 1 == self.slots { 0 } else { slot + 1 };
        }
    }
}

/// Slot and check of a feature in a table of `slots`: the check is never 0, which marks an empty slot. At least one slot
/// in the table must be empty.
pub fn place(feature: u64, slots: u64) -> (u64, u16) {
    let slot = ((u128::from(feature) * u128::from(slots)) >> 64) as u64;
    (slot, (feature as u16).max(1))
}

/// The names of a text, in text order; they do not overlap. `sentences` and `tokens` are the parse layer's: of the tokens
/// only the spans are read.
pub fn names(model: &NameModel<'_>, text: &str, sentences: &[Sentence], tokens: &[Token]) -> Vec<Name> {
    let mut found = Vec::new();
    let mut sight = Sight::default();
    let mut lattice = Lattice::default();
    for sentence in sentences {
        let tokens = tokens.get(sentence.tokens.clone()).unwrap_or_default();
        sight.read(&model.lexicon, tokens.iter().map(|token| token.span.of(text)));
        lattice.clear();
        for i in 0..sight.len() {
            let scores = lattice.push();
            features(&sight, i, |feature| {
                if let Some(row) = model.row(feature) {
                    for (score, weight) in scores.iter_mut().zip(row) {
                        *score += i32::from(*weight as i8);
                    }
                }
            });
        }
        lattice.best(&model.transitions);
        for (range, kind, margin) in lattice.names() {
            let span = tokens[range.start].span.join(tokens[range.end - 1].span);
            let odds = margin as f32 / model.unit.max(f32::MIN_POSITIVE);
            found.push(Name { span: tidy(text, span), kind, score: 1.0 / (1.0 + (-odds).exp()) });
        }
    }
    found
}

/// The span without marks at its ends that are not letters of the name.
fn tidy(text: &str, span: Span) -> Span {
    let piece = span.of(text);
    let start = piece.len() - piece.trim_start_matches(['"', '“', '‘', '(', '[', ' ', ',']).len();
    let end = piece.trim_end_matches(['"', '”', ')', ']', ' ', ',', ';', ':']).len();
    if start < end { Span::new(span.start() + start, span.start() + end) } else { span }
}

/// The kind of a label's name, by its number.
fn kind(number: usize) -> Kind {
    Kind::ALL.get(number).copied().unwrap_or(Kind::Misc)
}
