//! Byte offsets of the contract's JSON as offsets of characters, as Python counts them.

use serde_json::Value;
use std::collections::HashMap;

/// Keys under which places in a text stand: `[start, end]`, or a list of them.
const PLACES: [&str; 10] =
    ["span", "head", "trigger", "content", "cue", "speaker", "audience", "sentences", "name", "deadline_span"];

/// Which character begins at each byte of a text.
pub(crate) struct Characters {
    /// One number for 64 bytes: characters that begin before them.
    before: Vec<u32>,
    text: String,
    ascii: bool,
}

impl Characters {
    pub(crate) fn of(text: &str) -> Characters {
        let begins = |bytes: &[u8]| bytes.iter().filter(|&&b| (b as i8) >= -0x40).count() as u32;
        let mut before = vec![0];
        for chunk in text.as_bytes().chunks(64) {
            before.push(before.last().copied().unwrap_or(0) + begins(chunk));
        }
        Characters { before, ascii: text.is_ascii(), text: text.to_string() }
    }

    /// The number of the character at a byte.
    pub(crate) fn at(&self, byte: u64) -> u64 {
        let byte = (byte as usize).min(self.text.len());
        if self.ascii {
            return byte as u64;
        }
        let from = byte / 64;
        let rest = self.text.as_bytes()[from * 64..byte].iter().filter(|&&b| (b as i8) >= -0x40).count();
        u64::from(self.before[from]) + rest as u64
    }

    fn place(&self, value: &mut Value) {
        let Value::Array(list) = value else { return };
        for value in list {
            match value.as_u64() {
                Some(byte) => *value = self.at(byte).into(),
                None => self.place(value),
            }
        }
    }

    /// A reading with offsets of characters.
    pub(crate) fn reading(&self, value: &mut Value) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|value| self.reading(value)),
            Value::Object(fields) => {
                for (key, value) in fields {
                    if PLACES.contains(&key.as_str()) {
                        self.place(value);
                    } else {
                        self.reading(value);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A record with offsets of characters: each place is in the document that stands beside it.
pub(crate) fn record(value: &mut Value, texts: &HashMap<&str, Characters>) {
    // The documents' own parts.
    for document in value.get_mut("documents").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(text) = document.get("id").and_then(Value::as_str).and_then(|id| texts.get(id)) {
            text.reading(document);
        }
    }
    if let Some(stories) = value.get_mut("stories") {
        told(stories, texts);
    }
}

fn told(value: &mut Value, texts: &HashMap<&str, Characters>) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(|value| told(value, texts)),
        Value::Object(fields) => {
            let own = fields.get("document").and_then(Value::as_str).and_then(|id| texts.get(id));
            for (key, value) in fields.iter_mut() {
                match own {
                    Some(text) if PLACES.contains(&key.as_str()) => text.place(value),
                    _ => told(value, texts),
                }
            }
        }
        _ => {}
    }
}
