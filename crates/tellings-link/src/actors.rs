//! The actor table: offices, agent nouns, forms of address, given names, people and organisations, all our own work.
//!
//! Every table is a text file of tab-separated columns that says its columns in its first lines. Tables may be added to
//! those shipped (`Actors::add_*`): a later line with the same key or form takes the place of an earlier one.

use crate::antecedents::{FEATURES, HIDDEN, PronounModel};
use jiff::civil::Date;
use rustc_hash::{FxHashMap, FxHashSet};
use tellings_doc::{DateRange, Kind};

/// Male, female, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
    /// Not known.
    #[default]
    Unknown,
}

impl Gender {
    fn parse(text: &str) -> Gender {
        match text {
            "m" => Gender::Male,
            "f" => Gender::Female,
            _ => Gender::Unknown,
        }
    }

    /// Can both be said of one person?
    pub fn fits(self, other: Gender) -> bool {
        self == other || self == Gender::Unknown || other == Gender::Unknown
    }
}

/// An office that a person can hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Office {
    /// `foreign-minister`.
    pub key: Box<str>,
    /// PLOVER sector; empty where it depends on the body.
    pub sector: Box<str>,
    /// One holder at a time in a state.
    pub unique: bool,
}

/// What a noun says of those it names.
#[derive(Clone, Debug, PartialEq)]
pub struct Noun {
    /// Person, organisation, state, place.
    pub kind: Kind,
    /// PLOVER sector; empty for none.
    pub sector: Box<str>,
    /// A further sector ("protesters" are civilians first, opposition second); empty for none.
    pub second: Box<str>,
    /// Of "man", "spokeswoman".
    pub gender: Gender,
    /// A singular that is many people or a body.
    pub group: bool,
    /// Says too little to name anybody by itself.
    pub anaphor: bool,
    /// An organ of its state or owner.
    pub body: bool,
    /// Of kin: its possessor is another person.
    pub tie: bool,
    /// Stands for a country.
    pub state: bool,
    /// A place.
    pub place: bool,
    /// Number of the word that stands for its synonyms.
    pub canon: u32,
}

/// A term of office.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// Position in the offices.
    pub office: u16,
    /// ISO 3166-1 alpha-3, or `UNO`, `EUR`, `IGO` …
    pub country: Box<str>,
    /// PLOVER sector.
    pub sector: Box<str>,
    /// First and last day; an open end is the last day of the calendar.
    pub range: DateRange,
}

/// A person of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    /// `person/barack-obama`.
    pub key: Box<str>,
    /// Usual English name.
    pub name: Box<str>,
    /// He or she.
    pub gender: Gender,
    /// ISO 3166-1 alpha-3 of the person's state.
    pub country: Box<str>,
    /// Sector outside any term of office (`ELI` for those who held one before).
    pub sector: Box<str>,
    /// Offices held.
    pub terms: Vec<Term>,
}

impl Person {
    /// The terms that hold on these days; all of them if the days are not known.
    pub fn terms_at(&self, as_of: Option<DateRange>) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| as_of.is_none_or(|days| term.range.touches(days)))
    }
}

/// An organisation of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Organisation {
    /// `org/nato`.
    pub key: Box<str>,
    /// Usual English name.
    pub name: Box<str>,
    /// ISO 3166-1 alpha-3; empty for internationals.
    pub country: Box<str>,
    /// PLOVER sectors, primary first.
    pub sectors: Vec<Box<str>>,
}

/// A table whose entries are found by one or more words; knows how long the entries can be that end in a word.
#[derive(Debug)]
struct Phrases<T> {
    entries: FxHashMap<Box<str>, T>,
    longest: FxHashMap<Box<str>, usize>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Phrases<T> {
        Phrases { entries: FxHashMap::default(), longest: FxHashMap::default() }
    }
}

impl<T: Copy> Phrases<T> {
    fn insert(&mut self, phrase: &str, value: T) {
        let words = phrase.split([' ', '-']).count() + phrase.matches('-').count();
        if let Some(last) = phrase.split([' ', '-']).next_back() {
            let longest = self.longest.entry(last.into()).or_insert(0);
            *longest = words.max(*longest);
        }
        self.entries.insert(phrase.into(), value);
    }

