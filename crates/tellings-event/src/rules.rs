//! Rule files: TOML text to compiled rules. The format is described in `docs/events.md`.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use tellings_doc::{Context, EventType, Mode, Realis};
use toml::Spanned;

/// What is wrong with a rule file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// The file's name, as given.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl std::error::Error for RuleError {}

/// Number of a lemma that some rule names; 0 = no rule names it.
pub(crate) type Word = u16;

/// A set of lemma classes, one bit each.
pub(crate) type Classes = u128;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    class: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    weapon: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    content: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    context: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    genre: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    private: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    tell: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawRule {
    name: String,
    #[serde(default)]
    verb: Vec<String>,
    #[serde(default)]
    noun: Vec<String>,
    #[serde(default)]
    adj: Vec<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    uncoded: Option<String>,
    #[serde(default)]
    modes: Vec<String>,
    #[serde(default)]
    contexts: Vec<String>,
    #[serde(default)]
    cameo: String,
    #[serde(default)]
    mutual: bool,
    actor: Option<Vec<String>>,
    recipient: Option<Vec<String>>,
    #[serde(default)]
    recipient_first: bool,
    #[serde(default)]
    subj: Vec<String>,
    #[serde(default)]
    not_subj: Vec<String>,
    #[serde(default)]
    obj: Vec<String>,
    #[serde(default)]
    not_obj: Vec<String>,
    #[serde(default)]
    comp: Vec<String>,
    #[serde(default)]
    not_comp: Vec<String>,
    #[serde(default)]
    modifier: Vec<String>,
    #[serde(default)]
    not_modifier: Vec<String>,
    #[serde(default)]
    light: Vec<String>,
    #[serde(default)]
    prep: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    any_prep: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    not_prep: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    voice: String,
    needs: Option<String>,
    #[serde(default)]
    content: bool,
    #[serde(default)]
    infinitive: bool,
    #[serde(default)]
    alone: bool,
    #[serde(default)]
    only_negated: bool,
    #[serde(default)]
    displaces: bool,
    realis: Option<String>,
    score: Option<f32>,
    #[serde(default)]
    must: Vec<String>,
    #[serde(default)]
    must_not: Vec<String>,
}

/// Where a participant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Who does it: the subject, or the agent of a passive.
    Subj,
    /// The object, or the subject of a passive.
    Obj,
    /// Who does what the clause tells that the noun is an adverbial of ("in cooperation with").
    Clause,
    /// Where somebody is for what the noun names ("was in Cairo on a visit").
    Host,
    /// The indirect object.
    Iobj,
    /// Subject of a clause that completes it.
    CompSubj,
    /// Possessor.
    Poss,
    /// A nationality, country or group before the noun.
    Mod,
    /// After this preposition.
    Prep(Word),
    /// Who is blamed for it, or claims it.
    Blamed,
}

/// What a word must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// This lemma.
    Word(Word),
    /// A lemma of this class.
    Class(u32),
    /// Somebody: a person, group, organisation or country.
    Human,
    /// A place name.
    Place,
    /// People by their nation or faith ("Serbians").
    People,
    /// Anything, as long as it is there.
    Any,
    /// Not there.
    None,
}

/// Which participants an event must have to be coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Actor,
    Recipient,
    Both,
    Either,
    Two,
    /// Coded only where an earlier sentence told the act.
    Told,
    Nothing,
}

/// Active, passive or either.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Voice {
    Any,
    Active,
    Passive,
}

/// Part of speech of a trigger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pos {
    Verb = 0,
    Noun,
    Adj,
}

/// What a rule makes of its trigger.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Verdict {
    Event(EventType),
    Refuse(&'static str),
}

