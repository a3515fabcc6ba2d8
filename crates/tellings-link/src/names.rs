//! Names: which names of a document are one entity, and which entities of the actor table they are.
//!
//! People: the longest form of a name founds an entity; shorter ones ("Obama", "Mr Barack") join it where only one entity
//! fits. States: by the country table. Organisations: by the actor table, by equal words, by acronym and expansion.

use crate::actors::{Actors, Gender, fold};
use crate::entities::{Actor, Resolver};
use crate::mentions::{Number, Reader, What};
use crate::{Reference, Standing};
use rustc_hash::FxHashMap;
use tellings_doc::{DateRange, Deprel, Kind};

/// Joins all names.
pub(crate) fn join(resolver: &mut Resolver<'_, '_>) {
    people(resolver);
    for at in 0..resolver.actors.len() {
        let folded = resolver.table().fold_name(&resolver.actors[at].name);
        if let Some((_, last)) = folded.rsplit_once(' ') {
            resolver.surnames.entry(last.to_string()).and_modify(|actor| *actor = None).or_insert(Some(at));
        }
    }
    for at in 0..resolver.found.candidates.len() {
        let candidate = resolver.candidate(at);
        let open = candidate.what == What::Name && resolver.links[at].is_none();
        if open && resolver.rules[at] != "link.unresolved.two-candidates" {
            other(resolver, at);
        }
    }
    acronyms(resolver);
    maybes(resolver);
}

/// Words that may be people's names: equal ones would be one person.
fn maybes(resolver: &mut Resolver<'_, '_>) {
    let mut known: FxHashMap<String, usize> = FxHashMap::default();
    for at in 0..resolver.found.candidates.len() {
        if resolver.candidate(at).what != What::Maybe {
            continue;
        }
        let words = resolver.candidate(at).span.of(resolver.reader.text());
        let key = fold(words);
        let actor = match known.get(&key) {
            Some(&actor) => actor,
            None => {
                let mut actor = Actor::new(words, Kind::Misc, "link.name.by-pronoun");
                actor.number = Number::Singular;
                actor.gender = key.split(' ').next().and_then(|w| resolver.table().given_name(w)).unwrap_or(Gender::Unknown);
                actor.guessed = true;
                resolver.add(actor)
            }
        };
        known.insert(key, actor);
        resolver.maybes[at] = Some(actor);
        resolver.actors[actor].mentions.push(at);
    }
}

/// One way a person's name is written.
struct Written {
    words: Vec<String>,
    /// All of it, "II" and "Jr." included.
    whole: String,
    at: usize,
    gender: Gender,
    honorific: bool,
}

impl Written {
    /// "II" of "Abbas II".
    fn numeral(&self) -> Option<&str> {
        let (_, last) = self.whole.rsplit_once(' ')?;
        (matches!(last, "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x" | "xi" | "xii")
            && self.words.last()? != last)
            .then_some(last)
    }
}

