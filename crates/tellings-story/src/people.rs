//! One entity out of the entities of many documents.

use crate::{Citation, RecordEntity};
use rustc_hash::FxHashMap;
use tellings_doc::{Doc, Entity, Id, Kind, Rule};
use xxhash_rust::xxh3::xxh3_64;

/// The entities of a story and which document entity became which.
pub(crate) struct Cast {
    pub(crate) entities: Vec<RecordEntity>,
    of: FxHashMap<(usize, usize), usize>,
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
}

/// The cast of these documents (positions in `docs`); mentions are cited only where `inside` says that they belong.
pub(crate) fn cast(docs: &[Doc], members: &[usize], inside: impl Fn(usize, tellings_doc::Span) -> bool) -> Cast {
    let mut entities: Vec<RecordEntity> = Vec::new();
    let mut of = FxHashMap::default();
    let mut by_key: FxHashMap<String, usize> = FxHashMap::default();
    // Full names first, so that a bare surname of one document finds its person in another.
    let mut all: Vec<(usize, usize)> =
        members.iter().flat_map(|&d| (0..docs[d].link.entities.len()).map(move |e| (d, e))).collect();
    all.sort_by_key(|&(d, e)| {
        let entity = &docs[d].link.entities[e];
        (entity.known.is_none(), std::cmp::Reverse(entity.name.split(' ').count()), d, e)
    });
    for (d, e) in all {
        let (doc, entity) = (&docs[d], &docs[d].link.entities[e]);
        let mentions: Vec<Citation> = (doc.link.mentions_of(Id::new(e)))
            .filter(|m| inside(d, m.span))
            .map(|m| Citation { document: d, span: m.span })
            .collect();
        if mentions.is_empty() {
            continue;
        }
        let (key, rule) = key(doc, d, e);
        let at = by_key.get(&key).copied().or_else(|| surname(&entities, entity));
        let at = at.unwrap_or_else(|| {
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
        by_key.insert(key, at);
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
    Cast { entities, of }
}

/// What makes two entities of different documents the same: the actor table's key, else kind and name; a generic one
/// ("a senior official") is the same only inside its document.
fn key(doc: &Doc, document: usize, entity: usize) -> (String, Rule) {
    let e = &doc.link.entities[entity];
    if let Some(known) = &e.known {
        return (known.clone(), "story.entity.known".into());
    }
    if e.generic {
        return (format!("generic/{}/{entity}/{document}", doc.id), "story.entity.single".into());
    }
    let kind = if matches!(e.kind, Kind::Gpe | Kind::Loc) { "place" } else { e.kind.as_str() };
    (format!("{kind}/{}", normal(&e.name)), "story.entity.name".into())
}

/// A name without case, full stops, hyphens and leading article.
fn normal(name: &str) -> String {
    let lower = name.to_lowercase().replace(['.', '’', '\''], "").replace('-', " ");
    lower.strip_prefix("the ").unwrap_or(&lower).to_string()
}

/// The one person of another document whose surname this bare name is.
fn surname(entities: &[RecordEntity], entity: &Entity) -> Option<usize> {
    if entity.kind != Kind::Per || entity.generic || entity.known.is_some() || entity.name.contains(' ') {
        return None;
    }
    let wanted = normal(&entity.name);
    let fits = |e: &RecordEntity| {
        let name = normal(&e.name);
        let last = name.rsplit(' ').next() == Some(&wanted) && name.len() > wanted.len();
        e.kind == Kind::Per && last && (e.country.is_none() || entity.country.is_none() || e.country == entity.country)
    };
    let mut found = (0..entities.len()).filter(|&i| fits(&entities[i]));
    let first = found.next();
    first.filter(|_| found.next().is_none())
}
