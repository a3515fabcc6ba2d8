//! Tellings to groups that tell one event each. A telling is compared only with groups that share with it what two tellings of one
//! event can share, and with no more than a fixed number of them: the cost grows with the number of tellings, not with its square.

use crate::people::Cast;
use crate::same::{Told, head, likeness, one_act, one_place};
use rustc_hash::FxHashMap;
use tellings_doc::{Doc, Kind};
use xxhash_rust::xxh3::xxh3_64;

/// Mean likeness to a group's tellings above which a telling joins it.
pub(crate) const SAME_EVENT: f32 = 1.0;

/// Groups that one telling is compared with at most, of those that share most with it.
const GROUPS: usize = 64;
/// Groups looked up under one key at most.
const UNDER_KEY: usize = 256;
/// Tellings of a group, the most explicit ones, that a further one is compared with at most.
const SPOKESMEN: usize = 12;

/// Events of one sentence that tell one act and its harm become one telling. `told` is in text order within each document.
pub(crate) fn acts<'a>(docs: &[Doc], cast: &Cast, told: Vec<Told<'a>>) -> Vec<Told<'a>> {
    let mut acts: Vec<Told<'a>> = Vec::new();
    for one in told {
        // Of one sentence: the last few at most.
        let near = acts.iter_mut().rev().take(4).filter(|a| a.document == one.document);
        match near.into_iter().find(|a| one_act(&docs[one.document], cast, a, &one)) {
            Some(act) => act.take(one),
            None => acts.push(one),
        }
    }
    acts
}

/// Groups of tellings of one event: each telling joins the group it fits best, most explicit tellings first.
pub(crate) fn join(cast: &Cast, told: &[Told<'_>]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..told.len()).collect();
    // Tellings that say most are the seeds; those with little ("the meeting") join them.
    order.sort_by_cached_key(|&i| (std::cmp::Reverse(told[i].said()), told[i].document, told[i].event().trigger));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known = Near::default();
    for i in order {
        let near = known.groups(cast, &told[i]);
        let fit = |group: &Vec<usize>| -> Option<f32> {
            let (mut sum, spokesmen) = (0.0, group.len().min(SPOKESMEN));
            for &j in &group[..spokesmen] {
                sum += likeness(cast, &told[i], &told[j])?;
            }
            Some(sum / spokesmen as f32)
        };
        let best = (near.iter())
            .filter_map(|&g| fit(&groups[g]).filter(|&s| s >= SAME_EVENT).map(|s| (s, g)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let at = best.map_or(groups.len(), |b| b.1);
        match groups.get_mut(at) {
            Some(group) => group.push(i),
            None => groups.push(vec![i]),
        }
        known.add(cast, &told[i], at);
    }
    one_meeting(cast, told, &mut groups);
    groups.iter_mut().for_each(|g| g.sort_by_key(|&i| (told[i].document, told[i].event().trigger)));
    groups.sort_by_key(|g| (told[g[0]].document, told[g[0]].event().trigger));
    groups
}

/// Two people met once a day, unless some report tells two meetings: groups that were kept apart by what their first tellings say
/// (an hour, or two) are one event, and what they say is in dispute.
fn one_meeting(cast: &Cast, told: &[Told<'_>], groups: &mut Vec<Vec<usize>>) {
    let mut at: FxHashMap<(Vec<usize>, jiff::civil::Date, bool), usize> = FxHashMap::default();
    let mut gone = vec![false; groups.len()];
    for g in 0..groups.len() {
        let Some(key) = groups[g].iter().find_map(|&i| told[i].two_who_met(cast)) else { continue };
        match at.get(&key) {
            Some(&first) if one_place_and_time(told, &groups[first], &groups[g]) => {
                let more = std::mem::take(&mut groups[g]);
                groups[first].extend(more);
                gone[g] = true;
            }
            Some(_) => (),
            None => {
                at.insert(key, g);
            }
        }
    }
    let mut kept = gone.iter().map(|gone| !gone);
    groups.retain(|_| kept.next().unwrap_or(true));
}

/// Can two groups be one meeting: not where one report tells of both, as of two, nor in two places?
fn one_place_and_time(told: &[Told<'_>], a: &[usize], b: &[usize]) -> bool {
    a.iter().all(|&i| {
        b.iter().all(|&j| {
            let (x, y) = (&told[i], &told[j]);
            let placed = x.place.is_none_or(|p| y.place.is_none_or(|q| one_place(p, q)));
            let lengths = x.duration().is_none_or(|d| y.duration().is_none_or(|e| d == e));
            let dated = x.range.is_none_or(|r| y.range.is_none_or(|s| r.touches(s)));
            placed && dated && (x.document != y.document || lengths && !x.is_another() && !y.is_another())
        })
    })
}

/// Groups by what their tellings can share with others.
#[derive(Default)]
pub(crate) struct Near {
    under: FxHashMap<u64, Vec<u32>>,
}

impl Near {
    /// Puts a telling's group under all its keys.
    pub(crate) fn add(&mut self, cast: &Cast, told: &Told<'_>, group: usize) {
        for key in keys(cast, told) {
            let list = self.under.entry(key).or_default();
            if list.len() < UNDER_KEY && list.last() != Some(&(group as u32)) && !list.contains(&(group as u32)) {
                list.push(group as u32);
            }
        }
    }

    /// The groups that share most with a telling, best first.
    pub(crate) fn groups(&self, cast: &Cast, told: &Told<'_>) -> Vec<usize> {
        let keys = keys(cast, told);
        let mut shared: Vec<u32> = keys.iter().filter_map(|key| self.under.get(key)).flatten().copied().collect();
        shared.sort_unstable();
        let mut near: Vec<(usize, usize)> = shared.chunk_by(|a, b| a == b).map(|same| (same.len(), same[0] as usize)).collect();
        near.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        near.truncate(GROUPS);
        near.into_iter().map(|n| n.1).collect()
    }
}

/// What two tellings of one event may share: somebody who takes part, a state, a group by what it is called, what names the act,
/// the place; each alone and with its day, so that a full key does not hide the group of that day.
fn keys(cast: &Cast, told: &Told<'_>) -> Vec<u64> {
    let mut parts: Vec<(&str, String)> = Vec::new();
    for &e in &told.everybody {
        let entity = &cast.entities[e];
        parts.push(("who", entity.id.clone()));
        if let Some(state) = entity.country.as_ref().filter(|_| entity.generic || entity.kind != Kind::Per) {
            parts.push(("state", state.clone()));
        }
        parts.push(("head", head(&entity.name)));
    }
    parts.extend(told.triggers.iter().map(|t| ("act", t.to_string())));
    parts.extend(told.place.map(|p| ("place", p.name.clone())));
    let family = told.family().as_str();
    let day = told.range.filter(|r| r.is_day()).map(|r| r.first.to_string());
    let mut keys: Vec<u64> = Vec::new();
    for (kind, value) in &parts {
        keys.push(xxh3_64(format!("{family} {kind} {value}").as_bytes()));
        keys.extend(day.as_ref().map(|d| xxh3_64(format!("{family} {kind} {value} {d}").as_bytes())));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
