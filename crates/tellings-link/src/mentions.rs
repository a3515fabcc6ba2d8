//! Who is spoken of: mentions and the entities they refer to.

use crate::Countries;
use tellings_doc::{Article, Entity, Mention, Parse, Place, Time};

/// Mentions in text order, and entities in order of first mention.
pub(crate) fn mentions(
    countries: &Countries,
    article: &Article,
    parse: &Parse,
    times: &[Time],
    places: &[Place],
) -> (Vec<Mention>, Vec<Entity>) {
    let _ = (countries, article, parse, times, places);
    (Vec::new(), Vec::new())
}
