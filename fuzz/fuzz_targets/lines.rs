//! Any bytes as JSON Lines, one report a line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings::{Input, items};

#[path = "check.rs"]
mod check;

fuzz_target!(|bytes: &[u8]| {
    for item in items("rows.jsonl", bytes.to_vec(), Input::Jsonl).0 {
        check::sound(item.read(check::models()));
    }
});
