//! Cues and quotation marks to quotes.

use crate::cue::{AS, Cues, DIRECT, MIND, THING};
use crate::frame::{Frame, first_or_second, is_bearer, owner, spans, speaks, tok};
use crate::marks::Marked;
use crate::tree::{Tok, Trees};
use tellings_doc::{Deprel, Id, Quote, QuoteKind, Rule, Span, Time, TimeKind, Upos};

/// How many words may stand between a quotation mark and its cue.
const NEAR: usize = 14;

/// Words between marks, with the tokens they are.
struct Unit {
    marked: Marked,
    /// First token and one past the last.
    tokens: (usize, usize),
    /// A clause or sentence rather than a phrase.
    sentence: bool,
    /// The frame that it is said by.
    frame: Option<usize>,
    /// The frame's own content holds it: its words are partly told, partly quoted.
    inside: bool,
}

/// A quote being made, with what later stages need of it.
pub(crate) struct Said {
    pub(crate) quote: Quote,
    /// Head of the speaker's words.
    pub(crate) speaker: Option<Tok>,
    /// Token of the cue.
    pub(crate) cue: Option<Tok>,
}

/// The quotes of an article, in text order.
pub(crate) fn quotes(trees: &Trees, cues: &Cues, marked: &[Marked], frames: &mut [Frame]) -> Vec<Said> {
    let mut units = units(trees, marked);
    clip(trees, &units, frames);
    let frames = &*frames;
    let within: Vec<Option<usize>> = frames.iter().map(|f| holding(&units, f.cue.index())).collect();
    inside(trees, &mut units, frames, &within);
    for at in 0..units.len() {
        if units[at].frame.is_none() {
            let found = beside(trees, &units, at, frames, &within);
            units[at].frame = found;
        }
    }
    // A quotation of several paragraphs has its cue at one of them.
    for at in (1..units.len()).rev() {
        if units[at].marked.carried && !units[at].inside && units[at - 1].frame.is_none() {
            units[at - 1].frame = units[at].frame;
        }
    }
    let mut out = Vec::new();
    told(trees, cues, &units, frames, &within, &mut out);
    direct(trees, cues, &units, frames, &mut out);
    out.sort_by_key(|s| (s.quote.content.first().map_or(0, |c| c.start()), s.quote.cue.map_or(0, |c| c.start())));
    out
}

fn units(trees: &Trees, marked: &[Marked]) -> Vec<Unit> {
    marked
        .iter()
        .filter(|m| m.depth == 0)
        .map(|&marked| {
            let range = trees.parse.tokens_in(marked.inner);
            let sentence = sentence_like(trees, &marked, range.start, range.end);
            Unit { marked, tokens: (range.start, range.end), sentence, frame: None, inside: false }
        })
        .filter(|u| u.tokens.0 < u.tokens.1)
        .collect()
}

/// What is told ends where a quotation of its own begins, after a stop.
fn clip(trees: &Trees, units: &[Unit], frames: &mut [Frame]) {
    for frame in frames {
        if holding(units, frame.cue.index()).is_some() {
            continue;
        }
        let mut cut = false;
        for range in &mut frame.content {
            let first = units.partition_point(|u| u.tokens.0 <= range.0 + 1);
            let apart = units[first..].iter().take_while(|u| u.tokens.0 <= range.1).find(|u| {
                u.sentence
                    && trees.text.get(..u.marked.outer.start()).is_some_and(|t| t.trim_end().ends_with(['.', '!', '?', ':', ';']))
            });
            if let Some(unit) = apart {
                cut = true;
                let mut last = unit.tokens.0.saturating_sub(1);
                while last > range.0 && trees.parse.tokens[last].upos == Upos::Punct {
                    last -= 1;
                }
                range.1 = last.max(range.0);
            }
        }
        // "told her on one occasion: “…”": nothing was told before the marks.
        let verbal = |&(a, b): &(usize, usize)| (a..=b).any(|i| matches!(trees.parse.tokens[i].upos, Upos::Verb | Upos::Aux));
        if cut {
            frame.content.retain(verbal);
        }
    }
}

