//! Reads a model file from bytes and runs the few layer kinds we use; knows numbers, not language.
