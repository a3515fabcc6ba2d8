//! Reads a model file from bytes and runs the few layer kinds we use; knows numbers, not language.

mod linear;
mod matrix;
mod table;
mod vectors;

pub use linear::{Linear, LinearBuilder};
pub use matrix::{Matrix, STEPS, dot, steps};
pub use table::{Table, TableBuilder};
pub use vectors::Vectors;
