//! Any bytes as JSON Lines, one report a line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings::{Kind, read_report, reports};

#[path = "check.rs"]
mod check;

fuzz_target!(|bytes: &[u8]| {
    for report in reports("rows.jsonl", bytes.to_vec(), Some(Kind::Jsonl)).flatten() {
        check::sound(read_report(check::models(), &report));
    }
});
