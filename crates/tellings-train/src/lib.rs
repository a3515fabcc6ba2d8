//! Trains and scores the shipped models from annotated corpora.
