//! The record as a folder of notes: Markdown with YAML front matter, linked by their paths, as note-taking programs read them.

use crate::Note;
use crate::view::{Told, View};
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use tellings_story::{Citation, RecordEntity, Story};

/// Letters of a file's name.
const LONGEST: usize = 60;

/// All notes, by path.
pub(crate) fn notes(view: &View<'_>) -> Vec<Note> {
    let names = Names::new(view);
    let mut notes = vec![index(view, &names)];
    notes.extend(view.record.stories.iter().map(|s| story(view, &names, s)));
    notes.extend(view.events().map(|told| event(view, &names, told)));
    notes.extend(entities(view, &names));
    notes.extend((0..view.record.documents.len()).map(|d| report(view, &names, d)));
    notes.sort_by(|a, b| a.path.cmp(&b.path));
    notes
}

/// Where the note of each thing is, without its ending.
struct Names<'a> {
    stories: HashMap<&'a str, String>,
    events: HashMap<&'a str, String>,
    entities: HashMap<&'a str, String>,
    reports: Vec<String>,
}

impl<'a> Names<'a> {
    fn new(view: &View<'a>) -> Names<'a> {
        let mut taken = HashMap::new();
        let stories = view.record.stories.iter().map(|s| (s.id.as_str(), path(&mut taken, "stories", &s.title, &s.id)));
        let stories = stories.collect();
        let title = |t: Told<'_>| format!("{} {}", t.event.date.as_ref().map_or("", |d| &d.value), t.event.kind.as_str());
        let events = view.events().map(|t| (t.event.id.as_str(), path(&mut taken, "events", &title(t), &t.event.id))).collect();
        let mut entities = HashMap::new();
        for entity in view.record.stories.iter().flat_map(|s| &s.entities).filter(|e| !e.generic) {
            let name = || path(&mut taken, "entities", &entity.name, &entity.id);
            entities.entry(entity.id.as_str()).or_insert_with(name);
        }
        let reports = view.record.documents.iter().map(|d| path(&mut taken, "reports", &d.id, &d.id)).collect();
        Names { stories, events, entities, reports }
    }

    fn entity(&self, entity: &RecordEntity) -> String {
        link(self.entities.get(entity.id.as_str()), &entity.name)
    }
}

/// A path that every system can write and that no other note has.
fn path(taken: &mut HashMap<String, usize>, folder: &str, title: &str, id: &str) -> String {
    let plain = |words: &str| {
        let letters = words.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect::<String>();
        letters.split_whitespace().collect::<Vec<_>>().join("-").chars().take(LONGEST).collect::<String>().to_lowercase()
    };
    let mut name = plain(title);
    if name.is_empty() {
        name = plain(id);
    }
    let path = format!("{folder}/{name}");
    let count = taken.entry(path.clone()).or_insert(0);
    *count += 1;
    if *count == 1 { path } else { format!("{path}-{count}") }
}

/// A link to a note; the words alone where there is none.
fn link(path: Option<&String>, words: &str) -> String {
    let words = words_only(words);
    path.map_or(words.clone(), |path| format!("[[{path}|{words}]]"))
}

/// Words that are no markup: of a line, with nothing that opens a link, a heading, a tag or code.
fn words_only(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '~' | '$' | '!' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_whitespace() || c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.trim().to_string()
}

/// Front matter: every value a quoted string, a number or a list of them.
struct Front(String);

impl Front {
    fn new(kind: &str, id: &str) -> Front {
        let mut front = Front("---\n".to_string());
        front.text("type", kind);
        front.text("id", id);
        front
    }

    /// JSON's strings are strings of YAML.
    fn quoted(value: &str) -> String {
        serde_json::Value::String(
            value.chars().filter(|c| !matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}')).collect(),
        )
        .to_string()
    }

    fn text(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            let _ = writeln!(self.0, "{key}: {}", Self::quoted(value));
        }
    }

