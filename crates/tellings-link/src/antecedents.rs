//! Pronouns: what "he", "she", "it" and "they" stand for.
//!
//! Each entity named near the pronoun is scored by a small network (one hidden layer) over features of the two places in the
//! text; the best one is taken if it is sure enough. The weights are in `data/actors/pronouns.tsv`.

use crate::actors::Gender;
use crate::coref::{expletive, group, speaker};
use crate::entities::{Actor, Resolver, SAYING};
use crate::mentions::{Candidate, Number, Part, Pronoun, Reader, What};
use tellings_doc::{Deprel, Form, Kind, Span, Upos, Xpos};

/// Sentences that are looked back on.
const BACK: usize = 4;

/// Sentences after the pronoun's that are looked into for a person who is named only later.
const AHEAD: usize = 3;

/// Most things that one pronoun may choose among.
const MOST: usize = 40;

/// What may stand for a pronoun.
#[derive(Clone, Debug)]
enum Choice {
    /// An entity.
    Actor(usize),
    /// Entities named together.
    Group(Vec<usize>),
    /// A noun that names no agent.
    Thing,
}

/// One of the things that may stand for it: the choice, the candidate that names it, and what speaks for it.
struct Candidacy {
    choice: Choice,
    at: usize,
    features: Features,
}

/// A pronoun: the best of what stands around it, if the model is sure enough.
pub(crate) fn pronoun(resolver: &mut Resolver<'_, '_>, at: usize, pronoun: Pronoun) {
    if pronoun.person != 3 {
        return speaker(resolver, at, pronoun);
    }
    let me = resolver.candidate(at).clone();
    if pronoun.neuter && expletive(resolver, me.token) {
        resolver.rules[at] = "link.unresolved.expletive";
        return;
    }
    let class = if pronoun.neuter {
        1
    } else if me.number == Number::Plural {
        2
    } else {
        0
    };
    let speaker = me.quote.filter(|_| class == 0).and_then(|quote| resolver.speaker(quote)).and_then(|said| resolver.links[said]);
    let mut options = options(resolver, at, &me, pronoun, class);
    if class == 0 {
        options.retain(
            |option| !matches!(option.choice, Choice::Actor(actor) if Some(actor) == speaker || says_i(resolver, actor, &me)),
        );
    }
    if class == 0 {
        options.retain(|option| !matches!(option.choice, Choice::Actor(actor) if named_below(resolver, actor, at, &me)));
    }
    compare(resolver, at, &me, class, &mut options);
    let model = &resolver.table().pronouns[class];
    let scores: Vec<f32> = options.iter().map(|option| model.score(&option.features)).collect();
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let total: f32 = scores.iter().map(|s| (s - top).exp()).sum();
    let best = scores.iter().position(|&s| s == top).map(|best| goes_on(resolver, &me, &options, best).unwrap_or(best));
    if resolver.trace.is_some() {
        let case = trace(resolver, at, &me, class, &options);
        resolver.trace.as_mut().into_iter().for_each(|trace| trace.push(case.clone()));
    }
    let Some(best) = best else { return };
    if 1.0 / total < model.floor {
        resolver.rules[at] = "link.unresolved.two-candidates";
        return;
    }
    let actor = match options.swap_remove(best).choice {
        Choice::Thing => {
            resolver.rules[at] = "link.unresolved.not-an-actor";
            return;
        }
        Choice::Actor(actor) => actor,
        Choice::Group(members) => group(resolver, members),
    };
    resolver.link(at, actor, "link.pronoun");
    if class == 0 {
        resolver.is_somebody(actor, me.gender);
        resolver.last_gendered[usize::from(me.gender == Gender::Female)] = Some((actor, me.sentence));
    }
}

