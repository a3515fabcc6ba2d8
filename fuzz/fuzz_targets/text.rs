//! Any bytes as a plain text report, and as the text of a row.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings::{Format, Given, read, read_row};

#[path = "check.rs"]
mod check;

fuzz_target!(|bytes: &[u8]| {
    let given = Given::default();
    check::sound(read(check::models(), "text", bytes, Format::Text, &given));
    check::sound(read_row(check::models(), "row", &String::from_utf8_lossy(bytes), &given));
});
