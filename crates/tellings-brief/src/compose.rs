//! From a record to the blocks of a brief.

use crate::budget::{Row, Section, fit};
use crate::statement::{Detail, list, statement};
use crate::{Options, phrases};
use tellings_doc::{Basis, ClaimKind, Doc, EventType, Kind, Realis, Span};
use tellings_story::{Agreement, Citation, Record, RecordClaim, RecordEvent, Relation, Story, Telling};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading: level 1 = a story, 2 = a section.
    Heading(u8, String),
    /// Sentences that are read as one paragraph.
    Paragraph(Vec<Line>),
    /// A list.
    List(Vec<Line>),
    /// A table with its column names.
    Table(Vec<&'static str>, Vec<Vec<Line>>),
}

/// Longest excerpt of a source shown beside a statement, in characters.
const EXCERPT: usize = 280;

/// The blocks of the brief: the story with most documents first, its side stories after it.
pub fn compose(record: &Record, docs: &[Doc], options: &Options) -> Vec<Block> {
    let mut blocks = Vec::new();
    for story in &record.stories {
        Composer { record, docs, story, options }.story(&mut blocks);
    }
    blocks
}

struct Composer<'a> {
    record: &'a Record,
    docs: &'a [Doc],
    story: &'a Story,
    options: &'a Options,
}

fn line(words: impl Into<String>, cites: Vec<Citation>) -> Line {
    Line { words: words.into(), cites, ..Line::default() }
}

