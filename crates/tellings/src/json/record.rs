//! The contract's `stories` and `record`.

use super::{PublishedView, Range, SourceView, range};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::io::{self, Write};
use tellings_story::{
    Amendment, Citation, Lineage, Negotiation, Outline, Record, RecordDate, RecordDocument, RecordEvent, Relation, Story,
    ToldValue,
};

/// Words in a document.
#[derive(Serialize)]
struct At<'a> {
    document: &'a str,
    span: Range,
}

#[derive(Serialize)]
struct StoryView<'a> {
    id: &'a str,
    title: &'a str,
    documents: Vec<&'a str>,
    parts: Vec<At<'a>>,
    first: Option<&'a str>,
    last: Option<&'a str>,
    lineages: Vec<LineageView<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    merged: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    parents: &'a [String],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    strands: Vec<StrandView<'a>>,
}

/// A part of a story that has several reports of its own.
#[derive(Serialize)]
struct StrandView<'a> {
    id: &'a str,
    title: &'a str,
    documents: &'a [String],
}

impl<'a> StoryView<'a> {
    fn new(story: &'a Outline) -> StoryView<'a> {
        StoryView {
            id: &story.id,
            title: &story.title,
            documents: story.documents.iter().map(String::as_str).collect(),
            parts: story.parts.iter().map(|(document, span)| At { document, span: range(*span) }).collect(),
            first: story.first.as_deref(),
            last: story.last.as_deref(),
            lineages: (story.lineages.iter())
                .map(|l| LineageView {
                    origin: &l.origin,
                    documents: l.documents.iter().map(|d| d.0.as_str()).collect(),
                    relation: (l.documents.iter())
                        .filter(|d| d.1 != Relation::Original)
                        .map(|d| (d.0.as_str(), d.1.as_str()))
                        .collect(),
                    notes: &l.notes,
                })
                .collect(),
            merged: &story.merged,
            parents: &story.parents,
            strands: (story.strands.iter()).map(|s| StrandView { id: &s.id, title: &s.title, documents: &s.documents }).collect(),
        }
    }
}

#[derive(Serialize)]
struct LineageView<'a> {
    origin: &'a str,
    documents: Vec<&'a str>,
    #[serde(serialize_with = "pairs")]
    relation: Vec<(&'a str, &'static str)>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

/// A list of pairs as an object, in the order of the list.
fn pairs<S: Serializer>(list: &[(&str, &str)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(list.len()))?;
    for (key, value) in list {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

#[derive(Serialize)]
struct RecordView<'a> {
    schema: &'static str,
    stories: Vec<FullStory<'a>>,
    documents: Vec<DocumentView<'a>>,
    made_by: MadeBy,
}

/// What made a record: versions of program, models, ontology and gazetteer.
#[derive(Serialize)]
struct MadeBy {
    tellings: &'static str,
    models: &'static str,
    ontology: &'static str,
    gazetteer: String,
}

#[derive(Serialize)]
struct FullStory<'a> {
    id: &'a str,
    title: &'a str,
    documents: Vec<&'a str>,
    parts: Vec<At<'a>>,
    first: Option<&'a str>,
    last: Option<&'a str>,
    entities: Vec<EntityView<'a>>,
    events: Vec<EventView<'a>>,
    claims: Vec<ClaimView<'a>>,
    quotes: Vec<QuoteView<'a>>,
    disagreements: Vec<DisagreementView<'a>>,
    corrections: Vec<CorrectionView<'a>>,
    negotiation: Option<NegotiationView<'a>>,
    timeline: &'a [String],
    lineages: Vec<LineageView<'a>>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    merged: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    parents: &'a [String],
    sticking_points: Vec<At<'a>>,
    unresolved: Vec<UnresolvedView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    amended: Vec<AmendmentView<'a>>,
}

#[derive(Serialize)]
struct AmendmentView<'a> {
    about: &'a str,
    correction: &'a str,
    action: &'static str,
    author: &'a str,
    made: &'a str,
}

impl<'a> AmendmentView<'a> {
    fn new(a: &'a Amendment) -> AmendmentView<'a> {
        AmendmentView { about: &a.about, correction: &a.correction, action: a.action, author: &a.author, made: &a.made }
    }
}

#[derive(Serialize)]
struct RoleView<'a> {
    role: &'a str,
    document: Option<&'a str>,
    span: Option<Range>,
}

