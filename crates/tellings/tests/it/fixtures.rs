//! Marks under the words: one folder and one function per layer. See `tellings-testing` for the format.

use crate::{models, root};
use tellings::doc::{Anchor, Doc, Entity, Id, Participant, Realis, Span};
use tellings::{Given, read_row};
use tellings_testing::{Case, Mark, check_folder};

fn read(case: &Case) -> Doc {
    let given = Given {
        date: case.option("date").map(str::to_string),
        title: case.option("title").map(str::to_string),
        ..Given::default()
    };
    read_row(models(), "case", &case.text, &given)
}

fn check(feature: &str, marks: impl Fn(&Doc) -> Vec<Mark>) {
    let folder = root().join("testdata/fixtures").join(feature);
    if folder.is_dir() {
        check_folder(&folder, |case| marks(&read(case)));
    }
}

fn mark(span: Span, label: String) -> Mark {
    Mark { span, label: label.split_whitespace().collect::<Vec<_>>().join(" ") }
}

fn name(doc: &Doc, entity: Option<Id<Entity>>) -> &str {
    entity.map_or("?", |id| &doc.link.entities[id.index()].name)
}

#[test]
fn sentences() {
    check("sentences", |doc| doc.parse.sentences.iter().map(|s| mark(s.span, "sentence".into())).collect());
}

/// `lemma UPOS XPOS Feature=Value…`
#[test]
fn tokens() {
    check("tokens", |doc| {
        (0..doc.parse.tokens.len())
            .map(|i| {
                let token = &doc.parse.tokens[i];
                let feats = if token.feats.is_none() { String::new() } else { token.feats.to_string().replace('|', " ") };
                let (lemma, upos, xpos) = (doc.parse.lemma(Id::new(i)), token.upos.as_str(), token.xpos.as_str());
                mark(token.span, format!("{lemma} {upos} {xpos} {feats}"))
            })
            .collect()
    });
}

/// `deprel < head word`
#[test]
fn trees() {
    check("trees", |doc| {
        let word = |span: Span| span.of(doc.text()).to_string();
        (doc.parse.tokens.iter())
            .map(|t| {
                let head = t.head.map_or("ROOT".to_string(), |h| word(doc.parse.token(h).span));
                mark(t.span, format!("{} < {head}", t.deprel.as_str()))
            })
            .collect()
    });
}

#[test]
fn names() {
    check("names", |doc| doc.parse.names.iter().map(|n| mark(n.span, n.kind.as_str().into())).collect());
}

/// `DATE 2024-03-04`; what hangs on an event: `DATE XXXX-XX-XX event=the vote`
#[test]
fn time() {
    check("time", |doc| {
        (doc.times.iter())
            .map(|t| {
                let event = match t.anchor {
                    Anchor::Event(words) => format!("event={}", words.of(doc.text())),
                    _ => String::new(),
                };
                mark(t.span, format!("{} {} {event}", t.kind.as_str(), t.value))
            })
            .collect()
    });
}

