//! Phoenix, the daily files of the Open Event Data Alliance: 26 columns, tab-separated, without a header.

use crate::view::{Day, View, number};
use crate::{Written, codes};
use std::io::{self, Write};
use tellings_story::RecordEntity;

fn actor(entity: Option<&RecordEntity>) -> [String; 4] {
    let Some(entity) = entity else { return Default::default() };
    let country = entity.country.as_deref().map_or("", codes::cameo);
    let role = entity.sectors.first().map_or("", String::as_str);
    let rest = entity.sectors.get(1..).unwrap_or_default().join(";");
    [format!("{country}{role}{}", rest.replace(';', "")), country.to_string(), role.to_string(), rest]
}

/// One row a dyad of each event that took place, has a code and a known day.
pub(crate) fn write(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let (real, unreal) = view.actual();
    let mut written = Written { unreal, ..Written::default() };
    for told in real {
        let event = told.event;
        let Some((day, packed)) = view.day(event).and_then(|d| Some((d, d.packed()?))).filter(|_| !event.cameo.is_empty()) else {
            written.unfit += 1;
            continue;
        };
        let Day { year, month, day } = day;
        let code = event.cameo.as_ref();
        let tellers = view.tellers(event);
        let sentences: Vec<String> =
            (event.tellings.iter()).map(|t| format!("{}_{}", view.document(t.at.document).id, view.sentence(&t.at))).collect();
        let issues: Vec<String> = view.fact(event, "topic").iter().map(|t| format!("{t},1")).collect();
        let at = event.place.as_ref();
        for dyad in view.dyads(told) {
            let pair = [dyad.0, dyad.1].map(|e| e.map_or("", |e| e.id.as_str()));
            let mut row = vec![
                format!("{}_{}", number(&[&told.story.id, &event.id, pair[0], pair[1]]), env!("CARGO_PKG_VERSION")),
                packed.clone(),
                year.to_string(),
                month.map_or(String::new(), |m| m.to_string()),
                day.map_or(String::new(), |d| d.to_string()),
            ];
            row.extend(actor(dyad.0));
            row.extend(actor(dyad.1));
            row.extend([
                code.to_string(),
                code.get(..2).unwrap_or(code).to_string(),
                codes::phoenix_quad(code).to_string(),
                codes::goldstein(code).map_or(String::new(), |g| format!("{g:.1}")),
                issues.join(";"),
                at.and_then(|p| p.lat).map_or(String::new(), |v| v.to_string()),
                at.and_then(|p| p.lon).map_or(String::new(), |v| v.to_string()),
                at.map_or(String::new(), |p| p.name.clone()),
                String::new(),
                at.and_then(|p| p.country.clone()).unwrap_or_default(),
                sentences.join(";"),
                tellers.iter().map(|&d| view.address(d)).collect::<Vec<_>>().join(";"),
                tellers.iter().map(|&d| view.outlet(d)).collect::<Vec<_>>().join(";"),
            ]);
            crate::sheet::tabbed(&row, out)?;
            written.rows += 1;
        }
    }
    Ok(written)
}
