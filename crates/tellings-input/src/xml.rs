//! XML and HTML as a stream of tags and text: one pass, no tree, no recursion, never fails. Ill-formed documents give the
//! tokens that a patient reader would see.

use memchr::{memchr, memmem};
use std::borrow::Cow;

/// A piece of a document, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) what: What<'a>,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What<'a> {
    /// Text, entities not yet decoded.
    Text(&'a str),
    /// Text of a CDATA section: as it is.
    Data(&'a str),
    /// A start tag: its name as written, what stands after it, and whether it ends itself.
    Open { name: &'a str, inside: &'a str, empty: bool },
    /// An end tag.
    Close { name: &'a str },
    /// A doctype, with its entities.
    Doctype(&'a str),
    /// A comment, an instruction, a script.
    Other,
}

/// Walks over a document.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    pub(crate) at: usize,
    /// HTML: what stands in scripts and styles is no text.
    page: bool,
    raw: Option<&'a str>,
    /// Did it end inside a tag or a comment?
    pub(crate) cut: bool,
    /// Comments are never closed from here on: known, so that it is looked up once.
    unclosed: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str) -> Scanner<'a> {
        Scanner { text, at: 0, page: false, raw: None, cut: false, unclosed: false }
    }

    pub(crate) fn page(text: &'a str) -> Scanner<'a> {
        Scanner { page: true, ..Scanner::new(text) }
    }

    /// The end of what begins with `start` and ends with `mark`.
    fn until(&mut self, from: usize, mark: &[u8]) -> usize {
        let end = memmem::find(&self.text.as_bytes()[from..], mark);
        self.cut |= end.is_none();
        self.at = end.map_or(self.text.len(), |end| from + end + mark.len());
        end.map_or(self.text.len(), |end| from + end)
    }

    fn markup(&mut self, start: usize) -> Option<What<'a>> {
        let text = self.text;
        let rest = &text[start..];
        if rest.starts_with("<!--") {
            // A comment that is never closed ends with its tag.
            self.unclosed = self.unclosed || memmem::find(rest.as_bytes(), b"-->").is_none();
            if self.unclosed {
                self.until(start, b">");
                return Some(What::Other);
            }
            self.until(start + 4, b"-->");
            return Some(What::Other);
        }
        if rest.starts_with("<![CDATA[") {
            let end = self.until(start + 9, b"]]>");
            return Some(What::Data(&text[start + 9..end]));
        }
        let second = *rest.as_bytes().get(1)?;
        if second == b'?' {
            self.until(start, b">");
            return Some(What::Other);
        }
        if second == b'!' {
            if !rest.as_bytes().get(2).is_some_and(u8::is_ascii_alphabetic) {
                return None;
            }
            // The inner part of a doctype stands in brackets.
            let close = memchr(b'>', rest.as_bytes()).unwrap_or(rest.len());
            let inner = memchr(b'[', &rest.as_bytes()[..close]);
            let near = &rest.as_bytes()[..rest.len().min(1 << 16)];
            match inner.filter(|&at| at < near.len()).and_then(|at| memchr(b']', &near[at..]).map(|end| at + end)) {
                Some(end) => self.until(start + end, b">"),
                None => self.until(start, b">"),
            };
            return Some(What::Doctype(&text[start..self.at]));
        }
        let closing = second == b'/';
        let name_at = 1 + usize::from(closing);
        if !rest.as_bytes().get(name_at).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_') {
            return None;
        }
        let ends = |b: &u8| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/' | b'<');
        let length = rest.as_bytes()[name_at..].iter().take_while(|b| ends(b)).count();
        let name = &rest[name_at..name_at + length];
        // The tag ends at the first `>` outside quotes, or where another begins.
        let (mut quote, mut before, mut end) = (0u8, 0u8, None);
        for (i, &b) in rest.as_bytes().iter().enumerate().skip(name_at + length) {
            match (quote, b) {
                (0, b'>') => {
                    end = Some((i, i + 1));
                    break;
                }
                (0, b'<') => {
                    end = Some((i, i));
                    break;
                }
                (0, b'"' | b'\'') if before == b'=' => quote = b,
                (q, _) if q == b => quote = 0,
                _ => {}
            }
            if !b.is_ascii_whitespace() {
                before = b;
            }
        }
        let (end, next) = match end {
            Some(end) => end,
            // A quote that is never closed.
            None if quote != 0 => memchr(b'>', rest.as_bytes()).map(|end| (end, end + 1)).unwrap_or((rest.len(), rest.len())),
            None => (rest.len(), rest.len()),
        };
        self.cut |= next == rest.len() && !rest.ends_with('>');
        self.at = start + next;
        if closing {
            return Some(What::Close { name });
        }
        let inside = &rest[(name_at + length).min(end)..end];
        let empty = inside.ends_with('/');
        const RAW: [&str; 6] = ["script", "style", "textarea", "iframe", "noframes", "xmp"];
        if self.page && !empty && RAW.iter().any(|raw| name.eq_ignore_ascii_case(raw)) {
            self.raw = Some(name);
        }
        Some(What::Open { name, inside: inside.strip_suffix('/').unwrap_or(inside), empty })
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let (start, bytes) = (self.at, self.text.as_bytes());
        if start >= bytes.len() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            let closes = |&at: &usize| {
                let tail = &bytes[start + at + 2..];
                tail.len() >= name.len() && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes())
            };
            let end = memmem::find_iter(&bytes[start..], b"</").find(closes);
            self.at = end.map_or(bytes.len(), |end| start + end);
            return Some(Token { start, end: self.at, what: What::Other });
        }
        let what = match bytes[start] {
            b'<' => self.markup(start),
            _ => None,
        };
        let what = what.unwrap_or_else(|| {
            self.at = memchr(b'<', &bytes[start + 1..]).map_or(bytes.len(), |i| start + 1 + i);
            What::Text(&self.text[start..self.at])
        });
        Some(Token { start, end: self.at, what })
    }
}

/// The attributes of a tag, as written.
pub(crate) fn attributes(inside: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\''));
        let first = rest.chars().next()?;
        let length = rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len()).max(first.len_utf8());
        let (key, tail) = rest.split_at(length);
        let Some(tail) = tail.trim_start().strip_prefix('=') else {
            rest = tail;
            return Some((key, ""));
        };
        let tail = tail.trim_start();
        let (value, left) = match tail.as_bytes().first() {
            Some(&quote @ (b'"' | b'\'')) => {
                let end = memchr(quote, &tail.as_bytes()[1..]).map_or(tail.len(), |i| i + 1);
                (&tail[1..end], tail.get(end + 1..).unwrap_or(""))
            }
            _ => tail.split_at(tail.find(char::is_whitespace).unwrap_or(tail.len())),
        };
        rest = left;
        Some((key, value))
    })
}

/// Value of an attribute, entities decoded; its name without a prefix, in any case.
pub(crate) fn attribute<'a>(inside: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let local = |key: &str| key.rsplit(':').next().is_some_and(|key| key.eq_ignore_ascii_case(name));
    let exact = attributes(inside).find(|(key, _)| key.eq_ignore_ascii_case(name));
    exact.or_else(|| attributes(inside).find(|(key, _)| local(key))).map(|(_, value)| crate::text::entities(value, &[]))
}
