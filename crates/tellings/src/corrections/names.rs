//! People and groups set right: two are one, or one is two.

use super::{Correction, DocumentAt, Mending, Named, State, Why};
use std::collections::BTreeSet;
use tellings_store::content;
use tellings_story::{RecordEntity, Story};

/// An entity of a story, by its id, or by its name where the id is no longer that.
fn position(story: &Story, named: &Named) -> Option<usize> {
    let by_id = story.entities.iter().position(|e| e.id == named.id);
    by_id.or_else(|| story.entities.iter().position(|e| !e.generic && e.name.eq_ignore_ascii_case(&named.name)))
}

impl Mending<'_> {
    pub(super) fn merge_entities(
        &mut self,
        entity: &Named,
        into: &Named,
        correction: &Correction,
    ) -> Result<(State, String), Why> {
        let mut done = false;
        for s in 0..self.record.stories.len() {
            let story = &mut self.record.stories[s];
            let (Some(one), Some(other)) = (position(story, entity), position(story, into)) else { continue };
            if one == other {
                continue;
            }
            let gone = story.entities.remove(one);
            let stays = &mut story.entities[other - usize::from(one < other)];
            let id = stays.id.clone();
            join(stays, gone.clone());
            rename(story, |_| true, &gone.id, &id);
            story.entities.sort_by(|a, b| b.mentions.len().cmp(&a.mentions.len()).then_with(|| a.mentions.cmp(&b.mentions)));
            self.note(s, id, correction);
            done = true;
        }
        if done { Ok((State::Done, String::new())) } else { Err(None) }
    }

    pub(super) fn split_entity(
        &mut self,
        entity: &Named,
        name: &str,
        documents: &[DocumentAt],
        correction: &Correction,
    ) -> Result<(State, String), Why> {
        let theirs: BTreeSet<usize> = documents.iter().filter_map(|d| self.here(d)).collect();
        if theirs.is_empty() {
            return Err(None);
        }
        let mut done = false;
        for s in 0..self.record.stories.len() {
            let story = &mut self.record.stories[s];
            let Some(at) = position(story, entity) else { continue };
            let own = &mut story.entities[at];
            let (moved, stayed): (Vec<_>, Vec<_>) = own.mentions.drain(..).partition(|m| theirs.contains(&m.document));
            own.mentions = stayed;
            if moved.is_empty() || own.mentions.is_empty() {
                // None of it is there, or all: then it is only misnamed.
                own.mentions.extend(moved);
                if let (false, true) = (own.mentions.is_empty(), own.mentions.iter().all(|m| theirs.contains(&m.document))) {
                    own.name = name.to_string();
                    done = true;
                }
                continue;
            }
            let old = own.id.clone();
            let id = format!("e-{:010x}", (content(format!("split/{name}").as_bytes()) as u64) >> 24);
            let (kind, generic) = (own.kind, false);
            let (told, roles) =
                own.roles.drain(..).partition(|(_, at)| at.as_ref().is_none_or(|at| !theirs.contains(&at.document)));
            own.roles = told;
            let (name, rule) = (name.to_string(), "correction".into());
            let (country, sectors) = (None, Vec::new());
            let new = RecordEntity { id: id.clone(), name, kind, country, sectors, generic, roles, mentions: moved, rule };
            story.entities.push(new);
            rename(story, |documents| documents.iter().all(|d| theirs.contains(d)), &old, &id);
            story.entities.sort_by(|a, b| b.mentions.len().cmp(&a.mentions.len()).then_with(|| a.mentions.cmp(&b.mentions)));
            self.note(s, id, correction);
            done = true;
        }
        if done {
            return Ok((State::Done, String::new()));
        }
        Err(Some(format!("`{}` is not named in these reports any more", entity.name)))
    }
}

fn join(stays: &mut RecordEntity, gone: RecordEntity) {
    stays.mentions.extend(gone.mentions);
    stays.mentions.sort();
    stays.mentions.dedup();
    stays.country = stays.country.take().or(gone.country);
    if stays.sectors.is_empty() {
        stays.sectors = gone.sectors;
    }
    for role in gone.roles {
        if !stays.roles.iter().any(|r| r.0.eq_ignore_ascii_case(&role.0)) {
            stays.roles.push(role);
        }
    }
    stays.generic &= gone.generic;
}

/// Puts an id in place of another in all that is told by documents of which `which` holds.
fn rename(story: &mut Story, which: impl Fn(&[usize]) -> bool, old: &str, new: &str) {
    let put = |id: &mut String| {
        if *id == old {
            *id = new.to_string();
        }
    };
    let all = |ids: &mut Vec<String>| {
        ids.iter_mut().for_each(put);
        let mut seen = BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    };
    for event in &mut story.events {
        let documents: Vec<usize> = event.tellings.iter().map(|t| t.at.document).collect();
        if which(&documents) {
            all(&mut event.actors);
            all(&mut event.recipients);
            event.facts.iter_mut().flat_map(|f| &mut f.values).for_each(|v| put(&mut v.value));
        }
        for telling in event.tellings.iter_mut().filter(|t| which(&[t.at.document])) {
            telling.attributed_to.iter_mut().for_each(put);
        }
    }
    for claim in &mut story.claims {
        let documents: Vec<usize> = claim.tellings.iter().map(|t| t.document).collect();
        if which(&documents) {
            claim.by.iter_mut().chain(claim.toward.iter_mut()).for_each(put);
        }
    }
    for quote in &mut story.quotes {
        let documents: Vec<usize> = quote.tellings.iter().map(|t| t.0.document).collect();
        if which(&documents) {
            quote.speaker.iter_mut().chain(&mut quote.with).for_each(put);
        }
    }
    // A party is one for the whole story.
    let everywhere = which(&story.documents);
    for party in story.negotiation.parties.iter_mut().filter(|_| everywhere) {
        put(&mut party.entity);
        all(&mut party.members);
    }
}
