//! Coreference of what is not a name: anaphoric nominals ("the group", "the two leaders") and pronouns.
//!
//! Everything here looks back on entities that are settled, and takes one only where number, gender, kind and role allow
//! exactly one, or one clearly before the others.

use crate::actors::Gender;
use crate::entities::{Actor, Resolver};
use crate::mentions::{Candidate, Determiner, Number, Part, Pronoun, What};
use tellings_doc::{Deprel, Form, Kind, Span, Upos};

/// Offices whose holders are "leaders".
const HEADS: [&str; 15] = [
    "president",
    "prime-minister",
    "chancellor",
    "king",
    "queen",
    "emperor",
    "emir",
    "sultan",
    "crown-prince",
    "supreme-leader",
    "head-of-state",
    "head-of-government",
    "head-of-junta",
    "leader",
    "first-minister",
];

/// Offices whose holders are "diplomats".
const DIPLOMATS: [&str; 5] = ["foreign-minister", "ambassador", "envoy", "deputy-minister", "high-representative"];

/// How many candidates or entities are looked back on; keeps long texts linear.
const MOST_BACK: usize = 500;

fn holds(resolver: &Resolver<'_, '_>, actor: usize, offices: &[&str], country: Option<&str>) -> bool {
    resolver.actors[actor].offices.iter().any(|(office, of)| {
        offices.contains(&&*resolver.table().office(*office).key) && (country.is_none() || of.as_deref() == country)
    })
}

/// Is it somebody who leads a state (this state)?
pub(crate) fn heads(resolver: &Resolver<'_, '_>, actor: usize, country: Option<&str>) -> bool {
    resolver.actors[actor].kind == Kind::Per && holds(resolver, actor, &HEADS, country)
}

/// Entities mentioned before candidate `at`, last mentioned first, each once, back to `sentences` before its own.
fn before(resolver: &Resolver<'_, '_>, at: usize, sentences: usize) -> Vec<usize> {
    let here = resolver.candidate(at).sentence;
    let mut seen = Vec::new();
    for earlier in (0..at).rev().take(MOST_BACK) {
        if resolver.candidate(earlier).sentence + sentences < here || seen.len() > 40 {
            break;
        }
        if let Some(actor) = resolver.links[earlier].filter(|actor| !seen.contains(actor)) {
            seen.push(actor);
        }
    }
    seen
}

/// The holder of an office that "the president" means: the only one of the document so far, or the last one named if
/// only one was named in the sentences just before.
pub(crate) fn by_office(resolver: &Resolver<'_, '_>, at: usize, office: u16) -> Option<usize> {
    let key = &*resolver.table().office(office).key;
    let leader = key == "leader";
    let loose = matches!(key, "minister" | "secretary");
    let fits = |&actor: &usize| {
        let entity = &resolver.actors[actor];
        entity.kind == Kind::Per
            && entity.number != Number::Plural
            && (entity.offices.iter().any(|(o, _)| *o == office)
                || leader && heads(resolver, actor, None)
                || loose && entity.roles.iter().any(|role| role.text.to_ascii_lowercase().contains(key)))
    };
    for sentences in [1, 3, 1000] {
        let near: Vec<usize> = before(resolver, at, sentences).into_iter().filter(fits).collect();
        match near[..] {
            [actor] => return Some(actor),
            [] => {}
            _ => return None,
        }
    }
    None
}

/// How many holders of an office were mentioned before.
pub(crate) fn holders(resolver: &Resolver<'_, '_>, at: usize, office: u16) -> usize {
    before(resolver, at, 1000).iter().filter(|&&a| resolver.actors[a].offices.iter().any(|(o, _)| *o == office)).count()
}