    fn get(&self, phrase: &str) -> Option<T> {
        self.entries.get(phrase).copied()
    }

    /// Words of the longest entry that ends in `last`; 0 for none.
    fn longest(&self, last: &str) -> usize {
        self.longest.get(last).copied().unwrap_or(0)
    }
}

/// All actor tables.
#[derive(Debug)]
pub struct Actors {
    offices: Vec<Office>,
    office_keys: FxHashMap<Box<str>, u16>,
    office_forms: Phrases<u16>,
    nouns: Vec<Noun>,
    noun_forms: Phrases<u16>,
    synonyms: FxHashMap<Box<str>, u32>,
    modifiers: FxHashMap<Box<str>, Box<str>>,
    parts: FxHashSet<Box<str>>,
    honorifics: FxHashMap<Box<str>, Gender>,
    given: FxHashMap<Box<str>, Gender>,
    variants: FxHashMap<Box<str>, Box<str>>,
    people: Vec<Person>,
    people_names: FxHashMap<Box<str>, Vec<u16>>,
    surnames: FxHashMap<Box<str>, Vec<u16>>,
    holders: FxHashMap<(Box<str>, u16), Vec<u16>>,
    organisations: Vec<Organisation>,
    organisation_names: FxHashMap<Box<str>, u16>,
    /// First words of the names of people and organisations, as written, with the most words such a name has.
    firsts: FxHashMap<Box<str>, usize>,
    /// The models of he and she, it, they.
    pub(crate) pronouns: [PronounModel; 3],
}

/// The rows of a table: lines that are not empty and not remarks, cut at tabs.
fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(|line| line.split('\t').map(str::trim).collect())
}

/// The words of a list with "|" between them.
fn list(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').map(str::trim).filter(|word| !word.is_empty() && *word != "-")
}

/// A field; "-" stands for nothing.
fn field<'a>(row: &[&'a str], at: usize) -> &'a str {
    row.get(at).copied().filter(|text| *text != "-").unwrap_or("")
}

/// A day, month or year as the first (or last) day it may be.
fn day(text: &str, last: bool) -> Option<Date> {
    let mut parts = text.split('-').map(|part| part.parse::<i16>().ok());
    let year = parts.next()??;
    let month = parts.next().flatten();
    let day = parts.next().flatten();
    match (month, day) {
        (Some(month), Some(day)) => Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(),
        (Some(month), None) => {
            let first = Date::new(year, i8::try_from(month).ok()?, 1).ok()?;
            Some(if last { first.last_of_month() } else { first })
        }
        _ => Date::new(year, if last { 12 } else { 1 }, if last { 31 } else { 1 }).ok(),
    }
}

impl Actors {
    /// The tables shipped with the program.
    pub fn shipped() -> Actors {
        let mut actors = Actors::empty();
        actors.add_offices(include_str!("../data/actors/offices.tsv"));
        actors.add_synonyms(include_str!("../data/actors/synonyms.tsv"));
        actors.add_nouns(include_str!("../data/actors/agents.tsv"));
        actors.add_modifiers(include_str!("../data/actors/modifiers.tsv"));
        actors.add_parts(include_str!("../data/actors/parts.tsv"));
        actors.add_honorifics(include_str!("../data/actors/honorifics.tsv"));
        actors.add_given_names(include_str!("../data/actors/given-names.tsv"));
        actors.add_variants(include_str!("../data/actors/variants.tsv"));
        actors.add_organisations(include_str!("../data/actors/organisations.tsv"));
        actors.add_people(include_str!("../data/actors/people.tsv"));
        actors.set_pronoun_model(include_str!("../data/actors/pronouns.tsv"));
        actors
    }