/// Is somebody named in what the pronoun's own verb governs? "He called Kerry …" is not said of Kerry (Principle C).
fn named_below(resolver: &Resolver<'_, '_>, actor: usize, at: usize, me: &Candidate) -> bool {
    let reader = resolver.reader;
    let Some(verb) = reader.head(me.token).filter(|_| me.part == Part::Subject) else { return false };
    let mentions = &resolver.actors[actor].mentions;
    let later = mentions.iter().skip(mentions.partition_point(|&m| m <= at)).take(4).map(|&m| resolver.candidate(m));
    later.filter(|other| other.form == Form::Name && other.sentence == me.sentence && other.token > me.token).any(|other| {
        let mut climb = other.token;
        for _ in 0..16 {
            // Beside the clause, not in it; "according to Kerry" says who tells it.
            if matches!(reader.deprel(climb).base(), Deprel::Parataxis | Deprel::Conj)
                || reader.dependents(climb).any(|d| reader.lemma(d).starts_with("accord"))
            {
                return false;
            }
            match reader.head(climb) {
                Some(head) if head == verb => return true,
                Some(head) => climb = head,
                None => return false,
            }
        }
        false
    })
}

/// "Biden called Trump's plan a danger. He described it as …": who spoke in the sentence before speaks on, rather than somebody whom
/// that sentence only names.
fn goes_on(resolver: &Resolver<'_, '_>, me: &Candidate, options: &[Candidacy], best: usize) -> Option<usize> {
    const SAYS: [&str; 24] = [
        "say", "tell", "add", "argue", "call", "describe", "claim", "explain", "note", "warn", "write", "tweet", "state",
        "insist", "accuse", "announce", "urge", "ask", "deny", "admit", "promise", "suggest", "express", "declare",
    ];
    let reader = resolver.reader;
    let says = |token: usize| reader.head(token).filter(|&v| SAYS.contains(&reader.lemma(v).to_ascii_lowercase().as_str()));
    if me.part != Part::Subject || me.quote.is_some() || says(me.token).is_none() {
        return None;
    }
    let chosen = resolver.candidate(options[best].at);
    let named = |o: &Candidacy| resolver.candidate(o.at);
    // The name that was chosen only belongs to something there ("Trump's plan").
    if chosen.sentence + 1 != me.sentence || chosen.part != Part::Possessor || chosen.quote.is_some() {
        return None;
    }
    let spoke = |o: &&Candidacy| {
        let other = named(o);
        matches!(o.choice, Choice::Actor(_))
            && other.sentence + 1 == me.sentence
            && other.part == Part::Subject
            && says(other.token).is_some_and(|v| reader.deprel(v) == Deprel::Root)
    };
    let mut speakers = options.iter().enumerate().filter(|(_, o)| spoke(o));
    let first = speakers.next()?.0;
    speakers.next().is_none().then_some(first)
}

/// Does the quotation that holds a "he" or "she" have this one say "I"? Nobody speaks of himself as both.
fn says_i(resolver: &Resolver<'_, '_>, actor: usize, me: &Candidate) -> bool {
    me.quote.is_some()
        && resolver.actors[actor].mentions.iter().rev().take(40).any(|&m| {
            let other = resolver.candidate(m);
            other.quote == me.quote && matches!(other.what, What::Pronoun(Pronoun { person: 1, .. }))
        })
}

/// All that the pronoun may stand for, nearest first; then people who are named only after it.
fn options(resolver: &Resolver<'_, '_>, at: usize, me: &Candidate, pronoun: Pronoun, class: usize) -> Vec<Candidacy> {
    let mut options: Vec<Candidacy> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for earlier in (0..at).rev() {
        let other = resolver.candidate(earlier);
        if other.sentence + BACK < me.sentence || options.len() > MOST {
            break;
        }
        if class == 2
            && let Some(members) = resolver.coordination(earlier)
            && let Some(features) = features(resolver, at, me, pronoun, members[0], None, Some(&members))
        {
            let actors: Vec<usize> = members.iter().filter_map(|&m| resolver.links[m]).collect();
            options.push(Candidacy { choice: Choice::Group(actors), at: earlier, features });
        }
        let actor = resolver.links[earlier].or(resolver.maybes[earlier]);
        if actor.is_some_and(|actor| seen.contains(&actor)) || actor.is_none() && other.what != What::Thing {
            continue;
        }
        let Some(features) = features(resolver, at, me, pronoun, earlier, actor, None) else { continue };
        seen.extend(actor);
        options.push(Candidacy { choice: actor.map_or(Choice::Thing, Choice::Actor), at: earlier, features });
    }
    if class == 0 {
        for later in at + 1..resolver.found.candidates.len() {
            let other = resolver.candidate(later);
            if other.sentence > me.sentence + AHEAD || options.len() > MOST {
                break;
            }
            let actor = resolver.links[later].or(resolver.maybes[later]).filter(|_| other.form == Form::Name);
            let Some(actor) = actor.filter(|actor| !seen.contains(actor)) else { continue };
            let Some(features) = features(resolver, at, me, pronoun, later, Some(actor), None) else { continue };
            seen.push(actor);
            options.push(Candidacy { choice: Choice::Actor(actor), at: later, features });
        }
    }
    options
}

