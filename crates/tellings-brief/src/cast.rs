//! The parts of a brief that tell who is who, what is not known, and what the brief rests on.

use crate::budget::{Row, rows};
use crate::chart::{Chart, Node};
use crate::compose::{Composer, Line, line};
use crate::phrases;
use crate::statement::list;
use tellings_doc::{Basis, Kind, PartDate, Participant, Span};
use tellings_story::{Citation, Relation};

impl Composer<'_> {
    /// Those who act or speak and have a name.
    pub(crate) fn people(&self) -> Vec<Row> {
        const ROWS: usize = 18;
        let acts = |id: &str| {
            self.story.events.iter().any(|e| e.actors.iter().chain(&e.recipients).any(|a| a == id))
                || self.story.claims.iter().any(|c| c.by.as_deref() == Some(id) || c.toward.as_deref() == Some(id))
                || self.story.quotes.iter().any(|q| q.speaker.as_deref() == Some(id))
        };
        let state = |code: &str| phrases::country(code).unwrap_or(code).to_string();
        (self.story.entities.iter())
            .filter(|e| matches!(e.kind, Kind::Per | Kind::Org | Kind::Norp) || e.kind == Kind::Gpe && !e.sectors.is_empty())
            .filter(|e| acts(&e.id))
            // "a US official", "the men": nobody who could be looked up; "A and B" are told each.
            .filter(|e| !e.generic && e.name.starts_with(char::is_uppercase) && !e.name.contains(" and "))
            .take(ROWS)
            .map(|e| {
                let role = e.roles.first();
                let mut for_whom: Vec<String> = e
                    .country
                    .iter()
                    .filter(|c| e.id != format!("state/{c}") && !e.sectors.iter().any(|s| s == "IGO"))
                    .map(|c| state(c))
                    .collect();
                for_whom.extend(e.sectors.iter().filter_map(|s| phrases::sector(s)).map(str::to_string));
                let cells = vec![
                    Line { lead: e.name.clone(), id: Some(e.id.clone()), ..Line::default() },
                    line(role.map_or("", |r| r.0.as_str()), role.and_then(|r| r.1.clone()).into_iter().collect()),
                    line(for_whom.join(", "), Vec::new()),
                    line(format!("{}×", e.mentions.len()), e.mentions.iter().take(1).cloned().collect()),
                ];
                Row::new(cells, e.mentions.len())
            })
            .collect()
    }

    /// Other stories that parts of this story's reports tell.
    pub(crate) fn side_stories(&self) -> Vec<Row> {
        let mut lines: Vec<Line> = Vec::new();
        for story in self.record.stories.iter().filter(|s| s.id != self.story.id) {
            let parts = story.parts.iter().filter(|p| self.story.documents.contains(&p.at.document));
            let cites: Vec<Citation> = (parts)
                .map(|p| Citation { document: p.at.document, span: Span::new(p.at.span.start(), p.at.span.start() + 1) })
                .map(|c| self.first_sentence(&c))
                .collect();
            if !cites.is_empty() {
                lines.push(Line { id: Some(story.id.clone()), ..line(story.title.clone(), cites) });
            }
        }
        rows(lines)
    }

    fn first_sentence(&self, at: &Citation) -> Citation {
        let parse = &self.docs[at.document].parse;
        let span = parse.sentence_at(at.span.start()).map_or(at.span, |s| parse.sentences[s].span);
        Citation { document: at.document, span }
    }

    /// What a reader would ask and the reports do not say: who is meant where something is said or done, when a report was made, who
    /// said something.
    pub(crate) fn unknown(&self) -> Vec<Row> {
        let mut lines: Vec<Line> = Vec::new();
        for open in &self.story.unresolved {
            let doc = &self.docs[open.at.document];
            let words = self.raw(open.at.document, open.at.span);
            let note = match open.kind {
                "date" => format!("When {} was published: it gives no date, and its siblings do not settle one", doc.id),
                "speaker" => format!("Who said “{words}”"),
                "reference" if self.takes_part(&open.at) => format!("Who is meant by “{words}”: {}", self.why(&open.note)),
                "reference" => continue,
                _ => open.note.clone(),
            };
            let sentence = self.first_sentence(&open.at);
            match lines.iter_mut().find(|l| l.words == note && l.cites.iter().all(|c| c.document == open.at.document)) {
                Some(known) => known.cites.push(sentence),
                None => lines.push(line(note, vec![sentence])),
            }
        }
        rows(lines)
    }

    fn why(&self, note: &str) -> &'static str {
        if note.contains("two-candidates") { "two readings are open" } else { "the report names nobody before it" }
    }

    /// Does somebody of these words act or speak, or is acted on?
    fn takes_part(&self, at: &Citation) -> bool {
        let doc = &self.docs[at.document];
        let here = |span: Span| span.touches(at.span);
        let somebody = |m: &tellings_doc::Mention| matches!(m.kind, Kind::Per | Kind::Org | Kind::Norp);
        if !doc.link.mentions.iter().any(|m| m.span == at.span && somebody(m)) {
            return false;
        }
        let among = |list: &[Participant]| list.iter().any(|p| here(p.span));
        doc.events.iter().any(|e| among(&e.actors) || among(&e.recipients))
            || doc.speech.claims.iter().any(|c| c.by_span.is_some_and(here))
            || doc.speech.quotes.iter().any(|q| q.speaker.is_some_and(here))
    }

    /// The story's reports, those that are mainly about it first.
    fn reports(&self) -> Vec<usize> {
        let mut all = self.story.documents.clone();
        for part in &self.story.parts {
            if !all.contains(&part.at.document) {
                all.push(part.at.document);
            }
        }
        all
    }

    pub(crate) fn sources(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for document in self.reports() {
            let d = &self.record.documents[document];
            let published = match &d.published {
                None => line("undated", Vec::new()),
                Some(p) => {
                    let upto = match (p.basis, p.range.is_day()) {
                        (_, true) => String::new(),
                        _ => format!(" or {}", phrases::date(&p.range.last.to_string())),
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
            let guessed: Vec<String> =
                d.other_dates.iter().filter(|o| o.1 == Basis::Inferred).map(|o| phrases::date(&o.0)).collect();
            let may = if d.published.is_none() { "may be of" } else { "less likely" };
            remarks.extend((!guessed.is_empty()).then(|| format!("{may} {}", guessed.join(" or "))));
            let part = |p: &PartDate| {
                format!("a part is of {}, as {} has it", phrases::date(&p.published.value), list(&p.published.from))
            };
            remarks.extend(d.parts.iter().filter(|part| !part.published.from.is_empty()).map(part));
            // Entries of a live blog, which date themselves.
            let own = || d.parts.iter().filter(|part| part.published.from.is_empty()).map(|part| part.published.range.first);
            if let (Some(first), Some(last)) = (own().min(), own().max())
                && first != last
            {
                let (first, last) = (phrases::date(&first.to_string()), phrases::date(&last.to_string()));
                remarks.push(format!("its entries are of {first} to {last}"));
            }
            remarks.extend(d.signs.iter().cloned());
            let outlet = d.source.outlet.as_deref().or(d.source.url.as_deref());
            let title = [Some(d.id.as_str()), outlet, d.title.as_deref()].into_iter().flatten().collect::<Vec<_>>();
            let cells = vec![
                Line { lead: format!("[{}]", document + 1), words: title.join(" — "), ..Line::default() },
                published,
                line(descent, Vec::new()),
                line(remarks.join("; "), Vec::new()),
            ];
            rows.push(Row::new(cells, 0));
        }
        rows
    }

    /// The lineages as a drawing; none where every report stands alone.
    pub(crate) fn descent(&self) -> Option<Chart> {
        let node = |&(document, relation): &(usize, Relation)| {
            let d = &self.record.documents[document];
            Node {
                document,
                name: d.source.outlet.clone().unwrap_or_else(|| d.id.clone()),
                date: d.published.as_ref().map(|p| p.range.first.to_string()),
                relation: (relation != Relation::Original).then(|| relation.as_str()),
            }
        };
        let lines: Vec<Vec<Node>> = self.story.lineages.iter().map(|l| l.documents.iter().map(node).collect()).collect();
        (lines.iter().map(Vec::len).sum::<usize>() > 1).then_some(Chart::Lineage(lines))
    }
}
