//! From arguments to items: files, folders, globs and standard input to single reports.

use crate::Models;
use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value};
use std::collections::HashSet;
use std::io::Read;
use std::path::{Path, PathBuf};
use tellings_doc::{Doc, Problem, Source};
use tellings_read::article::{Format, Given};

/// How the input is to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Told from name and content.
    Detect,
    /// JSON Lines, one report a line; texts are taken as they are.
    Jsonl,
    /// Saved web pages.
    Html,
    /// Plain text.
    Text,
    /// Markdown.
    Markdown,
}

/// One report as it came in.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id: given, or the file's name; different for each item.
    pub id: String,
    /// What is known of it beside its bytes.
    pub given: Given,
    /// Its bytes.
    pub body: Body,
    /// What was wrong on the way in.
    pub problems: Vec<Problem>,
}

/// The bytes of a report.
#[derive(Clone, Debug)]
pub enum Body {
    /// To be cleaned.
    Raw(Vec<u8>, Format),
    /// Taken as it is.
    Row(String),
}

impl Item {
    /// Reads the report.
    pub fn read(&self, models: &Models) -> Doc {
        let mut doc = match &self.body {
            Body::Raw(bytes, format) => tellings_read::read(models, &self.id, bytes, *format, &self.given),
            Body::Row(text) => tellings_read::read_row(models, &self.id, text, &self.given),
        };
        doc.article.problems.extend(self.problems.iter().cloned());
        doc.problems.extend(self.problems.iter().cloned());
        doc
    }
}

/// The problems of a document that make a run end with status 2, each as one line that names the item. What is merely
/// unknown (an undated report) is in the reading and is no failure.
pub fn failures(doc: &Doc) -> Vec<String> {
    const KINDS: [&str; 8] =
        ["empty", "binary", "truncated", "too-large", "encoding", "no-paragraphs", "not-english", "duplicate-id"];
    let name = doc.article.source.path.as_deref().unwrap_or(&doc.id);
    let failing = doc.problems.iter().filter(|p| KINDS.contains(&p.kind) || p.kind == "future-date");
    failing.map(|p| format!("in `{name}`: {} ({})", p.note, p.kind)).collect()
}

/// The items behind the arguments, in order, and what could not be read (each an error that names the item).
pub fn gather(paths: &[String], input: Input) -> (Vec<Item>, Vec<anyhow::Error>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    for argument in paths {
        match files(argument, &mut errors) {
            Ok(files) => {
                for path in files {
                    match load(&path) {
                        Ok(bytes) => split(&path, bytes, input, &mut items, &mut errors),
                        Err(error) => errors.push(error),
                    }
                }
            }
            Err(error) => errors.push(error),
        }
    }
    distinguish(&mut items);
    let today = jiff::Zoned::now().date();
    for item in &mut items {
        item.given.today = Some(today);
    }
    (items, errors)
}

/// The items in bytes that are already here, as [`gather`] finds them in a file of that name; no file is opened.
pub fn items(name: &str, bytes: Vec<u8>, input: Input) -> (Vec<Item>, Vec<anyhow::Error>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    split(name, bytes, input, &mut items, &mut errors);
    distinguish(&mut items);
    (items, errors)
}

/// Gives every later item of the same id a suffix, and says so.
fn distinguish(items: &mut [Item]) {
    let mut seen: HashSet<String> = HashSet::with_capacity(items.len());
    for item in items {
        if seen.contains(&item.id) {
            let id = (2..).map(|n| format!("{}#{n}", item.id)).find(|id| !seen.contains(id)).unwrap_or_default();
            let note = format!("another item has the id `{}`; this one is `{id}`", item.id);
            item.problems.push(Problem::new("duplicate-id", note));
            item.id = id;
        }
        seen.insert(item.id.clone());
    }
}

