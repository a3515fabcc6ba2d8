//! Trains and scores the shipped models from annotated corpora.
#![allow(clippy::print_stdout)]

pub mod corpora;
pub mod names;
pub mod parser;
pub mod perceptron;
pub mod splitter;
pub mod tagger;
