//! Rows in the 49 columns of UCDP's Georeferenced Event Dataset, for violence with deaths. Ids of conflicts, dyads and grid cells are
//! UCDP's own and stay empty; `low`, `best` and `high` are what the tellings give.

use crate::view::{View, date_precision, number, resolution};
use crate::{Written, codes};
use std::io::{self, Write};
use tellings_doc::EventType;

const HEAD: [&str; 49] = [
    "id",
    "relid",
    "year",
    "active_year",
    "code_status",
    "type_of_violence",
    "conflict_dset_id",
    "conflict_new_id",
    "conflict_name",
    "dyad_dset_id",
    "dyad_new_id",
    "dyad_name",
    "side_a_dset_id",
    "side_a_new_id",
    "side_a",
    "side_b_dset_id",
    "side_b_new_id",
    "side_b",
    "number_of_sources",
    "source_article",
    "source_office",
    "source_date",
    "source_headline",
    "source_original",
    "where_prec",
    "where_coordinates",
    "where_description",
    "adm_1",
    "adm_2",
    "latitude",
    "longitude",
    "geom_wkt",
    "priogrid_gid",
    "country",
    "country_id",
    "region",
    "event_clarity",
    "date_prec",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "best",
    "high",
    "low",
    "gwnoa",
    "gwnob",
];

/// One row an event of lethal violence.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEAD)?;
    let (real, unreal) = view.actual();
    let mut written = Written { unreal, ..Written::default() };
    for told in real {
        let event = told.event;
        let deaths = view.count(event, "killed").filter(|d| d[2] > 0.0);
        let Some([low, best, high]) = deaths.filter(|_| matches!(event.kind, EventType::Assault | EventType::Coerce)) else {
            written.unfit += 1;
            continue;
        };
        let (a, b) = (view.entities(told.story, &event.actors), view.entities(told.story, &event.recipients));
        let names = |list: &[&tellings_story::RecordEntity]| list.iter().map(|e| e.name.as_str()).collect::<Vec<_>>().join(", ");
        let state = |list: &[&tellings_story::RecordEntity]| {
            let of = list.iter().find(|e| e.sectors.iter().any(|s| s == "GOV" || s == "MIL" || s == "COP"));
            of.and_then(|e| e.country.as_deref()).map_or("", codes::gleditsch_ward).to_string()
        };
        let (gwnoa, gwnob) = (state(&a), state(&b));
        let civilians = b.iter().any(|e| e.sectors.iter().any(|s| s == "CVL"));
        // 1 a state takes part, 2 none does, 3 against civilians; unknown without two sides.
        let violence = match (a.is_empty() || b.is_empty(), civilians, gwnoa.is_empty() && gwnob.is_empty()) {
            (false, true, _) => "3",
            (false, false, false) => "1",
            (false, false, true) => "2",
            (true, ..) => "",
        };
        let (place, found) = (event.place.as_ref(), view.place(event));
        let where_prec = found.map(|p| match resolution(&p.feature) {
            1 => "6",
            2 => "4",
            3 => "3",
            _ => "1",
        });
        let tellers = view.tellers(event);
        let first = tellers.first().copied().unwrap_or(0);
        let day = view.day(event);
        let iso = day.and_then(|d| d.iso()).unwrap_or_default();
        let or = |v: Option<String>| v.unwrap_or_default();
        let document = view.document(first);
        let original = event.tellings.iter().find_map(|t| view.entity(told.story, t.attributed_to.as_deref()?));
        let titles: Vec<&str> = tellers.iter().filter_map(|&d| view.document(d).title.as_deref()).collect();
        let coordinates = place.and_then(|p| p.lat.zip(p.lon));
        table.write_record([
            number(&[&told.story.id, &event.id]).to_string(),
            event.id.clone(),
            or(day.map(|d| d.year.to_string())),
            String::new(),
            "Machine-coded".to_string(),
            violence.to_string(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            String::new(),
            if a.is_empty() || b.is_empty() { String::new() } else { format!("{} - {}", names(&a), names(&b)) },
            String::new(),
            String::new(),
            names(&a),
            String::new(),
            String::new(),
            names(&b),
            event.origins.to_string(),
            titles.join("; "),
            view.outlet(first).to_string(),
            or(document.published.as_ref().map(|p| p.value.clone())),
            or(document.title.clone()),
            or(original.map(|e| e.name.clone())),
            or(where_prec.map(String::from)),
            or(place.map(|p| p.name.clone())),
            or(place.and_then(|p| p.evidence.first()).map(|c| view.words(c).to_string())),
            or(place.filter(|_| found.is_some_and(|p| p.feature == "ADM1")).map(|p| p.name.clone())),
            String::new(),
            or(coordinates.map(|c| c.0.to_string())),
            or(coordinates.map(|c| c.1.to_string())),
            or(coordinates.map(|(lat, lon)| format!("POINT ({lon} {lat})"))),
            String::new(),
            or(place.and_then(|p| p.country.clone())),
            or(place.and_then(|p| p.country.as_deref()).map(|c| codes::gleditsch_ward(c).to_string())),
            String::new(),
            "1".to_string(),
            or(event.date.as_ref().map(|d| date_precision(d.precision).to_string())),
            iso.clone(),
            iso,
            String::new(),
            String::new(),
            if civilians { best.to_string() } else { String::new() },
            if civilians { String::new() } else { best.to_string() },
            best.to_string(),
            high.to_string(),
            low.to_string(),
            gwnoa,
            gwnob,
        ])?;
        written.rows += 1;
    }
    table.flush()?;
    Ok(written)
}
