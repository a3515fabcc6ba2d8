//! Coreference of what is not a name: anaphoric nominals ("the group", "the two leaders") and pronouns.
//!
//! Everything here looks back on entities that are settled, and takes one only where number, gender, kind and role allow
//! exactly one, or one clearly before the others.

use crate::actors::Gender;
use crate::entities::{Actor, Resolver};
use crate::mentions::{Candidate, Determiner, Number, Pronoun};
use tellings_doc::{Deprel, Kind, Upos};

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
pub(crate) fn group(resolver: &mut Resolver<'_, '_>, members: Vec<usize>) -> usize {
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
    let noun = noun.to_ascii_lowercase();
    match resolver.name_words.get(noun.as_str())?[..] {
        [actor] => Some(actor),
        ref several => {
            // "the parliament": the Parliament of Iraq rather than its Members of Parliament.
            let headed = |&&actor: &&usize| {
                let name = resolver.actors[actor].name.to_ascii_lowercase();
                let head = [" of ", " for ", " in "].iter().filter_map(|of| name.find(of)).min().unwrap_or(name.len());
                name[..head].ends_with(noun.as_str())
            };
            let mut headed = several.iter().filter(headed);
            headed.next().copied().filter(|_| headed.next().is_none())
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

/// "It is clear that …", "it was hard to …": an "it" that stands for a clause.
pub(crate) fn expletive(resolver: &Resolver<'_, '_>, token: usize) -> bool {
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
pub(crate) fn speaker(resolver: &mut Resolver<'_, '_>, at: usize, pronoun: Pronoun) {
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
