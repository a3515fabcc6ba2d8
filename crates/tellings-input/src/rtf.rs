//! Rich Text Format to lines: one a paragraph. Groups that are no text of the document (fonts, pictures, page heads) are left.

use encoding_rs::{Encoding, WINDOWS_1252};

/// Groups in groups; what is nested deeper is read as if it were not.
const DEEPEST: usize = 512;

/// How text in a group is taken.
#[derive(Clone, Copy)]
struct Group {
    /// It is no text of the document.
    skipped: bool,
    /// Characters that stand in for a Unicode one.
    fallback: usize,
}

/// The paragraphs of a document, and does it end in the middle?
pub(crate) fn lines(bytes: &[u8]) -> (Vec<String>, bool) {
    let mut out = Out { lines: Vec::new(), line: String::new(), bytes: Vec::new(), encoding: WINDOWS_1252 };
    let mut group = Group { skipped: false, fallback: 1 };
    let (mut open, mut deeper): (Vec<Group>, usize) = (Vec::new(), 0);
    let (mut at, mut starred, mut high) = (0, false, None::<u16>);
    // Characters still to be passed over behind a Unicode one.
    let mut pass = 0usize;
    while let Some(&b) = bytes.get(at) {
        at += 1;
        match b {
            b'{' => {
                if open.len() < DEEPEST {
                    open.push(group)
                } else {
                    deeper += 1
                }
                (starred, pass) = (false, 0);
            }
            b'}' => {
                if deeper > 0 {
                    deeper -= 1
                } else {
                    group = open.pop().unwrap_or(group)
                }
                (starred, pass) = (false, 0);
            }
            b'\r' | b'\n' => {}
            b'\\' => {
                let Some(&next) = bytes.get(at) else { break };
                if !next.is_ascii_alphabetic() {
                    at += 1;
                    match next {
                        b'\'' => {
                            let digits = bytes.get(at..at + 2).and_then(|d| std::str::from_utf8(d).ok());
                            if let Some(byte) = digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
                                at += 2;
                                if pass > 0 {
                                    pass -= 1
                                } else if !group.skipped {
                                    out.byte(byte)
                                }
                            }
                        }
                        b'*' => starred = true,
                        b'~' if !group.skipped => out.char('\u{a0}'),
                        b'_' if !group.skipped => out.char('-'),
                        b'\\' | b'{' | b'}' => {
                            if pass > 0 {
                                pass -= 1
                            } else if !group.skipped {
                                out.char(next as char)
                            }
                        }
                        b'\n' | b'\r' if !group.skipped => out.end(),
                        _ => {}
                    }
                    continue;
                }
                let word = bytes[at..].iter().take(32).take_while(|b| b.is_ascii_alphabetic()).count();
                let name = std::str::from_utf8(&bytes[at..at + word]).unwrap_or("");
                at += word;
                let sign = usize::from(bytes.get(at) == Some(&b'-'));
                let digits = bytes[at + sign..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
                let number = std::str::from_utf8(&bytes[at..at + sign + digits]).ok().and_then(|n| n.parse::<i64>().ok());
                if digits > 0 {
                    at += sign + digits;
                }
                if bytes.get(at) == Some(&b' ') {
                    at += 1;
                }
                if starred {
                    group.skipped = true;
                    starred = false;
                    continue;
                }
                match name {
                    "bin" => at = at.saturating_add(number.unwrap_or(0).max(0) as usize).min(bytes.len()),
                    "uc" => group.fallback = number.unwrap_or(1).clamp(0, 16) as usize,
                    "ansicpg" => {
                        let label = format!("windows-{}", number.unwrap_or(1252));
                        out.encoding = Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252);
                    }
                    "mac" => out.encoding = encoding_rs::MACINTOSH,
                    "u" if !group.skipped => {
                        pass = group.fallback;
                        let unit = number.unwrap_or(0x3f) as u16;
                        match (high.take(), unit) {
                            (_, 0xd800..=0xdbff) => high = Some(unit),
                            (Some(first), 0xdc00..=0xdfff) => {
                                let code = 0x10000 + ((u32::from(first) - 0xd800) << 10) + u32::from(unit) - 0xdc00;
                                out.char(char::from_u32(code).unwrap_or('\u{fffd}'));
                            }
                            (_, unit) => out.char(char::from_u32(u32::from(unit)).unwrap_or('\u{fffd}')),
                        }
                    }
                    "fonttbl" | "colortbl" | "stylesheet" | "info" | "pict" | "header" | "headerl" | "headerr" | "headerf"
                    | "footer" | "footerl" | "footerr" | "footerf" | "fldinst" | "themedata" | "object" | "nonshppict"
                    | "listtable" | "bkmkstart" | "bkmkend" | "xe" | "tc" | "annotation" | "generator" => group.skipped = true,
                    _ if group.skipped => {}
                    "par" | "line" | "sect" | "page" | "row" | "cell" | "column" => out.end(),
                    "tab" => out.char('\t'),
                    "emdash" => out.char('—'),
                    "endash" => out.char('–'),
                    "lquote" => out.char('‘'),
                    "rquote" => out.char('’'),
                    "ldblquote" => out.char('“'),
                    "rdblquote" => out.char('”'),
                    "bullet" => out.char('•'),
                    "emspace" | "enspace" => out.char(' '),
                    _ => {}
                }
            }
            _ if group.skipped => {}
            _ if pass > 0 => pass -= 1,
            b => out.byte(b),
        }
    }
    out.end();
    (out.lines, !open.is_empty())
}

struct Out {
    lines: Vec<String>,
    line: String,
    /// Bytes of the document's own encoding that wait.
    bytes: Vec<u8>,
    encoding: &'static Encoding,
}

impl Out {
    fn byte(&mut self, byte: u8) {
        self.bytes.push(byte);
    }

    fn flush(&mut self) {
        if !self.bytes.is_empty() {
            self.line.push_str(&self.encoding.decode_without_bom_handling(&self.bytes).0);
            self.bytes.clear();
        }
    }

    fn char(&mut self, c: char) {
        self.flush();
        self.line.push(c);
    }

    fn end(&mut self) {
        self.flush();
        self.lines.push(std::mem::take(&mut self.line).trim().to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_without_the_rest() {
        let rtf = br"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\*\generator x;}{\header Page 1\par}\pard The \b envoy\b0  said \ldblquote no\rdblquote\par
in Z\'fcrich \u8212?twice\u8364\'80.\line{\field{\*\fldinst HYPERLINK x}{\fldrslt here}}\{a\}\par {\pict 0102}}";
        let (lines, cut) = lines(rtf);
        let lines: Vec<&str> = lines.iter().map(String::as_str).filter(|l| !l.is_empty()).collect();
        assert_eq!(lines, ["The envoy said “no”", "in Zürich —twice€.", "here{a}"]);
        assert!(!cut && super::lines(b"{\\rtf1 They met").1);
    }
}
