//! Reading a stored report again: from its bytes and what was given beside them.

use crate::{Body, Format, Given, Report};
use serde_json::{Value, json};
use tellings_doc::{Problem, Source};
use tellings_store::{Entry, Stored};

/// What can be wrong with a report on the way in (names of problems are not made at run time).
const WAYS_IN: [&str; 6] = ["duplicate-id", "summary-only", "too-large", "truncated", "encoding", "empty"];

/// What a body is called in the store.
pub(super) fn kind(body: &Body) -> &'static str {
    match body {
        Body::Row(_) => "row",
        Body::Raw(_, Format::Html) => "html",
        Body::Raw(_, Format::Markdown) => "markdown",
        Body::Raw(_, Format::Fragment) => "fragment",
        Body::Raw(_, Format::Text) => "text",
    }
}

/// What was given beside the bytes of a report, and what was wrong with it on the way in, as JSON.
pub(super) fn given(report: &Report) -> String {
    let Given { title, date, bylines, source, charset, today } = &report.given;
    let problems: Vec<Value> = report.problems.iter().map(|p| json!({"kind": p.kind, "note": p.note})).collect();
    let all = json!({
        "title": title, "date": date, "bylines": bylines, "charset": charset, "today": today.map(|d| d.to_string()),
        "path": source.path, "url": source.url, "outlet": source.outlet, "section": source.section, "problems": problems,
    });
    // What says nothing is left out.
    let Value::Object(all) = all else { return String::new() };
    let empty = |value: &Value| value.is_null() || value.as_array().is_some_and(Vec::is_empty);
    Value::Object(all.into_iter().filter(|(_, value)| !empty(value)).collect()).to_string()
}

/// The report that was added. Of one that was kept before layout 3 the fields of the row stand for what was given: its date only
/// where it came with the report.
pub(super) fn report(stored: Stored) -> Report {
    let Entry { id, title, outlet, url, path, published, basis, kind, raw, given, .. } = stored.entry;
    let (given, problems) = match given.as_deref().and_then(|given| serde_json::from_str::<Value>(given).ok()) {
        Some(value) => read(&value),
        None => {
            let row = kind == "row";
            let given = Given {
                title: title.filter(|_| row),
                date: published.filter(|_| row && basis.as_deref() == Some("metadata")),
                source: Source { path, url, outlet, section: None },
                ..Given::default()
            };
            (given, Vec::new())
        }
    };
    let body = match kind.as_str() {
        "row" => Body::Row(String::from_utf8(raw).unwrap_or_else(|e| String::from_utf8_lossy(e.as_bytes()).into_owned())),
        "html" => Body::Raw(raw, Format::Html),
        "markdown" => Body::Raw(raw, Format::Markdown),
        "fragment" => Body::Raw(raw, Format::Fragment),
        _ => Body::Raw(raw, Format::Text),
    };
    Report { id, given, body, problems, keys: Vec::new() }
}

fn read(value: &Value) -> (Given, Vec<Problem>) {
    let text = |name: &str| value[name].as_str().map(str::to_string);
    let list = |name: &str| value[name].as_array().cloned().unwrap_or_default();
    let given = Given {
        title: text("title"),
        date: text("date"),
        bylines: list("bylines").iter().filter_map(|b| b.as_str().map(str::to_string)).collect(),
        source: Source { path: text("path"), url: text("url"), outlet: text("outlet"), section: text("section") },
        charset: text("charset"),
        today: value["today"].as_str().and_then(|d| d.parse().ok()),
    };
    let problem = |p: &Value| {
        let kind = WAYS_IN.into_iter().find(|kind| p["kind"] == *kind).unwrap_or("input");
        Some(Problem::new(kind, p["note"].as_str()?))
    };
    (given, list("problems").iter().filter_map(problem).collect())
}
