//! POLECAT: 40 columns, tab-separated, with a header. Lists of actors stay lists; ids of Wikipedia and titles we do not know are empty.

use crate::view::View;
use crate::{Written, codes};
use std::io::{self, Write};
use tellings_doc::Kind;
use tellings_story::RecordEntity;

const HEAD: [&str; 40] = [
    "Event ID",
    "Event Date",
    "Event Type",
    "Event Mode",
    "Intensity",
    "Quad Code",
    "Contexts",
    "Actor Name",
    "Actor Country",
    "Actor COW",
    "Primary Actor Sector",
    "Actor Sectors",
    "Actor Title",
    "Actor Name Raw",
    "Wikipedia Actor ID",
    "Recipient Name",
    "Recipient Country",
    "Recipient COW",
    "Primary Recipient Sector",
    "Recipient Sectors",
    "Recipient Title",
    "Recipient Name Raw",
    "Wikipedia Recipient ID",
    "Placename",
    "City",
    "District",
    "Province",
    "Country",
    "Latitude",
    "Longitude",
    "GeoNames ID",
    "Raw Placename",
    "Feature Type",
    "Source",
    "Publication Date",
    "Story People",
    "Story Organizations",
    "Story Locations",
    "Language",
    "Version",
];

fn join<'x>(parts: impl Iterator<Item = &'x str>) -> String {
    let parts: Vec<&str> = parts.collect();
    if parts.iter().all(|p| p.is_empty()) { String::new() } else { parts.join("; ") }
}

/// The eight columns of a side.
fn side(view: &View<'_>, entities: &[&RecordEntity], document: usize) -> [String; 8] {
    let country = |e: &RecordEntity| e.country.clone().unwrap_or_default();
    let countries: Vec<String> = entities.iter().map(|e| country(e)).collect();
    let raw = entities.iter().map(|e| e.mentions.iter().find(|m| m.document == document).map_or("", |m| view.words(m)));
    [
        join(entities.iter().map(|e| e.name.as_str())),
        join(countries.iter().map(String::as_str)),
        join(countries.iter().map(|c| codes::cow(c))),
        join(entities.iter().map(|e| e.sectors.first().map_or("", String::as_str))),
        join(entities.iter().flat_map(|e| e.sectors.iter().map(String::as_str))),
        join(entities.iter().map(|e| e.roles.first().map_or("", |r| r.0.as_str()))),
        join(raw),
        String::new(),
    ]
}

/// One row an event that took place; an event without a known day has an empty date.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    writeln!(out, "{}", HEAD.join("\t"))?;
    let (real, unreal) = view.actual();
    let mut written = Written { unreal, ..Written::default() };
    for told in real {
        let event = told.event;
        let Some(kind) = event.kind.plover() else {
            written.unfit += 1;
            continue;
        };
        let first = view.tellers(event).first().copied().unwrap_or(0);
        let names = |kinds: &[Kind]| {
            let named = told.story.entities.iter().filter(|e| kinds.contains(&e.kind) && !e.generic);
            join(named.filter(|e| e.mentions.iter().any(|m| m.document == first)).map(|e| e.name.as_str()))
        };
        let (place, found) = (event.place.as_ref(), view.place(event));
        let town = found.is_some_and(|p| p.feature.starts_with("PPL"));
        let text = |value: Option<String>| value.unwrap_or_default();
        let mut row = vec![
            event.id.clone(),
            view.day(event).and_then(|d| d.iso()).unwrap_or_default(),
            kind.to_string(),
            join(event.modes.iter().map(|m| m.as_str())),
            format!("{:.1}", view.score(event)),
            codes::plover_quad(event.kind).to_string(),
            join(event.contexts.iter().map(|c| c.as_str())),
        ];
        row.extend(side(view, &view.entities(told.story, &event.actors), first));
        row.extend(side(view, &view.entities(told.story, &event.recipients), first));
        let published = view.document(first).published.as_ref();
        row.extend([
            text(place.map(|p| p.name.clone())),
            text(place.filter(|_| town).map(|p| p.name.clone())),
            String::new(),
            text(place.filter(|_| found.is_some_and(|p| p.feature == "ADM1")).map(|p| p.name.clone())),
            text(place.and_then(|p| p.country.clone())),
            text(place.and_then(|p| p.lat).map(|v| v.to_string())),
            text(place.and_then(|p| p.lon).map(|v| v.to_string())),
            text(found.and_then(|p| p.geonames).map(|g| g.to_string())),
            text(place.and_then(|p| p.evidence.first()).map(|c| view.words(c).to_string())),
            text(found.map(|p| p.feature.clone())),
            view.outlet(first).to_string(),
            text(published.map(|p| p.value.clone())),
            names(&[Kind::Per]),
            names(&[Kind::Org]),
            names(&[Kind::Gpe, Kind::Loc, Kind::Fac]),
            view.doc(first).article.language.clone().unwrap_or_default(),
            concat!("tellings-", env!("CARGO_PKG_VERSION")).to_string(),
        ]);
        crate::sheet::tabbed(&row, out)?;
        written.rows += 1;
    }
    Ok(written)
}