#[derive(Serialize)]
struct EntityView<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    country: Option<&'a str>,
    sectors: &'a [String],
    generic: bool,
    roles: Vec<RoleView<'a>>,
    mentions: Vec<At<'a>>,
    rule: &'a str,
}

#[derive(Serialize)]
struct DateView<'a> {
    value: Option<&'a str>,
    precision: Option<&'static str>,
    basis: Option<&'static str>,
    agreement: Option<&'static str>,
}

impl<'a> DateView<'a> {
    fn new(date: Option<&'a RecordDate>) -> DateView<'a> {
        DateView {
            value: date.map(|d| d.value.as_str()),
            precision: date.map(|d| d.precision.as_str()),
            basis: date.map(|d| d.basis.as_str()),
            agreement: date.map(|d| d.agreement.as_str()),
        }
    }
}

#[derive(Serialize)]
struct PlaceView<'a> {
    name: &'a str,
    country: Option<&'a str>,
    lat: Option<f64>,
    lon: Option<f64>,
    agreement: &'static str,
}

#[derive(Serialize)]
struct ValueView<'a> {
    value: &'a str,
    tellings: &'a [usize],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    superseded: bool,
}

impl<'a> ValueView<'a> {
    fn list(values: &'a [ToldValue]) -> Vec<ValueView<'a>> {
        values.iter().map(|v| ValueView { value: &v.value, tellings: &v.tellings, superseded: v.superseded }).collect()
    }
}

#[derive(Serialize)]
struct FactView<'a> {
    attribute: &'a str,
    agreement: &'static str,
    values: Vec<ValueView<'a>>,
}

#[derive(Serialize)]
struct TellingView<'a> {
    document: &'a str,
    lineage: usize,
    trigger: Range,
    span: Range,
    attributed_to: Option<&'a str>,
    realis: &'static str,
    rule: &'a str,
}

#[derive(Serialize)]
struct EventView<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    modes: Vec<&'static str>,
    contexts: Vec<&'static str>,
    cameo: Option<&'a str>,
    actors: &'a [String],
    recipients: &'a [String],
    date: DateView<'a>,
    place: Option<PlaceView<'a>>,
    facts: Vec<FactView<'a>>,
    realis: &'static str,
    status: &'static str,
    tellings: Vec<TellingView<'a>>,
    origins: usize,
    articles: usize,
    rule: &'a str,
}

#[derive(Serialize)]
struct ClaimView<'a> {
    id: &'a str,
    kind: &'static str,
    by: Option<&'a str>,
    toward: Option<&'a str>,
    label: Option<&'a str>,
    class: Option<&'static str>,
    issue: Option<&'a str>,
    date: DateView<'a>,
    realis: &'static str,
    answered_by: &'a [String],
    tellings: Vec<At<'a>>,
    rule: &'a str,
}

#[derive(Serialize)]
struct VariantView<'a> {
    document: &'a str,
    span: Range,
    variant: &'static str,
}

#[derive(Serialize)]
struct QuoteView<'a> {
    id: &'a str,
    speaker: Option<&'a str>,
    /// Who says it together with the speaker.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    with: &'a [String],
    text: &'a str,
    tellings: Vec<VariantView<'a>>,
    rule: &'a str,
}

#[derive(Serialize)]
struct DisagreementView<'a> {
    about: &'a str,
    attribute: &'a str,
    values: Vec<ValueView<'a>>,
    note: &'a str,
}

#[derive(Serialize)]
struct CorrectionView<'a> {
    about: &'a str,
    attribute: &'a str,
    from: Option<&'a str>,
    to: &'a str,
    document: &'a str,
    span: Range,
    note: &'a str,
}

#[derive(Serialize)]
struct NegotiationView<'a> {
    parties: Vec<PartyView<'a>>,
    issues: Vec<IssueView<'a>>,
    offers: &'a [String],
    commitments: Vec<CommitmentView<'a>>,
    violations: Vec<ViolationView<'a>>,
    stage: Option<&'static str>,
    stages: Vec<StageView<'a>>,
}

#[derive(Serialize)]
struct PartyView<'a> {
    entity: &'a str,
    name: &'a str,
    role: &'static str,
    members: &'a [String],
}

#[derive(Serialize)]
struct IssueView<'a> {
    issue: Option<&'a str>,
    sticking: bool,
    positions: Vec<PositionView<'a>>,
    moved: Vec<MoveView<'a>>,
    conflicts: Vec<[&'a str; 2]>,
    stuck: Vec<At<'a>>,
}

