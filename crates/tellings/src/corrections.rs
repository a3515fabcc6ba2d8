//! What people set right, and a record with it.
//!
//! A correction is bound to words: the bytes of a report (their hash), a sentence of it and the words of the act; of people and
//! groups their ids and names; never to rows of a store. [`apply`] puts corrections into a record and tells of each what became of
//! it: done, not needed any more, or in conflict with what is read now. What documents belong to one story, and which are copies, is
//! settled before a record is made, by the store.

mod events;
mod names;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tellings_doc::{Doc, EventType, Span};
use tellings_store::content;
use tellings_story::{Amendment, Citation, Record, RecordEvent, Unresolved};

/// PLOVER types, each with the CAMEO code that says no more than it.
pub const ROOTS: [(&str, &str); 16] = [
    ("AGREE", "030"),
    ("CONSULT", "040"),
    ("SUPPORT", "050"),
    ("COOPERATE", "060"),
    ("AID", "070"),
    ("CONCEDE", "080"),
    ("RETREAT", "087"),
    ("REQUEST", "100"),
    ("ACCUSE", "110"),
    ("REJECT", "120"),
    ("THREATEN", "130"),
    ("PROTEST", "140"),
    ("MOBILIZE", "150"),
    ("SANCTION", "160"),
    ("COERCE", "170"),
    ("ASSAULT", "180"),
];

/// PLOVER type and CAMEO code of what somebody typed: the one or the other.
pub fn coded(to: &str) -> Option<(String, String)> {
    if let Some(kind) = EventType::of_cameo(to) {
        return Some((kind.as_str().to_string(), to.to_string()));
    }
    let root = ROOTS.iter().find(|root| root.0.eq_ignore_ascii_case(to))?;
    Some((root.0.to_string(), root.1.to_string()))
}

/// A document by its content.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DocumentAt {
    /// Its id, for people.
    pub document: String,
    /// Hash of its bytes as they came, in hexadecimal digits.
    pub content: String,
}

/// Words of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsAt {
    /// The document.
    #[serde(flatten)]
    pub at: DocumentAt,
    /// Where they stood in its text.
    pub span: (usize, usize),
    /// The words: a sentence.
    pub words: String,
    /// The words of the act in it.
    pub trigger: String,
    /// The PLOVER type that was read in them.
    #[serde(rename = "type")]
    pub kind: String,
}

/// What was recorded when it was corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// PLOVER type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// A place that somebody gives.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlaceGiven {
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// WGS 84.
    pub lat: Option<f64>,
    /// WGS 84.
    pub lon: Option<f64>,
}

/// Somebody or something, by id and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Id: of the actor table, or made of kind and name.
    pub id: String,
    /// Name when it was corrected.
    pub name: String,
}

/// What is set right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Rule {
    /// The event is right as it was.
    Accept {
        /// One of its tellings.
        event: WordsAt,
        /// What was recorded then.
        was: Basis,
    },
    /// There is no such event.
    Reject {
        /// One of its tellings.
        event: WordsAt,
        /// What was recorded then.
        was: Basis,
    },
    /// The event is of another type.
    Recode {
        /// One of its tellings.
        event: WordsAt,
        /// What was recorded then.
        was: Basis,
        /// PLOVER type.
        to: String,
        /// CAMEO code.
        cameo: String,
    },
    /// The event was at another time.
    Retime {
        /// One of its tellings.
        event: WordsAt,
        /// What was recorded then.
        was: Basis,
        /// ISO day, month or year.
        to: String,
    },
    /// The event was elsewhere.
    Replace {
        /// One of its tellings.
        event: WordsAt,
        /// What was recorded then.
        was: Basis,
        /// Where.
        to: PlaceGiven,
    },
    /// Two events are one.
    MergeEvents {
        /// A telling of the one.
        event: WordsAt,
        /// A telling of the other, which stays.
        into: WordsAt,
    },
    /// Some tellings of an event are of another one.
    SplitEvent {
        /// These tellings.
        tellings: Vec<WordsAt>,
    },
    /// Two entities are one.
    MergeEntities {
        /// The one.
        entity: Named,
        /// The other, which stays.
        into: Named,
    },
    /// What some documents call by a name is somebody else.
    SplitEntity {
        /// Who it was taken for.
        entity: Named,
        /// The other's name.
        name: String,
        /// The documents.
        documents: Vec<DocumentAt>,
    },
    /// Two stories are one.
    MergeStories {
        /// A document of the one.
        story: DocumentAt,
        /// A document of the other, which stays.
        into: DocumentAt,
    },
    /// Some documents of a story are another one.
    SplitStory {
        /// These documents.
        documents: Vec<DocumentAt>,
        /// A document of the rest.
        from: DocumentAt,
    },
    /// A document is made from another.
    Copy {
        /// The copy.
        document: DocumentAt,
        /// The other.
        of: DocumentAt,
    },
}

