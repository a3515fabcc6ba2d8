//! A folder of one test, gone at its end.

use std::ops::Deref;
use std::path::{Path, PathBuf};

/// An empty folder among the temporary ones, removed with all that is in it when the value goes.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder of that name and this process. Two tests of one binary must not ask for the same name.
    ///
    /// # Panics
    ///
    /// If the folder cannot be made.
    #[must_use]
    pub fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("tellings-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder among the temporary ones");
        Folder(folder)
    }

    /// The path of a file in it, as text for a command line.
    ///
    /// # Panics
    ///
    /// If the temporary folder's path is not UTF-8.
    #[must_use]
    pub fn file(&self, name: &str) -> String {
        self.join(name).to_str().expect("a UTF-8 path").to_string()
    }

    /// The path of a file in it, written with these bytes.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        std::fs::write(&path, bytes).expect("a file in the folder of a test");
        path
    }
}

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl AsRef<std::ffi::OsStr> for Folder {
    fn as_ref(&self) -> &std::ffi::OsStr {
        self.0.as_os_str()
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
