//! Cues and what the trees say hangs on them: who speaks, what is said, to whom.

use crate::cue::{AS, BLAME, CLAUSE, Cue, Cues, DIRECT, MIND, SAY, THING, TO, TOLD, WEAK};
use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, Id, Kind, Span, Upos, Xpos};

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
    /// What the cue takes.
    pub(crate) takes: u16,
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
                    // "The premier insists that …" with the verb taken for a noun.
                    if token.xpos == Xpos::Nns
                        && trees.near(id, 1).is_some_and(|n| trees.word(n) == "that")
                        && let Some(cue) = cues.verbs.get(trees.lemma(id)).filter(|c| c.takes & CLAUSE != 0)
                        && !cues.nouns.contains_key(trees.lemma(id))
                    {
                        mistaken(trees, cues, id, cue, &mut out);
                    } else if let Some(frame) = participle(trees, cues, id) {
                        out.push(frame);
                    } else if let Some(cue) = cues.nouns.get(trees.lemma(id)) {
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
    drop_nested(trees, &mut out);
    out
}

/// "According to the agency, the prosecutor said …" is what the prosecutor said; "said they believed …" is one utterance.
fn drop_nested(trees: &Trees, frames: &mut Vec<Frame>) {
    let nested: Vec<bool> = frames
        .iter()
        .map(|f| {
            let around = |g: &&Frame| g.cue != f.cue && trees.sentence(g.cue) == trees.sentence(f.cue);
            let first = |g: &Frame| g.content.first().map(|c| c.0);
            if f.rule == "quote.according" {
                return frames.iter().filter(around).any(|g| {
                    let root = trees.deprel(g.cue) == Deprel::Root && speech(trees, g.cue);
                    let opens =
                        g.speaker.is_some_and(|s| s > f.cue && s < g.cue) && first(g).is_some_and(|at| at > g.cue.index());
                    root && opens && g.rule != f.rule
                });
            }
            let mind = matches!(trees.lemma(f.cue), "believe" | "think" | "hope" | "expect");
            let own = f.speaker.filter(|&s| mind && trees.token(s).upos == Upos::Pron && trees.token(s).head == Some(f.cue));
            own.is_some_and(|s| frames.iter().filter(around).any(|g| first(g) == Some(s.index()) && speech(trees, g.cue)))
        })
        .collect();
    let mut nested = nested.iter();
    frames.retain(|_| !nested.next().is_some_and(|&n| n));
}

