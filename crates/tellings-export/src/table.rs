//! Our own flat tables: lists within a field parted by `; `, unknown values empty.

use crate::Written;
use crate::sheet::{Head, Is, Sheet, Target};
use crate::view::View;
use std::io;
use tellings_doc::Kind;
use tellings_story::RecordEntity;

const EVENTS: [Head; 53] = [
    ("event_id", Is::Text),
    ("story_id", Is::Text),
    ("type", Is::Text),
    ("modes", Is::Text),
    ("contexts", Is::Text),
    ("cameo", Is::Text),
    ("quad", Is::Whole),
    ("plover_score", Is::Number),
    ("goldstein", Is::Number),
    ("date", Is::Text),
    ("date_precision", Is::Text),
    ("date_basis", Is::Text),
    ("date_agreement", Is::Text),
    ("place", Is::Text),
    ("place_country", Is::Text),
    ("lat", Is::Number),
    ("lon", Is::Number),
    ("geonames", Is::Whole),
    ("place_feature", Is::Text),
    ("place_agreement", Is::Text),
    ("actors", Is::Text),
    ("actor_ids", Is::Text),
    ("actor_countries", Is::Text),
    ("actor_sectors", Is::Text),
    ("recipients", Is::Text),
    ("recipient_ids", Is::Text),
    ("recipient_countries", Is::Text),
    ("recipient_sectors", Is::Text),
    ("realis", Is::Text),
    ("status", Is::Text),
    ("duration", Is::Text),
    ("weapon", Is::Text),
    ("topic", Is::Text),
    ("outcome", Is::Text),
    ("format", Is::Text),
    ("killed_low", Is::Number),
    ("killed_best", Is::Number),
    ("killed_high", Is::Number),
    ("injured_low", Is::Number),
    ("injured_best", Is::Number),
    ("injured_high", Is::Number),
    ("arrested_low", Is::Number),
    ("arrested_best", Is::Number),
    ("arrested_high", Is::Number),
    ("displaced_low", Is::Number),
    ("displaced_best", Is::Number),
    ("displaced_high", Is::Number),
    ("origins", Is::Whole),
    ("articles", Is::Whole),
    ("documents", Is::Text),
    ("disputed", Is::Text),
    ("rule", Is::Text),
    ("sentence", Is::Text),
];

const EVENT_ROWS: [Head; 21] = [
    ("event_id", Is::Text),
    ("story_id", Is::Text),
    ("story", Is::Text),
    ("type", Is::Text),
    ("realis", Is::Text),
    ("status", Is::Text),
    ("date", Is::Text),
    ("first_day", Is::Text),
    ("last_day", Is::Text),
    ("place", Is::Text),
    ("place_country", Is::Text),
    ("actors", Is::Text),
    ("actor_ids", Is::Text),
    ("actor_countries", Is::Text),
    ("recipients", Is::Text),
    ("recipient_ids", Is::Text),
    ("recipient_countries", Is::Text),
    ("agreement", Is::Text),
    ("origins", Is::Whole),
    ("articles", Is::Whole),
    ("sentence", Is::Text),
];

/// Their names.
pub(crate) const EVENT_ROW_NAMES: [&str; 21] = {
    let mut names = [""; 21];
    let mut at = 0;
    while at < names.len() {
        names[at] = EVENT_ROWS[at].0;
        at += 1;
    }
    names
};

/// Events as a store lists them.
pub(crate) fn event_rows(rows: impl IntoIterator<Item = [String; 21]>, to: Target<'_>) -> io::Result<usize> {
    let mut sheet = Sheet::new(to, &EVENT_ROWS)?;
    rows.into_iter().try_for_each(|row| sheet.row(row))?;
    sheet.end()
}

const TELLINGS: [Head; 17] = [
    ("event_id", Is::Text),
    ("story_id", Is::Text),
    ("document_id", Is::Text),
    ("outlet", Is::Text),
    ("url", Is::Text),
    ("published", Is::Text),
    ("published_basis", Is::Text),
    ("lineage", Is::Text),
    ("relation", Is::Text),
    ("start", Is::Whole),
    ("end", Is::Whole),
    ("trigger_start", Is::Whole),
    ("trigger_end", Is::Whole),
    ("attributed_to", Is::Text),
    ("realis", Is::Text),
    ("rule", Is::Text),
    ("sentence", Is::Text),
];

