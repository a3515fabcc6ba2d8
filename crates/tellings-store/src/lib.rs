//! One file that keeps reports with their readings, searches them, and survives a kill at any moment.
//!
//! [`Store`] is what a store can do; [`Database`] does it in one SQLite file, or on a PostgreSQL server. What is in a batch is committed as a whole or not at
//! all. Reports are kept as they came, compressed, beside their text and reading.

mod driver;
mod encrypted;
mod error;
mod feeds;
mod postgres;
mod query;
mod sqlite;
mod stories;
#[cfg(test)]
mod tests;
mod users;

pub use error::Error;
pub use feeds::{Feed, Item, Queue, Waiting};
pub use query::phrase;
pub use sqlite::Database;
pub use stories::*;
pub use users::{AuditRow, TokenRow, UserRow};

/// What can go wrong is outside the program: the file, the disk, another program.
pub type Result<T> = std::result::Result<T, Error>;

/// What made readings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// Version of the program.
    pub program: String,
    /// Version of the models.
    pub models: String,
    /// Version of the ontology.
    pub ontology: String,
    /// Gazetteers used.
    pub gazetteer: String,
    /// When it began, where that is to be known.
    pub started: Option<String>,
    /// What it did: `add`, `reread`, `correct`.
    pub kind: String,
    /// Rules and dictionaries of the user's.
    pub rules: String,
    /// Corrections in force.
    pub corrections: String,
}

/// A report with its reading, as it is put into the store.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// The paper, agency or site that carried it.
    pub outlet: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// The file that it came from.
    pub path: Option<String>,
    /// When it was published, as precisely as is known.
    pub published: Option<String>,
    /// The first day that this may be.
    pub day: Option<String>,
    /// How the date is known.
    pub basis: Option<String>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Its clean text.
    pub text: String,
    /// What its bytes are: `html`, `text`, `row` …
    pub kind: String,
    /// Its bytes as they came.
    pub raw: Vec<u8>,
    /// Its reading, as the contract's JSON.
    pub reading: Vec<u8>,
    /// The events in it.
    pub events: Vec<EventRow>,
    /// What was wrong with it: kind and note.
    pub problems: Vec<(String, String)>,
    /// What was given beside its bytes, as JSON: with it and them it can be read again. `None`: it was kept before layout 3.
    pub given: Option<String>,
    /// What stories are made from.
    pub sketch: Vec<u8>,
    /// Names under which it is known beside its id: its address, its id in a feed. Who has one of them is in the store already.
    pub keys: Vec<String>,
}

/// An event of one report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventRow {
    /// Id of its report.
    pub document: String,
    /// The sentence that tells it: first byte, one past the last.
    pub span: (u32, u32),
    /// The sentence.
    pub words: String,
    /// PLOVER type.
    pub kind: Option<String>,
    /// CAMEO code.
    pub cameo: Option<String>,
    /// Did it happen?
    pub realis: String,
    /// When, as precisely as is told.
    pub date: Option<String>,
    /// The first day that this may be.
    pub day: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// What coded it.
    pub rule: String,
    /// Who did it, and to whom.
    pub participants: Vec<Participant>,
}

/// Somebody in an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participant {
    /// `actor` or `recipient`.
    pub role: String,
    /// As named in the report.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
}

/// What became of a report that was to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Added {
    /// It is in the store under this id: its own, or its own with a number where another report had that.
    New(String),
    /// The same bytes, or one of the same names, were there under this id; nothing was changed.
    Known(String),
}

/// A report as it stands in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its number in this store.
    pub number: i64,
    /// All but `events`, `problems`, `keys` and `sketch`.
    pub entry: Entry,
    /// Number of the run that made its reading.
    pub by: i64,
    /// What made its reading.
    pub run: Run,
}

/// Which reports are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// Words, `"phrases"`, `title:words`, `-words` that must not be there, `begin*`, `OR`; empty: all reports.
    pub words: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// First and last day of publication.
    pub days: (Option<String>, Option<String>),
    /// At most so many.
    pub limit: usize,
    /// Without the first so many.
    pub skip: usize,
    /// What is put around the words where they stand: no letters, figures, quotation marks, commas.
    pub marks: (char, char),
    /// Those that came in last first, in place of the best: that is quick also where the words are in all reports.
    pub latest_first: bool,
}

impl Default for Search {
    fn default() -> Search {
        Search {
            words: String::new(),
            outlet: None,
            days: (None, None),
            limit: 0,
            skip: 0,
            marks: ('[', ']'),
            latest_first: false,
        }
    }
}

/// A report that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Option<String>,
    /// Its outlet.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Where the words stand in it; the words between [`Search::marks`].
    pub snippet: String,
}

/// Which events are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventSearch {
    /// PLOVER types; none: all.
    pub kinds: Vec<String>,
    /// First and last day.
    pub days: (Option<String>, Option<String>),
    /// Part of a participant's name, or a country's code.
    pub actor: Option<String>,
    /// Name or country code of the place.
    pub place: Option<String>,
    /// Did it happen? (`actual` …)
    pub realis: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// How much is in a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Reports.
    pub documents: u64,
    /// Events.
    pub events: u64,
    /// Problems told.
    pub problems: u64,
    /// Stories.
    pub stories: u64,
    /// Documents that are in no story yet.
    pub unplaced: u64,
    /// Stories whose record does not tell all yet.
    pub stale: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// What a store can do.