fn people(resolver: &mut Resolver<'_, '_>) {
    let text = resolver.reader.text();
    let table = resolver.table();
    let mut names: Vec<Written> = Vec::new();
    for at in 0..resolver.found.candidates.len() {
        let candidate = resolver.candidate(at);
        if candidate.what != What::Name || matches!(candidate.kind, Kind::Norp | Kind::Event) {
            continue;
        }
        let mut folded = table.fold_name(candidate.span.of(text));
        let titled = after_title(resolver, &folded);
        if let Some(name) = titled {
            folded = name;
        } else if candidate.kind != Kind::Per {
            continue;
        }
        let acting = |o: &crate::Organisation| {
            o.sectors.first().is_some_and(|s| matches!(&**s, "REB" | "IMG" | "IGO" | "UNO" | "EUR" | "MIL"))
        };
        if candidate.gender == Gender::Unknown && table.organisation_named(&folded).is_some_and(acting) {
            continue; // a person's name it is not, whatever the recogniser says
        }
        let mut words: Vec<String> = folded.split(' ').filter(|w| !w.is_empty()).map(str::to_string).collect();
        let mut gender = candidate.gender;
        let mut honorific = gender != Gender::Unknown;
        while words.len() > 1 {
            if let Some(said) = table.honorific(&words[0]) {
                gender = if gender == Gender::Unknown { said } else { gender };
                honorific = true;
            } else if table.office_named(&words[0]).is_none() {
                break;
            }
            words.remove(0);
        }
        let mut whole = words.join(" ");
        if words.last().is_some_and(|w| {
            matches!(
                w.as_str(),
                "jr" | "sr" | "i" | "ii" | "iii" | "iv" | "v" | "vi" | "vii" | "viii" | "ix" | "x" | "xi" | "xii"
            )
        }) && words.len() > 1
        {
            words.pop();
        }
        // A headline's "Putin Meet": the last name of somebody in office, and a word that is no name.
        if words.len() == 2
            && candidate.gender == Gender::Unknown
            && table.given_name(&words[0]).is_none()
            && table.people_named(&folded).is_empty()
        {
            let office = |at: &u16| table.person(*at).terms_at(resolver.as_of).next().is_some();
            if table.people_of_surname(&words[0]).iter().filter(|at| office(at)).count() == 1
                && table.people_of_surname(&words[1]).is_empty()
            {
                words.pop();
                whole = words.join(" ");
            }
        }
        if words.is_empty() {
            continue;
        }
        names.push(Written { words, whole, at, gender, honorific });
    }
    // Full names first, longest first; then the short ones in text order.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&i| (usize::MAX - names[i].words.len().min(2), usize::MAX - names[i].words.len(), i));
    let mut full: Vec<(usize, usize)> = Vec::new();
    let mut by_last: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for i in order {
        let name = &names[i];
        let last = name.words[name.words.len() - 1].clone();
        let empty = Vec::new();
        let fits = |entry: &&(usize, usize)| {
            let (actor, other) = **entry;
            let other = &names[other];
            // "Abbas II" is not "Abbas III", nor is he Mahmoud Abbas.
            let regnal = |a: &Written, b: &Written| a.numeral().is_some() && a.words.len() == 1 && b.words.len() > 1;
            let numerals = other.numeral().zip(name.numeral()).is_some_and(|(a, b)| a != b)
                || other.numeral() != name.numeral() && (regnal(other, name) || regnal(name, other));
            resolver.actors[actor].gender.fits(name.gender) && !numerals && same_person(&other.words, &name.words)
        };
        let ends: Vec<usize> =
            by_last.get(&last).unwrap_or(&empty).iter().map(|&f| full[f]).filter(|e| fits(&e)).map(|e| e.0).collect();
        let mut found = distinct(&ends);
        let mut rule = if name.words.len() > 1 { "link.name" } else { "link.surname" };
        if found.is_empty() && name.words.len() == 1 {
            let starts: Vec<usize> = by_first.get(&last).unwrap_or(&empty).iter().map(|&f| full[f].0).collect();
            found = distinct(&starts);
            found.retain(|&actor| resolver.actors[actor].gender.fits(name.gender));
            rule = "link.given-name";
        }
        match found[..] {
            [actor] => {
                let gender = name.gender;
                resolver.link(name.at, actor, rule);
                if resolver.actors[actor].gender == Gender::Unknown {
                    resolver.actors[actor].gender = gender;
                }
                if name.words.len() > 1 {
                    remember(&mut full, &mut by_last, &mut by_first, &names, actor, i);
                }
            }
            [] => {
                let actor = found_person(resolver, name);
                resolver.link(name.at, actor, "link.name");
                remember(&mut full, &mut by_last, &mut by_first, &names, actor, i);
            }
            _ => {
                let near = nearest(resolver, &found, name.at);
                match near {
                    Some(actor) => resolver.link(name.at, actor, "link.surname.nearest"),
                    None => resolver.rules[name.at] = "link.unresolved.two-candidates",
                }
            }
        }
    }
}

/// The person's name in a name that begins with a state or office ("United States President Donald Trump").
fn after_title(resolver: &Resolver<'_, '_>, folded: &str) -> Option<String> {
    let table = resolver.table();
    let words: Vec<&str> = folded.split(' ').collect();
    let office = words[..words.len() - 1].iter().rposition(|w| table.office_named(w).is_some())?;
    let rest = &words[office + 1..];
    let name = rest.join(" ");
    let person =
        rest.len() <= 4 && (!table.people_named(&name).is_empty() || rest.len() > 1 && table.given_name(rest[0]).is_some());
    person.then_some(name)
}