/// Is it a clause: does it hold a finite verb with a subject, or end like a sentence?
fn sentence_like(trees: &Trees, marked: &Marked, from: usize, to: usize) -> bool {
    let words = (from..to).filter(|&i| trees.parse.tokens[i].upos != Upos::Punct).count();
    if words < 3 {
        return words > 0 && marked.inner.of(trees.text).ends_with(['.', '!', '?', ',']) && words > 1;
    }
    let subject = (from..to).any(|i| {
        let token = &trees.parse.tokens[i];
        token.deprel.base() == Deprel::Nsubj && token.head.is_some_and(|h| (from..to).contains(&h.index()))
    });
    let imperative = trees.parse.tokens[from].upos == Upos::Verb;
    let ends = marked.inner.of(trees.text).ends_with(['.', '!', '?', ',']);
    let capital = marked.inner.of(trees.text).starts_with(char::is_uppercase);
    words >= 4 && subject || subject && ends && capital || ends && capital && (imperative || words >= 4)
}

/// The unit whose words hold a token.
fn holding(units: &[Unit], token: usize) -> Option<usize> {
    let at = units.partition_point(|u| u.tokens.1 <= token);
    units.get(at).filter(|u| u.tokens.0 <= token && token < u.tokens.1).map(|_| at)
}

fn touches((a, b): (usize, usize), unit: &Unit) -> bool {
    a < unit.tokens.1 && unit.tokens.0 <= b
}

/// Gives units to the frames whose content touches them: the frame with the least content of several.
fn inside(trees: &Trees, units: &mut [Unit], frames: &[Frame], within: &[Option<usize>]) {
    let mut best: Vec<usize> = vec![usize::MAX; units.len()];
    for (number, frame) in frames.iter().enumerate() {
        if within[number].is_some() {
            continue;
        }
        let size: usize = frame.content.iter().map(|(a, b)| b - a + 1).sum();
        for &(a, b) in &frame.content {
            let first = units.partition_point(|u| u.tokens.1 <= a);
            for at in first..units.len() {
                if !touches((a, b), &units[at]) {
                    break;
                }
                if size < best[at] {
                    best[at] = size;
                    units[at].frame = Some(number);
                    // A whole sentence between marks at the head of what is said is all that is said.
                    let opens = units[at].sentence && units[at].tokens.0 <= a + 1 && frame.rule != "quote.according";
                    units[at].inside =
                        !opens && outside_words(trees, frame, units, first) > 1 || !units[at].sentence && !frame.direct;
                }
            }
        }
    }
}

/// How many words of a frame's content stand outside marks.
fn outside_words(trees: &Trees, frame: &Frame, units: &[Unit], first: usize) -> usize {
    let mut count = 0;
    let mut unit = first;
    for &(a, b) in &frame.content {
        for i in a..=b {
            while unit < units.len() && units[unit].tokens.1 <= i {
                unit += 1;
            }
            let quoted = units.get(unit).is_some_and(|u| u.tokens.0 <= i);
            count += usize::from(!quoted && !matches!(trees.parse.tokens[i].upos, Upos::Punct | Upos::Cconj));
        }
    }
    count
}

