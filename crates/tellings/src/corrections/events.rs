//! Events set right: taken out, at another time or place, made one, made two.

use super::{At, Mending, PlaceGiven, Why, WordsAt};
use std::collections::{BTreeMap, BTreeSet};
use tellings_doc::{Precision, TimeBasis};
use tellings_store::content;
use tellings_story::{Agreement, Citation, RecordDate, RecordEvent, RecordPlace, Story, Telling, ToldValue};

impl Mending<'_> {
    /// Takes an event out, with what rests on it.
    pub(super) fn remove(&mut self, (story, event): At) {
        let story = &mut self.record.stories[story];
        let id = story.events.remove(event).id;
        story.timeline.retain(|other| *other != id);
        story.disagreements.retain(|d| d.about != id);
        story.corrections.retain(|c| c.about != id);
        story.amended.retain(|a| a.about != id);
        story.negotiation.commitments.retain(|c| c.source != id);
        story.negotiation.stages.retain(|s| s.event != id);
    }

    /// Events in order of time, those without a date last; and the timeline.
    pub(super) fn sort(&mut self) {
        for story in &mut self.record.stories {
            let day = |e: &RecordEvent| (e.date.is_none(), e.date.as_ref().map(|d| d.value.clone()));
            story.events.sort_by(|a, b| day(a).cmp(&day(b)).then_with(|| a.tellings[0].at.cmp(&b.tellings[0].at)));
            story.timeline = story.events.iter().map(|e| e.id.clone()).collect();
        }
    }

    pub(super) fn retime(&mut self, at: At, to: &str) {
        let precision = match to.split('T').next().map_or(0, str::len) {
            4 => Precision::Year,
            7 => Precision::Month,
            8 => Precision::Week,
            _ => Precision::Day,
        };
        let agreement = Agreement::Single;
        let event = self.event_mut(at);
        let evidence = event.date.take().map_or_else(Vec::new, |d| d.evidence);
        event.date = Some(RecordDate { value: to.to_string(), precision, basis: TimeBasis::Corrected, agreement, evidence });
        self.settled(at, "date");
    }

    pub(super) fn put_at(&mut self, at: At, to: &PlaceGiven) {
        let PlaceGiven { name, country, lat, lon } = to.clone();
        let event = self.event_mut(at);
        let evidence = event.place.take().map_or_else(Vec::new, |p| p.evidence);
        event.place = Some(RecordPlace { name, country, lat, lon, agreement: Agreement::Single, evidence });
        self.settled(at, "place");
    }

    /// What somebody settled is no disagreement any more.
    fn settled(&mut self, (story, event): At, attribute: &str) {
        let story = &mut self.record.stories[story];
        let id = story.events[event].id.clone();
        story.disagreements.retain(|d| d.about != id || d.attribute != attribute);
    }

    /// Makes one event of two; gives where it is.
    pub(super) fn merge(&mut self, one: At, other: At) -> At {
        let story = &mut self.record.stories[other.0];
        let gone = story.events.remove(one.1);
        let at = (other.0, other.1 - usize::from(one.1 < other.1));
        let (old, event) = (gone.id.clone(), &mut story.events[at.1]);
        let id = event.id.clone();
        join(event, gone);
        for about in
            story.disagreements.iter_mut().map(|d| &mut d.about).chain(story.corrections.iter_mut().map(|c| &mut c.about))
        {
            if *about == old {
                about.clone_from(&id);
            }
        }
        for place in (story.negotiation.commitments.iter_mut().map(|c| &mut c.source))
            .chain(story.negotiation.stages.iter_mut().map(|s| &mut s.event))
            .chain(story.amended.iter_mut().map(|a| &mut a.about))
        {
            if *place == old {
                place.clone_from(&id);
            }
        }
        told_anew(story, &id);
        at
    }

    /// Makes two events of one: these tellings are another event. Gives where that is; `None`: they are one already.
    pub(super) fn split(&mut self, tellings: &[WordsAt]) -> Result<Option<At>, Why> {
        let mut found: Vec<At> = tellings.iter().map(|t| self.find(t)).collect::<Result<_, Why>>()?;
        found.dedup();
        let [at] = found[..] else { return Err(Some("the tellings are no longer those of one event".into())) };
        let wanted: BTreeSet<(usize, String)> =
            tellings.iter().filter_map(|t| Some((self.here(&t.at)?, t.words.clone()))).collect();
        let docs = self.docs;
        let story = &mut self.record.stories[at.0];
        let event = &story.events[at.1];
        let apart = |t: &Telling| {
            let words = t.at.span.of(docs[t.at.document].text()).to_string();
            wanted.contains(&(t.at.document, words))
        };
        let (theirs, rest): (Vec<usize>, Vec<usize>) = (0..event.tellings.len()).partition(|&t| apart(&event.tellings[t]));
        if rest.is_empty() {
            return Ok(None);
        }
        let (mut other, mut kept) = (only(event, &theirs), only(event, &rest));
        let words: Vec<String> = tellings.iter().map(|t| format!("{}\n{}", t.at.content, t.words)).collect();
        let split_id = format!("v-{:010x}", (content(format!("split\n{}", words.join("\n")).as_bytes()) as u64) >> 24);
        other.id = split_id;
        recount(&mut kept);
        recount(&mut other);
        let id = kept.id.clone();
        story.events[at.1] = kept;
        story.events.push(other);
        told_anew(story, &id);
        Ok(Some((at.0, story.events.len() - 1)))
    }
}

