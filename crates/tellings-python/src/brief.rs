//! Many reports to one record, and the brief that tells it.

use crate::errors::raise;
use crate::models;
use crate::offsets::{self, Characters};
use crate::reading::{Reading, gathered, kind};
use crate::tables::Table;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::HashMap;
use std::str::FromStr;
use tellings::brief::{self, Options};
use tellings::doc::Doc;
use tellings::export::{self, Form, Layout};
use tellings::json;
use tellings::story::Record;

/// A record with its documents.
#[pyclass(frozen, module = "tellings._engine")]
pub(crate) struct Brief {
    docs: Vec<Doc>,
    record: Record,
}

fn options(words: usize, since: Option<&str>) -> PyResult<Options> {
    let day = |day: &str| match jiff::civil::Date::from_str(day) {
        Ok(day) => Ok(day.to_string()),
        Err(_) => Err(PyValueError::new_err(format!("`{day}` is not a day of the form 2016-09-05"))),
    };
    Ok(Options { words: (words > 0).then_some(words), since: since.map(day).transpose()? })
}

fn layout(name: &str) -> PyResult<Layout> {
    let known = || Layout::ALL.map(Layout::as_str).join(", ");
    let found = Layout::ALL.into_iter().find(|layout| layout.as_str() == name);
    found.ok_or_else(|| PyValueError::new_err(format!("`{name}` is no layout; there are {}", known())))
}

impl Brief {
    pub(crate) fn new((docs, record): (Vec<Doc>, Record)) -> Brief {
        Brief { docs, record }
    }
}

#[pymethods]
impl Brief {
    /// How many stories it tells.
    fn __len__(&self) -> usize {
        self.record.stories.len()
    }

    /// The record as the contract's JSON.
    #[pyo3(signature = (characters = false))]
    fn json(&self, py: Python<'_>, characters: bool) -> PyResult<String> {
        py.detach(|| {
            let mut line = Vec::new();
            json::write_record(&self.record, &mut line)?;
            if characters && self.docs.iter().any(|doc| !doc.text().is_ascii()) {
                let texts: HashMap<&str, Characters> =
                    self.docs.iter().map(|doc| (doc.id.as_str(), Characters::of(doc.text()))).collect();
                let mut value = serde_json::from_slice(&line).unwrap_or_default();
                offsets::record(&mut value, &texts);
                return Ok(value.to_string());
            }
            Ok(String::from_utf8(line)?.trim_end().to_string())
        })
    }

    /// The text of each of its reports by its id.
    fn texts(&self) -> HashMap<&str, &str> {
        self.docs.iter().map(|doc| (doc.id.as_str(), doc.text())).collect()
    }

    /// The brief as plain text, Markdown or a page.
    #[pyo3(signature = (form, words = 1500, since = None))]
    fn write(&self, py: Python<'_>, form: &str, words: usize, since: Option<&str>) -> PyResult<String> {
        let options = options(words, since)?;
        py.detach(|| match form {
            "text" => Ok(brief::text(&self.record, &self.docs, &options)),
            "markdown" => Ok(brief::markdown(&self.record, &self.docs, &options)),
            "html" => Ok(brief::html(&self.record, &self.docs, &options)),
            _ => Err(PyValueError::new_err(format!("`{form}` is no form; there are text, markdown, html"))),
        })
    }

    /// One of our flat tables.
    fn table(&self, py: Python<'_>, name: &str) -> PyResult<Table> {
        let layout = layout(name)?;
        if !layout.is_own() {
            return Err(PyValueError::new_err(format!("`{name}` is no flat table of our own: export() writes it")));
        }
        py.detach(|| Table::of(&export::columns(layout, &self.record, &self.docs)))
    }

    /// The record in a layout of somebody else's, or of ours as CSV or Parquet.
    #[pyo3(signature = (name, parquet = false))]
    fn export<'py>(&self, py: Python<'py>, name: &str, parquet: bool) -> PyResult<Bound<'py, PyBytes>> {
        let layout = layout(name)?;
        let form = if parquet { Form::Parquet } else { Form::Csv };
        let bytes = py.detach(|| {
            let mut bytes = Vec::new();
            export::write(layout, form, &self.record, &self.docs, &mut bytes).map(|_| bytes)
        })?;
        Ok(PyBytes::new(py, &bytes))
    }
}

/// The record of the reports in files, folders and patterns, and what could not be read.
#[pyfunction]
#[pyo3(signature = (paths, input = None))]
pub(crate) fn brief_files(py: Python<'_>, paths: Vec<String>, input: Option<&str>) -> PyResult<(Brief, usize, Vec<PyErr>)> {
    let kind = kind(input)?;
    let (brief, read, errors) = py.detach(|| {
        let (docs, errors) = gathered(&paths, kind);
        let read = docs.len();
        (Brief::new(tellings::reconcile(models(), docs)), read, errors)
    });
    Ok((brief, read, errors.iter().map(raise).collect()))
}

/// The record of reports that were read already.
#[pyfunction]
pub(crate) fn brief_readings(py: Python<'_>, readings: Vec<Py<Reading>>) -> Brief {
    let docs: Vec<Doc> = readings.iter().map(|reading| (*reading.get().doc).clone()).collect();
    py.detach(|| Brief::new(tellings::reconcile(models(), docs)))
}
