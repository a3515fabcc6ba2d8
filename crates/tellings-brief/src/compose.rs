//! From a record to the blocks of a brief: the order of its parts, its lead, and what they share.

use crate::budget::{Section, fit, length};
use crate::chart::Chart;
use crate::statement::{Detail, list, statement};
use crate::{Options, phrases, tell};
use tellings_doc::{BlockKind, Doc, Event, EventType, Kind, Mode, Realis, Span, Upos, Xpos};
use tellings_story::{Agreement, Citation, Record, RecordEntity, RecordEvent, Story, Telling};

/// One statement and what it rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Set apart before the words: a date, a name.
    pub lead: String,
    /// The statement.
    pub words: String,
    /// Words of the sources that it rests on, shown beside it.
    pub source: Option<String>,
    /// Where they stand.
    pub cites: Vec<Citation>,
    /// Id in the record, for `tellings explain`.
    pub id: Option<String>,
}

/// A piece of the brief.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A heading: level 1 = a story, 2 = a section.
    Heading(u8, String),
    /// Sentences that are read as one paragraph.
    Paragraph(Vec<Line>),
    /// A list.
    List(Vec<Line>),
    /// A table with its column names.
    Table(Vec<&'static str>, Vec<Vec<Line>>),
    /// A drawing of what the table after it says; only pages show it.
    Chart(Chart),
}

/// Longest excerpt of a source shown beside a statement, in characters.
const EXCERPT: usize = 320;

/// The blocks of the brief: the story with most documents first, its side stories after it.
pub fn compose(record: &Record, docs: &[Doc], options: &Options) -> Vec<Block> {
    let composer = |story| Composer { record, docs, story, options };
    // What a side story takes of the length is taken from the story beside which it is told.
    const SIDE: usize = 5;
    let aside = |story: &Story| story.documents.is_empty();
    let mut told: Vec<Vec<Block>> = vec![Vec::new(); record.stories.len()];
    let mut spent: Vec<usize> = vec![0; record.stories.len()];
    for (at, story) in record.stories.iter().enumerate().filter(|(_, s)| aside(s)) {
        let beside = |s: &Story| story.parts.iter().any(|p| s.documents.contains(&p.at.document));
        let host = record.stories.iter().position(|s| !aside(s) && beside(s));
        told[at] = composer(story).story(options.words.map(|n| n / SIDE));
        spent[host.unwrap_or(at)] += length(&told[at]);
    }
    for (at, story) in record.stories.iter().enumerate().filter(|(_, s)| !aside(s)) {
        told[at] = composer(story).story(options.words.map(|n| n.saturating_sub(spent[at]).max(n / SIDE)));
    }
    told.concat()
}

/// The sentence that tells an event of a story best: the one that a brief cites first.
pub fn best_told(record: &Record, docs: &[Doc], story: &Story, event: &RecordEvent) -> Option<Citation> {
    let composer = Composer { record, docs, story, options: &Options::default() };
    composer.tellings(event).first().map(|telling| telling.at.clone())
}

pub(crate) struct Composer<'a> {
    pub record: &'a Record,
    pub docs: &'a [Doc],
    pub story: &'a Story,
    pub options: &'a Options,
}

pub(crate) fn line(words: impl Into<String>, cites: Vec<Citation>) -> Line {
    Line { words: words.into(), cites, ..Line::default() }
}

