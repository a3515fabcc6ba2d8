//! Quotation marks: which words stand between them, on the text alone.

use tellings_doc::{Article, Span};

/// Words between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Marked {
    /// From the opening mark to the closing one, both included.
    pub(crate) outer: Span,
    /// What stands between them, without white space at its ends.
    pub(crate) inner: Span,
    /// 0 = not inside other marks.
    pub(crate) depth: u8,
    /// Carries on words that the paragraph before left open.
    pub(crate) carried: bool,
    /// Both marks are there, or the quotation runs on in the next paragraph.
    pub(crate) balanced: bool,
    /// Position of its block.
    pub(crate) block: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Double,
    Single,
}

#[derive(Clone, Copy)]
struct Mark {
    at: usize,
    len: usize,
    family: Family,
    may_open: bool,
    may_close: bool,
}

/// How many marks ahead are looked at.
const LOOK: usize = 32;

/// The marks of one block's text. A `'` inside a word is no mark.
fn marks_of(text: &str, block: Span, out: &mut Vec<Mark>) {
    out.clear();
    let piece = block.of(text);
    if !piece.bytes().any(|b| matches!(b, b'"' | b'\'' | b'`' | 0xC2 | 0xE2)) {
        return;
    }
    let mut before = ' ';
    let mut chars = piece.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let doubled = matches!(c, '`' | '\'') && chars.peek().is_some_and(|&(_, next)| next == c);
        let len = if doubled { 2 } else { c.len_utf8() };
        let after = piece[at + len..].chars().next().unwrap_or(' ');
        let left =
            before.is_whitespace() || matches!(before, '(' | '[' | '{' | '—' | '–' | '-' | '/' | '“' | '‘' | '"' | '\'' | ':');
        let right = after.is_whitespace() || after.is_ascii_punctuation() || matches!(after, '—' | '–' | '”' | '’' | '…');
        let word = after.is_alphanumeric()
            || matches!(after, '[' | '(' | '$' | '#' | '@' | '£' | '€' | '.' | '…' | '“' | '‘' | '"' | '\'');
        let (family, may_open, may_close) = match (c, doubled) {
            ('"', _) => (
                Family::Double,
                left && !after.is_whitespace() || !right && word && !before.is_alphanumeric(),
                !before.is_whitespace() && (right || !left),
            ),
            ('“' | '„' | '‟' | '«', _) => (Family::Double, true, false),
            ('”' | '»', _) => (Family::Double, false, true),
            ('`', true) => (Family::Double, true, false),
            ('\'', true) => (Family::Double, left && word, !left || right),
            ('‘' | '‚', _) if !before.is_alphanumeric() => (Family::Single, true, false),
            ('’', _) if !before.is_whitespace() && !after.is_alphanumeric() => (Family::Single, false, true),
            ('\'' | '`', false) => (
                Family::Single,
                left && after.is_alphabetic() && before != '\'',
                c == '\'' && !before.is_whitespace() && !after.is_alphanumeric(),
            ),
            _ => {
                before = c;
                continue;
            }
        };
        if may_open || may_close {
            out.push(Mark { at: block.start() + at, len, family, may_open, may_close });
        }
        if doubled {
            chars.next();
        }
        before = c;
    }
}

/// End of the sentence that holds `from`, by punctuation alone, at most `limit`.
fn sentence_end(text: &str, from: usize, limit: usize) -> usize {
    let piece = Span::new(from, limit).of(text);
    let mut end = 0;
    let mut last = ' ';
    for (at, c) in piece.char_indices() {
        if c.is_whitespace() && matches!(last, '.' | '!' | '?' | '"' | '”') && at > 20 {
            let next = piece[at..].trim_start().chars().next();
            if next.is_none_or(char::is_uppercase) {
                return from + at;
            }
        }
        last = c;
        end = at + c.len_utf8();
    }
    from + end
}

/// Everything between quotation marks in the body of an article, outer before inner, in text order. A mark left open
/// at the end of a paragraph is carried over if the next paragraph opens with one; otherwise it is closed at the end
/// of the paragraph where its first words make up the paragraph, of the sentence elsewhere.
pub(crate) fn marked(article: &Article) -> Vec<Marked> {
    let text = article.text.as_str();
    let mut found = Vec::new();
    let mut marks = Vec::new();
    // The last paragraph ended inside double marks.
    let mut open_before = false;
    for (block, b) in article.blocks.iter().enumerate() {
        if !b.kind.is_body() {
            continue;
        }
        marks_of(text, b.span, &mut marks);
        let first = found.len();
        open_before = pair(text, b.span, block, &marks, open_before, next_opens(article, block), &mut found);
        found[first..].sort_by_key(|m| (m.outer.start(), std::cmp::Reverse(m.outer.end())));
    }
    found
}

/// Does the next body block begin with an opening double mark?
fn next_opens(article: &Article, block: usize) -> bool {
    article.blocks[block + 1..].iter().find(|b| b.kind.is_body()).is_some_and(|b| {
        b.span.of(&article.text).trim_start().starts_with(['"', '“', '„', '«'])
            || b.span.of(&article.text).trim_start().starts_with("``")
    })
}

struct Open {
    mark: Mark,
    carried: bool,
}

