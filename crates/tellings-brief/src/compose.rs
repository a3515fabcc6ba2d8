//! From a record to the blocks of a brief.

use crate::phrases;
use tellings_doc::{Basis, ClaimKind, Doc, Kind, Realis, Span};
use tellings_story::{Agreement, Citation, Record, RecordClaim, RecordEvent, Relation, Story};

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
    /// A paragraph.
    Paragraph(Line),
    /// A list.
    List(Vec<Line>),
    /// A table with its column names.
    Table(Vec<&'static str>, Vec<Vec<Line>>),
}

/// Longest excerpt of a source shown beside a statement, in characters.
const EXCERPT: usize = 280;

/// The blocks of the brief: the story with most documents first, its side stories after it.
pub fn compose(record: &Record, docs: &[Doc]) -> Vec<Block> {
    let mut blocks = Vec::new();
    for story in &record.stories {
        Composer { record, docs, story }.story(&mut blocks);
    }
    blocks
}

struct Composer<'a> {
    record: &'a Record,
    docs: &'a [Doc],
    story: &'a Story,
}

fn line(words: impl Into<String>, cites: Vec<Citation>) -> Line {
    Line { words: words.into(), cites, ..Line::default() }
}

fn plural(n: usize, one: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") }
}

/// `a`, `a and b`, `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