/// Adds what only the comparison of all options tells.
fn compare(resolver: &Resolver<'_, '_>, at: usize, me: &Candidate, class: usize, options: &mut [Candidacy]) {
    for (rank, option) in options.iter_mut().take(2).enumerate() {
        option.features[39 + rank] = 1.0;
    }
    let frequency = |option: &Candidacy| match option.choice {
        Choice::Actor(actor) => resolver.actors[actor].mentions.iter().take(30).filter(|&&m| m < at).count(),
        _ => 0,
    };
    let most = options.iter().map(frequency).max().unwrap_or(0);
    let start = |option: &Candidacy| match option.choice {
        Choice::Actor(actor) => resolver.actors[actor].mentions.first().copied(),
        _ => None,
    };
    let first = options.iter().filter_map(start).min();
    for option in options.iter_mut() {
        option.features[41] = f32::from(most > 1 && frequency(option) == most);
        option.features[42] = f32::from(first.is_some() && start(option) == first);
    }
    if class != 0 {
        return;
    }
    whose_verb(resolver, at, me, options);
    let named = |option: &Candidacy| match option.choice {
        Choice::Actor(actor) => {
            let mentions = resolver.actors[actor].mentions.iter().take(60);
            mentions.filter(|&&m| resolver.candidate(m).form == Form::Name).count()
        }
        _ => 0,
    };
    let most_named = options.iter().map(named).max().unwrap_or(0).max(1);
    let before = options.iter().filter(|o| o.at < at).count();
    let last_subject = options.iter().position(|o| o.at < at && resolver.candidate(o.at).part == Part::Subject);
    let last_name = options.iter().position(|o| o.at < at && resolver.candidate(o.at).form == Form::Name);
    for (rank, option) in options.iter_mut().enumerate() {
        let names = named(option);
        let f = &mut option.features;
        f[48] = (rank.min(6) as f32) / 6.0;
        f[49] = names as f32 / most_named as f32;
        f[50] = f32::from(most_named > 1 && names == most_named);
        f[51] = f32::from(Some(rank) == last_subject);
        f[52] = f32::from(Some(rank) == last_name);
        f[53] = f32::from(option.at > at && before == 0);
        f[54] = f32::from(option.at > at && before > 0);
        f[55] = f32::from(before == 1 && option.at < at);
        if let Choice::Actor(actor) = option.choice
            && let Some((last, sentence)) = resolver.last_gendered[usize::from(me.gender == Gender::Female)]
        {
            f[56] = f32::from(last == actor && sentence == me.sentence);
            f[57] = f32::from(last == actor && sentence + 1 == me.sentence);
            f[58] = f32::from(last == actor && sentence + 1 < me.sentence && sentence + 4 > me.sentence);
            f[59] = f32::from(last != actor && sentence + 1 >= me.sentence);
        }
    }
}

/// Adds who the subject of the pronoun's verb is, and who is named again after the pronoun.
fn whose_verb(resolver: &Resolver<'_, '_>, at: usize, me: &Candidate, options: &mut [Candidacy]) {
    let reader = resolver.reader;
    let entity = |token: usize| {
        let candidate = resolver.at_token(token).filter(|&c| c != at)?;
        resolver.links[candidate].or(resolver.maybes[candidate])
    };
    let direct = reader.head(me.token).filter(|_| matches!(me.part, Part::Object | Part::Oblique));
    let own = direct.and_then(|verb| subject(reader, verb)).filter(|&token| token != me.token).and_then(entity);
    let mut above = None;
    let mut climb = me.token;
    for _ in 0..6 {
        let Some(head) = reader.head(climb) else { break };
        if reader.token(head).upos == Upos::Verb && climb != me.token {
            above = subject(reader, head).filter(|&token| token != climb && token != me.token).and_then(entity);
            break;
        }
        climb = head;
    }
    for option in options.iter_mut() {
        let Choice::Actor(actor) = option.choice else { continue };
        option.features[113] = f32::from(own == Some(actor));
        option.features[114] = f32::from(above == Some(actor));
        option.features[115] = f32::from(above == Some(actor) && me.part == Part::Possessor);
        let mentions = &resolver.actors[actor].mentions;
        let next = mentions.partition_point(|&m| m <= at);
        for &later in mentions.iter().skip(next).take(4) {
            let other = resolver.candidate(later);
            if other.form != Form::Name || other.sentence > me.sentence + 1 {
                continue;
            }
            if other.sentence > me.sentence {
                option.features[112] = 1.0;
                continue;
            }
            let verb = reader.head(other.token).filter(|_| other.part == Part::Subject);
            let mut climb = me.token;
            let mut governs = false;
            for _ in 0..12 {
                let Some(head) = reader.head(climb) else { break };
                governs |= Some(head) == verb && climb != me.token;
                climb = head;
            }
            option.features[if governs { 110 } else { 111 }] = 1.0;
        }
    }
}

