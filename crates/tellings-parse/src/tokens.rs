//! Text to Universal Dependencies words, by rules on characters.
//!
//! White space cuts a text into chunks; most chunks are one plain word. The others are cut by what stands between their
//! letters: clitics (`do|n't`, `Obama|'s`), hyphens (`war|-|torn`, but `anti-war`), marks, units (`5|km`); addresses,
//! numbers, dates and abbreviations stay whole. Every character that is not white space belongs to one word.

use tellings_doc::Span;

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gap {
    /// Nothing.
    None,
    /// White space on the line.
    Space,
    /// One line end.
    Line,
    /// An empty line, or the start of the block.
    Break,
}

/// A word's letters and the gap before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its letters.
    pub span: Span,
    /// What stands before it.
    pub gap: Gap,
}

/// Adds the words of `text[span]` to `out`.
pub fn tokens(text: &str, span: Span, out: &mut Vec<Piece>) {
    let part = span.of(text);
    let bytes = part.as_bytes();
    let (mut at, mut gap, mut lines) = (0, Gap::Break, 2);
    while at < bytes.len() {
        let (blank, len) = blank_at(part, at);
        if blank {
            if bytes[at] == b'\n' || len == 3 {
                lines += 1;
            }
            gap = gap.max(match lines {
                0 => Gap::Space,
                1 => Gap::Line,
                _ => Gap::Break,
            });
            at += len;
            continue;
        }
        let start = at;
        let mut plain = true;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii_alphabetic() {
                at += 1;
            } else if byte < 0x80 {
                if byte <= b' ' && blank_at(part, at).0 {
                    break;
                }
                plain = false;
                at += 1;
            } else {
                let (blank, len) = blank_at(part, at);
                if blank {
                    break;
                }
                plain = false;
                at += len;
            }
        }
        let mut cutter = Cutter { text: part, base: span.start(), end: at, gap, out };
        if plain {
            cutter.word(start, at);
        } else {
            cutter.chunk(start);
        }
        (gap, lines) = (Gap::None, 0);
    }
}

/// Is there white space at `at`, and how long is the character there?
fn blank_at(text: &str, at: usize) -> (bool, usize) {
    let byte = text.as_bytes()[at];
    if byte < 0x80 {
        return (matches!(byte, b' ' | b'\t'..=b'\r'), 1);
    }
    let c = text[at..].chars().next().unwrap_or(' ');
    (c.is_whitespace(), c.len_utf8())
}

/// Words that keep a hyphen behind them: prefixes.
const PREFIXES: [&str; 47] = [
    "anti", "arch", "bi", "co", "counter", "cross", "cyber", "de", "e", "eco", "ex", "extra", "hyper", "inter", "intra", "mega",
    "micro", "mid", "mini", "mis", "multi", "neo", "non", "over", "pan", "para", "post", "pre", "pro", "proto", "pseudo", "re",
    "semi", "socio", "sub", "super", "trans", "tri", "ultra", "un", "under", "uni", "vice", "afro", "geo", "bio", "psycho",
];

/// Abbreviations that keep their full stop, in small letters, sorted.
const ABBREVIATIONS: [&str; 122] = [
    "adj", "adm", "al", "approx", "apr", "assn", "asst", "attn", "aug", "ave", "blvd", "brig", "bros", "ca", "capt", "cf",
    "cmdr", "co", "col", "comdr", "conf", "corp", "cpl", "cpt", "dec", "dept", "dist", "div", "dr", "ed", "eds", "eg", "esp",
    "esq", "est", "etc", "eve", "ext", "feb", "fig", "figs", "fri", "ft", "gen", "gov", "govt", "hon", "hr", "hrs", "ie", "inc",
    "info", "insp", "jan", "jr", "jul", "jun", "lb", "lbs", "lt", "ltd", "maj", "mar", "messrs", "mgr", "min", "misc", "mlle",
    "mme", "mon", "mr", "mrs", "ms", "msgr", "mt", "nos", "nov", "oct", "op", "oz", "para", "pfc", "ph", "pl", "pp", "pres",
    "prof", "pvt", "rd", "ref", "rep", "reps", "res", "ret", "rev", "sat", "sec", "sen", "sens", "sep", "sept", "sgt", "sr",
    "st", "ste", "sun", "supt", "tel", "thu", "thur", "thurs", "tue", "tues", "univ", "viz", "vol", "vols", "vs", "wed", "yr",
    "yrs", "v",
];

