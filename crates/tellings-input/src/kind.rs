//! What an input is, by its content and its name.

use crate::xml::{Scanner, What};
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
    /// CSV with named columns, one report a row.
    Csv,
    /// The same with tabs.
    Tsv,
    /// Parquet with named columns, one report a row.
    Parquet,
    /// A download of Nexis or Factiva as RTF, DOCX, PDF, page or text, split into its reports; any other RTF, DOCX or PDF is one
    /// report.
    Bundle,
    /// RSS, RDF, Atom, CDF or JSON Feed: each entry is a report.
    Feed,
    /// WARC, WET or ARC: each page is a report.
    Warc,
    /// A page saved as mail.
    Mhtml,
    /// An OPML list of feeds: no reports.
    Opml,
    /// A sitemap: no reports.
    Sitemap,
}

/// Bytes that are looked at to tell what an input is.
pub(crate) const HEAD: usize = 1 << 16;

/// What the input of this name is that begins with these bytes.
pub fn detect(name: &str, head: &[u8]) -> Kind {
    let name = name.to_lowercase();
    let name = name.strip_suffix(".gz").or(name.strip_suffix(".zst")).unwrap_or(&name);
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or("");
    if head.starts_with(b"{\\rtf") || crate::docx::is(head) || crate::pdf::is(head) {
        return Kind::Bundle;
    }
    if crate::columnar::is(head) {
        return Kind::Parquet;
    }
    let decoded = crate::text::decode(&head[..head.len().min(8192)], None).0;
    let text = decoded.trim_start().to_lowercase();
    if let Some(kind) = listed(&text, ending) {
        return kind;
    }
    if head.starts_with(b"WARC/") || head.starts_with(b"filedesc://") || matches!(ending, "warc" | "wet" | "arc") {
        return Kind::Warc;
    }
    if matches!(ending, "" | "txt" | "text") && !text.starts_with('<') {
        let whole = String::from_utf8_lossy(head);
        if crate::bundle::is(&whole) {
            return Kind::Bundle;
        }
        match crate::table::mark(head) {
            Some(b'\t') => return Kind::Tsv,
            Some(_) => return Kind::Csv,
            None => {}
        }
    } else if text.starts_with('<') && crate::bundle::is_page(&String::from_utf8_lossy(head)) {
        return Kind::Bundle;
    }
    let first_lines = text.split("\n\n").next().unwrap_or("").split("\r\n\r\n").next().unwrap_or("");
    let mail = first_lines.contains("mime-version:") && first_lines.contains("content-type: multipart/related");
    if mail || matches!(ending, "mht" | "mhtml") && first_lines.contains("content-type:") {
        return Kind::Mhtml;
    }
    match ending {
        "csv" => return Kind::Csv,
        "tsv" | "tab" => return Kind::Tsv,
        "jsonl" | "ndjson" | "json" => return Kind::Jsonl,
        "html" | "htm" | "xhtml" => return Kind::Html,
        "md" | "markdown" => return Kind::Markdown,
        _ => {}
    }
    let bytes = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
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

/// What XML and JSON are by their outermost element.
fn listed(text: &str, ending: &str) -> Option<Kind> {
    if text.starts_with('{') {
        let json_feed = text.contains("\"version\"") && text.contains("https://jsonfeed.org/version/");
        return json_feed.then_some(Kind::Feed);
    }
    if !text.starts_with('<') {
        return matches!(ending, "rss" | "atom").then_some(Kind::Feed);
    }
    let name = Scanner::new(text).find_map(|token| match token.what {
        What::Open { name, .. } => Some(name.rsplit(':').next().unwrap_or(name)),
        _ => None,
    });
    match name {
        Some("rss" | "rdf" | "feed" | "channel") => Some(Kind::Feed),
        Some("opml") => Some(Kind::Opml),
        Some("urlset" | "sitemapindex") => Some(Kind::Sitemap),
        _ => None,
    }
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
        assert_eq!(detect("a.xml", b"<?xml version='1.0'?><!-- x --><rss version='2.0'>"), Kind::Feed);
        assert_eq!(detect("-", b"<feed xmlns='http://www.w3.org/2005/Atom'>"), Kind::Feed);
        assert_eq!(detect("a.json", b"{ \"version\": \"https://jsonfeed.org/version/1\"}"), Kind::Feed);
        assert_eq!(detect("a.opml", b"<opml version='2.0'>"), Kind::Opml);
        assert_eq!(detect("a.xml", b"<urlset xmlns='x'>"), Kind::Sitemap);
    }
}