/// "the two leaders", "both countries": two entities of that role in the sentences just before, and no third.
pub(crate) fn pair(resolver: &mut Resolver<'_, '_>, at: usize, noun: &Candidate) {
    let table = resolver.table();
    let word = noun.noun.map(|n| table.noun(n));
    let lemma = resolver.reader.lemma(noun.token).to_ascii_lowercase();
    let office = noun.office.map(|o| table.office(o).key.to_string());
    let fits = |resolver: &Resolver<'_, '_>, actor: usize| {
        let entity = &resolver.actors[actor];
        let person = entity.kind == Kind::Per && entity.number == Number::Singular;
        match lemma.as_str() {
            "leader" | "head" => heads(resolver, actor, None),
            "diplomat" | "envoy" | "negotiator" => person && holds(resolver, actor, &DIPLOMATS, None),
            "man" | "gentleman" => person && entity.gender != Gender::Female,
            "woman" | "lady" => person && entity.gender != Gender::Male,
            "people" | "person" | "individual" | "figure" | "politician" | "counterpart" => person,
            "side" | "party" | "government" | "administration" => entity.state || entity.kind == Kind::Org && !entity.generic,
            _ if word.is_some_and(|w| w.state) => entity.state,
            _ if office.is_some() => person && office.as_deref().is_some_and(|o| holds(resolver, actor, &[o], None)),
            "city" | "town" => entity.kind == Kind::Gpe && !entity.state,
            "group" | "organization" | "organisation" | "company" | "firm" => entity.kind == Kind::Org && !entity.generic,
            _ => false,
        }
    };
    let here = resolver.candidate(at).sentence;
    for earlier in (0..at).rev().take_while(|&e| resolver.candidate(e).sentence + 1 >= here) {
        let Some(members) = resolver.coordination(earlier).filter(|m| m.len() == 2) else { continue };
        let actors: Vec<usize> = members.iter().filter_map(|&m| resolver.links[m]).collect();
        if actors.len() == 2 && actors.iter().all(|&a| fits(resolver, a)) {
            let group = group(resolver, actors);
            return resolver.link(at, group, "link.pair");
        }
    }
    for sentences in [0, 1, 2] {
        let near: Vec<usize> = before(resolver, at, sentences).into_iter().filter(|&a| fits(resolver, a)).collect();
        match near[..] {
            [second, first] => {
                let group = group(resolver, vec![first, second]);
                return resolver.link(at, group, "link.pair");
            }
            [] | [_] => {}
            _ => {
                resolver.rules[at] = "link.unresolved.two-candidates";
                return;
            }
        }
    }
    resolver.rules[at] = "link.unresolved.no-antecedent";
}

/// The entity of these members: an earlier one, or a new one.
fn group(resolver: &mut Resolver<'_, '_>, members: Vec<usize>) -> usize {
    let mut sorted = members.clone();
    sorted.sort_unstable();
    let same = |actor: &Actor| {
        let mut other = actor.members.clone();
        other.sort_unstable();
        other == sorted
    };
    if let Some(old) = resolver.actors.iter().position(same) {
        return old;
    }
    let name = members.iter().map(|&m| resolver.actors[m].name.as_str()).collect::<Vec<_>>().join(" and ");
    let kind = resolver.actors[members[0]].kind;
    let sectors: Vec<String> = resolver.actors[members[0]].sectors.clone();
    let group = Actor { members, number: Number::Plural, sectors, ..Actor::new(&name, kind, "link.group") };
    resolver.add(group)
}