/// Abbreviations only where more follows on the line (`No. 3`, but `He said no.`).
const BEFORE_NUMBER: [&str; 6] = ["no", "nos", "p", "pp", "art", "ch"];

/// Letters after a number that are words of their own.
const UNITS: [&str; 46] = [
    "am", "pm", "a.m.", "p.m.", "km", "kg", "cm", "mm", "nm", "m", "g", "mg", "mi", "ft", "lb", "lbs", "oz", "mph", "kph", "kmh",
    "hr", "hrs", "min", "mins", "sec", "secs", "ml", "mw", "kw", "mb", "gb", "tb", "mhz", "ghz", "hz", "k", "bn", "mn", "tn",
    "yrs", "yr", "in", "x", "pt", "ha", "°c",
];

/// Words written together that are two words; the number of bytes of the first.
const FUSED: [(&str, usize); 36] = [
    ("cannot", 3),
    ("its", 2),
    ("gonna", 3),
    ("wanna", 3),
    ("gotta", 3),
    ("lemme", 3),
    ("gimme", 3),
    ("dont", 2),
    ("didnt", 3),
    ("doesnt", 4),
    ("wont", 2),
    ("cant", 2),
    ("isnt", 2),
    ("wasnt", 3),
    ("arent", 3),
    ("werent", 4),
    ("havent", 4),
    ("hasnt", 3),
    ("hadnt", 3),
    ("wouldnt", 5),
    ("couldnt", 5),
    ("shouldnt", 6),
    ("ive", 1),
    ("im", 1),
    ("thats", 4),
    ("youre", 3),
    ("youve", 3),
    ("theyre", 4),
    ("theyve", 4),
    ("whats", 4),
    ("aint", 2),
    ("doesn", 9),
    ("elses", 4),
    ("outta", 3),
    ("lets", 3),
    ("alot", 1),
];

/// Ends of names on the net and of files.
const DOMAINS: [&str; 40] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "co", "uk", "us", "eu", "de", "fr", "ru", "cn", "in", "io",
    "tv", "me", "au", "ca", "jp", "htm", "html", "php", "asp", "pdf", "doc", "docx", "xls", "xlsx", "txt", "jpg", "png", "gif",
    "mp3", "zip", "exe",
];

struct Cutter<'a> {
    text: &'a str,
    base: usize,
    end: usize,
    gap: Gap,
    out: &'a mut Vec<Piece>,
}

