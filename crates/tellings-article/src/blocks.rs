//! The structure of a clean text: blocks, and what its head and tail say of it.
//!
//! Lines are put together to blocks first (a hard-wrapped paragraph, a paragraph broken in mid-sentence), then each block's
//! kind is told from its words and its place among the others.

use crate::lines::{self, Byline, Credit};
use crate::stamp::Stamp;
use tellings_doc::{Block, BlockKind, Dateline, Span};

/// What the text says of itself.
#[derive(Debug, Default)]
pub(crate) struct Structure {
    pub(crate) blocks: Vec<Block>,
    /// The title as it stands in the text.
    pub(crate) title: Option<Span>,
    pub(crate) bylines: Vec<String>,
    pub(crate) credits: Vec<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) dateline: Option<Dateline>,
    /// Stamps in credit lines, with whether they tell of a change, first ones first.
    pub(crate) stamps: Vec<(Stamp, bool)>,
}

/// A line that is not blank, and how it stands to the one before.
#[derive(Clone, Copy)]
struct Line {
    span: Span,
    /// A blank line stands before it.
    apart: bool,
}

/// A block before its kind is known.
struct Draft {
    span: Span,
    kind: Option<BlockKind>,
    credit: Option<Credit>,
    byline: Option<Byline>,
    /// Is it several lines put together?
    joined: bool,
}

/// What is asked of the text.
#[derive(Clone, Copy, Default)]
pub(crate) struct Hints<'a> {
    /// The title known from elsewhere.
    pub(crate) title: Option<&'a str>,
    /// May the first line be a title though nothing says so?
    pub(crate) untitled: bool,
    /// Does only a blank line end a paragraph?
    pub(crate) wrapped: bool,
}

/// The structure of `text`.
pub(crate) fn structure(text: &str, hints: Hints) -> Structure {
    let lines = lines_of(text);
    let width = if hints.wrapped { Some(0) } else { wrap_width(text, &lines) };
    let drafts = drafts(text, &lines, width);
    classify(text, drafts, hints)
}

fn lines_of(text: &str) -> Vec<Line> {
    let (mut lines, mut apart, mut at) = (Vec::new(), false, 0);
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.len()).trimmed(text);
        at += line.len();
        if span.is_empty() {
            apart = true;
        } else if rule_line(span.of(text)) {
            // "-----", "* * *": no words; kept in the block before it, as blocks cover all that is not white space.
            lines.push(Line { span, apart: true });
            apart = true;
        } else {
            lines.push(Line { span, apart: std::mem::take(&mut apart) });
        }
    }
    lines
}

fn rule_line(line: &str) -> bool {
    !line.chars().any(char::is_alphanumeric) && line.len() <= 200
}

/// Width of hard-wrapped text; `None` where lines are paragraphs.
fn wrap_width(text: &str, lines: &[Line]) -> Option<usize> {
    let long = |line: &Line| line.span.of(text).chars().count();
    let widest = lines.iter().map(|l| l.span.len()).max()?;
    if widest > 160 {
        return None;
    }
    let width = lines.iter().map(long).max()?;
    let (mut full, mut pairs, mut runs_on) = (0, 0, false);
    for pair in lines.windows(2).filter(|p| !p[1].apart) {
        let next = pair[1].span.of(text);
        pairs += 1;
        full += usize::from(long(&pair[0]) + 1 + first_word(next).chars().count() > width);
        runs_on |= next.starts_with(char::is_lowercase);
    }
    (width <= 120 && pairs > 0 && full * 10 >= pairs * 6 && (runs_on || pairs >= 3)).then_some(width)
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or("")
}

fn drafts(text: &str, lines: &[Line], width: Option<usize>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut before: Option<Line> = None;
    for &line in lines {
        let words = line.span.of(text);
        let wrapped = match (before, width) {
            (Some(before), Some(width)) if !line.apart => {
                let length = before.span.of(text).chars().count();
                length + 1 + first_word(words).chars().count() > width && lines::bullet(words).is_none()
            }
            _ => false,
        };
        if let Some(last) = drafts.last_mut().filter(|_| rule_line(words)) {
            last.span = last.span.join(line.span);
            last.joined = true;
            before = Some(line);
            continue;
        }
        let first = drafts.len() <= 1;
        if let Some(last) = drafts.last_mut() {
            let open = last.kind.is_none() && last.credit.is_none() && last.byline.is_none();
            let runs_on = width.is_none() || line.apart;
            if wrapped && open || open && runs_on && !first && continues(last.span.of(text), words) {
                last.span = last.span.join(line.span);
                last.joined = true;
                before = Some(line);
                continue;
            }
        }
        drafts.push(draft(line.span, words));
        before = Some(line);
    }
    // Hard-wrapped lines may only together be a promo, credit or byline.
    for draft in drafts.iter_mut().filter(|d| d.joined && d.kind.is_none() && d.credit.is_none() && d.byline.is_none()) {
        *draft = self::draft(draft.span, draft.span.of(text));
    }
    drafts
}

