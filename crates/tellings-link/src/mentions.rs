//! Candidates: the words of the text that may refer to somebody, with what the words themselves say of whom.
//!
//! Names come from the parse layer and, for states and peoples, from the country table; titles before names, nominals and
//! pronouns from the tree and the actor table. Nothing is joined here; that is the work of `entities` and `coref`.

use crate::actors::{Actors, Gender};
use crate::{Countries, Reference};
use rustc_hash::FxHashSet;
use tellings_doc::{Article, Deprel, Form, Id, Kind, Name, Parse, Place, Span, Time, Token, Upos, Xpos};

/// One or many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Singular,
    Plural,
    Unknown,
}

impl Number {
    pub(crate) fn fits(self, other: Number) -> bool {
        self == other || self == Number::Unknown || other == Number::Unknown
    }
}

/// How a nominal is introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Determiner {
    /// "the".
    Definite,
    /// "this", "these", "both".
    Demonstrative,
    /// "a", "some", "several", "another".
    Indefinite,
    /// "Turkey's", "his".
    Possessive,
    /// None.
    Bare,
}

/// What sort of candidate it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A name.
    Name,
    /// An office or noun before a person's name, of which the candidate's number is given.
    Title(usize),
    /// A noun that names people, bodies, states or places.
    Noun,
    /// A noun that names no agent; only a pronoun's antecedent.
    Thing,
    /// Capitalised words that no list and no recogniser knows: a person's name if "he" or "she" says so, else nothing.
    Maybe,
    /// A pronoun.
    Pronoun(Pronoun),
    /// A relative pronoun; the token it stands for.
    Relative(usize),
}

/// A personal or possessive pronoun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pronoun {
    pub(crate) person: u8,
    pub(crate) possessive: bool,
    pub(crate) reflexive: bool,
    /// "it", "its", "itself".
    pub(crate) neuter: bool,
}

/// The part it plays in its clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Subject,
    Object,
    Oblique,
    Possessor,
    /// Of a noun ("talks with Iran").
    Adnominal,
    Other,
}

/// Words that may refer to somebody.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) span: Span,
    /// Head word, or all of a name.
    pub(crate) head: Span,
    /// Syntactic head.
    pub(crate) token: usize,
    pub(crate) sentence: usize,
    pub(crate) kind: Kind,
    pub(crate) form: Form,
    pub(crate) what: What,
    pub(crate) number: Number,
    pub(crate) gender: Gender,
    pub(crate) determiner: Determiner,
    /// Whole number before the noun ("two men").
    pub(crate) count: Option<u32>,
    /// "other", "another": not the one before.
    pub(crate) other: bool,
    pub(crate) office: Option<u16>,
    pub(crate) noun: Option<u16>,
    /// "former", "ex-".
    pub(crate) former: bool,
    pub(crate) part: Part,
    /// Which direct quotation it stands in.
    pub(crate) quote: Option<usize>,
    /// Whether it has adjectives or complements that say which one is meant.
    pub(crate) described: bool,
}

/// The layers read here.
pub(crate) struct Reader<'a> {
    pub(crate) actors: &'a Actors,
    pub(crate) countries: &'a Countries,
    pub(crate) article: &'a Article,
    pub(crate) parse: &'a Parse,
    pub(crate) times: &'a [Time],
    pub(crate) places: &'a [Place],
}

/// Candidates in text order, direct quotations, and for each token the name that covers it.
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    pub(crate) quotes: Vec<Span>,
    /// Position + 1 of the name candidate that covers a token; 0 for none.
    pub(crate) names: Vec<u32>,
    /// Position + 1 of the candidate whose syntactic head a token is; 0 for none. Names, nouns and pronouns.
    pub(crate) heads: Vec<u32>,
}

impl<'a> Reader<'a> {
    pub(crate) fn text(&self) -> &'a str {
        &self.article.text
    }

    pub(crate) fn token(&self, at: usize) -> &Token {
        &self.parse.tokens[at]
    }

    pub(crate) fn word(&self, at: usize) -> &'a str {
        self.parse.tokens.get(at).map_or("", |t| t.span.of(self.text()))
    }

    pub(crate) fn lemma(&self, at: usize) -> &str {
        self.parse.lemma(Id::new(at))
    }

    pub(crate) fn dependents(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        self.parse.dependents(Id::new(at)).iter().map(|d| d.index())
    }

    pub(crate) fn head(&self, at: usize) -> Option<usize> {
        self.token(at).head.map(Id::index)
    }

    pub(crate) fn deprel(&self, at: usize) -> Deprel {
        self.token(at).deprel
    }

    /// The words from token `from` up to token `to`, as written.
    pub(crate) fn words(&self, from: usize, to: usize) -> &'a str {
        match (self.parse.tokens.get(from), to.checked_sub(1).and_then(|t| self.parse.tokens.get(t))) {
            (Some(first), Some(last)) if from < to => first.span.join(last.span).of(self.text()),
            _ => "",
        }
    }

    /// Has the noun a case marker ("of", "with")? The first one.
    pub(crate) fn case(&self, at: usize) -> Option<&'a str> {
        self.dependents(at).find(|&d| self.deprel(d) == Deprel::Case && d < at).map(|d| self.word(d))
    }
}

