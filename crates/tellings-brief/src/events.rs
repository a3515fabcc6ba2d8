//! The parts of a brief that tell events: timeline, what is new, what is agreed and disputed, the stage of talks, who dealt with whom.

use crate::budget::{Row, rows};
use crate::chart::{Lane, Mark};
use crate::compose::{Composer, Line, line, plural, quoted};
use crate::statement::{Detail, list};
use crate::{phrases, tell};
use tellings_doc::{ClaimKind, EventType, Kind, Quad, Realis, TimeBasis};
use tellings_story::{Agreement, Citation, Disagreement, RecordEvent};

/// Share of common words from which on two passages on one kind of act tell the same.
const RETOLD: f32 = 0.75;

/// An event as it is told in a row: which passage tells it, what is said of it.
struct Told<'e> {
    event: &'e RecordEvent,
    /// The passage shown; `None` where the sentence is ours.
    passage: Option<Citation>,
    best: Citation,
    part: usize,
    date: Option<&'e str>,
}

impl Composer<'_> {
    /// The events with a date, those without, and those that are not told as having happened. One passage is told once, whatever
    /// events it holds.
    pub(crate) fn timeline(&self) -> [Vec<Row>; 3] {
        let mut parts: [Vec<Row>; 3] = Default::default();
        let told = self.told();
        let mut shown: Vec<(Citation, usize, usize)> = Vec::new();
        let mut others: Vec<Citation> = Vec::new();
        // Sentences of our own first, then the longest passages: what they hold needs no row of its own.
        let mut order: Vec<usize> = (0..told.len()).collect();
        let length = |t: &Told<'_>| t.passage.as_ref().map_or(usize::MAX, |c| c.span.len());
        order.sort_by_key(|&i| (told[i].part, std::cmp::Reverse(length(&told[i])), i));
        let mut rows: Vec<Option<Row>> = vec![None; told.len()];
        for i in order {
            let t = &told[i];
            let covered = shown.iter().find(|(c, ..)| {
                t.passage.is_some()
                    && c.document == t.best.document
                    && (c.span.covers(t.best.span) || c.span.touches(t.best.span) && c.span.covers(t.event.tellings[0].trigger))
            });
            let aside = t.passage.is_some()
                && (t.event.kind.is_mutual() || self.by_noun(t.event))
                && others.contains(&self.tellings(t.event)[0].at);
            if aside {
                continue;
            }
            if let Some(&(_, part, at)) = covered {
                // What is told already gains weight by it; a date is not lost by it.
                if let Some(row) = rows[at].as_mut().filter(|_| part == t.part) {
                    row.weight = row.weight.max(self.weight(t.event));
                }
                continue;
            }
            let again = |c: &Citation| tell::likeness(&self.words(c), &self.words(&t.best)) >= RETOLD;
            if t.passage.is_some() && shown.iter().any(|(c, _, at)| told[*at].event.kind == t.event.kind && again(c)) {
                continue;
            }
            shown.push((t.best.clone(), t.part, i));
            // Other tellings of what is shown: a meeting or a noun in them is no news of its own.
            others.extend(t.event.tellings.iter().map(|x| x.at.clone()));
            let mut cells = self.cells(t);
            if t.part > 0 {
                // A list: date, words and who tells it on one line.
                let told_by = std::mem::take(&mut cells[2].words);
                let date = std::mem::take(&mut cells[0].words);
                let mut one = std::mem::take(&mut cells[1]);
                one.lead = if t.part == 2 { date } else { String::new() };
                one.words.push_str(&format!(" ({told_by})"));
                cells = vec![one];
            }
            let mark = t.date.map(|date| Mark::At {
                date: date.to_string(),
                lane: lane(t.event.kind),
                planned: t.event.realis == Realis::Future,
            });
            rows[i] = Some(Row { cells, weight: self.weight(t.event), mark });
        }
        for (i, row) in rows.into_iter().enumerate() {
            parts[told[i].part].extend(row);
        }
        parts
    }

    fn told(&self) -> Vec<Told<'_>> {
        (self.story.events.iter())
            .filter_map(|event| {
                let best = self.clause(self.tellings(event).first()?);
                let passage = self.meeting(event).is_none().then(|| best.clone());
                // A meeting of one, or a noun without anybody, is no news of its own.
                let somebody = event.actors.len() + event.recipients.len() > usize::from(event.kind.is_mutual());
                let doc = &self.docs[best.document];
                // A headline tells what the report tells again.
                if self.meeting(event).is_none() && event.tellings.iter().all(|t| self.headline(t)) {
                    return None;
                }
                let unnamed = self.tellings(event).iter().any(|t| {
                    self.coded(t).is_some_and(|e| {
                        e.actors
                            .iter()
                            .any(|p| doc.text().get(p.span.range()).is_some_and(|w| w.contains("two") || w.contains("both")))
                    })
                });
                if !somebody && !unnamed && event.date.is_none() && self.by_noun(event) {
                    return None;
                }
                // "a deal stood before them", "the strategy relies on cooperation": a noun says that there is talk of it; it tells an
                // event only where all who take part have names and its day is told.
                let known = event
                    .actors
                    .iter()
                    .chain(&event.recipients)
                    .all(|id| self.entity(id).is_some_and(|e| !e.generic && e.name.starts_with(char::is_uppercase)));
                let measured = event.facts.iter().any(|f| phrases::attribute(&f.attribute).is_some() && f.attribute != "outcome");
                let talked_of =
                    matches!(event.kind, EventType::Support | EventType::Agree | EventType::Cooperate | EventType::Concede);
                let sure = known && somebody && !(talked_of && event.date.is_none());
                let noun = self.by_noun(event) || talked_of && self.tellings(event).first().is_some_and(|t| self.noun(t));
                if noun && !sure && !unnamed && !measured {
                    return None;
                }
                // A date that another telling carries over from its context says nothing sure of this one.
                let own = || {
                    let coded = self.tellings(event).first().and_then(|t| self.coded(t));
                    let day = coded.and_then(|e| e.time.as_ref()).and_then(|t| t.range);
                    // Nor one that is not the day which its own sentence names.
                    let named =
                        self.docs[best.document].times.iter().filter(|t| best.span.covers(t.span)).filter_map(|t| t.range);
                    day.is_some_and(|day| named.filter(|r| r.is_day()).all(|r| r.touches(day)))
                };
                let date = event.date.as_ref().filter(|d| d.basis == TimeBasis::Expression || own()).map(|d| d.value.as_str());
                let part = match event.realis {
                    Realis::Hypothetical | Realis::Negated => 2,
                    // What is yet to be asked, refused or said is no event of a calendar.
                    Realis::Future if matches!(lane(event.kind), Lane::Words) => 2,
                    _ if date.is_none() => 1,
                    _ => 0,
                };
                Some(Told { event, passage, best, part, date })
            })
            .collect()
    }

    /// Date, words, and who tells it.
    fn cells(&self, told: &Told<'_>) -> Vec<Line> {
        let event = told.event;
        let tellings = self.tellings(event);
        let date = event.date.as_ref().filter(|_| told.date.is_some()).map_or_else(String::new, |d| {
            let how = match d.basis {
                TimeBasis::Expression => "",
                TimeBasis::Narrative => ", from the context",
                TimeBasis::Document => ", the day of the report",
                TimeBasis::Corrected => ", as corrected",
            };
            format!("{}{how}", phrases::date(&d.value))
        });
        let mut words = self.statement(event, Detail { date: false, duration: true });
        let mut cites: Vec<Citation> = tellings.iter().map(|t| t.at.clone()).collect();
        cites.dedup();
        // A passage says by itself whether it is so.
        let composed = told.passage.is_none();
        let background = event.realis == Realis::Historical;
        let mut remarks: Vec<String> =
            phrases::realis(event).filter(|_| composed || background).map(str::to_string).into_iter().collect();
        if told.passage.is_none() {
            let topics: Vec<(String, Citation)> = self.fact_values(event, "topic").into_iter().take(3).collect();
            if !topics.is_empty() {
                let quoted: Vec<String> = topics.iter().map(|t| quoted(&t.0)).collect();
                remarks.push(format!("on {}", list(&quoted)));
                cites.extend(
                    topics
                        .into_iter()
                        .map(|t| t.1)
                        .filter(|c| !cites.iter().any(|k| k.document == c.document && k.span.covers(c.span)))
                        .collect::<Vec<_>>(),
                );
            }
        }
        // The length of a meeting stands in our own sentence.
        remarks.extend(self.disputed_facts(event).into_iter().filter(|f| !composed || !f.starts_with("duration")));
        if !remarks.is_empty() {
            words.push_str(&format!(" [{}]", remarks.join("; ")));
        }
        let mut said: Vec<String> =
            event.tellings.iter().filter_map(|t| t.attributed_to.clone()).map(|id| self.name(&id)).collect();
        let all_said = said.len() == event.tellings.len();
        said.sort();
        said.dedup();
        let mut by = match (event.origins, event.articles) {
            (1, 1) => "one report".to_string(),
            (1, n) => format!("{n} reports of one origin"),
            (o, _) => format!("{o} independent origins"),
        };
        if all_said && !said.is_empty() {
            by.push_str(&format!(", according to {}", list(&said)));
        }
        let source = told.passage.is_none().then(|| self.words(&told.best));
        vec![
            line(date, Vec::new()),
            Line { words, source, cites, id: Some(event.id.clone()), ..Line::default() },
            line(by, Vec::new()),
        ]
    }

    /// What only reports from this day on tell: events, values of known events, claims and quotes.
    pub(crate) fn new_since(&self, day: &str) -> Vec<Row> {
        let new = |at: &Citation| {
            let published = &self.record.documents[at.document].published;
            published.as_ref().is_some_and(|p| p.range.first.to_string().as_str() >= day)
        };
        let mut found: Vec<Row> = Vec::new();
        let mut shown: Vec<Citation> = Vec::new();
        for told in self.told() {
            let event = told.event;
            let fresh = |i: &usize| new(&event.tellings[*i].at);
            let weight = self.weight(event);
            if event.tellings.iter().all(|t| new(&t.at)) {
                if shown.iter().any(|c| c.document == told.best.document && c.span.touches(told.best.span)) {
                    continue;
                }
                shown.push(told.best.clone());
                let [date, mut words, by] = <[Line; 3]>::try_from(self.cells(&told)).unwrap_or_default();
                words.lead = date.words;
                words.words.push_str(&format!(" ({})", by.words));
                found.push(Row::new(vec![words], weight));
                continue;
            }
            for fact in event.facts.iter().filter(|f| phrases::attribute(&f.attribute).is_some()) {
                for value in fact.values.iter().filter(|v| !v.tellings.is_empty() && v.tellings.iter().all(fresh)) {
                    let what = self.statement(event, Detail { date: true, duration: false });
                    let what = format!("{what}: {} is now told as {}", fact.attribute, phrases::value(&value.value));
                    let cites = [value.evidence.clone(), event.tellings.iter().map(|t| t.at.clone()).collect()].concat();
                    found.push(Row::new(vec![Line { id: Some(event.id.clone()), ..line(what, cites) }], weight));
                }
            }
        }
        let told = |at: &Citation, shown: &[Citation]| shown.iter().any(|c| c.document == at.document && c.span.covers(at.span));
        for claim in self.story.claims.iter().filter(|c| c.kind != ClaimKind::Position && c.tellings.iter().all(new)) {
            if claim.tellings.first().is_none_or(|at| told(at, &shown)) {
                continue;
            }
            shown.extend(claim.tellings.iter().cloned());
            found.push(Row::new(vec![self.claim_line(claim)], 3));
        }
        for quote in self.story.quotes.iter().filter(|q| q.tellings.iter().all(|(at, _)| new(at))) {
            if quote.tellings.iter().any(|t| t.1 == "indirect" || told(&t.0, &shown)) {
                continue;
            }
            found.push(Row::new(vec![self.quote_line(quote)], 2));
        }
        found
    }

    pub(crate) fn agreed(&self) -> Vec<Row> {
        let mut lines = Vec::new();
        let happened = |e: &&RecordEvent| matches!(e.realis, Realis::Actual | Realis::Historical);
        for event in self.story.events.iter().filter(|e| e.origins > 1 && !self.by_noun(e)).filter(happened) {
            let mut points: Vec<String> = Vec::new();
            if let Some(date) = event.date.as_ref().filter(|d| d.agreement == Agreement::Agreed) {
                points.push(format!("the date, {}", phrases::date(&date.value)));
            }
            if let Some(place) = event.place.as_ref().filter(|p| p.agreement == Agreement::Agreed) {
                points.push(format!("the place, {}", place.name));
            }
            for fact in event.facts.iter().filter(|f| f.agreement == Agreement::Agreed && f.attribute != "format") {
                let both = fact.values.iter().find(|v| v.tellings.len() > 1);
                let Some(both) = both else { continue };
                let quoted = matches!(fact.attribute.as_str(), "topic" | "outcome");
                let value = phrases::value(&both.value);
                let name = if fact.attribute == "count" { "number" } else { &fact.attribute };
                points.push(format!("the {name}, {}", if quoted { format!("“{value}”") } else { value }));
            }
            let what = self.statement(event, Detail::default());
            let also = if points.is_empty() { String::new() } else { format!("; they agree on {}", list(&points)) };
            let mut cites: Vec<Citation> = event.tellings.iter().map(|t| t.at.clone()).collect();
            cites.dedup();
            lines.push(Line {
                id: Some(event.id.clone()),
                ..line(format!("{what}: told by {} independent origins{also}", event.origins), cites)
            });
        }
        rows(lines)
    }

    pub(crate) fn disputed(&self) -> Vec<Row> {
        let mut lines = self.dispute_lines();
        for correction in &self.story.corrections {
            let what = phrases::attribute(&correction.attribute).unwrap_or("It");
            let from = correction
                .from
                .as_deref()
                .map_or_else(String::new, |v| format!(", not {}", phrases::told(&correction.attribute, v)));
            let to = phrases::told(&correction.attribute, &correction.to);
            let words = format!("{what}: corrected to {to}{from} – {}", quoted(&self.words(&correction.at)));
            lines.push(Line { id: Some(correction.about.clone()), ..line(words, vec![correction.at.clone()]) });
        }
        rows(lines)
    }

    /// One line a disagreement: what it is about, and who says what.
    pub(crate) fn dispute_lines(&self) -> Vec<Line> {
        self.story.disagreements.iter().map(|d| self.dispute(d)).collect()
    }

    fn dispute(&self, d: &Disagreement) -> Line {
        let event = self.story.events.iter().find(|e| e.id == d.about);
        let what = phrases::attribute(&d.attribute).unwrap_or("It");
        // Values that people write alike are one ("90 minutes", "an hour and a half").
        let mut told: Vec<(String, Vec<String>)> = Vec::new();
        for value in &d.values {
            let words = phrases::told(&d.attribute, &value.value);
            let by = value.evidence.iter().map(|c| self.record.documents[c.document].id.clone());
            match told.iter_mut().find(|t| t.0 == words) {
                Some(known) => known.1.extend(by),
                None => told.push((words, by.collect())),
            }
        }
        let side = |(words, by): &mut (String, Vec<String>)| {
            by.sort();
            by.dedup();
            format!("{words} ({})", list(by))
        };
        let sides: Vec<String> = told.iter_mut().map(side).collect();
        let about =
            event.map_or_else(String::new, |e| format!(" – {}", self.statement(e, Detail { date: true, duration: false })));
        let mut cites: Vec<Citation> = d.values.iter().flat_map(|v| v.evidence.clone()).collect();
        cites.extend(
            event.iter().flat_map(|e| &e.tellings).map(|t| t.at.clone()).filter(|c| !cites.contains(c)).collect::<Vec<_>>(),
        );
        Line {
            id: Some(d.about.clone()),
            ..line(format!("{what}: the reports differ, {}{about}.", sides.join(" against ")), cites)
        }
    }

    /// The last meeting that was held and those that are to come.
    pub(crate) fn stage(&self) -> Vec<Row> {
        let date = |e: &&RecordEvent| e.date.as_ref().map(|d| d.value.clone());
        let of = |id: &str| self.story.events.iter().find(|e| e.id == id);
        let held = self.story.negotiation.held.iter().filter_map(|id| of(id));
        let mut lines = Vec::new();
        let mut tell = |what: &str, event: &RecordEvent| {
            let mut cites: Vec<Citation> = self.tellings(event).iter().map(|t| t.at.clone()).collect();
            cites.extend(event.date.iter().flat_map(|d| d.evidence.iter().cloned()));
            let on = event.date.as_ref().map_or_else(String::new, |d| format!(", {}", phrases::date(&d.value)));
            let words = self.statement(event, Detail { date: false, duration: true });
            lines.push(Line { lead: format!("{what}{on}:"), id: Some(event.id.clone()), ..line(words, cites) });
        };
        let last = held.rev().find(|e| self.meeting(e).is_some());
        let stage = self.story.negotiation.stages.last().and_then(|s| Some((s.value, of(&s.event)?)));
        let reached = |e: &&RecordEvent| e.cameo.starts_with("057") && e.realis == Realis::Actual && e.date.is_some();
        let agreement = self.story.events.iter().filter(reached).max_by_key(date).map(|e| ("agreement", e));
        // What came last tells where the talks stand; what was followed by a meeting does not.
        let latest = [stage, agreement].into_iter().flatten().max_by_key(|(_, e)| date(e));
        if let Some((value, event)) = latest.filter(|(_, e)| last.is_none_or(|l| date(&l) <= date(e))) {
            let value = if event.realis == Realis::Future { "planned" } else { value };
            tell(phrases::stage(value), event);
        }
        if let Some(last) = last {
            tell("Last held", last);
        }
        let planned = |e: &&RecordEvent| e.realis == Realis::Future && e.status == "planned";
        let mut next: Vec<&RecordEvent> = self
            .story
            .events
            .iter()
            .filter(planned)
            .filter(|e| e.date.is_some() && matches!(e.kind, EventType::Consult | EventType::Agree))
            .collect();
        next.sort_by_key(date);
        next.into_iter().for_each(|e| tell("Planned", e));
        rows(lines)
    }

    /// Who dealt with whom, by what was done: events that happened, between those who have names.
    pub(crate) fn relations(&self) -> Vec<Row> {
        struct Tie {
            from: String,
            to: String,
            did: &'static str,
            lane: Lane,
            cites: Vec<Citation>,
            times: usize,
            origins: usize,
        }
        let known = |id: &String| {
            let e = self.entity(id)?;
            let proper = e.name.starts_with(char::is_uppercase) && !e.name.contains(" and ");
            (!e.generic && proper && matches!(e.kind, Kind::Per | Kind::Org | Kind::Gpe | Kind::Norp)).then(|| e.name.clone())
        };
        let mut ties: Vec<Tie> = Vec::new();
        let mut add = |from: String, to: String, did: &'static str, lane: Lane, cites: Vec<Citation>, origins: usize| {
            if from == to {
                return;
            }
            match ties.iter_mut().find(|t| t.from == from && t.to == to && t.did == did) {
                Some(tie) => {
                    tie.times += 1;
                    tie.origins += origins;
                    tie.cites.extend(cites);
                }
                None => ties.push(Tie { from, to, did, lane, cites, times: 1, origins }),
            }
        };
        for event in
            self.story.events.iter().filter(|e| matches!(e.realis, Realis::Actual | Realis::Historical) && !self.by_noun(e))
        {
            let cites: Vec<Citation> = event.tellings.iter().map(|t| t.at.clone()).collect();
            let (did, lane) = (phrases::dealt(event.kind), lane(event.kind));
            if event.kind.is_mutual() {
                if self.meeting(event).is_some() {
                    let mut who: Vec<String> = event.actors.iter().chain(&event.recipients).filter_map(known).collect();
                    who.sort();
                    if let [a, b] = &who[..] {
                        add(a.clone(), b.clone(), "met or spoke with", lane, cites, event.origins);
                    }
                }
                continue;
            }
            for from in event.actors.iter().filter_map(known) {
                event
                    .recipients
                    .iter()
                    .filter_map(known)
                    .for_each(|to| add(from.clone(), to, did, lane, cites.clone(), event.origins));
            }
        }
        // A designation is no event.
        for claim in self.story.claims.iter().filter(|c| c.kind == ClaimKind::Designate) {
            if let (Some(by), Some(to)) = (claim.by.as_ref().and_then(known), claim.toward.as_ref().and_then(known)) {
                add(by, to, "gave a name to", Lane::Words, claim.tellings.clone(), 1);
            }
        }
        ties.sort_by(|a, b| b.origins.cmp(&a.origins).then_with(|| (&a.from, &a.to, a.did).cmp(&(&b.from, &b.to, b.did))));
        let count = ties.len();
        (ties.into_iter().enumerate())
            .map(|(i, tie)| {
                let times = if tie.times > 1 { format!(" ({})", plural(tie.times, "time")) } else { String::new() };
                let mark = Mark::Tie {
                    from: tie.from.clone(),
                    to: tie.to.clone(),
                    lane: tie.lane,
                    times: tie.times,
                    mutual: tie.did == "met or spoke with",
                };
                let cells =
                    vec![line(tie.from, Vec::new()), line(format!("{}{times}", tie.did), tie.cites), line(tie.to, Vec::new())];
                Row { cells, weight: count - i, mark: Some(mark) }
            })
            .collect()
    }
}

/// Where the drawings show an event.
pub(crate) fn lane(kind: EventType) -> Lane {
    match kind.quad() {
        Quad::MaterialConflict => Lane::Force,
        Quad::VerbalConflict => Lane::Words,
        _ => Lane::Talks,
    }
}
