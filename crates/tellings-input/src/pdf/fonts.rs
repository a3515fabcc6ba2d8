//! Which letters the codes of a font are, and how wide they are.

use hayro_syntax::object::dict::Dict;
use hayro_syntax::object::{Array, Name, Object};
use std::collections::HashMap;

/// A font of a document.
pub(crate) struct Font {
    /// Codes of two bytes.
    wide: bool,
    /// Letters as the document tells them for reading.
    told: HashMap<u32, String>,
    /// Letters of codes of one byte.
    letters: Vec<Option<String>>,
    widths: HashMap<u32, f32>,
    usual: f32,
}

/// Ranges and codes of a table of letters.
const MOST: usize = 70_000;

impl Font {
    pub(crate) fn new(dict: &Dict<'_>, told: Option<&[u8]>) -> Font {
        let wide = dict.get::<Name<'_>>("Subtype").as_deref() == Some(b"Type0");
        let told = told.map(table).unwrap_or_default();
        let (letters, (widths, usual)) = if wide { (Vec::new(), wide_widths(dict)) } else { (encoding(dict), widths(dict)) };
        Font { wide, told, letters, widths, usual }
    }

    /// Shows each letter: what it is, if that is known; how wide it is, in the size of the font; is it a blank of one byte?
    pub(crate) fn each(&self, words: &[u8], show: &mut dyn FnMut(Option<&str>, f32, bool)) {
        for code in words.chunks(if self.wide { 2 } else { 1 }) {
            let number = code.iter().fold(0, |number, &byte| number << 8 | u32::from(byte));
            let letters = self.told.get(&number).map(String::as_str);
            let letters = letters.or_else(|| self.letters.get(number as usize)?.as_deref());
            let width = self.widths.get(&number).copied().unwrap_or(self.usual);
            show(letters, width / 1000.0, !self.wide && number == 32);
        }
    }
}

/// Widths of codes of one byte, and of those that are not told.
fn widths(dict: &Dict<'_>) -> (HashMap<u32, f32>, f32) {
    let first = dict.get::<i32>("FirstChar").unwrap_or(0).clamp(0, 255) as u32;
    let told = dict.get::<Array<'_>>("Widths").into_iter().flat_map(|widths| widths.iter::<f32>()).take(256);
    // Type 3 fonts measure in a space of their own.
    let scale = dict.get::<Array<'_>>("FontMatrix").and_then(|m| m.iter::<f32>().next()).map_or(1.0, |scale| scale * 1000.0);
    let widths: HashMap<u32, f32> = (first..).zip(told.map(|width| width * scale)).collect();
    let name = dict.get::<Name<'_>>("BaseFont").map_or(Vec::new(), |name| name.to_vec());
    if !widths.is_empty() {
        return (widths, 500.0);
    }
    // The fonts that every program has need not tell.
    if name.windows(7).any(|part| part == b"Courier") {
        return (widths, 600.0);
    }
    let narrow = name.windows(5).any(|part| part == b"Times");
    let width = |code: u32| match code as u8 {
        b' ' | b'.' | b',' | b'i' | b'j' | b'l' | b'I' | b'!' | b'\'' | b't' | b'f' | b'/' | b':' | b';' => 278.0,
        b'r' | b'-' | b'(' | b')' | b's' => 350.0,
        b'm' | b'M' | b'W' => 850.0,
        b'w' | b'A'..=b'Z' => 690.0,
        _ => 540.0,
    };
    ((32..256).map(|code| (code, width(code) * if narrow { 0.92 } else { 1.0 })).collect(), 500.0)
}

/// Widths of codes of two bytes.
fn wide_widths(dict: &Dict<'_>) -> (HashMap<u32, f32>, f32) {
    let inner = dict.get::<Array<'_>>("DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'_>>().next());
    let Some(inner) = inner else { return (HashMap::new(), 1000.0) };
    let mut widths = HashMap::new();
    let usual = inner.get::<f32>("DW").unwrap_or(1000.0);
    let list = inner.get::<Array<'_>>("W");
    let mut parts = list.into_iter().flat_map(|list| list.iter::<Object<'_>>()).take(MOST);
    // `first [w w w]` or `first last w`.
    while let (Some(Object::Number(first)), Some(next)) = (parts.next(), parts.next()) {
        let first = first.as_i64().clamp(0, 0xffff) as u32;
        match next {
            Object::Array(list) => widths.extend((first..).zip(list.iter::<f32>()).take(MOST)),
            Object::Number(last) => {
                let Some(Object::Number(width)) = parts.next() else { break };
                let last = last.as_i64().clamp(0, 0xffff) as u32;
                widths.extend((first..=last).map(|code| (code, width.as_f32())));
            }
            _ => break,
        }
        if widths.len() > MOST {
            break;
        }
    }
    (widths, usual)
}

