//! A user's own actor dictionary: which noun phrases it codes, and what that says of the entities.
//!
//! Names and agents are looked up over the words; phrases are then put together from tags, not from trees, since the names of
//! such dictionaries may be words no parser has seen. "Gondor's foreign minister", "the government of Gondor" and
//! "lawmakers in Gondor and Arnor" each join an agent's code to an actor's.

use crate::countries::Countries;
use rustc_hash::FxHashMap;
use std::ops::Range;
use tellings_dict::{ActorDictionary, Piece};
use tellings_doc::{ActorCode, Article, Deprel, Entity, Form, Id, Kind, Mention, Parse, Rule, Span, Token, Upos, Xpos};

/// A name or agent found in the words.
#[derive(Clone, Copy, Debug)]
struct Match {
    entry: u32,
    first: usize,
    last: usize,
}

/// A noun phrase without what follows it, by its tokens.
#[derive(Clone, Debug, Default)]
struct Chunk {
    tokens: Range<usize>,
    actor: Option<Match>,
    agents: Vec<Match>,
}

/// One coded phrase or an uncoded one among others.
struct Unit {
    /// First and last token.
    first: usize,
    last: usize,
    codes: Vec<(String, Option<Match>, Rule)>,
}

/// The sectors of PLOVER that parts of CAMEO actor codes stand for.
const SECTORS: [(&str, &str); 34] = [
    ("COP", "COP"),
    ("GOV", "GOV"),
    ("JUD", "JUD"),
    ("LEG", "LEG"),
    ("MIL", "MIL"),
    ("PRM", "PRM"),
    ("PTY", "PTY"),
    ("REB", "REB"),
    ("INS", "REB"),
    ("SEP", "REB"),
    ("RAD", "REB"),
    ("UAF", "UAF"),
    ("SPY", "SPY"),
    ("UNK", "UNK"),
    ("AGR", "AGR"),
    ("BUS", "BUS"),
    ("MNC", "BUS"),
    ("CRM", "CRM"),
    ("CVL", "CVL"),
    ("EDU", "EDU"),
    ("ELI", "ELI"),
    ("JRN", "JRN"),
    ("MED", "JRN"),
    ("LAB", "LAB"),
    ("HLH", "MED"),
    ("REF", "REF"),
    ("OPP", "OPP"),
    ("PRE", "PRE"),
    ("REL", "REL"),
    ("SOC", "SOC"),
    ("IGO", "IGO"),
    ("NGO", "NGO"),
    ("NGM", "NGO"),
    ("IMG", "REB"),
];

/// The phrases of an article that the dictionary codes.
pub(crate) fn codes(dictionary: &ActorDictionary, article: &Article, parse: &Parse) -> Vec<ActorCode> {
    let mut out = Vec::new();
    let mut group = 0;
    let mut buffer = String::new();
    let mut pieces: Vec<Piece> = Vec::new();
    let mut words: Vec<u32> = Vec::new();
    for sentence in &parse.sentences {
        pieces.clear();
        let mut any = false;
        for t in sentence.tokens.clone() {
            let token = &parse.tokens[t];
            let text = token.span.of(&article.text);
            if is_possessive(token, text) {
                continue;
            }
            let from = pieces.len();
            dictionary.push(t as u32, text, &mut buffer, &mut pieces);
            any |= pieces[from..].iter().any(|p| p.word != 0);
            if pieces.len() == from && !matches!(text, "-" | "–" | "." | "’" | "'") {
                pieces.push(Piece { word: 0, token: t as u32 });
            }
        }
        if any {
            words.clear();
            words.extend(pieces.iter().map(|p| p.word));
            let reader = Reader { dictionary, article, parse, sentence: sentence.tokens.clone() };
            let matches = reader.matches(&pieces, &words);
            if !matches.is_empty() {
                let chunks = reader.chunks(&matches);
                let units = reader.units(&chunks);
                reader.write(&units, &mut group, &mut out);
            }
        }
    }
    out
}

/// The mark of a possessor; also where the tagger took it for "is" but the tree knows better.
fn is_possessive(token: &Token, text: &str) -> bool {
    token.xpos == Xpos::Pos || token.deprel == Deprel::Case && matches!(text, "'s" | "’s")
}