#[derive(Serialize)]
struct PositionView<'a> {
    party: &'a str,
    kind: &'static str,
    claim: &'a str,
    date: Option<&'a str>,
    document: &'a str,
    span: Range,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    also: &'a [String],
}

#[derive(Serialize)]
struct MoveView<'a> {
    party: &'a str,
    from: Option<&'a str>,
    to: Option<&'a str>,
    document: &'a str,
    span: Range,
    note: &'a str,
}

#[derive(Serialize)]
struct CommitmentView<'a> {
    parties: Vec<&'a str>,
    source: &'a str,
    document: &'a str,
    span: Range,
    deadline: Option<&'a str>,
    deadline_span: Option<Range>,
}

#[derive(Serialize)]
struct ViolationView<'a> {
    claim: &'a str,
    by: Option<&'a str>,
    against: Option<&'a str>,
    document: &'a str,
    span: Range,
    answers: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    also: &'a [String],
}

#[derive(Serialize)]
struct StageView<'a> {
    stage: &'static str,
    event: &'a str,
    date: Option<&'a str>,
}

#[derive(Serialize)]
struct UnresolvedView<'a> {
    document: &'a str,
    span: Range,
    kind: &'static str,
    note: &'a str,
}

#[derive(Serialize)]
struct DocumentView<'a> {
    id: &'a str,
    title: Option<&'a str>,
    published: PublishedView<'a>,
    source: SourceView<'a>,
    credits: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    signs: &'a [String],
    /// Dates that were not chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_dates: Vec<OtherDateView<'a>>,
    /// Parts of a page that came from reports of other days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartView<'a>>,
}

impl<'a> DocumentView<'a> {
    fn new(d: &'a RecordDocument) -> DocumentView<'a> {
        DocumentView {
            id: &d.id,
            title: d.title.as_deref(),
            published: PublishedView::new(d.published.as_ref()),
            source: SourceView::new(&d.source),
            credits: &d.credits,
            signs: &d.signs,
            other_dates: (d.other_dates.iter()).map(|(value, basis)| OtherDateView { value, basis: basis.as_str() }).collect(),
            parts: (d.parts.iter())
                .map(|p| PartView { span: range(p.span), published: PublishedView::new(Some(&p.published)) })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct OtherDateView<'a> {
    value: &'a str,
    basis: &'static str,
}

#[derive(Serialize)]
struct PartView<'a> {
    span: Range,
    published: PublishedView<'a>,
}

/// Resolves citations to document ids.
struct Names<'a>(&'a Record);

impl<'a> Names<'a> {
    fn id(&self, document: usize) -> &'a str {
        &self.0.documents[document].id
    }

