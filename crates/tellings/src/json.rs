//! The contract's JSON, written from documents and records. Nothing else in the program knows its shapes.

use crate::Evidence;
use serde::Serialize;
use std::io::{self, Write};
use tellings_doc::*;

type Range = [usize; 2];

mod brief;
mod record;

pub use brief::{BriefLine, BriefNode, BriefPiece, BriefView, Cite, brief};
pub use record::{StoriesWriter, event, parts, write_record, write_record_with};

fn range(span: Span) -> Range {
    [span.start(), span.end()]
}

fn index<T>(id: Option<Id<T>>) -> Option<usize> {
    id.map(Id::index)
}

#[derive(Serialize)]
struct Reading<'a> {
    schema: &'static str,
    id: &'a str,
    source: SourceView<'a>,
    title: Option<&'a str>,
    bylines: &'a [String],
    credits: &'a [String],
    dateline: Option<DatelineView<'a>>,
    published: PublishedView<'a>,
    language: Option<&'a str>,
    text: &'a str,
    blocks: Vec<BlockView>,
    sentences: Vec<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tokens: Option<Vec<TokenView<'a>>>,
    mentions: Vec<MentionView>,
    entities: Vec<EntityView<'a>>,
    times: Vec<TimeView<'a>>,
    places: Vec<PlaceView<'a>>,
    quantities: Vec<QuantityView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<CodeView<'a>>,
    quotes: Vec<QuoteView>,
    claims: Vec<ClaimView<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stances: Vec<StanceView>,
    events: Vec<EventView<'a>>,
    uncoded: Vec<UncodedView>,
    problems: Vec<ProblemView<'a>>,
}

/// Where a document came from.
#[derive(Serialize)]
pub(crate) struct SourceView<'a> {
    path: Option<&'a str>,
    url: Option<&'a str>,
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
}

impl<'a> SourceView<'a> {
    pub(crate) fn new(source: &'a Source) -> SourceView<'a> {
        let [path, url, outlet, section] = [&source.path, &source.url, &source.outlet, &source.section].map(Option::as_deref);
        SourceView { path, url, outlet, section }
    }
}

#[derive(Serialize)]
struct DatelineView<'a> {
    place: &'a str,
    span: Range,
}

/// A date of publication; all `null` where it is unknown.
#[derive(Serialize)]
pub(crate) struct PublishedView<'a> {
    value: Option<&'a str>,
    precision: Option<&'static str>,
    basis: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    from: &'a [String],
}

impl<'a> PublishedView<'a> {
    pub(crate) fn new(published: Option<&'a Published>) -> PublishedView<'a> {
        PublishedView {
            value: published.map(|p| p.value.as_str()),
            precision: published.map(|p| p.precision.as_str()),
            basis: published.map(|p| p.basis.as_str()),
            from: published.map_or(&[], |p| &p.from),
        }
    }
}

#[derive(Serialize)]
struct BlockView {
    kind: &'static str,
    span: Range,
}

#[derive(Serialize)]
struct TokenView<'a> {
    span: Range,
    lemma: &'a str,
    upos: &'static str,
    xpos: &'static str,
    feats: Option<String>,
    head: i64,
    deprel: &'static str,
}

#[derive(Serialize)]
struct MentionView {
    span: Range,
    head: Range,
    kind: &'static str,
    form: &'static str,
    entity: Option<usize>,
}

#[derive(Serialize)]
struct EntityView<'a> {
    name: &'a str,
    kind: &'static str,
    country: Option<&'a str>,
    sectors: &'a [String],
    role: Option<&'a str>,
}

#[derive(Serialize)]
struct TimeView<'a> {
    span: Range,
    #[serde(rename = "type")]
    kind: &'static str,
    value: &'a str,
}

#[derive(Serialize)]
struct PlaceView<'a> {
    span: Range,
    name: &'a str,
    country: Option<&'a str>,
    lat: Option<f64>,
    lon: Option<f64>,
    geonames: Option<u32>,
    feature: &'a str,
}

#[derive(Serialize)]
struct QuantityView<'a> {
    span: Range,
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    unit: Option<&'a str>,
    of: Option<&'a str>,
}

#[derive(Serialize)]
struct QuoteView {
    content: Vec<Range>,
    cue: Option<Range>,
    speaker: Option<Range>,
    entity: Option<usize>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    audience: Option<Range>,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<usize>,
}

