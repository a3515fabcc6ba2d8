//! Why is this value what it is? The words, the stage and the rule or model behind everything in a record or reading.

use std::fmt;
use tellings_doc::{Doc, EventType, Id, Span};
use tellings_story::Record;

/// One value and what made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// What it is: `event CONSULT`, `time DATE 2016-09-05`, `mention name → Barack Obama`.
    pub what: String,
    /// The document whose words it rests on.
    pub document: String,
    /// The words' place.
    pub span: Span,
    /// The words.
    pub words: String,
    /// `stage.rule` that made it.
    pub rule: String,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.rule.split('.').next().unwrap_or("");
        writeln!(f, "{}", self.what)?;
        writeln!(f, "    words   “{}”", self.words.split_whitespace().collect::<Vec<_>>().join(" "))?;
        writeln!(f, "    where   {}:{}-{}", self.document, self.span.start(), self.span.end())?;
        write!(f, "    made by {} (stage {stage})", self.rule)
    }
}

/// Explains what `query` names: an id of the record (`v-…` event, `c-…` claim, `q-…` quote, an entity's id), or a place
/// in a document (`DOCUMENT:START-END`, `DOCUMENT:BYTE`), where everything that touches it is told. Empty if it names nothing.
pub fn explain(docs: &[Doc], record: &Record, query: &str) -> Vec<Explanation> {
    let mut found = of_record(docs, record, query);
    if let Some((doc, span)) = place(docs, query) {
        found.extend(of_document(doc, span));
    }
    found
}

fn place<'a>(docs: &'a [Doc], query: &str) -> Option<(&'a Doc, Span)> {
    let (id, at) = query.rsplit_once(':')?;
    let (start, end) = match at.split_once('-') {
        Some((start, end)) => (start.parse().ok()?, end.parse().ok()?),
        None => (at.parse().ok()?, at.parse::<usize>().ok()? + 1),
    };
    docs.iter().find(|d| d.id == id).map(|doc| (doc, Span::new(start, end)))
}

fn one(doc: &Doc, what: String, span: Span, rule: &str) -> Explanation {
    let words = span.of(doc.text()).to_string();
    Explanation { what, document: doc.id.clone(), span, words, rule: rule.to_string() }
}

fn of_record(docs: &[Doc], record: &Record, id: &str) -> Vec<Explanation> {
    let mut found = Vec::new();
    for story in &record.stories {
        for event in story.events.iter().filter(|e| e.id == id) {
            for telling in &event.tellings {
                let doc = &docs[telling.at.document];
                found.push(one(
                    doc,
                    format!("event {} ({})", event.kind.as_str(), telling.realis.as_str()),
                    telling.trigger,
                    &telling.rule,
                ));
                found.extend(doc.events.iter().filter(|e| e.trigger == telling.trigger).flat_map(|e| parts(doc, e)));
            }
            if event.tellings.len() > 1 {
                let at = &event.tellings[0];
                let what = format!("{} tellings joined into one event, {} independent", event.tellings.len(), event.origins);
                found.push(one(&docs[at.at.document], what, at.at.span, &event.rule));
            }
        }
        for claim in story.claims.iter().filter(|c| c.id == id) {
            for at in &claim.tellings {
                found.push(one(&docs[at.document], format!("claim {}", claim.kind.as_str()), at.span, &claim.rule));
            }
        }
        for quote in story.quotes.iter().filter(|q| q.id == id) {
            for (at, variant) in &quote.tellings {
                let doc = &docs[at.document];
                let rule = doc.speech.quotes.iter().find(|q| q.content.iter().any(|s| s.touches(at.span)));
                found.push(one(doc, format!("quote ({variant})"), at.span, rule.map_or(&quote.rule, |q| &q.rule)));
            }
        }
        for entity in story.entities.iter().filter(|e| e.id == id) {
            for at in &entity.mentions {
                let doc = &docs[at.document];
                let mention = doc.link.mentions.iter().find(|m| m.span == at.span);
                let rule = mention.map_or(&entity.rule, |m| &m.rule);
                found.push(one(doc, format!("mention of {}", entity.name), at.span, rule));
            }
        }
    }
    found
}

