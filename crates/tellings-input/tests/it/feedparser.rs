//! The test cases of feedparser (BSD-2-Clause): each is a feed with what it should say as a Python expression in a comment.
//! What is compared: title, link, date, author and content of entries and feeds. All cases are read, whatever they expect.

use crate::gold;
use std::path::{Path, PathBuf};
use tellings_input::feed::{self, About, Entry, Person, Words};

/// A value of a Python expression.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Text(String),
    Numbers(Vec<i64>),
    Nothing,
}

/// Part of a clause: `entries[0]['title']` is `entries`, `0`, `title`.
type Steps = Vec<String>;

pub(crate) fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// The clauses of an expectation that compare a path with a value, each with where it stands.
fn clauses(expect: &str) -> Vec<(Steps, Value)> {
    let mut found = Vec::new();
    let mut last: Option<(Steps, Option<usize>)> = None;
    let bytes = expect.as_bytes();
    let mut at = 0;
    let mut equals = false;
    while at < bytes.len() {
        let rest = &expect[at..];
        if rest.starts_with("==") {
            equals = true;
            at += 2;
        } else if bytes[at].is_ascii_alphabetic() && !(bytes[at] == b'u' && matches!(bytes.get(at + 1), Some(b'\'' | b'"'))) {
            let (steps, length) = path(rest);
            at += length;
            match steps[0].as_str() {
                "and" | "or" | "not" | "in" | "bozo" => equals = false,
                _ => last = Some((steps, None)),
            }
        } else if let Some((value, length)) = literal(rest) {
            at += length;
            if equals && let Some((steps, _)) = last.clone() {
                found.push((steps, value));
            }
            equals = false;
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

fn path(text: &str) -> (Steps, usize) {
    let word = |text: &str| text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let mut at = word(text).max(1);
    let mut steps = vec![text[..at].to_string()];
    loop {
        let rest = &text[at..];
        if let Some(inside) = rest.strip_prefix('[') {
            let Some(end) = inside.find(']') else { break };
            steps.push(inside[..end].trim_matches(['\'', '"']).to_string());
            at += end + 2;
        } else if let Some(inside) = rest.strip_prefix('.') {
            let length = word(inside);
            if length == 0 {
                break;
            }
            steps.push(inside[..length].to_string());
            at += 1 + length;
        } else {
            break;
        }
    }
    (steps, at)
}

fn literal(text: &str) -> Option<(Value, usize)> {
    let prefix = usize::from(text.starts_with(['u', 'r']));
    let body = &text[prefix..];
    if let Some(inside) = body.strip_prefix('(') {
        let end = inside.find(')')?;
        let numbers: Result<Vec<i64>, _> = inside[..end].split(',').map(|n| n.trim().parse()).collect();
        return numbers.ok().map(|numbers| (Value::Numbers(numbers), prefix + end + 2));
    }
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| body.starts_with(q))?;
    let (mut out, mut chars) = (String::new(), body[quote.len()..].char_indices().peekable());
    while let Some((i, c)) = chars.next() {
        if body[quote.len() + i..].starts_with(quote) {
            return Some((Value::Text(out), prefix + quote.len() * 2 + i));
        }
        if c != '\\' {
            out.push(c);
            continue;
        }
        let (_, escape) = chars.next()?;
        let mut hex = |count: usize| {
            let digits: String = (0..count).filter_map(|_| chars.next().map(|(_, c)| c)).collect();
            u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)
        };
        match escape {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'x' => out.extend(hex(2)),
            'u' => out.extend(hex(4)),
            'U' => out.extend(hex(8)),
            '\n' => {}
            c => out.push(c),
        }
    }
    None
}

/// The field that a path means, of those that are compared, and what was read there.
fn field(steps: &Steps, about: &About, entries: &[Entry]) -> Option<(&'static str, Value)> {
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let words = |words: &Option<Words>| words.as_ref().map_or(Value::Nothing, |w| Value::Text(w.plain()));
    let text = |text: &Option<String>| text.as_ref().map_or(Value::Nothing, |t| Value::Text(t.clone()));
    let date = |date: Option<&String>| date.map_or(Value::Nothing, |d| Value::Text(d.clone()));
    let author = |people: &[Person], steps: &[&str]| -> Option<Value> {
        let person = |i: usize| people.get(i).cloned().unwrap_or_default();
        Some(match steps {
            ["author"] => {
                let Person { name, email, .. } = people.last().cloned().unwrap_or_default();
                match (name, email) {
                    (Some(name), Some(email)) => Value::Text(format!("{name} ({email})")),
                    (name, email) => text(&name.or(email)),
                }
            }
            ["author_detail", "name"] => text(&people.last().cloned().unwrap_or_default().name),
            ["author_detail", "email"] => text(&people.last().cloned().unwrap_or_default().email),
            ["author_detail", "url" | "href"] => text(&people.last().cloned().unwrap_or_default().url),
            ["authors", i, "name"] => text(&person(i.parse().ok()?).name),
            ["authors", i, "email"] => text(&person(i.parse().ok()?).email),
            ["authors", i, "url" | "href"] => text(&person(i.parse().ok()?).url),
            _ => return None,
        })
    };
    match steps.as_slice() {
        ["feed" | "channel", rest @ ..] => match rest {
            ["title"] | ["title_detail", "value"] => Some(("title", words(&about.title))),
            ["link"] => Some(("link", text(&about.link))),
            ["subtitle" | "tagline" | "description" | "info"]
            | ["subtitle_detail" | "tagline_detail" | "description_detail" | "info_detail", "value"] => {
                Some(("content", words(&about.subtitle)))
            }
            ["updated" | "modified" | "updated_parsed" | "modified_parsed" | "date" | "date_parsed"] => {
                Some(("date", date(about.updated.as_ref().or(about.published.as_ref()))))
            }
            ["published" | "published_parsed"] => Some(("date", date(about.published.as_ref()))),
            rest => author(&about.authors, rest).map(|value| ("author", value)),
        },
        ["entries" | "items", i, rest @ ..] => {
            let empty = Entry::default();
            let entry = entries.get(i.parse::<usize>().ok()?).unwrap_or(&empty);
            match rest {
                ["title"] | ["title_detail", "value"] => Some(("title", words(&entry.title))),
                ["link"] => Some(("link", text(&entry.link))),
                ["content", i, "value"] => Some(("content", words(&entry.content.get(i.parse::<usize>().ok()?).cloned()))),
                ["summary" | "description"] | ["summary_detail" | "description_detail", "value"] => {
                    Some(("content", words(&entry.summary.clone().or(entry.content.first().cloned()))))
                }
                ["published" | "published_parsed" | "issued" | "issued_parsed"] => Some(("date", date(entry.published.as_ref()))),
                ["updated" | "updated_parsed" | "modified" | "modified_parsed" | "date" | "date_parsed"] => {
                    Some(("date", date(entry.updated.as_ref().or(entry.published.as_ref()))))
                }
                ["created" | "created_parsed"] => Some(("date", date(entry.created.as_ref()))),
                rest => author(&entry.authors, rest).map(|value| ("author", value)),
            }
        }
        _ => None,
    }
}

/// Are they the same? Words are compared as a reader sees them, dates as moments.
fn same(field: &str, found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Text(found), Value::Text(expected)) if matches!(field, "title" | "content") => {
            let seen = |text: &str| Words { text: text.to_string(), html: true }.plain();
            squeeze(found) == squeeze(&seen(expected)) || squeeze(found) == squeeze(expected)
        }
        (Value::Text(found), Value::Numbers(expected)) => moment(found).as_deref() == expected.get(..6),
        (Value::Nothing, Value::Text(expected)) => expected.is_empty(),
        (found, expected) => found == expected,
    }
}