/// The frame whose cue stands right before or after words between marks.
fn beside(trees: &Trees, units: &[Unit], at: usize, frames: &[Frame], within: &[Option<usize>]) -> Option<usize> {
    let unit = &units[at];
    let text = trees.text;
    let (from, to) = unit.tokens;
    let inner = unit.marked.inner.of(text);
    let after = text.get(unit.marked.outer.end()..).unwrap_or("");
    let before = text.get(..unit.marked.outer.start()).unwrap_or("").trim_end();
    // After: `"…," she said`. A full stop inside the marks ends it.
    let follows = inner.ends_with([',', ';', '?', '!', '—', '–', '…'])
        || after.starts_with([',', ';'])
        || after.trim_start().starts_with(char::is_lowercase)
        || !inner.ends_with('.') && unit.sentence;
    let precedes = before.ends_with([',', ':', ';']) || !unit.sentence || before.ends_with(char::is_alphanumeric);
    let sentence = |token: usize| trees.sentence(tok(token));
    let next = units.get(at + 1).map_or(usize::MAX, |u| u.tokens.0);
    let previous = at.checked_sub(1).map_or(0, |p| units[p].tokens.1);
    let mut best: Option<(usize, usize)> = None;
    let low = frames.partition_point(|f| f.cue.index() + NEAR + 2 < from);
    for (number, frame) in frames.iter().enumerate().skip(low) {
        let cue = frame.cue.index();
        if cue > to + NEAR + 2 {
            break;
        }
        if within[number].is_some() || !frame.direct {
            continue;
        }
        let reach = frame.speaker.map_or((cue, cue), |s| (s.index().min(cue), s.index().max(cue)));
        let gap = if cue >= to && follows && reach.0 >= to {
            // Between the closing mark and the cue no other marked words, and no end of a sentence.
            let aside = units.get(at + 1).is_some_and(|u| !u.sentence && reach.0 < u.tokens.0 && u.tokens.1 <= cue);
            let last = trees.parse.tokens.len() - 1;
            let beside = [to - 1, to.min(last), (to + 1).min(last)];
            if cue >= next && !aside || !beside.iter().any(|&t| sentence(cue) == sentence(t)) {
                continue;
            }
            reach.0 - to + (cue - reach.0) / 3
        } else if cue < from && precedes {
            if cue < previous || sentence(cue) != sentence(from) && !before.ends_with([':', ',', ';']) {
                continue;
            }
            let near = if before.ends_with([',', ':', ';']) { 0 } else { 2 };
            from - reach.1.min(from) + near
        } else {
            continue;
        };
        let weight = gap + if frame.content.is_empty() { 0 } else { 7 };
        if weight <= NEAR && best.is_none_or(|(w, _)| weight < w) {
            best = Some((weight, number));
        }
    }
    best.map(|(_, number)| number)
}

/// A quote without words, by a frame.
fn by(trees: &Trees, cues: &Cues, frame: &Frame, kind: QuoteKind, content: Vec<Span>, rule: &'static str) -> Said {
    Said {
        quote: Quote {
            content,
            cue: Some(frame.cue_span),
            speaker: frame.speaker.map(|s| trees.speaker(s)),
            entity: frame.speaker.and_then(|s| who(trees, cues, s)),
            kind,
            audience: frame.audience,
            time: None,
            rule: Rule::Borrowed(rule),
        },
        speaker: frame.speaker,
        cue: Some(frame.cue),
    }
}

/// Who a speaker's words are; of a statement, whose it is.
pub(crate) fn who(trees: &Trees, cues: &Cues, speaker: Tok) -> Option<tellings_doc::Id<tellings_doc::Entity>> {
    let speaker = if is_bearer(trees, cues, speaker) { owner(trees, speaker).unwrap_or(speaker) } else { speaker };
    trees.entity(speaker)
}

