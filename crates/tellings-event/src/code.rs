//! Triggers to events: tries the rules of each trigger and fills in participants, realis, time, place and facts.

use crate::carry;
use crate::facts;
use crate::quad;
use crate::realis;
use crate::rules::{Needs, Pos, Rule, Slot, Table, Trigger, Verdict, Voice};
use crate::tree::{Known, Tok, Trees};
use crate::when;
use crate::who::{Found, Side, Who};
use std::ops::Range;
use tellings_dict::VerbDictionary;
use tellings_doc::{
    Article, BlockKind, Context, DateRange, Deprel, Event, EventPlace, EventTime, EventType, Form, Id, Kind, Link, Mode, Parse,
    Participant, PlaceBasis, Quad, Realis, Span, Speech, Time, TimeBasis, Uncoded, Upos, Xpos,
};

/// A coded trigger while its document is being read.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) event: Event,
    pub(crate) trigger: Tok,
    /// The verb whose clause tells the event: the trigger itself or its light verb.
    pub(crate) clause: Tok,
    pub(crate) rule: u32,
    pub(crate) sentence: usize,
    pub(crate) noun: bool,
    /// Told by a definite noun ("the attack"), which may refer to an act told before.
    pub(crate) refers: bool,
    pub(crate) actors: Vec<Found>,
    pub(crate) recipients: Vec<Found>,
    /// Dropped, because another event tells it.
    pub(crate) dropped: bool,
}

/// Everything the coder reads.
pub(crate) struct Coder<'a> {
    pub(crate) article: &'a Article,
    pub(crate) parse: &'a Parse,
    pub(crate) times: &'a [Time],
    pub(crate) link: &'a Link,
    pub(crate) trees: &'a Trees<'a>,
    pub(crate) table: &'a Table,
    pub(crate) who: Who<'a>,
    /// The token each time expression hangs by.
    time_heads: Vec<Option<Tok>>,
    /// Is the text about an accident, a disaster or a disease rather than about force?
    accident: bool,
    /// Is it about who is running for office?
    campaign: bool,
    /// The places that are entities, too.
    place_entities: Vec<(usize, Id<tellings_doc::Entity>)>,
}

pub(crate) fn events(
    table: &Table,
    verbs: &VerbDictionary,
    article: &Article,
    parse: &Parse,
    times: &[Time],
    link: &Link,
    speech: &Speech,
) -> (Vec<Event>, Vec<Uncoded>) {
    let trees = Trees::new(&article.text, parse, table, Known::new(table), link, times);
    let who = Who { trees: &trees, link, speech, text: &article.text };
    let time_heads = times.iter().map(|t| parse.head_of(t.span).map(Id::index)).collect();
    let (accident, campaign) = about(&trees);
    let place_entities = link.places.iter().enumerate().filter(|(_, p)| !p.dateline).filter_map(|(i, p)| {
        let head = parse.head_of(p.span)?.index();
        let mention = (trees.mentions[head] as usize).checked_sub(1).map(|m| &link.mentions[m])?;
        Some((i, mention.entity.filter(|_| mention.head.touches(p.span))?))
    });
    let place_entities = place_entities.collect();
    let coder = Coder { article, parse, times, link, trees: &trees, table, who, time_heads, accident, campaign, place_entities };
    if verbs.is_empty() { coder.run() } else { coder.run_dictionary(verbs) }
}

/// Is a trigger, or the noun its clause describes ("the last time they met"), the subject of a predicate with "be"?
fn is_subject(trees: &Trees<'_>, predicate: Tok, trigger: Tok) -> bool {
    if trees.dep(predicate, Deprel::Cop).is_none() {
        return false;
    }
    let subject = trees.dep(predicate, Deprel::Nsubj);
    subject == Some(trigger)
        || trees.deprel(trigger) == Deprel::AclRelcl
            && trees.head(trigger) == subject
            && subject.is_some_and(|s| trees.lemma(s) == "time")
}

/// Does a text speak of crashes, storms, fires or diseases, and far less of force; does it speak of those who run for office?
fn about(trees: &Trees<'_>) -> (bool, bool) {
    let noun = |t: Tok| matches!(trees.token(t).upos, Upos::Noun | Upos::Propn);
    let (mut accident, mut force, mut campaign) = (0usize, 0usize, 0usize);
    for t in (0..trees.words.len()).filter(|&t| trees.words[t] != 0) {
        accident += usize::from(noun(t) && trees.is(t, trees.known.accident));
        force += usize::from(trees.is(t, trees.known.force));
        campaign += usize::from(noun(t) && trees.is(t, trees.known.campaign));
    }
    (accident >= 2 && accident >= 2 * force, campaign >= 5 && campaign >= force)
}

/// Is this text read for events?
fn in_body(article: &Article, span: Span) -> bool {
    if article.blocks.is_empty() {
        return true;
    }
    let at = article.blocks.partition_point(|b| b.span.end() <= span.start());
    article.blocks.get(at).is_some_and(|b| b.kind.is_body() && b.span.contains(span.start()))
        || article.blocks.get(at).is_some_and(|b| b.kind == BlockKind::Title)
}

impl<'a> Coder<'a> {
    fn run(&self) -> (Vec<Event>, Vec<Uncoded>) {
        let mut uncoded: Vec<Uncoded> = Vec::new();
        let genre = self.genre();
        let mut drafts: Vec<Draft> = Vec::new();
        let mut unsure: Vec<(usize, &'static str)> = Vec::new();
        for (index, sentence) in self.parse.sentences.iter().enumerate() {
            if !in_body(self.article, sentence.span) {
                continue;
            }
            self.happened(sentence.tokens.clone(), &mut drafts);
            self.done_by(sentence.tokens.clone(), index, &mut drafts);
            if !sentence.tokens.clone().any(|t| self.triggers(t).is_some()) {
                continue;
            }
            if let Some(reason) = genre {
                uncoded.push(Uncoded { span: sentence.span, reason });
                continue;
            }
            // "Protesters at the march.": a label, no telling.
            if !sentence.tokens.clone().any(|t| matches!(self.trees.token(t).upos, Upos::Verb | Upos::Aux)) {
                continue;
            }
            let from = drafts.len();
            let mut reason = None;
            for t in sentence.tokens.clone() {
                if let Some((pos, triggers)) = self.triggers(t) {
                    let coded = self.code(t, pos, triggers, index, sentence.span);
                    match coded {
                        Ok(Some(draft)) => drafts.push(draft),
                        Ok(None) => {}
                        Err(why) => reason = reason.or(Some(why)),
                    }
                }
            }
            self.said(sentence.tokens.clone(), index, sentence.span, &mut drafts);
            self.told_again(sentence.tokens.clone(), index, sentence.span, &mut drafts);
            self.drop_doubles(&mut drafts[from..]);
            self.date(&mut drafts[from..], sentence.tokens.clone());
            self.place(&mut drafts[from..], sentence.tokens.clone());
            if reason.is_some() || drafts.len() > from {
                unsure.push((index, reason.unwrap_or("no actor")));
            }
        }
        // A title repeats the lead: its events count only where the text tells none of their kind by the same people.
        let title = |d: &Draft| {
            let at = self.parse.sentences[d.sentence].span.start();
            let block = self.article.blocks.partition_point(|b| b.span.end() <= at);
            self.article.blocks.get(block).is_some_and(|b| b.kind == BlockKind::Title && b.span.contains(at))
        };
        let heads = drafts.iter().filter(|d| title(d)).count();
        if heads > 0 {
            let (titled, mut kept): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| title(d));
            for draft in titled {
                // Who is not known by name is the same by the same noun ("dozens", "the port").
                let same = |a: &Found, b: &Found| {
                    a.participant.entity.is_some() && a.participant.entity == b.participant.entity
                        || self.trees.lemma(a.token) == self.trees.lemma(b.token)
                };
                let again = kept.iter().any(|d| {
                    let mut people = draft.actors.iter().chain(&draft.recipients);
                    let told = |p: &Found| d.actors.iter().chain(&d.recipients).any(|o| same(p, o));
                    d.event.kind == draft.event.kind && people.all(told)
                });
                if !draft.dropped && !again {
                    kept.push(draft);
                }
            }
            drafts = kept;
            drafts.sort_by_key(|d| (d.sentence, d.trigger));
        }
        // "I never threatened anybody", "nobody was injured": no act, and nothing refused.
        drafts.retain(|d| {
            let idle = d.event.realis == Realis::Negated
                && (d.event.kind == EventType::Threaten || d.event.kind == EventType::Assault && d.actors.is_empty());
            !d.dropped && !idle
        });
        carry::carry(self, &mut drafts);
        for (index, reason) in unsure {
            if drafts.binary_search_by_key(&index, |d| d.sentence).is_err() {
                uncoded.push(Uncoded { span: self.parse.sentences[index].span, reason });
            }
        }
        uncoded.sort_by_key(|u| u.span);
        self.answerable(&mut drafts);
        self.answers(&mut drafts);
        self.addressed(&mut drafts);
        // In a text about something else only those count who act in politics beyond doubt.
        let (needed, mixed) = self.needed();
        drafts.retain(|d| {
            let level = self.level(&d.actors, &d.recipients);
            let deed = matches!(d.event.kind, EventType::Assault | EventType::Coerce | EventType::Protest);
            let needed = if deed || needed > 0 { needed } else { u8::from(mixed) };
            let enough = level >= needed && !(self.anybody(&d.actors, &d.recipients));
            if !enough {
                let span = self.parse.sentences[d.sentence].span;
                if uncoded.last().is_none_or(|u| u.span != span) {
                    uncoded.push(Uncoded { span, reason: "not political" });
                }
            }
            enough
        });
        uncoded.sort_by_key(|u| u.span);
        uncoded.dedup_by_key(|u| u.span);
        for draft in &mut drafts {
            facts::facts(self, draft);
            self.finish(draft);
            self.widen(&mut draft.event);
        }
        drafts.sort_by_key(|d| (d.event.trigger, d.rule));
        let mut events: Vec<Event> = drafts.into_iter().map(|d| d.event).collect();
        if genre.is_none() && needed < 2 {
            self.institutional(&mut events, &mut uncoded);
        }
        (events, uncoded)
    }

    /// In institutional prose, whose sentences name hardly anybody: the quad class of each sentence. Events of another class
    /// are less sure; a sentence without any of its class gets one of its own, nobody taking part, of the likeliest type.
    fn institutional(&self, events: &mut Vec<Event>, uncoded: &mut Vec<Uncoded>) {
        let Some(model) = quad::Model::shipped() else { return };
        let mut buffer = Vec::new();
        let sentences: Vec<(usize, Span)> = self
            .parse
            .sentences
            .iter()
            .enumerate()
            .filter(|(_, s)| in_body(self.article, s.span))
            .map(|(i, s)| (i, s.span))
            .collect();
        let score = |span: Span, buffer: &mut Vec<u32>| model.scores(span.of(&self.article.text), buffer);
        let margin = |s: &[f32; quad::CLASSES]| s[..quad::OTHER].iter().fold(f32::MIN, |a, &b| a.max(b)) - s[quad::OTHER];
        let seen = &sentences[..sentences.len().min(40)];
        let sum: f32 = seen.iter().map(|&(_, span)| margin(&score(span, &mut buffer)).clamp(-6.0, 6.0)).sum();
        // Few sentences must say it more clearly.
        if seen.is_empty() || sum <= 0.2 * seen.len() as f32 + 0.1 {
            return;
        }
        for (index, span) in sentences {
            let (class, sure) = quad::class(&score(span, &mut buffer));
            let Some(quad) = quad::quad(class) else { continue };
            let mut found = false;
            for event in events.iter_mut().filter(|e| e.span == span) {
                found |= event.kind.quad() == quad;
                if event.kind.quad() != quad {
                    event.score = event.score.min(0.3);
                }
            }
            let tokens = self.parse.sentences[index].tokens.clone();
            let verb = tokens.clone().find(|&t| self.trees.head(t).is_none());
            if found || sure < 25 || tokens.len() < 4 {
                continue;
            }
            // The type that a word of the sentence would give, if one is of the class; else the class's plainest.
            let told = tokens.clone().find_map(|t| {
                let (_, triggers) = self.triggers(t)?;
                let kind = triggers.iter().find_map(|g| match self.table.rules[g.rule as usize].verdict {
                    Verdict::Event(kind) if kind.quad() == quad => Some(kind),
                    _ => None,
                })?;
                Some((kind, t))
            });
            let plain = match quad {
                Quad::VerbalCooperation => EventType::Support,
                Quad::MaterialCooperation => EventType::Cooperate,
                Quad::VerbalConflict => EventType::Accuse,
                Quad::MaterialConflict => EventType::Assault,
            };
            let Some((kind, at)) = told.or(verb.map(|v| (plain, v))) else { continue };
            events.push(Event {
                trigger: self.trees.token(at).span,
                span,
                kind,
                modes: Vec::new(),
                contexts: Vec::new(),
                cameo: "".into(),
                actors: Vec::new(),
                recipients: Vec::new(),
                time: None,
                place: None,
                realis: realis::realis(self.trees, at, at),
                attributed_to: None,
                facts: Vec::new(),
                rule: "event.quad-class".into(),
                score: 0.3 + sure as f32 / 250.0,
            });
            uncoded.retain(|u| u.span != span);
        }
        events.sort_by_key(|e| e.trigger);
    }

