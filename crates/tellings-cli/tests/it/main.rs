//! Tests of the command line: what users see, and scores with floors.

#![allow(clippy::print_stderr, clippy::print_stdout)]

mod bad_input;
mod brief;
mod corrections;
mod desk;
mod examples;
mod export;
mod floors;
mod gazetteer;
mod lineage;
mod manual;
mod points;
mod seeds;
mod server;
mod store;
mod stories;
mod streaming;
mod watch;

use std::path::PathBuf;

/// The root of the checkout.
fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}
