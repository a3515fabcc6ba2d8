//! From arguments to items: files, folders, globs and standard input to single reports.

use crate::Models;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::io::Read;
use std::path::Path;
use tellings_doc::{Doc, Source};
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
    /// Its id.
    pub id: String,
    /// What is known of it beside its bytes.
    pub given: Given,
    /// Its bytes.
    pub body: Body,
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
        match &self.body {
            Body::Raw(bytes, format) => tellings_read::read(models, &self.id, bytes, *format, &self.given),
            Body::Row(text) => tellings_read::read_row(models, &self.id, text, &self.given),
        }
    }
}

#[derive(Deserialize)]
struct Row {
    id: Option<String>,
    text: String,
    title: Option<String>,
    date: Option<String>,
    url: Option<String>,
    outlet: Option<String>,
}

/// The items behind the arguments, in order, and what could not be read (each an error that names the item).
pub fn gather(paths: &[String], input: Input) -> (Vec<Item>, Vec<anyhow::Error>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    for path in paths {
        match load(path) {
            Ok(bytes) => split(path, bytes, input, &mut items, &mut errors),
            Err(error) => errors.push(error),
        }
    }
    (items, errors)
}

fn load(path: &str) -> Result<Vec<u8>> {
    if path == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).context("cannot read standard input")?;
        return Ok(bytes);
    }
    std::fs::read(path).with_context(|| format!("cannot read `{path}`"))
}

fn split(path: &str, bytes: Vec<u8>, input: Input, items: &mut Vec<Item>, errors: &mut Vec<anyhow::Error>) {
    let extension = Path::new(path).extension().and_then(|e| e.to_str()).unwrap_or("").to_lowercase();
    let input = match (input, extension.as_str()) {
        (Input::Detect, "jsonl" | "ndjson") => Input::Jsonl,
        (Input::Detect, "html" | "htm" | "xhtml") => Input::Html,
        (Input::Detect, "md" | "markdown") => Input::Markdown,
        (Input::Detect, _) => Input::Text,
        (given, _) => given,
    };
    let format = match input {
        Input::Html => Format::Html,
        Input::Markdown => Format::Markdown,
        _ => Format::Text,
    };
    if input != Input::Jsonl {
        let id = Path::new(path).file_stem().and_then(|s| s.to_str()).unwrap_or(path).to_string();
        let source = Source { path: Some(path.to_string()), ..Source::default() };
        items.push(Item { id, given: Given { source, ..Given::default() }, body: Body::Raw(bytes, format) });
        return;
    }
    for (number, line) in bytes.split(|&b| b == b'\n').enumerate().filter(|(_, l)| !l.trim_ascii().is_empty()) {
        match serde_json::from_slice::<Row>(line) {
            Ok(row) => items.push(Item {
                id: row.id.unwrap_or_else(|| format!("{path}:{}", number + 1)),
                given: Given {
                    title: row.title,
                    date: row.date,
                    source: Source { path: None, url: row.url, outlet: row.outlet },
                    ..Given::default()
                },
                body: Body::Row(row.text),
            }),
            Err(error) => errors.push(anyhow::Error::new(error).context(format!("cannot read line {} of `{path}`", number + 1))),
        }
    }
}
