//! Cues and what the trees say hangs on them: who speaks, what is said, to whom.

use crate::cue::{AS, BLAME, CLAUSE, Cue, Cues, DIRECT, MIND, THING, TO, TOLD, WEAK};
use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, Id, Span, Upos, Xpos};

/// One cue with what hangs on it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) cue: Tok,
    pub(crate) cue_span: Span,
    pub(crate) speaker: Option<Tok>,
    /// What is said, as ranges of tokens (last included); none for a cue that has only words between marks.
    pub(crate) content: Vec<(usize, usize)>,
    /// May words between marks be said by it?
    pub(crate) direct: bool,
    /// To whom or where.
    pub(crate) audience: Option<Span>,
    pub(crate) rule: &'static str,
}

/// The frames of all body sentences, in text order of their cues.
pub(crate) fn frames(trees: &Trees, cues: &Cues) -> Vec<Frame> {
    let mut out = Vec::new();
    for (number, sentence) in trees.parse.sentences.iter().enumerate() {
        if !trees.body[number] {
            continue;
        }
        for id in trees.parse.ids(sentence) {
            let token = trees.token(id);
            match token.upos {
                Upos::Verb => {
                    if trees.word(id).eq_ignore_ascii_case("according") {
                        according(trees, id, &mut out);
                    } else if let Some(cue) = cues.verbs.get(trees.lemma(id)) {
                        verb(trees, cues, id, cue, &mut out);
                    }
                }
                Upos::Noun => {
                    if let Some(cue) = cues.nouns.get(trees.lemma(id)) {
                        noun(trees, cues, id, cue, &mut out);
                    }
                }
                Upos::Adj => {
                    if let Some(cue) = cues.adjectives.get(trees.lemma(id)) {
                        adjective(trees, cues, id, cue, &mut out);
                    }
                }
                Upos::Adp | Upos::Sconj | Upos::Adv if trees.word(id).eq_ignore_ascii_case("according") => {
                    according(trees, id, &mut out);
                }
                _ => {}
            }
        }
    }
    out
}

/// Is this a word for somebody who speaks?
pub(crate) fn speaks(trees: &Trees, cues: &Cues, word: Tok) -> bool {
    trees.is_agent(word) || cues.people.contains(trees.lemma(word)) || cues.bearers.contains(trees.lemma(word))
}

/// Of a statement, whose it is: its possessor, who it is by or from, or who made it.
pub(crate) fn owner(trees: &Trees, bearer: Tok) -> Option<Tok> {
    if let Some(owner) = trees.child(bearer, Deprel::NmodPoss) {
        return Some(owner);
    }
    for preposition in ["by", "from", "of"] {
        if let Some(owner) = trees.with_preposition(bearer, preposition).filter(|&o| trees.is_agent(o)) {
            return Some(owner);
        }
    }
    if let Some(owner) = trees.parse.dependents(bearer).iter().copied().find(|&d| {
        d < bearer && matches!(trees.deprel(d), Deprel::Compound | Deprel::Amod | Deprel::NmodDesc) && trees.entity(d).is_some()
    }) {
        return Some(owner);
    }
    let head = trees.token(bearer).head?;
    (matches!(trees.deprel(bearer), Deprel::Obj) && trees.token(head).upos == Upos::Verb).then(|| trees.subject(head)).flatten()
}

/// What a verb takes here, its particle counted.
fn takes(trees: &Trees, id: Tok, cue: &Cue) -> (u16, Option<Tok>) {
    for (particle, takes) in &cue.particles {
        let next = trees.near(id, 1).filter(|&n| trees.word(n).eq_ignore_ascii_case(particle));
        if let Some(next) = next {
            return (*takes, Some(next));
        }
    }
    (cue.takes, None)
}

