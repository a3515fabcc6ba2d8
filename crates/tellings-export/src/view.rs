//! What all layouts ask of a record: its events in order, their dyads, days, places and the words behind them.

use std::collections::HashMap;
use tellings_doc::{Doc, Place, Precision, Realis};
use tellings_story::{Citation, Record, RecordDocument, RecordEntity, RecordEvent, Story};
use xxhash_rust::xxh3::xxh3_64;

/// A record and its documents, with what is looked up again and again.
pub(crate) struct View<'a> {
    /// The record.
    pub(crate) record: &'a Record,
    docs: &'a [Doc],
    entities: HashMap<(&'a str, &'a str), &'a RecordEntity>,
}

/// One event and the story it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) story: &'a Story,
    pub(crate) event: &'a RecordEvent,
}

/// Who did it and to whom, one of each; `None`: nobody named.
pub(crate) type Dyad<'a> = (Option<&'a RecordEntity>, Option<&'a RecordEntity>);

/// A date as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    pub(crate) year: i16,
    pub(crate) month: Option<i8>,
    pub(crate) day: Option<i8>,
}

impl Day {
    /// Reads an ISO value (`2016-09-05T12:00`, `2016-09`, `2016`, `2016-W36`); of a week only the year is kept.
    pub(crate) fn read(value: &str) -> Option<Day> {
        let date = value.split('T').next()?;
        let mut parts = date.split('-');
        let year = parts.next()?.parse().ok().filter(|y| (1..=9999).contains(y))?;
        let month = parts.next().and_then(|m| m.parse().ok()).filter(|m| (1..=12).contains(m));
        let day = parts.next().and_then(|d| d.parse().ok()).filter(|d| (1..=31).contains(d)).filter(|_| month.is_some());
        Some(Day { year, month, day })
    }

    /// `YYYYMMDD`, if the day is known.
    pub(crate) fn packed(self) -> Option<String> {
        Some(format!("{:04}{:02}{:02}", self.year, self.month?, self.day?))
    }

    /// `YYYY-MM-DD`, if the day is known.
    pub(crate) fn iso(self) -> Option<String> {
        Some(format!("{:04}-{:02}-{:02}", self.year, self.month?, self.day?))
    }
}

