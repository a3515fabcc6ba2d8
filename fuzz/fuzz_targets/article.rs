//! Any bytes as a saved web page: its article alone, without the later stages.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_article::{Format, Given, article};

fuzz_target!(|bytes: &[u8]| {
    let article = article(bytes, Format::Html, &Given::default());
    assert!(article.blocks.iter().all(|block| article.text.get(block.span.range()).is_some()));
});