impl Rule {
    /// The name in JSON.
    pub fn action(&self) -> &'static str {
        match self {
            Rule::Accept { .. } => "accept",
            Rule::Reject { .. } => "reject",
            Rule::Recode { .. } => "recode",
            Rule::Retime { .. } => "retime",
            Rule::Replace { .. } => "replace",
            Rule::MergeEvents { .. } => "merge-events",
            Rule::SplitEvent { .. } => "split-event",
            Rule::MergeEntities { .. } => "merge-entities",
            Rule::SplitEntity { .. } => "split-entity",
            Rule::MergeStories { .. } => "merge-stories",
            Rule::SplitStory { .. } => "split-story",
            Rule::Copy { .. } => "copy",
        }
    }

    /// The documents whose words it is bound to.
    pub fn documents(&self) -> Vec<&DocumentAt> {
        match self {
            Rule::Accept { event, .. }
            | Rule::Reject { event, .. }
            | Rule::Recode { event, .. }
            | Rule::Retime { event, .. }
            | Rule::Replace { event, .. } => vec![&event.at],
            Rule::MergeEvents { event, into } => vec![&event.at, &into.at],
            Rule::SplitEvent { tellings } => tellings.iter().map(|t| &t.at).collect(),
            Rule::MergeEntities { .. } => Vec::new(),
            Rule::SplitEntity { documents, .. } => documents.iter().collect(),
            Rule::MergeStories { story, into } => vec![story, into],
            Rule::SplitStory { documents, from } => documents.iter().chain([from]).collect(),
            Rule::Copy { document, of } => vec![document, of],
        }
    }

    /// Is it about which documents are one story, or copies?
    pub fn is_of_stories(&self) -> bool {
        matches!(self, Rule::MergeStories { .. } | Rule::SplitStory { .. } | Rule::Copy { .. })
    }

    /// One line for people.
    pub fn about(&self) -> String {
        let words = |at: &WordsAt| {
            let short: Vec<&str> = at.words.split_whitespace().take(12).collect();
            format!("{} “{} …” [{}]", at.kind, short.join(" "), at.at.document)
        };
        let list = |all: &[DocumentAt]| all.iter().map(|d| format!("`{}`", d.document)).collect::<Vec<_>>().join(", ");
        match self {
            Rule::Accept { event, .. } | Rule::Reject { event, .. } => words(event),
            Rule::Recode { event, to, .. } | Rule::Retime { event, to, .. } => format!("{} is {to}", words(event)),
            Rule::Replace { event, to, .. } => {
                let country = to.country.as_deref().map_or_else(String::new, |c| format!(", {c}"));
                format!("{} was at {}{country}", words(event), to.name)
            }
            Rule::MergeEvents { event, into } => format!("{} is {}", words(event), words(into)),
            Rule::SplitEvent { tellings } => {
                format!("another event: {}", tellings.iter().map(words).collect::<Vec<_>>().join("; "))
            }
            Rule::MergeEntities { entity, into } => format!("{} is {}", entity.name, into.name),
            Rule::SplitEntity { entity, name, documents } => format!("{} in {} is {name}", entity.name, list(documents)),
            Rule::MergeStories { story, into } => format!("the story of `{}` is that of `{}`", story.document, into.document),
            Rule::SplitStory { documents, from } => format!("{} are another story than `{}`", list(documents), from.document),
            Rule::Copy { document, of } => format!("`{}` is a copy of `{}`", document.document, of.document),
        }
    }
}

/// Something that somebody set right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// Its id.
    pub id: String,
    /// What.
    #[serde(flatten)]
    pub rule: Rule,
    /// When: an ISO time.
    pub made: String,
    /// Who.
    pub author: String,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was undone, and by whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<(String, String)>,
}

impl Correction {
    /// A new one; its id is made of what it says, who made it and when.
    pub fn new(rule: Rule, made: &str, author: &str, note: Option<String>) -> Correction {
        let words = serde_json::to_string(&rule).unwrap_or_default();
        let id = format!("k-{:010x}", (content(format!("{words}\n{made}\n{author}").as_bytes()) as u64) >> 24);
        Correction { id, rule, made: made.to_string(), author: author.to_string(), note, undone: None }
    }
}

/// What became of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The record has it.
    Done,
    /// What is read now is as it says, without it.
    Met,
    /// What it rests on has changed.
    Conflict,
}

impl State {
    /// One word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Done => "done",
            State::Met => "met",
            State::Conflict => "conflict",
        }
    }
}

/// What became of a correction in a record, or in a store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Its id.
    pub correction: String,
    /// What became of it.
    pub state: State,
    /// Why, where it did not go as it was meant.
    pub note: String,
}