    fn number(&mut self, key: &str, value: usize) {
        let _ = writeln!(self.0, "{key}: {value}");
    }

    fn list<S: AsRef<str>>(&mut self, key: &str, values: impl IntoIterator<Item = S>) {
        let values: Vec<String> = values.into_iter().map(|v| Self::quoted(v.as_ref())).collect();
        if !values.is_empty() {
            let _ = writeln!(self.0, "{key}: [{}]", values.join(", "));
        }
    }

    /// The note: front matter, heading, and room for what follows.
    fn heading(mut self, title: &str) -> String {
        let _ = write!(self.0, "---\n\n# {}\n", words_only(title));
        self.0
    }
}

fn section(out: &mut String, title: &str, lines: impl IntoIterator<Item = String>) {
    let lines: Vec<String> = lines.into_iter().collect();
    if !lines.is_empty() {
        let _ = write!(out, "\n## {title}\n\n{}\n", lines.join("\n"));
    }
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The words of a citation and the report they stand in.
fn cited(view: &View<'_>, names: &Names<'_>, at: &Citation) -> String {
    format!("> {}\n> ({})", words_only(view.words(at)), link(names.reports.get(at.document), &view.document(at.document).id))
}

/// One line that tells an event: day, type, who to whom, where.
fn line(view: &View<'_>, names: &Names<'_>, told: Told<'_>) -> String {
    let event = told.event;
    let people = |ids: &[String]| {
        let named = ids.iter().filter_map(|id| told.story.entities.iter().find(|e| &e.id == id));
        named.map(|e| names.entity(e)).collect::<Vec<_>>().join(", ")
    };
    let (actors, recipients) = (people(&event.actors), people(&event.recipients));
    let mut out = format!("- {}", event.date.as_ref().map_or("undated", |d| d.value.as_str()));
    let _ = write!(out, " {}", link(names.events.get(event.id.as_str()), event.kind.as_str()));
    if !actors.is_empty() {
        let _ = write!(out, " by {actors}");
    }
    if !recipients.is_empty() {
        let _ = write!(out, " to {recipients}");
    }
    if let Some(place) = &event.place {
        let _ = write!(out, ", {}", words_only(&place.name));
    }
    let _ = write!(out, " ({}, {})", event.status, counted(event.origins, "origin"));
    let first = event.tellings.first().map_or("", |t| view.words(&t.at));
    if !first.is_empty() {
        let _ = write!(out, ": {}", words_only(first));
    }
    out
}

fn index(view: &View<'_>, names: &Names<'_>) -> Note {
    let mut front = Front::new("record", "record");
    front.number("stories", view.record.stories.len());
    front.number("reports", view.record.documents.len());
    let mut out = front.heading("Record");
    let lines = view.record.stories.iter().map(|s| {
        let days = [&s.first, &s.last].map(|day| day.as_deref().unwrap_or("undated"));
        let days = if days[0] == days[1] { days[0].to_string() } else { days.join(" to ") };
        format!("- {} ({days}, {})", link(names.stories.get(s.id.as_str()), &s.title), counted(s.documents.len(), "report"))
    });
    section(&mut out, "Stories", lines);
    Note { path: "index.md".to_string(), text: out }
}

fn story(view: &View<'_>, names: &Names<'_>, story: &Story) -> Note {
    let mut front = Front::new("story", &story.id);
    front.text("first", story.first.as_deref().unwrap_or(""));
    front.text("last", story.last.as_deref().unwrap_or(""));
    front.number("reports", story.documents.len());
    front.number("origins", story.lineages.len());
    front.list("parties", story.negotiation.parties.iter().map(|p| p.name.as_str()));
    front.text("stage", story.negotiation.stages.last().map_or("", |s| s.value));
    let mut out = front.heading(&story.title);
    let mut events: Vec<usize> = (0..story.events.len()).collect();
    let place = |e: usize| story.timeline.iter().position(|id| *id == story.events[e].id).unwrap_or(usize::MAX);
    events.sort_by_key(|&e| place(e));
    let told = |e: usize| Told { story, event: &story.events[e] };
    section(&mut out, "Events", events.into_iter().map(|e| line(view, names, told(e))));
    let named = story.entities.iter().filter(|e| !e.generic);
    section(
        &mut out,
        "Who and what",
        named.map(|e| {
            let role = e.roles.first().map_or(String::new(), |(role, _)| format!(", {}", words_only(role)));
            format!("- {}{role} ({})", names.entity(e), counted(e.mentions.len(), "mention"))
        }),
    );
    section(
        &mut out,
        "Quotes",
        story.quotes.iter().map(|q| {
            let speaker = q.speaker.as_ref().and_then(|id| story.entities.iter().find(|e| &e.id == id));
            let by = speaker.map_or("nobody named".to_string(), |e| names.entity(e));
            let at = q.tellings.first().map_or(String::new(), |(at, _)| {
                format!(" ({})", link(names.reports.get(at.document), &view.document(at.document).id))
            });
            format!("- {by}: “{}”{at}", words_only(&q.text))
        }),
    );
    section(&mut out, "Where reports differ", story.disagreements.iter().map(|d| format!("- {}", words_only(&d.note))));
    section(&mut out, "Corrections", story.corrections.iter().map(|c| format!("- {}", words_only(&c.note))));
    section(&mut out, "Reports", story.documents.iter().map(|&d| format!("- {}", told_report(view, names, d))));
    Note { path: format!("{}.md", names.stories[story.id.as_str()]), text: out }
}

fn told_report(view: &View<'_>, names: &Names<'_>, d: usize) -> String {
    let document = view.document(d);
    let day = document.published.as_ref().map_or("undated", |p| p.value.as_str());
    let title = document.title.as_deref().unwrap_or(&document.id);
    format!("{day} {} ({})", link(names.reports.get(d), title), words_only(view.outlet(d)))
}

fn event(view: &View<'_>, names: &Names<'_>, told: Told<'_>) -> Note {
    let event = told.event;
    let mut front = Front::new("event", &event.id);
    front.text("event_type", event.kind.as_str());
    front.list("modes", event.modes.iter().map(|m| m.as_str()));
    front.text("cameo", &event.cameo);
    front.text("date", event.date.as_ref().map_or("", |d| &d.value));
    front.text("place", event.place.as_ref().map_or("", |p| &p.name));
    front.text("country", event.place.as_ref().and_then(|p| p.country.as_deref()).unwrap_or(""));
    if let Some((lat, lon)) = event.place.as_ref().and_then(|p| p.lat.zip(p.lon)) {
        let _ = writeln!(front.0, "location: [{lat}, {lon}]");
    }
    front.list("actors", view.entities(told.story, &event.actors).iter().map(|e| e.name.as_str()));
    front.list("recipients", view.entities(told.story, &event.recipients).iter().map(|e| e.name.as_str()));
    front.text("status", event.status);
    front.text("realis", event.realis.as_str());
    front.number("origins", event.origins);
    front.number("articles", event.articles);
    let date = event.date.as_ref().map_or("undated", |d| d.value.as_str());
    let mut out = front.heading(&format!("{} {date}", event.kind.as_str()));
    let _ = write!(out, "\n{}\n", line(view, names, told));
    let _ = writeln!(out, "- story: {}", link(names.stories.get(told.story.id.as_str()), &told.story.title));
    let mut facts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for fact in &event.facts {
        facts.entry(&fact.attribute).or_default().extend(fact.values.iter().map(|v| words_only(&v.value)));
    }
    section(&mut out, "Facts", facts.into_iter().map(|(name, values)| format!("- {name}: {}", values.join("; "))));
    let differ = told.story.disagreements.iter().filter(|d| d.about == event.id);
    section(&mut out, "Where reports differ", differ.map(|d| format!("- {}", words_only(&d.note))));
    section(&mut out, "As told", event.tellings.iter().map(|t| format!("{}\n", cited(view, names, &t.at))));
    Note { path: format!("{}.md", names.events[event.id.as_str()]), text: out }
}

/// One note for everybody named, over all stories.
fn entities(view: &View<'_>, names: &Names<'_>) -> Vec<Note> {
    let mut all: BTreeMap<&str, Vec<(&Story, &RecordEntity)>> = BTreeMap::new();
    for story in &view.record.stories {
        for entity in story.entities.iter().filter(|e| !e.generic) {
            all.entry(entity.id.as_str()).or_default().push((story, entity));
        }
    }
    let note = |(id, told): (&str, Vec<(&Story, &RecordEntity)>)| {
        let entity = told[0].1;
        let mut front = Front::new("entity", id);
        front.text("kind", entity.kind.as_str());
        front.text("country", entity.country.as_deref().unwrap_or(""));
        front.list("sectors", &entity.sectors);
        front.number("mentions", told.iter().map(|(_, e)| e.mentions.len()).sum());
        let mut out = front.heading(&entity.name);
        let mut roles: Vec<String> =
            told.iter().flat_map(|(_, e)| e.roles.iter().map(|(r, _)| format!("- {}", words_only(r)))).collect();
        roles.sort();
        roles.dedup();
        section(&mut out, "Roles", roles);
        section(&mut out, "Stories", told.iter().map(|(s, _)| format!("- {}", link(names.stories.get(s.id.as_str()), &s.title))));
        let part = |story: &'_ Story, e: usize| story.events[e].actors.iter().chain(&story.events[e].recipients).any(|x| x == id);
        let events = told.iter().flat_map(|(s, _)| (0..s.events.len()).filter(|&e| part(s, e)).map(|e| (*s, e)));
        section(&mut out, "Events", events.map(|(story, e)| line(view, names, Told { story, event: &story.events[e] })));
        Note { path: format!("{}.md", names.entities[id]), text: out }
    };
    all.into_iter().map(note).collect()
}

fn report(view: &View<'_>, names: &Names<'_>, d: usize) -> Note {
    let (document, article) = (view.document(d), &view.doc(d).article);
    let mut front = Front::new("report", &document.id);
    front.text("outlet", view.outlet(d));
    front.text("url", document.source.url.as_deref().unwrap_or(""));
    front.text("published", document.published.as_ref().map_or("", |p| &p.value));
    front.text("published_basis", document.published.as_ref().map_or("", |p| p.basis.as_str()));
    front.list("authors", &article.bylines);
    front.list("credits", &document.credits);
    let mut out = front.heading(document.title.as_deref().unwrap_or(&document.id));
    let stories = view.record.stories.iter().filter(|s| s.documents.contains(&d) || s.parts.iter().any(|p| p.at.document == d));
    section(&mut out, "Stories", stories.map(|s| format!("- {}", link(names.stories.get(s.id.as_str()), &s.title))));
    let lineages = view.record.stories.iter().flat_map(|s| &s.lineages);
    let descent = lineages.filter_map(|l| l.documents.iter().find(|at| at.0 == d && l.origin != d).map(|at| (l.origin, at.1)));
    section(
        &mut out,
        "Descends from",
        descent.map(|(from, how)| format!("- {} ({})", told_report(view, names, from), how.as_str())),
    );
    section(&mut out, "Signs", document.signs.iter().map(|s| format!("- {}", words_only(s))));
    let paragraphs = article.blocks.iter().filter(|b| b.kind.is_body()).map(|b| words_only(b.span.of(&article.text)));
    section(&mut out, "Text", std::iter::once(paragraphs.collect::<Vec<_>>().join("\n\n")).filter(|text| !text.is_empty()));
    Note { path: format!("{}.md", names.reports[d]), text: out }
}