/// All candidates of the text.
pub(crate) fn find(reader: &Reader<'_>) -> Found {
    let n = reader.parse.tokens.len();
    let found = Found { candidates: Vec::new(), quotes: quotations(reader.text()), names: vec![0; n], heads: vec![0; n] };
    let people = reader.parse.names.iter().filter(|name| name.kind == Kind::Per);
    let last = |name: &Name| name.span.of(reader.text()).rsplit(' ').next().filter(|word| word.len() > 3);
    let surnames = people.filter_map(last).collect();
    let organisations = reader.parse.names.iter().filter(|name| name.kind == Kind::Org);
    let bodies = organisations
        .filter_map(|name| name.span.of(reader.text()).rsplit_once(' '))
        .map(|(_, word)| word)
        .filter(|word| word.len() > 3 && word.starts_with(|c: char| c.is_uppercase()))
        .collect();
    let mut finder = Finder { reader, found, taken: vec![false; n], surnames, bodies, halves: [None; 2], buffer: String::new() };
    finder.names();
    finder.titles();
    finder.others();
    finder.order();
    finder.found
}

struct Finder<'r, 'a> {
    reader: &'r Reader<'a>,
    found: Found,
    /// Tokens that are part of a name or title.
    taken: Vec<bool>,
    /// Last words of the people's names that the recogniser found.
    surnames: FxHashSet<&'a str>,
    /// Last words of the names of bodies, where the recogniser found such names of several words.
    bodies: FxHashSet<&'a str>,
    /// Does the text name a state that begins with "North", with "South"? Looked up once.
    halves: [Option<bool>; 2],
    buffer: String,
}

impl Finder<'_, '_> {
    /// Names of the parse layer, and states and peoples that it has not.
    fn names(&mut self) {
        let reader = self.reader;
        let text = reader.text();
        let tokens = &reader.parse.tokens;
        let mut given = reader.parse.names.iter().peekable();
        let mut at = 0;
        while at < tokens.len() {
            let span = tokens[at].span;
            while given.next_if(|name| name.span.end() <= span.start()).is_some() {}
            if let Some((to, kind)) = self.in_tables(at) {
                let whole = span.join(tokens[to - 1].span);
                if given
                    .peek()
                    .is_none_or(|name| whole.covers(name.span) && name.span != whole || name.span.start() >= whole.end())
                {
                    self.name(at, to, whole, kind);
                    at = to;
                    continue;
                }
            }
            if let Some(to) = self.forces_named(at) {
                let whole = span.join(tokens[to - 1].span);
                if given.peek().is_none_or(|name| whole.covers(name.span) || name.span.start() >= whole.end()) {
                    self.name(at, to, whole, Kind::Org);
                    at = to;
                    continue;
                }
            }
            if let Some(name) = given.next_if(|name| name.span.touches(span)) {
                let to = reader.parse.tokens_in(name.span).end.max(at + 1);
                // "Ann Lee and Bo Lee" taken for one name: two people.
                if name.kind == Kind::Per
                    && let Some(and) = (at + 1..to.saturating_sub(1)).find(|&t| matches!(reader.word(t), "and" | "&"))
                {
                    self.name(at, and, tokens[at].span.join(tokens[and - 1].span), Kind::Per);
                    self.name(and + 1, to, tokens[and + 1].span.join(tokens[to - 1].span), Kind::Per);
                    at = to;
                    continue;
                }
                // "Russian Federation", "Syrian Arab Republic": a state's full name, of which the recogniser took the people.
                let full = (to + 1..=(to + 2).min(tokens.len())).rev().find(|&end| self.state(at, end) == Some(Kind::Gpe));
                if let Some(end) = full.filter(|_| name.kind == Kind::Norp) {
                    self.name(at, end, tokens[at].span.join(tokens[end - 1].span), Kind::Gpe);
                    at = end;
                    continue;
                }
                let kind = match reader.countries.find(name.span.of(text)) {
                    None if name.kind != Kind::Per && self.misread(name.span.of(text)) => Kind::Per,
                    Some((_, Reference::Name)) if name.kind != Kind::Per => Kind::Gpe,
                    Some((_, Reference::Adjective | Reference::People)) if name.kind != Kind::Per => Kind::Norp,
                    _ => name.kind,
                };
                // "an Obama Putin meeting": two people, each by the last name.
                if kind == Kind::Per && to == at + 2 && self.two_people(at) {
                    self.name(at, at + 1, tokens[at].span, Kind::Per);
                    self.name(at + 1, to, tokens[at + 1].span, Kind::Per);
                    at = to;
                    continue;
                }
                if let Some(first) = self.after_title(at, to, kind) {
                    for t in at..first {
                        let pair = t + 1 < first && self.state(t, t + 2).is_some();
                        let end = if pair { t + 2 } else { t + 1 };
                        if let Some(kind) = self.state(t, end).filter(|_| self.found.names[t] == 0) {
                            self.name(t, end, tokens[t].span.join(tokens[end - 1].span), kind);
                        }
                    }
                    let rest = tokens[first].span.join(tokens[to - 1].span);
                    self.name(first, to, rest, Kind::Per);
                    at = to;
                    continue;
                }
                self.name(at, to, name.span, kind);
                at = to;
                continue;
            }
            if let Some(to) = self.spelled_out(at).filter(|_| given.peek().is_none_or(|name| name.span.start() >= span.start())) {
                let whole = span.join(tokens[to - 1].span);
                self.name(at, to, whole, Kind::Org);
                while given.next_if(|name| name.span.end() <= whole.end()).is_some() {}
                at = to;
                continue;
            }
            if self.half_named(at) {
                self.name(at, at + 1, span, Kind::Gpe);
                at += 1;
                continue;
            }
            if self.short_named(at) {
                self.name(at, at + 1, span, Kind::Org);
                at += 1;
                continue;
            }
            if span.of(text).starts_with(|c: char| c.is_uppercase()) {
                if let Some(to) = self.person(at, given.peek().map_or(usize::MAX, |name| name.span.start())) {
                    self.name(at, to, span.join(tokens[to - 1].span), Kind::Per);
                    at = to;
                    continue;
                }
                let open = given.peek().is_none_or(|name| tokens.get(at + 1).is_some_and(|t| name.span.start() >= t.span.end()));
                let to = if open && at + 1 < tokens.len() && self.state(at, at + 2).is_some() { at + 2 } else { at + 1 };
                if let Some(kind) = self.state(at, to) {
                    self.name(at, to, span.join(tokens[to - 1].span), kind);
                    at = to;
                    continue;
                }
            }
            at += 1;
        }
    }