/// The hash of a document's bytes, as corrections have it.
pub fn fingerprint(bytes: &[u8]) -> String {
    format!("{:016x}", content(bytes) as u64)
}

/// A record and what corrections are bound to.
struct Mending<'a> {
    record: &'a mut Record,
    docs: &'a [Doc],
    /// Documents by content.
    by_content: BTreeMap<&'a str, usize>,
}

/// Where an event stands: story, and event in it.
type At = (usize, usize);

/// Why something could not be done: nothing of it is here (`None`), or what it rests on has changed.
type Why = Option<String>;

/// Puts corrections into a record, in their order; `contents` are the hashes of its documents' bytes. Those that are undone, and those
/// about which documents are one story, are left out. Tells what became of those that concern the record.
pub fn apply(record: &mut Record, docs: &[Doc], contents: &[String], corrections: &[Correction]) -> Vec<Outcome> {
    let by_content = contents.iter().enumerate().map(|(at, content)| (content.as_str(), at)).collect();
    let mut mending = Mending { record, docs, by_content };
    let mut outcomes = Vec::new();
    for correction in corrections.iter().filter(|c| c.undone.is_none() && !c.rule.is_of_stories()) {
        let (state, note) = match mending.mend(correction) {
            Ok((state, note)) => (state, note),
            Err(Some(note)) => (State::Conflict, note),
            Err(None) => continue,
        };
        if state == State::Conflict {
            mending.unsettled(correction, &note);
        }
        outcomes.push(Outcome { correction: correction.id.clone(), state, note });
    }
    outcomes
}