const CLAIMS: [Head; 18] = [
    ("claim_id", Is::Text),
    ("story_id", Is::Text),
    ("kind", Is::Text),
    ("by", Is::Text),
    ("by_id", Is::Text),
    ("by_country", Is::Text),
    ("toward", Is::Text),
    ("toward_id", Is::Text),
    ("toward_country", Is::Text),
    ("label", Is::Text),
    ("class", Is::Text),
    ("issue", Is::Text),
    ("date", Is::Text),
    ("realis", Is::Text),
    ("answered_by", Is::Text),
    ("documents", Is::Text),
    ("rule", Is::Text),
    ("words", Is::Text),
];

const QUOTES: [Head; 11] = [
    ("quote_id", Is::Text),
    ("story_id", Is::Text),
    ("speaker", Is::Text),
    ("speaker_id", Is::Text),
    ("speaker_country", Is::Text),
    ("document_id", Is::Text),
    ("start", Is::Whole),
    ("end", Is::Whole),
    ("variant", Is::Text),
    ("words", Is::Text),
    ("fullest", Is::Text),
];

const STORIES: [Head; 18] = [
    ("story_id", Is::Text),
    ("title", Is::Text),
    ("first", Is::Text),
    ("last", Is::Text),
    ("reports", Is::Whole),
    ("origins", Is::Whole),
    ("parts", Is::Whole),
    ("events", Is::Whole),
    ("claims", Is::Whole),
    ("quotes", Is::Whole),
    ("disagreements", Is::Whole),
    ("corrections", Is::Whole),
    ("parties", Is::Text),
    ("stage", Is::Text),
    ("entities", Is::Text),
    ("documents", Is::Text),
    ("merged", Is::Text),
    ("parents", Is::Text),
];

const REPORTS: [Head; 18] = [
    ("document_id", Is::Text),
    ("story_id", Is::Text),
    ("part_of", Is::Text),
    ("title", Is::Text),
    ("outlet", Is::Text),
    ("url", Is::Text),
    ("section", Is::Text),
    ("published", Is::Text),
    ("published_basis", Is::Text),
    ("authors", Is::Text),
    ("credits", Is::Text),
    ("dateline", Is::Text),
    ("language", Is::Text),
    ("bytes", Is::Whole),
    ("lineage", Is::Text),
    ("relation", Is::Text),
    ("signs", Is::Text),
    ("problems", Is::Text),
];

