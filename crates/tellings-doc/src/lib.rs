//! Text, spans, typed ids and the annotation records that make up a document.
//!
//! Everything the stages exchange is defined here and nothing else: a stage takes the text and
//! some layers and returns a new layer; no stage knows another. The text is never altered, every
//! annotation is a half-open byte range in it.

mod article;
mod doc;
mod event;
mod id;
mod link;
mod ontology;
mod parse;
mod problem;
mod rules;
mod span;
mod speech;
mod tags;
mod time;

pub use article::{Article, Basis, Block, BlockKind, DateCandidate, Dateline, PartDate, Piece, Published, RawMap, Source, Title};
pub use doc::Doc;
pub use event::{Event, EventPlace, EventTime, Fact, FactValue, Participant, PlaceBasis, Realis, TimeBasis, Uncoded};
pub use id::Id;
pub use link::{ActorCode, Entity, Form, Kind, Link, Mention, Name, Place, Quantity, Role};
pub use ontology::{Context, EventType, Mode, Quad};
pub use parse::{Change, Parse, Sentence, Token};
pub use problem::Problem;
pub use rules::Rule;
pub use span::Span;
pub use speech::{Claim, ClaimKind, Issue, Quote, QuoteKind, Speech};
pub use tags::{Deprel, Feats, Upos, Xpos};
pub use time::{Anchor, Bound, DateRange, Modifier, Precision, Relative, Time, TimeKind};
