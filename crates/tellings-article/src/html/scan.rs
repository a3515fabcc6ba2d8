//! A page as a stream of tags and text: one pass, no tree, no recursion, never fails. What later steps need to know of a
//! page as it was written (metadata, nesting, where each word stands) is read from this stream.

use memchr::{memchr, memchr3, memmem};
use std::borrow::Cow;

/// A piece of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// Text between tags, entities not yet decoded.
    Text(&'a str),
    /// A start tag: name (as written) and what stands after it.
    Open(&'a str, &'a str),
    /// An end tag.
    Close(&'a str),
    /// What stands inside `script`, `style` and the like: no text of the page. Comes after its `Open`.
    Raw(&'a str),
    /// A comment, a doctype or the like.
    Other,
}

/// Walks over a page; gives each token with where it starts.
#[derive(Debug)]
pub(crate) struct Scanner<'a> {
    page: &'a str,
    at: usize,
    /// The element whose content is not markup.
    raw: Option<&'a str>,
    /// Did the page end inside a tag, a comment or a script?
    pub(crate) cut: bool,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(page: &'a str) -> Scanner<'a> {
        Scanner { page, at: 0, raw: None, cut: false }
    }

    fn markup(&mut self, start: usize) -> Option<Token<'a>> {
        let rest = &self.page[start..];
        if rest.starts_with("<!--") {
            let end = memmem::find(&rest.as_bytes()[4..], b"-->");
            self.cut |= end.is_none();
            self.at = end.map_or(self.page.len(), |end| start + 4 + end + 3);
            return Some(Token::Other);
        }
        let second = *rest.as_bytes().get(1)?;
        if matches!(second, b'!' | b'?') {
            self.at = memchr(b'>', rest.as_bytes()).map_or(self.page.len(), |end| start + end + 1);
            return Some(Token::Other);
        }
        let closing = second == b'/';
        let name_at = 1 + usize::from(closing);
        if !rest.as_bytes().get(name_at)?.is_ascii_alphabetic() {
            return None;
        }
        let length =
            rest.as_bytes()[name_at..].iter().take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'>' | b'/')).count();
        let name = &rest[name_at..name_at + length];
        // The tag ends at the first `>` outside quotes.
        let bytes = rest.as_bytes();
        let (mut from, mut end) = (name_at + length, None);
        while let Some(i) = memchr3(b'>', b'"', b'\'', &bytes[from..]).map(|i| from + i) {
            if bytes[i] == b'>' {
                end = Some(i);
                break;
            }
            // A quote opens a value only behind `=`.
            let before = bytes[name_at + length..i].iter().rev().find(|b| !b.is_ascii_whitespace());
            from = i + 1;
            if before == Some(&b'=') {
                let Some(close) = memchr(bytes[i], &bytes[from..]) else { break };
                from += close + 1;
            }
        }
        let Some(end) = end else {
            self.cut = true;
            self.at = self.page.len();
            return Some(Token::Other);
        };
        self.at = start + end + 1;
        if closing {
            return Some(Token::Close(name));
        }
        let inside = &rest[name_at + length..end];
        const RAW: [&str; 7] = ["script", "style", "textarea", "noframes", "iframe", "xmp", "template"];
        if RAW[..6].iter().any(|raw| name.eq_ignore_ascii_case(raw)) && !inside.ends_with('/') {
            self.raw = Some(name);
        }
        Some(Token::Open(name, inside))
    }
}

impl<'a> Iterator for Scanner<'a> {
    type Item = (usize, Token<'a>);

    fn next(&mut self) -> Option<(usize, Token<'a>)> {
        let start = self.at;
        if start >= self.page.len() {
            return None;
        }
        if let Some(name) = self.raw.take() {
            let rest = &self.page.as_bytes()[start..];
            let mut end = None;
            for close in memmem::find_iter(rest, b"</") {
                let tail = &rest[close + 2..];
                if tail.len() >= name.len() && tail[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
                    end = Some(close);
                    break;
                }
            }
            self.cut |= end.is_none();
            self.at = end.map_or(self.page.len(), |end| start + end);
            return Some((start, Token::Raw(&self.page[start..self.at])));
        }
        if self.page.as_bytes()[start] == b'<'
            && let Some(token) = self.markup(start)
        {
            return Some((start, token));
        }
        let from = start + 1;
        self.at = memchr(b'<', &self.page.as_bytes()[from..]).map_or(self.page.len(), |i| from + i);
        Some((start, Token::Text(&self.page[start..self.at])))
    }
}

/// Value of an attribute, entities decoded.
pub(crate) fn attribute<'a>(inside: &'a str, name: &str) -> Option<Cow<'a, str>> {
    attributes(inside).find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| decoded(value))
}

