//! Events with a place on the map, as a GeoJSON feature collection (RFC 7946).

use crate::Written;
use crate::view::View;
use serde_json::json;
use std::io::{self, Write};

/// One feature an event with coordinates, whatever its realis, which it tells.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    out.write_all(b"{\"type\":\"FeatureCollection\",\"features\":[")?;
    for told in view.events() {
        let event = told.event;
        let Some((place, lat, lon)) = event.place.as_ref().and_then(|p| Some((p, p.lat?, p.lon?))) else {
            written.unfit += 1;
            continue;
        };
        let names = |ids| view.entities(told.story, ids).iter().map(|e| e.name.as_str()).collect::<Vec<_>>();
        let feature = json!({
            "type": "Feature",
            "id": format!("{}/{}", told.story.id, event.id),
            "geometry": { "type": "Point", "coordinates": [lon, lat] },
            "properties": {
                "event": event.id,
                "story": told.story.id,
                "story_title": told.story.title,
                "type": event.kind.as_str(),
                "modes": event.modes.iter().map(|m| m.as_str()).collect::<Vec<_>>(),
                "date": event.date.as_ref().map(|d| &d.value),
                "place": place.name,
                "country": place.country,
                "place_agreement": place.agreement.as_str(),
                "actors": names(&event.actors),
                "recipients": names(&event.recipients),
                "realis": event.realis.as_str(),
                "status": event.status,
                "origins": event.origins,
                "articles": event.articles,
                "sentence": event.tellings.first().map(|t| view.words(&t.at)),
                "source": view.tellers(event).first().map(|&d| view.address(d)),
            },
        });
        if written.rows > 0 {
            out.write_all(b",")?;
        }
        out.write_all(b"\n")?;
        serde_json::to_writer(&mut *out, &feature)?;
        written.rows += 1;
    }
    out.write_all(b"\n]}\n")?;
    Ok(written)
}
