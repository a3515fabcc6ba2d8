//! The text of a page that shows none before its scripts have run: it stands in the data that they carry.

use super::scan::{Scanner, Token};
use memchr::memmem;
use serde_json::Value;
use std::collections::HashMap;

/// Bytes of a string that is a sentence at least.
const SENTENCE: usize = 40;
/// Bytes of text that is believed to be a report's.
const ENOUGH: usize = 400;

/// The text in the data of a page's scripts, paragraphs on lines of their own or as markup; `None` where none holds any.
pub(super) fn text(page: &str) -> Option<String> {
    let mut best: Option<String> = None;
    let mut linked = false;
    for (_, token) in Scanner::new(page) {
        let script = match token {
            Token::Raw(script) if !linked && script.len() >= ENOUGH => script,
            // Linked data is read with the other particulars.
            Token::Open(_, inside) => {
                linked = memmem::find(inside.as_bytes(), b"ld+json").is_some();
                continue;
            }
            _ => continue,
        };
        // The data itself, or what is set to it: `window.STATE = {…}`.
        let Some(start) = script.find('{') else { continue };
        let mut values = serde_json::Deserializer::from_str(&script[start..]).into_iter::<Value>();
        let Some(Ok(value)) = values.next() else { continue };
        if let Some(found) = longest(&value)
            && best.as_ref().is_none_or(|best| best.len() < found.len())
        {
            best = Some(found);
        }
    }
    best.filter(|text| text.len() >= ENOUGH)
}

/// Strings at one place of the data: those of all items of a list stand at the same.
#[derive(Default)]
struct Place<'v> {
    strings: Vec<&'v str>,
    prose: usize,
}

/// The strings at that place of the data that holds the most running text.
fn longest(value: &Value) -> Option<String> {
    // Places are numbered as they are met: by the place above and the key.
    let mut known: HashMap<(usize, &str), usize> = HashMap::new();
    let mut places: Vec<Place> = vec![Place::default()];
    // What is still to be looked at, the last first.
    let mut open: Vec<(usize, &Value)> = vec![(0, value)];
    while let Some((place, value)) = open.pop() {
        match value {
            Value::String(text) => {
                let prose = text.len() >= SENTENCE && text.contains(' ');
                places[place].prose += if prose { text.len() } else { 0 };
                places[place].strings.push(text);
            }
            Value::Array(items) => open.extend(items.iter().rev().map(|item| (place, item))),
            Value::Object(fields) => {
                for (key, value) in fields.iter().rev() {
                    let next = places.len();
                    let at = *known.entry((place, key.as_str())).or_insert(next);
                    if at == next {
                        places.push(Place::default());
                    }
                    open.push((at, value));
                }
            }
            _ => {}
        }
    }
    let best = places.iter().rev().max_by_key(|place| place.prose).filter(|place| place.prose >= ENOUGH)?;
    // Sentences, not addresses, codes or rules of style.
    let spaces = best.strings.iter().map(|text| text.matches(' ').count()).sum::<usize>();
    (spaces * 12 >= best.prose).then(|| best.strings.join("\n"))
}
