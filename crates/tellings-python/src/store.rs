//! A store from Python. It is opened for each question and closed again, so that others can use it at the same time.

use crate::brief::Brief;
use crate::errors::raise;
use crate::models;
use crate::reading::kind;
use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use serde_json::{Value, json};
use std::path::PathBuf;
use tellings::store::{self, Added, Database, EventOrder, RecordEventSearch, Search, Store as _, StorySearch, pages};

/// One file, or a PostgreSQL server, that keeps reports with their readings, stories and records.
#[pyclass(frozen, module = "tellings._engine")]
pub(crate) struct Store {
    path: PathBuf,
}

fn told<T>(result: tellings::store::Result<T>) -> PyResult<T> {
    result.map_err(|error| raise(&error.into()))
}

impl Store {
    fn open(&self) -> PyResult<Database> {
        told(Database::open_to_read(&self.path))
    }
}

#[pymethods]
impl Store {
    #[new]
    fn new(path: PathBuf) -> Store {
        Store { path }
    }

    /// Reads files, folders and patterns into the store and makes its records: ids of the new reports, of those that were there, and
    /// what could not be read.
    #[pyo3(signature = (paths, input = None))]
    fn add(&self, py: Python<'_>, paths: Vec<String>, input: Option<&str>) -> PyResult<(Vec<String>, Vec<String>, Vec<PyErr>)> {
        let kind = kind(input)?;
        py.detach(|| {
            let (mut new, mut known, mut errors) = (Vec::new(), Vec::new(), Vec::new());
            let mut store = told(Database::open(&self.path))?;
            let reports = tellings::gather(&paths, kind);
            told(store::add(models(), &mut store, &store::this_run(&[]), reports, |added| match added {
                Ok((_, Added::New(id))) => new.push(id.clone()),
                Ok((_, Added::Known(id))) => known.push(id.clone()),
                Err(error) => errors.push(raise(&error)),
            }))?;
            Ok((new, known, errors))
        })
    }

    /// How much is in it, as JSON.
    fn counts(&self, py: Python<'_>) -> PyResult<String> {
        let counts = py.detach(|| told(self.open()?.counts()))?;
        let value = json!({"documents": counts.documents, "events": counts.events, "problems": counts.problems,
            "stories": counts.stories, "bytes": counts.bytes});
        Ok(value.to_string())
    }

    /// The reading of a report, as JSON.
    fn reading(&self, py: Python<'_>, id: &str) -> PyResult<String> {
        let found = py.detach(|| told(self.open()?.document(id)))?;
        let stored = found.ok_or_else(|| PyKeyError::new_err(format!("no report `{id}` in the store; search() finds them")))?;
        Ok(String::from_utf8_lossy(&stored.entry.reading).trim_end().to_string())
    }

    /// Reports by their words, as JSON.
    #[pyo3(signature = (words, since = None, until = None, outlet = None, limit = 50, skip = 0))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn search(
        &self,
        py: Python<'_>,
        words: String,
        since: Option<String>,
        until: Option<String>,
        outlet: Option<String>,
        limit: usize,
        skip: usize,
    ) -> PyResult<String> {
        let search = Search { words, outlet, days: (since, until), limit, skip, ..Search::default() };
        let hits = py.detach(|| told(self.open()?.search(&search)))?;
        let rows = hits.into_iter().map(|hit| {
            json!({"id": hit.id, "title": hit.title, "outlet": hit.outlet, "published": hit.published, "snippet": hit.snippet})
        });
        Ok(Value::Array(rows.collect()).to_string())
    }

    /// Stories, the last that moved first, as JSON.
    #[pyo3(signature = (words = String::new(), since = None, until = None, min_reports = 0, min_origins = 0, limit = 50, skip = 0))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn stories(
        &self,
        py: Python<'_>,
        words: String,
        since: Option<String>,
        until: Option<String>,
        min_reports: u64,
        min_origins: u64,
        limit: usize,
        skip: usize,
    ) -> PyResult<String> {
        let days = (since, until);
        let search = StorySearch { words, days, min_documents: min_reports, min_origins, limit, skip, ..StorySearch::default() };
        py.detach(|| {
            let store = self.open()?;
            let mut stories = tellings::json::StoriesWriter::default();
            let mut out = Vec::new();
            for story in told(store.stories(&search))? {
                stories.write(&told(pages::outline(&store, &story))?, &mut out)?;
            }
            stories.finish(&mut out)?;
            Ok(String::from_utf8(out)?)
        })
    }

    /// Events of the records, by their days, as JSON.
    #[pyo3(signature = (types = Vec::new(), since = None, until = None, actor = None, place = None, realis = None, min_origins = 0, limit = 1000, skip = 0))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords")]
    fn events(
        &self,
        py: Python<'_>,
        types: Vec<String>,
        since: Option<String>,
        until: Option<String>,
        actor: Option<String>,
        place: Option<String>,
        realis: Option<String>,
        min_origins: u64,
        limit: usize,
        skip: usize,
    ) -> PyResult<String> {
        let days = (since, until);
        let order = EventOrder::default();
        let search = RecordEventSearch {
            kinds: types,
            days,
            actor,
            place,
            realis,
            min_origins,
            order,
            limit,
            skip,
            ..RecordEventSearch::default()
        };
        let events = py.detach(|| told(self.open()?.record_events(&search)))?;
        Ok(pages::events(&events).to_string())
    }

    /// The record of stories, by their ids; without any, of all.
    #[pyo3(signature = (ids = Vec::new()))]
    fn brief(&self, py: Python<'_>, ids: Vec<String>) -> PyResult<Brief> {
        py.detach(|| {
            let store = self.open()?;
            let mut wanted = ids;
            if wanted.is_empty() {
                let all = StorySearch { limit: usize::MAX >> 1, ..StorySearch::default() };
                wanted = told(store.stories(&all))?.into_iter().map(|story| story.id).collect();
            }
            let mut stories = Vec::new();
            for id in &wanted {
                let story = told(store::story(&store, id))?;
                stories.push(
                    story.ok_or_else(|| PyKeyError::new_err(format!("no story `{id}` in the store; stories() lists them")))?,
                );
            }
            let (docs, record, _) = store::reconcile(models(), stories);
            Ok(Brief::new((docs, record)))
        })
    }
}
