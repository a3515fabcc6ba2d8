//! Coreference of what is not a name: anaphoric nominals ("the group", "the two leaders") and pronouns.
//!
//! Everything here looks back on entities that are settled, and takes one only where number, gender, kind and role allow
//! exactly one, or one clearly before the others.

use crate::actors::Gender;
use crate::entities::{Actor, Resolver};
use crate::mentions::{Candidate, Number, Part, Pronoun, What};
use tellings_doc::{Form, Kind};

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
    for earlier in (0..at).rev() {
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
    let leader = &*resolver.table().office(office).key == "leader";
    let fits = |&actor: &usize| {
        let entity = &resolver.actors[actor];
        entity.kind == Kind::Per
            && entity.number != Number::Plural
            && (entity.offices.iter().any(|(o, _)| *o == office) || leader && heads(resolver, actor, None))
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
    for sentences in [0, 1, 2] {
        let near: Vec<usize> = before(resolver, at, sentences).into_iter().filter(|&a| fits(resolver, a)).collect();
        match near[..] {
            [second, first] => {
                let group = group(resolver, at, noun, vec![first, second]);
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
fn group(resolver: &mut Resolver<'_, '_>, at: usize, noun: &Candidate, members: Vec<usize>) -> usize {
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
    let _ = (at, noun);
    let sectors: Vec<String> = resolver.actors[members[0]].sectors.clone();
    let group = Actor { members, number: Number::Plural, sectors, ..Actor::new(&name, kind, "link.group") };
    resolver.add(group)
}

/// "the country", "the group", "the man", "the city": the last fitting entity, if no other is as near.
pub(crate) fn anaphor(resolver: &mut Resolver<'_, '_>, at: usize, noun: &Candidate) {
    let table = resolver.table();
    let Some(word) = noun.noun.map(|n| table.noun(n).clone()) else { return };
    let lemma = resolver.reader.lemma(noun.token).to_ascii_lowercase();
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
    let mut fitting = (0..resolver.actors.len()).rev().filter(|&actor| {
        let entity = &resolver.actors[actor];
        entity.canon == Some(canon)
            && entity.members.is_empty()
            && (noun.number == entity.number || noun.number == Number::Unknown && entity.number == Number::Unknown)
            && (noun.count.is_none() || noun.count == entity.count)
            && (country.is_none() || entity.country.is_none() || entity.country.as_deref() == country)
            && (sector.is_none() || entity.sectors.first().map(String::as_str) == sector)
    });
    let first = fitting.next()?;
    // Without a state of its own it must not choose between "Turkish troops" and "Syrian troops".
    let others = country.is_none() && fitting.any(|other| resolver.actors[other].country != resolver.actors[first].country);
    if others { None } else { Some(first) }
}

/// A pronoun: the best entity before it, if it is clearly the best.
pub(crate) fn pronoun(resolver: &mut Resolver<'_, '_>, at: usize, pronoun: Pronoun) {
    if pronoun.person != 3 {
        resolver.rules[at] = "link.unresolved.speaker";
        return;
    }
    let me = resolver.candidate(at).clone();
    if pronoun.neuter {
        resolver.rules[at] = "link.unresolved.it";
    }
    let mut best: Option<(f32, usize)> = None;
    let mut second = f32::MIN;
    let mut seen: Vec<usize> = Vec::new();
    for earlier in (0..at).rev() {
        let other = resolver.candidate(earlier);
        if other.sentence + 3 < me.sentence || seen.len() > 30 {
            break;
        }
        let thing = other.what == What::Thing;
        let actor = resolver.links[earlier];
        if actor.is_none() && !thing {
            continue;
        }
        if let Some(actor) = actor {
            if seen.contains(&actor) {
                continue;
            }
        }
        let Some(score) = score(resolver, at, &me, pronoun, earlier, actor) else { continue };
        if let Some(actor) = actor {
            seen.push(actor);
        }
        match best {
            Some((top, _)) if score <= top => second = second.max(score),
            _ => {
                second = best.map_or(second, |(top, _)| second.max(top));
                best = Some((score, earlier));
            }
        }
    }
    let Some((score, earlier)) = best else { return };
    let Some(actor) = resolver.links[earlier] else {
        resolver.rules[at] = "link.unresolved.not-an-actor";
        return;
    };
    if score - second < 0.3 {
        resolver.rules[at] = "link.unresolved.two-candidates";
        return;
    }
    resolver.link(at, actor, "link.pronoun");
    if resolver.actors[actor].kind == Kind::Per && resolver.actors[actor].gender == Gender::Unknown {
        resolver.actors[actor].gender = me.gender;
    }
}

/// How well an earlier candidate serves as antecedent; `None` if it cannot.
fn score(
    resolver: &Resolver<'_, '_>,
    at: usize,
    me: &Candidate,
    pronoun: Pronoun,
    earlier: usize,
    actor: Option<usize>,
) -> Option<f32> {
    let other = resolver.candidate(earlier);
    let reader = resolver.reader;
    let plural = me.number == Number::Plural;
    match actor.map(|a| &resolver.actors[a]) {
        Some(entity) => {
            let person = entity.kind == Kind::Per;
            if me.gender != Gender::Unknown {
                if !person || entity.number == Number::Plural || !entity.gender.fits(me.gender) {
                    return None;
                }
            } else if pronoun.neuter {
                if person || entity.number == Number::Plural || entity.kind == Kind::Norp {
                    return None;
                }
            } else if plural
                && (entity.number == Number::Singular && entity.kind != Kind::Org || matches!(entity.kind, Kind::Loc | Kind::Fac))
            {
                return None;
            }
        }
        None => {
            if me.gender != Gender::Unknown || plural != (other.number == Number::Plural) {
                return None;
            }
        }
    }
    if other.span.covers(me.span) && other.form != Form::Pronoun {
        return None;
    }
    let same_sentence = other.sentence == me.sentence;
    let same_verb = reader.head(me.token).is_some() && reader.head(me.token) == reader.head(other.token);
    if same_sentence && same_verb && !pronoun.possessive && !pronoun.reflexive {
        return None; // "he met him": two people
    }
    if (other.quote != me.quote) && me.quote.is_some() && same_sentence && other.part == Part::Subject {
        // The speaker does not call himself "he".
        return None;
    }
    let distance = me.sentence - other.sentence;
    let mut score = match distance {
        0 => 1.6,
        1 => 1.0,
        2 => 0.0,
        _ => -1.0,
    };
    score += match other.part {
        Part::Subject => 1.6,
        Part::Object => 0.6,
        Part::Oblique => 0.2,
        Part::Possessor => 0.5,
        Part::Adnominal => -0.4,
        Part::Other => 0.1,
    };
    if pronoun.reflexive && same_verb {
        score += 3.0;
    }
    if me.part == Part::Subject && other.part == Part::Subject {
        score += 0.4;
    }
    if let Some(actor) = actor {
        let entity = &resolver.actors[actor];
        score += (entity.mentions.iter().rev().take(8).filter(|&&m| m < at).count() as f32).min(4.0) * 0.25;
        if me.gender != Gender::Unknown && entity.gender == me.gender {
            score += 0.6;
        }
        if entity.generic {
            score -= 0.4;
        }
    } else {
        score -= 0.2;
    }
    let gap = me.span.start().saturating_sub(other.span.end());
    score -= (gap as f32 / 200.0).min(1.5);
    Some(score)
}
