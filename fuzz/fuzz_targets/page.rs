//! Any bytes as a saved web page.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings::{Format, Given, read};

#[path = "check.rs"]
mod check;

fuzz_target!(|bytes: &[u8]| {
    check::sound(read(check::models(), "page", bytes, Format::Html, &Given::default()));
});
