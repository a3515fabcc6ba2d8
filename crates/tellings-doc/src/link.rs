//! Names, mentions, entities, places and quantities.

use crate::{DateRange, Id, Rule, Span};

/// What kind of thing a mention or entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    /// Person.
    Per,
    /// Organisation, armed group, ministry.
    Org,
    /// Country, province, city: a place with a government.
    Gpe,
    /// Natural place or region.
    Loc,
    /// Nationality, religious or political group ("Turkish", "Kurds").
    Norp,
    /// Building, airport, base.
    Fac,
    /// Named event ("G20 summit").
    Event,
    Misc,
}

impl Kind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [Kind; 8] = [Kind::Per, Kind::Org, Kind::Gpe, Kind::Loc, Kind::Norp, Kind::Fac, Kind::Event, Kind::Misc];

    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Per => "PER",
            Kind::Org => "ORG",
            Kind::Gpe => "GPE",
            Kind::Loc => "LOC",
            Kind::Norp => "NORP",
            Kind::Fac => "FAC",
            Kind::Event => "EVENT",
            Kind::Misc => "MISC",
        }
    }
}

/// A name as the name recogniser found it: part of the parse layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Name {
    /// The name's words.
    pub span: Span,
    /// What it names.
    pub kind: Kind,
    /// Probability 0..=1.
    pub score: f32,
}

/// How a mention refers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Form {
    Name,
    Nominal,
    Pronoun,
}

impl Form {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Form::Name => "name",
            Form::Nominal => "nominal",
            Form::Pronoun => "pronoun",
        }
    }
}

/// Words that refer to somebody or something.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// All its words ("the US president").
    pub span: Span,
    /// Its head word or name ("president"; all of "Barack Obama").
    pub head: Span,
    /// What it refers to.
    pub kind: Kind,
    /// How it refers.
    pub form: Form,
    /// Whom; `None` = not resolved.
    pub entity: Option<Id<Entity>>,
    /// What tied it to its entity (`link.name`, `link.apposition`, `link.pronoun`); of an unresolved mention, why not.
    pub rule: Rule,
}

/// An office or function and where the text gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// "US president", "State Department spokesman".
    pub text: String,
    /// The words; `None` when it comes from the actor table.
    pub span: Option<Span>,
}

/// Somebody or something inside one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Entity {
    /// Fullest name in the text, or the name in the actor table where the entity is known there.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// ISO 3166-1 alpha-3 of the state it belongs to or acts for; `None` unknown or none.
    pub country: Option<String>,
    /// PLOVER sectors, primary first (`GOV`, `MIL`), or `IGO`, `NGO` … for internationals.
    pub sectors: Vec<String>,
    /// Offices held, as the text or the actor table gives them.
    pub roles: Vec<Role>,
    /// Key in the actor table (`person/barack-obama`, `state/USA`): the same in every document. `None` = not in the table.
    pub known: Option<String>,
    /// Anonymous or generic: "a senior official", "sources", "troops". Never joined across documents by name.
    pub generic: bool,
    /// A group of other entities ("the two leaders", "both sides") where its members are known.
    pub members: Vec<Id<Entity>>,
    /// What made it.
    pub rule: Rule,
}

/// A mention of a place, placed on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The place name's words.
    pub span: Span,
    /// Name in the gazetteer.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// WGS 84 decimal degrees.
    pub lat: Option<f64>,
    /// WGS 84 decimal degrees.
    pub lon: Option<f64>,
    /// GeoNames id.
    pub geonames: Option<u32>,
    /// GeoNames feature code (`PPLA`, `PCLI`, `SEA`).
    pub feature: String,
    /// Used for its government or people ("Moscow said") rather than as a location.
    pub associative: bool,
    /// In the dateline: where the reporter was.
    pub dateline: bool,
    /// Probability 0..=1 that it is the right place.
    pub score: f32,
    /// How it was chosen.
    pub rule: Rule,
}

/// A number with its unit or what it counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The words ("at least 12 soldiers" without "soldiers").
    pub span: Span,
    /// Best value.
    pub value: f64,
    /// Lower bound where the words give one ("at least 12").
    pub low: Option<f64>,
    /// Upper bound where the words give one ("up to 30").
    pub high: Option<f64>,
    /// Singular unit of measure ("minute", "kilometre"), if any.
    pub unit: Option<String>,
    /// Lemma of what is counted ("soldier"), if any.
    pub of: Option<String>,
}

/// A noun phrase that a user's own actor dictionary codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorCode {
    /// The phrase: "the Bree Prime Minister Romendacil".
    pub span: Span,
    /// The actor's name inside it ("Bree"); `None` where only words for somebody ("students") are coded.
    pub name: Option<Span>,
    /// The actor's code at the document's date with those of its agents (`BREGOV`); `---` stands for an actor that is not
    /// named (`---EDU`), and several codes are parted by `/`.
    pub code: String,
    /// Phrases with the same number are named together ("Arnor, Bree and Gondor").
    pub group: u32,
    /// The dictionary's file and line.
    pub rule: Rule,
}

/// What the linking stage returns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Link {
    /// In text order; may nest.
    pub mentions: Vec<Mention>,
    /// In order of first mention.
    pub entities: Vec<Entity>,
    /// In text order.
    pub places: Vec<Place>,
    /// In text order.
    pub quantities: Vec<Quantity>,
    /// The document's own date when the entities' roles were looked up.
    pub as_of: Option<DateRange>,
    /// What a user's actor dictionary codes, in text order; empty without one.
    pub codes: Vec<ActorCode>,
}

impl Link {
    /// The mentions of one entity, in text order.
    pub fn mentions_of(&self, entity: Id<Entity>) -> impl Iterator<Item = &Mention> {
        self.mentions.iter().filter(move |m| m.entity == Some(entity))
    }

    /// The smallest mention whose head covers or equals `span`'s words.
    pub fn mention_at(&self, span: Span) -> Option<Id<Mention>> {
        (0..self.mentions.len())
            .filter(|&i| self.mentions[i].head.touches(span))
            .min_by_key(|&i| (self.mentions[i].span.len(), i))
            .map(Id::new)
    }

    /// What a user's actor dictionary says of a phrase: of these very words, or of the name or the phrase around it.
    pub fn code_at(&self, span: Span) -> Option<&ActorCode> {
        if self.codes.is_empty() {
            return None;
        }
        let from = self.codes.partition_point(|c| c.span.start() < span.start().saturating_sub(200));
        let near = self.codes[from..].iter().take_while(|c| c.span.start() < span.end());
        let fits = |c: &&ActorCode| c.span.covers(span) || c.name.is_some_and(|name| span.covers(name));
        near.clone().find(|c| c.span == span).or_else(|| near.clone().find(fits))
    }
}
