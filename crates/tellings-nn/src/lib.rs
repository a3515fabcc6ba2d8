//! Reads a model file from bytes and runs the few layer kinds we use; knows numbers, not language.

mod linear;
mod table;

pub use linear::{Linear, LinearBuilder};
pub use table::{Table, TableBuilder};