pub(crate) fn plural(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

impl Composer<'_> {
    /// The story in about so many words; its sources are not counted.
    fn story(&self, words: Option<usize>) -> Vec<Block> {
        let mut sections = vec![
            Section::table("Timeline", &["Date", "What happened", "Told by"], Vec::new()).share(3),
            Section::list("Without a date, in the order of the reports", Vec::new()).share(2),
            Section::list("Wanted, possible, or said not to be so", Vec::new()),
        ];
        let [dated, undated, unreal] = self.timeline();
        let fresh = self.options.since.as_deref().map(|day| Section::list("New", self.new_since(day)));
        for (section, rows) in sections.iter_mut().zip([dated, undated, unreal]) {
            section.rows = rows;
        }
        sections.extend([
            Section::table("Who is who", &["Name", "Role", "For", "Named"], self.people()).share(3),
            Section::table("Who dealt with whom", &["Who", "Did", "Whom"], self.relations()),
            Section::table("Positions by issue", &["Issue", "Party", "Told on", "In the words of the reports"], self.positions())
                .share(3),
            Section::list("What moved", self.moved()).share(2),
            Section::list("Sticking points", self.sticking_points()),
            Section::table(
                "Offers, promises and what was accepted",
                &["Issue", "Party", "Told on", "In the words of the reports"],
                self.commitments(),
            ),
            Section::list("Talks: what is told of their stage", self.stage()),
            Section::table(
                "Accusations and answers",
                &["By", "Against", "In the words of the reports", "Answer"],
                self.accusations(),
            ),
            Section::table("Who calls whom what", &["By", "Whom", "In the words of the reports"], self.designations()),
            Section::list("Disputed, and corrected since", self.disputed()).share(3),
            Section::list("Agreed by independent reports", self.agreed()),
            Section::list("In their own words", self.quotes()).share(2),
            Section::list("Side stories", self.side_stories()),
            Section::list("Not known", self.unknown()),
        ]);
        if let Some(fresh) = fresh {
            sections.insert(0, fresh);
        }
        let scope = self.scope();
        let mut lead = Section::list("", self.lead());
        let left_out = words.map_or_else(String::new, |words| {
            let taken = length(&[Block::Paragraph(vec![scope.clone()])]);
            fit(&mut lead, &mut sections, words.saturating_sub(taken))
        });
        let mut out = vec![Block::Heading(1, self.story.title.clone()), Block::Paragraph(vec![scope])];
        if !lead.rows.is_empty() {
            out.push(Block::Paragraph(lead.rows.into_iter().flat_map(|r| r.cells).collect()));
        }
        for section in sections {
            let chart = match section.title {
                "Timeline" => Chart::timeline(&section.rows),
                "Who dealt with whom" => Chart::relations(&section.rows),
                _ => None,
            };
            section.blocks(chart, &mut out);
        }
        if !left_out.is_empty() {
            out.push(Block::Paragraph(vec![line(left_out, Vec::new())]));
        }
        let sources = Section::table("Sources and their lineage", &["Report", "Published", "Lineage", "Remarks"], self.sources());
        sources.blocks(self.descent(), &mut out);
        out
    }

    /// What the brief rests on: reports, independent origins, days.
    fn scope(&self) -> Line {
        let story = self.story;
        let mut words = match (story.documents.len(), story.lineages.len()) {
            (0, _) => "Told as a part of reports about something else".to_string(),
            (1, _) => "One report".to_string(),
            (reports, origins) => format!("{} from {}", plural(reports, "report"), plural(origins, "independent origin")),
        };
        match (&story.first, &story.last) {
            (Some(a), Some(b)) if a == b => words.push_str(&format!(", {}", phrases::date(a))),
            (Some(a), Some(b)) => words.push_str(&format!(", {} to {}", phrases::date(a), phrases::date(b))),
            _ => words.push_str(", undated"),
        }
        words.push('.');
        Line { id: Some(story.id.clone()), ..line(words, story.parts.iter().map(|p| p.at.clone()).collect()) }
    }

    pub(crate) fn entity(&self, id: &str) -> Option<&RecordEntity> {
        self.story.entities.iter().find(|e| e.id == id)
    }

    pub(crate) fn name(&self, id: &str) -> String {
        self.entity(id).map_or_else(|| id.to_string(), |e| self.called(e))
    }

    /// Its name; who has none is called by the fullest words that a report has for them ("a spokesman for the defence ministry").
    pub(crate) fn called(&self, entity: &RecordEntity) -> String {
        const LONG: usize = 70;
        if !entity.generic {
            return entity.name.clone();
        }
        let words =
            entity.mentions.iter().map(|m| self.raw(m.document, m.span)).filter(|w| w.len() <= LONG && w.contains(&entity.name));
        words.max_by_key(String::len).unwrap_or_else(|| entity.name.clone())
    }

    /// A passage on one line, cut where it is long; who a pronoun at its start stands for is told in brackets.
    pub(crate) fn words(&self, at: &Citation) -> String {
        let doc = &self.docs[at.document];
        excerpt(&tell::words(doc, tell::trimmed(doc, tell::paired(doc, tell::complete(doc, at.span)))))
    }

    /// The event as one of its reports holds it.
    pub(crate) fn coded(&self, telling: &Telling) -> Option<&Event> {
        let events = &self.docs[telling.at.document].events;
        events.iter().find(|e| e.trigger == telling.trigger && e.span == telling.at.span && e.rule == telling.rule)
    }

    /// The words of its report that tell the event.
    pub(crate) fn clause(&self, telling: &Telling) -> Citation {
        let span = self.coded(telling).map_or(telling.at.span, |event| tell::clause(&self.docs[telling.at.document], event));
        Citation { document: telling.at.document, span }
    }

    /// The event's tellings, the one that tells most of it first.
    pub(crate) fn tellings<'e>(&self, event: &'e RecordEvent) -> Vec<&'e Telling> {
        let tells = |i: usize, t: &Telling| {
            let facts = event.facts.iter().flat_map(|f| &f.values).filter(|v| v.tellings.contains(&i)).count();
            let within = |cites: &[Citation]| cites.iter().any(|c| c.document == t.at.document && t.at.span.covers(c.span));
            let date = event.date.as_ref().is_some_and(|d| within(&d.evidence));
            let place = event.place.as_ref().is_some_and(|p| within(&p.evidence));
            let named =
                event.actors.iter().chain(&event.recipients).filter(|id| self.entity(id).is_some_and(|e| within(&e.mentions)));
            let clear = tell::stands_alone(&self.docs[t.at.document], self.clause(t).span);
            facts.min(3)
                + 2 * named.count()
                + usize::from(date)
                + usize::from(place)
                + usize::from(t.realis == event.realis)
                + 2 * usize::from(!self.headline(t))
                + 3 * usize::from(clear)
        };
        let mut order: Vec<(usize, &Telling)> = event.tellings.iter().enumerate().collect();
        order.sort_by_key(|&(i, t)| std::cmp::Reverse(tells(i, t)));
        order.into_iter().map(|(_, t)| t).collect()
    }

    /// How much an event is what a reader wants first: told by several origins, opening most reports, of named people, at a known time
    /// and place.
    pub(crate) fn weight(&self, event: &RecordEvent) -> usize {
        let known = |id: &&String| self.entity(id).is_some_and(|x| !x.generic && x.kind != Kind::Norp);
        let named = event.actors.iter().chain(&event.recipients).filter(known).count();
        let placed = usize::from(event.date.is_some()) + usize::from(event.place.is_some());
        let harm = event.facts.iter().any(|f| matches!(f.attribute.as_str(), "killed" | "injured"));
        let by_noun = self.by_noun(event);
        // An agreement that was reached, a ceasefire that holds: what everything else is about.
        let reached = !by_noun && ["057", "0871"].iter().any(|code| event.cameo.starts_with(code));
        let mut opened: Vec<usize> = event.tellings.iter().filter(|t| self.opening(t)).map(|t| t.at.document).collect();
        opened.dedup();
        let weight = 3 * usize::from(reached)
            + 2 * event.origins
            + 6 * opened.len() / self.story.documents.len().max(1)
            + named.min(3)
            + event.facts.len().min(3)
            + placed
            + 2 * usize::from(harm);
        weight.saturating_sub(3 * usize::from(by_noun || event.kind.is_mutual() && named < 2))
    }

    /// Is it only mentioned by a noun ("the war", "their cooperation"), wherever it is told?
    pub(crate) fn by_noun(&self, event: &RecordEvent) -> bool {
        // What a headline makes a verb of is told by the report's body.
        let body = |t: &&Telling| !self.headline(t);
        let told: Vec<&Telling> = event.tellings.iter().filter(body).collect();
        let all: Vec<&Telling> = if told.is_empty() { event.tellings.iter().collect() } else { told };
        all.iter().all(|t| self.noun(t))
    }

    /// Is its trigger a noun?
    pub(crate) fn noun(&self, telling: &Telling) -> bool {
        let parse = &self.docs[telling.at.document].parse;
        parse.head_of(telling.trigger).is_some_and(|id| matches!(parse.token(id).upos, Upos::Noun | Upos::Propn | Upos::Adj))
    }

    /// Is it told in a title or heading?
    pub(crate) fn headline(&self, telling: &Telling) -> bool {
        let blocks = &self.docs[telling.at.document].article.blocks;
        blocks.iter().any(|b| matches!(b.kind, BlockKind::Title | BlockKind::Heading) && b.span.touches(telling.trigger))
    }

    /// Is it told in the first sentence of a report's body, where reporters put what matters most?
    fn opening(&self, telling: &Telling) -> bool {
        let doc = &self.docs[telling.at.document];
        let body = doc.article.blocks.iter().find(|b| b.kind == BlockKind::Paragraph);
        let first = body.and_then(|b| doc.parse.sentences.iter().find(|s| b.span.covers(s.span)));
        first.is_some_and(|s| s.span.covers(telling.trigger))
    }

    /// The names of the two who met, spoke or negotiated with one another. Of three or more it may be that one met each of the others: that
    /// is told in the report's words.
    pub(crate) fn meeting(&self, event: &RecordEvent) -> Option<Vec<String>> {
        let mutual = event.kind.is_mutual() && event.cameo.starts_with("04") && event.realis != Realis::Negated;
        let sides = || event.actors.iter().chain(&event.recipients);
        let named = |id: &String| {
            self.entity(id).is_some_and(|e| !e.name.contains(" and ") && (!e.generic || e.name.starts_with(char::is_uppercase)))
        };
        let one_sided = event.modes.iter().any(|m| matches!(m, Mode::Visit | Mode::ThirdParty));
        (mutual && !one_sided && event.realis != Realis::Hypothetical && sides().count() == 2 && sides().all(named))
            .then(|| sides().map(|id| within_a_sentence(self.name(id))).collect())
    }

    /// A meeting or call as one sentence of our own; `None` for every other event: those are told in the reports' words.
    pub(crate) fn composed(&self, event: &RecordEvent, detail: Detail) -> Option<String> {
        let names = self.meeting(event)?;
        let triggers: Vec<&str> = event.tellings.iter().map(|t| t.trigger.of(self.docs[t.at.document].text())).collect();
        Some(statement(event, &names, &[], &triggers, detail))
    }

    /// The event as one sentence without its full stop: a meeting in our words, any other in those of the report that tells most of it.
    pub(crate) fn statement(&self, event: &RecordEvent, detail: Detail) -> String {
        self.composed(event, detail).unwrap_or_else(|| {
            let clause = self.tellings(event).first().map(|t| self.clause(t));
            clause.map_or_else(String::new, |c| quoted(&self.words(&c)))
        })
    }

    /// The best told events that happened and are news, what came of them, what comes next, what the sides are stuck on and where
    /// the reports differ, as running text.
    fn lead(&self) -> Vec<crate::budget::Row> {
        const EVENTS: usize = 4;
        let mut events: Vec<&RecordEvent> = (self.story.events.iter())
            .filter(|e| matches!(e.realis, Realis::Actual) && self.weight(e) > 3)
            .filter(|e| self.meeting(e).is_some() || !self.by_noun(e) && !e.kind.is_mutual())
            .collect();
        events.sort_by_key(|e| std::cmp::Reverse(self.weight(e)));
        let mut lines: Vec<Line> = Vec::new();
        let mut told: Vec<Citation> = Vec::new();
        let mut count = 0;
        for event in events {
            // In running text nobody stands beside it who says so: where somebody does, the whole sentence is told.
            let Some(best) =
                self.tellings(event).first().map(|t| if t.attributed_to.is_some() { t.at.clone() } else { self.clause(t) })
            else {
                continue;
            };
            if count == EVENTS || told.iter().any(|c| c.document == best.document && c.span.touches(best.span)) {
                continue;
            }
            count += 1;
            told.push(best.clone());
            lines.push(self.lead_line(event, best));
            if self.meeting(event).is_some() {
                for fact in ["outcome", "topic"].into_iter().filter_map(|attribute| self.fact(event, attribute)) {
                    told.extend(fact.cites.iter().cloned());
                    lines.push(fact);
                }
            }
        }
        let next = self.story.events.iter().filter(|e| {
            e.realis == Realis::Future && e.date.is_some() && matches!(e.kind, EventType::Consult | EventType::Agree)
        });
        if let Some(next) = next.max_by_key(|e| (e.date.as_ref().map(|d| d.value.clone()), self.weight(e))) {
            let best = self.tellings(next).first().map(|t| self.clause(t));
            lines.extend(best.filter(|c| !told.contains(c)).map(|best| self.lead_line(next, best)));
        }
        if let Some(point) = self.points().first().filter(|p| !told.contains(p)) {
            lines.push(line(
                format!("What the sides are stuck on, in the words of a report: “{}”.", self.words(point)),
                vec![(*point).clone()],
            ));
        }
        lines.extend(self.dispute_lines().into_iter().find(|d| d.words.starts_with(['H', 'W'])));
        crate::budget::rows(lines)
    }

    /// What the sides are stuck on, those passages first that say so in as many words.
    pub(crate) fn points(&self) -> Vec<&Citation> {
        let mut points: Vec<&Citation> = self.story.sticking_points.iter().collect();
        let plain = |c: &Citation| {
            let words = c.span.of(self.docs[c.document].text()).to_lowercase();
            ["sticking point", "stumbling block", "main obstacle", "hardest"].iter().any(|w| words.contains(w))
        };
        points.sort_by_key(|c| !plain(c));
        points
    }

    fn lead_line(&self, event: &RecordEvent, best: Citation) -> Line {
        let mut words = match self.composed(event, Detail { date: true, duration: true }) {
            Some(words) => words,
            None => {
                let date = event.date.as_ref().filter(|d| d.basis == tellings_doc::TimeBasis::Expression);
                let on = date.map_or_else(String::new, |d| phrases::on_date(&d.value));
                let opening = match on.trim() {
                    "" => String::new(),
                    on => format!("{}{}: ", on[..1].to_uppercase(), &on[1..]),
                };
                format!("{opening}{}", quoted(&self.words(&best)))
            }
        };
        if event.origins > 1 {
            words.push_str(&format!(" ({} independent origins)", event.origins));
        }
        words.push('.');
        let mut cites: Vec<Citation> = self.tellings(event).into_iter().take(3).map(|t| t.at.clone()).collect();
        if self.meeting(event).is_some() {
            // What the sentence says of day, place and length stands where it is told, be it in another sentence.
            let date = event.date.iter().flat_map(|d| &d.evidence);
            let place = event.place.iter().flat_map(|p| &p.evidence);
            let length =
                event.facts.iter().filter(|f| f.attribute == "duration").flat_map(|f| &f.values).flat_map(|v| &v.evidence);
            for cite in date.chain(place).chain(length) {
                if !cites.iter().any(|c| c.document == cite.document && c.span.covers(cite.span)) {
                    cites.push(cite.clone());
                }
            }
        }
        Line { id: Some(event.id.clone()), ..line(words, cites) }
    }

    /// The topics or the outcome of a meeting as a sentence of the running text.
    fn fact(&self, event: &RecordEvent, attribute: &str) -> Option<Line> {
        const VALUES: usize = 4;
        // What is yet to be held has no outcome.
        if event.realis == Realis::Future {
            return None;
        }
        let values = self.fact_values(event, attribute);
        let told = &values[..values.len().min(VALUES)];
        if told.is_empty() {
            return None;
        }
        let quoted: Vec<String> = told.iter().map(|v| quoted(&excerpt(&v.0))).collect();
        // "failed to …", "could not …": what they did goes on from who they are.
        let verbs = told.iter().all(|(_, cite)| {
            let parse = &self.docs[cite.document].parse;
            let first = parse.tokens_in(cite.span).next().map(|t| parse.tokens[t].xpos);
            first.is_some_and(|x| matches!(x, Xpos::Vbd | Xpos::Md))
        });
        let opening = match (attribute, verbs) {
            ("topic", _) => "They spoke of",
            (_, true) => "They",
            _ => "What came of it, in the words of the reports:",
        };
        Some(line(format!("{opening} {}.", list(&quoted)), told.iter().map(|v| v.1.clone()).collect()))
    }

    /// The values of a fact in words, with where they stand: none that is only a pronoun, none that is a part of another.
    pub(crate) fn fact_values(&self, event: &RecordEvent, attribute: &str) -> Vec<(String, Citation)> {
        let Some(fact) = event.facts.iter().find(|f| f.attribute == attribute) else { return Vec::new() };
        let mut values: Vec<(String, Citation)> = Vec::new();
        for value in &fact.values {
            let Some(cite) = value.evidence.first() else { continue };
            let span = tell::phrase(&self.docs[cite.document], cite.span);
            let words = span.of(self.docs[cite.document].text()).split_whitespace().collect::<Vec<_>>().join(" ");
            let small = matches!(
                words.to_lowercase().as_str(),
                "that" | "this" | "it" | "them" | "the matter" | "the issue" | "the problem"
            );
            let within = |a: &str, b: &str| a.to_lowercase().contains(&b.to_lowercase());
            if small || values.iter().any(|(known, _)| within(known, &words)) {
                continue;
            }
            values.retain(|(known, _)| !within(&words, known));
            values.push((words, Citation { document: cite.document, span }));
        }
        values
    }

    /// Who somebody is, or the words that the report uses where it could not be made out.
    pub(crate) fn party(&self, id: Option<&str>, words: Option<String>) -> String {
        match (id, words) {
            (Some(id), _) => self.name(id),
            (None, Some(words)) => quoted(&words),
            (None, None) => "not named".to_string(),
        }
    }

    /// Do the lineages say the same of the event's measured facts?
    pub(crate) fn disputed_facts(&self, event: &RecordEvent) -> Vec<String> {
        let disputed = event.facts.iter().filter(|f| f.agreement == Agreement::Disputed);
        disputed.map(|f| format!("{}: {} (disputed)", f.attribute, phrases::values(&f.values).join(" or "))).collect()
    }

    /// The day on which something was told, with the report's number.
    pub(crate) fn told_on(&self, at: &Citation) -> String {
        let published = &self.record.documents[at.document].published;
        published.as_ref().map_or_else(|| "undated".to_string(), |p| phrases::date(&p.value))
    }

    /// The words of a span of a report on one line.
    pub(crate) fn raw(&self, document: usize, span: Span) -> String {
        excerpt(span.of(self.docs[document].text()))
    }
}