fn verb(trees: &Trees, cues: &Cues, id: Tok, cue: &Cue, out: &mut Vec<Frame>) {
    let (takes, particle) = takes(trees, id, cue);
    if takes == 0 {
        return;
    }
    let passive = trees.is_passive(id) || trees.token(id).xpos == Xpos::Vbn && trees.deprel(id) == Deprel::Acl;
    let mut speaker = if passive { trees.child(id, Deprel::OblAgent) } else { trees.subject(id) };
    if speaker.is_some_and(|s| second(trees, s))
        || trees.lemma(id) == "read" && !speaker.is_some_and(|s| is_bearer(trees, cues, s))
    {
        return;
    }
    if let Some(s) = speaker
        && trees.token(s).upos == Upos::Pron
        && matches!(trees.lemma(s).to_ascii_lowercase().as_str(), "it" | "this" | "that" | "which" | "there" | "what")
        && takes & (MIND | WEAK) != 0
        && !trees.is_agent(s)
    {
        return;
    }
    if takes & (MIND | WEAK) != 0 && !passive {
        match speaker {
            None => return,
            Some(s) if !speaks(trees, cues, s) => return,
            Some(s) if first_or_second(trees, s) => return,
            _ => {}
        }
    }
    if passive && speaker.is_none() {
        return;
    }
    let cue_span = particle.map_or(trees.token(id).span, |p| trees.token(id).span.join(trees.token(p).span));
    let told = (takes & TOLD != 0).then(|| trees.child(id, Deprel::Iobj).or_else(|| trees.child(id, Deprel::Obj))).flatten();
    let zone = zone(trees, id, speaker, told);
    let mut frame = Frame {
        cue: id,
        cue_span,
        speaker,
        content: Vec::new(),
        direct: takes & DIRECT != 0,
        audience: audience(trees, id, told),
        rule: "quote.clause",
    };
    if let Some((content, rule)) = complement(trees, id, takes, cue, zone, told, passive) {
        frame.content = content;
        frame.rule = rule;
    }
    if frame.content.is_empty() && !frame.direct {
        return;
    }
    let firm =
        matches!(frame.rule, "quote.clause" | "quote.inverted") && !matches!(trees.lemma(id), "ask" | "wonder" | "inquire");
    if !firm && speaker.is_some_and(|s| first_or_second(trees, s)) {
        frame.content.clear();
        if !frame.direct {
            return;
        }
    }
    if speaker.is_none() && !passive && trees.child(id, Deprel::Expl).is_none() {
        // An inverted subject may have been taken for something else: "said Kerry".
        speaker = inverted(trees, id);
        frame.speaker = speaker;
        if speaker.is_none() {
            return;
        }
    }
    out.push(frame);
}

fn second(trees: &Trees, word: Tok) -> bool {
    trees.token(word).upos == Upos::Pron && trees.word(word).eq_ignore_ascii_case("you")
}

fn first_or_second(trees: &Trees, word: Tok) -> bool {
    trees.token(word).upos == Upos::Pron
        && matches!(trees.word(word).to_ascii_lowercase().as_str(), "i" | "we" | "you" | "me" | "us")
}

/// The name right after a verb that has no subject ("said Kerry").
fn inverted(trees: &Trees, id: Tok) -> Option<Tok> {
    let next = trees.near(id, 1)?;
    let object = trees.child(id, Deprel::Obj)?;
    (trees.reach(object).0 == next.index() && trees.is_agent(object)).then_some(object)
}

/// Tokens of the cue's own words: subject, verb, who is spoken to.
fn zone(trees: &Trees, id: Tok, speaker: Option<Tok>, told: Option<Tok>) -> (usize, usize) {
    let (mut from, mut to) = (id.index(), id.index());
    if let Some(speaker) = speaker.filter(|&s| trees.token(s).head == Some(id)) {
        let (a, b) = trees.reach(speaker);
        (from, to) = (from.min(a), to.max(b));
    }
    if let Some((a, b)) = told.map(|t| trees.reach(t)) {
        (from, to) = (from.min(a), to.max(b));
    }
    for &d in trees.parse.dependents(id) {
        if matches!(trees.deprel(d).base(), Deprel::Aux | Deprel::Obl | Deprel::Advmod) {
            let (a, b) = trees.reach(d);
            if b < id.index() && b + 1 >= from || a == to + 1 {
                (from, to) = (from.min(a), to.max(b));
            }
        }
    }
    (from, to)
}

/// The range without the cue's own words.
fn without((a, b): (usize, usize), (x, y): (usize, usize), out: &mut Vec<(usize, usize)>) {
    if y < a || b < x {
        out.push((a, b));
        return;
    }
    if a < x {
        out.push((a, x - 1));
    }
    if y < b {
        out.push((y + 1, b));
    }
}

