//! The report in one row, whatever collector wrote it.

use crate::{Body, Report};
use serde_json::{Map, Value};
use tellings_article::{Format, Given, MOST};
use tellings_doc::Source;

/// The rows in an object that only holds a list of them, as the answers of news services do; else the value itself.
pub(crate) fn wrapped(value: Value) -> Result<Vec<Value>, Value> {
    const LISTS: [&str; 8] = ["articles", "results", "items", "stories", "documents", "docs", "data", "hits"];
    let Value::Object(mut row) = value else { return Err(value) };
    if TEXT.iter().any(|key| row.get(*key).and_then(body).is_some()) {
        return Err(Value::Object(row));
    }
    for key in LISTS {
        // Event Registry: `articles.results`.
        let list = match row.get_mut(key) {
            Some(Value::Object(inner)) => inner.get_mut("results"),
            list => list,
        };
        if let Some(Value::Array(list)) = list
            && list.iter().all(Value::is_object)
            && !list.is_empty()
        {
            return Ok(std::mem::take(list));
        }
    }
    Err(Value::Object(row))
}

/// Names under which collectors keep the text, best first.
const TEXT: [&str; 15] = [
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
    "article",
    "story",
    "text_body",
];
/// Names under which the page itself is kept.
const PAGE: [&str; 4] = ["html", "raw_html", "html_content", "content_html"];
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
const SECTION: [&str; 4] = ["section", "articleSection", "news_section", "category"];
const ID: [&str; 6] = ["id", "_id", "doc_id", "article_id", "stories_id", "uuid"];

/// The report in one row, whatever collector wrote it: the keys of ours, news-please, trafilatura, fundus, Media Cloud,
/// Event Registry, NewsAPI and schema.org are known.
pub(crate) fn report(value: Value, default_id: String) -> Result<Report, String> {
    report_of(value, default_id)
}

/// A column's or key's name in its plainest form: `Publication Date`, `publication_date` and `publicationDate` are one.
pub(crate) fn plain_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Is it a name of a text, of those in plain form?
pub(crate) fn is_text(name: &str) -> bool {
    TEXT.iter().chain(&PAGE).any(|known| plain_name(known) == name)
}

/// Is it a name of anything known?
pub(crate) fn is_known(name: &str) -> bool {
    let lists: [&[&str]; 8] = [&TEXT, &PAGE, &TITLE, &DATE, &URL, &OUTLET, &AUTHORS, &ID];
    lists.iter().any(|list| list.iter().any(|known| plain_name(known) == name))
}

/// Collectors' names of records that hold what is known of a report.
const PARTS: [&str; 5] = ["_source", "content_metadata", "rss_entry", "http_metadata", "meta"];

/// Is it a name of a record that is looked into?
pub(crate) fn is_part(name: &str) -> bool {
    PARTS.iter().any(|known| plain_name(known) == name)
}

/// Is it a name of anything that is read?
pub(crate) fn is_wanted(name: &str) -> bool {
    is_known(name) || is_part(name) || name == "source" || SECTION.iter().any(|known| plain_name(known) == name)
}

fn report_of(value: Value, default_id: String) -> Result<Report, String> {
    let Value::Object(mut row) = value else { return Err(format!("expected an object, found {}", short(&value))) };
    // Media Cloud keeps what the feed said and what was parsed apart, Prodigy what is not text, indexes what they were given.
    for part in PARTS {
        if let Some(Value::Object(inner)) = row.remove(part) {
            for (key, value) in inner {
                row.entry(key).or_insert(value);
            }
        }
    }
    // One name in many spellings; the first of them counts.
    let mut named = Map::new();
    for (key, value) in row {
        named.entry(plain_name(&key)).or_insert(value);
    }
    let row = Row(named);
    let text = TEXT.iter().find_map(|key| row.get(key).and_then(body));
    let page = || PAGE.iter().find_map(|key| row.get(key).and_then(body));
    let body = match text {
        Some(text) => Ok(text),
        None => page().map_or(Ok(String::new()), Err),
    };
    if body.as_ref().is_ok_and(|text| text.is_empty()) && !TEXT.iter().any(|key| row.get(key).is_some()) {
        return Err(format!(
            "no text in it: none of {} is there",
            TEXT[..6].iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        ));
    }
    let first = |keys: &[&str]| keys.iter().find_map(|key| row.get(key).and_then(word));
    let mut source = Source { url: first(&URL), outlet: first(&OUTLET), section: first(&SECTION), ..Source::default() };
    if let Some(Value::Object(publisher)) = row.get("publisher") {
        source.outlet = source.outlet.or_else(|| publisher.get("name").and_then(word));
    }
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
        bylines: AUTHORS.iter().find_map(|key| row.get(key)).map(names).unwrap_or_default(),
        source,
        ..Given::default()
    };
    let mut problems = Vec::new();
    let body = match body {
        Ok(mut text) => {
            if text.len() > MOST {
                problems.push(crate::too_large(text.len() as u64));
                text.truncate((0..=MOST).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0));
            }
            Body::Row(text)
        }
        Err(page) => Body::Raw(page.into_bytes(), Format::Html),
    };
    Ok(Report { id: first(&ID).unwrap_or(default_id), given, body, problems, keys: Vec::new() })
}

/// A row by the plain names of its columns.
struct Row(Map<String, Value>);

impl Row {
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(&plain_name(name))
    }
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

    fn of(json: &str) -> Report {
        report(serde_json::from_str(json).unwrap(), "x:1".into()).unwrap()
    }

    fn text(item: &Report) -> &str {
        if let Body::Row(text) = &item.body { text } else { "" }
    }

    fn parts<'a>(item: &'a Report) -> [&'a str; 5] {
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
}
