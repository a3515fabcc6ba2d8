//! Our own flat tables: CSV with a header, lists within a field parted by `; `, unknown values empty.

use crate::Written;
use crate::view::View;
use std::io::{self, Write};
use tellings_story::RecordEntity;

fn writer(out: &mut dyn Write) -> csv::Writer<&mut dyn Write> {
    csv::Writer::from_writer(out)
}

fn list<S: AsRef<str>>(values: impl IntoIterator<Item = S>) -> String {
    let values: Vec<String> = values.into_iter().map(|v| v.as_ref().to_string()).collect();
    values.join("; ")
}

fn names(entities: &[&RecordEntity]) -> [String; 4] {
    [
        list(entities.iter().map(|e| e.name.as_str())),
        list(entities.iter().map(|e| e.id.as_str())),
        list(entities.iter().map(|e| e.country.as_deref().unwrap_or("-"))),
        list(entities.iter().map(|e| if e.sectors.is_empty() { "-".to_string() } else { e.sectors.join(",") })),
    ]
}

fn or_empty<T: ToString>(value: Option<T>) -> String {
    value.map_or(String::new(), |v| v.to_string())
}

/// One row an event.
pub(crate) fn events(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut table = writer(out);
    let counts = ["killed", "injured", "arrested", "displaced"];
    let mut head: Vec<String> = [
        "event_id",
        "story_id",
        "type",
        "modes",
        "contexts",
        "cameo",
        "quad",
        "plover_score",
        "goldstein",
        "date",
        "date_precision",
        "date_basis",
        "date_agreement",
        "place",
        "place_country",
        "lat",
        "lon",
        "geonames",
        "place_feature",
        "place_agreement",
        "actors",
        "actor_ids",
        "actor_countries",
        "actor_sectors",
        "recipients",
        "recipient_ids",
        "recipient_countries",
        "recipient_sectors",
        "realis",
        "status",
        "duration",
        "weapon",
        "topic",
        "outcome",
        "format",
    ]
    .map(String::from)
    .to_vec();
    head.extend(counts.iter().flat_map(|c| ["low", "best", "high"].map(|part| format!("{c}_{part}"))));
    head.extend(["origins", "articles", "documents", "disputed", "rule", "sentence"].map(String::from));
    table.write_record(&head)?;
    let mut written = Written::default();
    for told in view.events() {
        let event = told.event;
        let (date, place) = (event.date.as_ref(), event.place.as_ref());
        let found = view.place(event);
        let modes = event.modes.iter().filter_map(|m| m.score(event.kind));
        let score = modes.fold(None, |worst: Option<f32>, s| Some(worst.map_or(s, |w| if s.abs() > w.abs() { s } else { w })));
        let mut row = vec![
            event.id.clone(),
            told.story.id.clone(),
            event.kind.as_str().to_string(),
            list(event.modes.iter().map(|m| m.as_str())),
            list(event.contexts.iter().map(|c| c.as_str())),
            event.cameo.to_string(),
            crate::codes::plover_quad(event.kind).to_string(),
            format!("{:.1}", score.unwrap_or(event.kind.score())),
            or_empty(crate::codes::goldstein(&event.cameo).map(|g| format!("{g:.1}"))),
            or_empty(date.map(|d| &d.value)),
            or_empty(date.map(|d| d.precision.as_str())),
            or_empty(date.map(|d| d.basis.as_str())),
            or_empty(date.map(|d| d.agreement.as_str())),
            or_empty(place.map(|p| &p.name)),
            or_empty(place.and_then(|p| p.country.as_ref())),
            or_empty(place.and_then(|p| p.lat)),
            or_empty(place.and_then(|p| p.lon)),
            or_empty(found.and_then(|p| p.geonames)),
            or_empty(found.map(|p| &p.feature)),
            or_empty(place.map(|p| p.agreement.as_str())),
        ];
        row.extend(names(&view.entities(told.story, &event.actors)));
        row.extend(names(&view.entities(told.story, &event.recipients)));
        row.extend([event.realis.as_str().to_string(), event.status.to_string()]);
        row.extend(["duration", "weapon", "topic", "outcome", "format"].map(|fact| list(view.fact(event, fact))));
        for count in counts {
            let bounds = view.count(event, count);
            row.extend((0..3).map(|i| or_empty(bounds.map(|b| b[i]))));
        }
        let disputed = told.story.disagreements.iter().filter(|d| d.about == event.id).map(|d| d.attribute.as_str());
        row.extend([
            event.origins.to_string(),
            event.articles.to_string(),
            list(view.tellers(event).iter().map(|&d| view.document(d).id.as_str())),
            list(disputed),
            event.rule.to_string(),
            or_empty(event.tellings.first().map(|t| view.words(&t.at))),
        ]);
        table.write_record(&row)?;
        written.rows += 1;
    }
    table.flush()?;
    Ok(written)
}

