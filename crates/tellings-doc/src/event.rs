//! Who did what to whom.

use crate::{Context, DateRange, Entity, EventType, Id, Mode, Place, Precision, Quantity, Rule, Span, Time};

/// Did it happen?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Realis {
    /// It happened or is happening.
    #[default]
    Actual,
    /// Planned or expected.
    Future,
    /// Might, would, if.
    Hypothetical,
    /// It did not happen.
    Negated,
    /// Background: it happened before the news told here.
    Historical,
}

impl Realis {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Realis::Actual => "actual",
            Realis::Future => "future",
            Realis::Hypothetical => "hypothetical",
            Realis::Negated => "negated",
            Realis::Historical => "historical",
        }
    }
}

/// Somebody who takes part in an event, linked to it inside the clause or by an explicit reference.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// Who; `None` where the words could not be resolved.
    pub entity: Option<Id<Entity>>,
    /// The words that link them to the event.
    pub span: Span,
}

/// How an event's time is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeBasis {
    /// An expression in its clause or sentence.
    Expression,
    /// Carried over from the running text.
    Narrative,
    /// The document's date, by rule; always told.
    Document,
    /// Somebody set it right.
    Corrected,
}

impl TimeBasis {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            TimeBasis::Expression => "expression",
            TimeBasis::Narrative => "narrative",
            TimeBasis::Document => "document",
            TimeBasis::Corrected => "corrected",
        }
    }
}

/// When an event took place.
#[derive(Clone, Debug, PartialEq)]
pub struct EventTime {
    /// ISO 8601 date, or TIMEX3 value where only that is known.
    pub value: String,
    /// The days it may be, where known.
    pub range: Option<DateRange>,
    /// How exactly.
    pub precision: Precision,
    /// How it is known.
    pub basis: TimeBasis,
    /// The time expression used.
    pub time: Option<Id<Time>>,
}

/// How an event's place is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceBasis {
    /// Linked in the event's clause.
    Clause,
    /// Elsewhere in its sentence.
    Sentence,
    /// Carried over from the running text, with the same participants or matter.
    Narrative,
}

impl PlaceBasis {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            PlaceBasis::Clause => "clause",
            PlaceBasis::Sentence => "sentence",
            PlaceBasis::Narrative => "narrative",
        }
    }
}

/// Where an event took place. Never the dateline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventPlace {
    /// The place.
    pub place: Id<Place>,
    /// How it is known.
    pub basis: PlaceBasis,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum FactValue {
    /// A TIMEX3 duration (`PT90M`).
    Duration(String),
    /// A count with its bounds.
    Count {
        /// At least.
        low: f64,
        /// Best value.
        best: f64,
        /// At most; infinite where the words give no upper bound ("at least 12", "dozens").
        high: f64,
    },
    /// Words.
    Text(String),
}

impl FactValue {
    /// The count that a quantity gives: one limit alone leaves the other side open.
    pub fn count(quantity: &Quantity) -> FactValue {
        let best = quantity.value;
        let (low, high) = match (quantity.low, quantity.high) {
            (None, None) => (best, best),
            (low, high) => (low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)),
        };
        FactValue::Count { low, best, high }
    }
}

/// As the JSON has it: a TIMEX3 duration, `12`, `12..30` (low and high), `12..` (at least), `0..12` (at most), or words.
impl std::fmt::Display for FactValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            FactValue::Duration(value) | FactValue::Text(value) => f.write_str(value),
            FactValue::Count { low, high, .. } if high.is_infinite() => write!(f, "{low}.."),
            FactValue::Count { low, best: _, high } if low != high => write!(f, "{low}..{high}"),
            FactValue::Count { best, .. } => write!(f, "{best}"),
        }
    }
}

/// One more thing told of an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// `duration killed injured arrested displaced count weapon topic outcome format`; of a ceasefire `declared effect violated
    /// end` (dates); of ceasefires, talks and agreements `stage`.
    pub attribute: &'static str,
    /// What is told.
    pub value: FactValue,
    /// The words.
    pub span: Span,
}

/// One event as one sentence tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The word or words that name the act.
    pub trigger: Span,
    /// The sentence that tells it.
    pub span: Span,
    /// PLOVER type.
    pub kind: EventType,
    /// PLOVER modes.
    pub modes: Vec<Mode>,
    /// PLOVER contexts.
    pub contexts: Vec<Context>,
    /// CAMEO code (`040`); empty where there is none.
    pub cameo: Rule,
    /// Who does it; all participants of a mutual act.
    pub actors: Vec<Participant>,
    /// To whom.
    pub recipients: Vec<Participant>,
    /// When.
    pub time: Option<EventTime>,
    /// Where.
    pub place: Option<EventPlace>,
    /// Did it happen?
    pub realis: Realis,
    /// Who reports it, if not the outlet itself.
    pub attributed_to: Option<Participant>,
    /// Duration, counts, topic, outcome …
    pub facts: Vec<Fact>,
    /// The rule that coded it.
    pub rule: Rule,
    /// 0..=1.
    pub score: f32,
}

/// Something that looked like an event and was not coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uncoded {
    /// The sentence.
    pub span: Span,
    /// Why not, in a few words of a fixed list (`no actor`, `no recipient`, `sport`, `idiom` …).
    pub reason: &'static str,
}