    /// Where a body's name ends that begins here and has its first letters in brackets after it: "River Front (RF)".
    fn spelled_out(&self, at: usize) -> Option<usize> {
        let reader = self.reader;
        let capital = |t: usize| reader.word(t).starts_with(|c: char| c.is_uppercase());
        let small = |t: usize| matches!(reader.word(t), "of" | "for" | "the" | "and" | "-");
        if !capital(at) || at > 0 && capital(at - 1) && !matches!(reader.word(at - 1), "The") || reader.word(at) == "The" {
            return None;
        }
        let mut to = at + 1;
        while to < at + 9 && (capital(to) || small(to) && (capital(to + 1) || small(to + 1))) {
            to += 1;
        }
        let letters = reader.word(to + 1);
        let acronym = letters.len() > 1 && letters.chars().all(|c| c.is_ascii_uppercase() || c == '-');
        let brackets = reader.word(to) == "(" && reader.word(to + 2) == ")";
        let firsts = (at..to).filter(|&t| capital(t)).filter_map(|t| reader.word(t).chars().next());
        (to > at + 1 && brackets && acronym && firsts.eq(letters.chars().filter(|c| *c != '-'))).then_some(to)
    }

    /// Where the name of a state's forces ends that begins here: "Iraqi Security Forces", "Turkish Air Force".
    fn forces_named(&self, at: usize) -> Option<usize> {
        let reader = self.reader;
        let capital = |t: usize| reader.word(t).starts_with(|c: char| c.is_uppercase());
        let adjective = |words: &str| matches!(reader.countries.find(words), Some((_, Reference::Adjective)));
        if !capital(at) || !capital(at + 1) || !capital(at + 2) || capital(at + 3) || !adjective(reader.word(at)) {
            return None;
        }
        let noun = reader.actors.noun_named(&reader.words(at + 1, at + 3).to_ascii_lowercase())?;
        let noun = reader.actors.noun(noun);
        (noun.body && matches!(&*noun.sector, "MIL" | "COP")).then_some(at + 3)
    }

    /// "the Front" where the text names one body, of several words, that ends so.
    fn short_named(&self, at: usize) -> bool {
        let reader = self.reader;
        let capital = |t: usize| reader.word(t).starts_with(|c: char| c.is_uppercase());
        at > 0
            && capital(at)
            && matches!(reader.word(at - 1), "the" | "The")
            && !capital(at + 1)
            && self.bodies.contains(reader.word(at))
            && reader.actors.office_named(&reader.word(at).to_ascii_lowercase()).is_none()
    }

    /// "the North" where the text speaks of a state whose name begins so.
    fn half_named(&mut self, at: usize) -> bool {
        let reader = self.reader;
        let word = reader.word(at);
        let slot = match word {
            "North" => 0,
            "South" => 1,
            _ => return false,
        };
        let capital = |t: usize| reader.word(t).starts_with(|c: char| c.is_uppercase());
        if at == 0 || !matches!(reader.word(at - 1), "the" | "The") || capital(at + 1) {
            return false;
        }
        *self.halves[slot].get_or_insert_with(|| {
            let named = |t: usize| reader.countries.find(reader.words(t, t + 2)).is_some_and(|(_, r)| r == Reference::Name);
            (0..reader.parse.tokens.len().saturating_sub(1)).any(|t| reader.word(t) == word && named(t))
        })
    }

    /// Where the person's name begins in a name that the recogniser took with its title ("US President Donald Trump").
    fn after_title(&mut self, from: usize, to: usize, kind: Kind) -> Option<usize> {
        let reader = self.reader;
        let title = (from..to.saturating_sub(1)).rev().find(|&t| {
            self.buffer.clear();
            self.buffer.push_str(reader.word(t));
            self.buffer.make_ascii_lowercase();
            reader.actors.office_named(&self.buffer).is_some()
        })?;
        let first = title + 1;
        self.buffer.clear();
        self.buffer.push_str(reader.word(first));
        self.buffer.make_ascii_lowercase();
        let person = (kind == Kind::Per || reader.actors.given_name(&self.buffer).is_some()) && to - first >= 2
            || reader.actors.named(reader.words(first, to)) == Some(Kind::Per);
        person.then_some(first)
    }

    /// Where a name of the actor tables ends that begins here, and its kind: names of several words, and acronyms.
    fn in_tables(&self, at: usize) -> Option<(usize, Kind)> {
        let reader = self.reader;
        let word = reader.word(at);
        if !word.starts_with(|c: char| c.is_uppercase()) {
            return None;
        }
        let longest = reader.actors.longest_name(word).min(9);
        for to in (at + 1..=(at + longest).min(reader.parse.tokens.len())).rev() {
            let last = reader.word(to - 1);
            let words = reader.words(at, to);
            let single = to == at + 1;
            if single && !(word.len() > 2 && word.chars().all(|c| c.is_ascii_uppercase()) && reader.token(at).upos == Upos::Propn)
            {
                continue;
            }
            let ends = |c: char| c.is_uppercase() || c.is_ascii_digit();
            // "Moon Jae-in": what stands after a hyphen may be small.
            let hyphened = to > at + 2 && reader.word(to - 2) == "-";
            let proper = (last.starts_with(ends) || hyphened)
                && last != "The"
                && !words.contains(['\n', ',', '(', '"'])
                && !words.contains(". ");
            if proper && let Some(kind) = reader.actors.named(words) {
                let next = reader.parse.tokens.get(to).map_or("", |t| t.span.of(reader.text()));
                let longer = !single
                    && kind == Kind::Per
                    && next.starts_with(|c: char| c.is_uppercase())
                    && reader.token(to).upos == Upos::Propn;
                return (!longer).then_some((to, kind));
            }
        }
        None
    }

