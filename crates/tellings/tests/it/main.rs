//! Tests of the whole engine: fixtures of every layer.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod agreement;
mod brief;
mod claims;
mod dictionaries;
mod fixtures;
mod hostile;
mod joined;
mod negotiation;
mod people;
mod precision;
mod rules;
mod stories;
mod ways;

use std::path::PathBuf;
use std::sync::OnceLock;
use tellings::Models;

/// The shipped models, opened once for all tests.
fn models() -> &'static Models {
    static MODELS: OnceLock<Models> = OnceLock::new();
    MODELS.get_or_init(Models::shipped)
}

/// The root of the checkout.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
