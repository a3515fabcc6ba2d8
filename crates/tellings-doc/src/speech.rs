//! Who says what.

use crate::{Entity, Id, Realis, Rule, Span, Time};

/// Are the words given as said, told, or both?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum QuoteKind {
    Direct,
    Indirect,
    Mixed,
}

impl QuoteKind {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            QuoteKind::Direct => "direct",
            QuoteKind::Indirect => "indirect",
            QuoteKind::Mixed => "mixed",
        }
    }
}

/// Something said or written by somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// What was said; several spans when the cue stands inside. Direct: without the quotation marks.
    pub content: Vec<Span>,
    /// The reporting word ("said", "according to").
    pub cue: Option<Span>,
    /// The speaker's words; may lie in another sentence.
    pub speaker: Option<Span>,
    /// Who that is.
    pub entity: Option<Id<Entity>>,
    /// Direct, indirect or mixed.
    pub kind: QuoteKind,
    /// To whom or where it was said ("to reporters", "on BBC radio"), if given.
    pub audience: Option<Span>,
    /// When it was said ("said on Thursday"), if its cue's clause tells.
    pub time: Option<Id<Time>>,
    /// What found it.
    pub rule: Rule,
}

/// What somebody does by saying something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum ClaimKind {
    Position,
    Demand,
    Offer,
    Accept,
    Reject,
    Accuse,
    Deny,
    Admit,
    Designate,
    Promise,
    Warn,
}

impl ClaimKind {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ClaimKind::Position => "position",
            ClaimKind::Demand => "demand",
            ClaimKind::Offer => "offer",
            ClaimKind::Accept => "accept",
            ClaimKind::Reject => "reject",
            ClaimKind::Accuse => "accuse",
            ClaimKind::Deny => "deny",
            ClaimKind::Admit => "admit",
            ClaimKind::Designate => "designate",
            ClaimKind::Promise => "promise",
            ClaimKind::Warn => "warn",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<ClaimKind> {
        use ClaimKind::*;
        [Position, Demand, Offer, Accept, Reject, Accuse, Deny, Admit, Designate, Promise, Warn]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A PA-X provision group code (`Ce` ceasefire, `Pris` prisoners …), from the issue table.
pub type Issue = std::borrow::Cow<'static, str>;

/// A position, demand, accusation … held by somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// What is done by saying it.
    pub kind: ClaimKind,
    /// The words: the clause that carries it.
    pub span: Span,
    /// Whose claim; `None` unknown.
    pub by: Option<Id<Entity>>,
    /// The claimant's words.
    pub by_span: Option<Span>,
    /// Toward whom.
    pub toward: Option<Id<Entity>>,
    /// The label used, of a designation ("terrorists"), and where.
    pub label: Option<Span>,
    /// Neutral class of a designation (`terrorist`, `rebel`, `ally` …).
    pub class: Option<&'static str>,
    /// What it is about.
    pub issue: Option<Issue>,
    /// Does it hold, is it planned, denied …
    pub realis: Realis,
    /// The quote it stands in.
    pub quote: Option<Id<Quote>>,
    /// The claim it answers (a denial's accusation).
    pub answers: Option<Id<Claim>>,
    /// What found it.
    pub rule: Rule,
}

/// What the speech stage returns; both in text order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speech {
    /// Quotes.
    pub quotes: Vec<Quote>,
    /// Claims.
    pub claims: Vec<Claim>,
}
