//! What a page, or a command, shows of a store: a story with who descends from whom, an event with its tellings, an entity with its
//! stories and events.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use tellings_doc::Span;
use tellings_store::{EntityRow, EventOrder, MemberRow, RecordEventRow, RecordEventSearch, Result, Store, StoryRow};
use tellings_story::kept::ancestry;
use tellings_story::{Outline, OutlineLineage, Relation};

/// A story of a store as its reports alone tell it.
///
/// # Errors
/// The store could not be read.
pub fn outline(store: &dyn Store, story: &StoryRow) -> Result<Outline> {
    let members = store.members(story.number)?;
    let ids: BTreeMap<i64, &str> = members.iter().map(|m| (m.document, m.id.as_str())).collect();
    let mut lineages: BTreeMap<i64, OutlineLineage> = BTreeMap::new();
    let mut order: Vec<i64> = Vec::new();
    let mut seen: Vec<i64> = Vec::new();
    for member in &members {
        if seen.contains(&member.document) {
            continue;
        }
        seen.push(member.document);
        let lineage = lineages.entry(member.origin).or_insert_with(|| {
            order.push(member.origin);
            let origin = ids.get(&member.origin).map_or_else(String::new, |id| id.to_string());
            OutlineLineage { origin, documents: Vec::new(), notes: Vec::new() }
        });
        let one = (member.id.clone(), relation(&member.relation));
        // The origin first, also where it is dated later.
        if member.document == member.origin {
            lineage.documents.insert(0, one)
        } else {
            lineage.documents.push(one)
        }
        lineage.notes.extend(note(member, &ids));
    }
    // The gist is not in rows of a list.
    let gist = store.story_numbered(story.number)?.map_or_else(Vec::new, |s| s.gist);
    let (merged, parents) = ancestry(&gist);
    let main = |m: &&MemberRow| m.part == 0;
    let span = |m: &MemberRow| Span::new(m.span.0 as usize, m.span.1 as usize);
    let is_main = |m: &MemberRow| members.iter().any(|o| o.document == m.document && o.part == 0);
    Ok(Outline {
        id: story.id.clone(),
        title: story.title.clone(),
        documents: members.iter().filter(main).map(|m| m.id.clone()).collect(),
        parts: members.iter().filter(|m| m.part > 0 && !is_main(m)).map(|m| (m.id.clone(), span(m))).collect(),
        first: story.first.clone(),
        last: story.last.clone(),
        lineages: order.iter().filter_map(|origin| lineages.remove(origin)).collect(),
        merged,
        parents,
        strands: Vec::new(),
    })
}

fn relation(name: &str) -> Relation {
    let known = [Relation::Copy, Relation::Excerpt, Relation::Rewrite];
    known.into_iter().find(|r| r.as_str() == name).unwrap_or(Relation::Original)
}

fn note(member: &MemberRow, ids: &BTreeMap<i64, &str>) -> Option<String> {
    let (id, parent) = (&member.id, ids.get(&member.parent?)?);
    Some(match member.shared {
        0 => format!("`{id}` is a copy of `{parent}`, somebody says"),
        shared => format!("`{id}` shares {shared} of its {} longer sentences with `{parent}`", member.sentences),
    })
}

/// Events of a store, as JSON: each as the contract's record has it, with its story and the names of those who take part.
pub fn events(events: &[RecordEventRow]) -> Value {
    json!({"schema": "tellings.events/1", "events": events.iter().map(event).collect::<Vec<_>>()})
}

/// One of them.
pub fn event(event: &RecordEventRow) -> Value {
    let mut value: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let participants: Vec<Value> = (event.participants.iter())
        .map(|p| json!({"role": p.role, "id": p.entity, "name": p.name, "country": p.country}))
        .collect();
    value["agreement"] = json!(event.agreement);
    value["participants"] = json!(participants);
    value["story"] = json!(event.story);
    value
}

/// How one report tells an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Id of the report.
    pub document: String,
    /// The paper, agency or site that carried it.
    pub outlet: Option<String>,
    /// When it was published.
    pub published: Option<String>,
    /// Which of the story's lineages it belongs to.
    pub lineage: u64,
    /// First byte of the sentence, one past the last.
    pub span: (usize, usize),
    /// The sentence.
    pub words: String,
    /// Did it happen, as told there?
    pub realis: String,
    /// What coded it there.
    pub rule: String,
}

/// The tellings of an event, in the record's order.
///
/// # Errors
/// The store could not be read.
pub fn tellings(store: &dyn Store, event: &RecordEventRow) -> Result<Vec<Told>> {
    let body: Value = serde_json::from_str(&event.body).unwrap_or_default();
    let mut all = Vec::new();
    for telling in body["tellings"].as_array().into_iter().flatten() {
        let text = |name: &str| telling[name].as_str().unwrap_or_default().to_string();
        let at = |n: usize| telling["span"][n].as_u64().unwrap_or(0) as usize;
        let document = text("document");
        let entry = store.document(&document)?.map(|stored| stored.entry).unwrap_or_default();
        let words = entry.text.get(at(0)..at(1)).unwrap_or_default();
        all.push(Told {
            words: words.split_whitespace().collect::<Vec<_>>().join(" "),
            document,
            outlet: entry.outlet,
            published: entry.published,
            lineage: telling["lineage"].as_u64().unwrap_or(0),
            span: (at(0), at(1)),
            realis: text("realis"),
            rule: text("rule"),
        });
    }
    Ok(all)
}

/// Somebody or something over all stories.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntityPage {
    /// As told in the story that mentions it most.
    pub entity: EntityRow,
    /// How often it is mentioned in all of them.
    pub mentions: u64,
    /// Offices told, those of the stories that mention it most first.
    pub roles: Vec<String>,
    /// Its stories, the one that mentions it most first, each with how often.
    pub stories: Vec<(StoryRow, u64)>,
    /// Events in which it takes part, by day.
    pub events: Vec<RecordEventRow>,
}

/// An entity by its id or name; several where the name is that of several. Each with so many of its latest events, by day.
///
/// # Errors
/// The store could not be read.
pub fn entities(store: &dyn Store, name: &str, limit: usize, events: usize) -> Result<Vec<EntityPage>> {
    let mut pages: Vec<EntityPage> = Vec::new();
    for row in store.entities(name, 1000)? {
        let page = match pages.iter().position(|page| page.entity.id == row.id) {
            Some(at) => &mut pages[at],
            None if pages.len() == limit => continue,
            None => {
                pages.push(EntityPage { entity: row.clone(), ..EntityPage::default() });
                let at = pages.len() - 1;
                &mut pages[at]
            }
        };
        page.mentions += row.mentions;
        page.roles.extend(row.role.filter(|role| !page.roles.contains(role)));
        page.stories.extend(store.story(&row.story)?.map(|story| (story, row.mentions)));
    }
    for page in &mut pages {
        let entity = Some(page.entity.id.clone());
        let search = RecordEventSearch { entity, order: EventOrder::LastDay, limit: events, ..RecordEventSearch::default() };
        page.events = store.record_events(&search)?;
        // By day, and those without one last.
        page.events.reverse();
        page.events.sort_by_key(|event| event.days.0.is_none());
    }
    Ok(pages)
}
