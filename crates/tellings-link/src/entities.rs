//! Who: joins candidates to entities, and gives entities their names, roles, countries and sectors.
//!
//! Names are joined over the whole document first. Titles, nominals and pronouns are then taken in text order, so that each
//! looks back on what is settled. What finds no single fitting entity stays without one, and its rule says why.

use crate::Country;
use crate::actors::{Actors, Gender, Person};
use crate::antecedents::{self, PronounCase};
use crate::coref;
use crate::mentions::{Candidate, Determiner, Found, Number, Reader, What};
use crate::names;
use rustc_hash::FxHashMap;
use tellings_doc::{DateRange, Deprel, Entity, Form, Id, Kind, Mention, Role, Rule, Upos};

/// Verbs that bring in a quotation.
pub(crate) const SAYING: [&str; 40] = [
    "say",
    "tell",
    "add",
    "declare",
    "state",
    "write",
    "note",
    "announce",
    "explain",
    "argue",
    "insist",
    "claim",
    "warn",
    "comment",
    "reply",
    "respond",
    "tweet",
    "remark",
    "observe",
    "recall",
    "stress",
    "conclude",
    "continue",
    "ask",
    "urge",
    "admit",
    "acknowledge",
    "confirm",
    "deny",
    "call",
    "describe",
    "read",
    "quote",
    "post",
    "report",
    "suggest",
    "assert",
    "emphasize",
    "maintain",
    "indicate",
];

/// Days after the end of a term in which its holder is still spoken of as such.
const LATELY: i64 = 7;

/// An entity in the making.
#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) country: Option<String>,
    pub(crate) sectors: Vec<String>,
    pub(crate) roles: Vec<Role>,
    /// Offices held, with the country where it is known.
    pub(crate) offices: Vec<(u16, Option<String>)>,
    pub(crate) known: Option<String>,
    pub(crate) generic: bool,
    pub(crate) members: Vec<usize>,
    pub(crate) rule: &'static str,
    pub(crate) gender: Gender,
    /// The gender is only that of a given name.
    pub(crate) guessed: bool,
    pub(crate) number: Number,
    /// The canonical noun of a nominal entity.
    pub(crate) canon: Option<u32>,
    pub(crate) count: Option<u32>,
    /// Of a state: all of it ("Russia"), not an organ or a city.
    pub(crate) state: bool,
    /// Candidates joined so far.
    pub(crate) mentions: Vec<usize>,
}

impl Actor {
    pub(crate) fn new(name: &str, kind: Kind, rule: &'static str) -> Actor {
        Actor {
            name: name.to_string(),
            kind,
            country: None,
            sectors: Vec::new(),
            roles: Vec::new(),
            offices: Vec::new(),
            known: None,
            generic: false,
            members: Vec::new(),
            rule,
            gender: Gender::Unknown,
            guessed: false,
            number: Number::Unknown,
            canon: None,
            count: None,
            state: false,
            mentions: Vec::new(),
        }
    }

    pub(crate) fn add_sector(&mut self, sector: &str) {
        if !sector.is_empty() && !self.sectors.iter().any(|s| s == sector) {
            self.sectors.push(sector.to_string());
        }
    }

    /// Gives it the country and sectors of a person of the table.
    pub(crate) fn is_person(&mut self, person: &Person, as_of: Option<DateRange>, table: &Actors) {
        self.known = Some(person.key.to_string());
        self.name = person.name.to_string();
        self.kind = Kind::Per;
        if self.gender == Gender::Unknown {
            self.gender = person.gender;
        }
        self.number = Number::Singular;
        let mut held = false;
        let last = person.terms.len().saturating_sub(1);
        for (at, term) in person.terms_at(as_of).enumerate() {
            held = true;
            self.offices.push((term.office, Some(term.country.to_string())));
            if as_of.is_none() && at < last {
                continue; // of an undated report only the last office is sure enough to give a sector
            }
            if as_of.is_some() {
                let text = table.office(term.office).key.replace('-', " ");
                self.roles.push(Role { text, span: None });
            }
            self.add_sector(&term.sector);
        }
        // What is told of somebody in the days after the end of a term is mostly told of that term: a dismissal, a death.
        if let Some(days) = as_of.filter(|_| !held) {
            let from = days.first.checked_sub(jiff::Span::new().days(LATELY)).unwrap_or(days.first);
            let lately = DateRange::new(from, days.last);
            person.terms_at(Some(lately)).for_each(|term| self.add_sector(&term.sector));
        }
        if !person.country.is_empty() {
            self.country = Some(person.country.to_string());
        }
        if !held {
            self.add_sector(&person.sector);
        }
    }
}

/// What the words around a noun say of whose it is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ties {
    /// Countries, each once, in text order.
    countries: Vec<String>,
    /// The body or person it belongs to.
    owner: Option<usize>,
    /// Sector said by a modifier.
    sector: Option<String>,
    /// Country of the place it is in or from.
    place: Option<String>,
}

/// The resolver: entities made so far, and for each candidate its entity and the rule that tied it.
pub(crate) struct Resolver<'r, 'a> {
    pub(crate) reader: &'r Reader<'a>,
    pub(crate) found: &'r Found,
    pub(crate) actors: Vec<Actor>,
    pub(crate) links: Vec<Option<usize>>,
    /// Of words that may be a person's name: whose it would be.
    pub(crate) maybes: Vec<Option<usize>>,
    pub(crate) rules: Vec<&'static str>,
    pub(crate) as_of: Option<DateRange>,
    /// What pronouns could stand for, kept for training.
    pub(crate) trace: Option<Vec<PronounCase>>,
    /// The last "he" and the last "she" that found somebody: whom, and in which sentence.
    pub(crate) last_gendered: [Option<(usize, usize)>; 2],
    done: Vec<bool>,
    /// For the last candidate of a coordination: all of it.
    coordinations: FxHashMap<usize, Vec<usize>>,
    speakers: Vec<Option<Option<usize>>>,
    /// The country that most names belong to, and its share of them.
    pub(crate) main: Option<(String, f32)>,
    /// Organisations by the words of their names.
    pub(crate) name_words: FxHashMap<String, Vec<usize>>,
    /// People by their last name; `None` where there are several.
    pub(crate) surnames: FxHashMap<String, Option<usize>>,
    known: FxHashMap<String, usize>,
}

