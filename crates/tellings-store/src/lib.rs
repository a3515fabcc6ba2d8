//! One file that keeps reports with their readings, searches them, and survives a kill at any moment.
//!
//! [`Store`] is what a store can do; [`Sqlite`] does it in one SQLite file. What is in a batch is committed as a whole or not at
//! all. Reports are kept as they came, compressed, beside their text and reading.

mod error;
mod query;
mod sqlite;
#[cfg(test)]
mod tests;

pub use error::Error;
pub use query::phrase;
pub use sqlite::Sqlite;

/// What can go wrong is outside the program: the file, the disk, another program.
pub type Result<T> = std::result::Result<T, Error>;

/// What made readings.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// The same bytes were there under this id; nothing was changed.
    Known(String),
}

/// A report as it stands in the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// All but `events` and `problems`.
    pub entry: Entry,
    /// What made its reading.
    pub run: Run,
}

/// Which reports are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Words, `"phrases"`, `title:words`, `-words` that must not be there, `begin*`, `OR`; empty: all reports.
    pub words: String,
    /// Outlet.
    pub outlet: Option<String>,
    /// First and last day of publication.
    pub days: (Option<String>, Option<String>),
    /// At most so many.
    pub limit: usize,
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
    /// Where the words stand in it; the words between `[` and `]`.
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
    /// A report.
    fn document(&self, id: &str) -> Result<Option<Stored>>;
    /// Reports with some words, the best first; all reports by date where no words are given.
    fn search(&self, search: &Search) -> Result<Vec<Hit>>;
    /// Events, by day.
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