impl Cutter<'_> {
    fn push(&mut self, start: usize, end: usize) {
        if start < end {
            self.out.push(Piece { span: Span::new(self.base + start, self.base + end), gap: self.gap });
            self.gap = Gap::None;
        }
    }

    /// A run of letters, perhaps two words written as one.
    fn word(&mut self, start: usize, end: usize) {
        let len = end - start;
        if (2..=8).contains(&len) && FUSED_FIRST[(self.text.as_bytes()[start] | 0x20) as usize & 31] {
            let mut lower = [0u8; 8];
            for (to, from) in lower.iter_mut().zip(&self.text.as_bytes()[start..end]) {
                *to = from.to_ascii_lowercase();
            }
            let upper_i = self.text.as_bytes()[start] == b'I';
            let fused = FUSED.iter().find(|(word, at)| word.as_bytes() == &lower[..len] && *at < len);
            if let Some(&(word, at)) = fused
                && (word != "im" || !upper_i || &self.text[start..end] != "IM")
                && (word != "its" || AFTER_IT_IS.contains(&self.next_word(end)))
            {
                self.push(start, start + at);
                self.push(start + at, end);
                return;
            }
        }
        self.push(start, end);
    }

    /// The word behind one blank at `end`, where it ends at a blank; else nothing.
    fn next_word(&self, end: usize) -> &str {
        let rest = self.text.get(end..).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
        let length = rest.bytes().take(16).take_while(u8::is_ascii_lowercase).count();
        if rest.as_bytes().get(length).is_none_or(|b| b.is_ascii_whitespace()) { &rest[..length] } else { "" }
    }

    fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..self.end)?.chars().next()
    }

    /// Cuts the chunk from `at` to the end.
    fn chunk(&mut self, mut at: usize) {
        while let Some(c) = self.char(at) {
            let from = at;
            at = match c {
                _ if let Some(end) = self.address(at) => {
                    self.push(from, end);
                    end
                }
                _ if is_word(c) => self.run(at),
                '\'' | '’' | '‘' | '`' => self.apostrophe(at, c),
                '@' | '#' if self.char(at + 1).is_some_and(|c| c.is_alphabetic()) => {
                    let end = self.while_char(at + 1, |c| is_word(c) || c == '_');
                    self.push(from, end);
                    end
                }
                _ => self.mark(at, c),
            };
            if at <= from {
                at = from + c.len_utf8();
                self.push(from, at);
            }
        }
    }

    fn while_char(&self, at: usize, test: impl Fn(char) -> bool) -> usize {
        let rest = self.text.get(at..self.end).unwrap_or("");
        at + rest.find(|c| !test(c)).unwrap_or(rest.len())
    }

    /// End of the web or mail address at `at`.
    fn address(&self, at: usize) -> Option<usize> {
        let rest = self.text.get(at..self.end)?;
        let bytes = rest.as_bytes();
        let starts = |p: &str| bytes.len() > p.len() && bytes[..p.len()].eq_ignore_ascii_case(p.as_bytes());
        let web = matches!(bytes[0] | 0x20, b'h' | b'f' | b'w' | b'm')
            && (starts("http://") || starts("https://") || starts("ftp://") || starts("www.") || starts("mailto:"));
        let mail = || {
            let sign = memchr_at(bytes)?;
            let local = &rest[..sign];
            let host = &rest[sign + 1..];
            let good = !local.is_empty()
                && local.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+%".contains(&b))
                && host
                    .find('.')
                    .is_some_and(|dot| dot > 0 && host.as_bytes().get(dot + 1).is_some_and(u8::is_ascii_alphanumeric));
            good.then_some(())
        };
        if !web {
            if !bytes[0].is_ascii_alphanumeric() {
                return None;
            }
            mail()?;
        }
        let mut end = rest.find(['<', '>', '"', '“', '”', '|', '’']).unwrap_or(rest.len());
        for _ in 0..8 {
            let last = rest[..end].chars().next_back()?;
            let closes = match last {
                ')' => !rest[..end].contains('('),
                ']' => !rest[..end].contains('['),
                _ => matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*'),
            };
            if !closes {
                break;
            }
            end -= last.len_utf8();
        }
        (end > 0).then_some(at + end)
    }

    /// A run that starts with a letter or digit: everything up to the mark that ends it. Returns its end.
    fn run(&mut self, start: usize) -> usize {
        let mut at = start;
        let mut first = true;
        loop {
            let from = at;
            at = self.while_char(at, is_word);
            let (Some(mark), piece) = (self.char(at), &self.text[from..at]) else { break };
            let after = at + mark.len_utf8();
            let Some(next) = self.char(after).filter(|&c| is_word(c)) else { break };
            let all = &self.text[start..at];
            let last_digit = piece.ends_with(|c: char| c.is_ascii_digit());
            let join = all.len() <= 64
                && match mark {
                    '.' if next.is_ascii_digit() && last_digit => true,
                    '.' if next.is_ascii_digit() && piece.len() == 1 && first => false,
                    '.' => self.dotted(all, after, next),
                    ',' => {
                        last_digit
                            && all.bytes().all(|b| b.is_ascii_digit() || b == b',')
                            && self.while_char(after, |c| c.is_ascii_digit()) <= after + 3
                    }
                    ':' => last_digit && next.is_ascii_digit() && all.len() <= 8,
                    '/' => {
                        let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'/');
                        let end = self.while_char(after, is_word);
                        digits(all) && digits(&self.text[after..end])
                            || all.len() == 1 && end - after == 1
                            || all.len() == 1 && all.eq_ignore_ascii_case("s") && self.text[after..end].eq_ignore_ascii_case("he")
                    }
                    '&' => {
                        let end = self.while_char(after, is_word);
                        let caps = |s: &str| s.len() <= 3 && s.bytes().all(|b| b.is_ascii_uppercase());
                        caps(piece) && caps(&self.text[after..end])
                    }
                    '\'' | '’' => next.is_alphabetic() && piece.ends_with(char::is_alphabetic),
                    '-' => self.hyphenated(all, after),
                    '*' | '_' => true,
                    _ => false,
                };
            if !join {
                break;
            }
            at = after;
            first = false;
        }
        self.finish(start, at)
    }

    /// Does the full stop before `after` belong to the word? (`U.S`, `Ph.D`, `bbc.co`, `report.pdf`, `comp.lang.c`)
    fn dotted(&self, all: &str, after: usize, next: char) -> bool {
        let end = self.while_char(after, is_word);
        let tail = &self.text[after..end];
        let letters =
            all.split('.').all(|p| p.chars().count() <= 1 || p.eq_ignore_ascii_case("ph") || p.eq_ignore_ascii_case("lt"));
        if letters && next.is_alphabetic() {
            return tail.chars().count() <= 2 || self.char(end) == Some('.') && tail.len() <= 4;
        }
        let known = |s: &str| DOMAINS.contains(&s);
        let mut last = tail;
        let mut at = end;
        for _ in 0..4 {
            if self.char(at) != Some('.') || !self.char(at + 1).is_some_and(|c| c.is_ascii_alphanumeric()) {
                break;
            }
            let end = self.while_char(at + 1, is_word);
            last = &self.text[at + 1..end];
            at = end;
        }
        // Three names and more, all in small letters, are an address too.
        let small = |s: &str| s.len() > 1 && s.bytes().all(|b| b.is_ascii_lowercase());
        if small(tail) && all.split('.').all(small) && (all.contains('.') || at > end && small(last)) {
            return true;
        }
        known(last) && all.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
    }

    /// Does the hyphen before `after` belong to the word? (`anti-war`, `555-0101`)
    fn hyphenated(&self, all: &str, after: usize) -> bool {
        let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let end = self.while_char(after, is_word);
        let next = &self.text[after..end];
        if digits(all) && digits(next) {
            return all.contains('-') || all.len() == 3 && next.len() >= 3 || self.char(end) == Some('-');
        }
        let prefix = all.len() <= 8 && PREFIXES.iter().any(|p| p.eq_ignore_ascii_case(all));
        prefix && next.starts_with(char::is_alphabetic) && self.char(end) != Some('-')
    }

    /// Cuts clitics and units off the run `start..end`, adds what is left, and takes a full stop that belongs to it.
    fn finish(&mut self, start: usize, mut end: usize) -> usize {
        let run = &self.text[start..end];
        if self.char(end) == Some('.') && self.abbreviation(run, end + 1) {
            end += 1;
            self.push(start, end);
            return end;
        }
        if run.starts_with(|c: char| c.is_ascii_digit()) {
            let number = run.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.' || *b == b',' || *b == b':').count();
            let tail = &run[number..];
            if !tail.is_empty() && UNITS.iter().any(|u| u.eq_ignore_ascii_case(tail)) {
                self.push(start, start + number);
                self.push(start + number, end);
                return end;
            }
        }
        if let Some(at) = run.rfind(['\'', '’']) {
            let mark = if run.as_bytes()[at] == b'\'' { 1 } else { 3 };
            let tail = &run[at + mark..];
            let is = |s: &str| tail.eq_ignore_ascii_case(s);
            if is("t") && at >= 2 && run.as_bytes()[at - 1].eq_ignore_ascii_case(&b'n') {
                self.push(start, start + at - 1);
                self.push(start + at - 1, end);
                return end;
            }
            if is("s") || is("m") || is("re") || is("ve") || is("ll") || is("d") {
                // A clitic may sit on another: `couldn't've`.
                let first = &run[..at];
                match first.len().checked_sub(3) {
                    Some(cut) if first.is_char_boundary(cut) && first[cut..].eq_ignore_ascii_case("n't") => {
                        self.push(start, start + cut);
                        self.push(start + cut, start + at);
                    }
                    _ => self.push(start, start + at),
                }
                self.push(start + at, end);
                return end;
            }
        } else if run.bytes().all(|b| b.is_ascii_alphabetic()) {
            self.word(start, end);
            return end;
        }
        self.push(start, end);
        end
    }

    /// Does the full stop behind `run`, after which the text goes on at `after`, belong to it?
    fn abbreviation(&self, run: &str, after: usize) -> bool {
        if self.char(after) == Some('.') || run.len() > 12 {
            return false;
        }
        let mut letters = run.chars();
        let initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
        if initial {
            return run != "I" || self.more_follows(after, char::is_uppercase);
        }
        if run.contains('.') {
            return run.split('.').all(|p| p.chars().count() <= 2 && p.chars().all(char::is_alphabetic));
        }
        let mut lower = [0u8; 12];
        for (to, from) in lower.iter_mut().zip(run.as_bytes()) {
            *to = from.to_ascii_lowercase();
        }
        let Ok(lower) = std::str::from_utf8(&lower[..run.len()]) else { return false };
        if BEFORE_NUMBER.contains(&lower) {
            return self.more_follows(after, |c| c.is_ascii_digit());
        }
        if !ABBREVIATIONS.contains(&lower) {
            return false;
        }
        let word = matches!(
            lower,
            "sun"
                | "sat"
                | "mar"
                | "min"
                | "fig"
                | "est"
                | "sec"
                | "ed"
                | "rep"
                | "gen"
                | "op"
                | "res"
                | "eve"
                | "wed"
                | "mon"
                | "ms"
                | "info"
                | "hon"
                | "conf"
                | "para"
                | "ref"
                | "ca"
                | "mt"
                | "co"
                | "ext"
                | "v"
                | "pl"
                | "al"
                | "div"
        );
        match word {
            // Also a word or part of a name: only with a capital or where more follows.
            true => {
                run.starts_with(char::is_uppercase) && self.more_follows(after, |_| true) || matches!(lower, "al" | "ca" | "v")
            }
            false => true,
        }
    }

    /// Does, after blanks, a character come that passes `test`?
    fn more_follows(&self, after: usize, test: impl Fn(char) -> bool) -> bool {
        let rest = self.text.get(after..).unwrap_or("");
        rest.trim_start_matches([' ', '\u{a0}']).chars().next().is_some_and(|c| c != '\n' && test(c))
    }

    /// A word that starts with an apostrophe, or a quotation mark.
    fn apostrophe(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        if c != '‘' && c != '`' {
            let end = self.while_char(after, is_word);
            let tail = &self.text[after..end];
            let glued = self.gap == Gap::None;
            let clitic = ["s", "m", "re", "ve", "ll", "d"].iter().any(|t| t.eq_ignore_ascii_case(tail));
            let apocope = ["em", "til", "cause", "bout", "tis", "twas", "n"].iter().any(|t| t.eq_ignore_ascii_case(tail));
            let decade = tail.len() == 3 && tail.ends_with('s') && tail.as_bytes()[0].is_ascii_digit();
            if clitic && glued || (apocope || decade) && !glued {
                self.push(at, end);
                return end;
            }
        }
        let end = if self.char(after) == Some(c) { after + c.len_utf8() } else { after };
        self.push(at, end);
        end
    }

    /// A mark, or a run of one that is written as one. Returns its end.
    fn mark(&mut self, at: usize, c: char) -> usize {
        let after = at + c.len_utf8();
        let end = match c {
            '.' if self.char(self.while_char(at, |x| x == '.')) == Some('?') => {
                self.while_char(at, |x| matches!(x, '.' | '!' | '?'))
            }
            '.' | '-' | '_' | '$' | '*' | '=' | '~' | '+' | '#' | '—' | '…' | '>' | '<' | '^' => {
                self.while_char(at, |x| x == c)
            }
            '!' | '?' => self.while_char(at, |x| matches!(x, '!' | '?')),
            ':' | ';' => {
                let nose = if self.char(after) == Some('-') { after + 1 } else { after };
                match self.char(nose) {
                    Some(')' | '(' | 'D' | 'P' | '/' | 'p') if self.char(nose + 1).is_none_or(|c| !is_word(c)) => {
                        self.while_char(nose, |x| Some(x) == self.char(nose))
                    }
                    _ => after,
                }
            }
            _ => after,
        };
        self.push(at, end);
        end
    }
}

/// Behind these `its` is "it is" without its apostrophe: what something has is not named by them.
const AFTER_IT_IS: [&str; 11] = ["a", "also", "an", "been", "definitely", "getting", "not", "nothing", "really", "simply", "the"];

/// First letters of [`FUSED`].
const FUSED_FIRST: [bool; 32] = {
    let mut first = [false; 32];
    let mut i = 0;
    while i < FUSED.len() {
        first[FUSED[i].0.as_bytes()[0] as usize & 31] = true;
        i += 1;
    }
    first
};

/// Where the first `@` is, if there is one near.
fn memchr_at(bytes: &[u8]) -> Option<usize> {
    bytes.iter().take(64).position(|&b| b == b'@')
}

fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}') }
}