/// The letters of codes of one byte.
fn encoding(dict: &Dict<'_>) -> Vec<Option<String>> {
    let (base, differences) = match dict.get::<Object<'_>>("Encoding") {
        Some(Object::Name(name)) => (name.to_vec(), None),
        Some(Object::Dict(encoding)) => (
            encoding.get::<Name<'_>>("BaseEncoding").map_or(Vec::new(), |name| name.to_vec()),
            encoding.get::<Array<'_>>("Differences"),
        ),
        _ => (Vec::new(), None),
    };
    let symbols =
        dict.get::<Dict<'_>>("FontDescriptor").and_then(|about| about.get::<i32>("Flags")).is_some_and(|flags| flags & 4 != 0);
    let plain = if base == b"MacRomanEncoding" { encoding_rs::MACINTOSH } else { encoding_rs::WINDOWS_1252 };
    let mut letters: Vec<Option<String>> = (0..=255u8)
        .map(|byte| {
            // A font of symbols that names no encoding means its own codes; letters of the alphabet mostly are what they seem.
            if byte < 32 || symbols && base.is_empty() && !byte.is_ascii_graphic() && byte != b' ' {
                return None;
            }
            Some(plain.decode_without_bom_handling(&[byte]).0.into_owned())
        })
        .collect();
    if base.is_empty() || base == b"StandardEncoding" {
        for (code, letter) in STANDARD {
            letters[usize::from(code)] = Some(letter.to_string());
        }
    }
    let mut code = 0usize;
    for part in differences.into_iter().flat_map(|list| list.iter::<Object<'_>>()).take(1000) {
        match part {
            Object::Number(number) => code = number.as_i64().clamp(0, 255) as usize,
            Object::Name(name) => {
                if let Some(letter) = letters.get_mut(code) {
                    *letter = named(&String::from_utf8_lossy(&name));
                }
                code += 1;
            }
            _ => {}
        }
    }
    letters
}

/// Where Adobe's standard encoding is not as others are.
const STANDARD: [(u8, char); 16] = [
    (0x27, '’'),
    (0x60, '‘'),
    (0xa4, '⁄'),
    (0xa9, '\''),
    (0xaa, '“'),
    (0xac, '‹'),
    (0xad, '›'),
    (0xae, 'ﬁ'),
    (0xaf, 'ﬂ'),
    (0xb1, '–'),
    (0xb7, '•'),
    (0xb8, '‚'),
    (0xb9, '„'),
    (0xba, '”'),
    (0xbc, '…'),
    (0xd0, '—'),
];