fn plural(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

impl Composer<'_> {
    fn story(&self, out: &mut Vec<Block>) {
        out.push(Block::Heading(1, self.story.title.clone()));
        out.push(Block::Paragraph(vec![self.scope()]));
        let lead = self.lead();
        if !lead.is_empty() {
            out.push(Block::Paragraph(lead));
        }
        let [dated, undated, unreal] = self.timeline();
        let mut sections = vec![
            Section::list("Timeline", dated),
            Section::list("Without a date, in the order of the reports", undated),
            Section::list("Wanted, possible or denied", unreal),
            Section::table("Who is who", &["Name", "Role", "For", "Mentions"], self.people()),
            Section::table(
                "Positions and demands",
                &["Party", "Issue", "Position, in the words of the reports"],
                self.positions(),
            ),
            Section::list("Sticking points", rows(self.sticking_points())),
            Section::list("Accusations and answers", rows(self.accusations())),
            Section::list("Who calls whom what", rows(self.designations())),
            Section::list("In their own words", rows(self.quotes())),
            Section::list("Agreed by independent reports", rows(self.agreed())),
            Section::list("Disputed", rows(self.disputed())),
            Section::list("Side stories", rows(self.side_stories())),
            Section::list("Not known", rows(self.unknown())),
        ];
        if let Some(since) = &self.options.since {
            sections.insert(0, Section::list("New", self.new_since(since)));
        }
        // A side story is told in a quarter of the words of a main one.
        let words = self.options.words.map(|n| if self.story.documents.is_empty() { n / 4 } else { n });
        if let Some(words) = words {
            fit(&mut sections, words);
        }
        sections.push(Section::table(
            "Sources and their lineage",
            &["Report", "Published", "Lineage", "Remarks"],
            self.sources(),
        ));
        out.extend(sections.into_iter().flat_map(Section::blocks));
    }

    /// What the brief rests on: reports, independent origins, days.
    fn scope(&self) -> Line {
        let story = self.story;
        let mut words = match (story.documents.len(), story.lineages.len()) {
            (0, _) => "Told as a part of reports about something else".to_string(),
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

    fn name(&self, id: &str) -> String {
        self.story.entities.iter().find(|e| e.id == id).map_or_else(|| id.to_string(), |e| e.name.clone())
    }

    fn words(&self, at: &Citation) -> String {
        excerpt(at.span.of(self.docs[at.document].text()))
    }

    /// How much an event is what a reader wants first: told by several origins, of named people, at a known time and place.
    fn weight(&self, event: &RecordEvent) -> usize {
        let known = |id: &&String| self.story.entities.iter().any(|x| x.id == **id && !x.generic && x.kind != Kind::Norp);
        let named = event.actors.iter().chain(&event.recipients).filter(known).count();
        let placed = usize::from(event.date.is_some()) + usize::from(event.place.is_some());
        2 * event.origins + named.min(3) + event.facts.len().min(3) + placed
    }

    /// The best told events that happened and are news, as running text, with what came of the first.
    fn lead(&self) -> Vec<Line> {
        const EVENTS: usize = 4;
        let mut events: Vec<&RecordEvent> =
            (self.story.events.iter()).filter(|e| matches!(e.realis, Realis::Actual) && !e.actors.is_empty()).collect();
        events.sort_by_key(|e| std::cmp::Reverse(self.weight(e)));
        events.truncate(EVENTS);
        let mut lines = Vec::new();
        for event in events {
            let mut words = self.statement(event, Detail { date: true, duration: true });
            if event.origins > 1 {
                words.push_str(&format!(" ({} independent origins)", event.origins));
            }
            words.push('.');
            let cites = self.tellings(event).into_iter().take(3).map(|t| t.at.clone()).collect();
            lines.push(Line { id: Some(event.id.clone()), ..line(words, cites) });
            for (attribute, opening) in [("topic", "On the table:"), ("outcome", "What came of it, in the words of the reports:")]
            {
                lines.extend(self.fact(event, attribute, opening));
            }
        }
        lines
    }

    /// The values of a fact as a sentence of the running text.
    fn fact(&self, event: &RecordEvent, attribute: &str, opening: &str) -> Option<Line> {
        const VALUES: usize = 4;
        // What is yet to be held has no outcome, and a pronoun is no topic.
        if attribute == "outcome" && event.kind == EventType::Agree {
            return None;
        }
        let fact = event.facts.iter().find(|f| f.attribute == attribute)?;
        let told = || fact.values.iter().filter(|v| !matches!(v.value.as_str(), "that" | "this" | "it" | "them")).take(VALUES);
        let values: Vec<String> = told().map(|v| format!("“{}”", excerpt(&v.value))).collect();
        if values.is_empty() {
            return None;
        }
        let cites = told().filter_map(|v| v.evidence.first().cloned()).collect();
        Some(line(format!("{opening} {}.", list(&values)), cites))
    }

    /// The events with a date, those without, and those that are not told as having happened.
    fn timeline(&self) -> [Vec<Row>; 3] {
        let mut parts: [Vec<Row>; 3] = Default::default();
        for event in &self.story.events {
            let part = match event.realis {
                Realis::Hypothetical | Realis::Negated => 2,
                _ if event.date.is_none() => 1,
                _ => 0,
            };
            let mut line = self.event(event);
            if part == 1 {
                line.lead = String::new();
            }
            parts[part].push(Row { cells: vec![line], weight: self.weight(event) });
        }
        parts
    }

    /// The event's tellings, the one that tells most of it first.
    fn tellings<'e>(&self, event: &'e RecordEvent) -> Vec<&'e Telling> {
        let tells = |i: usize, t: &Telling| {
            let facts = event.facts.iter().flat_map(|f| &f.values).filter(|v| v.tellings.contains(&i)).count();
            let within = |cites: &[Citation]| cites.iter().any(|c| c.document == t.at.document && t.at.span.covers(c.span));
            let date = event.date.as_ref().is_some_and(|d| within(&d.evidence));
            let place = event.place.as_ref().is_some_and(|p| within(&p.evidence));
            let named = event.actors.iter().chain(&event.recipients).filter(|id| {
                let entity = self.story.entities.iter().find(|e| e.id == **id);
                entity.is_some_and(|e| within(&e.mentions))
            });
            facts.min(3) + 2 * named.count() + usize::from(date) + usize::from(place) + usize::from(t.realis == event.realis)
        };
        let mut order: Vec<(usize, &Telling)> = event.tellings.iter().enumerate().collect();
        order.sort_by_key(|&(i, t)| std::cmp::Reverse(tells(i, t)));
        order.into_iter().map(|(_, t)| t).collect()
    }

    /// Who takes part, by name; where nobody could be made out, the report's own words for them.
    fn side(&self, event: &RecordEvent, recipients: bool) -> Vec<String> {
        let ids = if recipients { &event.recipients } else { &event.actors };
        if !ids.is_empty() {
            return ids.iter().map(|id| self.name(id)).collect();
        }
        let told = event.tellings.iter().find_map(|t| {
            let doc = &self.docs[t.at.document];
            let coded = doc.events.iter().find(|e| e.trigger == t.trigger && e.span == t.at.span)?;
            let side = if recipients { &coded.recipients } else { &coded.actors };
            let words: Vec<String> = side.iter().map(|p| format!("“{}”", excerpt(p.span.of(doc.text())))).collect();
            (!words.is_empty()).then_some(words)
        });
        told.unwrap_or_default()
    }

    fn statement(&self, event: &RecordEvent, detail: Detail) -> String {
        let triggers: Vec<&str> = event.tellings.iter().map(|t| t.trigger.of(self.docs[t.at.document].text())).collect();
        statement(event, &self.side(event, false), &self.side(event, true), &triggers, detail)
    }

    /// An event as a statement with its date before it and its best source beside it.
    fn event(&self, event: &RecordEvent) -> Line {
        const VALUES: usize = 3;
        let tellings = self.tellings(event);
        let words = self.statement(event, Detail::default());
        let date = event.date.as_ref().map_or(String::new(), |d| phrases::date(&d.value));
        let mut remarks: Vec<String> = phrases::realis(event).map(str::to_string).into_iter().collect();
        if let Some(t) = tellings.first() {
            remarks.push(format!("“{}”", excerpt(t.trigger.of(self.docs[t.at.document].text()))));
        }
        for fact in &event.facts {
            let mut values: Vec<String> = fact.values.iter().take(VALUES).map(|v| excerpt(&phrases::value(&v.value))).collect();
            if fact.values.len() > VALUES {
                values.push(format!("{} more", fact.values.len() - VALUES));
            }
            let disputed = if fact.agreement == Agreement::Disputed { " (disputed)" } else { "" };
            remarks.push(format!("{}{disputed}: {}", fact.attribute, values.join("; ")));
        }
        let said: Vec<String> = event.tellings.iter().filter_map(|t| t.attributed_to.clone()).map(|id| self.name(&id)).collect();
        if said.len() == event.tellings.len() && !said.is_empty() {
            let mut said = said;
            said.sort();
            said.dedup();
            remarks.push(format!("according to {}", list(&said)));
        }
        remarks.push(match (event.origins, event.articles) {
            (1, 1) => "one report".to_string(),
            (1, n) => format!("{n} reports of one origin"),
            (o, _) => format!("{o} independent origins"),
        });
        let mut cites: Vec<Citation> = tellings.iter().map(|t| t.at.clone()).collect();
        cites.dedup();
        let source = cites.first().map(|c| self.words(c));
        Line { lead: date, words: format!("{words}. [{}]", remarks.join("; ")), source, cites, id: Some(event.id.clone()) }
    }

    /// What only reports from this day on tell: events, values of known events, claims and quotes.
    fn new_since(&self, day: &str) -> Vec<Row> {
        let new = |at: &Citation| {
            let published = &self.record.documents[at.document].published;
            published.as_ref().is_some_and(|p| p.range.first.to_string().as_str() >= day)
        };
        let mut found = Vec::new();
        for event in &self.story.events {
            let fresh = |i: &usize| new(&event.tellings[*i].at);
            let weight = self.weight(event);
            if event.tellings.iter().all(|t| new(&t.at)) {
                found.push(Row { cells: vec![self.event(event)], weight });
                continue;
            }
            for fact in &event.facts {
                for value in fact.values.iter().filter(|v| !v.tellings.is_empty() && v.tellings.iter().all(fresh)) {
                    let what = format!(
                        "{}: {} is now told as {}",
                        self.statement(event, Detail::default()),
                        fact.attribute,
                        phrases::value(&value.value)
                    );
                    found.push(Row {
                        cells: vec![Line { id: Some(event.id.clone()), ..line(what, value.evidence.clone()) }],
                        weight,
                    });
                }
            }
        }
        let claims = self.story.claims.iter().filter(|c| c.kind != ClaimKind::Position && c.tellings.iter().all(new));
        found.extend(claims.map(|c| Row { cells: vec![self.claim(c)], weight: 3 }));
        let quotes = self
            .story
            .quotes
            .iter()
            .filter(|q| q.tellings.iter().all(|(at, _)| new(at)) && q.tellings.iter().any(|t| t.1 != "indirect"));
        found.extend(quotes.map(|q| {
            let cites = q.tellings.iter().map(|t| t.0.clone()).collect();
            let said = Line {
                lead: self.party(q.speaker.as_deref()),
                id: Some(q.id.clone()),
                ..line(format!("“{}”", excerpt(&q.text)), cites)
            };
            Row { cells: vec![said], weight: 2 }
        }));
        found
    }

    fn people(&self) -> Vec<Row> {
        const ROWS: usize = 18;
        let acts = |id: &str| {
            self.story.events.iter().any(|e| e.actors.iter().chain(&e.recipients).any(|a| a == id))
                || self.story.claims.iter().any(|c| c.by.as_deref() == Some(id))
                || self.story.quotes.iter().any(|q| q.speaker.as_deref() == Some(id))
        };
        (self.story.entities.iter())
            .filter(|e| matches!(e.kind, Kind::Per | Kind::Org | Kind::Gpe | Kind::Norp) && acts(&e.id))
            .take(ROWS)
            .map(|e| {
                let role = e.roles.first();
                let codes: Vec<&str> = e.country.iter().chain(&e.sectors).map(String::as_str).collect();
                let cells = vec![
                    Line { lead: e.name.clone(), id: Some(e.id.clone()), ..Line::default() },
                    line(role.map_or("", |r| r.0.as_str()), role.and_then(|r| r.1.clone()).into_iter().collect()),
                    line(codes.join(" "), Vec::new()),
                    line(e.mentions.len().to_string(), e.mentions.iter().take(1).cloned().collect()),
                ];
                Row { cells, weight: e.mentions.len() }
            })
            .collect()
    }

    fn party(&self, id: Option<&str>) -> String {
        id.map_or("somebody not named".to_string(), |id| self.name(id))
    }

    /// `accused Y: “…”`, the claimant before it.
    fn claim(&self, claim: &RecordClaim) -> Line {
        let (verb, link) = phrases::claimed(claim.kind);
        let toward = claim.toward.as_deref().map_or(String::new(), |id| format!(" {}", [link, &self.name(id)].join(" ").trim()));
        Line { lead: self.party(claim.by.as_deref()), ..self.claim_words(claim, &format!("{verb}{toward}")) }
    }

    /// `demand to Y: “…”`, as a cell of a table.
    fn claim_cell(&self, claim: &RecordClaim) -> Line {
        let (noun, link) = phrases::claim(claim.kind);
        let toward = claim.toward.as_deref().map_or(String::new(), |id| format!(" {link} {}", self.name(id)));
        self.claim_words(claim, &format!("{noun}{toward}"))
    }

    fn claim_words(&self, claim: &RecordClaim, what: &str) -> Line {
        let hedge = match claim.realis {
            Realis::Negated => " (in the negative)",
            Realis::Hypothetical => " (as a possibility)",
            _ => "",
        };
        let words = claim.tellings.first().map_or(String::new(), |at| format!(": “{}”", self.words(at)));
        Line { id: Some(claim.id.clone()), ..line(format!("{what}{hedge}{words}"), claim.tellings.clone()) }
    }

    /// Positions, demands, offers, promises, refusals and warnings, by party.
    fn positions(&self) -> Vec<Row> {
        use ClaimKind::*;
        let mut claims: Vec<&RecordClaim> = (self.story.claims.iter())
            .filter(|c| matches!(c.kind, Position | Demand | Offer | Accept | Reject | Promise | Warn) && c.by.is_some())
            .collect();
        let order = |c: &RecordClaim| {
            let party = self.story.entities.iter().position(|e| Some(&e.id) == c.by.as_ref());
            (party, c.issue.is_none(), c.issue.clone())
        };
        claims.sort_by_key(|c| order(c));
        let row = |claim: &RecordClaim| {
            let cells = vec![
                Line { lead: self.party(claim.by.as_deref()), ..Line::default() },
                line(claim.issue.as_deref().map_or(String::new(), phrases::issue), Vec::new()),
                self.claim_cell(claim),
            ];
            // A demand or a refusal says more than a plain position; what has an issue, more than what has none.
            let weight =
                2 * usize::from(claim.kind != ClaimKind::Position) + usize::from(claim.issue.is_some()) + claim.tellings.len();
            Row { cells, weight }
        };
        claims.into_iter().map(row).collect()
    }

    fn sticking_points(&self) -> Vec<Line> {
        self.story.sticking_points.iter().map(|c| line(format!("“{}”", self.words(c)), vec![c.clone()])).collect()
    }

    fn accusations(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let answers: Vec<&String> = self.story.claims.iter().flat_map(|c| &c.answered_by).collect();
        for claim in &self.story.claims {
            let open = matches!(claim.kind, ClaimKind::Deny | ClaimKind::Admit) && !answers.contains(&&claim.id);
            if claim.kind != ClaimKind::Accuse && !open {
                continue;
            }
            lines.push(self.claim(claim));
            for answer in claim.answered_by.iter().filter_map(|id| self.story.claims.iter().find(|c| c.id == *id)) {
                let reply = self.claim(answer);
                lines.push(Line { lead: format!("To this {}", reply.lead), ..reply });
            }
        }
        lines
    }

    fn designations(&self) -> Vec<Line> {
        (self.story.claims.iter())
            .filter(|c| c.kind == ClaimKind::Designate)
            .map(|c| {
                let whom = c.toward.as_deref().map_or("somebody".to_string(), |id| self.name(id));
                let class = c.class.map_or(String::new(), |class| format!(" (class: {class})"));
                let label = c.label.as_deref().unwrap_or("");
                Line { lead: self.party(c.by.as_deref()), ..self.claim_words(c, &format!("called {whom} “{label}”{class}")) }
            })
            .collect()
    }

    /// Direct quotes, and utterances that several reports carry.
    fn quotes(&self) -> Vec<Line> {
        (self.story.quotes.iter())
            .filter(|q| q.tellings.len() > 1 || q.tellings.iter().any(|t| t.1 != "indirect"))
            .map(|q| {
                let mut words = format!("“{}”", excerpt(&q.text));
                let others: Vec<String> = (q.tellings.iter())
                    .filter(|t| !matches!(t.1, "verbatim"))
                    .filter(|_| q.tellings.len() > 1)
                    .map(|(at, variant)| format!("{variant} in {}", self.record.documents[at.document].id))
                    .collect();
                if !others.is_empty() {
                    words.push_str(&format!(" [{}]", others.join("; ")));
                }
                let cites = q.tellings.iter().map(|t| t.0.clone()).collect();
                Line { lead: self.party(q.speaker.as_deref()), words, source: None, cites, id: Some(q.id.clone()) }
            })
            .collect()
    }

    fn agreed(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let happened = |e: &&RecordEvent| matches!(e.realis, Realis::Actual | Realis::Historical);
        for event in self.story.events.iter().filter(|e| e.origins > 1).filter(happened) {
            let mut points: Vec<String> = vec!["that it took place".into()];
            if let Some(date) = event.date.as_ref().filter(|d| d.agreement == Agreement::Agreed) {
                points.push(format!("its date, {}", phrases::date(&date.value)));
            }
            if let Some(place) = event.place.as_ref().filter(|p| p.agreement == Agreement::Agreed) {
                points.push(format!("its place, {}", place.name));
            }
            for fact in event.facts.iter().filter(|f| f.agreement == Agreement::Agreed) {
                points.push(format!("its {}, {}", fact.attribute, phrases::value(&fact.values[0].value)));
            }
            let short = self.event(event);
            let what = self.statement(event, Detail::default());
            lines.push(Line {
                words: format!("{what}: {} origins agree on {}", event.origins, list(&points)),
                source: None,
                ..short
            });
        }
        lines
    }

    fn disputed(&self) -> Vec<Line> {
        (self.story.disagreements.iter())
            .map(|d| {
                let cites = d.values.iter().flat_map(|v| v.evidence.clone()).collect();
                Line { id: Some(d.about.clone()), ..line(d.note.clone(), cites) }
            })
            .collect()
    }

    /// Other stories that parts of this story's reports tell.
    fn side_stories(&self) -> Vec<Line> {
        (self.record.stories.iter())
            .filter(|s| s.id != self.story.id)
            .flat_map(|s| s.parts.iter().map(move |p| (s, p)))
            .filter(|(_, p)| self.story.documents.contains(&p.at.document))
            .map(|(s, p)| {
                let start = Span::new(p.at.span.start(), p.at.span.start() + 1);
                let at = Citation { document: p.at.document, span: start };
                Line { id: Some(s.id.clone()), ..line(s.title.clone(), vec![at]) }
            })
            .collect()
    }

    fn unknown(&self) -> Vec<Line> {
        self.story.unresolved.iter().map(|u| line(u.note.clone(), vec![u.at.clone()])).collect()
    }

    fn sources(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let parts = self.story.parts.iter().map(|p| p.at.document);
        let all: Vec<usize> = self.story.documents.iter().copied().chain(parts).collect();
        for document in all {
            let d = &self.record.documents[document];
            let published = match &d.published {
                None => line("undated", Vec::new()),
                Some(p) => {
                    let upto = if p.range.is_day() {
                        String::new()
                    } else {
                        format!(" or {}", phrases::date(&p.range.last.to_string()))
                    };
                    let basis = match p.basis {
                        Basis::Inferred => format!("inferred from {}", list(&p.from)),
                        other => other.as_str().to_string(),
                    };
                    let cites = p.span.map(|span| Citation { document, span }).into_iter().collect();
                    line(format!("{}{upto} ({basis})", phrases::date(&p.value)), cites)
                }
            };
            let lineage = self.story.lineages.iter().find(|l| l.documents.iter().any(|x| x.0 == document));
            let descent = lineage.map_or(String::new(), |l| {
                let relation = l.documents.iter().find(|x| x.0 == document).map_or(Relation::Original, |x| x.1);
                match relation {
                    Relation::Original => "original".to_string(),
                    other => format!("{} of {}", other.as_str(), self.record.documents[l.origin].id),
                }
            });
            let mut remarks: Vec<String> = Vec::new();
            if !d.credits.is_empty() {
                remarks.push(format!("credits {}", list(&d.credits)));
            }
            let evidence = self.docs[document].problems.iter().filter(|p| p.kind == "inferred-date").map(|p| p.note.clone());
            remarks.extend(evidence);
            remarks.extend(d.signs.iter().cloned());
            let outlet = d.source.outlet.as_deref().or(d.source.url.as_deref());
            let title = [Some(d.id.as_str()), outlet, d.title.as_deref()].into_iter().flatten().collect::<Vec<_>>();
            let cells = vec![
                Line { lead: format!("[{}]", document + 1), words: title.join(" — "), ..Line::default() },
                published,
                line(descent, Vec::new()),
                line(remarks.join("; "), Vec::new()),
            ];
            rows.push(Row { cells, weight: 0 });
        }
        rows
    }
}

/// Lines as rows of a list, the first ones the weightiest.
fn rows(lines: Vec<Line>) -> Vec<Row> {
    let count = lines.len();
    lines.into_iter().enumerate().map(|(i, line)| Row { cells: vec![line], weight: count - i }).collect()
}

/// Words of a source on one line, cut at a word's end.
fn excerpt(words: &str) -> String {
    let flat = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= EXCERPT {
        return flat;
    }
    let cut: String = flat.chars().take(EXCERPT).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}