/// Is this a word for somebody who speaks?
pub(crate) fn speaks(trees: &Trees, cues: &Cues, word: Tok) -> bool {
    let named = |w: Tok| trees.is_agent(w) || cues.people.contains(trees.lemma(w));
    named(word)
        || cues.bearers.contains(trees.lemma(word))
        // "a number of senators", "dozens of residents"
        || matches!(trees.lemma(word), "number" | "group" | "dozen" | "hundred" | "thousand" | "million" | "couple" | "handful" | "pair" | "half" | "quarter")
            && trees.with_preposition(word, "of").is_some_and(named)
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

/// A verb in -s that the tagger took for a noun: what follows "that" is said by what stands before.
fn mistaken(trees: &Trees, cues: &Cues, id: Tok, cue: &Cue, out: &mut Vec<Frame>) {
    let Some(speaker) = trees.near(id, -1).filter(|&s| speaks(trees, cues, s) && trees.deprel(s) != Deprel::NmodPoss) else {
        return;
    };
    let end = trees.reach(id).1;
    let but =
        (id.index() + 3..end).find(|&i| trees.lemma(tok(i)) == "but" && trees.parse.tokens[i - 1].span.of(trees.text) == ",");
    let mut content = vec![(id.index() + 2, but.map_or(end, |b| b - 2))];
    tidy(trees, &mut content);
    if content.first().is_some_and(|c| c.0 < c.1) && cue.takes & MIND == 0 {
        let cue_span = trees.token(id).span;
        out.push(Frame {
            cue: id,
            cue_span,
            speaker: Some(speaker),
            content,
            direct: true,
            audience: None,
            rule: "quote.clause",
            takes: cue.takes,
        });
    }
}

/// ", warning that …" with the participle taken for a noun: said by whoever does what the sentence tells.
fn participle(trees: &Trees, cues: &Cues, id: Tok) -> Option<Frame> {
    let word = trees.word(id);
    let verb = match word {
        "warning" => "warn",
        "saying" => "say",
        "adding" => "add",
        "claiming" => "claim",
        _ => return None,
    };
    if trees.near(id, -1).is_none_or(|p| trees.word(p) != ",") || trees.near(id, 1).is_none_or(|n| trees.word(n) != "that") {
        return None;
    }
    let speaker = ancestor_verb(trees, id).and_then(|v| trees.subject(v)).filter(|&s| speaks(trees, cues, s) && s < id)?;
    let mut content = vec![(id.index() + 2, trees.reach(id).1)];
    if content[0].0 >= content[0].1 {
        return None;
    }
    tidy(trees, &mut content);
    Some(Frame {
        cue: id,
        cue_span: trees.token(id).span,
        speaker: Some(named(trees, speaker)),
        content,
        direct: true,
        audience: None,
        rule: "quote.clause",
        takes: cues.verbs.get(verb).map_or(0, |c| c.takes),
    })
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
    let passive = trees.is_passive(id)
        || trees.token(id).xpos == Xpos::Vbn
            && trees.deprel(id) == Deprel::Acl
            && trees.child(id, Deprel::Obj).is_none()
            && trees.near(id, -1).is_none_or(|p| trees.word(p) != ",")
        || trees.token(id).xpos == Xpos::Vbn
            && trees.deprel(id) == Deprel::Advcl
            && trees.near(id, -1).is_some_and(|p| matches!(trees.word(p), "when" | "When" | "if" | "If"));
    // "when asked whether …": who asks is not told.
    if passive && trees.lemma(id) == "ask" && trees.child(id, Deprel::OblAgent).is_none() {
        return;
    }
    let mut speaker = if passive { trees.child(id, Deprel::OblAgent) } else { trees.subject(id) };
    // A subject on the other side of a quotation mark is somebody in what is said.
    if speaker.is_some_and(|s| across(trees, s, id)) {
        speaker = None;
    }
    let own = speaker.is_some_and(|s| trees.token(s).head == Some(id));
    let stop = trees.near(id, -1).is_some_and(|p| matches!(trees.word(p), "," | "\"" | "”" | "''" | "’" | "'"));
    let doubtful = stop
        && (!own
            || !speaker.is_some_and(|s| trees.is_person(s) || trees.token(s).upos == Upos::Pron)
                && trees.token(id).xpos != Xpos::Vbg);
    if !passive && (!speaker.is_some_and(|s| speaks(trees, cues, s)) || doubtful) {
        let found = beside(trees, cues, id);
        if !own || !speaker.is_some_and(|s| speaks(trees, cues, s)) || found.is_some_and(|f| trees.is_person(f)) {
            speaker = found.or(speaker);
        }
    }
    if let Some(s) = speaker
        && (trees.token(s).xpos == Xpos::Wp || trees.near(s, 1).is_some_and(|n| trees.token(n).xpos == Xpos::Pos))
    {
        return;
    }
    // "issued a statement saying …": whoever issued it.
    if let Some(bearer) = speaker.filter(|&s| !own && is_bearer(trees, cues, s) && trees.lemma(id) != "read") {
        speaker = owner(trees, bearer).filter(|&o| speaks(trees, cues, o)).or(speaker);
    }
    // ", charging that …": whoever does what the sentence tells, not what stands before the comma.
    if trees.token(id).xpos == Xpos::Vbg
        && trees.deprel(id) == Deprel::Acl
        && trees.near(id, -1).is_some_and(|p| trees.word(p) == ",")
        && let Some(noun) = trees.token(id).head
        && matches!(trees.deprel(noun).base(), Deprel::Obj | Deprel::Obl | Deprel::Nmod | Deprel::Conj)
        && let Some(main) = ancestor_verb(trees, noun)
        && let Some(subject) = trees.subject(main).filter(|&s| speaks(trees, cues, s) && s < main)
    {
        speaker = Some(subject);
    }
    if trees.token(id).xpos == Xpos::Vbg
        && !speaker.is_some_and(|s| speaks(trees, cues, s))
        && trees.near(id, -1).is_some_and(|p| trees.word(p) == ",")
    {
        let mut at = id;
        for _ in 0..3 {
            let Some(above) = ancestor_verb(trees, at) else { break };
            if let Some(subject) = trees.subject(above).filter(|&s| s < id && speaks(trees, cues, s)) {
                speaker = Some(subject);
                break;
            }
            at = above;
        }
    }
    if let Some(s) = speaker {
        speaker = Some(named(trees, s));
    }
    // "it is too early to say that …": nobody says it.
    if trees.has_to(id) && speaker.is_some_and(|s| trees.lemma(s).eq_ignore_ascii_case("it") && !trees.is_agent(s)) {
        return;
    }
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
        let let_know = trees.token(id).head.is_some_and(|h| trees.lemma(h) == "let") && trees.deprel(id) == Deprel::Xcomp;
        match speaker {
            None => return,
            _ if let_know => return,
            Some(s) if !speaks(trees, cues, s) => return,
            Some(s) if first_or_second(trees, s) => return,
            _ => {}
        }
    }
    if passive && speaker.is_none() {
        agentless(trees, id, out);
        return;
    }
    let cue_span = particle.map_or(trees.token(id).span, |p| trees.token(id).span.join(trees.token(p).span));
    // "I can tell you", inside what is said, tells nothing of another.
    let told = (takes & TOLD != 0)
        .then(|| trees.child(id, Deprel::Iobj).or_else(|| trees.child(id, Deprel::Obj)).or_else(|| second_subject(trees, id)))
        .flatten();
    let that = |c: Tok| trees.child(c, Deprel::Mark).is_some_and(|m| trees.lemma(m) == "that");
    if told.is_some_and(|t| second(trees, t))
        && speaker.is_some_and(|s| first_or_second(trees, s))
        && !trees.child(id, Deprel::Ccomp).is_some_and(that)
    {
        return;
    }
    let zone = zone(trees, id, speaker, told);
    let mut frame = Frame {
        cue: id,
        cue_span,
        speaker,
        content: Vec::new(),
        direct: takes & DIRECT != 0
            && !(trees.lemma(id) == "add"
                && trees.child(id, Deprel::Obj).is_some_and(|o| {
                    trees.token(o).head == Some(id)
                        && trees.token(o).upos == Upos::Noun
                        && trees.near(o, -1).is_some_and(|d| trees.token(d).upos == Upos::Det)
                })),
        audience: audience(trees, id, told),
        rule: "quote.clause",
        takes,
    };
    if let Some((mut content, rule)) = complement(trees, id, takes, cue, zone, told, passive) {
        // "said in a video filmed at home": where, not what.
        let finite = |i: usize| matches!(trees.parse.tokens[i].xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
        if rule == "quote.clause" && takes & SAY != 0 {
            content.retain(|&(a, b)| {
                trees.parse.tokens[a].upos != Upos::Adp || trees.lemma(tok(a)) == "that" || (a..=b).any(finite)
            });
        }
        // "all I can say is that …": what follows "that".
        for range in &mut content {
            let first = &trees.parse.tokens[range.0];
            let that = range.0 + 2 < range.1 && trees.parse.tokens[range.0 + 1].span.of(trees.text) == "that";
            if that && range.0 == id.index() + 1 && first.upos == Upos::Aux && finite(range.0) {
                range.0 += 2;
            }
        }
        // "tell you one thing then do another": nothing that could be true or not.
        let bare = matches!(
            trees.lemma(id),
            "insist" | "demand" | "recommend" | "suggest" | "propose" | "ask" | "request" | "order" | "report"
        );
        if rule == "quote.clause" && takes & MIND == 0 && !bare {
            content.retain(|&(a, b)| {
                let marks = |i: usize| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "‘" | "”" | "''" | "``");
                let noun = matches!(trees.parse.tokens[a].upos, Upos::Num | Upos::Noun | Upos::Propn);
                !noun || (a..=b).any(|i| finite(i) || marks(i))
            });
        }
        // "ruled against it, saying …" told nothing itself.
        content.retain(|&(a, _)| {
            let first = &trees.parse.tokens[a];
            first.xpos != Xpos::Vbg
                || a == 0
                || !comma_before(trees, a)
                || a < id.index()
                || !matches!(
                    trees.lemma(tok(a)),
                    "say" | "add" | "warn" | "cite" | "call" | "note" | "claim" | "argue" | "insist"
                )
        });
        frame.content = content;
        frame.rule = rule;
        if let Some(range) = frame.content.last_mut().filter(|r| r.0 > id.index())
            && let Some(at) = medium(trees, cues, *range)
        {
            frame.audience = frame.audience.or(Some(trees.span(at, range.1)));
            range.1 = at - 1;
            tidy(trees, &mut frame.content);
        }
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
    if speaker.is_none() {
        return;
    }
    out.push(frame);
}

/// The verb that a word hangs on, over other nouns.
fn ancestor_verb(trees: &Trees, word: Tok) -> Option<Tok> {
    let mut at = word;
    for _ in 0..10 {
        at = trees.token(at).head?;
        if trees.is_verb(at) {
            return Some(at);
        }
    }
    None
}

/// Who was told where the tree has no object: the first of two phrases before the verb of what was told ("told the Herald
/// the raid took …"), or a second subject right after the verb ("advised tourists to …").
fn second_subject(trees: &Trees, id: Tok) -> Option<Tok> {
    let own = trees.parse.dependents(id);
    let after = own.iter().copied().find(|&d| {
        trees.deprel(d) == Deprel::Nsubj
            && trees.reach(d).0 == id.index() + 1
            && own.iter().any(|&s| s < id && trees.deprel(s) == Deprel::Nsubj)
    });
    if after.is_some() {
        return after;
    }
    let clause = trees.child(id, Deprel::Ccomp).filter(|&c| c > id)?;
    let mut phrases = trees
        .parse
        .dependents(clause)
        .iter()
        .copied()
        .filter(|&d| matches!(trees.deprel(d), Deprel::Nsubj | Deprel::NsubjPass | Deprel::Obj) && d > id && d < clause);
    let first = phrases.next()?;
    let second = phrases.next()?;
    let beside = trees.reach(first).1 + 1 == trees.reach(second).0 && trees.reach(first).0 == id.index() + 1;
    (beside && trees.deprel(second) != Deprel::Obj).then_some(first)
}

/// "He is said to be ill", "it was reported that …": told by nobody named.
fn agentless(trees: &Trees, id: Tok, out: &mut Vec<Frame>) {
    if !trees.is_passive(id) {
        return;
    }
    let common = matches!(
        trees.lemma(id),
        "say" | "report" | "allege" | "believe" | "think" | "rumor" | "rumour" | "understand" | "claim"
    );
    let it = trees.child(id, Deprel::Expl).or_else(|| trees.child(id, Deprel::NsubjPass)).is_some_and(|s| trees.lemma(s) == "it");
    let clause =
        trees.child(id, Deprel::Ccomp).or_else(|| trees.child(id, Deprel::Csubj)).or_else(|| trees.child(id, Deprel::CsubjPass));
    let infinitive = trees
        .child(id, Deprel::Xcomp)
        .filter(|&x| x > id && trees.has_to(x))
        .or_else(|| trees.parse.dependents(id).iter().copied().find(|&d| d > id && trees.has_to(d)));
    let mut content = Vec::new();
    match (clause.filter(|&c| c > id && it), infinitive.filter(|_| common)) {
        (Some(clause), _) => content.push(trees.reach(clause)),
        (None, Some(infinitive)) => {
            if let Some(subject) =
                trees.child(id, Deprel::NsubjPass).filter(|&s| !matches!(trees.token(s).xpos, Xpos::Wdt | Xpos::Wp))
            {
                content.push(trees.reach(subject));
            }
            content.push(trees.reach(infinitive));
        }
        _ => return,
    }
    tidy(trees, &mut content);
    content.retain(|c| c.0 <= c.1);
    if content.is_empty() {
        return;
    }
    out.push(Frame {
        cue: id,
        cue_span: trees.token(id).span,
        speaker: None,
        content,
        direct: false,
        audience: None,
        rule: "quote.passive",
        takes: 0,
    });
}

/// Does one of two words stand inside marks and the other outside?
fn across(trees: &Trees, a: Tok, b: Tok) -> bool {
    let (from, to) = (a.index().min(b.index()), a.index().max(b.index()));
    let marks =
        (from..to).take(80).filter(|&i| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "”" | "``" | "''"));
    marks.count() % 2 == 1
}

fn second(trees: &Trees, word: Tok) -> bool {
    trees.token(word).upos == Upos::Pron && trees.word(word).eq_ignore_ascii_case("you")
}