/// The letter that a name of Adobe's list stands for.
fn named(name: &str) -> Option<String> {
    const NAMES: [(&str, &str); 62] = [
        ("space", " "),
        ("nbspace", " "),
        ("exclam", "!"),
        ("quotedbl", "\""),
        ("numbersign", "#"),
        ("dollar", "$"),
        ("percent", "%"),
        ("ampersand", "&"),
        ("quotesingle", "'"),
        ("parenleft", "("),
        ("parenright", ")"),
        ("asterisk", "*"),
        ("plus", "+"),
        ("comma", ","),
        ("hyphen", "-"),
        ("sfthyphen", "\u{ad}"),
        ("minus", "−"),
        ("period", "."),
        ("slash", "/"),
        ("zero", "0"),
        ("one", "1"),
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("colon", ":"),
        ("semicolon", ";"),
        ("less", "<"),
        ("equal", "="),
        ("greater", ">"),
        ("question", "?"),
        ("at", "@"),
        ("bracketleft", "["),
        ("backslash", "\\"),
        ("bracketright", "]"),
        ("underscore", "_"),
        ("grave", "`"),
        ("bar", "|"),
        ("quoteleft", "‘"),
        ("quoteright", "’"),
        ("quotedblleft", "“"),
        ("quotedblright", "”"),
        ("quotedblbase", "„"),
        ("quotesinglbase", "‚"),
        ("endash", "–"),
        ("emdash", "—"),
        ("bullet", "•"),
        ("ellipsis", "…"),
        ("fi", "fi"),
        ("fl", "fl"),
        ("ff", "ff"),
        ("ffi", "ffi"),
        ("ffl", "ffl"),
        ("Euro", "€"),
        ("sterling", "£"),
        ("germandbls", "ß"),
        ("ae", "æ"),
        ("AE", "Æ"),
    ];
    const MORE: [(&str, &str); 10] = [
        ("oslash", "ø"),
        ("Oslash", "Ø"),
        ("oe", "œ"),
        ("OE", "Œ"),
        ("dotlessi", "ı"),
        ("eth", "ð"),
        ("thorn", "þ"),
        ("lslash", "ł"),
        ("Lslash", "Ł"),
        ("degree", "°"),
    ];
    const MARKS: [(&str, char); 12] = [
        ("grave", '\u{300}'),
        ("acute", '\u{301}'),
        ("circumflex", '\u{302}'),
        ("tilde", '\u{303}'),
        ("dieresis", '\u{308}'),
        ("ring", '\u{30a}'),
        ("cedilla", '\u{327}'),
        ("caron", '\u{30c}'),
        ("breve", '\u{306}'),
        ("ogonek", '\u{328}'),
        ("macron", '\u{304}'),
        ("dotaccent", '\u{307}'),
    ];
    let name = name.split('.').next().filter(|name| !name.is_empty())?;
    if name.len() == 1 && name.as_bytes()[0].is_ascii_alphabetic() {
        return Some(name.to_string());
    }
    if let Some((_, letter)) = NAMES.iter().chain(&MORE).find(|(known, _)| *known == name) {
        return Some(letter.to_string());
    }
    // `eacute`: a letter and its mark.
    if let Some(mark) = name.get(1..).and_then(|mark| MARKS.iter().find(|(known, _)| *known == mark))
        && name.as_bytes()[0].is_ascii_alphabetic()
    {
        return Some(composed(name.as_bytes()[0] as char, mark.1));
    }
    let hex =
        name.strip_prefix("uni").and_then(|hex| hex.get(..4)).or_else(|| name.strip_prefix('u').filter(|hex| hex.len() >= 4))?;
    u32::from_str_radix(hex, 16).ok().and_then(char::from_u32).map(String::from)
}

/// A letter with its mark as one letter, where there is one.
fn composed(letter: char, mark: char) -> String {
    const TABLE: &str =
        "àáâãäåÀÁÂÃÄÅèéêëÈÉÊËìíîïÌÍÎÏòóôõöÒÓÔÕÖùúûüÙÚÛÜýÿÝŸñÑçÇšžŠŽčČćĆěĚřŘğĞăĂąĄęĘşŞńŃůŮőŐűŰśŚźŹżŻťŤďĎňŇĺĹļĻģĢķĶņŅāĀēĒīĪūŪėĖİ";
    const PARTS: &str = "a\u{300}a\u{301}a\u{302}a\u{303}a\u{308}a\u{30a}A\u{300}A\u{301}A\u{302}A\u{303}A\u{308}A\u{30a}e\u{300}e\u{301}e\u{302}e\u{308}E\u{300}E\u{301}E\u{302}E\u{308}i\u{300}i\u{301}i\u{302}i\u{308}I\u{300}I\u{301}I\u{302}I\u{308}o\u{300}o\u{301}o\u{302}o\u{303}o\u{308}O\u{300}O\u{301}O\u{302}O\u{303}O\u{308}u\u{300}u\u{301}u\u{302}u\u{308}U\u{300}U\u{301}U\u{302}U\u{308}y\u{301}y\u{308}Y\u{301}Y\u{308}n\u{303}N\u{303}c\u{327}C\u{327}s\u{30c}z\u{30c}S\u{30c}Z\u{30c}c\u{30c}C\u{30c}c\u{301}C\u{301}e\u{30c}E\u{30c}r\u{30c}R\u{30c}g\u{306}G\u{306}a\u{306}A\u{306}a\u{328}A\u{328}e\u{328}E\u{328}s\u{327}S\u{327}n\u{301}N\u{301}u\u{30a}U\u{30a}o\u{30b}O\u{30b}u\u{30b}U\u{30b}s\u{301}S\u{301}z\u{301}Z\u{301}z\u{307}Z\u{307}t\u{30c}T\u{30c}d\u{30c}D\u{30c}n\u{30c}N\u{30c}l\u{301}L\u{301}l\u{327}L\u{327}g\u{327}G\u{327}k\u{327}K\u{327}n\u{327}N\u{327}a\u{304}A\u{304}e\u{304}E\u{304}i\u{304}I\u{304}u\u{304}U\u{304}e\u{307}E\u{307}I\u{307}";
    let mut parts = PARTS.chars();
    for one in TABLE.chars() {
        if parts.next().zip(parts.next()) == Some((letter, mark)) {
            return one.to_string();
        }
    }
    format!("{letter}{mark}")
}