/// The attributes of a tag, as written.
pub(crate) fn attributes(inside: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = inside;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if rest.is_empty() {
            return None;
        }
        let length = rest.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(rest.len()).max(1);
        let length = (length..=rest.len()).find(|&i| rest.is_char_boundary(i)).unwrap_or(rest.len());
        let (key, tail) = rest.split_at(length);
        let Some(tail) = tail.trim_start().strip_prefix('=') else {
            rest = tail;
            return Some((key, ""));
        };
        let tail = tail.trim_start();
        let (value, left) = match tail.as_bytes().first() {
            Some(&q @ (b'"' | b'\'')) => {
                let end = memchr(q, &tail.as_bytes()[1..]).map_or(tail.len(), |i| i + 1);
                (&tail[1..end], tail.get(end + 1..).unwrap_or(""))
            }
            _ => tail.split_at(tail.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tail.len())),
        };
        rest = left;
        Some((key, value))
    })
}

/// Text with its entities decoded.
pub(crate) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(and) = memchr(b'&', &text.as_bytes()[at..]) {
        out.push_str(&text[at..at + and]);
        at += and;
        match entity(&text[at..]) {
            Some((c, length)) => {
                out.push(c);
                at += length;
            }
            None => {
                out.push('&');
                at += 1;
            }
        }
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// The character of the entity at the start of `text`, and the entity's length.
pub(crate) fn entity(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    if let Some(number) = body.strip_prefix('#') {
        let hex = number.starts_with(['x', 'X']);
        let digits = &number[usize::from(hex)..];
        let radix = if hex { 16 } else { 10 };
        let length = digits.bytes().take_while(|b| (*b as char).is_digit(radix)).count();
        if length == 0 || length > 8 {
            return None;
        }
        let code = u32::from_str_radix(&digits[..length], radix).ok()?;
        let end = 2 + usize::from(hex) + length;
        let end = end + usize::from(text[end..].starts_with(';'));
        return Some((windows(code), end));
    }
    let length = body.bytes().take(10).take_while(u8::is_ascii_alphanumeric).count();
    let name = &body[..length];
    let closed = body[length..].starts_with(';');
    let c = named(name)?;
    // Without its semicolon only the oldest entities count.
    (closed || matches!(name, "amp" | "lt" | "gt" | "quot" | "nbsp" | "copy" | "reg"))
        .then_some((c, 1 + length + usize::from(closed)))
}

/// The character of a number; 128–159 mean Windows-1252, as in every browser.
fn windows(code: u32) -> char {
    const TABLE: [u16; 32] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
    ];
    let code = if (0x80..0xa0).contains(&code) { u32::from(TABLE[code as usize - 0x80]) } else { code };
    char::from_u32(code).filter(|&c| c != '\0').unwrap_or('\u{fffd}')
}

/// The entities that occur in reports: Latin-1 in order, then marks.
fn named(name: &str) -> Option<char> {
    const LATIN: [&str; 96] = [
        "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg",
        "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14",
        "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave",
        "Eacute", "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde",
        "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc",
        "atilde", "auml", "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml",
        "eth", "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml",
        "yacute", "thorn", "yuml",
    ];
    const MARKS: [(&str, char); 52] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("lsquo", '‘'),
        ("rsquo", '’'),
        ("sbquo", '‚'),
        ("ldquo", '“'),
        ("rdquo", '”'),
        ("bdquo", '„'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("hellip", '…'),
        ("bull", '•'),
        ("euro", '€'),
        ("trade", '™'),
        ("dagger", '†'),
        ("Dagger", '‡'),
        ("permil", '‰'),
        ("lsaquo", '‹'),
        ("rsaquo", '›'),
        ("prime", '′'),
        ("Prime", '″'),
        ("minus", '−'),
        ("ensp", '\u{2002}'),
        ("emsp", '\u{2003}'),
        ("thinsp", '\u{2009}'),
        ("zwnj", '\u{200c}'),
        ("zwj", '\u{200d}'),
        ("lrm", '\u{200e}'),
        ("rlm", '\u{200f}'),
        ("Scaron", 'Š'),
        ("scaron", 'š'),
        ("OElig", 'Œ'),
        ("oelig", 'œ'),
        ("Yuml", 'Ÿ'),
        ("fnof", 'ƒ'),
        ("circ", 'ˆ'),
        ("tilde", '˜'),
        ("larr", '←'),
        ("rarr", '→'),
        ("uarr", '↑'),
        ("darr", '↓'),
        ("infin", '∞'),
        ("ne", '≠'),
        ("le", '≤'),
        ("ge", '≥'),
        ("horbar", '―'),
        ("comma", ','),
        ("colon", ':'),
        ("num", '#'),
    ];
    if let Some((_, c)) = MARKS.iter().find(|(n, _)| *n == name) {
        return Some(*c);
    }
    LATIN.iter().position(|n| *n == name).and_then(|i| char::from_u32(0xa0 + i as u32))
}