    /// Is it a person's name, though the recogniser says another kind? A given name and one or two more words, none of them a
    /// noun that names bodies or places.
    fn misread(&self, name: &str) -> bool {
        let words = name.split(' ').count();
        let Some((first, rest)) = name.split_once(' ').filter(|_| words <= 3) else { return false };
        let actors = self.reader.actors;
        let plain =
            |word: &str| word.len() > 2 && word.chars().all(char::is_alphabetic) && word.starts_with(|c: char| c.is_uppercase());
        self.reader.actors.given_name(&first.to_ascii_lowercase()).is_some()
            && rest.split(' ').all(|word| plain(word) && actors.noun_named(&word.to_ascii_lowercase()).is_none())
            && rest.split(' ').any(|word| self.surnames.contains(word))
    }

    /// Where a person's name ends that the recogniser missed: after a form of address, a given name with a capitalised
    /// word after it, or a word that is part of a person's name elsewhere in the text.
    fn person(&mut self, at: usize, end: usize) -> Option<usize> {
        let reader = self.reader;
        let proper = |t: usize| {
            let token = reader.parse.tokens.get(t)?;
            let word = token.span.of(reader.text());
            let capital = token.upos == Upos::Propn && word.len() > 2 && word.starts_with(|c: char| c.is_uppercase());
            (capital && token.span.end() <= end && word.chars().all(|c| c.is_alphabetic() && !c.is_ascii_digit())).then_some(word)
        };
        let word = proper(at)?;
        let before = at.checked_sub(1).map_or("", |t| reader.word(t));
        self.buffer.clear();
        self.buffer.push_str(before);
        self.buffer.make_ascii_lowercase();
        let addressed = before.starts_with(|c: char| c.is_uppercase()) && reader.actors.honorific(&self.buffer).is_some();
        self.buffer.clear();
        self.buffer.push_str(word);
        self.buffer.make_ascii_lowercase();
        let given = reader.actors.given_name(&self.buffer).is_some() && proper(at + 1).is_some();
        if !(addressed || given || self.surnames.contains(word)) || reader.countries.find(word).is_some() {
            return None;
        }
        let mut to = at + 1;
        while to < at + 3 && (given || addressed) && proper(to).is_some_and(|word| reader.countries.find(word).is_none()) {
            to += 1;
        }
        Some(to)
    }

    /// Do these tokens name a state or its people?
    fn state(&self, from: usize, to: usize) -> Option<Kind> {
        let words = self.reader.words(from, to);
        if words.len() < 2 || words.contains('\n') {
            return None;
        }
        // "US-75", "US 169": a road.
        let end = self.reader.token(to - 1).span.end();
        let road = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        if words == "US" && self.reader.text().get(end..).is_some_and(|rest| rest.strip_prefix(['-', ' ']).is_some_and(road)) {
            return None;
        }
        match self.reader.countries.find(words)?.1 {
            Reference::Name => Some(Kind::Gpe),
            Reference::Adjective | Reference::People => Some(Kind::Norp),
            Reference::Seat if to > from + 1 => Some(Kind::Org),
            Reference::Seat | Reference::Capital => None,
        }
    }

    /// Are these two words last names of two people of the actor table, and no name of one?
    fn two_people(&self, at: usize) -> bool {
        let word = |i: usize| self.reader.actors.fold_name(self.reader.parse.tokens[i].span.of(self.reader.text()));
        let (first, second) = (word(at), word(at + 1));
        let actors = self.reader.actors;
        let last_name = |word: &str| !actors.people_of_surname(word).is_empty();
        last_name(&first)
            && last_name(&second)
            && actors.given_name(&first).is_none()
            && actors.people_named(&format!("{first} {second}")).is_empty()
    }

    fn name(&mut self, from: usize, to: usize, span: Span, kind: Kind) {
        let token = self.reader.parse.head_of(span).map_or(from, Id::index);
        let number = if kind == Kind::Per || kind == Kind::Gpe { Number::Singular } else { Number::Unknown };
        let candidate = Candidate { kind, number, ..self.candidate(span, span, token, Form::Name, What::Name) };
        self.found.candidates.push(candidate);
        let at = self.found.candidates.len() as u32;
        for t in from..to {
            self.found.names[t] = at;
            self.taken[t] = true;
        }
        self.found.heads[token] = at;
    }

    /// A candidate with what its place in the sentence says.
    fn candidate(&self, span: Span, head: Span, token: usize, form: Form, what: What) -> Candidate {
        Candidate {
            span,
            head,
            token,
            sentence: self.reader.parse.sentences.partition_point(|s| s.tokens.end <= token),
            kind: Kind::Misc,
            form,
            what,
            number: Number::Unknown,
            gender: Gender::Unknown,
            determiner: Determiner::Bare,
            count: None,
            other: false,
            office: None,
            noun: None,
            former: false,
            part: part(self.reader, token),
            quote: covering(&self.found.quotes, head),
            described: false,
        }
    }

