//! Any bytes as the text of an office document, within a sound archive; and as a whole document.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tellings_input::Kind;
use tellings_testing::mutate::document;

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| {
    let whole = if bytes.starts_with(b"PK") { bytes.to_vec() } else { document(bytes) };
    swallow::swallow(&whole, Some(Kind::Bundle));
});
