//! Errors of the engine as exceptions of Python, with their hints.

use pyo3::create_exception;
use pyo3::exceptions::{PyException, PyFileNotFoundError, PyPermissionError};
use pyo3::prelude::*;
use std::io::ErrorKind;

create_exception!(tellings, TellingsError, PyException, "What the engine could not do, and what may help.");

/// The exception for an error: Python's own where it has one for it.
pub(crate) fn raise(error: &anyhow::Error) -> PyErr {
    let words = format!("{error:#}");
    let kind = error.chain().find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
    match kind {
        Some(ErrorKind::NotFound) => PyFileNotFoundError::new_err(words),
        Some(ErrorKind::PermissionDenied) => PyPermissionError::new_err(words),
        _ => TellingsError::new_err(words),
    }
}
