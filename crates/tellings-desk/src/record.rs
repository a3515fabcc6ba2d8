//! Those parts of the contract's JSON that pages show, as they are read back from a store.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A record, or what is shown of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Record {
    pub(crate) stories: Vec<Story>,
    pub(crate) documents: Vec<Document>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Story {
    pub(crate) entities: Vec<Who>,
    pub(crate) events: Vec<Event>,
    pub(crate) claims: Vec<Claim>,
    pub(crate) disagreements: Vec<Disagreement>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Who {
    pub(crate) id: String,
    pub(crate) name: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Value {
    pub(crate) value: Option<String>,
    pub(crate) basis: Option<String>,
    pub(crate) precision: Option<String>,
    pub(crate) agreement: Option<String>,
    pub(crate) from: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) country: Option<String>,
    pub(crate) lat: Option<f64>,
    pub(crate) lon: Option<f64>,
    pub(crate) agreement: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Told {
    pub(crate) value: String,
    pub(crate) tellings: Vec<usize>,
    pub(crate) superseded: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Fact {
    pub(crate) attribute: String,
    pub(crate) agreement: String,
    pub(crate) values: Vec<Told>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Telling {
    pub(crate) document: String,
    pub(crate) lineage: usize,
    pub(crate) trigger: [usize; 2],
    pub(crate) span: [usize; 2],
    pub(crate) attributed_to: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Event {
    pub(crate) id: String,
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) modes: Vec<String>,
    pub(crate) contexts: Vec<String>,
    pub(crate) cameo: Option<String>,
    pub(crate) date: Value,
    pub(crate) place: Option<Place>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) tellings: Vec<Telling>,
    pub(crate) rule: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) by: Option<String>,
    pub(crate) toward: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) tellings: Vec<At>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct At {
    pub(crate) document: String,
    pub(crate) span: [usize; 2],
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Disagreement {
    pub(crate) about: String,
    pub(crate) attribute: String,
    pub(crate) values: Vec<Told>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) source: Source,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Source {
    pub(crate) url: Option<String>,
    pub(crate) outlet: Option<String>,
}

impl Record {
    pub(crate) fn parse(body: &[u8]) -> Record {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// What a report is called in few words: its outlet, else its id.
    pub(crate) fn outlets(&self) -> BTreeMap<&str, &str> {
        self.documents.iter().map(|d| (d.id.as_str(), d.source.outlet.as_deref().unwrap_or(&d.id))).collect()
    }
}

/// A reading: the layers of one report.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Reading {
    pub(crate) title: Option<String>,
    pub(crate) bylines: Vec<String>,
    pub(crate) credits: Vec<String>,
    pub(crate) dateline: Option<Dateline>,
    pub(crate) published: Value,
    pub(crate) source: Source,
    pub(crate) language: Option<String>,
    pub(crate) text: String,
    pub(crate) blocks: Vec<Block>,
    pub(crate) mentions: Vec<Mention>,
    pub(crate) entities: Vec<Entity>,
    pub(crate) times: Vec<Time>,
    pub(crate) places: Vec<PlaceAt>,
    pub(crate) quotes: Vec<Quote>,
    pub(crate) claims: Vec<ClaimAt>,
    pub(crate) events: Vec<EventAt>,
    pub(crate) uncoded: Vec<Uncoded>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Dateline {
    pub(crate) place: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Block {
    pub(crate) kind: String,
    pub(crate) span: [usize; 2],
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Mention {
    pub(crate) span: [usize; 2],
    pub(crate) form: String,
    pub(crate) entity: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entity {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) country: Option<String>,
    pub(crate) role: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Time {
    pub(crate) span: [usize; 2],
    pub(crate) value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlaceAt {
    pub(crate) span: [usize; 2],
    pub(crate) name: String,
    pub(crate) country: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Quote {
    pub(crate) content: Vec<[usize; 2]>,
    pub(crate) speaker: Option<[usize; 2]>,
    pub(crate) entity: Option<usize>,
    pub(crate) kind: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ClaimAt {
    pub(crate) kind: String,
    pub(crate) span: [usize; 2],
    pub(crate) by: Option<usize>,
    pub(crate) toward: Option<usize>,
    pub(crate) label: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Party {
    pub(crate) entity: Option<usize>,
    pub(crate) span: [usize; 2],
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PlaceOf {
    pub(crate) place: usize,
    pub(crate) basis: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct FactAt {
    pub(crate) attribute: String,
    pub(crate) value: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventAt {
    pub(crate) trigger: [usize; 2],
    pub(crate) span: [usize; 2],
    #[serde(rename = "type")]
    pub(crate) kind: Option<String>,
    pub(crate) actors: Vec<Party>,
    pub(crate) recipients: Vec<Party>,
    pub(crate) time: Option<Value>,
    pub(crate) place: Option<PlaceOf>,
    pub(crate) realis: String,
    pub(crate) attributed_to: Option<usize>,
    pub(crate) facts: Vec<FactAt>,
    pub(crate) rule: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Uncoded {
    pub(crate) span: [usize; 2],
    pub(crate) reason: String,
}

impl Reading {
    pub(crate) fn parse(body: &[u8]) -> Reading {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// Words of it on one line.
    pub(crate) fn words(&self, span: [usize; 2]) -> String {
        self.text.get(span[0]..span[1]).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Who it is, else the words used.
    pub(crate) fn party(&self, party: &Party) -> String {
        party.entity.and_then(|e| self.entities.get(e)).map_or_else(|| self.words(party.span), |e| e.name.clone())
    }

    pub(crate) fn parties(&self, parties: &[Party]) -> String {
        parties.iter().map(|p| self.party(p)).collect::<Vec<_>>().join(", ")
    }
}