    /// Offices and nouns just before the names of people: "US Secretary of State John Kerry".
    fn titles(&mut self) {
        for at in 0..self.found.candidates.len() {
            let name = &self.found.candidates[at];
            if name.kind != Kind::Per {
                continue;
            }
            let first = self.reader.parse.tokens_in(name.span).start;
            let mut end = self.before_gloss(first);
            while end > 0 && !self.taken[end - 1] {
                self.buffer.clear();
                self.buffer.push_str(self.reader.word(end - 1));
                self.buffer.make_ascii_lowercase();
                let Some(gender) = self.reader.actors.honorific(&self.buffer) else { break };
                self.taken[end - 1] = true;
                if self.found.candidates[at].gender == Gender::Unknown {
                    self.found.candidates[at].gender = gender;
                }
                end -= 1;
            }
            let Some((start, office, noun)) = self.phrase(end, true) else { continue };
            if office.is_none() && noun.is_none() {
                continue;
            }
            let (span, token) = (self.title_span(start, end), end - 1);
            let gender = noun.map_or(Gender::Unknown, |n| self.reader.actors.noun(n).gender);
            if self.found.candidates[at].gender == Gender::Unknown {
                self.found.candidates[at].gender = gender;
            }
            let head = self.reader.token(start).span.join(self.reader.token(token).span);
            let former = self.former(start);
            let title = self.candidate(span, head, token, Form::Nominal, What::Title(at));
            let number = Number::Singular;
            self.found.candidates.push(Candidate { kind: Kind::Per, number, gender, office, noun, former, ..title });
            self.taken[start..end].fill(true);
            let at = self.found.candidates.len() as u32;
            self.found.heads[start..end].fill(at);
        }
    }

    /// Where a title may end before a name: before the brackets, if some stand between them ("MP (Member of Parliament) Ann Lee").
    fn before_gloss(&self, first: usize) -> usize {
        let close = first.checked_sub(1).filter(|&t| self.reader.word(t) == ")");
        let open = close.and_then(|close| (close.saturating_sub(7)..close).rev().find(|&t| self.reader.word(t) == "("));
        open.filter(|&open| !self.reader.words(open, first).contains('\n')).unwrap_or(first)
    }

    /// The office or noun whose last token is before `end`: its first token and what it is. Titles must name a person.
    fn phrase(&mut self, end: usize, title: bool) -> Option<(usize, Option<u16>, Option<u16>)> {
        let actors = self.reader.actors;
        let last = end.checked_sub(1)?;
        if self.taken[last] {
            return None;
        }
        let lemma_span = self.reader.lemma(last);
        self.buffer.clear();
        self.buffer.push_str(if title { self.reader.word(last) } else { lemma_span });
        self.buffer.make_ascii_lowercase();
        let longest = actors.longest_office(&self.buffer).max(actors.longest_noun(&self.buffer));
        if longest == 0 {
            return None;
        }
        let tail = std::mem::take(&mut self.buffer);
        let mut best = None;
        for length in (1..=longest.min(end)).rev() {
            let start = end - length;
            if length > 1
                && (self.taken[start] || self.reader.token(start).span.end() + 40 < self.reader.token(last).span.start())
            {
                continue;
            }
            self.buffer.clear();
            let before = self.reader.token(start).span.start()..self.reader.token(last).span.start();
            self.buffer.push_str(self.reader.text().get(before).unwrap_or(""));
            self.buffer.make_ascii_lowercase();
            self.buffer.push_str(&tail);
            let office = actors.office_named(&self.buffer);
            let noun = actors.noun_named(&self.buffer).filter(|&n| !title || actors.noun(n).kind == Kind::Per);
            // "the House" sits in parliament, people live in "the house".
            let noun = noun.filter(|_| self.buffer != "house" || self.reader.word(last).starts_with('H'));
            if office.is_some() || noun.is_some() {
                best = Some((start, office, noun));
                break;
            }
        }
        best
    }

    /// The title with what stands before it: "former", states, bodies.
    fn title_span(&self, start: usize, end: usize) -> Span {
        let reader = self.reader;
        let mut from = start;
        while from > 0 && start - from < 8 {
            let before = from - 1;
            let name =
                self.found.names[before] != 0 && self.found.candidates[self.found.names[before] as usize - 1].kind != Kind::Per;
            let word = reader.word(before);
            let lower = word.to_ascii_lowercase();
            let known = || reader.actors.modifier(&lower).is_some() || reader.actors.noun_named(&lower).is_some();
            let adjective = !self.taken[before] && (BEFORE_TITLES.contains(&lower.as_str()) || known());
            let owner = matches!(word, "'s" | "’s" | "-" | "the" | "The" | "'");
            let gap = reader.token(before).span.end()..reader.token(from).span.start();
            if !(name || adjective || owner) || reader.text().get(gap).is_none_or(|gap| gap.contains('\n')) {
                break;
            }
            from = before;
        }
        reader.token(from).span.join(reader.token(end - 1).span)
    }

    /// Does a word before the title say that it is over?
    fn former(&self, start: usize) -> bool {
        (start.saturating_sub(4)..start)
            .any(|t| matches!(self.reader.word(t), "former" | "Former" | "ex" | "Ex" | "late" | "ousted" | "deposed"))
    }

    /// Nouns and pronouns.
    fn others(&mut self) {
        for at in 0..self.reader.parse.tokens.len() {
            if self.taken[at] {
                continue;
            }
            match self.reader.token(at).upos {
                Upos::Pron | Upos::Det => self.pronoun(at),
                Upos::Propn if self.maybe(at) => {}
                Upos::Noun | Upos::Propn => self.noun(at),
                Upos::Adj if self.stands_alone(at) => self.noun(at),
                _ => {}
            }
        }
    }

