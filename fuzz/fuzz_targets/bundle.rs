//! Any bytes as a download of a database: RTF, a page, text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::Kind;

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| swallow::swallow(bytes, Some(Kind::Bundle)));