/// How one entity stands toward another, and the claims and events that show it.
#[derive(Serialize)]
struct StanceView {
    by: usize,
    toward: usize,
    value: f32,
    claims: Vec<usize>,
    events: Vec<usize>,
}

fn stances(doc: &Doc) -> Vec<StanceView> {
    let view = |s: crate::Stance| {
        let claims = s.evidence.iter().filter_map(|e| if let Evidence::Claim(id, _) = e { Some(id.index()) } else { None });
        let events = s.evidence.iter().filter_map(|e| if let Evidence::Event(id, _) = e { Some(id.index()) } else { None });
        StanceView {
            by: s.by.index(),
            toward: s.toward.index(),
            value: s.value,
            claims: claims.collect(),
            events: events.collect(),
        }
    };
    crate::stances(doc).into_iter().map(view).collect()
}

#[derive(Serialize)]
struct ClaimView<'a> {
    kind: &'static str,
    span: Range,
    by: Option<usize>,
    toward: Option<usize>,
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class: Option<&'static str>,
    issue: Option<&'a str>,
    realis: &'static str,
    quote: Option<usize>,
    answers: Option<usize>,
}

#[derive(Serialize)]
struct ParticipantView<'a> {
    entity: Option<usize>,
    span: Range,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
}

impl<'a> ParticipantView<'a> {
    fn new(participant: &Participant, link: &'a Link) -> ParticipantView<'a> {
        let code = link.code_at(participant.span).map(|c| c.code.as_str());
        ParticipantView { entity: index(participant.entity), span: range(participant.span), code }
    }
}

/// A phrase that a user's own actor dictionary codes.
#[derive(Serialize)]
struct CodeView<'a> {
    span: Range,
    name: Option<Range>,
    code: &'a str,
}

#[derive(Serialize)]
struct EventTimeView<'a> {
    value: &'a str,
    precision: &'static str,
    basis: &'static str,
    span: Option<Range>,
}

#[derive(Serialize)]
struct EventPlaceView {
    place: usize,
    basis: &'static str,
}

#[derive(Serialize)]
struct FactView {
    attribute: &'static str,
    value: String,
    span: Range,
}

#[derive(Serialize)]
struct EventView<'a> {
    trigger: Range,
    span: Range,
    #[serde(rename = "type")]
    kind: Option<&'static str>,
    modes: Vec<&'static str>,
    contexts: Vec<&'static str>,
    cameo: Option<&'a str>,
    actors: Vec<ParticipantView<'a>>,
    recipients: Vec<ParticipantView<'a>>,
    time: Option<EventTimeView<'a>>,
    place: Option<EventPlaceView>,
    realis: &'static str,
    attributed_to: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<FactView>,
    rule: &'a str,
    score: f32,
}

#[derive(Serialize)]
struct UncodedView {
    span: Range,
    reason: &'static str,
}

#[derive(Serialize)]
struct ProblemView<'a> {
    kind: &'static str,
    span: Option<Range>,
    note: &'a str,
}

/// Writes the reading of one document as one line of JSON.
pub fn write_reading(doc: &Doc, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &reading(doc, true))?;
    out.write_all(b"\n")
}

/// The reading of one document as JSON; its words, which are the most of it, only where they are asked for.
pub fn reading_of(doc: &Doc, words: bool) -> String {
    serde_json::to_string(&reading(doc, words)).unwrap_or_default()
}

/// The same as a value.
pub fn reading_value(doc: &Doc, words: bool) -> serde_json::Value {
    serde_json::to_value(reading(doc, words)).unwrap_or_default()
}

