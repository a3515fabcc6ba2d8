//! The reconciled record: what `brief` shows and the contract's `record` JSON holds.

use tellings_doc::{
    Basis, ClaimKind, Context, EventType, Issue, Kind, Mode, PartDate, Precision, Published, Realis, Rule, Source, Span,
    TimeBasis,
};

/// Words in a document: the evidence of every value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Citation {
    /// Position in [`Record::documents`].
    pub document: usize,
    /// The words.
    pub span: Span,
}

/// Do independent lineages say the same?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Two or more independent lineages say the same.
    Agreed,
    /// One lineage says it.
    Single,
    /// Independent lineages differ.
    Disputed,
}

impl Agreement {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Agreement::Agreed => "agreed",
            Agreement::Single => "single",
            Agreement::Disputed => "disputed",
        }
    }
}

/// How a document descends from the origin of its lineage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Relation {
    Original,
    Copy,
    Excerpt,
    Rewrite,
}

impl Relation {
    /// The name in the contract's JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Relation::Original => "original",
            Relation::Copy => "copy",
            Relation::Excerpt => "excerpt",
            Relation::Rewrite => "rewrite",
        }
    }
}

/// Documents that descend from one origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lineage {
    /// The document it starts from.
    pub origin: usize,
    /// All its documents, the origin first.
    pub documents: Vec<(usize, Relation)>,
    /// Why: shared passages, credits.
    pub notes: Vec<String>,
}

/// Somebody or something of a story, joined over its documents.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordEntity {
    /// Stable id.
    pub id: String,
    /// Fullest name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// PLOVER sectors.
    pub sectors: Vec<String>,
    /// Anonymous or generic ("a senior official").
    pub generic: bool,
    /// Offices, with the words that give them (`None`: from the actor table).
    pub roles: Vec<(String, Option<Citation>)>,
    /// Every mention.
    pub mentions: Vec<Citation>,
    /// What joined its mentions across documents.
    pub rule: Rule,
}

/// One telling of an event: one sentence of one document.
#[derive(Clone, Debug, PartialEq)]
pub struct Telling {
    /// The sentence.
    pub at: Citation,
    /// The act's words.
    pub trigger: Span,
    /// Position in the story's lineages.
    pub lineage: usize,
    /// Entity id of who reports it there, if not the outlet.
    pub attributed_to: Option<String>,
    /// The rule that coded it there.
    pub rule: Rule,
    /// Did it happen, as told there?
    pub realis: Realis,
}

/// One value of an attribute and the tellings that give it.
#[derive(Clone, Debug, PartialEq)]
pub struct ToldValue {
    /// The value (ISO date, entity id, TIMEX3 duration, `low..best..high`, words).
    pub value: String,
    /// Positions in the event's tellings.
    pub tellings: Vec<usize>,
    /// The words, one citation per telling.
    pub evidence: Vec<Citation>,
    /// Taken back by a later telling (see [`Story::corrections`]).
    pub superseded: bool,
}

/// An attribute of an event, compared.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordFact {
    /// `duration`, `killed`, `topic` …
    pub attribute: String,
    /// Do the lineages agree?
    pub agreement: Agreement,
    /// The values told, best supported first.
    pub values: Vec<ToldValue>,
}

/// When, over all tellings.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDate {
    /// ISO value.
    pub value: String,
    /// How exactly.
    pub precision: Precision,
    /// How it is known.
    pub basis: TimeBasis,
    /// Do the lineages agree?
    pub agreement: Agreement,
    /// The words.
    pub evidence: Vec<Citation>,
}

/// Where, over all tellings.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordPlace {
    /// Name in the gazetteer.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// WGS 84.
    pub lat: Option<f64>,
    /// WGS 84.
    pub lon: Option<f64>,
    /// Do the lineages agree?
    pub agreement: Agreement,
    /// The words.
    pub evidence: Vec<Citation>,
}

/// One event of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordEvent {
    /// Stable id.
    pub id: String,
    /// PLOVER type.
    pub kind: EventType,
    /// PLOVER modes.
    pub modes: Vec<Mode>,
    /// PLOVER contexts.
    pub contexts: Vec<Context>,
    /// CAMEO code.
    pub cameo: Rule,
    /// Entity ids.
    pub actors: Vec<String>,
    /// Entity ids.
    pub recipients: Vec<String>,
    /// When.
    pub date: Option<RecordDate>,
    /// Where.
    pub place: Option<RecordPlace>,
    /// Everything else that is told of it.
    pub facts: Vec<RecordFact>,
    /// Did it happen?
    pub realis: Realis,
    /// `reported`, `planned`, `planned-and-held`, `denied`, `corrected`.
    pub status: &'static str,
    /// Who tells it.
    pub tellings: Vec<Telling>,
    /// Independent lineages.
    pub origins: usize,
    /// Documents.
    pub articles: usize,
    /// What joined the tellings.
    pub rule: Rule,
}