/// The subject of a verb: its own, or that of the verb it hangs on without one of its own.
fn subject(reader: &Reader<'_>, verb: usize) -> Option<usize> {
    let mut at = verb;
    for _ in 0..4 {
        if let Some(subject) = reader.dependents(at).find(|&d| reader.deprel(d).base() == Deprel::Nsubj) {
            return Some(subject);
        }
        let head = reader.head(at)?;
        match reader.deprel(at).base() {
            Deprel::Conj | Deprel::Xcomp | Deprel::Advcl => at = head,
            Deprel::Acl => return Some(head),
            _ => return None,
        }
    }
    None
}

/// What the weights are trained on.
fn trace(resolver: &Resolver<'_, '_>, at: usize, me: &Candidate, class: usize, options: &[Candidacy]) -> PronounCase {
    let spans = |option: &Candidacy| {
        let candidate = |m: usize| &resolver.found.candidates[m];
        if let (Choice::Group(_), Some(members)) = (&option.choice, resolver.coordination(option.at)) {
            let first = candidate(members[0]);
            return vec![(first.span.join(candidate(option.at).span), first.head)];
        }
        let mentions = match option.choice {
            Choice::Actor(actor) => {
                let named = |m: &usize| *m < at || candidate(*m).form == Form::Name;
                resolver.actors[actor].mentions.iter().copied().filter(named).collect()
            }
            Choice::Group(_) => Vec::new(),
            Choice::Thing => vec![option.at],
        };
        mentions.into_iter().map(|m| (candidate(m).span, candidate(m).head)).collect()
    };
    let options = options.iter().map(|o| PronounOption { spans: spans(o), features: o.features }).collect();
    PronounCase { span: me.span, class, options }
}

/// Names of the features, in the order of their numbers.
pub const FEATURES: [&str; N] = [
    "same sentence",
    "sentence before",
    "two before",
    "three before",
    "four before",
    "subject",
    "object",
    "oblique",
    "possessor",
    "adnominal",
    "other part",
    "both subjects",
    "both objects",
    "same verb",
    "distance",
    "mentions",
    "mentioned once",
    "gender known",
    "generic",
    "name",
    "nominal",
    "pronoun",
    "main clause",
    "first in sentence",
    "number known",
    "possessive of the subject's verb",
    "verb above",
    "thing",
    "organisation",
    "state",
    "place",
    "quote boundary",
    "same paragraph",
    "group",
    "subject of the sentence before",
    "reflexive same verb",
    "person",
    "inside the noun phrase",
    "entity in the last sentence's subject",
    "nearest",
    "second nearest",
    "most mentioned",
    "first of the text",
    "subject in the same sentence",
    "possessive and subject in the same sentence",
    "possessives in the same sentence",
    "name in the same sentence",
    "subjects of neighbouring sentences",
    "rank",
    "named in the text",
    "most named",
    "last subject",
    "last name",
    "only named after",
    "named after, others before",
    "the only one before",
    "last such pronoun, same sentence",
    "last such pronoun, sentence before",
    "last such pronoun, earlier",
    "last such pronoun another",
    "maybe a name",
    "of another kind",
    "given name contradicts",
    "gender unknown",
    "known by one word",
    "whole name",
    "short way",
    "way of four",
    "longer way",
    "long way",
    "governs",
    "subject, in its saying",
    "subject, in its infinitive",
    "subject, in an adverbial clause",
    "subject, in a coordinated clause",
    "subject, in a relative clause",
    "subject, in an argument",
    "below the pronoun's clause",
    "depth",
    "own depth",
    "in brackets",
    "coordinated",
    "by",
    "with",
    "of",
    "same part",
    "subjects of the same verb",
    "named before",
    "mentioned in the same sentence",
    "mentioned in the sentence before",
    "after, same sentence",
    "after, next sentence",
    "after, later",
    "after, above the pronoun",
    "subject for an object",
    "subject for a possessor",
    "possessor for a subject",
    "object for a subject",
    "first words, subject of the sentence before",
    "first words, first of the paragraph",
    "main subjects of neighbouring sentences",
    "passive subject",
    "apposed",
    "predicate",
    "owner of a person",
    "given name known",
    "subject of saying",
    "in one quotation",
    "pronoun is possessive and object before",
    "kin of the noun",
    "named again after, above the pronoun",
    "named again after in the sentence",
    "named in the next sentence",
    "subject of the pronoun's verb",
    "subject of the verb above the pronoun's noun",
    "subject of the verb above, with its sentence",
];

