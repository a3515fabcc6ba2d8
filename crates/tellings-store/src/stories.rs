//! What a store keeps of stories, their records, runs, and what people set right.

/// A document that is in no story yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unplaced {
    /// Its number.
    pub document: i64,
    /// What stories are made from; `None`: it is to be made from the document first.
    pub sketch: Option<Vec<u8>>,
}

/// A story, without its reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryRow {
    /// Its number in this store.
    pub number: u32,
    /// Its id.
    pub id: String,
    /// A title, taken from its reports.
    pub title: String,
    /// First and last day of its reports.
    pub first: Option<String>,
    /// See `first`.
    pub last: Option<String>,
    /// Reports that are mainly about it.
    pub documents: u64,
    /// Reports of which a part is about it.
    pub parts: u64,
    /// Independent lineages among them.
    pub origins: u64,
    /// What it is about, as stories are made.
    pub gist: Vec<u8>,
    /// Counts its changes.
    pub version: i64,
    /// The run that changed it last.
    pub moved: i64,
    /// When that began.
    pub moved_at: Option<String>,
    /// Its record tells of all its reports and corrections.
    pub fresh: bool,
}

/// A report, or a part of one, in its story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberRow {
    /// Number of the document.
    pub document: i64,
    /// Its id; not written.
    pub id: String,
    /// When it was published; not written.
    pub published: Option<String>,
    /// Which part of it: 0 is its main matter.
    pub part: u32,
    /// First byte, one past the last.
    pub span: (u32, u32),
    /// How its lineage's origin became it: `original copy excerpt rewrite`.
    pub relation: String,
    /// The first document of its lineage.
    pub origin: i64,
    /// The document it was made from.
    pub parent: Option<i64>,
    /// Of how many of its longer sentences that is shown.
    pub shared: u32,
    /// Its longer sentences.
    pub sentences: u32,
}

/// A story that was made, or changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoryChange {
    /// The story; what it has in `version`, `moved` and `fresh` says nothing.
    pub story: StoryRow,
    /// By which terms it is found.
    pub terms: Vec<u32>,
    /// First and last day of its reports, in days since 1970.
    pub days: Option<(i32, i32)>,
    /// Members that are new or are no longer what they were.
    pub members: Vec<MemberRow>,
}

/// What became of stories when documents were placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Stories that became part of another: number, and number of the other. Their members go with them.
    pub ended: Vec<(u32, u32)>,
    /// Stories that were made, or changed.
    pub changed: Vec<StoryChange>,
    /// Documents that are placed now.
    pub placed: Vec<i64>,
}

/// Which stories are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StorySearch {
    /// Words are looked for in so many of the latest reports that have them; 0: in all.
    pub latest: usize,
    /// Words of the title or of one of its reports, as [`crate::Search::words`] has them.
    pub words: String,
    /// First and last day on which a report on it came.
    pub days: (Option<String>, Option<String>),
    /// Changed by a run that began at this time or later.
    pub moved_since: Option<String>,
    /// At least so many reports.
    pub min_documents: u64,
    /// At least so many independent lineages.
    pub min_origins: u64,
    /// An entity's id.
    pub entity: Option<String>,
    /// Behind the story with this place ([`StoryRow::place_in`]), where no words are looked for.
    pub after: Option<(i64, String, i64)>,
    /// At most so many.
    pub limit: usize,
    /// Without the first so many.
    pub skip: usize,
}

impl StoryRow {
    /// Where it stands in a list of those that moved last.
    pub fn place_in(&self) -> (i64, String, i64) {
        (self.moved, self.last.clone().unwrap_or_default(), i64::from(self.number))
    }
}

/// A story at a glance.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Glance {
    /// Its reports a day: the day, those that descend from no other, all.
    pub days: Vec<(String, u64, u64)>,
    /// The report that came last; without words of it.
    pub newest: Option<crate::Hit>,
}