/// The letters of a table that a document has for reading.
fn table(bytes: &[u8]) -> HashMap<u32, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut table = HashMap::new();
    // What stands between `begin…` and `end…`: codes as `<0041>`, lists in brackets.
    for (begin, end, ranges) in [("beginbfchar", "endbfchar", false), ("beginbfrange", "endbfrange", true)] {
        let mut rest = &*text;
        while let Some((_, after)) = rest.split_once(begin) {
            let (part, after) = after.split_once(end).unwrap_or((after, ""));
            rest = after;
            let mut codes = Codes(part);
            while let Some(first) = codes.next() {
                let Code::Hex(first) = first else { continue };
                let first = number(&first);
                if !ranges {
                    let Some(Code::Hex(to)) = codes.next() else { break };
                    table.insert(first, letters(&to, 0));
                } else {
                    let Some(Code::Hex(last)) = codes.next() else { break };
                    let last = number(&last).min(first.saturating_add(0xffff));
                    match codes.next() {
                        Some(Code::Hex(to)) => {
                            for code in first..=last {
                                table.insert(code, letters(&to, code - first));
                                if table.len() > MOST {
                                    return table;
                                }
                            }
                        }
                        Some(Code::Open) => {
                            let mut code = first;
                            while let Some(Code::Hex(to)) = codes.next() {
                                table.insert(code, letters(&to, 0));
                                code += 1;
                            }
                        }
                        _ => break,
                    }
                }
                if table.len() > MOST {
                    return table;
                }
            }
        }
    }
    table
}

fn number(code: &[u8]) -> u32 {
    code.iter().take(4).fold(0, |number, &byte| number << 8 | u32::from(byte))
}

/// Letters in UTF-16, the last of them moved on.
fn letters(utf16: &[u8], by: u32) -> String {
    let mut units: Vec<u16> =
        utf16.chunks(2).take(16).map(|pair| pair.iter().fold(0, |unit, &byte| unit << 8 | u16::from(byte))).collect();
    if let Some(last) = units.last_mut() {
        *last = last.wrapping_add(by as u16);
    }
    String::from_utf16_lossy(&units).replace('\0', "")
}

/// What a table of letters is made of.
struct Codes<'a>(&'a str);

enum Code {
    Hex(Vec<u8>),
    Open,
    Close,
}

impl Iterator for Codes<'_> {
    type Item = Code;

    fn next(&mut self) -> Option<Code> {
        let at = self.0.find(['<', '[', ']'])?;
        let mark = self.0.as_bytes()[at];
        self.0 = &self.0[at + 1..];
        if mark != b'<' {
            return Some(if mark == b'[' { Code::Open } else { Code::Close });
        }
        let (hex, rest) = self.0.split_once('>')?;
        self.0 = rest;
        let digits: Vec<u8> = hex.chars().filter_map(|c| c.to_digit(16).map(|d| d as u8)).take(64).collect();
        Some(Code::Hex(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, &digit| byte << 4 | digit)).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_letters() {
        let names = ["A", "eacute", "Scaron", "quoteright", "uni20AC", "u1F600", "fi", "a.alt", "g17", ".notdef"];
        let letters = names.map(|name| named(name).unwrap_or("-".to_string()));
        assert_eq!(letters, ["A", "é", "Š", "’", "€", "😀", "fi", "a", "-", "-"]);
    }

    #[test]
    fn tables_of_letters() {
        let text = b"1 beginbfchar <01> <0041> endbfchar 2 beginbfrange <0010> <0012> <0061> <20> <21> [<0066 0069> <D83DDE00>] endbfrange";
        let table = table(text);
        assert_eq!([0x01, 0x10, 0x12, 0x20, 0x21].map(|code| table[&code].as_str()), ["A", "a", "c", "fi", "😀"]);
    }
}
