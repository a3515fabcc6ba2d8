//! Citations for programs: beside every place in a report the words that stand there, and no more places than were asked for.

use crate::Fail;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use tellings::store::Store;

/// Lists of citations, by their names in the contract's JSON.
const LISTS: [&str; 3] = ["tellings", "cites", "mentions"];
/// Bytes of words that are given; longer ones end in an ellipsis.
const MOST: usize = 700;

/// The value with the words of its citations: every object that names a `document` and a `span` gets `words`; of a list of citations
/// the first `most` are kept and it is told how many were left out. Values of facts cite places, in place of numbers of tellings.
pub(crate) fn cited(store: &dyn Store, value: &mut Value, most: usize) -> Result<(), Fail> {
    walk(&mut Texts { store, known: HashMap::new() }, value, most)
}

/// Texts of reports that were looked up.
struct Texts<'a> {
    store: &'a dyn Store,
    known: HashMap<String, String>,
}

impl Texts<'_> {
    fn words(&mut self, document: &str, span: &Value) -> Result<Option<String>, Fail> {
        let at = |n: usize| span[n].as_u64().and_then(|n| usize::try_from(n).ok());
        let (Some(start), Some(stop)) = (at(0), at(1)) else { return Ok(None) };
        if !self.known.contains_key(document) {
            let text = self.store.text(document)?.unwrap_or_default();
            self.known.insert(document.to_string(), text);
        }
        Ok(self.known[document].get(start..stop).map(short))
    }
}

/// Words on one line.
fn short(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().map(|(at, _)| at).take_while(|at| *at <= MOST).last() {
        Some(at) if line.len() > MOST => format!("{}…", &line[..at]),
        _ => line,
    }
}

fn walk(texts: &mut Texts<'_>, value: &mut Value, most: usize) -> Result<(), Fail> {
    match value {
        Value::Array(all) => all.iter_mut().try_for_each(|one| walk(texts, one, most)),
        Value::Object(object) => {
            facts(object, most);
            shorten(object, most);
            for (_, one) in object.iter_mut() {
                walk(texts, one, most)?;
            }
            let words = match (object.get("document").and_then(Value::as_str), object.get("span")) {
                (Some(document), Some(span)) if !object.contains_key("words") => texts.words(document, span)?,
                _ => None,
            };
            if let Some(words) = words {
                object.insert("words".to_string(), json!(words));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Of the lists of citations the first.
fn shorten(object: &mut Map<String, Value>, most: usize) {
    for name in LISTS {
        let Some(Value::Array(list)) = object.get_mut(name) else { continue };
        let left = list.len().saturating_sub(most);
        if left > 0 {
            list.truncate(most);
            object.insert(format!("{name}_left_out"), json!(left));
        }
    }
}

/// What an event's facts rest on, as places: numbers of tellings would count what is left out.
fn facts(event: &mut Map<String, Value>, most: usize) {
    let places: Vec<Value> = (event.get("tellings").and_then(Value::as_array).into_iter().flatten())
        .map(|t| json!({"document": t["document"], "span": t["span"]}))
        .collect();
    for fact in event.get_mut("facts").and_then(Value::as_array_mut).into_iter().flatten() {
        for told in fact["values"].as_array_mut().into_iter().flatten() {
            let Some(numbers) = told["tellings"].as_array() else { continue };
            let at = |n: &Value| n.as_u64().and_then(|n| places.get(n as usize)).cloned();
            let all: Vec<Value> = numbers.iter().filter_map(at).take(most).collect();
            told["tellings"] = Value::Array(all);
        }
    }
}

/// Where words stand in a text that has other blanks: first byte, one past the last.
pub(crate) fn place(text: &str, words: &str) -> Option<[usize; 2]> {
    let wanted: Vec<u8> = words.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let (mut letters, mut at) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len()));
    for (n, byte) in text.bytes().enumerate().filter(|(_, b)| !b.is_ascii_whitespace()) {
        letters.push(byte);
        at.push(n);
    }
    let found = memchr::memmem::find(&letters, &wanted).filter(|_| !wanted.is_empty())?;
    let span = [at[found], at[found + wanted.len() - 1] + 1];
    text.get(span[0]..span[1]).map(|_| span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_words() {
        let text = "One day.\n\nThe talks  of\nGeneva failed — nobody — came.";
        let span = place(text, "talks of Geneva failed — nobody").unwrap();
        assert_eq!(&text[span[0]..span[1]], "talks  of\nGeneva failed — nobody");
        assert_eq!((place(text, "Vienna"), place(text, " "), place("", "x")), (None, None, None));
    }

    #[test]
    fn long_words_end_between_letters() {
        let line = short(&"ä".repeat(MOST));
        assert!(line.ends_with("ä…") && line.len() <= MOST + 5, "{}", line.len());
        assert_eq!(short(" a \n b "), "a b");
    }
}