/// An outlet, and what came of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutletRow {
    /// Its name; `None`: reports of which that is not known.
    pub outlet: Option<String>,
    /// Its reports.
    pub reports: u64,
    /// Those that descend from no other report.
    pub originals: u64,
    /// Those that are the words of another.
    pub copies: u64,
    /// Those that are part of another.
    pub excerpts: u64,
    /// Those that are another in other words.
    pub rewrites: u64,
    /// Stories to which it has a report.
    pub stories: u64,
    /// First and last day of its reports.
    pub days: (Option<String>, Option<String>),
    /// How many days after a story's first report its own come, on the average.
    pub late: Option<f64>,
}

/// What became of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeRow {
    /// The run that changed it last.
    pub run: i64,
    /// When that began.
    pub at: Option<String>,
    /// Id of the story.
    pub story: String,
    /// Its title.
    pub title: String,
    /// Counts its changes: 1 = it is new, 0 = it is no more.
    pub version: i64,
    /// The story that it became part of.
    pub into: Option<String>,
    /// What is kept to compare it with others.
    pub gist: Vec<u8>,
    /// Where it stands among all changes: behind it come those that are later.
    pub place: (i64, i64, i64),
}

/// Which problems are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemSearch {
    /// What is wrong.
    pub kind: Option<String>,
    /// With what: a report's id, or what could not be read.
    pub item: Option<String>,
    /// Told before the one with this number.
    pub before: Option<i64>,
    /// At most so many.
    pub limit: usize,
    /// Without the first so many.
    pub skip: usize,
}

/// Something that was wrong with a report, or with what was to be one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProblemRow {
    /// Its number in this store.
    pub number: i64,
    /// The run that found it.
    pub run: i64,
    /// A report's id, or what could not be read.
    pub item: String,
    /// What is wrong, in one word.
    pub kind: String,
    /// The same in words.
    pub note: String,
    /// It is a report that is in the store.
    pub kept: bool,
}

/// The record of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordRow {
    /// Number of the story.
    pub story: u32,
    /// The version of the story that it was made of.
    pub version: i64,
    /// The run that made it.
    pub run: i64,
    /// The contract's record, as JSON.
    pub body: Vec<u8>,
    /// Its events, in order.
    pub events: Vec<RecordEventRow>,
    /// Who is who.
    pub entities: Vec<EntityRow>,
    /// The brief of the story, as JSON; empty: there is none. Not read with the record.
    pub brief: Vec<u8>,
}

/// An event of a record: one event, however many report it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordEventRow {
    /// Its id.
    pub id: String,
    /// Id of its story; not written.
    pub story: String,
    /// Title of its story; not written.
    pub title: String,
    /// PLOVER type.
    pub kind: Option<String>,
    /// Did it happen?
    pub realis: String,
    /// `reported`, `planned`, `denied` …
    pub status: String,
    /// When, as precisely as is known.
    pub date: Option<String>,
    /// First and last day that this may be.
    pub days: (Option<String>, Option<String>),
    /// Where.
    pub place: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// `agreed`: several lineages tell it and differ in nothing; `single`: one tells it; `disputed`: they differ.
    pub agreement: String,
    /// Independent lineages.
    pub origins: u64,
    /// Documents.
    pub articles: u64,
    /// The sentence that tells it best.
    pub words: String,
    /// The event as the contract's JSON.
    pub body: String,
    /// Who did it, and to whom.
    pub participants: Vec<RecordParticipant>,
    /// Number of its story, and which of its events it is; not written.
    pub at: (i64, i64),
}

impl RecordEventRow {
    /// Where it stands in a list of this order: behind it is all that comes after these values.
    pub fn place_in(&self, order: EventOrder) -> Vec<String> {
        let (late, early) = (self.days.0.clone().unwrap_or_else(|| "~".to_string()), self.days.0.clone().unwrap_or_default());
        let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "~".to_string());
        let rank = match self.agreement.as_str() {
            "disputed" => "2",
            "single" => "1",
            _ => "0",
        };
        let mut all = match order {
            EventOrder::Day => vec![late],
            EventOrder::LastDay => vec![early],
            EventOrder::Kind => vec![known(&self.kind), late],
            EventOrder::Place => vec![known(&self.country), known(&self.place), late],
            EventOrder::Origins => vec![self.origins.to_string(), self.articles.to_string(), early],
            EventOrder::Agreement => vec![rank.to_string(), self.origins.to_string(), early],
        };
        all.extend([self.at.0.to_string(), self.at.1.to_string()]);
        all
    }
}