pub(crate) fn first_or_second(trees: &Trees, word: Tok) -> bool {
    trees.token(word).upos == Upos::Pron
        && matches!(trees.word(word).to_ascii_lowercase().as_str(), "i" | "we" | "you" | "me" | "us")
}

/// Somebody's name set beside a description of them, if there is one: "Ana Ruiz" of "the mayor, Ana Ruiz".
fn named(trees: &Trees, word: Tok) -> Tok {
    if !matches!(trees.token(word).upos, Upos::Noun | Upos::Propn | Upos::Adj) || trees.is_person(word) {
        return word;
    }
    // "Ana Ruiz, the mayor," where the tree makes two of them.
    let first = tok(trees.reach(word).0);
    let name =
        trees.near(first, -1).filter(|&c| trees.word(c) == ",").and_then(|c| trees.near(c, -1)).filter(|&n| trees.is_person(n));
    if (trees.token(word).upos == Upos::Noun || matches!(trees.token(first).upos, Upos::Det))
        && let Some(name) = name
    {
        return name;
    }
    let beside = || {
        trees
            .parse
            .dependents(word)
            .iter()
            .copied()
            .filter(|&d| d > word && matches!(trees.deprel(d), Deprel::Appos | Deprel::Flat))
    };
    let kind = |d: Tok| {
        trees.token(d).upos == Upos::Propn && trees.deprel(d) == Deprel::Appos && trees.kind(d).is_none_or(|k| k == Kind::Per)
    };
    beside().find(|&d| trees.is_person(d)).or_else(|| beside().find(|&d| kind(d))).unwrap_or(word)
}

/// Who stands beside a verb whose subject the tree does not show: right after it where it follows a comma or a closing
/// mark (", said Kerry"), else right before it.
pub(crate) fn beside(trees: &Trees, cues: &Cues, id: Tok) -> Option<Tok> {
    let before = trees.near(id, -1)?;
    let mark = matches!(trees.word(before), "\"" | "”" | "’" | "'" | "''" | "?" | "!");
    let comma = trees.word(before) == ",";
    let says = matches!(
        trees.lemma(id),
        "say"
            | "add"
            | "write"
            | "note"
            | "tweet"
            | "explain"
            | "warn"
            | "report"
            | "conclude"
            | "continue"
            | "ask"
            | "recall"
            | "argue"
            | "insist"
            | "remark"
            | "claim"
            | "declare"
            | "read"
            | "state"
            | "reply"
            | "comment"
            | "observe"
            | "quip"
    );
    if !mark && !matches!(trees.token(id).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Vbn) {
        return None;
    }
    let phrase = |t: Tok| {
        matches!(trees.token(t).upos, Upos::Det | Upos::Adj | Upos::Noun | Upos::Propn | Upos::Num | Upos::Pron)
            || trees.token(t).xpos == Xpos::Pos
            || trees.word(t) == "-"
    };
    if (mark || comma) && says {
        let mut last = None;
        let mut at = id;
        while let Some(t) = trees.near(at, 1).filter(|&t| phrase(t) && t.index() < id.index() + 12) {
            at = t;
            if trees.is_nominal(t) {
                last = Some(t);
            }
        }
        let closed = trees.near(at, 1).is_none_or(|t| {
            matches!(trees.token(t).upos, Upos::Punct | Upos::Adp | Upos::Adv | Upos::Sconj | Upos::Cconj)
                || trees.token(t).xpos == Xpos::Vbg
                || trees.token(t).xpos == Xpos::Vbn
                || mark
        });
        if let Some(found) = last.filter(|&t| closed && (speaks(trees, cues, t) || mark && is_bearer(trees, cues, t))) {
            return Some(found);
        }
    }
    let person = |t: Tok| trees.kind(t) == Some(Kind::Per) || trees.kind(t).is_none() && trees.token(t).upos == Upos::Propn;
    let possessor = |t: Tok| trees.near(t, 1).is_some_and(|n| trees.token(n).xpos == Xpos::Pos);
    if comma {
        // "X, who …, said" and "the chief, X, said": a name between the commas, or what stands before the first.
        let mut at = before;
        let mut inside = None;
        for _ in 0..18 {
            at = trees.near(at, -1)?;
            if trees.word(at) == "," {
                let opener = trees.near(at, 1)?;
                let head = trees.near(at, -1)?;
                if let Some(name) = inside.filter(|_| trees.token(opener).upos == Upos::Propn) {
                    return Some(name);
                }
                return Some(head).filter(|&h| trees.is_nominal(h) && speaks(trees, cues, h)).or(inside);
            }
            if inside.is_none() && trees.is_nominal(at) && person(at) && !possessor(at) {
                inside = Some(at);
            }
            if trees.token(at).upos == Upos::Punct && !matches!(trees.word(at), "-" | "(" | ")" | "\"" | "“" | "”") {
                return None;
            }
        }
        return None;
    }
    // To the left, over adverbs and auxiliaries.
    for by in 1..5 {
        let t = trees.near(id, -by)?;
        if trees.is_nominal(t) && !possessor(t) && speaks(trees, cues, t) {
            // "Amr Said of Egypt said".
            let of = trees.near(t, -1).filter(|&p| matches!(trees.lemma(p), "of" | "from" | "for" | "in"));
            return of.and_then(|p| trees.near(p, -1)).filter(|&n| trees.is_person(n)).or(Some(t));
        }
        if !matches!(trees.token(t).upos, Upos::Adv | Upos::Aux | Upos::Part) {
            return None;
        }
    }
    None
}

/// Tokens of the cue's own words: subject, verb, who is spoken to.
fn zone(trees: &Trees, id: Tok, speaker: Option<Tok>, told: Option<Tok>) -> (usize, usize) {
    let (mut from, mut to) = (id.index(), id.index());
    if let Some(speaker) = speaker {
        let (a, b) = told_reach(trees, speaker).0;
        if trees.token(speaker).head == Some(id) {
            (from, to) = (from.min(a), to.max(b));
        } else {
            // A subject the tree does not show, right beside the verb.
            let words = trees.parse.tokens_in(trees.phrase(speaker));
            if words.start > id.index() && words.start <= id.index() + 2 || words.end <= id.index() && words.end + 4 > id.index()
            {
                (from, to) = (from.min(words.start), to.max(words.end.saturating_sub(1)));
            }
        }
    }
    if let Some((a, b)) = told.map(|t| told_reach(trees, t).0) {
        (from, to) = (from.min(a), to.max(b));
    }
    for &d in trees.parse.dependents(id) {
        if matches!(trees.deprel(d).base(), Deprel::Aux | Deprel::Obl | Deprel::Advmod) {
            let (a, b) = trees.reach(d);
            let plain = trees.deprel(d).base() == Deprel::Aux
                || (a..=b).all(|i| !matches!(trees.parse.tokens[i].upos, Upos::Verb | Upos::Aux));
            if plain && (b < id.index() && b + 1 >= from || a == to + 1) {
                (from, to) = (from.min(a), to.max(b));
            }
        }
    }
    (from, to)
}