/// What is said, by a construction that the cue takes.
fn complement(
    trees: &Trees,
    id: Tok,
    takes: u16,
    cue: &Cue,
    zone: (usize, usize),
    told: Option<Tok>,
    passive: bool,
) -> Option<(Vec<(usize, usize)>, &'static str)> {
    let mut content = Vec::new();
    let object = trees.child(id, Deprel::Obj);
    if takes & CLAUSE != 0 {
        let clause = trees.child(id, Deprel::Ccomp).or_else(|| {
            trees.parse.dependents(id).iter().copied().find(|&d| {
                matches!(trees.deprel(d), Deprel::Csubj | Deprel::CsubjPass | Deprel::Parataxis)
                    && d > id
                    && trees.deprel(d) != Deprel::Parataxis
                    || trees.deprel(d) == Deprel::Parataxis && d > id && takes & DIRECT != 0 && object.is_none()
            })
        });
        if let Some(clause) = clause {
            without(trees.reach(clause), zone, &mut content);
            tidy(trees, &mut content);
            if !content.is_empty() {
                return Some((content, "quote.clause"));
            }
        }
    }
    if takes & TO != 0
        && let Some(clause) =
            trees.child(id, Deprel::Xcomp).or_else(|| trees.child(id, Deprel::Ccomp)).or_else(|| infinitive(trees, id))
    {
        let to = trees.parse.dependents(clause).iter().any(|&d| trees.lemma(d) == "to" && trees.deprel(d) == Deprel::Mark);
        if to || trees.deprel(clause) == Deprel::Ccomp && takes & TOLD != 0 {
            let (a, b) = trees.reach(clause);
            let from = match told.or(object.filter(|_| takes & MIND != 0)) {
                Some(told) if told > id => trees.reach(told).0.min(a),
                _ => a,
            };
            content.push((from.max(id.index() + 1), b.max(from)));
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, "quote.infinitive"));
        }
    }
    if takes & AS != 0
        && let Some(object) = object
        && let Some(predicate) = predicate(trees, id, object)
    {
        let (a, b) = trees.reach(object);
        let (c, d) = trees.reach(predicate);
        content.push((a.min(c).max(id.index() + 1), b.max(d)));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.called"));
    }
    if takes & BLAME != 0
        && !passive
        && let Some(object) = object
        && let Some(charge) = trees.with_preposition(id, "of").or_else(|| trees.with_preposition(id, "for"))
    {
        content.push((trees.reach(object).0.max(id.index() + 1), trees.reach(charge).1));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.blamed"));
    }
    for preposition in &cue.prepositions {
        if let Some(thing) = trees.with_preposition(id, preposition) {
            let (a, b) = trees.reach(thing);
            let first = trees
                .parse
                .dependents(thing)
                .iter()
                .copied()
                .find(|&d| trees.lemma(d) == preposition)
                .map_or(a, |p| p.index() + 1);
            content.push((first, b));
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, "quote.preposition"));
        }
    }
    if takes & THING != 0
        && !passive
        && let Some(object) = object.filter(|&o| told != Some(o) && o > id && trees.token(o).upos != Upos::Pron)
    {
        content.push(trees.reach(object));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.thing"));
    }
    // "Y, X said": the cue hangs on what is said; "as X said" likewise.
    if takes & CLAUSE != 0
        && takes & MIND == 0
        && matches!(trees.deprel(id), Deprel::Parataxis | Deprel::Advcl | Deprel::AdvclRelcl | Deprel::Discourse)
        && trees.own_subject(id).is_some()
        && let Some(head) = trees.token(id).head
    {
        let as_said = takes & WEAK == 0
            && trees.parse.dependents(id).iter().any(|&d| trees.deprel(d) == Deprel::Mark && trees.lemma(d) == "as");
        if trees.deprel(id) == Deprel::Parataxis && id > head || as_said {
            without(trees.reach(head), trees.reach(id), &mut content);
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, if as_said { "quote.as" } else { "quote.inverted" }));
        }
    }
    None
}

/// An infinitive that was taken for a modifier of the object: "called on them to leave".
fn infinitive(trees: &Trees, id: Tok) -> Option<Tok> {
    trees.parse.dependents(id).iter().copied().find(|&d| {
        trees.deprel(d) == Deprel::Advcl
            && d > id
            && trees.parse.dependents(d).iter().any(|&m| trees.deprel(m) == Deprel::Mark && trees.lemma(m) == "to")
    })
}

/// What somebody or something is called: "a mistake" in "called it a mistake", "as friends" in "described them as friends".
pub(crate) fn predicate(trees: &Trees, id: Tok, object: Tok) -> Option<Tok> {
    trees.parse.dependents(id).iter().copied().find(|&d| {
        d > object
            && match trees.deprel(d).base() {
                Deprel::Xcomp => {
                    !trees.parse.dependents(d).iter().any(|&m| trees.deprel(m) == Deprel::Mark && trees.lemma(m) == "to")
                        || trees.child(d, Deprel::Cop).is_some()
                }
                Deprel::Obl | Deprel::Advcl => trees
                    .parse
                    .dependents(d)
                    .iter()
                    .any(|&m| matches!(trees.deprel(m), Deprel::Case | Deprel::Mark) && trees.lemma(m) == "as"),
                _ => false,
            }
    })
}

