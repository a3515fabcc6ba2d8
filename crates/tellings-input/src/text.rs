//! Bytes to characters, and the entities in them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The text of these bytes, and whether some were lost. `label` is the encoding that a header names.
pub(crate) fn decode<'a>(bytes: &'a [u8], label: Option<&str>) -> (Cow<'a, str>, bool) {
    let wide = |little: bool| {
        let unit = |b: &[u8]| match (b, little) {
            (&[a, b, c, d], true) => u32::from_le_bytes([a, b, c, d]),
            (&[a, b, c, d], false) => u32::from_be_bytes([a, b, c, d]),
            _ => 0xfffd,
        };
        let text: String = bytes.chunks(4).map(|b| char::from_u32(unit(b)).unwrap_or('\u{fffd}')).collect();
        let lost = text.contains('\u{fffd}');
        (Cow::Owned(text.trim_start_matches('\u{feff}').to_string()), lost)
    };
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"<\0\0\0") {
        return wide(true);
    }
    if bytes.starts_with(b"\0\0\xfe\xff") || bytes.starts_with(b"\0\0\0<") {
        return wide(false);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]);
    }
    let with = |encoding: &'static Encoding| encoding.decode_without_bom_handling(bytes);
    if bytes.starts_with(b"<\0") {
        return with(UTF_16LE);
    }
    if bytes.starts_with(b"\0<") {
        return with(UTF_16BE);
    }
    let head = &bytes[..bytes.len().min(1024)];
    let named = label.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let named = named.or_else(|| declared(head)).filter(|&e| e != UTF_16LE && e != UTF_16BE);
    // Bytes that can be UTF-8 are, whatever is declared: text in another encoding hardly ever can.
    let named = named.filter(|e| e.is_ascii_compatible());
    match (std::str::from_utf8(bytes), named) {
        (Ok(text), _) => (Cow::Borrowed(text), false),
        (Err(_), Some(named)) if named != UTF_8 => with(named),
        (Err(error), _) => {
            // A few broken bytes in UTF-8 do not make it another encoding.
            let bad = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
            let good = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().bytes()).filter(|b| !b.is_ascii()).count();
            if error.error_len().is_none() || bad * 20 < good {
                return with(UTF_8);
            }
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(&bytes[..bytes.len().min(1 << 18)], true);
            with(detector.guess(None, Utf8Detection::Deny))
        }
    }
}

/// As [`decode`], without a copy where the bytes are UTF-8.
pub(crate) fn owned(bytes: Vec<u8>, label: Option<&str>) -> (String, bool) {
    if !bytes.starts_with(b"\xef\xbb\xbf") && !bytes.starts_with(b"\0") && bytes.get(1) != Some(&0) {
        match String::from_utf8(bytes) {
            Ok(text) => return (text, false),
            Err(error) => {
                let (text, lost) = decode(error.as_bytes(), label);
                return (text.into_owned(), lost);
            }
        }
    }
    let (text, lost) = decode(&bytes, label);
    (text.into_owned(), lost)
}

/// The encoding that an XML declaration or a page names.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = ["encoding", "charset"].iter().find_map(|word| head.find(word).map(|at| &head[at + word.len()..]))?;
    let label = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\''));
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':')).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// Text with its entities decoded: those of XML and HTML, numbers, and those that the document declares itself. What is no
/// entity stays as it is.
pub(crate) fn entities<'a>(text: &'a str, own: &[(String, String)]) -> Cow<'a, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = entity(rest, own, &mut out);
        if length == 0 {
            out.push('&');
        }
        rest = &rest[length.max(1)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Puts out what the entity at the start of `text` stands for, and says how long it is; nothing where it is none.
fn entity(text: &str, own: &[(String, String)], out: &mut String) -> usize {
    let end =
        text.bytes().take(40).skip(1).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'#' | b'_' | b'-' | b'.')).count()
            + 1;
    let name = &text[1..end];
    let closed = text[end..].starts_with(';');
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        let Ok(code) = code else { return 0 };
        out.push(windows(code).or(char::from_u32(code)).filter(|&c| c != '\0').unwrap_or('\u{fffd}'));
        return end + usize::from(closed);
    }
    if !closed || name.is_empty() {
        return 0;
    }
    if let Some((_, value)) = own.iter().find(|(own, _)| own == name) {
        out.push_str(value);
        return end + 1;
    }
    let whole = &text[..=end];
    let decoded = html_escape::decode_html_entities(whole);
    if decoded == whole && name != "amp" {
        return 0;
    }
    out.push_str(&decoded);
    end + 1
}

/// The character that 128 to 159 mean in Windows-1252, as in every browser.
pub(crate) fn windows(code: u32) -> Option<char> {
    let byte = u8::try_from(code).ok().filter(|b| (0x80..0xa0).contains(b))?;
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[byte]).0.chars().next()
}

/// Markup as the words a reader sees: tags out, entities decoded, white space single.
pub(crate) fn plain(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    for token in crate::xml::Scanner::page(html) {
        match token.what {
            crate::xml::What::Text(text) => words.push_str(&entities(text, &[])),
            crate::xml::What::Data(text) => words.push_str(text),
            crate::xml::What::Open { name, .. } | crate::xml::What::Close { name } if !inline(name) => words.push(' '),
            _ => {}
        }
    }
    spaced(&words)
}

/// Does this element stand in a line of text, so that words may run on through it?
fn inline(name: &str) -> bool {
    const INLINE: [&str; 24] = [
        "a", "abbr", "acronym", "b", "bdo", "big", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small",
        "span", "strong", "sub", "sup", "time", "u", "wbr",
    ];
    INLINE.iter().any(|inline| name.eq_ignore_ascii_case(inline))
}

/// Text with single spaces and none at its ends.
pub(crate) fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Does this text hold markup: an end tag, a break or a paragraph, or an entity?
pub(crate) fn marked_up(text: &str) -> bool {
    if memchr::memchr2(b'<', b'&', text.as_bytes()).is_none() {
        return false;
    }
    let tag = text.match_indices('<').any(|(at, _)| {
        let rest = &text.as_bytes()[at + 1..];
        let rest = rest.strip_prefix(b"/").unwrap_or(rest);
        let name = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let close = rest.get(name).is_some_and(|b| matches!(b, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r'));
        name > 0 && close && rest[0].is_ascii_alphabetic() && memchr::memchr(b'>', rest).is_some()
    });
    tag || text.match_indices('&').any(|(at, _)| entity(&text[at..], &[], &mut String::new()) > 0)
}