/// How many features there are.
pub(crate) const N: usize = 116;

/// Width of the hidden layer.
pub const HIDDEN: usize = 16;

type Features = [f32; N];

/// What ranks the antecedents of one class of pronouns: a network with one hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub struct PronounModel {
    /// From each feature to the hidden layer.
    pub weights: Vec<[f32; HIDDEN]>,
    /// Of the hidden layer.
    pub bias: [f32; HIDDEN],
    /// From the hidden layer to the score.
    pub out: [f32; HIDDEN],
    /// How sure it must be.
    pub floor: f32,
}

impl Default for PronounModel {
    fn default() -> PronounModel {
        PronounModel { weights: vec![[0.0; HIDDEN]; N], bias: [0.0; HIDDEN], out: [0.0; HIDDEN], floor: 0.0 }
    }
}

impl PronounModel {
    /// How much speaks for what has these features.
    pub fn score(&self, features: &[f32; N]) -> f32 {
        let mut hidden = self.bias;
        for (feature, row) in features.iter().zip(&self.weights).filter(|(feature, _)| **feature != 0.0) {
            for (unit, weight) in hidden.iter_mut().zip(row) {
                *unit += feature * weight;
            }
        }
        hidden.iter().zip(&self.out).map(|(unit, weight)| unit.max(0.0) * weight).sum()
    }
}

/// One pronoun with all that it could stand for: what the weights are trained on.
#[derive(Clone, Debug)]
pub struct PronounCase {
    /// The pronoun.
    pub span: Span,
    /// 0 he and she, 1 it, 2 they.
    pub class: usize,
    /// What it could stand for, nearest first.
    pub options: Vec<PronounOption>,
}

/// One thing that a pronoun could stand for.
#[derive(Clone, Debug)]
pub struct PronounOption {
    /// Its mentions before the pronoun: whole and head. Of several entities named together: all of them, and the first one's head.
    pub spans: Vec<(Span, Span)>,
    /// See [`FEATURES`].
    pub features: [f32; N],
}

/// May an entity of another kind be a person after all: a short name that no table knows?
fn may_be_somebody(resolver: &Resolver<'_, '_>, entity: &Actor, name: &Candidate, after: bool) -> bool {
    let places = resolver.reader.places;
    let place = places.binary_search_by_key(&name.span, |place| place.span).ok().map(|at| &places[at]);
    let seat = place.is_some_and(|place| place.score >= 0.5 && place.feature.starts_with("PPLC"));
    let reader = resolver.reader;
    // "a speech in Delaware": what the map knows, and something is in, is nobody.
    let within = |c: usize| reader.deprel(c).base() == Deprel::Case && matches!(reader.lemma(c), "in" | "near" | "outside");
    let there = place.is_some_and(|place| place.score >= 0.5) && reader.dependents(name.token).any(within);
    let many = reader.token(name.token).xpos == Xpos::Nnps;
    let noun = resolver.table().noun_named(&reader.lemma(name.token).to_ascii_lowercase()).is_some();
    !seat
        && !there
        && !many
        && !noun
        && (!after || entity.kind == Kind::Misc)
        && entity.known.is_none()
        && !entity.state
        && !entity.generic
        && entity.canon.is_none()
        && entity.number != Number::Plural
        && matches!(entity.kind, Kind::Gpe | Kind::Org | Kind::Loc | Kind::Fac | Kind::Misc)
        && entity.name.split(' ').count() <= 3
        && entity.name.split(' ').all(|word| {
            word.starts_with(|c: char| c.is_uppercase()) && word.chars().any(|c| c.is_lowercase())
                || matches!(word, "de" | "van" | "of")
        })
}

