//! GDELT 2.0: events of 61 columns and mentions of 16, tab-separated, without a header.
//!
//! A row is a dyad. Quad classes follow GDELT's data (09 is 2, 14 is 3, 16 is 4), not what is often written about it. Unknown values
//! are empty: no day is made up, and there is no tone.

use crate::Written;
use crate::codes;
use crate::sheet::tabbed;
use crate::view::{Day, Dyad, Told, View, number, resolution};
use std::io::{self, Write};
use tellings_doc::Place;
use tellings_story::RecordEntity;

/// The ten columns of an actor.
fn actor(entity: Option<&RecordEntity>) -> [String; 10] {
    let Some(entity) = entity else { return Default::default() };
    let country = entity.country.as_deref().map(codes::cameo).unwrap_or("");
    // GDELT names the group of the United Nations apart from what kind of body it is.
    let group = if entity.sectors.iter().any(|s| s == "UNO") { "UNO" } else { "" };
    let mut types: Vec<&str> = entity.sectors.iter().map(|s| if s == "UNO" { "IGO" } else { sector(s) }).collect();
    types.dedup();
    let code: String = match country {
        "" => types.first().copied().unwrap_or("").to_string() + group,
        country => country.to_string() + types.first().copied().unwrap_or(""),
    };
    let of = |i: usize| types.get(i).copied().unwrap_or("").to_string();
    [
        code,
        entity.name.to_uppercase(),
        country.to_string(),
        group.to_string(),
        String::new(),
        String::new(),
        String::new(),
        of(0),
        of(1),
        of(2),
    ]
}

/// PLOVER's sector as CAMEO writes it: media and medicine have changed places.
fn sector(plover: &str) -> &str {
    match plover {
        "JRN" => "MED",
        "MED" => "HLH",
        "SOC" => "NGO",
        "PRM" => "UAF",
        other => other,
    }
}

/// The eight columns of a place.
fn place(name: &str, country: Option<&str>, lat_lon: Option<(f64, f64)>, found: Option<&Place>) -> [String; 8] {
    let fips = country.map_or("", codes::fips);
    let feature = found.map_or("", |p| p.feature.as_str());
    let kind = match (resolution(feature), country) {
        (1, _) => "1",
        (2 | 3, Some("USA")) => "2",
        (_, Some("USA")) => "3",
        (2 | 3, _) => "5",
        _ => "4",
    };
    let (lat, lon) = lat_lon.map_or((String::new(), String::new()), |(lat, lon)| (lat.to_string(), lon.to_string()));
    let id = if kind == "1" { fips.to_string() } else { found.and_then(|p| p.geonames).map_or(String::new(), |g| g.to_string()) };
    [kind.to_string(), name.to_string(), fips.to_string(), String::new(), String::new(), lat, lon, id]
}

/// `YYYYMMDDHHMMSS` of a publication, as far as it is known.
fn stamp(view: &View<'_>, document: usize) -> String {
    let Some(published) = &view.document(document).published else { return String::new() };
    let Some(day) = Day::read(&published.value).and_then(Day::packed) else { return String::new() };
    let clock: String =
        published.value.split_once('T').map_or(String::new(), |(_, t)| t.chars().filter(char::is_ascii_digit).take(6).collect());
    format!("{day}{clock:0<6}")
}

fn id(told: Told<'_>, dyad: Dyad<'_>) -> u64 {
    let name = |e: Option<&RecordEntity>| e.map_or(String::new(), |e| e.id.clone());
    number(&[&told.story.id, &told.event.id, &name(dyad.0), &name(dyad.1)])
}

/// The events that the layout can say: those that took place and have a CAMEO code.
fn coded<'a>(view: &View<'a>) -> (Vec<Told<'a>>, Written) {
    let (real, unreal) = view.actual();
    let (fit, unfit): (Vec<_>, Vec<_>) = real.into_iter().partition(|t| !t.event.cameo.is_empty());
    (fit, Written { rows: 0, unreal, unfit: unfit.len() })
}