/// Takes marks, commas and an opening "that" off the ends of what is said, and drops what has no word left.
pub(crate) fn tidy(trees: &Trees, content: &mut Vec<(usize, usize)>) {
    let punct = |i: usize| trees.parse.tokens[i].upos == Upos::Punct;
    for range in content.iter_mut() {
        let opening = |i: usize| {
            let token = &trees.parse.tokens[i];
            punct(i)
                && !matches!(token.xpos, Xpos::OpenQuote | Xpos::Lrb)
                && !matches!(token.span.of(trees.text), "\"" | "“" | "‘" | "'" | "(" | "[")
                || token.deprel == Deprel::Mark && token.span.of(trees.text).eq_ignore_ascii_case("that")
        };
        let closing = |i: usize| {
            let token = &trees.parse.tokens[i];
            punct(i) && !matches!(token.span.of(trees.text), "\"" | "”" | "’" | "'" | "''" | ")" | "]" | "!" | "?")
        };
        while range.0 < range.1 && opening(range.0) {
            range.0 += 1;
        }
        while range.1 > range.0 && (closing(range.1) || trees.parse.tokens[range.1].upos == Upos::Cconj) {
            range.1 -= 1;
        }
    }
    let many = content.len() > 1;
    content.retain(|&(a, b)| {
        let words = (a..=b).filter(|&i| !punct(i)).count();
        words > 1 || words == 1 && !many && !matches!(trees.parse.tokens[a].upos, Upos::Pron | Upos::Sconj)
    });
}

/// To whom or where something is said: the object of "told", "to reporters", "in a statement", "on BBC radio".
fn audience(trees: &Trees, id: Tok, told: Option<Tok>) -> Option<Span> {
    if let Some(told) = told {
        return Some(trees.phrase(told));
    }
    trees
        .parse
        .dependents(id)
        .iter()
        .copied()
        .filter(|&d| trees.deprel(d) == Deprel::Obl)
        .find(|&d| {
            let Some(case) = trees.child(d, Deprel::Case) else { return false };
            match trees.lemma(case) {
                "to" => {
                    trees.is_agent(d)
                        || matches!(
                            trees.lemma(d),
                            "reporter" | "journalist" | "media" | "press" | "crowd" | "supporter" | "audience" | "lawmaker"
                        )
                }
                "in" | "at" | "on" | "during" | "via" | "through" => matches!(
                    trees.lemma(d),
                    "statement"
                        | "interview"
                        | "speech"
                        | "letter"
                        | "radio"
                        | "television"
                        | "tv"
                        | "tweet"
                        | "post"
                        | "conference"
                        | "briefing"
                        | "report"
                        | "message"
                        | "email"
                        | "address"
                        | "article"
                        | "Twitter"
                        | "Facebook"
                        | "Radio"
                        | "TV"
                        | "twitter"
                        | "facebook"
                        | "telegram"
                        | "Telegram"
                        | "show"
                        | "rally"
                        | "call"
                        | "hearing"
                        | "debate"
                ),
                _ => false,
            }
        })
        .map(|d| {
            let (a, b) = trees.reach(d);
            trees.span(a, b)
        })
}

/// "According to X": X speaks, the clause is what is said.
fn according(trees: &Trees, id: Tok, out: &mut Vec<Frame>) {
    let Some(to) = trees.near(id, 1).filter(|&t| trees.word(t).eq_ignore_ascii_case("to")) else { return };
    let head = trees.token(id).head;
    let source = match trees.deprel(id) {
        Deprel::Case | Deprel::Mark => head,
        _ => trees.base_child(id, Deprel::Obl).or_else(|| {
            let next = trees.near(to, 1)?;
            let top = |t: Tok| trees.token(t).head;
            let mut at = next;
            while let Some(h) = top(at).filter(|&h| trees.is_nominal(h) && h > to) {
                at = h;
            }
            Some(at)
        }),
    };
    let Some(source) = source.filter(|&s| s > to) else { return };
    // Up to the clause it hangs on.
    let top = if matches!(trees.deprel(id), Deprel::Case | Deprel::Mark) { source } else { id };
    let mut clause = top;
    for _ in 0..16 {
        let Some(above) = trees.token(clause).head else { break };
        clause = above;
        if clause_like(trees, clause) {
            break;
        }
    }
    if clause == top {
        return;
    }
    let (from, to_end) = trees.reach(source);
    let from = from.min(id.index());
    // A source that runs on over the main clause was parsed badly.
    let last =
        if to_end > clause.index() && from < clause.index() { comma_after(trees, to.index(), clause.index()) } else { to_end };
    let mut content = Vec::new();
    without(trees.reach(clause), (from, last), &mut content);
    tidy(trees, &mut content);
    if content.is_empty() {
        return;
    }
    out.push(Frame {
        cue: id,
        cue_span: trees.span(id.index(), to.index()),
        speaker: Some(source),
        content,
        direct: true,
        audience: None,
        rule: "quote.according",
    });
}