impl Mending<'_> {
    fn mend(&mut self, correction: &Correction) -> Result<(State, String), Why> {
        let done = |note: Option<String>| match note {
            Some(note) => (State::Conflict, note),
            None => (State::Done, String::new()),
        };
        match &correction.rule {
            Rule::Accept { event, was } => {
                let at = self.find(event)?;
                let changed = changed(self.event(at), was, "", |w| (Some(w.kind.clone()), "type"));
                self.amend(at, correction);
                Ok(done(changed))
            }
            Rule::Reject { event, .. } => {
                let at = match self.find(event) {
                    Ok(at) => at,
                    // What was wrong is no longer read.
                    Err(Some(note)) if self.here(&event.at).is_some() => return Ok((State::Met, note)),
                    Err(why) => return Err(why),
                };
                self.remove(at);
                Ok(done(None))
            }
            Rule::Recode { event, was, to, cameo } => {
                let at = self.find(event)?;
                let kind = EventType::parse(to).ok_or_else(|| Some(format!("`{to}` is no type of event")))?;
                if self.event(at).kind == kind {
                    self.amend(at, correction);
                    return Ok((State::Met, format!("it is read as {to} now")));
                }
                let note = changed(self.event(at), was, to, |w| (Some(w.kind.clone()), "type"));
                let event = self.event_mut(at);
                (event.kind, event.cameo) = (kind, cameo.clone().into());
                event.modes.clear();
                self.amend(at, correction);
                Ok(done(note))
            }
            Rule::Retime { event, was, to } => {
                let at = self.find(event)?;
                if self.event(at).date.as_ref().is_some_and(|d| d.value == *to) {
                    self.amend(at, correction);
                    return Ok((State::Met, format!("it is dated {to} now")));
                }
                let note = changed(self.event(at), was, to, |w| (w.date.clone(), "date"));
                self.retime(at, to);
                self.amend(at, correction);
                self.sort();
                Ok(done(note))
            }
            Rule::Replace { event, was, to } => {
                let at = self.find(event)?;
                if self.event(at).place.as_ref().is_some_and(|p| p.name == to.name && p.country == to.country) {
                    self.amend(at, correction);
                    return Ok((State::Met, format!("it is placed at {} now", to.name)));
                }
                let note = changed(self.event(at), was, &to.name, |w| (w.place.clone(), "place"));
                self.put_at(at, to);
                self.amend(at, correction);
                Ok(done(note))
            }
            Rule::MergeEvents { event, into } => {
                let (one, other) = (self.find(event)?, self.find(into)?);
                if one == other {
                    return Ok((State::Met, "they are one event now".into()));
                }
                if one.0 != other.0 {
                    return Err(Some("the two events are in different stories; merge the stories first".into()));
                }
                let other = self.merge(one, other);
                self.amend(other, correction);
                self.sort();
                Ok(done(None))
            }
            Rule::SplitEvent { tellings } => {
                let at = self.split(tellings)?;
                match at {
                    Some(at) => self.amend(at, correction),
                    None => return Ok((State::Met, "they are an event of their own now".into())),
                }
                self.sort();
                Ok(done(None))
            }
            Rule::MergeEntities { entity, into } => self.merge_entities(entity, into, correction),
            Rule::SplitEntity { entity, name, documents } => self.split_entity(entity, name, documents, correction),
            Rule::MergeStories { .. } | Rule::SplitStory { .. } | Rule::Copy { .. } => Err(None),
        }
    }

    /// Position of the document with that content.
    fn here(&self, at: &DocumentAt) -> Option<usize> {
        self.by_content.get(at.content.as_str()).copied()
    }

    fn event(&self, at: At) -> &RecordEvent {
        &self.record.stories[at.0].events[at.1]
    }

    fn event_mut(&mut self, at: At) -> &mut RecordEvent {
        &mut self.record.stories[at.0].events[at.1]
    }

    /// The event that these words tell.
    fn find(&self, at: &WordsAt) -> Result<At, Why> {
        let Some(document) = self.here(&at.at) else {
            // Another document with that name and other bytes is the same report, changed.
            let renamed = self.docs.iter().any(|doc| doc.id == at.at.document);
            return Err(renamed.then(|| format!("the bytes of `{}` are no longer those that it was made for", at.at.document)));
        };
        let text = self.docs[document].text();
        let squeezed = |words: &str| words.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = squeezed(&at.words);
        let tells = |event: &RecordEvent, trigger: bool| {
            event.tellings.iter().any(|t| {
                t.at.document == document
                    && squeezed(t.at.span.of(text)) == words
                    && (!trigger || squeezed(t.trigger.of(text)) == squeezed(&at.trigger))
            })
        };
        let all = || {
            let stories = self.record.stories.iter().enumerate();
            stories.flat_map(|(s, story)| story.events.iter().enumerate().map(move |(e, event)| ((s, e), event)))
        };
        // Of several acts told by the same words that of the same type; of none with the same words of the act the only one there.
        let exact: Vec<(At, &RecordEvent)> = all().filter(|(_, event)| tells(event, true)).collect();
        if let Some(found) = exact.iter().find(|e| e.1.kind.as_str() == at.kind).or(exact.first()) {
            return Ok(found.0);
        }
        let mut near = all().filter(|(_, event)| tells(event, false));
        match (near.next(), near.next()) {
            (Some((found, _)), None) => Ok(found),
            _ => Err(Some(format!("no event is read in “{}” of `{}` any more", words, at.at.document))),
        }
    }

    /// Tells in the stories of the documents that a correction rests on that it could not be done as it was meant.
    fn unsettled(&mut self, correction: &Correction, note: &str) {
        let documents: Vec<usize> = correction.rule.documents().into_iter().filter_map(|d| self.here(d)).collect();
        for story in &mut self.record.stories {
            let Some(&document) = documents.iter().find(|d| story.documents.contains(d)) else { continue };
            story.unresolved.push(Unresolved {
                at: Citation { document, span: Span::default() },
                kind: "correction",
                note: format!("the correction `{}` of {} by {}: {note}", correction.id, correction.made, correction.author),
            });
        }
    }

    /// Notes in the story that an event was corrected.
    fn amend(&mut self, at: At, correction: &Correction) {
        let about = self.event(at).id.clone();
        self.note(at.0, about, correction);
    }

    fn note(&mut self, story: usize, about: String, correction: &Correction) {
        self.record.stories[story].amended.push(Amendment {
            about,
            correction: correction.id.clone(),
            action: correction.rule.action(),
            author: correction.author.clone(),
            made: correction.made.clone(),
        });
    }
}

/// What is recorded now is neither what was recorded when it was corrected nor what it was corrected to.
fn changed(event: &RecordEvent, was: &Basis, to: &str, of: impl Fn(&Basis) -> (Option<String>, &'static str)) -> Option<String> {
    let now = basis(event);
    let ((then, what), (now, _)) = (of(was), of(&now));
    if then == now || now.as_deref() == Some(to) {
        return None;
    }
    let told = |value: Option<String>| value.unwrap_or_else(|| "none".to_string());
    Some(format!("its {what} was {} when it was corrected and is {} now", told(then), told(now)))
}

/// What is recorded of an event, as corrections rest on it.
pub fn basis(event: &RecordEvent) -> Basis {
    Basis {
        kind: event.kind.as_str().to_string(),
        date: event.date.as_ref().map(|d| d.value.clone()),
        place: event.place.as_ref().map(|p| p.name.clone()),
    }
}

/// The words of an event's telling in a document, bound to its content.
pub fn words_at(doc: &Doc, content: &str, sentence: Span, trigger: Span, kind: EventType) -> WordsAt {
    WordsAt {
        at: DocumentAt { document: doc.id.clone(), content: content.to_string() },
        span: (sentence.start(), sentence.end()),
        words: sentence.of(doc.text()).to_string(),
        trigger: trigger.of(doc.text()).to_string(),
        kind: kind.as_str().to_string(),
    }
}