    /// No actors, and a pronoun model without weights.
    pub fn empty() -> Actors {
        Actors {
            offices: Vec::new(),
            office_keys: FxHashMap::default(),
            office_forms: Phrases::default(),
            nouns: Vec::new(),
            noun_forms: Phrases::default(),
            synonyms: FxHashMap::default(),
            modifiers: FxHashMap::default(),
            parts: FxHashSet::default(),
            honorifics: FxHashMap::default(),
            given: FxHashMap::default(),
            variants: FxHashMap::default(),
            people: Vec::new(),
            people_names: FxHashMap::default(),
            surnames: FxHashMap::default(),
            holders: FxHashMap::default(),
            organisations: Vec::new(),
            organisation_names: FxHashMap::default(),
            firsts: FxHashMap::default(),
            pronouns: Default::default(),
        }
    }

    /// Reads the pronoun model: rows of a class (`he`, `it`, `they`), a feature (or `bias`, `out`, `floor`), and its weights with
    /// spaces between them.
    pub fn set_pronoun_model(&mut self, table: &str) {
        for row in rows(table) {
            let Some(class) = ["he", "it", "they"].iter().position(|class| *class == field(&row, 0)) else { continue };
            let mut weights = [0.0; HIDDEN];
            for (slot, weight) in weights.iter_mut().zip(field(&row, 2).split(' ')) {
                *slot = weight.parse().unwrap_or(0.0);
            }
            let model = &mut self.pronouns[class];
            match field(&row, 1) {
                "floor" => model.floor = weights[0],
                "bias" => model.bias = weights,
                "out" => model.out = weights,
                name => {
                    if let Some(feature) = FEATURES.iter().position(|feature| *feature == name) {
                        model.weights[feature] = weights;
                    }
                }
            }
        }
    }

    /// Adds offices: `key sectors unique forms`.
    pub fn add_offices(&mut self, table: &str) {
        for row in rows(table) {
            let at = self.offices.len() as u16;
            let (key, sector) = (field(&row, 0), field(&row, 1));
            self.offices.push(Office { key: key.into(), sector: sector.into(), unique: field(&row, 2) == "1" });
            self.office_keys.insert(key.into(), at);
            for form in list(field(&row, 3)) {
                self.office_forms.insert(form, at);
            }
        }
    }

    /// Adds words that are taken for one another when mentions are joined: one list a line, the first stands for all.
    pub fn add_synonyms(&mut self, table: &str) {
        for row in rows(table) {
            let canon = self.synonyms.len() as u32 + 1_000_000;
            for word in list(field(&row, 0)) {
                self.synonyms.insert(word.into(), canon);
            }
        }
    }