/// The words of who is told, and what is told where the tree hung it on them as if it described them ("told the board
/// that he would resign").
fn told_reach(trees: &Trees, told: Tok) -> ((usize, usize), Option<Tok>) {
    let (first, last) = trees.reach(told);
    for i in told.index() + 1..last {
        let mark = tok(i);
        if trees.lemma(mark) != "that" || trees.deprel(mark) != Deprel::Mark {
            continue;
        }
        let Some(head) = trees.token(mark).head else { continue };
        if matches!(trees.deprel(head), Deprel::AclRelcl | Deprel::Acl | Deprel::Ccomp)
            && trees.base_child(head, Deprel::Nsubj).is_some()
        {
            return ((first, i - 1), Some(head));
        }
    }
    ((first, last), None)
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
    if takes & CLAUSE != 0
        && let Some(range) = clause(trees, id, takes, told, object)
    {
        // Said last in its sentence: all that stands before is said, whatever the tree gave it.
        if takes & SAY != 0
            && range.1 < zone.0
            && !passive
            && let Some(found) = inverted(trees, id, zone)
        {
            return Some(found);
        }
        without(range, zone, &mut content);
        tidy(trees, &mut content);
        let verb = content.iter().any(|&(a, b)| (a..=b).any(|i| matches!(trees.parse.tokens[i].upos, Upos::Verb | Upos::Aux)));
        // "knows how to", "understands what": skill or grasp, not an opinion.
        let first = content.first().map_or(Xpos::Xx, |c| trees.parse.tokens[c.0].xpos);
        let grasp = matches!(trees.lemma(id), "know" | "understand" | "realize" | "realise" | "recognize" | "recognise")
            && matches!(first, Xpos::Wrb | Xpos::Wp | Xpos::Wdt | Xpos::To);
        if verb && !grasp {
            return Some((content, "quote.clause"));
        }
        content.clear();
    }
    if takes & TO != 0
        && (takes & MIND == 0 || object.is_some())
        && let Some(clause) =
            trees.child(id, Deprel::Xcomp).or_else(|| trees.child(id, Deprel::Ccomp)).or_else(|| infinitive(trees, id)).or_else(
                || {
                    // Hung on who is told: "encouraged supporters to stay".
                    let told = told.filter(|&t| t > id)?;
                    trees.parse.dependents(told).iter().copied().find(|&d| trees.deprel(d) == Deprel::Acl && trees.has_to(d))
                },
            )
    {
        let to = trees.parse.dependents(clause).iter().any(|&d| trees.lemma(d) == "to" && trees.deprel(d) == Deprel::Mark);
        if to || trees.deprel(clause) == Deprel::Ccomp && takes & TOLD != 0 {
            let (a, b) = trees.reach(clause);
            let from = match told.or(object.filter(|_| takes & MIND != 0)) {
                Some(told) if told > id => trees.reach(told).0.min(a),
                _ => a,
            };
            content.push((from.max(id.index() + 1), named_end(trees, id, b.max(from))));
            tidy(trees, &mut content);
            content.retain(|&(a, b)| (a..=b).any(|i| matches!(trees.parse.tokens[i].upos, Upos::Verb | Upos::Aux)));
            // "… to push them to leave": what is only wished or tried.
            let tried = trees.has_to(id) && matches!(trees.deprel(id), Deprel::Xcomp | Deprel::Acl | Deprel::Advcl);
            return (!content.is_empty() && !tried).then_some((content, "quote.infinitive"));
        }
    }
    let own_name = object.is_some_and(|o| {
        matches!(trees.lemma(o), "himself" | "herself" | "itself" | "themselves")
            || matches!(trees.word(o), "himself" | "herself" | "itself" | "themselves")
    });
    if takes & AS != 0
        && !own_name
        && let Some(object) = object
        && let Some(predicate) = predicate(trees, id, object)
        && (!matches!(
            trees.lemma(id),
            "see" | "view" | "attack" | "blast" | "slam" | "regard" | "cite" | "justify" | "dismiss" | "hail" | "depict"
        ) || trees.child(predicate, Deprel::Case).is_some_and(|c| trees.lemma(c) == "as")
            || trees.child(predicate, Deprel::Mark).is_some_and(|c| trees.lemma(c) == "as"))
        && !passive
    {
        let (a, b) = trees.reach(object);
        let (c, d) = trees.reach(predicate);
        // "… as well as a threat", hung on the verb.
        let also = trees.parse.dependents(id).iter().copied().find(|&e| {
            trees.deprel(e) == Deprel::Conj
                && matches!(trees.token(e).upos, Upos::Noun | Upos::Adj | Upos::Propn)
                && trees.reach(e).0 <= d + 2
                && trees.reach(e).0 > d
        });
        let end = also.map_or(b.max(d), |e| trees.reach(e).1);
        let mut start = a.min(c).max(id.index() + 1);
        if object < id {
            // "which he referred to as a stunt"
            start = c.max(id.index() + 1);
            while start < end && matches!(trees.parse.tokens[start].span.of(trees.text), "to" | "as") {
                start += 1;
            }
        }
        content.push((start, named_end(trees, id, end)));
        let harsh = matches!(trees.lemma(id), "attack" | "blast" | "slam");
        let marks =
            |&(a, b): &(usize, usize)| (a..=b).any(|i| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "‘"));
        content.retain(|c| !harsh || marks(c));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.called"));
    }
    // "referred to the vote as a hoax".
    if trees.lemma(id) == "refer"
        && !passive
        && let Some(to) = trees.with_preposition(id, "to").filter(|_| trees.near(id, 2).is_none_or(|a| trees.word(a) != "as"))
    {
        let end = trees.reach(id).1;
        if let Some(named) = (to.index() + 1..end).take(20).find(|&i| trees.parse.tokens[i].span.of(trees.text) == "as")
            && !trees.parse.tokens[to.index()..named].iter().any(|t| t.upos == Upos::Verb)
        {
            let last = trees.token(tok(named)).head.map_or(end, |h| trees.reach(h).1);
            let first = trees.near(tok(trees.reach(to).0), 1).filter(|_| trees.lemma(tok(trees.reach(to).0)) == "to");
            content.push((first.map_or(trees.reach(to).0, |f| f.index()), named_end(trees, id, last.min(end))));
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, "quote.called"));
        }
        return None;
    }
    // "was described as tireless by the board".
    if takes & AS != 0
        && passive
        && let Some(named) = predicate(trees, id, id)
        && trees.base_child(named, Deprel::Case).is_some_and(|c| trees.lemma(c) == "as")
    {
        let (a, b) = trees.reach(named);
        let a = if trees.lemma(tok(a)) == "as" { (a + 1).min(b) } else { a };
        content.push((a, b));
        return Some((content, "quote.called"));
    }
    if takes & AS != 0
        && object.is_none()
        && !passive
        && matches!(trees.lemma(id), "call" | "label" | "brand" | "dub" | "term" | "deem")
        && let Some(called) =
            trees.child(id, Deprel::Xcomp).filter(|&x| x.index() > id.index() + 1 && trees.is_nominal(x) && !trees.has_to(x))
    {
        // "called the order swift and fair", where the tree took both for one phrase.
        let end = trees.reach(called).1;
        if (called.index() + 1..=end).any(|i| matches!(trees.parse.tokens[i].upos, Upos::Adj | Upos::Propn | Upos::Noun)) {
            content.push((id.index() + 1, named_end(trees, id, end)));
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, "quote.called"));
        }
    }
    if takes & BLAME != 0
        && !passive
        && let Some(object) = object
        && let Some(charge) =
            trees.with_preposition(id, "of").or_else(|| trees.with_preposition(id, "for")).map(|c| trees.reach(c).1).or_else(
                || {
                    // "accused them of “not want[ing] to talk”", where the tree is broken by the brackets.
                    let of = trees.near(tok(trees.reach(object).1), 1).filter(|&o| trees.lemma(o) == "of")?;
                    (trees.lemma(id) == "accuse").then(|| trees.reach(id).1.max(of.index() + 1))
                },
            )
    {
        content.push((trees.reach(object).0.max(id.index() + 1), named_end(trees, id, charge)));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.blamed"));
    }
    for preposition in &cue.prepositions {
        if trees.lemma(id) == "call" && object.is_some() {
            break;
        }
        if let Some(thing) = trees.with_preposition(id, preposition) {
            let (a, b) = trees.reach(thing);
            let first = trees
                .parse
                .dependents(thing)
                .iter()
                .copied()
                .find(|&d| trees.lemma(d) == preposition)
                .map_or(a, |p| p.index() + 1);
            // Modifiers of the thing that were hung on the verb: "called for an inquiry into the raid".
            let mut last = b;
            for &d in trees.parse.dependents(id) {
                let (from, to) = trees.reach(d);
                if from == last + 1
                    && trees.parse.tokens[from].upos != Upos::Punct
                    && matches!(trees.deprel(d).base(), Deprel::Obl | Deprel::Xcomp | Deprel::Advcl | Deprel::Ccomp)
                    && trees.lemma(tok(from)) != "while"
                {
                    last = to;
                }
            }
            content.push((first, named_end(trees, id, last)));
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, "quote.preposition"));
        }
    }
    // "recommended the troops withdraw": who, and a bare verb.
    if takes & CLAUSE != 0
        && !passive
        && matches!(trees.lemma(id), "recommend" | "demand" | "insist" | "suggest" | "propose" | "request")
        && let Some(object) = object.filter(|&o| o > id)
        && let Some(bare) = trees.parse.dependents(id).iter().copied().find(|&d| {
            d > object
                && matches!(trees.deprel(d), Deprel::Advcl | Deprel::Xcomp)
                && matches!(trees.token(d).xpos, Xpos::Vb | Xpos::Vbp)
                && trees.child(d, Deprel::Mark).is_none()
                && trees.reach(d).0 == trees.reach(object).1 + 1
        })
    {
        content.push((trees.reach(object).0.max(id.index() + 1), trees.reach(bare).1));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.clause"));
    }
    // "suggested opening talks".
    if matches!(
        trees.lemma(id),
        "recommend"
            | "suggest"
            | "propose"
            | "advise"
            | "pledge"
            | "promise"
            | "deny"
            | "admit"
            | "describe"
            | "report"
            | "mention"
    ) && !passive
        && let Some(gerund) = trees
            .child(id, Deprel::Xcomp)
            .or_else(|| trees.child(id, Deprel::Ccomp))
            .filter(|&g| g > id && trees.token(g).xpos == Xpos::Vbg && trees.child(g, Deprel::Aux).is_none())
    {
        content.push(trees.reach(gerund));
        tidy(trees, &mut content);
        return (!content.is_empty()).then_some((content, "quote.gerund"));
    }
    if takes & THING != 0
        && !passive
        && let Some(object) = object.filter(|&o| told != Some(o) && o > id && trees.token(o).upos != Upos::Pron)
    {
        let (a, b) = trees.reach(object);
        let b = named_end(trees, id, b);
        if (a..=b).any(|i| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "``" | "‘")) {
            content.push((a, b));
            tidy(trees, &mut content);
        }
        return (!content.is_empty()).then_some((content, "quote.thing"));
    }
    // "Y, X said": the cue hangs on what is said; "as X said" likewise.
    if takes & CLAUSE != 0 && takes & MIND == 0 {
        let as_said = takes & SAY != 0
            && trees.parse.dependents(id).iter().any(|&d| trees.deprel(d) == Deprel::Mark && trees.lemma(d) == "as");
        if takes & SAY != 0
            && !passive
            && !as_said
            && let Some(found) = inverted(trees, id, zone)
        {
            return Some(found);
        }
        if let Some(head) = trees.token(id).head
            && trees.own_subject(id).is_some()
            && (!as_said || object.is_none() && trees.base_child(head, Deprel::Nsubj).is_some())
            && (as_said && matches!(trees.deprel(id), Deprel::Advcl | Deprel::AdvclRelcl)
                || trees.deprel(id) == Deprel::Parataxis && id > head && object.is_none() && !joined(trees, zone))
        {
            without(trees.reach(head), trees.reach(id), &mut content);
            tidy(trees, &mut content);
            return (!content.is_empty()).then_some((content, if as_said { "quote.as" } else { "quote.inverted" }));
        }
    }
    None
}

