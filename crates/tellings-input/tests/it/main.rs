//! Outside bytes that others wrote, where the shared data is at hand.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod feedparser;
mod memory;
mod mutations;
mod warc;

use std::path::{Path, PathBuf};

/// A folder of the unpacked corpora; nothing, and a word, where it is not there.
fn gold(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.gold").join(name);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}
