//! Reads a model file from bytes and runs the few layer kinds we use; knows numbers, not language.

mod lanes;
mod linear;
mod mapped;
mod matrix;
mod table;
mod vectors;

pub use lanes::{STEPS, add_small, products, scan, steps};
pub use linear::{Linear, LinearBuilder};
pub use mapped::mapped;
pub use matrix::Matrix;
pub use table::{Table, TableBuilder};
pub use vectors::Vectors;
