//! Fixtures with marks under the words, and the checks that read them (tests only).
