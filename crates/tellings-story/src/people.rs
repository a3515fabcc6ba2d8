//! One entity out of the entities of many documents.

use crate::{Citation, RecordEntity};
use rustc_hash::{FxHashMap, FxHashSet};
use tellings_doc::{Doc, Entity, Id, Kind, Rule};
use xxhash_rust::xxh3::xxh3_64;

/// The entities of a story and which document entity became which.
pub(crate) struct Cast {
    pub(crate) entities: Vec<RecordEntity>,
    of: FxHashMap<(usize, usize), usize>,
    /// Who belongs to a group that is named by its members, by ids.
    groups: FxHashMap<String, Vec<String>>,
}

impl Cast {
    /// Position of a document's entity among the story's.
    pub(crate) fn index(&self, document: usize, entity: Id<Entity>) -> Option<usize> {
        self.of.get(&(document, entity.index())).copied()
    }

    /// Id of a document's entity.
    pub(crate) fn id(&self, document: usize, entity: Id<Entity>) -> Option<String> {
        self.index(document, entity).map(|i| self.entities[i].id.clone())
    }

    /// The ids of a group's members; nothing for anybody else.
    pub(crate) fn members(&self, id: &str) -> &[String] {
        self.groups.get(id).map_or(&[], Vec::as_slice)
    }
}

/// The cast of these documents (positions in `docs`); mentions are cited only where `inside` says that they belong.
pub(crate) fn cast(docs: &[Doc], members: &[usize], inside: impl Fn(usize, tellings_doc::Span) -> bool) -> Cast {
    let mut entities: Vec<RecordEntity> = Vec::new();
    let mut of = FxHashMap::default();
    let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
    let apart = apart(docs, members);
    // Full names first, so that a bare surname of one document finds its person in another.
    let mut all: Vec<(usize, usize)> =
        members.iter().flat_map(|&d| (0..docs[d].link.entities.len()).map(move |e| (d, e))).collect();
    all.sort_by_key(|&(d, e)| {
        let entity = &docs[d].link.entities[e];
        (entity.known.is_none(), std::cmp::Reverse(entity.name.split(' ').count()), d, e)
    });
    let mut bare: FxHashSet<usize> = FxHashSet::default();
    // Where each entity is mentioned, and people by the last word of their name.
    let mut said: FxHashMap<(usize, usize), Vec<Citation>> = FxHashMap::default();
    for &d in members {
        for mention in docs[d].link.mentions.iter().filter(|m| inside(d, m.span)) {
            let at = Citation { document: d, span: mention.span };
            said.entry((d, mention.entity.map_or(usize::MAX, Id::index))).or_default().push(at);
        }
    }
    let mut surnames: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    for (d, e) in all {
        let (doc, entity) = (&docs[d], &docs[d].link.entities[e]);
        let Some(mentions) = said.remove(&(d, e)) else { continue };
        let (key, rule) = key(doc, e, &apart);
        // A bare last name is that of the one full name of it; what it is taken for says nothing of the next report's.
        let last = surname(&entities, &surnames, entity).filter(|at| !bare.contains(at));
        let at = last.or_else(|| by_key.get(&key).copied());
        let at = at.unwrap_or_else(|| {
            if !entity.name.contains(' ') {
                bare.insert(entities.len());
            }
            if entity.kind == Kind::Per {
                let name = normal(&entity.name);
                let last = name.rsplit(' ').next().unwrap_or(&name).to_string();
                surnames.entry(last).or_default().push(entities.len());
            }
            entities.push(RecordEntity {
                id: entity.known.clone().unwrap_or_else(|| format!("e-{:010x}", xxh3_64(key.as_bytes()) >> 24)),
                name: entity.name.clone(),
                kind: entity.kind,
                country: entity.country.clone(),
                sectors: entity.sectors.clone(),
                generic: entity.generic,
                roles: Vec::new(),
                mentions: Vec::new(),
                rule,
            });
            entities.len() - 1
        });
        if last.is_none() {
            by_key.insert(key, at);
        }
        of.insert((d, e), at);
        let record = &mut entities[at];
        record.mentions.extend(mentions);
        record.country = record.country.take().or_else(|| entity.country.clone());
        if record.sectors.is_empty() {
            record.sectors = entity.sectors.clone();
        }
        for role in &entity.roles {
            let said = role.span.map(|span| Citation { document: d, span });
            if !record.roles.iter().any(|(text, _)| text.eq_ignore_ascii_case(&role.text)) {
                record.roles.push((role.text.clone(), said));
            }
        }
    }
    entities.iter_mut().for_each(|e| e.mentions.sort());
    let mut cast = Cast { entities, of, groups: FxHashMap::default() };
    for (&d, e) in members.iter().flat_map(|d| docs[*d].link.entities.iter().enumerate().map(move |e| (d, e))) {
        let ids: Vec<String> = e.1.members.iter().filter_map(|&m| cast.id(d, m)).collect();
        if let (Some(id), false) = (cast.id(d, Id::new(e.0)), ids.is_empty()) {
            cast.groups.entry(id).or_insert(ids);
        }
    }
    cast
}

