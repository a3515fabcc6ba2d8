//! Reports in, readings out.

use crate::columns::{Column, batches, named};
use crate::errors::raise;
use crate::models;
use crate::offsets::Characters;
use arrow_array::RecordBatch;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use rayon::prelude::*;
use std::sync::Arc;
use tellings::doc::{Doc, Problem, Source};
use tellings::{Given, json};

/// One report with every layer, as the engine holds it.
#[pyclass(frozen, module = "tellings._engine")]
pub(crate) struct Reading {
    pub(crate) doc: Arc<Doc>,
}

#[pymethods]
impl Reading {
    /// Its id.
    #[getter]
    fn id(&self) -> &str {
        &self.doc.id
    }

    /// The text that its offsets are of.
    #[getter]
    fn text(&self) -> &str {
        self.doc.text()
    }

    /// What was wrong with it, a line each.
    fn failures(&self) -> Vec<String> {
        tellings::failures(&self.doc)
    }

    /// The contract's JSON; words, which are the most of it, only where they are asked for.
    #[pyo3(signature = (words = true, characters = false))]
    fn json(&self, py: Python<'_>, words: bool, characters: bool) -> String {
        py.detach(|| {
            if !characters || self.doc.text().is_ascii() {
                return json::reading_of(&self.doc, words);
            }
            let mut value = json::reading_value(&self.doc, words);
            Characters::of(self.doc.text()).reading(&mut value);
            value.to_string()
        })
    }
}

impl From<Doc> for Reading {
    fn from(doc: Doc) -> Reading {
        Reading { doc: Arc::new(doc) }
    }
}

/// What is known of reports beside their texts.
pub(crate) struct Rows {
    texts: Column,
    /// In the order of [`NAMES`].
    others: Vec<Option<Column>>,
}

/// Columns beside `text`.
const NAMES: [&str; 5] = ["id", "title", "date", "url", "outlet"];

impl Rows {
    pub(crate) fn new(texts: Column, others: Vec<Option<Column>>) -> PyResult<Rows> {
        for (name, column) in NAMES.iter().zip(&others) {
            if let Some(column) = column.as_ref().filter(|c| c.len() != texts.len()) {
                let words = format!("{} texts but {} of `{name}`: there must be one for each", texts.len(), column.len());
                return Err(PyValueError::new_err(words));
            }
        }
        Ok(Rows { texts, others })
    }

    /// The rows of a table with columns of our names.
    fn of_table(batches: &[RecordBatch]) -> PyResult<Rows> {
        let missing =
            || PyValueError::new_err("the table has no column `text`: rename the one that holds the texts, or give it alone");
        let texts = named(batches, "text")?.ok_or_else(missing)?;
        Rows::new(texts, NAMES.iter().map(|name| named(batches, name)).collect::<PyResult<_>>()?)
    }

    /// The same of one batch.
    pub(crate) fn of_batch(batch: &RecordBatch) -> PyResult<Rows> {
        Rows::of_table(std::slice::from_ref(batch))
    }

    pub(crate) fn len(&self) -> usize {
        self.texts.len()
    }

    /// Reads one row.
    pub(crate) fn read(&self, row: usize) -> Doc {
        let field = |at: usize| self.others[at].as_ref()?.get(row).filter(|field| !field.is_empty()).map(str::to_string);
        let given = Given {
            title: field(1),
            date: field(2).map(day),
            source: Source { url: field(3), outlet: field(4), ..Source::default() },
            today: Some(jiff::Zoned::now().date()),
            ..Given::default()
        };
        let id = field(0).unwrap_or_else(|| row.to_string());
        let text = self.texts.get(row);
        let mut doc = tellings::read_row(models(), &id, text.unwrap_or_default(), &given);
        if text.is_none() {
            doc.problems.push(Problem::new("no-text", "there is no text in this place"));
        }
        doc
    }

    /// Reads all of them in parallel.
    pub(crate) fn read_all(&self) -> Vec<Doc> {
        (0..self.len()).into_par_iter().with_max_len(8).map(|row| self.read(row)).collect()
    }
}

/// A day where a moment has no time of day, as tables of days have it.
fn day(mut moment: String) -> String {
    let day =
        moment.split_once("T00:00:00").filter(|(_, rest)| rest.chars().all(|c| matches!(c, '.' | '0'))).map(|(day, _)| day.len());
    moment.truncate(day.unwrap_or(moment.len()));
    moment
}

/// Reads texts in parallel, the interpreter's lock let go: as many readings as there are texts, in their order.
#[pyfunction]
#[pyo3(signature = (texts, ids = None, titles = None, dates = None, urls = None, outlets = None))]
pub(crate) fn read(
    py: Python<'_>,
    texts: Column,
    ids: Option<Column>,
    titles: Option<Column>,
    dates: Option<Column>,
    urls: Option<Column>,
    outlets: Option<Column>,
) -> PyResult<Vec<Reading>> {
    let rows = Rows::new(texts, vec![ids, titles, dates, urls, outlets])?;
    Ok(py.detach(|| rows.read_all()).into_iter().map(Reading::from).collect())
}

/// Reads the rows of a table with the columns `text`, `id`, `title`, `date`, `url`, `outlet`, of which only the first must be there.
#[pyfunction]
pub(crate) fn read_table(py: Python<'_>, table: &Bound<'_, PyAny>) -> PyResult<Vec<Reading>> {
    let rows = Rows::of_table(&batches(table)?)?;
    Ok(py.detach(|| rows.read_all()).into_iter().map(Reading::from).collect())
}

/// The kind of an input by its name; `None`: told from name and content.
pub(crate) fn kind(name: Option<&str>) -> PyResult<Option<tellings::Kind>> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(match name {
        "jsonl" => tellings::Kind::Jsonl,
        "csv" => tellings::Kind::Csv,
        "tsv" => tellings::Kind::Tsv,
        "parquet" => tellings::Kind::Parquet,
        "bundle" => tellings::Kind::Bundle,
        "html" => tellings::Kind::Html,
        "text" => tellings::Kind::Text,
        "markdown" => tellings::Kind::Markdown,
        "feed" => tellings::Kind::Feed,
        "warc" => tellings::Kind::Warc,
        "mhtml" => tellings::Kind::Mhtml,
        _ => {
            let known = "jsonl, csv, tsv, parquet, bundle, html, text, markdown, feed, warc, mhtml";
            return Err(PyValueError::new_err(format!("`{name}` is no kind of input; those known are {known}")));
        }
    }))
}

/// The documents in files, folders and patterns, and what could not be read.
pub(crate) fn gathered(paths: &[String], kind: Option<tellings::Kind>) -> (Vec<Doc>, Vec<anyhow::Error>) {
    let (mut docs, mut errors) = (Vec::new(), Vec::new());
    tellings::read_each(models(), tellings::gather(paths, kind), |doc| match doc {
        Ok(doc) => docs.push(doc),
        Err(error) => errors.push(error),
    });
    (docs, errors)
}

/// Reads files, folders and patterns: the readings, and what could not be read as exceptions.
#[pyfunction]
#[pyo3(signature = (paths, input = None))]
pub(crate) fn read_files(py: Python<'_>, paths: Vec<String>, input: Option<&str>) -> PyResult<(Vec<Reading>, Vec<PyErr>)> {
    let kind = kind(input)?;
    let (docs, errors) = py.detach(|| gathered(&paths, kind));
    Ok((docs.into_iter().map(Reading::from).collect(), errors.iter().map(raise).collect()))
}