fn remember(
    full: &mut Vec<(usize, usize)>,
    by_last: &mut FxHashMap<String, Vec<usize>>,
    by_first: &mut FxHashMap<String, Vec<usize>>,
    names: &[Written],
    actor: usize,
    i: usize,
) {
    let words = &names[i].words;
    if full.iter().any(|&(a, other)| a == actor && names[other].words == *words) {
        return;
    }
    let at = full.len();
    full.push((actor, i));
    by_last.entry(words[words.len() - 1].clone()).or_default().push(at);
    if words.len() > 1 {
        by_first.entry(words[0].clone()).or_default().push(at);
        for word in &words[1..words.len() - 1] {
            by_first.entry(word.clone()).or_default().push(at);
        }
    }
}

fn distinct(actors: &[usize]) -> Vec<usize> {
    let mut all = actors.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

/// Is `short` another way to write the full name `full`? Both end in the same word.
fn same_person(full: &[String], short: &[String]) -> bool {
    if short.len() == 1 || full.len() == 1 || full.ends_with(short) || short.ends_with(full) {
        return true;
    }
    let initial = |a: &str, b: &str| a.len() == 1 && b.starts_with(a) || b.len() == 1 && a.starts_with(b);
    full[0] == short[0] || initial(&full[0], &short[0])
}

/// Of people with the same last name the one named last, if only one of them was named in the sentences just before.
fn nearest(resolver: &Resolver<'_, '_>, actors: &[usize], at: usize) -> Option<usize> {
    let here = resolver.candidate(at).sentence;
    let mut close = actors
        .iter()
        .copied()
        .filter(|&actor| resolver.actors[actor].mentions.iter().any(|&m| m < at && resolver.candidate(m).sentence + 2 >= here));
    let first = close.next()?;
    if close.next().is_some() { None } else { Some(first) }
}

/// Is it somebody whom a report may call by the last name alone: one who leads a state or its foreign policy, or an
/// international body or a rebel movement, at that time? Without a date: one who has led a state.
fn prominent(table: &Actors, person: u16, as_of: Option<DateRange>) -> bool {
    table.person(person).terms_at(as_of).any(|term| match &*table.office(term.office).key {
        "president" | "prime-minister" | "chancellor" | "supreme-leader" => true,
        "vice-president"
        | "foreign-minister"
        | "defence-minister"
        | "secretary-general"
        | "high-representative"
        | "envoy"
        | "rebel-leader"
        | "opposition-leader"
        | "head-of-junta"
        | "head-of-government"
        | "national-security-adviser"
        | "director-general"
        | "presidential-candidate"
        | "spokesperson" => as_of.is_some(),
        _ => false,
    })
}

/// A new person, looked up in the actor table.
fn found_person(resolver: &mut Resolver<'_, '_>, name: &Written) -> usize {
    let table = resolver.table();
    let candidate = resolver.candidate(name.at);
    let mut actor = Actor::new(candidate.span.of(resolver.reader.text()), Kind::Per, "link.name");
    actor.number = Number::Singular;
    actor.gender = name.gender;
    let as_of = resolver.as_of;
    let full = name.words.join(" ");
    let known = |name: &str| table.people_named(name).to_vec();
    let holds = |&&at: &&u16| table.person(at).terms_at(as_of).next().is_some() && table.person(at).gender.fits(name.gender);
    let mut people: Vec<u16> = known(&name.whole);
    if people.is_empty() {
        people = known(&full);
    }
    if people.len() > 1 {
        let holding: Vec<u16> = people.iter().filter(holds).copied().collect();
        people = holding;
    }
    if people.is_empty() && name.words.len() == 1 && name.numeral().is_none() {
        people = table.people_of_surname(&full).iter().filter(holds).copied().collect();
        if let [person] = people[..]
            && !prominent(table, person, as_of)
        {
            people.clear();
        }
    }
    if let [person] = people[..] {
        let person = table.person(person);
        if let Some(known) = resolver.known(&person.key) {
            return known;
        }
        actor.is_person(person, as_of, table);
    } else if actor.gender == Gender::Unknown && (name.words.len() > 1 || !name.honorific) {
        actor.gender = table.given_name(&name.words[0]).unwrap_or(Gender::Unknown);
        actor.guessed = true;
    }
    resolver.add(actor)
}

/// A name of anything but a person.
fn other(resolver: &mut Resolver<'_, '_>, at: usize) {
    let reader = resolver.reader;
    let candidate = resolver.candidate(at).clone();
    let words = candidate.span.of(reader.text());
    let key = resolver.table().fold_name(words);
    if key.is_empty() {
        return;
    }
    if let Some(whole) = part_of(resolver, at) {
        let known = format!("name/{}", fold(&whole));
        let actor = resolver.named(&known).unwrap_or_else(|| {
            let mut actor = Actor::new(&whole, candidate.kind, "link.part-of-place");
            actor.number = Number::Singular;
            let placed = reader.places.binary_search_by_key(&candidate.span, |place| place.span).ok().map(|i| &reader.places[i]);
            let state = || reader.countries.find(words).map(|(country, _)| country.iso3.to_string());
            actor.country = placed.filter(|p| p.score >= 0.5).and_then(|p| p.country.clone()).or_else(state);
            let actor = resolver.add(actor);
            resolver.name(known, actor);
            actor
        });
        return resolver.link(at, actor, "link.part-of-place");
    }
    if let Some(organisation) = resolver.table().organisation_named(&key).filter(|_| candidate.kind != Kind::Norp) {
        if let Some(actor) = resolver.known(&organisation.key) {
            return resolver.link(at, actor, "link.name");
        }
        let mut actor = Actor::new(&organisation.name, Kind::Org, "link.organisation-table");
        actor.known = Some(organisation.key.to_string());
        actor.country = Some(organisation.country.to_string()).filter(|c| !c.is_empty());
        organisation.sectors.iter().for_each(|sector| actor.add_sector(sector));
        let actor = resolver.add(actor);
        note_words(resolver, actor);
        return resolver.link(at, actor, "link.name");
    }
    if let Some(person) = surname(resolver, at, &key) {
        return resolver.link(at, person, "link.surname");
    }
    if let Some(state) = half(resolver, words) {
        return resolver.link(at, state, "link.half-of-country");
    }
    if let Some((country, reference)) = reader.countries.find(words) {
        let place = reader.places.binary_search_by_key(&candidate.span, |place| place.span).ok().map(|i| &reader.places[i]);
        let subject = reader.deprel(candidate.token).base() == Deprel::Nsubj;
        let acts = acts(resolver, at) || !subject && place.is_some_and(|place| place.associative);
        let rule = match reference {
            Reference::Name => Some("link.country"),
            Reference::Adjective | Reference::People => Some("link.nationality"),
            Reference::Seat if built(resolver, at) => None,
            Reference::Seat => Some("link.seat-of-government"),
            Reference::Capital if acts => Some("link.capital-for-government"),
            Reference::Capital => None,
        };
        if let Some(rule) = rule {
            let actor = match country.standing {
                Standing::Former => resolver.former(country),
                _ => resolver.state(country.iso3),
            };
            return resolver.link(at, actor, rule);
        }
    }
    let known = format!("name/{key}");
    if let Some(actor) = resolver.named(&known) {
        return resolver.link(at, actor, "link.name");
    }
    if candidate.kind == Kind::Org
        && !key.contains(' ')
        && let Some(actor) = crate::coref::by_name_word(resolver, &key)
        && (resolver.table().noun_named(&key).is_some() || fold(&resolver.actors[actor].name).ends_with(&format!(" {key}")))
    {
        return resolver.link(at, actor, "link.part-of-name");
    }
    let mut actor = Actor::new(words, candidate.kind, "link.name");
    actor.number = if candidate.kind == Kind::Norp { Number::Plural } else { Number::Singular };
    describe(resolver, at, &mut actor);
    let body = actor.kind == Kind::Org;
    let actor = resolver.add(actor);
    if body {
        note_words(resolver, actor);
    }
    resolver.name(known, actor);
    resolver.link(at, actor, "link.name");
}

/// "mainland Greece", "ancient Rome", "rebel-held Aleppo": the name with the words before it that make it another thing than
/// what the name alone means.
fn part_of(resolver: &Resolver<'_, '_>, at: usize) -> Option<String> {
    let reader = resolver.reader;
    let candidate = resolver.candidate(at);
    if !matches!(candidate.kind, Kind::Gpe | Kind::Loc) {
        return None;
    }
    let first = reader.parse.tokens_in(candidate.span).start;
    let last = first.checked_sub(1).filter(|&t| t >= reader.parse.sentences[candidate.sentence].tokens.start)?;
    let word = reader.word(last);
    let part = |word: &str| resolver.table().parts(&word.to_ascii_lowercase());
    let hyphened = |t: usize| t > 0 && matches!(reader.word(t - 1), "-" | "–");
    let from = if hyphened(last) {
        // "rebel-held" in three tokens.
        let from = last.checked_sub(2)?;
        (part(word) || part(reader.words(from, last + 1))).then_some(from)?
    } else if matches!(word, "held" | "controlled" | "administered") {
        return None;
    } else {
        part(word).then_some(last)?
    };
    let before = reader.words(from, last + 1);
    (!before.contains('\n')).then(|| format!("{before} {}", candidate.span.of(reader.text())))
}

/// "the North" for the one state named before whose name begins so ("North Korea").
fn half(resolver: &Resolver<'_, '_>, words: &str) -> Option<usize> {
    if !matches!(words, "North" | "South" | "East" | "West") {
        return None;
    }
    let begins = |actor: &Actor| {
        let state = actor.known.as_ref().is_some_and(|known| known.starts_with("state/"));
        state && actor.name.strip_prefix(words).is_some_and(|rest| rest.starts_with(' '))
    };
    let mut states = (0..resolver.actors.len()).filter(|&i| begins(&resolver.actors[i]));
    states.next().filter(|_| states.next().is_none())
}

/// Lets an organisation of several words be found by each of them.
fn note_words(resolver: &mut Resolver<'_, '_>, actor: usize) {
    let folded = fold(&resolver.actors[actor].name);
    if folded.contains(' ') {
        for word in folded.split(' ') {
            resolver.name_words.entry(word.to_string()).or_default().push(actor);
        }
    }
}

/// The person of the document whose last name it is, though it was taken for another kind of name ("Assad", "Putin").
fn surname(resolver: &Resolver<'_, '_>, at: usize, key: &str) -> Option<usize> {
    let candidate = resolver.candidate(at);
    if key.contains(' ')
        || candidate.kind == Kind::Norp
        || resolver.reader.countries.find(candidate.span.of(resolver.reader.text())).is_some()
    {
        return None;
    }
    let placed = resolver.reader.places.binary_search_by_key(&candidate.span, |place| place.span);
    let place = placed.is_ok_and(|i| resolver.reader.places[i].score >= 0.5);
    let person = (*resolver.surnames.get(key)?)?;
    let land = matches!(candidate.kind, Kind::Gpe | Kind::Loc | Kind::Fac);
    (!place && !land || resolver.actors[person].known.is_some()).then_some(person)
}

/// Is a seat of government meant as the building that it is: "outside the Kremlin"?
fn built(resolver: &Resolver<'_, '_>, at: usize) -> bool {
    let reader = resolver.reader;
    let tokens = reader.parse.tokens_in(resolver.candidate(at).span);
    let before = |n: usize| tokens.start.checked_sub(n).map_or("", |t| reader.word(t));
    let case = if matches!(before(1), "the" | "The") { before(2) } else { before(1) };
    matches!(case, "outside" | "near" | "past" | "inside" | "in" | "at" | "around" | "behind" | "opposite" | "into" | "beside")
}

/// Is a capital named for its government: does it act, or is it dealt with as one does with people?
fn acts(resolver: &Resolver<'_, '_>, at: usize) -> bool {
    let reader = resolver.reader;
    let token = resolver.candidate(at).token;
    let lists = |token: usize| match reader.deprel(token) {
        Deprel::Nsubj => reader.head(token).is_some_and(|verb| {
            const WILLING: [&str; 14] = [
                "eager",
                "ready",
                "willing",
                "unwilling",
                "keen",
                "reluctant",
                "concerned",
                "hopeful",
                "prepared",
                "opposed",
                "committed",
                "worried",
                "determined",
                "confident",
            ];
            subject_of_speech(reader, token, Deprel::Nsubj) || WILLING.contains(&reader.lemma(verb))
        }),
        Deprel::Nmod | Deprel::Obl
            if reader.dependents(token).any(|d| reader.deprel(d) == Deprel::Acl && reader.word(d).ends_with("ing")) =>
        {
            true
        }
        Deprel::OblAgent => true,
        Deprel::Nmod | Deprel::Obl => {
            // "protested to Pyongyang", "a warning to Tehran": one speaks to a government, and travels to a city.
            const ADDRESS: [&str; 20] = [
                "protest",
                "complain",
                "appeal",
                "apologize",
                "apologise",
                "respond",
                "object",
                "propose",
                "concede",
                "yield",
                "warning",
                "message",
                "ultimatum",
                "note",
                "apology",
                "offer",
                "concession",
                "threat",
                "complaint",
                "signal",
            ];
            match reader.case(token) {
                Some("between" | "with" | "against" | "toward" | "towards" | "by") => true,
                Some("to") => reader.head(token).is_some_and(|head| ADDRESS.contains(&reader.lemma(head))),
                _ => false,
            }
        }
        Deprel::Obj | Deprel::Iobj => subject_of_speech(reader, token, Deprel::Obj),
        Deprel::NmodPoss => reader.head(token).is_some_and(|noun| {
            resolver.found.heads[noun] > 0 && {
                let owned = resolver.candidate(resolver.found.heads[noun] as usize - 1);
                owned.noun.is_some_and(|n| resolver.table().noun(n).body) || owned.office.is_some()
            }
        }),
        _ => false,
    };
    if reader.deprel(token) == Deprel::Conj {
        return reader.head(token).is_some_and(lists);
    }
    lists(token)
}

/// Does it stand in that relation to a verb of saying or doing that only people do?
fn subject_of_speech(reader: &Reader<'_>, token: usize, deprel: Deprel) -> bool {
    let verb = reader.head(token).filter(|_| reader.deprel(token) == deprel);
    verb.is_some_and(|verb| {
        const ACTS: [&str; 122] = [
            "say",
            "accuse",
            "warn",
            "agree",
            "demand",
            "reject",
            "deny",
            "announce",
            "call",
            "urge",
            "condemn",
            "claim",
            "insist",
            "refuse",
            "want",
            "hope",
            "blame",
            "ask",
            "seek",
            "offer",
            "propose",
            "support",
            "back",
            "respond",
            "react",
            "order",
            "impose",
            "threaten",
            "vow",
            "pledge",
            "decide",
            "recall",
            "expel",
            "sign",
            "send",
            "deploy",
            "consider",
            "believe",
            "fear",
            "tell",
            "press",
            "pressure",
            "push",
            "launch",
            "accept",
            "argue",
            "view",
            "see",
            "express",
            "withdraw",
            "suspend",
            "approve",
            "veto",
            "criticize",
            "criticise",
            "dismiss",
            "promise",
            "summon",
            "retaliate",
            "negotiate",
            "intend",
            "plan",
            "protest",
            "acknowledge",
            "confirm",
            "use",
            "test",
            "fire",
            "invade",
            "attack",
            "strike",
            "annex",
            "ban",
            "lift",
            "block",
            "sever",
            "restore",
            "resume",
            "brand",
            "label",
            "designate",
            "describe",
            "maintain",
            "try",
            "attempt",
            "continue",
            "fail",
            "abandon",
            "oppose",
            "resist",
            "welcome",
            "praise",
            "declare",
            "add",
            "ignore",
            "violate",
            "breach",
            "arm",
            "fund",
            "finance",
            "supply",
            "sponsor",
            "allow",
            "permit",
            "prevent",
            "grant",
            "recognise",
            "recognize",
            "regard",
            "treat",
            "test-fire",
            "detain",
            "release",
            "extradite",
            "file",
            "lodge",
            "appoint",
            "mediate",
            "broker",
            "cut",
            "break",
            "pull",
        ];
        ACTS.contains(&reader.lemma(verb))
    })
}

/// Gives a new entity the country and sectors that its own words say.
fn describe(resolver: &Resolver<'_, '_>, at: usize, actor: &mut Actor) {
    let reader = resolver.reader;
    let candidate = resolver.candidate(at);
    let table = resolver.table();
    if let Ok(i) = reader.places.binary_search_by_key(&candidate.span, |place| place.span) {
        actor.country = reader.places[i].country.clone().filter(|_| reader.places[i].score >= 0.5);
    }
    let tokens = reader.parse.tokens_in(candidate.span);
    let body = |token: usize| {
        let noun = table.noun_named(&fold(reader.word(token))).map(|n| table.noun(n));
        noun.is_some_and(|n| n.body && !n.sector.is_empty())
    };
    if actor.kind != Kind::Org && tokens.clone().any(body) && actor.kind != Kind::Per {
        actor.kind = Kind::Org; // "Parliament of Iraq", whatever the recogniser says
    }
    if matches!(actor.kind, Kind::Gpe | Kind::Loc) {
        return;
    }
    for from in tokens.clone() {
        for to in [from + 2, from + 1] {
            if to > tokens.end || actor.country.is_some() {
                continue;
            }
            if let Some((country, reference)) = reader.countries.find(reader.words(from, to))
                && reference <= Reference::Adjective
            {
                actor.country = Some(country.iso3.to_string());
            }
        }
    }
    if actor.kind == Kind::Org {
        // The last noun of the name that says a sector ("Paris Police Prefecture": police).
        let mut best: Option<(usize, String)> = None;
        for token in tokens {
            let word = fold(reader.word(token));
            let noun = table.noun_named(&word).map(|n| table.noun(n)).filter(|n| !n.sector.is_empty() && n.kind == Kind::Org);
            let rank = usize::from(noun.is_some_and(|n| &*n.sector != "GOV" && !n.anaphor)) + 1;
            let sector = noun.map(|n| n.sector.to_string()).or_else(|| table.modifier(&word).map(str::to_string));
            if let Some(sector) = sector.filter(|_| best.as_ref().is_none_or(|(r, _)| rank > *r)) {
                best = Some((rank, sector));
            }
        }
        if let Some((_, sector)) = best {
            actor.add_sector(&sector);
        }
    }
    if actor.country.is_none() && actor.kind == Kind::Org {
        // "Iran's Quds Force", "Syrian Democratic Forces" where the nationality stands outside the name.
        for d in reader.dependents(candidate.token) {
            let owner = resolver.found.names.get(d).copied().unwrap_or(0) as usize;
            let owned = matches!(reader.deprel(d), Deprel::NmodPoss | Deprel::Amod | Deprel::Compound)
                || reader.deprel(d) == Deprel::Nmod && reader.case(d) == Some("of");
            if owner > 0 && owner - 1 != at && owned {
                let words = resolver.candidate(owner - 1).span.of(reader.text());
                if let Some((country, _)) = reader.countries.find(words) {
                    actor.country = Some(country.iso3.to_string());
                }
            }
        }
    }
}

/// Joins acronyms to what they stand for: "Syrian Democratic Forces (SDF)", or by first letters.
fn acronyms(resolver: &mut Resolver<'_, '_>) {
    let text = resolver.reader.text();
    let n = resolver.found.candidates.len();
    let mut merge: Vec<(usize, usize)> = Vec::new();
    let mut last: Option<usize> = None;
    for at in 0..n {
        let candidate = resolver.candidate(at);
        if candidate.what != What::Name || candidate.kind == Kind::Norp {
            continue;
        }
        if let Some(before) = last {
            let long = resolver.candidate(before).span;
            let gap = text.get(long.end()..candidate.span.start()).unwrap_or("");
            let closes = text.get(candidate.span.end()..).is_some_and(|rest| rest.starts_with(')') || rest.starts_with(" or"));
            if gap.trim() == "(" && closes {
                let (a, b) = (long.of(text), candidate.span.of(text));
                if (initials(a, b) || initials(b, a))
                    && let (Some(x), Some(y)) = (resolver.links[before], resolver.links[at])
                {
                    merge.push((x, y));
                }
            }
        }
        last = Some(at);
    }
    for (a, b) in merge {
        resolver.merge(a, b);
    }
}

/// Is `short` made of the first letters of the words of `long`?
fn initials(long: &str, short: &str) -> bool {
    let letters: Vec<char> = short.chars().filter(|c| c.is_alphabetic()).collect();
    if letters.len() < 2 || letters.iter().filter(|c| c.is_uppercase()).count() < 2 || long.split_whitespace().count() < 2 {
        return false;
    }
    let mut rest = letters.iter().map(|c| c.to_ascii_lowercase()).peekable();
    for word in long.split(|c: char| c.is_whitespace() || c == '-') {
        let first = word.chars().next().map(|c| c.to_ascii_lowercase());
        if first.is_some() && rest.peek().copied() == first {
            rest.next();
        }
    }
    rest.peek().is_none()
}
