//! Where: place names of the text, put on the map.

use crate::{Countries, Gazetteer};
use tellings_doc::{Article, Parse, Place};

/// Places in text order.
pub(crate) fn places(gazetteer: &Gazetteer, countries: &Countries, article: &Article, parse: &Parse) -> Vec<Place> {
    let _ = (gazetteer, countries, article, parse);
    Vec::new()
}