#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// `event.NAME`
    pub(crate) name: String,
    pub(crate) verdict: Verdict,
    pub(crate) modes: Vec<Mode>,
    pub(crate) contexts: Vec<Context>,
    pub(crate) cameo: String,
    pub(crate) mutual: bool,
    pub(crate) actor: Option<Vec<Slot>>,
    pub(crate) recipient: Option<Vec<Slot>>,
    pub(crate) recipient_first: bool,
    pub(crate) subj: Vec<Test>,
    pub(crate) not_subj: Vec<Test>,
    pub(crate) obj: Vec<Test>,
    pub(crate) not_obj: Vec<Test>,
    pub(crate) comp: Vec<Test>,
    pub(crate) not_comp: Vec<Test>,
    pub(crate) modifier: Vec<Test>,
    pub(crate) not_modifier: Vec<Test>,
    pub(crate) light: Vec<Test>,
    pub(crate) prep: Vec<(Word, Vec<Test>)>,
    pub(crate) any_prep: Vec<(Word, Vec<Test>)>,
    pub(crate) not_prep: Vec<(Word, Vec<Test>)>,
    pub(crate) voice: Voice,
    pub(crate) needs: Needs,
    pub(crate) content: bool,
    /// The complement must be an infinitive.
    pub(crate) infinitive: bool,
    /// Names its participants itself; never filled from an earlier event.
    pub(crate) alone: bool,
    /// Codes only what is denied: "has not passed the bill" is a refusal that did happen.
    pub(crate) only_negated: bool,
    /// The number of its recipients is that of people displaced.
    pub(crate) displaces: bool,
    pub(crate) realis: Option<Realis>,
    pub(crate) score: f32,
    pub(crate) must: Vec<String>,
    pub(crate) must_not: Vec<String>,
    /// Where it is written: `FILE:LINE`.
    pub(crate) at: String,
}

/// A trigger: the rule and the particle its verb needs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trigger {
    pub(crate) rule: u32,
    pub(crate) particle: Word,
}

/// Reasons a rule can give for not coding, and those of the engine.
pub(crate) const REASONS: [&str; 16] = [
    "sport",
    "business",
    "film",
    "obituary",
    "recipe",
    "idiom",
    "crime statistics",
    "weather",
    "no actor",
    "no recipient",
    "not political",
    "science",
    "accident",
    "interview",
    "campaign",
    "question",
];

/// All rules, compiled.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    words: FxHashMap<String, Word>,
    /// Classes of each word.
    pub(crate) classes: Vec<Classes>,
    class_names: Vec<String>,
    /// By word and part of speech.
    pub(crate) triggers: Vec<[Vec<Trigger>; 3]>,
    pub(crate) rules: Vec<Rule>,
    /// Rules from this one on are a user's own, which are tried before those shipped.
    pub(crate) own_from: Option<u32>,
    /// What a word says of the weapon.
    pub(crate) weapons: Vec<(u32, Mode)>,
    /// What a word says of the content of a demand, a refusal or a threat.
    pub(crate) contents: Vec<(u32, String)>,
    pub(crate) contexts: Vec<(u32, Context)>,
    pub(crate) genres: Vec<(u32, &'static str)>,
    /// Who does no politics ("striker", "wolf"), with the reason.
    private: FxHashMap<Word, &'static str>,
    /// Words one of which shows what kind of text its sentence is, with the reason.
    tells: FxHashMap<Word, &'static str>,
    /// Verbs with a particle that some rule names.
    particles: FxHashSet<(Word, Word)>,
}

impl Table {
    /// Number of a lemma.
    pub(crate) fn word(&self, lemma: &str) -> Word {
        if let Some(&word) = self.words.get(lemma) {
            return word;
        }
        if lemma.bytes().any(|b| b.is_ascii_uppercase()) && lemma.len() <= 32 {
            let mut small = [0u8; 32];
            for (to, from) in small.iter_mut().zip(lemma.bytes()) {
                *to = from.to_ascii_lowercase();
            }
            let small = std::str::from_utf8(&small[..lemma.len()]).unwrap_or("");
            return self.words.get(small).copied().unwrap_or(0);
        }
        0
    }

