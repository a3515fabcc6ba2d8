//! `tellings show`: a report, a story, an event or an entity of a store.

use super::events::{behind, line, what};
use super::store::At;
use anyhow::Result;
use std::io::Write;
use std::process::ExitCode;
use tellings::store::{Database, Store, Stored, StoryRow, pages};

/// Show a report, a story, an event, or somebody, that is in the store
#[derive(clap::Args)]
#[command(after_help = "Examples:
  tellings show norwire-0905                a report: its text
  tellings show --reading norwire-0905      what was read in it, as JSON
  tellings show --raw page-12 > page.html   its bytes as they came
  tellings show s-41d05f65a7bb              a story: reports and who copies whom, who is who, what happened
  tellings show v-1f0c9a3b77                an event: its values, and how each report tells it
  tellings show \"Sergey Lavrov\"             somebody: offices, stories, events; by name or id
  tellings show --json s-41d05f65a7bb       the whole record of a story")]
pub(crate) struct Show {
    /// Id of a report, story, event or entity; or an entity's name
    id: String,
    #[command(flatten)]
    at: At,
    /// Of a report: the bytes as they came
    #[arg(long, conflicts_with = "reading")]
    raw: bool,
    /// Of a report: its reading, as JSON
    #[arg(long)]
    reading: bool,
    /// As JSON: of a report its reading, of a story its record
    #[arg(long)]
    json: bool,
}

pub(crate) fn show(args: &Show) -> Result<ExitCode> {
    let store = args.at.read()?;
    let mut out = std::io::stdout().lock();
    let shown = show_document(args, &store, &mut out)?
        || !(args.raw || args.reading)
            && (show_story(args, &store, &mut out)?
                || show_event(args, &store, &mut out)?
                || show_entity(args, &store, &mut out)?);
    out.flush()?;
    if !shown {
        eprintln!("tellings: nothing is called `{}` in `{}`", args.id, args.at.store.display());
    }
    Ok(ExitCode::from(u8::from(!shown)))
}

fn show_document(args: &Show, store: &Database, out: &mut impl Write) -> Result<bool> {
    let Some(stored) = store.document(&args.id)? else { return Ok(false) };
    let Stored { entry, run, number, by } = &stored;
    if args.raw {
        out.write_all(&entry.raw)?;
    } else if args.reading || args.json {
        out.write_all(&entry.reading)?;
    } else {
        writeln!(out, "{}", entry.title.as_deref().unwrap_or(&entry.id))?;
        let from = [entry.outlet.as_deref(), entry.url.as_deref(), entry.path.as_deref()];
        let about = [entry.published.as_deref().or(Some("undated")), entry.basis.as_deref()].into_iter().chain(from).flatten();
        writeln!(out, "{}", about.collect::<Vec<_>>().join(" · "))?;
        for story in store.stories_of(*number)? {
            writeln!(out, "story {}  {}", story.id, story.title)?;
        }
        writeln!(out, "read in run {by} by version {}\n\n{}", run.program, entry.text.trim_end())?;
    }
    Ok(true)
}

/// One line of a list of stories.
pub(crate) fn story_line(story: &StoryRow, out: &mut impl Write) -> std::io::Result<()> {
    let days = match (story.first.as_deref(), story.last.as_deref()) {
        (Some(first), Some(last)) if first == last => first.to_string(),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "undated".to_string(),
    };
    let count = |n: u64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    let mut size = count(story.documents, "report", "reports");
    if story.parts > 0 {
        size = format!("{size} and {}", count(story.parts, "part of another", "parts of others"));
    }
    writeln!(out, "{}  {}", story.id, story.title)?;
    writeln!(out, "    {days} · {size} · {}", count(story.origins, "origin", "origins"))
}