impl Composer<'_> {
    fn story(&self, out: &mut Vec<Block>) {
        let story = self.story;
        out.push(Block::Heading(1, story.title.clone()));
        out.push(Block::Paragraph(self.scope()));
        let lead = self.lead();
        if !lead.is_empty() {
            section(out, "In short", Block::List(lead));
        }
        section(out, "Timeline", Block::List(self.timeline()));
        section(out, "Who is who", Block::Table(vec!["Name", "Role", "For", "Mentions"], self.people()));
        section(
            out,
            "Positions and demands",
            Block::Table(vec!["Party", "Issue", "Position, in the words of the reports"], self.positions()),
        );
        section(out, "Sticking points", Block::List(self.sticking_points()));
        section(out, "Accusations and answers", Block::List(self.accusations()));
        section(out, "Who calls whom what", Block::List(self.designations()));
        section(out, "In their own words", Block::List(self.quotes()));
        section(out, "Agreed by independent reports", Block::List(self.agreed()));
        section(out, "Disputed", Block::List(self.disputed()));
        section(out, "Side stories", Block::List(self.side_stories()));
        section(out, "Not known", Block::List(self.unknown()));
        section(
            out,
            "Sources and their lineage",
            Block::Table(vec!["Report", "Published", "Lineage", "Remarks"], self.sources()),
        );
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

    fn names(&self, ids: &[String]) -> String {
        list(&ids.iter().map(|id| self.name(id)).collect::<Vec<_>>())
    }

    fn words(&self, at: &Citation) -> String {
        excerpt(at.span.of(self.docs[at.document].text()))
    }

    /// The best told events that happened and are news, as statements.
    fn lead(&self) -> Vec<Line> {
        const EVENTS: usize = 4;
        let mut events: Vec<&RecordEvent> =
            (self.story.events.iter()).filter(|e| matches!(e.realis, Realis::Actual) && !e.actors.is_empty()).collect();
        // What several origins tell of named people, at a known time and place, is what a reader wants first.
        let named = |e: &RecordEvent| {
            let known = |id: &&String| self.story.entities.iter().any(|x| x.id == **id && !x.generic && x.kind != Kind::Norp);
            e.actors.iter().chain(&e.recipients).filter(known).count()
        };
        let weight = |e: &RecordEvent| {
            let known = usize::from(e.date.is_some()) + usize::from(e.place.is_some());
            2 * e.origins + named(e).min(3) + e.facts.len().min(3) + known
        };
        events.sort_by_key(|e| std::cmp::Reverse(weight(e)));
        events.truncate(EVENTS);
        events.iter().map(|e| Line { lead: String::new(), source: None, ..self.event(e) }).collect()
    }

    fn timeline(&self) -> Vec<Line> {
        self.story.events.iter().map(|e| self.event(e)).collect()
    }

    /// An event as a statement with its date before it and its best source beside it.
    fn event(&self, event: &RecordEvent) -> Line {
        let mut words = match (event.actors.is_empty(), event.recipients.is_empty()) {
            (true, _) => format!("somebody {}", phrases::act(event)),
            _ => format!("{} {}", self.names(&event.actors), phrases::act(event)),
        };
        if !event.recipients.is_empty() {
            words.push_str(&format!(" {}", self.names(&event.recipients)));
        }
        let trigger = event.tellings.first().map(|t| t.trigger.of(self.docs[t.at.document].text()).to_string());
        if let Some(trigger) = trigger {
            words.push_str(&format!(" (“{}”)", excerpt(&trigger)));
        }
        if let Some(place) = &event.place {
            words.push_str(&format!(", in {}", place.name));
        }
        let date = event.date.as_ref().map_or("undated".to_string(), |d| phrases::date(&d.value));
        let mut remarks: Vec<String> = phrases::realis(event).map(str::to_string).into_iter().collect();
        for fact in &event.facts {
            let values: Vec<String> = fact.values.iter().map(|v| excerpt(&phrases::value(&v.value))).collect();
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
        let mut cites: Vec<Citation> = event.tellings.iter().map(|t| t.at.clone()).collect();
        cites.dedup();
        let source = cites.first().map(|c| self.words(c));
        Line { lead: date, words: format!("{words}. [{}]", remarks.join("; ")), source, cites, id: Some(event.id.clone()) }
    }

    fn people(&self) -> Vec<Vec<Line>> {
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
                vec![
                    Line { lead: e.name.clone(), id: Some(e.id.clone()), ..Line::default() },
                    line(role.map_or("", |r| r.0.as_str()), role.and_then(|r| r.1.clone()).into_iter().collect()),
                    line(codes.join(" "), Vec::new()),
                    line(e.mentions.len().to_string(), e.mentions.iter().take(1).cloned().collect()),
                ]
            })
            .collect()
    }

    fn claim_cites(&self, claim: &RecordClaim) -> Vec<Citation> {
        claim.tellings.clone()
    }

    fn party(&self, id: Option<&str>) -> String {
        id.map_or("somebody not named".to_string(), |id| self.name(id))
    }

    /// `X: accusation against Y`, with the words.
    fn claim(&self, claim: &RecordClaim) -> Line {
        let (what, to) = phrases::claim(claim.kind);
        let toward = claim.toward.as_deref().map_or(String::new(), |id| format!(" {to} {}", self.name(id)));
        let hedge = match claim.realis {
            Realis::Negated => " (in the negative)",
            Realis::Hypothetical => " (as a possibility)",
            _ => "",
        };
        let words = format!("{what}{toward}{hedge}: “{}”", self.words(&claim.tellings[0]));
        Line {
            lead: self.party(claim.by.as_deref()),
            words,
            source: None,
            cites: self.claim_cites(claim),
            id: Some(claim.id.clone()),
        }
    }

    /// Positions, demands, offers, promises, refusals and warnings, by party.
    fn positions(&self) -> Vec<Vec<Line>> {
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
            let whole = self.claim(claim);
            vec![
                Line { lead: whole.lead.clone(), ..Line::default() },
                line(claim.issue.as_deref().map_or(String::new(), phrases::issue), Vec::new()),
                Line { lead: String::new(), ..whole },
            ]
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
                lines.push(Line { lead: format!("answered by {}", reply.lead), ..reply });
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
                let words = format!("calls {whom} “{label}”{class}: “{}”", self.words(&c.tellings[0]));
                Line {
                    lead: self.party(c.by.as_deref()),
                    words,
                    source: None,
                    cites: self.claim_cites(c),
                    id: Some(c.id.clone()),
                }
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
            let what = format!("{} {}", self.names(&event.actors), phrases::act(event));
            let what = if event.recipients.is_empty() { what } else { format!("{what} {}", self.names(&event.recipients)) };
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

    fn sources(&self) -> Vec<Vec<Line>> {
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
            rows.push(vec![
                Line { lead: format!("[{}]", document + 1), words: title.join(" — "), ..Line::default() },
                published,
                line(descent, Vec::new()),
                line(remarks.join("; "), Vec::new()),
            ]);
        }
        rows
    }
}

fn section(out: &mut Vec<Block>, title: &str, block: Block) {
    let empty = match &block {
        Block::List(lines) => lines.is_empty(),
        Block::Table(_, rows) => rows.is_empty(),
        _ => false,
    };
    if !empty {
        out.push(Block::Heading(2, title.to_string()));
        out.push(block);
    }
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
