//! The lexicon of words that attribute.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

/// What a cue takes; see `data/cues.toml`.
pub(crate) const DIRECT: u16 = 1;
pub(crate) const CLAUSE: u16 = 2;
pub(crate) const TO: u16 = 4;
pub(crate) const THING: u16 = 8;
pub(crate) const AS: u16 = 16;
pub(crate) const BLAME: u16 = 32;
pub(crate) const TOLD: u16 = 64;
pub(crate) const MIND: u16 = 128;
pub(crate) const WEAK: u16 = 256;
pub(crate) const SAY: u16 = 512;

/// A word that attributes.
#[derive(Debug, Default)]
pub(crate) struct Cue {
    /// What it takes.
    pub(crate) takes: u16,
    /// Prepositions before what is said.
    pub(crate) prepositions: Vec<String>,
    /// Particles with which it is another cue ("point out").
    pub(crate) particles: Vec<(String, u16)>,
}

/// The lexicon.
#[derive(Debug)]
pub(crate) struct Cues {
    pub(crate) verbs: FxHashMap<String, Cue>,
    pub(crate) nouns: FxHashMap<String, Cue>,
    pub(crate) adjectives: FxHashMap<String, Cue>,
    pub(crate) bearers: FxHashSet<String>,
    pub(crate) people: FxHashSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    takes: Vec<String>,
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    verbs: Vec<Group>,
    nouns: Vec<Group>,
    adjectives: Vec<Group>,
    bearers: Words,
    people: Words,
}

fn table(groups: &[Group]) -> FxHashMap<String, Cue> {
    let mut table: FxHashMap<String, Cue> = FxHashMap::default();
    for group in groups {
        let takes = group.takes.iter().fold(0, |all, name| all | flag(name));
        for word in group.words.split_whitespace() {
            let (word, particle) = word.split_once('_').map_or((word, None), |(w, p)| (w, Some(p)));
            let cue = table.entry(word.to_string()).or_default();
            match particle {
                Some(particle) => cue.particles.push((particle.to_string(), takes)),
                None => {
                    // The least strict of its groups that take a clause or thing counts.
                    let strict = |t: u16| if t & MIND != 0 { 2 } else { u8::from(t & WEAK != 0) };
                    let old = (cue.takes & (CLAUSE | TO | THING) != 0).then(|| strict(cue.takes));
                    let new = (takes & (CLAUSE | TO | THING) != 0).then(|| strict(takes));
                    let least = old.into_iter().chain(new).min().unwrap_or(0);
                    cue.takes = (cue.takes | takes) & !(MIND | WEAK) | [0, WEAK, MIND][least as usize];
                    cue.prepositions.extend(group.takes.iter().filter_map(|t| t.strip_prefix(':')).map(str::to_string));
                }
            }
        }
    }
    table
}

fn flag(name: &str) -> u16 {
    match name {
        "direct" => DIRECT,
        "clause" => CLAUSE,
        "to" => TO,
        "thing" => THING,
        "as" => AS,
        "blame" => BLAME,
        "told" => TOLD,
        "mind" => MIND,
        "weak" => WEAK,
        "say" => SAY,
        _ => 0,
    }
}

impl Cues {
    /// Reads `data/cues.toml`, which is part of the program: a mistake in it is a mistake in the program.
    pub(crate) fn shipped() -> Cues {
        #[expect(clippy::expect_used, reason = "the file is compiled in; the tests read it")]
        let file: File = toml::from_str(include_str!("../data/cues.toml")).expect("data/cues.toml");
        let set = |words: &str| words.split_whitespace().map(str::to_string).collect();
        Cues {
            verbs: table(&file.verbs),
            nouns: table(&file.nouns),
            adjectives: table(&file.adjectives),
            bearers: set(&file.bearers.words),
            people: set(&file.people.words),
        }
    }
}