    /// Adds agent nouns: `kind sectors flags words`. A word that is there already keeps what it has.
    pub fn add_nouns(&mut self, table: &str) {
        for row in rows(table) {
            let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.as_str() == field(&row, 0)) else { continue };
            let flags: Vec<&str> = field(&row, 2).split(',').collect();
            let has = |flag: &str| flags.contains(&flag);
            let gender = if has("m") {
                Gender::Male
            } else if has("f") {
                Gender::Female
            } else {
                Gender::Unknown
            };
            for word in list(field(&row, 3)) {
                if let Some(at) = self.noun_forms.get(word) {
                    let noun = &mut self.nouns[usize::from(at)];
                    noun.anaphor |= has("anaphor");
                    if noun.gender == Gender::Unknown {
                        noun.gender = gender;
                    }
                    continue;
                }
                let at = self.nouns.len() as u16;
                let canon = self.synonyms.get(word).copied().unwrap_or(u32::from(at));
                self.nouns.push(Noun {
                    kind,
                    sector: field(&row, 1).split(',').next().unwrap_or("").into(),
                    second: field(&row, 1).split(',').nth(1).unwrap_or("").into(),
                    gender,
                    group: has("group"),
                    anaphor: has("anaphor"),
                    body: has("body"),
                    tie: has("tie"),
                    state: has("state"),
                    place: has("place"),
                    canon,
                });
                self.noun_forms.insert(word, at);
            }
        }
    }

    /// Adds words that say the sector of the noun they stand before: `sector words`.
    pub fn add_modifiers(&mut self, table: &str) {
        for row in rows(table) {
            for word in list(field(&row, 1)) {
                self.modifiers.insert(word.into(), field(&row, 0).into());
            }
        }
    }

    /// Adds words before a place's name that make it a part of the place, or the place in another age: `kind words`.
    pub fn add_parts(&mut self, table: &str) {
        for row in rows(table) {
            self.parts.extend(list(field(&row, 1)).map(Box::from));
        }
    }

    /// Adds forms of address: `form gender`.
    pub fn add_honorifics(&mut self, table: &str) {
        for row in rows(table) {
            self.honorifics.insert(field(&row, 0).into(), Gender::parse(field(&row, 1)));
        }
    }

    /// Adds given names: `gender names`; a name in both lists says nothing of gender.
    pub fn add_given_names(&mut self, table: &str) {
        for row in rows(table) {
            let gender = Gender::parse(field(&row, 0));
            for name in field(&row, 1).split(' ').filter(|name| !name.is_empty()) {
                let known = self.given.entry(fold(name).into()).or_insert(gender);
                if *known != gender {
                    *known = Gender::Unknown;
                }
            }
        }
    }

    /// Adds spellings of name words that are taken for one: one list a line, the first stands for all.
    pub fn add_variants(&mut self, table: &str) {
        for row in rows(table) {
            let mut words = list(field(&row, 0));
            let Some(first) = words.next() else { continue };
            for word in words {
                self.variants.insert(word.into(), first.into());
            }
        }
    }

    /// Adds organisations: `name aliases country sectors`.
    pub fn add_organisations(&mut self, table: &str) {
        for row in rows(table) {
            let name = field(&row, 0);
            let at = self.organisations.len() as u16;
            self.organisations.push(Organisation {
                key: format!("org/{}", slug(name)).into(),
                name: name.into(),
                country: field(&row, 2).into(),
                sectors: field(&row, 3).split(',').filter(|s| !s.is_empty()).map(Box::from).collect(),
            });
            for form in [name].into_iter().chain(list(field(&row, 1))) {
                self.organisation_names.insert(self.fold_name(form).into(), at);
                self.add_first(form);
            }
        }
    }

    /// Adds people: `name aliases gender country sector terms`; a term is `office@from..to`, or `office@from..to@country`.
    pub fn add_people(&mut self, table: &str) {
        for row in rows(table) {
            let name = field(&row, 0);
            let country = field(&row, 3);
            let at = self.people.len() as u16;
            let mut terms = Vec::new();
            for term in field(&row, 5).split(';').map(str::trim).filter(|term| !term.is_empty()) {
                let mut parts = term.split('@');
                let (office, days) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
                let place = parts.next().unwrap_or(country);
                let Some(&office) = self.office_keys.get(office) else { continue };
                let (from, to) = days.split_once("..").unwrap_or((days, days));
                let first = day(from, false).unwrap_or(Date::MIN);
                let last = day(to, true).unwrap_or(Date::MAX);
                let sector = self.offices[usize::from(office)].sector.clone();
                terms.push(Term { office, country: place.into(), sector, range: DateRange::new(first, last) });
                self.holders.entry((place.into(), office)).or_default().push(at);
            }
            self.people.push(Person {
                key: format!("person/{}", slug(name)).into(),
                name: name.into(),
                gender: Gender::parse(field(&row, 2)),
                country: country.into(),
                sector: field(&row, 4).into(),
                terms,
            });
            for form in [name].into_iter().chain(list(field(&row, 1))) {
                self.add_first(form);
                let folded = self.fold_name(form);
                let last = folded.rsplit(' ').next().unwrap_or("").to_string();
                for (map, key) in [(&mut self.people_names, folded), (&mut self.surnames, last)] {
                    let holders = map.entry(key.into()).or_default();
                    if !holders.contains(&at) {
                        holders.push(at);
                    }
                }
            }
        }
    }

    /// Notes how a name begins: names of several words, and acronyms.
    fn add_first(&mut self, form: &str) {
        let form = form.strip_prefix("The ").unwrap_or(form);
        let words = form.split([' ', '-']).count() + form.matches(['-', '\'', '’']).count();
        let first = form.split([' ', '-', '\'']).next().unwrap_or("");
        let acronym = form.len() > 2 && form.chars().all(|c| c.is_ascii_uppercase());
        if words > 1 || acronym {
            let longest = self.firsts.entry(first.into()).or_insert(0);
            *longest = words.max(*longest);
        }
    }

    /// The most words of a name of the tables that begins with this word, as written; 0 for none.
    pub fn longest_name(&self, first: &str) -> usize {
        self.firsts.get(first).copied().unwrap_or(0)
    }

    /// Is it, as written, the name of a person or organisation of the tables?
    pub fn named(&self, words: &str) -> Option<Kind> {
        let folded = self.fold_name(words);
        if self.organisation_names.contains_key(folded.as_str()) {
            return Some(Kind::Org);
        }
        (folded.contains(' ') && self.people_names.contains_key(folded.as_str())).then_some(Kind::Per)
    }

    /// The office at a position.
    pub fn office(&self, at: u16) -> &Office {
        &self.offices[usize::from(at)]
    }

    /// The office of that form ("prime minister"), lower case.
    pub fn office_named(&self, form: &str) -> Option<u16> {
        self.office_forms.get(form)
    }

    /// Words of the longest form of an office that ends in this word; 0 for none.
    pub fn longest_office(&self, last: &str) -> usize {
        self.office_forms.longest(last)
    }

    /// The noun at a position.
    pub fn noun(&self, at: u16) -> &Noun {
        &self.nouns[usize::from(at)]
    }

    /// The agent noun of that form, lower case, singular.
    pub fn noun_named(&self, form: &str) -> Option<u16> {
        self.noun_forms.get(form)
    }

    /// Words of the longest noun that ends in this word; 0 for none.
    pub fn longest_noun(&self, last: &str) -> usize {
        self.noun_forms.longest(last)
    }

    /// The sector that a word before a noun says ("rebel commander"), lower case.
    pub fn modifier(&self, word: &str) -> Option<&str> {
        self.modifiers.get(word).map(|sector| &**sector)
    }

    /// Does the word, before a place's name, make it a part of the place or the place in another age ("mainland", "ancient")?
    pub fn parts(&self, word: &str) -> bool {
        self.parts.contains(word)
    }

    /// What a form of address says of gender; `None` if it is not one.
    pub fn honorific(&self, word: &str) -> Option<Gender> {
        self.honorifics.get(word).copied()
    }

    /// What a given name, folded, says of gender.
    pub fn given_name(&self, word: &str) -> Option<Gender> {
        self.given.get(word).copied()
    }

    /// The person at a position.
    pub fn person(&self, at: u16) -> &Person {
        &self.people[usize::from(at)]
    }

    /// The people of that full name, folded by [`Actors::fold_name`].
    pub fn people_named(&self, folded: &str) -> &[u16] {
        self.people_names.get(folded).map_or(&[], Vec::as_slice)
    }

    /// The people of that last name, folded.
    pub fn people_of_surname(&self, folded: &str) -> &[u16] {
        self.surnames.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Who held an office of a country on these days: only if it was one person all the time.
    pub fn holder(&self, country: &str, office: u16, as_of: DateRange) -> Option<u16> {
        let mut found = None;
        for &at in self.holders.get(&(country.into(), office))? {
            let term = |t: &&Term| t.office == office && *t.country == *country && t.range.touches(as_of);
            if self.person(at).terms.iter().any(|t| term(&t)) {
                if found.is_some_and(|other| other != at) {
                    return None;
                }
                found = Some(at);
            }
        }
        found
    }

    /// The organisation of that name, folded by [`Actors::fold_name`].
    pub fn organisation_named(&self, folded: &str) -> Option<&Organisation> {
        Some(&self.organisations[usize::from(*self.organisation_names.get(folded)?)])
    }

    /// A name in the form in which names are compared: no case, accents, articles, dots; one spelling for each word.
    pub fn fold_name(&self, name: &str) -> String {
        let folded = fold(name);
        let mut out = String::with_capacity(folded.len());
        for word in folded.split(' ') {
            if matches!(word, "al" | "el" | "the" | "ul") && folded.len() > word.len() {
                continue;
            }
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(self.variants.get(word).map_or(word, |first| first));
        }
        out
    }
}