/// Puts the tellings and values of one event to those of another.
fn join(event: &mut RecordEvent, gone: RecordEvent) {
    let shift = event.tellings.len();
    event.tellings.extend(gone.tellings);
    for id in gone.actors {
        if !event.actors.contains(&id) && !event.recipients.contains(&id) {
            event.actors.push(id);
        }
    }
    for id in gone.recipients {
        if !event.recipients.contains(&id) && !event.actors.contains(&id) {
            event.recipients.push(id);
        }
    }
    let lineages = |event: &RecordEvent| event.tellings.iter().map(|t| t.lineage).collect::<BTreeSet<_>>().len();
    let together = |same: bool, event: &RecordEvent| match same {
        true if lineages(event) > 1 => Agreement::Agreed,
        true => Agreement::Single,
        false => Agreement::Disputed,
    };
    if let Some(theirs) = gone.date {
        match event.date.take() {
            Some(mut own) => {
                own.agreement = together(own.value == theirs.value, event);
                own.evidence.extend(theirs.evidence);
                event.date = Some(own);
            }
            None => event.date = Some(theirs),
        }
    }
    if let Some(theirs) = gone.place {
        match event.place.take() {
            Some(mut own) => {
                own.agreement = together(own.name == theirs.name, event);
                own.evidence.extend(theirs.evidence);
                event.place = Some(own);
            }
            None => event.place = Some(theirs),
        }
    }
    for mut fact in gone.facts {
        fact.values.iter_mut().for_each(|v| v.tellings.iter_mut().for_each(|t| *t += shift));
        let Some(own) = event.facts.iter_mut().find(|f| f.attribute == fact.attribute) else {
            event.facts.push(fact);
            continue;
        };
        for value in fact.values {
            match own.values.iter_mut().find(|v| v.value == value.value) {
                Some(same) => {
                    same.tellings.extend(value.tellings);
                    same.evidence.extend(value.evidence);
                }
                None => own.values.push(value),
            }
        }
    }
    recount(event);
}

