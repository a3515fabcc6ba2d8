//! What an input is, by its content and its name.

use serde_json::{Map, Value};
use std::path::Path;

/// How an input is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Plain text.
    Text,
    /// Markdown, with or without front matter.
    Markdown,
    /// A saved web page.
    Html,
    /// JSON Lines, a JSON array or object: texts are taken as they are.
    Jsonl,
}

/// Bytes that are looked at to tell what an input is.
pub(crate) const HEAD: usize = 1 << 16;

/// What the input of this name is that begins with these bytes.
pub(crate) fn detect(name: &str, head: &[u8]) -> Kind {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or("");
    match ending {
        "jsonl" | "ndjson" | "json" => return Kind::Jsonl,
        "html" | "htm" | "xhtml" => return Kind::Html,
        "md" | "markdown" => return Kind::Markdown,
        _ => {}
    }
    let bytes = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).trim_start().to_lowercase();
    let row = |line: &[u8]| serde_json::from_slice::<Map<String, Value>>(line).is_ok();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| text.starts_with(tag))
        || text.starts_with('<') && text.contains("<html")
    {
        return Kind::Html;
    }
    if text.starts_with('{') && bytes.split(|&b| b == b'\n').find(|l| !l.trim_ascii().is_empty()).is_some_and(row) {
        return Kind::Jsonl;
    }
    let front_matter = text
        .strip_prefix("---\n")
        .is_some_and(|rest| rest.split("\n---").next().is_some_and(|m| m.lines().any(|l| l.contains(": "))));
    if front_matter || ending != "txt" && text.starts_with("# ") {
        return Kind::Markdown;
    }
    Kind::Text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_from_name_and_content() {
        assert_eq!(detect("a.txt", b"Talks resume\n\nThe talks resumed."), Kind::Text);
        assert_eq!(detect("a.txt", b"<!DOCTYPE html><html><p>x"), Kind::Html);
        assert_eq!(detect("-", b"{\"text\":\"x\"}\n"), Kind::Jsonl);
        assert_eq!(detect("-", b"{not json}\n"), Kind::Text);
        assert_eq!(detect("notes", b"---\ntitle: Talks\n---\nThey talked."), Kind::Markdown);
        assert_eq!(detect("a.htm", b"The talks"), Kind::Html);
    }
}