/// One row for each telling of each event.
pub(crate) fn tellings(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut table = writer(out);
    table.write_record([
        "event_id",
        "story_id",
        "document_id",
        "outlet",
        "url",
        "published",
        "published_basis",
        "lineage",
        "relation",
        "start",
        "end",
        "trigger_start",
        "trigger_end",
        "attributed_to",
        "realis",
        "rule",
        "sentence",
    ])?;
    let mut written = Written::default();
    for told in view.events() {
        for telling in &told.event.tellings {
            let document = view.document(telling.at.document);
            let lineage = told.story.lineages.get(telling.lineage);
            let relation =
                lineage.and_then(|l| l.documents.iter().find(|(d, _)| *d == telling.at.document)).map(|(_, r)| r.as_str());
            let (start, end) = (telling.at.span.start().to_string(), telling.at.span.end().to_string());
            table.write_record([
                told.event.id.as_str(),
                &told.story.id,
                &document.id,
                view.outlet(telling.at.document),
                document.source.url.as_deref().unwrap_or(""),
                document.published.as_ref().map_or("", |p| p.value.as_str()),
                document.published.as_ref().map_or("", |p| p.basis.as_str()),
                lineage.map_or("", |l| view.document(l.origin).id.as_str()),
                relation.unwrap_or(""),
                &start,
                &end,
                &telling.trigger.start().to_string(),
                &telling.trigger.end().to_string(),
                telling.attributed_to.as_deref().unwrap_or(""),
                telling.realis.as_str(),
                &telling.rule,
                view.words(&telling.at),
            ])?;
            written.rows += 1;
        }
    }
    table.flush()?;
    Ok(written)
}

/// One row a claim.
pub(crate) fn claims(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut table = writer(out);
    table.write_record([
        "claim_id",
        "story_id",
        "kind",
        "by",
        "by_id",
        "by_country",
        "toward",
        "toward_id",
        "toward_country",
        "label",
        "class",
        "issue",
        "date",
        "realis",
        "answered_by",
        "documents",
        "rule",
        "words",
    ])?;
    let mut written = Written::default();
    for story in &view.record.stories {
        for claim in &story.claims {
            let [by, toward] = [&claim.by, &claim.toward].map(|id| id.as_deref().and_then(|id| view.entity(story, id)));
            let documents = {
                let mut all: Vec<usize> = claim.tellings.iter().map(|c| c.document).collect();
                all.dedup();
                list(all.iter().map(|&d| view.document(d).id.as_str()))
            };
            table.write_record([
                claim.id.as_str(),
                &story.id,
                claim.kind.as_str(),
                by.map_or("", |e| e.name.as_str()),
                claim.by.as_deref().unwrap_or(""),
                by.and_then(|e| e.country.as_deref()).unwrap_or(""),
                toward.map_or("", |e| e.name.as_str()),
                claim.toward.as_deref().unwrap_or(""),
                toward.and_then(|e| e.country.as_deref()).unwrap_or(""),
                claim.label.as_deref().unwrap_or(""),
                claim.class.unwrap_or(""),
                claim.issue.as_deref().unwrap_or(""),
                claim.date.as_ref().map_or("", |d| d.value.as_str()),
                claim.realis.as_str(),
                &claim.answered_by.join("; "),
                &documents,
                &claim.rule,
                claim.tellings.first().map_or("", |c| view.words(c)),
            ])?;
            written.rows += 1;
        }
    }
    table.flush()?;
    Ok(written)
}

/// One row for each telling of each quote.
pub(crate) fn quotes(view: &View<'_>, out: &mut dyn Write) -> io::Result<Written> {
    let mut table = writer(out);
    table.write_record([
        "quote_id",
        "story_id",
        "speaker",
        "speaker_id",
        "speaker_country",
        "document_id",
        "start",
        "end",
        "variant",
        "words",
        "fullest",
    ])?;
    let mut written = Written::default();
    for story in &view.record.stories {
        for quote in &story.quotes {
            let speaker = quote.speaker.as_deref().and_then(|id| view.entity(story, id));
            for (at, variant) in &quote.tellings {
                table.write_record([
                    quote.id.as_str(),
                    &story.id,
                    speaker.map_or("", |e| e.name.as_str()),
                    quote.speaker.as_deref().unwrap_or(""),
                    speaker.and_then(|e| e.country.as_deref()).unwrap_or(""),
                    &view.document(at.document).id,
                    &at.span.start().to_string(),
                    &at.span.end().to_string(),
                    variant,
                    view.words(at),
                    &quote.text,
                ])?;
                written.rows += 1;
            }
        }
    }
    table.flush()?;
    Ok(written)
}