/// What the words alone say of a block.
fn draft(span: Span, words: &str) -> Draft {
    let mut draft = Draft { span, kind: None, credit: None, byline: None, joined: false };
    if words.len() > 700 {
        return draft;
    }
    draft.byline = lines::byline(words, span.start());
    if draft.byline.is_none() {
        draft.credit = lines::credit(words, span.start());
    }
    if draft.byline.is_none() && draft.credit.is_none() {
        draft.kind = if lines::promo(words) {
            Some(BlockKind::Promo)
        } else if lines::bullet(words).is_some() {
            Some(BlockKind::ListItem)
        } else if lines::picture_credit(words) {
            Some(BlockKind::Caption)
        } else {
            None
        };
    }
    draft
}

/// Was a paragraph broken in mid-sentence between `before` and `after`?
fn continues(before: &str, after: &str) -> bool {
    if before.len() < 40 || ends_sentence(before) || lines::bullet(after).is_some() {
        return false;
    }
    if before.ends_with([':', '*', '|']) {
        return false;
    }
    let last = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
    let open = matches!(
        last,
        "a" | "an"
            | "the"
            | "of"
            | "to"
            | "in"
            | "on"
            | "at"
            | "by"
            | "for"
            | "with"
            | "from"
            | "and"
            | "or"
            | "but"
            | "that"
            | "as"
            | "into"
            | "its"
            | "his"
            | "her"
            | "their"
            | "between"
            | "Mr"
            | "Mr."
            | "Mrs"
            | "Mrs."
            | "Ms"
            | "Ms."
            | "Dr"
            | "Dr."
            | "Gen."
            | "President"
            | "Minister"
            | "Secretary"
            | "Foreign"
            | "was"
            | "were"
            | "is"
            | "are"
            | "has"
            | "have"
            | "had"
            | "would"
            | "will"
    );
    after.starts_with(char::is_lowercase) || open || before.ends_with(',') && after.starts_with(|c: char| c.is_alphabetic())
}

/// Does it end as a sentence does?
pub(crate) fn ends_sentence(words: &str) -> bool {
    let bare =
        words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '*' | '_'));
    bare.ends_with(['.', '!', '?', '…', '。'])
}

/// As [`ends_sentence`], but the stop of an abbreviation (`U.S.`) or a question mark is no sentence's end in a title.
fn ends_as_title(words: &str) -> bool {
    let abbreviation = |w: &str| w.len() >= 4 && w.ends_with('.') && w.as_bytes().get(w.len().wrapping_sub(3)) == Some(&b'.');
    !ends_sentence(words) || words.ends_with(['?', '!']) || words.rsplit(' ').next().is_some_and(abbreviation)
}

/// Are these the same words, whatever stands between them?
pub(crate) fn same_words(a: &str, b: &str) -> bool {
    // One letter after the other, a space before every word.
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.flat_map(|w| std::iter::once(' ').chain(w.chars().flat_map(char::to_lowercase)))
    }
    a == b || a.len() < 600 && b.len() < 600 && letters(a).eq(letters(b))
}

/// Number of words.
fn count(words: &str) -> usize {
    words.split_whitespace().count()
}

