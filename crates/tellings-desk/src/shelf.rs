//! The store as a server reads it: some connections, taken when needed and given back, and what is known of its latest change.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tellings::store::{Database, Result, Store};

/// How long a correction waits for another writer.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Shelf {
    path: PathBuf,
    idle: Mutex<Vec<Database>>,
    /// Only looks whether something was written.
    watch: Mutex<Database>,
    /// One correction at a time.
    pen: Mutex<()>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half done under these locks.
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shelf {
    pub(crate) fn open(path: &Path) -> Result<Shelf> {
        let watch = Database::open_to_read(path)?;
        let first = Database::open_to_read(path)?;
        Ok(Shelf { path: path.into(), idle: Mutex::new(vec![first]), watch: Mutex::new(watch), pen: Mutex::new(()) })
    }

    /// Reads from the store.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&dyn Store) -> Result<T>) -> Result<T> {
        let idle = held(&self.idle).pop();
        let store = match idle {
            Some(store) => store,
            None => Database::open_to_read(&self.path)?,
        };
        let done = work(&store);
        // A connection on which something failed is closed: it may be the connection that did.
        if done.is_ok() {
            held(&self.idle).push(store);
        }
        done
    }

    /// Writes to the store, one after the other.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&mut dyn Store) -> Result<T>) -> Result<T> {
        let _pen = held(&self.pen);
        let mut store = Database::open_existing(&self.path, PATIENCE)?;
        work(&mut store)
    }

    /// A number that is another one when something was written since.
    pub(crate) fn version(&self) -> Result<i64> {
        held(&self.watch).changes()
    }

    /// Where it is, as people know it: without a password.
    pub(crate) fn name(&self) -> String {
        let name = self.path.display().to_string();
        match name.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?.1))) {
            Some((scheme, rest)) => format!("{scheme}://{rest}"),
            None => self.path.file_name().map_or(name.clone(), |file| file.to_string_lossy().into_owned()),
        }
    }
}