/// Time, place, participants and facts of an event.
fn parts(doc: &Doc, event: &tellings_doc::Event) -> Vec<Explanation> {
    let mut found = Vec::new();
    if let Some(time) = &event.time {
        let (span, rule) = match time.time.map(|id| &doc.times[id.index()]) {
            Some(expression) => (expression.span, expression.rule.to_string()),
            None => (event.trigger, format!("event.time.{}", time.basis.as_str())),
        };
        found.push(one(doc, format!("  its date {} ({})", time.value, time.basis.as_str()), span, &rule));
    }
    if let Some((place, basis)) = event.place.map(|p| (&doc.link.places[p.place.index()], p.basis)) {
        found.push(one(doc, format!("  its place {} ({})", place.name, basis.as_str()), place.span, &place.rule));
    }
    for (role, participant) in event.actors.iter().map(|p| ("actor", p)).chain(event.recipients.iter().map(|p| ("recipient", p)))
    {
        let name = participant.entity.map_or("not resolved", |e| &doc.link.entities[e.index()].name);
        let code = doc.link.code_at(participant.span).map_or(String::new(), |c| format!(" [{}]", c.code));
        found.push(one(doc, format!("  its {role} {name}{code}"), participant.span, &event.rule));
    }
    for fact in &event.facts {
        found.push(one(doc, format!("  its {} {}", fact.attribute, fact.value), fact.span, &event.rule));
    }
    found
}

fn of_document(doc: &Doc, at: Span) -> Vec<Explanation> {
    let mut found = Vec::new();
    if let Some(p) = doc.article.published.as_ref().filter(|p| p.span.is_some_and(|s| s.touches(at))) {
        found.push(one(doc, format!("date of publication {} ({})", p.value, p.basis.as_str()), p.span.unwrap_or(at), &p.rule));
    }
    for i in doc.parse.tokens_in(at) {
        let token = &doc.parse.tokens[i];
        let what = format!("word {} {} {}", doc.parse.lemma(Id::new(i)), token.upos.as_str(), token.deprel.as_str());
        found.push(one(doc, what, token.span, "parse.model"));
    }
    for name in doc.parse.names.iter().filter(|n| n.span.touches(at)) {
        found.push(one(doc, format!("name {}", name.kind.as_str()), name.span, "parse.names"));
    }
    for mention in doc.link.mentions.iter().filter(|m| m.span.touches(at)) {
        let entity = mention.entity.map_or("not resolved", |e| &doc.link.entities[e.index()].name);
        found.push(one(doc, format!("mention {} → {entity}", mention.form.as_str()), mention.span, &mention.rule));
    }
    for coded in doc.link.codes.iter().filter(|c| c.span.touches(at)) {
        found.push(one(doc, format!("actor code {}", coded.code), coded.span, &coded.rule));
    }
    for time in doc.times.iter().filter(|t| t.span.touches(at)) {
        found.push(one(doc, format!("time {} {}", time.kind.as_str(), time.value), time.span, &time.rule));
    }
    for place in doc.link.places.iter().filter(|p| p.span.touches(at)) {
        let country = place.country.as_deref().unwrap_or("-");
        found.push(one(doc, format!("place {} {country} ({:.2})", place.name, place.score), place.span, &place.rule));
    }
    for quote in doc.speech.quotes.iter().filter(|q| q.content.iter().any(|s| s.touches(at))) {
        found.push(one(doc, format!("quote {}", quote.kind.as_str()), quote.content[0], &quote.rule));
    }
    for claim in doc.speech.claims.iter().filter(|c| c.span.touches(at)) {
        found.push(one(doc, format!("claim {}", claim.kind.as_str()), claim.span, &claim.rule));
    }
    for event in doc.events.iter().filter(|e| e.trigger.touches(at)) {
        let code = if event.kind == EventType::Other { &event.cameo } else { event.kind.as_str() };
        found.push(one(doc, format!("event {code} ({})", event.realis.as_str()), event.trigger, &event.rule));
        found.extend(parts(doc, event));
    }
    for uncoded in doc.uncoded.iter().filter(|u| u.span.touches(at)) {
        found.push(one(doc, format!("not coded: {}", uncoded.reason), uncoded.span, "event.refusal"));
    }
    found
}
