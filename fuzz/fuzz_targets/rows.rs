//! Any bytes as rows: JSON, or a table (where the first byte says so).
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::Kind;

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| {
    let kind = match bytes.first() {
        Some(b'c') => Kind::Csv,
        Some(b't') => Kind::Tsv,
        _ => Kind::Jsonl,
    };
    swallow::swallow(bytes, Some(kind));
});
