//! PLOVER, one JSON object a line, with the fields of its manual. Negated and hypothetical events are dropped, as the manual allows.

use crate::view::{View, resolution};
use crate::{Written, codes};
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use tellings_doc::Realis;
use tellings_story::RecordEntity;

fn entity(entity: &RecordEntity) -> Value {
    let mut out = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            out.insert(key.into(), value.into());
        }
    };
    // The manual has its own code for Kosovo.
    put("code", entity.country.as_deref().map(|c| if c == "XKX" { "KOS" } else { c }.to_string()));
    put("sector", entity.sectors.first().cloned());
    put("entity_text", Some(entity.name.clone()));
    put("identifier_id", Some(entity.id.clone()));
    put("office", entity.roles.first().map(|r| r.0.clone()));
    Value::Object(out)
}

/// One line an event.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    for told in view.events() {
        let event = told.event;
        if matches!(event.realis, Realis::Negated | Realis::Hypothetical) || event.status == "denied" {
            written.unreal += 1;
            continue;
        }
        // `date` is required and a day: without one the event cannot be said.
        let (Some(kind), Some(date)) = (event.kind.plover(), view.day(event).and_then(|d| d.iso())) else {
            written.unfit += 1;
            continue;
        };
        let list = |ids| view.entities(told.story, ids).into_iter().map(entity).collect::<Vec<_>>();
        let mut line = json!({
            "id": event.id,
            "has_event": true,
            "date": date,
            "actor": list(&event.actors),
            "recipient": list(&event.recipients),
            "event": [kind],
            "event_text": event.tellings.iter().map(|t| t.trigger.of(view.doc(t.at.document).text())).collect::<Vec<_>>(),
            "quad_code": codes::plover_quad(event.kind),
            "mode": event.modes.iter().map(|m| m.as_str()).collect::<Vec<_>>(),
            "context": event.contexts.iter().map(|c| c.as_str()).collect::<Vec<_>>(),
            "coder": concat!("tellings ", env!("CARGO_PKG_VERSION")),
        });
        line["event_scale"] = json!((f64::from(view.score(event)) * 10.0).round() / 10.0);
        if let Some(value) = event.date.as_ref().map(|d| &d.value).filter(|v| v.contains('T')) {
            line["time"] = json!(value);
        }
        if matches!(event.realis, Realis::Future | Realis::Historical) {
            line["comment"] = json!(event.realis.as_str());
        }
        if let Some(place) = &event.place {
            let found = view.place(event);
            let mut at = json!({ "resolved_place": place.name });
            let mut put = |key: &str, value: Value| {
                if !value.is_null() {
                    at[key] = value;
                }
            };
            put("extracted_place", place.evidence.first().map_or(Value::Null, |c| json!(view.words(c))));
            put("country_code", json!(place.country));
            put("lat", json!(place.lat));
            put("lon", json!(place.lon));
            put("geonameid", json!(found.and_then(|p| p.geonames)));
            put("feature_code", json!(found.map(|p| &p.feature)));
            put("resolution", json!(found.map(|p| resolution(&p.feature))));
            line["event_loc"] = at;
        }
        if let Some(telling) = event.tellings.first() {
            let d = telling.at.document;
            let text = view.doc(d).text();
            // The manual counts characters, not bytes.
            let characters = |to: usize| text.get(..to).map_or(0, |t| t.chars().count());
            let mut info = json!({
                "sequence": view.sentence(&telling.at),
                "start": characters(telling.at.span.start()),
                "end": characters(telling.at.span.end()),
            });
            for (key, fact) in [("dead", "killed"), ("injured", "injured"), ("arrested", "arrested")] {
                if let Some([_, best, _]) = view.count(event, fact) {
                    info[key] = json!(best);
                }
            }
            line["text"] = json!(view.words(&telling.at));
            line["text_info"] = info;
            let document = view.document(d);
            line["cite_info"] = json!({
                "citation": document.id,
                "url": document.source.url,
                "title": document.title,
                "publication": view.outlet(d),
                "language": view.doc(d).article.language,
                "codebook": "plover-2.0",
            });
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
        written.rows += 1;
    }
    Ok(written)
}