struct Reader<'a> {
    dictionary: &'a ActorDictionary,
    article: &'a Article,
    parse: &'a Parse,
    sentence: Range<usize>,
}

impl Reader<'_> {
    fn upos(&self, t: usize) -> Upos {
        self.parse.tokens[t].upos
    }

    fn text(&self, t: usize) -> &str {
        self.parse.tokens[t].span.of(&self.article.text)
    }

    fn lemma(&self, t: usize) -> &str {
        self.parse.lemma(Id::new(t))
    }

    /// The longest names from left to right; none overlaps another.
    fn matches(&self, pieces: &[Piece], words: &[u32]) -> Vec<Match> {
        let as_of = self.article.published.as_ref().map(|p| p.range);
        let gap = |from: usize, to: usize| {
            (pieces[from].token as usize..=pieces[to].token as usize).all(|t| self.nominal(t) || self.upos(t) == Upos::Punct)
                && words[from + 1..to].len() <= 4
        };
        let mut out = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let Some((entry, end)) = self.dictionary.longest(words, at, gap) else {
                at += 1;
                continue;
            };
            let (first, last) = (pieces[at].token as usize, pieces[end - 1].token as usize);
            let found = self.dictionary.entry(entry);
            // "us" is not the US, and to press is not the press.
            let small =
                first == last && !found.agent && self.text(first).len() <= 3 && !self.text(first).contains(char::is_uppercase);
            let verb = found.agent && matches!(self.upos(last), Upos::Verb | Upos::Aux) && !self.modifies(last);
            let coded = found.code(as_of).is_some();
            if !small && !verb && coded {
                out.push(Match { entry, first, last });
                at = end;
            } else {
                at += 1;
            }
        }
        out
    }

    /// A participle before a noun ("jailed", "opposing").
    fn modifies(&self, t: usize) -> bool {
        matches!(self.parse.tokens[t].deprel, Deprel::Amod | Deprel::Compound | Deprel::Flat)
    }

    /// Can the word stand inside a noun phrase?
    fn nominal(&self, t: usize) -> bool {
        let token = &self.parse.tokens[t];
        if is_possessive(token, self.text(t)) {
            return true;
        }
        match token.upos {
            Upos::Noun | Upos::Propn | Upos::Adj | Upos::Num | Upos::Det | Upos::Sym => true,
            Upos::Pron => token.xpos == Xpos::PrpPoss,
            // "the jailed leader", but in "the police arrested students" the parser may err.
            Upos::Verb => {
                let noun_before = t > self.sentence.start && matches!(self.upos(t - 1), Upos::Noun | Upos::Propn);
                self.modifies(t) && !noun_before && token.head.is_some_and(|h| h.index() > t && h.index() < t + 6)
            }
            Upos::Punct => matches!(self.text(t), "-" | "–"),
            // "his awful and evil minister"
            Upos::Cconj => {
                let adjective = |t: usize| self.sentence.contains(&t) && self.upos(t) == Upos::Adj;
                t > 0 && adjective(t - 1) && adjective(t + 1)
            }
            Upos::X => true,
            // A name that the tagger does not know.
            Upos::Intj => self.text(t).starts_with(char::is_uppercase),
            _ => false,
        }
    }

    /// Noun phrases from left to right.
    fn chunks(&self, matches: &[Match]) -> Vec<Chunk> {
        let mut out: Vec<Chunk> = Vec::new();
        let mut open = false;
        let mut next = 0;
        let mut t = self.sentence.start;
        while t < self.sentence.end {
            while next < matches.len() && matches[next].last < t {
                next += 1;
            }
            let inside = matches.get(next).filter(|m| m.first <= t);
            // "Danish and French officials" are of two.
            let between = self.upos(t) == Upos::Cconj
                && (matches[..next].last().is_some_and(|m| m.last + 1 == t)
                    || matches.get(next).is_some_and(|m| m.first == t + 1));
            if between {
                open = false;
                t += 1;
                continue;
            }
            if inside.is_none() && !self.nominal(t) {
                open = false;
                t += 1;
                continue;
            }
            let begins = matches!(self.upos(t), Upos::Det) || self.parse.tokens[t].xpos == Xpos::PrpPoss;
            let predeterminer = t > 0 && matches!(self.parse.tokens[t - 1].xpos, Xpos::Pdt);
            if !open || begins && inside.is_none() && !predeterminer {
                out.push(Chunk { tokens: t..t, ..Chunk::default() });
                open = true;
            }
            let Some(chunk) = out.last_mut() else { break };
            let mut end = t + 1;
            if let Some(&found) = inside {
                end = found.last + 1;
                if self.dictionary.entry(found.entry).agent {
                    chunk.agents.push(found);
                } else if chunk.actor.is_none() {
                    chunk.actor = Some(found);
                }
            }
            chunk.tokens.end = end;
            t = end;
        }
        out
    }

    /// Only words between the tokens that join equals; whether one of them is a conjunction.
    fn joined(&self, from: usize, to: usize) -> Option<bool> {
        let mut conjunction = false;
        for t in from..to {
            match self.text(t) {
                "," => {}
                _ if self.upos(t) == Upos::Cconj && matches!(self.lemma(t), "and" | "or" | "nor" | "&") => conjunction = true,
                _ => return None,
            }
        }
        (from < to).then_some(conjunction)
    }

    /// Does the tree take a phrase after a comma for one more of the same, not for a remark or another phrase?
    fn listed(&self, unit: &Unit) -> bool {
        let inside = unit.first..=unit.last;
        inside.clone().any(|t| {
            let token = &self.parse.tokens[t];
            let conjunct = matches!(token.deprel.base(), Deprel::Conj | Deprel::Flat | Deprel::Compound | Deprel::List);
            conjunct && token.head.is_some_and(|h| !inside.contains(&h.index()))
        })
    }

    /// Chunks with what follows them: an agent's "of", "in" or "from" phrase gives it its actor.
    fn units(&self, chunks: &[Chunk]) -> Vec<Unit> {
        let mut out: Vec<Unit> = Vec::new();
        let mut at = 0;
        while at < chunks.len() {
            let chunk = &chunks[at];
            if chunk.actor.is_none() && !chunk.agents.is_empty() {
                // "lawmakers and officials"
                let mut agents = at + 1;
                while agents < chunks.len()
                    && chunks[agents].actor.is_none()
                    && !chunks[agents].agents.is_empty()
                    && self.joined(chunks[agents - 1].tokens.end, chunks[agents].tokens.start).is_some()
                {
                    agents += 1;
                }
                let owners = self.owners(chunks, agents);
                if !owners.is_empty() {
                    for (i, owner) in owners.clone().enumerate() {
                        let own = &chunks[owner];
                        let codes = chunks[at..agents].iter().filter_map(|a| self.code(own.actor, own, Some(a))).collect();
                        let first = if i == 0 { chunk.tokens.start } else { own.tokens.start };
                        out.push(Unit { first, last: own.tokens.end - 1, codes });
                    }
                    at = owners.end;
                    continue;
                }
            }
            // "Danish media and government": the second belongs to the same actor.
            let before = at.checked_sub(1).map(|b| &chunks[b]).filter(|b| {
                let determined = matches!(self.upos(chunk.tokens.start), Upos::Det)
                    || self.parse.tokens[chunk.tokens.start].xpos == Xpos::PrpPoss;
                chunk.actor.is_none()
                    && chunk.agents.len() == 1
                    && !determined
                    && b.actor.is_some_and(|actor| b.agents.last().is_some_and(|agent| actor.last < agent.first))
                    && self.joined(b.tokens.end, chunk.tokens.start) == Some(true)
            });
            let codes = match before {
                Some(before) => {
                    let shared = Chunk { agents: before.agents[..before.agents.len() - 1].to_vec(), ..before.clone() };
                    self.code(before.actor, &shared, Some(chunk))
                }
                None => self.code(chunk.actor, chunk, self.shared(chunks, at).as_ref()),
            };
            out.push(Unit { first: chunk.tokens.start, last: chunk.tokens.end - 1, codes: codes.into_iter().collect() });
            at += 1;
        }
        out
    }

    /// "Varnian and Eskan officials": the officials are of both.
    fn shared(&self, chunks: &[Chunk], at: usize) -> Option<Chunk> {
        let (chunk, next) = (&chunks[at], chunks.get(at + 1)?);
        let (first, second) = (chunk.actor?, next.actor?);
        let bare = chunk.agents.is_empty() && chunk.tokens.end == first.last + 1 && self.upos(first.last) == Upos::Adj;
        let agents: Vec<Match> = next.agents.iter().copied().filter(|a| a.first > second.last).collect();
        let fits = bare && !agents.is_empty() && self.joined(chunk.tokens.end, next.tokens.start) == Some(true);
        fits.then(|| Chunk { agents, ..Chunk::default() })
    }

    /// The chunks with actors that follow the chunk before `next` after "of", "in", "from" or "at".
    fn owners(&self, chunks: &[Chunk], next: usize) -> Range<usize> {
        let none = next..next;
        let Some(first) = chunks.get(next).filter(|c| c.actor.is_some()) else { return none };
        let between = chunks[next - 1].tokens.end..first.tokens.start;
        if between.len() != 1
            || self.upos(between.start) != Upos::Adp
            || !matches!(self.lemma(between.start), "of" | "in" | "from" | "at")
        {
            return none;
        }
        let mut end = next + 1;
        let mut last = next;
        while let Some(chunk) = chunks.get(end)
            && chunk.actor.is_some()
            && chunk.agents.is_empty()
            && let Some(conjunction) = self.joined(chunks[end - 1].tokens.end, chunk.tokens.start)
        {
            if conjunction {
                last = end;
            }
            end += 1;
        }
        next..last + 1
    }

    /// The code of an actor with the agents of its own phrase and of the phrase it belongs to.
    fn code(&self, actor: Option<Match>, own: &Chunk, outer: Option<&Chunk>) -> Option<(String, Option<Match>, Rule)> {
        let as_of = self.article.published.as_ref().map(|p| p.range);
        let named = actor.map(|m| self.dictionary.entry(m.entry));
        let base = match named {
            Some(entry) => entry.code(as_of)?,
            None => "---",
        };
        if named.is_some() && !base.chars().any(char::is_alphanumeric) {
            return None;
        }
        let agents: Vec<Match> = own.agents.iter().chain(outer.map_or(&[][..], |o| &o.agents)).copied().collect();
        if named.is_none() && agents.is_empty() {
            return None;
        }
        let mut from: Vec<String> = Vec::new();
        let mut note = |m: Match| {
            let entry = self.dictionary.entry(m.entry);
            let at = format!("{}:{}", self.dictionary.file(entry), entry.line);
            if !from.contains(&at) {
                from.push(at);
            }
        };
        actor.into_iter().for_each(&mut note);
        let mut variants: Vec<String> = base.split('/').map(str::to_string).collect();
        for agent in agents {
            let entry = self.dictionary.entry(agent.entry);
            let Some(code) = entry.code(as_of).filter(|c| c.chars().any(char::is_alphanumeric)) else { continue };
            let mut used = false;
            for whole in &mut variants {
                // A part that is there already is not said twice.
                let aligned = whole.match_indices(code).any(|(at, _)| at % 3 == 0);
                if !aligned {
                    *whole = if entry.before { format!("{code}{whole}") } else { format!("{whole}{code}") };
                    used = true;
                }
            }
            if used {
                note(agent);
            }
        }
        Some((variants.join("/"), actor, Rule::Owned(format!("link.dictionary:{}", from.join("+")))))
    }

    /// Coded phrases, with those that are named together under one number.
    fn write(&self, units: &[Unit], group: &mut u32, out: &mut Vec<ActorCode>) {
        let mut at = 0;
        while at < units.len() {
            let mut end = at + 1;
            let mut last = at;
            // "In X, Y and Z met": a comma after a phrase with a preposition may end that.
            let phrase = units[at].first > self.sentence.start && self.upos(units[at].first - 1) == Upos::Adp;
            while end < units.len()
                && let Some(conjunction) = self.joined(units[end - 1].last + 1, units[end].first)
                && (conjunction || !phrase || self.listed(&units[end]))
            {
                if conjunction {
                    last = end;
                }
                end += 1;
            }
            let mut any = false;
            for unit in &units[at..=last] {
                let span = self.parse.tokens[unit.first].span.join(self.parse.tokens[unit.last].span);
                let Some((first, name, rule)) = unit.codes.first() else { continue };
                let mut code = first.clone();
                for (more, _, _) in &unit.codes[1..] {
                    code.push('/');
                    code.push_str(more);
                }
                let name = name.map(|m| self.parse.tokens[m.first].span.join(self.parse.tokens[m.last].span));
                out.push(ActorCode { span, name, code, group: *group, rule: rule.clone() });
                any = true;
            }
            *group += u32::from(any);
            at = last + 1;
        }
    }
}