/// Reported speech: the frames whose content is not all between marks.
fn told(trees: &Trees, cues: &Cues, units: &[Unit], frames: &[Frame], within: &[Option<usize>], out: &mut Vec<Said>) {
    for (number, frame) in frames.iter().enumerate() {
        if frame.content.is_empty() {
            continue;
        }
        let first = frame.content.iter().map(|c| units.partition_point(|u| u.tokens.1 <= c.0)).min().unwrap_or(0);
        let mut content = frame.content.clone();
        if let Some(unit) = within[number].map(|u| &units[u]) {
            // Told inside a quotation: it stays inside.
            for range in &mut content {
                *range = (range.0.max(unit.tokens.0), range.1.min(unit.tokens.1 - 1));
            }
            content.retain(|r| r.0 <= r.1);
            if content.is_empty() {
                continue;
            }
            out.push(by(trees, cues, frame, QuoteKind::Indirect, spans(trees, &content), frame.rule));
            continue;
        }
        let held: Vec<&Unit> = units[first..]
            .iter()
            .take_while(|u| content.iter().any(|&c| u.tokens.0 <= c.1))
            .filter(|u| content.iter().any(|&c| touches(c, u)))
            .collect();
        if held.is_empty() {
            out.push(by(trees, cues, frame, QuoteKind::Indirect, spans(trees, &content), frame.rule));
            continue;
        }
        if held.iter().any(|u| u.frame == Some(number) && !u.inside) {
            continue;
        }
        // Part told, part quoted: a quotation that begins in it is in it to its end.
        let mut content = spans(trees, &content);
        for unit in held {
            for span in &mut content {
                if span.touches(unit.marked.outer) {
                    let reaches =
                        unit.marked.outer.end() > span.end() && unit.marked.outer.start() >= span.start() && !unit.sentence;
                    if reaches {
                        *span = span.join(unit.marked.inner);
                    }
                    if unit.marked.outer.start() + 4 >= span.start()
                        && span.start() >= unit.marked.outer.start()
                        && unit.marked.outer.end() <= span.end()
                    {
                        *span = span.join(unit.marked.outer);
                    }
                    if unit.marked.outer.end() == span.end() + closing_len(trees.text, span.end(), unit.marked.outer.end()) {
                        *span = span.join(unit.marked.outer);
                    }
                }
            }
        }
        if let (Some(unit), Some(span)) =
            (units[first..].iter().rfind(|u| content.iter().any(|c| c.covers(u.marked.outer))), content.last_mut())
        {
            // “… of the army”, whose cars were used: the rest is not said.
            let after = trees.text.get(unit.marked.outer.end()..).unwrap_or("");
            if span.covers(unit.marked.outer)
                && [", which ", ", who ", ", whose ", ", where "].iter().any(|w| after.starts_with(w))
            {
                *span = Span::new(span.start(), unit.marked.outer.end());
            }
        }
        out.push(by(trees, cues, frame, QuoteKind::Mixed, content, frame.rule));
    }
}

/// Bytes from `from` to `to` if they are only marks and stops; 0 if not.
fn closing_len(text: &str, from: usize, to: usize) -> usize {
    let piece = Span::new(from, to).of(text);
    if piece.chars().all(|c| !c.is_alphanumeric() && !c.is_whitespace()) { piece.len() } else { 0 }
}

/// Quotes of words between marks.
fn direct(trees: &Trees, cues: &Cues, units: &[Unit], frames: &[Frame], out: &mut Vec<Said>) {
    // Which of `out` each frame became, and the last unit's quote.
    let mut made: Vec<Option<usize>> = vec![None; frames.len()];
    let mut last: Option<(usize, usize)> = None;
    for (at, unit) in units.iter().enumerate() {
        if !trees.body[trees.sentence(tok(unit.tokens.0))] {
            continue;
        }
        if let Some(number) = unit.frame {
            if unit.inside {
                last = None;
                continue;
            }
            let called = !unit.sentence
                && frames[number].takes & AS != 0
                && frames[number].content.is_empty()
                && frames[number].cue.index() < unit.tokens.0;
            let quote = match made[number] {
                Some(quote) => {
                    let content = &mut out[quote].quote.content;
                    match content.last_mut().filter(|_| called) {
                        Some(last) => *last = last.join(unit.marked.outer),
                        None => content.push(unit.marked.inner),
                    }
                    quote
                }
                None => {
                    let kind = if unit.sentence { QuoteKind::Direct } else { QuoteKind::Mixed };
                    // "called it “a mistake”": with what is called so.
                    let mut span = unit.marked.inner;
                    if called && unit.tokens.0 - frames[number].cue.index() < NEAR {
                        span = trees.token(tok(frames[number].cue.index() + 1)).span.join(unit.marked.outer);
                    }
                    out.push(by(trees, cues, &frames[number], kind, vec![span], "quote.marks"));
                    made[number] = Some(out.len() - 1);
                    out.len() - 1
                }
            };
            last = Some((at, quote));
            continue;
        }
        // The same speaker goes on: right after the sentence of the quotation before, or from the paragraph before.
        if let Some((before, quote)) = last
            && (unit.marked.carried || unit.sentence && before + 1 == at && follows(trees, &units[before], unit, &out[quote]))
        {
            out[quote].quote.content.push(unit.marked.inner);
            last = Some((at, quote));
            continue;
        }
        if let Some(said) =
            colon(trees, cues, unit).or_else(|| fragment(trees, cues, unit)).or_else(|| carried(trees, cues, units, unit, frames))
        {
            out.push(said);
            last = Some((at, out.len() - 1));
        }
    }
}