/// What speaks for an earlier candidate as antecedent; `None` if it cannot be.
fn features(
    resolver: &Resolver<'_, '_>,
    at: usize,
    me: &Candidate,
    pronoun: Pronoun,
    earlier: usize,
    actor: Option<usize>,
    members: Option<&[usize]>,
) -> Option<Features> {
    let other = resolver.candidate(earlier);
    let reader = resolver.reader;
    let plural = me.number == Number::Plural;
    let entity = actor.map(|a| &resolver.actors[a]);
    if members.is_none() {
        match entity {
            Some(entity) => {
                let person = entity.kind == Kind::Per;
                let somebody = person || other.form == Form::Name && may_be_somebody(resolver, entity, other, earlier > at);
                let fits = if me.gender != Gender::Unknown {
                    somebody && entity.number != Number::Plural && (entity.guessed || entity.gender.fits(me.gender))
                } else if pronoun.neuter {
                    !person && entity.number != Number::Plural
                } else {
                    entity.number != Number::Singular
                        || entity.kind == Kind::Org
                        || entity.state
                        || person && entity.gender == Gender::Unknown
                };
                if !fits {
                    return None;
                }
            }
            None if me.gender != Gender::Unknown || plural != (other.number == Number::Plural) => return None,
            None => {}
        }
    }
    if other.span.covers(me.span) && other.form != Form::Pronoun {
        return None;
    }
    let me_head = reader.head(me.token);
    let same_sentence = other.sentence == me.sentence;
    let same_verb = me_head.is_some() && me_head == reader.head(other.token);
    if same_sentence && same_verb && !pronoun.possessive && !pronoun.reflexive {
        return None; // "he met him": two people
    }
    let other_head = reader.head(other.token);
    if pronoun.neuter
        && !pronoun.possessive
        && same_sentence
        && me_head.is_some()
        && other_head.and_then(|head| reader.head(head)) == me_head
    {
        return None; // "a ministry official denied it": not the ministry
    }
    let mut f = [0.0; N];
    let after = earlier > at;
    if !after {
        f[(me.sentence - other.sentence).min(4)] = 1.0;
    }
    f[5 + match other.part {
        Part::Subject => 0,
        Part::Object => 1,
        Part::Oblique => 2,
        Part::Possessor => 3,
        Part::Adnominal => 4,
        Part::Other => 5,
    }] = 1.0;
    let subject = other.part == Part::Subject;
    f[11] = f32::from(subject && me.part == Part::Subject);
    f[12] = f32::from(other.part == Part::Object && me.part == Part::Object);
    f[13] = f32::from(same_sentence && same_verb);
    let gap =
        if after { other.span.start().saturating_sub(me.span.end()) } else { me.span.start().saturating_sub(other.span.end()) };
    f[14] = (gap as f32 + 1.0).ln() / 5.0;
    let verb = reader.head(other.token);
    if let Some(entity) = entity {
        let before = entity.mentions.iter().rev().take(8).filter(|&&m| m < at).count();
        f[15] = before.min(5) as f32 / 5.0;
        f[16] = f32::from(before == 1);
        f[17] = f32::from(me.gender != Gender::Unknown && entity.gender == me.gender);
        f[18] = f32::from(entity.generic);
        f[24] = f32::from(entity.number == me.number);
        f[28] = f32::from(entity.kind == Kind::Org);
        f[29] = f32::from(entity.state);
        f[30] = f32::from(!entity.state && matches!(entity.kind, Kind::Gpe | Kind::Loc | Kind::Fac));
        f[36] = f32::from(entity.kind == Kind::Per);
        f[38] = f32::from(entity.mentions.iter().rev().take(6).any(|&m| {
            let mention = resolver.candidate(m);
            m < at && mention.part == Part::Subject && mention.sentence + 1 == me.sentence
        }));
    }
    f[19] = f32::from(other.form == Form::Name);
    f[20] = f32::from(other.form == Form::Nominal);
    f[21] = f32::from(other.form == Form::Pronoun);
    f[22] = f32::from(subject && verb.is_some_and(|v| reader.head(v).is_none()));
    f[23] = f32::from(earlier == 0 || resolver.candidate(earlier - 1).sentence != other.sentence);
    let owner_verb = me_head.and_then(|head| reader.head(head));
    f[25] = f32::from(same_sentence && pronoun.possessive && subject && owner_verb.is_some() && owner_verb == verb);
    if same_sentence && subject {
        let mut climb = me.token;
        for _ in 0..8 {
            let Some(head) = reader.head(climb) else { break };
            if Some(head) == verb {
                f[26] = 1.0;
                break;
            }
            climb = head;
        }
    }
    f[27] = f32::from(members.is_none() && actor.is_none());
    f[31] = f32::from(other.quote != me.quote);
    let (left, right) = if after { (me.span, other.span) } else { (other.span, me.span) };
    let parted = reader.text().get(left.end()..right.start()).is_some_and(|gap| gap.contains('\n'));
    f[32] = f32::from(other.sentence + 8 > me.sentence && !parted);
    f[33] = f32::from(members.is_some());
    f[34] = f32::from(other.sentence + 1 == me.sentence && subject);
    f[35] = f32::from(pronoun.reflexive && same_verb);
    f[43] = f32::from(same_sentence && subject);
    f[44] = f32::from(same_sentence && subject && pronoun.possessive);
    f[45] = f32::from(same_sentence && other.part == Part::Possessor && pronoun.possessive);
    f[46] = f32::from(same_sentence && other.form == Form::Name);
    f[47] = f32::from(other.sentence + 1 == me.sentence && subject && me.part == Part::Subject);
    f[37] = f32::from(same_sentence && reader.head(other.token) == Some(me.token) || me_head == Some(other.token));
    nature(resolver, at, me, earlier, actor, &mut f);
    ways(reader, me, other, pronoun, after, &mut f);
    Some(f)
}