/// "the country", "the group", "the man", "the city": the last fitting entity, if no other is as near.
pub(crate) fn anaphor(resolver: &mut Resolver<'_, '_>, at: usize, noun: &Candidate) {
    let table = resolver.table();
    let Some(word) = noun.noun.map(|n| table.noun(n).clone()) else { return };
    let lemma = resolver.reader.lemma(noun.token).to_ascii_lowercase();
    if word.state && noun.number != Number::Plural {
        return country(resolver, at);
    }
    if noun.kind == Kind::Org
        && noun.number != Number::Plural
        && noun.determiner == Determiner::Definite
        && let Some(actor) = by_name_word(resolver, &lemma)
    {
        return resolver.link(at, actor, "link.part-of-name");
    }
    if let Some(actor) = same_noun(resolver, at, Some(word.canon), Some(noun), None) {
        return resolver.link(at, actor, "link.same-noun");
    }
    if noun.number == Number::Plural {
        return;
    }
    let fits = |resolver: &Resolver<'_, '_>, actor: usize| {
        let entity = &resolver.actors[actor];
        match noun.kind {
            Kind::Per => {
                entity.kind == Kind::Per
                    && entity.number == Number::Singular
                    && entity.gender.fits(noun.gender)
                    && (lemma != "leader" || heads(resolver, actor, None))
                    && (lemma != "diplomat" || holds(resolver, actor, &DIPLOMATS, None))
                    && !matches!(
                        lemma.as_str(),
                        "head" | "chief" | "member" | "director" | "chairman" | "boss" | "other" | "father"
                    )
            }
            _ if word.state => entity.state,
            Kind::Org => {
                entity.kind == Kind::Org
                    && !entity.state
                    && (word.sector.is_empty()
                        || entity.sectors.contains(&word.sector.to_string())
                        || entity.canon == Some(word.canon))
                    && !(lemma == "group" || lemma == "movement")
                        | !entity.sectors.iter().any(|s| matches!(s.as_str(), "GOV" | "LEG" | "JUD" | "JRN" | "BUS" | "COP"))
            }
            _ => match lemma.as_str() {
                "city" | "town" | "village" | "capital" | "province" | "region" | "district" => {
                    entity.kind == Kind::Gpe && !entity.state && !entity.generic
                }
                _ => false,
            },
        }
    };
    for sentences in [0, 1, 3] {
        let near: Vec<usize> = before(resolver, at, sentences).into_iter().filter(|&a| fits(resolver, a)).collect();
        match near[..] {
            [] => {}
            [actor] => return resolver.link(at, actor, "link.anaphor"),
            _ => {
                resolver.rules[at] = "link.unresolved.two-candidates";
                return;
            }
        }
    }
}

/// "the country": the state of which something was named last; of several named together the one that the text is mostly about.
fn country(resolver: &mut Resolver<'_, '_>, at: usize) {
    for sentences in [0, 1, 3] {
        let mut near: Vec<String> = Vec::new();
        for actor in before(resolver, at, sentences) {
            let entity = &resolver.actors[actor];
            let tied = entity.state || !entity.generic && matches!(entity.kind, Kind::Org | Kind::Gpe | Kind::Fac);
            if let Some(country) = entity.country.clone().filter(|c| tied && !near.contains(c)) {
                near.push(country);
            }
        }
        let main = resolver.main.clone().filter(|(main, share)| *share >= 0.4 && near.contains(main)).map(|(main, _)| main);
        let chosen = if near.len() == 1 { near.pop() } else { main };
        if let Some(iso3) = chosen {
            let state = resolver.state(&iso3);
            return resolver.link(at, state, "link.anaphor");
        }
        if near.len() > 1 {
            resolver.rules[at] = "link.unresolved.two-candidates";
            return;
        }
    }
}

/// The one named organisation of the text whose name holds this noun ("the court": the Court of Session).
pub(crate) fn by_name_word(resolver: &Resolver<'_, '_>, noun: &str) -> Option<usize> {
    match resolver.name_words.get(noun.to_ascii_lowercase().as_str())?[..] {
        [actor] => Some(actor),
        _ => None,
    }
}

/// The last entity known by the same noun.
pub(crate) fn same_noun(
    resolver: &Resolver<'_, '_>,
    at: usize,
    canon: Option<u32>,
    noun: Option<&Candidate>,
    country: Option<&str>,
) -> Option<usize> {
    let canon = canon?;
    let near = before(resolver, at, 1000);
    near.into_iter().find(|&actor| {
        let entity = &resolver.actors[actor];
        entity.canon == Some(canon)
            && noun.is_none_or(|n| n.number.fits(entity.number) && (n.count.is_none() || n.count == entity.count))
            && (!entity.state && entity.kind != Kind::Gpe || !entity.generic)
            && country.is_none_or(|c| entity.country.as_deref() == Some(c))
    })
}

/// The entity of the same noun, number, sector and state: "protesters … the protesters".
pub(crate) fn same_generic(
    resolver: &Resolver<'_, '_>,
    at: usize,
    noun: &Candidate,
    canon: Option<u32>,
    sector: Option<&str>,
    country: Option<&str>,
) -> Option<usize> {
    let canon = canon?;
    let _ = at;
    // "the government … the Turkish government" may be two; "protesters … the Turkish protesters" hardly are.
    let owned = noun.noun.is_some_and(|n| resolver.table().noun(n).body) || noun.kind == Kind::Org;
    let mut fitting = (0..resolver.actors.len()).rev().take(MOST_BACK).filter(|&actor| {
        let entity = &resolver.actors[actor];
        entity.canon == Some(canon)
            && entity.members.is_empty()
            && (noun.number == entity.number || noun.number == Number::Unknown && entity.number == Number::Unknown)
            && (noun.count.is_none() || noun.count == entity.count)
            && (country.is_none() || entity.country.is_none() && !owned || entity.country.as_deref() == country)
            && (sector.is_none() || entity.sectors.first().map(String::as_str) == sector)
    });
    let first = fitting.next()?;
    // Without a state of its own it must not choose between "Turkish troops" and "Syrian troops".
    let others = country.is_none() && fitting.any(|other| resolver.actors[other].country != resolver.actors[first].country);
    if others { None } else { Some(first) }
}

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