/// Do a unit's words go on where the quote before ended: next sentence of the same paragraph?
fn follows(trees: &Trees, before: &Unit, unit: &Unit, said: &Said) -> bool {
    if before.marked.block != unit.marked.block {
        return false;
    }
    let end = said.quote.cue.map_or(before.marked.outer.end(), |c| c.end().max(before.marked.outer.end()));
    let ended = trees.parse.sentence_at(end.saturating_sub(1)).unwrap_or(0);
    trees.sentence(tok(unit.tokens.0)) <= ended + 1
}

/// Words after a colon: said by the subject of the sentence before it.
fn colon(trees: &Trees, cues: &Cues, unit: &Unit) -> Option<Said> {
    let before = trees.text.get(..unit.marked.outer.start())?.trim_end();
    if !before.ends_with([':', ',']) || !unit.sentence {
        return None;
    }
    let end = trees.parse.tokens_in(Span::new(before.len() - 1, before.len())).start;
    let sentence = trees.parse.sentences.get(trees.sentence(tok(end.min(trees.parse.tokens.len() - 1))))?;
    let range = sentence.tokens.start..end;
    let root =
        range.clone().map(tok).find(|&t| trees.token(t).head.is_none_or(|h| !range.contains(&h.index())) && trees.is_verb(t));
    let cue = range
        .clone()
        .rev()
        .map(tok)
        .find(|&t| cues.verbs.get(trees.lemma(t)).is_some_and(|c| c.takes & MIND == 0) && trees.token(t).upos == Upos::Verb)
        .or_else(|| range.clone().rev().map(tok).find(|&t| is_bearer(trees, cues, t)))
        .or(root);
    let verb = cue.filter(|&c| trees.is_verb(c)).or(root);
    let held = |s: &Tok| speaks(trees, cues, *s) && range.contains(&s.index());
    let agent = || {
        let verbs = range.clone().rev().map(tok);
        let verbs =
            verbs.filter(|&t| trees.token(t).upos == Upos::Verb && trees.deprel(t) != Deprel::AclRelcl && !trees.is_passive(t));
        verbs.filter_map(|v| trees.subject(v)).find(|s| held(s) && !is_bearer(trees, cues, *s))
    };
    let speaker =
        verb.and_then(|v| trees.subject(v)).filter(|s| held(s) && !is_bearer(trees, cues, *s)).or_else(agent).or_else(|| {
            // "Kerry: …", or a name that the tree gave no place.
            let stray = |t: Tok| {
                !matches!(
                    trees.deprel(t).base(),
                    Deprel::Compound | Deprel::Flat | Deprel::Nmod | Deprel::Obl | Deprel::Amod | Deprel::Case
                )
            };
            range.clone().map(tok).find(|&t| stray(t) && trees.is_nominal(t) && trees.is_agent(t) && trees.kind(t).is_some())
        })?;
    Some(Said {
        quote: Quote {
            content: vec![unit.marked.inner],
            cue: cue.map(|c| trees.token(c).span),
            speaker: Some(trees.speaker(speaker)),
            entity: who(trees, cues, speaker),
            kind: QuoteKind::Direct,
            audience: None,
            time: None,
            rule: Rule::Borrowed("quote.colon"),
        },
        speaker: Some(speaker),
        cue,
    })
}

