//! Who did and said what to whom, as GraphML: a node for everybody who takes part, an edge for each dyad of each event and for each
//! claim toward somebody. What several do together is an edge from the one named first, marked as mutual.

use crate::Written;
use crate::view::View;
use std::collections::BTreeSet;
use std::io::{self, Write};

/// Text inside XML; characters that XML 1.0 has no way to write are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
}

const KEYS: [(&str, &str, &str); 17] = [
    ("name", "node", "string"),
    ("kind", "node", "string"),
    ("country", "node", "string"),
    ("sectors", "node", "string"),
    ("story", "node", "string"),
    ("mentions", "node", "int"),
    ("mutual", "edge", "boolean"),
    ("act", "edge", "string"),
    ("type", "edge", "string"),
    ("quad", "edge", "int"),
    ("date", "edge", "string"),
    ("place", "edge", "string"),
    ("realis", "edge", "string"),
    ("issue", "edge", "string"),
    ("label", "edge", "string"),
    ("origins", "edge", "int"),
    ("words", "edge", "string"),
];

fn data(out: &mut dyn Write, key: &str, value: &str) -> io::Result<()> {
    if value.is_empty() {
        return Ok(());
    }
    writeln!(out, "      <data key=\"{key}\">{}</data>", escape(value))
}

/// The same entity in two stories is two nodes: a story's record stands for itself.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">")?;
    for (name, of, kind) in KEYS {
        writeln!(out, "  <key id=\"{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>")?;
    }
    writeln!(out, "  <graph id=\"record\" edgedefault=\"directed\">")?;
    for story in &view.record.stories {
        let told = |event| crate::view::Told { story, event };
        let mut taking_part: BTreeSet<&str> = BTreeSet::new();
        for event in &story.events {
            taking_part.extend(event.actors.iter().chain(&event.recipients).map(String::as_str));
        }
        let claims = || story.claims.iter().filter_map(|c| Some((c, c.by.as_deref()?, c.toward.as_deref()?)));
        claims().for_each(|(_, by, toward)| taking_part.extend([by, toward]));
        let node = |id: &str| escape(&format!("{}/{id}", story.id));
        let known = story.entities.iter().filter(|e| taking_part.contains(e.id.as_str()));
        for entity in known {
            writeln!(out, "    <node id=\"{}\">", node(&entity.id))?;
            data(out, "name", &entity.name)?;
            data(out, "kind", entity.kind.as_str())?;
            data(out, "country", entity.country.as_deref().unwrap_or(""))?;
            data(out, "sectors", &entity.sectors.join(","))?;
            data(out, "story", &story.id)?;
            data(out, "mentions", &entity.mentions.len().to_string())?;
            writeln!(out, "    </node>")?;
            written.rows += 1;
        }
        for event in &story.events {
            let pairs = view.dyads(told(event)).into_iter().filter_map(|(a, b)| Some((a?, b?)));
            for (number, (actor, recipient)) in pairs.enumerate() {
                let id = escape(&format!("{}/{}/{number}", story.id, event.id));
                let (from, to) = (node(&actor.id), node(&recipient.id));
                let mutual = event.kind.is_mutual() && event.recipients.is_empty();
                writeln!(out, "    <edge id=\"{id}\" source=\"{from}\" target=\"{to}\">")?;
                data(out, "mutual", if mutual { "true" } else { "false" })?;
                data(out, "act", "event")?;
                data(out, "type", event.kind.as_str())?;
                data(out, "quad", &crate::codes::plover_quad(event.kind).to_string())?;
                data(out, "date", event.date.as_ref().map_or("", |d| &d.value))?;
                data(out, "place", event.place.as_ref().map_or("", |p| &p.name))?;
                data(out, "realis", event.realis.as_str())?;
                data(out, "origins", &event.origins.to_string())?;
                data(out, "words", event.tellings.first().map_or("", |t| view.words(&t.at)))?;
                writeln!(out, "    </edge>")?;
                written.rows += 1;
            }
        }
        for (claim, by, toward) in claims().filter(|(_, a, b)| view.entity(story, a).is_some() && view.entity(story, b).is_some())
        {
            let id = escape(&format!("{}/{}", story.id, claim.id));
            writeln!(out, "    <edge id=\"{id}\" source=\"{}\" target=\"{}\">", node(by), node(toward))?;
            data(out, "act", "claim")?;
            data(out, "type", claim.kind.as_str())?;
            data(out, "date", claim.date.as_ref().map_or("", |d| &d.value))?;
            data(out, "realis", claim.realis.as_str())?;
            data(out, "issue", claim.issue.as_deref().unwrap_or(""))?;
            data(out, "label", claim.label.as_deref().unwrap_or(""))?;
            data(out, "words", claim.tellings.first().map_or("", |c| view.words(c)))?;
            writeln!(out, "    </edge>")?;
            written.rows += 1;
        }
    }
    writeln!(out, "  </graph>\n</graphml>")?;
    Ok(written)
}