/// The state a person is said to be of, unless only the report as a whole suggests it.
fn said(entity: &Entity) -> Option<&str> {
    entity.country.as_deref().filter(|_| entity.rule != "link.country-of-the-report")
}

/// Keys of names that people of two states bear in these documents: they are kept apart by state.
fn apart(docs: &[Doc], members: &[usize]) -> FxHashSet<String> {
    let mut states: FxHashMap<String, &str> = FxHashMap::default();
    let mut apart = FxHashSet::default();
    for entity in members.iter().flat_map(|&d| &docs[d].link.entities) {
        let person = entity.kind == Kind::Per && entity.known.is_none() && !entity.generic;
        let Some(state) = said(entity).filter(|_| person) else { continue };
        let name = normal(&entity.name);
        if *states.entry(name.clone()).or_insert(state) != state {
            apart.insert(name);
        }
    }
    apart
}

/// What makes two entities of different documents the same: the actor table's key, else kind and name (and state, where
/// people of two states bear it); a generic one ("a senior official") is the same only inside its document.
fn key(doc: &Doc, entity: usize, apart: &FxHashSet<String>) -> (String, Rule) {
    let e = &doc.link.entities[entity];
    if let Some(known) = &e.known {
        return (known.clone(), "story.entity.known".into());
    }
    if e.generic {
        return (format!("generic/{}/{entity}", doc.id), "story.entity.single".into());
    }
    // "Zimbabwe's finance minister", "the finance minister of Zimbabwe".
    if let Some(office) = office(&e.name).filter(|_| e.kind == Kind::Per)
        && let Some(state) = said(e)
    {
        return (format!("office/{state}/{office}"), "story.entity.office".into());
    }
    let name = normal(&e.name);
    if e.kind == Kind::Per && apart.contains(&name) {
        let state = said(e).map_or_else(|| format!("?{}", doc.id), str::to_string);
        return (format!("PER/{name}/{state}"), "story.entity.name-and-state".into());
    }
    let kind = if matches!(e.kind, Kind::Gpe | Kind::Loc) { "place" } else { e.kind.as_str() };
    (format!("{kind}/{name}"), "story.entity.name".into())
}

/// Nouns for somebody by an office that one person of a state holds at a time.
pub(crate) const OFFICES: [&str; 12] = [
    "counterpart",
    "minister",
    "president",
    "premier",
    "chancellor",
    "secretary",
    "king",
    "leader",
    "envoy",
    "chief",
    "ambassador",
    "general",
];

/// The office by which a name that is no name calls somebody: its words in lower case, in order; `None` for a name, and for one of
/// several ("a minister").
pub(crate) fn office(name: &str) -> Option<String> {
    if name.starts_with("a ") || name.starts_with("an ") || name.starts_with("A ") || name.starts_with("An ") {
        return None;
    }
    let words = || name.split([' ', '-']).filter(|w| w.starts_with(char::is_lowercase));
    let last = words().rfind(|w| OFFICES.contains(w))?;
    // "King Abdullah, the minister's guest": more than an office and what it is of.
    let mut own: Vec<&str> = words().filter(|w| !matches!(*w, "the" | "of" | "s" | "and" | "former" | "new" | "then")).collect();
    if own.len() > 3 || own.last() != Some(&last) && !name.contains(" of ") || name.contains("former ") {
        return None;
    }
    own.sort_unstable();
    Some(own.join(" "))
}

/// A name without case, full stops, hyphens and leading article.
fn normal(name: &str) -> String {
    let lower = name.to_lowercase().replace(['.', '’', '\''], "").replace('-', " ");
    lower.strip_prefix("the ").unwrap_or(&lower).to_string()
}

/// The one person of another document whose surname this bare name is.
fn surname(entities: &[RecordEntity], surnames: &FxHashMap<String, Vec<usize>>, entity: &Entity) -> Option<usize> {
    if entity.kind != Kind::Per || entity.generic || entity.known.is_some() || entity.name.contains(' ') {
        return None;
    }
    let wanted = normal(&entity.name);
    let fits = |e: &RecordEntity| {
        let name = normal(&e.name);
        let last = name.rsplit(' ').next() == Some(&wanted) && name.len() > wanted.len();
        e.kind == Kind::Per && last && (e.country.is_none() || entity.country.is_none() || e.country == entity.country)
    };
    let mut found = surnames.get(&wanted)?.iter().copied().filter(|&i| fits(&entities[i]));
    let first = found.next();
    first.filter(|_| found.next().is_none())
}