/// One claim, over all its tellings.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordClaim {
    /// Stable id.
    pub id: String,
    /// What is done by saying it.
    pub kind: ClaimKind,
    /// Entity id.
    pub by: Option<String>,
    /// Entity id.
    pub toward: Option<String>,
    /// Label of a designation.
    pub label: Option<String>,
    /// Neutral class of a designation.
    pub class: Option<&'static str>,
    /// PA-X provision group.
    pub issue: Option<Issue>,
    /// Day of the telling, where known.
    pub date: Option<RecordDate>,
    /// Does it hold?
    pub realis: Realis,
    /// Ids of claims that answer it.
    pub answered_by: Vec<String>,
    /// The words.
    pub tellings: Vec<Citation>,
    /// What found it.
    pub rule: Rule,
}

/// One utterance, over all its variants.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordQuote {
    /// Stable id.
    pub id: String,
    /// Entity id.
    pub speaker: Option<String>,
    /// Entity ids of those who say it together with the speaker ("Norway and Sweden said").
    pub with: Vec<String>,
    /// Fullest wording.
    pub text: String,
    /// Each telling and how it relates to the text: `verbatim`, `cut`, `indirect`, `differs`.
    pub tellings: Vec<(Citation, &'static str)>,
    /// What joined them.
    pub rule: Rule,
}

/// Independent lineages that differ.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    /// Event or claim id.
    pub about: String,
    /// What they differ on.
    pub attribute: String,
    /// The values.
    pub values: Vec<ToldValue>,
    /// One sentence for people.
    pub note: String,
}

/// A later telling that takes back what was told before.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// Event id.
    pub about: String,
    /// What is corrected: `killed`, `date`, `place` …
    pub attribute: String,
    /// What was told; `None` where the correction does not say and nothing earlier was read.
    pub from: Option<String>,
    /// What holds now.
    pub to: String,
    /// The words that correct.
    pub at: Citation,
    /// One sentence for people.
    pub note: String,
}

/// Something that somebody set right in a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amendment {
    /// Event or entity id.
    pub about: String,
    /// Id of the correction.
    pub correction: String,
    /// `accept`, `recode`, `retime` …
    pub action: &'static str,
    /// Who set it right.
    pub author: String,
    /// When.
    pub made: String,
}

/// One side of the talks: a state with all who speak for it, or a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// Entity id: of the state or group itself where the story has it, else of who speaks most for it.
    pub entity: String,
    /// Its name.
    pub name: String,
    /// Entity ids of all who speak for it, the entity itself included.
    pub members: Vec<String>,
    /// `party`, or `mediator`: who brings the others together and wants nothing of them.
    pub role: &'static str,
}

/// What a party holds on an issue, as one claim tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Position in [`Negotiation::parties`].
    pub party: usize,
    /// The claim.
    pub claim: String,
    /// What is done by it.
    pub kind: ClaimKind,
    /// Day (ISO) on which it was held, where known.
    pub date: Option<String>,
    /// The words.
    pub at: Citation,
    /// Claims that tell the same of that side again, in other words or by somebody else who speaks for it.
    pub also: Vec<String>,
}

/// A party that now holds something else than before.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Position in [`Negotiation::parties`].
    pub party: usize,
    /// What it held (claim id); `None` where one sentence alone tells of the change.
    pub from: Option<String>,
    /// What it holds now (claim id), likewise.
    pub to: Option<String>,
    /// The words that show it.
    pub at: Citation,
    /// One sentence for people.
    pub note: String,
}

/// Two parties whose positions on an issue cannot both be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Claim of the one.
    pub one: String,
    /// Claim of the other.
    pub other: String,
}

/// A matter that is negotiated.
#[derive(Clone, Debug, PartialEq)]
pub struct NegotiatedIssue {
    /// PA-X provision group; `None`: what has none.
    pub issue: Option<Issue>,
    /// Who holds what, in order of time.
    pub positions: Vec<Position>,
    /// What moved.
    pub moved: Vec<Move>,
    /// Where positions conflict: the issue is a sticking point if there are any, or if a sentence says so.
    pub conflicts: Vec<Conflict>,
    /// Sentences that say that the sides are stuck on it.
    pub stuck: Vec<Citation>,
}