    /// The events of a user's own verb dictionary, with what this crate knows of their time, place and realis.
    fn run_dictionary(&self, verbs: &'a VerbDictionary) -> (Vec<Event>, Vec<Uncoded>) {
        let mut uncoded = Vec::new();
        let mut drafts: Vec<Draft> = Vec::new();
        for (index, sentence) in self.parse.sentences.iter().enumerate() {
            if !in_body(self.article, sentence.span) {
                continue;
            }
            let from = drafts.len();
            self.by_dictionary(verbs, index, &mut drafts, &mut uncoded);
            self.date(&mut drafts[from..], sentence.tokens.clone());
            self.place(&mut drafts[from..], sentence.tokens.clone());
        }
        for draft in &mut drafts {
            let event = &mut draft.event;
            event.actors = draft.actors.iter().map(|f| f.participant.clone()).collect();
            event.recipients = draft.recipients.iter().map(|f| f.participant.clone()).collect();
            let quote = self.who.quote_at(event.trigger).filter(|q| q.speaker.is_some());
            event.attributed_to = quote.and_then(|q| Some(Participant { entity: q.entity, span: q.speaker? }));
        }
        (drafts.into_iter().map(|d| d.event).collect(), uncoded)
    }

    /// "They were fired from …" after "fired three missiles": the same act told again, with what this sentence adds.
    fn told_again(&self, tokens: Range<usize>, sentence: usize, span: Span, drafts: &mut Vec<Draft>) {
        let trees = self.trees;
        for t in tokens.filter(|&t| trees.is_verb(t) && trees.passive(t)) {
            let subject = trees.dep(t, Deprel::NsubjPass).filter(|&s| trees.token(s).upos == Upos::Pron);
            if subject.is_none_or(|s| !matches!(trees.lemma(s), "they" | "it" | "these")) {
                continue;
            }
            let earlier = drafts.iter().rposition(|d| {
                let before = d.sentence < sentence && d.sentence + 2 >= sentence;
                before && !d.noun && d.recipients.is_empty() && trees.lemma(d.trigger) == trees.lemma(t)
            });
            let Some(earlier) = earlier else { continue };
            drafts.retain(|d| !(d.sentence == sentence && d.trigger == t));
            let mut again = drafts[earlier].clone();
            let event = &mut again.event;
            (event.trigger, event.span, event.time, event.place) = (trees.token(t).span, span, None, None);
            event.facts.clear();
            (again.trigger, again.clause, again.sentence) = (t, t, sentence);
            drafts.push(again);
        }
    }

    /// "The army fired them", "blamed the rebels for it", "the rebels were behind it": who did what the sentence before tells, by
    /// a word that points back at it.
    fn done_by(&self, tokens: Range<usize>, sentence: usize, drafts: &mut [Draft]) {
        let trees = self.trees;
        let back = |d: Tok| trees.token(d).upos == Upos::Pron && matches!(trees.lemma(d), "it" | "they" | "this" | "them");
        for t in tokens {
            let under = |p: &str| trees.prep(t, p).filter(|&d| back(d));
            let doer = match trees.lemma(t) {
                _ if trees.is(t, trees.known.perpetrate)
                    && trees.is_verb(t)
                    && !trees.passive(t)
                    && trees.dep(t, Deprel::Obj).is_some_and(back) =>
                {
                    trees.agent(t)
                }
                "blame" | "fault" | "condemn" if under("for").is_some() => trees.patient(t),
                "blame" | "pin" if trees.dep(t, Deprel::Obj).is_some_and(back) => trees.prep(t, "on"),
                "responsible" if under("for").is_some() => trees.dep(t, Deprel::Nsubj),
                "it" | "this" | "they"
                    if trees.dep(t, Deprel::Cop).is_some() && trees.case(t).is_some_and(|c| trees.lemma(c) == "behind") =>
                {
                    trees.dep(t, Deprel::Nsubj)
                }
                _ => continue,
            };
            let Some(doer) = doer.filter(|&d| trees.human(d)) else { continue };
            if realis::realis(trees, t, t) != Realis::Actual {
                continue;
            }
            let before = drafts.iter().rposition(|d| {
                d.sentence < sentence && d.sentence + 2 >= sentence && d.event.kind == EventType::Assault && !d.dropped
            });
            let Some(draft) = before.map(|b| &mut drafts[b]).filter(|d| d.actors.is_empty()) else { continue };
            let mut found = Vec::new();
            self.who.all(doer, Side::Actor, EventType::Assault, &mut found);
            draft.actors = carry::lend(&found, &draft.recipients);
        }
    }

    /// "It happened on Aug. 26": the date of the act told just before.
    fn happened(&self, tokens: Range<usize>, drafts: &mut [Draft]) {
        let trees = self.trees;
        let Some(verb) = tokens.clone().find(|&t| trees.deprel(t) == Deprel::Root && trees.is(t, trees.known.happen)) else {
            return;
        };
        let pronoun = trees.dep(verb, Deprel::Nsubj).is_some_and(|s| matches!(trees.lemma(s), "it" | "this" | "that"));
        let time = (0..self.times.len())
            .find(|&i| when::dates(&self.times[i]) && self.time_heads[i].is_some_and(|h| tokens.contains(&h)));
        if let (true, Some(time), Some(last)) = (pronoun, time, drafts.last_mut())
            && last.event.time.is_none()
            && self.parse.sentences[last.sentence].tokens.end == tokens.start
        {
            last.event.time = when::event_time(self.times, time, TimeBasis::Narrative);
        }
    }

    /// What is done by saying it: "foreign powers should leave" is a request, "they are lying" an accusation, when somebody
    /// else than its subject says it.
    fn said(&self, tokens: Range<usize>, sentence: usize, span: Span, drafts: &mut Vec<Draft>) {
        let trees = self.trees;
        for t in tokens {
            let bad = trees.is(t, trees.known.bad) && trees.dep(t, Deprel::Cop).is_some();
            if !(bad || trees.is_verb(t) || trees.token(t).upos == Upos::Adj) {
                continue;
            }
            let must =
                trees.deps(t).any(|d| trees.deprel(d) == Deprel::Aux && matches!(trees.lemma(d), "should" | "must" | "ought"))
                    || trees.deprel(t) == Deprel::Xcomp
                        && trees.head(t).is_some_and(|h| {
                            matches!(trees.lemma(h), "need" | "have")
                                && trees.subject(h).is_some_and(|s| matches!(trees.lemma(s), "they" | "you" | "he" | "she"))
                                && !trees.passive(h)
                                && trees.token(h).xpos != Xpos::Vbd
                        });
            // "they were responsible for the deaths"
            let guilty = matches!(trees.lemma(t), "responsible" | "guilty" | "complicit" | "culpable")
                && trees.dep(t, Deprel::Cop).is_some();
            let wrong = (guilty || bad || trees.is_verb(t) && trees.is(t, trees.known.wrong) && !trees.passive(t)) && !must;
            let coded = |d: &Draft| d.sentence == sentence && (d.trigger == t || d.clause == t && !guilty);
            if !must && !wrong
                || drafts.iter().any(|d| coded(d) && !(must && matches!(d.event.realis, Realis::Hypothetical | Realis::Negated)))
            {
                continue;
            }
            // "that model is breaking": only what somebody breaks accuses him.
            // "lying on the road" is none either.
            let breaks = match trees.lemma(t) {
                "break" => trees.dep(t, Deprel::Obj).is_none(),
                "lie" => ["on", "in", "at", "near", "under"].iter().any(|p| trees.prep(t, p).is_some()),
                _ => false,
            };
            if wrong && (breaks || realis::realis(trees, t, t) != Realis::Actual) {
                continue;
            }
            // Whoever says it: the subject of the verb of saying above, or the speaker of the quote around it.
            let at = trees.token(t).span;
            let quote = self.who.quote_at(at);
            let mut speaker: Vec<Found> = Vec::new();
            let kind = if must { EventType::Request } else { EventType::Accuse };
            let mut up = t;
            let mut clause = t;
            for _ in 0..4 {
                let Some(head) = trees.head(up) else { break };
                if matches!(trees.deprel(up), Deprel::Ccomp | Deprel::Parataxis) && trees.is(head, trees.known.say) {
                    if let Some(by) = trees.agent(head) {
                        self.who.all(by, Side::Actor, kind, &mut speaker);
                    }
                    clause = head;
                    break;
                }
                if !matches!(trees.deprel(up), Deprel::Conj | Deprel::Xcomp | Deprel::Advcl) {
                    break;
                }
                up = head;
            }
            if speaker.is_empty()
                && let Some(by) = quote.and_then(|q| Some(Participant { entity: q.entity, span: q.speaker? }))
            {
                let token = self.parse.head_of(by.span).map_or(t, Id::index);
                speaker.push(Found { firm: by.entity.is_some(), participant: by, token });
            }
            let mut about: Vec<Found> = Vec::new();
            if let Some(subject) = trees.subject(t) {
                self.who.all(subject, Side::Recipient, EventType::Request, &mut about);
            }
            // "the killing was barbaric": of whoever did it, where that is told.
            let act = bad
                && about.is_empty()
                && trees.subject(t).is_some_and(|s| {
                    let told = drafts.iter().find(|d| d.sentence == sentence && d.trigger == s && d.event.kind != kind);
                    about.extend(told.map(|d| d.actors.clone()).unwrap_or_default());
                    told.is_some() || trees.is(s, trees.known.act) && self.definite(s)
                });
            let same = about.iter().any(|a| {
                trees.deps(a.token).any(|d| matches!(trees.lemma(d), "any" | "no" | "every"))
                    || !a.firm && trees.token(a.token).upos != Upos::Pron && !trees.is(a.token, trees.known.political)
                    || matches!(trees.lemma(a.token), "I" | "we" | "you" | "someone" | "everyone" | "people" | "everybody")
                    || speaker.iter().any(|s| {
                        s.token == a.token || s.participant.entity.is_some() && s.participant.entity == a.participant.entity
                    })
            });
            if speaker.is_empty() || about.is_empty() && !act || same || trees.passive(t) && !bad {
                continue;
            }
            let event = Event {
                trigger: at,
                span,
                kind,
                modes: if must { Vec::new() } else { vec![Mode::Allege] },
                contexts: Vec::new(),
                cameo: if must { "100" } else { "112" }.into(),
                actors: Vec::new(),
                recipients: Vec::new(),
                time: None,
                place: None,
                realis: Realis::Actual,
                attributed_to: None,
                facts: Vec::new(),
                rule: if must { "event.said.should" } else { "event.said.wrong" }.into(),
                score: 0.5,
            };
            // The clause itself is the content: no other event of its verb.
            drafts.retain(|d| !(d.sentence == sentence && d.trigger == t));
            drafts.push(Draft {
                event,
                trigger: t,
                clause,
                rule: u32::MAX,
                sentence,
                noun: false,
                refers: false,
                actors: speaker,
                recipients: about,
                dropped: false,
            });
        }
    }

    /// Whom a demand, a refusal or a concession is meant for, where its sentence does not say: those of the last demand by the
    /// same people, or whoever demanded it of them.
    fn answers(&self, drafts: &mut [Draft]) {
        use EventType::{Concede, Reject, Request, Sanction};
        for i in 0..drafts.len() {
            let (before, rest) = drafts.split_at_mut(i);
            let draft = &mut rest[0];
            if !matches!(draft.event.kind, Request | Reject | Concede | Sanction)
                || !draft.recipients.is_empty()
                || draft.actors.is_empty()
            {
                continue;
            }
            let near = before.iter().rev().take_while(|e| e.sentence + 10 >= draft.sentence);
            let found = near.into_iter().find_map(|e| {
                let by_same = e.event.kind == draft.event.kind && carry::same_people(&e.actors, &draft.actors);
                let asked = e.event.kind == Request && draft.event.kind != Request
                    || e.event.kind != Request && draft.event.kind == Request;
                let asked = asked
                    && matches!(e.event.kind, Request | Reject | Concede)
                    && carry::same_people(&e.recipients, &draft.actors);
                let people = if by_same { &e.recipients } else { &e.actors };
                (by_same || asked).then(|| carry::lend(people, &draft.actors)).filter(|p| !p.is_empty())
            });
            if let Some(found) = found {
                draft.recipients = found;
            }
        }
    }