/// 61 columns.
pub(crate) fn events(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let (list, mut written) = coded(view);
    for told in list {
        let event = told.event;
        let tellers = view.tellers(event);
        let first = tellers.first().copied();
        let day = view.day(event);
        let known = |part: fn(Day) -> Option<String>| day.and_then(part).unwrap_or_default();
        let fraction =
            |d: Day| Some(format!("{:.4}", f64::from(d.year) + (f64::from(d.month?) * 30.0 + f64::from(d.day?)) / 365.0));
        let found = view.place(event);
        let at =
            event.place.as_ref().map_or_else(Default::default, |p| place(&p.name, p.country.as_deref(), p.lat.zip(p.lon), found));
        let root = event.tellings.iter().any(|t| in_lead(view, t.at.document, t.at.span.start()));
        let mut outlets: Vec<&str> = tellers.iter().map(|&d| view.outlet(d)).collect();
        outlets.sort_unstable();
        outlets.dedup();
        for dyad in view.dyads(told) {
            let mut row: Vec<String> = vec![
                id(told, dyad).to_string(),
                known(Day::packed),
                known(|d| Some(format!("{:04}{:02}", d.year, d.month?))),
                known(|d| Some(d.year.to_string())),
                known(fraction),
            ];
            row.extend(actor(dyad.0));
            row.extend(actor(dyad.1));
            let code = event.cameo.as_ref();
            row.extend([
                u8::from(root).to_string(),
                code.to_string(),
                code.get(..3).unwrap_or(code).to_string(),
                code.get(..2).unwrap_or(code).to_string(),
                codes::gdelt_quad(code).to_string(),
                codes::goldstein(code).map_or(String::new(), |g| format!("{g:.1}")),
                event.tellings.len().to_string(),
                outlets.len().to_string(),
                event.articles.to_string(),
                String::new(),
            ]);
            row.extend(seat(dyad.0));
            row.extend(seat(dyad.1));
            row.extend(at.clone());
            row.push(first.map_or(String::new(), |d| stamp(view, d)));
            row.push(first.map_or(String::new(), |d| view.address(d).to_string()));
            tabbed(&row, out)?;
            written.rows += 1;
        }
    }
    Ok(written)
}

/// Where an actor is: only the country is known of somebody who acts for one.
fn seat(entity: Option<&RecordEntity>) -> [String; 8] {
    let country = entity.and_then(|e| e.country.as_deref());
    let fips = country.map_or("", codes::fips);
    if fips.is_empty() {
        return Default::default();
    }
    let mut seat: [String; 8] = Default::default();
    (seat[0], seat[2], seat[7]) = ("1".to_string(), fips.to_string(), fips.to_string());
    seat
}

/// Does it stand in the report's first paragraph?
fn in_lead(view: &View<'_>, document: usize, at: usize) -> bool {
    let lead = view.doc(document).article.blocks.iter().find(|b| b.kind.is_body());
    lead.is_some_and(|b| (b.span.start()..b.span.end()).contains(&at))
}

/// 16 columns; offsets are bytes of the clean text, `InRawText` is always 1.
pub(crate) fn mentions(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let (list, mut written) = coded(view);
    for told in list {
        let event = told.event;
        let added = view.tellers(event).first().map_or(String::new(), |&d| stamp(view, d));
        for dyad in view.dyads(told) {
            for telling in &event.tellings {
                let d = telling.at.document;
                let offset = |entity: Option<&RecordEntity>| {
                    let mentions = entity.map_or(&[][..], |e| &e.mentions);
                    let inside = mentions.iter().find(|m| m.document == d && telling.at.span.covers(m.span));
                    inside.map_or("-1".to_string(), |m| m.span.start().to_string())
                };
                let with_address = view.document(d).source.url.is_some();
                let score = view.doc(d).events.iter().find(|e| e.trigger == telling.trigger).map_or(1.0, |e| e.score);
                tabbed(
                    &[
                        id(told, dyad).to_string(),
                        added.clone(),
                        stamp(view, d),
                        if with_address { "1" } else { "2" }.to_string(),
                        view.outlet(d).to_string(),
                        view.address(d).to_string(),
                        view.sentence(&telling.at).to_string(),
                        offset(dyad.0),
                        offset(dyad.1),
                        telling.trigger.start().to_string(),
                        "1".to_string(),
                        ((score * 10.0).round() * 10.0).clamp(10.0, 100.0).to_string(),
                        view.doc(d).text().len().to_string(),
                        String::new(),
                        String::new(),
                        String::new(),
                    ],
                    out,
                )?;
                written.rows += 1;
            }
        }
    }
    Ok(written)
}