/// The files an argument means, in a fixed order: itself, what lies in the folder, what the pattern matches.
fn files(argument: &str, errors: &mut Vec<anyhow::Error>) -> Result<Vec<String>> {
    let path = Path::new(argument);
    if argument == "-" || path.is_file() {
        return Ok(vec![argument.to_string()]);
    }
    if path.is_dir() {
        let mut found = Vec::new();
        walk(path, 0, &mut found, errors);
        found.sort();
        if found.is_empty() {
            bail!("no reports in the folder `{argument}`");
        }
        return Ok(found.iter().map(|p| p.to_string_lossy().into_owned()).collect());
    }
    if path.exists() || !argument.contains(['*', '?', '[']) {
        return Ok(vec![argument.to_string()]); // `load` says what is wrong with it
    }
    let options = glob::MatchOptions { require_literal_leading_dot: true, ..glob::MatchOptions::new() };
    let mut found: Vec<PathBuf> = glob::glob_with(argument, options)
        .with_context(|| format!("cannot read the pattern `{argument}`"))?
        .filter_map(Result::ok)
        .filter(|p| p.is_file())
        .collect();
    found.sort();
    if found.is_empty() {
        bail!("no file matches `{argument}`");
    }
    Ok(found.iter().map(|p| p.to_string_lossy().into_owned()).collect())
}

/// Reports in a folder and the folders in it: files with a known ending. Hidden ones, notes about the folder
/// (`README.md`) and the parts of saved pages (`NAME_files/`) are left out; links to folders are not followed.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>, errors: &mut Vec<anyhow::Error>) {
    const ENDINGS: [&str; 9] = ["txt", "text", "md", "markdown", "html", "htm", "xhtml", "jsonl", "ndjson"];
    const NOTES: [&str; 6] = ["readme", "license", "licence", "notice", "copying", "changelog"];
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return errors.push(anyhow!(error).context(format!("cannot read the folder `{}`", folder.display()))),
    };
    for entry in entries.filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_lowercase());
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            if depth < 64 && !name.ends_with("_files") {
                walk(&path, depth + 1, found, errors);
            }
        } else if path.is_file() {
            let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
            if ENDINGS.contains(&ending) && !NOTES.contains(&stem) {
                found.push(path);
            }
        }
    }
}

fn load(path: &str) -> Result<Vec<u8>> {
    if path == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("cannot read `{path}`"))
}

/// What the bytes are, by name and by content.
fn kind(path: &str, bytes: &[u8]) -> Input {
    let ending = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    match ending.as_str() {
        "jsonl" | "ndjson" | "json" => return Input::Jsonl,
        "html" | "htm" | "xhtml" => return Input::Html,
        "md" | "markdown" => return Input::Markdown,
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).trim_start().to_lowercase();
    let row = |line: &[u8]| serde_json::from_slice::<Map<String, Value>>(line).is_ok();
    if ["<!doctype html", "<html", "<head", "<body"].iter().any(|tag| head.starts_with(tag))
        || head.starts_with('<') && head.contains("<html")
    {
        return Input::Html;
    }
    if head.starts_with('{') && bytes.split(|&b| b == b'\n').find(|l| !l.trim_ascii().is_empty()).is_some_and(row) {
        return Input::Jsonl;
    }
    let front_matter = head
        .strip_prefix("---\n")
        .is_some_and(|rest| rest.split("\n---").next().is_some_and(|m| m.lines().any(|l| l.contains(": "))));
    if front_matter || ending != "txt" && head.starts_with("# ") {
        return Input::Markdown;
    }
    Input::Text
}

fn split(path: &str, bytes: Vec<u8>, input: Input, items: &mut Vec<Item>, errors: &mut Vec<anyhow::Error>) {
    let input = if input == Input::Detect { kind(path, &bytes) } else { input };
    let format = match input {
        Input::Jsonl => return rows(path, &bytes, items, errors),
        Input::Html => Format::Html,
        Input::Markdown => Format::Markdown,
        _ => Format::Text,
    };
    let id = match path {
        "-" => "stdin".to_string(),
        _ => Path::new(path).file_stem().and_then(|s| s.to_str()).unwrap_or(path).to_string(),
    };
    let source = Source { path: Some(path.to_string()), ..Source::default() };
    items.push(Item { id, given: Given { source, ..Given::default() }, body: Body::Raw(bytes, format), problems: Vec::new() });
}