    /// Whom an act answers or is addressed to, where its own clause does not say: "responded by throwing stones" is against those
    /// who struck before; marchers whose placards ask the government march against it; "at the request of X" is asked of those
    /// who then act.
    fn addressed(&self, drafts: &mut [Draft]) {
        use EventType::{Accuse, Assault, Protest, Request};
        let trees = self.trees;
        for i in 0..drafts.len() {
            if !drafts[i].recipients.is_empty() {
                continue;
            }
            let draft = &drafts[i];
            let up = trees.head(draft.trigger);
            let back = |v: Option<Tok>| v.is_some_and(|v| matches!(trees.lemma(v), "respond" | "retaliate" | "reply" | "react"));
            let found = match draft.event.kind {
                Assault | Protest if back(up) && trees.deprel(draft.trigger) == Deprel::Advcl => drafts[..i]
                    .iter()
                    .rev()
                    .take_while(|e| e.sentence + 2 >= draft.sentence)
                    .find(|e| e.event.kind == Assault && !e.actors.is_empty() && !carry::same_people(&e.actors, &draft.actors))
                    .map(|e| e.actors.clone()),
                Protest => drafts
                    .iter()
                    .find(|e| {
                        e.sentence == draft.sentence
                            && matches!(e.event.kind, Request | Accuse)
                            && !e.recipients.is_empty()
                            && e.actors.iter().any(|a| draft.actors.iter().any(|b| a.token == b.token))
                    })
                    .map(|e| e.recipients.clone()),
                Request if draft.noun && trees.case(draft.trigger).is_some_and(|c| trees.lemma(c) == "at") => {
                    drafts.iter().find(|e| up == Some(e.trigger)).map(|e| e.actors.clone())
                }
                // "groups have also called for it": of those who were asked before.
                Request if trees.deps(draft.trigger).any(|d| trees.lemma(d) == "also") => drafts[..i]
                    .iter()
                    .rev()
                    .take_while(|e| e.sentence + 4 >= draft.sentence)
                    .find(|e| e.event.kind == Request && !e.recipients.is_empty())
                    .map(|e| e.recipients.clone()),
                _ => None,
            };
            if let Some(found) = found {
                drafts[i].recipients = carry::lend(&found, &drafts[i].actors);
            }
        }
    }

    /// "condemned the attack" is said against those whose attack it is.
    fn answerable(&self, drafts: &mut [Draft]) {
        for i in 0..drafts.len() {
            let draft = &drafts[i];
            if !matches!(draft.event.kind, EventType::Accuse | EventType::Support | EventType::Reject) {
                continue;
            }
            let about: Vec<Tok> = self
                .trees
                .deps(draft.trigger)
                .filter(|&d| matches!(self.trees.deprel(d).base(), Deprel::Obj | Deprel::Nsubj | Deprel::Obl | Deprel::Nmod))
                .collect();
            let lent = drafts
                .iter()
                .filter(|other| other.sentence == draft.sentence && about.contains(&other.trigger))
                .find(|other| !other.actors.is_empty() && (draft.recipients.is_empty() || !carry::verbal(other.event.kind)))
                .map(|other| carry::lend(&other.actors, &draft.actors));
            if lent.is_none() && !draft.recipients.is_empty() {
                continue;
            }
            // "The operation was condemned": the act of whoever acted just before.
            let lent = lent.or_else(|| {
                let act = about.iter().any(|&t| self.trees.is(t, self.trees.known.act) && self.definite(t));
                let earlier = drafts[..i].iter().rev().take_while(|e| e.sentence + 3 >= draft.sentence).find(|e| {
                    act && !e.noun | e.refers
                        && !carry::verbal(e.event.kind)
                        && !e.actors.is_empty()
                        && !carry::same_people(&e.actors, &draft.actors)
                })?;
                Some(earlier.actors.clone())
            });
            if let Some(lent) = lent {
                drafts[i].recipients = lent;
            }
        }
    }

    /// The rules that a word may trigger, by its part of speech.
    fn triggers(&self, t: Tok) -> Option<(Pos, &[Trigger])> {
        let word = self.trees.words[t];
        if word == 0 {
            return None;
        }
        let token = self.trees.token(t);
        let pos = match token.upos {
            Upos::Verb => Pos::Verb,
            Upos::Noun => Pos::Noun,
            Upos::Propn => Pos::Noun,
            Upos::Adj => Pos::Adj,
            _ => return None,
        };
        let of = |pos: Pos| (pos, self.table.triggers[word as usize][pos as usize].as_slice());
        let (pos, triggers) = of(pos);
        if !triggers.is_empty() {
            return Some((pos, triggers));
        }
        // An adjective where a noun stands, a noun where the sentence has no verb before it: the tagger's slips.
        let nominal = matches!(token.deprel.base(), Deprel::Nsubj | Deprel::Obj | Deprel::Obl | Deprel::Nmod);
        let (pos, triggers) = of(Pos::Noun);
        if token.upos == Upos::Adj && nominal && !triggers.is_empty() {
            return Some((pos, triggers));
        }
        let (pos, triggers) = of(Pos::Verb);
        (token.upos == Upos::Adj && !triggers.is_empty() && self.trees.dep(t, Deprel::Cop).is_some()).then_some((pos, triggers))
    }

    /// A kind of text whose "attacks" and "strikes" are none, by the share of its words in the document.
    fn genre(&self) -> Option<&'static str> {
        let mut best: Option<(usize, &'static str)> = None;
        for &(class, reason) in &self.table.genres {
            let mut kinds: Vec<u16> = Vec::new();
            let mut count = 0;
            for (t, &word) in self.trees.words.iter().enumerate() {
                if word != 0 && self.trees.is(t, 1 << class) {
                    count += 1;
                    if kinds.len() < 8 && !kinds.contains(&word) {
                        kinds.push(word);
                    }
                }
            }
            let enough = kinds.len() >= 3 && count * 40 >= self.parse.tokens.len().max(120);
            if enough && best.is_none_or(|(most, _)| count > most) {
                best = Some((count, reason));
            }
        }
        best.map(|(_, reason)| reason)
    }