/// Pairs the marks of one block; true if its last double mark runs on in the next block.
fn pair(text: &str, block: Span, index: usize, marks: &[Mark], carried: bool, next_opens: bool, out: &mut Vec<Marked>) -> bool {
    let mut stack: Vec<Open> = Vec::new();
    let start = block.start() + (block.of(text).len() - block.of(text).trim_start().len());
    let push = |out: &mut Vec<Marked>, open: &Open, end: usize, len: usize, depth: usize, balanced: bool| {
        let inner = Span::new(open.mark.at + open.mark.len, end).trimmed(text);
        if !inner.is_empty() {
            out.push(Marked {
                outer: Span::new(open.mark.at, end + len),
                inner,
                depth: depth.min(9) as u8,
                carried: open.carried,
                balanced,
                block: index,
            });
        }
    };
    for (i, &mark) in marks.iter().enumerate() {
        let open = stack.iter().rposition(|o| o.mark.family == mark.family);
        // A mark that could be either closes what is open; one that can only open while its like is open starts a
        // nested quotation only if two closing marks follow.
        let closes = match open {
            Some(_) => mark.may_close && !(mark.may_open && mark.family == Family::Single),
            None => false,
        };
        if closes {
            // A plural's apostrophe is no closing mark where a better one follows.
            if mark.family == Family::Single && apostrophe(text, mark, &marks[i + 1..], block) {
                continue;
            }
            let depth = open.unwrap_or(0);
            let top = &stack[depth];
            push(out, top, mark.at, mark.len, depth, true);
            stack.truncate(depth);
        } else if mark.may_open {
            if mark.family == Family::Single && (stack.len() > 2 || !closed_later(&marks[i + 1..])) {
                continue;
            }
            if let (Some(depth), Family::Double) = (open, mark.family) {
                let nested = marks[i + 1..]
                    .iter()
                    .take(LOOK)
                    .filter(|m| m.family == Family::Double)
                    .take(2)
                    .filter(|m| m.may_close && !m.may_open)
                    .count()
                    == 2;
                if !nested {
                    let end = sentence_end(text, stack[depth].mark.at, mark.at);
                    push(out, &stack[depth], end, 0, depth, false);
                    stack.truncate(depth);
                }
            }
            stack.push(Open { mark, carried: carried && mark.at == start });
        }
    }
    let Some(depth) = stack.iter().position(|o| o.mark.family == Family::Double) else { return false };
    let whole = stack[depth].mark.at == start;
    let runs_on = next_opens && (whole || ends_sentence(text, block));
    let end = if runs_on || whole { block.end() } else { sentence_end(text, stack[depth].mark.at, block.end()) };
    push(out, &stack[depth], end, 0, depth, runs_on);
    runs_on
}

/// Does the block end like a sentence?
fn ends_sentence(text: &str, block: Span) -> bool {
    block.of(text).trim_end().ends_with(['.', '!', '?', '…', ':'])
}

/// Is there a closing single mark among the marks that follow, before the next opening double one?
fn closed_later(marks: &[Mark]) -> bool {
    marks.iter().take(8).any(|m| m.family == Family::Single && m.may_close)
}

/// Is a closing single mark rather the apostrophe of a plural ("the parties' talks")? It stands after an `s`, before a
/// space and a small letter, and another closing mark follows before anything opens.
fn apostrophe(text: &str, mark: Mark, rest: &[Mark], block: Span) -> bool {
    let before = Span::new(block.start(), mark.at).of(text);
    let after = Span::new(mark.at + mark.len, block.end()).of(text);
    before.ends_with(['s', 'S'])
        && after.strip_prefix(' ').is_some_and(|a| a.starts_with(char::is_lowercase))
        && rest.iter().take(LOOK).find(|m| m.family == Family::Single).is_some_and(|m| m.may_close && !m.may_open)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tellings_doc::{Block, BlockKind};

    fn article(text: &str) -> Article {
        let mut at = 0;
        let mut blocks = Vec::new();
        for line in text.split('\n') {
            if !line.trim().is_empty() {
                blocks.push(Block { kind: BlockKind::Paragraph, span: Span::new(at, at + line.len()) });
            }
            at += line.len() + 1;
        }
        Article { text: text.to_string(), blocks, ..Article::default() }
    }

    fn check(text: &str, expected: &[&str]) {
        let article = article(text);
        let found: Vec<&str> = marked(&article).iter().map(|m| m.inner.of(text)).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn pairs_marks() {
        check("\"We agree,\" she said. \"We sign.\"", &["We agree,", "We sign."]);
        check("“We agree,” she said, ‘maybe’.", &["We agree,", "maybe"]);
        check("He said: \"They told me 'go home' twice.\"", &["They told me 'go home' twice.", "go home"]);
        check("The ministers' plan and the envoys' reply.", &[]);
        check("It's the rebels' 'last chance', he said.", &["last chance"]);
        check("``We agree,'' she said.", &["We agree,"]);
        check("'The parties' talks go on,' he said.", &["The parties' talks go on,"]);
        check("He called it “a “grave” error” again.", &["a “grave” error", "grave"]);
    }

    #[test]
    fn carries_open_quotations_over_paragraphs() {
        check("“One.\n“Two.\n“Three,” he said.", &["One.", "Two.", "Three,"]);
        let article = article("“One.\n“Two.\n“Three,” he said.");
        assert_eq!(marked(&article).iter().map(|m| m.carried).collect::<Vec<_>>(), [false, true, true]);
    }

    #[test]
    fn closes_what_is_left_open() {
        check("He said \"we are close to a deal with them. Talks go on.", &["we are close to a deal with them."]);
        check("\"We are close. Talks go on.\nNothing more.", &["We are close. Talks go on."]);
        check("A \" stray one.", &[]);
    }
}