/// Mentions in text order, and entities in order of first mention.
pub(crate) fn entities(reader: &Reader<'_>, found: &Found) -> (Vec<Mention>, Vec<Entity>) {
    resolved(reader, found, false).finish()
}

/// What each third-person pronoun of the text could stand for.
pub(crate) fn pronouns(reader: &Reader<'_>, found: &Found) -> Vec<PronounCase> {
    resolved(reader, found, true).trace.unwrap_or_default()
}

fn resolved<'r, 'a>(reader: &'r Reader<'a>, found: &'r Found, trace: bool) -> Resolver<'r, 'a> {
    let n = found.candidates.len();
    let mut resolver = Resolver {
        reader,
        found,
        actors: Vec::new(),
        links: vec![None; n],
        maybes: vec![None; n],
        rules: vec!["link.unresolved.no-antecedent"; n],
        as_of: reader.article.published.as_ref().map(|published| published.range),
        trace: trace.then(Vec::new),
        last_gendered: [None; 2],
        done: vec![false; n],
        coordinations: FxHashMap::default(),
        speakers: vec![None; found.quotes.len()],
        main: None,
        name_words: FxHashMap::default(),
        surnames: FxHashMap::default(),
        known: FxHashMap::default(),
    };
    resolver.coordinate();
    names::join(&mut resolver);
    resolver.main = resolver.main_country();
    for at in 0..n {
        resolver.resolve(at, 0);
    }
    resolver
}