/// `12 low=12 soldier`, `90 minute`
#[test]
fn quantities() {
    check("quantities", |doc| {
        (doc.link.quantities.iter())
            .map(|q| {
                let bound = |name: &str, value: Option<f64>| value.map_or(String::new(), |v| format!("{name}={v}"));
                let what = [q.unit.as_deref(), q.of.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
                mark(q.span, format!("{} {} {} {what}", q.value, bound("low", q.low), bound("high", q.high)))
            })
            .collect()
    });
}

/// `Name COUNTRY feature [associative] [dateline]`
#[test]
fn places() {
    check("places", |doc| {
        (doc.link.places.iter())
            .map(|p| {
                let flags = [("associative", p.associative), ("dateline", p.dateline)];
                let flags: Vec<&str> = flags.iter().filter(|f| f.1).map(|f| f.0).collect();
                mark(p.span, format!("{} {} {} {}", p.name, p.country.as_deref().unwrap_or("-"), p.feature, flags.join(" ")))
            })
            .collect()
    });
}

/// `form KIND Entity name [COUNTRY SECTOR]`; an unresolved one `form KIND ?`.
#[test]
fn mentions() {
    check("mentions", |doc| {
        (doc.link.mentions.iter())
            .map(|m| {
                let entity = m.entity.map(|id| &doc.link.entities[id.index()]);
                let code = entity.map_or(String::new(), |e| {
                    let codes: Vec<&str> = e.country.iter().chain(e.sectors.first()).map(String::as_str).collect();
                    if codes.is_empty() { String::new() } else { format!("[{}]", codes.join(" ")) }
                });
                mark(m.span, format!("{} {} {} {code}", m.form.as_str(), m.kind.as_str(), name(doc, m.entity)))
            })
            .collect()
    });
}

/// `q1 direct`, `q1 cue`, `q1 speaker Name`
#[test]
fn quotes() {
    check("quotes", |doc| {
        let mut marks = Vec::new();
        for (i, quote) in doc.speech.quotes.iter().enumerate() {
            let n = i + 1;
            marks.extend(quote.content.iter().map(|&span| mark(span, format!("q{n} {}", quote.kind.as_str()))));
            marks.extend(quote.cue.map(|span| mark(span, format!("q{n} cue"))));
            marks.extend(quote.speaker.map(|span| mark(span, format!("q{n} speaker {}", name(doc, quote.entity)))));
            marks.extend(quote.audience.map(|span| mark(span, format!("q{n} audience"))));
            marks.extend(quote.time.map(|id| mark(doc.times[id.index()].span, format!("q{n} time"))));
        }
        marks
    });
}

/// `c1 accuse by=Name realis=future toward=Name issue=Ce answers=c2`, `c1 label`
#[test]
fn claims() {
    check("claims", |doc| {
        let mut marks = Vec::new();
        for (i, claim) in doc.speech.claims.iter().enumerate() {
            let n = i + 1;
            let with = |key: &str, value: Option<String>| value.map_or(String::new(), |v| format!("{key}={v}"));
            let realis = (claim.realis != Realis::Actual).then(|| claim.realis.as_str().to_string());
            let label = format!(
                "c{n} {} by={} {} {} {} {} {}",
                claim.kind.as_str(),
                name(doc, claim.by),
                with("realis", realis),
                with("toward", claim.toward.map(|id| name(doc, Some(id)).to_string())),
                with("issue", claim.issue.as_deref().map(str::to_string)),
                with("class", claim.class.map(str::to_string)),
                with("answers", claim.answers.map(|id| format!("c{}", id.index() + 1))),
            );
            marks.push(mark(claim.span, label));
            marks.extend(claim.label.map(|span| mark(span, format!("c{n} label"))));
        }
        marks
    });
}

/// `e1 event CONSULT modes actual`, `e1 actor Name`, `e1 recipient Name`, `e1 time 2024-03-04`, `e1 place BLR`, `e1 fact killed 12`, `e1 context legal`
#[test]
fn events() {
    check("events", |doc| {
        let mut marks = Vec::new();
        for (i, event) in doc.events.iter().enumerate() {
            let n = i + 1;
            let modes: Vec<&str> = event.modes.iter().map(|m| m.as_str()).collect();
            let label = format!("e{n} event {} {} {}", event.kind.as_str(), modes.join(" "), event.realis.as_str());
            marks.push(mark(event.trigger, label));
            marks.extend(event.contexts.iter().map(|c| mark(event.trigger, format!("e{n} context {}", c.as_str()))));
            let who = |role: &str, p: &Participant| mark(p.span, format!("e{n} {role} {}", name(doc, p.entity)));
            marks.extend(event.actors.iter().map(|p| who("actor", p)));
            marks.extend(event.recipients.iter().map(|p| who("recipient", p)));
            marks.extend(event.attributed_to.iter().map(|p| who("attributed", p)));
            if let Some((time, span)) = event.time.as_ref().and_then(|t| Some((t, doc.times[t.time?.index()].span))) {
                marks.push(mark(span, format!("e{n} time {}", time.value)));
            }
            if let Some(place) = event.place.map(|p| &doc.link.places[p.place.index()]) {
                marks.push(mark(place.span, format!("e{n} place {}", place.country.as_deref().unwrap_or("-"))));
            }
            let value = |f: &tellings::doc::Fact| f.value.to_string();
            marks.extend(event.facts.iter().map(|f| mark(f.span, format!("e{n} fact {} {}", f.attribute, value(f)))));
        }
        marks
    });
}