    fn at(&self, citation: &Citation) -> At<'a> {
        At { document: self.id(citation.document), span: range(citation.span) }
    }

    fn list(&self, citations: &[Citation]) -> Vec<At<'a>> {
        citations.iter().map(|c| self.at(c)).collect()
    }

    fn lineage(&self, lineage: &'a Lineage) -> LineageView<'a> {
        LineageView {
            origin: self.id(lineage.origin),
            documents: lineage.documents.iter().map(|d| self.id(d.0)).collect(),
            relation: (lineage.documents.iter())
                .filter(|d| d.1 != Relation::Original)
                .map(|d| (self.id(d.0), d.1.as_str()))
                .collect(),
            notes: &lineage.notes,
        }
    }

    fn full(&self, story: &'a Story) -> FullStory<'a> {
        FullStory {
            id: &story.id,
            title: &story.title,
            documents: story.documents.iter().map(|&d| self.id(d)).collect(),
            parts: story.parts.iter().map(|p| self.at(&p.at)).collect(),
            first: story.first.as_deref(),
            last: story.last.as_deref(),
            entities: (story.entities.iter())
                .map(|e| EntityView {
                    id: &e.id,
                    name: &e.name,
                    kind: e.kind.as_str(),
                    country: e.country.as_deref(),
                    sectors: &e.sectors,
                    generic: e.generic,
                    roles: (e.roles.iter())
                        .map(|(role, at)| RoleView {
                            role,
                            document: at.as_ref().map(|c| self.id(c.document)),
                            span: at.as_ref().map(|c| range(c.span)),
                        })
                        .collect(),
                    mentions: self.list(&e.mentions),
                    rule: &e.rule,
                })
                .collect(),
            events: story.events.iter().map(|e| self.event(e)).collect(),
            claims: (story.claims.iter())
                .map(|c| ClaimView {
                    id: &c.id,
                    kind: c.kind.as_str(),
                    by: c.by.as_deref(),
                    toward: c.toward.as_deref(),
                    label: c.label.as_deref(),
                    class: c.class,
                    issue: c.issue.as_deref(),
                    date: DateView::new(c.date.as_ref()),
                    realis: c.realis.as_str(),
                    answered_by: &c.answered_by,
                    tellings: self.list(&c.tellings),
                    rule: &c.rule,
                })
                .collect(),
            quotes: (story.quotes.iter())
                .map(|q| QuoteView {
                    id: &q.id,
                    speaker: q.speaker.as_deref(),
                    with: &q.with,
                    text: &q.text,
                    tellings: (q.tellings.iter())
                        .map(|(c, variant)| VariantView { document: self.id(c.document), span: range(c.span), variant })
                        .collect(),
                    rule: &q.rule,
                })
                .collect(),
            disagreements: (story.disagreements.iter())
                .map(|d| DisagreementView {
                    about: &d.about,
                    attribute: &d.attribute,
                    values: ValueView::list(&d.values),
                    note: &d.note,
                })
                .collect(),
            corrections: (story.corrections.iter())
                .map(|c| CorrectionView {
                    about: &c.about,
                    attribute: &c.attribute,
                    from: c.from.as_deref(),
                    to: &c.to,
                    document: self.id(c.at.document),
                    span: range(c.at.span),
                    note: &c.note,
                })
                .collect(),
            negotiation: (!story.negotiation.parties.is_empty()).then(|| self.negotiation(&story.negotiation)),
            timeline: &story.timeline,
            lineages: story.lineages.iter().map(|l| self.lineage(l)).collect(),
            merged: &story.merged,
            parents: &story.parents,
            sticking_points: self.list(&story.sticking_points),
            unresolved: (story.unresolved.iter())
                .map(|u| UnresolvedView { document: self.id(u.at.document), span: range(u.at.span), kind: u.kind, note: &u.note })
                .collect(),
            amended: story.amended.iter().map(AmendmentView::new).collect(),
        }
    }

    fn negotiation(&self, file: &'a Negotiation) -> NegotiationView<'a> {
        let party = |p: usize| file.parties[p].entity.as_str();
        NegotiationView {
            parties: (file.parties.iter())
                .map(|p| PartyView { entity: &p.entity, name: &p.name, role: p.role, members: &p.members })
                .collect(),
            issues: (file.issues.iter())
                .map(|i| IssueView {
                    issue: i.issue.as_deref(),
                    sticking: !i.conflicts.is_empty() || !i.stuck.is_empty(),
                    positions: (i.positions.iter())
                        .map(|p| PositionView {
                            party: party(p.party),
                            kind: p.kind.as_str(),
                            claim: &p.claim,
                            date: p.date.as_deref(),
                            document: self.id(p.at.document),
                            span: range(p.at.span),
                            also: &p.also,
                        })
                        .collect(),
                    moved: (i.moved.iter())
                        .map(|m| MoveView {
                            party: party(m.party),
                            from: m.from.as_deref(),
                            to: m.to.as_deref(),
                            document: self.id(m.at.document),
                            span: range(m.at.span),
                            note: &m.note,
                        })
                        .collect(),
                    conflicts: i.conflicts.iter().map(|c| [c.one.as_str(), c.other.as_str()]).collect(),
                    stuck: self.list(&i.stuck),
                })
                .collect(),
            offers: &file.offers,
            commitments: (file.commitments.iter())
                .map(|c| CommitmentView {
                    parties: c.parties.iter().map(|&p| party(p)).collect(),
                    source: &c.source,
                    document: self.id(c.at.document),
                    span: range(c.at.span),
                    deadline: c.deadline.as_deref(),
                    deadline_span: c.deadline_at.as_ref().map(|c| range(c.span)),
                })
                .collect(),
            violations: (file.violations.iter())
                .map(|v| ViolationView {
                    claim: &v.claim,
                    by: v.by.map(party),
                    against: v.against.map(party),
                    document: self.id(v.at.document),
                    span: range(v.at.span),
                    answers: &v.answers,
                    also: &v.also,
                })
                .collect(),
            stage: file.stages.last().map(|s| s.value),
            stages: file.stages.iter().map(|s| StageView { stage: s.value, event: &s.event, date: s.date.as_deref() }).collect(),
        }
    }

    fn event(&self, event: &'a RecordEvent) -> EventView<'a> {
        EventView {
            id: &event.id,
            kind: event.kind.plover(),
            modes: event.modes.iter().map(|m| m.as_str()).collect(),
            contexts: event.contexts.iter().map(|c| c.as_str()).collect(),
            cameo: Some(event.cameo.as_ref()).filter(|c| !c.is_empty()),
            actors: &event.actors,
            recipients: &event.recipients,
            date: DateView::new(event.date.as_ref()),
            place: event.place.as_ref().map(|p| PlaceView {
                name: &p.name,
                country: p.country.as_deref(),
                lat: p.lat,
                lon: p.lon,
                agreement: p.agreement.as_str(),
            }),
            facts: (event.facts.iter())
                .map(|f| FactView {
                    attribute: &f.attribute,
                    agreement: f.agreement.as_str(),
                    values: ValueView::list(&f.values),
                })
                .collect(),
            realis: event.realis.as_str(),
            status: event.status,
            tellings: (event.tellings.iter())
                .map(|t| TellingView {
                    document: self.id(t.at.document),
                    lineage: t.lineage,
                    trigger: range(t.trigger),
                    span: range(t.at.span),
                    attributed_to: t.attributed_to.as_deref(),
                    realis: t.realis.as_str(),
                    rule: &t.rule,
                })
                .collect(),
            origins: event.origins,
            articles: event.articles,
            rule: &event.rule,
        }
    }
}

/// An event of a record, as the contract's JSON, with what people set right in it.
pub fn event(record: &Record, story: &Story, event: &RecordEvent) -> String {
    #[derive(Serialize)]
    struct Amended<'a> {
        #[serde(flatten)]
        event: EventView<'a>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        amended: Vec<AmendmentView<'a>>,
    }
    let amended = story.amended.iter().filter(|a| a.about == event.id).map(AmendmentView::new).collect();
    serde_json::to_string(&Amended { event: Names(record).event(event), amended }).unwrap_or_default()
}

/// Writes the contract's `stories` as one line of JSON, a story at a time.
#[derive(Debug, Default)]
pub struct StoriesWriter {
    started: bool,
}

impl StoriesWriter {
    /// Writes one more story.
    pub fn write(&mut self, story: &Outline, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.started { b"," } else { HEAD })?;
        self.started = true;
        Ok(serde_json::to_writer(out, &StoryView::new(story))?)
    }

    /// Writes the end.
    pub fn finish(self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(if self.started { b"" } else { HEAD })?;
        out.write_all(b"]}\n")
    }
}

const HEAD: &[u8] = br#"{"schema":"tellings.stories/1","stories":["#;

/// The first story of a record and each of its documents, as they stand in the contract's JSON.
pub fn parts(record: &Record) -> (String, Vec<String>) {
    let names = Names(record);
    let story = record.stories.first().map(|story| serde_json::to_string(&names.full(story)).unwrap_or_default());
    let documents = record.documents.iter().map(|d| serde_json::to_string(&DocumentView::new(d)).unwrap_or_default());
    (story.unwrap_or_default(), documents.collect())
}

/// Writes the contract's `record` as one line of JSON.
pub fn write_record(record: &Record, out: &mut impl Write) -> io::Result<()> {
    write_record_with(record, &[], out)
}

/// The same, where gazetteers of the user's were looked up, too: their names stand in `made_by`.
pub fn write_record_with(record: &Record, gazetteers: &[String], out: &mut impl Write) -> io::Result<()> {
    let names = Names(record);
    let view = RecordView {
        schema: "tellings.record/1",
        stories: record.stories.iter().map(|s| names.full(s)).collect(),
        documents: record.documents.iter().map(DocumentView::new).collect(),
        made_by: MadeBy {
            tellings: env!("CARGO_PKG_VERSION"),
            models: env!("CARGO_PKG_VERSION"),
            ontology: "PLOVER 2.0",
            gazetteer: std::iter::once(env!("CARGO_PKG_VERSION").to_string())
                .chain(gazetteers.iter().cloned())
                .collect::<Vec<_>>()
                .join("+"),
        },
    };
    serde_json::to_writer(&mut *out, &view)?;
    out.write_all(b"\n")
}