/// Something that a party took upon itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Commitment {
    /// Positions in [`Negotiation::parties`].
    pub parties: Vec<usize>,
    /// Claim or event id.
    pub source: String,
    /// The words.
    pub at: Citation,
    /// The last day (ISO) for it, where one is set.
    pub deadline: Option<String>,
    /// The words that set it.
    pub deadline_at: Option<Citation>,
}

/// An accusation that something agreed was broken, and what the accused answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    /// The accusation's claim id.
    pub claim: String,
    /// Who accuses: position in [`Negotiation::parties`], where it is one.
    pub by: Option<usize>,
    /// Who is accused, likewise.
    pub against: Option<usize>,
    /// The words.
    pub at: Citation,
    /// Ids of the claims that answer it.
    pub answers: Vec<String>,
    /// Accusations that say the same again, in other words or by somebody else who speaks for that side.
    pub also: Vec<String>,
}

/// How far the talks are.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// `planned`, `talks`, `stalled`, `agreement`, `implementation`, `broken`.
    pub value: &'static str,
    /// The event that shows it.
    pub event: String,
    /// Its day, where known.
    pub date: Option<String>,
}

/// The file on the talks of a story; empty where the story has none.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Negotiation {
    /// The sides, who claims most first.
    pub parties: Vec<Party>,
    /// The matters, most contested first.
    pub issues: Vec<NegotiatedIssue>,
    /// Claim ids of offers, in order of time.
    pub offers: Vec<String>,
    /// What was promised or agreed, in order of time.
    pub commitments: Vec<Commitment>,
    /// Who is said to have broken what.
    pub violations: Vec<Violation>,
    /// Every stage that the talks reached, in order of time; the last one is where they stand.
    pub stages: Vec<Stage>,
    /// Ids of the talks between those who negotiate that took place, in order of time.
    pub held: Vec<String>,
}

/// What could not be settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Unresolved {
    /// The words; a document's title or start where it is about the whole of it.
    pub at: Citation,
    /// `reference`, `date`, `speaker`, `place`.
    pub kind: &'static str,
    /// One sentence for people.
    pub note: String,
}

/// A paragraph group of a document that belongs to this story while the document's main story is another.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The words.
    pub at: Citation,
}

/// One developing matter.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// Stable id.
    pub id: String,
    /// A title taken from its documents.
    pub title: String,
    /// Documents that are mainly about it, in order of their dates.
    pub documents: Vec<usize>,
    /// Parts of other documents that are about it.
    pub parts: Vec<Part>,
    /// First and last day of the reports that tell it, in whole or in part (ISO), where known.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Who is who, most mentioned first.
    pub entities: Vec<RecordEntity>,
    /// What happened.
    pub events: Vec<RecordEvent>,
    /// Who wants, says, denies what.
    pub claims: Vec<RecordClaim>,
    /// Who said what.
    pub quotes: Vec<RecordQuote>,
    /// Where the lineages differ.
    pub disagreements: Vec<Disagreement>,
    /// What later tellings took back.
    pub corrections: Vec<Correction>,
    /// The talks: parties, positions, what moved, what was promised and broken.
    pub negotiation: Negotiation,
    /// Event ids in order.
    pub timeline: Vec<String>,
    /// Who descends from whom.
    pub lineages: Vec<Lineage>,
    /// Ids of stories that became one with it.
    pub merged: Vec<String>,
    /// Ids of the story that it split from, nearest first.
    pub parents: Vec<String>,
    /// Sentences that say on what the sides are stuck.
    pub sticking_points: Vec<Citation>,
    /// What could not be settled.
    pub unresolved: Vec<Unresolved>,
    /// What people set right.
    pub amended: Vec<Amendment>,
}

/// A document as the record lists it.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordDocument {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its date, `Inferred` with the siblings it was inferred from where it had none.
    pub published: Option<Published>,
    /// Competing dates that were not chosen, with their basis.
    pub other_dates: Vec<(String, Basis)>,
    /// Parts that came from reports of other days, each with its date.
    pub parts: Vec<PartDate>,
    /// Where it came from.
    pub source: Source,
    /// Agencies credited.
    pub credits: Vec<String>,
    /// Signs that it was assembled or reworded, each a sentence for people.
    pub signs: Vec<String>,
}

/// All stories of the input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Stories, the one with most documents first.
    pub stories: Vec<Story>,
    /// Documents, ordered by id.
    pub documents: Vec<RecordDocument>,
}