/// A pronoun: the best of what stands before it, if the model is sure enough.
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
    let mut choices: Vec<(Choice, usize, Features)> = Vec::new();
    let mut seen: Vec<usize> = Vec::new();
    for earlier in (0..at).rev() {
        let other = resolver.candidate(earlier);
        if other.sentence + 4 < me.sentence || choices.len() > 40 {
            break;
        }
        if class == 2
            && let Some(members) = resolver.coordination(earlier)
            && let Some(features) = features(resolver, at, &me, pronoun, members[0], None, Some(&members))
        {
            let actors: Vec<usize> = members.iter().filter_map(|&m| resolver.links[m]).collect();
            choices.push((Choice::Group(actors), earlier, features));
        }
        let actor = resolver.links[earlier];
        if actor.is_some_and(|actor| seen.contains(&actor)) || actor.is_none() && other.what != What::Thing {
            continue;
        }
        let Some(features) = features(resolver, at, &me, pronoun, earlier, actor, None) else { continue };
        seen.extend(actor);
        choices.push((actor.map_or(Choice::Thing, Choice::Actor), earlier, features));
    }
    for (rank, (_, _, features)) in choices.iter_mut().take(2).enumerate() {
        features[39 + rank] = 1.0;
    }
    let frequency = |choice: &Choice| match choice {
        Choice::Actor(actor) => resolver.actors[*actor].mentions.iter().take(30).filter(|&&m| m < at).count(),
        _ => 0,
    };
    let most = choices.iter().map(|(choice, _, _)| frequency(choice)).max().unwrap_or(0);
    let first = choices
        .iter()
        .filter_map(|(choice, _, _)| if let Choice::Actor(a) = choice { resolver.actors[*a].mentions.first() } else { None })
        .min()
        .copied();
    for (choice, _, features) in &mut choices {
        features[41] = f32::from(most > 1 && frequency(choice) == most);
        if let Choice::Actor(actor) = choice {
            features[42] = f32::from(first.is_some() && resolver.actors[*actor].mentions.first().copied() == first);
        }
    }
    let weights = &resolver.table().pronoun_weights[class];
    let scores: Vec<f32> = choices.iter().map(|(_, _, f)| f.iter().zip(weights).map(|(f, w)| f * w).sum()).collect();
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let total: f32 = scores.iter().map(|s| (s - top).exp()).sum();
    let best = scores.iter().position(|&s| s == top);
    if resolver.trace.is_some() {
        let options = choices
            .iter()
            .map(|(choice, earlier, features)| {
                let mentions = match choice {
                    Choice::Actor(actor) => {
                        let named = |m: &usize| *m < at || resolver.found.candidates[*m].form == Form::Name;
                        resolver.actors[*actor].mentions.iter().copied().filter(named).collect()
                    }
                    Choice::Group(_) => Vec::new(),
                    Choice::Thing => vec![*earlier],
                };
                if let (Choice::Group(_), Some(members)) = (choice, resolver.coordination(*earlier)) {
                    let first = &resolver.found.candidates[members[0]];
                    let span = first.span.join(resolver.found.candidates[*earlier].span);
                    return PronounOption { spans: vec![(span, first.head)], features: *features };
                }
                let spans = mentions
                    .into_iter()
                    .map(|m| (resolver.found.candidates[m].span, resolver.found.candidates[m].head))
                    .collect();
                PronounOption { spans, features: *features }
            })
            .collect();
        let case = PronounCase { span: me.span, class, options };
        resolver.trace.as_mut().into_iter().for_each(|trace| trace.push(case.clone()));
    }
    let Some(best) = best else { return };
    let sure = 1.0 / total;
    let (choice, _, _) = choices.swap_remove(best);
    if sure < resolver.table().pronoun_floors[class] {
        resolver.rules[at] = "link.unresolved.two-candidates";
        return;
    }
    let actor = match choice {
        Choice::Thing => {
            resolver.rules[at] = "link.unresolved.not-an-actor";
            return;
        }
        Choice::Actor(actor) => actor,
        Choice::Group(members) => group(resolver, members),
    };
    resolver.link(at, actor, "link.pronoun");
    if resolver.actors[actor].kind == Kind::Per && resolver.actors[actor].gender == Gender::Unknown {
        resolver.actors[actor].gender = me.gender;
    }
}