    /// Takes the capitalised words that begin here for what may be a person's name, if they can be one.
    fn maybe(&mut self, at: usize) -> bool {
        let reader = self.reader;
        let plain = |t: usize| {
            let Some(token) = reader.parse.tokens.get(t).filter(|token| token.upos == Upos::Propn) else { return false };
            let word = token.span.of(reader.text());
            word.len() > 2
                && word.starts_with(|c: char| c.is_uppercase())
                && word.chars().any(|c| c.is_lowercase())
                && !word.contains(|c: char| c.is_ascii_digit())
        };
        let mut to = at;
        while to < at + 4 && plain(to) && !self.taken[to] {
            to += 1;
        }
        if to == at || plain(to) || to < self.taken.len() && self.taken[to] && reader.token(to).upos == Upos::Propn {
            return false;
        }
        let span = reader.token(at).span.join(reader.token(to - 1).span);
        let token = reader.parse.head_of(span).map_or(at, Id::index);
        let argument = matches!(
            reader.deprel(token).base(),
            Deprel::Nsubj | Deprel::Obj | Deprel::Iobj | Deprel::Obl | Deprel::Nmod | Deprel::Conj | Deprel::Appos
        );
        let determined =
            reader.dependents(token).any(|d| reader.deprel(d) == Deprel::Det || reader.deprel(d) == Deprel::NmodPoss);
        let known = (at..to).any(|t| {
            self.buffer.clear();
            self.buffer.push_str(reader.word(t));
            self.buffer.make_ascii_lowercase();
            let actors = reader.actors;
            actors.noun_named(&self.buffer).is_some()
                || actors.office_named(&self.buffer).is_some()
                || actors.modifier(&self.buffer).is_some()
                || reader.countries.find(reader.word(t)).is_some()
        });
        let placed = reader.places.binary_search_by_key(&span, |place| place.span).is_ok();
        if !argument || determined || known || placed || self.timely(span) {
            return false;
        }
        let name = self.candidate(span, span, token, Form::Name, What::Maybe);
        self.found.candidates.push(Candidate { number: Number::Singular, ..name });
        self.taken[at..to].fill(true);
        true
    }

    /// Is an adjective used as a noun ("the official said")?
    fn stands_alone(&self, at: usize) -> bool {
        matches!(
            self.reader.deprel(at),
            Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj | Deprel::Obl | Deprel::OblAgent | Deprel::Nmod | Deprel::NmodPoss
        )
    }

    /// The longest office or noun that begins with this word and goes on with "of": "heads of state". Its last token.
    fn of_phrase(&mut self, at: usize) -> Option<(usize, Option<u16>, Option<u16>)> {
        let reader = self.reader;
        if !matches!(reader.word(at + 1), "of" | "for") {
            return None;
        }
        for length in [4, 3, 2] {
            let last = at + length;
            if last >= reader.parse.tokens.len() || self.taken[at + 1..=last].iter().any(|&taken| taken) {
                continue;
            }
            let rest = reader.token(at).span.end()..reader.token(last).span.end();
            self.buffer.clear();
            self.buffer.push_str(reader.lemma(at));
            self.buffer.push_str(reader.text().get(rest).unwrap_or(""));
            self.buffer.make_ascii_lowercase();
            let (office, noun) = (reader.actors.office_named(&self.buffer), reader.actors.noun_named(&self.buffer));
            if office.is_some() || noun.is_some() {
                return Some((last, office, noun));
            }
        }
        None
    }

    fn noun(&mut self, at: usize) {
        let reader = self.reader;
        let modifier =
            matches!(reader.deprel(at), Deprel::Compound | Deprel::Flat | Deprel::Fixed | Deprel::NmodDesc | Deprel::Goeswith);
        let next = self.found.names.get(at + 1).copied().unwrap_or(0);
        if modifier && (reader.head(at).is_some_and(|h| h > at) || reader.deprel(at) == Deprel::Flat) && next == 0 {
            return;
        }
        let phrase = match self.of_phrase(at) {
            Some((last, office, noun)) => {
                self.taken[at + 1..=last].fill(true);
                Some((at, office, noun))
            }
            None => self.phrase(at + 1, false),
        };
        // "mainland China", "rebel-held": part of what is said of a place.
        let dash = matches!(reader.word(at + 1), "-") && matches!(reader.word(at + 2), "held" | "controlled" | "occupied");
        if dash || next > 0 && self.found.candidates[next as usize - 1].kind == Kind::Gpe && reader.actors.parts(reader.word(at))
        {
            return;
        }
        let token = reader.token(at);
        let plural = token.xpos == Xpos::Nns || token.xpos == Xpos::Nnps || token.feats.get("Number") == Some("Plur");
        let Some((start, office, noun)) = phrase else {
            if token.upos == Upos::Noun && !self.timely(token.span) {
                let number = if plural { Number::Plural } else { Number::Singular };
                let thing = self.candidate(token.span, token.span, at, Form::Nominal, What::Thing);
                self.push(at, Candidate { number, ..thing });
            }
            return;
        };
        let lexical = noun.map(|n| reader.actors.noun(n));
        let kind = lexical.map_or(Kind::Per, |n| n.kind);
        let number = match (plural, lexical.is_some_and(|n| n.group)) {
            (true, _) => Number::Plural,
            (false, true) => Number::Unknown,
            (false, false) if reader.word(at) == "people" => Number::Plural,
            (false, false) => Number::Singular,
        };
        let gender = lexical.map_or(Gender::Unknown, |n| n.gender);
        let head = reader.token(start).span.join(token.span);
        let span = self.phrase_span(at, office.is_some()).join(head);
        let former = self.former(start);
        let base = self.candidate(span, head, at, Form::Nominal, What::Noun);
        let mut noun = Candidate { kind, number, gender, office, noun, former, ..base };
        self.determine(&mut noun, start, at);
        self.push(at, noun);
    }

