//! The engine as a module of Python: what comes in is borrowed from Python's tables where they allow it, the interpreter's lock is
//! let go while the engine works, and what comes out is the contract's JSON or Arrow tables. The classes that people see are made
//! from that in Python (`python/tellings`).

mod brief;
mod columns;
mod errors;
mod offsets;
mod reading;
mod spread;
mod store;
mod tables;

use pyo3::prelude::*;
use std::sync::OnceLock;
use tellings::Models;

/// What the stages read beside a document: opened with the first report, kept as long as the interpreter lives.
fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(Models::shipped)
}

/// What `tellings` in Python is made on.
#[pymodule]
mod _engine {
    #[pymodule_export]
    use crate::brief::{Brief, brief_files, brief_readings};
    #[pymodule_export]
    use crate::errors::TellingsError;
    #[pymodule_export]
    use crate::reading::{Reading, read, read_files, read_table};
    #[pymodule_export]
    use crate::spread::{spread_date, spread_group, spread_links, spread_pieces, spread_read, spread_record};
    #[pymodule_export]
    use crate::store::Store;
    #[pymodule_export]
    use crate::tables::{Table, table};

    /// The version of the engine.
    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
