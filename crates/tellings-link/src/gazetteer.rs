//! The gazetteer: names of places, their coordinates and what they are.

/// A gazetteer, opened in place.
#[derive(Debug)]
pub struct Gazetteer {}

impl Gazetteer {
    /// The gazetteer shipped with the program.
    pub fn shipped() -> Gazetteer {
        Gazetteer {}
    }
}
