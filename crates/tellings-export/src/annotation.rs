//! The words behind events, claims and quotes, as W3C Web Annotations (JSON-LD, one a line): positions in characters of the clean text,
//! the words themselves with what stands around them, and the bytes of the item as it came in.

use crate::Written;
use crate::view::View;
use serde_json::{Value, json};
use std::io::{self, Write};
use tellings_story::Citation;

/// Bytes of context on each side of a quotation, at most.
const AROUND: usize = 32;

fn target(view: &View<'_>, at: &Citation) -> Value {
    let doc = view.doc(at.document);
    let (text, span) = (doc.text(), at.span);
    let characters = |to: usize| text.get(..to).map_or(0, |t| t.chars().count());
    let from = (0..=span.start().saturating_sub(AROUND)).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    let to = (span.end() + AROUND..=text.len()).find(|&i| text.is_char_boundary(i)).unwrap_or(text.len());
    let mut selectors = vec![
        json!({ "type": "TextPositionSelector", "start": characters(span.start()), "end": characters(span.end()) }),
        json!({
            "type": "TextQuoteSelector",
            "exact": span.of(text),
            "prefix": text.get(from..span.start()).unwrap_or(""),
            "suffix": text.get(span.end()..to).unwrap_or(""),
        }),
    ];
    if let Some(raw) = doc.article.map.raw(span) {
        selectors.push(json!({ "type": "DataPositionSelector", "start": raw.start, "end": raw.end }));
    }
    json!({ "source": source(view, at.document), "selector": selectors })
}

/// The report's address; the name of a file or an id, which are none, as `urn:tellings:document:…`.
pub(crate) fn source(view: &View<'_>, document: usize) -> String {
    let known = view.document(document);
    match &known.source.url {
        Some(url) if url.contains("://") => iri(url),
        _ => format!("urn:tellings:document:{}", percent(&known.id)),
    }
}

/// An id inside an IRI.
pub(crate) fn percent(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~/".contains(&b);
    text.bytes().map(|b| if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}

/// An address with what may not stand in an IRI made harmless.
fn iri(url: &str) -> String {
    let bad = |c: char| c.is_control() || c.is_whitespace() || "<>\"{}|\\^`".contains(c);
    url.chars()
        .map(|c| if bad(c) { c.to_string().bytes().map(|b| format!("%{b:02X}")).collect() } else { c.to_string() })
        .collect()
}

fn annotation(view: &View<'_>, id: &str, number: usize, purpose: &str, body: &Value, at: &Citation, rule: &str) -> Value {
    json!({
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": format!("urn:tellings:{}/{number}", percent(id)),
        "type": "Annotation",
        "motivation": purpose,
        "body": { "type": "Dataset", "value": body, "format": "application/json" },
        "target": target(view, at),
        "generator": { "id": "urn:tellings", "type": "Software", "name": concat!("tellings ", env!("CARGO_PKG_VERSION")), "rule": rule },
    })
}

/// One annotation for each telling of each event, claim and quote.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    let mut put = |value: Value| -> io::Result<()> {
        serde_json::to_writer(&mut *out, &value)?;
        out.write_all(b"\n")?;
        written.rows += 1;
        Ok(())
    };
    for story in &view.record.stories {
        for event in &story.events {
            let body = json!({
                "event": event.id, "story": story.id, "type": event.kind.as_str(), "actors": event.actors,
                "recipients": event.recipients, "date": event.date.as_ref().map(|d| &d.value),
                "place": event.place.as_ref().map(|p| &p.name), "realis": event.realis.as_str(),
            });
            let id = format!("{}/{}", story.id, event.id);
            for (number, telling) in event.tellings.iter().enumerate() {
                put(annotation(view, &id, number, "classifying", &body, &telling.at, &telling.rule))?;
            }
        }
        for claim in &story.claims {
            let body = json!({
                "claim": claim.id, "story": story.id, "kind": claim.kind.as_str(), "by": claim.by, "toward": claim.toward,
                "issue": claim.issue, "label": claim.label, "realis": claim.realis.as_str(),
            });
            let id = format!("{}/{}", story.id, claim.id);
            for (number, at) in claim.tellings.iter().enumerate() {
                put(annotation(view, &id, number, "classifying", &body, at, &claim.rule))?;
            }
        }
        for quote in &story.quotes {
            let id = format!("{}/{}", story.id, quote.id);
            for (number, (at, variant)) in quote.tellings.iter().enumerate() {
                let body = json!({ "quote": quote.id, "story": story.id, "speaker": quote.speaker, "variant": variant });
                put(annotation(view, &id, number, "identifying", &body, at, &quote.rule))?;
            }
        }
    }
    Ok(written)
}