impl<'a> Resolver<'_, 'a> {
    pub(crate) fn candidate(&self, at: usize) -> &Candidate {
        &self.found.candidates[at]
    }

    pub(crate) fn table(&self) -> &'a Actors {
        self.reader.actors
    }

    /// Finds people, bodies and states that are named together ("Kerry and Lavrov").
    fn coordinate(&mut self) {
        let mut of: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
        let mut firsts: Vec<usize> = Vec::new();
        for (at, candidate) in self.found.candidates.iter().enumerate() {
            let agent = !matches!(candidate.what, What::Thing | What::Maybe | What::Relative(_)) && candidate.kind != Kind::Misc;
            let first =
                self.reader.head(candidate.token).filter(|_| agent && self.reader.deprel(candidate.token) == Deprel::Conj);
            let Some(first) = first.and_then(|head| self.at_token(head)).filter(|&first| first < at) else { continue };
            let head = &self.found.candidates[first];
            if (head.kind == candidate.kind || head.form == Form::Pronoun) && head.what != What::Thing {
                let members = of.entry(first).or_insert_with(|| {
                    firsts.push(first);
                    vec![first]
                });
                members.push(at);
            }
        }
        for first in firsts {
            if let Some(members) = of.remove(&first) {
                self.coordinations.insert(members[members.len() - 1], members);
            }
        }
    }

    /// The coordination that ends with this candidate, if all of it is settled.
    pub(crate) fn coordination(&self, last: usize) -> Option<Vec<usize>> {
        let members = self.coordinations.get(&last)?;
        let mut actors: Vec<usize> = members.iter().map(|&m| self.links[m]).collect::<Option<_>>()?;
        actors.sort_unstable();
        actors.dedup();
        (actors.len() == members.len()).then(|| members.clone())
    }

    /// The candidate that says a quotation: the subject of the verb that governs it or stands beside it.
    pub(crate) fn speaker(&mut self, quote: usize) -> Option<usize> {
        if let Some(known) = self.speakers[quote] {
            return known;
        }
        let span = self.found.quotes[quote];
        let reader = self.reader;
        let mut found = None;
        let tokens = reader.parse.tokens_in(span);
        let first = reader.parse.sentences.partition_point(|s| s.tokens.end <= tokens.start);
        let last = reader
            .parse
            .sentences
            .partition_point(|s| s.tokens.end < tokens.end)
            .min(reader.parse.sentences.len().saturating_sub(1));
        for sentence in [first, last] {
            let Some(sentence) = reader.parse.sentences.get(sentence) else { continue };
            for token in sentence.tokens.clone().filter(|t| !tokens.contains(t)) {
                if reader.token(token).upos != Upos::Verb || !SAYING.contains(&reader.lemma(token)) {
                    continue;
                }
                let subject = reader.dependents(token).find(|&d| reader.deprel(d) == Deprel::Nsubj && !tokens.contains(&d));
                found = found.or(subject.and_then(|s| self.at_token(s)));
            }
        }
        if found.is_none() && quote > 0 {
            let before = self.found.quotes[quote - 1];
            let near = reader.text().get(before.end()..span.start()).is_some_and(|gap| gap.len() < 200 && !gap.contains('\n'));
            if near {
                found = self.speaker_if_known(quote - 1);
            }
        }
        if let Some(found) = found {
            self.resolve(found, 1);
        }
        self.speakers[quote] = Some(found);
        found
    }

    fn speaker_if_known(&self, quote: usize) -> Option<usize> {
        self.speakers[quote].flatten()
    }

    /// Ties a candidate to an entity.
    pub(crate) fn link(&mut self, at: usize, actor: usize, rule: &'static str) {
        if self.links[at].is_none() {
            self.links[at] = Some(actor);
            self.rules[at] = rule;
            self.actors[actor].mentions.push(at);
        }
    }

    pub(crate) fn add(&mut self, actor: Actor) -> usize {
        let at = self.actors.len();
        if let Some(key) = &actor.known {
            self.known.insert(key.clone(), at);
        }
        self.actors.push(actor);
        at
    }

    /// The entity of that key in the actor table, if the document has it.
    pub(crate) fn known(&self, key: &str) -> Option<usize> {
        self.known.get(key).copied()
    }

    /// A state that is no more, or a part of one with a name of its own: not the one whose code it bears today.
    pub(crate) fn former(&mut self, country: &Country) -> usize {
        let key = format!("former/{}", country.name.to_lowercase().replace(' ', "-"));
        if let Some(actor) = self.known(&key) {
            return actor;
        }
        let state = Actor {
            country: Some(country.iso3.to_string()),
            sectors: vec!["GOV".to_string()],
            known: Some(key),
            state: true,
            number: Number::Singular,
            ..Actor::new(country.name, Kind::Gpe, "link.former-state")
        };
        self.add(state)
    }

    /// The state of that code.
    pub(crate) fn state(&mut self, iso3: &str) -> usize {
        let key = format!("state/{iso3}");
        if let Some(actor) = self.known(&key) {
            return actor;
        }
        let name = self.reader.countries.by_iso3(iso3).map_or(iso3, |country| country.name);
        let state = Actor {
            country: Some(iso3.to_string()),
            sectors: vec!["GOV".to_string()],
            known: Some(key),
            state: true,
            number: Number::Singular,
            ..Actor::new(name, Kind::Gpe, "link.country")
        };
        self.add(state)
    }

    /// Makes a person of what a "he" or "she" was found to stand for, if it was none: a name of unsure kind, or words that
    /// only might be a name.
    pub(crate) fn is_somebody(&mut self, actor: usize, gender: Gender) {
        let entity = &mut self.actors[actor];
        // Who has been "he" once is not "she" later.
        if entity.gender == gender {
            entity.guessed = false;
        }
        if entity.gender == Gender::Unknown {
            entity.gender = gender;
        }
        if entity.kind == Kind::Per {
            return;
        }
        entity.kind = Kind::Per;
        entity.country = None;
        entity.sectors.clear();
        entity.rule = "link.name.by-pronoun";
        for at in std::mem::take(&mut entity.mentions) {
            if self.maybes[at] == Some(actor) {
                self.links[at] = Some(actor);
                self.rules[at] = "link.name.by-pronoun";
            }
            self.actors[actor].mentions.push(at);
        }
    }

    /// Resolves one candidate, once. Depth bounds how far nested candidates are followed.
    pub(crate) fn resolve(&mut self, at: usize, depth: usize) {
        if self.done[at] || depth > 6 {
            return;
        }
        self.done[at] = true;
        match self.candidate(at).what {
            What::Name | What::Thing | What::Maybe => {}
            What::Title(name) => self.title(at, name),
            What::Noun => self.noun(at, depth),
            What::Pronoun(pronoun) => antecedents::pronoun(self, at, pronoun),
            What::Relative(token) => {
                let head = self.at_token(token);
                if let Some(actor) = head.and_then(|head| self.links[head]) {
                    self.link(at, actor, "link.relative");
                }
            }
        }
    }

    /// The candidate whose head, or whose name, is at a token.
    pub(crate) fn at_token(&self, token: usize) -> Option<usize> {
        let name = self.found.names.get(token).copied().unwrap_or(0);
        let head = self.found.heads.get(token).copied().unwrap_or(0);
        [name, head].into_iter().find(|&at| at > 0).map(|at| at as usize - 1)
    }

    /// "US Secretary of State" before a name: a role of that person.
    fn title(&mut self, at: usize, name: usize) {
        let Some(actor) = self.links[name] else { return };
        let title = self.candidate(at).clone();
        let tokens = self.reader.parse.tokens_in(title.span);
        let mut ties = Ties::default();
        for token in tokens {
            if let Some(owner) = Some(self.found.names[token]).filter(|&n| n > 0).and_then(|n| self.links[n as usize - 1]) {
                self.tie(&mut ties, owner);
            }
            self.tie_sector(&mut ties, token);
        }
        self.give_role(actor, &title, &ties);
        self.link(at, actor, "link.title");
    }

    fn tie(&self, ties: &mut Ties, owner: usize) {
        let actor = &self.actors[owner];
        if let Some(country) = actor.country.as_ref().filter(|country| !ties.countries.contains(country)) {
            ties.countries.push(country.clone());
        }
        if !actor.state && (actor.kind == Kind::Org || actor.kind == Kind::Per) && ties.owner.is_none() {
            ties.owner = Some(owner);
        }
    }

    fn tie_sector(&self, ties: &mut Ties, token: usize) {
        if ties.sector.is_none() && self.found.names[token] == 0 {
            let sector = self.table().modifier(self.reader.lemma(token));
            ties.sector =
                sector.or_else(|| self.table().modifier(&self.reader.word(token).to_ascii_lowercase())).map(str::to_string);
        }
    }

    /// Writes an office or noun of a person into the entity.
    fn give_role(&mut self, actor: usize, words: &Candidate, ties: &Ties) {
        let table = self.table();
        let text = words.span.of(self.reader.text()).trim();
        let text = ["the ", "The ", "a ", "A ", "an "].iter().find_map(|article| text.strip_prefix(article)).unwrap_or(text);
        let (sectors, country) = self.codes(words, ties);
        let entity = &mut self.actors[actor];
        if !entity.roles.iter().any(|role| role.text == text) {
            entity.roles.push(Role { text: text.to_string(), span: Some(words.span) });
        }
        if let Some(office) = words.office {
            let place = country.clone().or_else(|| entity.country.clone());
            if !words.former && !entity.offices.contains(&(office, place.clone())) {
                entity.offices.push((office, place));
            }
        }
        let leads = |sector: &String| words.office.is_some_and(|office| *table.office(office).sector == **sector);
        if entity.known.is_none() || entity.sectors.is_empty() {
            for sector in sectors {
                if leads(&sector) && entity.sectors.first().is_some_and(|first| first == "CVL") {
                    entity.sectors.clear();
                }
                entity.add_sector(&sector);
            }
        }
        if entity.country.is_none() {
            entity.country = country;
        }
        if entity.gender == Gender::Unknown {
            entity.gender = words.gender;
        }
    }

    /// Sectors and country of a noun or office with its ties.
    fn codes(&self, words: &Candidate, ties: &Ties) -> (Vec<String>, Option<String>) {
        let table = self.table();
        let mut sectors: Vec<String> = Vec::new();
        let mut push = |sector: &str| {
            if !sector.is_empty() && !sectors.iter().any(|s| s == sector) {
                sectors.push(sector.to_string());
            }
        };
        let own = words.office.map(|office| &*table.office(office).sector).filter(|sector| !sector.is_empty());
        let own = own.or(words.noun.map(|noun| &*table.noun(noun).sector)).unwrap_or("");
        let own = if own == "MIL" && self.police_officers(words) { "COP" } else { own };
        let owner = ties.owner.map(|owner| &self.actors[owner]);
        if words.former && matches!(own, "GOV" | "MIL" | "LEG" | "PTY" | "") {
            push("ELI");
        }
        let weak =
            matches!(own, "" | "GOV" | "CVL" | "UNK" | "SOC" | "LAB") && words.office.is_none_or(|o| !table.office(o).unique);
        if weak {
            ties.sector.iter().for_each(|sector| push(sector));
            if let Some(owner) = owner.filter(|owner| owner.kind == Kind::Org) {
                owner.sectors.iter().for_each(|sector| push(sector));
            } else if own.is_empty() {
                owner.into_iter().flat_map(|owner| &owner.sectors).for_each(|sector| push(sector));
            }
        }
        push(own);
        let state = |country: &String| country.len() == 3 && self.reader.countries.by_iso3(country).is_some();
        if own.is_empty()
            && ties.owner.is_none()
            && ties.countries.iter().any(state)
            && words.office.is_some_and(|office| &*table.office(office).key == "leader")
        {
            push("GOV"); // "Iraqi leaders"
        }
        words.noun.iter().filter(|_| words.office.is_none()).for_each(|&noun| push(&table.noun(noun).second));
        if !weak {
            ties.sector.iter().for_each(|sector| push(sector));
        }
        let country = if ties.countries.len() == 1 { ties.countries.first().cloned() } else { None };
        if country.is_none() && ties.countries.is_empty() {
            let international = owner.filter(|owner| owner.country.is_none() && owner.kind == Kind::Org);
            for sector in international.into_iter().flat_map(|owner| &owner.sectors) {
                if matches!(sector.as_str(), "IGO" | "UNO" | "EUR" | "IMG" | "NGO") && !sectors.contains(sector) {
                    sectors.push(sector.clone());
                }
            }
        }
        (sectors, country)
    }

    /// "the officers" where the report speaks of police more than of soldiers.
    fn police_officers(&self, words: &Candidate) -> bool {
        if self.reader.lemma(words.token) != "officer" || words.head.len() > "officers".len() {
            return false;
        }
        let of = |sector: &str| {
            let mentions = self.links.iter().flatten().take(400);
            mentions.filter(|&&actor| self.actors[actor].sectors.first().is_some_and(|s| s == sector)).count()
        };
        of("COP") > of("MIL")
    }

    /// What hangs on a noun and says whose it is.
    fn ties(&mut self, at: usize, depth: usize) -> Ties {
        let token = self.candidate(at).token;
        let mut ties = Ties::default();
        let found = self.found;
        let reader = self.reader;
        let mut stack: Vec<(usize, bool)> = Vec::new();
        for d in reader.dependents(token) {
            if self.sponsor(d) {
                continue; // "US-backed rebels" are not American
            }
            let (strong, weak) = match reader.deprel(d) {
                Deprel::Amod | Deprel::Compound | Deprel::NmodPoss | Deprel::NmodDesc | Deprel::NmodUnmarked | Deprel::Flat => {
                    (true, false)
                }
                Deprel::Det => (found.names[d] > 0, false),
                Deprel::Nmod => match reader.case(d) {
                    Some("of" | "for") => (true, false),
                    Some("in" | "from" | "at" | "near" | "with") => (false, reader.case(d) != Some("with")),
                    None => (d < token, false),
                    _ => (false, false),
                },
                _ => (false, false),
            };
            if strong || weak {
                stack.push((d, strong));
                for c in reader.dependents(d) {
                    let conj = reader.deprel(c) == Deprel::Conj;
                    let inner = found.names[c] > 0
                        && matches!(reader.deprel(c), Deprel::Amod | Deprel::Compound | Deprel::NmodPoss | Deprel::Flat);
                    if conj || inner && d < token {
                        stack.push((c, strong));
                    }
                }
            }
        }
        if let Some(first) = self.coordinated_state(at) {
            stack.push((first, true));
        }
        // "American diplomats and service members": what stands before the first says of both whose they are.
        let first = reader.head(token).filter(|_| reader.deprel(token) == Deprel::Conj);
        if let Some(first) =
            first.filter(|_| self.candidate(at).number == Number::Plural && stack.iter().all(|&(d, _)| d > token))
        {
            let bare = reader.parse.tokens_in(self.candidate(at).span).start;
            let and = bare.checked_sub(1).is_some_and(|t| matches!(reader.word(t), "and" | "or"));
            let adjective =
                reader.dependents(first).find(|&d| d < first && reader.deprel(d) == Deprel::Amod && found.names[d] > 0);
            adjective.filter(|_| and).into_iter().for_each(|d| stack.push((d, true)));
        }
        stack.sort_unstable();
        stack.dedup();
        stack.retain(|&(d, _)| !self.sponsor(d));
        for (d, strong) in stack {
            self.tie_sector(&mut ties, d);
            let Some(owner) = self.at_token(d).filter(|&owner| owner != at) else { continue };
            if self.links[owner].is_none() {
                self.resolve(owner, depth + 1);
            }
            let Some(owner) = self.links[owner] else { continue };
            if strong {
                self.tie(&mut ties, owner);
            } else if let Some(country) = self.actors[owner].country.clone().filter(|_| self.actors[owner].kind != Kind::Per) {
                ties.place.get_or_insert(country);
            }
        }
        ties
    }

    /// Is it the first part of "US-backed", "Saudi-led", "Iran-aligned"?
    fn sponsor(&self, token: usize) -> bool {
        let reader = self.reader;
        let dash = (token + 1..token + 3).find(|&t| matches!(reader.word(t), "-" | "–"));
        let inside = reader.word(token).split('-').nth(1).is_some_and(|part| part.ends_with("ed"));
        let after = dash.map_or("", |dash| reader.word(dash + 1));
        inside || after.len() > 2 && ["ed", "held", "born", "run", "friendly", "based"].iter().any(|end| after.ends_with(end))
    }

    /// "the US and Russian presidents", where the tree has the first state apart: its token.
    fn coordinated_state(&self, at: usize) -> Option<usize> {
        let noun = self.candidate(at);
        if noun.number != Number::Plural || noun.kind != Kind::Per {
            return None;
        }
        let first = self.reader.parse.tokens_in(noun.span).start;
        let is_state = |token: usize| {
            let name = *self.found.names.get(token)? as usize;
            let actor = self.links[name.checked_sub(1)?]?;
            self.actors[actor].state.then_some(token)
        };
        let own = is_state(first)?;
        let and = own.checked_sub(1).filter(|&t| self.reader.word(t) == "and")?;
        is_state(and.checked_sub(1)?).filter(|&t| self.reader.word(t + 1) == "and")
    }

    /// The person, body or state that a noun names.
    fn noun(&mut self, at: usize, depth: usize) {
        let noun = self.candidate(at).clone();
        let ties = self.ties(at, depth);
        if let Some((actor, rule)) = self.beside(at, &noun) {
            if self.actors[actor].kind == Kind::Per || noun.kind == Kind::Org {
                self.give_role(actor, &noun, &ties);
            }
            self.link(at, actor, rule);
            return;
        }
        if let Some(actor) = self.called(at, &noun) {
            return self.link(at, actor, "link.named-noun");
        }
        let lexical = noun.noun.map(|n| self.table().noun(n).clone());
        let given = matches!(noun.determiner, Determiner::Definite | Determiner::Demonstrative);
        if ties.countries.len() > 1 && noun.number == Number::Plural && noun.kind == Kind::Per {
            return self.shared(at, &noun, &ties);
        }
        let pair =
            noun.count == Some(2) || matches!(self.reader.word(self.reader.parse.tokens_in(noun.span).start), "both" | "Both");
        if pair && (given || noun.count.is_none()) && ties.countries.is_empty() {
            return coref::pair(self, at, &noun);
        }
        if noun.office.is_some() && noun.number == Number::Singular && noun.determiner != Determiner::Indefinite {
            return self.office(at, &noun, &ties);
        }
        let anaphor = lexical.as_ref().is_some_and(|n| n.anaphor)
            && ties.countries.is_empty()
            && ties.owner.is_none()
            && ties.sector.is_none();
        if anaphor && given && !noun.other && (!noun.described || lexical.as_ref().is_some_and(|n| n.state)) {
            return coref::anaphor(self, at, &noun);
        }
        if matches!(noun.kind, Kind::Gpe | Kind::Loc | Kind::Fac) {
            return self.site(at, &noun, &ties);
        }
        self.generic(at, &noun, &ties);
    }

    /// "the Islamic State group", "the city of Aleppo": the name inside is what the noun is called by.
    fn called(&self, at: usize, noun: &Candidate) -> Option<usize> {
        let reader = self.reader;
        let lexical = self.table().noun(noun.noun?);
        if noun.number == Number::Plural || noun.determiner == Determiner::Indefinite || !(lexical.anaphor || lexical.group) {
            return None;
        }
        let named = |d: usize, kinds: &[Kind]| {
            let owner = self.found.names[d].checked_sub(1).map(|n| n as usize).filter(|&n| n != at)?;
            let actor = self.links[owner]?;
            kinds.contains(&self.actors[actor].kind).then_some(actor)
        };
        reader.dependents(noun.token).find_map(|d| match reader.deprel(d) {
            Deprel::Compound | Deprel::NmodDesc if noun.kind == Kind::Org && lexical.anaphor && d < noun.token => {
                named(d, &[Kind::Org])
                    .filter(|_| !matches!(reader.lemma(noun.token), "party" | "side" | "army" | "ministry" | "court" | "council"))
            }
            Deprel::Nmod if lexical.place && reader.case(d) == Some("of") => {
                named(d, &[Kind::Gpe, Kind::Loc]).filter(|&a| !self.actors[a].state)
            }
            Deprel::Appos | Deprel::Flat | Deprel::NmodDesc if lexical.place => named(d, &[Kind::Gpe, Kind::Loc]),
            _ => None,
        })
    }

    /// The entity that stands in apposition to a noun, or of which the noun is said.
    fn beside(&mut self, at: usize, noun: &Candidate) -> Option<(usize, &'static str)> {
        let reader = self.reader;
        let fits = |kind: Kind| match noun.kind {
            Kind::Per => kind == Kind::Per,
            Kind::Org => kind == Kind::Org || kind == Kind::Fac,
            _ => matches!(kind, Kind::Gpe | Kind::Loc | Kind::Fac),
        };
        let name = |resolver: &Self, token: usize| {
            let owner = resolver.at_token(token).filter(|&owner| owner != at && resolver.candidate(owner).form == Form::Name)?;
            let actor = resolver.links[owner]?;
            (fits(resolver.actors[actor].kind) && !resolver.actors[actor].state).then_some(actor)
        };
        if noun.number == Number::Plural {
            return None;
        }
        if reader.deprel(noun.token) == Deprel::Appos
            && let Some(head) = reader.head(noun.token)
        {
            if let Some(actor) = name(self, head) {
                return Some((actor, "link.apposition"));
            }
            let same = |o: &usize| *o < at && self.candidate(*o).what == What::Noun && self.candidate(*o).kind == noun.kind;
            if let Some(actor) = self.at_token(head).filter(same).and_then(|o| self.links[o]) {
                return Some((actor, "link.apposition"));
            }
        }
        let apposed = reader.dependents(noun.token).find(|&d| reader.deprel(d) == Deprel::Appos && name(self, d).is_some());
        if let Some(actor) = apposed.and_then(|d| name(self, d)) {
            return Some((actor, "link.apposition"));
        }
        if noun.kind == Kind::Per
            && let Some(actor) = self.beside_comma(at, noun)
        {
            return Some((actor, "link.apposition"));
        }
        let copula = reader.dependents(noun.token).any(|d| reader.deprel(d) == Deprel::Cop && matches!(reader.lemma(d), "be"));
        let negated = reader.dependents(noun.token).any(|d| matches!(reader.word(d), "not" | "n't" | "never" | "no"));
        if copula && !negated && noun.kind == Kind::Per {
            let subject = reader.dependents(noun.token).find(|&d| reader.deprel(d) == Deprel::Nsubj)?;
            let actor = self.at_token(subject).and_then(|s| self.links[s])?;
            if self.actors[actor].kind == Kind::Per && self.actors[actor].number != Number::Plural && !self.actors[actor].generic
            {
                return Some((actor, "link.copula"));
            }
        }
        None
    }

    /// "John Smith, a spokesman for the group, said" where the tree did not see it: commas on both sides.
    fn beside_comma(&self, at: usize, noun: &Candidate) -> Option<usize> {
        let text = self.reader.text();
        let before = text.get(..noun.span.start())?.strip_suffix(", ")?.len();
        let after = text.get(noun.span.end()..)?;
        if !(after.is_empty() || after.starts_with([',', '.', ';', ')', '\n'])) || noun.determiner == Determiner::Possessive {
            return None;
        }
        let name =
            (0..at).rev().take(6).find(|&n| self.candidate(n).form == Form::Name && self.candidate(n).span.end() == before)?;
        // In a list ("Smith, the governor, Jones") the next word would be another name.
        let listed = after.strip_prefix(", ").is_some_and(|rest| rest.starts_with("and "));
        let actor = self.links[name].filter(|_| !listed)?;
        (self.actors[actor].kind == Kind::Per && self.actors[actor].gender.fits(noun.gender)).then_some(actor)
    }

    /// "the US and Russian presidents": one of each.
    fn shared(&mut self, at: usize, noun: &Candidate, ties: &Ties) {
        let mut members = Vec::new();
        for country in &ties.countries {
            let one = Ties { countries: vec![country.clone()], ..ties.clone() };
            let holder = noun.office.and_then(|office| self.holder(office, country));
            members.push(match holder {
                Some(actor) => actor,
                None => self.nominal(noun, &one, noun.office.is_none()),
            });
        }
        let words = noun.span.of(self.reader.text());
        let group = Actor { members, number: Number::Plural, ..Actor::new(words, noun.kind, "link.shared") };
        let (sectors, _) = self.codes(noun, ties);
        let group = self.add(Actor { sectors, ..group });
        self.link(at, group, "link.shared");
    }

    /// Who holds an office of a country: somebody of the document, or of the actor table at the document's date.
    fn holder(&mut self, office: u16, country: &str) -> Option<usize> {
        let holds = |actor: &Actor| actor.offices.iter().any(|(o, c)| *o == office && c.as_deref() == Some(country));
        let mut inside =
            (0..self.actors.len()).take(5000).filter(|&a| self.actors[a].kind == Kind::Per && holds(&self.actors[a]));
        let first = inside.next();
        if let Some(actor) = first {
            return if inside.next().is_some() { None } else { Some(actor) };
        }
        if !self.table().office(office).unique {
            return None;
        }
        let person = self.table().person(self.table().holder(country, office, self.as_of?)?);
        Some(self.person(person))
    }

    /// The entity of a person of the table.
    pub(crate) fn person(&mut self, person: &Person) -> usize {
        if let Some(actor) = self.known(&person.key) {
            return actor;
        }
        let mut actor = Actor::new(&person.name, Kind::Per, "link.office-table");
        actor.is_person(person, self.as_of, self.table());
        self.add(actor)
    }

    /// "the Turkish president", "the foreign minister".
    fn office(&mut self, at: usize, noun: &Candidate, ties: &Ties) {
        let office = noun.office.unwrap_or(0);
        let country = ties.countries.first().filter(|_| ties.countries.len() == 1).cloned();
        let key = self.table().office(office).key.clone();
        let unique = self.table().office(office).unique;
        if let Some(country) = country.as_ref().filter(|_| !noun.former) {
            if let Some(actor) = self.holder(office, country) {
                self.give_role(actor, noun, ties);
                return self.link(at, actor, "link.office");
            }
            if &*key == "leader" && ties.owner.is_none() {
                let leads: Vec<usize> = (0..self.actors.len()).filter(|&a| coref::heads(self, a, Some(country))).collect();
                if let [actor] = leads[..] {
                    return self.link(at, actor, "link.office");
                }
            }
        }
        let anaphor = country.is_none() && ties.owner.is_none();
        if anaphor
            && !noun.former
            && matches!(noun.determiner, Determiner::Definite | Determiner::Demonstrative | Determiner::Bare)
        {
            if let Some(actor) = coref::by_office(self, at, office) {
                return self.link(at, actor, "link.office");
            }
            if noun.determiner == Determiner::Definite && !noun.described {
                if coref::holders(self, at, office) > 1 {
                    self.rules[at] = "link.unresolved.two-candidates";
                    return;
                }
                if matches!(&*key, "leader" | "chief") {
                    return;
                }
            }
        }
        let actor = self.nominal(noun, ties, !unique || noun.former);
        self.link(at, actor, "link.nominal");
    }

    /// The words of a noun; "his troops", "whose tanks" with the owner's name, where it is known whose they are.
    fn named_by_owner(&self, noun: &Candidate) -> String {
        let words = noun.span.of(self.reader.text());
        let first = self.reader.parse.tokens_in(noun.span).start;
        let owner = self.at_token(first).filter(|&c| matches!(self.candidate(c).what, What::Pronoun(_) | What::Relative(_)));
        let owner = owner.and_then(|c| self.links[c]).map(|actor| &self.actors[actor]);
        let owner = owner.filter(|actor| !actor.generic && actor.canon.is_none() && actor.rule != "link.shared");
        match (owner, words.split_once(' ')) {
            (Some(owner), Some((_, rest))) if noun.span.start() == self.reader.token(first).span.start() => {
                let ending = if owner.name.ends_with('s') { "’" } else { "’s" };
                format!("{}{ending} {rest}", owner.name)
            }
            _ => words.to_string(),
        }
    }

    /// A new entity known only by a noun.
    fn nominal(&mut self, noun: &Candidate, ties: &Ties, generic: bool) -> usize {
        let words = &*self.named_by_owner(noun);
        let (sectors, country) = self.codes(noun, ties);
        let country = country.or_else(|| ties.place.clone());
        let lexical = noun.noun.map(|n| self.table().noun(n));
        let mut offices = Vec::new();
        if let Some(office) = noun.office.filter(|_| !noun.former && noun.number == Number::Singular) {
            offices.push((office, country.clone()));
        }
        let actor = Actor {
            sectors,
            offices,
            generic,
            gender: noun.gender,
            number: noun.number,
            canon: lexical.map(|n| n.canon),
            count: noun.count,
            country,
            ..Actor::new(words, noun.kind, "link.nominal")
        };
        self.add(actor)
    }

    /// "the country", "an Iraqi air base": states by anaphor, places by their noun.
    fn site(&mut self, at: usize, noun: &Candidate, ties: &Ties) {
        let canon = noun.noun.map(|n| self.table().noun(n).canon);
        let country = ties.countries.first().map(String::as_str);
        if matches!(noun.determiner, Determiner::Definite | Determiner::Demonstrative)
            && noun.number != Number::Plural
            && ties.owner.is_none()
            && let Some(actor) = coref::same_noun(self, at, canon, Some(noun), country)
        {
            return self.link(at, actor, "link.same-noun");
        }
        let actor = self.nominal(noun, ties, true);
        if noun.kind != Kind::Gpe {
            let own = noun.noun.map(|n| self.table().noun(n).sector.to_string());
            let whose = ties.sector.clone().or(own).filter(|_| noun.kind == Kind::Fac);
            self.actors[actor].sectors.clear();
            whose.iter().for_each(|sector| self.actors[actor].add_sector(sector));
        }
        self.link(at, actor, "link.nominal");
    }

    /// "US officials", "the protesters", "police": people and bodies named by their noun.
    fn generic(&mut self, at: usize, noun: &Candidate, ties: &Ties) {
        let canon = noun.noun.map(|n| self.table().noun(n).canon);
        let (sectors, country) = self.codes(noun, ties);
        let owner = ties.owner;
        let given = matches!(noun.determiner, Determiner::Definite | Determiner::Demonstrative | Determiner::Possessive);
        let open =
            noun.number != Number::Singular && noun.count.is_none() && !noun.other && noun.determiner != Determiner::Indefinite;
        if given || open {
            let sector = sectors.first().map(String::as_str);
            let found = coref::same_generic(self, at, noun, canon, sector, country.as_deref().or(ties.place.as_deref()));
            let found = found.filter(|_| owner.is_none_or(|o| self.actors[o].kind != Kind::Per));
            // "the government" in a report about Hong Kong is not China's because that was named so.
            let home = self.main.clone().filter(|(_, share)| *share >= 0.5).map(|(iso3, _)| iso3);
            let foreign = |actor: usize| self.actors[actor].country.is_some() && self.actors[actor].country != home;
            let bare = ties.countries.is_empty() && ties.place.is_none() && owner.is_none() && ties.sector.is_none();
            if bare
                && canon == Some(self.government())
                && noun.number != Number::Plural
                && let Some(iso3) = home.clone()
                && found.is_some_and(foreign)
            {
                let known = self.known(&format!("government/{iso3}"));
                let one = Ties { countries: vec![iso3], ..Ties::default() };
                let actor = known.unwrap_or_else(|| self.national_government(noun, &one));
                return self.link(at, actor, "link.government-of-the-report");
            }
            if let Some(actor) = found {
                if self.actors[actor].country.is_none() {
                    self.actors[actor].country = country;
                }
                return self.link(at, actor, "link.same-noun");
            }
        }
        let government = noun.noun.is_some_and(|n| self.table().noun(n).canon == self.government());
        let one = government && noun.number != Number::Plural && ties.countries.len() == 1;
        let actor = if one {
            self.national_government(noun, ties)
        } else {
            let body = noun.noun.is_some_and(|n| self.table().noun(n).body) && noun.number != Number::Plural;
            self.nominal(noun, ties, !(body && ties.countries.len() == 1))
        };
        self.link(at, actor, "link.nominal");
    }

    /// A new entity for the government of the one state that is tied to the noun.
    fn national_government(&mut self, noun: &Candidate, ties: &Ties) -> usize {
        let actor = self.nominal(noun, ties, false);
        if let Some(iso3) = self.actors[actor].country.clone() {
            let name = self.reader.countries.by_iso3(&iso3).map(|c| c.name).unwrap_or_default();
            let key = format!("government/{iso3}");
            let entity = &mut self.actors[actor];
            entity.name = format!("Government of {name}");
            entity.known = Some(key.clone());
            self.known.entry(key).or_insert(actor);
        }
        actor
    }

    /// The canonical number of the noun "government".
    fn government(&self) -> u32 {
        self.table().noun_named("government").map_or(u32::MAX, |n| self.table().noun(n).canon)
    }

    /// Puts everything into the records of the document.
    fn finish(mut self) -> (Vec<Mention>, Vec<Entity>) {
        self.belonging();
        self.context();
        let mut order: Vec<Option<usize>> = vec![None; self.actors.len()];
        let mut entities: Vec<usize> = Vec::new();
        let mut mentions = Vec::new();
        let mut queue = Vec::new();
        for (at, candidate) in self.found.candidates.iter().enumerate() {
            let silent = candidate.what == What::Thing
                || matches!(candidate.what, What::Relative(_) | What::Title(_) | What::Maybe) && self.links[at].is_none();
            if silent {
                continue;
            }
            if let Some(actor) = self.links[at] {
                queue.push(actor);
                while let Some(actor) = queue.pop() {
                    if order[actor].is_none() {
                        order[actor] = Some(entities.len());
                        entities.push(actor);
                        queue.extend(self.actors[actor].members.iter().rev());
                    }
                }
            }
            let kind = self.links[at].map_or(candidate.kind, |actor| match candidate.form {
                Form::Name if self.actors[actor].kind != Kind::Per => candidate.kind,
                _ => self.actors[actor].kind,
            });
            let entity = self.links[at].and_then(|actor| order[actor]).map(Id::new);
            let rule = Rule::Borrowed(self.rules[at]);
            mentions.push(Mention { span: candidate.span, head: candidate.head, kind, form: candidate.form, entity, rule });
        }
        let entities = entities
            .iter()
            .map(|&actor| {
                let a = &self.actors[actor];
                Entity {
                    name: a.name.clone(),
                    kind: a.kind,
                    country: a.country.clone(),
                    sectors: a.sectors.clone(),
                    roles: a.roles.clone(),
                    known: a.known.clone(),
                    generic: a.generic,
                    members: a.members.iter().filter_map(|&m| order[m]).map(Id::new).collect(),
                    rule: Rule::Borrowed(a.rule),
                }
            })
            .collect();
        (mentions, entities)
    }

    /// People of whom the text says only where they belong: "Jane Roe of Amnesty International".
    fn belonging(&mut self) {
        let reader = self.reader;
        for at in 0..self.found.candidates.len() {
            let candidate = self.candidate(at);
            let Some(person) = self.links[at].filter(|_| candidate.form == Form::Name) else { continue };
            let entity = &self.actors[person];
            if entity.kind != Kind::Per || entity.known.is_some() || !entity.sectors.is_empty() {
                continue;
            }
            let body = reader.dependents(candidate.token).find_map(|d| {
                let of = reader.deprel(d) == Deprel::Nmod && matches!(reader.case(d), Some("of" | "from" | "at" | "with"));
                let owner = self.at_token(d).filter(|_| of).and_then(|owner| self.links[owner])?;
                (self.actors[owner].kind == Kind::Org && !self.actors[owner].state).then_some(owner)
            });
            let Some(body) = body else { continue };
            let (sectors, country) = (self.actors[body].sectors.clone(), self.actors[body].country.clone());
            let entity = &mut self.actors[person];
            sectors.iter().for_each(|sector| entity.add_sector(sector));
            entity.country = entity.country.take().or(country);
        }
    }

    /// Countries that only the document as a whole can tell: officials, police and protesters of the one state it is about.
    fn context(&mut self) {
        let Some((main, share)) = self.main.clone() else { return };
        for at in 0..self.actors.len() {
            let actor = &self.actors[at];
            if actor.country.is_some() || actor.state || !actor.members.is_empty() || share < 0.6 {
                continue;
            }
            let international = actor.sectors.iter().any(|s| matches!(s.as_str(), "IGO" | "UNO" | "EUR" | "IMG" | "NGO" | "MNC"));
            let domestic = actor.sectors.iter().any(|s| {
                matches!(
                    s.as_str(),
                    "GOV"
                        | "MIL"
                        | "COP"
                        | "LEG"
                        | "JUD"
                        | "OPP"
                        | "CVL"
                        | "PTY"
                        | "REB"
                        | "PRM"
                        | "UAF"
                        | "UNK"
                        | "EDU"
                        | "JRN"
                        | "MED"
                        | "LAB"
                        | "REL"
                )
            });
            let named = !actor.generic && actor.canon.is_none();
            let sure = if named { share >= 0.75 } else { true };
            if domestic && !international && sure && matches!(actor.kind, Kind::Per | Kind::Org) {
                let actor = &mut self.actors[at];
                actor.country = Some(main.clone());
                actor.rule = "link.country-of-the-report";
            }
        }
    }

    /// The country that most names of the text belong to, and its share of them.
    fn main_country(&self) -> Option<(String, f32)> {
        let mut counts: Vec<(&str, u32)> = Vec::new();
        let mut all = 0;
        for (at, candidate) in self.found.candidates.iter().enumerate() {
            let actor = self.links[at].filter(|_| candidate.form == Form::Name).map(|a| &self.actors[a]);
            let Some(country) = actor.and_then(|a| a.country.as_deref()) else { continue };
            if actor.is_some_and(|a| a.sectors.first().is_some_and(|s| s == "JRN")) {
                continue; // where a paper is from says nothing of the news
            }
            all += 1;
            match counts.iter_mut().find(|(c, _)| *c == country) {
                Some((_, n)) => *n += 1,
                None => counts.push((country, 1)),
            }
        }
        let (country, n) = counts.iter().max_by_key(|(c, n)| (*n, std::cmp::Reverse(*c)))?;
        (all >= 3).then(|| ((*country).to_string(), *n as f32 / all as f32))
    }
}