fn show_story(args: &Show, store: &Database, out: &mut impl Write) -> Result<bool> {
    let Some(story) = store.story(&args.id)? else { return Ok(false) };
    let record = store.record(story.number)?;
    if args.json {
        match record {
            Some(record) => out.write_all(&record.body)?,
            None => behind(store)?,
        }
        return Ok(true);
    }
    story_line(&story, out)?;
    if story.id != args.id {
        writeln!(out, "    `{}` became part of it", args.id)?;
    }
    let outline = pages::outline(store, &story)?;
    outline.merged.iter().try_for_each(|id| writeln!(out, "    was also {id}"))?;
    outline.parents.first().map_or(Ok(()), |id| writeln!(out, "    split from {id}"))?;
    writeln!(out, "\nReports")?;
    let members = store.members(story.number)?;
    for lineage in &outline.lineages {
        for (id, relation) in &lineage.documents {
            let of = if *id == lineage.origin { String::new() } else { format!("  of {}", lineage.origin) };
            let day = members.iter().find(|m| m.id == *id).and_then(|m| m.published.clone());
            let day = day.as_deref().map_or("undated   ", |d| d.split('T').next().unwrap_or(d));
            writeln!(out, "  {day}  {:9} {id}{of}", relation.as_str())?;
        }
    }
    let value: serde_json::Value = record.and_then(|r| serde_json::from_slice(&r.body).ok()).unwrap_or_default();
    let told = &value["stories"][0];
    let text = |v: &serde_json::Value| v.as_str().unwrap_or_default().to_string();
    let entities: Vec<&serde_json::Value> =
        told["entities"].as_array().into_iter().flatten().filter(|e| e["generic"] != true).take(12).collect();
    if !entities.is_empty() {
        writeln!(out, "\nWho is who")?;
    }
    for e in entities {
        let role = e["roles"][0]["role"].as_str().map_or_else(String::new, |r| format!(", {r}"));
        writeln!(out, "  {}{role}  [{}]", text(&e["name"]), text(&e["id"]))?;
    }
    let search = tellings::store::RecordEventSearch { story: Some(story.number), limit: 10_000, ..Default::default() };
    let events = store.record_events(&search)?;
    if !events.is_empty() {
        writeln!(out, "\nWhat happened")?;
    }
    for event in &events {
        writeln!(out, "  {}  {}  [{}]", event.date.as_deref().unwrap_or("undated   "), what(event), event.id)?;
    }
    let differing = told["disagreements"].as_array().cloned().unwrap_or_default();
    if !differing.is_empty() {
        writeln!(out, "\nWhere the reports differ")?;
    }
    for d in &differing {
        writeln!(out, "  {}  [{}]", text(&d["note"]), text(&d["about"]))?;
    }
    let (claims, quotes) = [&told["claims"], &told["quotes"]].map(|list| list.as_array().map_or(0, Vec::len)).into();
    writeln!(
        out,
        "\n{claims} claims, {quotes} quotes; `tellings brief --store {} {}` tells it",
        args.at.store.display(),
        story.id
    )?;
    if !story.fresh {
        behind(store)?;
    }
    Ok(true)
}

