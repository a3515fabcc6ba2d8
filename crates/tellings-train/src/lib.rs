//! Trains and scores the shipped models from annotated corpora.
#![allow(clippy::print_stdout)]

pub mod actors;
pub mod coref;
pub mod corpora;
pub mod kairos;
pub mod math;
pub mod names;
pub mod net;
pub mod parser;
pub mod perceptron;
pub mod quad;
pub mod realis;
pub mod splitter;
pub mod tagger;
pub mod vectors;