/// Lower-case ASCII letters and digits of a name, words parted by one space; accents, dots and apostrophes dropped.
pub(crate) fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            '.' | '\'' | '’' | '‘' | 'ʿ' | 'ʻ' | '`' | 'ʼ' => {}
            '&' => out.push_str("and"),
            _ if c.is_alphabetic() => push_plain(c, &mut out),
            _ => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Adds a letter without its accent; letters of other scripts as they are, in lower case.
fn push_plain(c: char, out: &mut String) {
    const PLAIN: [(&str, &str); 22] = [
        ("àáâãäåāăąǎ", "a"),
        ("çćčĉċ", "c"),
        ("ďđð", "d"),
        ("èéêëēėęěĕə", "e"),
        ("ğĝġģ", "g"),
        ("ĥħ", "h"),
        ("ìíîïīıįĩ", "i"),
        ("ķ", "k"),
        ("łľĺļ", "l"),
        ("ñńňņ", "n"),
        ("òóôõöøōőŏ", "o"),
        ("řŕŗ", "r"),
        ("śšşșŝ", "s"),
        ("ťţțŧ", "t"),
        ("ùúûüūůűųũŭ", "u"),
        ("ýÿŷ", "y"),
        ("žźż", "z"),
        ("ß", "ss"),
        ("æ", "ae"),
        ("œ", "oe"),
        ("þ", "th"),
        ("ĵ", "j"),
    ];
    for lower in c.to_lowercase() {
        if lower == '\u{307}' {
            continue; // the dot that lower-casing a Turkish İ leaves
        }
        match PLAIN.iter().find(|(accented, _)| accented.contains(lower)) {
            Some((_, plain)) => out.push_str(plain),
            None => out.push(lower),
        }
    }
}