/// A name, in small letters, as one number: names are compared many thousand times a page. Those of up to eight letters
/// are told apart for certain, longer ones by hash.
const fn packed(name: &str) -> u64 {
    let (bytes, mut number, mut i) = (name.as_bytes(), 0u64, 0);
    while i < bytes.len() {
        number = longer(number, i, bytes[i]);
        i += 1;
    }
    number
}

/// The number of a name that is one letter longer.
const fn longer(number: u64, at: usize, letter: u8) -> u64 {
    let letter = letter.to_ascii_lowercase() as u64;
    if at < 8 { number << 8 | letter } else { number.wrapping_mul(0x0100_0000_01b3).rotate_left(23) ^ letter }
}

/// A table of names as numbers, in order.
const fn table<const N: usize>(names: [&str; N]) -> [u64; N] {
    let (mut numbers, mut i) = ([0; N], 0);
    while i < N {
        let (mut at, number) = (i, packed(names[i]));
        while at > 0 && numbers[at - 1] > number {
            numbers[at] = numbers[at - 1];
            at -= 1;
        }
        numbers[at] = number;
        i += 1;
    }
    numbers
}

const VOID: [u64; 14] =
    table(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]);
const INLINE: [u64; 32] = table([
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "hi",
]);

/// Has this element no content and no end tag?
pub(crate) fn void(name: &str) -> bool {
    VOID.binary_search(&packed(name)).is_ok()
}

/// Does this element stand in a line of text, so that words may run on through it?
pub(crate) fn inline(name: &str) -> bool {
    INLINE.binary_search(&packed(name)).is_ok()
}

/// Stands behind a line break: extractors drop some of them, and words beside them must not grow together. No page has this
/// character, which is none.
pub(crate) const BREAK: char = '\u{fdd0}';