/// Rows of JSON: one a line, or one array, or one object over several lines.
fn rows(path: &str, bytes: &[u8], items: &mut Vec<Item>, errors: &mut Vec<anyhow::Error>) {
    let name = if path == "-" { "standard input".to_string() } else { format!("`{path}`") };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let trimmed = bytes.trim_ascii_start();
    let lined = |bytes: &[u8]| bytes.split(|&b| b == b'\n').next().is_some_and(|l| serde_json::from_slice::<Value>(l).is_ok());
    if (trimmed.starts_with(b"[") || trimmed.starts_with(b"{") && !lined(trimmed))
        && let Ok(value) = serde_json::from_slice::<Value>(bytes)
    {
        let rows = if let Value::Array(rows) = value { rows } else { vec![value] };
        for (number, value) in rows.into_iter().enumerate() {
            match row(value, format!("{path}:{}", number + 1)) {
                Ok(item) => items.push(item),
                Err(error) => errors.push(error.context(format!("cannot read item {} of {name}", number + 1))),
            }
        }
        return;
    }
    let last = bytes.split(|&b| b == b'\n').count();
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
        let number = number + 1;
        let read = match serde_json::from_slice::<Value>(line) {
            Ok(value) => row(value, format!("{path}:{number}")),
            Err(error) if error.is_eof() && number == last => Err(anyhow!("the input ends inside the line: truncated")),
            Err(error) => Err(anyhow!("not JSON: {error}")),
        };
        match read {
            Ok(item) => items.push(item),
            Err(error) => errors.push(error.context(format!("cannot read line {number} of {name}"))),
        }
    }
    if items.is_empty() && errors.is_empty() {
        errors.push(anyhow!("nothing in {name}"));
    }
}

/// Names under which collectors keep the text, best first.
const TEXT: [&str; 12] = [
    "text",
    "maintext",
    "plaintext",
    "plain_text",
    "body",
    "content",
    "article_text",
    "text_content",
    "full_text",
    "fulltext",
    "raw_text",
    "articleBody",
];
const TITLE: [&str; 6] = ["title", "headline", "article_title", "title_page", "title_rss", "name"];
const DATE: [&str; 16] = [
    "date",
    "date_publish",
    "publish_date",
    "published",
    "published_at",
    "publishedAt",
    "publishing_date",
    "publication_date",
    "pub_date",
    "pubDate",
    "datePublished",
    "date_published",
    "dateTimePub",
    "dateTime",
    "published_time",
    "timestamp",
];
const URL: [&str; 6] = ["url", "link", "article_url", "canonical_url", "original_url", "uri"];
const OUTLET: [&str; 11] = [
    "outlet",
    "sitename",
    "site_name",
    "publisher",
    "publication",
    "source_name",
    "media_name",
    "source_domain",
    "source-hostname",
    "hostname",
    "domain",
];
const AUTHORS: [&str; 6] = ["authors", "author", "byline", "bylines", "creator", "writer"];
const ID: [&str; 6] = ["id", "_id", "doc_id", "article_id", "stories_id", "uuid"];

/// The report in one row, whatever collector wrote it: the keys of ours, news-please, trafilatura, fundus, Media Cloud,
/// Event Registry, NewsAPI and schema.org are known.
fn row(value: Value, default_id: String) -> Result<Item> {
    let Value::Object(mut row) = value else { bail!("expected an object, found {}", short(&value)) };
    // Media Cloud keeps what the feed said and what was parsed apart.
    for part in ["content_metadata", "rss_entry", "http_metadata"] {
        if let Some(Value::Object(inner)) = row.remove(part) {
            for (key, value) in inner {
                row.entry(key).or_insert(value);
            }
        }
    }
    let text = TEXT.iter().find_map(|key| row.get(*key).and_then(body));
    let Some(text) = text else {
        bail!("no text: none of {} is there", TEXT.map(|key| format!("`{key}`")).join(", "));
    };
    let first = |keys: &[&str]| keys.iter().find_map(|key| row.get(*key).and_then(word));
    let mut source = Source { path: None, url: first(&URL), outlet: first(&OUTLET) };
    match row.get("source") {
        // trafilatura: the address; others: the outlet, or its record.
        Some(Value::String(s)) if s.contains("://") => source.url = source.url.or_else(|| Some(s.clone())),
        Some(Value::String(s)) if !s.is_empty() => source.outlet = source.outlet.or_else(|| Some(s.clone())),
        Some(Value::Object(s)) => {
            source.outlet = ["title", "name", "uri"].iter().find_map(|key| s.get(*key).and_then(word)).or(source.outlet);
        }
        _ => {}
    }
    let given = Given {
        title: first(&TITLE),
        date: first(&DATE),
        bylines: AUTHORS.iter().find_map(|key| row.get(*key)).map(names).unwrap_or_default(),
        source,
        today: None,
    };
    Ok(Item { id: first(&ID).unwrap_or(default_id), given, body: Body::Row(text), problems: Vec::new() })
}

