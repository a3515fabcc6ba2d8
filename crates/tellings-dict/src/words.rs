//! Words of dictionaries and of texts, brought to one form and numbered.

use rustc_hash::FxHashMap;

/// Numbers of the words that a dictionary knows; 0 is no word of it.
#[derive(Clone, Debug, Default)]
pub struct Words {
    ids: FxHashMap<Box<str>, u32>,
}

impl Words {
    /// Number of a folded word; 0 if the dictionary does not have it.
    pub fn get(&self, word: &str) -> u32 {
        self.ids.get(word).copied().unwrap_or(0)
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(crate) fn add(&mut self, word: &str) -> u32 {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        let id = self.ids.len() as u32 + 1;
        self.ids.insert(word.into(), id);
        id
    }
}

/// Hands on the words of a text token or of a name in the dictionary's form: capital letters and digits, hyphens and blanks
/// part words, dots and apostrophes are dropped ("U.N." is `UN`, "Al-Qaeda" is `AL` and `QAEDA`). `buffer` is scratch space.
pub fn pieces(token: &str, buffer: &mut String, mut take: impl FnMut(&str)) {
    buffer.clear();
    for c in token.chars() {
        match c {
            'a'..='z' => buffer.push(c.to_ascii_uppercase()),
            'A'..='Z' | '0'..='9' | '&' => buffer.push(c),
            '-' | '–' | '/' | ' ' | '_' | '\u{a0}' if buffer.is_empty() => {}
            '-' | '–' | '/' | ' ' | '_' | '\u{a0}' => {
                take(buffer);
                buffer.clear();
            }
            _ if c.is_alphanumeric() => buffer.extend(c.to_uppercase()),
            _ => {}
        }
    }
    if !buffer.is_empty() {
        take(buffer);
        buffer.clear();
    }
}

/// The forms that a regular plural can be one of: `POLICIES` gives `POLICIE` and `POLICY`.
pub fn singulars(word: &str) -> impl Iterator<Item = String> {
    let s = word.strip_suffix('S').filter(|w| w.len() > 1).map(str::to_string);
    let es = word.strip_suffix("ES").filter(|w| w.ends_with(['S', 'X', 'Z', 'H', 'O'])).map(str::to_string);
    let ies = word.strip_suffix("IES").filter(|w| !w.is_empty()).map(|w| format!("{w}Y"));
    s.into_iter().chain(es).chain(ies)
}

/// The regular plural of a noun.
pub(crate) fn plural(word: &str) -> String {
    let vowel_before = |ending: &str| word.strip_suffix(ending).is_some_and(|w| w.ends_with(['A', 'E', 'I', 'O', 'U']));
    if word.ends_with('Y') && !vowel_before("Y") {
        format!("{}IES", &word[..word.len() - 1])
    } else if word.ends_with(['S', 'X', 'Z']) || word.ends_with("CH") || word.ends_with("SH") {
        format!("{word}ES")
    } else {
        format!("{word}S")
    }
}

/// The regular forms of a verb besides itself.
pub(crate) fn conjugate(verb: &str) -> Vec<String> {
    let mut forms = Vec::new();
    let Some(last) = verb.chars().last() else { return forms };
    let stem = &verb[..verb.len() - last.len_utf8()];
    let vowel = |c: char| matches!(c, 'A' | 'E' | 'I' | 'O' | 'U');
    let before = stem.chars().last().unwrap_or(' ');
    match last {
        'E' => {
            forms.push(format!("{verb}S"));
            forms.push(format!("{verb}D"));
            forms.push(if stem.ends_with(['E', 'O', 'Y']) { format!("{verb}ING") } else { format!("{stem}ING") });
            if let Some(tie) = stem.strip_suffix('I') {
                forms.push(format!("{tie}YING"));
            }
        }
        'Y' if !vowel(before) => {
            forms.push(format!("{stem}IES"));
            forms.push(format!("{stem}IED"));
            forms.push(format!("{verb}ING"));
        }
        _ => {
            let hiss = verb.ends_with(['S', 'X', 'Z', 'O']) || verb.ends_with("CH") || verb.ends_with("SH");
            forms.push(if hiss { format!("{verb}ES") } else { format!("{verb}S") });
            forms.push(format!("{verb}ED"));
            forms.push(format!("{verb}ING"));
            // "confer": "conferred"
            let third = stem.chars().rev().nth(1).unwrap_or(' ');
            if !vowel(last) && !matches!(last, 'W' | 'X' | 'Y' | 'H') && vowel(before) && !vowel(third) && third != ' ' {
                forms.push(format!("{verb}{last}ED"));
                forms.push(format!("{verb}{last}ING"));
            }
        }
    }
    forms
}
