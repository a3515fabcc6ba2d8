//! The parts of a brief that tell what each side says: positions by issue, offers, accusations and answers, labels, quotes.

use crate::budget::{Row, rows};
use crate::compose::{Composer, Line, excerpt, line, quoted};
use crate::statement::list;
use crate::{phrases, tell};
use tellings_doc::{ClaimKind, Kind, QuoteKind, Realis};
use tellings_story::{Citation, RecordClaim, RecordEntity, RecordQuote};

/// Shortest claim that is told without its sentence, in words.
const CLAIM: usize = 5;
/// Share of common words from which on two passages of one party are one thing said.
const RETOLD: f32 = 0.6;

/// Are they claims of several who make one claim in the same words?
fn together(a: &RecordClaim, b: &RecordClaim) -> bool {
    a.kind == b.kind && a.by.is_some() && b.by.is_some() && a.tellings.first() == b.tellings.first() && !a.tellings.is_empty()
}

impl Composer<'_> {
    /// Whose claim it is, with all who make it together: "Russia and Iran".
    fn side(&self, claim: &RecordClaim) -> String {
        let mut names = vec![self.one_side(claim)];
        for other in self.story.claims.iter().filter(|o| together(o, claim) && o.id != claim.id) {
            let name = self.one_side(other);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.sort();
        list(&names)
    }

    /// Whose claim it is: the side first, then who spoke for it.
    fn one_side(&self, claim: &RecordClaim) -> String {
        let Some(entity) = claim.by.as_deref().and_then(|id| self.entity(id)) else {
            return self.party(None, self.by_words(claim));
        };
        match self.state_of(entity) {
            Some(state) => format!("{} ({})", state.name, self.called(entity)),
            None => self.called(entity),
        }
    }

    /// The state that an official, a ministry or a capital speaks for.
    fn state_of(&self, entity: &RecordEntity) -> Option<&RecordEntity> {
        let country = entity.country.as_deref()?;
        let official = entity.sectors.iter().any(|s| s == "GOV" || s == "MIL") || entity.kind == Kind::Gpe;
        let state =
            |e: &&RecordEntity| e.kind == Kind::Gpe && e.id.starts_with("state/") && e.country.as_deref() == Some(country);
        self.story.entities.iter().find(state).filter(|s| official && s.id != entity.id)
    }

    /// The claimant's words in the report, where it could not be made out who that is.
    fn by_words(&self, claim: &RecordClaim) -> Option<String> {
        let at = claim.tellings.first()?;
        let doc = &self.docs[at.document];
        let told = doc.speech.claims.iter().find(|c| c.span == at.span && c.kind == claim.kind)?;
        let words = told.by_span?.of(doc.text());
        (!words.is_empty()).then(|| excerpt(words))
    }

    /// The claim's passage; with its sentence where it says too little alone.
    fn passage(&self, claim: &RecordClaim) -> Option<Citation> {
        let at = claim.tellings.first()?;
        let parse = &self.docs[at.document].parse;
        let span = tell::governed(&self.docs[at.document], at.span);
        if parse.tokens_in(span).len() >= CLAIM {
            return Some(Citation { document: at.document, span });
        }
        Some(Citation { document: at.document, span: self.sentence(at).span })
    }

    /// The sentence of a passage; the passage where it is more than one.
    fn sentence(&self, at: &Citation) -> Citation {
        let parse = &self.docs[at.document].parse;
        let sentence = parse.sentence_at(at.span.start()).map(|s| parse.sentences[s].span);
        Citation { document: at.document, span: sentence.filter(|s| s.covers(at.span)).unwrap_or(at.span) }
    }

    /// What is to be known of how it is said: whether it holds, and who says it of the claimant.
    fn hedge(&self, claim: &RecordClaim) -> String {
        let holds = match claim.realis {
            Realis::Negated => ", in the negative",
            Realis::Hypothetical => ", as a possibility",
            _ => "",
        };
        let said = claim.tellings.first().and_then(|at| {
            let doc = &self.docs[at.document];
            let told = doc.speech.claims.iter().find(|c| c.span == at.span && c.kind == claim.kind)?;
            let quote = &doc.speech.quotes[told.quote?.index()];
            let other = quote.entity.is_some() && quote.entity != told.by;
            quote.entity.filter(|_| other).map(|e| doc.link.entities[e.index()].name.clone())
        });
        said.map_or_else(|| holds.to_string(), |name: String| format!("{holds}, says {name}"))
    }

    /// `demand to Y: “…”`.
    fn claim_cell(&self, claim: &RecordClaim) -> Line {
        let (noun, link) = phrases::claim(claim.kind);
        let toward = claim.toward.as_deref().map_or_else(String::new, |id| format!(" {link} {}", self.name(id)));
        let words = self.passage(claim).map_or_else(String::new, |at| format!(": {}", quoted(&self.words(&at))));
        Line { id: Some(claim.id.clone()), ..line(format!("{noun}{toward}{}{words}", self.hedge(claim)), claim.tellings.clone()) }
    }

    /// A claim as one line: who, what, and the words.
    pub(crate) fn claim_line(&self, claim: &RecordClaim) -> Line {
        Line { lead: format!("{},", self.side(claim)), ..self.claim_cell(claim) }
    }

    /// Claims of these kinds, each passage once and none inside another of the same party.
    fn claims(&self, kinds: &[ClaimKind]) -> Vec<&RecordClaim> {
        let all: Vec<&RecordClaim> = self.story.claims.iter().filter(|c| kinds.contains(&c.kind)).collect();
        let mut kept: Vec<&RecordClaim> = Vec::new();
        for (i, claim) in all.iter().enumerate() {
            let Some(at) = claim.tellings.first() else { continue };
            let inside = |other: &&RecordClaim| {
                other.tellings.iter().any(|o| o.document == at.document && o.span.covers(at.span) && o.span != at.span)
            };
            // What is agreed to or demanded is not held besides.
            let told = |o: &RecordClaim| {
                o.id != claim.id
                    && o.by == claim.by
                    && o.tellings.iter().any(|c| c.document == at.document && c.span.covers(at.span))
            };
            if claim.kind == ClaimKind::Position && self.story.claims.iter().any(told) {
                continue;
            }
            let again = all[..i].iter().any(|c| c.tellings.first() == Some(at) && (c.kind == claim.kind || c.by == claim.by));
            if !again && !all.iter().any(inside) {
                kept.push(claim);
            }
        }
        kept
    }

    fn by_issue(&self, mut claims: Vec<&RecordClaim>) -> Vec<Row> {
        let known = |issue: &Option<tellings_doc::Issue>| issue.as_deref().and_then(phrases::issue);
        // Issues on which most is said first; what belongs to none of the table's issues last.
        let said = |c: &RecordClaim| {
            let issue = known(&c.issue);
            let count = self.story.claims.iter().filter(|o| issue.is_some() && known(&o.issue) == issue).count();
            (issue.is_none(), std::cmp::Reverse(count), issue)
        };
        let date = |c: &RecordClaim| {
            c.tellings
                .first()
                .map(|at| (self.record.documents[at.document].published.as_ref().map(|p| p.range.first), at.clone()))
        };
        claims.sort_by_cached_key(|c| (said(c), self.side(c), date(c)));
        let mut rows: Vec<(Row, &RecordClaim, String)> = Vec::new();
        for claim in claims {
            let side = self.side(claim);
            let words = |c: &RecordClaim| self.passage(c).map_or_else(String::new, |at| self.words(&at));
            // Retold in nearly the same words: one row, with all its places.
            let again = rows.iter_mut().find(|(_, known, their)| {
                known.kind == claim.kind
                    && known.realis == claim.realis
                    && *their == side
                    && tell::likeness(&words(known), &words(claim)) >= RETOLD
            });
            match again {
                Some((row, ..)) => {
                    row.weight += 1;
                    row.cells[3].cites.extend(claim.tellings.iter().cloned());
                }
                None => rows.push((self.position(claim), claim, side)),
            }
        }
        rows.into_iter().map(|r| r.0).collect()
    }

    /// A row of the tables by issue.
    fn position(&self, claim: &RecordClaim) -> Row {
        {
            let known = claim.issue.as_deref().and_then(phrases::issue);
            let issue = known.unwrap_or("other");
            let held = claim.date.as_ref().map(|d| phrases::date(&d.value));
            let on = held.or_else(|| claim.tellings.first().map(|at| self.told_on(at))).unwrap_or_default();
            let cells = vec![
                line(issue, Vec::new()),
                Line { lead: self.side(claim), ..Line::default() },
                line(on, Vec::new()),
                self.claim_cell(claim),
            ];
            // A demand or a refusal says more than a plain position; what has an issue, more than what has none.
            let weight =
                2 * usize::from(claim.kind != ClaimKind::Position) + 2 * usize::from(known.is_some()) + claim.tellings.len();
            Row::new(cells, weight)
        }
    }

    /// What each party wants, demands, refuses and warns of, by issue and in the order of the reports.
    pub(crate) fn positions(&self) -> Vec<Row> {
        use ClaimKind::{Demand, Position, Reject, Warn};
        let claims = self.claims(&[Position, Demand, Reject, Warn]);
        // What is only said of something, on no matter of the talks, is no position.
        let held = |c: &&RecordClaim| {
            c.kind != Position
                || c.issue.is_some()
                || !matches!(c.rule.as_ref(), "claim.stated" | "claim.said.judge" | "claim.said.believe")
        };
        // Nor is what somebody without a name may want.
        let generic = |c: &RecordClaim| c.by.as_deref().and_then(|id| self.entity(id)).is_some_and(|e| e.generic);
        let sure = |c: &&RecordClaim| !generic(c) || c.realis == Realis::Actual;
        self.by_issue(claims.into_iter().filter(|c| c.by.is_some()).filter(held).filter(sure).collect())
    }

    /// What was offered, promised and accepted.
    pub(crate) fn commitments(&self) -> Vec<Row> {
        use ClaimKind::{Accept, Offer, Promise};
        let claims = self.claims(&[Offer, Promise, Accept]);
        let mut rows = self.by_issue(claims.into_iter().filter(|c| c.by.is_some()).collect());
        let negotiation = &self.story.negotiation;
        for commitment in &negotiation.commitments {
            let Some(deadline) = &commitment.deadline else { continue };
            let by = format!(" [by {}]", phrases::date(deadline));
            let known = rows.iter_mut().find(|r| r.cells.iter().any(|c| c.id.as_deref() == Some(&commitment.source)));
            if let Some(row) = known {
                row.weight += 2;
                row.cells[3].words.push_str(&by);
                row.cells[3].cites.extend(commitment.deadline_at.clone());
                continue;
            }
            let parties: Vec<String> =
                commitment.parties.iter().filter_map(|&p| negotiation.parties.get(p)).map(|p| p.name.clone()).collect();
            let cites = std::iter::once(commitment.at.clone()).chain(commitment.deadline_at.clone()).collect();
            let said = Line {
                id: Some(commitment.source.clone()),
                ..line(format!("{}{by}", quoted(&self.words(&commitment.at))), cites)
            };
            let cells = vec![
                line("other", Vec::new()),
                Line { lead: list(&parties), ..Line::default() },
                line(self.told_on(&commitment.at), Vec::new()),
                said,
            ];
            rows.push(Row::new(cells, 4));
        }
        rows
    }

    /// Who holds something else than before.
    pub(crate) fn moved(&self) -> Vec<Row> {
        let mut lines = Vec::new();
        for issue in &self.story.negotiation.issues {
            let on = issue.issue.as_deref().and_then(phrases::issue).map_or_else(String::new, |name| format!(", {name}"));
            for moved in &issue.moved {
                let Some(party) = self.story.negotiation.parties.get(moved.party) else { continue };
                let claim = |id: &Option<String>| self.story.claims.iter().find(|c| Some(&c.id) == id.as_ref());
                let told = |c: &RecordClaim| {
                    let (noun, _) = phrases::claim(c.kind);
                    let words = self.passage(c).map_or_else(String::new, |at| quoted(&self.words(&at)));
                    (format!("{noun} {words}"), c.tellings.clone())
                };
                let (words, cites) = match (claim(&moved.from).map(told), claim(&moved.to).map(told)) {
                    (Some(from), Some(to)) => (format!("first {}, then {}", from.0, to.0), [from.1, to.1].concat()),
                    _ => (quoted(&self.words(&moved.at)), vec![moved.at.clone()]),
                };
                lines.push(Line { lead: format!("{}{on}:", party.name), ..line(words, cites) });
            }
        }
        rows(lines)
    }

    pub(crate) fn sticking_points(&self) -> Vec<Row> {
        rows(self.points().into_iter().map(|c| line(quoted(&self.words(c)), vec![c.clone()])).collect())
    }

    /// Who accuses whom of what, and what was answered; denials whose accusation is not told stand by themselves.
    pub(crate) fn accusations(&self) -> Vec<Row> {
        let answers: Vec<&String> = self.story.claims.iter().flat_map(|c| &c.answered_by).collect();
        // What is denied in the same breath was not said by who denies it.
        let denied = |at: &Citation| {
            let denials = self.story.claims.iter().filter(|c| c.kind == ClaimKind::Deny).flat_map(|c| &c.tellings);
            denials.into_iter().any(|d| d.document == at.document && d.span.covers(at.span))
        };
        let mut rows = Vec::new();
        for claim in self.claims(&[ClaimKind::Accuse, ClaimKind::Deny]) {
            let Some(mut at) = self.passage(claim) else { continue };
            let answered: Vec<&RecordClaim> =
                claim.answered_by.iter().filter_map(|id| self.story.claims.iter().find(|c| c.id == *id)).collect();
            // Said in as many words, whoever is meant.
            let plain = claim.rule.starts_with("claim.accuse.");
            let open_denial = claim.kind == ClaimKind::Deny && !answers.contains(&&claim.id);
            let accuses =
                claim.kind == ClaimKind::Accuse && (claim.toward.is_some() || !answered.is_empty() || plain) && !denied(&at);
            if !open_denial && !accuses {
                continue;
            }
            if open_denial {
                at = self.sentence(&at);
            }
            let mut reply: Vec<String> = Vec::new();
            let mut reply_cites = Vec::new();
            for answer in answered {
                let words = answer.tellings.first().map_or_else(String::new, |own| {
                    // Where one sentence holds both, the answer's clause says enough.
                    let one = own.document == at.document && self.sentence(own).span.touches(at.span);
                    self.words(&if one { own.clone() } else { self.passage(answer).unwrap_or_else(|| own.clone()) })
                });
                reply.push(format!("{}: {}", self.side(answer), quoted(&words)));
                reply_cites.extend(answer.tellings.iter().cloned());
            }
            let said = Line { id: Some(claim.id.clone()), ..line(quoted(&self.words(&at)), claim.tellings.clone()) };
            let toward = claim.toward.as_deref().map_or_else(String::new, |id| self.name(id));
            let by = Line { lead: self.side(claim), ..Line::default() };
            let cells = if open_denial {
                vec![
                    line("", Vec::new()),
                    line("", Vec::new()),
                    line("told only by its denial", Vec::new()),
                    Line { lead: format!("{}:", by.lead), ..said },
                ]
            } else {
                vec![by, line(toward, Vec::new()), said, line(reply.join("; "), reply_cites)]
            };
            rows.push(Row::new(cells, 2 + claim.tellings.len() + 2 * claim.answered_by.len() - usize::from(open_denial)));
        }
        rows
    }

    pub(crate) fn designations(&self) -> Vec<Row> {
        let mut lines: Vec<Row> = Vec::new();
        for (n, claim) in self.story.claims.iter().enumerate().filter(|(_, c)| c.kind == ClaimKind::Designate) {
            // Of several who call somebody so together one row tells all.
            if self.story.claims[..n].iter().any(|o| together(o, claim) && o.toward == claim.toward && o.label == claim.label) {
                continue;
            }
            let whom = claim.toward.as_deref().map_or_else(|| "not named".to_string(), |id| self.name(id));
            let label = claim.label.as_deref().unwrap_or("");
            let words = self.passage(claim).map_or_else(String::new, |at| self.words(&at));
            let cells = vec![
                Line { lead: self.side(claim), ..Line::default() },
                line(whom, Vec::new()),
                Line {
                    id: Some(claim.id.clone()),
                    ..line(format!("“{label}”{}: {}", self.hedge(claim), quoted(&words)), claim.tellings.clone())
                },
            ];
            lines.push(Row::new(cells, 1 + claim.tellings.len()));
        }
        lines
    }

    /// Quotations, and utterances that several reports carry; what the tables of positions hold is not told again.
    pub(crate) fn quotes(&self) -> Vec<Row> {
        let told: Vec<&Citation> = self.story.claims.iter().flat_map(|c| c.tellings.iter()).collect();
        let quotes = self.story.quotes.iter().filter(|q| {
            let kinds = || q.tellings.iter().map(|t| self.kind(&t.0));
            let direct = kinds().any(|k| k == Some(QuoteKind::Direct))
                || q.tellings.len() > 1 && kinds().any(|k| k == Some(QuoteKind::Mixed));
            let repeats =
                q.tellings.iter().all(|(at, _)| told.iter().any(|c| c.document == at.document && c.span.covers(at.span)));
            // A few quoted words ("gaps of trust") say something where several reports carry them.
            let enough = q.text.split_whitespace().count() > 4 || q.tellings.len() > 1;
            q.speaker.is_some() && direct && enough && (!repeats || q.tellings.len() > 1)
        });
        quotes
            .map(|q| {
                Row::new(vec![self.quote_line(q)], 2 * q.tellings.len() + usize::from(q.text.split_whitespace().count() > 6))
            })
            .collect()
    }

    fn kind(&self, at: &Citation) -> Option<QuoteKind> {
        let quotes = &self.docs[at.document].speech.quotes;
        let spans =
            |q: &&tellings_doc::Quote| q.content.first().zip(q.content.last()).is_some_and(|(a, b)| a.join(*b) == at.span);
        quotes.iter().find(spans).map(|q| q.kind)
    }

    pub(crate) fn quote_line(&self, quote: &RecordQuote) -> Line {
        let text = quote.text.trim().trim_end_matches(',').replace(", … ", " … ");
        let mut words = quoted(&excerpt(&text));
        let others: Vec<String> = (quote.tellings.iter())
            .filter(|t| quote.tellings.len() > 1 && t.1 != "verbatim")
            .map(|(at, variant)| format!("{} in {}", phrases::variant(variant), self.record.documents[at.document].id))
            .collect();
        if !others.is_empty() {
            words.push_str(&format!(" [{}]", others.join("; ")));
        }
        let speaker = quote.speaker.as_deref().and_then(|id| self.entity(id));
        let lead = speaker.map_or_else(|| "not named".to_string(), |e| self.called(e));
        let others = quote.with.iter().filter_map(|id| self.entity(id)).map(|e| self.called(e));
        let lead = list(&std::iter::once(lead).chain(others).collect::<Vec<_>>());
        let cites = quote.tellings.iter().map(|t| t.0.clone()).collect();
        Line { lead: format!("{lead}:"), words, source: None, cites, id: Some(quote.id.clone()) }
    }
}