/// Do the cue's own words begin a clause of their own: ", so they complained", ", what can I say"?
fn joined(trees: &Trees, zone: (usize, usize)) -> bool {
    // ", and what will the theme say?"
    let asked = (zone.0.saturating_sub(3)..zone.0).any(|i| {
        matches!(trees.parse.tokens[i].xpos, Xpos::Wp | Xpos::Wrb | Xpos::Wdt)
            && i > 0
            && matches!(trees.parse.tokens[i - 1].upos, Upos::Punct | Upos::Cconj)
    });
    asked
        || (zone.0.saturating_sub(1)..=(zone.0 + 1).min(zone.1)).any(|i| {
            let token = &trees.parse.tokens[i];
            matches!(token.xpos, Xpos::Wp | Xpos::Wrb | Xpos::Wdt)
                || token.upos == Upos::Cconj
                || matches!(trees.lemma(tok(i)), "so" | "then" | "yet")
        })
}

/// The end of a phrase: before "and" with a verb that goes with the cue ("called it a mistake and left").
fn named_end(trees: &Trees, id: Tok, end: usize) -> usize {
    (id.index() + 2..end)
        .find(|&i| {
            let next = trees.parse.tokens[i + 1].span.of(trees.text);
            let after = trees.parse.tokens.get(i + 2).map_or("", |t| t.span.of(trees.text));
            if trees.parse.tokens[i].span.of(trees.text) == "," && next.ends_with("ing") && after == "that" {
                return true;
            }
            let speaks =
                matches!(trees.lemma(tok(i + 1)), "cite" | "call" | "say" | "add" | "accuse" | "warn" | "note" | "describe");
            if trees.parse.tokens[i].span.of(trees.text) == "," && speaks && trees.parse.tokens[i + 1].xpos == Xpos::Vbg {
                return true;
            }
            let verb = &trees.parse.tokens[i + 1];
            trees.parse.tokens[i].upos == Upos::Cconj
                && verb.upos == Upos::Verb
                && verb.xpos == trees.token(id).xpos
                && matches!(verb.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbg)
        })
        .map_or(end, |i| i - 1)
}