/// The page without what no reader sees and no extractor of text needs: scripts, styles, comments, drawings, all attributes
/// but those that tell what an element is for; and without the elements that are the site's and not the report's, by their
/// name or class: menus, boxes of links, letters to sign up for, readers' comments (see [`Part`]). About a quarter of a page
/// is left. And how many bytes of running text that has, wherever they stand: what an extractor could find at most.
pub(crate) fn slim(page: &str) -> (String, usize) {
    const GONE: [u64; 7] = table(["script", "style", "svg", "iframe", "template", "noscript", "object"]);
    const SINGLE: [u64; 10] = table(["link", "meta", "source", "input", "img", "span", "font", "wbr", "amp-img", "track"]);
    let mut out = String::with_capacity(page.len() / 2);
    let mut gone: Option<(&str, usize)> = None;
    // Lines of forty bytes and more are running text.
    let (mut prose, mut line) = (0, 0);
    // A line break stands before what comes.
    let mut broken = false;
    let mut open: Vec<Open> = Vec::new();
    let mut parts: Vec<Part> = Vec::new();
    // Text so far, how much of it in links, how many links; is one open?
    let (mut text, mut linked, mut links, mut link) = (0, 0, 0, false);
    for (_, token) in Scanner::new(page) {
        match token {
            Token::Open(name, inside) => {
                if let Some((open, depth)) = &mut gone {
                    *depth += usize::from(open.eq_ignore_ascii_case(name) && !inside.ends_with('/'));
                    continue;
                }
                let number = packed(name);
                let flowing = INLINE.binary_search(&number).is_ok();
                if !flowing {
                    prose += if line >= 40 { line } else { 0 };
                    line = 0;
                }
                if GONE.binary_search(&number).is_ok() {
                    gone = (!inside.ends_with('/')).then_some((name, 0));
                    continue;
                }
                if SINGLE.binary_search(&number).is_ok() {
                    continue;
                }
                let start = out.len();
                out.push('<');
                out.push_str(name);
                let mut body = number == packed("h1");
                let mut aside = if flowing { Aside::No } else { Aside::of_element(number) };
                for (key, value) in attributes(inside) {
                    let kept = matches!(
                        key,
                        "class" | "id" | "role" | "itemprop" | "style" | "hidden" | "aria-hidden" | "aria-modal" | "href" | "rel"
                    );
                    // Lines of style matter where they hide the element.
                    let idle = key == "style" && !value.contains("none") && !value.contains("hidden")
                        || number == packed("a") && key != "href";
                    if !kept || idle || value.len() > 400 {
                        continue;
                    }
                    if !flowing && matches!(key, "class" | "id" | "role") {
                        aside = aside.max(Aside::of_names(value));
                    }
                    body |= key == "itemprop" && value == "articleBody";
                    // Where a link leads is of no account but for whether it leaves the page.
                    let value = match key {
                        "href" => &value[..value.len().min(usize::from(value.starts_with('#')))],
                        _ => value,
                    };
                    out.push(' ');
                    out.push_str(key);
                    let quote = if value.contains('"') { '\'' } else { '"' };
                    if !value.contains(quote) {
                        out.push('=');
                        out.push(quote);
                        out.push_str(value);
                        out.push(quote);
                    }
                }
                out.push_str(if inside.ends_with('/') { "/>" } else { ">" });
                broken |= number == packed("br");
                if number == packed("a") {
                    link = true;
                    links += 1;
                }
                if body {
                    aside = Aside::No;
                    open.iter_mut().for_each(|open| open.aside = Aside::No);
                }
                if !flowing && !inside.ends_with('/') && VOID.binary_search(&number).is_err() {
                    open.push(Open { name: number, start, prose, text, linked, links, aside });
                }
            }
            Token::Close(name) => {
                if let Some((open, depth)) = &mut gone {
                    if open.eq_ignore_ascii_case(name) {
                        if *depth == 0 {
                            gone = None;
                        } else {
                            *depth -= 1;
                        }
                    }
                    continue;
                }
                let number = packed(name);
                let flowing = INLINE.binary_search(&number).is_ok();
                if !flowing {
                    prose += if line >= 40 { line } else { 0 };
                    line = 0;
                }
                if SINGLE.binary_search(&number).is_ok() {
                    continue;
                }
                out.push_str("</");
                out.push_str(name);
                out.push('>');
                link &= number != packed("a");
                if flowing {
                    continue;
                }
                let reach = open.len().saturating_sub(64);
                if let Some(i) = open[reach..].iter().rposition(|open| open.name == number) {
                    let part = &open[reach + i];
                    // Little but links is the site's.
                    let list = links - part.links >= LINKS && (linked - part.linked) * 10 >= (text - part.text) * 9;
                    let aside = if list { part.aside.max(Aside::Likely) } else { part.aside };
                    if matches!(aside, Aside::Perhaps | Aside::Likely | Aside::Comments) {
                        parts.push(Part { start: part.start, end: out.len(), prose: prose - part.prose, aside });
                    }
                    open.truncate(reach + i);
                }
            }
            Token::Text(words) if gone.is_none() => {
                let bare = words.trim();
                if broken && !bare.is_empty() {
                    out.push(BREAK);
                    broken = false;
                }
                line += bare.len();
                text += bare.len();
                linked += if link { bare.len() } else { 0 };
                // White space at the ends is one space.
                let space = |out: &mut String| {
                    if !out.ends_with([' ', '\n']) {
                        out.push(if words.contains('\n') { '\n' } else { ' ' });
                    }
                };
                if words.starts_with(char::is_whitespace) {
                    space(&mut out);
                }
                out.push_str(bare);
                if !bare.is_empty() && words.ends_with(char::is_whitespace) {
                    space(&mut out);
                }
            }
            _ => {}
        }
    }
    prose += if line >= 40 { line } else { 0 };
    without(out, prose, parts)
}

