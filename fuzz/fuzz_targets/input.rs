//! Any bytes, as what they look like.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "swallow.rs"]
mod swallow;

fuzz_target!(|bytes: &[u8]| swallow::swallow(bytes, None));