/// "It is clear that …", "it was hard to …": an "it" that stands for a clause.
fn expletive(resolver: &Resolver<'_, '_>, token: usize) -> bool {
    let reader = resolver.reader;
    let Some(head) = reader.head(token).filter(|_| reader.deprel(token).base() == Deprel::Nsubj) else { return false };
    let clause =
        |d: usize| matches!(reader.deprel(d).base(), Deprel::Csubj | Deprel::Ccomp | Deprel::Advcl | Deprel::Xcomp) && d > head;
    match reader.token(head).upos {
        Upos::Adj => reader.dependents(head).any(clause),
        Upos::Verb => matches!(reader.lemma(head), "seem" | "appear" | "happen" | "rain" | "snow" | "emerge" | "remain"),
        _ => false,
    }
}

/// "I", "we" in a quotation: who says it, where the sentence says who.
fn speaker(resolver: &mut Resolver<'_, '_>, at: usize, pronoun: Pronoun) {
    let me = resolver.candidate(at).clone();
    resolver.rules[at] = "link.unresolved.speaker";
    let Some(quote) = me.quote.filter(|_| pronoun.person == 1) else { return };
    let span = resolver.found.quotes[quote];
    let Some(said) = resolver.speaker(quote) else { return };
    let Some(actor) = resolver.links[said] else { return };
    let entity = &resolver.actors[actor];
    let _ = span;
    if me.number == Number::Singular {
        if entity.kind == Kind::Per && entity.number != Number::Plural {
            resolver.link(at, actor, "link.speaker");
        }
    } else if entity.state || entity.number == Number::Plural || entity.kind == Kind::Org {
        resolver.link(at, actor, "link.speaker");
    } else if entity.sectors.first().is_some_and(|s| s == "GOV" || s == "MIL")
        && let Some(country) = entity.country.clone().filter(|c| c.len() == 3)
    {
        let state = resolver.state(&country);
        resolver.link(at, state, "link.speaker.state");
    } else {
        resolver.rules[at] = "link.unresolved.speakers-group";
    }
}

/// Names of the features, in the order of their numbers.
pub const FEATURES: [&str; 48] = [
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
];

/// How many features there are.
pub(crate) const N: usize = 48;

type Features = [f32; N];

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
                let fits = if me.gender != Gender::Unknown {
                    person && entity.number != Number::Plural && entity.gender.fits(me.gender)
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
    f[(me.sentence - other.sentence).min(4)] = 1.0;
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
    f[14] = ((me.span.start().saturating_sub(other.span.end())) as f32 + 1.0).ln() / 5.0;
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
    let between = other.span.end()..me.span.start();
    f[32] = f32::from(other.sentence + 8 > me.sentence && !reader.text().get(between).is_some_and(|gap| gap.contains('\n')));
    f[33] = f32::from(members.is_some());
    f[34] = f32::from(other.sentence + 1 == me.sentence && subject);
    f[35] = f32::from(pronoun.reflexive && same_verb);
    f[43] = f32::from(same_sentence && subject);
    f[44] = f32::from(same_sentence && subject && pronoun.possessive);
    f[45] = f32::from(same_sentence && other.part == Part::Possessor && pronoun.possessive);
    f[46] = f32::from(same_sentence && other.form == Form::Name);
    f[47] = f32::from(other.sentence + 1 == me.sentence && subject && me.part == Part::Subject);
    f[37] = f32::from(same_sentence && reader.head(other.token) == Some(me.token) || me_head == Some(other.token));
    Some(f)
}