fn reading(doc: &Doc, words: bool) -> Reading<'_> {
    let text = doc.text();
    let (parse, link) = (&doc.parse, &doc.link);
    let tokens = || (0..parse.tokens.len()).map(|i| token(doc, i)).collect();
    Reading {
        schema: "tellings.reading/1",
        id: &doc.id,
        source: SourceView::new(&doc.article.source),
        title: doc.article.title.as_ref().map(|t| t.text.as_str()),
        bylines: &doc.article.bylines,
        credits: &doc.article.credits,
        dateline: doc.article.dateline.as_ref().map(|d| DatelineView { place: &d.place, span: range(d.span) }),
        published: PublishedView::new(doc.article.published.as_ref()),
        language: doc.article.language.as_deref(),
        text,
        blocks: doc.article.blocks.iter().map(|b| BlockView { kind: b.kind.as_str(), span: range(b.span) }).collect(),
        sentences: parse.sentences.iter().map(|s| range(s.span)).collect(),
        tokens: words.then(tokens),
        mentions: link
            .mentions
            .iter()
            .map(|m| MentionView {
                span: range(m.span),
                head: range(m.head),
                kind: m.kind.as_str(),
                form: m.form.as_str(),
                entity: index(m.entity),
            })
            .collect(),
        entities: link
            .entities
            .iter()
            .map(|e| EntityView {
                name: &e.name,
                kind: e.kind.as_str(),
                country: e.country.as_deref(),
                sectors: &e.sectors,
                role: e.roles.first().map(|r| r.text.as_str()),
            })
            .collect(),
        times: doc.times.iter().map(|t| TimeView { span: range(t.span), kind: t.kind.as_str(), value: &t.value }).collect(),
        places: link
            .places
            .iter()
            .map(|p| PlaceView {
                span: range(p.span),
                name: &p.name,
                country: p.country.as_deref(),
                lat: p.lat,
                lon: p.lon,
                geonames: p.geonames,
                feature: &p.feature,
            })
            .collect(),
        quantities: link
            .quantities
            .iter()
            .map(|q| QuantityView {
                span: range(q.span),
                value: q.value,
                low: q.low,
                high: q.high,
                unit: q.unit.as_deref(),
                of: q.of.as_deref(),
            })
            .collect(),
        codes: link.codes.iter().map(|c| CodeView { span: range(c.span), name: c.name.map(range), code: &c.code }).collect(),
        quotes: doc
            .speech
            .quotes
            .iter()
            .map(|q| QuoteView {
                content: q.content.iter().copied().map(range).collect(),
                cue: q.cue.map(range),
                speaker: q.speaker.map(range),
                entity: index(q.entity),
                kind: q.kind.as_str(),
                audience: q.audience.map(range),
                time: index(q.time),
            })
            .collect(),
        claims: doc
            .speech
            .claims
            .iter()
            .map(|c| ClaimView {
                kind: c.kind.as_str(),
                span: range(c.span),
                by: index(c.by),
                toward: index(c.toward),
                label: c.label.map(|l| l.of(text)),
                class: c.class,
                issue: c.issue.as_deref(),
                realis: c.realis.as_str(),
                quote: index(c.quote),
                answers: index(c.answers),
            })
            .collect(),
        stances: stances(doc),
        events: doc
            .events
            .iter()
            .map(|e| EventView {
                trigger: range(e.trigger),
                span: range(e.span),
                kind: e.kind.plover(),
                modes: e.modes.iter().map(|m| m.as_str()).collect(),
                contexts: e.contexts.iter().map(|c| c.as_str()).collect(),
                cameo: Some(e.cameo.as_ref()).filter(|c| !c.is_empty()),
                actors: e.actors.iter().map(|p| ParticipantView::new(p, link)).collect(),
                recipients: e.recipients.iter().map(|p| ParticipantView::new(p, link)).collect(),
                time: e.time.as_ref().map(|t| EventTimeView {
                    value: &t.value,
                    precision: t.precision.as_str(),
                    basis: t.basis.as_str(),
                    span: t.time.map(|id| range(doc.times[id.index()].span)),
                }),
                place: e.place.map(|p| EventPlaceView { place: p.place.index(), basis: p.basis.as_str() }),
                realis: e.realis.as_str(),
                attributed_to: e.attributed_to.as_ref().and_then(|p| index(p.entity)),
                facts: e
                    .facts
                    .iter()
                    .map(|f| FactView { attribute: f.attribute, value: f.value.to_string(), span: range(f.span) })
                    .collect(),
                rule: &e.rule,
                score: e.score,
            })
            .collect(),
        uncoded: doc.uncoded.iter().map(|u| UncodedView { span: range(u.span), reason: u.reason }).collect(),
        problems: doc.problems.iter().map(|p| ProblemView { kind: p.kind, span: p.span.map(range), note: &p.note }).collect(),
    }
}

fn token(doc: &Doc, i: usize) -> TokenView<'_> {
    let token = &doc.parse.tokens[i];
    TokenView {
        span: range(token.span),
        lemma: doc.parse.lemma(Id::new(i)),
        upos: token.upos.as_str(),
        xpos: token.xpos.as_str(),
        feats: (!token.feats.is_none()).then(|| token.feats.to_string()),
        head: token.head.map_or(-1, |h| h.index() as i64),
        deprel: token.deprel.as_str(),
    }
}