/// An event with some of its tellings only.
fn only(event: &RecordEvent, tellings: &[usize]) -> RecordEvent {
    let mut event = event.clone();
    let at: BTreeMap<usize, usize> = tellings.iter().enumerate().map(|(new, &old)| (old, new)).collect();
    let documents: BTreeSet<usize> = tellings.iter().map(|&t| event.tellings[t].at.document).collect();
    event.tellings = tellings.iter().map(|&t| event.tellings[t].clone()).collect();
    for fact in &mut event.facts {
        fact.values.iter_mut().for_each(|value| restrict(value, &at));
        fact.values.retain(|v| !v.tellings.is_empty());
    }
    event.facts.retain(|f| !f.values.is_empty());
    let cited = |evidence: &mut Vec<Citation>| {
        let had = !evidence.is_empty();
        evidence.retain(|c| documents.contains(&c.document));
        // What none of these tellings says is not known of it.
        !had || !evidence.is_empty()
    };
    event.date = event.date.and_then(|mut d| cited(&mut d.evidence).then_some(d));
    event.place = event.place.and_then(|mut p| cited(&mut p.evidence).then_some(p));
    event
}

fn restrict(value: &mut ToldValue, at: &BTreeMap<usize, usize>) {
    let kept: Vec<usize> = (0..value.tellings.len()).filter(|&i| at.contains_key(&value.tellings[i])).collect();
    value.evidence = kept.iter().filter_map(|&i| value.evidence.get(i).cloned()).collect();
    value.tellings = kept.iter().map(|&i| at[&value.tellings[i]]).collect();
}

/// Counts anew who tells an event, and whether they agree.
fn recount(event: &mut RecordEvent) {
    let all: BTreeSet<usize> = event.tellings.iter().map(|t| t.lineage).collect();
    event.origins = all.len();
    event.articles = event.tellings.iter().map(|t| t.at.document).collect::<BTreeSet<_>>().len();
    for fact in &mut event.facts {
        let holds: Vec<BTreeSet<usize>> = (fact.values.iter().filter(|v| !v.superseded))
            .map(|v| v.tellings.iter().map(|&t| event.tellings[t].lineage).collect())
            .collect();
        let tellers: BTreeSet<usize> = holds.iter().flatten().copied().collect();
        fact.agreement = match (holds.len(), tellers.len()) {
            (_, 0 | 1) => Agreement::Single,
            (0 | 1, _) => Agreement::Agreed,
            _ => fact.agreement.max(Agreement::Disputed),
        };
    }
    if event.origins < 2 {
        event.date.iter_mut().for_each(|d| d.agreement = Agreement::Single);
        event.place.iter_mut().for_each(|p| p.agreement = Agreement::Single);
    }
}

/// The disagreements about an event, from its values as they are now; what was said of others is kept where it still holds.
fn told_anew(story: &mut Story, id: &str) {
    let Some(event) = story.events.iter().find(|e| e.id == id) else { return };
    let disputed = |attribute: &str| match attribute {
        "date" => event.date.as_ref().is_some_and(|d| d.agreement == Agreement::Disputed),
        "place" => event.place.as_ref().is_some_and(|p| p.agreement == Agreement::Disputed),
        other => event.facts.iter().any(|f| f.attribute == other && f.agreement == Agreement::Disputed),
    };
    // Those of facts are told from the facts themselves.
    let facts: BTreeSet<&str> = event.facts.iter().map(|f| f.attribute.as_str()).collect();
    let mut fresh = Vec::new();
    for fact in event.facts.iter().filter(|f| f.agreement == Agreement::Disputed) {
        let values: Vec<ToldValue> = fact.values.iter().filter(|v| !v.superseded).cloned().collect();
        let told: Vec<&str> = values.iter().map(|v| v.value.as_str()).collect();
        let note = format!("reports differ on {}: {}", fact.attribute, told.join(", "));
        fresh.push(tellings_story::Disagreement { about: id.to_string(), attribute: fact.attribute.clone(), values, note });
    }
    story.disagreements.retain(|d| d.about != id || !facts.contains(d.attribute.as_str()) && disputed(&d.attribute));
    story.disagreements.extend(fresh);
}