    /// Tries the rules of a trigger. `Err` is the reason why a trigger that fits was not coded.
    fn code(&self, t: Tok, pos: Pos, triggers: &[Trigger], sentence: usize, span: Span) -> Result<Option<Draft>, &'static str> {
        let trees = self.trees;
        let deprel = trees.deprel(t);
        if trees.timed[t] {
            return Ok(None);
        }
        let slipped = deprel == Deprel::Amod
            && pos == Pos::Verb
            && (trees.slipped(t).is_some() || trees.token(t).xpos == Xpos::Vbn && trees.head(t).is_some_and(|h| h < t));
        if !slipped
            && matches!(deprel, Deprel::Compound | Deprel::Flat | Deprel::Amod)
            && !(pos == Pos::Noun && self.compound_of_happening(t))
        {
            return Ok(None);
        }
        if pos == Pos::Verb && trees.attributive(t) {
            return Ok(None);
        }
        if pos == Pos::Noun && trees.token(t).upos == Upos::Propn && trees.mentions[t] > 0 && !self.named_event(t) {
            return Ok(None);
        }
        let mut reason = None;
        // First the rules that find what they need; then, for "the attack", those that an earlier event may fill.
        let refers = pos == Pos::Noun && self.definite(t);
        let told = triggers.iter().any(|g| self.table.rules[g.rule as usize].needs == Needs::Told);
        let passes = if refers || told { 2 } else { 1 };
        for (pass, trigger) in (0..passes).flat_map(|pass| triggers.iter().map(move |t| (pass, t))) {
            let rule = &self.table.rules[trigger.rule as usize];
            let particle = trees.deps(t).find(|&d| trees.words[d] == trigger.particle && trees.words[d] != 0).or_else(|| {
                let next = Some(t + 1).filter(|&n| n < trees.words.len() && trees.words[n] == trigger.particle)?;
                let free = trees.token(next).upos == Upos::Adj && trees.lemma(next) == "free";
                (trigger.particle != 0 && (free || matches!(trees.token(next).upos, Upos::Adp | Upos::Adv))).then_some(next)
            });
            if trigger.particle != 0 && particle.is_none() {
                continue;
            }
            if !self.fits(t, pos, rule) {
                continue;
            }
            let kind = match rule.verdict {
                Verdict::Refuse(reason) => return Err(reason),
                Verdict::Event(kind) => kind,
            };
            let light = (pos == Pos::Noun).then(|| self.light(t, rule)).flatten();
            // "in a statement after the attack": only when it was said.
            if refers && self.only_dates(t) {
                return Ok(None);
            }
            let (actors, recipients) = self.participants(t, pos, light, rule, kind);
            let enough = match rule.needs {
                Needs::Actor => !actors.is_empty(),
                Needs::Recipient => !recipients.is_empty(),
                Needs::Both => !actors.is_empty() && !recipients.is_empty(),
                Needs::Either => !actors.is_empty() || !recipients.is_empty(),
                Needs::Two => actors.len() + recipients.len() > 1 || actors.iter().any(|f| self.several(f)),
                Needs::Nothing => true,
                Needs::Told => false,
            };
            if !enough {
                // A definite noun may still be told by an earlier event.
                if pass == 0 || rule.alone || !refers && rule.needs != Needs::Told {
                    reason = Some(if actors.is_empty() { "no actor" } else { "no recipient" });
                    continue;
                }
            }
            if let Some(reason) = self.not_political(t, light.unwrap_or(t), kind, &actors, &recipients) {
                return Err(reason);
            }
            let words = trees.token(t).span;
            let words = match (particle, pos) {
                (Some(p), _) => words.join(trees.token(p).span),
                _ => words,
            };
            let event = Event {
                trigger: words,
                span,
                kind,
                modes: rule.modes.clone(),
                contexts: rule.contexts.clone(),
                cameo: rule.cameo.clone().into(),
                actors: Vec::new(),
                recipients: Vec::new(),
                time: None,
                place: None,
                realis: rule.realis.unwrap_or_else(|| match realis::realis(trees, t, light.unwrap_or(t)) {
                    Realis::Negated if rule.only_negated => Realis::Actual,
                    other => other,
                }),
                attributed_to: None,
                facts: Vec::new(),
                rule: rule.name.clone().into(),
                score: rule.score,
            };
            return Ok(Some(Draft {
                event,
                trigger: t,
                clause: light.unwrap_or(t),
                rule: trigger.rule,
                sentence,
                noun: pos == Pos::Noun,
                refers: pos == Pos::Noun && self.definite(t),
                actors,
                recipients,
                dropped: false,
            }));
        }
        reason.map_or(Ok(None), Err)
    }

    /// How surely somebody acts in politics: 3 = by a word or name that says nothing else, 2 = by office, arms or sector, 1 = a
    /// state or nation, 0 = who knows.
    fn politics(&self, found: &Found) -> u8 {
        let trees = self.trees;
        let entity = found.participant.entity.and_then(|e| self.link.entities.get(e.index()));
        let public = |s: &String| {
            matches!(s.as_str(), "GOV" | "MIL" | "COP" | "REB" | "LEG" | "JUD" | "PTY" | "IGO" | "OPP" | "SPY" | "NGO")
        };
        let listed = entity.is_some_and(|e| e.kind != Kind::Gpe && e.known.is_some() && e.sectors.first().is_some_and(public));
        if listed || trees.is(found.token, trees.known.politics) {
            return 3;
        }
        if trees.is(found.token, trees.known.political) {
            return 2;
        }
        let mention = (trees.mentions[found.token] as usize).checked_sub(1).map(|m| self.link.mentions[m].kind);
        match entity {
            Some(e) if e.kind != Kind::Gpe && e.sectors.first().is_some_and(public) => 2,
            Some(e) if matches!(e.kind, Kind::Gpe | Kind::Norp) => 1,
            _ if matches!(mention, Some(Kind::Gpe | Kind::Norp)) => 1,
            _ => 0,
        }
    }

    /// The surest of those who take part.
    fn level(&self, actors: &[Found], recipients: &[Found]) -> u8 {
        actors.iter().chain(recipients).map(|f| self.politics(f)).max().unwrap_or(0)
    }

    /// Is it only "you" or "anybody" who acts?
    fn anybody(&self, actors: &[Found], recipients: &[Found]) -> bool {
        let each = |f: &Found| {
            self.trees
                .deps(f.token)
                .any(|d| self.trees.deprel(d) == Deprel::Det && matches!(self.trees.lemma(d), "any" | "every" | "each"))
        };
        let nobody = |f: &Found| {
            each(f)
                || f.participant.entity.is_none()
                    && matches!(
                        self.trees.lemma(f.token),
                        "you"
                            | "your"
                            | "yourself"
                            | "one"
                            | "anyone"
                            | "everyone"
                            | "someone"
                            | "anybody"
                            | "everybody"
                            | "somebody"
                            | "whoever"
                    )
        };
        // The writer of the text, outside any quote.
        let writer = |f: &Found| {
            f.participant.entity.is_none()
                && matches!(self.trees.lemma(f.token), "I" | "we" | "my" | "our" | "me" | "us")
                && self.who.quote_at(f.participant.span).is_none()
        };
        actors.iter().any(|f| nobody(f) || writer(f)) && actors.iter().chain(recipients).all(|f| self.politics(f) == 0)
    }

    /// How surely those who take part must act in politics, by the share of sentences that speak of it; and whether the text is
    /// mixed, so that what is done in words counts only between those who may act in politics.
    fn needed(&self) -> (u8, bool) {
        let known = self.trees.known.politics;
        let public = |m: &tellings_doc::Mention| {
            let entity = m.entity.and_then(|e| self.link.entities.get(e.index()));
            entity.is_some_and(|e| {
                e.kind != Kind::Gpe
                    && e.sectors
                        .first()
                        .is_some_and(|s| matches!(s.as_str(), "GOV" | "MIL" | "REB" | "LEG" | "JUD" | "IGO" | "COP"))
            })
        };
        let mut heads = vec![false; self.parse.tokens.len()];
        for mention in self.link.mentions.iter().filter(|m| public(m)) {
            heads[self.parse.tokens_in(mention.head)].fill(true);
        }
        let (mut all, mut some) = (0usize, 0usize);
        for sentence in self.parse.sentences.iter().filter(|s| in_body(self.article, s.span) && s.tokens.len() > 4) {
            all += 1;
            some += usize::from(sentence.tokens.clone().any(|t| heads[t] || self.trees.is(t, known)));
        }
        match (some * 100).checked_div(all).unwrap_or(100) {
            _ if all < 5 => (0, false),
            ..25 => (3, true),
            25..35 => (1, true),
            share => (0, share < 50),
        }
    }

    /// Why an act is none of politics: those who do it or to whom it is done (a striker, a wolf, a sequel), or a word that
    /// gives away its sentence ("quarter-final"), as long as nobody political takes part.
    fn not_political(
        &self,
        t: Tok,
        clause: Tok,
        kind: EventType,
        actors: &[Found],
        recipients: &[Found],
    ) -> Option<&'static str> {
        let trees = self.trees;
        let level = self.level(actors, recipients);
        let sentence = self.parse.sentence_of(Id::new(t))?;
        if level < 2 && sentence.tokens.len() < 200 {
            let tell = sentence.tokens.clone().find_map(|w| self.table.tell(trees.words[w]));
            if tell.is_some() {
                return tell;
            }
        }
        // Who only talks to the press meets nobody.
        if kind == EventType::Consult && recipients.is_empty() && actors.iter().any(|f| self.is_media(f)) {
            return Some("interview");
        }
        let investigates = kind == EventType::Accuse && trees.is(t, trees.known.inquiry);
        if self.accident && (investigates || self.by_accident(sentence.tokens.clone(), kind, actors)) {
            return Some("accident");
        }
        // The rallies of those who run for office, and the end of their campaigns.
        let running = match kind {
            EventType::Protest => trees.lemma(t) == "rally" && actors.iter().all(|f| !self.several(f)),
            EventType::Concede => trees.patient(t).is_some_and(|p| trees.lemma(p) == "campaign"),
            _ => false,
        };
        if self.campaign && running {
            return Some("campaign");
        }
        // What "you" would do is only asked.
        let asked =
            |f: &Found| matches!(trees.lemma(f.token), "you" | "your") || trees.deps(f.token).any(|d| trees.lemma(d) == "which");
        if sentence.tokens.clone().next_back().is_some_and(|t| trees.lemma(t).starts_with('?'))
            && actors.iter().chain(recipients).any(asked)
        {
            return Some("question");
        }
        // "the lions were killed", "drones target hornets"
        if kind == EventType::Assault && recipients.iter().any(|f| self.table.private(trees.words[f.token]) == Some("science")) {
            return Some("not political");
        }
        if level > 0 || kind == EventType::Protest {
            return None;
        }
        let violent = matches!(kind, EventType::Assault | EventType::Coerce);
        let agents = actors.iter().map(|f| f.token).chain(trees.agent(clause));
        let patients = recipients.iter().map(|f| f.token).chain(trees.patient(clause)).filter(|_| !violent);
        agents.chain(patients).find_map(|w| self.table.private(trees.words[w]))
    }

    /// Is somebody a news outlet or a journalist?
    fn is_media(&self, found: &Found) -> bool {
        let entity = found.participant.entity.and_then(|e| self.link.entities.get(e.index()));
        entity.is_some_and(|e| e.sectors.first().is_some_and(|s| s == "JRN" || s == "MED"))
            || matches!(self.trees.lemma(found.token), "Wikinews" | "reporter" | "journalist" | "interviewer")
    }

    /// In a text about an accident: harm without anybody who is armed, in a sentence without a word of force; an emergency
    /// declared for it.
    fn by_accident(&self, tokens: Range<usize>, kind: EventType, actors: &[Found]) -> bool {
        let trees = self.trees;
        let forced = || tokens.clone().any(|t| trees.is(t, trees.known.force));
        match kind {
            EventType::Assault => !actors.iter().any(|f| self.politics(f) > 1) && !forced(),
            EventType::Coerce => {
                let emergency = |t: Tok| matches!(trees.lemma(t), "emergency" | "calamity" | "disaster");
                tokens.clone().any(emergency) && !forced()
            }
            // "my sympathy and regrets to the families"
            EventType::Concede | EventType::Support => {
                tokens.clone().any(|t| matches!(trees.lemma(t), "sympathy" | "condolence" | "condolences" | "tribute"))
            }
            _ => false,
        }
    }

    /// Does a definite noun only say when something else was ("after the attack"), and nothing of its own?
    fn only_dates(&self, t: Tok) -> bool {
        let trees = self.trees;
        let case = trees.case(t).map_or("", |c| trees.lemma(c));
        matches!(case, "after" | "following" | "before" | "since" | "until")
            && !trees
                .deps(t)
                .any(|d| matches!(trees.deprel(d).base(), Deprel::Nmod | Deprel::Acl | Deprel::Compound | Deprel::Conj))
            && !trees.deps(t).any(|d| trees.deprel(d) == Deprel::Amod || trees.deprel(d) == Deprel::NmodPoss)
    }

    /// "protest movement" is no trigger, "attack began" is; of compounds only those before "wave", "campaign", "series".
    fn compound_of_happening(&self, t: Tok) -> bool {
        self.trees.head(t).is_some_and(|h| self.trees.is(h, self.trees.known.transparent | self.trees.known.notion))
    }

    /// "the Iran-Iraq War": a name that names an event.
    fn named_event(&self, t: Tok) -> bool {
        let mention = (self.trees.mentions[t] as usize).checked_sub(1).map(|m| &self.link.mentions[m]);
        mention.is_some_and(|m| matches!(m.kind, tellings_doc::Kind::Event | tellings_doc::Kind::Misc) || m.form != Form::Name)
    }

    pub(crate) fn definite(&self, t: Tok) -> bool {
        self.trees.deps(t).any(|d| {
            self.trees.deprel(d) == Deprel::Det && matches!(self.trees.lemma(d), "the" | "this" | "that" | "these" | "those")
        })
    }

    pub(crate) fn several(&self, found: &Found) -> bool {
        let t = found.token;
        let entity = found.participant.entity.and_then(|e| self.link.entities.get(e.index()));
        self.trees.token(t).feats.get("Number") == Some("Plur")
            || matches!(self.trees.token(t).xpos, Xpos::Nns | Xpos::Nnps)
            || entity.is_some_and(|e| !e.members.is_empty())
    }

    /// The light verb of a noun: one of the lexicon, or one the rule names.
    fn light(&self, t: Tok, rule: &Rule) -> Option<Tok> {
        let trees = self.trees;
        trees.light(t).or_else(|| {
            let first = trees.first_conjunct(t);
            let head = trees.head(first).filter(|&h| trees.is_verb(h))?;
            let fits = matches!(trees.deprel(first), Deprel::Obj | Deprel::NsubjPass) && trees.fits(Some(head), &rule.light);
            fits.then_some(head)
        })
    }

    fn fits(&self, t: Tok, pos: Pos, rule: &Rule) -> bool {
        let trees = self.trees;
        let check = |want: &[crate::rules::Test], not: &[crate::rules::Test], at: &dyn Fn() -> Option<Tok>| {
            if want.is_empty() && not.is_empty() {
                return true;
            }
            let at = at();
            (want.is_empty() || trees.fits(at, want)) && !trees.fits(at, not)
        };
        if rule.only_negated && !realis::negation(trees, t) {
            return false;
        }
        match rule.voice {
            Voice::Any => {}
            Voice::Active if trees.passive(t) => return false,
            Voice::Passive if !trees.passive(t) => return false,
            _ => {}
        }
        let verb = pos != Pos::Noun;
        if !check(&rule.subj, &rule.not_subj, &|| if verb { trees.agent(t) } else { trees.light(t).and_then(|l| trees.agent(l)) })
        {
            return false;
        }
        if !check(&rule.obj, &rule.not_obj, &|| if verb { trees.patient(t) } else { trees.prep(t, "of") }) {
            return false;
        }
        if !check(&rule.comp, &rule.not_comp, &|| self.content_of(t)) {
            return false;
        }
        if rule.infinitive && self.complement(t).is_some_and(|c| !trees.infinitive(c)) {
            return false;
        }
        if !rule.light.is_empty() {
            // "Was the scene of fighting": a noun that is said of a place.
            let said = |h: Tok| trees.is_verb(h) || trees.dep(h, Deprel::Cop).is_some();
            let governor = trees.head(trees.first_conjunct(t)).filter(|&h| said(h)).or_else(|| trees.verb_after_list(t));
            if !trees.fits(trees.light(t), &rule.light) && !trees.fits(governor, &rule.light) {
                return false;
            }
        }
        if !rule.modifier.is_empty() || !rule.not_modifier.is_empty() {
            let modifiers = || {
                trees.deps(t).filter(|&d| {
                    matches!(trees.deprel(d), Deprel::Amod | Deprel::Compound | Deprel::Advmod | Deprel::NmodDesc | Deprel::Flat)
                })
            };
            if !rule.modifier.is_empty() && !modifiers().any(|d| trees.fits(Some(d), &rule.modifier)) {
                return false;
            }
            if modifiers().any(|d| trees.fits(Some(d), &rule.not_modifier)) {
                return false;
            }
        }
        let phrase = |word, tests: &[crate::rules::Test]| {
            let other = if verb { trees.dep(t, Deprel::Obj) } else { trees.light(t) };
            trees
                .phrases(t, word)
                .chain(other.into_iter().flat_map(|o| trees.phrases(o, word)))
                .chain(trees.deps(t).filter(|&d| verb && trees.deprel(d) == Deprel::Obl).flat_map(|o| trees.phrases(o, word)))
                .chain(other.into_iter().flat_map(|o| {
                    // "raised concerns about X with Y": the phrase may hang on the noun's own phrase.
                    trees.deps(o).filter(|&d| trees.deprel(d) == Deprel::Nmod).flat_map(move |d| trees.phrases(d, word))
                }))
                .any(|p| trees.fits(Some(p), tests))
        };
        // "The toll from the attack rose": the phrase may hang on the noun's verb.
        let after = |word, tests: &[crate::rules::Test]| {
            let up = trees.head(t).filter(|&h| trees.is_verb(h) && trees.deprel(t) == Deprel::Nsubj);
            up.is_some_and(|v| trees.phrases(v, word).any(|p| p > t && p < v && trees.fits(Some(p), tests)))
        };
        rule.prep.iter().all(|(word, tests)| phrase(*word, tests))
            && (rule.any_prep.is_empty()
                || rule.any_prep.iter().any(|(word, tests)| phrase(*word, tests) || !verb && after(*word, tests)))
            && !rule.not_prep.iter().any(|(word, tests)| phrase(*word, tests))
    }

    /// The rule of a draft; `None` if the engine itself made it.
    pub(crate) fn rule(&self, draft: &Draft) -> Option<&'a Rule> {
        self.table.rules.get(draft.rule as usize)
    }

    /// The clause, or the phrase with "for" or "to", that says what is demanded, promised, refused or threatened.
    pub(crate) fn complement(&self, t: Tok) -> Option<Tok> {
        let trees = self.trees;
        let mark_to = |d: Tok| trees.deps(d).any(|m| trees.deprel(m) == Deprel::Mark && trees.token(m).xpos == Xpos::To);
        trees
            .deps(t)
            .find(|&d| match trees.deprel(d) {
                Deprel::Xcomp | Deprel::Ccomp => true,
                // "recommended the troops withdraw"
                Deprel::Advcl
                    if matches!(trees.token(d).xpos, Xpos::Vb | Xpos::Vbp)
                        && trees.dep(d, Deprel::Mark).is_none()
                        && matches!(
                            trees.lemma(t),
                            "recommend" | "demand" | "insist" | "urge" | "propose" | "suggest" | "request"
                        ) =>
                {
                    true
                }
                Deprel::Advcl | Deprel::Acl => {
                    mark_to(d)
                        || trees.deps(d).any(|m| {
                            trees.deprel(m) == Deprel::Mark && matches!(trees.lemma(m), "for" | "that" | "of" | "against")
                        })
                }
                _ => false,
            })
            .filter(|&d| d > t)
            .or_else(|| {
                // "forced 5,000 people to flee": hung on the object.
                let made = matches!(trees.lemma(t), "force" | "compel" | "cause" | "prompt");
                let object = trees.deps(t).find(|&d| d > t && made && trees.deprel(d) == Deprel::Obj)?;
                trees
                    .deps(object)
                    .find(|&d| trees.deprel(d) == Deprel::Acl && d > object && trees.lemma(d) == "flee" && mark_to(d))
            })
            .or_else(|| {
                // "asked the chancellor, who is ill, to resign": hung on the relative clause.
                let mut objects = trees.deps(t).filter(|&d| d > t && matches!(trees.deprel(d), Deprel::Obj | Deprel::Iobj));
                let clause = objects.find_map(|object| trees.dep(object, Deprel::AclRelcl))?;
                trees.deps(clause).find(|&d| {
                    let to = trees.deps(d).find(|&m| trees.deprel(m) == Deprel::Mark && trees.token(m).xpos == Xpos::To);
                    trees.deprel(d) == Deprel::Advcl && to.is_some_and(|m| m > clause && trees.token(m - 1).xpos == Xpos::Comma)
                })
            })
    }

    /// The complement, or that of a plan or decision that is the object: "announced plans to leave".
    fn content_of(&self, t: Tok) -> Option<Tok> {
        let trees = self.trees;
        self.complement(t).or_else(|| {
            let object = trees.dep(t, Deprel::Obj)?;
            // "called the deal 'null and void'", read as one noun phrase.
            if let Some(after) = trees.deps(object).find(|&d| d > object && trees.deprel(d) == Deprel::Amod) {
                return Some(after);
            }
            let plan = matches!(trees.lemma(object), "plan" | "intention" | "decision" | "intent" | "willingness" | "readiness");
            trees.dep(object, Deprel::Acl).filter(|_| plan)
        })
    }

    fn participants(&self, t: Tok, pos: Pos, light: Option<Tok>, rule: &Rule, kind: EventType) -> (Vec<Found>, Vec<Found>) {
        use Slot::*;
        let trees = self.trees;
        let word = |lemma: &str| Prep(self.table.word(lemma));
        let verb = pos != Pos::Noun;
        let actor: Vec<Slot> = rule.actor.clone().unwrap_or_else(|| match (verb, rule.mutual) {
            (true, true) => vec![Subj, Obj, word("with")],
            (true, false) => vec![Subj],
            (false, true) => vec![Subj, Poss, word("between"), word("with"), word("by"), word("among"), word("of"), Mod],
            (false, false) => vec![word("by"), Poss, Subj, Mod, word("from"), Blamed],
        });
        let recipient: Vec<Slot> = rule.recipient.clone().unwrap_or_else(|| match (verb, rule.mutual) {
            (_, true) => vec![],
            (true, false) => vec![Obj],
            (false, false) => vec![word("on"), word("against"), word("of"), word("to"), word("toward"), word("towards")],
        });
        let (mut actors, mut recipients) = (Vec::new(), Vec::new());
        let mut used: Vec<Tok> = Vec::new();
        let fill = |slots: &[Slot], side: Side, every: bool, out: &mut Vec<Found>, used: &mut Vec<Tok>| {
            for &slot in slots {
                for head in self.slot(t, verb, light, slot) {
                    if !used.contains(&head) && head != t {
                        let before = out.len();
                        self.who.all(head, side, kind, out);
                        if out.len() > before {
                            used.push(head);
                        }
                    }
                }
                if !every && !out.is_empty() {
                    break;
                }
            }
        };
        // "Blamed the shelling on the rebels", "pinned the attack on them".
        let pinned = || {
            let head = trees
                .head(t)
                .filter(|&h| !verb && trees.deprel(t) == Deprel::Obj && matches!(trees.lemma(h), "blame" | "pin"))?;
            trees.prep(head, "on").or_else(|| trees.prep(t, "on"))
        };
        if let Some(by) = pinned() {
            self.who.all(by, Side::Actor, kind, &mut actors);
            used.push(by);
        }
        if rule.recipient_first {
            fill(&recipient, Side::Recipient, false, &mut recipients, &mut used);
            fill(&actor, Side::Actor, rule.mutual, &mut actors, &mut used);
        } else {
            fill(&actor, Side::Actor, rule.mutual, &mut actors, &mut used);
            fill(&recipient, Side::Recipient, false, &mut recipients, &mut used);
        }
        if rule.mutual && !verb && actors.is_empty() {
            actors = self.implied(t, kind);
        }
        // "'An agreement has been reached with the government,' the militia said": with whoever says so.
        if rule.mutual
            && kind != EventType::Assault
            && actors.len() == 1
            && !self.several(&actors[0])
            && trees.agent(light.unwrap_or(t)).is_none()
            && let Some(quote) = self.who.quote_at(trees.token(t).span)
            && let Some(by) = quote.entity.zip(quote.speaker)
            && actors[0].participant.entity != Some(by.0)
        {
            let token = self.parse.head_of(by.1).map_or(t, Id::index);
            actors.push(Found { participant: Participant { entity: Some(by.0), span: by.1 }, token, firm: true });
        }
        // "he survived a drone attack"
        if kind == EventType::Assault
            && !verb
            && trees.deprel(t) == Deprel::Obj
            && let Some(up) =
                trees.head(t).filter(|&h| matches!(trees.lemma(h), "survive" | "escape" | "suffer" | "withstand" | "repel"))
            && let Some(victim) = trees.agent(up)
        {
            actors.retain(|a| a.token != victim);
            self.who.all(victim, Side::Recipient, kind, &mut recipients);
        }
        // "protests that drew two million people"
        if kind == EventType::Protest && !verb && actors.is_empty() {
            let draws = |v: &Tok| {
                trees.is_verb(*v) && matches!(trees.lemma(*v), "draw" | "attract" | "gather" | "involve" | "bring" | "see")
            };
            let up = trees.head(t).filter(|_| trees.deprel(t) == Deprel::Nsubj).filter(draws);
            let verb = up.or_else(|| trees.dep(t, Deprel::AclRelcl).filter(draws));
            if let Some(crowd) =
                verb.and_then(|v| trees.dep(v, Deprel::Obj)).filter(|&o| trees.human(o) || trees.token(o).upos == Upos::Num)
            {
                self.who.all(crowd, Side::Actor, kind, &mut actors);
            }
        }
        // "attacks that X took part in"
        if !verb
            && actors.is_empty()
            && let Some(clause) = trees.dep(t, Deprel::AclRelcl).filter(|&c| trees.is(c, trees.known.join))
            && let Some(by) = trees.dep(clause, Deprel::Nsubj).filter(|&s| trees.human(s))
        {
            self.who.all(by, Side::Actor, kind, &mut actors);
        }
        recipients.retain(|r| {
            !actors
                .iter()
                .any(|a| a.token == r.token || a.participant.entity.is_some() && a.participant.entity == r.participant.entity)
        });
        (actors, recipients)
    }

    /// Those who met though the noun does not say it: "After an hour of talks the two ministers said …", "they failed to
    /// force a breakthrough in negotiations". Only several who do something together are taken to have met one another.
    fn implied(&self, t: Tok, kind: EventType) -> Vec<Found> {
        let trees = self.trees;
        let mut at = t;
        let mut fits = false;
        for _ in 0..4 {
            let Some(up) = trees.head(at) else { break };
            let case = trees.case(at).map_or("", |c| trees.lemma(c));
            // "agreed at Tuesday's talks": they were there.
            let there = case == "at" && at == t && trees.is(t, trees.known.talk);
            match trees.deprel(at).base() {
                Deprel::Obl | Deprel::Nmod if there => fits = true,
                Deprel::Nmod if case == "in" && trees.is(up, trees.known.agreement) => fits = true,
                Deprel::Obl | Deprel::Nmod => {
                    let gain = trees.is_nominal(up) && matches!(trees.lemma(up), "breakthrough" | "progress" | "round");
                    let gained = trees.dep(up, Deprel::Obj).is_some_and(|o| trees.lemma(o) == "breakthrough");
                    let amount = trees.timed[up] && case == "of";
                    fits |= matches!(case, "after" | "during" | "following") || (case == "in" && (gain || gained)) || amount;
                }
                Deprel::Obj | Deprel::Xcomp | Deprel::Conj => (),
                _ => break,
            }
            at = up;
            if trees.is_verb(at) && fits {
                // "resolutions aimed at showing …": a participle's noun met nobody.
                let clause = trees.dep(at, Deprel::Nsubj).is_some() || matches!(trees.deprel(at), Deprel::Xcomp | Deprel::Conj);
                let mut found = Vec::new();
                if let Some(subject) = trees.agent(at).filter(|_| clause) {
                    self.who.all(subject, Side::Actor, kind, &mut found);
                }
                let together = found.len() > 1 || found.iter().any(|f| self.several(f));
                return if together { found } else { Vec::new() };
            }
        }
        Vec::new()
    }

    /// The words that fill a slot of a trigger.
    fn slot(&self, t: Tok, verb: bool, light: Option<Tok>, slot: Slot) -> Vec<Tok> {
        let trees = self.trees;
        let mut out = Vec::new();
        match slot {
            Slot::Subj if verb => {
                out.extend(trees.agent(t));
                // "A, B, C and D welcomed": a list that the tree cut into several subjects.
                if let Some(&first) = out.first()
                    && trees.head(first) == Some(t)
                    && trees.deprel(first) == Deprel::Nsubj
                {
                    let joined =
                        |d: Tok| trees.deps(t).chain(trees.deps(d)).any(|c| trees.deprel(c) == Deprel::Cc && c < d && c > first);
                    out.extend(trees.deps(t).filter(|&d| {
                        let named = trees.token(d).upos == Upos::Propn || joined(d) && trees.human(d);
                        d > first && d < t && trees.deprel(d) == Deprel::Nsubj && named
                    }));
                }
                // "The army and the rebels fought": the first of the list made the root, the verb coordinated with it.
                if let Some(head) = trees.head(t).filter(|&h| h < t && t - h < 12)
                    && trees.deprel(t) == Deprel::Conj
                    && trees.is_nominal(head)
                    && trees.human(head)
                    && matches!(trees.token(t).xpos, Xpos::Vbd | Xpos::Vbp)
                {
                    let between = (head + 1..t).filter(|&d| trees.head(d) == Some(t) && trees.human(d) && trees.is_nominal(d));
                    let between: Vec<Tok> = between.filter(|d| !out.contains(d)).collect();
                    if !out.contains(&head) {
                        out.insert(0, head);
                    }
                    out.extend(between);
                }
            }
            Slot::Subj => {
                if let Some(light) = light {
                    out.extend(
                        trees
                            .agent(light)
                            .filter(|&a| trees.head(a) != Some(t) || trees.deprel(t) != Deprel::Obj)
                            .filter(|&a| a != t),
                    );
                } else if trees.dep(t, Deprel::Cop).is_some() {
                    out.extend(trees.dep(t, Deprel::Nsubj));
                }
            }
            Slot::Obj if verb => out.extend(trees.patient(t)),
            Slot::Obj => {}
            Slot::Clause => {
                let case = trees.case(t).map_or("", |c| trees.lemma(c));
                // "walked out in protest", "are there in cooperation with X"
                let manner =
                    case == "in" && matches!(trees.lemma(t), "protest" | "cooperation" | "collaboration" | "partnership");
                let up =
                    trees.head(t).filter(|_| case == "at" || manner || trees.prep(t, "with").is_some() || self.stay(t).is_some());
                if let Some(up) = up.filter(|_| trees.deprel(t).base() == Deprel::Obl || trees.deprel(t).base() == Deprel::Nmod) {
                    out.extend(if trees.is_verb(up) { trees.agent(up) } else { trees.dep(up, Deprel::Nsubj) });
                }
            }
            Slot::Host => out.extend(self.stay(t)),
            Slot::Iobj => out.extend(trees.dep(t, Deprel::Iobj)),
            Slot::CompSubj => {
                if let Some(comp) = self.complement(t) {
                    let own = trees.deps(comp).find(|&d| matches!(trees.deprel(d), Deprel::Nsubj | Deprel::NsubjPass));
                    match own {
                        Some(own) if !trees.passive(comp) => out.push(own),
                        Some(own) => {
                            out.extend(trees.agent(comp));
                            let _ = own;
                        }
                        None => out.extend(trees.patient(t)),
                    }
                }
            }
            Slot::Poss => {
                out.extend(trees.dep(t, Deprel::NmodPoss));
                if out.is_empty() && !verb {
                    out.extend(trees.owner_before(t));
                }
            }
            Slot::Mod => {
                let names_somebody = |d: Tok| {
                    let modifies = matches!(trees.deprel(d), Deprel::Compound | Deprel::Amod | Deprel::NmodDesc | Deprel::Nmod);
                    let fits = trees.mentions[d] > 0 || trees.token(d).upos == Upos::Propn || trees.is(d, trees.known.human);
                    modifies && d < t && fits && trees.case(d).is_none()
                };
                let own: Vec<Tok> = trees.deps(t).filter(|&d| names_somebody(d)).collect();
                // "an Obama Putin meeting": names that hang on one another.
                let more = own.iter().flat_map(|&m| trees.deps(m).map(move |d| (m, d)));
                let more =
                    more.filter(|&(m, d)| names_somebody(d) && trees.mentions[d] > 0 && trees.mentions[d] != trees.mentions[m]);
                out.extend(more.map(|(_, d)| d));
                out.extend(own);
            }
            Slot::Prep(word) => {
                let mut hosts = vec![t];
                hosts.extend(light);
                if !verb && matches!(trees.deprel(t), Deprel::Nsubj | Deprel::NsubjPass) {
                    // "talks began with X", "a meeting took place between X and Y"
                    let going_on = trees.head(t).filter(|&h| trees.is(h, trees.known.happen));
                    hosts.extend(going_on);
                    hosts.extend(going_on.and_then(|g| trees.dep(g, Deprel::Obj)));
                }
                let first = trees.first_conjunct(t);
                if first != t {
                    hosts.push(first);
                }
                if !verb && let Some(light) = light {
                    // "increased cooperation in recent years with X": hung on the time.
                    hosts.extend(trees.deps(light).filter(|&d| d > t && trees.timed[d]));
                }
                if verb {
                    // "used water cannons against X" read as one noun phrase.
                    hosts.extend(trees.slipped(t).map(|(_, object)| object));
                    // "fired and landed a round on X": the later verb has the phrase of both.
                    let shared = trees.deps(t).find(|&d| {
                        d > t && trees.deprel(d) == Deprel::Conj && trees.is_verb(d) && trees.dep(d, Deprel::Nsubj).is_none()
                    });
                    let shared = shared.filter(|_| trees.dep(t, Deprel::Obj).is_none());
                    hosts.extend(shared);
                    hosts.extend(shared.and_then(|d| trees.dep(d, Deprel::Obj)));
                    // "launched an attack on X", "gave support to X": the phrase may hang on the object.
                    let object = trees.dep(t, Deprel::Obj);
                    hosts.extend(object);
                    // "raised concerns about X with Y"
                    hosts.extend(object.and_then(|o| trees.dep(o, Deprel::Nmod)));
                    hosts.extend(
                        trees.deps(t).filter(|&d| trees.deprel(d) == Deprel::Obl && trees.is_nominal(d) && d > t).take(3),
                    );
                    hosts.extend(trees.dep(t, Deprel::Xcomp).filter(|&x| trees.is_nominal(x)));
                }
                for host in hosts {
                    let mut found =
                        trees.phrases(host, word).filter(|&p| !trees.is_verb(p)).filter(|&p| !trees.timed[p]).peekable();
                    if found.peek().is_some() {
                        out.extend(found);
                        break;
                    }
                }
                if out.is_empty() {
                    out.extend(trees.phrase_after(t, word));
                }
                // "talks between A and B" where the tree coordinates B with the talks.
                if let [one] = out[..]
                    && word == self.table.word("between")
                {
                    let other = trees.deps(t).find(|&d| {
                        d > one && trees.deprel(d) == Deprel::Conj && trees.mentions[d] > 0 && trees.mentions[one] > 0
                    });
                    out.extend(other);
                }
            }
            Slot::Blamed => {
                let first = trees.first_conjunct(t);
                if let Some(head) = trees.head(first) {
                    let deprel = trees.deprel(first).base();
                    if trees.is_verb(head) && trees.is(head, trees.known.blame) && deprel == Deprel::Obl {
                        out.extend(trees.patient(head));
                    } else if trees.is_verb(head)
                        && trees.is(head, trees.known.claim)
                        && matches!(deprel, Deprel::Obj | Deprel::Nsubj)
                    {
                        out.extend(trees.agent(head));
                    } else if trees.is_nominal(head) && trees.lemma(head) == "responsibility" {
                        out.extend(
                            trees
                                .head(head)
                                .filter(|&v| trees.is_verb(v) && trees.is(v, trees.known.claim))
                                .and_then(|v| trees.agent(v)),
                        );
                    } else if matches!(trees.lemma(head), "responsible" | "behind" | "guilty") {
                        out.extend(trees.dep(head, Deprel::Nsubj));
                    }
                }
            }
        }
        out
    }

    /// "Is in Cairo on a visit", "for talks": the place where somebody is said to be for what a noun names.
    fn stay(&self, t: Tok) -> Option<Tok> {
        let trees = self.trees;
        let purpose = trees.case(t).is_some_and(|c| matches!(trees.lemma(c), "on" | "for"));
        trees.head(t).filter(|&place| {
            let there = trees.case(place).is_some_and(|c| matches!(trees.lemma(c), "in" | "at"));
            purpose
                && there
                && trees.mentions[place] > 0
                && trees.dep(place, Deprel::Cop).is_some()
                && matches!(trees.deprel(t).base(), Deprel::Obl | Deprel::Nmod)
        })
    }

    /// Drops what another event of the sentence already tells: the content of a demand, a promise, a threat; the noun of
    /// a verb of the same type ("met for talks").
    fn drop_doubles(&self, drafts: &mut [Draft]) {
        let trees = self.trees;
        for i in 0..drafts.len() {
            let (t, kind) = (drafts[i].trigger, drafts[i].event.kind);
            let mut content: Vec<Tok> = Vec::new();
            if self.rule(&drafts[i]).is_some_and(|r| r.content) {
                let hosts = [Some(t), (drafts[i].clause != t).then_some(drafts[i].clause)];
                content.extend(self.complement(t).filter(|&c| trees.deprel(c) == Deprel::Advcl));
                for host in hosts.into_iter().flatten() {
                    for d in trees.deps(host) {
                        let whole = match trees.deprel(d) {
                            Deprel::Xcomp | Deprel::Ccomp => d > host,
                            Deprel::Obj => d != t && host == t,
                            Deprel::Advcl | Deprel::Acl => {
                                d > host
                                    && trees.deps(d).any(|m| {
                                        trees.deprel(m) == Deprel::Mark
                                            && matches!(trees.lemma(m), "to" | "that" | "for" | "of" | "from" | "against")
                                    })
                            }
                            Deprel::Obl | Deprel::Nmod => trees
                                .case(d)
                                .is_some_and(|c| matches!(trees.lemma(c), "for" | "to" | "of" | "with" | "against" | "on")),
                            _ => false,
                        };
                        if whole {
                            content.push(d);
                            content.extend(trees.deps(d).filter(|&x| {
                                trees.deprel(x) == Deprel::Acl && trees.is_verb(x) && trees.token(x).xpos == Xpos::Vb
                            }));
                            content.extend(trees.deps(d).filter(|&x| {
                                matches!(trees.deprel(x), Deprel::Conj | Deprel::Xcomp | Deprel::Obj | Deprel::NsubjPass)
                            }));
                            if trees.is(d, trees.known.transparent | trees.known.notion | trees.known.happen) {
                                content.extend(trees.deps(d).filter(|&x| trees.deprel(x) == Deprel::Nmod));
                            }
                        }
                    }
                }
            }
            if matches!(kind, EventType::Agree) && drafts[i].recipients.is_empty() {
                // "committed to send troops to X", "promised to help X"
                let comp = self.complement(t).filter(|&c| trees.is_verb(c));
                let mut found = Vec::new();
                if let Some(comp) = comp {
                    let to = ["to", "with"].into_iter().find_map(|p| {
                        trees.prep(comp, p).or_else(|| trees.dep(comp, Deprel::Obj).and_then(|o| trees.prep(o, p)))
                    });
                    let object = trees.dep(comp, Deprel::Iobj).or(to).or_else(|| trees.dep(comp, Deprel::Obj));
                    if let Some(object) = object.filter(|&o| trees.human(o)) {
                        self.who.all(object, Side::Recipient, kind, &mut found);
                    }
                }
                drafts[i].recipients = carry::lend(&found, &drafts[i].actors);
            }
            for j in 0..drafts.len() {
                if i == j || drafts[i].dropped || drafts[j].dropped {
                    continue;
                }
                // "gathered at the ministry, blocking the exits": one protest.
                if kind == EventType::Protest
                    && drafts[j].event.kind == kind
                    && i < j
                    && (drafts[j].actors.is_empty()
                        || carry::same_people(&drafts[i].actors, &drafts[j].actors)
                        || drafts[i]
                            .actors
                            .iter()
                            .any(|a| drafts[j].actors.iter().any(|b| a.token == b.token || trees.lemma(b.token) == "they")))
                    && !drafts[j].refers
                {
                    let more = drafts[j].clone();
                    drafts[j].dropped = true;
                    merge(&mut drafts[i], more);
                    continue;
                }
                // "survived an attack that killed three": one attack, told by its clause.
                if kind == EventType::Assault
                    && drafts[j].event.kind == kind
                    && drafts[j].noun
                    && !drafts[i].noun
                    && trees.deprel(t) == Deprel::AclRelcl
                    && trees.head(t) == Some(drafts[j].trigger)
                    && !self.definite(drafts[j].trigger)
                {
                    drafts[j].dropped = true;
                    let more = carry::lend(&drafts[j].recipients, &drafts[i].recipients);
                    drafts[i].recipients.extend(more);
                    if drafts[i].actors.is_empty() {
                        drafts[i].actors = drafts[j].actors.clone();
                    }
                    continue;
                }
                let other = drafts[j].trigger;
                // "Broke the truce": no end of it beside its breach.
                if drafts[i].event.cameo == "196" && drafts[j].noun && trees.head(other) == Some(t) {
                    drafts[j].dropped = true;
                    continue;
                }
                let wanted = matches!(kind, EventType::Accuse) || drafts[j].noun && self.definite(other);
                if content.contains(&other) && !wanted {
                    drafts[j].dropped = true;
                    // "agreed to supply X with wheat": what is agreed is for X.
                    if drafts[i].recipients.is_empty()
                        && matches!(kind, EventType::Agree | EventType::Support | EventType::Threaten | EventType::Reject)
                    {
                        let theirs = if drafts[j].recipients.is_empty() { &drafts[j].actors } else { &drafts[j].recipients };
                        drafts[i].recipients = carry::lend(theirs, &drafts[i].actors);
                    }
                } else if drafts[j].event.kind == kind
                    && drafts[j].noun
                    && drafts[i].event.realis == Realis::Negated
                    && drafts[j].event.realis == Realis::Actual
                    && trees.head(other) == Some(t)
                {
                    // "Nobody was killed in the attack on the camp": it was attacked.
                    drafts[i].dropped = true;
                } else if drafts[j].event.kind == kind && drafts[j].noun && j != i {
                    let up = trees.head(trees.first_conjunct(other));
                    let joined = up == Some(t)
                        || drafts[j].clause == t
                        || trees
                            .head(other)
                            .and_then(|h| trees.head(h))
                            .is_some_and(|h| h == t && trees.is(trees.head(other).unwrap_or(t), trees.known.transparent));
                    if joined
                        && matches!(
                            trees.deprel(trees.first_conjunct(other)).base(),
                            Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::Nsubj
                        )
                        && kind != EventType::Accuse
                    {
                        let more = drafts[j].clone();
                        drafts[j].dropped = true;
                        merge(&mut drafts[i], more);
                    }
                }
            }
        }
    }

    /// Gives each event the expression of its clause, or one that governs it.
    fn date(&self, drafts: &mut [Draft], tokens: Range<usize>) {
        let span = self.span_of(&tokens);
        let from = self.times.partition_point(|t| t.span.end() <= span.start());
        let heads: Vec<(usize, Tok)> = self.times[from..]
            .iter()
            .enumerate()
            .take_while(|(_, t)| t.span.start() < span.end())
            .map(|(i, t)| (from + i, t))
            .filter(|(_, t)| when::dates(t))
            .filter_map(|(i, _)| Some((i, self.time_heads[i].filter(|h| tokens.contains(h))?)))
            .collect();
        if heads.is_empty() {
            return;
        }
        let all: Vec<Tok> = drafts.iter().filter(|d| !d.dropped).map(|d| d.trigger).collect();
        let fired = |t: Tok| all.contains(&t);
        for draft in drafts.iter_mut().filter(|d| !d.dropped) {
            let verbal = carry::verbal(draft.event.kind);
            let mut best: Option<(usize, usize)> = None;
            for &(i, head) in &heads {
                let Some(mut governor) = when::governor(self.trees, head, self.times[i].span) else { continue };
                // An expression under a noun that is no trigger dates what the noun hangs on.
                for _ in 0..3 {
                    if self.trees.is_nominal(governor) && !fired(governor) && !self.trees.is_verb(governor) {
                        match when::governor(self.trees, governor, self.times[i].span) {
                            Some(up) if governor != draft.trigger => governor = up,
                            _ => break,
                        }
                    } else {
                        break;
                    }
                }
                // "the attack that took place this week"
                let told = when::happening(self.trees, governor, draft.trigger)
                    || verbal && when::statement(self.trees, governor) == Some(draft.clause);
                // "offered to resign last night": what is long past is the offer.
                let told = told
                    || self.trees.deprel(governor) == Deprel::Xcomp
                        && self.trees.head(governor) == Some(draft.clause)
                        && self.before(self.times[i].range);
                // "said so while addressing the press yesterday"
                let told = told
                    || verbal
                        && self.trees.deprel(governor) == Deprel::Advcl
                        && self.trees.head(governor) == Some(draft.clause)
                        && self
                            .trees
                            .dep(governor, Deprel::Mark)
                            .is_some_and(|m| matches!(self.trees.lemma(m), "while" | "when" | "as"));
                // "fired and landed a round yesterday"
                let shared = self.trees.is_verb(governor)
                    && self.trees.deprel(governor) == Deprel::Conj
                    && self.trees.head(governor) == Some(draft.clause)
                    && self.trees.dep(governor, Deprel::Nsubj).is_none();
                // "The last meeting was in Geneva in May."
                let placed = is_subject(self.trees, governor, draft.trigger);
                let own = governor == draft.trigger || governor == draft.clause || told || shared || placed;
                let steps = if own {
                    Some(0)
                } else {
                    when::inherits(self.trees, draft.trigger, governor, verbal, &fired).map(|s| s + 1)
                };
                if let Some(steps) = steps
                    && best.is_none_or(|(_, least)| steps < least)
                {
                    best = Some((i, steps));
                }
            }
            if best.is_none()
                && let [(i, head)] = heads[..]
                && self.trees.is_verb(draft.clause)
            {
                // The only expression of the sentence, at its start, and the first verb after it.
                let first_verb = tokens.clone().find(|&t| self.trees.is_verb(t));
                let opening = head < tokens.start + 4 && first_verb.is_some_and(|v| v > head);
                let root = self.trees.deprel(draft.clause) == Deprel::Root
                    && tokens.clone().filter(|&t| self.trees.is_verb(t)).count() == 1
                    && self.trees.head(head).is_some_and(|h| self.trees.is_nominal(h) || h == draft.clause);
                if opening && first_verb == Some(draft.clause) || root {
                    best = Some((i, 9));
                }
            }
            draft.event.time = best.and_then(|(i, _)| when::event_time(self.times, i, TimeBasis::Expression));
        }
    }

    /// Do these days lie before the report's?
    fn before(&self, range: Option<DateRange>) -> bool {
        let published = self.article.published.as_ref().map(|p| p.range);
        range.zip(published).is_some_and(|(range, published)| range.last < published.first)
    }

    /// Gives each event the place of its clause.
    fn place(&self, drafts: &mut [Draft], tokens: Range<usize>) {
        let trees = self.trees;
        let span = self.span_of(&tokens);
        let from = self.link.places.partition_point(|p| p.span.end() <= span.start());
        let heads: Vec<(usize, Tok)> = self.link.places[from..]
            .iter()
            .enumerate()
            .take_while(|(_, p)| p.span.start() < span.end())
            .filter(|(_, p)| !p.dateline)
            .filter_map(|(i, p)| self.parse.head_of(p.span).map(|h| (from + i, h.index())))
            .filter(|(_, h)| tokens.contains(h))
            .collect();
        if heads.is_empty() {
            for draft in drafts.iter_mut().filter(|d| !d.dropped) {
                draft.event.place = self.place_by_noun(draft, tokens.clone());
            }
            return;
        }
        let all: Vec<Tok> = drafts.iter().filter(|d| !d.dropped).map(|d| d.trigger).collect();
        let fired = |t: Tok| all.contains(&t);
        for draft in drafts.iter_mut().filter(|d| !d.dropped) {
            let kind = draft.event.kind;
            let deed = matches!(
                kind,
                EventType::Assault | EventType::Protest | EventType::Coerce | EventType::Mobilize | EventType::Retreat
            );
            let mut best: Option<(usize, usize)> = None;
            // "claimed by the movement in X", "told the troops in X to leave": where they are, not where it happens.
            let belongs = |h: Tok| {
                let named = |f: &Found| {
                    let entity = f.participant.entity.and_then(|e| self.link.entities.get(e.index()));
                    f.token != h
                        && (carry::verbal(kind) && kind != EventType::Consult || entity.is_some_and(|e| e.kind == Kind::Org))
                        && trees.under(h, f.token)
                };
                // Whoever met somebody there met there: "received her in X", "talks between the two in X".
                !matches!(kind, EventType::Protest | EventType::Consult)
                    && trees.deprel(h).base() == Deprel::Nmod
                    && draft.actors.iter().chain(&draft.recipients).any(named)
            };
            for &(i, head) in heads.iter().filter(|&&(i, h)| !self.link.places[i].associative && !belongs(h)) {
                let literal = self.literal(head)
                    || trees.case(head).is_some_and(|c| match trees.lemma(c) {
                        "into" | "onto" | "through" => deed || kind == EventType::Consult,
                        "to" => matches!(kind, EventType::Mobilize | EventType::Consult),
                        "from" => {
                            // "fired two missiles from X": launched there.
                            kind == EventType::Mobilize && draft.event.modes.contains(&Mode::Weapons)
                                || kind == EventType::Retreat
                                || kind == EventType::Coerce && draft.event.modes.contains(&Mode::Deport)
                        }
                        _ => false,
                    });
                // Up through places within places ("the airport in X") to what happens there.
                // "in the Chinese city of X" is in X.
                let town = trees.head(head).filter(|&h| {
                    trees.case(head).is_some_and(|c| trees.lemma(c) == "of")
                        && matches!(
                            trees.lemma(h),
                            "city"
                                | "town"
                                | "village"
                                | "capital"
                                | "port"
                                | "province"
                                | "district"
                                | "region"
                                | "resort"
                                | "suburb"
                        )
                });
                // "at X's main police station", "in the X district"
                let part = trees.head(head).filter(|&h| {
                    matches!(trees.deprel(head).base(), Deprel::Nmod | Deprel::Compound)
                        && trees.case(head).is_none_or(|c| trees.lemma(c) == "'s")
                        && self.literal(h)
                        && trees.is(h, trees.known.site)
                });
                let literal = literal || town.or(part).is_some_and(|t| self.literal(t));
                let head = part.unwrap_or(head);
                let mut aside = false;
                // "Libya, where a war is under way"
                let whereof = |v: Tok| {
                    trees.deprel(v) == Deprel::AclRelcl
                        && trees.head(v) == Some(head)
                        && trees.deps(v).any(|d| trees.lemma(d) == "where")
                };
                let wherein = whereof(draft.clause) || trees.head(draft.clause).is_some_and(whereof);
                let literal = literal || wherein;
                let (mut at, mut steps, mut own) = (head, 0, wherein || is_subject(trees, head, draft.trigger));
                // "the leaders of the two communities in X": those who meet do so there.
                let met =
                    |t: Tok| kind == EventType::Consult && draft.noun && draft.actors.iter().any(|a| trees.under(t, a.token));
                let mut through = false;
                while let Some(up) = trees.head(at).filter(|_| !own) {
                    if up == draft.trigger || up == draft.clause || draft.noun && self.goes_on(draft.trigger, up) {
                        own = true;
                        break;
                    }
                    through |= met(at);
                    let within = matches!(trees.deprel(at).base(), Deprel::Nmod | Deprel::Appos | Deprel::Flat)
                        && trees.deprel(at) != Deprel::NmodPoss
                        || trees.deprel(at) == Deprel::Conj && met(at);
                    // "on the sidelines of the summit in X": both are in X.
                    let sideline = trees.head(up).is_some_and(|h| matches!(trees.lemma(h), "sideline" | "margin"));
                    if trees.is_verb(up) || fired(up) && !sideline || steps > 3 || !within {
                        break;
                    }
                    aside |= sideline;
                    at = up;
                    steps += 1;
                }
                // "Signed in Oslo", "reached in Doha": where an agreement is made, and no place of its matter.
                let made = draft.noun
                    && trees.head(at) == Some(draft.clause)
                    && matches!(kind, EventType::Support | EventType::Agree)
                    && trees.is(draft.clause, trees.known.seal);
                if !deed
                    && !made
                    && (steps > 1 && !aside && !through && town.is_none() || draft.noun && !matches!(kind, EventType::Consult))
                {
                    continue;
                }
                let inherits = || {
                    trees
                        .head(at)
                        .is_some_and(|v| trees.is_verb(v) && when::inherits(trees, draft.trigger, v, false, &fired).is_some())
                };
                if literal && (own || (deed || kind == EventType::Consult && !draft.noun) && inherits()) {
                    let cost = if own { steps } else { 9 };
                    if best.is_none_or(|(_, least)| cost < least) {
                        best = Some((i, cost));
                    }
                }
            }
            if best.is_none() {
                best = heads.iter().find(|&&(_, h)| self.is_scene(draft, h)).map(|&(i, _)| (i, 0));
            }
            // "an attack on a base near X": what was struck is there.
            if best.is_none() && kind == EventType::Assault {
                let struck =
                    |h: Tok| draft.recipients.iter().any(|r| r.token != h && trees.under(h, r.token) && h - r.token.min(h) < 12);
                let near = heads.iter().find(|&&(i, h)| !self.link.places[i].associative && self.literal(h) && struck(h));
                best = near.map(|&(i, _)| (i, 3));
            }
            // "the invasion of X", "seized X": what is attacked or taken is where.
            if best.is_none() && matches!(kind, EventType::Assault | EventType::Coerce) {
                let taken = draft.recipients.iter().find_map(|r| {
                    let bare = trees.mentions[r.token] > 0 && r.participant.span.len() < 60;
                    heads.iter().find(|(i, h)| *h == r.token && bare && !self.link.places[*i].feature.is_empty()).map(|&(i, _)| i)
                });
                best = taken.filter(|_| draft.noun || trees.is(draft.trigger, trees.known.strike_place)).map(|i| (i, 0));
            }
            // "the troops left X"
            if best.is_none()
                && kind == EventType::Retreat
                && matches!(trees.lemma(draft.trigger), "leave" | "evacuate" | "vacate" | "flee" | "quit" | "abandon")
            {
                let left = trees.dep(draft.trigger, Deprel::Obj);
                best = heads.iter().find(|(_, h)| left == Some(*h)).map(|&(i, _)| (i, 0));
            }
            draft.event.place = match best {
                Some((i, _)) => Some(EventPlace { place: Id::new(i), basis: PlaceBasis::Clause }),
                None => self.place_by_noun(draft, tokens.clone()),
            };
        }
    }

    /// Is a verb said of an act that a noun names, or of a round of it: "a round of talks opened in Lenn"?
    fn goes_on(&self, noun: Tok, verb: Tok) -> bool {
        let trees = self.trees;
        trees.is(verb, trees.known.happen | trees.known.part)
            && trees
                .subject(verb)
                .is_some_and(|s| s == noun || trees.is(s, trees.known.transparent) && trees.prep(s, "of") == Some(noun))
    }

    /// Is a place where it went on though no preposition says so: "Lenn hosted the talks", "was the scene of fighting", "came under
    /// fire", "is in Lenn for talks", "shook the port of Lenn", "raided the Lenn camp"?
    fn is_scene(&self, draft: &Draft, h: Tok) -> bool {
        let trees = self.trees;
        let kind = draft.event.kind;
        let deed = matches!(kind, EventType::Assault | EventType::Protest | EventType::Coerce | EventType::Mobilize);
        if !deed && kind != EventType::Consult {
            return false;
        }
        if self.stay(draft.trigger) == Some(h) || draft.clause != draft.trigger && self.stay(draft.clause) == Some(h) {
            return true;
        }
        let up = trees.head(h);
        // "the port of Lenn", "the Lenn refugee camp"
        let part = up.filter(|&u| {
            let inside = trees.deprel(h) == Deprel::Compound
                || trees.deprel(h) == Deprel::NmodPoss
                || trees.deprel(h) == Deprel::Nmod && trees.case(h).is_some_and(|c| trees.lemma(c) == "of");
            inside && trees.is(u, trees.known.site)
        });
        let site = part.unwrap_or(h);
        if kind == EventType::Protest && part.is_some() {
            return trees.case(site).is_some_and(|c| trees.lemma(c) == "to") && trees.head(site) == Some(draft.trigger);
        }
        let above = trees.head(site);
        let taken = kind == EventType::Coerce && matches!(trees.lemma(draft.trigger), "fall");
        if taken && trees.deprel(site) == Deprel::Nsubj && above == Some(draft.trigger) {
            return part.is_some() || trees.mentions[h] > 0;
        }
        if deed && trees.deprel(site) == Deprel::Obj && above == Some(draft.trigger) {
            let struck = trees.is(draft.trigger, trees.known.strike_place);
            return struck && (part.is_some() || trees.mentions[h] > 0);
        }
        // "Rolled into the city of Lenn".
        if deed && part.is_some() && above == Some(draft.trigger) {
            return trees.case(site).is_some_and(|c| matches!(trees.lemma(c), "into" | "to" | "on" | "onto" | "in"));
        }
        let subject = trees.deprel(site) == Deprel::Nsubj;
        let governor = [Some(draft.trigger), trees.head(draft.trigger), trees.light(draft.trigger)];
        subject
            && above.is_some_and(|v| {
                let scene = trees.is(v, trees.known.scene) && trees.dep(v, Deprel::Cop).is_some();
                let holds = trees.is_verb(v) && trees.is(v, trees.known.host);
                // "played host to talks"
                let under = governor.contains(&Some(v))
                    || trees.head(draft.trigger).is_some_and(|n| trees.lemma(n) == "host" && trees.head(n) == Some(v));
                (scene || holds) && under
            })
    }

    /// "across the country", "near the base": a place told by a noun that stands for one named before.
    fn place_by_noun(&self, draft: &Draft, tokens: Range<usize>) -> Option<EventPlace> {
        let trees = self.trees;
        if carry::verbal(draft.event.kind) {
            return None;
        }
        let noun = tokens.clone().find(|&t| {
            let hangs = trees.head(t).is_some_and(|h| h == draft.trigger || h == draft.clause);
            let owns = draft.noun && trees.deprel(t) == Deprel::NmodPoss && trees.head(t) == Some(draft.trigger);
            matches!(
                trees.lemma(t),
                "country"
                    | "nation"
                    | "city"
                    | "town"
                    | "village"
                    | "capital"
                    | "region"
                    | "province"
                    | "island"
                    | "territory"
                    | "base"
            ) && (hangs && self.literal(t) && self.definite(t) || owns)
        })?;
        let mention = (trees.mentions[noun] as usize).checked_sub(1).map(|m| &self.link.mentions[m])?;
        let entity = mention.entity?;
        let same = |p: &&(usize, Id<tellings_doc::Entity>)| p.1 == entity;
        let place = self.place_entities.iter().find(same)?.0;
        Some(EventPlace { place: Id::new(place), basis: PlaceBasis::Narrative })
    }

    fn span_of(&self, tokens: &Range<usize>) -> Span {
        let at = |t: usize| self.parse.tokens.get(t).map_or(Span::default(), |t| t.span);
        at(tokens.start).join(at(tokens.end.saturating_sub(1)))
    }

    /// Does a phrase say where?
    fn literal(&self, t: Tok) -> bool {
        self.trees.case(t).is_some_and(|c| {
            matches!(
                self.trees.lemma(c),
                "in" | "at" | "near" | "outside" | "inside" | "around" | "across" | "throughout" | "over" | "off" | "within"
            )
        })
    }

    /// Participants, future cooperation as agreement, modes from weapons and contents, contexts, who reports it.
    fn finish(&self, draft: &mut Draft) {
        let rule = self.rule(draft);
        let trees = self.trees;
        let people = |found: &[Found]| {
            let mut out: Vec<Participant> = Vec::new();
            for f in found {
                if !out.iter().any(|p| p == &f.participant) {
                    out.push(f.participant.clone());
                }
            }
            out
        };
        if self.is_threat(draft) {
            draft.event.kind = EventType::Threaten;
            draft.event.modes = match draft.event.kind {
                _ if draft.event.modes.contains(&Mode::Arrest) => vec![Mode::Arrest],
                _ if draft.event.modes.contains(&Mode::Expel) || draft.event.modes.contains(&Mode::Deport) => vec![Mode::Expel],
                _ if draft.event.cameo.starts_with("18")
                    || draft.event.cameo.starts_with("19")
                    || draft.event.cameo.starts_with("20") =>
                {
                    vec![Mode::Violence]
                }
                _ => vec![Mode::Restrict],
            };
            draft.event.cameo = "130".into();
            draft.event.realis = Realis::Actual;
        }
        if draft.event.kind == EventType::Support
            && draft.event.realis != Realis::Actual
            && self.trees.lemma(draft.trigger) == "agree"
        {
            draft.event.kind = EventType::Agree;
            draft.event.cameo = "030".into();
        }
        draft.event.actors = people(&draft.actors);
        draft.event.recipients = people(&draft.recipients);
        if draft.event.realis == Realis::Actual && (self.ahead(draft.event.time.as_ref()) || self.is_to(draft)) {
            draft.event.realis = Realis::Future;
        }
        if draft.event.realis == Realis::Hypothetical && self.would(draft) {
            draft.event.realis = Realis::Future;
        }
        if draft.event.realis == Realis::Future
            && matches!(draft.event.kind, EventType::Consult | EventType::Support | EventType::Cooperate | EventType::Aid)
        {
            draft.event.kind = EventType::Agree;
            draft.event.modes.clear();
            draft.event.realis = Realis::Actual;
            draft.event.cameo = match draft.event.cameo.get(..2) {
                Some("04") => "036".into(),
                Some("06") => "031".into(),
                Some("07") => "033".into(),
                _ => "030".into(),
            };
        }
        if matches!(draft.event.kind, EventType::Agree | EventType::Threaten | EventType::Concede)
            && matches!(draft.event.realis, Realis::Future)
        {
            draft.event.realis = Realis::Actual;
        }
        if draft.event.kind == EventType::Assault {
            self.weapons(draft);
        }
        if rule.is_none_or(|r| r.content) && draft.event.modes.is_empty() {
            self.content(draft);
        }
        for (class, context) in &self.table.contexts {
            let near = self.parse.tokens_in(draft.event.span).any(|t| trees.is(t, 1 << class) && self.near(draft, t));
            if near && !draft.event.contexts.contains(context) {
                draft.event.contexts.push(*context);
            }
        }
        draft.event.contexts.sort_by_key(|&c| c as Context as usize);
        draft.event.contexts.dedup();
        if draft.event.realis == Realis::Actual && (self.long_ago(draft.event.time.as_ref()) || self.is_foil(draft)) {
            draft.event.realis = Realis::Historical;
        }
        let at = draft.event.trigger;
        let quote = self.who.quote_at(at).filter(|q| q.speaker.is_some());
        draft.event.attributed_to = quote.and_then(|q| Some(Participant { entity: q.entity, span: q.speaker? }));
        if draft.event.attributed_to.is_none() {
            draft.event.attributed_to = self.blamed_by(draft);
        }
        let firm = draft.actors.iter().chain(&draft.recipients).filter(|f| f.firm).count().min(2);
        draft.event.score = (rule.map_or(0.5, |r| r.score) + 0.08 * firm as f32).min(0.99);
    }

    /// Who says that those did it, where only another sentence, which somebody else says, names them.
    fn blamed_by(&self, draft: &Draft) -> Option<Participant> {
        let deed = !carry::verbal(draft.event.kind) && draft.event.kind != EventType::Consult;
        let first = draft.actors.first().filter(|_| deed)?;
        let apart = draft.actors.iter().all(|a| {
            a.participant.span.end() <= draft.event.span.start() || a.participant.span.start() >= draft.event.span.end()
        });
        let quote = self.who.quote_at(first.participant.span).filter(|_| apart)?;
        let own = quote.entity.is_some() && draft.actors.iter().any(|a| a.participant.entity == quote.entity);
        let speaker = quote.speaker.filter(|s| !own && !s.touches(first.participant.span))?;
        Some(Participant { entity: quote.entity, span: speaker })
    }

    /// "We will strike back", "he said he may declare an emergency": force announced by the one who would use it.
    fn is_threat(&self, draft: &Draft) -> bool {
        let trees = self.trees;
        if draft.noun
            || !matches!(draft.event.kind, EventType::Assault | EventType::Coerce | EventType::Sanction)
            || !matches!(draft.event.realis, Realis::Future | Realis::Hypothetical)
            || trees.passive(draft.trigger)
            || !trees.deps(draft.trigger).any(|d| {
                trees.deprel(d) == Deprel::Aux
                    && matches!(trees.lemma(d), "will" | "shall" | "may" | "can" | "'ll" | "might" | "would")
            })
        {
            return false;
        }
        let Some(actor) = draft.actors.first() else { return false };
        if matches!(trees.lemma(actor.token), "I" | "we") {
            return true;
        }
        let by = trees
            .head(draft.trigger)
            .filter(|&h| trees.deprel(draft.trigger) == Deprel::Ccomp && trees.is(h, trees.known.say))
            .and_then(|h| trees.agent(h));
        let said = |t: Tok| (trees.mentions[t] as usize).checked_sub(1).and_then(|m| self.link.mentions[m].entity);
        by.is_some_and(|b| said(b).is_some() && said(b) == actor.participant.entity)
    }

    /// "The premier is to sign": what is to come.
    fn is_to(&self, draft: &Draft) -> bool {
        let trees = self.trees;
        let v = draft.clause;
        trees.infinitive(v) && trees.dep(v, Deprel::Cop).is_some_and(|c| trees.lemma(c) == "be") && trees.is_verb(v)
    }

    /// "Qatar said it would host talks": what its own speaker said was to come, without a condition.
    fn would(&self, draft: &Draft) -> bool {
        let trees = self.trees;
        let v = draft.clause;
        let Some(say) = trees.head(v).filter(|&h| trees.deprel(v) == Deprel::Ccomp && trees.is(h, trees.known.say)) else {
            return false;
        };
        let would = trees.deps(v).any(|d| trees.deprel(d) == Deprel::Aux && trees.lemma(d) == "would");
        let condition = |d: Tok| {
            trees.deprel(d) == Deprel::Advcl
                && trees.dep(d, Deprel::Mark).is_some_and(|m| matches!(trees.lemma(m), "if" | "unless"))
        };
        let past = matches!(trees.token(say).xpos, Xpos::Vbd | Xpos::Vbn);
        would && past && !trees.deps(v).any(condition)
    }

    /// Does a word stand under the trigger or its light verb, or in the noun phrase it heads?
    fn near(&self, draft: &Draft, t: Tok) -> bool {
        self.trees.under(t, draft.trigger) || draft.clause != draft.trigger && self.trees.under(t, draft.clause)
    }

    /// "The launch follows a test two weeks ago": told only for what the news follows.
    fn is_foil(&self, draft: &Draft) -> bool {
        let trees = self.trees;
        let mut at = draft.trigger;
        for _ in 0..3 {
            let deprel = trees.deprel(at).base();
            let Some(up) = trees.head(at).filter(|_| matches!(deprel, Deprel::Obj | Deprel::Xcomp | Deprel::Amod)) else { break };
            at = up;
        }
        // Of the last days it is news still.
        let now = self.article.published.as_ref().map(|p| p.range);
        let before = draft.event.time.as_ref().and_then(|t| t.range).zip(now);
        let recent = before.is_some_and(|(then, now)| now.first.since(then.last).is_ok_and(|gap| gap.get_days() <= 7));
        draft.noun
            && !recent
            && at != draft.trigger
            && matches!(trees.lemma(at), "follow" | "succeed" | "echo" | "recall" | "mirror")
    }

    fn ahead(&self, time: Option<&EventTime>) -> bool {
        let published = self.article.published.as_ref().map(|p| p.range);
        matches!((time.and_then(|t| t.range), published), (Some(then), Some(now)) if then.first > now.last)
    }

    fn long_ago(&self, time: Option<&EventTime>) -> bool {
        let published = self.article.published.as_ref().map(|p| p.range);
        match (time.and_then(|t| t.range), published) {
            (Some(then), Some(now)) => now.first.since(then.last).is_ok_and(|gap| gap.get_days() > 150),
            _ => false,
        }
    }

    fn weapons(&self, draft: &mut Draft) {
        let trees = self.trees;
        let tokens = self.parse.tokens_in(draft.event.span);
        let under = |t: Tok| {
            matches!(trees.deprel(t).base(), Deprel::Obl | Deprel::Nmod)
                && trees.case(t).is_some_and(|c| matches!(trees.lemma(c), "in" | "by" | "with" | "during"))
                && t > draft.trigger
                && t < draft.trigger + 25
        };
        for (class, mode) in &self.table.weapons {
            if draft.event.modes.contains(mode) {
                continue;
            }
            let named = tokens.clone().any(|t| {
                trees.is(t, 1 << class)
                    && (t == draft.trigger
                        || under(t)
                        || trees.head(t) == Some(draft.trigger)
                        || trees.head(t) == Some(draft.clause)
                        || trees.head(t).is_some_and(|h| {
                            trees.head(h) == Some(draft.trigger) && trees.is(h, trees.known.transparent | trees.known.light)
                                || trees.deprel(t) == Deprel::Compound && trees.head(h) == Some(draft.trigger)
                        }))
            });
            if named {
                draft.event.modes.push(*mode);
            }
        }
        draft.event.modes.sort();
        // A suicide bomb is no drone's; the narrower weapon says enough.
        if draft.event.modes.contains(&Mode::SuicideAttack) || draft.event.modes.contains(&Mode::Unconventional) {
            draft.event.modes.retain(|m| *m != Mode::Explosives && *m != Mode::HeavyWeapons);
        }
        if draft.event.modes.contains(&Mode::Drone) {
            draft.event.modes.retain(|m| *m != Mode::Aerial);
        }
    }

    /// The mode of a demand, a refusal or a threat from its content.
    fn content(&self, draft: &mut Draft) {
        let trees = self.trees;
        let t = draft.trigger;
        let mut words: Vec<Tok> = if self.rule(draft).is_none() { vec![t] } else { Vec::new() };
        if let Some(comp) = self.complement(t) {
            words.push(comp);
            words.extend(trees.deps(comp).filter(|&d| {
                matches!(
                    trees.deprel(d).base(),
                    Deprel::Obj | Deprel::Xcomp | Deprel::Conj | Deprel::Obl | Deprel::CompoundPrt | Deprel::Nsubj
                )
            }));
        }
        for d in trees.deps(t) {
            if matches!(
                trees.deprel(d).base(),
                Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::Compound | Deprel::Amod | Deprel::Nsubj
            ) {
                words.push(d);
                words.extend(trees.deps(d).filter(|&x| trees.deprel(x) == Deprel::Nmod));
            }
        }
        for &w in &words {
            for (class, name) in &self.table.contents {
                if let Some(mode) = Mode::parse(name)
                    && mode.score(draft.event.kind).is_some()
                    && trees.is(w, 1 << class)
                {
                    draft.event.modes.push(mode);
                    return;
                }
            }
        }
    }
}

/// Adds what a second telling of the same act inside one clause knows more.
fn merge(draft: &mut Draft, more: Draft) {
    for (ours, theirs) in [(&mut draft.actors, more.actors), (&mut draft.recipients, more.recipients)] {
        if ours.is_empty() && !draft.event.kind.is_mutual() {
            *ours = theirs;
        }
    }
    draft.refers |= more.refers;
    for mode in more.event.modes {
        if !draft.event.modes.contains(&mode) {
            draft.event.modes.push(mode);
        }
    }
}