/// Links that make a list of links.
const LINKS: usize = 3;

/// An element that has not been closed yet.
struct Open {
    name: u64,
    /// Where it starts, and how much running text stands before it.
    start: usize,
    prose: usize,
    /// How much text, how much of it in links, and how many links stand before it.
    text: usize,
    linked: usize,
    links: usize,
    aside: Aside,
}

/// An element that may be the site's own.
struct Part {
    start: usize,
    end: usize,
    /// Bytes of running text in it.
    prose: usize,
    aside: Aside,
}

/// Is an element the site's and not the report's, as far as its name and class tell?
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Aside {
    No,
    /// Perhaps, if it holds little of the page's text.
    Perhaps,
    /// Likely, if it holds not too much of it.
    Likely,
    /// What readers wrote, however much it is.
    Comments,
    /// Its names say that it holds the text.
    Never,
}

impl Aside {
    fn of_element(number: u64) -> Aside {
        const ASIDE: [u64; 12] = table([
            "nav",
            "footer",
            "aside",
            "menu",
            "dialog",
            "select",
            "button",
            "amp-ad",
            "amp-embed",
            "amp-sidebar",
            "amp-consent",
            "amp-list",
        ]);
        if ASIDE.binary_search(&number).is_ok() { Aside::Likely } else { Aside::No }
    }

    /// What the words in a class, an id or a role tell: `related-links`, `newsletterBox`.
    fn of_names(names: &str) -> Aside {
        const WORDS: [u64; 88] = table([
            "paywall",
            "regwall",
            "subscribewall",
            "pullquote",
            "printonly",
            "share",
            "sharing",
            "sharebar",
            "sharedaddy",
            "addtoany",
            "social",
            "socials",
            "newsletter",
            "newsletters",
            "subscribe",
            "signup",
            "related",
            "recommended",
            "recommendation",
            "recommendations",
            "recirc",
            "recirculation",
            "promo",
            "promos",
            "promobox",
            "promotion",
            "advert",
            "adverts",
            "advertisement",
            "advertising",
            "ads",
            "sponsored",
            "sponsor",
            "outbrain",
            "taboola",
            "cookie",
            "cookies",
            "gdpr",
            "consent",
            "onetrust",
            "breadcrumb",
            "breadcrumbs",
            "sidebar",
            "popup",
            "modal",
            "lightbox",
            "toolbar",
            "pagination",
            "pager",
            "menu",
            "submenu",
            "nav",
            "navbar",
            "navigation",
            "subnav",
            "footer",
            "masthead",
            "trending",
            "popular",
            "mostread",
            "taglist",
            "tags",
            "tagcloud",
            "topics",
            "keywords",
            "bio",
            "authorbox",
            "signin",
            "login",
            "readmore",
            "morefrom",
            "upnext",
            "flyout",
            "dropdown",
            "offcanvas",
            "megamenu",
            "donate",
            "donation",
            "feedback",
            "copyright",
            "skiplink",
            "bookmark",
            "alert",
            "survey",
            "poll",
            "complementary",
            "contentinfo",
            "banner",
        ]);
        const COMMENTS: [u64; 4] = table(["comments", "disqus", "commentlist", "respond"]);
        const NEVER: [u64; 8] = table(["enabled", "disabled", "has", "no", "with", "without", "body", "articlebody"]);
        const PAIRS: [[&str; 2]; 26] = [
            ["pull", "quote"],
            ["paid", "content"],
            ["read", "more"],
            ["read", "next"],
            ["read", "also"],
            ["most", "read"],
            ["most", "popular"],
            ["most", "viewed"],
            ["sign", "up"],
            ["up", "next"],
            ["author", "bio"],
            ["author", "box"],
            ["author", "info"],
            ["about", "author"],
            ["see", "also"],
            ["also", "like"],
            ["may", "like"],
            ["more", "stories"],
            ["more", "news"],
            ["more", "from"],
            ["more", "on"],
            ["latest", "news"],
            ["latest", "stories"],
            ["top", "stories"],
            ["next", "article"],
            ["next", "story"],
        ];
        const PAIRED: [[u64; 2]; 26] = {
            let (mut pairs, mut i) = ([[0; 2]; 26], 0);
            while i < 26 {
                pairs[i] = [packed(PAIRS[i][0]), packed(PAIRS[i][1])];
                i += 1;
            }
            pairs
        };
        let (mut told, mut before) = (Aside::No, 0);
        let (mut number, mut length, mut small) = (0, 0, false);
        for byte in names.bytes().chain([b' ']) {
            let letter = byte.is_ascii_alphabetic();
            // A capital after a small letter starts a word.
            if length > 0 && (!letter || small && byte.is_ascii_uppercase()) {
                told = told.max(match () {
                    () if WORDS.binary_search(&number).is_ok() => Aside::Perhaps,
                    () if COMMENTS.binary_search(&number).is_ok() => Aside::Comments,
                    () if NEVER.binary_search(&number).is_ok() => Aside::Never,
                    () if PAIRED.contains(&[before, number]) => Aside::Perhaps,
                    () => Aside::No,
                });
                (before, number, length) = (number, 0, 0);
            }
            if letter {
                number = longer(number, length, byte);
                length += 1;
            }
            small = byte.is_ascii_lowercase();
        }
        told
    }
}