fn classify(text: &str, mut drafts: Vec<Draft>, hints: Hints) -> Structure {
    let mut structure = Structure::default();
    let n = drafts.len();
    let words = |draft: &Draft| draft.span.of(text);
    let stopped: usize = drafts.iter().filter(|d| ends_sentence(words(d))).map(|d| d.span.len()).sum();
    let prose = stopped * 2 >= drafts.iter().map(|d| d.span.len()).sum::<usize>();
    // Title: the one given where it stands, or the first line where it looks like one.
    let head = n.min(8);
    let mut title = None;
    if let Some(given) = hints.title {
        title = drafts[..head].iter().position(|d| same_words(words(d), given));
    }
    if title.is_none() && hints.untitled && n >= 2 {
        let first = drafts.iter().position(|d| d.kind != Some(BlockKind::Promo) && d.credit.is_none() && d.byline.is_none());
        let looks = |i: &usize| {
            let line = words(&drafts[*i]);
            let repeated = drafts[i + 1..n.min(i + 4)].iter().any(|d| same_words(words(d), line));
            let short = count(line) <= 30 && line.len() <= 240 && !line.contains('\n') || count(line) <= 24;
            let body = drafts[i + 1..].iter().any(|d| ends_sentence(words(d)));
            drafts[*i].kind.is_none_or(|k| k == BlockKind::Caption)
                && *i < 3
                && short
                && body
                && (repeated && count(line) <= 40 || ends_as_title(line))
                && !line.starts_with(char::is_lowercase)
                && lines::dateline(line, 0).is_none()
        };
        title = first.filter(looks);
    }
    if let Some(i) = title {
        drafts[i].kind = Some(BlockKind::Title);
        drafts[i].credit = None;
        drafts[i].byline = None;
        structure.title = Some(drafts[i].span);
        let said = drafts[i].span.of(text);
        for d in drafts[i + 1..n.min(i + 4)].iter_mut().filter(|d| same_words(d.span.of(text), said)) {
            *d = Draft { kind: Some(BlockKind::Title), credit: None, byline: None, span: d.span, joined: false };
        }
    }
    // The head ends with the last credit or byline among the first blocks, if only short ones stand before it.
    let start = title.map_or(0, |i| i + 1);
    let short = |d: &Draft| d.kind.is_some() || d.credit.is_some() || d.byline.is_some() || count(words(d)) <= 60;
    let reach = drafts.iter().take(start + 7).take_while(|d| short(d)).count();
    let lead = drafts[..reach]
        .iter()
        .rposition(|d| d.byline.is_some() || d.credit.as_ref().is_some_and(|c| c.stamp.is_some() || !c.agencies.is_empty()));
    let lead = lead
        .filter(|&l| drafts[..l].iter().filter(|d| d.kind.is_none() && d.byline.is_none() && d.credit.is_none()).count() <= 3);
    // The tail begins after the last block of body text.
    let in_body = |d: &Draft| {
        d.kind.is_none() && d.credit.is_none() && d.byline.is_none() && (ends_sentence(words(d)) || count(words(d)) > 12)
    };
    let tail = drafts.iter().rposition(in_body).map_or(0, |i| i + 1);
    let mut paragraphs = 0;
    for i in 0..n {
        let (before, rest) = drafts.split_at_mut(i);
        let Some((draft, after)) = rest.split_first_mut() else { break };
        let line = draft.span.of(text);
        let at_head = lead.is_some_and(|l| i <= l) || i <= start;
        let at_edge = at_head || i >= tail;
        if let Some(byline) = draft.byline.take().filter(|_| at_edge) {
            draft.kind = Some(BlockKind::Byline);
            structure.bylines.extend(byline.names);
            structure.credits.extend(byline.agencies);
            structure.stamps.extend(byline.stamp);
        } else if let Some(credit) = draft.credit.take().filter(|c| at_edge || c.stamp.is_none()) {
            draft.kind = Some(BlockKind::Credit);
            structure.credits.extend(credit.agencies);
            structure.bylines.extend(credit.names);
            structure.outlet = structure.outlet.take().or(credit.outlet);
            structure.stamps.extend(credit.stamp);
        }
        let kind = draft.kind.unwrap_or_else(|| {
            let credited = |part: &str| structure.credits.iter().any(|name| name == part.trim());
            if i >= tail && line.len() <= 80 && (lines::initials(line) || line.split([',', '/']).all(credited)) {
                return BlockKind::Credit;
            }
            if lead.is_some_and(|l| i < l) && i >= start && title.is_some() {
                if lines::caption_like(line) && ends_sentence(line) {
                    return BlockKind::Caption;
                }
                return if ends_sentence(line) { BlockKind::Paragraph } else { BlockKind::Heading };
            }
            let followed = after
                .iter()
                .find(|d| d.kind != Some(BlockKind::Promo))
                .is_some_and(|d| d.kind.is_none() || d.kind == Some(BlockKind::ListItem));
            let preceded = before.last().is_none_or(|d| d.kind != Some(BlockKind::Paragraph) || ends_sentence(d.span.of(text)));
            if prose && followed && preceded && heading(line) && n > 2 { BlockKind::Heading } else { BlockKind::Paragraph }
        });
        draft.kind = Some(kind);
        if kind == BlockKind::Paragraph && structure.dateline.is_none() {
            paragraphs += 1;
            if let Some(head) = (paragraphs <= 2).then(|| lines::dateline(line, draft.span.start())).flatten() {
                structure.dateline = Some(head.dateline);
                structure.credits.extend(head.agencies);
                structure.stamps.extend(head.stamp.map(|stamp| (stamp, false)));
            }
        }
    }
    structure.blocks = drafts.iter().map(|d| Block { kind: d.kind.unwrap_or(BlockKind::Paragraph), span: d.span }).collect();
    dedup(&mut structure.credits);
    dedup(&mut structure.bylines);
    structure
}

/// A short line without a stop, in capitals or title case, or very short.
fn heading(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.is_empty() || words.len() > 12 || line.len() > 100 || line.contains('\n') || line.starts_with(char::is_lowercase) {
        return false;
    }
    if !line.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '\'' | '‘' | '"' | '“' | '#')) {
        return false;
    }
    let question = line.ends_with('?') && words.len() <= 8;
    if ends_sentence(line) && !question || line.ends_with([',', ';', '-', '—', '–']) {
        return false;
    }
    let small = |w: &&&str| w.len() <= 4 && w.starts_with(char::is_lowercase);
    let capitals = words.iter().filter(|w| w.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())).count();
    let minor = words.iter().filter(small).count();
    words.len() <= 7 || capitals + minor >= words.len()
}

/// Takes out repetitions; the first stays.
pub(crate) fn dedup(names: &mut Vec<String>) {
    let mut seen: Vec<String> = Vec::new();
    names.retain(|name| {
        let new = !seen.contains(name);
        if new {
            seen.push(name.clone());
        }
        new
    });
}