/// A phrase between marks under a verb of speaking that no frame covers ("hailed a “new era”").
fn fragment(trees: &Trees, cues: &Cues, unit: &Unit) -> Option<Said> {
    if unit.sentence {
        return None;
    }
    let mut at = trees.parse.head_of(unit.marked.inner)?;
    for _ in 0..8 {
        at = trees.token(at).head?;
        if trees.token(at).upos == Upos::Verb {
            let takes = cues.verbs.get(trees.lemma(at))?.takes;
            if takes & (DIRECT | THING | AS) == 0 || takes & MIND != 0 {
                return None;
            }
            let speaker = trees.subject(at).filter(|&s| speaks(trees, cues, s) && !first_or_second(trees, s))?;
            let (first, last) = trees.reach(speaker);
            if first <= unit.tokens.0 && unit.tokens.0 <= last {
                return None;
            }
            return Some(Said {
                quote: Quote {
                    content: vec![unit.marked.inner],
                    cue: Some(trees.token(at).span),
                    speaker: Some(trees.speaker(speaker)),
                    entity: who(trees, cues, speaker),
                    kind: QuoteKind::Mixed,
                    audience: None,
                    time: None,
                    rule: Rule::Borrowed("quote.fragment"),
                },
                speaker: Some(speaker),
                cue: Some(at),
            });
        }
        if trees.is_verb(at) && clause(trees, at) {
            return None;
        }
    }
    None
}

fn clause(trees: &Trees, at: Tok) -> bool {
    trees.base_child(at, Deprel::Nsubj).is_some()
}

/// A whole sentence between marks without any cue: said by whoever spoke last.
fn carried(trees: &Trees, cues: &Cues, units: &[Unit], unit: &Unit, frames: &[Frame]) -> Option<Said> {
    let (from, to) = unit.tokens;
    let whole = trees.sentence(tok(from));
    let first = trees.parse.sentences.get(whole)?.tokens.start;
    if !unit.sentence || to - from < 5 || from > first + 1 {
        return None;
    }
    // The last cue before it outside marks, at most two sentences back.
    let last = frames[..frames.partition_point(|f| f.cue.index() < first)]
        .iter()
        .rev()
        .take_while(|f| trees.sentence(f.cue) + 3 > whole)
        .filter(|f| f.direct && holding(units, f.cue.index()).is_none() && f.speaker.is_some_and(|s| speaks(trees, cues, s)));
    // Whoever speaks in what another says does not go on.
    let last =
        last.clone().find(|f| !last.clone().any(|o| o.content.iter().any(|&(a, b)| a <= f.cue.index() && f.cue.index() <= b)));
    let speaker = match last {
        Some(frame) => frame.speaker?,
        None => {
            let sentence = trees.parse.sentences.get(whole.checked_sub(1)?)?;
            let root = trees.parse.ids(sentence).find(|&t| trees.token(t).head.is_none())?;
            trees.subject(root).filter(|&s| trees.kind(s) == Some(tellings_doc::Kind::Per))?
        }
    };
    Some(Said {
        quote: Quote {
            content: vec![unit.marked.inner],
            cue: None,
            speaker: Some(trees.speaker(speaker)),
            entity: who(trees, cues, speaker),
            kind: QuoteKind::Direct,
            audience: None,
            time: None,
            rule: Rule::Borrowed("quote.carried"),
        },
        speaker: Some(speaker),
        cue: None,
    })
}

/// When something was said: the first date or time that hangs on the cue, with no other verb between, outside what was said.
pub(crate) fn time(trees: &Trees, times: &[Time], quote: &Quote) -> Option<Id<Time>> {
    let tokens = &trees.parse.tokens;
    let at = |byte: usize| tokens.partition_point(|t| t.span.end() <= byte);
    let cue = Id::new(at(quote.cue?.start()));
    let sentence = &trees.parse.sentences[trees.sentence(cue)];
    let from = times.partition_point(|t| t.span.end() <= sentence.span.start());
    (from..times.len()).take_while(|&i| times[i].span.start() < sentence.span.end()).find_map(|i| {
        let time = &times[i];
        let point = matches!(time.kind, TimeKind::Date | TimeKind::Time);
        if !point || quote.content.iter().any(|c| c.touches(time.span)) {
            return None;
        }
        let inside = at(time.span.start())..tokens.partition_point(|t| t.span.start() < time.span.end());
        let top = inside.clone().find(|&t| tokens[t].head.is_none_or(|h| !inside.contains(&h.index())))?;
        let mut node = tokens[top].head?;
        for _ in 0..4 {
            if node == cue {
                return Some(Id::new(i));
            }
            if trees.is_verb(node) {
                return None;
            }
            node = trees.token(node).head?;
        }
        None
    })
}