pub trait Store {
    /// Notes what makes the readings that follow; gives its number.
    fn begin(&mut self, run: &Run) -> Result<i64>;
    /// Adds reports, all or none of them; on return they are on the disk.
    fn add(&mut self, run: i64, entries: &[Entry]) -> Result<Vec<Added>>;
    /// Notes what could not be read: item and note.
    fn note(&mut self, run: i64, faults: &[(String, String)]) -> Result<()>;
    /// The report that is known under one of these names.
    fn known(&self, keys: &[String]) -> Result<Option<String>>;
    /// All feeds that were ever watched, by address.
    fn feeds(&self) -> Result<Vec<Feed>>;
    /// Writes how a feed is doing, and queues those of its items that are new under all their names, all at once; gives how many were
    /// new.
    fn announce(&mut self, feed: &Feed, items: &[Item]) -> Result<usize>;
    /// Forgets a feed with all that waits of it; the reports stay. Was it known?
    fn forget(&mut self, feed: &str) -> Result<bool>;
    /// Feeds of which items wait.
    fn queues(&self) -> Result<Vec<Queue>>;
    /// Items of a feed that wait and are due. A report that is added under one of an item's names takes it out.
    fn waiting(&self, feed: &str, now: i64, limit: usize) -> Result<Vec<Waiting>>;
    /// An item was tried in vain: when it is due again and what was wrong, or it is given up.
    fn put_off(&mut self, number: i64, again: Option<(i64, &str)>) -> Result<()>;
    /// A report.
    fn document(&self, id: &str) -> Result<Option<Stored>>;
    /// A report as lists show it, with the first 300 letters of its text.
    fn hit(&self, id: &str) -> Result<Option<Hit>>;
    /// The text of a report, and nothing else of it.
    fn text(&self, id: &str) -> Result<Option<String>>;
    /// Does several things as one: all of it is kept, or, where it fails, nothing. Nobody else writes meanwhile.
    fn exclusively(&mut self, work: &mut dyn FnMut(&mut dyn Store) -> Result<()>) -> Result<()>;
    /// All runs, in order, with their numbers.
    fn runs(&self) -> Result<Vec<(i64, Run)>>;
    /// Numbers of the documents after one, in order.
    fn numbers(&self, after: i64, limit: usize) -> Result<Vec<i64>>;
    /// Some documents, by their numbers; those that are there, in that order.
    fn documents(&self, numbers: &[i64]) -> Result<Vec<Stored>>;
    /// Documents that were read again: what is now known of them, all or none. Their earlier readings are kept.
    fn renew(&mut self, run: i64, entries: &[(i64, Entry)]) -> Result<()>;
    /// The reading of a document that was in force after some run.
    fn reading(&self, id: &str, run: i64) -> Result<Option<ReadingRow>>;
    /// Ids of the documents of which a reading was made after one run and up to another.
    fn read_between(&self, after: i64, until: i64) -> Result<Vec<String>>;
    /// Documents that are in no story yet, in order.
    fn unplaced(&self, limit: usize) -> Result<Vec<Unplaced>>;
    /// Keeps what stories are made from, of documents of which it was not yet known.
    fn keep_sketches(&mut self, sketches: &[(i64, Vec<u8>)]) -> Result<()>;
    /// What stories are made from, of those of these documents of which it is known.
    fn sketches(&self, documents: &[i64]) -> Result<Vec<(i64, Vec<u8>)>>;
    /// Numbers of stories that have a term among the most telling ones, those nearest in time first; `days`: first and last day of
    /// what is looked for, in days since 1970, and how far a story's may be from them.
    fn listed(&self, term: u32, days: Option<(i32, i32)>, reach: i32, limit: usize) -> Result<Vec<u32>>;
    /// How many documents are in no story yet, and how many stories wait for their record; quick.
    fn behind(&self) -> Result<(u64, u64)>;
    /// The number that the next story is to have.
    fn next_story(&self) -> Result<u32>;
    /// What became of stories; all of it or nothing. An id that another story has gets a number.
    fn place(&mut self, run: i64, placement: &Placement) -> Result<()>;
    /// Takes documents out of their stories, to be placed anew; stories that have none left are forgotten.
    fn unplace(&mut self, run: i64, documents: &[i64]) -> Result<()>;
    /// What the runs after one and up to another changed in records, in order.
    fn record_changes(&self, after: i64, until: i64) -> Result<Vec<RecordChange>>;
    /// What the runs after one changed in the record of a story, in order.
    fn story_changes(&self, story: &str, after: i64) -> Result<Vec<RecordChange>>;
    /// Says that a run changed stories in what their records tell.
    fn touch(&mut self, run: i64, stories: &[u32]) -> Result<()>;
    /// A story by its id; of one that became part of another, the other.
    fn story(&self, id: &str) -> Result<Option<StoryRow>>;
    /// The number of a story that became part of another, by its id.
    fn led_on(&self, id: &str) -> Result<Option<u32>>;
    /// A story by its number.
    fn story_numbered(&self, number: u32) -> Result<Option<StoryRow>>;
    /// The stories that a document is in: mainly, and with parts.
    fn stories_of(&self, document: i64) -> Result<Vec<StoryRow>>;
    /// Stories, those that moved last first.
    fn stories(&self, search: &StorySearch) -> Result<Vec<StoryRow>>;
    /// The reports of a story, by date.
    fn members(&self, story: u32) -> Result<Vec<MemberRow>>;
    /// The members of a story whose documents came in last, without ids and dates of these, the last first.
    fn latest_members(&self, story: u32, limit: usize) -> Result<Vec<MemberRow>>;
    /// Numbers of stories whose record is not there or does not tell all, after one.
    fn stale(&self, after: u32, limit: usize) -> Result<Vec<u32>>;
    /// Keeps records in place of those that were there; all or none.
    fn keep_records(&mut self, records: &[RecordRow]) -> Result<()>;
    /// The record of a story; without its events and entities.
    fn record(&self, story: u32) -> Result<Option<RecordRow>>;
    /// The brief that was made with the record of a story.
    fn brief(&self, story: u32) -> Result<Option<Vec<u8>>>;
    /// How many reports of a story came when, and which came last.
    fn glance(&self, story: u32) -> Result<Glance>;
    /// Stories that were changed behind this place ([`ChangeRow::place`]: a run, and what follows in it), in the order of the runs.
    fn moved(&self, after: (i64, i64, i64), limit: usize) -> Result<Vec<ChangeRow>>;
    /// Outlets, those with most reports first.
    fn outlets(&self) -> Result<Vec<OutletRow>>;
    /// What was wrong with reports, and what could not be read; the latest first.
    fn problems(&self, search: &ProblemSearch) -> Result<Vec<ProblemRow>>;
    /// What is wrong how often, most frequent first.
    fn problem_kinds(&self) -> Result<Vec<(String, u64)>>;
    /// A number that is another one when somebody else has written since; quick. Only this connection's own numbers can be compared.
    fn changes(&self) -> Result<i64>;
    /// Events of records, by day.
    fn record_events(&self, search: &RecordEventSearch) -> Result<Vec<RecordEventRow>>;
    /// Who is who: by id or by part of a name, in all stories; those mentioned most first.
    fn entities(&self, name: &str, limit: usize) -> Result<Vec<EntityRow>>;
    /// Every name under which somebody takes part in an event of a record.
    fn parties(&self) -> Result<Vec<String>>;
    /// Every name in records, with whose it is and how often they are mentioned under it.
    fn names(&self) -> Result<Vec<(String, String, u64)>>;
    /// All corrections, also those undone, in the order in which they were made.
    fn corrections(&self) -> Result<Vec<CorrectionRow>>;
    /// Keeps a correction that a run made or undid; one that is there under the same id is replaced.
    fn keep_correction(&mut self, run: i64, correction: &CorrectionRow) -> Result<()>;
    /// Who may use the desk, by name.
    fn users(&self) -> Result<Vec<UserRow>>;
    /// Keeps a user, in place of one of the same name.
    fn keep_user(&mut self, user: &UserRow) -> Result<()>;
    /// Forgets a user with the tokens; was there one?
    fn drop_user(&mut self, name: &str) -> Result<bool>;
    /// What programs show instead of passwords.
    fn tokens(&self) -> Result<Vec<TokenRow>>;
    /// Keeps a token of a user who is there.
    fn keep_token(&mut self, token: &TokenRow) -> Result<()>;
    /// Forgets a token, by its hash; was there one?
    fn drop_token(&mut self, hash: &str) -> Result<bool>;
    /// Notes what was done.
    fn audit(&mut self, row: &AuditRow) -> Result<()>;
    /// What was done, the latest first.
    fn audited(&self, limit: usize, skip: usize) -> Result<Vec<AuditRow>>;
    /// Documents with these bytes (their hash as [`content`] gives it).
    fn with_content(&self, hash: i64) -> Result<Vec<i64>>;
    /// Reports with some words, the best first; all reports by date where no words are given.
    fn search(&self, search: &Search) -> Result<Vec<Hit>>;
    /// Do more reports than these have some words? Quick.
    fn more_than(&self, words: &str, reports: usize) -> Result<bool>;
    /// Events as single reports tell them, by day.
    fn events(&self, search: &EventSearch) -> Result<Vec<EventRow>>;
    /// How much is in it.
    fn counts(&self) -> Result<Counts>;
    /// What is wrong with it; nothing, if it is sound.
    fn check(&self) -> Result<Vec<String>>;
    /// Makes it as small and quick as it can be.
    fn compact(&mut self) -> Result<()>;
    /// Writes a copy of it as it is now, whoever writes meanwhile.
    fn backup(&self, to: &std::path::Path) -> Result<()>;
}

/// A number that stands for bytes on every machine.
pub fn content(bytes: &[u8]) -> i64 {
    // SQLite's numbers have a sign.
    xxhash_rust::xxh3::xxh3_64(bytes) as i64
}