const ENTITIES: [Head; 11] = [
    ("entity_id", Is::Text),
    ("story_id", Is::Text),
    ("name", Is::Text),
    ("kind", Is::Text),
    ("country", Is::Text),
    ("sectors", Is::Text),
    ("roles", Is::Text),
    ("named", Is::Text),
    ("mentions", Is::Whole),
    ("documents", Is::Text),
    ("rule", Is::Text),
];

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
pub(crate) fn events(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &EVENTS)?;
    let counts = ["killed", "injured", "arrested", "displaced"];
    for told in view.events() {
        let event = told.event;
        let (date, place) = (event.date.as_ref(), event.place.as_ref());
        let found = view.place(event);
        let mut row = vec![
            event.id.clone(),
            told.story.id.clone(),
            event.kind.as_str().to_string(),
            list(event.modes.iter().map(|m| m.as_str())),
            list(event.contexts.iter().map(|c| c.as_str())),
            event.cameo.to_string(),
            crate::codes::plover_quad(event.kind).to_string(),
            format!("{:.1}", view.score(event)),
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
        table.row(&row)?;
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row for each telling of each event.
pub(crate) fn tellings(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &TELLINGS)?;
    for told in view.events() {
        for telling in &told.event.tellings {
            let document = view.document(telling.at.document);
            let lineage = told.story.lineages.get(telling.lineage);
            let relation =
                lineage.and_then(|l| l.documents.iter().find(|(d, _)| *d == telling.at.document)).map(|(_, r)| r.as_str());
            let (start, end) = (telling.at.span.start().to_string(), telling.at.span.end().to_string());
            table.row([
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
        }
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row a claim.
pub(crate) fn claims(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &CLAIMS)?;
    for story in &view.record.stories {
        for claim in &story.claims {
            let [by, toward] = [&claim.by, &claim.toward].map(|id| id.as_deref().and_then(|id| view.entity(story, id)));
            let documents = {
                let mut all: Vec<usize> = claim.tellings.iter().map(|c| c.document).collect();
                all.dedup();
                list(all.iter().map(|&d| view.document(d).id.as_str()))
            };
            table.row([
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
        }
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row for each telling of each quote.
pub(crate) fn quotes(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &QUOTES)?;
    for story in &view.record.stories {
        for quote in &story.quotes {
            let speaker = quote.speaker.as_deref().and_then(|id| view.entity(story, id));
            for (at, variant) in &quote.tellings {
                table.row([
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
            }
        }
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row a story.
pub(crate) fn stories(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &STORIES)?;
    for story in &view.record.stories {
        let named = story.entities.iter().filter(|e| !e.generic && matches!(e.kind, Kind::Per | Kind::Org | Kind::Gpe));
        table.row([
            story.id.clone(),
            story.title.clone(),
            or_empty(story.first.as_ref()),
            or_empty(story.last.as_ref()),
            story.documents.len().to_string(),
            story.lineages.len().to_string(),
            story.parts.len().to_string(),
            story.events.len().to_string(),
            story.claims.len().to_string(),
            story.quotes.len().to_string(),
            story.disagreements.len().to_string(),
            story.corrections.len().to_string(),
            list(story.negotiation.parties.iter().map(|p| p.name.as_str())),
            or_empty(story.negotiation.stages.last().map(|s| s.value)),
            list(named.take(10).map(|e| e.name.as_str())),
            list(story.documents.iter().map(|&d| view.document(d).id.as_str())),
            story.merged.join("; "),
            story.parents.join("; "),
        ])?;
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row a report.
pub(crate) fn reports(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &REPORTS)?;
    for (d, document) in view.record.documents.iter().enumerate() {
        let main = view.record.stories.iter().find(|s| s.documents.contains(&d));
        let part = view.record.stories.iter().filter(|s| s.parts.iter().any(|p| p.at.document == d));
        let descent =
            main.and_then(|s| s.lineages.iter().find_map(|l| Some((l.origin, l.documents.iter().find(|at| at.0 == d)?.1))));
        let (article, published) = (&view.doc(d).article, document.published.as_ref());
        table.row([
            document.id.clone(),
            or_empty(main.map(|s| &s.id)),
            list(part.map(|s| s.id.as_str())),
            or_empty(document.title.as_ref()),
            view.outlet(d).to_string(),
            or_empty(document.source.url.as_ref()),
            or_empty(document.source.section.as_ref()),
            or_empty(published.map(|p| &p.value)),
            or_empty(published.map(|p| p.basis.as_str())),
            list(&article.bylines),
            list(&document.credits),
            or_empty(article.dateline.as_ref().map(|d| &d.place)),
            or_empty(article.language.as_ref()),
            article.text.len().to_string(),
            or_empty(descent.map(|(origin, _)| &view.document(origin).id)),
            or_empty(descent.map(|(_, relation)| relation.as_str())),
            list(&document.signs),
            list(article.problems.iter().map(|p| p.kind)),
        ])?;
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}

/// One row for everybody and everything of a story.
pub(crate) fn entities(view: &View<'_>, to: Target<'_>) -> io::Result<Written> {
    let mut table = Sheet::new(to, &ENTITIES)?;
    for story in &view.record.stories {
        for entity in &story.entities {
            let mut documents: Vec<usize> = entity.mentions.iter().map(|m| m.document).collect();
            documents.sort_unstable();
            documents.dedup();
            let mut roles: Vec<&str> = Vec::new();
            for (role, _) in &entity.roles {
                if !roles.contains(&role.as_str()) {
                    roles.push(role);
                }
            }
            table.row([
                entity.id.clone(),
                story.id.clone(),
                entity.name.clone(),
                entity.kind.as_str().to_string(),
                or_empty(entity.country.as_ref()),
                entity.sectors.join("; "),
                list(roles),
                if entity.generic { "generic" } else { "named" }.to_string(),
                entity.mentions.len().to_string(),
                list(documents.iter().map(|&d| view.document(d).id.as_str())),
                entity.rule.to_string(),
            ])?;
        }
    }
    Ok(Written { rows: table.end()?, ..Written::default() })
}