    /// Is this a verb and its particle ("hand over")?
    pub(crate) fn phrasal(&self, verb: Word, particle: Word) -> bool {
        particle != 0 && self.particles.contains(&(verb, particle))
    }

    /// Why a word with this number is nobody who acts in politics.
    pub(crate) fn private(&self, word: Word) -> Option<&'static str> {
        self.private.get(&word).copied()
    }

    /// Of what kind of text this word is the sign.
    pub(crate) fn tell(&self, word: Word) -> Option<&'static str> {
        self.tells.get(&word).copied()
    }

    /// The class of that name, if any rule file defines it.
    pub(crate) fn class(&self, name: &str) -> Option<u32> {
        self.class_names.iter().position(|n| n == name).map(|n| n as u32)
    }

    fn intern(&mut self, lemma: &str) -> Word {
        if self.classes.is_empty() {
            self.classes.push(0);
            self.triggers.push(Default::default());
        }
        if let Some(&word) = self.words.get(lemma) {
            return word;
        }
        let word = self.classes.len().min(Word::MAX as usize) as Word;
        self.words.insert(lemma.to_string(), word);
        self.classes.push(0);
        self.triggers.push(Default::default());
        word
    }

    fn add_class(&mut self, name: &str, lemmas: &[String]) -> Result<u32, String> {
        let class = match self.class(name) {
            Some(class) => class,
            None if self.class_names.len() == 128 => return Err("more than 128 classes".to_string()),
            None => {
                self.class_names.push(name.to_string());
                self.class_names.len() as u32 - 1
            }
        };
        for lemma in lemmas {
            let word = self.intern(lemma);
            self.classes[word as usize] |= 1 << class;
        }
        Ok(class)
    }

    fn tests(&mut self, items: &[String]) -> Result<Vec<Test>, String> {
        items
            .iter()
            .map(|item| {
                Ok(match item.as_str() {
                    "#human" => Test::Human,
                    "#place" => Test::Place,
                    "#people" => Test::People,
                    "#any" => Test::Any,
                    "#none" => Test::None,
                    other => match other.strip_prefix('@') {
                        Some(class) => Test::Class(self.class(class).ok_or_else(|| format!("no class `{class}`"))?),
                        None => Test::Word(self.intern(other)),
                    },
                })
            })
            .collect()
    }

    fn slots(&mut self, items: &Option<Vec<String>>) -> Option<Vec<Slot>> {
        let slots = items.as_ref()?.iter().map(|item| match item.as_str() {
            "subj" => Slot::Subj,
            "obj" => Slot::Obj,
            "clause" => Slot::Clause,
            "host" => Slot::Host,
            "iobj" => Slot::Iobj,
            "comp-subj" => Slot::CompSubj,
            "poss" => Slot::Poss,
            "mod" => Slot::Mod,
            "blamed" => Slot::Blamed,
            prep => Slot::Prep(self.intern(prep)),
        });
        Some(slots.collect())
    }

    fn preps(&mut self, items: &BTreeMap<String, Vec<String>>) -> Result<Vec<(Word, Vec<Test>)>, String> {
        items.iter().map(|(prep, tests)| Ok((self.intern(prep), self.tests(tests)?))).collect()
    }

    /// Adds the rules of a file after those already there. Earlier rules of a trigger go first.
    pub(crate) fn add(&mut self, name: &str, text: &str) -> Result<(), RuleError> {
        let line = |offset: usize| 1 + text.as_bytes()[..offset.min(text.len())].iter().filter(|&&b| b == b'\n').count();
        let error = |offset: usize, message: String| RuleError { file: name.to_string(), line: line(offset), message };
        let file: File = toml::from_str(text).map_err(|e| error(e.span().map_or(0, |s| s.start), e.message().to_string()))?;
        for (class, lemmas) in &file.class {
            self.add_class(class, lemmas.get_ref()).map_err(|m| error(lemmas.span().start, m))?;
        }
        for (mode, lemmas) in &file.weapon {
            let at = |m| error(lemmas.span().start, m);
            let known = Mode::parse(mode).ok_or_else(|| at(format!("no mode `{mode}`")))?;
            let class = self.add_class(&format!("weapon.{mode}"), lemmas.get_ref()).map_err(at)?;
            self.weapons.push((class, known));
        }
        for (content, lemmas) in &file.content {
            let class =
                self.add_class(&format!("content.{content}"), lemmas.get_ref()).map_err(|m| error(lemmas.span().start, m))?;
            self.contents.push((class, content.clone()));
        }
        for (context, lemmas) in &file.context {
            let at = |m| error(lemmas.span().start, m);
            let known = Context::parse(context).ok_or_else(|| at(format!("no context `{context}`")))?;
            let class = self.add_class(&format!("context.{context}"), lemmas.get_ref()).map_err(at)?;
            self.contexts.push((class, known));
        }
        for (genre, lemmas) in &file.genre {
            let at = |m| error(lemmas.span().start, m);
            let known = REASONS.iter().find(|r| *r == genre).ok_or_else(|| at(format!("no reason `{genre}`")))?;
            let class = self.add_class(&format!("genre.{genre}"), lemmas.get_ref()).map_err(at)?;
            self.genres.push((class, known));
        }
        for (reason, lemmas, tell) in
            file.private.iter().map(|(r, l)| (r, l, false)).chain(file.tell.iter().map(|(r, l)| (r, l, true)))
        {
            let known = REASONS
                .iter()
                .find(|r| *r == reason)
                .ok_or_else(|| error(lemmas.span().start, format!("no reason `{reason}`")))?;
            for lemma in lemmas.get_ref() {
                let word = self.intern(lemma);
                if tell { &mut self.tells } else { &mut self.private }.insert(word, known);
            }
        }
        for raw in &file.rule {
            let at = format!("{name}:{}", line(raw.span().start));
            self.add_rule(raw.get_ref(), at)
                .map_err(|m| error(raw.span().start, format!("rule `{}`: {m}", raw.get_ref().name)))?;
        }
        Ok(())
    }

    /// Adds a trigger after those of its word, or, of a user's own rule, after the user's own ones.
    fn push_trigger(&mut self, word: Word, pos: Pos, trigger: Trigger) {
        let list = &mut self.triggers[word as usize][pos as usize];
        let at = match self.own_from {
            Some(own) => list.iter().take_while(|t| t.rule >= own).count(),
            None => list.len(),
        };
        list.insert(at, trigger);
    }

    fn add_rule(&mut self, raw: &RawRule, at: String) -> Result<(), String> {
        let verdict = match (&raw.kind, &raw.uncoded) {
            (Some(kind), None) => Verdict::Event(EventType::parse(kind).ok_or_else(|| format!("no event type `{kind}`"))?),
            (None, Some(reason)) => Verdict::Refuse(
                REASONS.iter().find(|r| *r == reason).ok_or_else(|| format!("no reason `{reason}`; one of {REASONS:?}"))?,
            ),
            _ => return Err("give one of `type` and `uncoded`".to_string()),
        };
        let modes = raw.modes.iter().map(|m| {
            let mode = Mode::parse(m).ok_or_else(|| format!("no mode `{m}`"))?;
            match &verdict {
                Verdict::Event(kind) if mode.score(*kind).is_none() => Err(format!("{} has no mode `{m}`", kind.as_str())),
                _ => Ok(mode),
            }
        });
        let modes = modes.collect::<Result<_, String>>()?;
        let contexts = raw
            .contexts
            .iter()
            .map(|c| Context::parse(c).ok_or_else(|| format!("no context `{c}`")))
            .collect::<Result<_, String>>()?;
        let needs = match (raw.needs.as_deref(), &verdict) {
            (Some("actor"), _) => Needs::Actor,
            (Some("recipient"), _) => Needs::Recipient,
            (Some("both"), _) => Needs::Both,
            (Some("either"), _) => Needs::Either,
            (Some("two"), _) => Needs::Two,
            (Some("nothing"), _) => Needs::Nothing,
            (Some("told"), _) => Needs::Told,
            (Some(other), _) => return Err(format!("no such need `{other}`")),
            (None, Verdict::Event(EventType::Assault | EventType::Coerce)) => Needs::Either,
            (None, Verdict::Event(EventType::Protest)) => Needs::Nothing,
            (None, _) => Needs::Actor,
        };
        let realis = match raw.realis.as_deref() {
            None => None,
            Some("actual") => Some(Realis::Actual),
            Some("future") => Some(Realis::Future),
            Some("hypothetical") => Some(Realis::Hypothetical),
            Some("negated") => Some(Realis::Negated),
            Some("historical") => Some(Realis::Historical),
            Some(other) => return Err(format!("no realis `{other}`")),
        };
        let voice = match raw.voice.as_str() {
            "" => Voice::Any,
            "active" => Voice::Active,
            "passive" => Voice::Passive,
            other => return Err(format!("no voice `{other}`")),
        };
        if raw.verb.is_empty() && raw.noun.is_empty() && raw.adj.is_empty() {
            return Err("no trigger: give `verb`, `noun` or `adj`".to_string());
        }
        let rule = Rule {
            name: format!("event.{}", raw.name),
            verdict,
            modes,
            contexts,
            cameo: raw.cameo.clone(),
            mutual: raw.mutual,
            actor: self.slots(&raw.actor),
            recipient: self.slots(&raw.recipient),
            recipient_first: raw.recipient_first,
            subj: self.tests(&raw.subj)?,
            not_subj: self.tests(&raw.not_subj)?,
            obj: self.tests(&raw.obj)?,
            not_obj: self.tests(&raw.not_obj)?,
            comp: self.tests(&raw.comp)?,
            not_comp: self.tests(&raw.not_comp)?,
            modifier: self.tests(&raw.modifier)?,
            not_modifier: self.tests(&raw.not_modifier)?,
            light: self.tests(&raw.light)?,
            prep: self.preps(&raw.prep)?,
            any_prep: self.preps(&raw.any_prep)?,
            not_prep: self.preps(&raw.not_prep)?,
            voice,
            needs,
            content: raw.content,
            infinitive: raw.infinitive,
            alone: raw.alone,
            only_negated: raw.only_negated,
            displaces: raw.displaces,
            realis,
            score: raw.score.unwrap_or(0.7).clamp(0.0, 1.0),
            must: raw.must.clone(),
            must_not: raw.must_not.clone(),
            at,
        };
        let number = self.rules.len() as u32;
        self.rules.push(rule);
        for (pos, lemmas) in [(Pos::Verb, &raw.verb), (Pos::Noun, &raw.noun), (Pos::Adj, &raw.adj)] {
            for lemma in lemmas {
                let mut words = Vec::new();
                for lemma in lemma.split(' ') {
                    match lemma.strip_prefix('@') {
                        Some(name) if words.is_empty() => {
                            let class = self.class(name).ok_or_else(|| format!("no class `{name}`"))?;
                            let of = (1..self.classes.len()).filter(|&w| self.classes[w] >> class & 1 == 1);
                            let of: Vec<Word> = of.map(|w| w as Word).collect();
                            for word in of {
                                self.push_trigger(word, pos, Trigger { rule: number, particle: 0 });
                            }
                            words.clear();
                            break;
                        }
                        _ => words.push(self.intern(lemma)),
                    }
                }
                if let Some(&word) = words.first() {
                    let particle = words.get(1).copied().unwrap_or(0);
                    if particle != 0 {
                        self.particles.insert((word, particle));
                    }
                    self.push_trigger(word, pos, Trigger { rule: number, particle });
                }
            }
        }
        Ok(())
    }
}
