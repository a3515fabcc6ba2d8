//! Which report descends from which and what an event rests on, as PROV-O in Turtle.

use crate::Written;
use crate::annotation::{percent, source};
use crate::view::View;
use std::collections::BTreeSet;
use std::io::{self, Write};
use tellings_story::Relation;

fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Documents, agencies, lineage and, for each event, the documents it was derived from.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut written = Written::default();
    writeln!(out, "@prefix prov: <http://www.w3.org/ns/prov#> .")?;
    writeln!(out, "@prefix dcterms: <http://purl.org/dc/terms/> .")?;
    writeln!(out, "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .")?;
    writeln!(out, "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n")?;
    let program = "urn:tellings:program";
    writeln!(
        out,
        "<{program}> a prov:SoftwareAgent ; rdfs:label {} .\n",
        literal(concat!("tellings ", env!("CARGO_PKG_VERSION")))
    )?;
    let agent = |name: &str| format!("urn:tellings:agent:{}", percent(name));
    let mut agents: BTreeSet<&str> = BTreeSet::new();
    for d in 0..view.record.documents.len() {
        let document = view.document(d);
        let at = source(view, d);
        write!(out, "<{at}> a prov:Entity ; dcterms:identifier {}", literal(&document.id))?;
        if let Some(title) = &document.title {
            write!(out, " ;\n    dcterms:title {}", literal(title))?;
        }
        if let Some(published) = &document.published {
            let day = crate::view::Day::read(&published.value).and_then(|d| d.iso());
            match day {
                Some(day) => write!(out, " ;\n    dcterms:issued \"{day}\"^^xsd:date")?,
                None => write!(out, " ;\n    dcterms:issued {}", literal(&published.value))?,
            }
        }
        for name in document.source.outlet.iter().chain(&document.credits) {
            agents.insert(name);
            write!(out, " ;\n    prov:wasAttributedTo <{}>", agent(name))?;
        }
        writeln!(out, " .")?;
        written.rows += 1;
    }
    for name in agents {
        writeln!(out, "<{}> a prov:Organization, prov:Agent ; rdfs:label {} .", agent(name), literal(name))?;
    }
    for story in &view.record.stories {
        writeln!(out)?;
        for lineage in &story.lineages {
            let origin = source(view, lineage.origin);
            for (document, relation) in lineage.documents.iter().filter(|(d, _)| *d != lineage.origin) {
                let how = match relation {
                    Relation::Excerpt => "prov:wasQuotedFrom",
                    Relation::Original => "prov:alternateOf",
                    Relation::Copy | Relation::Rewrite => "prov:wasDerivedFrom",
                };
                writeln!(out, "<{}> {how} <{origin}> ; prov:hadPrimarySource <{origin}> .", source(view, *document))?;
                written.rows += 1;
            }
        }
        for event in &story.events {
            let id = format!("urn:tellings:{}/{}", percent(&story.id), percent(&event.id));
            write!(
                out,
                "<{id}> a prov:Entity ; rdfs:label {} ;\n    prov:wasAttributedTo <{program}>",
                literal(event.kind.as_str())
            )?;
            for d in view.tellers(event) {
                write!(out, " ;\n    prov:wasDerivedFrom <{}>", source(view, d))?;
            }
            writeln!(out, " .")?;
            written.rows += 1;
        }
    }
    Ok(written)
}