/// The page without those parts that are the site's, and the running text it still has.
fn without(page: String, prose: usize, mut parts: Vec<Part>) -> (String, usize) {
    parts.sort_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
    let (mut out, mut kept, mut left) = (String::with_capacity(page.len()), 0, prose);
    for part in parts {
        // What stands in a part that is out is out.
        let Some(rest) = left.checked_sub(part.prose).filter(|_| part.start >= kept) else { continue };
        let share = if part.aside == Aside::Perhaps { 8 } else { 4 };
        let small = part.prose * share <= prose && rest * 2 >= prose;
        if small || part.aside == Aside::Comments && rest >= 400 {
            out.push_str(&page[kept..part.start]);
            out.push(' ');
            (kept, left) = (part.end, rest);
        }
    }
    out.push_str(&page[kept..]);
    (out, left)
}

/// How deeply elements are nested at most, and the page with those beyond `limit` taken out where there are any. `p` and
/// its like, which close themselves and cannot be nested, do not count.
pub(crate) fn flattened(page: &str, limit: usize) -> (usize, Cow<'_, str>) {
    const FLAT: [&str; 9] = ["p", "dd", "dt", "option", "optgroup", "html", "body", "tbody", "thead"];
    // What ends an open element of its kind, back to the container.
    const CLOSED_BY: [(&str, &[&str], &[&str]); 4] = [
        ("li", &["li"], &["ul", "ol", "menu"]),
        ("td", &["td", "th"], &["tr", "table"]),
        ("th", &["td", "th"], &["tr", "table"]),
        ("tr", &["tr"], &["table"]),
    ];
    let mut open: Vec<&str> = Vec::new();
    let (mut deepest, mut out, mut kept) = (0, String::new(), 0);
    let mut scanner = Scanner::new(page);
    while let Some((start, token)) = scanner.next() {
        let counts = |name: &str| !void(name) && !FLAT.iter().any(|v| name.eq_ignore_ascii_case(v));
        let drop = match token {
            Token::Open(name, inside) if counts(name) && !inside.ends_with('/') => {
                if let Some((_, own, container)) = CLOSED_BY.iter().find(|(n, ..)| name.eq_ignore_ascii_case(n)) {
                    let is = |list: &[&str], o: &str| list.iter().any(|n| o.eq_ignore_ascii_case(n));
                    let reach = open.len().saturating_sub(64);
                    let back = open[reach..].iter().rposition(|o| is(own, o) || is(container, o));
                    if let Some(i) = back.filter(|&i| is(own, open[reach + i])) {
                        open.truncate(reach + i);
                    }
                }
                open.push(name);
                deepest = deepest.max(open.len());
                open.len() > limit
            }
            Token::Close(name) if counts(name) => {
                let reach = open.len().saturating_sub(64);
                match open[reach..].iter().rposition(|o| o.eq_ignore_ascii_case(name)) {
                    Some(i) => {
                        let drop = reach + i >= limit;
                        open.truncate(reach + i);
                        drop
                    }
                    None => open.len() > limit,
                }
            }
            _ => false,
        };
        if drop {
            out.push_str(&page[kept..start]);
            out.push(' ');
            kept = scanner.at;
        }
    }
    if kept == 0 {
        return (deepest, Cow::Borrowed(page));
    }
    out.push_str(&page[kept..]);
    (deepest, Cow::Owned(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_text_and_scripts() {
        let page = "<!DOCTYPE html><p class=\"a > b\">Talks &amp; truce<br/>2 < 3</p><script>if (a</b) {}</script>end";
        let tokens: Vec<Token> = Scanner::new(page).map(|(_, t)| t).collect();
        assert_eq!(tokens[1], Token::Open("p", " class=\"a > b\""));
        assert_eq!(tokens[2], Token::Text("Talks &amp; truce"));
        assert_eq!(tokens[3], Token::Open("br", "/"));
        assert!(tokens.contains(&Token::Raw("if (a</b) {}")));
        assert_eq!(tokens.last(), Some(&Token::Text("end")));
        assert_eq!(attribute(" data-x='1' content=\"A &quot;b&quot;\" x", "content").as_deref(), Some("A \"b\""));
    }

    #[test]
    fn entities() {
        assert_eq!(decoded("Z&uuml;rich &#8220;x&#x201d; AT&T &mdash;&nbsp;&#151; &bogus;"), "Zürich “x” AT&T —\u{a0}— &bogus;");
    }

    #[test]
    fn nesting_is_counted_and_cut() {
        let page = format!("{}talks{}", "<div>".repeat(5000), "</div>".repeat(5000));
        let (depth, flat) = flattened(&page, 100);
        assert_eq!(depth, 5000);
        assert_eq!(flat.matches("<div>").count(), 100);
        assert!(flat.contains("talks"));
        let lists = "<p>a".repeat(3000);
        assert_eq!(flattened(&lists, 100).0, 0);
        let rows = format!("<table>{}</table>", "<tr><td>a<td>b".repeat(3000));
        assert_eq!(flattened(&rows, 100).0, 3);
    }

    #[test]
    fn what_is_the_sites_is_left_out() {
        let text = "<p>The envoys of both sides met in Orlav on Monday for the first time since the spring.</p>".repeat(5);
        let left = |part: &str| slim(&format!("<div><h1>Talks</h1>{text}{part}{text}</div>")).0.contains("XYZ");
        let link = "<a href='/x'>XYZ are the words of a link</a>";
        for site in [
            "<nav>XYZ</nav>",
            "<div class='newsletterBox'>XYZ</div>",
            "<div id=related-links>XYZ</div>",
            "<ul class='article__share_tools social'><li>XYZ</ul>",
            "<section data-x='1' class=\"up-next\"><div>XYZ</div></section>",
            "<amp-embed type=x><p>XYZ</amp-embed>",
            &format!("<ul><li>{link}<li>{link}<li>{link}</ul>"),
        ] {
            assert!(!left(site), "{site}");
        }
        for own in [
            "<p>XYZ</p>",
            "<div class='no-sidebar'>XYZ</div>",
            "<div class='shareholders'>XYZ</div>",
            "<aside>XYZ",
            "<span class=related>XYZ</span>",
            &format!("<p>They met, {link} and {link} and {link} say, at the same table as in the spring.</p>"),
        ] {
            assert!(left(own), "{own}");
        }
        // What holds much of the text is the report's, whatever its name.
        assert!(slim(&format!("<div class='sidebar'>{text}</div>{text}")).0.contains("envoys"));
        assert_eq!(slim(&format!("<div class='sidebar'>{text}</div>{text}")).0.matches("envoys").count(), 10);
        assert_eq!(slim(&format!("<div class='related'><h1>Talks</h1><p>XYZ</p></div>{text}")).0.matches("XYZ").count(), 1);
        // Readers' comments go even where they are most of it.
        let comments = format!("<h1>Talks</h1>{text}<div id=comments>{}</div>", text.replace("envoys", "XYZ").repeat(8));
        assert!(!slim(&comments).0.contains("XYZ"));
        // With them what stands within, which is more than is left.
        let within =
            comments.replace("<div id=comments>", "<div id=comments><div class=related>").replace("</div>", "</div></div>");
        assert!(!slim(&within).0.contains("XYZ"));
    }

    #[test]
    fn a_page_cut_short_is_noticed() {
        let mut scanner = Scanner::new("<p>Talks <a hr");
        while scanner.next().is_some() {}
        assert!(scanner.cut);
    }
}