/// A name as part of a key.
fn slug(name: &str) -> String {
    fold(name).replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> DateRange {
        DateRange::day(day(text, false).expect("a date"))
    }

    #[test]
    fn every_row_of_the_tables_is_read() {
        let actors = Actors::shipped();
        let people: Vec<Vec<&str>> = rows(include_str!("../data/actors/people.tsv")).collect();
        assert_eq!(actors.people.len(), people.len());
        for row in &people {
            assert_eq!(row.len(), 6, "{row:?}");
            assert!(matches!(row[2], "m" | "f") && (row[3].len() == 3 || row[3] == "-"), "{row:?}");
            for term in field(row, 5).split(';').filter(|t| !t.is_empty()) {
                let parts: Vec<&str> = term.split('@').collect();
                assert!(actors.office_keys.contains_key(parts[0]) && parts.len() >= 2, "{term}");
                let (from, to) = parts[1].split_once("..").expect("two ends");
                let (first, last) = (day(from, false), day(to, true));
                assert!(first.is_some() && (to.is_empty() || last >= first), "{row:?}");
            }
        }
        let organisations: Vec<Vec<&str>> = rows(include_str!("../data/actors/organisations.tsv")).collect();
        assert_eq!(actors.organisations.len(), organisations.len());
        assert!(organisations.iter().all(|row| row.len() == 4));
        assert!(actors.pronouns.iter().all(|model| model.out.iter().any(|w| *w != 0.0) && model.floor > 0.0));
    }

    /// Two at once in an office of a state that has one holder: a month that is not known to the day at most, but for those
    /// who contested it, and the Union beside the republic.
    #[test]
    fn terms_of_one_office_follow_one_another() {
        const AT_ONCE: [(&str, &str); 3] = [("CIV", "president"), ("MDG", "president"), ("RUS", "president")];
        // Several hold these in one state, or one each in many bodies.
        const MANY: [&str; 2] = ["vice-president", "opposition-leader"];
        let actors = Actors::shipped();
        let mut wrong = Vec::new();
        for ((country, office), holders) in &actors.holders {
            let key = &*actors.office(*office).key;
            let body = matches!(&**country, "EUR" | "IGO" | "UNO" | "NGO" | "IMG");
            let mut terms: Vec<(DateRange, &str)> = (holders.iter())
                .flat_map(|&at| actors.person(at).terms.iter().map(move |term| (at, term)))
                .filter(|(_, term)| term.office == *office && term.country == *country)
                .map(|(at, term)| (term.range, &*actors.person(at).name))
                .collect();
            terms.sort_by_key(|(range, _)| (range.first, range.last));
            terms.dedup();
            for pair in terms.windows(2) {
                let [(a, one), (b, other)] = pair else { continue };
                let shared = if a.touches(*b) { DateRange::new(b.first, a.last.min(b.last)).days() } else { 0 };
                let several = body || MANY.contains(&key) || !actors.office(*office).unique;
                let least = if one == other || !several { 32 } else { i64::MAX };
                if shared >= least && !AT_ONCE.contains(&(country, key)) {
                    wrong.push(format!("{key} of {country}: {one} and {other}, {shared} days"));
                }
            }
        }
        wrong.sort();
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn organisations_have_codes_and_names_of_their_own() {
        let actors = Actors::shipped();
        let countries = crate::Countries::shipped();
        let mut keys: Vec<&str> = actors.organisations.iter().map(|o| &*o.key).collect();
        keys.sort_unstable();
        let twice: Vec<_> = keys.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "one body twice: {twice:?}");
        for body in &actors.organisations {
            assert!(body.country.is_empty() || countries.by_iso3(&body.country).is_some(), "{body:?}");
            assert!(body.sectors.iter().all(|s| s.len() == 3), "{body:?}");
        }
        for person in &actors.people {
            assert!(person.country.is_empty() || person.country.len() == 3, "{person:?}");
            for term in &person.terms {
                assert!(term.country.len() == 3 && term.range.first <= term.range.last, "{person:?}");
            }
        }
    }

    #[test]
    fn offices_have_their_holder_of_the_day() {
        let actors = Actors::shipped();
        let holder = |country, form, date| {
            let office = actors.office_named(form).expect("an office");
            actors.holder(country, office, days(date)).map(|at| actors.person(at).name.to_string())
        };
        assert_eq!(holder("USA", "president", "2016-09-06").as_deref(), Some("Barack Obama"));
        assert_eq!(holder("USA", "secretary of state", "2005-06-01").as_deref(), Some("Condoleezza Rice"));
        assert_eq!(holder("TUR", "president", "2010-01-01").as_deref(), Some("Abdullah Gül"));
        assert_eq!(holder("TUR", "president", "1985-01-01"), None);
    }

    #[test]
    fn names_are_compared_without_accents_articles_and_spellings() {
        let actors = Actors::shipped();
        assert_eq!(actors.fold_name("Recep Tayyip Erdoğan"), "recep tayyip erdogan");
        assert_eq!(actors.fold_name("the U.N."), "un");
        assert_eq!(actors.fold_name("Bashar al-Assad"), actors.fold_name("Bashar Assad"));
        assert_eq!(actors.fold_name("Sergei Lavrov"), actors.fold_name("Sergey Lavrov"));
        assert_eq!(actors.fold_name("al-Qaida"), actors.fold_name("Al Qaeda"));
        assert_eq!(fold("Ñuñoa – O’Higgins"), "nunoa ohiggins");
    }

    #[test]
    fn a_table_can_be_added() {
        let mut actors = Actors::shipped();
        actors.add_people("Jane Roe\t-\tf\tFRA\tELI\tmayor@2020..2024\n");
        actors.add_organisations("River Front\tRF\tMLI\tREB\n");
        let at = actors.people_named("jane roe")[0];
        assert_eq!(actors.person(at).terms_at(Some(days("2021-05-05"))).count(), 1);
        assert_eq!(&*actors.organisation_named("rf").expect("an organisation").key, "org/river-front");
    }
}