/// Somebody in an event of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordParticipant {
    /// `actor` or `recipient`.
    pub role: String,
    /// Entity id.
    pub entity: String,
    /// Fullest name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
}

/// Which events of records are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordEventSearch {
    /// Its id.
    pub id: Option<String>,
    /// PLOVER types; none: all.
    pub kinds: Vec<String>,
    /// First and last day.
    pub days: (Option<String>, Option<String>),
    /// Id of an entity that takes part.
    pub entity: Option<String>,
    /// Part of a participant's name, or a country's code.
    pub actor: Option<String>,
    /// All names that `actor` is a part of, where they are known; else all names are read.
    pub named: Option<Vec<String>>,
    /// Name or country code of the place.
    pub place: Option<String>,
    /// Did it happen? (`actual` …)
    pub realis: Option<String>,
    /// Number of its story.
    pub story: Option<u32>,
    /// Id of a report that tells it; with `story`.
    pub told_by: Option<String>,
    /// `agreed`, `single` or `disputed`.
    pub agreement: Option<String>,
    /// At least so many independent lineages.
    pub min_origins: u64,
    /// What comes first.
    pub order: EventOrder,
    /// Behind the event with this place in that order ([`RecordEventRow::place_in`]), whether it is still there or not.
    pub after: Option<Vec<String>>,
    /// At most so many.
    pub limit: usize,
    /// Without the first so many.
    pub skip: usize,
}

/// What comes first in a list of events; those alike in it are by day, those without a day come last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EventOrder {
    /// The first day.
    #[default]
    Day,
    /// The last day.
    LastDay,
    /// The type, by the alphabet.
    Kind,
    /// Country and place, by the alphabet.
    Place,
    /// What most independent lineages tell.
    Origins,
    /// What independent lineages tell differently, then what only one tells.
    Agreement,
}

/// Somebody or something in a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntityRow {
    /// Id of the story; not written.
    pub story: String,
    /// Stable id.
    pub id: String,
    /// Fullest name.
    pub name: String,
    /// `PER`, `ORG` …
    pub kind: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// First office told.
    pub role: Option<String>,
    /// How often it is mentioned.
    pub mentions: u64,
    /// Generic or anonymous: "a senior official".
    pub generic: bool,
}

/// What a record tells of an event, as far as changes are told; of a story its title, in `words`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordTold {
    /// PLOVER type.
    pub kind: Option<String>,
    /// Did it happen?
    pub realis: Option<String>,
    /// `reported`, `planned`, `denied` …
    pub status: Option<String>,
    /// When.
    pub date: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// `agreed`, `single` or `disputed`.
    pub agreement: Option<String>,
    /// Independent lineages.
    pub origins: u64,
    /// The sentence that tells it best.
    pub words: String,
}

/// What a run changed in the record of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordChange {
    /// The run.
    pub run: i64,
    /// Id of the story.
    pub story: String,
    /// Id of the event; `None`: the story itself appeared or went.
    pub event: Option<String>,
    /// What was told; `None`: it was not there.
    pub before: Option<RecordTold>,
    /// What is told since; `None`: it is no more.
    pub after: Option<RecordTold>,
}

/// A reading of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingRow {
    /// The run that made it.
    pub run: i64,
    /// The contract's reading, as JSON.
    pub body: Vec<u8>,
}

/// What somebody set right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CorrectionRow {
    /// Its id.
    pub id: String,
    /// What is set right, as JSON bound to words.
    pub rule: String,
    /// When it was made.
    pub made: String,
    /// Who made it.
    pub author: String,
    /// Why.
    pub note: Option<String>,
    /// When it was undone, and by whom.
    pub undone: Option<(String, String)>,
    /// The run that made it; not written: it is the run that keeps it. `None`: of an earlier layout, and not to be known.
    pub made_run: Option<i64>,
    /// The run that undid it; not written.
    pub undone_run: Option<i64>,
}