/// Features of the entity and of the words that name it here.
fn nature(resolver: &Resolver<'_, '_>, at: usize, me: &Candidate, earlier: usize, actor: Option<usize>, f: &mut Features) {
    let (reader, other) = (resolver.reader, resolver.candidate(earlier));
    let words = |candidate: &Candidate| candidate.span.of(reader.text()).split(' ').count();
    let name = other.form == Form::Name;
    f[65] = f32::from(name && words(other) > 1);
    if let Some(entity) = actor.map(|a| &resolver.actors[a]) {
        f[60] = f32::from(resolver.maybes[earlier].is_some());
        f[61] = f32::from(me.gender != Gender::Unknown && entity.kind != Kind::Per);
        f[62] = f32::from(!entity.gender.fits(me.gender));
        f[63] = f32::from(me.gender != Gender::Unknown && entity.gender == Gender::Unknown);
        let named = |m: &usize| resolver.candidate(*m).form == Form::Name;
        let near = || entity.mentions.iter().take(40).filter(|m| named(m));
        f[64] = f32::from(name && near().all(|&m| words(resolver.candidate(m)) == 1));
        f[87] = f32::from(near().any(|&m| m < at));
        let before = || entity.mentions.iter().take(60).filter(|&&m| m < at);
        f[88] = f32::from(before().any(|&m| resolver.candidate(m).sentence == me.sentence));
        f[89] = f32::from(before().any(|&m| resolver.candidate(m).sentence + 1 == me.sentence));
        f[105] = f32::from(me.gender != Gender::Unknown && entity.guessed && entity.gender == me.gender);
    }
    let text = reader.text().as_bytes();
    let end = other.span.end();
    let start = other.span.start();
    f[80] = f32::from(start > 0 && matches!(text[start - 1], b'(' | b'[') || matches!(text.get(end), Some(b')' | b']')));
    f[81] = f32::from(
        reader.deprel(other.token) == Deprel::Conj || reader.dependents(other.token).any(|d| reader.deprel(d) == Deprel::Conj),
    );
    let case = reader.case(other.token);
    f[82] = f32::from(reader.deprel(other.token) == Deprel::OblAgent || case == Some("by"));
    f[83] = f32::from(case == Some("with"));
    f[84] = f32::from(case == Some("of"));
    f[101] = f32::from(reader.deprel(other.token) == Deprel::NsubjPass);
    f[102] = f32::from(reader.deprel(other.token) == Deprel::Appos);
    f[103] = f32::from(reader.dependents(other.token).any(|d| reader.deprel(d) == Deprel::Cop));
    let person = |token: usize| {
        let at = resolver.found.heads.get(token).copied().unwrap_or(0) as usize;
        at > 0 && resolver.candidate(at - 1).kind == Kind::Per
    };
    f[104] = f32::from(other.part == Part::Possessor && reader.head(other.token).is_some_and(person));
    f[107] = f32::from(me.quote.is_some() && me.quote == other.quote);
    // "his wife, Anna": she is not he.
    f[109] = f32::from(
        me.part == Part::Possessor
            && reader.head(me.token).is_some_and(|noun| {
                reader.head(other.token) == Some(noun) || reader.head(noun) == Some(other.token) && person(noun)
            }),
    );
}