/// A text: a string, a list of paragraphs, or fundus' summary and sections.
fn body(value: &Value) -> Option<String> {
    let list = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(parts) => parts.iter().filter_map(|part| part.as_str().map(str::to_string)).collect(),
            Value::String(text) => vec![text.clone()],
            _ => Vec::new(),
        }
    };
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(_) => Some(list(value).join("\n\n")).filter(|text| !text.is_empty()),
        Value::Object(body) => {
            let mut parts = body.get("summary").map(list).unwrap_or_default();
            for section in body.get("sections").and_then(Value::as_array).into_iter().flatten() {
                for key in ["headline", "paragraphs"] {
                    parts.extend(section.get(key).map(list).unwrap_or_default());
                }
            }
            Some(parts.join("\n\n")).filter(|text| !text.is_empty())
        }
        _ => None,
    }
}

/// A string or a number; `None` for what is empty.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => {
            Some(number.as_f64().filter(|n| n.fract() == 0.0).map_or_else(|| number.to_string(), |n| format!("{n:.0}")))
        }
        _ => None,
    }
}

/// Authors: a string of names, a list of names, or of records with a `name`.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(list) => list.iter().flat_map(names).collect(),
        Value::Object(record) => record.get("name").map(names).unwrap_or_default(),
        Value::String(text) => {
            let split = text.split([';', ',']).flat_map(|part| part.split(" and ")).map(str::trim);
            split.filter(|name| !name.is_empty()).map(str::to_string).collect()
        }
        _ => Vec::new(),
    }
}