/// "…, she said." at the end of a sentence: all before the comma is said.
fn inverted(trees: &Trees, id: Tok, zone: (usize, usize)) -> Option<(Vec<(usize, usize)>, &'static str)> {
    if trees.token(id).xpos == Xpos::Vbg {
        return None;
    }
    let sentence = &trees.parse.sentences[trees.sentence(id)];
    let comma = zone.0.checked_sub(1).filter(|&c| c > sentence.tokens.start + 2)?;
    let word = trees.parse.tokens[comma].span.of(trees.text);
    if !matches!(word, "," | "”" | "\"" | "’" | "'" | "''") {
        return None;
    }
    if joined(trees, zone) {
        return None;
    }
    let verb = |i: usize| matches!(trees.parse.tokens[i].xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
    let after = |i: usize| trees.parse.tokens.get(zone.1 + i).filter(|_| zone.1 + i < sentence.tokens.end);
    let modified = after(1).is_some_and(|t| t.span.of(trees.text) == ",")
        && after(2).is_some_and(|t| t.xpos == Xpos::Vbg || matches!(t.span.of(trees.text), "who" | "whose" | "which" | "citing"));
    let quoted = after(1).is_some_and(|t| matches!(t.span.of(trees.text), "\"" | "“" | "``"));
    let ends = modified || quoted || (zone.1 + 1..sentence.tokens.end).all(|i| !verb(i)) && sentence.tokens.end - zone.1 < 24;
    let first = tok(sentence.tokens.start);
    let opens = quoted && (subordinator(trees, first) || trees.token(first).upos == Upos::Adp);
    let says = (sentence.tokens.start..comma).any(verb) && !opens;
    if !ends || !says {
        return None;
    }
    // A place or an agency in brackets before it is no part of it.
    let mut start = sentence.tokens.start;
    let word = |i: usize| trees.parse.tokens[i].span.of(trees.text);
    if matches!(word(start), "(" | "[")
        && let Some(close) = (start..comma).take(8).find(|&i| matches!(word(i), ")" | "]"))
    {
        start = close + 1;
    }
    let mut content = vec![(start.min(comma), comma)];
    tidy(trees, &mut content);
    (!content.is_empty()).then_some((content, "quote.inverted"))
}

/// The range of the clause that a verb takes, mended where the tree cut it short.
fn clause(trees: &Trees, id: Tok, takes: u16, told: Option<Tok>, object: Option<Tok>) -> Option<(usize, usize)> {
    let all = trees.parse.dependents(id);
    let is = |relation: Deprel| all.iter().copied().filter(move |&d| trees.deprel(d) == relation);
    let adverbial = |c: Tok| trees.child(c, Deprel::Mark).is_some_and(|m| never_complement(trees, m));
    // "stressed the need, saying it …": what the participle says was hung on the verb.
    let participle = all.iter().copied().find(|&d| {
        d > id
            && trees.token(d).xpos == Xpos::Vbg
            && matches!(trees.lemma(d), "say" | "add" | "warn" | "note" | "argue" | "claim" | "insist")
            && comma_before(trees, d.index())
    });
    let ccomp = is(Deprel::Ccomp)
        .find(|&d| d > id && !adverbial(d) && participle.is_none_or(|p| d < p))
        .or_else(|| told.and_then(|t| told_reach(trees, t).1))
        .or_else(|| is(Deprel::OblAgent).next().and_then(|a| told_reach(trees, a).1))
        .or_else(|| is(Deprel::Ccomp).find(|&d| d < id));
    let other = || {
        is(Deprel::Csubj).chain(is(Deprel::CsubjPass)).find(|&d| d > id).or_else(|| {
            is(Deprel::Parataxis).find(|&d| {
                let apart = trees.reach(d).0.checked_sub(1).is_some_and(|c| trees.parse.tokens[c].span.of(trees.text) == ";")
                    || trees.parse.tokens[trees.reach(d).0].span.of(trees.text) == ";"
                    || trees.near(d, -1).is_some_and(|c| trees.word(c) == ";")
                    || (id.index()..d.index()).take(40).any(|i| trees.parse.tokens[i].span.of(trees.text) == ";");
                if apart || trees.token(d).xpos == Xpos::Vbg && comma_before(trees, d.index()) {
                    return false;
                }
                let marked = trees.near(id, 1).is_some_and(|n| matches!(trees.word(n), ":" | "," | "\"" | "“"));
                let bare = takes & SAY != 0 && trees.base_child(d, Deprel::Nsubj).is_none();
                d > id && takes & DIRECT != 0 && (object.is_none() || bare) && (marked && object.is_none() || finite(trees, d))
            })
        })
    };
    let start = start(trees, id, told);
    let Some(clause) = ccomp.or_else(other) else {
        // Nothing was found, but what follows holds a finite verb with a subject.
        let last = trees.reach(id).1;
        // "deemed that …", with what follows hung elsewhere.
        if trees.near(id, 1).is_some_and(|n| trees.deprel(n) == Deprel::Mark && trees.lemma(n) == "that" && n.index() == start) {
            let end = trees.parse.sentences[trees.sentence(id)].tokens.end - 1;
            return (start + 2 < end).then(|| (start, cut(trees, id, id, end)));
        }
        if takes & SAY == 0 || is(Deprel::Xcomp).next().is_some() {
            return None;
        }
        let lemma = trees.lemma(id);
        let clausal = object.is_none()
            || matches!(
                lemma,
                "say"
                    | "claim"
                    | "report"
                    | "insist"
                    | "argue"
                    | "state"
                    | "note"
                    | "deny"
                    | "confirm"
                    | "maintain"
                    | "contend"
                    | "assert"
                    | "allege"
                    | "warn"
                    | "acknowledge"
                    | "explain"
                    | "reveal"
                    | "conclude"
                    | "predict"
                    | "suggest"
            );
        // "said yesterday that …" is a clause, whatever the tree has.
        let that = trees.parse.tokens.get(start).is_some_and(|t| t.span.of(trees.text) == "that") && last > start + 2;
        if that || clausal && start < last && (start..=last).any(|i| main_verb(trees, id, tok(i))) {
            return Some((start, cut(trees, id, id, last)));
        }
        // "saying an attack … hurt nobody", with the clause's verb hung elsewhere.
        let sentence = &trees.parse.sentences[trees.sentence(id)];
        let starts = trees
            .parse
            .tokens
            .get(start)
            .is_some_and(|t| matches!(t.upos, Upos::Det | Upos::Noun | Upos::Propn | Upos::Adj | Upos::Pron | Upos::Num));
        let says = matches!(lemma, "say" | "argue" | "state" | "insist") && starts && object.is_some();
        let finite = |i: usize| matches!(trees.parse.tokens[i].xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
        let verb = (last + 1..sentence.tokens.end).take(12).find(|&i| finite(i));
        let near = verb.is_some_and(|v| {
            (last + 1..v).all(|i| !matches!(trees.parse.tokens[i].upos, Upos::Cconj | Upos::Punct | Upos::Sconj))
        });
        return (says && near).then(|| (start, cut(trees, id, id, sentence.tokens.end - 1)));
    };
    let (mut first, mut last) = trees.reach(clause);
    if clause < id {
        return Some((first, last));
    }
    last = last.max(continued(trees, id, last));
    let marked =
        (first..clause.index()).any(|i| trees.word(tok(i)).eq_ignore_ascii_case("that") && trees.deprel(tok(i)) == Deprel::Mark);
    let mark = trees.child(clause, Deprel::Mark).is_some_and(|m| trees.lemma(m) != "to");
    if !marked && first > start && !mark && takes & MIND == 0 {
        // "said hundreds of fighters escaped": the clause's subject was taken for the object.
        first = start;
    }
    first = first.max(start);
    // What goes on: "and that …", a main clause after "if …", more between marks, adverbials hung on the verb.
    for &d in all {
        let (a, b) = trees.reach(d);
        if d <= clause || b <= last {
            continue;
        }
        if a > last + 4 {
            break;
        }
        let subject = trees.base_child(d, Deprel::Nsubj).is_some();
        let comma =
            a > 0 && trees.parse.tokens[a - 1].span.of(trees.text) == "," || trees.parse.tokens[a].span.of(trees.text) == ",";
        let that = trees.parse.dependents(d).iter().any(|&m| trees.deprel(m) == Deprel::Mark && trees.lemma(m) == "that");
        let quoted = (a..=d.index()).take(3).any(|i| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“"));
        let goes_on = match trees.deprel(d).base() {
            Deprel::Conj => that || takes & SAY != 0 && (quoted || subject && !comma),
            Deprel::Parataxis | Deprel::Ccomp => subject && takes & SAY != 0 && !speech(trees, d),
            Deprel::Obl => !comma,
            // "said talks stalled as trust was gone".
            Deprel::Advcl => subject && !comma && takes & SAY != 0 && trees.child(d, Deprel::Mark).is_some(),
            _ => false,
        };
        if goes_on {
            last = last.max(b);
        } else if trees.deprel(d) != Deprel::Punct {
            break;
        }
    }
    last = last.max(continued(trees, id, last));
    if let Some(end) = relative(trees, id, clause, last) {
        last = end;
    }
    Some((first, cut(trees, id, clause, last)))
}

/// The end of what is said where a long subject made the tree stop before its verb: "said that the plan, which …, would
/// fail".
fn continued(trees: &Trees, id: Tok, last: usize) -> usize {
    let end = trees.parse.sentences[trees.sentence(id)].tokens.end;
    let comma = |i: usize| trees.parse.tokens[i].span.of(trees.text) == ",";
    let mut at = if comma(last) { last } else { last + 1 };
    if at >= end || !comma(at) {
        return last;
    }
    at += 1;
    let finite = |i: usize| matches!(trees.parse.tokens[i].xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md);
    while at < end && trees.parse.tokens[at].upos == Upos::Adv {
        at += 1;
    }
    if at >= end || !finite(at) || relative_subject(trees, id).is_some() {
        return last;
    }
    let mut verb = tok(at);
    if trees.token(verb).upos == Upos::Aux
        && let Some(head) = trees.token(verb).head.filter(|h| h.index() > at)
    {
        verb = head;
    }
    let first = tok(last + 1);
    let subject = trees.base_child(verb, Deprel::Nsubj).is_some_and(|s| s > first);
    let over = matches!(trees.deprel(verb), Deprel::Ccomp | Deprel::Parataxis | Deprel::Conj | Deprel::Advcl)
        && trees.token(verb).head.is_some_and(|h| h <= id);
    if over && !subject && trees.child(verb, Deprel::Cc).is_none() { trees.reach(verb).1 } else { last }
}

/// The relative pronoun that is the cue's subject in a clause set off by a comma (", which said …").
fn relative_subject(trees: &Trees, id: Tok) -> Option<Tok> {
    (1..12)
        .map_while(|by| trees.near(id, -by))
        .take_while(|&t| trees.word(t) != ",")
        .find(|&t| matches!(trees.token(t).xpos, Xpos::Wdt | Xpos::Wp) && trees.near(t, -1).is_some_and(|c| trees.word(c) == ","))
}

/// The end of what is said in a relative clause that stands inside its sentence: "the board, which says it is broke, met".
fn relative(trees: &Trees, id: Tok, clause: Tok, last: usize) -> Option<usize> {
    relative_subject(trees, id)?;
    (clause.index() + 1..last)
        .find(|&i| {
            let next = &trees.parse.tokens[i + 1];
            trees.parse.tokens[i].span.of(trees.text) == ","
                && matches!(next.xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md)
                && trees.base_child(tok(i + 1), Deprel::Nsubj).is_none_or(|s| s.index() < id.index())
        })
        .map(|i| i - 1)
}

/// Does the word begin a clause that is never what is said?
fn never_complement(trees: &Trees, word: Tok) -> bool {
    let word = trees.word(word);
    ["before", "after", "because", "while", "since", "until", "unless", "although", "though"]
        .iter()
        .any(|w| word.eq_ignore_ascii_case(w))
}

/// Is it a common verb of saying?
fn speech(trees: &Trees, id: Tok) -> bool {
    matches!(
        trees.lemma(id),
        "say"
            | "tell"
            | "write"
            | "add"
            | "tweet"
            | "claim"
            | "report"
            | "state"
            | "warn"
            | "note"
            | "insist"
            | "announce"
            | "argue"
    )
}

/// Is it a finite verb with a subject of its own, not in a relative clause or one with a conjunction?
fn main_verb(trees: &Trees, top: Tok, id: Tok) -> bool {
    if !matches!(trees.token(id).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp | Xpos::Md) {
        return false;
    }
    let mut at = id;
    let mut subject = false;
    for _ in 0..10 {
        if at == top {
            return subject;
        }
        subject |= trees.base_child(at, Deprel::Nsubj).is_some_and(|s| s > top);
        if matches!(trees.deprel(at), Deprel::AclRelcl | Deprel::AdvclRelcl)
            || matches!(trees.deprel(at), Deprel::Advcl | Deprel::Acl)
                && trees.child(at, Deprel::Mark).is_some_and(|m| subordinator(trees, m))
        {
            return false;
        }
        // The object of the verb may be the subject of what follows.
        subject |= trees.deprel(at) == Deprel::Advcl
            && trees.child(at, Deprel::Mark).is_none_or(|m| trees.lemma(m) == "to")
            && trees.child(top, Deprel::Obj).is_some();
        let Some(head) = trees.token(at).head else { return false };
        // A clause set beside another with "and" or "but", not what a verb takes.
        let first = trees.reach(at).0;
        let link = (first..=first + 1).any(|i| i < at.index() && trees.parse.tokens[i].upos == Upos::Cconj);
        if trees.deprel(at) == Deprel::Conj && (link || trees.child(at, Deprel::Cc).is_some_and(|c| c.index() <= first + 1)) {
            return false;
        }
        at = head;
    }
    false
}

/// Does the word begin a clause that only modifies?
fn subordinator(trees: &Trees, word: Tok) -> bool {
    matches!(
        trees.lemma(word).to_ascii_lowercase().as_str(),
        "after"
            | "before"
            | "while"
            | "because"
            | "if"
            | "when"
            | "although"
            | "though"
            | "as"
            | "since"
            | "unless"
            | "until"
            | "whereas"
            | "once"
    )
}

/// Has the clause a finite verb?
fn finite(trees: &Trees, id: Tok) -> bool {
    matches!(trees.token(id).xpos, Xpos::Vbd | Xpos::Vbz | Xpos::Vbp)
        || trees.parse.dependents(id).iter().any(|&d| matches!(trees.deprel(d).base(), Deprel::Aux | Deprel::Cop))
}

/// The first token of what is said: after the verb, who is spoken to, and adverbials of time, place and manner of speaking.
fn start(trees: &Trees, id: Tok, told: Option<Tok>) -> usize {
    let mut at = id.index() + 1;
    if let Some((_, last)) = told.map(|t| told_reach(trees, t).0).filter(|r| r.0 > id.index()) {
        at = last + 1;
    }
    let sentence_end = trees.reach(id).1;
    for _ in 0..4 {
        let Some(next) = trees.parse.tokens.get(at).map(|_| tok(at)).filter(|_| at <= sentence_end) else { break };
        let adverbial = trees.parse.dependents(id).iter().copied().find(|&d| {
            trees.reach(d).0 == at
                && (trees.deprel(d).base() == Deprel::Obl && trees.reach(d).1 < sentence_end
                    || trees.deprel(d) == Deprel::Advmod
                    || trees.deprel(d) == Deprel::CompoundPrt)
                && !trees.parse.dependents(d).iter().any(|&e| matches!(trees.deprel(e).base(), Deprel::Nsubj | Deprel::Acl))
        });
        if let Some(adverbial) = adverbial {
            at = trees.reach(adverbial).1 + 1;
        } else if day(trees, next) {
            at += 1;
        } else if matches!(trees.lemma(next), "on" | "in" | "at" | "to")
            && trees.near(next, 1).is_some_and(|n| {
                day(trees, n) || matches!(trees.lemma(n), "reporter" | "journalist" | "Twitter" | "Facebook" | "Telegram")
            })
        {
            at += 2;
        } else if trees.word(next) == "," && at > id.index() + 1 {
            at += 1;
        } else {
            break;
        }
    }
    at
}

/// Is it a day of the week or the like?
pub(crate) fn day(trees: &Trees, id: Tok) -> bool {
    matches!(
        trees.lemma(id).to_ascii_lowercase().as_str(),
        "monday"
            | "tuesday"
            | "wednesday"
            | "thursday"
            | "friday"
            | "saturday"
            | "sunday"
            | "yesterday"
            | "today"
            | "tonight"
            | "earlier"
            | "later"
            | "again"
            | "night"
            | "morning"
            | "afternoon"
            | "evening"
    )
}

/// Where a clause that somebody else says begins inside what is said (", while others said they agreed"), before it.
fn cut(trees: &Trees, cue: Tok, clause: Tok, last: usize) -> usize {
    let from = clause.index().max(cue.index()) + 2;
    let mut link = None;
    for i in from..last {
        let token = &trees.parse.tokens[i];
        match trees.lemma(tok(i)) {
            "and" | "but" | "while" | "whereas" => link = Some(i),
            "which" | "who" if trees.parse.tokens[i - 1].span.of(trees.text) == "," => link = Some(i),
            // ", citing safety" at the end is what whoever spoke did.
            "cite" | "call" | "say" | "add" | "accuse" | "warn" | "note" | "describe" | "insist" | "argue" | "claim"
                if token.xpos == Xpos::Vbg && comma_before(trees, i) && i > from =>
            {
                return comma_of(trees, i) - 1;
            }
            // ", according to the ministry" at the end is somebody else's.
            "according" | "accord" if trees.near(tok(i), 1).is_some_and(|n| trees.word(n) == "to") && last - i < 14 => {
                return i - 1;
            }
            // "noted that …, and mentioned …": whoever noted also mentioned.
            "mention" | "call" | "urge" | "ask" | "accuse" | "deny" | "vow" | "promise" | "express" | "demand" | "condemn"
            | "criticize" | "criticise" | "praise" | "thank" | "describe" | "stress" | "propose" | "pledge" | "reiterate"
            | "add" | "warn" | "announce" | "say" | "tell" | "note" | "declare" | "confirm" | "acknowledge"
                if token.xpos == trees.token(cue).xpos
                    && matches!(token.xpos, Xpos::Vbd | Xpos::Vbz)
                    && link.is_some_and(|l| l + 1 == i || l + 2 == i && trees.parse.tokens[l + 1].upos == Upos::Adv) =>
            {
                return link.unwrap_or(i) - 1;
            }
            "say" | "tell" | "write" | "add" | "tweet" | "claim" | "report" | "state" | "warn" | "note" | "insist"
            | "announce" | "argue"
                if matches!(token.xpos, Xpos::Vbd | Xpos::Vbz) =>
            {
                let Some(link) = link.filter(|l| i - l < 9) else { continue };
                let own = trees.base_child(tok(i), Deprel::Nsubj).is_some_and(|s| s.index() > link && s.index() < i);
                if own {
                    return link - 1;
                }
            }
            _ => {}
        }
    }
    last
}

/// Does the word follow a comma, an adverb between them or not?
fn comma_before(trees: &Trees, at: usize) -> bool {
    trees.parse.tokens[comma_of(trees, at)].span.of(trees.text).starts_with(',')
}

/// The token before a word and the adverb before it.
fn comma_of(trees: &Trees, at: usize) -> usize {
    let mut before = at.saturating_sub(1);
    for _ in 0..2 {
        let token = &trees.parse.tokens[before];
        if token.upos == Upos::Adv || matches!(token.span.of(trees.text), "\"" | "”" | "''" | "’") {
            before = before.saturating_sub(1);
        }
    }
    before
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
    predicate_of(trees, id, object).or_else(|| {
        // Hung on what is called so: "called the inquiry a “farce”", "attacked the inquiry as a farce".
        let names = matches!(trees.lemma(id), "call" | "label" | "brand" | "dub" | "term");
        let marked = |d: Tok| {
            (trees.reach(d).0..=trees.reach(d).1).any(|i| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "‘"))
        };
        trees.parse.dependents(object).iter().copied().filter(|_| object > id).find(|&d| {
            d > object
                && match trees.deprel(d) {
                    Deprel::Appos => {
                        names
                            && trees.near(tok(trees.reach(d).0), -1).is_some_and(|p| trees.token(p).upos != Upos::Punct)
                            && matches!(trees.token(tok(trees.reach(d).0)).upos, Upos::Det | Upos::Punct)
                    }
                    Deprel::Nmod => marked(d) && trees.child(d, Deprel::Case).is_some_and(|c| trees.lemma(c) == "as"),
                    _ => false,
                }
        })
    })
}

fn predicate_of(trees: &Trees, id: Tok, object: Tok) -> Option<Tok> {
    trees.parse.dependents(id).iter().copied().find(|&d| {
        d > object
            && match trees.deprel(d).base() {
                Deprel::Obj => trees.token(object).upos == Upos::Pron,
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
                || token.span.of(trees.text) == "that" && (token.deprel == Deprel::Mark || that(trees, i))
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
        let marked = |i: usize| matches!(trees.parse.tokens[i].span.of(trees.text), "\"" | "“" | "”" | "''" | "``" | "‘" | "’");
        words > 1 || words == 1 && !many && (a..=b).any(marked)
    });
}

/// Is "that" at the head of what is said a conjunction, whatever the tagger took it for? Not right before a verb
/// ("said that was wrong").
fn that(trees: &Trees, at: usize) -> bool {
    let after_verb = at > 0
        && (trees.parse.tokens[at - 1].upos == Upos::Verb
            || matches!(trees.parse.tokens[at - 1].span.of(trees.text), "me" | "him" | "us" | "them" | "her"));
    let next = trees.parse.tokens.get(at + 1).map_or(Upos::X, |t| t.upos);
    after_verb && matches!(next, Upos::Noun | Upos::Propn | Upos::Adj | Upos::Det | Upos::Pron | Upos::Num)
}

/// To whom or where something is said: the object of "told", "to reporters", "in a statement", "on BBC radio".
fn audience(trees: &Trees, id: Tok, told: Option<Tok>) -> Option<Span> {
    if let Some(told) = told {
        let ((first, last), clause) = told_reach(trees, told);
        let infinitive =
            trees.parse.dependents(told).iter().copied().find(|&d| trees.deprel(d) == Deprel::Acl && trees.has_to(d));
        return Some(match (clause, infinitive) {
            (Some(_), _) => trees.span(first, last),
            (None, Some(acl)) if trees.reach(acl).0 > told.index() => trees.span(first, trees.reach(acl).0 - 1),
            _ => trees.phrase(told),
        });
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

/// Where what is said ends and the medium it was said in begins: "… would resign in a statement on Monday".
fn medium(trees: &Trees, cues: &Cues, (first, last): (usize, usize)) -> Option<usize> {
    let low = (first + 3).max(last.saturating_sub(12));
    (low..last).find(|&i| {
        let preposition =
            matches!(trees.lemma(tok(i)), "in" | "during" | "via" | "through") && trees.parse.tokens[i].upos == Upos::Adp;
        let determiner = trees
            .parse
            .tokens
            .get(i + 1)
            .is_some_and(|t| matches!(t.span.of(trees.text), "a" | "an" | "his" | "her" | "its" | "their"));
        if !preposition || !determiner {
            return false;
        }
        // Its noun, then only dates, places and who it was made to.
        let noun = (i + 2..=last).take(5).find(|&n| {
            trees.parse.tokens[n].upos == Upos::Noun && trees.near(tok(n), 1).is_none_or(|m| trees.token(m).upos != Upos::Noun)
        });
        noun.is_some_and(|n| {
            (cues.bearers.contains(trees.lemma(tok(n)))
                || matches!(trees.lemma(tok(n)), "alert" | "briefing" | "conference" | "call"))
                && (n + 1..=last).all(|k| {
                    let token = &trees.parse.tokens[k];
                    !matches!(token.upos, Upos::Verb | Upos::Aux | Upos::Sconj) || token.xpos == Xpos::Vbn
                })
        })
    })
}

/// "According to X": X speaks; the rest of the sentence is what is said.
fn according(trees: &Trees, id: Tok, out: &mut Vec<Frame>) {
    let Some(to) = trees.near(id, 1).filter(|&t| trees.word(t).eq_ignore_ascii_case("to")) else { return };
    let sentence = &trees.parse.sentences[trees.sentence(id)];
    let (start, end) = (sentence.tokens.start, sentence.tokens.end);
    let word = |i: usize| trees.parse.tokens[i].span.of(trees.text);
    // The source runs to a comma, without what is set beside it.
    let mut stop = to.index() + 1;
    let mut source = None;
    let mut open = true;
    let mut inside = false;
    while stop < end {
        let token = &trees.parse.tokens[stop];
        if matches!(word(stop), "," | ";" | ":" | "—" | "–") {
            let next = word((stop + 1).min(end - 1)).to_ascii_lowercase();
            let beside = source.is_some_and(|s: Tok| {
                trees.parse.dependents(s).iter().any(|&d| {
                    trees.deprel(d) == Deprel::Appos
                        && trees.reach(d).0.saturating_sub(1) <= stop
                        && stop < trees.reach(d).1
                        && trees.reach(d).1 + 2 < end
                })
            });
            if matches!(next.as_str(), "which" | "who" | "whose") || beside {
                stop += 1;
                while stop < end && word(stop) != "," {
                    stop += 1;
                }
            }
            break;
        }
        if matches!(token.upos, Upos::Adp | Upos::Verb | Upos::Aux | Upos::Sconj) && source.is_some()
            || token.upos == Upos::Pron && source.is_some()
        {
            open = false;
        }
        match word(stop) {
            "(" => inside = true,
            ")" => inside = false,
            _ => {}
        }
        if open
            && !inside
            && trees.is_nominal(tok(stop))
            && trees.near(tok(stop), 1).is_none_or(|n| trees.token(n).xpos != Xpos::Pos)
        {
            source = Some(tok(stop));
        }
        stop += 1;
    }
    let Some(source) = source else { return };
    // Only the part of the sentence that it stands in: not what ends at a semicolon or dash before it.
    let before = (start..id.index()).rev().find(|&i| !matches!(word(i), ",") && trees.parse.tokens[i].upos != Upos::Cconj);
    let apart = |i: usize| matches!(word(i), ";" | "-" | "–" | "—");
    let start = match before {
        Some(i) if apart(i) && i > start => id.index(),
        _ => (start..id.index()).rev().find(|&i| word(i) == ";").map_or(start, |i| i + 1),
    };
    let mut content = Vec::new();
    if stop >= end {
        // At the end without a comma before it, it may belong to the last clause only; the whole sentence is meant more often.
        content.push((start, id.index().saturating_sub(1)));
    } else {
        if id.index() > start + 1 && word(id.index() - 1) != "(" {
            content.push((start, id.index() - 1));
        }
        content.push((stop, end - 1));
    }
    if id.index() == start {
        content.retain(|c| c.0 > id.index());
    }
    // "…, then, according to officials, fled."
    let last = content.last().copied().filter(|c| c.0 > id.index() && c.0 + 3 > c.1);
    tidy(trees, &mut content);
    if let Some((a, b)) = last
        && let Some(verb) = (a..=b).find(|&i| trees.parse.tokens[i].upos == Upos::Verb)
        && content.last().is_some_and(|c| c.0 < id.index())
    {
        content.push((verb, verb));
    }
    content.retain(|c| c.0 <= c.1);
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
        takes: 0,
    });
}

/// "The claim that …", "their promise to …".
fn noun(trees: &Trees, cues: &Cues, id: Tok, cue: &Cue, out: &mut Vec<Frame>) {
    let clause = trees.parse.dependents(id).iter().copied().find(|&d| {
        d > id
            && match trees.deprel(d) {
                Deprel::Ccomp => cue.takes & CLAUSE != 0,
                Deprel::Acl | Deprel::AclRelcl => trees.parse.dependents(d).iter().any(|&m| {
                    trees.deprel(m) == Deprel::Mark
                        && (trees.lemma(m) == "that" && cue.takes & CLAUSE != 0 || trees.lemma(m) == "to" && cue.takes & TO != 0)
                }),
                _ => false,
            }
    });
    // "the president's claims of fraud".
    let matter = || {
        let of = trees.with_preposition(id, "of")?;
        let named =
            matches!(trees.lemma(id), "claim" | "allegation" | "accusation" | "warning" | "denial" | "promise" | "threat");
        (named && trees.child(id, Deprel::NmodPoss).is_some()).then_some(of)
    };
    let mut content = match (clause, clause.is_none().then(matter).flatten()) {
        (Some(clause), _) => vec![trees.reach(clause)],
        (None, Some(of)) => vec![((trees.reach(of).0 + 1).min(trees.reach(of).1), trees.reach(of).1)],
        (None, None) => return,
    };
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
        takes: 0,
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
        takes: 0,
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