fn comma_after(trees: &Trees, from: usize, to: usize) -> usize {
    (from..to).find(|&i| trees.parse.tokens[i].span.of(trees.text) == ",").map_or(to.saturating_sub(1), |i| i - 1)
}

fn clause_like(trees: &Trees, id: Tok) -> bool {
    matches!(trees.deprel(id), Deprel::Root | Deprel::Ccomp | Deprel::Parataxis | Deprel::Advcl | Deprel::AclRelcl | Deprel::Acl)
        || trees.deprel(id) == Deprel::Conj && trees.base_child(id, Deprel::Nsubj).is_some()
}

/// "The claim that …", "their promise to …".
fn noun(trees: &Trees, cues: &Cues, id: Tok, cue: &Cue, out: &mut Vec<Frame>) {
    let clause = trees.parse.dependents(id).iter().copied().find(|&d| {
        d > id
            && match trees.deprel(d) {
                Deprel::Ccomp => cue.takes & CLAUSE != 0,
                Deprel::Acl => trees.parse.dependents(d).iter().any(|&m| {
                    trees.deprel(m) == Deprel::Mark
                        && (trees.lemma(m) == "that" && cue.takes & CLAUSE != 0 || trees.lemma(m) == "to" && cue.takes & TO != 0)
                }),
                _ => false,
            }
    });
    let Some(clause) = clause else { return };
    let mut content = vec![trees.reach(clause)];
    tidy(trees, &mut content);
    if content.is_empty() {
        return;
    }
    let speaker = trees
        .child(id, Deprel::NmodPoss)
        .or_else(|| ["by", "from", "of", "among"].iter().find_map(|p| trees.with_preposition(id, p)))
        .or_else(|| {
            let head = trees.token(id).head?;
            let light = matches!(
                trees.lemma(head),
                "make"
                    | "issue"
                    | "express"
                    | "give"
                    | "voice"
                    | "release"
                    | "have"
                    | "repeat"
                    | "renew"
                    | "hold"
                    | "reiterate"
                    | "raise"
                    | "send"
                    | "offer"
                    | "break"
                    | "keep"
                    | "honour"
                    | "honor"
                    | "share"
                    | "publish"
                    | "file"
                    | "level"
                    | "deliver"
            );
            (light && trees.deprel(id) == Deprel::Obj).then(|| trees.subject(head)).flatten()
        });
    if speaker.is_some_and(|s| cue.takes & MIND != 0 && first_or_second(trees, s)) {
        return;
    }
    if speaker.is_none_or(|s| !speaks(trees, cues, s)) {
        return;
    }
    out.push(Frame {
        cue: id,
        cue_span: trees.token(id).span,
        speaker,
        content,
        direct: false,
        audience: None,
        rule: "quote.noun",
    });
}

/// "is confident that …".
fn adjective(trees: &Trees, cues: &Cues, id: Tok, cue: &Cue, out: &mut Vec<Frame>) {
    let clause = trees.child(id, Deprel::Ccomp).filter(|&c| c > id && cue.takes & CLAUSE != 0);
    let Some(clause) = clause else { return };
    let Some(speaker) = trees.subject(id).filter(|&s| speaks(trees, cues, s) && !first_or_second(trees, s)) else { return };
    let mut content = vec![trees.reach(clause)];
    tidy(trees, &mut content);
    if content.is_empty() {
        return;
    }
    out.push(Frame {
        cue: id,
        cue_span: trees.token(id).span,
        speaker: Some(speaker),
        content,
        direct: false,
        audience: None,
        rule: "quote.adjective",
    });
}

/// The bytes of ranges of tokens.
pub(crate) fn spans(trees: &Trees, content: &[(usize, usize)]) -> Vec<Span> {
    content.iter().map(|&(a, b)| trees.span(a, b)).collect()
}

/// Is the cue's word among those that a document carries ("the statement")?
pub(crate) fn is_bearer(trees: &Trees, cues: &Cues, word: Tok) -> bool {
    cues.bearers.contains(trees.lemma(word)) && trees.token(word).upos != Upos::Propn
}

/// The token at an index.
pub(crate) fn tok(index: usize) -> Tok {
    Id::new(index)
}