fn short(value: &Value) -> &'static str {
    match value {
        Value::Array(_) => "a list",
        Value::String(_) => "a string",
        Value::Null => "null",
        _ => "a number or truth value",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(json: &str) -> Item {
        row(serde_json::from_str(json).unwrap(), "x:1".into()).unwrap()
    }

    fn text(item: &Item) -> &str {
        if let Body::Row(text) = &item.body { text } else { "" }
    }

    fn parts<'a>(item: &'a Item) -> [&'a str; 5] {
        let source = &item.given.source;
        let or = |value: &'a Option<String>| value.as_deref().unwrap_or("-");
        [text(item), or(&item.given.title), or(&item.given.date), or(&source.url), or(&source.outlet)]
    }

    #[test]
    fn the_keys_of_collectors() {
        let news_please = of(
            r#"{"maintext":"T.","title":"H","date_publish":"2014-03-06 10:00:00","source_domain":"ledger.example","url":"https://ledger.example/a","authors":["Ann Lee"]}"#,
        );
        assert_eq!(parts(&news_please), ["T.", "H", "2014-03-06 10:00:00", "https://ledger.example/a", "ledger.example"]);
        assert_eq!(news_please.given.bylines, ["Ann Lee"]);
        let trafilatura = of(
            r#"{"raw_text":"t.","text":"T.","title":"H","date":"2014-03-06","source":"https://ledger.example/a","sitename":"The Ledger","hostname":"ledger.example","author":"Ann Lee; Bo Roe"}"#,
        );
        assert_eq!(parts(&trafilatura), ["T.", "H", "2014-03-06", "https://ledger.example/a", "The Ledger"]);
        assert_eq!(trafilatura.given.bylines, ["Ann Lee", "Bo Roe"]);
        let fundus = of(
            r#"{"title":"H","publishing_date":"2014-03-06 10:00:00+01:00","body":{"summary":["S."],"sections":[{"headline":["A"],"paragraphs":["P.","Q."]}]},"publisher":"Ledger"}"#,
        );
        assert_eq!(parts(&fundus), ["S.\n\nA\n\nP.\n\nQ.", "H", "2014-03-06 10:00:00+01:00", "-", "Ledger"]);
        let media_cloud = of(
            r#"{"rss_entry":{"link":"https://ledger.example/a","title":"R","pub_date":"Thu, 06 Mar 2014 10:00:00 GMT","domain":"ledger.example"},"content_metadata":{"article_title":"H","text_content":"T.","publication_date":"2014-03-06"}}"#,
        );
        assert_eq!(parts(&media_cloud)[0], "T.");
        assert_eq!(parts(&media_cloud)[4], "ledger.example");
        let news_api = of(r#"{"source":{"id":null,"name":"Ledger"},"content":"T.","publishedAt":1394100000,"id":7}"#);
        assert_eq!(parts(&news_api), ["T.", "-", "1394100000", "-", "Ledger"]);
        assert_eq!(news_api.id, "7");
    }

    #[test]
    fn a_bad_line_is_named_and_the_others_are_read() {
        let (mut items, mut errors) = (Vec::new(), Vec::new());
        rows(
            "in.jsonl",
            b"{\"text\":\"A.\"}\nnot json\n\n{\"title\":\"B\"}\n{\"id\":\"c\",\"text\":\"C.\"}\n{\"text\":\"D",
            &mut items,
            &mut errors,
        );
        let ids: Vec<&str> = items.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["in.jsonl:1", "c"]);
        let errors: Vec<String> = errors.iter().map(|e| format!("{e:#}")).collect();
        assert!(errors[0].starts_with("cannot read line 2 of `in.jsonl`: not JSON"), "{}", errors[0]);
        assert!(errors[1].starts_with("cannot read line 4 of `in.jsonl`: no text"), "{}", errors[1]);
        assert_eq!(errors[2], "cannot read line 6 of `in.jsonl`: the input ends inside the line: truncated");
    }

    #[test]
    fn an_id_is_never_given_twice() {
        let mut items = vec![of(r#"{"id":"a","text":"A."}"#), of(r#"{"id":"a","text":"B."}"#), of(r#"{"id":"a#2","text":"C."}"#)];
        distinguish(&mut items);
        let ids: Vec<&str> = items.iter().map(|i| i.id.as_str()).collect();
        assert_eq!(ids, ["a", "a#2", "a#2#2"]);
        assert_eq!(items[1].problems[0].kind, "duplicate-id");
    }

    #[test]
    fn kinds_are_told_from_name_and_content() {
        assert_eq!(kind("a.txt", b"Talks resume\n\nThe talks resumed."), Input::Text);
        assert_eq!(kind("a.txt", b"<!DOCTYPE html><html><p>x"), Input::Html);
        assert_eq!(kind("-", b"{\"text\":\"x\"}\n"), Input::Jsonl);
        assert_eq!(kind("-", b"{not json}\n"), Input::Text);
        assert_eq!(kind("notes", b"---\ntitle: Talks\n---\nThey talked."), Input::Markdown);
        assert_eq!(kind("a.htm", b"The talks"), Input::Html);
    }

    #[test]
    fn folders_and_patterns() {
        let folder = std::env::temp_dir().join(format!("tellings-gather-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("deep/page_files")).unwrap();
        for name in ["b.txt", "a.md", "README.md", ".hidden.txt", "deep/c.html", "deep/page_files/part.html", "picture.png"] {
            std::fs::write(folder.join(name), "The talks resumed.").unwrap();
        }
        let names = |argument: &str| {
            let (items, errors) = gather(&[argument.to_string()], Input::Detect);
            (items.into_iter().map(|i| i.id).collect::<Vec<_>>(), errors.len())
        };
        let root = folder.to_str().unwrap();
        assert_eq!(names(root), (vec!["a".into(), "b".into(), "c".into()], 0));
        assert_eq!(names(&format!("{root}/*.txt")), (vec!["b".into()], 0));
        assert_eq!(names(&format!("{root}/*.pdf")), (vec![], 1));
        assert_eq!(names(&format!("{root}/none.txt")), (vec![], 1));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