/// A name as it stands inside a sentence: "The head of the agency" without its capital.
fn within_a_sentence(name: String) -> String {
    name.strip_prefix("The ").map_or_else(|| name.clone(), |rest| format!("the {rest}"))
}

/// Words of a source in quotation marks; those that they hold become single.
pub(crate) fn quoted(words: &str) -> String {
    let straight = words.matches('"').count() % 2;
    let unpaired = straight == 1 || words.matches('“').count() > words.matches('”').count();
    // A quotation that goes on after the passage: its opening mark alone would mislead.
    let words = words.strip_prefix(['"', '“']).filter(|_| unpaired).unwrap_or(words);
    let mut out = String::with_capacity(words.len() + 6);
    out.push('“');
    for (i, c) in words.char_indices() {
        let opens = words[..i].chars().next_back().is_none_or(|p| p.is_whitespace() || matches!(p, '(' | '[' | '—' | '–' | '-'));
        out.push(match c {
            '“' => '‘',
            '”' => '’',
            '"' if opens => '‘',
            '"' => '’',
            other => other,
        });
    }
    out.push('”');
    out
}

/// Words of a source on one line, cut at a word's end.
pub(crate) fn excerpt(words: &str) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= EXCERPT {
        return flat;
    }
    let cut: String = flat.chars().take(EXCERPT).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}
