//! Columns of texts as Python has them: lists of strings, or Arrow's columns of any kind of string, which are not copied.

use arrow_array::{Array, ArrayRef, RecordBatch, StringViewArray, StructArray};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3_arrow::input::AnyArray;

/// A column of texts.
pub(crate) enum Column {
    /// From a list; what was no text is `None`.
    List(Vec<Option<PyBackedStr>>),
    /// From a table: its pieces, and where each begins.
    Arrow(Vec<StringViewArray>, Vec<usize>),
}

fn bad(error: impl std::fmt::Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}

impl Column {
    pub(crate) fn pieces(arrays: &[ArrayRef]) -> PyResult<Column> {
        let (mut pieces, mut starts, mut rows) = (Vec::new(), Vec::new(), 0);
        for array in arrays {
            // Dates and numbers as they are written; of strings of any kind only the views are made.
            let text = arrow_cast::cast(array, &DataType::Utf8View).map_err(bad)?;
            let text = text.as_any().downcast_ref::<StringViewArray>().cloned();
            let text = text.ok_or_else(|| PyTypeError::new_err(format!("not a column of texts: {}", array.data_type())))?;
            starts.push(rows);
            rows += text.len();
            pieces.push(text);
        }
        Ok(Column::Arrow(pieces, starts))
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Column::List(list) => list.len(),
            Column::Arrow(pieces, _) => pieces.iter().map(Array::len).sum(),
        }
    }

    /// The text in a row.
    pub(crate) fn get(&self, row: usize) -> Option<&str> {
        match self {
            Column::List(list) => list.get(row)?.as_deref(),
            Column::Arrow(pieces, starts) => {
                let piece = starts.partition_point(|&start| start <= row).checked_sub(1)?;
                let (piece, row) = (&pieces[piece], row - starts[piece]);
                (row < piece.len() && piece.is_valid(row)).then(|| piece.value(row))
            }
        }
    }
}

/// Arrow's arrays behind an object, all in one list.
fn arrays(object: &Bound<'_, PyAny>) -> PyResult<Vec<ArrayRef>> {
    match object.extract::<AnyArray>()? {
        AnyArray::Array(array) => Ok(vec![array.into_inner().0]),
        AnyArray::Stream(stream) => stream.into_reader()?.collect::<Result<Vec<_>, _>>().map_err(bad),
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Column {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Column> {
        if object.hasattr("__arrow_c_array__")? || object.hasattr("__arrow_c_stream__")? {
            return Column::pieces(&arrays(&object)?);
        }
        let mut list = Vec::new();
        for item in object.try_iter()? {
            list.push(item?.extract::<PyBackedStr>().ok());
        }
        Ok(Column::List(list))
    }
}

/// The rows of a table, a batch at a time.
pub(crate) fn batches(object: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let rows = |array: &ArrayRef| array.as_any().downcast_ref::<StructArray>().map(RecordBatch::from);
    (arrays(object)?.iter()).map(|array| rows(array).ok_or_else(|| PyTypeError::new_err("not a table"))).collect()
}

/// A table's columns by their names, where they are there.
pub(crate) fn named(batches: &[RecordBatch], name: &str) -> PyResult<Option<Column>> {
    let parts: Option<Vec<ArrayRef>> = batches.iter().map(|batch| batch.column_by_name(name).cloned()).collect();
    parts.filter(|parts| !parts.is_empty()).map(|parts| Column::pieces(&parts)).transpose()
}