impl Resolver<'_, '_> {
    /// The entity that a name of the document founded.
    pub(crate) fn named(&self, key: &str) -> Option<usize> {
        self.known.get(key).copied()
    }

    /// Remembers which entity a name founded.
    pub(crate) fn name(&mut self, key: String, actor: usize) {
        self.known.insert(key, actor);
    }

    /// Makes two entities one: that of the actor table, or the first.
    pub(crate) fn merge(&mut self, a: usize, b: usize) {
        if a == b || self.actors[a].known.is_some() && self.actors[b].known.is_some() {
            return;
        }
        let (keep, drop) = if self.actors[b].known.is_some() { (b, a) } else { (a, b) };
        let moved = std::mem::take(&mut self.actors[drop].mentions);
        for &at in &moved {
            self.links[at] = Some(keep);
        }
        let dropped = self.actors[drop].clone();
        for slot in self.known.values_mut().filter(|slot| **slot == drop) {
            *slot = keep;
        }
        let kept = &mut self.actors[keep];
        kept.mentions.extend(moved);
        kept.mentions.sort_unstable();
        if kept.country.is_none() {
            kept.country = dropped.country;
        }
        for sector in &dropped.sectors {
            if kept.known.is_none() {
                kept.add_sector(sector);
            }
        }
    }
}