fn squeeze(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// A date as the article stage reads it, in universal time: year, month, day, hour, minute, second.
fn moment(text: &str) -> Option<Vec<i64>> {
    let value = tellings_article::date(text)?.value;
    let value = value.strip_suffix('Z').map_or(value.clone(), |v| format!("{v}+00:00"));
    let (local, offset) = match value.rfind(['+', '-']).filter(|&at| at > 11) {
        Some(at) => (&value[..at], Some(&value[at..])),
        None => (value.as_str(), None),
    };
    let mut numbers: Vec<i64> = local.split(['-', 'T', ':', '.']).filter_map(|n| n.parse().ok()).take(6).collect();
    while numbers.len() < 6 {
        numbers.push(i64::from(numbers.len() < 3));
    }
    let Some(offset) = offset else { return Some(numbers) };
    let sign = if offset.starts_with('-') { 1 } else { -1 };
    let minutes: i64 = offset[1..].split(':').zip([60, 1]).filter_map(|(n, unit)| Some(n.parse::<i64>().ok()? * unit)).sum();
    let at = |i: usize| numbers[i] as i8;
    let civil = jiff::civil::date(numbers[0] as i16, at(1), at(2)).at(at(3), at(4), at(5), 0);
    let civil = civil.checked_add(jiff::Span::new().minutes(sign * minutes)).ok()?;
    Some(vec![
        civil.year().into(),
        civil.month().into(),
        civil.day().into(),
        civil.hour().into(),
        civil.minute().into(),
        civil.second().into(),
    ])
}

#[test]
fn cases_of_feedparser_say_what_they_should() {
    let Some(root) = gold("hostile/feedparser/tests") else { return };
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths.sort();
    let (mut read, mut scope, mut right) = (0, 0, 0);
    let (mut wrong, mut failed) = (Vec::new(), Vec::new());
    let mut fields = std::collections::BTreeMap::<&str, (usize, usize)>::new();
    for path in &paths {
        let bytes = std::fs::read(path).unwrap();
        read += 1;
        let header = |text: &str, name: &str| {
            let line = text
                .lines()
                .find_map(|l| l.trim().strip_prefix("Header:").map(str::trim).filter(|l| l.to_lowercase().starts_with(name)));
            line.map(|l| l[name.len()..].trim().to_string())
        };
        let zeroless: Vec<u8> = bytes.iter().copied().filter(|&b| b != 0).collect();
        let comment = String::from_utf8_lossy(if bytes.contains(&0) { &zeroless } else { &bytes }).into_owned();
        let kind = header(&comment, "content-type:").unwrap_or_default();
        let charset = kind.split("charset=").nth(1).map(|c| c.trim_matches(['"', '\'']).to_string());
        // They are written to be served from there.
        let served = format!("http://127.0.0.1:8097/{}", path.strip_prefix(&root).unwrap().display());
        let address = header(&comment, "content-location:").map_or(served.clone(), |at| feed::join(&served, &at));
        let (about, entries) = match feed::read(&bytes, charset.as_deref(), Some(&address)) {
            Ok(found) => found,
            Err(error) => {
                failed.push(format!("{}: {error}", path.strip_prefix(&root).unwrap().display()));
                Default::default()
            }
        };
        let Some(expect) = comment.split("Expect:").nth(1).and_then(|e| e.split("-->").next()) else { continue };
        let compared: Vec<_> = (clauses(expect).into_iter())
            .filter_map(|(steps, expected)| field(&steps, &about, &entries).map(|(field, found)| (steps, field, found, expected)))
            .collect();
        if compared.is_empty() {
            continue;
        }
        scope += 1;
        let all = compared.iter().all(|(_, field, found, expected)| same(field, found, expected));
        right += usize::from(all);
        let count = fields.entry(compared[0].1).or_default();
        count.0 += usize::from(all);
        count.1 += 1;
        if !all {
            wrong.push(format!("{}: {compared:?}", path.strip_prefix(&root).unwrap().display()));
        }
    }
    if std::env::var("TELLINGS_SHOW").is_ok() {
        wrong.iter().for_each(|w| eprintln!("{w}"));
    }
    eprintln!("feedparser: {read} read, {} with no feed in them {failed:?}", failed.len());
    eprintln!("feedparser: {scope} compare title, link, date, author or content; {right} right; {fields:?}");
    assert!(right * 100 >= scope * 97, "{right} of {scope}\n{}", wrong.join("\n"));
}
