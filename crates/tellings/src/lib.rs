//! The engine the front ends share: open, gather, read, reconcile, explain.

mod gather;
pub mod json;

pub use gather::{Input, Item, gather};
pub use tellings_doc as doc;
pub use tellings_read::article::{Format, Given};
pub use tellings_read::{Models, read, read_article, read_row};
pub use tellings_story as story;

use rayon::prelude::*;
use tellings_doc::Doc;

/// Reads items in parallel, in order; calls `done` on the calling thread after each batch with the number read so far.
pub fn read_all(models: &Models, items: &[Item], done: impl Fn(usize)) -> Vec<Doc> {
    const BATCH: usize = 64;
    let mut docs = Vec::with_capacity(items.len());
    for batch in items.chunks(BATCH) {
        docs.par_extend(batch.par_iter().map(|item| item.read(models)));
        done(docs.len());
    }
    docs
}
