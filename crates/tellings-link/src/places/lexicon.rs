//! Word lists that tell places from other names.

use rustc_hash::FxHashSet;

/// The lists of `data/places/words.txt`.
#[derive(Debug)]
pub(crate) struct Lexicon {
    locative: FxHashSet<&'static str>,
    within: FxHashSet<&'static str>,
    title: FxHashSet<&'static str>,
    lead: FxHashSet<&'static str>,
    follow: FxHashSet<&'static str>,
    given: FxHashSet<&'static str>,
    common: FxHashSet<&'static str>,
    generic: FxHashSet<&'static str>,
    direction: FxHashSet<&'static str>,
    town: FxHashSet<&'static str>,
    not_before: FxHashSet<&'static str>,
    never: FxHashSet<&'static str>,
    namesake: FxHashSet<&'static str>,
    addressing: FxHashSet<&'static str>,
}

impl Lexicon {
    /// The lists shipped with the program.
    pub(crate) fn shipped() -> Lexicon {
        let file = include_str!("../../data/places/words.txt");
        let list = |name: &str| {
            let lines =
                file.lines().skip_while(|line| line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) != Some(name)).skip(1);
            lines
                .take_while(|line| !line.starts_with('['))
                .filter(|l| !l.starts_with('#'))
                .flat_map(str::split_whitespace)
                .collect()
        };
        Lexicon {
            locative: list("locative"),
            within: list("within"),
            title: list("title"),
            lead: list("lead"),
            follow: list("follow"),
            given: list("given"),
            common: list("common"),
            generic: list("generic"),
            direction: list("direction"),
            town: list("town"),
            not_before: list("not-before"),
            never: list("never"),
            namesake: list("namesake"),
            addressing: list("addressing"),
        }
    }

    /// Does the word say that a place follows ("in", "near")?
    pub(crate) fn locative(&self, word: &str) -> bool {
        self.locative.contains(word)
    }

    /// Can the word stand between a place and the one it lies in ("Malakal in northern South Sudan")?
    pub(crate) fn within(&self, word: &str) -> bool {
        self.within.contains(word)
    }

    /// Does a person's name follow ("Mr", "Senator")?
    pub(crate) fn title(&self, word: &str) -> bool {
        self.title.contains(word)
    }

    /// A capitalised word that can stand before a place name without being part of a longer name ("Northern", "Mayor").
    pub(crate) fn lead(&self, word: &str) -> bool {
        self.lead.contains(word)
    }

    /// A capitalised word that can stand behind a place name without being part of a longer name ("Governor", "Monday").
    pub(crate) fn follow(&self, word: &str) -> bool {
        self.follow.contains(word)
    }

    /// A given name ("Paris Hilton" does not have one, "Michael Jordan" does).
    pub(crate) fn given(&self, word: &str) -> bool {
        self.given.contains(word)
    }

    /// A word that is hardly ever a place although some place is called so ("Of", "March").
    pub(crate) fn common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// A word that says what kind of place its neighbour is ("Province", "River").
    pub(crate) fn generic(&self, word: &str) -> bool {
        self.generic.contains(word)
    }

    /// A point of the compass, or a like word, before a name ("North", "Greater").
    pub(crate) fn direction(&self, word: &str) -> bool {
        self.direction.contains(word)
    }

    /// A word before whose "of" a place name follows ("town of").
    pub(crate) fn town_word(&self, word: &str) -> bool {
        self.town.contains(word)
    }

    /// A name that is no place of this earth, or of no map ("Mars", "Parliament").
    pub(crate) fn never(&self, word: &str) -> bool {
        self.never.contains(word)
    }

    /// A place that people are named after ("Jordan", "Paris").
    pub(crate) fn namesake(&self, word: &str) -> bool {
        self.namesake.contains(word)
    }

    /// A verb whose object is addressed or judged, not moved to or struck ("accuse", "urge").
    pub(crate) fn addressing(&self, lemma: &str) -> bool {
        self.addressing.contains(lemma)
    }

    /// Does the text go on with a word that makes the place name before it another name ("virus", "University")?
    pub(crate) fn never_before(&self, rest: &str) -> bool {
        let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
        self.not_before.contains(&rest[..end])
    }
}
