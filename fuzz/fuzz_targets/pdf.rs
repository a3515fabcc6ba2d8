//! Any bytes as a PDF document.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::Kind;

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| swallow::swallow(bytes, Some(Kind::Bundle)));