    /// Is the word part of a time expression?
    fn timely(&self, span: Span) -> bool {
        let times = self.reader.times;
        let next = times.partition_point(|time| time.span.end() <= span.start());
        times.get(next).is_some_and(|time| time.span.touches(span))
    }

    fn push(&mut self, at: usize, candidate: Candidate) {
        self.found.candidates.push(candidate);
        self.found.heads[at] = self.found.candidates.len() as u32;
    }

    /// Reads determiner, count and description off the dependents.
    fn determine(&self, noun: &mut Candidate, start: usize, at: usize) {
        let reader = self.reader;
        for d in reader.dependents(at) {
            match reader.deprel(d) {
                Deprel::Det | Deprel::DetPredet => {
                    let determiner = determiner(reader.word(d));
                    if noun.determiner == Determiner::Bare || determiner == Determiner::Demonstrative {
                        noun.determiner = determiner;
                    }
                    noun.other |= matches!(reader.word(d), "another" | "Another");
                }
                Deprel::NmodPoss => noun.determiner = Determiner::Possessive,
                Deprel::Nummod if d < at => {
                    noun.count = count(reader.word(d));
                    noun.described |= noun.count.is_none();
                }
                Deprel::Amod if d < start => match reader.word(d) {
                    "other" | "Other" => noun.other = true,
                    "two" | "Two" => noun.count = Some(2),
                    _ => noun.described = true,
                },
                Deprel::Amod | Deprel::Acl | Deprel::AclRelcl => noun.described = true,
                Deprel::Compound if d < start => noun.described = true,
                Deprel::Nmod => noun.described = true,
                _ => {}
            }
        }
        if noun.determiner == Determiner::Bare && start > 0 && !reader.parse.dependents(Id::new(at)).is_empty() {
            // Where the tree lost the article, the words have it.
            let first = noun.span.start();
            if let Some(word) =
                reader.parse.tokens.get(reader.parse.tokens_in(noun.span).start).filter(|t| t.span.start() == first)
            {
                noun.determiner = match word.span.of(reader.text()) {
                    "the" | "The" => Determiner::Definite,
                    "a" | "an" | "A" | "An" => Determiner::Indefinite,
                    _ => noun.determiner,
                };
            }
        }
    }

    /// The noun with what belongs to it before it, and "of" phrases after it (any complement, for an office).
    fn phrase_span(&self, at: usize, office: bool) -> Span {
        let reader = self.reader;
        let mut span = reader.token(at).span;
        let mut stack = vec![(at, true)];
        let mut steps = 0;
        // "the Front freed 18 soldiers": a participle before a number is the verb, whatever the tree says.
        let verb = reader.dependents(at).filter(|&d| {
            let counted = |n: usize| n == d + 1 && reader.deprel(n) == Deprel::Nummod;
            d < at && reader.token(d).upos == Upos::Verb && reader.dependents(at).any(counted)
        });
        // And what stands before the word that governs the noun is none of its own.
        let verb = verb.max().max(reader.head(at).filter(|&governor| governor < at));
        while let Some((top, head)) = stack.pop() {
            span = span.join(reader.token(top).span);
            steps += 1;
            if steps > 40 {
                break;
            }
            for d in reader.dependents(top) {
                // What a comma parts, and what has a subject of its own, is no part of it: the tree is wrong there, or it is beside.
                let gap = reader.token(top.min(d)).span.end()..reader.token(top.max(d)).span.start();
                let parted = d > top && head && reader.text().get(gap).is_some_and(|gap| gap.contains([',', ';', '(', ')']));
                let clause = reader.dependents(d).any(|s| reader.deprel(s).base() == Deprel::Nsubj);
                let finite = d < at && matches!(reader.token(d).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp);
                if parted || clause || finite || head && verb.is_some_and(|verb| d <= verb) {
                    continue;
                }
                let inside = match reader.deprel(d) {
                    Deprel::Det
                    | Deprel::DetPredet
                    | Deprel::Amod
                    | Deprel::Compound
                    | Deprel::Nummod
                    | Deprel::Flat
                    | Deprel::NmodPoss => true,
                    Deprel::NmodDesc | Deprel::Fixed | Deprel::NmodUnmarked | Deprel::Goeswith => d < at || !head,
                    Deprel::Nmod => match reader.case(d) {
                        Some("of") => true,
                        Some("for" | "to" | "on" | "at") => office,
                        _ => !head && reader.case(d).is_none(),
                    },
                    Deprel::Case => !head && top > at,
                    Deprel::Conj => !head && top > at && self.found.names[d] > 0,
                    Deprel::Cc => !head && top > at && self.found.names[top] > 0,
                    _ => false,
                };
                if inside {
                    stack.push((d, false));
                }
            }
        }
        span
    }

    fn pronoun(&mut self, at: usize) {
        let reader = self.reader;
        let token = *reader.token(at);
        self.buffer.clear();
        self.buffer.push_str(token.span.of(reader.text()));
        self.buffer.make_ascii_lowercase();
        let known = personal(&self.buffer);
        if let Some((pronoun, number, gender)) = known {
            if token.deprel == Deprel::Expl {
                return;
            }
            let kind = if pronoun.neuter { Kind::Misc } else { Kind::Per };
            let base = self.candidate(token.span, token.span, at, Form::Pronoun, What::Pronoun(pronoun));
            self.push(at, Candidate { kind, number, gender, ..base });
            return;
        }
        if !matches!(self.buffer.as_str(), "who" | "whom" | "whose" | "which" | "that") {
            return;
        }
        let mut climb = at;
        for _ in 0..8 {
            let Some(head) = reader.head(climb) else { return };
            if reader.deprel(climb) == Deprel::AclRelcl {
                if head < at {
                    let base = self.candidate(token.span, token.span, at, Form::Pronoun, What::Relative(head));
                    self.push(at, base);
                }
                return;
            }
            climb = head;
        }
    }