fn show_event(args: &Show, store: &Database, out: &mut impl Write) -> Result<bool> {
    let search = tellings::store::RecordEventSearch { id: Some(args.id.clone()), limit: 2, ..Default::default() };
    let found = store.record_events(&search)?;
    let Some(event) = found.first() else { return Ok(false) };
    let tellings = pages::tellings(store, event)?;
    let mut value = pages::event(event);
    if args.json {
        for (at, told) in tellings.iter().enumerate() {
            let telling = &mut value["tellings"][at];
            telling["words"] = told.words.clone().into();
            telling["outlet"] = told.outlet.clone().into();
            telling["published"] = told.published.clone().into();
        }
        writeln!(out, "{value}")?;
        return Ok(true);
    }
    line(event, out)?;
    writeln!(out, "    of {}  {}", event.story, event.title)?;
    let text = |v: &serde_json::Value| v.as_str().unwrap_or("-").to_string();
    let list =
        |v: &serde_json::Value| v.as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect::<Vec<_>>().join(" ");
    writeln!(out, "\nValues")?;
    let coded = [text(&value["cameo"]), list(&value["modes"]), list(&value["contexts"])].join(" ");
    writeln!(out, "  {:12}{} {}", "type", event.kind.as_deref().unwrap_or("-"), coded.trim_end())?;
    writeln!(out, "  {:12}{} ({}, {})", "realis", event.realis, event.status, text(&value["rule"]))?;
    let date = &value["date"];
    if event.date.is_some() {
        writeln!(out, "  {:12}{} ({}, {})", "date", text(&date["value"]), text(&date["basis"]), text(&date["agreement"]))?;
    }
    if let Some(place) = &event.place {
        let country = event.country.as_deref().unwrap_or("-");
        writeln!(out, "  {:12}{place}, {country} ({})", "place", text(&value["place"]["agreement"]))?;
    }
    for p in &event.participants {
        let country = p.country.as_deref().map_or_else(String::new, |c| format!(", {c}"));
        writeln!(out, "  {:12}{}{country}  [{}]", p.role, p.name, p.entity)?;
    }
    for fact in value["facts"].as_array().into_iter().flatten() {
        let values: Vec<String> = (fact["values"].as_array().into_iter().flatten())
            .map(|v| {
                let by = v["tellings"].as_array().map_or(0, Vec::len);
                let back = if v["superseded"] == true { ", taken back" } else { "" };
                format!("{} ({by} of {}{back})", text(&v["value"]), tellings.len())
            })
            .collect();
        writeln!(out, "  {:12}{} · {}", text(&fact["attribute"]), values.join("; "), text(&fact["agreement"]))?;
    }
    let plural = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
    writeln!(out, "\n{} in {}", plural(tellings.len(), "telling"), plural(event.origins as usize, "independent lineage"))?;
    for told in &tellings {
        let from = [told.published.as_deref().or(Some("undated")), told.outlet.as_deref()];
        let from = from.into_iter().flatten().collect::<Vec<_>>().join("  ");
        writeln!(out, "  {from}  [{}:{}-{}], lineage {}", told.document, told.span.0, told.span.1, told.lineage)?;
        writeln!(out, "    {}", told.words)?;
    }
    Ok(true)
}

fn show_entity(args: &Show, store: &Database, out: &mut impl Write) -> Result<bool> {
    let found = pages::entities(store, &args.id, 5, 1000)?;
    if args.json && !found.is_empty() {
        let all: Vec<serde_json::Value> = (found.iter())
            .map(|page| {
                let e = &page.entity;
                serde_json::json!({
                    "id": e.id, "name": e.name, "kind": e.kind, "country": e.country, "roles": page.roles, "mentions": page.mentions,
                    "stories": page.stories.iter().map(|(s, n)| serde_json::json!({"id": s.id, "title": s.title, "mentions": n})).collect::<Vec<_>>(),
                    "events": page.events.iter().map(pages::event).collect::<Vec<_>>(),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::json!({"schema": "tellings.entities/1", "entities": all}))?;
        return Ok(true);
    }
    for (n, page) in found.iter().enumerate() {
        let e = &page.entity;
        let country = e.country.as_deref().map_or_else(String::new, |c| format!(" · {c}"));
        writeln!(
            out,
            "{}{}  [{}]\n    {}{country} · {} mentions",
            if n > 0 { "\n" } else { "" },
            e.name,
            e.id,
            e.kind,
            page.mentions
        )?;
        page.roles.iter().try_for_each(|role| writeln!(out, "    {role}"))?;
        writeln!(out, "\nStories")?;
        for (story, mentions) in page.stories.iter().take(10) {
            writeln!(out, "  {}  {} ({mentions})", story.id, story.title)?;
        }
        if !page.events.is_empty() {
            writeln!(out, "\nEvents")?;
        }
        for event in page.events.iter().take(50) {
            writeln!(out, "  {}  {}  [{}]", event.date.as_deref().unwrap_or("undated   "), what(event), event.id)?;
        }
    }
    Ok(!found.is_empty())
}