impl<'a> View<'a> {
    pub(crate) fn new(record: &'a Record, docs: &'a [Doc]) -> View<'a> {
        let entities = record.stories.iter().flat_map(|s| s.entities.iter().map(|e| ((s.id.as_str(), e.id.as_str()), e)));
        View { record, docs, entities: entities.collect() }
    }

    /// All events, story by story.
    pub(crate) fn events(&self) -> impl Iterator<Item = Told<'a>> + use<'a> {
        self.record.stories.iter().flat_map(|story| story.events.iter().map(move |event| Told { story, event }))
    }

    /// Events that took place, told as such; the number of the others.
    pub(crate) fn actual(&self) -> (Vec<Told<'a>>, usize) {
        let (real, other): (Vec<_>, Vec<_>) = self
            .events()
            .partition(|t| matches!(t.event.realis, Realis::Actual | Realis::Historical) && t.event.status != "denied");
        (real, other.len())
    }

    /// The entity with this id in a story.
    pub(crate) fn entity(&self, story: &'a Story, id: &'a str) -> Option<&'a RecordEntity> {
        self.entities.get(&(story.id.as_str(), id)).copied()
    }

    /// Those of these ids that the story knows.
    pub(crate) fn entities(&self, story: &'a Story, ids: &'a [String]) -> Vec<&'a RecordEntity> {
        ids.iter().filter_map(|id| self.entity(story, id)).collect()
    }

    /// Who with whom: each actor with each recipient; each pair once where all do it together.
    pub(crate) fn dyads(&self, told: Told<'a>) -> Vec<Dyad<'a>> {
        let actors = self.entities(told.story, &told.event.actors);
        let recipients = self.entities(told.story, &told.event.recipients);
        if recipients.is_empty() && actors.len() > 1 && told.event.kind.is_mutual() {
            let later = |i: usize| actors.iter().skip(i + 1);
            return (0..actors.len()).flat_map(|i| later(i).map(|b| (Some(actors[i]), Some(*b))).collect::<Vec<_>>()).collect();
        }
        let or_nobody = |list: Vec<&'a RecordEntity>| -> Vec<Option<&'a RecordEntity>> {
            if list.is_empty() { vec![None] } else { list.into_iter().map(Some).collect() }
        };
        let recipients = or_nobody(recipients);
        or_nobody(actors).into_iter().flat_map(|a| recipients.iter().map(move |&b| (a, b)).collect::<Vec<_>>()).collect()
    }

    /// The day of an event, as far as it is known.
    pub(crate) fn day(&self, event: &RecordEvent) -> Option<Day> {
        Day::read(&event.date.as_ref()?.value)
    }

    /// PLOVER's score: of the strongest mode, else of the type.
    pub(crate) fn score(&self, event: &RecordEvent) -> f32 {
        let modes = event.modes.iter().filter_map(|m| m.score(event.kind));
        modes.reduce(|strongest, s| if s.abs() > strongest.abs() { s } else { strongest }).unwrap_or(event.kind.score())
    }

    /// The document as the record lists it.
    pub(crate) fn document(&self, document: usize) -> &'a RecordDocument {
        &self.record.documents[document]
    }

    /// The reading of a document.
    pub(crate) fn doc(&self, document: usize) -> &'a Doc {
        &self.docs[document]
    }

    /// The words of a citation.
    pub(crate) fn words(&self, at: &Citation) -> &'a str {
        at.span.of(self.docs[at.document].text())
    }

    /// Position of the sentence that holds a citation, from 1.
    pub(crate) fn sentence(&self, at: &Citation) -> usize {
        self.docs[at.document].parse.sentences.partition_point(|s| s.span.start() <= at.span.start()).max(1)
    }

    /// The place of an event as the reading that gives it has it: with feature and GeoNames id.
    pub(crate) fn place(&self, event: &RecordEvent) -> Option<&'a Place> {
        let at = event.place.as_ref()?.evidence.first()?;
        let places = self.docs[at.document].link.places.iter();
        places.filter(|p| p.span.touches(at.span)).min_by_key(|p| (p.dateline, p.span.len()))
    }

    /// Where a document can be found: its address, its file or its id.
    pub(crate) fn address(&self, document: usize) -> &'a str {
        let known = &self.record.documents[document];
        known.source.url.as_deref().or(known.source.path.as_deref()).unwrap_or(&known.id)
    }

    /// Who carried a document: its outlet, the host of its address, the first agency it credits, or its id.
    pub(crate) fn outlet(&self, document: usize) -> &'a str {
        let known = &self.record.documents[document];
        let host = || known.source.url.as_deref()?.split("://").nth(1)?.split(['/', ':', '?']).next();
        let outlet = known.source.outlet.as_deref().or_else(host);
        outlet.or_else(|| known.credits.first().map(String::as_str)).unwrap_or(&known.id)
    }

    /// The documents that tell an event, each once, those of known date first, by date.
    pub(crate) fn tellers(&self, event: &RecordEvent) -> Vec<usize> {
        let mut list: Vec<usize> = event.tellings.iter().map(|t| t.at.document).collect();
        let date = |d: usize| self.document(d).published.as_ref().map(|p| p.range.first);
        list.sort_by_key(|&d| (date(d).is_none(), date(d), d));
        list.dedup();
        list
    }

    /// The values of a fact, best supported first.
    pub(crate) fn fact(&self, event: &'a RecordEvent, attribute: &str) -> Vec<&'a str> {
        let fact = event.facts.iter().find(|f| f.attribute == attribute);
        fact.map_or(Vec::new(), |f| f.values.iter().map(|v| v.value.as_str()).collect())
    }

    /// Lowest, best and highest of a count over all its values (`12`, `12..30`, `12..`, `0..12`); an open end takes the other.
    pub(crate) fn count(&self, event: &'a RecordEvent, attribute: &str) -> Option<[f64; 3]> {
        let of = |value: &str| -> Option<[f64; 3]> {
            let Some((low, high)) = value.split_once("..") else { return value.parse().ok().map(|n: f64| [n; 3]) };
            let (low, high): (f64, f64) = (low.parse().ok()?, high.parse().unwrap_or(f64::NAN));
            let high = if high.is_nan() { low } else { high };
            Some([low, if low > 0.0 { low } else { high }, high])
        };
        let all: Vec<[f64; 3]> = self.fact(event, attribute).into_iter().filter_map(of).collect();
        let best = all.first()?[1];
        let low = all.iter().map(|c| c[0]).fold(f64::INFINITY, f64::min);
        Some([low, best, all.iter().map(|c| c[2]).fold(best, f64::max)])
    }
}

/// A number of 40 bits that stands for these words on every machine.
pub(crate) fn number(parts: &[&str]) -> u64 {
    xxh3_64(parts.join("\u{1f}").as_bytes()) >> 24
}

/// UCDP's precision of a date: 1 the day, 2 some days, 3 the week, 4 the month, 5 the year.
pub(crate) fn date_precision(precision: Precision) -> u8 {
    match precision {
        Precision::Second | Precision::Minute | Precision::Hour | Precision::Day => 1,
        Precision::Week => 3,
        Precision::Month => 4,
        Precision::Year => 5,
    }
}

/// What a place is: 1 country, 2 first-level division, 3 further division or region, 4 town, 5 point inside one.
pub(crate) fn resolution(feature: &str) -> u8 {
    match feature {
        f if f.starts_with("PCL") || f.starts_with("TERR") => 1,
        "ADM1" => 2,
        f if f.starts_with("ADM") || f.starts_with("RGN") || f.starts_with("AREA") => 3,
        f if f.starts_with("PPL") => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_far_as_known() {
        let read = |v| Day::read(v).map(|d| (d.year, d.month, d.day));
        assert_eq!(read("2016-09-05T12:00"), Some((2016, Some(9), Some(5))));
        assert_eq!(read("2016-09"), Some((2016, Some(9), None)));
        assert_eq!(read("2016-W36"), Some((2016, None, None)));
        assert_eq!(read("XXXX-09-05"), None);
        assert_eq!(Day::read("2016-09").and_then(Day::packed), None);
        assert_eq!(Day::read("2016-09-05").and_then(Day::packed).as_deref(), Some("20160905"));
    }
}