    /// Puts the candidates in text order; longer ones first where two begin together.
    fn order(&mut self) {
        let found = &mut self.found;
        let mut order: Vec<u32> = (0..found.candidates.len() as u32).collect();
        order.sort_by_key(|&i| {
            let span = found.candidates[i as usize].span;
            (span.start(), usize::MAX - span.end(), i)
        });
        let mut place = vec![0u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let mut sorted: Vec<Candidate> = order.iter().map(|&i| found.candidates[i as usize].clone()).collect();
        for candidate in &mut sorted {
            if let What::Title(name) = &mut candidate.what {
                *name = place[*name] as usize;
            }
        }
        found.candidates = sorted;
        for slot in found.names.iter_mut().chain(found.heads.iter_mut()).filter(|slot| **slot > 0) {
            *slot = place[*slot as usize - 1] + 1;
        }
    }
}

/// Position of the quotation that holds `span`.
fn covering(quotes: &[Span], span: Span) -> Option<usize> {
    let at = quotes.partition_point(|quote| quote.end() <= span.start());
    quotes.get(at).filter(|quote| quote.covers(span)).map(|_| at)
}

/// Words that may stand between a state and an office, beside those of the actor table.
const BEFORE_TITLES: [&str; 24] = [
    "former",
    "ex",
    "acting",
    "deputy",
    "vice",
    "interim",
    "caretaker",
    "late",
    "senior",
    "chief",
    "incumbent",
    "outgoing",
    "current",
    "first",
    "assistant",
    "special",
    "then",
    "veteran",
    "newly",
    "elected",
    "new",
    "top",
    "permanent",
    "local",
];

/// What a determiner says.
fn determiner(word: &str) -> Determiner {
    match word {
        "the" | "The" => Determiner::Definite,
        "this" | "that" | "these" | "those" | "both" | "This" | "That" | "These" | "Those" | "Both" | "such" | "Such" => {
            Determiner::Demonstrative
        }
        _ => Determiner::Indefinite,
    }
}

/// A whole number in words or digits; of other numerals ("several thousand", "twenty") a number above all others that only tells
/// them from one another.
fn count(word: &str) -> Option<u32> {
    const WORDS: [&str; 13] =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let plain = WORDS.iter().position(|w| w.eq_ignore_ascii_case(word)).map(|n| n as u32);
    let other = || word.bytes().fold(7u32, |hash, b| hash.wrapping_mul(31).wrapping_add(b.to_ascii_lowercase().into())) | 1 << 31;
    Some(plain.or_else(|| word.parse().ok()).unwrap_or_else(other))
}

/// A personal pronoun of that form, lower case.
fn personal(word: &str) -> Option<(Pronoun, Number, Gender)> {
    use Number::{Plural, Singular, Unknown};
    let (person, number, gender) = match word {
        "i" | "me" | "my" | "mine" | "myself" => (1, Singular, Gender::Unknown),
        "we" | "us" | "our" | "ours" | "ourselves" => (1, Plural, Gender::Unknown),
        "you" | "your" | "yours" | "yourself" | "yourselves" => (2, Unknown, Gender::Unknown),
        "he" | "him" | "his" | "himself" => (3, Singular, Gender::Male),
        "she" | "her" | "hers" | "herself" => (3, Singular, Gender::Female),
        "it" | "its" | "itself" => (3, Singular, Gender::Unknown),
        "they" | "them" | "their" | "theirs" | "themselves" => (3, Plural, Gender::Unknown),
        _ => return None,
    };
    let possessive = matches!(word, "my" | "our" | "your" | "his" | "her" | "its" | "their");
    let reflexive = word.ends_with("self") || word.ends_with("selves");
    Some((Pronoun { person, possessive, reflexive, neuter: word.starts_with("it") }, number, gender))
}

/// The part a word plays: its own, or that of the first of its coordination.
fn part(reader: &Reader<'_>, token: usize) -> Part {
    let mut at = token;
    for _ in 0..4 {
        match (reader.deprel(at), reader.head(at)) {
            (Deprel::Conj | Deprel::Flat | Deprel::Appos, Some(head)) => at = head,
            _ => break,
        }
    }
    match reader.deprel(at).base() {
        Deprel::Nsubj => Part::Subject,
        Deprel::Obj | Deprel::Iobj => Part::Object,
        Deprel::Obl => Part::Oblique,
        Deprel::Nmod if reader.deprel(at) == Deprel::NmodPoss => Part::Possessor,
        Deprel::Nmod | Deprel::Compound | Deprel::Amod => Part::Adnominal,
        _ => Part::Other,
    }
}

/// Direct quotations: from an opening mark to the closing one, or to the end of the paragraph.
fn quotations(text: &str) -> Vec<Span> {
    let mut quotes = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    for (at, c) in text.char_indices() {
        match (c, open) {
            ('“', None) => open = Some((at, true)),
            ('”', Some((start, true))) | ('"', Some((start, false))) => {
                quotes.push(Span::new(start, at + c.len_utf8()));
                open = None;
            }
            ('"', None) => open = Some((at, false)),
            ('\n', Some((start, _))) => {
                quotes.push(Span::new(start, at));
                open = None;
            }
            _ => {}
        }
    }
    if let Some((start, _)) = open {
        quotes.push(Span::new(start, text.len()));
    }
    quotes
}