/// What codes say of entities: countries and sectors of those whose names the dictionary has, and entities for names that
/// were not seen as such.
pub(crate) fn apply(
    codes: &[ActorCode],
    countries: &Countries,
    text: &str,
    mentions: &mut Vec<Mention>,
    entities: &mut Vec<Entity>,
) {
    let mut told = vec![false; entities.len()];
    let mut added: Vec<(Span, Id<Entity>)> = Vec::new();
    let mut by_name: FxHashMap<&str, Id<Entity>> = FxHashMap::default();
    for coded in codes {
        let Some(name) = coded.name else { continue };
        // Mentions stand in text order and few nest in one another.
        let end = mentions.partition_point(|m| m.span.start() < name.end());
        let near = end.saturating_sub(12)..end;
        let at = near.clone().find(|&i| mentions[i].form == Form::Name && mentions[i].head.touches(name));
        let (country, sectors) = parts(&coded.code, countries);
        match at {
            Some(at) => {
                let mention = &mentions[at];
                let Some(entity) = mention.entity.filter(|_| name.covers(mention.head)) else { continue };
                // The agent's part of the code is not the country's ("Gondor's minister").
                let (entity, known) = (&mut entities[entity.index()], &mut told[entity.index()]);
                if !*known && country.is_some() {
                    entity.country = country;
                    if coded.span == name && !sectors.is_empty() {
                        entity.sectors = sectors;
                    }
                    entity.rule = coded.rule.clone();
                    *known = true;
                }
            }
            None if mentions[near].iter().any(|m| m.head.touches(name)) => {}
            None => {
                let entity = *by_name.entry(name.of(text)).or_insert_with(|| {
                    entities.push(Entity {
                        name: name.of(text).to_string(),
                        kind: if coded.code.len() == 3 { Kind::Gpe } else { Kind::Org },
                        country,
                        sectors: if coded.span == name { sectors } else { Vec::new() },
                        roles: Vec::new(),
                        known: None,
                        generic: false,
                        members: Vec::new(),
                        rule: coded.rule.clone(),
                    });
                    told.push(true);
                    Id::new(entities.len() - 1)
                });
                added.push((name, entity));
            }
        }
    }
    if !added.is_empty() {
        for (span, entity) in added {
            let kind = entities[entity.index()].kind;
            let rule = Rule::Borrowed("link.dictionary");
            mentions.push(Mention { span, head: span, kind, form: Form::Name, entity: Some(entity), rule });
        }
        mentions.sort_by_key(|m| (m.span.start(), std::cmp::Reverse(m.span.end())));
    }
}

/// Country and sectors in a code, as far as they are known ones.
fn parts(code: &str, countries: &Countries) -> (Option<String>, Vec<String>) {
    let code = code.split('/').next().unwrap_or("");
    let mut parts = code.as_bytes().chunks(3).filter_map(|part| std::str::from_utf8(part).ok()).peekable();
    let country = parts.peek().filter(|part| countries.by_iso3(part).is_some()).map(|part| part.to_string());
    let mut sectors: Vec<String> = Vec::new();
    for part in parts.skip(usize::from(country.is_some())) {
        if let Some((_, sector)) = SECTORS.iter().find(|(cameo, _)| *cameo == part)
            && !sectors.iter().any(|s| s == sector)
        {
            sectors.push(sector.to_string());
        }
    }
    (country, sectors)
}