/// Features of the way in the trees from the pronoun to the other.
fn ways(reader: &Reader<'_>, me: &Candidate, other: &Candidate, pronoun: Pronoun, after: bool, f: &mut Features) {
    const FAR: usize = 24;
    let climb = |from: usize| {
        let mut chain = vec![from];
        while let Some(head) = reader.head(chain[chain.len() - 1]).filter(|_| chain.len() < FAR) {
            chain.push(head);
        }
        chain
    };
    let (mine, others) = (climb(me.token), climb(other.token));
    f[78] = others.len().min(6) as f32 / 6.0;
    f[79] = mine.len().min(6) as f32 / 6.0;
    let subject = other.part == Part::Subject;
    let my_subject = me.part == Part::Subject;
    f[85] = f32::from(me.part == other.part);
    let verbs = (reader.head(me.token), reader.head(other.token));
    if let (Some(my_verb), Some(verb)) = verbs {
        f[86] = f32::from(my_subject && subject && my_verb != verb && reader.lemma(my_verb) == reader.lemma(verb));
    }
    f[94] = f32::from(subject && me.part == Part::Object);
    f[95] = f32::from(subject && me.part == Part::Possessor);
    f[96] = f32::from(other.part == Part::Possessor && my_subject);
    f[97] = f32::from(other.part == Part::Object && my_subject);
    f[108] = f32::from(pronoun.possessive && other.part == Part::Object && other.sentence == me.sentence);
    let first_words = reader.parse.sentences.get(me.sentence).is_some_and(|s| me.token < s.tokens.start + 2);
    let main = |token: usize| reader.head(token).is_some_and(|verb| reader.head(verb).is_none());
    f[98] = f32::from(first_words && subject && !after && other.sentence + 1 == me.sentence);
    f[99] = f32::from(first_words && f[23] > 0.0);
    f[100] = f32::from(subject && my_subject && main(me.token) && main(other.token) && other.sentence + 1 == me.sentence);
    if after {
        f[90 + (other.sentence - me.sentence).min(2)] = 1.0;
    }
    if me.sentence != other.sentence {
        return;
    }
    let Some((up, down)) =
        mine.iter().enumerate().find_map(|(up, token)| others.iter().position(|other| other == token).map(|down| (up, down)))
    else {
        return;
    };
    f[match up + down {
        0..=3 => 66,
        4 => 67,
        5 | 6 => 68,
        _ => 69,
    }] = 1.0;
    let governs = down <= 1 && up > 1;
    f[70] = f32::from(governs);
    f[77] = f32::from(up <= 1 && down > 1);
    f[93] = f32::from(after && governs);
    if governs && subject {
        let below = mine[up - 1];
        let slot = match reader.deprel(below).base() {
            Deprel::Ccomp => 71,
            Deprel::Xcomp => 72,
            Deprel::Advcl => 73,
            Deprel::Conj | Deprel::Parataxis => 74,
            Deprel::Acl => 75,
            _ => 76,
        };
        f[slot] = 1.0;
        f[106] = f32::from(slot == 71 && verbs.1.is_some_and(|verb| SAYING.contains(&reader.lemma(verb))));
    }
}
